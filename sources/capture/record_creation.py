"""Writing of what a passage states into the working copy: new records, new amounts and steps, fields that are still empty.

Each function writes through a step of the document desk, which can be undone. Raises Refused, with the problems by field.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import ForeignKey

from entities.citable_fields import EvidenceClass, evidence_class, record_kind
from entities.measure_facts import MeasureFact
from entities.models import (
    Commitment,
    Entity,
    Event,
    Facility,
    Measure,
    Milestone,
    Name,
    Organisation,
    Person,
    Post,
    Relation,
    RelationType,
)
from entities.refusals import Refused
from entities.relation_facts import RelationFact
from entities.slugs import free_slug
from entities.steps import Step
from entities.vocabulary import Kind, Polarity
from sources.capture.fact_candidates import NEW_MEASURE, NEW_MILESTONE
from sources.capture.undo_steps import StepRecorder, validate_row

RECORD_MODELS: dict[str, Any] = {
    Kind.COMMITMENT: Commitment,
    Kind.PERSON: Person,
    Kind.ORGANISATION: Organisation,
    Kind.POST: Post,
    Kind.FACILITY: Facility,
    Kind.EVENT: Event,
    "relation": Relation,
}
"""Kinds of record that can be added from a passage."""

_OWN_COLUMNS = ("name", "summary")


@dataclass(frozen=True, slots=True)
class StatedValue:
    """Value of one field that a passage affirms or denies, with the source's words for it."""

    field: str
    value: str
    polarity: str = Polarity.AFFIRMS
    as_stated: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NamingPassage:
    """Passage that states the full name of a person whom another passage calls by a part of it."""

    start: int
    end: int
    exact: str
    quote_fields: Mapping[str, Any]
    """Kind, speakers and other values of the quote that it becomes, if it is none yet."""
    is_speaker: bool = False
    """Whether the person is one of its speakers."""


@dataclass(frozen=True, slots=True)
class NewRecord:
    """Record to be added: its kind, what an editor says of it, and the values that the passage states."""

    ref: str
    """Name by which values of other new records of the same passage refer to it: new:0."""
    kind: str
    columns: Mapping[str, str]
    """Name, summary and the fields that an editor classifies."""
    facts: tuple[StatedValue, ...] = ()
    naming: NamingPassage | None = None

    @property
    def facts_of_naming(self) -> tuple[StatedValue, ...]:
        """The parts of the name that only the naming passage states."""
        if self.naming is None:
            return ()
        stated, name = {fact.field for fact in self.facts}, self.columns.get("name", "").strip()
        return tuple(fact for fact in facts_of_name(self.kind, name, name) if fact.field not in stated)

    def with_slugs(self, slugs: Mapping[str, str]) -> "NewRecord":
        """Return the record with references to other new records replaced by their slugs."""
        facts = (replace(fact, value=" ".join(slugs.get(word, word) for word in fact.value.split(" "))) for fact in self.facts)
        return replace(self, facts=tuple(facts))


def facts_of_name(kind: str, name: str, words: str) -> Iterator[StatedValue]:
    """Yield what a passage that names a record states: its name and the parts of a person's; an event's name is our own."""
    if kind not in (Kind.EVENT, Kind.COMMITMENT):
        yield StatedValue("name", name, as_stated=words)
    if kind == Kind.PERSON:
        given, _, family = name.rpartition(" ")
        for part, text in (("given_name", given), ("family_name", family)):
            if text:
                yield StatedValue(part, text, as_stated=words if text in words else "")


def create_record(step: StepRecorder, new: NewRecord, prefix: str = "") -> Entity | Relation:
    """Create a draft of a record with the values that its facts affirm; amounts, steps and further names are not among them."""
    model = RECORD_MODELS.get(new.kind)
    if model is None:
        raise Refused(errors={f"{prefix}kind": ["Choose what it is: a commitment, a person, an organisation ..."]})
    affirmed = [fact for fact in (*new.facts, *new.facts_of_naming) if fact.polarity == Polarity.AFFIRMS]
    if model is Relation:
        record: Any = _relation_of_facts(affirmed, prefix)
    else:
        record = model(**_editor_columns(new, prefix))
        record.slug = free_slug(Entity, record.name)
    many: dict[str, list[Organisation]] = {}
    for fact in affirmed:
        field = _model_field(model, fact.field)
        if field is None or (model is Relation and fact.field == "relation"):
            continue
        if field.many_to_many:
            many.setdefault(field.name, []).append(_record_named(field, fact.value, f"{prefix}{fact.field}"))
        elif not (fact.field == "name" and record.name):
            _set_column(record, field, fact.value, f"{prefix}{fact.field}")
    validate_row(record, prefix, exclude=("slug",) if model is Relation else ())
    step.create_row(record, **many)
    return record


def add_stated_child(step: StepRecorder, target: Entity | Relation, fact: StatedValue, prefix: str = "") -> str:
    """Add the amount or step that `measures.+` or `milestones.+` stands for; return the field's address, any other as it is."""
    if fact.field == NEW_MEASURE:
        return f"measures.{_create_measure(step, target, fact, prefix).key}"
    if fact.field == NEW_MILESTONE:
        return f"milestones.{_create_milestone(step, target, fact, prefix).key}"
    return fact.field


