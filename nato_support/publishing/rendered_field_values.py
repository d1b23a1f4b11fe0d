"""Values of the citable fields of a rendered record, in the form that the value of a citation takes.

`entities.field_values` reads the same from the working copy; a rendered record is read where that may be ahead of the public.
"""

from decimal import Decimal
from typing import Any

from entities.amounts import Amount
from entities.citable_fields import CITABLE_FIELDS, class_of_name, evidence_class
from entities.dates import PartialDate
from entities.field_values import FieldValue
from entities.measure_facts import MeasureFact
from entities.relation_facts import RelationFact
from entities.serializers import date_shape_text
from entities.vocabulary import NameOrigin, Stage

_FIELDS_OF_CHILDREN = ("relation", "names", "identifiers")


def rendered_field_values(document: dict, evidence: dict) -> list[FieldValue]:
    """Return the values of every citable field, measure and milestone of a rendered record."""
    kind = document["kind"]
    values = [
        FieldValue(field, text, evidence_class(kind, field))
        for field in CITABLE_FIELDS[kind]
        if field not in _FIELDS_OF_CHILDREN
        for text in _value_texts(document.get(field))
    ]
    if kind == "relation":
        values += [FieldValue("relation", text) for text in _relation_texts(document)]
    for name in evidence.get("names", ()):
        values.append(FieldValue("names", name["text"], class_of_name(name["kind"], name.get("origin", NameOrigin.SOURCES))))
    for identifier in evidence.get("identifiers", ()):
        text = f"{identifier['scheme']}:{identifier['value']}"
        values.append(FieldValue("identifiers", text, evidence_class(kind, "identifiers")))
    for measure in (*document.get("measures", ()), *document.get("conversions", ())):
        values.append(FieldValue(f"measures.{measure['key']}", _measure_text(measure)))
    for milestone in document.get("milestones", ()):
        text = " ".join([milestone["stage"], *_value_texts(milestone["date"])])
        values.append(FieldValue(f"milestones.{milestone['key']}", text))
    return values


def _value_texts(value: Any) -> list[str]:
    if value in (None, ""):
        return []
    if isinstance(value, list):
        return [text for item in value for text in _value_texts(item)]
    if isinstance(value, dict):
        return [value["slug"] if "slug" in value else date_shape_text(value)]
    return [str(value)]


def _relation_texts(document: dict) -> list[str]:
    subject, type, object = document["subject"], document["type"], document["object"]
    if not (subject and type and object):
        return []
    return [str(RelationFact(document["modality"], subject["slug"], type["slug"], object["slug"]))]


def _measure_text(measure: dict) -> str:
    value, upper = (None if measure[end] is None else Decimal(measure[end]) for end in ("value", "upper"))
    amount = Amount(measure["qualifier"], value, upper, measure["currency"] or measure.get("unit") or "")
    as_of, step = measure.get("as_of"), measure.get("milestone")
    return str(
        MeasureFact(amount, PartialDate.parse(date_shape_text(as_of)) if as_of else None, Stage(step["stage"]) if step else None)
    )
