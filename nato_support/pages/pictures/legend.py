"""Markers of entities, and the legend of a picture: signs with words, in as many lines as the width needs."""

from collections.abc import Sequence

from nato_support.pages.pictures.bar_fills import add_hatched, add_soft
from nato_support.pages.pictures.drawing import Drawing
from nato_support.pages.pictures.states import STATES
from nato_support.pages.pictures.text_widths import fit_text, text_width

MARKERS = {
    "organisation": "m-5-5h10v10h-10z",
    "facility": "m0-6 6 11h-12z",
    "person": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "post": "m-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0zm3 0a2 2 0 1 1 4 0a2 2 0 1 1-4 0z",
    "event": "m0-6.5 6.5 6.5-6.5 6.5-6.5-6.5z",
    "commitment": "m-6-5h7l5 5-5 5h-7z",
}
"""Kind of entity -> its marker, drawn from its middle."""
MAX_WEIGHT = 6
"""Weight of the thickest line: lines from 32 edges on have it."""
_STATE_SIGNS = [state.sign for state in STATES.values()]
_SIZE, _LINE, _SIGN, _SPACE, _LEFT = 11, 18, 26, 20, 12


def add_legend(drawing: Drawing, top: float, entries: Sequence[tuple[str, str]]) -> float:
    """Add (sign, words) beneath `top`, and return where the legend ends.

    Signs: dashed, dotted and thick lines, hatched and soft bars, `kind:` with a kind of entity, `fill:` with a class of bar;
    anything else is a letter in a circle.
    """
    x, y = float(_LEFT), top
    for sign, words in entries:
        words = fit_text(words, _SIZE, drawing.width - 2 * _LEFT - _SIGN)
        width = _SIGN + text_width(words, _SIZE)
        if x > _LEFT and x + width > drawing.width - _LEFT:
            x, y = float(_LEFT), y + _LINE
        _add_sign(drawing, sign, x, y)
        drawing.add_label(x + _SIGN, y + 4, words, _SIZE, class_="quiet")
        x += width + _SPACE
    return y + _LINE / 2 if entries else top - _LINE / 2


def _add_sign(drawing: Drawing, sign: str, x: float, y: float) -> None:
    name, _, argument = sign.partition(":")
    if name == "kind":
        drawing.add("path", d=f"M{x + 10:g} {y:g}{MARKERS[argument]}", class_="marker")
    elif name == "fill":
        drawing.add("rect", x=x, y=y - 5, width=18, height=10, class_=argument)
    elif name in ("day", "day-soft"):
        drawing.add("path", d=f"M{x + 10:g} {y - 7:g}l5.5 7-5.5 7-5.5-7z", class_="sure" if name == "day" else "other")
    elif name == "outlined":
        drawing.add("rect", x=x, y=y - 6, width=20, height=12, rx=3, class_="unpublished")
    elif name == "hatched":
        add_hatched(drawing, x, y - 5, 18, 10)
    elif name == "soft":
        drawing.add("rect", x=x, y=y - 5, width=8, height=10, class_="sure")
        add_soft(drawing, x + 8, y - 5, 14, 10)
    elif name in ("dashed", "dotted", "thick"):
        dashes = {"dashed": "6 4", "dotted": "0.1 5"}.get(name)
        line = f"M{x:g} {y:g}h20"
        drawing.add(
            "path",
            d=line,
            class_={"thick": "edge edge-weight-4", "dotted": "edge edge-claimed"}.get(name, "edge"),
            stroke_dasharray=dashes,
        )
    else:
        class_ = "mark" if sign == "≠" else "mark mark-state" if sign in _STATE_SIGNS else "mark mark-unknown"
        drawing.add("circle", cx=x + 10, cy=y, r=6.5, class_=class_)
        drawing.add_label(
            x + 10, y + 3.6, sign, 10, anchor="middle", bold=True, class_="mark-text" if sign == "≠" else "mark-text mark-unknown"
        )
