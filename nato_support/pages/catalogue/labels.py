"""Labels that pages translate by a variable: those of vocabularies, fields, filters, countries, languages and units.

Whatever is passed to `gettext` as something else than a text in quotes has to be named here.
"""

from collections.abc import Iterator
from functools import lru_cache

import yaml
from django.conf import settings
from rest_framework import serializers

from entities import vocabulary as v
from entities.citable_fields import CITABLE_FIELDS
from entities.countries import COUNTRIES
from entities.formatting import pluralise_unit
from entities.languages import LANGUAGE_NAMES
from entities.serializers import SHAPES_BY_KIND
from nato_support.api.collections import COLLECTIONS
from nato_support.api.entity_graph import REFERENCE_FIELDS
from nato_support.api.left_out import LEFT_OUT_REASONS
from nato_support.api.problems import PROBLEM_EXPLANATIONS, PROBLEM_TITLES
from nato_support.data_licence import GAZETTEER_CREDIT, QUOTATION_RIGHTS
from nato_support.pages.catalogue.po_files import MessageKey
from nato_support.publishing.record_page_view import FIELD_LABELS
from sources.serializers import SHAPES as SOURCE_SHAPES

_VOCABULARIES = (
    v.OrganisationType,
    v.FacilityType,
    v.FacilityCondition,
    v.EventType,
    v.Kind,
    v.Nature,
    v.Modality,
    v.CommitmentCategory,
    v.MeasureKind,
    v.Qualifier,
    v.Stage,
    v.NameKind,
    v.IdentifierScheme,
    v.QuoteKind,
    v.Fidelity,
    v.BasisLimit,
    v.Agreement,
    v.Verdict,
)
_FAULT_CODES = (
    "bad_escape",
    "before_date_from",
    "below_amount_min",
    "contradicts_dates",
    "control_character",
    "empty",
    "incomplete",
    "malformed",
    "missing",
    "no_word",
    "not_allowed",
    "not_in_this_form",
    "not_with_form",
    "not_with_q",
    "out_of_range",
    "repeated",
    "too_long",
    "too_many",
    "unknown",
)
_UNITS = ("aircraft", "ally", "country", "item", "member state", "percent", "percent of GDP", "person", "personnel", "tank")
"""Units that sources use often; those of the register that comes with the code are added."""
_FIXTURES = "10_relation_types.yaml", "25_commitments.yaml"


def variable_labels() -> Iterator[tuple[MessageKey, str]]:
    """Yield each label, and what it is a label of."""
    for vocabulary in _VOCABULARIES:
        for _, label in vocabulary.choices:
            yield MessageKey("", str(label), ""), vocabulary.__name__
    yield MessageKey("", dict(v.REACHED_STAGES)[v.DELIVERED_IN_PART], ""), "Stage"
    for name in sorted(_member_names()):
        yield MessageKey("field", name.replace("_", " "), ""), "field"
    for label in FIELD_LABELS.values():
        yield MessageKey("field", label, ""), "field"
    for collection in COLLECTIONS.values():
        for name, parameter in collection.parameters.items():
            yield MessageKey("field", name.replace("_", " "), ""), "filter"
            yield MessageKey("", parameter.help, ""), "filter"
    for reason in LEFT_OUT_REASONS.values():
        yield MessageKey("", reason, ""), "filter"
    for code in _FAULT_CODES:
        yield MessageKey("", code.replace("_", " "), ""), "fault"
    for code, (_, title) in PROBLEM_TITLES.items():
        yield MessageKey("", title, ""), "problem"
        yield MessageKey("", PROBLEM_EXPLANATIONS[code], ""), "problem"
    for _, label in REFERENCE_FIELDS.values():
        yield MessageKey("", label, ""), "edge"
    for text in (QUOTATION_RIGHTS, GAZETTEER_CREDIT):
        yield MessageKey("", text, ""), "licence"
    for name in COUNTRIES.values():
        yield MessageKey("country", name, ""), "country"
    for name in dict.fromkeys(LANGUAGE_NAMES.values()):
        yield MessageKey("language", name, ""), "language"
    for unit in sorted({*_UNITS, *_fixture_values("unit")}):
        yield MessageKey("unit", unit, pluralise_unit(unit)), "unit"
    for slug in sorted(_fixture_values("slug", "entities.relationtype")):
        yield MessageKey("type of relation", slug, ""), "relation-type"


def _member_names() -> set[str]:
    """Return the names of all members of records, nested ones too, and of the fields that evidence is given for."""
    names = {field.partition(".")[0] for fields in CITABLE_FIELDS.values() for field in fields}
    shapes: list[serializers.BaseSerializer] = [shape() for shape in (SHAPES_BY_KIND | SOURCE_SHAPES).values()]
    seen: set[type] = set()
    while shapes:
        shape = shapes.pop()
        inner = getattr(shape, "child", shape)
        if type(inner) in seen or not isinstance(inner, serializers.Serializer):
            continue
        seen.add(type(inner))
        names.update(inner.fields)
        shapes += [field for field in inner.fields.values() if isinstance(field, serializers.BaseSerializer)]
    return names


def _fixture_values(name: str, model: str = "") -> set[str]:
    """Return the values of a field in the register that comes with the code."""
    return {
        row["fields"][name]
        for file_name in _FIXTURES
        for row in _fixture_rows(file_name)
        if row["fields"].get(name) and (not model or row["model"] == model)
    }


@lru_cache(maxsize=2)
def _fixture_rows(file_name: str) -> list[dict]:
    text = (settings.BASE_DIR / "fixtures" / file_name).read_text(encoding="utf-8")
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
