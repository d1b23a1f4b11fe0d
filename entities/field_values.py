"""What the register itself says: every field of a record that holds something, typed as a citation of it would be."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects

from entities.citable import CITABLE_FIELDS, record_kind
from entities.models import Commitment, Entity, Facility, Measure, Milestone, Name, Post, Relation
from entities.numbers import NUMBER
from entities.vocabulary import Kind, MeasureKind, Qualifier

FieldValue = tuple[str, str]
"""Address of a field and its value: ("nature", "pledge"), ("measures.staff", "about 700 person")."""

_AMOUNT_PATTERN = re.compile(
    rf"(?P<qualifier>{'|'.join(Qualifier.values)})"
    rf"(?: (?P<value>{NUMBER})(?:\.\.(?P<upper>{NUMBER}))?)?(?: (?P<unit>\S.*))?"
)

_REFERENCES_BY_KIND = {
    Kind.FACILITY: (Facility, ("operator",)),
    Kind.POST: (Post, ("organisation",)),
    Kind.COMMITMENT: (Commitment, ("beneficiary", "part_of", "facility", "announced_at")),
}


def record_field_values(records: Iterable[Entity | Relation]) -> dict[Entity | Relation, list[FieldValue]]:
    """The filled fields of each record, in the order of `citable.FIELDS`, then its measures and milestones.

    A constant number of queries for each kind among the records. Entities may be given as rows of the base table.
    """
    records = list(records)
    entities = [record for record in records if isinstance(record, Entity)]
    rows = _load_kind_rows(entities)
    names, measures = _load_children(Name, "entity", rows), _load_children(Measure, "entity", rows)
    milestones = _load_children(Milestone, "commitment", rows)
    relations = [record for record in records if isinstance(record, Relation)]
    prefetch_related_objects(relations, "type", "subject", "object")
    found: dict[Entity | Relation, list[FieldValue]] = {}
    for record in records:
        row = record if isinstance(record, Relation) else rows[record.pk]
        stated = [(field, value) for field in CITABLE_FIELDS[record_kind(record)] for value in _field_texts(row, field)]
        stated += [("names", name.text) for name in names[record.pk]] if isinstance(record, Entity) else []
        if isinstance(record, Entity):
            stated += [(f"measures.{measure.key}", measure.typed) for measure in measures[record.pk]]
            stated += [(f"milestones.{step.key}", step.date) for step in milestones[record.pk]]
        found[record] = stated
    return found


def _load_kind_rows(entities: Iterable[Entity]) -> dict[int, Any]:
    by_kind = defaultdict(list)
    for entity in entities:
        by_kind[entity.kind].append(entity.pk)
    rows: dict[int, Any] = {}
    for kind, keys in by_kind.items():
        model, ends = _REFERENCES_BY_KIND.get(Kind(kind), (None, ()))
        if model is None:
            model = next(sub for sub in Entity.__subclasses__() if getattr(sub, "KIND", None) == kind)
        found: Any = model._default_manager.filter(pk__in=keys).select_related(*ends)
        if kind == Kind.COMMITMENT:
            found = found.prefetch_related("committed_by")
        rows |= {row.pk: row for row in found}
    return rows


def _load_children(model, key: str, rows: dict[int, Any]) -> dict[int, list]:
    found: dict[int, list] = defaultdict(list)
    for part in model._default_manager.filter(**{f"{key}__in": list(rows)}).order_by("pk"):
        found[getattr(part, f"{key}_id")].append(part)
    return found


def _field_texts(row: Any, field: str) -> list[str]:
    if field in ("names", "identifiers"):
        return []
    value = getattr(row, field)
    if field == "committed_by":
        return [organisation.slug for organisation in value.all()]
    if value is None or value == "":
        return []
    return [value.slug if hasattr(value, "slug") else str(value)]


def parse_typed_amount(typed: str) -> dict[str, Any]:
    """The fields of a Measure that is stated as `typed`, such as `about 700 person`. ValueError if it is no amount."""
    shape = _AMOUNT_PATTERN.fullmatch(typed)
    if shape is None or (shape["value"] is None) != (shape["qualifier"] == Qualifier.UNSPECIFIED):
        raise ValueError(f"“{typed}” is not an amount such as about 700 person, exactly 4000000 EUR, at_least 2 percent of GDP")
    unit = shape["unit"] or ""
    kind = MeasureKind.ITEMS
    if re.fullmatch(r"[A-Z]{3}", unit):
        kind = MeasureKind.MONEY
    elif re.match(r"percent\b", unit):
        kind = MeasureKind.PERCENT
    elif unit == "person":
        kind = MeasureKind.HEADCOUNT
    money = kind == MeasureKind.MONEY
    amount = {name: shape[name] for name in ("qualifier", "value", "upper")}
    return {"kind": kind, "unit": "" if money else unit, "currency": unit if money else "", **amount}
