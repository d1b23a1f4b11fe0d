"""GeoJSON (RFC 7946): a record as a feature with its members as properties. Longitude comes first."""

import json

GEOJSON_COLLECTIONS = ("facilities", "events")
"""Collections of records that have a place. One without coordinates is a feature without geometry."""


def geojson_feature(document_json: str) -> str:
    """Return the feature of an edition's document, whose numbers are copied without rounding."""
    record = json.loads(document_json)
    latitude, longitude = record.get("latitude"), record.get("longitude")
    geometry = "null"
    if latitude is not None and longitude is not None:
        geometry = f'{{"type":"Point","coordinates":[{longitude},{latitude}]}}'
    return f'{{"type":"Feature","id":{json.dumps(record["slug"])},"geometry":{geometry},"properties":{document_json}}}'