def fill_empty_field(step: StepRecorder, target: Entity | Relation, fact: StatedValue, prefix: str = "") -> bool:
    """Set a field of a record that has no value yet, or add a further name or party; return whether anything was written.

    What the record has already stays: evidence for another value contests it.
    """
    record: Any = target.as_kind if isinstance(target, Entity) else target
    if fact.polarity != Polarity.AFFIRMS:
        return False
    if fact.field == "names":
        if record.name == fact.value or record.names.filter(text=fact.value).exists():
            return False
        name = Name(entity=Entity.objects.get(pk=record.pk), text=fact.value)
        validate_row(name, prefix)
        step.create_row(name)
        return True
    field = _model_field(type(record), fact.field)
    if field is None:
        return False
    if field.many_to_many:
        rows = list(getattr(record, field.name).all())
        added = _record_named(field, fact.value, f"{prefix}value")
        return added not in rows and step.change_row(record, **{field.name: [*rows, added]})
    if getattr(record, field.attname) not in ("", None):
        return False
    value = _record_named(field, fact.value, f"{prefix}value") if isinstance(field, ForeignKey) else fact.value
    return step.change_row(record, **{field.name: value})


def _editor_columns(new: NewRecord, prefix: str) -> dict[str, str]:
    """Return what an editor says of a new record. Raises Refused for a field that its sources must state."""
    columns = {name: value.strip() for name, value in new.columns.items() if value.strip()}
    for name in columns:
        if name not in _OWN_COLUMNS and evidence_class(new.kind, name) != EvidenceClass.ASSESSED:
            raise Refused(errors={f"{prefix}{name}": ["This is stated by sources: add it as a fact."]})
    columns.setdefault("name", next((fact.value for fact in new.facts if fact.field == "name"), ""))
    return columns


def _relation_of_facts(facts: Iterable[StatedValue], prefix: str) -> Relation:
    value = next((fact.value for fact in facts if fact.field == "relation"), "")
    try:
        fact = RelationFact.parse(value)
    except ValueError:
        message = "Choose how far it holds, its type and both parties."
        raise Refused(errors={f"{prefix}relation": [message]}) from None
    type = RelationType.objects.filter(slug=fact.type).first()
    parties = {name: Entity.objects.filter(slug=slug).first() for name, slug in fact.parties.items()}
    if type is None or None in parties.values():
        raise Refused(errors={f"{prefix}relation": ["Choose its type and both parties from the lists."]})
    return Relation(type=type, modality=fact.modality, **parties)


def _model_field(model: Any, name: str) -> Any:
    """Return the column or many-to-many field that a citable field names; None if it is held elsewhere."""
    fields = {field.name: field for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    return fields.get(name)


def _set_column(record: Any, field: Any, value: str, address: str) -> None:
    setattr(record, field.name, _record_named(field, value, address) if isinstance(field, ForeignKey) else value)


def _record_named(field: Any, slug: str, address: str) -> Any:
    row = field.related_model.objects.filter(slug=slug).first()
    if row is None:
        kind = field.related_model._meta.verbose_name
        raise Refused(errors={address: [f"“{slug[:80]}” is not {kind} of the register: choose one from the list."]})
    return row


def _create_measure(step: StepRecorder, target: Entity | Relation, fact: StatedValue, prefix: str) -> Measure:
    """Create a measure of the record from the amount that the fact states, with the milestone of its stage if it has one."""
    try:
        stated = MeasureFact.parse(fact.value)
    except ValueError as error:
        raise Refused(errors={f"{prefix}value": [str(error)]}) from None
    milestone = None
    if stated.stage:
        milestone = Milestone.objects.filter(commitment=target.pk, stage=stated.stage).first()
        if milestone is None:
            message = f"An amount {stated.stage.label} belongs to a step: add its milestone first."
            raise Refused(errors={f"{prefix}value": [message]})
    record = Entity.objects.get(pk=target.pk)
    measure = Measure(entity=record, as_stated=fact.as_stated or fact.value, **stated.amount.measure_fields())
    measure.as_of, measure.milestone = str(stated.as_of or ""), milestone
    validate_row(measure, prefix=prefix, exclude=("key",))
    step.create_row(measure)
    return measure


def _create_milestone(step: StepRecorder, target: Entity | Relation, fact: StatedValue, prefix: str) -> Milestone:
    """Create a milestone of the commitment from the step that the fact states."""
    try:
        stated = Step.parse(fact.value)
    except ValueError as error:
        raise Refused(errors={f"{prefix}value": [str(error)]}) from None
    if record_kind(target) != Kind.COMMITMENT:
        raise Refused(errors={f"{prefix}field": ["Only a commitment has milestones."]})
    milestone = Milestone(commitment=Commitment.objects.get(pk=target.pk), stage=stated.stage, date=str(stated.date or ""))
    validate_row(milestone, prefix=prefix, exclude=("key",))
    step.create_row(milestone)
    return milestone
