"""Which live entities a query may mean: those called so, those with such an id, those with such properties."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from entities import vocabulary as v
from nato_support.api.reconciling.kinds import KINDS, kinds_of
from nato_support.api.reconciling.properties import PROPERTIES
from nato_support.api.reconciling.queries import LONGEST, Query
from nato_support.api.reconciling.shortlisting import Shortlists, slugs_of
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


class Found(NamedTuple):
    """A live entity that has just what was looked for."""

    slug: str
    name: str
    """Its main name."""
    kind: str


def alike(queries: Sequence[Query], called: Mapping[str, Sequence[Found]]) -> list[dict[str, Likeness]]:
    """For each query: its names -> the entities that may be called so.

    Where nothing but a name is asked, and somebody is `called` just so, nobody else is looked for.
    """
    each = max(1, NAMES // max(1, len(queries)))

    def stands(text: str, query: Query) -> bool:
        fitting = (not query.types or one.kind in query.types for one in called.get(text, ()))
        return len(query.conditions) == 1 and any(fitting)

    texts = [[text for text in query.names[:each] if text and not stands(text, query)] for query in queries]
    shortlists = Shortlists(text for some in texts for text in some)
    found = [{text: _alike(text, query, shortlists) for text in some} for query, some in zip(queries, texts, strict=True)]
    slugs = slugs_of({edition for by_text in found for likely in by_text.values() for edition in likely})
    return [
        {
            text: {slugs[edition]: score for edition, score in likely.items() if edition in slugs}
            for text, likely in by_text.items()
        }
        for by_text in found
    ]


def _alike(text: str, query: Query, shortlists: Shortlists) -> dict[int, float]:
    """The likeliest editions, a few more than are asked for."""
    asked = kinds_of(query.types)
    found = shortlists.likely(text, asked)
    if query.strict == "should" and max(found.values(), default=0) < ENOUGH:
        found |= shortlists.likely(text, [kind for kind in KINDS if kind not in asked])
    return dict(islice(found.items(), 2 * query.limit))


def called(texts: Iterable[str]) -> dict[str, list[Found]]:
    """Text -> those that have exactly this name, upper and lower case alike."""
    return _having({text: ("name", (text.casefold()[:LONGEST],)) for text in texts})


def identified(texts: Iterable[str]) -> dict[str, list[Found]]:
    """Text -> those with this identifier."""
    return _having({text: ("identifier", _identifiers(text)) for text in texts if text and " " not in text})


def as_slug(text: str) -> str:
    """The public id that a text may be, or that it ends with if it is an address of the API."""
    return text.rstrip("/").rpartition("/")[2] if _RECORDS in text else text


def with_properties(query: Query) -> list[str]:
    """Slugs of those that have what a query without a name asks for, by the property that names it best."""
    asked = [one for one in query.conditions if one.by == "property" and one.quantifier != "none"]
    terms: dict[str, tuple[str, Sequence[str]]] = {}
    for at, condition in enumerate(asked):
        looked_up = PROPERTIES.get(condition.property)
        if looked_up and looked_up.terms:
            values = [value for text in condition.values for value in looked_up.terms(text)]
            if values:
                terms[str(at)] = (looked_up.field or looked_up.id, values)
    found = _having(terms)
    counted: dict[str, int] = {}
    for rows in found.values():
        for one in rows:
            counted[one.slug] = counted.get(one.slug, 0) + 1
    return sorted(counted, key=lambda slug: (-counted[slug], slug))


def _identifiers(text: str) -> list[str]:
    bare = text.rstrip("/").rpartition("/")[2]
    forms = dict.fromkeys((text, bare, bare.upper()))
    return [text, *(f"{scheme}:{form}"[:LONGEST] for scheme in v.IdentifierScheme.values for form in forms)]


def _having(terms: dict[str, tuple[str, Sequence[str]]]) -> dict[str, list[Found]]:
    """Asked -> up to SAME live entities with one of those values in that field."""
    asked = list(terms)
    found: dict[str, list[Found]] = {}
    for start in range(0, len(asked), _AT_ONCE):
        pieces = (_piece(at, *terms[asked[at]]) for at in range(start, min(start + _AT_ONCE, len(asked))))
        for at, *one in fetch(joined(" UNION ALL ", pieces)):
            found.setdefault(asked[at], []).append(Found(*one))
    return found


def _piece(at: int, field: str, values: Sequence[str]) -> Sql:
    return Sql(
        f"SELECT * FROM (SELECT DISTINCT {at} AS asked, e.slug, e.name, e.kind FROM editions_editionterm x"
        " CROSS JOIN editions_edition e WHERE e.id = x.edition_id AND x.field = %s"
        f" AND x.value IN ({marks(values)}) AND x.kind IN ({marks(KINDS)}) AND {LIVE} LIMIT {SAME}) t{at}",
        (field, *values, *KINDS),
    )
