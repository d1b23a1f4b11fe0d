"""Bars of amounts and times whose ends may be soft, and of those that nobody knows."""

from nato_support.pages.pictures.drawing import Drawing

MIN_SOFT = 14.0
"""Least length over which a soft end fades."""


def add_hatched(drawing: Drawing, x: float, y: float, width: float, height: float) -> None:
    """Add a bar of which nobody knows how long it is."""
    pattern = drawing.reference(
        "hatch",
        '<pattern id="{id}" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<line class="hatch-line" x1="0" y1="0" x2="0" y2="7"/></pattern>',
    )
    drawing.add("rect", x=x, y=y, width=width, height=height, fill=pattern, class_="hatch-edge")


def add_soft(
    drawing: Drawing, x: float, y: float, width: float, height: float, *, fades_left: bool = False, class_: str = "soft-stop"
) -> None:
    """Add a bar that fades out to the right, or to the left."""
    side = "left" if fades_left else "right"
    first, last = ("0", "1") if fades_left else ("1", "0")
    gradient = drawing.reference(
        f"{class_}-{side}",
        f'<linearGradient id="{{id}}"><stop class="{class_}" offset="0" stop-opacity="{first}"/>'
        f'<stop class="{class_}" offset="1" stop-opacity="{last}"/></linearGradient>',
    )
    drawing.add("rect", x=x, y=y, width=width, height=height, fill=gradient)
