import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.conf import settings
from django.core.management import BaseCommand

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.fingerprint import text_hash
from sources.models import SourceDocument
from sources.suggestions import suggest
from sources.suggestions.known import Known
from sources.suggestions.suggestion import Suggestion

GOLD = settings.BASE_DIR / "benchmarks" / "quotations" / "gold.json"
AMOUNTS_AND_DATES = settings.BASE_DIR / "benchmarks" / "suggestions" / "gold_amounts_dates.json"


class ExpectedSuggestion(NamedTuple):
    """What a reader found at a place of a text: the values that a suggestion should propose for it."""

    start: int
    end: int
    values: tuple[str, ...]


class AnnotatedText(NamedTuple):
    """A text with what its readers found in it, and what the rules suggest for it."""

    name: str
    part: str
    text: str
    gold: dict[str, list]
    suggested: list[Suggestion]
    amounts_and_dates: dict[str, Any] | None = None
    quotes: list[ExpectedSuggestion] | None = None
    """The register's own quotes of it, if it holds the document."""


class SuggestionMeasure(NamedTuple):
    """One row of the table for each part: which texts it is taken on, what is expected there, what counts as the right value."""

    title: str
    value: str
    expected: Callable[[AnnotatedText], list[ExpectedSuggestion] | None]
    kind: SuggestionKind
    right: Callable[[ExpectedSuggestion, dict[str, Any]], bool]


@dataclass
class MeasureScore:
    texts: int = 0
    expected: int = 0
    suggested: int = 0
    found: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)


def _speaker_turns(reading: AnnotatedText) -> list[ExpectedSuggestion] | None:
    return [ExpectedSuggestion(start, end, (label,)) for start, end, label in reading.gold["turns"]] or None


def _speech_quotations(reading: AnnotatedText) -> list[ExpectedSuggestion] | None:
    if reading.gold["turns"]:
        return None
    return [
        ExpectedSuggestion(start, end, (speaker,))
        for start, end, kind, speaker in reading.gold["quotes"]
        if kind in ("speech", "fragment")
    ]


def _listed_values(name: str) -> Callable[[AnnotatedText], list[ExpectedSuggestion] | None]:
    """What readers listed under `name`; None for a text that was not read for it."""

    def expected(reading: AnnotatedText) -> list[ExpectedSuggestion] | None:
        found = reading.amounts_and_dates
        return [ExpectedSuggestion(start, end, tuple(values)) for start, end, *values in found[name]] if found else None

    return expected


