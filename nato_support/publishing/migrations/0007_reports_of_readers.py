"""Notifications of reports by readers."""

from django.db import migrations

import entities.column_checks
import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0006_teamwork"),
    ]

    operations = [
        entities.column_checks.AlterCheckedField(
            model_name="notification",
            name="reason",
            field=entities.fields.ChoiceField(
                choices=[
                    ("named", "named in a comment"),
                    ("reply", "reply to a comment"),
                    ("sent_back", "sent back"),
                    ("review", "waits for review"),
                    ("assigned", "assigned"),
                    ("report", "reported by a reader"),
                ],
                help_text="Why.",
                max_length=24,
            ),
        ),
    ]
