"""Promise bar: what was promised, allocated and delivered on one scale, and by when, for each currency or unit."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from entities.formatting import unit_name
from nato_support.pages.pictures.bar_fills import MIN_SOFT, add_hatched, add_soft
from nato_support.pages.pictures.drawing import WIDE, Drawing, Picture
from nato_support.pages.pictures.legend import add_legend
from nato_support.pages.pictures.stated_amounts import AmountBar, Rung
from nato_support.pages.pictures.text_widths import fit_text, text_width
from nato_support.pages.pictures.words import capitalised, date_words

_MARGIN, _TRACK, _ROW, _SIZE = 12, 18, 34, 12
_MIN_LABEL_ROOM, _MAX_LABEL_ROOM = 110.0, 300.0
_DEADLINE_ROOM = 20


def promise_bar(
    bars: Sequence[AmountBar],
    width: int = WIDE,
    *,
    name: str = "promise",
    title: str = "",
    due: Mapping[str, Any] | None = None,
    is_overdue: bool = False,
) -> Picture:
    """Draw amounts, each bar on a scale of its own.

    `due` is the date by which the promise is to be kept: a line at what was promised, which the bars beneath have to reach.
    """
    drawing = Drawing(name, width)
    deadline = _deadline_words(due, is_overdue)
    y = float(_MARGIN)
    for bar in bars:
        y = _add_bar(drawing, bar, y, deadline) + 14
    height = add_legend(drawing, y, _legend(bars))
    title = title or gettext("Promised, allocated and delivered")
    return drawing.finish(
        height + _MARGIN,
        title,
        _description(bars, deadline),
        *promise_table(bars),
        class_="picture-promise",
        has_links=False,
    )


def promise_table(bars: Sequence[AmountBar]) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of the bars: one row for each rung. An amount that is not stated has empty cells."""
    columns = [
        gettext("For"),
        gettext("Unit"),
        gettext("Stage"),
        gettext("At least"),
        gettext("At most"),
        gettext("In words"),
    ]
    return columns, [
        [
            bar.beneficiary,
            unit_name(bar.unit),
            rung.label,
            "" if rung.low is None else f"{rung.low:f}",
            "" if rung.high is None or rung.is_open_ended else f"{rung.high:f}",
            rung.words(bar.unit),
        ]
        for bar in bars
        for rung in bar.rungs
    ]


def _add_bar(drawing: Drawing, bar: AmountBar, y: float, deadline: str) -> float:
    """Add the rungs of a bar from `y` on, and return where they end."""
    left = float(_MARGIN)
    if not drawing.is_narrow:
        left += min(_MAX_LABEL_ROOM, max([_MIN_LABEL_ROOM, *(text_width(rung.label, 13) + 14 for rung in bar.rungs)]))
    right = drawing.width - _MARGIN
    room = right - left
    # Past the greatest amount there is room for a soft end.
    per_unit = Decimal(room) * Decimal("0.86") / (bar.greatest or 1)
    heading = " · ".join(
        part
        for part in (
            capitalised(unit_name(bar.unit)),
            gettext("for %(name)s") % {"name": bar.beneficiary} if bar.beneficiary else "",
        )
        if part
    )
    if heading:
        drawing.add_label(_MARGIN, y + 10, fit_text(heading, 13, drawing.width - 2 * _MARGIN, bold=True), 13, bold=True)
        y += 24
    goal = next((rung for rung in bar.rungs if rung.is_promise), None)
    goal_x = _x_of_goal(goal, left, room, per_unit)
    top = y
    if deadline:
        y += _DEADLINE_ROOM
    for rung in bar.rungs:
        y = _add_rung(drawing, rung, bar.unit, y, left, room, per_unit, goal_x if deadline else None)
    if deadline:
        words = fit_text(deadline, _SIZE, room, bold=True)
        half = text_width(words, _SIZE, bold=True) / 2
        middle = min(max(goal_x, left + half), right - half)
        drawing.add_label(middle, top + 9, words, _SIZE, anchor="middle", bold=True, class_="deadline-text")
    return y


def _x_of_goal(goal: Rung | None, left: float, room: float, per_unit: Decimal) -> float:
    """Return where the promise is kept: at its amount; at the end of the hatched bar if none is stated."""
    if goal is None or goal.low is None or goal.high is None:
        return left + room
    return left + float((goal.high if not goal.low else goal.low) * per_unit)


