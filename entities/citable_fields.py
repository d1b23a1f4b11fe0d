"""Citable fields: the fields of each kind of record that take evidence, the values that a citation may state there, and
what evidence each field needs.

A field is addressed by its public name (`nature`, `start`), a child by its key (`measures.staff`, `milestones.agreed`);
many-valued fields (`names`, `committed_by`) hold several citations with different values without being contested.
"""

import re
from enum import Enum
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models.enums import ChoicesType

from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.measure_facts import MeasureFact
from entities.numbers import parse_decimal
from entities.relation_facts import RelationFact
from entities.steps import Step
from entities.vocabulary import (
    CommitmentCategory,
    EventType,
    FacilityCondition,
    FacilityType,
    Kind,
    NameKind,
    NameOrigin,
    Nature,
    OrganisationType,
)

if TYPE_CHECKING:
    from entities.models import Entity, Relation

TEXT, DATE, COUNTRY, NUMBER, AMOUNT, STEP, RELATION = "text", "date", "country", "number", "amount", "step", "relation"


def _slug_of_kinds(*kinds: Kind) -> tuple[str, tuple[Kind, ...]]:
    return ("slug", kinds)


_ORGANISATION = _slug_of_kinds(Kind.ORGANISATION)
_FIELDS_OF_EVERY_KIND = {"name": TEXT, "names": TEXT, "identifiers": TEXT, "summary": TEXT}

CITABLE_FIELDS: dict[str, dict] = {
    Kind.ORGANISATION: _FIELDS_OF_EVERY_KIND | {"type": OrganisationType, "country": COUNTRY, "founded": DATE, "dissolved": DATE},
    Kind.FACILITY: _FIELDS_OF_EVERY_KIND
    | {
        "type": FacilityType,
        "operator": _ORGANISATION,
        "locality": TEXT,
        "country": COUNTRY,
        "latitude": NUMBER,
        "longitude": NUMBER,
        "condition": FacilityCondition,
    },
    Kind.PERSON: _FIELDS_OF_EVERY_KIND | {"given_name": TEXT, "family_name": TEXT, "nationality": COUNTRY},
    Kind.POST: _FIELDS_OF_EVERY_KIND | {"organisation": _ORGANISATION, "rank": TEXT},
    Kind.EVENT: _FIELDS_OF_EVERY_KIND
    | {
        "type": EventType,
        "start": DATE,
        "end": DATE,
        "locality": TEXT,
        "country": COUNTRY,
        "latitude": NUMBER,
        "longitude": NUMBER,
    },
    Kind.COMMITMENT: _FIELDS_OF_EVERY_KIND
    | {
        "nature": Nature,
        "category": CommitmentCategory,
        "committed_by": _ORGANISATION,
        "beneficiary": _ORGANISATION,
        "concerns": _ORGANISATION,
        "part_of": _slug_of_kinds(Kind.COMMITMENT),
        "facility": _slug_of_kinds(Kind.FACILITY),
        "announced_at": _slug_of_kinds(Kind.EVENT),
        "due": DATE,
        "period": DATE,
        "conditions": TEXT,
    },
    "relation": {
        "relation": RELATION,
        "role": TEXT,
        "start": DATE,
        "end": DATE,
    },
}
"""Kind -> field -> type of its values: TEXT, DATE, COUNTRY, NUMBER, a vocabulary, or the slug of a record of certain kinds.

A relation is one fact, RELATION: its modality, type and both parties together (`entities.relation_facts`).
"""

MANY_VALUED_FIELDS = frozenset({"names", "identifiers", "committed_by", "concerns"})
"""Fields that may have several values at once; they are contested only if one value is both affirmed and denied."""


class EvidenceClass(Enum):
    """Classes of fields by the evidence that they need."""

    STATED = "stated"
    """Its value equals what a verified citation affirms, or what a resolution decides for."""
    ASSESSED = "assessed"
    """An editor's classification, which rests on the quotes of the record as a whole; it may still be cited."""
    OWN_WORDS = "own words"
    """The register's own prose, which is not compared with that of a source."""
    OUTSIDE = "outside the sources"
    """The register's own addition, shown as such."""


