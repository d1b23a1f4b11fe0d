"""Live entities by their public ids, as printed; what was merged away is read as its survivor."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from entities.serializers import ENTITY_KINDS
from nato_support.api.collections import SLUG
from nato_support.api.sql import LIVE, Sql, fetch, marks

CHUNK = 500
"""So many ids are asked for in one statement."""
_LONGEST_CHAIN = 20
_OF_ENTITIES = Sql(f" AND e.kind IN ({marks(ENTITY_KINDS)})", ENTITY_KINDS)
_SLUG = re.compile(SLUG)
_LONGEST_SLUG = 250


@dataclass(frozen=True)
class Record:
    """One live entity. Its JSON is read when it is needed."""

    kind: str
    slug: str
    name: str
    document: str
    evidence: str

    @cached_property
    def lean(self) -> dict:
        return json.loads(self.document)

    @cached_property
    def extra(self) -> dict:
        return json.loads(self.evidence)

    @property
    def other_names(self) -> list[str]:
        return [name["text"] for name in self.extra.get("names", ())]

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """(scheme, value) pairs."""
        return [(one["scheme"], one["value"]) for one in self.extra.get("identifiers", ())]


def named(ids: Iterable[str]) -> dict[str, Record]:
    """Id as asked -> the live entity that it leads to. What is not public, or is no id, is left out."""
    wanted = {asked: asked for asked in ids if is_slug(asked)}
    survivors = dict(wanted)
    for _ in range(_LONGEST_CHAIN):
        leads = _signposts(set(survivors.values()))
        if not leads:
            break
        survivors = {asked: leads.get(slug, slug) for asked, slug in survivors.items()}
    live = _live(set(survivors.values()))
    return {asked: live[slug] for asked, slug in survivors.items() if slug in live}


def is_slug(text: str) -> bool:
    """Whether `text` may be a public id."""
    return len(text) <= _LONGEST_SLUG and bool(_SLUG.fullmatch(text))


def _live(slugs: Iterable[str]) -> dict[str, Record]:
    sql = f"SELECT e.kind, e.slug, e.name, e.document, e.evidence FROM editions_edition e WHERE {LIVE}"
    return {row[1]: Record(*row) for row in _rows(sql, slugs)}


def _signposts(slugs: Iterable[str]) -> dict[str, str]:
    """Of `slugs`, those that were merged away -> where they lead next."""
    sql = "SELECT e.slug, e.moved_to FROM editions_edition e WHERE e.superseded IS NULL AND e.withdrawn AND e.moved_to <> ''"
    return dict(_rows(sql, slugs))


def _rows(select: str, slugs: Iterable[str]) -> list[tuple]:
    every = sorted(slugs)
    rows: list[tuple] = []
    for at in range(0, len(every), CHUNK):
        rows += fetch(Sql(select) + _OF_ENTITIES + _among(every[at : at + CHUNK]))
    return rows


def _among(slugs: Sequence[str]) -> Sql:
    return Sql(f" AND e.slug IN ({marks(slugs)})", tuple(slugs))
