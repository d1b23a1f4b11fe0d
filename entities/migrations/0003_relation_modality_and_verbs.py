"""Relations get a modality; their types get the forms of their verbs, which the next migration fills in."""

from django.db import migrations

import entities.fields


def _form_field(help_text: str) -> entities.fields.LineField:
    # Columns that may not be empty: filled in at once.
    return entities.fields.LineField(default="?", help_text=help_text, max_length=80)


class Migration(migrations.Migration):
    dependencies = [("entities", "0002_date_intervals")]

    operations = [
        migrations.AddField(
            model_name="historicalrelation",
            name="modality",
            field=entities.fields.ChoiceField(
                choices=[
                    ("in_force", "in force"),
                    ("planned", "planned"),
                    ("expected", "expected"),
                    ("conditional", "conditional"),
                    ("claimed", "claimed"),
                ],
                db_index=True,
                default="in_force",
                help_text="How far it holds, as its sources word it: in force, planned (“will host”, “would be based at”), expected, conditional (“if ...”), or claimed by somebody whom the cited passage names.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="relation",
            name="modality",
            field=entities.fields.ChoiceField(
                choices=[
                    ("in_force", "in force"),
                    ("planned", "planned"),
                    ("expected", "expected"),
                    ("conditional", "conditional"),
                    ("claimed", "claimed"),
                ],
                db_index=True,
                default="in_force",
                help_text="How far it holds, as its sources word it: in force, planned (“will host”, “would be based at”), expected, conditional (“if ...”), or claimed by somebody whom the cited passage names.",
                max_length=24,
            ),
        ),
        migrations.AddField(
            model_name="relationtype",
            name="plural_label",
            field=_form_field("The same after a plural, such as are part of, took part in."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="relationtype",
            name="past_label",
            field=_form_field("The same when it is over, such as was part of, took part in."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="relationtype",
            name="infinitive",
            field=_form_field("The same after is to, such as be part of, take part in."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="relationtype",
            name="inverse_plural_label",
            field=_form_field("The same after a plural, such as have the part."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="relationtype",
            name="inverse_past_label",
            field=_form_field("The same when it is over, such as had the part."),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="relationtype",
            name="inverse_infinitive",
            field=_form_field("The same after is to, such as have the part."),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="relationtype",
            name="label",
            field=entities.fields.LineField(
                help_text="Read from subject to object, such as is part of, took part in.", max_length=80
            ),
        ),
        migrations.AlterField(
            model_name="relationtype",
            name="inverse_label",
            field=entities.fields.LineField(
                help_text="Read from object to subject, such as has the part, had the participant.", max_length=80
            ),
        ),
    ]
