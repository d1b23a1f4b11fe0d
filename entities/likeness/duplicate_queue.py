"""The queue of likely duplicates: entities that look like one, and what was said of them.

What looks alike is computed (`entities.likeness`) and may be computed anew at any time; what was said of a pair stays.
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
"""So many changed records the queue looks through by itself; beyond it `find_duplicates` is for."""

_COMPARED_AT_CACHE_KEY = "duplicates-looked-at"

EntityKeyPair = tuple[int, int]
"""The keys of two entities, the smaller first."""


# What waits


def open_likenesses() -> QuerySet[Likeness]:
    """Pairs that wait for somebody's answer, the likeliest first: not judged, neither of them merged away."""
    return _unmerged_likenesses().filter(~Exists(_judgements_of_outer_pair()))


def unsure_likenesses() -> QuerySet[Likeness]:
    """Pairs of which somebody was unsure, the likeliest first."""
    return _unmerged_likenesses().filter(Exists(_judgements_of_outer_pair().filter(verdict=DuplicateVerdict.UNSURE)))


def _unmerged_likenesses() -> QuerySet[Likeness]:
    stands = Q(first__merged_into__isnull=True, second__merged_into__isnull=True)
    return Likeness.objects.filter(stands).select_related("first", "second").order_by("-score", "pk")


def _judgements_of_outer_pair() -> QuerySet[Judgement]:
    """What was said of the pair of the likeness in whose query this stands."""
    return Judgement.objects.filter(first=OuterRef("first"), second=OuterRef("second"))


def weigh_unanswered(record: Entity) -> list[Likeness]:
    """The pairs of `record` as they are now, the likeliest first, but for those that were answered. Nothing is written."""
    found = weigh_record(record)
    answers = Judgement.objects.filter(Q(first=record.pk) | Q(second=record.pk)).exclude(verdict=DuplicateVerdict.UNSURE)
    answered = set(answers.values_list("first", "second"))
    records = Entity.objects.in_bulk({key for likeness in found for key in (likeness.first_id, likeness.second_id)})
    for likeness in found:
        likeness.first, likeness.second = records[likeness.first_id], records[likeness.second_id]
    return [likeness for likeness in found if (likeness.first_id, likeness.second_id) not in answered]


def find_conflicting_judgements(pairs: Collection[EntityKeyPair]) -> dict[EntityKeyPair, list[Entity]]:
    """Of the pairs those of which one looks like a third record that was judged different from the other, with these.

    Whoever calls such a pair the same says the opposite of what was said before. Two queries.
    """
    ends = {key for pair in pairs for key in pair}
    different: dict[int, set[int]] = defaultdict(set)
    for judged in Judgement.objects.filter(Q(first__in=ends) | Q(second__in=ends), verdict=DuplicateVerdict.DIFFERENT):
        different[judged.first_id].add(judged.second_id)
        different[judged.second_id].add(judged.first_id)
    alike: dict[int, dict[int, Entity]] = defaultdict(dict)
    for likeness in _unmerged_likenesses().filter(Q(first__in=ends) | Q(second__in=ends)):
        alike[likeness.first_id][likeness.second_id] = likeness.second
        alike[likeness.second_id][likeness.first_id] = likeness.first
    found = {}
    for pair in pairs:
        thirds = {
            key: third
            for one, other in (pair, pair[::-1])
            for key, third in alike[one].items()
            if key in different[other] and key not in pair
        }
        if thirds:
            found[pair] = [thirds[key] for key in sorted(thirds)]
    return found


# What was said


def judge_pair(first: Entity, second: Entity, verdict: str, by, reason: str = "") -> Judgement:
    """Record what `by` says of two entities; a word that was said before is replaced if it was `unsure`.

    Refused if they are of two kinds, one is merged already, or somebody else decided it meanwhile.
    """
    first, second = sorted((first, second), key=lambda entity: entity.pk)
    if first.kind != second.kind:
        raise Refused(f"“{first}” and “{second}” are of two kinds.")
    if merged := next((entity for entity in (first, second) if entity.merged_into_id), None):
        raise Refused(f"“{merged}” was merged meanwhile; nothing is left to answer.")
    with transaction.atomic():
        said = Judgement.objects.select_for_update().filter(first=first, second=second).first()
        if said and said.verdict != DuplicateVerdict.UNSURE:
            raise Refused(
                f"{said.judged_by or 'Somebody'} answered “{said.get_verdict_display()}” meanwhile. Take that back first."
            )
        return Judgement.objects.record_verdict(first, second, verdict, by, reason)


def delete_judgement(judgement: Judgement) -> None:
    """Forget what was said: the pair waits again, if it still looks alike."""
    judgement.delete()


def judgements_by(user) -> QuerySet[Judgement]:
    """What `user` said, the newest first."""
    return Judgement.objects.filter(judged_by=user).select_related("first", "second").order_by("-judged_at", "-pk")


# Which of two stays


def order_by_likely_survivor(pair: Iterable[Entity], weights: dict[int, int]) -> list[Entity]:
    """The two, the one that should survive a merge first: the public one, then that with more rows, then the older.

    `weights` has for each key how many citations and relations point at it.
    """
    return sorted(pair, key=lambda one: (one.status != Status.PUBLISHED, -weights.get(one.pk, 0), one.pk))


# What changed since the finder ran


def entities_changed_since_comparison() -> QuerySet[Entity]:
    """Entities that stand and were saved after the finder looked at them, the oldest change first."""
    since = max(filter(None, (_last_found_at(), cache.get(_COMPARED_AT_CACHE_KEY))), default=None)
    standing = Entity.objects.filter(merged_into__isnull=True).order_by("updated_at", "pk")
    return standing.filter(updated_at__gt=since) if since else standing


def compare_changed_entities() -> int:
    """Look at what changed since, if it is not too much; gives the number of records that still wait for the finder."""
    now = timezone.now()
    waiting = list(entities_changed_since_comparison()[: MAX_COMPARED_AT_ONCE + 1])
    if len(waiting) > MAX_COMPARED_AT_ONCE:
        return entities_changed_since_comparison().count()
    if waiting:
        refresh_likenesses(waiting)
    remember_comparison_time(now)
    return 0


def remember_comparison_time(when: datetime) -> None:
    """Remember that all that was saved before `when` has been compared. Each process of a server knows for itself."""
    cache.set(_COMPARED_AT_CACHE_KEY, when, timeout=None)


def _last_found_at() -> datetime | None:
    return Likeness.objects.order_by("-found_at").values_list("found_at", flat=True).first()
