"""Places of facilities and events: pins for those with coordinates that a map shows, and the others, of which none is lost."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.text import slugify

from nato_support.pages.pictures.map_projection import EUROPE_ALONE, NORTH_AMERICA, MapFrame

PIN_FRAMES = (EUROPE_ALONE, NORTH_AMERICA)
"""Frames in which every map shows pins, narrow ones too; the first one that holds a place has its pin."""

Record = Mapping[str, Any]
"""A facility or an event as the API's lists have it."""


class Pin(NamedTuple):
    """A place, and all records that have its coordinates."""

    label: str
    """The town, or if the register names none, the record."""
    frame: MapFrame
    latitude: float
    longitude: float
    records: Sequence[Record]

    @property
    def anchor(self) -> str:
        """Id of the place in the table beneath the map."""
        return f"place-{slugify(self.label) or 'at'}-{self.latitude:g}-{self.longitude:g}".replace(".", "_")


class Places(NamedTuple):
    """Every record once: in a pin, or in one of the lists."""

    pins: Sequence[Pin]
    """Those with the most records first."""
    beyond: Sequence[Record]
    """Records whose place is on no part of the map."""
    unplaced: Sequence[Record]
    """Records without coordinates: no source names the town."""


def places_of(records: Iterable[Record]) -> Places:
    """Sort records by place. The same records give the same answer in whatever order they come."""
    at_place: dict[tuple[float, float], list[Record]] = {}
    unplaced, beyond, pins = [], [], []
    for record in sorted(records, key=lambda record: (record["name"], record["slug"])):
        if record.get("latitude") is None:
            unplaced.append(record)
        else:
            at_place.setdefault((float(record["latitude"]), float(record["longitude"])), []).append(record)
    for (latitude, longitude), found in at_place.items():
        frame = next((frame for frame in PIN_FRAMES if frame.holds(latitude, longitude)), None)
        if frame is None:
            beyond += found
        else:
            label = next((record["locality"] for record in found if record.get("locality")), found[0]["name"])
            pins.append(Pin(label, frame, latitude, longitude, found))
    pins.sort(key=lambda pin: (-len(pin.records), pin.label, pin.latitude, pin.longitude))
    return Places(pins, beyond, unplaced)
