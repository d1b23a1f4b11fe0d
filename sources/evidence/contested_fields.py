"""Contested fields: their citations differ, or one contradicts, and no resolution settles them."""

import dataclasses

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from entities.citable_fields import MANY_VALUED_FIELDS
from entities.vocabulary import Stance
from sources.evidence.statements import ContestState, FieldEvidence, FieldKey
from sources.models import Citation, Resolution


@dataclasses.dataclass(frozen=True, slots=True)
class ContestedField:
    """Field whose citations differ, as a queue lists it; `newest` is the key of its newest citation."""

    key: FieldKey
    citations: int
    newest: int
    state: ContestState


_KEY_COLUMNS = ("entity_id", "relation_id", "field")
_STATEMENTS_DIFFER = (~Q(field__in=MANY_VALUED_FIELDS) & ~Q(first=F("last"))) | Q(contradictions__gt=0)


def find_contested_and_settled_fields(condition: Q | None = None) -> list[ContestedField]:
    """Return every field whose citations differ, also settled ones, sorted by newest citation first.

    `condition` narrows by what all citations of a field share: their record, or the field itself. It takes five queries
    whatever the number of citations: none are fetched of fields that do not differ or were never resolved.
    """
    resolved = evidence_of_resolved_fields()
    fields = []
    # Two queries, so that each uses its index instead of sorting all citations.
    for target_kind in ("entity", "relation"):
        groups = (
            Citation.objects.filter(condition or Q(), **{f"{target_kind}__isnull": False})
            .order_by()
            .values_list(f"{target_kind}_id", "field")
            .annotate(number=Count("pk"), newest=Max("pk"), first=Min("value"), last=Max("value"))
            .annotate(contradictions=Count("pk", filter=Q(stance=Stance.CONTRADICTS)))
            .filter(_STATEMENTS_DIFFER)
        )
        for pk, field, count, newest, *_ in groups:
            key = FieldKey(pk, None, field) if target_kind == "entity" else FieldKey(None, pk, field)
            fields.append(ContestedField(key, count, newest, resolved[key].state if key in resolved else ContestState.OPEN))
    return sorted(fields, key=lambda field: -field.newest)


def evidence_of_resolved_fields() -> dict[FieldKey, FieldEvidence]:
    """Return the statements and resolutions of every field ever resolved, in rows as narrow as the rule needs."""
    evidence_by_key: dict[FieldKey, FieldEvidence] = {}
    resolutions = Resolution.objects.order_by().values_list(*_KEY_COLUMNS, "pk", "verdict", "settles", "decided_on", named=True)
    for row in resolutions:
        key = FieldKey(row.entity_id, row.relation_id, row.field)
        evidence_by_key.setdefault(key, FieldEvidence(row.field)).resolutions.append(row)
    for target_kind in ("entity", "relation"):
        resolved = Resolution.objects.filter(**{target_kind: OuterRef(target_kind), "field": OuterRef("field")})
        statements = (
            Citation.objects.order_by()
            .filter(Exists(resolved))
            .values_list(*_KEY_COLUMNS, "value", "stance", named=True)
            .distinct()
        )
        for row in statements:
            if evidence := evidence_by_key.get(FieldKey(row.entity_id, row.relation_id, row.field)):
                evidence.citations.append(row)
    return evidence_by_key
