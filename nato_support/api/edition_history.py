"""What each edition of a record changed, told without a word of what was withdrawn since.

A record, a quote above all, stands in the editions of others; once it is withdrawn, their differences have its slug alone.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nato_support.api import record_queries
from nato_support.publishing.editions.edition_differences import EditionDifference, compare_documents

MAX_CHANGES_SHOWN = 50
"""How many differences of one edition are told."""
MAX_CHARACTERS_COMPARED = 8_000_000
"""How many characters of editions one page compares; of larger ones it has fewer."""

RecordKey = tuple[str, str]


def count_comparable_entries(entries: Sequence[record_queries.EditionListEntry], size: int) -> int:
    """How many of the entries, at least one and at most `size`, a page can compare."""
    compared = 0
    for at, entry in enumerate(entries[:size]):
        compared += entry.character_count
        if at and compared > MAX_CHARACTERS_COMPARED:
            return at
    return size


def diff_editions(
    kinds: Sequence[str], slug: str, entries: Sequence[record_queries.EditionListEntry], size: int
) -> list[tuple[record_queries.EditionListEntry, tuple[list[dict[str, Any]], bool]]]:
    """The first `size` of the editions `entries`, newest first, each with (its changes, whether there are more).

    Each is compared with the one after it. The first edition, and what ends a record or brings it back, changes nothing.
    """
    compared = entries[: size + 1]
    texts = record_queries.fetch_edition_texts(kinds, slug, [entry.number for entry in compared if not entry.withdrawn])
    bodies = [None if entry.withdrawn else _parse_edition_body(*texts[entry.number]) for entry in compared]
    found = [
        compare_documents(older, newer) if older and newer else []
        for newer, older in zip(bodies, [*bodies[1:], None], strict=True)
    ]
    gone = record_queries.withdrawn_among(
        {key for some in found for one in some[:MAX_CHANGES_SHOWN] for key in _records_in_difference(one)}
    )
    changes = [(list(_shown_changes(some[:MAX_CHANGES_SHOWN], gone)), len(some) > MAX_CHANGES_SHOWN) for some in found]
    return list(zip(entries[:size], changes, strict=False))


def _parse_edition_body(document: str, evidence: str) -> dict[str, Any]:
    return json.loads(document) | json.loads(evidence)


def _shown_changes(differences: Sequence[EditionDifference], gone: set[RecordKey]) -> Iterator[dict[str, Any]]:
    cited: set[str] = set()
    for path, was, now in differences:
        quote = _cited_quote_slug(path)
        if ("quote", quote) not in gone:
            yield {"pointer": _json_pointer(path), "was": _redact_withdrawn(was, gone), "now": _redact_withdrawn(now, gone)}
        elif quote not in cited:
            # What a citation states are the words of its quote.
            cited.add(quote)
            ends = (_withdrawn_reference("quote", quote) if value is not None else None for value in (was, now))
            yield {"pointer": _json_pointer((*path[:3], quote))} | dict(zip(("was", "now"), ends, strict=True))


def _records_in_difference(difference: EditionDifference) -> Iterator[RecordKey]:
    """The records that a difference speaks of."""
    for value in (difference.was, difference.now):
        if isinstance(value, dict):
            yield value["kind"], value["slug"]
    if quote := _cited_quote_slug(difference.path):
        yield "quote", quote


def _cited_quote_slug(path: Sequence[str]) -> str:
    """Slug of the quote of the citation in which a place lies; "" if it lies in none."""
    return path[3].partition(":")[0] if len(path) > 3 and path[0] == "evidence" and path[2] == "citations" else ""


def _redact_withdrawn(value: Any, gone: set[RecordKey]) -> Any:
    if isinstance(value, dict) and (value["kind"], value["slug"]) in gone:
        return _withdrawn_reference(value["kind"], value["slug"])
    return value


def _withdrawn_reference(kind: str, slug: str) -> dict[str, Any]:
    return {"kind": kind, "slug": slug, "withdrawn": True}


def _json_pointer(path: Sequence[str]) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
