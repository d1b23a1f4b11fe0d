"""Which facts of the register a passage may be evidence for, the likeliest first: what the desk offers to link it to."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from entities.citable import CITABLE_FIELDS, record_kind
from entities.dates import PartialDate
from entities.field_values import record_field_values
from entities.models import Commitment, Entity, Relation
from entities.untrusted import whole_number
from entities.vocabulary import Kind, SuggestionKind
from sources.models import Citation, SourceDocument
from sources.suggestions.suggestion import Suggestion

MAX_OFFERED = 40
"""How many are offered before words are typed; the first nine have a digit."""

NEW_MEASURE = "measures.+"
"""Instead of a field: a measure that the record does not have yet, made of the amount that is cited."""

MEASURED_KINDS = frozenset({Kind.COMMITMENT, Kind.ORGANISATION, Kind.FACILITY, Kind.EVENT})
"""Kinds of which amounts are stated."""

UNOFFERED_FIELDS = frozenset({"summary"})
"""Fields that are the register's own words."""

ENOUGH_RECORDS = 150
"""Where the passage itself leads to so many records, the text around it is not asked for more."""

_LONG = re.compile(r"[^\W\d_]{5,}")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class FactCandidate:
    """A field of a record or relation, with the value to propose for it and why it is offered."""

    target: str
    kind: str
    name: str
    field: str
    value: str
    current_value: str
    as_stated: str
    reason: str
    score: float

    @property
    def key(self) -> tuple[str, str, str]:
        return (self.target, self.field, self.value)


def target_address(record: Entity | Relation) -> str:
    """How the desk addresses a record: entity:12, relation:7."""
    return f"{'relation' if isinstance(record, Relation) else 'entity'}:{record.pk}"


def find_target_record(address: str) -> Entity | Relation:
    """The record at `address`. ValueError if there is none."""
    kind, _, key = address.partition(":")
    model: Any = {"entity": Entity, "relation": Relation}.get(kind)
    pk = whole_number(key)
    record = model.objects.filter(pk=pk).first() if model and pk is not None else None
    if record is None:
        raise ValueError(f"“{address[:40]}” is no record of the register")
    return record


def find_fact_candidates(
    document: SourceDocument,
    start: int,
    end: int,
    near: Iterable[Suggestion],
    context: Iterable[Suggestion] = (),
    words: str = "",
) -> list[FactCandidate]:
    """Facts that the passage from `start` to `end` may support; with `words`, those whose record and field they name.

    `near` are the suggestions for the sentences of the passage, with the amounts and dates that are to fit; `context` those
    for the text around it: a passage is often about a record that only an earlier paragraph names.
    """
    near = list(near)
    mentioned = _mentioned_slugs(near)
    worked_on = _slugs_cited_nearby(document, start)
    if words.strip():
        return _candidates_matching_words(words, near, mentioned | worked_on)
    records: dict[Entity | Relation, float] = dict.fromkeys(_entities_with_slugs(mentioned), 1.0)
    for record in (*_entities_with_slugs(worked_on), *_related_records(mentioned)):
        records.setdefault(record, 0.6)
    if len(records) < ENOUGH_RECORDS:
        for record in _related_records(_mentioned_slugs(context)):
            records.setdefault(record, 0.4)
    said = _word_stems(document.text[start:end])
    found = [
        one
        for record, stated in record_field_values(records).items()
        for one in _record_candidates(
            record, stated, near, records[record] * (1 + 0.4 * _shared_stem_count(record, stated, said))
        )
    ]
    return _rank_candidates(found, MAX_OFFERED)


def _word_stems(words: str) -> set[str]:
    """The stems of the longer words: short ones stand everywhere."""
    return {word[:6] for word in _LONG.findall(words.casefold())}


def _shared_stem_count(record: Entity | Relation, stated: Sequence[tuple[str, str]], said: set[str]) -> int:
    """How many telling words of the passage stand in the names and the summary of a record, four at most."""
    own = " ".join(value for field, value in stated if field in ("name", "names", "summary", "conditions", "role"))
    return min(4, len(said & _word_stems(f"{record} {own}")))


