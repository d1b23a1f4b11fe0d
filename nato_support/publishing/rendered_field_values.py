"""Values of the citable fields of a rendered record, in the form that the value of a citation takes.

`entities.field_values` reads the same from the working copy; a rendered record is read where that may be ahead of the public.
"""

from decimal import Decimal
from typing import Any

from entities.amounts import Amount
from entities.citable_fields import CITABLE_FIELDS
from entities.relation_facts import RelationFact
from entities.serializers import date_shape_text


def rendered_field_values(document: dict, evidence: dict) -> dict[str, list[str]]:
    """Return field -> values, for every citable field, measure and milestone of a rendered record that has a value."""
    values = {field: _value_texts(document.get(field)) for field in CITABLE_FIELDS[document["kind"]]}
    if document["kind"] == "relation":
        values["relation"] = _relation_texts(document)
    for measure in (*document.get("measures", ()), *document.get("conversions", ())):
        values[f"measures.{measure['key']}"] = [_amount_text(measure)]
    for milestone in document.get("milestones", ()):
        values[f"milestones.{milestone['key']}"] = [" ".join([milestone["stage"], *_value_texts(milestone["date"])])]
    values["names"] = [name["text"] for name in evidence.get("names", ())]
    values["identifiers"] = [f"{identifier['scheme']}:{identifier['value']}" for identifier in evidence.get("identifiers", ())]
    return {field: texts for field, texts in values.items() if texts}


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


def _amount_text(measure: dict) -> str:
    value, upper = (None if measure[end] is None else Decimal(measure[end]) for end in ("value", "upper"))
    return str(Amount(measure["qualifier"], value, upper, measure["currency"] or measure.get("unit") or ""))
