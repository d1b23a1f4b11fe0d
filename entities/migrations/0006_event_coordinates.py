"""Events get coordinates, as facilities have them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("entities", "0005_promises"),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="latitude",
            field=models.DecimalField(
                blank=True, decimal_places=5, help_text="Degrees north, -90 to 90, WGS 84.", max_digits=8, null=True
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="longitude",
            field=models.DecimalField(
                blank=True, decimal_places=5, help_text="Degrees east, -180 to 180, WGS 84.", max_digits=8, null=True
            ),
        ),
        migrations.AddField(
            model_name="historicalevent",
            name="latitude",
            field=models.DecimalField(
                blank=True, decimal_places=5, help_text="Degrees north, -90 to 90, WGS 84.", max_digits=8, null=True
            ),
        ),
        migrations.AddField(
            model_name="historicalevent",
            name="longitude",
            field=models.DecimalField(
                blank=True, decimal_places=5, help_text="Degrees east, -180 to 180, WGS 84.", max_digits=8, null=True
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                    models.Q(
                        ("latitude__isnull", False),
                        ("latitude__range", (-90, 90)),
                        ("longitude__isnull", False),
                        ("longitude__range", (-180, 180)),
                    ),
                    _connector="OR",
                ),
                name="event_coordinates_in_range",
                violation_error_message="Give both coordinates or none: latitude -90 to 90, longitude -180 to 180.",
            ),
        ),
    ]
