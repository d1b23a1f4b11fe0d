import json

from django.db import migrations, models

from nato_support.editions import index

_LIVE = models.Q(superseded__isnull=True, withdrawn=False)
_PAST = models.Q(superseded__isnull=False, withdrawn=False)


def _find_anew(apps, schema_editor):
    """Works out anew what each edition can be found by: amounts, days on which something was said, fidelity came later."""
    editions = apps.get_model("editions", "Edition").objects.filter(withdrawn=False)
    terms = apps.get_model("editions", "EditionTerm")
    columns = editions.order_by("pk").values_list("pk", "kind", "sort_date", "document", "evidence")
    some = list(columns[:500])
    while some:
        terms.objects.filter(edition__in=[pk for pk, *_ in some]).delete()
        terms.objects.bulk_create(
            (
                terms(edition_id=pk, kind=kind, sort_date=sort_date, field=field, value=value)
                for pk, kind, sort_date, document, evidence in some
                for field, value in index.terms(json.loads(document), json.loads(evidence))
            ),
            batch_size=2000,
        )
        some = list(columns.filter(pk__gt=some[-1][0])[:500])


class Migration(migrations.Migration):
    dependencies = [("editions", "0004_names")]

    operations = [
        migrations.AddIndex("edition", models.Index(fields=["kind", "run", "id"], condition=_LIVE, name="live_by_stamp")),
        migrations.AddIndex(
            "edition", models.Index(fields=["kind", "run", "id", "superseded"], condition=_PAST, name="past_by_stamp")
        ),
        migrations.RunPython(_find_anew, migrations.RunPython.noop),
    ]
