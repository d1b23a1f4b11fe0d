"""Live entities by their public ids, as printed; what was merged away is read as its survivor."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from entities.serializers import ENTITY_KINDS
from nato_support.api.collections import SLUG_PATTERN
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, sql_placeholders

IDS_PER_STATEMENT = 500
"""So many ids are asked for in one statement."""
_MAX_REDIRECTS = 20
_ENTITY_KIND_CONDITION = Sql(f" AND e.kind IN ({sql_placeholders(ENTITY_KINDS)})", ENTITY_KINDS)
_SLUG_REGEX = re.compile(SLUG_PATTERN)
_MAX_SLUG_LENGTH = 250


@dataclass(frozen=True)
class LiveEntity:
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


def find_live_entities(ids: Iterable[str]) -> dict[str, LiveEntity]:
    """Id as asked -> the live entity that it leads to. What is not public, or is no id, is left out."""
    wanted = {asked: asked for asked in ids if is_slug(asked)}
    survivors = dict(wanted)
    for _ in range(_MAX_REDIRECTS):
        leads = _redirects_by_slug(set(survivors.values()))
        if not leads:
            break
        survivors = {asked: leads.get(slug, slug) for asked, slug in survivors.items()}
    live = _live_by_slug(set(survivors.values()))
    return {asked: live[slug] for asked, slug in survivors.items() if slug in live}


def is_slug(text: str) -> bool:
    """Whether `text` may be a public id."""
    return len(text) <= _MAX_SLUG_LENGTH and bool(_SLUG_REGEX.fullmatch(text))


def _live_by_slug(slugs: Iterable[str]) -> dict[str, LiveEntity]:
    sql = f"SELECT e.kind, e.slug, e.name, e.document, e.evidence FROM publishing_edition e WHERE {LIVE_SQL}"
    return {row[1]: LiveEntity(*row) for row in _fetch_entity_rows(sql, slugs)}


def _redirects_by_slug(slugs: Iterable[str]) -> dict[str, str]:
    """Of `slugs`, those that were merged away -> where they lead next."""
    sql = "SELECT e.slug, e.moved_to FROM publishing_edition e WHERE e.superseded IS NULL AND e.withdrawn AND e.moved_to <> ''"
    return dict(_fetch_entity_rows(sql, slugs))


def _fetch_entity_rows(select: str, slugs: Iterable[str]) -> list[tuple]:
    every = sorted(slugs)
    rows: list[tuple] = []
    for at in range(0, len(every), IDS_PER_STATEMENT):
        rows += fetch_rows(Sql(select) + _ENTITY_KIND_CONDITION + _slugs_condition(every[at : at + IDS_PER_STATEMENT]))
    return rows


def _slugs_condition(slugs: Sequence[str]) -> Sql:
    return Sql(f" AND e.slug IN ({sql_placeholders(slugs)})", tuple(slugs))
