"""Passages of citations in full, with the words marked that state the value, and what a quote says beside its words."""

import re
from collections.abc import Iterator

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entities.formatting import format_partial_date, join_names
from entities.vocabulary import Fidelity, Verification
from sources.models import SourceDocument, SourceQuote

WORDS_AROUND = 4
"""Words shown on either side of the marked ones where the whole passage is shown elsewhere on the page."""
_VERIFIED = (Verification.TEXT, Verification.FINGERPRINT)


def stated_word_spans(passage: str, words: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each place of `words` in `passage`, whatever the spaces and line ends between them.

    Places inside longer words or numbers ("40" in "400") count only if there are no others.
    """
    pattern = r"\s+".join(map(re.escape, words.split()))
    if not pattern:
        return
    whole = list(re.finditer(rf"(?<!\w){pattern}(?!\w)", passage))
    yield from (match.span() for match in whole or re.finditer(pattern, passage))


def passage_with_marked_words(passage: str, words: str) -> SafeString:
    """Return a passage as HTML with every place of `words` in a `mark`."""
    pieces: list[SafeString] = []
    done = 0
    for start, end in stated_word_spans(passage, words):
        pieces += [format_html("{}", passage[done:start]), format_html("<mark>{}</mark>", passage[start:end])]
        done = end
    return format_html_join("", "{}", ((piece,) for piece in [*pieces, format_html("{}", passage[done:])]))


def words_around_marked_words(passage: str, words: str) -> SafeString:
    """Return the part of a passage from a few words before the first marked place to a few words after the last one.

    The whole passage where `words` are not in it: there is nothing to shorten it around.
    """
    spans = list(stated_word_spans(passage, words))
    if not spans:
        return passage_with_marked_words(passage, words)
    before, after = passage[: spans[0][0]], passage[spans[-1][1] :]
    first = re.search(rf"(?:\S+\s+){{0,{WORDS_AROUND}}}\S*\Z", before)
    last = re.match(rf"\S*(?:\s+\S+){{0,{WORDS_AROUND}}}", after)
    start = first.start() if first else 0
    end = len(passage) - len(after) + (last.end() if last else len(after))
    return format_html(
        "{}{}{}",
        "… " if start else "",
        passage_with_marked_words(passage[start:end], words),
        " …" if passage[end:].strip() else "",
    )


def document_in_short(document: SourceDocument) -> str:
    """Return publisher and day of a document: "Arcadian Courier, 9 July 2024"; its title where both are unknown."""
    parts = [document.publisher.name if document.publisher else "", format_partial_date(document.published_on)]
    return ", ".join(part for part in parts if part) or document.title


def quote_particulars(quote: SourceQuote) -> list[str]:
    """Return in words all that a quote holds beside its passage and its document, empty fields left out."""
    particulars = [
        join_names(person.name for person in quote.speakers.all()) or ("" if quote.attribution else "no speaker"),
        quote.attribution,
        str(quote.get_kind_display()),
        "" if quote.fidelity == Fidelity.ORIGINAL else str(quote.get_fidelity_display()),
        f"said {format_partial_date(quote.said_on)}" if quote.said_on else "",
        f"reported by {quote.reported_by}" if quote.reported_by else "",
        f"at: {quote.occasion.name}" if quote.occasion else "",
        f"utterance {quote.utterance}" if quote.utterance else "",
        f"note: {quote.note}" if quote.note else "",
        "" if quote.verification in _VERIFIED else str(quote.get_verification_display()),
    ]
    return [particular for particular in particulars if particular]
