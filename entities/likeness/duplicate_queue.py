"""Queue of likely duplicates, and the judgements of editors on them.

Likenesses are computed by `entities.likeness` and may be recomputed at any time; judgements stay.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from entities.likeness.duplicate_finder import refresh_likenesses, weigh_record
from entities.models import Entity, Judgement, Likeness
from entities.refusals import Refused
from entities.vocabulary import DuplicateVerdict, Status

MAX_COMPARED_AT_ONCE = 50
"""Number of changed records that the queue compares by itself; for more, run `find_duplicates`."""

_COMPARED_AT_CACHE_KEY = "duplicates-looked-at"

EntityKeyPair = tuple[int, int]
"""Primary keys of two entities, the smaller first."""


# Open pairs


def open_likenesses() -> QuerySet[Likeness]:
    """Pairs to judge, most likely first: without a judgement, and neither entity merged."""
    return _unmerged_likenesses().filter(~Exists(_judgements_of_outer_pair()))


def unsure_likenesses() -> QuerySet[Likeness]:
    """Pairs judged unsure, most likely first."""
    return _unmerged_likenesses().filter(Exists(_judgements_of_outer_pair().filter(verdict=DuplicateVerdict.UNSURE)))


def _unmerged_likenesses() -> QuerySet[Likeness]:
    both_unmerged = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
    return Likeness.objects.filter(both_unmerged).select_related("first", "second").order_by("-score", "pk")


def _judgements_of_outer_pair() -> QuerySet[Judgement]:
    """Subquery: the judgements of the pair of the outer likeness."""
    return Judgement.objects.filter(first=OuterRef("first"), second=OuterRef("second"))


def weigh_unanswered(record: Entity) -> list[Likeness]:
    """Return the current pairs of `record`, most likely first, without those already judged. Writes nothing."""
    likenesses = weigh_record(record)
    answers = Judgement.objects.filter(Q(first=record.pk) | Q(second=record.pk)).exclude(verdict=DuplicateVerdict.UNSURE)
    answered = set(answers.values_list("first", "second"))
    records = Entity.objects.in_bulk({key for likeness in likenesses for key in (likeness.first_id, likeness.second_id)})
    for likeness in likenesses:
        likeness.first, likeness.second = records[likeness.first_id], records[likeness.second_id]
    return [likeness for likeness in likenesses if (likeness.first_id, likeness.second_id) not in answered]


def find_conflicting_judgements(pairs: Collection[EntityKeyPair]) -> dict[EntityKeyPair, list[Entity]]:
    """Return the pairs where one entity resembles a third that was judged different from the other, with these thirds.

    Judging such a pair to be the same contradicts the earlier judgement. Takes two queries.
    """
    keys = {key for pair in pairs for key in pair}
    different: dict[int, set[int]] = defaultdict(set)
    for judged in Judgement.objects.filter(Q(first__in=keys) | Q(second__in=keys), verdict=DuplicateVerdict.DIFFERENT):
        different[judged.first_id].add(judged.second_id)
        different[judged.second_id].add(judged.first_id)
    alike: dict[int, dict[int, Entity]] = defaultdict(dict)
    for likeness in _unmerged_likenesses().filter(Q(first__in=keys) | Q(second__in=keys)):
        alike[likeness.first_id][likeness.second_id] = likeness.second
        alike[likeness.second_id][likeness.first_id] = likeness.first
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


# Judgements


def judge_pair(first: Entity, second: Entity, verdict: str, by, reason: str = "") -> Judgement:
    """Record the verdict of `by` on two entities, replacing an earlier `unsure`.

    Raises Refused if they are of different kinds, one is merged, or somebody else has decided meanwhile.
    """
    first, second = sorted((first, second), key=lambda entity: entity.pk)
    if first.kind != second.kind:
        raise Refused(f"“{first}” and “{second}” are of different kinds.")
    if merged := next((entity for entity in (first, second) if entity.merged_into_id), None):
        raise Refused(f"“{merged}” has been merged meanwhile; there is nothing left to decide.")
    with transaction.atomic():
        earlier = Judgement.objects.select_for_update().filter(first=first, second=second).first()
        if earlier and earlier.verdict != DuplicateVerdict.UNSURE:
            judge = earlier.judged_by or "Somebody"
            decision = earlier.get_verdict_display()
            raise Refused(f"{judge} has meanwhile decided “{decision}”. Withdraw that decision first.")
        return Judgement.objects.record_verdict(first, second, verdict, by, reason)


def delete_judgement(judgement: Judgement) -> None:
    """Delete a judgement: the pair is open again if it still looks alike."""
    judgement.delete()


def judgements_by(user) -> QuerySet[Judgement]:
    """Judgements by `user`, newest first."""
    return Judgement.objects.filter(judged_by=user).select_related("first", "second").order_by("-judged_at", "-pk")


# Likely survivor


def order_by_likely_survivor(pair: Iterable[Entity], weights: dict[int, int]) -> list[Entity]:
    """Sort two entities, the likely survivor of a merge first: the public one, then the better linked, then the older.

    `weights` maps primary keys to the number of citations and relations of the entity.
    """
    return sorted(pair, key=lambda entity: (entity.status != Status.PUBLISHED, -weights.get(entity.pk, 0), entity.pk))


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
        refresh_likenesses(waiting)
    remember_comparison_time(now)
    return 0


def remember_comparison_time(when: datetime) -> None:
    """Remember that everything saved before `when` has been compared. Each server process remembers for itself."""
    cache.set(_COMPARED_AT_CACHE_KEY, when, timeout=None)


def _last_found_at() -> datetime | None:
    return Likeness.objects.order_by("-found_at").values_list("found_at", flat=True).first()
