"""Queue of likely duplicates, and the decisions of editors on them.

Candidates are computed by `duplicate_finder` and may be recomputed at any time; decisions stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from entities.likeness.duplicate_finder import preview_duplicates, refresh_duplicates
from entities.models import DuplicateCandidate, DuplicateDecision, Entity
from entities.refusals import Refused
from entities.vocabulary import DuplicateVerdict, Status

MAX_COMPARED_AT_ONCE = 50
"""Number of changed records that the queue compares by itself; for more, run `find_duplicates`."""

_COMPARED_AT_CACHE_KEY = "duplicates-looked-at"

EntityKeyPair = tuple[int, int]
"""Primary keys of two entities, the smaller first."""


# Open pairs


def open_candidates() -> QuerySet[DuplicateCandidate]:
    """Pairs to decide, most likely first: without a decision, and neither entity merged."""
    return _unmerged_candidates().filter(~Exists(_decisions_on_outer_pair()))


def unsure_candidates() -> QuerySet[DuplicateCandidate]:
    """Pairs whose verdict is unsure, most likely first."""
    return _unmerged_candidates().filter(Exists(_decisions_on_outer_pair().filter(verdict=DuplicateVerdict.UNSURE)))


def _unmerged_candidates() -> QuerySet[DuplicateCandidate]:
    both_unmerged = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
    return DuplicateCandidate.objects.filter(both_unmerged).select_related("first", "second").order_by("-score", "pk")


def _decisions_on_outer_pair() -> QuerySet[DuplicateDecision]:
    """Subquery: the decisions on the pair of the outer candidate."""
    return DuplicateDecision.objects.filter(first=OuterRef("first"), second=OuterRef("second"))


def find_undecided_pairs(record: Entity) -> list[DuplicateCandidate]:
    """Return the current pairs of `record`, most likely first, without those already decided. Writes nothing."""
    candidates = preview_duplicates(record)
    answers = DuplicateDecision.objects.filter(Q(first=record.pk) | Q(second=record.pk)).exclude(verdict=DuplicateVerdict.UNSURE)
    answered = set(answers.values_list("first", "second"))
    records = Entity.objects.in_bulk({key for candidate in candidates for key in (candidate.first_id, candidate.second_id)})
    for candidate in candidates:
        candidate.first, candidate.second = records[candidate.first_id], records[candidate.second_id]
    return [candidate for candidate in candidates if (candidate.first_id, candidate.second_id) not in answered]


def find_conflicting_decisions(pairs: Collection[EntityKeyPair]) -> dict[EntityKeyPair, list[Entity]]:
    """Return the pairs where one entity resembles a third that was marked as different from the other, with these thirds.

    Deciding that such a pair is the same contradicts the earlier decision. Takes two queries.
    """
    keys = {key for pair in pairs for key in pair}
    different: dict[int, set[int]] = defaultdict(set)
    for decision in DuplicateDecision.objects.filter(Q(first__in=keys) | Q(second__in=keys), verdict=DuplicateVerdict.DIFFERENT):
        different[decision.first_id].add(decision.second_id)
        different[decision.second_id].add(decision.first_id)
    alike: dict[int, dict[int, Entity]] = defaultdict(dict)
    for candidate in _unmerged_candidates().filter(Q(first__in=keys) | Q(second__in=keys)):
        alike[candidate.first_id][candidate.second_id] = candidate.second
        alike[candidate.second_id][candidate.first_id] = candidate.first
    conflicts = {}
    for pair in pairs:
        thirds = {
            key: third
            for entity_key, other_key in (pair, pair[::-1])
            for key, third in alike[entity_key].items()
            if key in different[other_key] and key not in pair
        }
        if thirds:
            conflicts[pair] = [thirds[key] for key in sorted(thirds)]
    return conflicts


# Decisions


def decide_pair(first: Entity, second: Entity, verdict: str, by, reason: str = "") -> DuplicateDecision:
    """Record the verdict of `by` on two entities, replacing an earlier `unsure`.

    Raises Refused if they are of different kinds, one is merged, or somebody else has decided meanwhile.
    """
    first, second = sorted((first, second), key=lambda entity: entity.pk)
    if first.kind != second.kind:
        raise Refused(f"“{first}” and “{second}” are of different kinds.")
    if merged := next((entity for entity in (first, second) if entity.merged_into_id), None):
        raise Refused(f"“{merged}” has been merged meanwhile; there is nothing left to decide.")
    with transaction.atomic():
        earlier = DuplicateDecision.objects.select_for_update().filter(first=first, second=second).first()
        if earlier and earlier.verdict != DuplicateVerdict.UNSURE:
            person = earlier.decided_by or "Somebody"
            raise Refused(f"{person} has meanwhile decided “{earlier.get_verdict_display()}”. Undo that decision first.")
        return DuplicateDecision.objects.record_verdict(first, second, verdict, by, reason)


def delete_decision(decision: DuplicateDecision) -> None:
    """Delete a decision: the pair is open again if it still looks alike."""
    decision.delete()


def decisions_by(user) -> QuerySet[DuplicateDecision]:
    """Decisions of `user`, newest first."""
    return DuplicateDecision.objects.filter(decided_by=user).select_related("first", "second").order_by("-decided_at", "-pk")


# Likely survivor


def order_by_likely_survivor(pair: Iterable[Entity], link_counts: dict[int, int]) -> list[Entity]:
    """Sort two entities, the likely survivor of a merge first: the public one, then the better linked, then the older.

    `weights` maps primary keys to the number of citations and relations of the entity.
    """
    return sorted(pair, key=lambda entity: (entity.status != Status.PUBLISHED, -link_counts.get(entity.pk, 0), entity.pk))


# Changes since the last comparison


def entities_changed_since_comparison() -> QuerySet[Entity]:
    """Unmerged entities saved since the last comparison, oldest change first."""
    since = max(filter(None, (_last_found_at(), cache.get(_COMPARED_AT_CACHE_KEY))), default=None)
    unmerged = Entity.objects.filter(merged_into__isnull=True).order_by("updated_at", "pk")
    return unmerged.filter(updated_at__gt=since) if since else unmerged


def compare_changed_entities() -> int:
    """Compare the changed entities if there are not too many; returns the number that still wait for the finder."""
    now = timezone.now()
    waiting = list(entities_changed_since_comparison()[: MAX_COMPARED_AT_ONCE + 1])
    if len(waiting) > MAX_COMPARED_AT_ONCE:
        return entities_changed_since_comparison().count()
    if waiting:
        refresh_duplicates(waiting)
    remember_comparison_time(now)
    return 0


def remember_comparison_time(when: datetime) -> None:
    """Remember that everything saved before `when` has been compared. Each server process remembers for itself."""
    cache.set(_COMPARED_AT_CACHE_KEY, when, timeout=None)


def _last_found_at() -> datetime | None:
    return DuplicateCandidate.objects.order_by("-found_at").values_list("found_at", flat=True).first()
