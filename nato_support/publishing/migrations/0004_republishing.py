"""Releases with which a register was published anew, found without reading all others."""

from django.db import migrations, models

OPERATIONS = ("load", "publish", "withdraw", "merge", "import", "republish")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0003_date_intervals")]

    operations = [
        migrations.AlterField(
            "release",
            "operation",
            models.CharField(choices=[(name, name) for name in OPERATIONS], help_text="What was done.", max_length=10),
        ),
        migrations.AddIndex(
            "release",
            models.Index(fields=["number"], condition=models.Q(operation="republish"), name="republishing_releases"),
        ),
    ]
