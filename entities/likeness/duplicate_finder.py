"""Duplicate finder: stores the pairs of entities that look like one, for the whole register or for a few records."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from entities.likeness.blocking import BlockingIndex
from entities.likeness.entity_features import EntityFeatures, load_features
from entities.likeness.name_catalogue import NameCatalogue
from entities.likeness.names import blocking_keys
from entities.likeness.pair_scoring import DUPLICATE_THRESHOLD, most_similar_names, score_pair
from entities.models import DuplicateCandidate, Entity, Relation
from entities.vocabulary import Kind

BATCH_SIZE = 2_000
"""Number of entities or pairs whose features are in memory at a time."""

MIN_NAME_SIMILARITY = 0.5
"""Minimum similarity of names for a pair to be scored; pairs that share an occasion are always scored."""

ProgressWrapper = Callable[[Iterable, str, int], Iterable]
"""Wraps an iterable to show its progress: called with the steps, a title and their number."""


def _no_progress(steps: Iterable, title: str, total: int) -> Iterable:
    return steps


def find_and_store_duplicates(progress: ProgressWrapper = _no_progress) -> int:
    """Compare all entities and store the likely duplicates; returns their number. Pairs no longer found are deleted.

    Stores batch by batch, so that editors never wait for it.
    """
    started = timezone.now()
    pair_count = 0
    for kind in Kind:
        pairs = _pairs_worth_scoring(kind, progress)
        steps = progress(_split_into_batches(pairs), f"{kind.label}: evidence", -(-len(pairs) // BATCH_SIZE))
        pair_count += sum(_score_and_save_pairs(batch, kind, started) for batch in steps)
    DuplicateCandidate.objects.filter(found_at__lt=started).delete()
    return pair_count


def refresh_duplicates(records: Iterable[Entity]) -> int:
    """Compare a few records with all others of their kinds; returns the number of pairs found.

    Their pairs that are no longer found are deleted, including those of merged records.
    """
    started = timezone.now()
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record.pk)
    pair_count = 0
    for kind, keys in by_kind.items():
        pair_count += sum(
            _score_and_save_pairs(batch, kind, started) for batch in _split_into_batches(_candidate_pairs(keys, kind))
        )
        involves_them = Q(first__in=keys) | Q(second__in=keys)
        DuplicateCandidate.objects.filter(involves_them, found_at__lt=started).delete()
    return pair_count


def preview_duplicates(record: Entity) -> list[DuplicateCandidate]:
    """Return the pairs that `refresh_duplicates` would find for a record, most likely first; writes nothing.

    Pairs that are already stored have their primary keys.
    """
    candidates = _score_pairs(_candidate_pairs([record.pk], record.kind), record.kind, timezone.now())
    stored = DuplicateCandidate.objects.filter(Q(first=record.pk) | Q(second=record.pk)).values_list("first", "second", "pk")
    stored_keys = {(first, second): pk for first, second, pk in stored}
    for candidate in candidates:
        candidate.pk = stored_keys.get((candidate.first_id, candidate.second_id))
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.first_id, candidate.second_id))


def _candidate_pairs(keys: list[int], kind: str) -> list[tuple[int, int]]:
    catalogue = NameCatalogue.of_register(kind)
    pairs = (
        (features.pk, candidate)
        for features in load_features(keys, kind).values()
        for candidate in catalogue.find_candidates(features)
    )
    return sorted({(min(pair), max(pair)) for pair in pairs})


def _pairs_worth_scoring(kind: Kind, progress: ProgressWrapper) -> list[tuple[int, int]]:
    """Return the pairs of entities of `kind` that have similar names or share an occasion."""
    unmerged = Entity.objects.order_by("pk").filter(kind=kind, merged_into__isnull=True)
    order = array("Q", unmerged.values_list("pk", flat=True).iterator(chunk_size=BATCH_SIZE))
    names: list[list[str]] = []
    by_name, by_occasion = BlockingIndex(), BlockingIndex()
    keys_by_number: list[int] = []
    for chunk in progress(_split_into_batches(order), f"{kind.label}: names", -(-len(order) // BATCH_SIZE)):
        features_by_key = load_features(chunk, kind)
        # Entities merged or deleted meanwhile have no features.
        for key in filter(features_by_key.__contains__, chunk):
            features, number = features_by_key[key], len(names)
            keys_by_number.append(key)
            names.append(features.names)
            by_name.add(number, {key for name in features.names for key in blocking_keys(name, kind)})
            by_occasion.add(number, features.fact_blocking_keys)
    similar_pairs = (pair for pair in by_name.candidate_pairs() if _have_similar_names(names, pair, kind))
    occasion_pairs = by_occasion.candidate_pairs()
    pairs = progress(chain(similar_pairs, occasion_pairs), f"{kind.label}: pairs", 0)
    return sorted({(keys_by_number[first], keys_by_number[second]) for first, second in pairs})


def _have_similar_names(names: list[list[str]], pair: tuple[int, int], kind: str) -> bool:
    return most_similar_names(names[pair[0]], names[pair[1]], kind)[0] >= MIN_NAME_SIMILARITY


def _split_into_batches(items: Iterable[Any]) -> Iterator[tuple]:
    iterator = iter(items)
    return iter(lambda: tuple(islice(iterator, BATCH_SIZE)), ())


def _score_and_save_pairs(pairs: Iterable[tuple[int, int]], kind: str, found_at: datetime) -> int:
    """Score each pair and store those that reach the threshold; returns their number."""
    rows = _score_pairs(list(pairs), kind, found_at)
    DuplicateCandidate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons", "found_at"],
    )
    return len(rows)


def _score_pairs(pairs: list[tuple[int, int]], kind: str, found_at: datetime) -> list[DuplicateCandidate]:
    """Return the pairs that reach the threshold as unsaved candidates."""
    features: dict[int, EntityFeatures] = load_features({key for pair in pairs for key in pair}, kind)
    relations = _relations_between(pairs)
    rows = []
    for pair in pairs:
        if not (pair[0] in features and pair[1] in features):
            continue
        score, evidence = score_pair(features[pair[0]], features[pair[1]], relations.get(pair, ""))
        if score >= DUPLICATE_THRESHOLD:
            reasons = [{"for": item.weight > 0, "words": item.words} for item in evidence if item.weight]
            rows.append(DuplicateCandidate(first_id=pair[0], second_id=pair[1], score=score, reasons=reasons, found_at=found_at))
    return rows


def _relations_between(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """Return the pairs that a relation links, with its sentence: editors who linked them took them for two."""
    pair_set, keys = set(pairs), {key for pair in pairs for key in pair}
    relations = Relation.objects.order_by().filter(subject__in=keys, object__in=keys)
    return {
        pair: str(relation)
        for relation in relations.select_related("subject", "object", "type")
        if (pair := (min(relation.subject_id, relation.object_id), max(relation.subject_id, relation.object_id))) in pair_set
    }
