"""Contested fields: fields with statements that differ, and no resolution that settles them."""

import dataclasses

from django.db.models import Count, Exists, F, Max, OuterRef, Q

from entities.citable_fields import MANY_VALUED_FIELDS
from sources.evidence.statement_comparison import Statement, conflicting_statements, distinct_statements
from sources.evidence.statements import ContestState, FieldEvidence, FieldKey
from sources.models import Citation, Resolution


@dataclasses.dataclass(frozen=True, slots=True)
class ContestedField:
    """Field whose sources differ, as a queue lists it; `newest` is the key of its newest citation."""

    key: FieldKey
    citations: int
    newest: int
    state: ContestState


_KEY_COLUMNS = ("entity_id", "relation_id", "field")
_KIND_OF_RECORD = F("entity__kind")


@dataclasses.dataclass(slots=True)
class _FieldStatements:
    """Statements of a field that may differ, with the number and the newest of the citations that make them."""

    kind: str
    statements: list[Statement] = dataclasses.field(default_factory=list)
    citations: int = 0
    newest: int = 0


def find_contested_and_settled_fields(condition: Q | None = None) -> list[ContestedField]:
    """Return every field whose statements differ, also settled ones, sorted by newest citation first.

    `condition` narrows by what all citations of a field share: their record, or the field itself. It takes five queries
    whatever the number of citations: none are fetched of fields of one statement or that were never resolved.
    """
    resolved = evidence_of_resolved_fields()
    fields = []
    for key, found in _fields_of_several_statements(condition or Q()).items():
        statements = distinct_statements(found.kind, key.field, found.statements)
        if conflicting_statements(found.kind, key.field, statements):
            state = resolved[key].state if key in resolved else ContestState.OPEN
            fields.append(ContestedField(key, found.citations, found.newest, state))
    return sorted(fields, key=lambda field: -field.newest)


def _fields_of_several_statements(condition: Q) -> dict[FieldKey, _FieldStatements]:
    """Return the statements of the fields that are cited for several, as the database compares them: to the letter."""
    fields: dict[FieldKey, _FieldStatements] = {}
    # Two queries, so that each uses its index instead of sorting all citations.
    for target_kind in ("entity", "relation"):
        others = Citation.objects.filter(**{target_kind: OuterRef(target_kind), "field": OuterRef("field")}).filter(
            ~Q(polarity=OuterRef("polarity")) | (~Q(field__in=MANY_VALUED_FIELDS) & ~Q(value=OuterRef("value")))
        )
        rows = (
            Citation.objects.filter(condition, Exists(others.order_by()), **{f"{target_kind}__isnull": False})
            .order_by()
            .annotate(record_kind=_KIND_OF_RECORD)
            .values_list(*_KEY_COLUMNS, "record_kind", "value", "polarity")
            .annotate(number=Count("pk"), newest=Max("pk"))
        )
        for entity, relation, field, kind, value, polarity, number, newest in rows:
            found = fields.setdefault(FieldKey(entity, relation, field), _FieldStatements(kind or "relation"))
            found.statements.append(Statement(value, polarity))
            found.citations += number
            found.newest = max(found.newest, newest)
    return fields


def evidence_of_resolved_fields() -> dict[FieldKey, FieldEvidence]:
    """Return the statements and resolutions of every field ever resolved, in rows as narrow as the rule needs."""
    evidence_by_key: dict[FieldKey, FieldEvidence] = {}
    columns = (*_KEY_COLUMNS, "record_kind", "pk", "verdict", "settles", "decides_for", "decided_on")
    for row in Resolution.objects.order_by().annotate(record_kind=_KIND_OF_RECORD).values_list(*columns, named=True):
        key = FieldKey(row.entity_id, row.relation_id, row.field)
        evidence_by_key.setdefault(key, FieldEvidence(row.record_kind or "relation", row.field)).resolutions.append(row)
    for target_kind in ("entity", "relation"):
        resolved = Resolution.objects.filter(**{target_kind: OuterRef(target_kind), "field": OuterRef("field")})
        statements = (
            Citation.objects.order_by()
            .filter(Exists(resolved))
            .values_list(*_KEY_COLUMNS, "value", "polarity", named=True)
            .distinct()
        )
        for row in statements:
            if evidence := evidence_by_key.get(FieldKey(row.entity_id, row.relation_id, row.field)):
                evidence.citations.append(row)
    return evidence_by_key
