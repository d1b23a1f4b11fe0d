"""Predicates that filter a list: each selects all matching editions, or tests one, now or as of a release.

`edition_queries` selects by the most selective predicate and tests the others, so each must do both within an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nato_support.api.sql import Sql, join_sql, public_at_release_condition, sql_placeholders


class Predicate(Protocol):
    """Filter of a list of editions."""

    @property
    def is_negated(self) -> bool:
        """True for editions without a match; `matching_ids` cannot be used then."""

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        """Select the ids of matching editions of `kinds`, past ones among them, each at most once, as column `id`."""

    def edition_condition(self, release: int | None) -> Sql:
        """Return the condition that edition `e` matches."""


class TermMatch(Protocol):
    """Condition on the term `x`."""

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        """Return the condition, for the terms of one edition if `tested`, else for all terms."""


@dataclass(frozen=True, slots=True)
class TermIn:
    """Term of `field` with one of `values`; a record has no more than one of them if they are `exclusive`."""

    field: str
    values: tuple[str, ...]
    exclusive: bool = False

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        return Sql(f"x.field = %s AND x.value IN ({sql_placeholders(self.values)})", (self.field, *self.values))


@dataclass(frozen=True, slots=True)
class TermBetween:
    """Term of `field` from `low` to `high`, both included, that begins with `prefix`.

    If a term is an interval, `low` and `high` bound its beginning; its end, which is written from the character
    `end_position` on, counted from 1, is no less than `min_end` and no more than `max_end`.
    """

    field: str
    low: str
    high: str
    prefix: str = ""
    end_position: int = 0
    min_end: str = ""
    max_end: str = ""

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        condition = Sql("x.field = %s AND x.value >= %s AND x.value <= %s", (self.field, self.low, self.high))
        if self.prefix:
            # Collations that ignore punctuation may sort other prefixes in between.
            condition += Sql(" AND substr(x.value, 1, %s) = %s", (len(self.prefix), self.prefix))
        if self.min_end:
            condition += Sql(" AND substr(x.value, %s) >= %s", (self.end_position, self.min_end))
        if self.max_end:
            condition += Sql(" AND substr(x.value, %s) <= %s", (self.end_position, self.max_end))
        return condition


@dataclass(frozen=True, slots=True)
class ViaReference:
    """Term of `field` that refers to a record of `kind` which has a term of `target_field` with one of `values`."""

    field: str
    kind: str
    target_field: str
    values: tuple[str, ...]

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        target = Sql(f"y.field = %s AND y.value IN ({sql_placeholders(self.values)})", (self.target_field, *self.values))
        if tested:
            # A look-up for each term: SQLite would build a list anew for each edition.
            start = len(self.kind) + 2
            reference = Sql(
                "x.field = %s AND EXISTS (SELECT 1 FROM publishing_edition n CROSS JOIN publishing_editionterm y"
                f" WHERE n.kind = '{self.kind}' AND n.slug = substr(x.value, {start}) AND y.edition_id = n.id AND ",
                (self.field,),
            )
        else:
            reference = Sql(
                f"x.field = %s AND x.value IN (SELECT '{self.kind}/' || n.slug FROM publishing_editionterm y"
                f" CROSS JOIN publishing_edition n WHERE y.kind = '{self.kind}' AND n.id = y.edition_id AND ",
                (self.field,),
            )
        return reference + target + Sql(" AND ") + public_at_release_condition("n", release) + Sql(")")


@dataclass(frozen=True, slots=True)
class TermPredicate:
    """Editions with a term that fits any of `term_matches`; if negated, those without one."""

    term_matches: tuple[TermMatch, ...]
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        # Editions may have several such terms; each must come once.
        first = self.term_matches[0]
        single = len(self.term_matches) == 1 and isinstance(first, TermIn) and (first.exclusive or len(first.values) == 1)
        among = Sql(f" AND x.kind IN ({sql_placeholders(kinds)})", tuple(kinds))
        select = Sql(f"SELECT {'' if single else 'DISTINCT '}x.edition_id AS id FROM publishing_editionterm x WHERE ")
        ids = join_sql(" UNION ALL ", (select + match.term_condition(release) + among for match in self.term_matches))
        # Not UNION, which builds its whole result before it gives the first row.
        return Sql("SELECT DISTINCT id FROM (") + ids + Sql(") found") if len(self.term_matches) > 1 else ids

    def edition_condition(self, release: int | None) -> Sql:
        alternatives = join_sql(
            " OR ", (Sql("(") + match.term_condition(release, tested=True) + Sql(")") for match in self.term_matches)
        )
        negation = "NOT " if self.is_negated else ""
        exists = f"{negation}EXISTS (SELECT 1 FROM publishing_editionterm x WHERE x.edition_id = e.id AND ("
        return Sql(exists) + alternatives + Sql("))")


@dataclass(frozen=True, slots=True)
class SlugPredicate:
    """Records by their slugs."""

    slugs: tuple[str, ...]
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        condition = f"x.kind IN ({sql_placeholders(kinds)}) AND x.slug IN ({sql_placeholders(self.slugs)})"
        return Sql(f"SELECT x.id AS id FROM publishing_edition x WHERE {condition}", (*kinds, *self.slugs))

    def edition_condition(self, release: int | None) -> Sql:
        return Sql(f"e.slug IN ({sql_placeholders(self.slugs)})", self.slugs)


@dataclass(frozen=True, slots=True)
class RelationPredicate:
    """Entities in a public relation with one of `other_ends` (kind/slug), of one of `types` and of one of `modalities`.

    At least one of the three is given; what is given is true of the same relation.
    """

    other_ends: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        literals = self._literals()
        if self.other_ends:
            first_condition = self._other_end_condition()
        else:
            field, values = literals.pop(0)
            first_condition = Sql(f"y.field = '{field}' AND y.value IN ({sql_placeholders(values)})", values)
        ends = (
            # A reference is kind/slug: substr() takes what follows the slash.
            Sql(
                "SELECT o.id AS id FROM publishing_editionterm y CROSS JOIN publishing_edition r"
                " CROSS JOIN publishing_editionterm z CROSS JOIN publishing_edition o WHERE y.kind = 'relation' AND "
            )
            + first_condition
            + self._has_terms_condition("y", literals)
            + Sql(" AND r.id = y.edition_id AND ")
            + public_at_release_condition("r", release)
            + Sql(" AND z.edition_id = y.edition_id AND z.field = 'entity'")
            + Sql(" AND z.value <> y.value" if self.other_ends else "")
            + Sql(
                f" AND substr(z.value, 1, {len(kind) + 1}) = '{kind}/' AND o.kind = '{kind}'"
                f" AND o.slug = substr(z.value, {len(kind) + 2})"
            )
            for kind in kinds
        )
        return Sql("SELECT DISTINCT id FROM (") + join_sql(" UNION ALL ", ends) + Sql(") ends")

    def edition_condition(self, release: int | None) -> Sql:
        condition = Sql(
            "EXISTS (SELECT 1 FROM publishing_editionterm z CROSS JOIN publishing_edition r WHERE z.field = 'entity'"
            " AND z.value = e.kind || '/' || e.slug AND z.kind = 'relation' AND r.id = z.edition_id AND "
        ) + public_at_release_condition("r", release)
        if self.other_ends:
            condition += Sql(" AND EXISTS (SELECT 1 FROM publishing_editionterm y WHERE y.edition_id = z.edition_id AND ")
            condition += self._other_end_condition() + Sql(" AND y.value <> z.value)")
        return condition + self._has_terms_condition("z", self._literals()) + Sql(")")

    def _other_end_condition(self) -> Sql:
        return Sql(f"y.field = 'entity' AND y.value IN ({sql_placeholders(self.other_ends)})", self.other_ends)

    def _literals(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return (field, values) of the terms of the relation itself that are asked for."""
        return [(field, values) for field, values in (("type", self.types), ("modality", self.modalities)) if values]

    def _has_terms_condition(self, term: str, literals: Sequence[tuple[str, tuple[str, ...]]]) -> Sql:
        """Return the conditions, each after an AND, that the edition of `term` has one of the values of each field."""
        condition = Sql("")
        for field, values in literals:
            condition += Sql(
                f" AND EXISTS (SELECT 1 FROM publishing_editionterm q WHERE q.edition_id = {term}.edition_id"
                f" AND q.field = '{field}' AND q.value IN ({sql_placeholders(values)}))",
                values,
            )
        return condition
