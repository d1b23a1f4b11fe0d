"""The queue: what was sent for review, what each submission changes in one line, and who has it."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.template.response import TemplateResponse
from django.utils import timezone

from entities.models import Entity
from entities.vocabulary import Kind, ReviewState, Stance, Status
from nato_support.desk.records.difference_display import summarise_difference
from nato_support.desk.review.record_cards import review_context
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import permissions, queues
from nato_support.publishing.review.pending_changes import PendingChanges, find_pending_changes

SUBMISSIONS_PER_PAGE = 25
RECORDS_PER_ROW = 3
"""So many records of a submission are told in its line."""
RECENT_DAYS = 30
"""Days."""


def submission_tabs(user: User) -> dict[str, tuple[str, QuerySet[Submission]]]:
    """The lists of the queue that concern `user`: what it is called, and what stands in it."""
    waiting = Submission.objects.filter(state=ReviewState.WAITING).order_by("submitted_at", "pk")
    mine = {
        "sent": ("Sent by me", waiting.filter(submitted_by=user)),
        "back": ("Sent back to me", queues.submissions_sent_back_to(user)),
    }
    lately = queues.recently_published().filter(decided_at__gte=timezone.now() - timedelta(days=RECENT_DAYS))
    if not permissions.may_review_submissions(user):
        return {**mine, "published": ("Published lately", lately)}
    others = waiting.exclude(taken_by=None).exclude(taken_by=user).filter(taken_at__gte=queues.assignment_expiry())
    return {
        "waiting": ("Waiting", queues.submissions_waiting_for(user)),
        "taken": ("Taken by me", queues.submissions_assigned_to(user)),
        "others": ("Taken by others", others),
        **mine,
        "debts": ("Let through unreviewed", queues.all_pending_checks()),
        "published": ("Published lately", lately),
    }


@dataclass
class SubmissionRow:
    """One submission of the queue."""

    submission: Submission
    records: list[PendingChanges]
    more: int
    """So many records that are not told."""

    @property
    def told(self) -> list[dict]:
        waiting = self.submission.state == ReviewState.WAITING
        return [
            {
                "kind": public_kind(one.record),
                "name": str(one.record),
                "badge": _record_badge(one) if waiting else "",
                "summary": summarise_difference(one.difference) if waiting and not one.is_new else "",
            }
            for one in self.records
        ]

    @property
    def places(self) -> int:
        return sum(len(one.difference.fields) + len(one.difference.rows) for one in self.records)

    @property
    def without_evidence(self) -> int:
        """So many of the records that are told have nothing that supports them."""
        return sum(_lacks_evidence(one) for one in self.records) if self.submission.state == ReviewState.WAITING else 0

    @property
    def is_held(self) -> bool:
        """Whether somebody has it, and not so long ago that it is everybody's again."""
        taken = self.submission.taken_at
        return self.submission.state == ReviewState.WAITING and taken is not None and taken >= queues.assignment_expiry()


def _record_badge(one: PendingChanges) -> str:
    if one.record.status == Status.WITHDRAWN:
        return "withdrawn before"
    return "new" if one.is_new else ""


def _lacks_evidence(one: PendingChanges) -> bool:
    rows = one.difference.after.rows.values()
    cited = public_kind(one.record) in {*Kind.values, "relation"}
    return cited and not any(row.values.get("stance") == Stance.SUPPORTS for row in rows)


def submission_queue_view(request):
    if not permissions.may_view_submissions(request.user):
        raise PermissionDenied
    tabs = submission_tabs(request.user)
    counts = Submission.objects.aggregate(
        **{key: Count("pk", filter=Exists(rows.filter(pk=OuterRef("pk")))) for key, (_, rows) in tabs.items()}
    )
    chosen = request.GET.get("show") if request.GET.get("show") in tabs else next(iter(tabs))
    number = counts[chosen]
    paginator = Paginator(range(number), SUBMISSIONS_PER_PAGE)
    page = paginator.get_page(request.GET.get("p"))
    context = review_context(request, "Review") | {
        "tabs": [
            {"label": label, "count": counts[key], "key": key, "current": key == chosen} for key, (label, _) in tabs.items()
        ],
        "chosen": chosen,
        "lines": _submission_rows(tabs[chosen][1], page),
        "page": page,
        "may_review": permissions.may_review_submissions(request.user),
    }
    return TemplateResponse(request, "desk/review/queue.html", context)


def _submission_rows(rows: QuerySet[Submission], page: Page) -> list[SubmissionRow]:
    people = rows.select_related("submitted_by", "taken_by", "decided_by", "checked_by").prefetch_related("records")
    here = list(people[page.start_index() - 1 : page.end_index()]) if page.paginator.count else []
    told = {one.pk: [(entered.kind, entered.record) for entered in one.records.all()[:RECORDS_PER_ROW]] for one in here}
    records = _records_by_key({key for keys in told.values() for key in keys})
    found = {(public_kind(one.record), one.record.pk): one for one in find_pending_changes(records.values())}
    return [
        SubmissionRow(one, [found[key] for key in told[one.pk] if key in found], max(len(one.records.all()) - RECORDS_PER_ROW, 0))
        for one in here
    ]


def _records_by_key(keys: set[tuple[str, int]]) -> dict:
    """What is called by `keys`; entities of all kinds in one query, which their lines need no more than."""
    found: dict = {}
    entities = Entity.objects.in_bulk([pk for kind, pk in keys if kind in Kind.values])
    found |= {(entity.kind, pk): entity for pk, entity in entities.items()}
    for kind in {kind for kind, _ in keys} - set(Kind.values):
        rows = model_for_kind(kind).objects.all()
        if kind == "relation":
            rows = rows.select_related("type", "subject", "object")
        if kind == "document":
            rows = rows.defer("text", "fingerprint")
        wanted = [pk for sort, pk in keys if sort == kind]
        found |= {(kind, pk): record for pk, record in rows.in_bulk(wanted).items()}
    return found
