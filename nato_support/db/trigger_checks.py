"""System checks of the database, run by `manage.py migrate` and `manage.py check --database default`."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.triggers import missing_or_changed_triggers


@register(Tags.database)
def warn_of_missing_triggers(*, databases: Sequence[str] | None = None, **kwargs) -> list[CheckMessage]:
    """Warn of each trigger that a database lacks although its table exists."""
    messages: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        tables = set(connection.introspection.table_names())
        messages += [
            # An error would stop `migrate` itself, which brings it back.
            Warning(
                f"Trigger {name} is missing in the database “{alias}”.",
                hint="Run manage.py migrate, which installs every trigger.",
                id="nato_support.W001",
            )
            for name in missing_or_changed_triggers(connection, [trigger for trigger in TRIGGERS if trigger.table in tables])
        ]
    return messages
