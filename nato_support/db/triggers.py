"""Triggers: rules across rows that neither SQL nor `loaddata` nor a bulk write can go round, on SQLite and PostgreSQL alike.

A migration installs them with `InstallTriggers` and takes them away with its reverse, `RemoveTriggers`. SQLite loses a
table's triggers whenever a later migration remakes the table (most changes of columns and constraints do): that
migration must install them again. `missing_triggers` tells if one forgot.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation


@dataclass(frozen=True, kw_only=True)
class Trigger:
    """Statements to run for each row that one of `events` of `table` touches, where NEW and OLD are the row after and before.

    `events` are such as INSERT, UPDATE, DELETE, UPDATE OF slug. `sqlite` is one or more SQL statements, each with its
    semicolon; `postgresql` is PL/pgSQL. Names are unique in the database, and short (PostgreSQL cuts at 63).
    """

    name: str
    table: str
    events: tuple[str, ...]
    sqlite: str
    postgresql: str
    timing: str = "BEFORE"

    def install(self, vendor: str) -> Iterator[str]:
        """The statements that create it, whether or not it is there."""
        yield from self.remove(vendor)
        if vendor == "sqlite":
            # SQLite takes one event a trigger.
            for name, event in self._sqlite_names():
                yield (
                    f'CREATE TRIGGER "{name}" {self.timing} {event} ON "{self.table}" FOR EACH ROW BEGIN\n{self.sqlite.strip()}\nEND'
                )
        else:
            yield (
                f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $trigger$\n'
                f"BEGIN\n{self.postgresql.strip()}\nRETURN COALESCE(NEW, OLD);\nEND\n$trigger$"
            )
            yield (
                f'CREATE TRIGGER "{self.name}" {self.timing} {" OR ".join(self.events)} ON "{self.table}"'
                f' FOR EACH ROW EXECUTE FUNCTION "{self.name}"()'
            )

    def remove(self, vendor: str) -> Iterator[str]:
        if vendor == "sqlite":
            for name, _ in self._sqlite_names():
                yield f'DROP TRIGGER IF EXISTS "{name}"'
        else:
            yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"'
            yield f'DROP FUNCTION IF EXISTS "{self.name}"()'

    def names(self, vendor: str) -> list[str]:
        """What the database calls it."""
        return [name for name, _ in self._sqlite_names()] if vendor == "sqlite" else [self.name]

    def _sqlite_names(self) -> list[tuple[str, str]]:
        return [(f"{self.name}_{event.split()[0].lower()}", event) for event in self.events]


class InstallTriggers(Operation):
    """Create the triggers, or create them anew if they are there."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, triggers: list[Trigger]):
        self.triggers = triggers

    def deconstruct(self):
        return (self.__class__.__name__, [self.triggers], {})

    def state_forwards(self, app_label, state):
        pass

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._execute(schema_editor, "install")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._execute(schema_editor, "remove")

    def _execute(self, schema_editor, method: str) -> None:
        for trigger in self.triggers:
            for statement in getattr(trigger, method)(schema_editor.connection.vendor):
                # Without parameters a percent sign in a body stands for itself.
                schema_editor.execute(statement, params=None)

    def describe(self):
        return f"Install triggers {', '.join(trigger.name for trigger in self.triggers)}"


class RemoveTriggers(InstallTriggers):
    """Take the triggers away; its reverse creates them."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        self._execute(schema_editor, "remove")

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        self._execute(schema_editor, "install")

    def describe(self):
        return f"Remove triggers {', '.join(trigger.name for trigger in self.triggers)}"


def expected_triggers(connection: BaseDatabaseWrapper) -> dict[str, Trigger]:
    """By name, the triggers that the migrations applied to this database have left in it."""
    loader = MigrationLoader(connection)
    expected: dict[str, Trigger] = {}
    for key in _in_order(loader):
        for operation in loader.disk_migrations[key].operations:
            if isinstance(operation, RemoveTriggers):
                for trigger in operation.triggers:
                    expected.pop(trigger.name, None)
            elif isinstance(operation, InstallTriggers):
                expected |= {trigger.name: trigger for trigger in operation.triggers}
    return expected


def missing_triggers(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of triggers that should be in this database and are not."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        there = {name for (name,) in cursor.fetchall()}
    expected = expected_triggers(connection).values()
    return [name for trigger in expected for name in trigger.names(connection.vendor) if name not in there]


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    applied = loader.applied_migrations or {}
    plan: dict[tuple[str, str], None] = {}
    for leaf in loader.graph.leaf_nodes():
        plan |= dict.fromkeys(loader.graph.forwards_plan(leaf))
    return [key for key in plan if key in applied and key in loader.disk_migrations]
