"""References to records and citations, as graph and timeline write them. All arguments are parsed edition documents."""

from collections.abc import Mapping
from typing import Any

from entities.serializers import record_path
from sources.serializers import CitationShape, EmbeddedQuoteShape

RecordKey = tuple[str, str]
"""Kind and slug of a record."""

CITATION_MEMBERS = tuple(name for name in CitationShape().fields if name != "quote")
QUOTE_MEMBERS = tuple(name for name in EmbeddedQuoteShape().fields if name not in ("kind", "slug", *CITATION_MEMBERS))
"""Members of a citation, and of its quote, that stand side by side in the evidence of an edge or a dated fact."""


def citation_members(field: str, citation: Mapping[str, Any]) -> dict:
    """Return a citation of `field` as an item of the evidence of an edge or a dated fact: its members and those of its quote."""
    quote = citation["quote"]
    members = {name: citation.get(name) for name in CITATION_MEMBERS} | {name: quote.get(name) for name in QUOTE_MEMBERS}
    # Both a citation and its quote have a note.
    return {"field": field} | members | {"quote_note": quote.get("note"), "quote": quote["slug"]}


def record_reference(record: Mapping[str, Any]) -> dict:
    """Return kind, slug, name and href of a record; the words of a quote serve as its name."""
    kind, slug = record["kind"], record["slug"]
    return {"kind": kind, "slug": slug, "name": record.get("name") or record["exact"], "href": record_path(kind, slug)}
