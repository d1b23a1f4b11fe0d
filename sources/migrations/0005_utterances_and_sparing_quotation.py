"""Quotes with several speakers, reporter, utterance and note; documents with what the share of quotation is counted by."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import entities.fields

_COPY_SPEAKERS = [
    "INSERT INTO sources_sourcequote_speakers (sourcequote_id, person_id)"
    " SELECT id, speaker_id FROM sources_sourcequote WHERE speaker_id IS NOT NULL",
    "INSERT INTO sources_historicalsourcequote_speakers (id, history_id, sourcequote_id, person_id)"
    " SELECT COALESCE(present.id, 0), past.history_id, past.id, past.speaker_id FROM sources_historicalsourcequote AS past"
    " LEFT JOIN sources_sourcequote_speakers AS present"
    " ON present.sourcequote_id = past.id AND present.person_id = past.speaker_id WHERE past.speaker_id IS NOT NULL",
]
# The old column holds only one of several speakers.
_COPY_ONE_SPEAKER_BACK = [
    "UPDATE sources_sourcequote SET speaker_id = (SELECT MIN(person_id) FROM sources_sourcequote_speakers"
    " WHERE sourcequote_id = sources_sourcequote.id)",
    "UPDATE sources_historicalsourcequote SET speaker_id = (SELECT MIN(person_id) FROM sources_historicalsourcequote_speakers"
    " WHERE history_id = sources_historicalsourcequote.history_id)",
]


def _values_with_speakers(values):
    kept = {name: value for name, value in values.items() if name not in ("prefix", "suffix", "speaker_id")}
    if "speaker_id" in values:
        kept["speakers"] = [values["speaker_id"]] if values["speaker_id"] else []
    return kept


def _values_with_one_speaker(values):
    kept = {name: value for name, value in values.items() if name not in ("speakers", "reported_by", "utterance", "note")}
    if "speakers" in values:
        kept["speaker_id"] = min(values["speakers"], default=None)
    return kept


def _rewrite_quotes_in_capture_steps(rewrite_values):
    """Return a function that rewrites what the steps of the document desk hold of quotes, so that they can still be undone."""

    def rewrite(apps, schema_editor):
        steps = apps.get_model("sources", "CaptureStep").objects.using(schema_editor.connection.alias)
        for step in steps.iterator(chunk_size=500):
            quote_changes = [change for change in step.changes if change["model"] == "sources.sourcequote"]
            for change in quote_changes:
                for side in ("before", "after"):
                    change[side] = rewrite_values(change[side]) if change[side] is not None else None
            if quote_changes:
                step.save(update_fields=["changes"])

    return rewrite


def _finish_pending_checks(apps, schema_editor):
    # PostgreSQL alters no table with checks of new rows still to come.
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0005_promises"),
        ("sources", "0004_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="historicalsourcequote",
            name="note",
            field=entities.fields.ProseField(
                blank=True, help_text="How speaker, day or occasion are known, where the source does not state them."
            ),
        ),
        migrations.AddField(
            model_name="historicalsourcequote",
            name="reported_by",
            field=entities.fields.LineField(
                blank=True,
                help_text="Who reports what the speaker said, if not the document itself, such as officials.",
                max_length=300,
                verbose_name="reported by",
            ),
        ),
        migrations.AddField(
            model_name="historicalsourcequote",
            name="utterance",
            field=entities.fields.SlugField(
                blank=True,
                db_index=True,
                help_text="Public id that quotes of one utterance share: several wordings or parts of it are one witness.",
                max_length=120,
            ),
        ),
        migrations.AddField(
            model_name="sourcedocument",
            name="speech_spans",
            field=models.JSONField(
                blank=True,
                default=list,
                editable=False,
                help_text="Where words stand in quotation marks: first and last offset of each.",
            ),
        ),
        migrations.AddField(
            model_name="sourcedocument",
            name="word_count",
            field=models.PositiveIntegerField(
                blank=True,
                editable=False,
                help_text="Number of words of the text; empty if it never was stored.",
                null=True,
                verbose_name="words",
            ),
        ),
        migrations.AddField(
            model_name="sourcequote",
            name="note",
            field=entities.fields.ProseField(
                blank=True, help_text="How speaker, day or occasion are known, where the source does not state them."
            ),
        ),
        migrations.AddField(
            model_name="sourcequote",
            name="reported_by",
            field=entities.fields.LineField(
                blank=True,
                help_text="Who reports what the speaker said, if not the document itself, such as officials.",
                max_length=300,
                verbose_name="reported by",
            ),
        ),
        migrations.AddField(
            model_name="sourcequote",
            name="speakers",
            field=models.ManyToManyField(
                blank=True,
                help_text="Who said or wrote it, if the source names them; several only if the source gives the words to all of them.",
                related_name="quotes",
                to="entities.person",
            ),
        ),
        migrations.AddField(
            model_name="sourcequote",
            name="utterance",
            field=entities.fields.SlugField(
                blank=True,
                db_index=True,
                help_text="Public id that quotes of one utterance share: several wordings or parts of it are one witness.",
                max_length=120,
            ),
        ),
        migrations.CreateModel(
            name="HistoricalSourceQuote_speakers",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("m2m_history_id", models.AutoField(primary_key=True, serialize=False)),
                (
                    "history",
                    models.ForeignKey(
                        db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, to="sources.historicalsourcequote"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="entities.person",
                    ),
                ),
                (
                    "sourcequote",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        db_tablespace="",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="sources.sourcequote",
                    ),
                ),
            ],
            options={
                "verbose_name": "HistoricalSourceQuote_speakers",
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.RunPython(_finish_pending_checks, _finish_pending_checks),
        migrations.RunSQL(_COPY_SPEAKERS, _COPY_ONE_SPEAKER_BACK),
        migrations.RunPython(
            _rewrite_quotes_in_capture_steps(_values_with_speakers), _rewrite_quotes_in_capture_steps(_values_with_one_speaker)
        ),
        migrations.RunPython(_finish_pending_checks, _finish_pending_checks),
        migrations.RemoveField(
            model_name="historicalsourcequote",
            name="prefix",
        ),
        migrations.RemoveField(
            model_name="historicalsourcequote",
            name="speaker",
        ),
        migrations.RemoveField(
            model_name="historicalsourcequote",
            name="suffix",
        ),
        migrations.RemoveField(
            model_name="sourcequote",
            name="prefix",
        ),
        migrations.RemoveField(
            model_name="sourcequote",
            name="speaker",
        ),
        migrations.RemoveField(
            model_name="sourcequote",
            name="suffix",
        ),
    ]
