"""Times as of which the links of an entity can be seen: the days on which any begins or ends, and the years of those days."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import urlencode

from entities.formatting import format_partial_date
from entities.vocabulary import Modality

_IN_FORCE = (None, Modality.IN_FORCE, Modality.CLAIMED)
_MAX_DAYS_OF_YEAR = 24


class TimeLink(NamedTuple):
    """A link to the picture as of a time."""

    label: str
    path: str
    is_shown: bool
    """It is the time of this picture."""


@dataclass(frozen=True, slots=True)
class GraphTimes:
    """Times between which the picture differs."""

    path: str
    """Path of the page with the picture, whatever the time."""
    days: list[str]
    shown: str
    """Time of this picture: a day, month or year, or '' for all times."""

    @property
    def years(self) -> list[TimeLink]:
        """A link for each year in which anything changes."""
        return [self._link(year, year) for year in dict.fromkeys(day[:4] for day in self.days)]

    @property
    def days_of_year(self) -> list[TimeLink]:
        """A link for each day of the year shown on which anything changes."""
        days = [day for day in self.days if self.shown and day[:4] == self.shown[:4]]
        return [self._link(format_partial_date(day), day) for day in days[:_MAX_DAYS_OF_YEAR]]

    def _link(self, label: str, time: str) -> TimeLink:
        mark = "&" if "?" in self.path else "?"
        return TimeLink(label, f"{self.path}{mark}{urlencode({'active_on': time})}", time == self.shown)


def times_of_graph(graph: Mapping[str, Any], path: str, shown: str = "") -> GraphTimes | None:
    """Return the times of an answer of `graph/` for all times; None if nothing in it begins or ends."""
    days = set()
    for edge in graph["edges"]:
        if edge["modality"] in _IN_FORCE:
            if edge["start"] and edge["start"]["earliest"]:
                days.add(edge["start"]["earliest"])
            if edge["end"] and edge["end"]["latest"]:
                last = datetime.date.fromisoformat(edge["end"]["latest"])
                days.add((last + datetime.timedelta(days=1)).isoformat())
    return GraphTimes(path, sorted(days), shown) if days else None
