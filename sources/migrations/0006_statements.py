"""Citations affirm or deny a value, instead of taking a stance; resolutions judge statements and may decide for one."""

from django.db import migrations, models

import entities.fields

POLARITY_HELP = "Affirms: the passage says that it is so; denies: it says that it is not so, as in “no troops will be sent”."
DECIDES_FOR_HELP = "The one of these statements that the register follows; empty if it follows none, as when they are disputed."
SETTLES_HELP = "The statements that it judges; one that differs from them reopens the field. Filled in on saving."
DENIAL_PREFIX = "not "


def replace_stances(apps, schema_editor):
    """Make denials of contradictions, affirmations of the rest, and print the denials: an old contradiction may have been
    another value, which is no denial."""
    alias = schema_editor.connection.alias
    for name in ("Citation", "HistoricalCitation"):
        apps.get_model("sources", name).objects.using(alias).filter(stance="contradicts").update(polarity="denies")
    citations = apps.get_model("sources", "Citation").objects.using(alias).filter(polarity="denies").order_by("pk")
    lines = [
        f"  {quote}: {entity or relation}, {field}: {value}"
        for quote, entity, relation, field, value in citations.values_list(
            "quote__slug", "entity__slug", "relation__slug", "field", "value"
        )
    ]
    if lines:
        print("\n  These citations contradicted a value and deny it now. Check that each passage says that it is not so:")
        print("\n".join(lines))


def restore_stances(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name in ("Citation", "HistoricalCitation"):
        apps.get_model("sources", name).objects.using(alias).filter(polarity="denies").update(stance="contradicts")


def split_settled_texts(apps, schema_editor):
    """Turn `pledge` and `not pledge` into statements, in resolutions and in the rows kept for undoing merges and captures."""
    alias = schema_editor.connection.alias
    citations = apps.get_model("sources", "Citation").objects.using(alias)
    affirmed = set(
        citations.filter(polarity="affirms", value__startswith=DENIAL_PREFIX).values_list(
            "entity_id", "relation_id", "field", "value"
        )
    )

    def statement(place, text):
        # A value may itself begin with “not”: it is no denial if a citation affirms it.
        if text.startswith(DENIAL_PREFIX) and (*place, text) not in affirmed:
            return {"value": text.removeprefix(DENIAL_PREFIX), "polarity": "denies"}
        return {"value": text, "polarity": "affirms"}

    def statements(place, texts):
        return sorted((statement(place, text) for text in texts), key=lambda made: (made["value"], made["polarity"]))

    def convert(values):
        if "stance" in values:
            values["polarity"] = "denies" if values.pop("stance") == "contradicts" else "affirms"
        if "settles" in values:
            place = (values.get("entity_id"), values.get("relation_id"), values.get("field"))
            values["settles"] = statements(place, values["settles"])
            values["decides_for"] = None

    _rewrite_settled(apps, alias, lambda row: statements((row.entity_id, row.relation_id, row.field), row.settles))
    _rewrite_kept_rows(apps, alias, convert)


def join_settled_statements(apps, schema_editor):
    alias = schema_editor.connection.alias

    def texts(statements):
        return sorted(DENIAL_PREFIX * (made["polarity"] == "denies") + made["value"] for made in statements)

    def convert(values):
        if "polarity" in values:
            values["stance"] = "contradicts" if values.pop("polarity") == "denies" else "supports"
        if "settles" in values:
            values["settles"] = texts(values["settles"])
        values.pop("decides_for", None)

    _rewrite_settled(apps, alias, lambda row: texts(row.settles))
    _rewrite_kept_rows(apps, alias, convert)


def _rewrite_settled(apps, alias, convert):
    for name in ("Resolution", "HistoricalResolution"):
        rows = apps.get_model("sources", name).objects.using(alias)
        changed = list(rows.only("pk", "entity_id", "relation_id", "field", "settles"))
        for row in changed:
            row.settles = convert(row)
        rows.bulk_update(changed, ["settles"], batch_size=500)


def _rewrite_kept_rows(apps, alias, convert):
    """Apply `convert`, in place, to the values of citations and resolutions that merges and capture steps keep."""
    for label, name, column in (("entities", "Merge", "rows"), ("sources", "CaptureStep", "changes")):
        rows = apps.get_model(label, name).objects.using(alias)
        for pk in list(rows.values_list("pk", flat=True)):
            changes = rows.values_list(column, flat=True).get(pk=pk)
            kept = [
                values
                for change in changes
                if change["model"] in ("sources.citation", "sources.resolution")
                for values in (change["before"], change["after"])
                if values
            ]
            for values in kept:
                convert(values)
            if kept:
                rows.filter(pk=pk).update(**{column: changes})


def polarity_field() -> models.Field:
    return entities.fields.ChoiceField(
        choices=[("affirms", "affirms"), ("denies", "denies")], default="affirms", help_text=POLARITY_HELP, max_length=24
    )


class Migration(migrations.Migration):
    dependencies = [("entities", "0005_promises"), ("sources", "0005_utterances_and_sparing_quotation")]

    operations = [
        migrations.AddField("citation", "polarity", polarity_field()),
        migrations.AddField("historicalcitation", "polarity", polarity_field()),
        migrations.RunPython(replace_stances, restore_stances),
        migrations.RemoveField("citation", "stance"),
        migrations.RemoveField("historicalcitation", "stance"),
        migrations.RunPython(split_settled_texts, join_settled_statements),
        *(
            operation
            for name in ("resolution", "historicalresolution")
            for operation in (
                migrations.AddField(name, "decides_for", models.JSONField(blank=True, help_text=DECIDES_FOR_HELP, null=True)),
                migrations.AlterField(name, "settles", models.JSONField(blank=True, default=list, help_text=SETTLES_HELP)),
            )
        ),
        migrations.AddConstraint(
            "resolution",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verdict", "disputed"), _negated=True), ("decides_for__isnull", True), _connector="OR"
                ),
                name="resolution_disputed_decides_for_none",
                violation_error_message="Disputed statements stay side by side: decide for none of them.",
            ),
        ),
    ]
