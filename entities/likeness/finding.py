"""The finder: writes down which entities look like one, for the whole register or for a few records."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db.models import Q
from django.utils import timezone

from entities.likeness.blocking import Blocks
from entities.likeness.evidence import ENOUGH, names_alike, weigh
from entities.likeness.facts import Facts, facts_of
from entities.likeness.names import keys
from entities.likeness.nearby import Catalogue
from entities.models import Entity, Likeness, Relation
from entities.vocabulary import Kind

BATCH = 2_000
"""So many entities or pairs are in memory with all that is known of them."""

WORTH_WEIGHING = 0.5
"""From which likeness of names on the rest of the evidence is read; pairs of one occasion always are."""

Progress = Callable[[Iterable, str, int], Iterable]
"""Passes on what it is given, shown under a title as that many steps."""


def _quietly(steps: Iterable, title: str, total: int) -> Iterable:
    return steps


def find(progress: Progress = _quietly) -> int:
    """Compare all entities anew and keep the pairs found; gives their number. Pairs no longer found are forgotten.

    Written batch by batch, so that editors never wait for it: run again, it goes on from what is there.
    """
    started = timezone.now()
    found = 0
    for kind in Kind:
        pairs = _worth_weighing(kind, progress)
        steps = progress(_batches(pairs), f"{kind.label}: evidence", -(-len(pairs) // BATCH))
        found += sum(_keep(batch, kind, started) for batch in steps)
    Likeness.objects.filter(found_at__lt=started).delete()
    return found


def refresh(records: Iterable[Entity]) -> int:
    """Compare a few records with all others of their kinds; gives the number of pairs found.

    Their pairs that are no longer found are forgotten, also those of records merged away.
    """
    started = timezone.now()
    by_kind: dict[str, list[int]] = defaultdict(list)
    for record in records:
        by_kind[record.kind].append(record.pk)
    found = 0
    for kind, mine in by_kind.items():
        catalogue = Catalogue(kind)
        near = ((one.pk, other) for one in facts_of(mine, kind).values() for other in catalogue.near(one))
        pairs = sorted({(min(pair), max(pair)) for pair in near})
        found += sum(_keep(batch, kind, started) for batch in _batches(pairs))
        theirs = Q(first__in=mine) | Q(second__in=mine)
        Likeness.objects.filter(theirs, found_at__lt=started).delete()
    return found


def _worth_weighing(kind: Kind, progress: Progress) -> list[tuple[int, int]]:
    """Pairs of entities of `kind` that are called alike, or that share an occasion, whatever they are called."""
    standing = Entity.objects.order_by("pk").filter(kind=kind, merged_into__isnull=True)
    order = array("Q", standing.values_list("pk", flat=True).iterator(chunk_size=BATCH))
    names: list[list[str]] = []
    by_name, by_occasion = Blocks(), Blocks()
    numbers: list[int] = []
    for chunk in progress(_batches(order), f"{kind.label}: names", -(-len(order) // BATCH)):
        facts = facts_of(chunk, kind)
        # What was merged or deleted since is not among them.
        for key in filter(facts.__contains__, chunk):
            one, number = facts[key], len(names)
            numbers.append(key)
            names.append(one.names)
            by_name.add(number, {key for name in one.names for key in keys(name, kind)})
            by_occasion.add(number, one.occasion_keys)
    called = (pair for pair in by_name.pairs() if _called_alike(names, pair, kind))
    of_occasion = by_occasion.pairs()
    compared = progress(chain(called, of_occasion), f"{kind.label}: pairs", 0)
    return sorted({(numbers[first], numbers[second]) for first, second in compared})


def _called_alike(names: list[list[str]], pair: tuple[int, int], kind: str) -> bool:
    return names_alike(names[pair[0]], names[pair[1]], kind)[0] >= WORTH_WEIGHING


def _batches(things: Iterable[Any]) -> Iterator[tuple]:
    rest = iter(things)
    return iter(lambda: tuple(islice(rest, BATCH)), ())


def _keep(pairs: Iterable[tuple[int, int]], kind: str, found_at: datetime) -> int:
    """Weigh each pair and write down those that reach the threshold; gives their number."""
    pairs = list(pairs)
    facts: dict[int, Facts] = facts_of({key for pair in pairs for key in pair}, kind)
    joined = _joined(pairs)
    rows = []
    for pair in pairs:
        if not (pair[0] in facts and pair[1] in facts):
            continue
        score, evidence = weigh(facts[pair[0]], facts[pair[1]], joined.get(pair, ""))
        if score >= ENOUGH:
            reasons = [{"for": one.weight > 0, "words": one.words} for one in evidence if one.weight]
            rows.append(Likeness(first_id=pair[0], second_id=pair[1], score=score, reasons=reasons, found_at=found_at))
    Likeness.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["first", "second"],
        update_fields=["score", "reasons", "found_at"],
    )
    return len(rows)


def _joined(pairs: list[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """The pairs between which a relation stands, with its words: what editors joined they took for two."""
    wanted, ends = set(pairs), {key for pair in pairs for key in pair}
    relations = Relation.objects.order_by().filter(subject__in=ends, object__in=ends)
    return {
        pair: str(relation)
        for relation in relations.select_related("subject", "object", "type")
        if (pair := (min(relation.subject_id, relation.object_id), max(relation.subject_id, relation.object_id))) in wanted
    }
