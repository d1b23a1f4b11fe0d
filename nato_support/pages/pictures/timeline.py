"""Picture of a timeline: what happened, and was to happen, when, as precisely as the sources say."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from django.utils.dates import MONTHS_3
from django.utils.translation import gettext, ngettext

from nato_support.pages.pictures.bar_fills import add_hatched
from nato_support.pages.pictures.drawing import WIDE, Drawing, Picture, tag
from nato_support.pages.pictures.legend import add_legend
from nato_support.pages.pictures.states import shown_name, state_legend, state_outline
from nato_support.pages.pictures.text_widths import fit_text, text_width
from nato_support.pages.pictures.timeline_lanes import Lane, Span, fact_words, timeline_lanes
from nato_support.pages.pictures.timeline_marks import add_span, span_edges
from nato_support.pages.pictures.timeline_scale import TimeScale
from nato_support.pages.pictures.words import capitalised, date_words, list_words

_MARGIN, _AXIS, _SIZE = 12, 40, 12
_LABELS_WIDE = 400
_ROW_WIDE, _ROW_NARROW = 26, 40
_PADDING = 26
"""Space beside the first and last year, into which what is open fades."""
_EDGE_WIDE, _EDGE_NARROW = 48, 34
"""Width of the edge at which the unknown stands."""
_MIN_MONTHS = 150.0
"""Least width of a year in which its quarters are told."""


def timeline_picture(
    timeline: Mapping[str, Any], width: int = WIDE, *, name: str = "timeline", undated: int = 0, title: str = ""
) -> Picture:
    """Draw the facts of an answer of `timeline/`; `undated` is the number of records that state no date."""
    drawing = Drawing(name, width)
    lanes = timeline_lanes(timeline["results"])
    left = _MARGIN if drawing.is_narrow else _LABELS_WIDE
    edge = (_EDGE_NARROW if drawing.is_narrow else _EDGE_WIDE) if undated else 0
    right = drawing.width - _MARGIN - edge
    row = _ROW_NARROW if drawing.is_narrow else _ROW_WIDE
    bottom = float(_AXIS + row * (len(lanes) + bool(undated)) + 4)
    days = [day for lane in lanes for span in lane.spans for day in (span.first, span.last) if day]
    if days:
        scale = TimeScale(days, left + _PADDING, right - _PADDING)
        _add_axis(drawing, scale, bottom)
        for at, lane in enumerate(lanes):
            _add_lane(drawing, lane, scale, _AXIS + row * at, left, right)
    if undated:
        _add_undated(drawing, undated, right, edge, bottom, _AXIS + row * len(lanes))
    height = add_legend(drawing, bottom + 16, _legend(lanes))
    title = title or gettext("Timeline of %(name)s") % {"name": timeline["entity"]["name"]}
    return drawing.finish(
        height + _MARGIN,
        title,
        _description(timeline["results"], undated),
        *timeline_table(timeline, undated),
        class_="picture-timeline",
        has_links=True,
    )


def timeline_table(timeline: Mapping[str, Any], undated: int = 0) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows: one row for each fact, and one with the number of records without a date."""
    columns = [
        gettext("Date"),
        gettext("As recorded"),
        gettext("Fact"),
        gettext("Record"),
        gettext("Contested"),
        gettext("Address"),
    ]
    rows = [
        [
            date_words(fact["date"], throughout=fact["fact"] == "period"),
            fact["date"]["value"],
            capitalised(fact_words(fact)),
            shown_name(fact["record"]),
            gettext("yes") if fact["contested"] else gettext("no"),
            fact["record"]["href"],
        ]
        for fact in timeline["results"]
    ]
    return columns, rows + ([[gettext("not known"), "", "", _undated_words(undated), "", ""]] if undated else [])


def _add_axis(drawing: Drawing, scale: TimeScale, bottom: float) -> None:
    taken = 0.0
    for at, segment in enumerate(scale.segments):
        if segment.is_gap:
            # A break in the axis: the years between have no date.
            middle = (segment.left + segment.right) / 2
            drawing.add("path", d=f"M{middle - 3:.0f} {_AXIS - 4:.0f}l3 -8m1 8l3 -8", class_="axis")
            continue
        if at % 2 == 0:
            drawing.add("rect", x=segment.left, y=_AXIS - 12, width=segment.width, height=bottom - _AXIS + 12, class_="band")
        text = str(segment.first_year)
        half = text_width(text, _SIZE, bold=True) / 2
        middle = (segment.left + segment.right) / 2
        if middle - half > taken:
            drawing.add_label(middle, 16, text, _SIZE, anchor="middle", bold=True)
            taken = middle + half + 6
        if segment.width >= _MIN_MONTHS:
            for month in (1, 4, 7, 10):
                first = datetime.date(segment.first_year, month, 1)
                x = scale.day_left(first)
                drawing.add("path", d=f"M{x:.1f} {_AXIS - 10:.0f}V{bottom:.0f}", class_="grid")
                drawing.add_label(
                    x + 3, _AXIS - 10, fit_text(capitalised(str(MONTHS_3[month])), 10, segment.width / 4 - 4), 10, class_="quiet"
                )


