"""Requirements 8 and 9: times and places as they are known."""

from collections.abc import Iterator

from nato_support.pages.pictures.drawing import NARROW, WIDE
from nato_support.pages.pictures.map_land import _rings
from nato_support.pages.pictures.map_places import places_of
from nato_support.pages.pictures.map_projection import EUROPE, EUROPE_ALONE
from nato_support.pages.pictures.region_shapes import country_at, is_within
from nato_support.pages.pictures.timeline_lanes import timeline_lanes
from tests.pages_check.site import Measured, Site, counted, pictures_of, table_of

CRIMEA = {"Simferopol": (44.95, 34.10), "Sevastopol": (44.60, 33.53), "Kerch": (45.35, 36.40), "Dzhankoi": (45.71, 34.39)}
NEWEST_FACTS = 40


def measure_times(site: Site) -> Iterator[Measured]:
    """Marks of a day stand for facts of a day alone; months and years are spans; what has no date is counted."""
    faults, spans, months = [], 0, 0
    for path in site.entities:
        drawn = pictures_of(site.text(path), "timeline")
        slug = path.split("/")[2]
        facts = site.data(f"timeline/{slug}/?ordering=-date&page_size={NEWEST_FACTS}")["results"]
        days = {fact["date"].get("value") for fact in facts if fact["date"].get("precision") == "day"}
        lanes = timeline_lanes(facts)
        ticks = [span for lane in lanes for span in lane.spans if span.kind == "day"]
        spans += sum(len(lane.spans) for lane in lanes)
        months += sum(fact["date"].get("precision") in ("month", "year") for fact in facts)
        faults += [f"{path}: {span.date}" for span in ticks if span.first != span.last or str(span.first) not in days]
        faults += [
            f"{path}: {svg.count('span-day')} ticks for {len(ticks)}" for svg in drawn if svg.count("span-day") != len(ticks)
        ]
        faults += [f"{path}: no timeline"] if facts and not drawn else []
    yield counted(8, "no tick for a month or year", spans, f"marks, {months} of months or years", faults)


def measure_places(site: Site) -> Iterator[Measured]:
    """Crimea lies in Ukraine; pins and the list beside them have every facility and event once; no place, no pin."""
    where = {name: country_at("europe", *place) for name, place in CRIMEA.items()}
    drawn = {
        code
        for frame, width in ((EUROPE, WIDE), (EUROPE_ALONE, NARROW))
        for place in CRIMEA.values()
        for code, rings in _rings(frame, width).items()
        if is_within(frame.position(*place, width), rings)
    }
    yield Measured(9, "Crimea is drawn in Ukraine", f"{len(where)} towns", {*where.values(), *drawn} == {"UA"})
    for collection in ("facilities", "events"):
        records = site.listed(collection)
        places = places_of(records)
        pinned = [record["slug"] for pin in places.pins for record in pin.records]
        apart = [record["slug"] for record in (*places.beyond, *places.unplaced)]
        faults = [] if sorted(pinned + apart) == sorted(record["slug"] for record in records) else ["not once each"]
        faults += [record["slug"] for record in records if record["latitude"] is None and record["slug"] in pinned]
        rows = len(table_of(site.text(f"/{collection}/"), "map"))
        faults += [f"{rows} rows beneath the map"] if rows != len(records) else []
        yield counted(
            9, f"{collection}: pins and list", len(records), f"records, {len(pinned)} in {len(places.pins)} pins", faults
        )
