"""Pieces of SQL that carry their parameters, and the one place where the public side runs a statement."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connections, router

from nato_support.editions.models import Edition


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of a statement with the parameters that its %s stand for."""

    text: str
    parameters: tuple = ()

    def __add__(self, other: "Sql") -> "Sql":
        return Sql(self.text + other.text, self.parameters + other.parameters)


def joined(separator: str, pieces: Iterable[Sql]) -> Sql:
    pieces = list(pieces)
    return Sql(separator.join(piece.text for piece in pieces), tuple(value for piece in pieces for value in piece.parameters))


def marks(values: Sequence) -> str:
    """The inside of IN (...) for `values`."""
    return ", ".join(["%s"] * len(values))


def database():
    """The database that public reads go to."""
    return connections[router.db_for_read(Edition)]


def fetch(sql: Sql) -> list[tuple]:
    with database().cursor() as cursor:
        cursor.execute(sql.text, sql.parameters)
        return cursor.fetchall()
