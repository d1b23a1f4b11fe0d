"""Evidence for the type, subject or object of a relation becomes evidence for the one fact that a relation is."""

from django.db import migrations

_FORMER_FIELDS = ("type", "subject", "object")
_FORMER_TYPES = {"expected-member-of": ("member-of", "expected")}


def cite_relations_as_one_fact(apps, schema_editor):
    """Rewrite citations and resolutions on type, subject and object of relations, past versions of them too."""
    rows_of = _RowsOf(apps, schema_editor)
    facts = _RelationFacts(rows_of)
    citations = rows_of("sources", "Citation")
    kept: dict[tuple, object] = {}
    rows = citations.filter(relation__isnull=False, field__in=_FORMER_FIELDS)
    # The one on the type says most.
    for citation in sorted(rows, key=lambda row: (row.relation_id, -_FORMER_FIELDS[::-1].index(row.field), row.pk)):
        value = facts.value(citation)
        key = (citation.quote_id, citation.relation_id, value)
        if first := kept.get(key):
            first.note = "\n".join(dict.fromkeys(filter(None, (first.note, citation.note))))
            first.as_stated = first.as_stated or citation.as_stated
            first.save()
            citation.delete()
        else:
            citation.field, citation.value = "relation", value
            citation.save()
            kept[key] = citation
    for past in rows_of("sources", "HistoricalCitation").filter(relation_id__in=facts.relations, field__in=_FORMER_FIELDS):
        past.field, past.value = "relation", facts.value(past)
        past.save()
    _rewrite_resolutions(rows_of, facts)


def _rewrite_resolutions(rows_of: "_RowsOf", facts: "_RelationFacts") -> None:
    resolutions = rows_of("sources", "Resolution")
    judged: dict[tuple, object] = {}
    for resolution in resolutions.filter(relation__isnull=False, field__in=_FORMER_FIELDS).order_by("pk"):
        resolution.settles = facts.statements(resolution)
        if first := judged.get((resolution.relation_id, resolution.decided_on)):
            first.settles = sorted({*first.settles, *resolution.settles})
            first.reason = f"{first.reason}\n{resolution.reason}"
            first.save()
            resolution.delete()
        else:
            resolution.field = "relation"
            resolution.save()
            judged[resolution.relation_id, resolution.decided_on] = resolution
    for past in rows_of("sources", "HistoricalResolution").filter(relation_id__in=facts.relations, field__in=_FORMER_FIELDS):
        past.settles = facts.statements(past)
        past.field = "relation"
        past.save()


class _RowsOf:
    """The rows of a model, in the database that is migrated."""

    def __init__(self, apps, schema_editor):
        self.apps, self.alias = apps, schema_editor.connection.alias

    def __call__(self, app: str, model: str):
        return self.apps.get_model(app, model).objects.using(self.alias)


class _RelationFacts:
    """The facts that relations are, as `planned: germany hosts nsatu`."""

    def __init__(self, rows_of: _RowsOf):
        columns = ("pk", "modality", "subject__slug", "type__slug", "object__slug")
        self.relations = {pk: fact for pk, *fact in rows_of("entities", "Relation").values_list(*columns)}
        self.types = {*rows_of("entities", "RelationType").values_list("slug", flat=True)}

    def value(self, citation) -> str:
        """Return the fact that a citation on a former field states."""
        return self._fact(citation.relation_id, citation.field, citation.value)

    def statements(self, resolution) -> list[str]:
        """Return the statements that a resolution on a former field settles."""
        statements = set()
        for statement in resolution.settles:
            denial = "not " if statement.startswith("not ") else ""
            statements.add(denial + self._fact(resolution.relation_id, resolution.field, statement.removeprefix(denial)))
        return sorted(statements)

    def _fact(self, relation: int, field: str, value: str) -> str:
        modality, subject, type, object = self.relations[relation]
        if field == "type":
            stated, stated_modality = _FORMER_TYPES.get(value, (value, modality))
            if stated in self.types:
                type, modality = stated, stated_modality
        return f"{modality}: {subject} {type} {object}"


class Migration(migrations.Migration):
    dependencies = [("sources", "0002_date_intervals"), ("entities", "0004_fill_verb_forms")]

    operations = [migrations.RunPython(cite_relations_as_one_fact, migrations.RunPython.noop, elidable=False)]
