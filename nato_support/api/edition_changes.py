"""Differences between the editions of a record, without the content of records that were withdrawn since.

The editions of a record contain others, quotes above all. Of a withdrawn one, the differences give nothing but its slug.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nato_support.api import record_queries
from nato_support.api.reference_and_citation_members import RecordKey
from nato_support.publishing.editions.edition_differences import EditionDifference, compare_documents

MAX_CHANGES_SHOWN = 50
"""Most differences shown for one edition."""
MAX_CHARACTERS_COMPARED = 8_000_000
"""Most characters of editions that one page compares: pages of larger editions have fewer entries."""


def count_comparable_entries(entries: Sequence[record_queries.EditionListEntry], size: int) -> int:
    """Return the number of entries, at least one and at most `size`, that a page can compare."""
    characters = 0
    for at, entry in enumerate(entries[:size]):
        characters += entry.character_count
        if at and characters > MAX_CHARACTERS_COMPARED:
            return at
    return size


def changes_of_editions(
    kinds: Sequence[str], slug: str, entries: Sequence[record_queries.EditionListEntry], size: int
) -> list[tuple[record_queries.EditionListEntry, tuple[list[dict[str, Any]], bool]]]:
    """Return the first `size` of the editions `entries`, newest first, each with (its changes, whether there are more).

    Each is compared with the entry after it. A first edition, a withdrawal and the edition after one have no changes.
    """
    compared = entries[: size + 1]
    texts = record_queries.fetch_edition_texts(kinds, slug, [entry.number for entry in compared if not entry.withdrawn])
    bodies = [None if entry.withdrawn else _parse_edition_body(*texts[entry.number]) for entry in compared]
    differences_by_entry = [
        compare_documents(older, newer) if older and newer else []
        for newer, older in zip(bodies, [*bodies[1:], None], strict=True)
    ]
    withdrawn = record_queries.withdrawn_among(
        {
            key
            for differences in differences_by_entry
            for difference in differences[:MAX_CHANGES_SHOWN]
            for key in _records_in_difference(difference)
        }
    )
    changes = [
        (list(_changes_without_withdrawn(differences[:MAX_CHANGES_SHOWN], withdrawn)), len(differences) > MAX_CHANGES_SHOWN)
        for differences in differences_by_entry
    ]
    return list(zip(entries[:size], changes, strict=False))


def _parse_edition_body(document: str, evidence: str) -> dict[str, Any]:
    return json.loads(document) | json.loads(evidence)


def _changes_without_withdrawn(differences: Sequence[EditionDifference], withdrawn: set[RecordKey]) -> Iterator[dict[str, Any]]:
    withdrawn_quotes: set[str] = set()
    for path, was, now in differences:
        quote = _cited_quote_slug(path)
        if ("quote", quote) not in withdrawn:
            yield {
                "pointer": _json_pointer(path),
                "was": _redact_withdrawn(was, withdrawn),
                "now": _redact_withdrawn(now, withdrawn),
            }
        elif quote not in withdrawn_quotes:
            # The values of a citation are words of its quote: the citation is shown as one change, without them.
            withdrawn_quotes.add(quote)
            ends = (_withdrawn_reference("quote", quote) if value is not None else None for value in (was, now))
            yield {"pointer": _json_pointer((*path[:3], quote))} | dict(zip(("was", "now"), ends, strict=True))


def _records_in_difference(difference: EditionDifference) -> Iterator[RecordKey]:
    """Yield the records that a difference contains."""
    for value in (difference.was, difference.now):
        if isinstance(value, dict):
            yield value["kind"], value["slug"]
    if quote := _cited_quote_slug(difference.path):
        yield "quote", quote


def _cited_quote_slug(path: Sequence[str]) -> str:
    """Return the slug of the quote of the citation that `path` leads into; "" if it leads into none."""
    return path[3].partition(":")[0] if len(path) > 3 and path[0] == "evidence" and path[2] == "citations" else ""


def _redact_withdrawn(value: Any, withdrawn: set[RecordKey]) -> Any:
    if isinstance(value, dict) and (value["kind"], value["slug"]) in withdrawn:
        return _withdrawn_reference(value["kind"], value["slug"])
    return value


def _withdrawn_reference(kind: str, slug: str) -> dict[str, Any]:
    return {"kind": kind, "slug": slug, "withdrawn": True}


def _json_pointer(path: Sequence[str]) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
