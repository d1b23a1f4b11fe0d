"""Field values of records as the register has them, in the form that the value of a citation takes."""

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import prefetch_related_objects

from entities.citable_fields import CITABLE_FIELDS, EvidenceClass, class_of_name, evidence_class, record_kind
from entities.models import Commitment, Entity, Facility, Identifier, Measure, Milestone, Name, Post, Relation
from entities.numbers import decimal_text
from entities.vocabulary import Kind


class FieldValue(NamedTuple):
    """Value of a field in the working copy."""

    field: str
    """Address of the field: nature, measures.staff."""
    value: str
    """In the form that the value of a citation takes: pledge, about 700 person."""
    evidence_class: EvidenceClass = EvidenceClass.STATED
    """Evidence that it needs."""


_FIELDS_OF_CHILDREN = ("names", "identifiers")
_REFERENCES_BY_KIND = {
    Kind.FACILITY: (Facility, ("operator",)),
    Kind.POST: (Post, ("organisation",)),
    Kind.COMMITMENT: (Commitment, ("beneficiary", "part_of", "facility", "announced_at")),
}


def record_field_values(records: Iterable[Entity | Relation]) -> dict[Entity | Relation, list[FieldValue]]:
    """Return the filled fields of each record: those of CITABLE_FIELDS in their order, then those with rows of their own.

    Takes a constant number of queries per kind of record. Entities may be rows of the base table.
    """
    records = list(records)
    entities = [record for record in records if isinstance(record, Entity)]
    rows = _load_kind_rows(entities)
    names, measures = _load_children(Name, "entity", rows), _load_children(Measure, "entity", rows, "milestone")
    identifiers, milestones = _load_children(Identifier, "entity", rows), _load_children(Milestone, "commitment", rows)
    relations = [record for record in records if isinstance(record, Relation)]
    prefetch_related_objects(relations, "type", "subject", "object")
    values_by_record: dict[Entity | Relation, list[FieldValue]] = {}
    for record in records:
        row = record if isinstance(record, Relation) else rows[record.pk]
        kind = record_kind(record)
        values = [
            FieldValue(field, value, evidence_class(kind, field))
            for field in CITABLE_FIELDS[kind]
            if field not in _FIELDS_OF_CHILDREN
            for value in _field_texts(row, field)
        ]
        if isinstance(record, Entity):
            values += [FieldValue("names", name.text, class_of_name(name.kind, name.origin)) for name in names[record.pk]]
            of_identifiers = evidence_class(kind, "identifiers")
            values += [FieldValue("identifiers", str(identifier), of_identifiers) for identifier in identifiers[record.pk]]
            values += [FieldValue(f"measures.{measure.key}", measure.citation_value) for measure in measures[record.pk]]
            values += [FieldValue(f"milestones.{milestone.key}", milestone.citation_value) for milestone in milestones[record.pk]]
        values_by_record[record] = values
    return values_by_record


def _load_kind_rows(entities: Iterable[Entity]) -> dict[int, Any]:
    by_kind = defaultdict(list)
    for entity in entities:
        by_kind[entity.kind].append(entity.pk)
    rows: dict[int, Any] = {}
    for kind, keys in by_kind.items():
        model, references = _REFERENCES_BY_KIND.get(Kind(kind), (None, ()))
        if model is None:
            model = next(subclass for subclass in Entity.__subclasses__() if getattr(subclass, "KIND", None) == kind)
        queryset: Any = model._default_manager.filter(pk__in=keys).select_related(*references)
        if kind == Kind.COMMITMENT:
            queryset = queryset.prefetch_related("committed_by", "concerns")
        rows |= {row.pk: row for row in queryset}
    return rows


def _load_children(model, parent_field: str, rows: dict[int, Any], *related: str) -> dict[int, list]:
    children: dict[int, list] = defaultdict(list)
    for child in model._default_manager.filter(**{f"{parent_field}__in": list(rows)}).select_related(*related).order_by("pk"):
        children[getattr(child, f"{parent_field}_id")].append(child)
    return children


def _field_texts(row: Any, field: str) -> list[str]:
    if field == "relation":
        return [row.citation_value]
    value = getattr(row, field)
    if field in ("committed_by", "concerns"):
        return [organisation.slug for organisation in value.all()]
    if value is None or value == "":
        return []
    if isinstance(value, Decimal):
        return [decimal_text(value)]
    return [value.slug if hasattr(value, "slug") else str(value)]
