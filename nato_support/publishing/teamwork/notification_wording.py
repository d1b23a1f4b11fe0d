"""Sentences about notifications, with links: labels of records, never the text of a comment, a quote or an article."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.urls import reverse

from entities.models import Entity, Relation
from entities.vocabulary import Kind
from nato_support.publishing.models.notifications import Notification, NotificationReason
from nato_support.publishing.models.submissions import SubmittedRecord
from nato_support.publishing.review.submission_checks import name_of_user
from sources.models import SourceDocument, SourceQuote

RecordKey = tuple[str, int]
DELETED = "a deleted record"
LONGEST_LABEL = 120
RECORDS_NAMED = 2
"""Records of a submission that its label names."""


class WordedNotification(NamedTuple):
    """A notification as its recipient reads it; `path` marks it as read and leads to what it is about."""

    notification: Notification
    sentence: str
    path: str


def word_notifications(notifications: Sequence[Notification]) -> list[WordedNotification]:
    """Return `notifications` in words, in their order, with a constant number of queries. `actor` should be selected."""
    submissions = {row.submission_id for row in notifications if row.submission_id and not row.kind}
    keys_by_submission: dict[int, list[RecordKey]] = {pk: [] for pk in submissions}
    if submissions:
        rows = SubmittedRecord.objects.filter(submission__in=submissions).order_by("pk")
        for submission, kind, record in rows.values_list("submission", "kind", "record"):
            keys_by_submission[submission].append((kind, record))
    named = {(row.kind, row.record) for row in notifications if row.record is not None}
    named |= {key for keys in keys_by_submission.values() for key in keys[:RECORDS_NAMED]}
    labels = record_labels(named)
    return [
        WordedNotification(
            row,
            _sentence(row, _submission_label(keys_by_submission.get(row.submission_id or 0, []), labels))
            if not row.kind
            else _sentence(row, labels.get((row.kind, row.record or 0), DELETED)),
            reverse("admin:desk_notification", args=[row.pk]),
        )
        for row in notifications
    ]


def record_labels(keys: Iterable[RecordKey]) -> dict[RecordKey, str]:
    """Return the labels of the records `keys`, without deleted ones. A quote is named by its document, not by its words."""
    key_set = set(keys)

    def keys_of(*kinds: str) -> list[int]:
        return [pk for kind, pk in key_set if kind in kinds]

    labels: dict[RecordKey, str] = {}
    if entities := keys_of(*Kind.values):
        rows = Entity.objects.order_by().filter(pk__in=entities).values_list("kind", "pk", "name")
        labels |= {(kind, pk): name for kind, pk, name in rows}
    if relations := keys_of("relation"):
        related = Relation.objects.order_by().filter(pk__in=relations).select_related("type", "subject", "object")
        labels |= {("relation", row.pk): str(row) for row in related}
    if documents := keys_of("document"):
        titles = SourceDocument.objects.order_by().filter(pk__in=documents).values_list("pk", "title")
        labels |= {("document", pk): title for pk, title in titles}
    if quotes := keys_of("quote"):
        documents_of_quotes = SourceQuote.objects.order_by().filter(pk__in=quotes).values_list("pk", "document__title")
        labels |= {("quote", pk): f"a quote from {title}" for pk, title in documents_of_quotes}
    return {key: _one_line(label) for key, label in labels.items()}


def _submission_label(keys: Sequence[RecordKey], labels: dict[RecordKey, str]) -> str:
    named = [labels[key] for key in keys[:RECORDS_NAMED] if key in labels]
    if not named:
        return "deleted records"
    return ", ".join(named) + (f" and {len(keys) - len(named)} more" if len(keys) > len(named) else "")


def _sentence(row: Notification, label: str) -> str:
    actor = name_of_user(row.actor)
    match row.reason:
        case NotificationReason.NAMED:
            return f"{actor} named you in a comment on {label}"
        case NotificationReason.REPLY:
            return f"{actor} replied to a comment on {label}"
        case NotificationReason.SENT_BACK:
            return f"{actor} sent back {label}"
        case NotificationReason.REVIEW:
            return f"{actor} sent {label} for review"
        case NotificationReason.REPORT:
            return f"A reader reported something about {label}"
        case _:
            by_day = f", by {row.due_on:%-d %B %Y}" if row.due_on else ""
            return f"{actor} assigned {label} to you{by_day}"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_LABEL else f"{line[: LONGEST_LABEL - 1]}…"
