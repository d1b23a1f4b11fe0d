"""SQL with its parameters, conditions on public editions, and the one place where the public side executes statements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import connections, router

from nato_support.publishing.models.public_tables import Edition


def _live_sql(edition: str) -> str:
    return f"{edition}.superseded IS NULL AND NOT {edition}.withdrawn"


def _withdrawn_sql(edition: str) -> str:
    # With an OFFSET, PostgreSQL looks up one record at a time; without, it reads all editions for those that were withdrawn.
    return (
        f"EXISTS (SELECT 1 FROM publishing_edition w WHERE w.kind = {edition}.kind AND w.slug = {edition}.slug"
        " AND w.superseded IS NULL AND w.withdrawn AND w.moved_to = '' LIMIT 1 OFFSET 0)"
    )


LIVE_SQL = _live_sql("e")
"""Edition `e` is public now."""
WITHDRAWN_SQL = _withdrawn_sql("e")
"""The record of edition `e` is withdrawn now, so none of its editions is public any more. Those of a merged one stay so."""


@dataclass(frozen=True, slots=True)
class Sql:
    """Piece of a statement, with the parameters of its %s placeholders."""

    text: str
    parameters: tuple = ()

    def __add__(self, other: "Sql") -> "Sql":
        return Sql(self.text + other.text, self.parameters + other.parameters)


def public_at_release_condition(edition: str, release: int | None) -> Sql:
    """Return the condition that the edition of this alias is public now, or was at `release` and was not withdrawn since."""
    if release is None:
        return Sql(_live_sql(edition))
    was_public = (
        f"{edition}.release <= %s AND ({edition}.superseded IS NULL OR {edition}.superseded > %s) AND NOT {edition}.withdrawn"
    )
    return Sql(f"{was_public} AND NOT {_withdrawn_sql(edition)}", (release, release))


def join_sql(separator: str, pieces: Iterable[Sql]) -> Sql:
    """Join the texts of `pieces` by `separator`, and their parameters in the same order."""
    pieces = list(pieces)
    return Sql(separator.join(piece.text for piece in pieces), tuple(value for piece in pieces for value in piece.parameters))


def sql_placeholders(values: Sequence) -> str:
    """Return the inside of IN (...) for `values`; NULL, which nothing equals, if there are none: PostgreSQL rejects IN ()."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def records_condition(keys: Iterable[tuple[str, str]]) -> Sql:
    """Return the condition that edition `e` belongs to one of the records `keys`, (kind, slug), at least one.

    It has one alternative for each kind, since SQLite does not take a thousand.
    """
    slugs: dict[str, dict[str, None]] = {}
    for kind, slug in keys:
        slugs.setdefault(kind, {})[slug] = None
    alternatives = (
        Sql(f"(e.kind = %s AND e.slug IN ({sql_placeholders(tuple(of_kind))}))", (kind, *of_kind))
        for kind, of_kind in slugs.items()
    )
    return Sql("(") + join_sql(" OR ", alternatives) + Sql(")")


def read_connection():
    """Return the connection to the database that public reads go to."""
    return connections[router.db_for_read(Edition)]


def renew_connections() -> None:
    """Close connections that are broken or too old, except in a transaction; the next statement opens new ones."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()


def fetch_rows(sql: Sql) -> list[tuple]:
    """Execute a SELECT and return its rows."""
    connection = read_connection()
    if connection.vendor == "sqlite" and not connection.queries_logged and not connection.execute_wrappers:
        # Django's cursor costs four times as much as a look-up, and is needed only where statements are counted.
        if connection.connection is None:
            connection.ensure_connection()
        with connection.wrap_database_errors:
            return connection.connection.execute(_sqlite_placeholders(sql.text), sql.parameters).fetchall()
    with connection.cursor() as cursor:
        cursor.execute(sql.text, sql.parameters)
        return cursor.fetchall()


@lru_cache(maxsize=1000)
def _sqlite_placeholders(text: str) -> str:
    return text.replace("%s", "?")
