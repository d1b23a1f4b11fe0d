"""Candidate facts: which facts of the register a passage may be evidence for, likeliest first."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q, QuerySet

from entities.amounts import amount_or_none
from entities.citable_fields import CITABLE_FIELDS, record_kind
from entities.dates import PartialDate
from entities.field_values import record_field_values
from entities.measure_facts import measure_fact_or_none
from entities.models import Commitment, Entity, Relation
from entities.numbers import integer_or_none
from entities.relation_facts import relation_fact_or_none
from entities.steps import Step
from entities.vocabulary import Kind, Polarity, Stage, SuggestionKind
from sources.capture.fact_fitting import Fit, fit_suggestion
from sources.capture.passage_reading import read_polarity, read_stage
from sources.models import Citation, SourceDocument
from sources.suggestions.suggestion import Suggestion

MAX_OFFERED = 40
"""Number of candidates offered before words are typed; the first nine have a digit as shortcut."""

NEW_MEASURE = "measures.+"
"""Stands for a field: a measure that the record does not have yet, made from the cited amount."""

NEW_MILESTONE = "milestones.+"
"""Stands for a field: a step that the commitment does not have yet."""

MEASURED_KINDS = frozenset({Kind.COMMITMENT, Kind.ORGANISATION, Kind.FACILITY, Kind.EVENT})
"""Kinds of record that have measures."""

UNOFFERED_FIELDS = frozenset({"summary", "identifiers"})
"""Fields in the register's own words, or that no source states."""

ENOUGH_RECORDS = 150
"""Number of records found by the passage itself from which the text around it is not searched for more."""

_CITED_NEARBY, _RELATED, _RELATED_TO_SURROUNDING = 1.2, 0.6, 0.4
"""Weights of records that the passage does not name itself."""
_FIT_OF_NAME = 0.4
"""How well a party fits whose name alone has led to the record: much of the register may be about Ukraine."""

_LONG = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True, slots=True)
class FactCandidate:
    """Field of a record or relation that a passage may support, with a value to propose and the reason for offering it."""

    target: str
    kind: str
    name: str
    field: str
    value: str
    current_value: str
    as_stated: str
    reason: str
    score: float
    is_taken: bool = False
    """Whether a quote of this document is cited for it already."""
    polarity: str = Polarity.AFFIRMS
    """What the passage does with the value, as far as its words show."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what identifies the candidate: target, field and value."""
        return (self.target, self.field, self.value)


def target_address(record: Entity | Relation) -> str:
    """Return the address of a record or relation in the capture pages: entity:12, relation:7."""
    return f"{'relation' if isinstance(record, Relation) else 'entity'}:{record.pk}"


def find_target_record(address: str) -> Entity | Relation:
    """Return the record at `address`. Raises ValueError if there is none."""
    kind, _, key = address.partition(":")
    model: Any = {"entity": Entity, "relation": Relation}.get(kind)
    pk = integer_or_none(key)
    record = model.objects.filter(pk=pk).first() if model and pk is not None else None
    if record is None:
        raise ValueError(f"“{address[:40]}” is not a record of the register")
    return record


