import django.db.models.deletion
from django.db import migrations, models

from nato_support.editions import names


def _by_bytes(apps, schema_editor):
    # Beginnings are looked up as ranges of the index, which PostgreSQL orders by language unless told.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute('ALTER TABLE editions_namekey ALTER COLUMN key TYPE varchar(60) COLLATE "C"', params=None)


def _fill(apps, schema_editor):
    names.rebuild()


class Migration(migrations.Migration):
    dependencies = [("editions", "0003_editors_desk")]

    operations = [
        migrations.CreateModel(
            name="Renown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("slug", models.CharField(max_length=250)),
                ("times", models.PositiveIntegerField()),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("kind", "slug"), name="renown_once")]},
        ),
        migrations.CreateModel(
            name="NameKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=16)),
                ("tier", models.PositiveSmallIntegerField(help_text="How well known it is: 0 to 7.")),
                ("key", models.CharField(max_length=60)),
                (
                    "edition",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="name_keys", to="editions.edition"
                    ),
                ),
            ],
            options={"indexes": [models.Index(fields=["tier", "kind", "key", "edition"], name="name_key_lookup")]},
        ),
        migrations.RunPython(_by_bytes, migrations.RunPython.noop),
        migrations.RunPython(_fill, migrations.RunPython.noop),
    ]