def _mentioned_slugs(near: Iterable[Suggestion]) -> set[str]:
    return {one.proposal["entity"] for one in near if one.kind == SuggestionKind.MENTION} | {
        one.proposal["speaker"] for one in near if one.kind == SuggestionKind.QUOTATION and one.proposal["speaker"]
    }


def _slugs_cited_nearby(document: SourceDocument, start: int) -> set[str]:
    """What the quotes just before and after are cited for: one story goes on about the same things."""
    rows = Citation.objects.filter(quote__document=document, quote__start__range=(max(0, start - 1500), start + 1500))
    return set(rows.exclude(entity=None).values_list("entity__slug", flat=True)[:200])


def _entities_with_slugs(slugs: set[str]) -> list[Entity]:
    return list(Entity.objects.filter(slug__in=slugs)[:60])


def _related_records(slugs: set[str]) -> list[Entity | Relation]:
    """Commitments of and for what is mentioned, and relations between two of them."""
    party = Q(committed_by__slug__in=slugs) | Q(facility__slug__in=slugs) | Q(announced_at__slug__in=slugs)
    commitments = Entity.objects.filter(pk__in=Commitment.objects.filter(party).values("pk")).order_by("-pk")[:80]
    relations = Relation.objects.filter(subject__slug__in=slugs, object__slug__in=slugs).order_by("-pk")[:40]
    return [*commitments, *relations]


def _record_candidates(
    record: Entity | Relation, stated: Sequence[tuple[str, str]], near: Sequence[Suggestion], weight: float
) -> Iterator[FactCandidate]:
    """The fields of `record`, first those that an amount, a date or a name of the passage may be about."""
    fitting = {(field, held): offer for field, held in stated if (offer := _fit_suggestion(record, field, held, near))}
    # What fits one field of a record says something of the record: its other fields come before those of others.
    rest = 0.1 + 0.3 * bool(fitting)
    if (
        isinstance(record, Entity)
        and record.kind in MEASURED_KINDS
        and not any(field.startswith("measures.") for field, _ in fitting)
    ):
        yield from _new_measure_candidates(record, near, (0.3 + 0.3 * bool(fitting)) * weight)
    for field, held in stated:
        if field not in UNOFFERED_FIELDS:
            value, as_stated, why, score = fitting.get((field, held)) or (held, "", "", rest)
            yield FactCandidate(
                target_address(record), record_kind(record), str(record), field, value, held, as_stated, why, score * weight
            )


def _new_measure_candidates(record: Entity, near: Iterable[Suggestion], score: float) -> Iterator[FactCandidate]:
    """The amounts of the passage, each as one that the record may not have yet."""
    why = "a new measure of this amount is added to the record"
    for one in near:
        if one.kind == SuggestionKind.AMOUNT:
            typed = one.proposal["typed"]
            yield FactCandidate(target_address(record), record.kind, str(record), NEW_MEASURE, typed, "", one.exact, why, score)


def _fit_suggestion(record, field: str, held: str, near: Sequence[Suggestion]) -> tuple[str, str, str, float] | None:
    stem = field.partition(".")[0]
    if stem == "measures":
        return _fit_amount(held, near)
    if stem in ("milestones", "start", "end", "founded", "dissolved"):
        return _fit_date(field, held, near)
    for one in (one for one in near if one.kind == SuggestionKind.MENTION):
        named = one.proposal["entity"]
        if named == held and field in CITABLE_FIELDS[record_kind(record)]:
            return held, one.exact, f"the passage names {one.proposal['name']}", 1.6 if isinstance(record, Relation) else 1.2
        if field in ("name", "names") and named == record.slug and one.exact == held:
            return held, one.exact, "named so in the passage", 1.0
    return None


