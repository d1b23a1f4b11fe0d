"""python -m benchmarks.suggestion_quality_by_language DIR: precision and recall of suggestions in each language.

DIR has a folder of articles for each language (uk, pl, de, fr): text files whose header ends with an empty line. Readers who had
not seen the rules marked them (`suggestions/gold_by_language.json`: places, values and classes, no words). Texts that are missing
are left out. No register is needed: speakers are compared by the words that name them.
"""

import json
from argparse import ArgumentParser
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import benchmarks.django_setup  # noqa: F401
from entities.vocabulary import SuggestionKind
from sources.fingerprint import text_hash
from sources.suggestions import suggest
from sources.suggestions.known import Known
from sources.suggestions.suggestion import Suggestion

GOLD = Path(__file__).resolve().parent / "suggestions" / "gold_by_language.json"
EDGE = 3
"""Characters by which the ends of a passage may differ: readers differ on punctuation."""


@dataclass
class Counts:
    """Counts of one kind of suggestion in one language."""

    marked: int = 0
    suggested: int = 0
    right: int = 0
    misses: list[str] = field(default_factory=list)

    def row(self, name: str) -> str:
        """Return name, counts, precision and recall as a row of the table."""
        precision = f"{self.right / self.suggested:.2f}" if self.suggested else "-"
        recall = f"{self.right / self.marked:.2f}" if self.marked else "-"
        return f"{name:34}{self.marked:7}{self.suggested:11}{self.right:7}{precision:>11}{recall:>8}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a table for each language."""
    parser = ArgumentParser(prog="python -m benchmarks.suggestion_quality_by_language", description=__doc__)
    parser.add_argument("articles", type=Path, help="Folder with a folder of articles for each language.")
    parser.add_argument("--part", choices=("development", "held out"), help="Only the texts of this part.")
    parser.add_argument("--misses", action="store_true", help="List what was missed or wrong.")
    options = parser.parse_args(arguments)
    gold = json.loads(GOLD.read_text())["documents"]
    counts: dict[str, dict[str, Counts]] = {}
    for path in sorted(options.articles.glob("*/*.txt")):
        text = path.read_bytes().decode().split("\n\n", 1)[-1]
        marks = gold.get(text_hash(text))
        if marks and options.part in (None, marks["part"]):
            _count_text(counts.setdefault(marks["language"], {}), path.name, text, marks)
    print(f"{'':34}{'marked':>7}{'suggested':>11}{'right':>7}{'precision':>11}{'recall':>8}")
    for language, rows in counts.items():
        for name, row in rows.items():
            print(row.row(f"{language} {name}"))
            for miss in row.misses if options.misses else ():
                print(f"    {miss}")


def _count_text(rows: dict[str, Counts], name: str, text: str, marks: dict[str, Any]) -> None:
    suggestions = suggest(text, Known([]), marks["published_on"], marks["language"])
    quotes = [mark for mark in marks["quotes"] if mark[2] in ("speech", "fragment")]
    spans = {SuggestionKind.QUOTATION: quotes, SuggestionKind.AMOUNT: marks["amounts"], SuggestionKind.DATE: marks["dates"]}
    tests: dict[SuggestionKind, tuple[str, Callable[[Suggestion, list], bool]]] = {
        SuggestionKind.QUOTATION: ("quotations", lambda found, mark: _same_place(found, mark)),
        SuggestionKind.AMOUNT: ("amounts", lambda found, mark: _overlaps(found, mark) and _same_amount(found, mark)),
        SuggestionKind.DATE: ("dates", lambda found, mark: _overlaps(found, mark) and _same_date(found, mark)),
    }
    for kind, (title, is_right) in tests.items():
        row = rows.setdefault(title, Counts())
        doubtful = [tuple(one["what"]) for one in marks.get("doubtful", ()) if one.get("layer") in (None, title)]
        found = [one for one in suggestions if one.kind == kind and not any(_overlaps(one, span) for span in doubtful)]
        _match(row, f"{name} {title}", text, found, spans[kind], is_right)
    pairs = [
        (one, mark) for mark in quotes for one in suggestions if one.kind == SuggestionKind.QUOTATION and _same_place(one, mark)
    ]
    row = rows.setdefault("speakers", Counts())
    row.marked += len([mark for mark in quotes if mark[3] >= 0])
    for one, mark in pairs:
        words = one.proposal["speaker_text"] or one.proposal["attribution"]
        if words and mark[3] >= 0:
            row.suggested += 1
            expected = text[mark[3] : mark[4]]
            if _same_name(words, expected):
                row.right += 1
            else:
                row.misses.append(f"{name} {mark[0]}: {words!r}, not {expected!r}")


def _match(
    row: Counts, where: str, text: str, found: list[Suggestion], marks: list[list], is_right: Callable[[Suggestion, list], bool]
) -> None:
    row.marked += len(marks)
    row.suggested += len(found)
    left = list(marks)
    for one in found:
        mark = next((mark for mark in left if is_right(one, mark)), None)
        if mark is None:
            row.misses.append(f"wrong   {where} {one.start}: {one.exact[:70]!r} {one.proposal.get('typed') or one.reason}")
        else:
            left.remove(mark)
            row.right += 1
    row.misses += [f"missed  {where} {mark[0]}: {text[mark[0] : mark[1]][:70]!r} {mark[2:]}" for mark in left]


def _overlaps(found: Suggestion, span: Sequence[Any]) -> bool:
    return found.start < span[1] and span[0] < found.end


def _same_place(found: Suggestion, mark: list) -> bool:
    return abs(found.start - mark[0]) <= EDGE and abs(found.end - mark[1]) <= EDGE


def _same_amount(found: Suggestion, mark: list) -> bool:
    _, _, value, upper, unit, qualifier = mark
    proposal = found.proposal
    # The unit by its stem: readers marked the noun as it is inflected.
    same_unit = proposal["unit"] == unit or _stem(proposal["unit"].partition(" of ")[0]) == _stem(unit)
    same_qualifier = proposal["qualifier"] == str(qualifier).replace(" ", "_")
    return (proposal["value"], proposal["upper"]) == (value, upper) and same_unit and same_qualifier


def _stem(unit: str) -> str:
    return unit.split()[-1].lower()[:4] if unit else ""


def _same_date(found: Suggestion, mark: list) -> bool:
    dates = found.proposal["date"], found.proposal["end"]
    return [date.rstrip("~?") for date in dates] == [date.rstrip("~?") for date in mark[2:4]]


def _same_name(words: str, expected: str) -> bool:
    """Return whether the last word of the one is in the other, inflections aside."""
    stems = {word[:5].casefold() for word in _words(words)}
    return bool(_words(expected)) and _words(expected)[-1][:5].casefold() in stems


def _words(text: str) -> list[str]:
    return [word.strip(".,;:«»„”“\"'") for word in text.split() if word.strip(".,;:«»„”“\"'")]


if __name__ == "__main__":
    main()
