"""Review queue: submissions in lists by state, each with a summary of its first records and its reviewer."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.response import TemplateResponse
from django.utils import timezone

from entities.models import Entity
from entities.vocabulary import Kind, Polarity, ReviewState, Status
from nato_support.desk.records.citations_beside_values import documents_of_cited_quotes
from nato_support.desk.records.difference_display import summarise_difference
from nato_support.desk.review.record_cards import review_context
from nato_support.desk.teamwork.assignment_display import due_day_html
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import permissions, queues
from nato_support.publishing.review.pending_changes import PendingChanges, find_pending_changes

SUBMISSIONS_PER_PAGE = 25
RECORDS_PER_ROW = 3
"""Records of a submission that its row summarises."""
RECENT_DAYS = 30


def submission_tabs(user: User) -> dict[str, tuple[str, QuerySet[Submission]]]:
    """Return the lists that concern `user`, as key -> label and submissions."""
    waiting = Submission.objects.filter(state=ReviewState.WAITING).order_by("submitted_at", "pk")
    own_tabs = {
        "sent": ("Sent by me", waiting.filter(submitted_by=user)),
        "back": ("Sent back to me", queues.submissions_sent_back_to(user)),
    }
    recent = queues.recently_published().filter(decided_at__gte=timezone.now() - timedelta(days=RECENT_DAYS))
    if not permissions.may_review_submissions(user):
        return {**own_tabs, "published": ("Recently published", recent)}
    others = waiting.exclude(taken_by=None).exclude(taken_by=user).filter(queues.is_assigned_now())
    return {
        "waiting": ("Waiting", queues.submissions_waiting_for(user)),
        "assigned": ("Assigned to me", queues.submissions_assigned_to(user)),
        "others": ("Assigned to others", others),
        **own_tabs,
        "unreviewed": ("Published without review", queues.all_pending_checks()),
        "published": ("Recently published", recent),
    }


@dataclass
class SubmissionRow:
    """Row of the queue: a submission with its first records."""

    submission: Submission
    pending_records: list[PendingChanges]
    unlisted_records: int
    documents: dict[int, int]
    """Document of each quote whose citations differ, by keys."""

    @property
    def record_summaries(self) -> list[dict]:
        """Kind, name, badge and one-line difference of each listed record."""
        is_waiting = self.submission.state == ReviewState.WAITING
        return [
            {
                "kind": public_kind(pending.record),
                "name": str(pending.record),
                "badge": _record_badge(pending) if is_waiting else "",
                "summary": summarise_difference(pending.difference, self.documents) if is_waiting and not pending.is_new else "",
            }
            for pending in self.pending_records
        ]

    @property
    def change_count(self) -> int:
        return sum(len(pending.difference.fields) + len(pending.difference.rows) for pending in self.pending_records)

    @property
    def unsupported_count(self) -> int:
        """Number of listed records without any supporting citation; 0 once the submission is decided."""
        if self.submission.state != ReviewState.WAITING:
            return 0
        return sum(_lacks_evidence(pending) for pending in self.pending_records)

    @property
    def is_assigned(self) -> bool:
        """True while it waits and its assignment to a reviewer has not expired."""
        return self.submission.state == ReviewState.WAITING and queues.has_reviewer_now(self.submission)

    @property
    def due_html(self):
        """The day by which it should be reviewed, as HTML."""
        return due_day_html(self.submission.due_on) if self.is_assigned or self.is_overdue else ""

    @property
    def is_overdue(self) -> bool:
        """True while it waits and its day is past."""
        due_on = self.submission.due_on
        return self.submission.state == ReviewState.WAITING and due_on is not None and due_on < timezone.now().date()


def _record_badge(pending: PendingChanges) -> str:
    if pending.record.status == Status.WITHDRAWN:
        return "withdrawn before"
    return "new" if pending.is_new else ""


def _lacks_evidence(pending: PendingChanges) -> bool:
    rows = pending.difference.after.rows.values()
    takes_citations = public_kind(pending.record) in {*Kind.values, "relation"}
    return takes_citations and not any(row.values.get("polarity") == Polarity.AFFIRMS for row in rows)


def submission_queue_view(request):
    """Show one list of submissions, chosen by the parameter `show`."""
    if not permissions.may_view_submissions(request.user):
        raise PermissionDenied
    tabs = submission_tabs(request.user)
    counts = Submission.objects.aggregate(
        **{key: Count("pk", filter=Exists(rows.filter(pk=OuterRef("pk")))) for key, (_, rows) in tabs.items()}
    )
    chosen = request.GET.get("show") if request.GET.get("show") in tabs else next(iter(tabs))
    page = Paginator(range(counts[chosen]), SUBMISSIONS_PER_PAGE).get_page(request.GET.get("p"))
    context = review_context(request, "Review") | {
        "tabs": [
            {"label": label, "count": counts[key], "key": key, "current": key == chosen} for key, (label, _) in tabs.items()
        ],
        "chosen": chosen,
        "rows": _submission_rows(tabs[chosen][1], page),
        "page": page,
    }
    return TemplateResponse(request, "desk/review/queue.html", context)


def _submission_rows(submissions: QuerySet[Submission], page: Page) -> list[SubmissionRow]:
    submissions = submissions.select_related("submitted_by", "taken_by", "decided_by", "checked_by")
    submissions = submissions.prefetch_related("records")
    on_page = list(submissions[page.start_index() - 1 : page.end_index()]) if page.paginator.count else []
    keys_by_submission = {
        submission.pk: [(sent.kind, sent.record) for sent in submission.records.all()[:RECORDS_PER_ROW]] for submission in on_page
    }
    records = _records_by_key({key for keys in keys_by_submission.values() for key in keys})
    pending_by_key = {
        (public_kind(pending.record), pending.record.pk): pending for pending in find_pending_changes(records.values())
    }
    documents = documents_of_cited_quotes(pending.difference for pending in pending_by_key.values())
    return [
        SubmissionRow(
            submission,
            [pending_by_key[key] for key in keys_by_submission[submission.pk] if key in pending_by_key],
            max(len(submission.records.all()) - RECORDS_PER_ROW, 0),
            documents,
        )
        for submission in on_page
    ]


def _records_by_key(keys: set[tuple[str, int]]) -> dict:
    """Return records by kind and key, with one query for all entities, as rows of Entity, and one for each other kind."""
    entities = Entity.objects.in_bulk([pk for kind, pk in keys if kind in Kind.values])
    records: dict = {(entity.kind, pk): entity for pk, entity in entities.items()}
    for kind in {kind for kind, _ in keys} - set(Kind.values):
        rows = model_for_kind(kind).objects.all()
        if kind == "relation":
            rows = rows.select_related("type", "subject", "object")
        if kind == "document":
            rows = rows.defer("text", "fingerprint")
        pks = [pk for key_kind, pk in keys if key_kind == kind]
        records |= {(kind, pk): record for pk, record in rows.in_bulk(pks).items()}
    return records
