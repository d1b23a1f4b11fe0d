from importlib import import_module

from django.db import migrations, models

from nato_support.db import search
from nato_support.db.triggers import InstallTriggers, RemoveTriggers, Trigger

before = import_module("nato_support.editions.migrations.0002_immutable_and_searchable")

EDITION_IS_IMMUTABLE = Trigger(
    name=before.EDITION_IS_IMMUTABLE.name,
    table=before.EDITION_IS_IMMUTABLE.table,
    events=(f"{before.EDITION_IS_IMMUTABLE.events[0]}, moved_to",),
    sqlite=before.EDITION_IS_IMMUTABLE.sqlite,
    postgresql=before.EDITION_IS_IMMUTABLE.postgresql,
)
OTHERS = [before.EDITION_STAYS_SUPERSEDED, *search.SQLITE_TRIGGERS]


class Migration(migrations.Migration):
    dependencies = [("editions", "0002_immutable_and_searchable")]

    operations = [
        RemoveTriggers([before.EDITION_IS_IMMUTABLE, *OTHERS]),
        migrations.AddField(
            model_name="edition",
            name="moved_to",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of a tombstone: slug of the record, of the same kind, that it was merged into.",
                max_length=250,
            ),
            preserve_default=False,
        ),
        # SQLite has remade the table, without its triggers.
        InstallTriggers([EDITION_IS_IMMUTABLE, *OTHERS]),
    ]
