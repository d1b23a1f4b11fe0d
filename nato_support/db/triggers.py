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
    semicolon; `postgresql` is PL/pgSQL; an empty one means that this engine needs no such trigger. Names are unique in
    the database, and short (PostgreSQL cuts at 63).
    """

    name: str
    table: str
    events: tuple[str, ...]
    sqlite: str = ""
    postgresql: str = ""
    timing: str = "BEFORE"

    def install(self, vendor: str) -> Iterator[str]:
        """The statements that create it, whether or not it is there."""
        yield from self.remove(vendor)
        if vendor == "sqlite":
            for name, event in self._on_sqlite():
                head = f'CREATE TRIGGER "{name}" {self.timing} {event} ON "{self.table}" FOR EACH ROW'
                yield f"{head} BEGIN\n{self.sqlite.strip()}\nEND"
        elif self.postgresql:
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
            for name, _ in self._on_sqlite():
                yield f'DROP TRIGGER IF EXISTS "{name}"'
        elif self.postgresql:
            yield f'DROP TRIGGER IF EXISTS "{self.name}" ON "{self.table}"'
            yield f'DROP FUNCTION IF EXISTS "{self.name}"()'

    def names(self, vendor: str) -> list[str]:
        """What the database calls it."""
        if vendor == "sqlite":
            return [name for name, _ in self._on_sqlite()]
        return [self.name] if self.postgresql else []

    def _on_sqlite(self) -> list[tuple[str, str]]:
        """Name and event of each of its triggers there: SQLite takes one event a trigger."""
        return [(f"{self.name}_{event.split()[0].lower()}", event) for event in self.events if self.sqlite]


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
