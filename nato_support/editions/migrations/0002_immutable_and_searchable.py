from django.db import migrations

from nato_support.db import search
from nato_support.db.triggers import InstallTriggers, Trigger

_IMMUTABLE = (
    "kind",
    "slug",
    "number",
    "stamp",
    "name",
    "document",
    "evidence",
    "search_text",
    "sort_date",
    "until",
    "cause",
    "withdrawn",
)

EDITION_IS_IMMUTABLE = Trigger(
    name="edition_is_immutable",
    table="editions_edition",
    events=(f"UPDATE OF {', '.join(_IMMUTABLE)}",),
    sqlite="SELECT RAISE(ABORT, 'an edition is immutable: print another one');",
    postgresql="RAISE integrity_constraint_violation USING MESSAGE = 'an edition is immutable: print another one';",
)
EDITION_STAYS_SUPERSEDED = Trigger(
    name="edition_stays_superseded",
    table="editions_edition",
    events=("UPDATE OF superseded",),
    sqlite="SELECT RAISE(ABORT, 'a superseded edition stays so') WHERE OLD.superseded IS NOT NULL;",
    postgresql=(
        "IF OLD.superseded IS NOT NULL THEN"
        " RAISE integrity_constraint_violation USING MESSAGE = 'a superseded edition stays so'; END IF;"
    ),
)


def _create(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(search.POSTGRESQL_CREATE, params=None)
    else:
        schema_editor.execute(search.SQLITE_CREATE, params=None)


def _drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(search.POSTGRESQL_DROP, params=None)
    else:
        schema_editor.execute(search.SQLITE_DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("editions", "0001_initial")]

    operations = [
        migrations.RunPython(_create, _drop),
        InstallTriggers([EDITION_IS_IMMUTABLE, EDITION_STAYS_SUPERSEDED, *search.SQLITE_TRIGGERS]),
    ]