_CLASSES_OF_EVERY_KIND = {
    "name": EvidenceClass.STATED,
    "names": EvidenceClass.STATED,
    "identifiers": EvidenceClass.OUTSIDE,
    "summary": EvidenceClass.OWN_WORDS,
}
EVIDENCE_CLASSES: dict[str, dict[str, EvidenceClass]] = {
    Kind.ORGANISATION: _CLASSES_OF_EVERY_KIND
    | {
        "type": EvidenceClass.ASSESSED,
        "country": EvidenceClass.ASSESSED,
        "founded": EvidenceClass.STATED,
        "dissolved": EvidenceClass.STATED,
    },
    Kind.FACILITY: _CLASSES_OF_EVERY_KIND
    | {
        "type": EvidenceClass.ASSESSED,
        "operator": EvidenceClass.STATED,
        "locality": EvidenceClass.STATED,
        "country": EvidenceClass.ASSESSED,
        "latitude": EvidenceClass.OUTSIDE,
        "longitude": EvidenceClass.OUTSIDE,
        "condition": EvidenceClass.ASSESSED,
    },
    Kind.PERSON: _CLASSES_OF_EVERY_KIND
    | {
        "given_name": EvidenceClass.STATED,
        "family_name": EvidenceClass.STATED,
        "nationality": EvidenceClass.ASSESSED,
    },
    Kind.POST: _CLASSES_OF_EVERY_KIND | {"organisation": EvidenceClass.STATED, "rank": EvidenceClass.STATED},
    Kind.EVENT: _CLASSES_OF_EVERY_KIND
    | {
        "name": EvidenceClass.OWN_WORDS,
        "type": EvidenceClass.ASSESSED,
        "start": EvidenceClass.STATED,
        "end": EvidenceClass.STATED,
        "locality": EvidenceClass.STATED,
        "country": EvidenceClass.ASSESSED,
        "latitude": EvidenceClass.OUTSIDE,
        "longitude": EvidenceClass.OUTSIDE,
    },
    Kind.COMMITMENT: _CLASSES_OF_EVERY_KIND
    | {
        "name": EvidenceClass.OWN_WORDS,
        "nature": EvidenceClass.STATED,
        "category": EvidenceClass.ASSESSED,
        "committed_by": EvidenceClass.STATED,
        "beneficiary": EvidenceClass.STATED,
        "concerns": EvidenceClass.STATED,
        "part_of": EvidenceClass.STATED,
        "facility": EvidenceClass.STATED,
        "announced_at": EvidenceClass.STATED,
        "due": EvidenceClass.STATED,
        "period": EvidenceClass.STATED,
        "conditions": EvidenceClass.STATED,
    },
    "relation": {
        "relation": EvidenceClass.STATED,
        "role": EvidenceClass.STATED,
        "start": EvidenceClass.STATED,
        "end": EvidenceClass.STATED,
    },
}
"""Kind -> field -> class. Measures and milestones are stated; names differ by their kind and origin (`class_of_name`)."""

_BOUNDS = {"latitude": (-90, 90), "longitude": (-180, 180)}
_SLUG_PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def record_kind(target: "Entity | Relation") -> str:
    """Return the kind of an entity, or `relation`."""
    return getattr(target, "kind", "relation")


def is_own_words(kind: str, field: str) -> bool:
    """Return whether a field holds the register's own words, which are not compared with those of a source."""
    return evidence_class(kind, field) == EvidenceClass.OWN_WORDS


def evidence_class(kind: str, field: str) -> EvidenceClass:
    """Return the class of a citable field of a record of `kind`, or of one of its measures or milestones."""
    return EVIDENCE_CLASSES.get(kind, {}).get(field, EvidenceClass.STATED)


def class_of_name(name_kind: str, origin: str) -> EvidenceClass:
    """Return the class of a further name: how a text refers to something needs no evidence, nor what every reader knows."""
    if origin == NameOrigin.OUTSIDE:
        return EvidenceClass.OUTSIDE
    return EvidenceClass.ASSESSED if name_kind == NameKind.MENTION else EvidenceClass.STATED


