from django.db import migrations

import entities.date_columns
import entities.fields


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="event",
            name="start",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="First day, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="historicalevent",
            name="start",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="First day, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="historicalmilestone",
            name="date",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="When, as precise as the source: 2024, 2024-06 or 2024-06-14, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="historicalorganisation",
            name="founded",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="As precise as the source: 1949, 1949-04 or 1949-04-04, with ~ for about or ? for uncertain, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="historicalrelation",
            name="start",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="Since when, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31; empty if it does not say.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="milestone",
            name="date",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="When, as precise as the source: 2024, 2024-06 or 2024-06-14, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="organisation",
            name="founded",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="As precise as the source: 1949, 1949-04 or 1949-04-04, with ~ for about or ? for uncertain, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31.",
                max_length=23,
            ),
        ),
        migrations.AlterField(
            model_name="relation",
            name="start",
            field=entities.fields.PartialDateField(
                blank=True,
                help_text="Since when, as precise as the source: 2024, 2024-07 or 2024-07-09, with ~ or ?, or an interval: 2024-06-15/2024-07-08, 2023/.., ../2024-12-31; empty if it does not say.",
                max_length=23,
            ),
        ),
        entities.date_columns.rebuild_partial_date_columns("entities"),
    ]