def _add_rung(
    drawing: Drawing, rung: Rung, unit: str, y: float, left: float, room: float, per_unit: Decimal, goal_x: float | None
) -> float:
    words = rung.words(unit)
    if drawing.is_narrow:
        words = fit_text(words, _SIZE, room, bold=True)
        label = fit_text(rung.label, _SIZE, room - text_width(words, _SIZE, bold=True) - 12)
        drawing.add_label(left, y + 9, label, _SIZE, class_="quiet")
        drawing.add_label(left + room, y + 9, words, _SIZE, anchor="end", bold=True)
        y += 16
    else:
        drawing.add_label(_MARGIN, y + _TRACK - 5, fit_text(rung.label, 13, left - _MARGIN - 10), 13, class_="quiet")
    if rung.low is None or rung.high is None:
        add_hatched(drawing, left, y, room, _TRACK)
        end = left
    else:
        drawing.add("rect", x=left, y=y, width=float(room), height=_TRACK, class_="track")
        end = _add_amount(drawing, rung, y, left, left + room, per_unit)
    if goal_x is not None:
        # On a phone the words stand above the bar, where the line would cross them.
        reach = 4 if drawing.is_narrow else (_ROW - _TRACK) // 2
        drawing.add("path", d=f"M{goal_x:.0f} {y - reach:.0f}V{y + _TRACK + reach:.0f}", class_="deadline")
    if drawing.is_narrow:
        return y + _TRACK + 12
    _add_words_on_bar(drawing, words, y, left, left if rung.low is None else end, room, goal_x)
    return y + _ROW


def _add_amount(drawing: Drawing, rung: Rung, y: float, left: float, right: float, per_unit: Decimal) -> float:
    """Add the bar of an amount, and return where it ends."""
    assert rung.low is not None and rung.high is not None
    low, high = float(rung.low * per_unit), float(rung.high * per_unit)
    if rung.is_open_ended:
        soft = max(MIN_SOFT, min(3 * MIN_SOFT, right - left - low))
        drawing.add("rect", x=left, y=y, width=low, height=_TRACK, class_="sure")
        add_soft(drawing, left + low, y, min(soft, right - left - low), _TRACK)
        return left + low + soft
    if low != high:
        drawing.add("rect", x=left, y=y, width=low, height=_TRACK, class_="sure")
        add_soft(drawing, left + low, y, high - low, _TRACK)
        return left + high
    if rung.is_approximate:
        soft = min(MIN_SOFT, low / 2)
        drawing.add("rect", x=left, y=y, width=low - soft, height=_TRACK, class_="sure")
        add_soft(drawing, left + low - soft, y, 2 * soft, _TRACK)
        return left + low + soft
    # A nought that a source states is a line, and no absence.
    drawing.add("rect", x=left, y=y, width=max(low, 2.0), height=_TRACK, class_="sure")
    return left + low


def _add_words_on_bar(drawing: Drawing, words: str, y: float, left: float, end: float, room: float, goal_x: float | None) -> None:
    """Add the amount in words: behind the bar and the deadline's line if there is room, else in it, on a ground of its own."""
    width = text_width(words, 13, bold=True)
    base = y + _TRACK - 4.5
    x = end + 8
    if goal_x is not None and x - 4 < goal_x < x + width + 4:
        x = goal_x + 8
    if end == left or x + width > left + room - 4:
        x = left + 10
        drawing.add("rect", x=x - 5, y=y + 2, width=width + 10, height=_TRACK - 4, rx=3, class_="ground")
    drawing.add_label(x, base, words, 13, bold=True)


def _deadline_words(due: Mapping[str, Any] | None, is_overdue: bool) -> str:
    if not due:
        return ""
    date = date_words(due)
    return (gettext("overdue: due %(date)s") if is_overdue else gettext("due %(date)s")) % {"date": date}


def _legend(bars: Sequence[AmountBar]) -> list[tuple[str, str]]:
    rungs = [rung for bar in bars for rung in bar.rungs]
    entries = []
    if any(rung.low is None for rung in rungs):
        entries.append(("hatched", gettext("no source states an amount")))
    if any(rung.is_open_ended or rung.is_approximate or rung.low != rung.high for rung in rungs):
        entries.append(("soft", gettext("a soft end: not known exactly")))
    return entries


def _description(bars: Sequence[AmountBar], deadline: str) -> str:
    parts = []
    for bar in bars:
        told = "; ".join(f"{rung.label.lower()}: {rung.words(bar.unit)}" for rung in bar.rungs)
        if bar.beneficiary:
            told = gettext("for %(name)s, %(amounts)s") % {"name": bar.beneficiary, "amounts": told}
        parts.append(told[:1].upper() + told[1:] + ".")
    if deadline:
        parts.append(deadline[:1].upper() + deadline[1:] + ".")
    return " ".join(parts) or gettext("No source states an amount.")
