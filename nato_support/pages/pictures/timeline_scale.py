"""Scale of a timeline: years side by side, those with more dates wider, and empty years between left out."""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_GAP_WIDTH = 26.0
_MOST_DATES_WEIGHED = 12
_WEIGHT_OF_DATE = 0.6


class Segment(NamedTuple):
    """A year, or a run of two and more empty years, on the axis."""

    first_year: int
    last_year: int
    left: float
    right: float

    @property
    def is_gap(self) -> bool:
        return self.first_year != self.last_year

    @property
    def width(self) -> float:
        return self.right - self.left


class TimeScale:
    """Places of days between `left` and `right`. Needs at least one date."""

    def __init__(self, days: Iterable[datetime.date], left: float, right: float):
        self.segments = _segments(sorted(set(days)), left, right)

    def day_left(self, day: datetime.date) -> float:
        """Return where a day begins."""
        segment = self._segment_of(day.year)
        first = datetime.date(segment.first_year, 1, 1).toordinal()
        last = datetime.date(segment.last_year, 12, 31).toordinal()
        return segment.left + segment.width * (day.toordinal() - first) / (last - first + 1)

    def day_right(self, day: datetime.date) -> float:
        """Return where a day ends."""
        segment = self._segment_of(day.year)
        first = datetime.date(segment.first_year, 1, 1).toordinal()
        last = datetime.date(segment.last_year, 12, 31).toordinal()
        return segment.left + segment.width * (day.toordinal() + 1 - first) / (last - first + 1)

    def _segment_of(self, year: int) -> Segment:
        return next(segment for segment in self.segments if segment.first_year <= year <= segment.last_year)


def _segments(days: Sequence[datetime.date], left: float, right: float) -> list[Segment]:
    counts: dict[int, int] = {}
    for day in days:
        counts[day.year] = counts.get(day.year, 0) + 1
    runs: list[tuple[int, int]] = []
    for year in range(min(counts), max(counts) + 1):
        if year not in counts and runs and runs[-1][1] == year - 1 and runs[-1][0] not in counts:
            runs[-1] = (runs[-1][0], year)
        else:
            runs.append((year, year))
    gaps = sum(first != last for first, last in runs)
    gap_width = min(_GAP_WIDTH, (right - left) / (3 * gaps)) if gaps else 0.0
    weights = [
        0.0 if first != last else 1 + _WEIGHT_OF_DATE * min(counts.get(first, 0), _MOST_DATES_WEIGHED) for first, last in runs
    ]
    unit = (right - left - gaps * gap_width) / sum(weights)
    segments: list[Segment] = []
    x = left
    for (first, last), weight in zip(runs, weights, strict=True):
        width = unit * weight if weight else gap_width
        segments.append(Segment(first, last, x, x + width))
        x += width
    return segments
