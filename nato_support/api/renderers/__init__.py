"""Renderers of lists and records in formats other than JSON: CSV, NDJSON, GeoJSON and JSON-LD."""
