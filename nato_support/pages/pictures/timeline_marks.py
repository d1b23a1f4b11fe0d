"""Marks of a timeline: a day is a point, a month or year a bar as long as it is, and what is open or about ends softly."""

from nato_support.pages.pictures.bar_fills import add_soft
from nato_support.pages.pictures.drawing import Drawing
from nato_support.pages.pictures.timeline_lanes import Span
from nato_support.pages.pictures.timeline_scale import TimeScale

_HEIGHT, _THICK = 14.0, 14.0
_MIN_LENGTH = 5.0
_FADE, _OPEN_FADE = 8.0, 40.0
"""Lengths of the soft end of what is about, and of what is open."""


def span_edges(span: Span, scale: TimeScale, left: float, right: float) -> tuple[float, float]:
    """Return where the mark of a span begins and ends, soft ends included."""
    begin, end = _certain_edges(span, scale)
    if span.kind == "day":
        return begin - 7, end + 7
    fade = _FADE if span.is_soft else 0.0
    first = begin - (_OPEN_FADE if span.first is None else fade)
    last = end + (_OPEN_FADE if span.last is None else fade)
    return max(left, first), min(right, last)


def add_span(drawing: Drawing, span: Span, scale: TimeScale, middle: float, left: float, right: float) -> None:
    """Add the mark of a span between the edges of the axis; `middle` is the height at which it lies."""
    begin, end = _certain_edges(span, scale)
    if span.kind == "day":
        classes = "planned-span" if span.is_planned else "other" if span.is_soft else "sure"
        drawing.add("path", d=f"M{begin:.1f} {middle - 7:.1f}l5.5 7-5.5 7-5.5-7z", class_=f"{classes} span-day")
        _add_doubt(drawing, span, begin, middle)
        return
    first, last = span_edges(span, scale, left, right)
    height = _THICK if span.kind == "throughout" else _HEIGHT
    solid, stop = ("sure", "soft-stop") if span.kind == "throughout" else ("within", "within-stop")
    top = middle - height / 2
    # What is open on a side has no end there, so its bar begins beyond its soft end.
    if first < begin:
        add_soft(drawing, first, top, begin - first, height, fades_left=True, class_=stop)
    if last > end:
        add_soft(drawing, end, top, last - end, height, class_=stop)
    if end > begin:
        classes = f"{'planned-span' if span.is_planned else solid} span-{span.kind}"
        drawing.add("rect", x=begin, y=top, width=end - begin, height=height, class_=classes)
    elif span.is_planned or span.kind == "within":
        # The one end that is known.
        drawing.add("path", d=f"M{begin:.1f} {top - 2:.1f}v{height + 4:.0f}", class_="known-end")
    _add_doubt(drawing, span, (begin + end) / 2, middle)


def _certain_edges(span: Span, scale: TimeScale) -> tuple[float, float]:
    """Return where the days of a span begin and end; both are the same where one side is open."""
    if span.first is None or span.last is None:
        x = scale.day_right(span.last) if span.last else scale.day_left(span.first) if span.first else 0.0
        return x, x
    begin, end = scale.day_left(span.first), scale.day_right(span.last)
    if span.kind == "day":
        return (begin + end) / 2, (begin + end) / 2
    if end - begin < _MIN_LENGTH:
        middle = (begin + end) / 2
        return middle - _MIN_LENGTH / 2, middle + _MIN_LENGTH / 2
    return begin, end


def _add_doubt(drawing: Drawing, span: Span, x: float, middle: float) -> None:
    if span.contested:
        drawing.add("circle", cx=x, cy=middle, r=6.5, class_="mark")
        drawing.add("path", d=f"M{x - 3:.1f} {middle - 1.5:.1f}h6m-6 3h6m-4.500 2.500 3-8", class_="mark")