def _add_lane(drawing: Drawing, lane: Lane, scale: TimeScale, top: float, left: float, right: float) -> None:
    if drawing.is_narrow:
        middle, base, room = top + 27.0, top + 13.0, right - _MARGIN
    else:
        middle, base, room = top + _ROW_WIDE / 2, top + _ROW_WIDE / 2 + 4.5, _LABELS_WIDE - _MARGIN - 16
    size = _SIZE if drawing.is_narrow else 13
    label = fit_text(lane.label, size, room - text_width(lane.note, size)) + lane.note
    title = f"{lane.label}{lane.note}: " + "; ".join(span.words for span in lane.spans)
    text = drawing.label(_MARGIN, base, label, size)
    if lane.state:
        text = state_outline(drawing.labels[-1]) + text
    marks = Drawing(drawing.name, drawing.width)
    for span in lane.spans:
        add_span(marks, span, scale, middle, left, right)
    drawing.adopt_definitions(marks)
    content = tag("title", escape(title)) + text + marks.content()
    edges = [span_edges(span, scale, left, right) for span in lane.spans]
    content += _date_label(drawing, lane.spans, edges, middle, left, right)
    drawing.add("a", content, href=lane.href, class_=f"lane lane-{lane.kind}")


def _date_label(
    drawing: Drawing, spans: Sequence[Span], edges: Sequence[tuple[float, float]], middle: float, left: float, right: float
) -> str:
    """Return the date of a lane in words, behind, before or in its spans; nothing if there is no room."""
    dates = list(dict.fromkeys(span.date for span in spans))
    if len(dates) > 1:
        return ""
    first, last = min(edge[0] for edge in edges), max(edge[1] for edge in edges)
    width = text_width(dates[0], 11)
    if last + 8 + width <= right:
        return drawing.label(last + 8, middle + 4, dates[0], 11, class_="quiet")
    if first - 8 - width >= left:
        return drawing.label(first - 8, middle + 4, dates[0], 11, anchor="end", class_="quiet")
    if len(spans) == 1 and spans[0].kind == "within" and last - first >= width + 8:
        return drawing.label((first + last) / 2, middle + 4, dates[0], 11, anchor="middle")
    return ""


def _add_undated(drawing: Drawing, undated: int, right: float, edge: float, bottom: float, top: float) -> None:
    """Add the edge at which the records without a date stand, with their number."""
    row = _ROW_NARROW if drawing.is_narrow else _ROW_WIDE
    drawing.add("path", d=f"M{right + 4:.0f} {_AXIS - 12:.0f}V{bottom:.0f}", class_="axis")
    add_hatched(drawing, right + 4, top + 2, edge - 4, row - 4)
    drawing.add_label(right + edge / 2 + 2, 16, "?", _SIZE, anchor="middle", bold=True)
    words = fit_text(_undated_words(undated), _SIZE, right - _MARGIN - 8)
    middle = top + row / 2
    drawing.add_label(_MARGIN, middle + 4.5, words, _SIZE, class_="quiet")
    half = text_width(str(undated), _SIZE, bold=True) / 2 + 4
    centre = right + edge / 2 + 2
    drawing.add("rect", x=centre - half, y=middle - 9, width=2 * half, height=18, rx=3, class_="ground")
    drawing.add_label(centre, middle + 4.5, str(undated), _SIZE, anchor="middle", bold=True)


def _undated_words(undated: int) -> str:
    return ngettext("%(count)s record without a date", "%(count)s records without a date", undated) % {"count": undated}


def _legend(lanes: Sequence[Lane]) -> list[tuple[str, str]]:
    spans = [span for lane in lanes for span in lane.spans]
    entries = []
    if any(span.kind == "day" and not span.is_soft for span in spans):
        entries.append(("day", gettext("on this day")))
    if any(span.kind == "day" and span.is_soft for span in spans):
        entries.append(("day-soft", gettext("on this day, not certain")))
    if any(span.kind == "within" and not span.is_planned for span in spans):
        entries.append(("fill:within", gettext("on some day within")))
    if any(span.kind == "throughout" for span in spans):
        entries.append(("fill:sure", gettext("throughout")))
    if any(span.is_planned for span in spans):
        entries.append(("fill:planned-span", gettext("planned or due")))
    if any(span.kind != "day" and (span.is_soft or span.first is None or span.last is None) for span in spans):
        entries.append(("soft", gettext("about, or open to this side")))
    if any(span.contested for span in spans):
        entries.append(("≠", gettext("sources differ")))
    return [*entries, *state_legend(lane.state for lane in lanes)]


def _description(facts: Sequence[Mapping[str, Any]], undated: int) -> str:
    count = ngettext("The timeline shows %(count)s dated fact.", "The timeline shows %(count)s dated facts.", len(facts))
    parts = [count % {"count": len(facts)}]
    if facts:
        told = [
            f"{shown_name(fact['record'])}, {fact_words(fact)}: {date_words(fact['date'], throughout=fact['fact'] == 'period')}"
            for fact in facts
        ]
        parts.append(list_words(told, 3, "; ") + ".")
    if undated:
        parts.append(_undated_words(undated) + ".")
    return " ".join(parts)
