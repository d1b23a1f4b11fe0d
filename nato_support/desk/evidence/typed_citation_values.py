"""Values of citations in the words that editors read and type."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db.models.enums import ChoicesType

from entities.citable_fields import (
    AMOUNT,
    COUNTRY,
    DATE,
    NUMBER,
    RELATION,
    STEP,
    check_stated_value,
    record_kind,
    stated_value_type,
)
from entities.formatting import NO_NAMES, cited_value_label, join_names
from entities.models import Entity, Relation, RelationType
from entities.relation_facts import RelationFact, relation_fact_or_none
from entities.typed_values import read_typed_value
from entities.vocabulary import Kind, Modality
from nato_support.desk.evidence.document_desk_queries import find_records
from sources.evidence.as_stated_reading import bare_name
from sources.evidence.named_records import records_with_names

_EXPECTED = {
    AMOUNT: "an amount: write it as “at least €40 billion” or “about 700 persons”",
    DATE: "a date: write it as “14 June 2024”, “June 2024” or “by the end of 2024”",
    STEP: "a step: write its stage and day, as in “agreed, 14 June 2024”",
    NUMBER: "a number that fits here: write it as “49.84”",
    COUNTRY: "a country: write its name, such as “Poland”, or its code of two letters",
    RELATION: "a relation: write it as “planned: first party | type of relation | second party”",
}
_PARTS = " | "


def words_to_edit(kind: str, field: str, value: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return a stated value in the words in which it can be typed back; `value` itself where its words could mean another.

    `names` are those of `names_to_edit`.
    """
    value_type = stated_value_type(kind, field)
    if value_type == RELATION:
        return _relation_words(value, names)
    if isinstance(value_type, tuple):
        return names.get(value, value)
    words = cited_value_label(kind, field, value)
    try:
        return words if read_typed_value(kind, field, words) == value else value
    except ValueError:
        return value


def _relation_words(value: str, names: Mapping[str, str]) -> str:
    fact = relation_fact_or_none(value)
    if fact is None:
        return value
    parts = (names.get(part, part) for part in (fact.subject, f"type:{fact.type}", fact.object))
    return f"{Modality(fact.modality).label}: {_PARTS.join(part.removeprefix('type:') for part in parts)}"


def names_to_edit(facts: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return slug -> name of the records that facts (kind of record, field, value) state.

    Those are left out whose name another record of their kind has. Types of relations are in it as `type:` and their slug. Takes
    no query where no fact names a record.
    """
    slugs: set[str] = set()
    types: set[str] = set()
    for kind, field, value in facts:
        value_type = stated_value_type(kind, field)
        if isinstance(value_type, tuple):
            slugs.add(value)
        elif value_type == RELATION and (fact := relation_fact_or_none(value)):
            slugs |= {fact.subject, fact.object}
            types.add(fact.type)
    labels = dict(RelationType.objects.order_by().filter(slug__in=types).values_list("slug", "label")) if types else {}
    rows = list(Entity.objects.order_by().filter(slug__in=slugs).only("slug", "name", "kind")) if slugs else []
    found = records_with_names(row.name for row in rows)
    own = {row.slug: row.name for row in rows if [kind for kind, _ in found[bare_name(row.name)]].count(row.kind) == 1}
    return own | {f"type:{slug}": label for slug, label in labels.items()}


def read_citation_value(target: Entity | Relation, field: str, text: str) -> str:
    """Return a typed value of `field` of `target` as a citation stores it. Raises ValidationError in plain words."""
    kind, words = record_kind(target), " ".join(text.split())
    value_type = stated_value_type(kind, field)
    try:
        if isinstance(value_type, tuple):
            return _read_record(value_type[1], words)
        value = _read_relation(words) if value_type == RELATION else read_typed_value(kind, field, words)
    except ValueError as error:
        raise ValidationError(f"{str(error)[:1].upper()}{str(error)[1:]}.", code="mistyped") from None
    try:
        check_stated_value(target, field, value)
    except ValidationError as error:
        codes = {problem.code for problems in error.error_dict.values() for problem in problems}
        raise ValidationError(_explain(value_type, words, codes), code="mistyped") from None
    return value


def _explain(value_type, words: str, codes: set[str | None]) -> str:
    shown = f"“{words[:80]}”"
    if "other_parties" in codes:
        return f"{shown} is about other parties than this relation: cite the passage on the page of the relation between those."
    if isinstance(value_type, ChoicesType):
        return f"{shown} is none of {', '.join(str(label) for label in value_type.labels)}."
    return f"{shown} is not {_EXPECTED.get(value_type, 'a value of this field')}."


def _read_record(kinds: tuple[Kind, ...], words: str) -> str:
    """Return the slug of the record of `kinds` that `words` name. Raises ValidationError where none or several have the name."""
    rows = Entity.objects.order_by("slug").filter(kind__in=kinds, merged_into=None)
    if slug := rows.filter(slug=words).values_list("slug", flat=True).first():
        return slug
    named = {slug for kind, slug in records_with_names([words]).get(bare_name(words), ()) if kind in kinds}
    found = list(rows.filter(slug__in=named)) if named else []
    if len(found) == 1:
        return found[0].slug
    noun = " or ".join(str(Kind(kind).label) for kind in kinds)
    if found:
        which = join_names(f"{row.name} (public id {row.slug})" for row in found[:5])
        message = f"{len(found)} records are called “{words[:80]}”: {which}. Type the public id of the one that is meant."
        raise ValidationError(message, code="ambiguous")
    near = [record["name"] for record in find_records([str(kind) for kind in kinds], words)[:3]]
    hint = f"Did you mean {', '.join(near[:-1])}{' or ' if near[:-1] else ''}{near[-1]}?" if near else "Add it first."
    raise ValidationError(f"No {noun} is called “{words[:80]}”. {hint}", code="no_such_record")


def _read_relation(words: str) -> str:
    """Return a relation as a citation stores it; `words` as they are where they have not its form. Raises ValidationError."""
    modality, colon, rest = words.partition(":")
    parts = [part.strip() for part in rest.split(_PARTS.strip())]
    if relation_fact_or_none(words) or not colon or len(parts) != 3:
        return words
    keys = [key for key, label in Modality.choices if modality.strip().casefold() in (key, str(label).casefold())]
    types = list(RelationType.objects.order_by().filter(label__iexact=parts[1]).values_list("slug", flat=True))
    if not types and RelationType.objects.filter(slug=parts[1]).exists():
        types = [parts[1]]
    if len(keys) != 1 or len(types) != 1:
        return words
    first, second = (_read_record(tuple(Kind), part) for part in (parts[0], parts[2]))
    return str(RelationFact(keys[0], first, types[0], second))
