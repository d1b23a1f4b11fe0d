"""The filters of a list as a form: those that readers want first, the API's others below."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext, pgettext

from entities import vocabulary as v
from entities.countries import country_name
from entities.languages import language_name
from nato_support.api.api_request import ApiRequest
from nato_support.api.collections import COLLECTIONS, MAX_FACETS, Collection
from nato_support.api.listing import list_response
from nato_support.api.parameters import Parameter
from nato_support.api.register_state import RegisterState
from nato_support.pages.pictures.words import relation_type_label

_FIRST = {
    "organisations": "q type country",
    "facilities": "q type country condition",
    "persons": "q nationality",
    "posts": "q organisation",
    "events": "q type country date_from date_to",
    "commitments": "q committed_by beneficiary nature category stage date_from date_to overdue",
    "relations": "q entity type modality in_force",
    "documents": "q publisher language date_from date_to",
    "quotes": "q speaker publisher document quote_kind fidelity said_within",
    "entities": "q kind country",
}
_NOT_IN_FORM = frozenset(("cursor", "page_size", "count", "facets", "fields", "include", "slug", "as_of"))
_VOCABULARIES: dict[str, Any] = {
    "condition": v.FacilityCondition,
    "modality": v.Modality,
    "relation_modality": v.Modality,
    "nature": v.Nature,
    "category": v.CommitmentCategory,
    "quote_kind": v.QuoteKind,
    "fidelity": v.Fidelity,
    "measure": v.MeasureKind,
    "agreement": v.Agreement,
    "basis": v.BasisLimit,
    "verdict": v.Verdict,
    "kind": v.Kind,
}
_TYPES = {"organisations": v.OrganisationType, "facilities": v.FacilityType, "events": v.EventType}


@dataclass(slots=True)
class FormField:
    """A filter in the form; without `options` it takes text."""

    name: str
    label: str
    help: str
    value: str
    options: list[tuple[str, str]] = field(default_factory=list)
    placeholder: str = ""
    is_date: bool = False


@dataclass(slots=True)
class FilterForm:
    """Filters shown at once, and those that open."""

    first: list[FormField]
    further: list[FormField]

    @property
    def uses_further(self) -> bool:
        """True if one of those that open has a value."""
        return any(form_field.value for form_field in self.further)


def filter_form(collection: Collection, register: RegisterState, pairs: Sequence[tuple[str, str]]) -> FilterForm:
    """Return the form of a list with the values that were asked for."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given[name] = f"{given[name]},{value}" if name in given else value
    in_use = _values_in_use(register, collection.name, get_language() or "")
    first_names = [name for name in _FIRST[collection.name].split() if name in collection.parameters]
    further_names = [name for name in collection.parameters if name not in first_names and name not in _NOT_IN_FORM]
    first, further = (
        [_form_field(collection, collection.parameters[name], given.get(name, ""), in_use) for name in names]
        for names in (first_names, further_names)
    )
    return FilterForm(first, further)


@lru_cache(maxsize=20)
def _values_in_use(register: RegisterState, name: str, language: str) -> dict[str, list[tuple[str, str]]]:
    """Return, for each filter that lists its values, those that records have: value and label in the active language."""
    collection = COLLECTIONS[name]
    wanted = [facet for facet in _FIRST[name].split() if facet in collection.facets][:MAX_FACETS]
    if not wanted:
        return {}
    query = f"page_size=1&facets={','.join(wanted)}"
    answer = json.loads(list_response(collection, ApiRequest(register, "", collection.path, query)).body)
    return {
        facet: sorted(
            ((found["value"], _option_label(name, facet, found)) for found in counted["values"]),
            key=lambda option: option[1].casefold(),
        )
        for facet, counted in answer["facets"].items()
    }


def _option_label(collection_name: str, name: str, found: dict[str, Any]) -> str:
    value = found["value"]
    if collection_name == "relations" and name == "type":
        return relation_type_label(value, found.get("name") or value.replace("-", " "))
    return found.get("name") or _value_label(collection_name, name, value)


def _form_field(collection: Collection, parameter: Parameter, value: str, in_use: dict[str, list[tuple[str, str]]]) -> FormField:
    name = parameter.name
    options = in_use.get(name) or [
        (choice, _value_label(collection.name, name, choice)) for choice in parameter.schema.get("enum", ())
    ]
    if parameter.schema.get("type") == "boolean" or name == "overdue":
        options = [("true", gettext("yes")), ("false", gettext("no"))]
    if value and options and value not in dict(options):
        options = [(value, value), *options]
    return FormField(
        name,
        filter_label(name),
        gettext(parameter.help),
        value,
        options,
        str(parameter.schema.get("example", "")),
        parameter.component in ("PartialDate", "TimeSpan"),
    )


def filter_label(name: str) -> str:
    """Return the label of a filter."""
    labels = {
        "q": gettext("Words"),
        "date_from": gettext("From"),
        "date_to": gettext("Until"),
        "entity": gettext("With"),
        "in_force": gettext("In force on"),
        "said_within": gettext("Said within"),
        "kind": gettext("Type"),
        "quote_kind": gettext("Type"),
        "fidelity": gettext("Wording"),
        "ordering": gettext("Order"),
    }
    return labels.get(name) or capfirst(pgettext("field", name.replace("_", " ")))


def _value_label(collection_name: str, name: str, value: str) -> str:
    if name == "stage":
        return gettext(str(dict(v.REACHED_STAGES).get(value, value)))
    if name == "ordering":
        return _ordering_label(value)
    if name in ("country", "nationality"):
        return country_name(value)
    if name == "language":
        return capfirst(language_name(value) or value)
    vocabulary = _TYPES.get(collection_name) if name == "type" else _VOCABULARIES.get(name)
    if vocabulary is None or value not in vocabulary.values:
        return value.replace("-", " ")
    return gettext(str(vocabulary(value).label))


def _ordering_label(value: str) -> str:
    by = {"date": gettext("date"), "name": gettext("name"), "release": gettext("last change")}[value.removeprefix("-")]
    return gettext("%s, downwards") % by if value.startswith("-") else by
