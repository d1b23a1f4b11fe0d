"""GeoJSON (RFC 7946): a record as a feature, with its lean shape as properties. Longitude comes first."""

import json

GEOJSON_COLLECTIONS = ("facilities", "events")
"""Those whose records have a place. Of an event no coordinates are held: it is a feature without geometry."""


def geojson_feature(text: str) -> str:
    """The feature of a printed document. Its numbers are written as they were printed; none is rounded."""
    record = json.loads(text)
    latitude, longitude = record.get("latitude"), record.get("longitude")
    geometry = "null"
    if latitude is not None and longitude is not None:
        geometry = f'{{"type":"Point","coordinates":[{longitude},{latitude}]}}'
    return f'{{"type":"Feature","id":{json.dumps(record["slug"])},"geometry":{geometry},"properties":{text}}}'
