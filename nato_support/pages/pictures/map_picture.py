"""Picture of where facilities and events are: a mark for each place, with the number of records there and the town's name.

It is drawn from facilities and events as the API's lists have them. What has no coordinates has no mark; the table has it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext, ngettext

from entities.countries import country_name
from nato_support.pages.page_urls import page_path
from nato_support.pages.pictures.drawing import WIDE, Box, Drawing, Picture, tag
from nato_support.pages.pictures.legend import MARKERS, add_legend
from nato_support.pages.pictures.map_labels import crosses, label_box, place_label
from nato_support.pages.pictures.map_land import SUBJECT, UNITS_PER_PIXEL, land_paths, name_positions
from nato_support.pages.pictures.map_places import Pin, Places, Record, places_of
from nato_support.pages.pictures.map_projection import EUROPE, EUROPE_ALONE, NORTH_AMERICA, MapFrame
from nato_support.pages.pictures.states import shown_name, state_legend
from nato_support.pages.pictures.text_widths import text_width, wrap_text
from nato_support.pages.pictures.words import KIND_HEADINGS, capitalised, list_words, type_label

_MARGIN, _SMALL, _LINE = 12, 11, 16
_INSET_WIDE, _INSET_NARROW = 222, 200
_COUNT_RADIUS, _SINGLE_RADIUS = 10.0, 7.0
_NAME_HEIGHT = 17.0
_LABEL_WIDE, _LABEL_NARROW = 13, 12
Lead = tuple[float, float, float, float]


@dataclass
class _Mark:
    """A sign on the map: a pin, and those so near to it that their signs would touch."""

    x: float
    y: float
    pins: list[Pin]
    records: list[Record] = field(default_factory=list)
    label: str = ""
    """The element of its label, if there was room."""

    @property
    def radius(self) -> float:
        return _COUNT_RADIUS if len(self.records) > 1 else _SINGLE_RADIUS

    @property
    def names(self) -> Sequence[str]:
        """Texts to try as its label: of two places, the names of both if there is room."""
        names = [pin.label for pin in self.pins]
        return (*([", ".join(names)] if len(names) == 2 else []), list_words(names, 1))

    @property
    def is_unpublished(self) -> bool:
        """Nothing that it stands for is public as it is drawn."""
        return all(record.get("state") for record in self.records)

    @property
    def href(self) -> str:
        """The page of its record; of several, their rows in the table beneath."""
        return page_path(self.records[0]["href"]) if len(self.records) == 1 else f"#{self.pins[0].anchor}"

    @property
    def box(self) -> Box:
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius, "")


def map_picture(records: Iterable[Record], width: int = WIDE, *, name: str = "map") -> Picture:
    """Draw the places of facilities and events."""
    drawing = Drawing(name, width)
    places = places_of(records)
    frame = EUROPE_ALONE if drawing.is_narrow else EUROPE
    height = frame.height(width)
    has_inset = any(pin.frame == NORTH_AMERICA for pin in places.pins)
    inset = _inset_ground(drawing, height) if has_inset else None
    marks = _add_ground(drawing, frame, Box(0, 0, width, height, ""), inset, places.pins)
    if inset:
        marks += _add_ground(drawing, NORTH_AMERICA, inset, None, places.pins)
        height = max(height, inset.bottom)
    notes = _notes(places)
    if inset and drawing.is_narrow:
        # There is room beside it.
        _add_lines(drawing, inset.right + _MARGIN, inset.top + _MARGIN, notes, width - inset.right - 2 * _MARGIN)
        notes = []
    y = add_legend(drawing, height + 20, _legend(marks)) + 14
    y = _add_lines(drawing, _MARGIN, y, [*notes, _origin()], width - 2 * _MARGIN)
    title = gettext("Places of facilities and events")
    return drawing.finish(
        y - _LINE + _MARGIN,
        title,
        _description(places),
        *places_table(places),
        class_="picture-map",
        has_links=True,
        row_ids=_row_ids(places),
    )


def places_table(places: Places) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows: every record once, those on the map first."""
    columns = [
        gettext("Place"),
        gettext("Country"),
        gettext("Kind"),
        gettext("Record"),
        gettext("Latitude"),
        gettext("Longitude"),
        gettext("Address"),
    ]
    listed = [record for pin in places.pins for record in pin.records] + [*places.beyond, *places.unplaced]
    return columns, [
        [
            record.get("locality") or gettext("not stated"),
            country_name(record.get("country") or "") or gettext("not stated"),
            capitalised(type_label(record["kind"], record["type"])),
            shown_name(record),
            record.get("latitude") or "",
            record.get("longitude") or "",
            record["href"],
        ]
        for record in listed
    ]


