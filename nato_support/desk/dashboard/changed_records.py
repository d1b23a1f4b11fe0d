"""Which records changes touched, of many changes in one query; what records are called, of many in one query for each sort."""

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
"""Kind and primary key of a record; the kind is empty where it is some entity, of which the kind was not asked."""

MOST_ROWS_READ = 4_000
"""So many rows are read: of a change of more records than that, not all are known."""
LONGEST_NAME = 120


def records_changed_by(changes: Iterable[uuid.UUID]) -> dict[uuid.UUID, set[RecordKey]]:
    """The records whose rows, or whose parts' rows, each of `changes` wrote."""
    wanted = list(changes)
    found: dict[uuid.UUID, set[RecordKey]] = {change: set() for change in wanted}
    if not wanted:
        return found
    first, *others = list(_history_queries(wanted))
    for change, kind, pk in first.union(*others)[:MOST_ROWS_READ]:
        found[change].add((kind, pk))
    return {change: _drop_unknown_kinds(keys) for change, keys in found.items()}


def _history_queries(changes: list[uuid.UUID]) -> Iterator[QuerySet]:
    """(change, kind, key of the record) of each table of history."""
    seen = set()
    for kind in SEARCHED_MODELS:
        model = model_for_kind(kind)
        yield _history_query_of_table(model, model._meta.pk.attname, kind, changes)
        for part, name in child_models(model):
            if (part, name) not in seen:
                seen.add((part, name))
                of = "" if part._meta.get_field(name).related_model is Entity else kind
                yield _history_query_of_table(part, f"{name}_id", of, changes).exclude(**{name: None})


def _history_query_of_table(model, key: str, kind: str, changes: list[uuid.UUID]) -> QuerySet:
    rows = model.history.model.objects.order_by().filter(change__in=changes)
    return rows.values_list("change_id", Value(kind, output_field=CharField()), F(key))


def _drop_unknown_kinds(keys: set[RecordKey]) -> set[RecordKey]:
    """Each record once: what is told of some entity is told of the one whose kind is known."""
    known = {pk for kind, pk in keys if kind in Kind.values}
    return {(kind, pk) for kind, pk in keys if kind or pk not in known}


class NamedRecord(NamedTuple):
    """A record as a line names it."""

    kind: str
    pk: int
    name: str


def names_of_records(keys: Iterable[RecordKey]) -> dict[RecordKey, NamedRecord]:
    """What each of `keys` is called; those that are gone are left out."""
    wanted = set(keys)
    rows: list[NamedRecord] = []
    entities = Entity.objects.order_by().filter(pk__in=[pk for kind, pk in wanted if kind == "" or kind in Kind.values])
    rows += [NamedRecord(kind, pk, name) for kind, pk, name in entities.values_list("kind", "pk", "name")]
    relations = Relation.objects.order_by().filter(pk__in=[pk for kind, pk in wanted if kind == "relation"])
    for pk, *words in relations.values_list("pk", "subject__name", "type__label", "object__name"):
        rows.append(NamedRecord("relation", pk, " ".join(words)))
    documents = SourceDocument.objects.order_by().filter(pk__in=[pk for kind, pk in wanted if kind == "document"])
    rows += [NamedRecord("document", pk, title) for pk, title in documents.values_list("pk", "title")]
    quotes = SourceQuote.objects.order_by().filter(pk__in=[pk for kind, pk in wanted if kind == "quote"])
    for pk, exact in quotes.values_list("pk", "exact"):
        rows.append(NamedRecord("quote", pk, f"“{exact if len(exact) <= LONGEST_NAME else exact[: LONGEST_NAME - 1] + '…'}”"))
    return {(kind, row.pk): row for row in rows for kind in (row.kind, "") if (kind, row.pk) in wanted}