def _same_speaker(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Whether the family name, or the last word of what else names the speaker, is the same."""
    [name] = expected.values
    words = proposal["speaker_text"].casefold().split()
    return name.casefold().split()[-1] in words if name else not words


def _same_slug(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    return expected.values[0] == proposal["speaker"]


def _same_amount(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Whether number and qualifier are the same, and the unit by its head noun: readers wrote state for a member state."""
    value, upper, unit, qualifier = expected.values
    head = proposal["unit"] if proposal["unit"].startswith("percent") else proposal["unit"].partition(" of ")[0]
    return (value, upper, qualifier) == (proposal["value"], proposal["upper"], proposal["qualifier"]) and (
        head.lower() == unit.lower() or head.lower().endswith(f" {unit.lower()}")
    )


def _same_date(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Whether it is the same date, the mark of an approximate or uncertain one aside: readers wrote none."""
    return expected.values == (proposal["date"].rstrip("~?"), proposal["end"].rstrip("~?"))


SUGGESTION_MEASURES = [
    SuggestionMeasure("speaker turns of transcripts", "speaker", _speaker_turns, SuggestionKind.QUOTATION, _same_speaker),
    SuggestionMeasure("quotations, transcripts aside", "speaker", _speech_quotations, SuggestionKind.QUOTATION, _same_speaker),
    SuggestionMeasure("quotes of the register", "speaker", lambda reading: reading.quotes, SuggestionKind.QUOTATION, _same_slug),
    SuggestionMeasure("amounts", "value", _listed_values("amounts"), SuggestionKind.AMOUNT, _same_amount),
    SuggestionMeasure("dates", "date", _listed_values("dates"), SuggestionKind.DATE, _same_date),
]
TEXT_SETS = ("texts", "development", "held out")


class Command(BaseCommand):
    help = (
        "Measures what is suggested against what readers found: precision, recall, and how often the value of what was found "
        "is right. Names and speakers are those of the register in the database. Needs no network; texts that are not there "
        "are left out."
    )

    def add_arguments(self, parser):
        parser.add_argument("--articles", type=Path, help="Folder of releases and transcripts: *.md with front matter.")
        parser.add_argument(
            "--texts", type=Path, default=settings.BASE_DIR / "seeds", help="Folder of the documents' texts: *.txt."
        )
        parser.add_argument(
            "--misses", action="store_true", help="List what was missed, wrongly suggested, or given a wrong value."
        )

    def handle(self, *, articles: Path | None, texts: Path, misses: bool, **options):
        gold = json.loads(GOLD.read_text())["documents"]
        known = Known.of_register()
        scores: dict[tuple[str, str], MeasureScore] = {}
        for reading in _annotated_texts(gold, known, articles, texts):
            for measure in SUGGESTION_MEASURES:
                expected = measure.expected(reading)
                if expected is not None:
                    part = _text_set(measure, reading)
                    _count_matches(scores.setdefault((measure.title, part), MeasureScore()), measure, reading, expected)
        self.stdout.write(
            f"{'':32}{'part':13}{'texts':>6}{'there':>7}{'suggested':>11}{'precision':>11}{'recall':>8}  right value"
        )
        for part, folder, wanted in (
            ("texts", texts, "*.txt"),
            ("development", articles, "*.md"),
            ("held out", articles, "*.md"),
        ):
            if not any(place[1] == part for place in scores):
                self.stdout.write(
                    f"{part}: left out, no {wanted} that readers have read in {folder or 'a folder: give --articles'}"
                )
        for measure in SUGGESTION_MEASURES:
            for part in TEXT_SETS:
                if score := scores.get((measure.title, part)):
                    self.stdout.write(_score_row(measure, part, score))
                    for miss in score.misses if misses else ():
                        self.stdout.write(f"    {miss}")


def _annotated_texts(gold: dict[str, dict], known: Known, articles: Path | None, texts: Path) -> Iterator[AnnotatedText]:
    counted = json.loads(AMOUNTS_AND_DATES.read_text())["documents"]
    for path in sorted(texts.glob("*.txt")):
        text = path.read_bytes().decode()
        document = SourceDocument.objects.filter(sha256=text_hash(text)).first()
        found = gold.get(text_hash(text))
        if found:
            published_on = str(document.published_on) if document else ""
            yield AnnotatedText(
                path.name,
                found["part"],
                text,
                found,
                suggest(text, known, published_on=published_on),
                counted.get(text_hash(text)),
                _register_quotes(document) if document else None,
            )
    for path in sorted(articles.glob("*.md")) if articles else ():
        _, front, text = path.read_bytes().decode().split("---\n", 2)
        found = gold.get(text_hash(text))
        if found:
            published_on = str(yaml.safe_load(front)["date"])
            suggested = suggest(text, known, published_on=published_on)
            yield AnnotatedText(path.name, found["part"], text, found, suggested, counted.get(text_hash(text)))


def _text_set(measure: SuggestionMeasure, reading: AnnotatedText) -> str:
    """To which part the text belongs: what amounts and dates were developed on is not what quotations were."""
    if measure.kind in (SuggestionKind.AMOUNT, SuggestionKind.DATE) and reading.amounts_and_dates:
        return str(reading.amounts_and_dates["part"])
    return reading.part


def _register_quotes(document: SourceDocument) -> list[ExpectedSuggestion]:
    quotes = document.quotes.filter(kind__in=[QuoteKind.DIRECT_SPEECH, QuoteKind.FRAGMENT]).select_related("speaker")
    return [ExpectedSuggestion(quote.start, quote.end, (quote.speaker.slug if quote.speaker else "",)) for quote in quotes]


def _count_matches(
    score: MeasureScore, measure: SuggestionMeasure, reading: AnnotatedText, expected: list[ExpectedSuggestion]
) -> None:
    """Adds to the score what the rules found, missed, and suggested wrongly in one text."""
    text = reading.text
    there = {_trim_edges(text, one.start, one.end): one for one in expected}
    suggested = {_trim_edges(text, one.start, one.end): one for one in reading.suggested if one.kind == measure.kind}
    score.texts += 1
    score.expected += len(there)
    score.suggested += len(suggested)
    for place in sorted(there.keys() | suggested.keys()):
        where = f"{reading.name[:40]} {place[0]}: {' '.join(text[place[0] : place[1]].split())[:80]!r}"
        if place not in suggested:
            score.misses.append(f"missed  {where} {there[place].values}")
        elif place not in there:
            score.misses.append(f"wrong   {where} {suggested[place].reason}")
        else:
            score.found += 1
            if measure.right(there[place], suggested[place].proposal):
                score.right += 1
            else:
                score.misses.append(f"{measure.value:7} {where} {there[place].values}, not {suggested[place].proposal}")


def _trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without punctuation and space at its edges: readers differ on them."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _score_row(measure: SuggestionMeasure, part: str, score: MeasureScore) -> str:
    precision = f"{score.found / score.suggested:.2f}" if score.suggested else "-"
    recall = f"{score.found / score.expected:.2f}" if score.expected else "-"
    right = f"{score.right / score.found:.2f} of {score.found} ({measure.value})" if score.found else "-"
    return f"{measure.title:32}{part:13}{score.texts:6}{score.expected:7}{score.suggested:11}{precision:>11}{recall:>8}  {right}"
