"""What narrows a list: each condition gives the editions that it leaves, and tests one edition, now or at a stamp.

Reading picks the condition that leaves fewest, if few, and tests the others; so each must do either within an index.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from nato_support.api.sql import Sql, joined, marks, public_at


class Condition(Protocol):
    """Aliases: `e` is the edition that is tested; what a statement of `hits` gives is called `id`, each at most once."""

    @property
    def absent(self) -> bool: ...

    def hits(self, kinds: Sequence[str], stamp: int | None) -> Sql:
        """A statement that gives the ids of editions of `kinds`, past ones among them."""

    def test(self, stamp: int | None) -> Sql:
        """The condition on edition `e`."""


class Leg(Protocol):
    """A condition on the term `x`."""

    def term(self, stamp: int | None, *, tested: bool = False) -> Sql:
        """The condition; `tested` for the terms of one edition, else for all terms."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """A term of `field` with one of `values`."""

    field: str
    values: tuple[str, ...]

    def term(self, stamp: int | None, *, tested: bool = False) -> Sql:
        return Sql(f"x.field = %s AND x.value IN ({marks(self.values)})", (self.field, *self.values))


@dataclass(frozen=True, slots=True)
class Between:
    """A term of `field` between `low` and `high`, both included; all of them begin with `prefix`.

    Where a term is an interval, its beginning is what is between; its end, which stands from the character `at` on, is
    no less than `least` and no more than `most`.
    """

    field: str
    low: str
    high: str
    prefix: str = ""
    at: int = 0
    least: str = ""
    most: str = ""

    def term(self, stamp: int | None, *, tested: bool = False) -> Sql:
        found = Sql("x.field = %s AND x.value >= %s AND x.value <= %s", (self.field, self.low, self.high))
        if self.prefix:
            # Collations that skip punctuation may sort other prefixes in between.
            found += Sql(" AND substr(x.value, 1, %s) = %s", (len(self.prefix), self.prefix))
        if self.least:
            found += Sql(" AND substr(x.value, %s) >= %s", (self.at, self.least))
        if self.most:
            found += Sql(" AND substr(x.value, %s) <= %s", (self.at, self.most))
        return found


@dataclass(frozen=True, slots=True)
class Through:
    """A term of `field` that names a record of `kind` which has, itself, a term of `of` with one of `values`."""

    field: str
    kind: str
    of: str
    values: tuple[str, ...]

    def term(self, stamp: int | None, *, tested: bool = False) -> Sql:
        has = Sql(f"y.field = %s AND y.value IN ({marks(self.values)})", (self.of, *self.values))
        if tested:
            # One look-up for each term: SQLite would work out a list anew for each edition.
            start = len(self.kind) + 2
            named = Sql(
                "x.field = %s AND EXISTS (SELECT 1 FROM editions_edition n CROSS JOIN editions_editionterm y"
                f" WHERE n.kind = '{self.kind}' AND n.slug = substr(x.value, {start}) AND y.edition_id = n.id AND ",
                (self.field,),
            )
        else:
            named = Sql(
                f"x.field = %s AND x.value IN (SELECT '{self.kind}/' || n.slug FROM editions_editionterm y"
                f" CROSS JOIN editions_edition n WHERE y.kind = '{self.kind}' AND n.id = y.edition_id AND ",
                (self.field,),
            )
        return named + has + Sql(" AND ") + public_at("n", stamp) + Sql(")")


@dataclass(frozen=True, slots=True)
class Filter:
    """Editions with a term that any of `legs` describes; with `absent`, those without one."""

    legs: tuple[Leg, ...]
    absent: bool = False

    def hits(self, kinds: Sequence[str], stamp: int | None) -> Sql:
        # Editions may have several such terms; each must come once.
        single = len(self.legs) == 1 and isinstance(self.legs[0], OneOf) and len(self.legs[0].values) == 1
        among = Sql(f" AND x.kind IN ({marks(kinds)})", tuple(kinds))
        select = Sql(f"SELECT {'' if single else 'DISTINCT '}x.edition_id AS id FROM editions_editionterm x WHERE ")
        found = joined(" UNION ALL ", (select + leg.term(stamp) + among for leg in self.legs))
        # Not UNION, which finds everything before it gives the first.
        return Sql("SELECT DISTINCT id FROM (") + found + Sql(") found") if len(self.legs) > 1 else found

    def test(self, stamp: int | None) -> Sql:
        either = joined(" OR ", (Sql("(") + leg.term(stamp, tested=True) + Sql(")") for leg in self.legs))
        before = f"{'NOT ' if self.absent else ''}EXISTS (SELECT 1 FROM editions_editionterm x WHERE x.edition_id = e.id AND ("
        return Sql(before) + either + Sql("))")


@dataclass(frozen=True, slots=True)
class Named:
    """Records by their slugs."""

    slugs: tuple[str, ...]
    absent: bool = False

    def hits(self, kinds: Sequence[str], stamp: int | None) -> Sql:
        named = f"x.kind IN ({marks(kinds)}) AND x.slug IN ({marks(self.slugs)})"
        return Sql(f"SELECT x.id AS id FROM editions_edition x WHERE {named}", (*kinds, *self.slugs))

    def test(self, stamp: int | None) -> Sql:
        return Sql(f"e.slug IN ({marks(self.slugs)})", self.slugs)


@dataclass(frozen=True, slots=True)
class Related:
    """Entities in a public relation: with one of `to` (kind/slug) at its other end, of one of `types`, or both in one."""

    to: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    absent: bool = False

    def hits(self, kinds: Sequence[str], stamp: int | None) -> Sql:
        begin = self._other() if self.to else self._type()
        further = Sql(" AND ") + self._typed("y") if self.to and self.types else Sql("")
        ends = (
            # What follows "kind/" is the slug.
            Sql(
                "SELECT o.id AS id FROM editions_editionterm y CROSS JOIN editions_edition r CROSS JOIN editions_editionterm z"
                " CROSS JOIN editions_edition o WHERE y.kind = 'relation' AND "
            )
            + begin
            + further
            + Sql(" AND r.id = y.edition_id AND ")
            + public_at("r", stamp)
            + Sql(" AND z.edition_id = y.edition_id AND z.field = 'entity'")
            + Sql(" AND z.value <> y.value" if self.to else "")
            + Sql(
                f" AND substr(z.value, 1, {len(kind) + 1}) = '{kind}/' AND o.kind = '{kind}'"
                f" AND o.slug = substr(z.value, {len(kind) + 2})"
            )
            for kind in kinds
        )
        return Sql("SELECT DISTINCT id FROM (") + joined(" UNION ALL ", ends) + Sql(") ends")

    def test(self, stamp: int | None) -> Sql:
        one = Sql(
            "EXISTS (SELECT 1 FROM editions_editionterm z CROSS JOIN editions_edition r WHERE z.field = 'entity'"
            " AND z.value = e.kind || '/' || e.slug AND z.kind = 'relation' AND r.id = z.edition_id AND "
        ) + public_at("r", stamp)
        if self.to:
            one += Sql(" AND EXISTS (SELECT 1 FROM editions_editionterm y WHERE y.edition_id = z.edition_id AND ")
            one += self._other() + Sql(" AND y.value <> z.value)")
        if self.types:
            one += Sql(" AND ") + self._typed("z")
        return one + Sql(")")

    def _other(self) -> Sql:
        return Sql(f"y.field = 'entity' AND y.value IN ({marks(self.to)})", self.to)

    def _type(self) -> Sql:
        return Sql(f"y.field = 'type' AND y.value IN ({marks(self.types)})", self.types)

    def _typed(self, term: str) -> Sql:
        return Sql(
            f"EXISTS (SELECT 1 FROM editions_editionterm q WHERE q.edition_id = {term}.edition_id AND q.field = 'type'"
            f" AND q.value IN ({marks(self.types)}))",
            self.types,
        )
