"""Index of live records by name: words, sound keys and the number of records that mention each.

Computed from editions alone and kept within the transaction of each release, so that nothing unpublished or withdrawn can
appear in a list, a suggestion or a rank. `rebuild_name_index` computes it from scratch.
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


def entity_name_keys(kind: str, document: dict, evidence: dict) -> set[str]:
    """Return the keys of all names of a rendered record; an empty set unless it is an entity."""
    if kind not in ENTITY_KINDS:
        return set()
    texts = [document["name"], *name_keys.further_names(evidence)]
    return {key for text in texts for key in name_keys.keys_for_name(text, kind)}


def update_name_index(changed_editions: dict[PublicKey, tuple[int, set[str]]], mention_changes: Counter[PublicKey]) -> None:
    """Store what one release changed.

    `changed_editions` maps each record to the id and the keys of its new edition; `mention_changes` says by how many the editions
    that mention a record rose or fell.
    """
    nonzero_changes = {key: change for key, change in mention_changes.items() if change}
    mentions = _stored_mention_counts([*nonzero_changes, *changed_editions])
    records_by_new_level: dict[int, list[PublicKey]] = {}
    for key, change in nonzero_changes.items():
        mentions_before, mentions[key] = mentions.get(key, 0), mentions.get(key, 0) + change
        if key not in changed_editions and name_keys.popularity_level(mentions_before) != name_keys.popularity_level(
            mentions[key]
        ):
            records_by_new_level.setdefault(name_keys.popularity_level(mentions[key]), []).append(key)
    MentionCount.objects.bulk_create(
        [MentionCount(kind=kind, slug=slug, mentions=mentions[kind, slug]) for kind, slug in nonzero_changes],
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["kind", "slug"],
        update_fields=["mentions"],
    )
    for level, records in records_by_new_level.items():
        for kind, slugs in _slugs_by_kind(records):
            live_editions = Edition.objects.filter(LIVE_EDITIONS, kind=kind, slug__in=slugs).values("pk")
            NameKey.objects.filter(edition__in=live_editions).update(popularity=level)
    _insert_name_keys(
        (pk, key[0], name_keys.popularity_level(mentions.get(key, 0)), keys) for key, (pk, keys) in changed_editions.items()
    )


def remove_from_name_index(edition_ids: Iterable[int]) -> Counter[PublicKey]:
    """Remove the keys of editions that are no longer live; return how many of these editions mentioned each record."""
    mentions: Counter[PublicKey] = Counter()
    for batch in _chunk_rows(edition_ids, 500):
        NameKey.objects.filter(edition__in=batch).delete()
        mentions.update(_mention_counts(EditionTerm.objects.filter(edition__in=batch)))
    return mentions


def referenced_records(terms: Iterable[tuple[str, str]]) -> set[PublicKey]:
    """Return the records that an edition with these terms refers to."""
    references = (value.partition("/") for field, value in terms if field in search_terms.REFERENCE_FIELDS)
    return {(kind, slug) for kind, _, slug in references if slug}


def rebuild_name_index() -> None:
    """Compute the whole index from the live editions."""
    NameKey.objects.all().delete()
    MentionCount.objects.all().delete()
    update_name_index({}, Counter(_live_mention_counts()))
    live_editions = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live_editions.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=1000)
    for batch in _chunk_rows(rows, 1000):
        update_name_index(
            {
                (kind, slug): (pk, entity_name_keys(kind, json.loads(document), json.loads(evidence)))
                for pk, kind, slug, document, evidence in batch
            },
            Counter(),
        )


def stale_name_keys() -> Iterator[PublicKey]:
    """Yield live records whose keys or mention counts in the index are out of date."""
    live_mentions = _live_mention_counts()
    stored_mentions = {(row.kind, row.slug): row.mentions for row in MentionCount.objects.all() if row.mentions}
    yield from sorted(key for key in {*live_mentions, *stored_mentions} if live_mentions.get(key) != stored_mentions.get(key))
    live_editions = Edition.objects.filter(LIVE_EDITIONS, kind__in=ENTITY_KINDS).order_by("pk")
    rows = live_editions.values_list("pk", "kind", "slug", "document", "evidence").iterator(chunk_size=500)
    for batch in _chunk_rows(rows, 500):
        stored_keys: dict[int, set[tuple[str, int]]] = {}
        for pk, key, level in NameKey.objects.filter(edition__in=[row[0] for row in batch]).values_list(
            "edition", "key", "popularity"
        ):
            stored_keys.setdefault(pk, set()).add((key, level))
        for pk, kind, slug, document, evidence in batch:
            level = name_keys.popularity_level(live_mentions.get((kind, slug), 0))
            if stored_keys.get(pk, set()) != {
                (key, level) for key in entity_name_keys(kind, json.loads(document), json.loads(evidence))
            }:
                yield kind, slug
    keys_of_past_editions = NameKey.objects.exclude(edition__in=Edition.objects.filter(LIVE_EDITIONS).values("pk"))
    yield from keys_of_past_editions.values_list("edition__kind", "edition__slug").distinct()


def _insert_name_keys(rows: Iterable[tuple[int, str, int, set[str]]]) -> None:
    # A rebuild writes rows by the million; as model instances they would cost four times as much.
    with connections[router.db_for_write(NameKey)].cursor() as cursor:
        for batch in _chunk_rows(rows, 500):
            cursor.executemany(
                f"INSERT INTO {NameKey._meta.db_table} (edition_id, kind, popularity, key) VALUES (%s, %s, %s, %s)",
                [(pk, kind, level, key) for pk, kind, level, keys in batch for key in sorted(keys)],
            )


def _stored_mention_counts(records: Iterable[PublicKey]) -> dict[PublicKey, int]:
    mentions_by_record: dict[PublicKey, int] = {}
    for kind, slugs in _slugs_by_kind(records):
        rows = MentionCount.objects.filter(kind=kind, slug__in=slugs).values_list("slug", "mentions")
        mentions_by_record |= {(kind, slug): mentions for slug, mentions in rows}
    return mentions_by_record


def _live_mention_counts() -> dict[PublicKey, int]:
    return _mention_counts(EditionTerm.objects.filter(edition__superseded=None, edition__withdrawn=False))


def _mention_counts(term_queryset) -> dict[PublicKey, int]:
    """Count, for each record, the editions among these terms that mention it."""
    counts = (
        term_queryset.filter(field__in=search_terms.REFERENCE_FIELDS)
        .values_list("value")
        .annotate(Count("edition", distinct=True))
    )
    return {(kind, slug): mentions for value, mentions in counts for kind, _, slug in [value.partition("/")] if slug}


def _chunk_rows(rows: Iterable[BatchRow], size: int) -> Iterator[list[BatchRow]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _slugs_by_kind(records: Iterable[PublicKey]) -> Iterator[tuple[str, list[str]]]:
    slugs: dict[str, list[str]] = {}
    for kind, slug in dict.fromkeys(records):
        slugs.setdefault(kind, []).append(slug)
    for kind, slugs_of_kind in slugs.items():
        for batch in _chunk_rows(slugs_of_kind, 500):
            yield kind, batch
