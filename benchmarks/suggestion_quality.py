"""python -m benchmarks.suggestion_quality: precision and recall of suggestions against annotated texts."""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import yaml

import benchmarks.django_setup  # noqa: F401
from entities.vocabulary import QuoteKind, SuggestionKind
from sources.fingerprint import text_hash
from sources.models import SourceDocument
from sources.suggestions import suggest
from sources.suggestions.known import Known
from sources.suggestions.suggestion import Suggestion

FOLDER = Path(__file__).resolve().parent
GOLD = FOLDER / "quotations" / "gold.json"
AMOUNTS_AND_DATES = FOLDER / "suggestions" / "gold_amounts_dates.json"


class ExpectedSuggestion(NamedTuple):
    """A passage that a reader marked, with the values that a suggestion should propose for it."""

    start: int
    end: int
    values: tuple[str, ...]


class AnnotatedText(NamedTuple):
    """A text with its readers' annotations and the suggestions of the rules."""

    name: str
    text_set: str
    text: str
    annotations: dict[str, list]
    suggested: list[Suggestion]
    amounts_and_dates: dict[str, Any] | None = None
    quotes: list[ExpectedSuggestion] | None = None
    """The register's own quotes of the text, if it has the document."""


class QualityMeasure(NamedTuple):
    """A row of the table: the passages expected in a text (None to leave it out), and the test of a right value."""

    title: str
    value: str
    expected: Callable[[AnnotatedText], list[ExpectedSuggestion] | None]
    kind: SuggestionKind
    right: Callable[[ExpectedSuggestion, dict[str, Any]], bool]


@dataclass
class QualityCounts:
    """Counts of one measure over one set of texts."""

    texts: int = 0
    expected: int = 0
    suggested: int = 0
    found: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)


def _expected_speaker_turns(annotated: AnnotatedText) -> list[ExpectedSuggestion] | None:
    return [ExpectedSuggestion(start, end, (label,)) for start, end, label in annotated.annotations["turns"]] or None


def _expected_quotations(annotated: AnnotatedText) -> list[ExpectedSuggestion] | None:
    if annotated.annotations["turns"]:
        return None
    return [
        ExpectedSuggestion(start, end, (speaker,))
        for start, end, kind, speaker in annotated.annotations["quotes"]
        if kind in ("speech", "fragment")
    ]


def _expected_values_listed_under(name: str) -> Callable[[AnnotatedText], list[ExpectedSuggestion] | None]:
    """Return a function that lists the passages annotated under `name`; None for a text that was not annotated for it."""

    def list_expected(annotated: AnnotatedText) -> list[ExpectedSuggestion] | None:
        listed = annotated.amounts_and_dates
        return [ExpectedSuggestion(start, end, tuple(values)) for start, end, *values in listed[name]] if listed else None

    return list_expected


