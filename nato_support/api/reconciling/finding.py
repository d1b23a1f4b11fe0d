"""Which live entities a query may mean: those called so, those with such an id, those with such properties."""

from collections.abc import Iterable, Sequence

from entities import vocabulary as v
from nato_support.api import naming
from nato_support.api.reconciling.kinds import KINDS, kinds_of
from nato_support.api.reconciling.properties import PROPERTIES
from nato_support.api.reconciling.queries import LONGEST, Query
from nato_support.api.sql import LIVE, Sql, fetch, joined, marks

NAMES = 120
"""So many names of a batch are looked for by their likeness, each query's first in any case; the others only as they stand."""
ENOUGH = 0.85
"""A name as like as this is not looked for among other types than those asked for."""
SAME = 20
"""So many entities that are called just the same, or have just this property, are candidates."""
_AT_ONCE = 40
_RECORDS = "/api/v1/"

Likeness = dict[str, float]
"""Slug -> how alike the name is, 0 to 1."""


def alike(queries: Sequence[Query]) -> list[dict[str, Likeness]]:
    """For each query: its names -> the entities that may be called so."""
    each = max(1, NAMES // max(1, len(queries)))
    return [{text: _alike(text, query) for text in query.names[:each] if text} for query in queries]


def _alike(text: str, query: Query) -> Likeness:
    asked = kinds_of(query.types)
    found = _near(text, asked, query.limit) if asked else {}
    if query.strict == "should" and max(found.values(), default=0) < ENOUGH:
        others = tuple(kind for kind in KINDS if kind not in asked)
        found |= _near(text, others, query.limit) if others else {}
    return found


def _near(text: str, kinds: tuple[str, ...], limit: int) -> Likeness:
    return {one.slug: one.score for one in naming.candidates(text, kinds, limit + 5)}


def called(texts: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Text -> slug and main name of those that have exactly this name, upper and lower case alike."""
    return _having({text: ("name", (text.casefold()[:LONGEST],)) for text in texts})


def identified(texts: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
    """Text -> slug and main name of those with this identifier."""
    return _having({text: ("identifier", _identifiers(text)) for text in texts if text and " " not in text})


def as_slug(text: str) -> str:
    """The public id that a text may be, or that it ends with if it is an address of the API."""
    return text.rstrip("/").rpartition("/")[2] if _RECORDS in text else text


def with_properties(query: Query) -> list[str]:
    """Slugs of those that have what a query without a name asks for, by the property that names it best."""
    asked = [one for one in query.conditions if one.by == "property" and one.quantifier != "none"]
    terms = {}
    for at, condition in enumerate(asked):
        looked_up = PROPERTIES.get(condition.property)
        if looked_up and looked_up.terms:
            values = [value for text in condition.values for value in looked_up.terms(text)]
            if values:
                terms[str(at)] = (looked_up.field or looked_up.id, values)
    found = _having(terms)
    counted: dict[str, int] = {}
    for rows in found.values():
        for slug, _ in rows:
            counted[slug] = counted.get(slug, 0) + 1
    return sorted(counted, key=lambda slug: (-counted[slug], slug))


def _identifiers(text: str) -> list[str]:
    bare = text.rstrip("/").rpartition("/")[2]
    forms = dict.fromkeys((text, bare, bare.upper()))
    return [text, *(f"{scheme}:{form}"[:LONGEST] for scheme in v.IdentifierScheme.values for form in forms)]


def _having(terms: dict[str, tuple[str, Sequence[str]]]) -> dict[str, list[tuple[str, str]]]:
    """Asked -> slug and name of up to SAME live entities with one of those values in that field."""
    asked = list(terms)
    found: dict[str, list[tuple[str, str]]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        pieces = (_piece(at, *terms[asked[at]]) for at in range(start, min(start + _AT_ONCE, len(asked))))
        for at, slug, name in fetch(joined(" UNION ALL ", pieces)):
            found.setdefault(asked[at], []).append((slug, name))
    return found


def _piece(at: int, field: str, values: Sequence[str]) -> Sql:
    return Sql(
        f"SELECT * FROM (SELECT DISTINCT {at} AS asked, e.slug, e.name FROM editions_editionterm x"
        " CROSS JOIN editions_edition e WHERE e.id = x.edition_id AND x.field = %s"
        f" AND x.value IN ({marks(values)}) AND x.kind IN ({marks(KINDS)}) AND {LIVE} LIMIT {SAME}) t{at}",
        (field, *values, *KINDS),
    )