def _row_ids(places: Places) -> list[str]:
    """Return the ids of the rows of records on the map: the first one of a place has that of the place, the others have none."""
    return [pin.anchor if at == 0 else "" for pin in places.pins for at, _ in enumerate(pin.records)]


def _inset_ground(drawing: Drawing, height: float) -> Box:
    """Return where North America is drawn: in the Atlantic, or beneath a narrow map."""
    if drawing.is_narrow:
        return Box(0, height + 8, _INSET_NARROW, height + 8 + NORTH_AMERICA.height(_INSET_NARROW), "")
    inset_height = NORTH_AMERICA.height(_INSET_WIDE)
    # Beneath Iceland, and above Spain.
    top = height * 0.6 - inset_height
    return Box(_MARGIN, top, _MARGIN + _INSET_WIDE, top + inset_height, "")


def _add_ground(drawing: Drawing, frame: MapFrame, ground: Box, inset: Box | None, pins: Sequence[Pin]) -> list[_Mark]:
    """Add a frame with its countries, and the marks and labels of the pins that are in it; return the marks."""
    width = round(ground.right - ground.left)
    size: dict[str, Any] = {
        "x": ground.left,
        "y": ground.top,
        "width": ground.right - ground.left,
        "height": ground.bottom - ground.top,
    }
    clip = drawing.reference(f"frame-{frame.name}", tag("clipPath", tag("rect", rx=4, **size), id="{id}"))
    drawing.add("rect", rx=4, class_="sea" if frame != NORTH_AMERICA else "sea inset", **size)
    shown = [pin for pin in pins if (pin.frame == NORTH_AMERICA) == (frame == NORTH_AMERICA)]
    named = {record["country"] for pin in shown for record in pin.records if record.get("country")}
    drawing.add("g", _land(frame, width, ground, named), clip_path=clip)
    marks = _marks(shown, frame, width, ground)
    taken = [mark.box for mark in marks] + ([inset] if inset else [])
    boxes, leads = _place_labels(drawing, marks, ground, taken)
    if frame != NORTH_AMERICA:
        _add_country_names(drawing, frame, width, [*taken, *boxes], leads)
    for mark in marks:
        _add_mark(drawing, mark)
    drawing.add("rect", rx=4, class_="map-edge", **size)
    return marks


def _add_lines(drawing: Drawing, x: float, y: float, sentences: Sequence[str], room: float) -> float:
    """Add sentences beneath each other, and return where the next line would be."""
    for sentence in sentences:
        for line in wrap_text(sentence, _SMALL, room, 7):
            drawing.add_label(x, y, line, _SMALL, class_="quiet")
            y += _LINE
    return y


def _land(frame: MapFrame, width: int, ground: Box, named: set[str]) -> str:
    paths = land_paths(frame, width)
    plain = "".join(path for code, path in paths.items() if code not in named and code != SUBJECT)
    parts = [tag("path", d=plain, class_="land")]
    parts += [
        tag("path", d=path, class_="land land-subject" if code == SUBJECT else "land land-named")
        for code, path in paths.items()
        if code in named or code == SUBJECT
    ]
    return tag("g", "".join(parts), transform=f"translate({ground.left:g} {ground.top:g}) scale({1 / UNITS_PER_PIXEL:g})")


def _marks(pins: Sequence[Pin], frame: MapFrame, width: int, ground: Box) -> list[_Mark]:
    """Return the marks of pins. One that would touch another joins it, so that each can be seen and pressed."""
    marks: list[_Mark] = []
    for pin in pins:
        x, y = frame.position(pin.latitude, pin.longitude, width)
        x, y = x + ground.left, y + ground.top
        near = next((mark for mark in marks if (mark.x - x) ** 2 + (mark.y - y) ** 2 < (2 * _COUNT_RADIUS + 2) ** 2), None)
        if near is None:
            marks.append(near := _Mark(x, y, []))
        near.pins.append(pin)
        near.records += pin.records
    return marks


