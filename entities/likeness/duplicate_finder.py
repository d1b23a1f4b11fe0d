"""The finder: writes down which entities look like one, for the whole register or for a few records."""

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
from entities.models import Entity, Likeness, Relation
from entities.vocabulary import Kind

BATCH_SIZE = 2_000
"""So many entities or pairs are in memory with all that is known of them."""

MIN_NAME_SIMILARITY = 0.5
"""From which likeness of names on the rest of the evidence is read; pairs of one occasion always are."""

ProgressWrapper = Callable[[Iterable, str, int], Iterable]
"""Passes on what it is given, shown under a title as that many steps."""


def _no_progress(steps: Iterable, title: str, total: int) -> Iterable:
    return steps


def find_likenesses(progress: ProgressWrapper = _no_progress) -> int:
    """Compare all entities anew and keep the pairs found; gives their number. Pairs no longer found are forgotten.

    Written batch by batch, so that editors never wait for it: run again, it goes on from what is there.
    """
    started = timezone.now()
    found = 0
    for kind in Kind:
        pairs = _pairs_worth_scoring(kind, progress)
        steps = progress(_split_into_batches(pairs), f"{kind.label}: evidence", -(-len(pairs) // BATCH_SIZE))
        found += sum(_save_likenesses(batch, kind, started) for batch in steps)
    Likeness.objects.filter(found_at__lt=started).delete()
    return found


def refresh_likenesses(records: Iterable[Entity]) -> int:
    """Compare a few records with all others of their kinds; gives the number of pairs found.

    Their pairs that are no longer found are forgotten, also those of records merged away.
    """
    started = timezone.now()
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record.pk)
    found = 0
    for kind, mine in by_kind.items():
        found += sum(_save_likenesses(batch, kind, started) for batch in _split_into_batches(_near_pairs(mine, kind)))
        theirs = Q(first__in=mine) | Q(second__in=mine)
        Likeness.objects.filter(theirs, found_at__lt=started).delete()
    return found


def weigh_record(record: Entity) -> list[Likeness]:
    """The pairs that `refresh` would find for a record, the likeliest first, with their keys where they are kept already.

    Nothing is written.
    """
    found = _weighed(_near_pairs([record.pk], record.kind), record.kind, timezone.now())
    kept = Likeness.objects.filter(Q(first=record.pk) | Q(second=record.pk)).values_list("first", "second", "pk")
    keys = {(first, second): pk for first, second, pk in kept}
    for likeness in found:
        likeness.pk = keys.get((likeness.first_id, likeness.second_id))
    return sorted(found, key=lambda likeness: (-likeness.score, likeness.first_id, likeness.second_id))


def _near_pairs(mine: list[int], kind: str) -> list[tuple[int, int]]:
    catalogue = NameCatalogue(kind)
    near = ((one.pk, other) for one in load_features(mine, kind).values() for other in catalogue.find_candidates(one))
    return sorted({(min(pair), max(pair)) for pair in near})


def _pairs_worth_scoring(kind: Kind, progress: ProgressWrapper) -> list[tuple[int, int]]:
    """Pairs of entities of `kind` that are called alike, or that share an occasion, whatever they are called."""
    standing = Entity.objects.order_by("pk").filter(kind=kind, merged_into__isnull=True)
    order = array("Q", standing.values_list("pk", flat=True).iterator(chunk_size=BATCH_SIZE))
    names: list[list[str]] = []
    by_name, by_occasion = BlockingIndex(), BlockingIndex()
    numbers: list[int] = []
    for chunk in progress(_split_into_batches(order), f"{kind.label}: names", -(-len(order) // BATCH_SIZE)):
        facts = load_features(chunk, kind)
        # What was merged or deleted since is not among them.
        for key in filter(facts.__contains__, chunk):
            one, number = facts[key], len(names)
            numbers.append(key)
            names.append(one.names)
            by_name.add(number, {key for name in one.names for key in blocking_keys(name, kind)})
            by_occasion.add(number, one.occasion_keys)
    called = (pair for pair in by_name.pairs() if _have_similar_names(names, pair, kind))
    of_occasion = by_occasion.pairs()
    compared = progress(chain(called, of_occasion), f"{kind.label}: pairs", 0)
    return sorted({(numbers[first], numbers[second]) for first, second in compared})


def _have_similar_names(names: list[list[str]], pair: tuple[int, int], kind: str) -> bool:
    return most_similar_names(names[pair[0]], names[pair[1]], kind)[0] >= MIN_NAME_SIMILARITY


def _split_into_batches(things: Iterable[Any]) -> Iterator[tuple]:
    rest = iter(things)
    return iter(lambda: tuple(islice(rest, BATCH_SIZE)), ())


def _save_likenesses(pairs: Iterable[tuple[int, int]], kind: str, found_at: datetime) -> int:
    """Weigh each pair and write down those that reach the threshold; gives their number."""
    rows = _weighed(list(pairs), kind, found_at)
    Likeness.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons", "found_at"],
    )
    return len(rows)


def _weighed(pairs: list[tuple[int, int]], kind: str, found_at: datetime) -> list[Likeness]:
    """Those of the pairs that reach the threshold, not written down."""
    facts: dict[int, EntityFeatures] = load_features({key for pair in pairs for key in pair}, kind)
    joined = _relations_between(pairs)
    rows = []
    for pair in pairs:
        if not (pair[0] in facts and pair[1] in facts):
            continue
        score, evidence = score_pair(facts[pair[0]], facts[pair[1]], joined.get(pair, ""))
        if score >= DUPLICATE_THRESHOLD:
            reasons = [{"for": one.weight > 0, "words": one.words} for one in evidence if one.weight]
            rows.append(Likeness(first_id=pair[0], second_id=pair[1], score=score, reasons=reasons, found_at=found_at))
    return rows


def _relations_between(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The pairs between which a relation stands, with its words: what editors joined they took for two."""
    wanted, ends = set(pairs), {key for pair in pairs for key in pair}
    relations = Relation.objects.order_by().filter(subject__in=ends, object__in=ends)
    return {
        pair: str(relation)
        for relation in relations.select_related("subject", "object", "type")
        if (pair := (min(relation.subject_id, relation.object_id), max(relation.subject_id, relation.object_id))) in wanted
    }
