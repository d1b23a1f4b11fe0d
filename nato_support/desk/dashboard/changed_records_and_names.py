"""Records that changes touched, and the names of records: one query for many of them."""

import uuid
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.db.models import CharField, F, QuerySet, Value

from entities.history.record_snapshots import child_models
from entities.models import Entity, Relation
from entities.vocabulary import Kind
from nato_support.desk.dashboard.global_search import SEARCHED_MODELS
from nato_support.publishing.rendering import model_for_kind
from sources.models import SourceDocument, SourceQuote

RecordKey = tuple[str, int]
"""Kind and primary key of a record; the kind is empty for an entity whose kind was not looked up."""

MOST_ROWS_READ = 4_000
"""History rows read; of changes that touched more than that, not all records are found."""
LONGEST_NAME = 120


def records_changed_by(changes: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[RecordKey]]:
    """Return for each of `changes` the records whose rows, or whose child rows, it wrote."""
    change_ids = list(changes)
    records: dict[uuid.UUID, set[RecordKey]] = {change: set() for change in change_ids}
    if not change_ids:
        return records
    first, *rest = list(_history_queries(change_ids))
    for change, kind, pk in first.union(*rest)[:MOST_ROWS_READ]:
        records[change].add((kind, pk))
    return {change: _drop_keys_repeated_without_kind(keys) for change, keys in records.items()}


def _history_queries(changes: list[uuid.UUID]) -> Iterator[QuerySet]:
    """Yield a query of (change, kind, key of the record) for each history table."""
    seen = set()
    for kind in SEARCHED_MODELS:
        model = model_for_kind(kind)
        yield _history_query_of_table(model, model._meta.pk.attname, kind, changes)
        for child, parent_field in child_models(model):
            if (child, parent_field) not in seen:
                seen.add((child, parent_field))
                child_kind = "" if child._meta.get_field(parent_field).related_model is Entity else kind
                yield _history_query_of_table(child, f"{parent_field}_id", child_kind, changes).exclude(**{parent_field: None})


def _history_query_of_table(model, key: str, kind: str, changes: list[uuid.UUID]) -> QuerySet:
    rows = model.history.model.objects.order_by().filter(change__in=changes)
    return rows.values_list("change_id", Value(kind, output_field=CharField()), F(key))


def _drop_keys_repeated_without_kind(keys: set[RecordKey]) -> set[RecordKey]:
    """Drop the key without a kind where the same record is there with its kind."""
    known = {pk for kind, pk in keys if kind in Kind.values}
    return {(kind, pk) for kind, pk in keys if kind or pk not in known}


class NamedRecord(NamedTuple):
    """Record with its display name."""

    kind: str
    pk: int
    name: str


def names_of_records(keys: Iterable[RecordKey]) -> dict[RecordKey, NamedRecord]:
    """Return the names of the records `keys`; deleted ones are left out."""
    key_set = set(keys)
    rows: list[NamedRecord] = []
    entities = Entity.objects.order_by().filter(pk__in=[pk for kind, pk in key_set if kind == "" or kind in Kind.values])
    rows += [NamedRecord(kind, pk, name) for kind, pk, name in entities.values_list("kind", "pk", "name")]
    relations = Relation.objects.order_by().filter(pk__in=[pk for kind, pk in key_set if kind == "relation"])
    rows += [NamedRecord("relation", row.pk, str(row)) for row in relations.select_related("type", "subject", "object")]
    documents = SourceDocument.objects.order_by().filter(pk__in=[pk for kind, pk in key_set if kind == "document"])
    rows += [NamedRecord("document", pk, title) for pk, title in documents.values_list("pk", "title")]
    quotes = SourceQuote.objects.order_by().filter(pk__in=[pk for kind, pk in key_set if kind == "quote"])
    for pk, exact in quotes.values_list("pk", "exact"):
        rows.append(NamedRecord("quote", pk, f"“{exact if len(exact) <= LONGEST_NAME else exact[: LONGEST_NAME - 1] + '…'}”"))
    # Without its kind, a key is that of an entity, whatever relation or quote has the same number.
    return {
        (kind, row.pk): row
        for row in rows
        for kind in ((row.kind, "") if row.kind in Kind.values else (row.kind,))
        if (kind, row.pk) in key_set
    }
