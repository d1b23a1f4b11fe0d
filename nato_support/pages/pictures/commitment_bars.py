"""Pictures of how many commitments there are: by party, category, stage and the like as bars, and by year as columns."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.utils.translation import gettext, gettext_lazy

from nato_support.pages.pictures.bar_fills import add_hatched
from nato_support.pages.pictures.commitment_groups import CommitmentGroup, commitment_groups
from nato_support.pages.pictures.drawing import WIDE, Drawing, Picture
from nato_support.pages.pictures.legend import add_legend
from nato_support.pages.pictures.text_widths import fit_text, text_width
from nato_support.pages.pictures.words import count_words, list_words

TITLES = {
    "party": gettext_lazy("Commitments by who undertakes them"),
    "category": gettext_lazy("Commitments by category"),
    "stage": gettext_lazy("Commitments by the stage that they have reached"),
    "nature": gettext_lazy("Commitments by nature"),
    "beneficiary": gettext_lazy("Commitments by beneficiary"),
    "currency": gettext_lazy("Commitments by currency"),
    "year": gettext_lazy("Commitments over time"),
}
_MARGIN, _SIZE = 12, 13
_BAR, _ROW_WIDE, _ROW_NARROW = 16, 28, 42
_LABELS_WIDE = 250
_COLUMN_HEIGHT, _MAX_COLUMN, _LEAST_COLUMN_ROOM = 170.0, 56.0, 9.0
_UNKNOWN_ROOM = 110.0
"""Room at the edge for the column of those whose year is not known."""


class Bar(Protocol):
    """A group whose number is drawn as a bar."""

    @property
    def label(self) -> str: ...
    @property
    def matched(self) -> int:
        """The sum of its parts."""

    @property
    def parts(self) -> Sequence[tuple[int, str]]:
        """(number, style) of each part; a part of 0 is left out."""


def commitments_picture(totals: Mapping[str, Any], by: str, width: int = WIDE, *, name: str = "") -> Picture:
    """Draw the numbers of the groups of an answer of `totals/` by one field; by year as columns in time."""
    drawing = Drawing(name or f"commitments-{by}", width)
    groups = commitment_groups(totals, by)
    bottom = _add_columns(drawing, groups) if by == "year" else add_bars(drawing, groups)
    height = add_legend(drawing, bottom + 12, _legend(groups))
    title = str(TITLES[by])
    description = _description(totals, groups)
    return drawing.finish(
        height + _MARGIN, title, description, *commitments_table(totals, by), class_="picture-commitments", has_links=False
    )


def commitments_table(totals: Mapping[str, Any], by: str) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of the groups. The numbers of each row but the first add up to the first."""
    columns = [
        gettext("Group"),
        gettext("Commitments"),
        gettext("Amount counted"),
        gettext("Amount not stated"),
        gettext("Not counted for another reason"),
        gettext("Rows"),
    ]
    return columns, [
        [group.label, str(group.matched), str(group.counted), str(group.amount_unknown), str(group.other), group.rows]
        for group in commitment_groups(totals, by)
    ]


def add_bars(drawing: Drawing, groups: Sequence[Bar]) -> float:
    """Add a bar for each group beneath each other, and return where they end."""
    left = float(_MARGIN if drawing.is_narrow else _LABELS_WIDE)
    greatest = max((group.matched for group in groups), default=1) or 1
    # The number stands behind the bar.
    per_commitment = (drawing.width - left - _MARGIN - text_width(str(greatest), _SIZE, bold=True) - 8) / greatest
    y = float(_MARGIN)
    for group in groups:
        if drawing.is_narrow:
            drawing.add_label(left, y + 11, fit_text(group.label, _SIZE, drawing.width - 2 * _MARGIN), _SIZE)
            top = y + 17
        else:
            label = fit_text(group.label, _SIZE, left - _MARGIN - 12)
            drawing.add_label(_MARGIN, y + _BAR - 3, label, _SIZE)
            top = y
        x = left
        for count, style in _shown_parts(group):
            _add_part(drawing, x, top, count * per_commitment, _BAR, style)
            x += count * per_commitment
        drawing.add_label(x + 6, top + _BAR - 3, str(group.matched), _SIZE, bold=True)
        y += _ROW_NARROW if drawing.is_narrow else _ROW_WIDE
    return y


