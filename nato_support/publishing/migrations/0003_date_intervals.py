from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0002_search"),
    ]

    operations = [
        migrations.AlterField(
            model_name="edition",
            name="sort_date",
            field=models.CharField(
                blank=True,
                help_text="First day of its date; 0001-01-01 if it is open to the past, empty if it has none.",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="until",
            field=models.CharField(
                blank=True, help_text="Last day of its date; 9999-12-31 if it goes on or is open to the future.", max_length=10
            ),
        ),
    ]
