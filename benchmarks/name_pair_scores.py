"""Scores of `similarity` on labelled pairs of names: precision, recall and F1, at one threshold and at the best."""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from entities.likeness.names import similarity
from entities.likeness.romanisation import detect_script
from entities.vocabulary import Kind

_REQUIRED_COLUMNS = {"schema", "name1", "name2", "is_match"}
_MODEL_CATEGORY_PREFIX = "LLM"
"""Prefix of the categories of pairs that a language model proposed."""


@dataclass(frozen=True, slots=True)
class LabelledNamePair:
    """Two names, with the label, their computed similarity and the groups of the pair."""

    names: tuple[str, str]
    same: bool
    similarity: float
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ThresholdScore:
    """Precision and recall of separating pairs at a threshold."""

    threshold: float
    precision: float
    recall: float
    pairs: int

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def read_labelled_name_pairs(path: Path) -> list[LabelledNamePair]:
    """Read the pairs of a CSV file with the columns schema, name1, name2, is_match and, optionally, category.

    Raises ValueError if a column is missing.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        if missing := _REQUIRED_COLUMNS - set(rows.fieldnames or ()):
            raise ValueError(f"{path} has no column {', '.join(sorted(missing))}")
        return [_parse_name_pair(row) for row in rows]


def group_name_pairs(pairs: Iterable[LabelledNamePair]) -> dict[str, list[LabelledNamePair]]:
    """Return the pairs by group, the group of all pairs first."""
    found: dict[str, list[LabelledNamePair]] = defaultdict(list)
    for pair in pairs:
        for group in pair.groups:
            found[group].append(pair)
    return found


def score_at_threshold(pairs: Iterable[LabelledNamePair], threshold: float) -> ThresholdScore:
    """Score the pairs with at least this similarity as those that match."""
    said = [(pair.same, pair.similarity >= threshold) for pair in pairs]
    right = said.count((True, True))
    taken, same = sum(found for _, found in said), sum(same for same, _ in said)
    return ThresholdScore(threshold, right / taken if taken else 0.0, right / same if same else 0.0, len(said))


def best_threshold_score(pairs: Iterable[LabelledNamePair]) -> ThresholdScore:
    """Return the score at the threshold with the highest F1."""
    pairs = list(pairs)
    return max(
        (score_at_threshold(pairs, threshold) for threshold in {pair.similarity for pair in pairs}), key=lambda score: score.f1
    )


def _parse_name_pair(row: dict[str, str]) -> LabelledNamePair:
    kind = Kind.PERSON if row["schema"] == "Person" else Kind.ORGANISATION
    names = row["name1"], row["name2"]
    scripts = "across scripts" if detect_script(names[0]) != detect_script(names[1]) else f"in {detect_script(names[0])}"
    proposed = (row.get("category") or "").startswith(_MODEL_CATEGORY_PREFIX)
    of = ("all pairs", *(() if proposed else ("not proposed by a model",)), f"{kind.label}s", scripts)
    return LabelledNamePair(names, row["is_match"] == "true", similarity(*names, kind), of)
