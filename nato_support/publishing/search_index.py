"""Search entries of live editions: the words by which full text finds them, computed from the rendered record alone.

Kept within the transaction of each release; superseding an edition deletes its entry by a trigger. `rebuild_search_index`
computes all of them from scratch.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import DatabaseError, connections, router, transaction

from entities.serializers import ENTITY_KINDS
from nato_support.publishing import search_terms
from nato_support.publishing.editions.search_words import distinct_words, index_words
from nato_support.publishing.measure_texts import measure_texts
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, SearchEntry

_BATCH_SIZE = 500
_TEXT_MEMBERS = ("exact", "summary", "conditions", "locality", "attribution", "reported_by", "role")
_ROW_FIELDS = ("names", "texts", "evidence")


def search_entry(edition: Edition, document: dict, evidence: dict) -> SearchEntry:
    """Return the unsaved search entry of an edition."""
    kind = document["kind"]
    names = search_terms.all_names(document, evidence)
    # Relations are called by a sentence about others, which should come first.
    has_names = kind in ENTITY_KINDS or kind == "document"
    texts = [
        *(() if has_names else names),
        *(document[member] for member in _TEXT_MEMBERS if document.get(member)),
        *(speaker["name"] for speaker in document.get("speakers", ())),
        *measure_texts(document),
    ]
    name_words, text_words = index_words(names if has_names else ()), index_words(texts)
    return SearchEntry(
        edition_id=edition.pk,
        kind=kind,
        names=name_words,
        texts=text_words,
        evidence=distinct_words(_evidence_texts(evidence), {*name_words.split(), *text_words.split()}),
    )


def _evidence_texts(evidence: dict) -> Iterator[str]:
    """Yield the passages that are cited for a record, and the words of them that state its values."""
    for entry in evidence.get("evidence", {}).values():
        for citation in entry["citations"]:
            yield citation["quote"]["exact"]
            if citation["as_stated"]:
                yield citation["as_stated"]


def store_search_entries(rendered_editions: Iterable[tuple[Edition, dict, dict]]) -> None:
    """Store the entries of new editions, given with their document and evidence."""
    SearchEntry.objects.bulk_create((search_entry(*rendered) for rendered in rendered_editions), batch_size=_BATCH_SIZE)


@transaction.atomic
def rebuild_search_index() -> int:
    """Compute all entries from the live editions; return their number."""
    database = router.db_for_write(SearchEntry)
    if connections[database].vendor == "sqlite":
        # Triggers write what changes only, and fail where the index lacks what they are to remove.
        with connections[database].cursor() as cursor:
            cursor.execute("INSERT INTO edition_search (edition_search) VALUES ('rebuild')")
    SearchEntry.objects.all()._raw_delete(database)
    count = 0
    for batch in _batches_of_live_editions():
        store_search_entries(batch)
        count += len(batch)
    return count


def is_empty_beside_editions(using: str) -> bool:
    """Return whether the table is there without any entry, beside live editions, as after the migration that created it."""
    if SearchEntry._meta.db_table not in connections[using].introspection.table_names():
        return False
    entries, editions = SearchEntry.objects.using(using), Edition.objects.using(using)
    return not entries.exists() and editions.filter(LIVE_EDITIONS).exists()


def stale_search_entries() -> Iterator[tuple[str, str]]:
    """Yield (kind, slug) of the records whose entry is missing, has other words than theirs, or is of a past edition."""
    for batch in _batches_of_live_editions():
        stored = SearchEntry.objects.in_bulk([edition.pk for edition, _, _ in batch])
        for edition, document, evidence in batch:
            entry = stored.get(edition.pk)
            if entry is None or entry.kind != edition.kind or _words(entry) != _words(search_entry(edition, document, evidence)):
                yield edition.kind, edition.slug
    past = SearchEntry.objects.exclude(edition__in=Edition.objects.filter(LIVE_EDITIONS).values("pk"))
    yield from past.values_list("edition__kind", "edition__slug")


def index_contradicts_entries() -> bool:
    """Return whether SQLite's index holds other words than the entries; PostgreSQL generates its own from them."""
    connection = connections[router.db_for_write(SearchEntry)]
    if connection.vendor != "sqlite":
        return False
    with connection.cursor() as cursor:
        try:
            cursor.execute("INSERT INTO edition_search (edition_search, rank) VALUES ('integrity-check', 1)")
        except DatabaseError:
            return True
    return False


def _words(entry: SearchEntry) -> tuple[str, ...]:
    return tuple(getattr(entry, field) for field in _ROW_FIELDS)


def _batches_of_live_editions() -> Iterator[list[tuple[Edition, dict, dict]]]:
    """Yield batches of live editions, each with its document and evidence."""
    editions = iter(Edition.objects.filter(LIVE_EDITIONS).order_by("pk").iterator(chunk_size=_BATCH_SIZE))
    while batch := list(islice(editions, _BATCH_SIZE)):
        yield [(edition, json.loads(edition.document), json.loads(edition.evidence)) for edition in batch]
