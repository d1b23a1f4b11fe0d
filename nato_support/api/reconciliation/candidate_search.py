"""Which live entities a query may mean: those called so, those with such an id, those with such properties."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from entities import vocabulary as v
from nato_support.api.reconciliation.entity_properties import PROPERTIES
from nato_support.api.reconciliation.entity_types import KINDS, kinds_of_types
from nato_support.api.reconciliation.name_shortlists import NameShortlists, slugs_by_edition
from nato_support.api.reconciliation.query_batches import MAX_TEXT_LENGTH, ReconciliationQuery
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders

MAX_NAMES_PER_BATCH = 120
"""So many names of a batch are looked for by their likeness, each query's first in any case; the others only as they stand."""
CLOSE_ENOUGH = 0.85
"""A name as like as this is not looked for among other types than those asked for."""
MAX_EQUAL_ENTITIES = 20
"""So many entities that are called just the same, or have just this property, are candidates."""
_LOOKUPS_PER_STATEMENT = 40
_API_PREFIX = "/api/v1/"

LikenessBySlug = dict[str, float]
"""Slug -> how alike the name is, 0 to 1."""


class FoundEntity(NamedTuple):
    """A live entity that has just what was looked for."""

    slug: str
    name: str
    """Its main name."""
    kind: str


def find_similar_names(
    queries: Sequence[ReconciliationQuery], entities_by_name: Mapping[str, Sequence[FoundEntity]]
) -> list[dict[str, LikenessBySlug]]:
    """For each query: its names -> the entities that may be called so.

    Where nothing but a name is asked, and somebody is `called` just so, nobody else is looked for.
    """
    each = max(1, MAX_NAMES_PER_BATCH // max(1, len(queries)))

    def is_named_exactly(text: str, query: ReconciliationQuery) -> bool:
        fitting = (not query.types or one.kind in query.types for one in entities_by_name.get(text, ()))
        return len(query.conditions) == 1 and any(fitting)

    texts = [[text for text in query.names[:each] if text and not is_named_exactly(text, query)] for query in queries]
    shortlists = NameShortlists(text for some in texts for text in some)
    found = [
        {text: _find_similar_editions(text, query, shortlists) for text in some}
        for query, some in zip(queries, texts, strict=True)
    ]
    slugs = slugs_by_edition({edition for by_text in found for likely in by_text.values() for edition in likely})
    return [
        {
            text: {slugs[edition]: score for edition, score in likely.items() if edition in slugs}
            for text, likely in by_text.items()
        }
        for by_text in found
    ]


def _find_similar_editions(text: str, query: ReconciliationQuery, shortlists: NameShortlists) -> dict[int, float]:
    """The likeliest editions, a few more than are asked for."""
    asked = kinds_of_types(query.types)
    found = shortlists.likely_editions(text, asked)
    if query.strict == "should" and max(found.values(), default=0) < CLOSE_ENOUGH:
        found |= shortlists.likely_editions(text, [kind for kind in KINDS if kind not in asked])
    return dict(islice(found.items(), 2 * query.limit))


def find_by_name(texts: Iterable[str]) -> dict[str, list[FoundEntity]]:
    """Text -> those that have exactly this name, upper and lower case alike."""
    return _find_by_terms({text: ("name", (text.casefold()[:MAX_TEXT_LENGTH],)) for text in texts})


def find_by_identifier(texts: Iterable[str]) -> dict[str, list[FoundEntity]]:
    """Text -> those with this identifier."""
    return _find_by_terms({text: ("identifier", _identifier_forms(text)) for text in texts if text and " " not in text})


def slug_from_text(text: str) -> str:
    """The public id that a text may be, or that it ends with if it is an address of the API."""
    return text.rstrip("/").rpartition("/")[2] if _API_PREFIX in text else text


def find_by_properties(query: ReconciliationQuery) -> list[str]:
    """Slugs of those that have what a query without a name asks for, by the property that names it best."""
    asked = [one for one in query.conditions if one.by == "property" and one.quantifier != "none"]
    terms: dict[str, tuple[str, Sequence[str]]] = {}
    for at, condition in enumerate(asked):
        looked_up = PROPERTIES.get(condition.property)
        if looked_up and looked_up.terms:
            values = [value for text in condition.values for value in looked_up.terms(text)]
            if values:
                terms[str(at)] = (looked_up.field or looked_up.id, values)
    found = _find_by_terms(terms)
    counted: dict[str, int] = {}
    for rows in found.values():
        for one in rows:
            counted[one.slug] = counted.get(one.slug, 0) + 1
    return sorted(counted, key=lambda slug: (-counted[slug], slug))


def _identifier_forms(text: str) -> list[str]:
    bare = text.rstrip("/").rpartition("/")[2]
    forms = dict.fromkeys((text, bare, bare.upper()))
    return [text, *(f"{scheme}:{form}"[:MAX_TEXT_LENGTH] for scheme in v.IdentifierScheme.values for form in forms)]


def _find_by_terms(terms: dict[str, tuple[str, Sequence[str]]]) -> dict[str, list[FoundEntity]]:
    """Asked -> up to SAME live entities with one of those values in that field."""
    asked = list(terms)
    found: dict[str, list[FoundEntity]] = {}
    for start in range(0, len(asked), _LOOKUPS_PER_STATEMENT):
        pieces = (_term_lookup_sql(at, *terms[asked[at]]) for at in range(start, min(start + _LOOKUPS_PER_STATEMENT, len(asked))))
        for at, *one in fetch_rows(join_sql(" UNION ALL ", pieces)):
            found.setdefault(asked[at], []).append(FoundEntity(*one))
    return found


def _term_lookup_sql(at: int, field: str, values: Sequence[str]) -> Sql:
    return Sql(
        f"SELECT * FROM (SELECT DISTINCT {at} AS asked, e.slug, e.name, e.kind FROM publishing_editionterm x"
        " CROSS JOIN publishing_edition e WHERE e.id = x.edition_id AND x.field = %s"
        f" AND x.value IN ({sql_placeholders(values)}) AND x.kind IN ({sql_placeholders(KINDS)}) AND {LIVE_SQL} LIMIT {MAX_EQUAL_ENTITIES}) t{at}",
        (field, *values, *KINDS),
    )
