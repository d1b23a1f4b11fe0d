"""Comments outside reviews, assignments of records, and notifications."""

import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.lookups
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_search_entries"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    entities.fields.LineField(help_text="organisation ... commitment, relation, quote, document.", max_length=16),
                ),
                ("record", models.PositiveBigIntegerField(help_text="Primary key of the record.")),
                ("due_on", models.DateField(blank=True, help_text="By when.", null=True)),
                ("assigned_at", models.DateTimeField(default=django.utils.timezone.now, help_text="When.")),
            ],
            options={
                "ordering": ["due_on", "assigned_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "reason",
                    entities.fields.ChoiceField(
                        choices=[
                            ("named", "named in a comment"),
                            ("reply", "reply to a comment"),
                            ("sent_back", "sent back"),
                            ("review", "waits for review"),
                            ("assigned", "assigned"),
                        ],
                        help_text="Why.",
                        max_length=24,
                    ),
                ),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, help_text="When.")),
                (
                    "kind",
                    entities.fields.LineField(
                        blank=True, help_text="Kind of the record that it is about; empty: the submission.", max_length=16
                    ),
                ),
                ("record", models.PositiveBigIntegerField(blank=True, help_text="Its primary key.", null=True)),
                ("due_on", models.DateField(blank=True, help_text="By when, for an assignment.", null=True)),
                ("read_at", models.DateTimeField(blank=True, help_text="When it was read.", null=True)),
                (
                    "mail",
                    entities.fields.ChoiceField(
                        choices=[("waiting", "waiting"), ("sent", "sent"), ("skipped", "not wanted"), ("failed", "failed")],
                        default="skipped",
                        help_text="What became of the mail about it.",
                        max_length=24,
                    ),
                ),
                (
                    "mail_attempts",
                    models.PositiveSmallIntegerField(default=0, help_text="How often it was tried to send the mail."),
                ),
                ("mail_tried_at", models.DateTimeField(blank=True, help_text="When it was tried last.", null=True)),
            ],
            options={
                "ordering": ["-created_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="NotificationSettings",
            fields=[
                (
                    "owner",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "mail",
                    entities.fields.ChoiceField(
                        choices=[("off", "never"), ("at_once", "at once"), ("daily", "once a day")],
                        default="off",
                        help_text="When mail is sent.",
                        max_length=24,
                    ),
                ),
                ("digest_on", models.DateField(blank=True, help_text="Day of the last daily mail.", null=True)),
                (
                    "feed_key",
                    entities.fields.LineField(
                        blank=True, help_text="Part of the address of the private feed; empty: no feed.", max_length=64
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "notification settings",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="end",
            field=models.PositiveIntegerField(blank=True, help_text="Character after the passage.", null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="exact",
            field=entities.fields.ProseField(blank=True, help_text="The passage as it stood when the comment was made."),
        ),
        migrations.AddField(
            model_name="comment",
            name="reply_to",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="replies",
                to="publishing.comment",
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_at",
            field=models.DateTimeField(blank=True, help_text="When it was resolved; empty while it is open.", null=True),
        ),
        migrations.AddField(
            model_name="comment",
            name="resolved_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who resolved it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="comment",
            name="start",
            field=models.PositiveIntegerField(blank=True, help_text="First character of the passage, in a document.", null=True),
        ),
        migrations.AddField(
            model_name="submission",
            name="assigned_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who assigned it to the reviewer.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="submission",
            name="due_on",
            field=models.DateField(blank=True, help_text="By when it should be reviewed.", null=True),
        ),
        migrations.AlterField(
            model_name="comment",
            name="submission",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="comments",
                to="publishing.submission",
            ),
        ),
        # Backwards, comments outside reviews have no column to stand in.
        migrations.RunSQL(migrations.RunSQL.noop, "DELETE FROM publishing_comment WHERE submission_id IS NULL"),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(fields=["kind", "record"], name="comment_record"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            (
                                "organisation",
                                "facility",
                                "person",
                                "post",
                                "event",
                                "commitment",
                                "relation",
                                "quote",
                                "document",
                            ),
                        ),
                        ("record__isnull", False),
                    ),
                    models.Q(("field", ""), ("kind", ""), ("record__isnull", True), ("submission__isnull", False)),
                    _connector="OR",
                ),
                name="comment_on_record_or_submission",
                violation_error_message="A comment is on a record or on a submission.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("end__isnull", True), ("exact", ""), ("start__isnull", True)),
                    models.Q(
                        ("end__gt", models.F("start")),
                        ("field", ""),
                        ("kind", "document"),
                        ("start__isnull", False),
                        models.Q(("exact", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="comment_passage_of_document",
                violation_error_message="A passage belongs to a document, and has its first and last character and its words.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("reply_to__isnull", True), ("resolved_at__isnull", True), _connector="OR"),
                name="comment_reply_never_resolved",
                violation_error_message="The comment is resolved, not a reply to it.",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("submission__isnull", False),
                    django.db.models.lookups.LessThanOrEqual(django.db.models.functions.text.Length("text"), 5000),
                    _connector="OR",
                ),
                name="comment_not_too_long",
                violation_error_message="The comment is too long.",
            ),
        ),
        migrations.AddConstraint(
            model_name="submission",
            constraint=models.CheckConstraint(
                condition=models.Q(("due_on__isnull", True), ("taken_at__isnull", False), _connector="OR"),
                name="submission_due_if_assigned",
                violation_error_message="A day is set for a reviewer: assign the submission to somebody.",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assigned_by",
            field=models.ForeignKey(
                blank=True,
                help_text="Who assigned it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="assignee",
            field=models.ForeignKey(
                help_text="Who works on it.",
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="actor",
            field=models.ForeignKey(
                blank=True,
                help_text="Who did it.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="comment",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.comment"
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notifications", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="notification",
            name="submission",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="publishing.submission"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.UniqueConstraint(
                fields=("kind", "record"), name="assignment_once", violation_error_message="This record is assigned already."
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ("organisation", "facility", "person", "post", "event", "commitment", "relation", "quote", "document"),
                    ),
                    ("record__isnull", False),
                ),
                name="assignment_of_record",
                violation_error_message="Only a record can be assigned.",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["recipient", "read_at"], name="notification_unread"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(condition=models.Q(("mail", "waiting")), fields=["mail"], name="notification_mail_waiting"),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        (
                            "kind__in",
                            (
                                "organisation",
                                "facility",
                                "person",
                                "post",
                                "event",
                                "commitment",
                                "relation",
                                "quote",
                                "document",
                            ),
                        ),
                        ("record__isnull", False),
                    ),
                    models.Q(("kind", ""), ("record__isnull", True), ("submission__isnull", False)),
                    _connector="OR",
                ),
                name="notification_about_something",
                violation_error_message="A notification is about a record or a submission.",
            ),
        ),
    ]