def _fit_amount(held: str, near: Sequence[Suggestion]) -> tuple[str, str, str, float] | None:
    """The amount of the passage that is nearest to the one held: of the same unit, at best of the same number."""
    best = None
    for one in near:
        if one.kind != SuggestionKind.AMOUNT:
            continue
        typed = one.proposal["typed"]
        same_unit = _unit_of_amount(typed) == _unit_of_amount(held)
        same_number = _NUMBER.findall(typed) == _NUMBER.findall(held) != []
        if not (same_unit or same_number):
            continue
        score = 3.0 * same_number + 1.5 * same_unit
        # Another unit word for the same number ("kites", "blue kites") is put as the register has it.
        value = typed if same_unit or typed == held else f"{_strip_unit(typed)} {_unit_of_amount(held)}".strip()
        why = "the same number stands in the passage" if same_number else "another number of the same unit stands in the passage"
        if best is None or score > best[3]:
            best = (value, one.exact, why, score)
    return best


def _unit_of_amount(typed: str) -> str:
    return re.sub(r"^(?:unspecified|\S+ [\d.]+) ?", "", typed)


def _strip_unit(typed: str) -> str:
    found = re.match(r"unspecified|\S+ [\d.]+", typed)
    return found.group() if found else typed


def _fit_date(field: str, held: str, near: Sequence[Suggestion]) -> tuple[str, str, str, float] | None:
    """The date of the passage that is nearest to the one held: the same, at best, or one within or around it."""
    best = None
    for one in near:
        if one.kind != SuggestionKind.DATE:
            continue
        ends = field in ("end", "dissolved") and one.proposal["end"]
        value = one.proposal["end"] if ends else one.proposal["date"]
        if not _dates_overlap(value, held):
            continue
        score = 3.0 if value == held else 1.5
        if best is None or score > best[3]:
            best = (value, one.exact, one.proposal["reasoning"], score)
    return best


def _dates_overlap(one: str, other: str) -> bool:
    try:
        first, second = PartialDate.parse(one), PartialDate.parse(other)
    except ValueError:
        return False
    return first.earliest <= second.latest and second.earliest <= first.latest


def _candidates_matching_words(words: str, near: Sequence[Suggestion], at_hand: set[str]) -> list[FactCandidate]:
    """Fields whose record and name hold every one of `words`; empty fields too, to be filled in."""
    tokens = words.casefold().split()
    records: dict[Entity | Relation, float] = dict.fromkeys(_entities_with_slugs(at_hand), 1.0)
    called = Q(pk__in=[])
    for token in tokens:
        called |= Q(name__icontains=token) | Q(slug__istartswith=token) | Q(names__text__iexact=token)
    for entity in Entity.objects.filter(called).distinct().order_by("name")[:40]:
        records.setdefault(entity, 0.8)
    found: list[FactCandidate] = []
    for record, stated in record_field_values(records).items():
        fields = dict.fromkeys(field for field, _ in stated)
        empty = [field for field in CITABLE_FIELDS[record_kind(record)] if field not in fields and field != "identifiers"]
        names = " ".join(value for field, value in stated if field in ("name", "names")).casefold() + f" {record.slug}"
        asked = all(token in f"{names} new measure" for token in tokens)
        if asked and isinstance(record, Entity) and record.kind in MEASURED_KINDS:
            found += _new_measure_candidates(record, near, 0.5 * records[record])
        for field, held in [*stated, *((field, "") for field in empty)]:
            if field in UNOFFERED_FIELDS:
                continue
            hay = f"{names} {field.replace('_', ' ')} {field} {held}".casefold()
            if not all(token in hay for token in tokens):
                continue
            value, as_stated, why, score = _fit_suggestion(record, field, held, near) or (held, "", "", 0.2 if held else 0.1)
            # Words of the field's own name mean that field.
            score += sum(token in field.casefold() for token in tokens)
            name = str(record)
            target = target_address(record)
            found.append(
                FactCandidate(target, record_kind(record), name, field, value, held, as_stated, why, score * records[record])
            )
    return _rank_candidates(found, 30)


def _rank_candidates(found: Iterable[FactCandidate], limit: int) -> list[FactCandidate]:
    once = {one.key: one for one in sorted(found, key=lambda one: one.score)}
    return sorted(once.values(), key=lambda one: (-one.score, one.name, one.field))[:limit]
