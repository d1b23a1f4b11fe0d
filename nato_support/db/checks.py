"""System checks of the database, run by `manage.py migrate` and `manage.py check --database default`."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import connections

from nato_support.db.triggers import missing_triggers


@register(Tags.database)
def check_triggers(*, databases: Sequence[str] | None = None, **kwargs) -> list[CheckMessage]:
    return [
        # An error would stop `migrate` itself, which brings it back.
        Warning(
            f"Trigger {name} is missing in the database “{alias}”.",
            hint="A migration that remade its table must install it again.",
            id="nato_support.W001",
        )
        for alias in databases or ()
        for name in missing_triggers(connections[alias])
    ]
