"""What narrows a list: each condition gives the editions that it leaves, and tests one edition, now or at a release.

Reading picks the condition that leaves fewest, if few, and tests the others; so each must do either within an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nato_support.api.sql import Sql, join_sql, public_at_release, sql_placeholders


class Predicate(Protocol):
    """Aliases: `e` is the edition that is tested; what a statement of `hits` gives is called `id`, each at most once."""

    @property
    def is_negated(self) -> bool: ...

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        """A statement that gives the ids of editions of `kinds`, past ones among them."""

    def edition_condition(self, release: int | None) -> Sql:
        """The condition on edition `e`."""


class TermMatch(Protocol):
    """A condition on the term `x`."""

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        """The condition; `tested` for the terms of one edition, else for all terms."""


@dataclass(frozen=True, slots=True)
class TermIn:
    """A term of `field` with one of `values`, of which a record has no more than one if they are `exclusive`."""

    field: str
    values: tuple[str, ...]
    exclusive: bool = False

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        return Sql(f"x.field = %s AND x.value IN ({sql_placeholders(self.values)})", (self.field, *self.values))


@dataclass(frozen=True, slots=True)
class TermBetween:
    """A term of `field` between `low` and `high`, both included; all of them begin with `prefix`.

    Where a term is an interval, its beginning is what is between; its end, which stands from the character `at` on, is
    no less than `least` and no more than `most`.
    """

    field: str
    low: str
    high: str
    prefix: str = ""
    end_position: int = 0
    min_end: str = ""
    max_end: str = ""

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        found = Sql("x.field = %s AND x.value >= %s AND x.value <= %s", (self.field, self.low, self.high))
        if self.prefix:
            # Collations that skip punctuation may sort other prefixes in between.
            found += Sql(" AND substr(x.value, 1, %s) = %s", (len(self.prefix), self.prefix))
        if self.min_end:
            found += Sql(" AND substr(x.value, %s) >= %s", (self.end_position, self.min_end))
        if self.max_end:
            found += Sql(" AND substr(x.value, %s) <= %s", (self.end_position, self.max_end))
        return found


@dataclass(frozen=True, slots=True)
class ViaReference:
    """A term of `field` that names a record of `kind` which has, itself, a term of `of` with one of `values`."""

    field: str
    kind: str
    target_field: str
    values: tuple[str, ...]

    def term_condition(self, release: int | None, *, tested: bool = False) -> Sql:
        has = Sql(f"y.field = %s AND y.value IN ({sql_placeholders(self.values)})", (self.target_field, *self.values))
        if tested:
            # One look-up for each term: SQLite would work out a list anew for each edition.
            start = len(self.kind) + 2
            named = Sql(
                "x.field = %s AND EXISTS (SELECT 1 FROM publishing_edition n CROSS JOIN publishing_editionterm y"
                f" WHERE n.kind = '{self.kind}' AND n.slug = substr(x.value, {start}) AND y.edition_id = n.id AND ",
                (self.field,),
            )
        else:
            named = Sql(
                f"x.field = %s AND x.value IN (SELECT '{self.kind}/' || n.slug FROM publishing_editionterm y"
                f" CROSS JOIN publishing_edition n WHERE y.kind = '{self.kind}' AND n.id = y.edition_id AND ",
                (self.field,),
            )
        return named + has + Sql(" AND ") + public_at_release("n", release) + Sql(")")


@dataclass(frozen=True, slots=True)
class TermPredicate:
    """Editions with a term that any of `legs` describes; with `absent`, those without one."""

    term_matches: tuple[TermMatch, ...]
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        # Editions may have several such terms; each must come once.
        first = self.term_matches[0]
        single = len(self.term_matches) == 1 and isinstance(first, TermIn) and (first.exclusive or len(first.values) == 1)
        among = Sql(f" AND x.kind IN ({sql_placeholders(kinds)})", tuple(kinds))
        select = Sql(f"SELECT {'' if single else 'DISTINCT '}x.edition_id AS id FROM publishing_editionterm x WHERE ")
        found = join_sql(" UNION ALL ", (select + leg.term_condition(release) + among for leg in self.term_matches))
        # Not UNION, which finds everything before it gives the first.
        return Sql("SELECT DISTINCT id FROM (") + found + Sql(") found") if len(self.term_matches) > 1 else found

    def edition_condition(self, release: int | None) -> Sql:
        either = join_sql(" OR ", (Sql("(") + leg.term_condition(release, tested=True) + Sql(")") for leg in self.term_matches))
        before = (
            f"{'NOT ' if self.is_negated else ''}EXISTS (SELECT 1 FROM publishing_editionterm x WHERE x.edition_id = e.id AND ("
        )
        return Sql(before) + either + Sql("))")


@dataclass(frozen=True, slots=True)
class SlugPredicate:
    """Records by their slugs."""

    slugs: tuple[str, ...]
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        named = f"x.kind IN ({sql_placeholders(kinds)}) AND x.slug IN ({sql_placeholders(self.slugs)})"
        return Sql(f"SELECT x.id AS id FROM publishing_edition x WHERE {named}", (*kinds, *self.slugs))

    def edition_condition(self, release: int | None) -> Sql:
        return Sql(f"e.slug IN ({sql_placeholders(self.slugs)})", self.slugs)


@dataclass(frozen=True, slots=True)
class RelationPredicate:
    """Entities in a public relation: with one of `to` (kind/slug) at its other end, of one of `types`, or both in one."""

    other_ends: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    is_negated: bool = False

    def matching_ids(self, kinds: Sequence[str], release: int | None) -> Sql:
        begin = self._other_end_condition() if self.other_ends else self._type_condition()
        further = Sql(" AND ") + self._has_type_condition("y") if self.other_ends and self.types else Sql("")
        ends = (
            # What follows "kind/" is the slug.
            Sql(
                "SELECT o.id AS id FROM publishing_editionterm y CROSS JOIN publishing_edition r CROSS JOIN publishing_editionterm z"
                " CROSS JOIN publishing_edition o WHERE y.kind = 'relation' AND "
            )
            + begin
            + further
            + Sql(" AND r.id = y.edition_id AND ")
            + public_at_release("r", release)
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
        one = Sql(
            "EXISTS (SELECT 1 FROM publishing_editionterm z CROSS JOIN publishing_edition r WHERE z.field = 'entity'"
            " AND z.value = e.kind || '/' || e.slug AND z.kind = 'relation' AND r.id = z.edition_id AND "
        ) + public_at_release("r", release)
        if self.other_ends:
            one += Sql(" AND EXISTS (SELECT 1 FROM publishing_editionterm y WHERE y.edition_id = z.edition_id AND ")
            one += self._other_end_condition() + Sql(" AND y.value <> z.value)")
        if self.types:
            one += Sql(" AND ") + self._has_type_condition("z")
        return one + Sql(")")

    def _other_end_condition(self) -> Sql:
        return Sql(f"y.field = 'entity' AND y.value IN ({sql_placeholders(self.other_ends)})", self.other_ends)

    def _type_condition(self) -> Sql:
        return Sql(f"y.field = 'type' AND y.value IN ({sql_placeholders(self.types)})", self.types)

    def _has_type_condition(self, term: str) -> Sql:
        return Sql(
            f"EXISTS (SELECT 1 FROM publishing_editionterm q WHERE q.edition_id = {term}.edition_id AND q.field = 'type'"
            f" AND q.value IN ({sql_placeholders(self.types)}))",
            self.types,
        )