def find_fact_candidates(
    document: SourceDocument,
    start: int,
    end: int,
    suggestions: Iterable[Suggestion],
    surrounding_suggestions: Iterable[Suggestion] = (),
    words: str = "",
) -> list[FactCandidate]:
    """Return the facts that the passage from `start` to `end` may support; with `words`, those whose record and field match.

    `suggestions` are those for the sentences of the passage, with the amounts and dates to match; `surrounding_suggestions`
    those for the text around it, as a passage is often about a record that only an earlier paragraph names.
    """
    suggestions = list(suggestions)
    mentioned = _mentioned_slugs(suggestions)
    cited_nearby = _slugs_cited_nearby(document, start)
    if words.strip():
        return _rank_candidates(document, _candidates_matching_words(words, suggestions, mentioned | cited_nearby), 30)
    # What the article was about a moment ago is likelier meant than what else the register has about those it names.
    records: dict[Entity | Relation, float] = dict.fromkeys(_related_records(mentioned), _RELATED)
    records |= dict.fromkeys(_entities_with_slugs(cited_nearby), _CITED_NEARBY)
    records |= dict.fromkeys(_entities_with_slugs(mentioned), 1.0)
    if len(records) < ENOUGH_RECORDS:
        for record in _related_records(_mentioned_slugs(surrounding_suggestions)):
            records.setdefault(record, _RELATED_TO_SURROUNDING)
    stems = _word_stems(document.text[start:end])
    candidates = [
        candidate
        for record, values in _field_texts_of_records(records)
        for candidate in _record_candidates(
            record,
            values,
            suggestions,
            records[record] * (1 + 0.4 * _shared_stem_count(record, values, stems)),
            is_met_by_name=records[record] <= _RELATED,
        )
    ]
    candidates = [_with_polarity(candidate, document, suggestions) for candidate in candidates]
    candidates += _new_milestone_candidates(records, document, start, end, suggestions)
    return _rank_candidates(document, candidates, MAX_OFFERED)


def _field_texts_of_records(
    records: Iterable[Entity | Relation],
) -> Iterator[tuple[Entity | Relation, list[tuple[str, str]]]]:
    for record, values in record_field_values(records).items():
        yield record, [(value.field, value.value) for value in values]


def _word_stems(words: str) -> set[str]:
    """Return the stems of the longer words; short ones occur everywhere."""
    return {word[:6] for word in _LONG.findall(words.casefold())}


def _shared_stem_count(record: Entity | Relation, values: Sequence[tuple[str, str]], stems: set[str]) -> int:
    """Return how many stems of the passage occur in the names and the summary of a record, at most four."""
    record_words = " ".join(value for field, value in values if field in ("name", "names", "summary", "conditions", "role"))
    return min(4, len(stems & _word_stems(f"{record} {record_words}")))


def _mentioned_slugs(suggestions: Iterable[Suggestion]) -> set[str]:
    return {suggestion.proposal["entity"] for suggestion in suggestions if suggestion.kind == SuggestionKind.MENTION} | {
        suggestion.proposal["speaker"]
        for suggestion in suggestions
        if suggestion.kind == SuggestionKind.QUOTATION and suggestion.proposal["speaker"]
    }


def _slugs_cited_nearby(document: SourceDocument, start: int) -> set[str]:
    """Return what the quotes just before and after are cited for, as one story goes on about the same things."""
    rows = Citation.objects.filter(quote__document=document, quote__start__range=(max(0, start - 1500), start + 1500))
    return set(rows.exclude(entity=None).values_list("entity__slug", flat=True)[:200])


def _entities_with_slugs(slugs: set[str]) -> list[Entity]:
    return list(Entity.objects.filter(slug__in=slugs)[:60])


def _related_records(slugs: set[str]) -> list[Entity | Relation]:
    """Return commitments involving what is mentioned, and relations between two of the mentioned records."""
    party = Q(committed_by__slug__in=slugs) | Q(facility__slug__in=slugs) | Q(announced_at__slug__in=slugs)
    party |= Q(concerns__slug__in=slugs)
    commitments = Entity.objects.filter(pk__in=Commitment.objects.filter(party).values("pk")).order_by("-pk")[:80]
    relations = Relation.objects.filter(subject__slug__in=slugs, object__slug__in=slugs).order_by("-pk")[:40]
    return [*commitments, *relations]


