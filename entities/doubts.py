"""Doubts about commitments and relations: values that are unlikely as they stand. Nothing is refused for a doubt.

The functions judge rows that were fetched with what they refer to, and make no query.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

from entities.dates import OPEN_END, PartialDate
from entities.deliveries import Quantity
from entities.formatting import format_partial_date, format_period, format_range
from entities.models import Commitment, Entity, Relation
from entities.numbers import decimal_text
from entities.vocabulary import REACHED_STAGES, DoubtKind, Modality, Nature, Stage

HOLDS = "holds"
"""Type of the relation of a person to a post."""
INTENDED = (Modality.PLANNED, Modality.EXPECTED)
"""Modalities of what had not come true when its source spoke."""
_PLANS = (Nature.PLAN, Nature.TARGET)
_LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True)
class Doubt:
    """A value of a record that is unlikely as it stands, told in a sentence that names it."""

    kind: DoubtKind
    record: Entity | Relation
    sentence: str
    advice: str
    """What an editor can do about it."""
    values: tuple[str, ...]
    """Values that give rise to the doubt. If one of them changes, it is a new doubt."""
    about: str = ""
    """Part of the record that gives rise to the doubt, such as a field and its quote, where there may be several of a kind."""
    other: Relation | None = None
    """The other record concerned, on whose page it is said too."""
    quote: Any = None
    """The quote whose passage is in doubt."""

    @property
    def fingerprint(self) -> str:
        """Hash of the kind, the record and the values: the same as long as the doubt is about the same."""
        target = "relation" if isinstance(self.record, Relation) else "entity"
        identity = [self.kind.value, target, self.record.pk, self.about, *self.values]
        return hashlib.sha256(json.dumps(identity).encode()).hexdigest()

    @property
    def records(self) -> list[Entity | Relation]:
        """The records that it concerns."""
        return [self.record, *filter(None, [self.other])]


def shorten_value(text: str) -> str:
    """Return a text as a sentence quotes it: in one line, not too long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_VALUE else f"{line[: _LONGEST_VALUE - 1]}…"


# Commitments


def doubts_of_commitment(commitment: Commitment, on: date) -> Iterator[Doubt]:
    """Yield the doubts about the dates and amounts of a commitment on a day. Reads its milestones, measures and event."""
    yield from _due_before_announcement(commitment)
    yield from _due_before_period(commitment)
    yield from _more_than_promised(commitment)
    if past_plan := _past_plan(commitment, on):
        yield past_plan
    elif commitment.is_overdue(on):
        stage = dict(REACHED_STAGES).get(commitment.stage, "not stated")
        yield Doubt(
            DoubtKind.OVERDUE,
            commitment,
            f"“{commitment.name}” is overdue: its due date ({format_partial_date(commitment.due)}) is past,"
            f" and its stage is {stage}.",
            "Add the milestone that a newer source states, or correct the due date.",
            (commitment.due, commitment.stage),
        )


def _due_before_announcement(commitment: Commitment) -> Iterator[Doubt]:
    announcement = _announcement(commitment)
    if commitment.due and announcement and PartialDate.parse(commitment.due).precedes(PartialDate.parse(announcement)):
        yield Doubt(
            DoubtKind.DUE_BEFORE_ANNOUNCEMENT,
            commitment,
            f"“{commitment.name}” is due ({format_partial_date(commitment.due)}) before it was announced"
            f" ({format_partial_date(announcement)}).",
            "Check both dates against their passages.",
            (commitment.due, announcement),
        )


def _announcement(commitment: Commitment) -> str:
    """Return the date on which a commitment was first announced, or else agreed or proposed; '' if none is known."""
    days = {stage: [step.date for step in commitment.milestones.all() if step.stage == stage and step.date] for stage in Stage}
    if commitment.announced_at and commitment.announced_at.start:
        days[Stage.ANNOUNCED].append(commitment.announced_at.start)
    known = next((days[stage] for stage in (Stage.ANNOUNCED, Stage.AGREED, Stage.PROPOSED) if days[stage]), [])
    return min(known, key=lambda day: PartialDate.parse(day).bounds, default="")


def _due_before_period(commitment: Commitment) -> Iterator[Doubt]:
    due, period = commitment.due, commitment.period
    if due and period and PartialDate.parse(due).precedes(PartialDate.parse(period)):
        yield Doubt(
            DoubtKind.DUE_BEFORE_PERIOD,
            commitment,
            f"“{commitment.name}” is due ({format_partial_date(due)}) before the time for which it is meant"
            f" ({format_period(period)}) begins.",
            "Check both dates against their passages; if it is to be done ahead of its time, dismiss this.",
            (due, period),
        )


def _more_than_promised(commitment: Commitment) -> Iterator[Doubt]:
    for share in commitment.shares:
        if share.reached.low > share.promised.high:
            least, most = share.reached.low, share.promised.high
            reached = _bound_in_words(share.reached, least, "at least", share.unit[1])
            promised = _bound_in_words(share.promised, most, "at most", share.unit[1])
            yield Doubt(
                DoubtKind.MORE_THAN_PROMISED,
                commitment,
                f"“{commitment.name}”: {reached} {share.stage.label}, but {promised} promised.",
                "Check the amounts, and whether one of them is a running total, whose “as of” is to be filled in.",
                (decimal_text(least), decimal_text(most)),
                about=f"{share.stage.value} {share.unit[1]}",
            )


