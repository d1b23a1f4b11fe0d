"""How a graph and a timeline refer to records, and to the quotes that something rests on: plain data of printed records."""

from collections.abc import Mapping
from typing import Any

from entities.serializers import record_path


def citation_members(field: str, citation: Mapping[str, Any]) -> dict:
    """A citation of a field as the evidence of an edge or of a fact tells it."""
    quote = citation["quote"]
    return {
        "field": field,
        "stance": citation["stance"],
        "quote": quote["slug"],
        "href": quote["href"],
        "exact": quote["exact"],
        "document": quote["document"],
    }


def record_reference(record: Mapping[str, Any]) -> dict:
    """A printed record as others refer to it; a quote is called by its words."""
    kind, slug = record["kind"], record["slug"]
    return {"kind": kind, "slug": slug, "name": record.get("name") or record["exact"], "href": record_path(kind, slug)}
