"""Search for doubts: values of the working copy that are unlikely as they stand, in the whole register or in some records.

What can be told in SQL narrows the rows; the rest is judged by `entities.doubts` and `sources.evidence.doubtful_citations`. The
number of queries does not depend on the number of records.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from entities.citable_fields import record_kind
from entities.dates import OPEN_END, OPEN_START
from entities.deliveries import SHARED_STAGES
from entities.doubts import (
    HOLDS,
    INTENDED,
    Doubt,
    doubt_of_cited_time,
    doubt_of_claim,
    doubt_of_intention,
    doubts_of_commitment,
    overlapping_terms,
)
from entities.fields import Latest
from entities.models import Commitment, Curated, Entity, Measure, Relation
from entities.vocabulary import DoubtKind, Kind, Modality, Polarity, Status
from sources.evidence.doubtful_citations import doubt_of_citation
from sources.evidence.named_records import records_named_by
from sources.models import Citation, SourceDocument, SourceQuote

MOST_EXAMINED = 1000
"""Rows that one search of the register examines for kinds found in the same way: the newest ones."""

_COMMITMENT_KINDS = frozenset(
    {
        DoubtKind.DUE_BEFORE_ANNOUNCEMENT,
        DoubtKind.DUE_BEFORE_PERIOD,
        DoubtKind.MORE_THAN_PROMISED,
        DoubtKind.OVERDUE,
        DoubtKind.PAST_PLAN,
    }
)
_CITATION_KINDS = frozenset({DoubtKind.WORDS_READ_OTHERWISE, DoubtKind.ANOTHER_YEAR, DoubtKind.ANOTHER_NUMBER})
_PARTIES = ("type", "subject", "object")


@dataclass(slots=True)
class FoundDoubts:
    """The doubts that a search found, those on the records changed last first."""

    doubts: list[Doubt]
    is_truncated: bool = False
    """True if there were more rows to examine than MOST_EXAMINED."""


@dataclass(slots=True)
class _Search:
    """Records in which doubts are searched, and what was found."""

    on: date
    entities: Q
    """Conditions on rows of entities and relations."""
    relations: Q
    limit: int | None = None
    quotes: Q | None = None
    """Condition on quotes whose citations are examined beside those of the records."""
    has_commitments: bool = True
    has_relations: bool = True
    doubts: list[Doubt] = field(default_factory=list)
    is_truncated: bool = False

    def newest(self, rows: QuerySet, *order: str) -> list[Any]:
        """Return the newest of `rows`, all if there is no limit, and remember if some were left out."""
        if self.limit is None:
            return list(rows)
        found = list(rows.order_by(*order or ("-updated_at", "-id"))[: self.limit + 1])
        self.is_truncated = self.is_truncated or len(found) > self.limit
        return found[: self.limit]


def find_doubts(
    on: date,
    kinds: Collection[str] = DoubtKind.values,
    *,
    entities: Q | None = None,
    relations: Q | None = None,
    limit: int = MOST_EXAMINED,
) -> FoundDoubts:
    """Find the doubts of `kinds` on a day in all records that are neither withdrawn nor merged, or in those that match.

    `entities` and `relations` are conditions on rows of either model.
    """
    is_current = ~Q(status=Status.WITHDRAWN)
    search = _Search(on, Q(entities or Q(), is_current, merged_into=None), Q(relations or Q(), is_current), limit)
    _run(search, kinds)
    search.doubts.sort(key=lambda doubt: (doubt.record.updated_at, doubt.fingerprint), reverse=True)
    return FoundDoubts(search.doubts, search.is_truncated)


def doubts_of_records(records: Iterable[Curated], on: date) -> list[Doubt]:
    """Return the doubts that concern `records` on a day, in their order; of a quote or document, those about its citations."""
    records = list(records)
    entity_keys = [record.pk for record in records if isinstance(record, Entity)]
    relation_keys = [record.pk for record in records if isinstance(record, Relation)]
    quotes = [record.pk for record in records if isinstance(record, SourceQuote)]
    documents = [record.pk for record in records if isinstance(record, SourceDocument)]
    search = _Search(
        on,
        Q(pk__in=entity_keys),
        Q(pk__in=relation_keys),
        quotes=Q(pk__in=quotes) | Q(document__in=documents) if quotes or documents else None,
        has_commitments=any(isinstance(record, Entity) and record.kind == Kind.COMMITMENT for record in records),
        has_relations=bool(relation_keys),
    )
    _run(search, DoubtKind.values)
    positions = {_key(record): position for position, record in enumerate(records)}
    return sorted(
        search.doubts,
        key=lambda doubt: min((positions[_key(record)] for record in doubt.records if _key(record) in positions), default=-1),
    )


def _key(record: Curated) -> tuple[str, int]:
    return record_kind(record) if isinstance(record, Entity | Relation) else record._meta.model_name or "", record.pk


def _run(search: _Search, kinds: Collection[str]) -> None:
    wanted = set(kinds)
    for found_kinds, find in _FINDERS:
        if found_kinds & wanted:
            search.doubts += [doubt for doubt in find(search) if doubt.kind in wanted]


def _doubts_of_commitments(search: _Search) -> Iterator[Doubt]:
    if not search.has_commitments:
        return
    reached = Measure.objects.filter(entity=OuterRef("pk"), milestone__stage__in=SHARED_STAGES)
    has_dates_or_shares = ~Q(due="") | ~Q(period="") | Exists(reached)
    rows = Commitment.objects.filter(search.entities, has_dates_or_shares)
    for commitment in search.newest(rows.select_related("announced_at").prefetch_related("milestones", "measures")):
        yield from doubts_of_commitment(commitment, search.on)


def _doubts_of_terms(search: _Search) -> Iterator[Doubt]:
    if not search.has_relations:
        return
    terms = Relation.objects.filter(type__slug=HOLDS, modality=Modality.IN_FORCE).exclude(start="").order_by()
    current = terms.exclude(status=Status.WITHDRAWN)
    begins_before = Q(start_earliest=None) | Q(start_earliest__lt=Coalesce(OuterRef("end_latest"), Value(OPEN_END)))
    ends_after = Q(end_latest=None) | Q(end_latest__gt=Coalesce(OuterRef("start_earliest"), Value(OPEN_START)))
    others = current.filter(begins_before, ends_after, object=OuterRef("object")).exclude(pk=OuterRef("pk"))
    searched = search.newest(terms.filter(search.relations, Exists(others)).select_related(*_PARTIES))
    keys = {term.pk for term in searched}
    partners = current.filter(object__in={term.object_id for term in searched}).exclude(pk__in=keys).select_related(*_PARTIES)
    found = overlapping_terms([*searched, *(partners if searched else ())])
    yield from (doubt for doubt in found if any(record.pk in keys for record in doubt.records))


def _doubts_of_intentions(search: _Search) -> Iterator[Doubt]:
    if not search.has_relations:
        return
    today = search.on.isoformat()
    rows = Relation.objects.filter(search.relations, modality__in=INTENDED).alias(start_latest=Latest("start"))
    past = rows.filter(Q(start_latest__lt=today) | Q(start="", end_latest__lt=today))
    for relation in search.newest(past.select_related(*_PARTIES)):
        if doubt := doubt_of_intention(relation, search.on):
            yield doubt


def _doubts_of_claims(search: _Search) -> Iterator[Doubt]:
    if not search.has_relations:
        return
    claims = search.newest(Relation.objects.filter(search.relations, modality=Modality.CLAIMED).select_related(*_PARTIES))
    cited = Citation.objects.filter(relation__in=[claim.pk for claim in claims], field="relation", polarity=Polarity.AFFIRMS)
    speakers = SourceQuote.speakers.through.objects.filter(sourcequote=OuterRef("quote"))
    rows = (
        cited.order_by()
        .annotate(has_speakers=Exists(speakers))
        .values_list("relation", "value", "quote__attribution", "quote__reported_by", "has_speakers")
        if claims
        else ()
    )
    claimers: dict[tuple[int, str], list[str]] = {}
    for relation, value, attribution, reported_by, has_speakers in rows:
        claimers.setdefault((relation, value), []).append("speakers" if has_speakers else attribution or reported_by)
    for claim in claims:
        if doubt := doubt_of_claim(claim, claimers.get((claim.pk, claim.citation_value), ())):
            yield doubt


def _doubts_of_cited_times(search: _Search) -> Iterator[Doubt]:
    if not search.has_relations:
        return
    other_start = Q(field="start") & ~Q(relation__end="") & ~Q(value=F("relation__start"))
    other_end = Q(field="end") & ~Q(relation__start="") & ~Q(value=F("relation__end"))
    rows = Citation.objects.filter(
        _through("relation", search.relations), other_start | other_end, polarity=Polarity.AFFIRMS
    ).select_related("quote", *(f"relation__{party}" for party in _PARTIES))
    for citation in search.newest(rows, "-pk"):
        try:
            doubt = doubt_of_cited_time(citation.relation, citation.field, citation.value, citation.quote)
        except ValueError:
            # A value that is no date is refused elsewhere.
            continue
        if doubt:
            yield doubt


def _doubts_of_citations(search: _Search) -> Iterator[Doubt]:
    private = ("quote__document__text", "quote__document__fingerprint")
    parties = [f"relation__{party}" for party in _PARTIES]
    rows = Citation.objects.select_related("quote__document", "entity", *parties).defer(*private)
    # One query for each foreign key, so that each uses its index.
    citations = search.newest(rows.filter(_through("entity", search.entities), entity__isnull=False), "-pk")
    if search.has_relations:
        citations += search.newest(rows.filter(_through("relation", search.relations), relation__isnull=False), "-pk")
    if search.quotes is not None:
        quotes = SourceQuote.objects.order_by().filter(search.quotes).values("pk")
        citations += rows.filter(quote__in=quotes).exclude(pk__in=[citation.pk for citation in citations])
    records_by_name = records_named_by((record_kind(citation.target), citation) for citation in citations)
    for citation in citations:
        if doubt := doubt_of_citation(citation, citation.target, records_by_name):
            yield doubt


def _through(foreign_key: str, condition: Q) -> Q:
    """Return a condition on rows as one on those that refer to them by `foreign_key`."""
    referring = Q(_connector=condition.connector, _negated=condition.negated)
    referring.children = [
        (f"{foreign_key}__{child[0]}", child[1]) if isinstance(child, tuple) else _through(foreign_key, cast(Q, child))
        for child in condition.children
    ]
    return referring


_FINDERS: list[tuple[frozenset[DoubtKind], Callable[[_Search], Iterator[Doubt]]]] = [
    (_COMMITMENT_KINDS, _doubts_of_commitments),
    (frozenset({DoubtKind.POST_HELD_TWICE}), _doubts_of_terms),
    (frozenset({DoubtKind.PAST_START}), _doubts_of_intentions),
    (frozenset({DoubtKind.NO_CLAIMER}), _doubts_of_claims),
    (frozenset({DoubtKind.END_BEFORE_START}), _doubts_of_cited_times),
    (_CITATION_KINDS, _doubts_of_citations),
]