def _bound_in_words(quantity: Quantity, bound: Decimal, limit: str, unit: str) -> str:
    words = format_range([bound], unit, exact=True)
    return words if quantity.low == quantity.high else f"{limit} {words}"


def _past_plan(commitment: Commitment, on: date) -> Doubt | None:
    """Return the doubt about a plan or target whose time is wholly past and of which no step is known."""
    dates = [text for text in (commitment.due, commitment.period) if text]
    is_past = bool(dates) and all(PartialDate.parse(text).bounds[1] < on.isoformat() for text in dates)
    if commitment.nature not in _PLANS or not is_past or commitment.milestones.all():
        return None
    times = [f"due {format_partial_date(commitment.due)}"] if commitment.due else []
    times += [f"meant for {format_period(commitment.period)}"] if commitment.period else []
    return Doubt(
        DoubtKind.PAST_PLAN,
        commitment,
        f"“{commitment.name}” is a {Nature(commitment.nature).label} whose time is past ({', '.join(times)}), and it has no"
        " milestone.",
        "Add what came of it as a milestone, if a source says so.",
        (commitment.nature, commitment.due, commitment.period),
    )


# Relations


def doubt_of_intention(relation: Relation, on: date) -> Doubt | None:
    """Return the doubt about a planned or expected relation whose start, or else its end, is past on a day."""
    text, word = (relation.start, "start") if relation.start else (relation.end, "end")
    if relation.modality not in INTENDED or not text or PartialDate.parse(text).bounds[1] >= on.isoformat():
        return None
    return Doubt(
        DoubtKind.PAST_START,
        relation,
        f"“{relation}” is {Modality(relation.modality).label}, and its {word} ({format_partial_date(text)}) is past.",
        "If a source says that it came true, cite it and set the modality to “in force”; else check the date.",
        (relation.modality, relation.start, relation.end),
    )


def doubt_of_cited_time(relation: Relation, field: str, value: str, quote: Any) -> Doubt | None:
    """Return the doubt about a relation that ends before a start that a quote states, or begins after an end that it states."""
    own = relation.end if field == "start" else relation.start
    if not own:
        return None
    stated, had = PartialDate.parse(value), PartialDate.parse(own)
    if not (had.precedes(stated) if field == "start" else stated.precedes(had)):
        return None
    order, before = ("ends", "before the start") if field == "start" else ("starts", "after the end")
    return Doubt(
        DoubtKind.END_BEFORE_START,
        relation,
        f"“{relation}” {order} ({format_partial_date(own)}) {before} ({format_partial_date(value)}) that the passage"
        f" “{shorten_value(quote.exact)}” is cited for.",
        "Check which term the passage is about: another term is another relation.",
        (own, value),
        about=f"{field} {quote.slug}",
        quote=quote,
    )


def overlapping_terms(terms: Iterable[Relation]) -> Iterator[Doubt]:
    """Yield a doubt for each two `terms` in force, relations of the type HOLDS, that surely overlap in one post.

    A day of handing over is no overlap; nor is what only vague dates allow.
    """
    by_post: dict[int, list[Relation]] = {}
    for term in sorted(terms, key=lambda term: term.pk):
        if term.modality == Modality.IN_FORCE and term.start:
            by_post.setdefault(term.object_id, []).append(term)
    for of_post in by_post.values():
        for first, second in combinations(of_post, 2):
            if _surely_overlap(first, second):
                yield _doubt_of_terms(first, second)


def _surely_overlap(first: Relation, second: Relation) -> bool:
    (first_begun, first_ends), (second_begun, second_ends) = map(_sure_days, (first, second))
    return max(first_begun, second_begun) < min(first_ends, second_ends)


def _sure_days(term: Relation) -> tuple[str, str]:
    """Return the days between which a term lasted, however its dates are meant; without an end it goes on."""
    begun = PartialDate.parse(term.start).bounds[1]
    return begun, PartialDate.parse(term.end).bounds[0] if term.end else OPEN_END


def _doubt_of_terms(first: Relation, second: Relation) -> Doubt:
    return Doubt(
        DoubtKind.POST_HELD_TWICE,
        first,
        f"“{first.object.name}” is held by {first.subject.name} ({_term_words(first)}) and by {second.subject.name}"
        f" ({_term_words(second)}) at one time.",
        "Enter the end of the earlier term if a source states it; if both held the post, dismiss this.",
        (first.start, first.end, str(second.subject_id), second.start, second.end),
        about=f"relation {second.pk}",
        other=second,
    )


def _term_words(term: Relation) -> str:
    start = f"start: {format_partial_date(term.start)}"
    return f"{start}, end: {format_partial_date(term.end)}" if term.end else f"{start}, no end"


def doubt_of_claim(relation: Relation, claimers: Iterable[str]) -> Doubt | None:
    """Return the doubt about a claimed relation of which the cited passages name and describe no claimer."""
    if relation.modality != Modality.CLAIMED or any(claimers):
        return None
    return Doubt(
        DoubtKind.NO_CLAIMER,
        relation,
        f"“{relation}” is only claimed, but no passage cited for it names or describes who claims it.",
        "Add the speaker to its quote, or cite a passage that names one.",
        (relation.modality,),
    )
