"""The work on a document: all that was captured from it and waits to be sent for review, as one piece."""

from django.db.models import Q

from entities.models import Curated, Entity, Relation
from entities.vocabulary import Status
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review.queues import waiting_submissions_by_record
from sources.models import SourceDocument

MOST_RECORDS = 500
"""Records of one piece of work, at most."""


def unsent_work_on(document: SourceDocument) -> list[Curated]:
    """Return what the public does not see yet of a document: the records cited from it, its quotes and itself.

    Left out is what is in review already, and what was withdrawn or merged. It takes a constant number of queries.
    """
    cited = Q(citations__quote__document=document)
    entities = Entity.objects.filter(cited, merged_into=None).exclude(status=Status.WITHDRAWN).distinct().order_by("pk")
    relations = Relation.objects.filter(cited).exclude(status=Status.WITHDRAWN).distinct().order_by("pk")
    keys_by_kind: dict[str, list[int]] = {}
    for kind, key in entities.values_list("kind", "pk")[:MOST_RECORDS]:
        keys_by_kind.setdefault(kind, []).append(key)
    records: list[Curated] = []
    for kind, keys in keys_by_kind.items():
        records += model_for_kind(kind).objects.filter(pk__in=keys).order_by("pk")
    records += relations.select_related("type", "subject", "object")[:MOST_RECORDS]
    records += document.quotes.exclude(status=Status.WITHDRAWN).order_by("start", "pk")[:MOST_RECORDS]
    if document.status != Status.WITHDRAWN:
        records.append(document)
    versions, waiting = live_edition_versions(records), waiting_submissions_by_record(records)
    return [
        record
        for record in records
        if versions.get((public_kind(record), record.slug)) != record.version and (public_kind(record), record.pk) not in waiting
    ][:MOST_RECORDS]
