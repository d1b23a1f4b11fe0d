"""Promises: whom they concern, by when and for which time, what came of them; names that are mentions."""

import re

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import entities.column_checks
import entities.fields

_BENEFITING_NATURES = ("pledge", "decision", "plan", "target", "action")
_EXACT_WORDS = re.compile(r"\b(exactly|precisely)\b", re.IGNORECASE)


def name_those_concerned(apps, schema_editor):
    """Move the beneficiary of refusals, conditions and hopes, who gains nothing, to those whom they concern; in history too."""
    alias = schema_editor.connection.alias
    commitments = apps.get_model("entities", "Commitment")
    links = commitments.concerns.through
    rows = commitments.objects.using(alias).exclude(nature__in=_BENEFITING_NATURES).exclude(beneficiary=None)
    links.objects.using(alias).bulk_create(
        [links(commitment_id=commitment, organisation_id=who) for commitment, who in rows.values_list("pk", "beneficiary")],
        batch_size=500,
    )
    rows.update(beneficiary=None)
    link_keys = {
        (commitment, who): pk
        for pk, commitment, who in links.objects.using(alias).values_list("pk", "commitment", "organisation")
    }
    history = apps.get_model("entities", "HistoricalCommitment")
    historical_links = apps.get_model("entities", "HistoricalCommitment_concerns")
    rows = history.objects.using(alias).exclude(nature__in=_BENEFITING_NATURES).exclude(beneficiary=None)
    historical_links.objects.using(alias).bulk_create(
        [
            # `id` is that of the row whose history it is; 0 where somebody else benefits since.
            historical_links(
                id=link_keys.get((commitment, who), 0), history_id=history_id, commitment_id=commitment, organisation_id=who
            )
            for history_id, commitment, who in rows.values_list("pk", "entity", "beneficiary")
        ],
        batch_size=500,
    )
    rows.update(beneficiary=None)
    _check_foreign_keys_now(schema_editor)


def drop_unstated_exactness(apps, schema_editor):
    """Say no more than the source: `exactly`, the former default, stays only where its words say so; in history too."""
    for model in ("Measure", "HistoricalMeasure"):
        rows = apps.get_model("entities", model).objects.using(schema_editor.connection.alias).filter(qualifier="exactly")
        unstated = [pk for pk, as_stated in rows.values_list("pk", "as_stated") if not _EXACT_WORDS.search(as_stated)]
        for start in range(0, len(unstated), 500):
            rows.filter(pk__in=unstated[start : start + 500]).update(qualifier="none")
    _check_foreign_keys_now(schema_editor)


def restore_exactness(apps, schema_editor):
    """Give the amounts without a qualifier the former default."""
    for model in ("Measure", "HistoricalMeasure"):
        apps.get_model("entities", model).objects.using(schema_editor.connection.alias).filter(qualifier="none").update(
            qualifier="exactly"
        )


