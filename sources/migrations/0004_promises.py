"""Citations of amounts say no more than the source, those of milestones state stage and date, and refusals concern somebody.

The history and the resolutions of a field follow its citations, so that they still say the same of them.
"""

import re

from django.db import migrations

_BENEFITING_NATURES = ("pledge", "decision", "plan", "target", "action")
_EXACT_WORDS = re.compile(r"\b(exactly|precisely)\b", re.IGNORECASE)
_DATE_BEGINNINGS = "0123456789."
_BATCH = 500


def rewrite_statements(apps, schema_editor):
    """Write statements in their new form, in citations, resolutions and the history of both."""
    alias = schema_editor.connection.alias
    milestones = apps.get_model("entities", "Milestone").objects.using(alias).values_list("commitment", "key", "stage")
    stages = {(commitment, f"milestones.{key}"): stage for commitment, key, stage in milestones}

    def new_value(entity, field, value, as_stated=""):
        if field.startswith("measures.") and value.startswith("exactly ") and not _EXACT_WORDS.search(as_stated):
            return value.removeprefix("exactly ")
        if field.startswith("milestones.") and value[:1] in _DATE_BEGINNINGS and (entity, field) in stages:
            return f"{stages[entity, field]} {value}"
        return value

    _rewrite(apps, alias, new_value)
    commitments = apps.get_model("entities", "Commitment").objects.using(alias).exclude(nature__in=_BENEFITING_NATURES)
    for model in ("Citation", "HistoricalCitation", "Resolution", "HistoricalResolution"):
        rows = apps.get_model("sources", model).objects.using(alias).filter(field="beneficiary")
        rows.filter(entity__in=commitments.values("pk")).update(field="concerns")


def restore_statements(apps, schema_editor):
    """Write statements in their former form; whom a commitment concerns had none."""

    def former_value(entity, field, value, as_stated=""):
        if field.startswith("measures.") and value[:1].isdigit():
            return f"exactly {value}"
        return value.partition(" ")[2] or value if field.startswith("milestones.") else value

    _rewrite(apps, schema_editor.connection.alias, former_value)


def _rewrite(apps, alias, new_value):
    statements = {"field__regex": r"^(measures|milestones)\."}
    kept: set[tuple[int, str, str]] = set()
    for model in ("Citation", "HistoricalCitation"):
        rows = apps.get_model("sources", model).objects.using(alias)
        changed = []
        for row in rows.filter(**statements).only("entity", "field", "value", "as_stated").iterator(chunk_size=_BATCH):
            value = new_value(row.entity_id, row.field, row.value, row.as_stated)
            if value == row.value:
                kept.add((row.entity_id, row.field, row.value))
                continue
            row.value = value
            changed.append(row)
            if len(changed) == _BATCH:
                rows.bulk_update(changed, ["value"])
                changed.clear()
        rows.bulk_update(changed, ["value"])
    for model in ("Resolution", "HistoricalResolution"):
        rows = apps.get_model("sources", model).objects.using(alias)
        for row in rows.filter(**statements).only("entity", "field", "settles").iterator(chunk_size=_BATCH):
            settles = [_rewrite_statement(row, statement, new_value, kept) for statement in row.settles]
            if settles != row.settles:
                row.settles = settles
                row.save(update_fields=["settles"])


def _rewrite_statement(resolution, statement, new_value, kept):
    """Return a settled statement in its new form; one that a citation still makes stays."""
    if isinstance(statement, dict):
        return statement | {"value": _rewrite_statement(resolution, statement["value"], new_value, kept)}
    denial, value = ("not ", statement[4:]) if statement.startswith("not ") else ("", statement)
    if (resolution.entity_id, resolution.field, value) in kept:
        return statement
    return denial + new_value(resolution.entity_id, resolution.field, value)


class Migration(migrations.Migration):
    dependencies = [("sources", "0003_relation_citations"), ("entities", "0005_promises")]

    operations = [migrations.RunPython(rewrite_statements, restore_statements)]
