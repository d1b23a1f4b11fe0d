from django.db import migrations

import entities.date_columns
import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("sources", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalsourcedocument",
            name="published_on",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="Day of publication, as precise as known: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="historicalsourcequote",
            name="said_on",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="When it was said, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="sourcedocument",
            name="published_on",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="Day of publication, as precise as known: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="sourcequote",
            name="said_on",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="When it was said, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        entities.date_columns.rebuild_partial_date_columns("sources"),
    ]