def _place_labels(drawing: Drawing, marks: Sequence[_Mark], ground: Box, taken: Sequence[Box]) -> tuple[list[Box], list[Lead]]:
    """Give marks the labels for which there is room, and return their boxes and lines; each name is in the title of its mark."""
    boxes: list[Box] = []
    leads: list[Lead] = []
    size = _LABEL_NARROW if drawing.is_narrow else _LABEL_WIDE
    room = Box(ground.left + 4, ground.top + 4, ground.right - 4, ground.bottom - 4, "")
    for mark in marks:
        for text in mark.names:
            if label := place_label(mark.x, mark.y, mark.radius, text, size, room, [*taken, *boxes], leads):
                break
        else:
            continue
        if label.lead:
            x1, y1, x2, y2 = label.lead
            drawing.add("path", d=f"M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}", class_="lead")
            leads.append(label.lead)
        boxes.append(label_box(label, text, size))
        mark.label = drawing.label(label.x, label.y, text, size, anchor=label.anchor, bold=True, class_="map-label")
    return boxes, leads


def _add_country_names(drawing: Drawing, frame: MapFrame, width: int, taken: Sequence[Box], leads: Sequence[Lead]) -> None:
    """Add the names of countries wherever one lies in its country wholly and on nothing else."""
    size = 10 if drawing.is_narrow else _SMALL
    for code in land_paths(frame, width):
        text = country_name(code)
        name_width = text_width(text, size)
        for x, y in name_positions(frame, width, code, name_width + 6, _NAME_HEIGHT) if text else ():
            box = Box(x - name_width / 2, y - _NAME_HEIGHT / 2, x + name_width / 2, y + _NAME_HEIGHT / 2, text)
            if not any(box.overlaps(other) for other in taken) and not any(crosses(lead, box) for lead in leads):
                drawing.add_label(x, y + size * 0.35, text, size, anchor="middle", class_="map-country")
                break


def _add_mark(drawing: Drawing, mark: _Mark) -> None:
    count = len(mark.records)
    words = f"{mark.names[0]}: {list_words([shown_name(record) for record in mark.records], 6, '; ')}"
    class_ = "pin pin-unpublished" if mark.is_unpublished else "pin"
    if count == 1:
        kind = mark.records[0]["kind"]
        sign = tag(
            "path",
            d=f"M0 0{MARKERS[kind]}",
            class_=class_,
            transform=f"translate({mark.x:.1f} {mark.y:.1f}) scale(1.2)",
        )
    else:
        sign = tag("circle", cx=mark.x, cy=mark.y, r=_COUNT_RADIUS, class_=class_)
        sign += drawing.label(mark.x, mark.y + 4, str(count), 11, anchor="middle", bold=True, class_="pin-count")
    # Larger than the mark, for fingers.
    reach = tag("circle", cx=mark.x, cy=mark.y, r=14, class_="pin-reach")
    drawing.add("a", tag("title", escape(words)) + reach + mark.label + sign, href=mark.href)


def _legend(marks: Sequence[_Mark]) -> list[tuple[str, str]]:
    kinds = {mark.records[0]["kind"] for mark in marks if len(mark.records) == 1}
    legend = [(f"kind:{kind}", str(KIND_HEADINGS[kind])) for kind in ("facility", "event") if kind in kinds]
    if any(len(mark.records) > 1 for mark in marks):
        legend.append(("2", gettext("several at one place, with their number")))
    return [*legend, *state_legend("draft" for mark in marks if mark.is_unpublished)]


def _notes(places: Places) -> list[str]:
    """Return what is not on the map."""
    notes = []
    if places.unplaced:
        notes.append(
            ngettext(
                "%(count)s more has no place that a source names: it is listed with the map.",
                "%(count)s more have no place that a source names: they are listed with the map.",
                len(places.unplaced),
            )
            % {"count": len(places.unplaced)}
        )
    if places.beyond:
        notes.append(gettext("%(count)s more beyond the map.") % {"count": len(places.beyond)})
    return notes


def _origin() -> str:
    """Return whose the positions and shapes are."""
    return gettext("Positions are ours: the centres of the towns that sources name, from GeoNames. Land: Natural Earth.")


def _description(places: Places) -> str:
    """Return what the map shows, in sentences."""
    shown = sum(len(pin.records) for pin in places.pins)
    whole = shown + len(places.beyond) + len(places.unplaced)
    sentences = [
        gettext("%(shown)s of %(whole)s facilities and events are on the map.") % {"shown": shown, "whole": whole},
    ]
    if places.pins:
        towns = [f"{pin.label} ({len(pin.records)})" for pin in places.pins]
        sentences.append(gettext("Places, with how many are there: %(towns)s.") % {"towns": list_words(towns, 12)})
    return " ".join(sentences + _notes(places))
