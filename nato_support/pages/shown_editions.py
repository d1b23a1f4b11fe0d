"""What the page of a record shows beside the record: the editions that name it, and those at the other ends of their relations.

Editions never change, so that a page follows from the ids of those that it shows.
"""

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import Any

from entities.serializers import ENTITY_KINDS
from nato_support.api.entity_graph import FIELDS_BY_TARGET_KIND, REFERENCE_FIELDS
from nato_support.api.entity_timeline import NAMING_FIELDS
from nato_support.api.register_state import RegisterState
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, records_condition
from nato_support.pages.related_records import related_terms

MAX_NAMING = 200
"""Most editions that name a record in one way that are told apart; beyond, each release may have changed the page."""
_RESTING_KINDS = (*ENTITY_KINDS, "relation")


def shown_editions(document: dict[str, Any], register: RegisterState) -> tuple:
    """Return what tells the page of a live record as it is now from every other one, but for the record's own edition.

    These are ids of editions, in two statements, and the release too if there are too many of them.
    """
    kind, slug = document["kind"], document["slug"]
    naming = _editions_naming(kind, slug)
    ends = {*_references(document)}
    for _, _, end in naming:
        end_kind, _, end_slug = end.partition("/")
        ends |= {(end_kind, end_slug)} if end else set()
    ends.discard((kind, slug))
    # A relation may be there once for each of its ends.
    counts = Counter(at for at, _ in {(at, id) for at, id, _ in naming})
    is_too_many = any(count > MAX_NAMING for count in counts.values())
    return frozenset(id for _, id, _ in naming), _live_editions(ends), register if is_too_many else None


def _naming_terms(kind: str) -> list[tuple[str, str]]:
    """Return (field, kind) of the editions that the page of a record of this kind is made from."""
    if kind == "quote":
        return [("quote", naming_kind) for naming_kind in _RESTING_KINDS]
    if kind == "document":
        return [("document", naming_kind) for naming_kind in ("quote", *_RESTING_KINDS)]
    in_graph = [(field, REFERENCE_FIELDS[field][0]) for field in FIELDS_BY_TARGET_KIND.get(kind, ())]
    return list(dict.fromkeys([*NAMING_FIELDS.get(kind, ()), *in_graph, *related_terms(kind)]))


def _editions_naming(kind: str, slug: str) -> list[tuple[int, int, str]]:
    """Return (position of the term, edition id, end of a relation) of the live editions that name a record."""
    text, terms = _naming_sql(kind)
    value = f"{kind}/{slug}"
    return fetch_rows(Sql(text, tuple(chain.from_iterable((field, value, of) for field, of in terms)))) if terms else []


@lru_cache(maxsize=16)
def _naming_sql(kind: str) -> tuple[str, list[tuple[str, str]]]:
    """Return the statement for records of a kind, and its terms, each with its (field, value, kind) to fill in."""
    terms = _naming_terms(kind)
    selects = []
    for at, (field, _) in enumerate(terms):
        naming = (
            "SELECT e.id AS id FROM publishing_editionterm t CROSS JOIN publishing_edition e WHERE e.id = t.edition_id"
            f" AND t.field = %s AND t.value = %s AND t.kind = %s AND {LIVE_SQL}"
            f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MAX_NAMING + 1}"
        )
        # A relation has this term for each of its ends.
        ends = f" JOIN publishing_editionterm y ON y.edition_id = n{at}.id AND y.field = 'entity'" if field == "entity" else ""
        end = "y.value" if field == "entity" else "''"
        selects.append(f"SELECT {at} AS at, n{at}.id, {end} AS value FROM ({naming}) n{at}{ends}")
    return " UNION ALL ".join(selects), terms


def _references(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the entities that fields of a document name."""
    for name, value in document.items():
        if name in REFERENCE_FIELDS or name == "milestones":
            for reference in value if isinstance(value, list) else [value]:
                named = reference["event"] if reference and name == "milestones" else reference
                if named:
                    yield named["kind"], named["slug"]


def _live_editions(keys: set[tuple[str, str]]) -> frozenset[int]:
    if not keys:
        return frozenset()
    live = Sql("SELECT e.id FROM publishing_edition e WHERE ") + records_condition(sorted(keys)) + Sql(f" AND {LIVE_SQL}")
    return frozenset(id for (id,) in fetch_rows(live))
