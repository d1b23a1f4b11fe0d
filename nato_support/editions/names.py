"""What live records are found by when a name is typed: the words of their names, how these sound, how often others name them.

Worked out from printed editions alone and kept by the press within its transaction, so that what is not public can be in
no list, suggestion or rank, and nothing that was withdrawn stays. `rebuild` makes it all anew.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

from django.db import connections, router
from django.db.models import Count

from entities.serializers import ENTITY_KINDS
from nato_support.editions import index, keys
from nato_support.editions.models import LIVE, Edition, EditionTerm, NameKey, Renown

Key = tuple[str, str]
Row = TypeVar("Row")


def called(kind: str, lean: dict, extra: dict) -> set[str]:
    """The keys of all names of a printed record; none, unless it is an entity."""
    if kind not in ENTITY_KINDS:
        return set()
    texts = [lean["name"], *(name["text"] for name in extra.get("names", ()))]
    return {key for text in texts for key in keys.of_name(text, kind)}


def settle(new: dict[Key, tuple[int, set[str]]], named: Counter[Key]) -> None:
    """Keeps what one run changed: `new` editions (of a record: id, keys), and by how many more each is `named`."""
    changed = {key: change for key, change in named.items() if change}
    times = _times([*changed, *new])
    moved: dict[int, list[Key]] = {}
    for key, change in changed.items():
        before, times[key] = times.get(key, 0), times.get(key, 0) + change
        if key not in new and keys.tier(before) != keys.tier(times[key]):
            moved.setdefault(keys.tier(times[key]), []).append(key)
    Renown.objects.bulk_create(
        [Renown(kind=kind, slug=slug, times=times[kind, slug]) for kind, slug in changed],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["times"],
    )
    for to, records in moved.items():
        for kind, slugs in _by_kind(records):
            live = Edition.objects.filter(LIVE, kind=kind, slug__in=slugs).values("pk")
            NameKey.objects.filter(edition__in=live).update(tier=to)
    _keep((pk, key[0], keys.tier(times.get(key, 0)), found) for key, (pk, found) in new.items())


def forget(editions: Iterable[int]) -> Counter[Key]:
    """Takes out what these editions, which are live no longer, are found by; gives how often they named which record."""
    named: Counter[Key] = Counter()
    for some in _batches(editions, 500):
        NameKey.objects.filter(edition__in=some).delete()
        named.update(_named(EditionTerm.objects.filter(edition__in=some)))
    return named


def references(terms: Iterable[tuple[str, str]]) -> set[Key]:
    """The records that an edition with these terms names."""
    found = (value.partition("/") for field, value in terms if field in index.REFERENCE_FIELDS)
    return {(kind, slug) for kind, _, slug in found if slug}


def rebuild() -> None:
    """Works everything out anew from what is live."""
    NameKey.objects.all().delete()
    Renown.objects.all().delete()
    settle({}, Counter(_renown()))
    live = Edition.objects.filter(LIVE, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=1000)
    for some in _batches(rows, 1000):
        settle(
            {(kind, slug): (pk, called(kind, json.loads(lean), json.loads(extra))) for pk, kind, slug, lean, extra in some},
            Counter(),
        )


def strays() -> Iterator[Key]:
    """The live records that are not found by what they are called, or not as well known as they are."""
    times = _renown()
    held = {(row.kind, row.slug): row.times for row in Renown.objects.all() if row.times}
    yield from sorted(key for key in {*times, *held} if times.get(key) != held.get(key))
    live = Edition.objects.filter(LIVE, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=500)
    for some in _batches(rows, 500):
        kept: dict[int, set[tuple[str, int]]] = {}
        for pk, key, level in NameKey.objects.filter(edition__in=[row[0] for row in some]).values_list("edition", "key", "tier"):
            kept.setdefault(pk, set()).add((key, level))
        for pk, kind, slug, lean, extra in some:
            level = keys.tier(times.get((kind, slug), 0))
            if kept.get(pk, set()) != {(key, level) for key in called(kind, json.loads(lean), json.loads(extra))}:
                yield kind, slug
    past = NameKey.objects.exclude(edition__in=Edition.objects.filter(LIVE).values("pk"))
    yield from past.values_list("edition__kind", "edition__slug").distinct()


def _keep(rows: Iterable[tuple[int, str, int, set[str]]]) -> None:
    # Rows by the million when all is worked out anew: as instances of the model they would cost four times as much.
    with connections[router.db_for_write(NameKey)].cursor() as cursor:
        for some in _batches(rows, 500):
            cursor.executemany(
                f"INSERT INTO {NameKey._meta.db_table} (edition_id, kind, tier, key) VALUES (%s, %s, %s, %s)",
                [(pk, kind, level, key) for pk, kind, level, found in some for key in sorted(found)],
            )


def _times(records: Iterable[Key]) -> dict[Key, int]:
    found: dict[Key, int] = {}
    for kind, slugs in _by_kind(records):
        rows = Renown.objects.filter(kind=kind, slug__in=slugs).values_list("slug", "times")
        found |= {(kind, slug): times for slug, times in rows}
    return found


def _renown() -> dict[Key, int]:
    return _named(EditionTerm.objects.filter(edition__superseded=None, edition__withdrawn=False))


def _named(terms) -> dict[Key, int]:
    """How many of the editions with these terms name each record."""
    counted = terms.filter(field__in=index.REFERENCE_FIELDS).values_list("value").annotate(Count("edition", distinct=True))
    return {(kind, slug): times for value, times in counted for kind, _, slug in [value.partition("/")] if slug}


def _batches(rows: Iterable[Row], size: int) -> Iterator[list[Row]]:
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def _by_kind(records: Iterable[Key]) -> Iterator[tuple[str, list[str]]]:
    slugs: dict[str, list[str]] = {}
    for kind, slug in dict.fromkeys(records):
        slugs.setdefault(kind, []).append(slug)
    for kind, all_of_it in slugs.items():
        for some in _batches(all_of_it, 500):
            yield kind, some