def stated_value_type(kind: str, field: str) -> Any:
    """Return the type of the values of a citable field: as in CITABLE_FIELDS, AMOUNT for measures, STEP for milestones."""
    stem, _, key = field.partition(".")
    if key:
        return AMOUNT if stem == "measures" else STEP
    return CITABLE_FIELDS.get(kind, {}).get(field, TEXT)


def check_stated_value(target: "Entity | Relation", field: str, value: str) -> None:
    """Check that `target` has the citable `field`, and that `value` has the type that the field takes.

    Raises ValidationError, whose `error_dict` has `field` (codes no_such_field, no_such_part) or `value` (codes amount, step,
    mistyped).
    """
    kind = record_kind(target)
    stem, _, key = field.partition(".")
    if stem in ("measures", "milestones") and key:
        keys = _child_keys(target, stem)
        if key not in keys:
            has = ", ".join(sorted(keys)) or "none"
            raise _field_error("field", f"field “{field}”: {target} has no such part; it has {has}", "no_such_part")
        _check_value_of_part(stem, value)
        return
    if field not in CITABLE_FIELDS[kind]:
        message = f"field “{field}” does not exist on {kind}; it has {', '.join(CITABLE_FIELDS[kind])}"
        raise _field_error("field", message, "no_such_field")
    _check_value_type(field, CITABLE_FIELDS[kind][field], value)
    if CITABLE_FIELDS[kind][field] == RELATION:
        _check_parties(target, value)


def _check_parties(relation: "Entity | Relation", value: str) -> None:
    """Check that `value` is a statement about the parties of `relation`: one about others is evidence for another relation."""
    fact = RelationFact.parse(value)
    parties = [getattr(party, "slug", None) for party in (relation.subject, relation.object)]  # type: ignore[union-attr]
    if [fact.subject, fact.object] != parties:
        own = " and ".join(filter(None, parties))
        message = f"“{value}” has other parties than this relation, {own}: cite the passage for the relation of those parties"
        raise _field_error("value", message, "other_parties")


def _field_error(argument: str, message: str, code: str) -> ValidationError:
    return ValidationError({argument: ValidationError(message, code=code)})


def _check_value_of_part(stem: str, value: str) -> None:
    try:
        if stem == "measures":
            MeasureFact.parse(value)
        else:
            Step.parse(value)
    except ValueError as error:
        raise _field_error("value", str(error), "amount" if stem == "measures" else "step") from None


def _check_value_type(field: str, value_type, value: str) -> None:
    try:
        _raise_if_mistyped(field, value_type, value)
    except ValueError as error:
        raise _field_error("value", str(error), "mistyped") from None


def _raise_if_mistyped(field: str, value_type, value: str) -> None:
    if value_type == DATE:
        PartialDate.parse(value)
    elif value_type == COUNTRY and value not in COUNTRIES:
        raise ValueError(f"“{value}” is no ISO 3166-1 alpha-2 code, such as UA")
    elif value_type == NUMBER:
        parse_decimal(value, *_BOUNDS[field])
    elif value_type == RELATION:
        RelationFact.parse(value)
    elif isinstance(value_type, ChoicesType) and value not in value_type.values:
        raise ValueError(f"“{value}” is none of {', '.join(value_type.values)}")
    elif isinstance(value_type, tuple) and not _SLUG_PATTERN.fullmatch(value):
        raise ValueError(f"“{value}” is not the slug of a record")


def _child_keys(target, stem: str) -> set[str]:
    children = getattr(target, stem, None)
    if children is not None:
        # Whole rows rather than their keys: they may have been prefetched with the record.
        return {child.key for child in children.all()}
    if stem == "milestones" and record_kind(target) == Kind.COMMITMENT:
        from django.apps import apps

        milestones = apps.get_model("entities", "Milestone").objects.filter(commitment=target.pk)
        return set(milestones.values_list("key", flat=True))
    return set()
