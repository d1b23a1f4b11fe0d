"""Look up live entities by slug; a merged entity leads to its survivor."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from entities.serializers import ENTITY_KINDS
from nato_support.api.collections import SLUG_PATTERN
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, sql_placeholders
from nato_support.publishing.editions.name_keys import further_names

IDS_PER_STATEMENT = 500
"""Limit on the ids in one SQL statement."""
_MAX_REDIRECTS = 20
_ENTITY_KIND_CONDITION = Sql(f" AND e.kind IN ({sql_placeholders(ENTITY_KINDS)})", ENTITY_KINDS)
_SLUG_REGEX = re.compile(SLUG_PATTERN)
_MAX_SLUG_LENGTH = 250


@dataclass(frozen=True)
class LiveEntity:
    """The live edition of an entity. Its JSON is parsed when needed."""

    kind: str
    slug: str
    name: str
    document_json: str
    evidence_json: str

    @cached_property
    def document(self) -> dict:
        return json.loads(self.document_json)

    @cached_property
    def evidence(self) -> dict:
        return json.loads(self.evidence_json)

    @property
    def other_names(self) -> list[str]:
        """Its names beside its own, without mentions."""
        return further_names(self.evidence)

    @property
    def all_names(self) -> list[str]:
        """Its own name, then the others."""
        return [self.name, *self.other_names]

    @property
    def identifiers(self) -> list[tuple[str, str]]:
        """(scheme, value) pairs."""
        return [(identifier["scheme"], identifier["value"]) for identifier in self.evidence.get("identifiers", ())]


def find_live_entities(ids: Iterable[str]) -> dict[str, LiveEntity]:
    """Requested id -> the live entity that it leads to. Malformed ids and ids without a public entity are left out."""
    survivors = {id: id for id in ids if is_slug(id)}
    for _ in range(_MAX_REDIRECTS):
        redirects = _redirects_by_slug(set(survivors.values()))
        if not redirects:
            break
        survivors = {id: redirects.get(slug, slug) for id, slug in survivors.items()}
    entities = _live_by_slug(set(survivors.values()))
    return {id: entities[slug] for id, slug in survivors.items() if slug in entities}


def is_slug(text: str) -> bool:
    """Return whether a text is a well-formed slug."""
    return len(text) <= _MAX_SLUG_LENGTH and bool(_SLUG_REGEX.fullmatch(text))


def _live_by_slug(slugs: Iterable[str]) -> dict[str, LiveEntity]:
    sql = f"SELECT e.kind, e.slug, e.name, e.document, e.evidence FROM publishing_edition e WHERE {LIVE_SQL}"
    return {row[1]: LiveEntity(*row) for row in _fetch_entity_rows(sql, slugs)}


def _redirects_by_slug(slugs: Iterable[str]) -> dict[str, str]:
    """Slug of a merged entity -> slug that it redirects to, which may itself be merged."""
    sql = "SELECT e.slug, e.moved_to FROM publishing_edition e WHERE e.superseded IS NULL AND e.withdrawn AND e.moved_to <> ''"
    return dict(_fetch_entity_rows(sql, slugs))


def _fetch_entity_rows(select: str, slugs: Iterable[str]) -> list[tuple]:
    ordered = sorted(slugs)
    rows: list[tuple] = []
    for start in range(0, len(ordered), IDS_PER_STATEMENT):
        rows += fetch_rows(Sql(select) + _ENTITY_KIND_CONDITION + _slugs_condition(ordered[start : start + IDS_PER_STATEMENT]))
    return rows


def _slugs_condition(slugs: Sequence[str]) -> Sql:
    return Sql(f" AND e.slug IN ({sql_placeholders(slugs)})", tuple(slugs))
