"""Descriptions of the values that each citable field takes, from which the scripts make the input that fits it."""

from typing import Any

from django.db.models.enums import ChoicesType

from entities.citable_fields import AMOUNT, CITABLE_FIELDS, COUNTRY, DATE, RELATION, STEP, stated_value_type
from entities.countries import COUNTRIES
from entities.formatting import cited_field_label
from entities.models import RelationType
from entities.vocabulary import Modality, Stage
from sources.capture.fact_candidates import MEASURED_KINDS, NEW_MEASURE, NEW_MILESTONE, UNOFFERED_FIELDS

_PLACEHOLDERS = {
    AMOUNT: "at least €40 billion, about 700 persons",
    DATE: "14 June 2024, by the end of 2024",
    STEP: "agreed, 14 June 2024",
}


def value_inputs() -> dict[str, dict[str, dict[str, Any]]]:
    """Return kind of record -> citable field -> its label and the input that its value takes.

    An input has a `type`: choice (with `choices`), record (with `kinds`), relation (with `types` and `modalities`), or one of
    the types of text, which `entities.typed_values` reads: date, amount, step, country, number and text.
    """
    types = [[type.slug, type.label] for type in RelationType.objects.all()]
    inputs: dict[str, dict[str, dict[str, Any]]] = {}
    for kind, fields in CITABLE_FIELDS.items():
        offered = [field for field in fields if field not in UNOFFERED_FIELDS]
        offered += [NEW_MEASURE] * (kind in MEASURED_KINDS) + [NEW_MILESTONE] * (kind == "commitment")
        inputs[kind] = {field: {"label": field_label(field), **_input_of(kind, field, types)} for field in offered}
    return inputs


def field_label(field: str) -> str:
    """Return the label of a citable field, also of one that adds a measure or milestone."""
    return {NEW_MEASURE: "New measure", NEW_MILESTONE: "New milestone"}.get(field) or cited_field_label(field)


def _input_of(kind: str, field: str, types: list[list[str]]) -> dict[str, Any]:
    value_type = stated_value_type(kind, field)
    if isinstance(value_type, ChoicesType):
        return {"type": "choice", "choices": [list(choice) for choice in value_type.choices]}
    if isinstance(value_type, tuple):
        return {"type": "record", "kinds": [str(kind) for kind in value_type[1]]}
    if value_type == RELATION:
        return {"type": "relation", "types": types, "modalities": [list(choice) for choice in Modality.choices]}
    if value_type == COUNTRY:
        return {"type": "choice", "choices": [[code, name] for code, name in sorted(COUNTRIES.items(), key=lambda pair: pair[1])]}
    if value_type == STEP:
        return {"type": "step", "choices": [list(choice) for choice in Stage.choices], "placeholder": _PLACEHOLDERS[STEP]}
    return {"type": value_type, "placeholder": _PLACEHOLDERS.get(value_type, "")}