def _record_candidates(
    record: Entity | Relation,
    values: Sequence[tuple[str, str]],
    suggestions: Sequence[Suggestion],
    weight: float,
    *,
    is_met_by_name: bool,
) -> Iterator[FactCandidate]:
    """Yield the fields of `record`, with the values that amounts, dates or names of the passage give them.

    `is_met_by_name`: nothing but the name of a party has led to the record.
    """
    fitting = {
        (field, current_value): fit
        for field, current_value in values
        if (fit := fit_suggestion(record, field, current_value, suggestions))
    }
    if is_met_by_name:
        fitting = {fact: fit._replace(score=_FIT_OF_NAME) if fit.is_of_name else fit for fact, fit in fitting.items()}
    # A record of which one field fits is likely meant: its other fields rank above those of other records.
    is_likely = any(not (is_met_by_name and fit.is_of_name) for fit in fitting.values())
    base_score = 0.1 + 0.3 * is_likely
    # What only the text around the passage is about has no part in its amounts, unless the passage has words of it.
    if (
        isinstance(record, Entity)
        and record.kind in MEASURED_KINDS
        and weight > _RELATED_TO_SURROUNDING
        and not any(field.startswith("measures.") for field, _ in fitting)
    ):
        yield from _new_measure_candidates(record, values, suggestions, (0.3 + 0.3 * is_likely) * weight)
    for field, current_value in values:
        if field not in UNOFFERED_FIELDS:
            value, as_stated, reason, score, _ = fitting.get((field, current_value)) or Fit(current_value, "", "", base_score)
            yield FactCandidate(
                target_address(record),
                record_kind(record),
                str(record),
                field,
                value,
                current_value,
                as_stated,
                reason,
                score * weight,
            )


def _with_polarity(candidate: FactCandidate, document: SourceDocument, suggestions: Iterable[Suggestion]) -> FactCandidate:
    """Return a candidate, as denied if it is a relation and the words between its parties deny it."""
    fact = relation_fact_or_none(candidate.value) if candidate.field == "relation" else None
    if fact is None:
        return candidate
    places = {
        slug: suggestion
        for suggestion in suggestions
        if suggestion.kind == SuggestionKind.MENTION and (slug := suggestion.proposal["entity"]) in fact.parties.values()
    }
    if len(places) < len(fact.parties):
        return candidate
    first, last = sorted(places.values(), key=lambda suggestion: suggestion.start)
    return replace(candidate, polarity=read_polarity(document.text[first.end : last.start], document.language))


def _new_measure_candidates(
    record: Entity, values: Iterable[tuple[str, str]], suggestions: Iterable[Suggestion], score: float
) -> Iterator[FactCandidate]:
    """Yield the amounts of the passage that the record does not have yet, each as a new measure."""
    reason = "adds a new measure of this amount to the record"
    known = {fact.amount for field, value in values if field.startswith("measures.") and (fact := measure_fact_or_none(value))}
    for suggestion in suggestions:
        if suggestion.kind == SuggestionKind.AMOUNT:
            typed = suggestion.proposal["typed"]
            if amount_or_none(typed) in known:
                continue
            yield FactCandidate(
                target_address(record), record.kind, str(record), NEW_MEASURE, typed, "", suggestion.exact, reason, score
            )


def _new_milestone_candidates(
    records: Mapping[Entity | Relation, float],
    document: SourceDocument,
    start: int,
    end: int,
    suggestions: Iterable[Suggestion],
) -> Iterator[FactCandidate]:
    """Yield the step that the passage tells of, with each of its dates, for the commitments that it may be about."""
    stage = read_stage(document.text[start:end], document.language)
    dates = [
        suggestion for suggestion in suggestions if suggestion.kind == SuggestionKind.DATE and not suggestion.proposal["end"]
    ]
    for record, weight in records.items():
        if stage and record_kind(record) == Kind.COMMITMENT:
            for date in dates:
                value = str(Step(Stage(stage.meaning), PartialDate.parse(date.proposal["date"])))
                reason = f"adds a step: the passage says “{stage.exact}”"
                yield FactCandidate(
                    target_address(record),
                    Kind.COMMITMENT,
                    str(record),
                    NEW_MILESTONE,
                    value,
                    "",
                    date.exact,
                    reason,
                    0.5 * weight,
                )


