"""Groups of commitments in an answer of `totals/`: their labels, their order, and how many of them are counted and why not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext

from entities.vocabulary import REACHED_STAGES
from nato_support.pages.pictures.words import capitalised, category_label, nature_label, stage_label

_AMOUNT_UNKNOWN = ("no_amount", "unspecified")
"""Reasons of `totals/` for which a promise is left out though it is one: nobody knows how much it is."""
_STAGES = [stage for stage, _ in REACHED_STAGES]


class CommitmentGroup(NamedTuple):
    """A group, and the numbers of its commitments: together, they are all that match."""

    label: str
    year: int | None
    counted: int
    """Promises whose amounts are added up."""
    amount_unknown: int
    other: int
    """Not added up for another reason: most are no promise, but a plan, a refusal or the like."""
    rows: str
    """Path of the API for exactly these commitments."""

    @property
    def matched(self) -> int:
        return self.counted + self.amount_unknown + self.other

    @property
    def parts(self) -> list[tuple[int, str]]:
        """(number, style) of the parts of its bar."""
        return [(self.counted, "sure"), (self.amount_unknown, "hatched"), (self.other, "other")]


def commitment_groups(totals: Mapping[str, Any], by: str) -> list[CommitmentGroup]:
    """Return the groups of an answer of `totals/` by one field, in the order in which a picture shows them."""
    groups = []
    for group in sorted(totals["groups"], key=lambda group: group_order(by, group)):
        key = group["key"][by]
        counts = {entry["reason"]: entry["count"] for entry in group["left_out"]}
        unknown = sum(counts.pop(reason, 0) for reason in _AMOUNT_UNKNOWN)
        year = int(key) if by == "year" and key else None
        other = sum(counts.values())
        groups.append(CommitmentGroup(group_label(by, key), year, group["included"]["count"], unknown, other, group["rows"]))
    return groups


def group_label(by: str, key: Any) -> str:
    """Return the label of a group of `totals/`: `key` is a word, a reference or None."""
    if key is None:
        return {
            "party": gettext("Nobody named"),
            "beneficiary": gettext("No beneficiary named"),
            "year": gettext("Year not known"),
            "stage": gettext("No stage known"),
            "currency": gettext("No currency"),
        }.get(by, gettext("Not known"))
    if isinstance(key, Mapping):
        return str(key["name"])
    labels = {"category": category_label, "stage": stage_label, "nature": nature_label}
    return capitalised(labels[by](key)) if by in labels else str(key)


def group_order(by: str, group: Mapping[str, Any]) -> tuple:
    """Return the place of a group: years and stages in their own order, others by size; what is not known comes last."""
    key = group["key"][by]
    if by == "stage":
        place = _STAGES.index(key) if key in _STAGES else len(_STAGES)
    else:
        place = 0 if by == "year" else -group["matched"]
    return key is None, place, group_label(by, key)
