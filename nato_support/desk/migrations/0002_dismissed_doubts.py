"""Doubts that editors dismissed, with their reasons."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_initial"),
        ("entities", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DismissedDoubt",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    entities.fields.ChoiceField(
                        choices=[
                            ("words_read_otherwise", "words read otherwise"),
                            ("another_year", "another year in the passage"),
                            ("another_number", "another number in the passage"),
                            ("due_before_announcement", "due before its announcement"),
                            ("due_before_period", "due before its period"),
                            ("more_than_promised", "more than was promised"),
                            ("overdue", "overdue"),
                            ("past_plan", "past plan without a milestone"),
                            ("past_start", "planned for a time that is past"),
                            ("end_before_start", "end before a start that a source states"),
                            ("post_held_twice", "post held twice at one time"),
                            ("no_claimer", "claim of nobody"),
                        ],
                        help_text="Kind of the doubt.",
                        max_length=24,
                    ),
                ),
                (
                    "about",
                    entities.fields.LineField(
                        blank=True, help_text="What of the record it is about, such as a field and its quote.", max_length=400
                    ),
                ),
                (
                    "fingerprint",
                    entities.fields.LineField(help_text="Hash of the record and of the values in doubt.", max_length=64),
                ),
                ("sentence", entities.fields.ProseField(help_text="The doubt, as it was told.")),
                ("reason", entities.fields.ProseField(help_text="Why the values are right all the same.")),
                ("dismissed_at", models.DateTimeField(db_index=True, default=django.utils.timezone.now, help_text="When.")),
                (
                    "dismissed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Who dismissed it.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "entity",
                    models.ForeignKey(
                        blank=True,
                        help_text="The record in doubt.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entities.entity",
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        blank=True,
                        help_text="The relation in doubt, instead of a record.",
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="entities.relation",
                    ),
                ),
            ],
            options={
                "ordering": ["-dismissed_at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("entity__isnull", False), ("relation__isnull", True)),
                            models.Q(("entity__isnull", True), ("relation__isnull", False)),
                            _connector="OR",
                        ),
                        name="dismissed_doubt_of_one_target",
                        violation_error_message="Choose either a record or a relation, not both.",
                    ),
                    models.UniqueConstraint(
                        fields=("fingerprint",),
                        name="dismissed_doubt_once",
                        violation_error_message="This was dismissed already.",
                    ),
                ],
            },
        ),
    ]