def _candidates_matching_words(words: str, suggestions: Sequence[Suggestion], nearby_slugs: set[str]) -> list[FactCandidate]:
    """Return the fields whose record and name match every one of `words`, also empty fields to be filled in."""
    tokens = words.casefold().split()
    records: dict[Entity | Relation, float] = dict.fromkeys(_entities_with_slugs(nearby_slugs), 1.0)
    matches_name = Q(pk__in=[])
    for token in tokens:
        matches_name |= Q(name__icontains=token) | Q(slug__istartswith=token) | Q(names__text__iexact=token)
    named: list[Any] = [*Entity.objects.filter(matches_name).distinct().order_by("name")[:40], *_relations_matching(tokens)]
    for record in named:
        records.setdefault(record, 0.8)
    candidates: list[FactCandidate] = []
    for record, values in _field_texts_of_records(records):
        fields = dict.fromkeys(field for field, _ in values)
        empty = [field for field in CITABLE_FIELDS[record_kind(record)] if field not in fields]
        own_names = " ".join(value for field, value in values if field in ("name", "names")).casefold()
        names = f"{own_names} {record.slug} {_words_of_relation(record)}"
        matches_new_measure = all(token in f"{names} new measure" for token in tokens)
        if matches_new_measure and isinstance(record, Entity) and record.kind in MEASURED_KINDS:
            candidates += _new_measure_candidates(record, values, suggestions, 0.5 * records[record])
        for field, current_value in [*values, *((field, "") for field in empty)]:
            if field in UNOFFERED_FIELDS:
                continue
            searched = f"{names} {field.replace('_', ' ')} {field} {current_value}".casefold()
            if not all(token in searched for token in tokens):
                continue
            unfitted = Fit(current_value, "", "", 0.2 if current_value else 0.1)
            value, as_stated, reason, score, _ = fit_suggestion(record, field, current_value, suggestions) or unfitted
            # Words of the field's name point to that field.
            score += sum(token in field.casefold() for token in tokens)
            name = str(record)
            target = target_address(record)
            candidates.append(
                FactCandidate(
                    target, record_kind(record), name, field, value, current_value, as_stated, reason, score * records[record]
                )
            )
    return candidates


def _words_of_relation(record: Entity | Relation) -> str:
    """Return the sentence of a relation and its verb read from the other end; '' for an entity."""
    return f"{record} {record.type.inverse_label}".casefold() if isinstance(record, Relation) else ""


def _relations_matching(tokens: Sequence[str]) -> QuerySet[Relation]:
    """Return relations of which each of the words names a party, the type or the relation itself."""
    relations = Relation.objects.select_related("type", "subject", "object")
    for token in tokens:
        matches = Q(type__slug__istartswith=token) | Q(type__label__icontains=token) | Q(type__inverse_label__icontains=token)
        for party in ("subject", "object"):
            matches |= Q(**{f"{party}__name__icontains": token}) | Q(**{f"{party}__slug__istartswith": token})
        if not "relation".startswith(token):
            relations = relations.filter(matches)
    return relations.order_by("slug")[:40]


def _rank_candidates(document: SourceDocument, candidates: Iterable[FactCandidate], limit: int) -> list[FactCandidate]:
    """Return the best candidates, each once; those that the document is cited for already come last, before empty fields."""
    unique = {candidate.key: candidate for candidate in sorted(candidates, key=lambda candidate: candidate.score)}
    taken = _facts_taken_from(document)
    marked = [replace(candidate, is_taken=candidate.key in taken) for candidate in unique.values()]
    order = sorted(marked, key=lambda one: (not one.value, one.is_taken, -one.score, one.name, one.field))
    return order[:limit]


def _facts_taken_from(document: SourceDocument) -> set[tuple[str, str, str]]:
    """Return the facts that quotes of a document are cited for, as keys of candidates."""
    rows = Citation.objects.filter(quote__document=document).order_by()
    return {
        (f"relation:{relation}" if relation else f"entity:{entity}", field, value)
        for entity, relation, field, value in rows.values_list("entity", "relation", "field", "value")
    }
