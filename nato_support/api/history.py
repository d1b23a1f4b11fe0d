"""What each edition of a record changed, told without a word of what was withdrawn since.

A record, a quote above all, stands in the editions of others; once it is withdrawn, their differences have its slug alone.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nato_support.api import records
from nato_support.editions.differences import Difference, differences

MOST_CHANGES = 50
"""How many differences of one edition are told."""
MOST_COMPARED = 8_000_000
"""How many characters of editions one page compares; of larger ones it has fewer."""

Key = tuple[str, str]


def comparable(entries: Sequence[records.Entry], size: int) -> int:
    """How many of the entries, at least one and at most `size`, a page can compare."""
    compared = 0
    for at, entry in enumerate(entries[:size]):
        compared += entry.size
        if at and compared > MOST_COMPARED:
            return at
    return size


def told(
    kinds: Sequence[str], slug: str, entries: Sequence[records.Entry], size: int
) -> list[tuple[records.Entry, tuple[list[dict[str, Any]], bool]]]:
    """The first `size` of the editions `entries`, newest first, each with (its changes, whether there are more).

    Each is compared with the one after it. The first edition, and what ends a record or brings it back, changes nothing.
    """
    compared = entries[: size + 1]
    texts = records.printed(kinds, slug, [entry.number for entry in compared if not entry.withdrawn])
    bodies = [None if entry.withdrawn else _read(*texts[entry.number]) for entry in compared]
    found = [
        differences(older, newer) if older and newer else [] for newer, older in zip(bodies, [*bodies[1:], None], strict=True)
    ]
    gone = records.gone({key for some in found for one in some[:MOST_CHANGES] for key in _named(one)})
    changes = [(list(_told(some[:MOST_CHANGES], gone)), len(some) > MOST_CHANGES) for some in found]
    return list(zip(entries[:size], changes, strict=False))


def _read(document: str, evidence: str) -> dict[str, Any]:
    return json.loads(document) | json.loads(evidence)


def _told(found: Sequence[Difference], gone: set[Key]) -> Iterator[dict[str, Any]]:
    cited: set[str] = set()
    for path, was, now in found:
        quote = _quote(path)
        if ("quote", quote) not in gone:
            yield {"pointer": _pointer(path), "was": _without(was, gone), "now": _without(now, gone)}
        elif quote not in cited:
            # What a citation states are the words of its quote.
            cited.add(quote)
            ends = (_withdrawn("quote", quote) if value is not None else None for value in (was, now))
            yield {"pointer": _pointer((*path[:3], quote))} | dict(zip(("was", "now"), ends, strict=True))


def _named(one: Difference) -> Iterator[Key]:
    """The records that a difference speaks of."""
    for value in (one.was, one.now):
        if isinstance(value, dict):
            yield value["kind"], value["slug"]
    if quote := _quote(one.path):
        yield "quote", quote


def _quote(path: Sequence[str]) -> str:
    """Slug of the quote of the citation in which a place lies; "" if it lies in none."""
    return path[3].partition(":")[0] if len(path) > 3 and path[0] == "evidence" and path[2] == "citations" else ""


def _without(value: Any, gone: set[Key]) -> Any:
    if isinstance(value, dict) and (value["kind"], value["slug"]) in gone:
        return _withdrawn(value["kind"], value["slug"])
    return value


def _withdrawn(kind: str, slug: str) -> dict[str, Any]:
    return {"kind": kind, "slug": slug, "withdrawn": True}


def _pointer(path: Sequence[str]) -> str:
    return "".join(f"/{part.replace('~', '~0').replace('/', '~1')}" for part in path)
