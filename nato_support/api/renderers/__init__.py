"""The forms beside JSON in which lists and details can be had: CSV, NDJSON, GeoJSON, JSON-LD."""
