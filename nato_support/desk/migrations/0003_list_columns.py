"""Columns that users choose for their lists."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0002_dismissed_doubts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListColumns",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list", entities.fields.LineField(help_text="List, as app_model.", max_length=100)),
                ("hidden", models.JSONField(blank=True, default=tuple, help_text="Names of the columns that are not shown.")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_columns",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "list columns",
                "ordering": ["list"],
                "constraints": [models.UniqueConstraint(fields=("owner", "list"), name="list_columns_once")],
            },
        ),
    ]