def _add_columns(drawing: Drawing, groups: Sequence[CommitmentGroup]) -> float:
    """Add a column for each year from the first to the last, also for those without commitments; and one for the unknown."""
    by_year = {group.year: group for group in groups if group.year is not None}
    unknown = next((group for group in groups if group.year is None), None)
    greatest = max((group.matched for group in groups), default=1) or 1
    base = _MARGIN + 18 + _COLUMN_HEIGHT
    right = drawing.width - _MARGIN - (_UNKNOWN_ROOM if unknown else 0.0)
    years = list(range(min(by_year), max(by_year) + 1)) if by_year else []
    room = (right - _MARGIN) / max(1, len(years))
    taken = 0.0
    for at, year in enumerate(years):
        middle = _MARGIN + room * (at + 0.5)
        half = text_width(str(year), 12) / 2
        _add_column(
            drawing,
            by_year.get(year),
            middle,
            min(_MAX_COLUMN, room * 0.7),
            base,
            greatest,
            has_number=room > _LEAST_COLUMN_ROOM * 2,
        )
        if middle - half > taken:
            drawing.add_label(middle, base + 16, str(year), 12, anchor="middle")
            taken = middle + half + 8
    drawing.add("path", d=f"M{_MARGIN} {base:.0f}H{right:.0f}", class_="axis")
    if unknown:
        middle = right + _UNKNOWN_ROOM / 2 + 6
        _add_column(drawing, unknown, middle, _MAX_COLUMN, base, greatest, has_number=True)
        drawing.add("path", d=f"M{middle - 40:.0f} {base:.0f}h80", class_="axis", stroke_dasharray="3 3")
        drawing.add_label(middle, base + 16, fit_text(unknown.label, 11, _UNKNOWN_ROOM - 4), 11, anchor="middle", class_="quiet")
    return base + 22


def _add_column(
    drawing: Drawing, group: CommitmentGroup | None, middle: float, width: float, base: float, greatest: int, *, has_number: bool
) -> None:
    top = base
    for count, style in _shown_parts(group) if group else ():
        height = count * _COLUMN_HEIGHT / greatest
        top -= height
        _add_part(drawing, middle - width / 2, top, width, height, style)
    if has_number:
        drawing.add_label(middle, top - 5, str(group.matched if group else 0), 12, anchor="middle", bold=True)


def _shown_parts(group: Bar) -> list[tuple[int, str]]:
    return [(count, style) for count, style in group.parts if count]


def _add_part(drawing: Drawing, x: float, y: float, width: float, height: float, style: str) -> None:
    if style == "hatched":
        add_hatched(drawing, x, y, width, height)
    else:
        drawing.add("rect", x=x, y=y, width=float(width), height=float(height), class_=style)


def _legend(groups: Sequence[CommitmentGroup]) -> list[tuple[str, str]]:
    entries = []
    if any(group.counted for group in groups):
        entries.append(("fill:sure", gettext("promised with an amount")))
    if any(group.amount_unknown for group in groups):
        entries.append(("hatched", gettext("promised, amount not stated")))
    if any(group.other for group in groups):
        entries.append(("fill:other", gettext("not counted: a plan, an action, a refusal or the like")))
    return entries


def _description(totals: Mapping[str, Any], groups: Sequence[CommitmentGroup]) -> str:
    told = [f"{group.label}: {group.matched}" for group in groups]
    parts = [
        gettext("%(commitments)s in all.") % {"commitments": count_words(totals["matched"])},
        list_words(told, 12, "; ") + ".",
    ]
    if totals["groups_overlap"]:
        parts.append(gettext("One commitment may stand in several groups."))
    return " ".join(parts)
