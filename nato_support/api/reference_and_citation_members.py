"""References to records and citations, as graph and timeline write them. All arguments are parsed edition documents."""

from collections.abc import Mapping
from typing import Any

from entities.serializers import record_path

RecordKey = tuple[str, str]
"""Kind and slug of a record."""


def citation_members(field: str, citation: Mapping[str, Any]) -> dict:
    """Return a citation of `field` as an item of the evidence of an edge or a dated fact."""
    quote = citation["quote"]
    return {
        "field": field,
        "polarity": citation["polarity"],
        "stance": citation["stance"],
        "quote": quote["slug"],
        "href": quote["href"],
        "exact": quote["exact"],
        "document": quote["document"],
    }


def record_reference(record: Mapping[str, Any]) -> dict:
    """Return kind, slug, name and href of a record; the words of a quote serve as its name."""
    kind, slug = record["kind"], record["slug"]
    return {"kind": kind, "slug": slug, "name": record.get("name") or record["exact"], "href": record_path(kind, slug)}
