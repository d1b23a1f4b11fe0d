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
from nato_support.publishing import search_terms
from nato_support.publishing.editions import name_keys
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, EditionTerm, MentionCount, NameKey

PublicKey = tuple[str, str]
BatchRow = TypeVar("BatchRow")


def entity_name_keys(kind: str, lean: dict, extra: dict) -> set[str]:
    """The keys of all names of a printed record; none, unless it is an entity."""
    if kind not in ENTITY_KINDS:
        return set()
    texts = [lean["name"], *(name["text"] for name in extra.get("names", ()))]
    return {key for text in texts for key in name_keys.keys_for_name(text, kind)}


def update_name_index(new: dict[PublicKey, tuple[int, set[str]]], named: Counter[PublicKey]) -> None:
    """Keeps what one release changed: `new` editions (of a record: id, keys), and by how many more each is `named`."""
    changed = {key: change for key, change in named.items() if change}
    times = _stored_mention_counts([*changed, *new])
    moved: dict[int, list[PublicKey]] = {}
    for key, change in changed.items():
        before, times[key] = times.get(key, 0), times.get(key, 0) + change
        if key not in new and name_keys.popularity_level(before) != name_keys.popularity_level(times[key]):
            moved.setdefault(name_keys.popularity_level(times[key]), []).append(key)
    MentionCount.objects.bulk_create(
        [MentionCount(kind=kind, slug=slug, mentions=times[kind, slug]) for kind, slug in changed],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["mentions"],
    )
    for to, records in moved.items():
        for kind, slugs in _slugs_by_kind(records):
            live = Edition.objects.filter(LIVE_EDITIONS, kind=kind, slug__in=slugs).values("pk")
            NameKey.objects.filter(edition__in=live).update(popularity=to)
    _insert_name_keys((pk, key[0], name_keys.popularity_level(times.get(key, 0)), found) for key, (pk, found) in new.items())


def remove_from_name_index(editions: Iterable[int]) -> Counter[PublicKey]:
    """Takes out what these editions, which are live no longer, are found by; gives how often they named which record."""
    named: Counter[PublicKey] = Counter()
    for some in _chunk_rows(editions, 500):
        NameKey.objects.filter(edition__in=some).delete()
        named.update(_mention_counts(EditionTerm.objects.filter(edition__in=some)))
    return named


def referenced_records(terms: Iterable[tuple[str, str]]) -> set[PublicKey]:
    """The records that an edition with these terms names."""
    found = (value.partition("/") for field, value in terms if field in search_terms.REFERENCE_FIELDS)
    return {(kind, slug) for kind, _, slug in found if slug}


def rebuild_name_index() -> None:
    """Works everything out anew from what is live."""
    NameKey.objects.all().delete()
    MentionCount.objects.all().delete()
    update_name_index({}, Counter(_live_mention_counts()))
    live = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=1000)
    for some in _chunk_rows(rows, 1000):
        update_name_index(
            {
                (kind, slug): (pk, entity_name_keys(kind, json.loads(lean), json.loads(extra)))
                for pk, kind, slug, lean, extra in some
            },
            Counter(),
        )


def stale_name_keys() -> Iterator[PublicKey]:
    """The live records that are not found by what they are called, or not as well known as they are."""
    times = _live_mention_counts()
    held = {(row.kind, row.slug): row.mentions for row in MentionCount.objects.all() if row.mentions}
    yield from sorted(key for key in {*times, *held} if times.get(key) != held.get(key))
    live = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=500)
    for some in _chunk_rows(rows, 500):
        kept: dict[int, set[tuple[str, int]]] = {}
        for pk, key, level in NameKey.objects.filter(edition__in=[row[0] for row in some]).values_list(
            "edition", "key", "popularity"
        ):
            kept.setdefault(pk, set()).add((key, level))
        for pk, kind, slug, lean, extra in some:
            level = name_keys.popularity_level(times.get((kind, slug), 0))
            if kept.get(pk, set()) != {(key, level) for key in entity_name_keys(kind, json.loads(lean), json.loads(extra))}:
                yield kind, slug
    past = NameKey.objects.exclude(edition__in=Edition.objects.filter(LIVE_EDITIONS).values("pk"))
    yield from past.values_list("edition__kind", "edition__slug").distinct()


def _insert_name_keys(rows: Iterable[tuple[int, str, int, set[str]]]) -> None:
    # Rows by the million when all is worked out anew: as instances of the model they would cost four times as much.
    with connections[router.db_for_write(NameKey)].cursor() as cursor:
        for some in _chunk_rows(rows, 500):
            cursor.executemany(
                f"INSERT INTO {NameKey._meta.db_table} (edition_id, kind, popularity, key) VALUES (%s, %s, %s, %s)",
                [(pk, kind, level, key) for pk, kind, level, found in some for key in sorted(found)],
            )


def _stored_mention_counts(records: Iterable[PublicKey]) -> dict[PublicKey, int]:
    found: dict[PublicKey, int] = {}
    for kind, slugs in _slugs_by_kind(records):
        rows = MentionCount.objects.filter(kind=kind, slug__in=slugs).values_list("slug", "mentions")
        found |= {(kind, slug): times for slug, times in rows}
    return found


def _live_mention_counts() -> dict[PublicKey, int]:
    return _mention_counts(EditionTerm.objects.filter(edition__superseded=None, edition__withdrawn=False))


def _mention_counts(terms) -> dict[PublicKey, int]:
    """How many of the editions with these terms name each record."""
    counted = terms.filter(field__in=search_terms.REFERENCE_FIELDS).values_list("value").annotate(Count("edition", distinct=True))
    return {(kind, slug): times for value, times in counted for kind, _, slug in [value.partition("/")] if slug}


def _chunk_rows(rows: Iterable[BatchRow], size: int) -> Iterator[list[BatchRow]]:
    left = iter(rows)
    while some := list(islice(left, size)):
        yield some


def _slugs_by_kind(records: Iterable[PublicKey]) -> Iterator[tuple[str, list[str]]]:
    slugs: dict[str, list[str]] = {}
    for kind, slug in dict.fromkeys(records):
        slugs.setdefault(kind, []).append(slug)
    for kind, all_of_it in slugs.items():
        for some in _chunk_rows(all_of_it, 500):
            yield kind, some
