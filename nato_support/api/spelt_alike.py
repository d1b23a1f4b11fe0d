"""Public records and values that are spelt like a text which names none: what somebody may have meant.

The cost is bounded: of slugs and values, the neighbours in the alphabet are compared; of names, those that the name index finds.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import OSA

from entities.serializers import ENTITY_KINDS
from nato_support.api import name_search, typeahead
from nato_support.api.record_names import names_of_records
from nato_support.api.sql import Sql, fetch_rows, join_sql, public_at_release_condition

MAX_ALIKE = 3
"""Most records or values that are given for one text."""
MIN_LIKENESS = 0.65
"""Least likeness, 0 to 1, of what is given."""
NEIGHBOURS_COMPARED = 50
"""Slugs of a kind and values of a field that are compared in each direction of the alphabet."""


class LikeRecord(NamedTuple):
    """Public record that may be meant."""

    kind: str
    slug: str
    name: str

    @property
    def reference(self) -> str:
        """Kind/slug."""
        return f"{self.kind}/{self.slug}"

    @classmethod
    def of_reference(cls, reference: str, name: str) -> "LikeRecord":
        """Return the record with this kind/slug."""
        kind, _, slug = reference.partition("/")
        return cls(kind, slug, name)


def records_spelt_alike(slug: str, kinds: Sequence[str], release: int | None = None) -> list[LikeRecord]:
    """Return the records of `kinds`, public now and at `release`, whose slug or name is most like `slug`, the best first."""
    likeness_by_reference: dict[str, float] = {}

    def weigh_candidate(reference: str, likeness: float) -> None:
        if likeness >= MIN_LIKENESS:
            likeness_by_reference[reference] = max(likeness, likeness_by_reference.get(reference, 0))

    for kind, other_slug in _neighbouring_slugs(slug, kinds, release):
        weigh_candidate(f"{kind}/{other_slug}", OSA.normalized_similarity(slug, other_slug))
    words = slug.replace("-", " ")
    if entity_kinds := [kind for kind in kinds if kind in ENTITY_KINDS]:
        for candidate in name_search.find_name_candidates(words, entity_kinds, MAX_ALIKE):
            weigh_candidate(f"{candidate.kind}/{candidate.slug}", candidate.score)
        if not likeness_by_reference:
            for row in typeahead.suggest_entities_by_name(words, entity_kinds, MAX_ALIKE):
                weigh_candidate(f"{row['kind']}/{row['slug']}", MIN_LIKENESS)
    names = names_of_records(likeness_by_reference, release)
    ranked = sorted(names, key=lambda reference: (-likeness_by_reference[reference], reference))
    return [LikeRecord.of_reference(reference, names[reference]) for reference in ranked[:MAX_ALIKE]]


def _neighbouring_slugs(slug: str, kinds: Sequence[str], release: int | None) -> list[tuple[str, str]]:
    """Return (kind, slug) of the public records of each of `kinds` that come next to `slug` in the alphabet."""
    is_public = public_at_release_condition("e", release)
    selects = (
        Sql(
            f"SELECT * FROM (SELECT e.kind, e.slug FROM publishing_edition e WHERE e.kind = %s AND e.slug {sign} %s AND ",
            (kind, slug),
        )
        + is_public
        + Sql(f" ORDER BY e.slug {order} LIMIT {NEIGHBOURS_COMPARED}) {side}{at}")
        for at, kind in enumerate(kinds)
        for side, sign, order in (("before", "<", "DESC"), ("after", ">", "ASC"))
    )
    return fetch_rows(join_sql(" UNION ALL ", selects))


def most_alike(text: str, values: Iterable[str]) -> list[str]:
    """Return those of `values` that are spelt like `text`, upper and lower case being the same, the most alike first."""
    folded = text.casefold()
    likeness = {value: OSA.normalized_similarity(folded, value.casefold()) for value in values if value != text}
    return sorted((value for value in likeness if likeness[value] >= MIN_LIKENESS), key=lambda value: (-likeness[value], value))


def neighbouring_values(text: str, term_fields: Iterable[str]) -> set[str]:
    """Return the values of terms that come next to `text` in the alphabet, as written and in lower case.

    No record that is public need have them.
    """
    return {
        value
        for start in {text, text.casefold()}
        for term_field in term_fields
        for value in _neighbouring_values(start, term_field)
    }


def _neighbouring_values(text: str, term_field: str) -> list[str]:
    """Return the distinct values of terms in a field that come next to `text` in the alphabet, each found in the index."""
    selects = []
    for name, sign, order in (("before", "<", "DESC"), ("after", ">", "ASC")):
        # A step for each distinct value: any number of records may have the same one.
        step = f"(SELECT t.value FROM publishing_editionterm t WHERE t.field = %s AND t.value {sign}"
        end = f"ORDER BY t.value {order} LIMIT 1)"
        selects.append(
            Sql(
                f"SELECT * FROM (WITH RECURSIVE {name} (value, place) AS (SELECT {step} %s {end}, 1 UNION ALL"
                f" SELECT {step} {name}.value {end}, {name}.place + 1 FROM {name}"
                f" WHERE {name}.value IS NOT NULL AND {name}.place < {NEIGHBOURS_COMPARED})"
                f" SELECT value FROM {name} WHERE value IS NOT NULL) {name}_values",
                (term_field, text, term_field),
            )
        )
    return [value for (value,) in fetch_rows(join_sql(" UNION ALL ", selects))]
