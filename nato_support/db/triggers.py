"""Triggers: rules across rows that SQL, `loaddata` and bulk writes cannot bypass, on SQLite and PostgreSQL.

`row_rule_triggers.py` declares them; `migrate` ends by making the database agree with it, so that no migration has to
recreate them: SQLite drops a table's triggers whenever a migration rebuilds the table.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

_DEFINITIONS_SQL = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT t.tgname, p.prosrc FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND t.tgenabled <> 'D'"
    ),
}


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Statements to run for each row that one of `events` of `table` touches, where NEW and OLD are the row after and before.

    `events` are INSERT, UPDATE, DELETE, UPDATE OF slug and the like. `sqlite` is one or more SQL statements, each with its
    semicolon; `postgresql` is PL/pgSQL; an empty one means that this engine needs no such trigger. Names are unique in
    the database, and short (PostgreSQL cuts at 63).
    """

    name: str
    table: str
    events: tuple[str, ...]
    sqlite: str = ""
    postgresql: str = ""
    timing: str = "BEFORE"

    def definitions(self, vendor: str) -> dict[str, str]:
        """Definitions as the database stores them, by name; SQLite has one trigger for each event."""
        if vendor == "postgresql":
            body = f"BEGIN\n{self.postgresql.strip()}\nRETURN COALESCE(NEW, OLD);\nEND"
            return {self.name: body} if self.postgresql else {}
        return {
            (name := f"{self.name}_{event.split()[0].lower()}"): (
                f'CREATE TRIGGER "{name}" {self.timing} {event} ON "{self.table}" FOR EACH ROW BEGIN\n{self.sqlite.strip()}\nEND'
            )
            for event in self.events
            if self.sqlite
        }

    def install_statements(self, vendor: str) -> Iterator[str]:
        """Statements that create or replace it."""
        yield from self.removal_statements(vendor)
        for name, text in self.definitions(vendor).items():
            if vendor == "sqlite":
                yield text
            else:
                yield f'CREATE FUNCTION "{name}"() RETURNS trigger LANGUAGE plpgsql AS $trigger$\n{text}\n$trigger$'
                yield (
                    f'CREATE TRIGGER "{name}" {self.timing} {" OR ".join(self.events)} ON "{self.table}"'
                    f' FOR EACH ROW EXECUTE FUNCTION "{name}"()'
                )

    def removal_statements(self, vendor: str) -> Iterator[str]:
        """Statements that drop it if it exists."""
        for name in self.definitions(vendor):
            if vendor == "sqlite":
                yield f'DROP TRIGGER IF EXISTS "{name}"'
            else:
                yield f'DROP TRIGGER IF EXISTS "{name}" ON "{self.table}"'
                yield f'DROP FUNCTION IF EXISTS "{name}"()'


def install_triggers(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> None:
    """Create those of `triggers` whose table exists and which the database lacks or has in another version."""
    tables = set(connection.introspection.table_names())
    expected = [trigger for trigger in triggers if trigger.table in tables]
    if missing_or_changed_triggers(connection, expected):
        _execute_statements(connection, (sql for trigger in expected for sql in trigger.install_statements(connection.vendor)))


def remove_triggers(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> None:
    """Drop `triggers`, as before a migration that rebuilds their tables."""
    tables = set(connection.introspection.table_names())
    expected = [trigger for trigger in triggers if trigger.table in tables]
    _execute_statements(connection, (sql for trigger in expected for sql in trigger.removal_statements(connection.vendor)))


def missing_or_changed_triggers(connection: BaseDatabaseWrapper, triggers: Iterable[Trigger]) -> list[str]:
    """Names of those of `triggers` that the database lacks or has in another version than declared."""
    with connection.cursor() as cursor:
        cursor.execute(_DEFINITIONS_SQL[connection.vendor])
        definitions = dict(cursor.fetchall())
    return [
        name
        for trigger in triggers
        for name, definition in trigger.definitions(connection.vendor).items()
        if _same_text(definitions.get(name, "")) != _same_text(definition)
    ]


def _execute_statements(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            # Without parameters a percent sign in a body stands for itself.
            cursor.execute(statement)


def _same_text(sql: str) -> str:
    return " ".join(sql.split())
