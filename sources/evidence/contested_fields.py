"""Which fields of a record are contested: their citations differ, or one contradicts, and no resolution stands."""

import dataclasses

from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q

from entities.citable import MANY_VALUED_FIELDS
from entities.vocabulary import Stance
from sources.evidence.statements import ContestState, FieldEvidence, FieldKey
from sources.models import Citation, Resolution


@dataclasses.dataclass(frozen=True, slots=True)
class ContestedField:
    """A field whose citations differ, as a queue lists it; `newest` is the key of its newest citation."""

    key: FieldKey
    citations: int
    newest: int
    state: ContestState


_KEY_COLUMNS = ("entity_id", "relation_id", "field")
_STATEMENTS_DIFFER = (~Q(field__in=MANY_VALUED_FIELDS) & ~Q(first=F("last"))) | Q(contradictions__gt=0)


def find_contested_fields(within: Q | None = None) -> list[ContestedField]:
    """Every field whose citations differ, settled ones included, that with the newest citation first.

    `within` narrows by what all citations of a field share: their record or the field itself. Five statements, whatever
    the number of citations: of fields that do not differ, and of those never resolved, no citation is fetched.
    """
    judged = evidence_of_resolved_fields()
    found = []
    # Apart, so that each follows its index instead of sorting all citations.
    for end in ("entity", "relation"):
        groups = (
            Citation.objects.filter(within or Q(), **{f"{end}__isnull": False})
            .order_by()
            .values_list(f"{end}_id", "field")
            .annotate(number=Count("pk"), newest=Max("pk"), first=Min("value"), last=Max("value"))
            .annotate(contradictions=Count("pk", filter=Q(stance=Stance.CONTRADICTS)))
            .filter(_STATEMENTS_DIFFER)
        )
        for target, field, number, newest, *_ in groups:
            place = FieldKey(target, None, field) if end == "entity" else FieldKey(None, target, field)
            found.append(ContestedField(place, number, newest, judged[place].state if place in judged else ContestState.OPEN))
    return sorted(found, key=lambda field: -field.newest)


def evidence_of_resolved_fields() -> dict[FieldKey, FieldEvidence]:
    """What is stated and resolved of every field that was ever resolved, in rows as narrow as the rule needs."""
    found: dict[FieldKey, FieldEvidence] = {}
    judged = Resolution.objects.order_by().values_list(*_KEY_COLUMNS, "pk", "verdict", "settles", "decided_on", named=True)
    for row in judged:
        place = FieldKey(row.entity_id, row.relation_id, row.field)
        found.setdefault(place, FieldEvidence(row.field)).resolutions.append(row)
    for end in ("entity", "relation"):
        resolved = Resolution.objects.filter(**{end: OuterRef(end), "field": OuterRef("field")})
        stated = (
            Citation.objects.order_by()
            .filter(Exists(resolved))
            .values_list(*_KEY_COLUMNS, "value", "stance", named=True)
            .distinct()
        )
        for row in stated:
            if one := found.get(FieldKey(row.entity_id, row.relation_id, row.field)):
                one.citations.append(row)
    return found
