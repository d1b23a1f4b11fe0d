"""Labels of the marks of a map: each beside its mark, or led to it by a line, and none on top of anything else."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nato_support.pages.pictures.drawing import Box
from nato_support.pages.pictures.text_widths import text_width

_GAP = 4.0
_LEADS = (0.0, 14.0, 28.0, 44.0, 64.0)
"""Lengths of leading lines to try."""
_DIRECTIONS = ((1, 0), (-1, 0), (0.7, -0.8), (0.7, 0.8), (-0.7, -0.8), (-0.7, 0.8), (0, -1), (0, 1))
_ASCENT, _DESCENT = 0.8, 0.22


class MarkLabel(NamedTuple):
    """Place of a label."""

    x: float
    y: float
    """Its base line."""
    anchor: str
    lead: tuple[float, float, float, float] | None
    """The line from its mark to it, if it stands apart."""


def place_label(
    x: float, y: float, radius: float, text: str, size: float, ground: Box, taken: Sequence[Box], leads: Sequence[Sequence[float]]
) -> MarkLabel | None:
    """Return the first position on the ground that is free and leads across no other label; None if there is none."""
    for label in _positions(x, y, radius, size):
        box = label_box(label, text, size)
        if not _is_inside(box, ground) or any(box.overlaps(other) for other in taken):
            continue
        if any(crosses(lead, box) for lead in leads):
            continue
        # Its own mark is where the line begins.
        if label.lead and any(crosses(label.lead, other) for other in taken if not _is_around(other, x, y)):
            continue
        return label
    return None


def label_box(label: MarkLabel, text: str, size: float) -> Box:
    """Return the rectangle of a label."""
    width = text_width(text, size, bold=True)
    left = label.x - width * {"start": 0, "middle": 0.5, "end": 1}[label.anchor]
    return Box(left, label.y - _ASCENT * size, left + width, label.y + _DESCENT * size, text)


def _positions(x: float, y: float, radius: float, size: float) -> Iterator[MarkLabel]:
    # Of the height of capitals, half is beneath the middle of the line.
    to_base_line = size * 0.35
    for lead in _LEADS:
        for right, down in _DIRECTIONS:
            distance = radius + _GAP + lead
            end_x, end_y = x + right * distance, y + down * distance
            anchor = "start" if right > 0 else "end" if right < 0 else "middle"
            above_or_below = 0.0 if right else down * size * 0.55
            line = (x + right * radius, y + down * radius, end_x - right * 2, end_y - down * 2) if lead else None
            yield MarkLabel(end_x, end_y + to_base_line + above_or_below, anchor, line)


def _is_inside(box: Box, ground: Box) -> bool:
    return ground.left <= box.left and box.right <= ground.right and ground.top <= box.top and box.bottom <= ground.bottom


def _is_around(box: Box, x: float, y: float) -> bool:
    return box.left <= x <= box.right and box.top <= y <= box.bottom


def crosses(line: Sequence[float], box: Box) -> bool:
    """Return whether a line touches a box, at one of the points along it."""
    x1, y1, x2, y2 = line
    steps = 16
    return any(_is_around(box, x1 + (x2 - x1) * at / steps, y1 + (y2 - y1) * at / steps) for at in range(steps + 1))
