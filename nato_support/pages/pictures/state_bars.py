"""Picture of how many records of a group are published, changed since, or drafts."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from django.utils.translation import gettext

from nato_support.pages.pictures.commitment_bars import add_bars
from nato_support.pages.pictures.drawing import WIDE, Drawing, Picture
from nato_support.pages.pictures.legend import add_legend
from nato_support.pages.pictures.states import STATES
from nato_support.pages.pictures.words import list_words

_MARGIN = 12
_STYLES = {"": "sure", "changed": "part-changed", "draft": "part-draft"}


class StateGroup(NamedTuple):
    """A group, with the number of its records in each state; '' is the state of those that are public as they are."""

    label: str
    counts: Mapping[str, int]
    path: str
    """Path of the list of these records."""

    @property
    def matched(self) -> int:
        return sum(self.counts.values())

    @property
    def parts(self) -> list[tuple[int, str]]:
        return [(self.counts.get(state, 0), style) for state, style in _STYLES.items()]


def state_bars_picture(groups: Sequence[StateGroup], title: str, width: int = WIDE, *, name: str) -> Picture:
    """Draw the numbers of groups in the order given, each divided by state."""
    drawing = Drawing(name, width)
    bottom = add_bars(drawing, groups)
    labels = {"": gettext("published"), **{name: str(STATES[name].legend) for name in _STYLES if name}}
    legend = [
        (f"fill:{style}", labels[state]) for state, style in _STYLES.items() if any(group.counts.get(state) for group in groups)
    ]
    height = add_legend(drawing, bottom + 12, legend)
    description = list_words([f"{group.label}: {group.matched}" for group in groups], 12, "; ") + "."
    columns = [
        gettext("Group"),
        gettext("Commitments"),
        gettext("Published"),
        gettext("Changed"),
        gettext("Draft"),
        gettext("Address"),
    ]
    rows = [[group.label, str(group.matched), *(str(count) for count, _ in group.parts), group.path] for group in groups]
    return drawing.finish(height + _MARGIN, title, description, columns, rows, class_="picture-commitments", has_links=False)
