"""python -m benchmarks.text_processing_times: time to read long texts, hostile ones and texts of one sort.

Fails if one takes longer than its limit, which is several times what an ordinary machine needs. Tests prove that the steps
grow no faster than the texts; regular expressions take no countable steps, so their time is measured here.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import django

PARAGRAPH = "“We pledge forty kites,” Ada Fell said on Monday. Vane called them “ready to fly at once.” The wind blew hard.\n\n"
LINE = "Ada Fell told the U.S. clerks that “forty kites” were on their way. \n"
ONE_DAY = "On day 60001 the clerk of ward 55 counted 420007 kites."
OF_SUGGESTIONS = ["1", "1 ", "A", "A ", ",", "“", '"', "$", "a million ", "July ", "about ", "Arcadia ", "\n", "(", "."]
OF_DATES = {
    "en": ["today ", "yesterday (", "Friday ", "9 July ", "2024 "],
    "uk": ["сьогодні ", "у понеділок ", "завтра "],
    "pl": ["dziś ", "w piątek ", "w lipcu "],
    "de": ["heute ", "am Freitag ", "ist ", "2024 "],
    "fr": ["aujourd'hui ", "vendredi ", "est "],
}
OF_QUOTATIONS = ['"', "“", "”", "'", " ", "said ", "Fell said ", "‘s ", "Q  a\n", "A, ", "“x\n“", "“x\n"]
OF_SPEECH = [
    ("uk", "«Так», — сказав Марко Буревій. "),
    ("uk", "Марко назвав «це» і "),
    ("pl", "– Tak – powiedział Jan Kos. "),
    ("de", "„Ja“, sagte Otto Drachen. "),
    ("de", "„"),
    ("fr", "« Oui », a dit Luc Vent. "),
    ("", "“Yes, we can fly.” "),
]
OF_SENTENCES = [" ", ".", "”", ". ", "A. ", "\n", "\r\n", "“”", "said ", ".”", "1. ", "_"]


class TimedCase(NamedTuple):
    """A piece of work and the seconds that it may take."""

    name: str
    work: Callable[[], object]
    seconds: float


def timed_cases() -> Iterator[TimedCase]:
    """Yield all cases."""
    from sources import anchoring, document_intake, fingerprint
    from sources.sentence_splitting import split_sentences
    from sources.suggestions import dates, quotations, suggest
    from sources.suggestions.known import Known

    known = Known([("Arcadia", "organisation", "arcadia"), ("Ada Fell", "person", "ada-fell")])
    many = Known((f"Agency {number} of Lakes", "organisation", f"agency-{number}") for number in range(100_000))
    book = "".join(f"On day {day} the clerk of ward {day % 97} counted {day * 7} kites.\n" for day in range(100_000))
    page = f"<html><body><article>{'<p>Kites fly.</p>' * 40_000}</article></body></html>".encode()
    agencies = "The Agency 77 of Lakes met the Agency of Kites in Lakes. " * 100

    for piece in OF_SUGGESTIONS:
        text = piece * (200_000 // len(piece))
        yield TimedCase(
            f"suggestions in 200,000 x {piece!r}", lambda text=text: suggest(text, known, published_on="2024-07-10"), 20
        )
    for language, pieces in OF_DATES.items():
        for piece in pieces:
            text = piece * (100_000 // len(piece))
            yield TimedCase(
                f"dates in 100,000 x {piece!r} ({language})",
                lambda text=text, language=language: dates.find_dates(text, "2024-07-10", language),
                10,
            )
    for piece in OF_QUOTATIONS:
        text = piece * (100_000 // len(piece))
        yield TimedCase(f"quotations in 100,000 x {piece!r}", lambda text=text: quotations.find_quotations(text, known), 15)
    for language, piece in OF_SPEECH:
        text = piece * (100_000 // len(piece))
        yield TimedCase(
            f"suggestions in 100,000 x {piece!r} ({language or 'no language'})",
            lambda text=text, language=language: suggest(text, known, "2024-07-10", language),
            20,
        )
    for piece in OF_SENTENCES:
        text = piece * (300_000 // len(piece))
        yield TimedCase(f"sentences of 300,000 x {piece!r}", lambda text=text: split_sentences(text), 15)
    yield TimedCase("quotations in an article of 150", lambda: quotations.find_quotations(PARAGRAPH * 75, known), 2)
    yield TimedCase("sentences of 15,000 lines", lambda: split_sentences(LINE * 15_000), 6)
    yield TimedCase("a hundred thousand names in a text", lambda: many.find(agencies), 2)
    yield TimedCase("a passage of five million characters", lambda: anchoring.find_passages(book, ONE_DAY), 3)
    yield TimedCase("another of the same", lambda: anchoring.find_passages(book, ONE_DAY.replace("ward", "warden")), 1)
    printed = book.replace("clerk", "cl-\nerk")
    yield TimedCase("the same across hyphens at line ends", lambda: anchoring.find_passages(printed, ONE_DAY), 5)
    yield TimedCase(
        "the nearest of the same", lambda: anchoring.find_nearest(book, ONE_DAY.replace("kites.", "kite-strings")), 10
    )
    yield TimedCase("a page of 40,000 paragraphs", lambda: document_intake.read_document_file(page, "kites.html"), 10)
    yield TimedCase("the fingerprint of 200,000 words", lambda: fingerprint.make_fingerprint(book[:1_000_000]), 20)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nato_support.settings")
    os.environ.setdefault("SECRET_KEY", "only-for-benchmarks")
    django.setup()
    too_slow = []
    for case in timed_cases():
        began = time.process_time()
        case.work()
        taken = time.process_time() - began
        print(f"{taken:8.2f} s of {case.seconds:3.0f}  {case.name}")
        if taken > case.seconds:
            too_slow.append(case.name)
    if too_slow:
        sys.exit(f"Too slow: {', '.join(too_slow)}")


if __name__ == "__main__":
    main()