def _check_foreign_keys_now(schema_editor):
    # PostgreSQL alters no table while a check of its rows is still deferred.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0004_fill_verb_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalCommitment_concerns",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
            ],
            options={
                "verbose_name": "HistoricalCommitment_concerns",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.AddField(
            model_name="commitment",
            name="concerns",
            field=models.ManyToManyField(
                blank=True,
                help_text="Organisations that it creates, changes or is about: a refusal of membership concerns the one that is refused.",
                related_name="concerned_by",
                to="entities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="due",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="By when it is to be done, as precise as the source: 2025-03-31, or ../2025-12-31 for “by the end of 2025”.",
                max_length=23,
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment",
            name="due",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="By when it is to be done, as precise as the source: 2025-03-31, or ../2025-12-31 for “by the end of 2025”.",
                max_length=23,
            ),
        ),
        migrations.AddField(
            model_name="historicalmeasure",
            name="milestone",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="The step of the commitment that moved this amount, such as a delivery; empty for the amount promised.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="entities.milestone",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="milestone",
            field=models.ForeignKey(
                blank=True,
                help_text="The step of the commitment that moved this amount, such as a delivery; empty for the amount promised.",
                null=True,
                on_delete=django.db.models.deletion.RESTRICT,
                related_name="measures",
                to="entities.milestone",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="period",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="The time for which it is meant, throughout: 2025 for “next year”, 2024-06/2029-06 for “over five years”.",
                max_length=23,
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment",
            name="period",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="The time for which it is meant, throughout: 2025 for “next year”, 2024-06/2029-06 for “over five years”.",
                max_length=23,
            ),
        ),
        migrations.AddField(
            model_name="historicalname",
            name="origin",
            field=entities.fields.ChoiceField(
                choices=[("sources", "the sources"), ("outside", "outside the sources")],
                default="sources",
                help_text="Outside the sources: a name that every reader knows and no source states, such as an acronym.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="name",
            name="origin",
            field=entities.fields.ChoiceField(
                choices=[("sources", "the sources"), ("outside", "outside the sources")],
                default="sources",
                help_text="Outside the sources: a name that every reader knows and no source states, such as an acronym.",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="commitment",
            name="beneficiary",
            field=models.ForeignKey(
                blank=True,
                help_text="Who benefits: Ukraine, or NATO itself. Only a pledge, decision, plan, target or action benefits somebody.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="benefits",
                to="entities.organisation",
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="commitment",
            name="nature",
            field=entities.fields.ChoiceField(
                choices=[
                    ("pledge", "pledge"),
                    ("decision", "decision"),
                    ("plan", "plan"),
                    ("target", "target"),
                    ("forecast", "forecast"),
                    ("hope", "hope"),
                    ("condition", "condition"),
                    ("refusal", "refusal"),
                    ("assurance", "assurance"),
                    ("action", "action"),
                    ("discussion", "discussion"),
                ],
                help_text="Only a pledge or a decision promises. “Is expected to” is a forecast, “discussed” a discussion, “does not make us a party” an assurance.",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="historicalcommitment",
            name="beneficiary",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                help_text="Who benefits: Ukraine, or NATO itself. Only a pledge, decision, plan, target or action benefits somebody.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="entities.organisation",
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="historicalcommitment",
            name="nature",
            field=entities.fields.ChoiceField(
                choices=[
                    ("pledge", "pledge"),
                    ("decision", "decision"),
                    ("plan", "plan"),
                    ("target", "target"),
                    ("forecast", "forecast"),
                    ("hope", "hope"),
                    ("condition", "condition"),
                    ("refusal", "refusal"),
                    ("assurance", "assurance"),
                    ("action", "action"),
                    ("discussion", "discussion"),
                ],
                help_text="Only a pledge or a decision promises. “Is expected to” is a forecast, “discussed” a discussion, “does not make us a party” an assurance.",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="historicalmeasure",
            name="as_of",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="The time for which it holds, as precise as the source; empty if it is not tied to one. On the amount of a step it makes a running total: all that has come by then.",
                max_length=23,
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="historicalmeasure",
            name="qualifier",
            field=entities.fields.ChoiceField(
                choices=[
                    ("none", "none"),
                    ("exactly", "exactly"),
                    ("about", "about"),
                    ("nearly", "nearly"),
                    ("at_least", "at least"),
                    ("more_than", "more than"),
                    ("up_to", "up to"),
                    ("unspecified", "unspecified"),
                ],
                default="none",
                help_text="How the source limits the number; none if it adds no word.",
                max_length=24,
            ),
        ),
        migrations.RemoveField(model_name="historicalmilestone", name="rank"),
        entities.column_checks.AlterCheckedField(
            model_name="historicalmilestone",
            name="stage",
            field=entities.fields.ChoiceField(
                choices=[
                    ("proposed", "proposed"),
                    ("agreed", "agreed"),
                    ("announced", "announced"),
                    ("allocated", "allocated"),
                    ("under_way", "under way"),
                    ("delivered", "delivered"),
                    ("refused", "refused"),
                    ("dropped", "dropped"),
                ],
                help_text="Which step was taken.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="historicalmilestone",
            name="rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(stage="proposed", then=models.Value(0)),
                    models.When(stage="agreed", then=models.Value(1)),
                    models.When(stage="announced", then=models.Value(2)),
                    models.When(stage="allocated", then=models.Value(3)),
                    models.When(stage="under_way", then=models.Value(4)),
                    models.When(stage="delivered", then=models.Value(5)),
                    models.When(stage="refused", then=models.Value(6)),
                    models.When(stage="dropped", then=models.Value(7)),
                    default=models.Value(0),
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="historicalname",
            name="kind",
            field=entities.fields.ChoiceField(
                choices=[
                    ("official", "official name"),
                    ("alias", "alias"),
                    ("acronym", "acronym"),
                    ("former", "former name"),
                    ("translation_artefact", "translation artefact"),
                    ("mention", "mention"),
                ],
                default="alias",
                help_text="A translation artefact is a name that only a translation made. A mention is no name but how a text refers to it, such as the mission: no search finds it.",
                max_length=24,
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="as_of",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="The time for which it holds, as precise as the source; empty if it is not tied to one. On the amount of a step it makes a running total: all that has come by then.",
                max_length=23,
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="measure",
            name="qualifier",
            field=entities.fields.ChoiceField(
                choices=[
                    ("none", "none"),
                    ("exactly", "exactly"),
                    ("about", "about"),
                    ("nearly", "nearly"),
                    ("at_least", "at least"),
                    ("more_than", "more than"),
                    ("up_to", "up to"),
                    ("unspecified", "unspecified"),
                ],
                default="none",
                help_text="How the source limits the number; none if it adds no word.",
                max_length=24,
            ),
        ),
        migrations.RemoveField(model_name="milestone", name="rank"),
        entities.column_checks.AlterCheckedField(
            model_name="milestone",
            name="stage",
            field=entities.fields.ChoiceField(
                choices=[
                    ("proposed", "proposed"),
                    ("agreed", "agreed"),
                    ("announced", "announced"),
                    ("allocated", "allocated"),
                    ("under_way", "under way"),
                    ("delivered", "delivered"),
                    ("refused", "refused"),
                    ("dropped", "dropped"),
                ],
                help_text="Which step was taken.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="milestone",
            name="rank",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Case(
                    models.When(stage="proposed", then=models.Value(0)),
                    models.When(stage="agreed", then=models.Value(1)),
                    models.When(stage="announced", then=models.Value(2)),
                    models.When(stage="allocated", then=models.Value(3)),
                    models.When(stage="under_way", then=models.Value(4)),
                    models.When(stage="delivered", then=models.Value(5)),
                    models.When(stage="refused", then=models.Value(6)),
                    models.When(stage="dropped", then=models.Value(7)),
                    default=models.Value(0),
                ),
                output_field=models.SmallIntegerField(),
            ),
        ),
        entities.column_checks.AlterCheckedField(
            model_name="name",
            name="kind",
            field=entities.fields.ChoiceField(
                choices=[
                    ("official", "official name"),
                    ("alias", "alias"),
                    ("acronym", "acronym"),
                    ("former", "former name"),
                    ("translation_artefact", "translation artefact"),
                    ("mention", "mention"),
                ],
                default="alias",
                help_text="A translation artefact is a name that only a translation made. A mention is no name but how a text refers to it, such as the mission: no search finds it.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment_concerns",
            name="commitment",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_tablespace="",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="entities.commitment",
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment_concerns",
            name="history",
            field=models.ForeignKey(
                db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="entities.historicalcommitment"
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment_concerns",
            name="organisation",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_tablespace="",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="entities.organisation",
            ),
        ),
        migrations.AddField(
            model_name="commitment",
            name="due_latest",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=entities.fields.Latest(models.F("due")),
                output_field=models.CharField(max_length=10, null=True),
            ),
        ),
        migrations.AddField(
            model_name="historicalcommitment",
            name="due_latest",
            field=models.GeneratedField(
                db_index=True,
                db_persist=True,
                expression=entities.fields.Latest(models.F("due")),
                output_field=models.CharField(max_length=10, null=True),
            ),
        ),
        migrations.RunPython(name_those_concerned, migrations.RunPython.noop),
        migrations.RunPython(drop_unstated_exactness, restore_exactness),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("beneficiary__isnull", True),
                    ("nature__in", ("pledge", "decision", "plan", "target", "action")),
                    _connector="OR",
                ),
                name="commitment_benefits_by_nature",
                violation_error_message="Only a pledge, decision, plan, target or action has a beneficiary.",
            ),
        ),
        migrations.AddConstraint(
            model_name="measure",
            constraint=models.CheckConstraint(
                condition=models.Q(("conversion_of__isnull", True), ("milestone__isnull", True), _connector="OR"),
                name="measure_conversion_follows_its_amount",
                violation_error_message="A conversion belongs to the step of the amount that it converts; it has none itself.",
            ),
        ),
    ]