def _same_speaker(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Return True if the family name, or the last word of the speaker's description, is the same."""
    [name] = expected.values
    words = proposal["speaker_text"].casefold().split()
    return name.casefold().split()[-1] in words if name else not words


def _same_slug(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    return proposal["speaker"] in expected.values


def _same_amount(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Return True if number and qualifier agree, and the unit by its head noun: annotations have “state” for a member state."""
    value, upper, unit, qualifier = expected.values
    head = proposal["unit"] if proposal["unit"].startswith("percent") else proposal["unit"].partition(" of ")[0]
    return (value, upper, qualifier) == (proposal["value"], proposal["upper"], proposal["qualifier"]) and (
        head.lower() == unit.lower() or head.lower().endswith(f" {unit.lower()}")
    )


def _same_date(expected: ExpectedSuggestion, proposal: dict[str, Any]) -> bool:
    """Return True if the dates agree, without marks of uncertainty, which annotations lack."""
    return expected.values == (proposal["date"].rstrip("~?"), proposal["end"].rstrip("~?"))


SUGGESTION_MEASURES = [
    QualityMeasure("speaker turns of transcripts", "speaker", _expected_speaker_turns, SuggestionKind.QUOTATION, _same_speaker),
    QualityMeasure("quotations, transcripts aside", "speaker", _expected_quotations, SuggestionKind.QUOTATION, _same_speaker),
    QualityMeasure("quotes of the register", "speaker", lambda text: text.quotes, SuggestionKind.QUOTATION, _same_slug),
    QualityMeasure("amounts", "value", _expected_values_listed_under("amounts"), SuggestionKind.AMOUNT, _same_amount),
    QualityMeasure("dates", "date", _expected_values_listed_under("dates"), SuggestionKind.DATE, _same_date),
]
TEXT_SETS = ("texts", "development", "held out")


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table of scores. Needs the register in the database, for its names and speakers, and no network."""
    parser = ArgumentParser(
        prog="python -m benchmarks.suggestion_quality",
        description="Measures suggestions against annotated texts: precision, recall, and the share of right values."
        " Texts that are missing are left out.",
    )
    parser.add_argument("--articles", type=Path, help="Folder of releases and transcripts: *.md with front matter.")
    parser.add_argument("--texts", type=Path, default=FOLDER.parent / "seeds", help="Folder of the documents' texts: *.txt.")
    parser.add_argument(
        "--misses", action="store_true", help="List passages that were missed, wrongly suggested, or given a wrong value."
    )
    options = parser.parse_args(arguments)
    gold = json.loads(GOLD.read_text())["documents"]
    scores: dict[tuple[str, str], QualityCounts] = {}
    for annotated in _annotated_texts(gold, Known.of_register(), options.articles, options.texts):
        for measure in SUGGESTION_MEASURES:
            expected = measure.expected(annotated)
            if expected is not None:
                score = scores.setdefault((measure.title, _text_set(measure, annotated)), QualityCounts())
                _count_matches(score, measure, annotated, expected)
    print(f"{'':32}{'part':13}{'texts':>6}{'there':>7}{'suggested':>11}{'precision':>11}{'recall':>8}  right value")
    _print_missing_text_sets({text_set for _, text_set in scores}, options.articles, options.texts)
    for measure in SUGGESTION_MEASURES:
        for text_set in TEXT_SETS:
            if found := scores.get((measure.title, text_set)):
                print(_score_row(measure, text_set, found))
                for miss in found.misses if options.misses else ():
                    print(f"    {miss}")


def _print_missing_text_sets(text_sets: set[str], articles: Path | None, texts: Path) -> None:
    for text_set, folder, pattern in (
        ("texts", texts, "*.txt"),
        ("development", articles, "*.md"),
        ("held out", articles, "*.md"),
    ):
        if text_set not in text_sets:
            print(f"{text_set}: left out, no {pattern} that readers have marked in {folder or 'a folder: give --articles'}")


def _annotated_texts(gold: dict[str, dict], known: Known, articles: Path | None, texts: Path) -> Iterator[AnnotatedText]:
    amounts_and_dates = json.loads(AMOUNTS_AND_DATES.read_text())["documents"]
    for path in sorted(texts.glob("*.txt")):
        text = path.read_bytes().decode()
        document = SourceDocument.objects.filter(sha256=text_hash(text)).first()
        annotations = gold.get(text_hash(text))
        if annotations:
            published_on = str(document.published_on) if document else ""
            yield AnnotatedText(
                path.name,
                annotations["part"],
                text,
                annotations,
                suggest(text, known, published_on=published_on),
                amounts_and_dates.get(text_hash(text)),
                _register_quotes(document) if document else None,
            )
    for path in sorted(articles.glob("*.md")) if articles else ():
        _, front, text = path.read_bytes().decode().split("---\n", 2)
        annotations = gold.get(text_hash(text))
        if annotations:
            published_on = str(yaml.safe_load(front)["date"])
            suggested = suggest(text, known, published_on=published_on)
            yield AnnotatedText(
                path.name, annotations["part"], text, annotations, suggested, amounts_and_dates.get(text_hash(text))
            )


def _text_set(measure: QualityMeasure, annotated: AnnotatedText) -> str:
    """Return the set a text belongs to: rules for amounts and dates were developed on other texts than those for quotations."""
    if measure.kind in (SuggestionKind.AMOUNT, SuggestionKind.DATE) and annotated.amounts_and_dates:
        return str(annotated.amounts_and_dates["part"])
    return annotated.text_set


def _register_quotes(document: SourceDocument) -> list[ExpectedSuggestion]:
    quotes = document.quotes.filter(kind__in=[QuoteKind.DIRECT_SPEECH, QuoteKind.FRAGMENT]).prefetch_related("speakers")
    # A suggestion names one speaker; any of several is right.
    return [
        ExpectedSuggestion(quote.start, quote.end, tuple(person.slug for person in quote.speakers.all()) or ("",))
        for quote in quotes
    ]


def _count_matches(
    score: QualityCounts, measure: QualityMeasure, annotated: AnnotatedText, expected: list[ExpectedSuggestion]
) -> None:
    """Add to the score what the rules found, missed and wrongly suggested in one text."""
    text = annotated.text
    marked = {_trim_edges(text, suggestion.start, suggestion.end): suggestion for suggestion in expected}
    suggested = {
        _trim_edges(text, suggestion.start, suggestion.end): suggestion
        for suggestion in annotated.suggested
        if suggestion.kind == measure.kind
    }
    score.texts += 1
    score.expected += len(marked)
    score.suggested += len(suggested)
    for place in sorted(marked.keys() | suggested.keys()):
        where = f"{annotated.name[:40]} {place[0]}: {' '.join(text[place[0] : place[1]].split())[:80]!r}"
        if place not in suggested:
            score.misses.append(f"missed  {where} {marked[place].values}")
        elif place not in marked:
            score.misses.append(f"wrong   {where} {suggested[place].reason}")
        else:
            score.found += 1
            if measure.right(marked[place], suggested[place].proposal):
                score.right += 1
            else:
                score.misses.append(f"{measure.value:7} {where} {marked[place].values}, not {suggested[place].proposal}")


def _trim_edges(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the range without punctuation and space at its edges, on which readers differ."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return start, end


def _score_row(measure: QualityMeasure, text_set: str, score: QualityCounts) -> str:
    precision = f"{score.found / score.suggested:.2f}" if score.suggested else "-"
    recall = f"{score.found / score.expected:.2f}" if score.expected else "-"
    right = f"{score.right / score.found:.2f} of {score.found} ({measure.value})" if score.found else "-"
    return (
        f"{measure.title:32}{text_set:13}{score.texts:6}{score.expected:7}{score.suggested:11}{precision:>11}{recall:>8}  {right}"
    )


if __name__ == "__main__":
    main()
