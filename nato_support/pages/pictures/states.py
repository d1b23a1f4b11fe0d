"""States of records that are not public as they are drawn: a dashed outline and words tell them, whatever the colour.

A reference, edge or record of an answer may have a `state`, one of `STATES`. The API's answers have none: all of it is public.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from nato_support.pages.pictures.drawing import Box, tag

_PADDING = 3.0


class State(NamedTuple):
    """How a state is told: within a label, in the legend, and by the sign on a line."""

    words: str | Promise
    legend: str | Promise
    sign: str


STATES: Mapping[str, State] = {
    "draft": State(gettext_lazy("draft"), gettext_lazy("draft: not published yet"), "+"),
    "changed": State(gettext_lazy("changed"), gettext_lazy("changed since it was published"), "~"),
    "withdrawn": State(gettext_lazy("withdrawn"), gettext_lazy("withdrawn: no longer published"), "−"),
}


def state_words(state: str) -> str:
    """Return the words of a state, or those for what is public as it is drawn."""
    return str(STATES[state].words) if state else gettext("published")


def shown_name(reference: Mapping[str, Any]) -> str:
    """Return the name of a record, with its state if it has one."""
    state = reference.get("state")
    return f"{reference['name']} ({STATES[state].words})" if state else reference["name"]


def state_outline(box: Box) -> str:
    """Return a dashed outline around a label."""
    return tag(
        "rect",
        x=box.left - _PADDING,
        y=box.top,
        width=box.right - box.left + 2 * _PADDING,
        height=box.bottom - box.top,
        rx=3,
        class_="unpublished",
    )


def state_legend(states_of_labels: Iterable[str], states_of_lines: Iterable[str] = ()) -> Sequence[tuple[str, str]]:
    """Return the entries of a legend for states that occur: one for outlines, whose labels have the words, and those of signs."""
    lines = set(states_of_lines)
    entries = [("outlined", gettext("not public as it is here: a draft, or changed since"))] if any(states_of_labels) else []
    return entries + [(state.sign, str(state.legend)) for name, state in STATES.items() if name in lines]
