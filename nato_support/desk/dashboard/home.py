"""Home page of the admin: work that waits for the user, recent changes, and the size of the register."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from entities.formatting import cited_field_label
from entities.likeness.duplicate_queue import open_candidates
from entities.models import Change, Curated, Entity
from entities.vocabulary import Kind, Status, Verification
from nato_support.desk.dashboard.changed_records_and_names import NamedRecord, RecordKey, names_of_records, records_changed_by
from nato_support.desk.dashboard.global_search import change_page_of_kind, visible_kinds
from nato_support.desk.dashboard.kind_status_table import kind_status_table
from nato_support.desk.dashboard.palette_and_search_views import kind_label
from nato_support.desk.dashboard.queue_counts import QUEUE_COUNTERS, remember_queue_counts
from nato_support.desk.dashboard.saved_filters import list_title, own_saved_filters
from nato_support.desk.doubts.dismissals import may_view_doubts, open_doubts
from nato_support.desk.doubts.doubt_queue import visible_doubts
from nato_support.desk.evidence.evidence_urls import contested_field_url, failing_quotes_url, target_page_url
from nato_support.desk.reports.reported_records import show_reports
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import queues
from nato_support.publishing.teamwork.assigning import AssignedWork, assigned_to
from nato_support.publishing.teamwork.notification_access import notifications_for
from nato_support.publishing.teamwork.notification_wording import word_notifications
from nato_support.reports.answering import may_view_reports, open_reports_visible_to
from sources.evidence.contested_fields import ContestedField, find_contested_and_settled_fields
from sources.evidence.statements import ContestState
from sources.models import SourceQuote

LINES_SHOWN = 5
"""Lines of a block."""
WAITING_SHOWN = 8
RECENT_CHANGES_SHOWN = 10
"""Changes shown, the user's own included."""
OWN_CHANGES_SEARCHED = 60
"""The user's own changes that are searched for unsent drafts."""
LATE_AFTER = timedelta(days=3)
"""Age from which a waiting submission is marked as late."""
NAMES_SHOWN = 3
"""Records of a change or submission that are named."""


@dataclass(slots=True)
class HomeLine:
    """Something that waits or happened: its title, the page where it is handled, and details."""

    title: str
    page: str
    detail: str = ""
    comment: str = ""
    since: datetime | None = None
    late: bool = False
    late_mark: str = ""
    marks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HomeBlock:
    """First lines of one queue, with their total and the URL of the whole queue."""

    name: str
    title: str
    empty_text: str
    page: str = ""
    count: int = 0
    lines: list[HomeLine] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def home_page(request, context: dict) -> dict:
    """Add the content of the home page to its context: `blocks`, `recent_changes`, `overview` and the saved filters."""
    user = request.user
    visible = set(visible_kinds(user))
    submissions = _submission_queues(user)
    changes, own_changes = _changes_of_all_and_of_user(user)
    keys_by_change = records_changed_by({change.pk for change in (*changes, *own_changes)})
    contested = _open_contested_fields(user)
    keys_by_submission = _submitted_record_keys([item for rows, _ in submissions.values() for item in rows])
    drafts = _unsent_drafts([key for change in own_changes for key in sorted(keys_by_change[change.pk])], visible)
    work = assigned_to(user)
    keys_by_submission |= _submitted_record_keys([item.submission for item in work if item.submission])
    names = names_of_records(
        [(item.kind, item.record) for item in work if item.kind]
        + [key for keys in keys_by_submission.values() for key in keys[:NAMES_SHOWN]]
        + [key for change in changes for key in keys_by_change[change.pk]]
        + [_contested_record_key(item) for item in contested[:LINES_SHOWN]]
    )
    blocks = [
        _assigned_block(user, work, keys_by_submission, names),
        _notifications_block(user),
        _sent_back_block(submissions, keys_by_submission, names),
        _waiting_block(user, submissions, keys_by_submission, names),
        _pending_checks_block(user, submissions, keys_by_submission, names),
        _my_drafts_block(user, drafts),
        _contested_block(user, contested, names),
        _failing_quotes_block(user),
        _reports_block(user),
        _doubts_block(user),
        _likely_duplicates_block(user),
    ]
    present = [block for block in blocks if block]
    remember_queue_counts(request, {block.name: block.count for block in present if block.name in QUEUE_COUNTERS})
    return context | {
        "title": "Overview",
        "blocks": [block for block in present if block.lines],
        "quiet_blocks": [block for block in present if not block.lines],
        "recent_changes": [
            line for change in changes if (line := _recent_change_line(change, keys_by_change[change.pk], names, visible))
        ][:RECENT_CHANGES_SHOWN],
        "filters": [(item, list_title(item)) for item in own_saved_filters(request)],
        "overview": kind_status_table(request),
        "statuses": Status.choices,
        "may_see_charts": {"commitment"} <= visible,
    }


# Submissions

SubmissionQueues = dict[str, tuple[list[Submission], int]]


def _submission_queues(user) -> SubmissionQueues:
    """Return the first submissions, with their total, of each queue that concerns `user`."""
    by_queue: SubmissionQueues = {}
    if user.has_perm("publishing.submit") or user.has_perm("publishing.review"):
        by_queue["back"] = _first_rows_and_total(queues.submissions_sent_back_to(user), LINES_SHOWN)
    if user.has_perm("publishing.review"):
        by_queue["waiting"] = _first_rows_and_total(queues.submissions_waiting_for(user), WAITING_SHOWN)
        by_queue["debts"] = _first_rows_and_total(queues.all_pending_checks(), LINES_SHOWN)
    return by_queue


def _first_rows_and_total(rows: QuerySet, limit: int) -> tuple[list[Any], int]:
    """Return the first `limit` of `rows` and the number of all, in one statement."""
    with_total = rows.select_related("submitted_by", "taken_by", "decided_by").annotate(of_all=Window(Count("pk")))
    first_rows = list(with_total[:limit])
    return first_rows, first_rows[0].of_all if first_rows else 0


def _submitted_record_keys(submissions: Iterable[Submission]) -> dict[int, list[RecordKey]]:
    """Return the records of each submission, in their order."""
    keys_by_submission: dict[int, list[RecordKey]] = {one.pk: [] for one in submissions}
    rows = SubmittedRecord.objects.filter(submission__in=keys_by_submission).order_by("submission", "pk")
    for submission, kind, record in rows.values_list("submission", "kind", "record") if keys_by_submission else ():
        keys_by_submission[submission].append((kind, record))
    return keys_by_submission


def _sent_back_block(
    queues_of_user: SubmissionQueues, keys_by_submission: dict[int, list[RecordKey]], names: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "back" not in queues_of_user:
        return None
    block = HomeBlock("back", "Sent back to me", "No submissions were sent back to you.", f"{_review_queue_url()}?show=back")
    submissions, block.count = queues_of_user["back"]
    for submission in submissions:
        line = _submission_line(submission, keys_by_submission, names)
        line.detail, line.since, line.comment = (
            f"by {_person_or_somebody(submission.decided_by)}",
            submission.decided_at,
            submission.answer,
        )
        block.lines.append(line)
    return block


def _waiting_block(
    user, queues_of_user: SubmissionQueues, keys_by_submission: dict[int, list[RecordKey]], names: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "waiting" not in queues_of_user:
        return None
    block = HomeBlock("waiting", "Waiting for review", "No submissions wait for your review.", _review_queue_url())
    submissions, block.count = queues_of_user["waiting"]
    for submission in submissions:
        line = _submission_line(submission, keys_by_submission, names)
        line.detail, line.since, line.comment = (
            f"from {_person_or_somebody(submission.submitted_by)}",
            submission.submitted_at,
            submission.note,
        )
        line.late = timezone.now() - submission.submitted_at > LATE_AFTER
        if submission.taken_by_id == user.pk:
            line.marks.append("assigned to you")
        block.lines.append(line)
    return block


def _pending_checks_block(
    user, queues_of_user: SubmissionQueues, keys_by_submission: dict[int, list[RecordKey]], names: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "debts" not in queues_of_user:
        return None
    empty_text = "No unreviewed publications to check."
    block = HomeBlock("debts", "Unreviewed publications to check", empty_text, f"{_review_queue_url()}?show=unreviewed")
    submissions, block.count = queues_of_user["debts"]
    for submission in submissions:
        line = _submission_line(submission, keys_by_submission, names)
        line.detail, line.since, line.comment = (
            f"by {_person_or_somebody(submission.decided_by)}",
            submission.decided_at,
            submission.answer or submission.note,
        )
        if user.pk in (submission.decided_by_id, submission.submitted_by_id):
            line.marks.append("yours: somebody else must check it")
        block.lines.append(line)
    return block


def _submission_line(
    submission: Submission, keys_by_submission: dict[int, list[RecordKey]], names: dict[RecordKey, NamedRecord]
) -> HomeLine:
    keys = keys_by_submission[submission.pk]
    line = HomeLine(
        _first_record_names(keys, names) or "Deleted records", reverse("admin:publishing_submission_change", args=[submission.pk])
    )
    line.marks.append(f"{len(keys)} record{'' if len(keys) == 1 else 's'}")
    return line


def _first_record_names(keys: list[RecordKey], names: dict[RecordKey, NamedRecord]) -> str:
    """Return the names of the first of `keys`, and how many more there are."""
    first_names = [names[key].name for key in keys[:NAMES_SHOWN] if key in names]
    return ", ".join(first_names) + (
        f" and {len(keys) - len(first_names)} more" if first_names and len(keys) > len(first_names) else ""
    )


def _review_queue_url() -> str:
    return reverse("admin:publishing_submission_changelist")


def _person_or_somebody(user) -> str:
    return str(user) if user else "somebody"


# Assignments and notifications


def _assigned_block(
    user, work: list[AssignedWork], keys_by_submission: dict[int, list[RecordKey]], names: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    """Return what is assigned to the user, the earliest day first; deleted records are left out."""
    if not (work or user.has_perm("publishing.submit") or user.has_perm("publishing.review")):
        return None
    block = HomeBlock("assigned", "Waits for me", "Nothing is assigned to you.")
    standing = [item for item in work if item.submission or (item.kind, item.record) in names]
    block.count = len(standing)
    for item in standing[: 2 * LINES_SHOWN]:
        if item.submission:
            line = _submission_line(item.submission, keys_by_submission, names)
            line.detail = "review"
        else:
            row = names[item.kind, item.record]
            line = HomeLine(row.name, change_page_of_kind(row.kind, row.pk), kind_label(row.kind))
        if item.due_on:
            line.marks.append(f"by {item.due_on:%-d %b %Y}")
        if item.is_overdue:
            line.late_mark = "overdue"
        block.lines.append(line)
    return block


def _notifications_block(user) -> HomeBlock:
    block = HomeBlock("notifications", "Notifications", "No unread notifications.", reverse("admin:desk_notifications"))
    unread = notifications_for(user).filter(read_at=None).select_related("actor")
    rows = list(unread.annotate(of_all=Window(Count("pk")))[:LINES_SHOWN])
    block.count = rows[0].of_all if rows else 0
    block.lines = [HomeLine(item.sentence, item.path, since=item.notification.created_at) for item in word_notifications(rows)]
    return block


# Unsent drafts


def _changes_of_all_and_of_user(user) -> tuple[list[Change], list[Change]]:
    """Return the newest changes of all users, and the newest of `user`."""
    newest = Change.objects.select_related("by").order_by("-changed_at")
    # Twice as many, since some touch nothing that may be shown here.
    return list(newest[: 2 * RECENT_CHANGES_SHOWN]), list(newest.filter(by=user)[:OWN_CHANGES_SEARCHED])


def _unsent_drafts(keys: list[RecordKey], visible: set[str]) -> list[tuple[Curated, str]]:
    """Return the records that have unpublished content which nobody was asked to review, each with its state in words."""
    keys_by_table: dict[str, list[int]] = {}
    for kind, pk in keys:
        keys_by_table.setdefault(kind if kind in ("relation", "document", "quote") else "entity", []).append(pk)
    records: list[Any] = []
    for kind, pks in keys_by_table.items():
        rows = Entity.objects.filter(merged_into=None) if kind == "entity" else model_for_kind(kind).objects
        related = {"relation": ("subject", "object", "type")}.get(kind, ())
        large_columns = {"document": ("text", "fingerprint")}.get(kind, ())
        records += rows.filter(pk__in=pks).select_related(*related).defer(*large_columns)
    records = [
        record for record in records if public_kind(record) in visible and record.status in (Status.DRAFT, Status.PUBLISHED)
    ]
    public = live_edition_versions([record for record in records if record.status == Status.PUBLISHED])
    in_review = set(
        SubmittedRecord.objects.filter(open=True, record__in=[record.pk for record in records]).values_list("kind", "record")
    )
    drafts = []
    for record in sorted(records, key=lambda record: record.updated_at, reverse=True):
        has_unpublished = record.status == Status.DRAFT or public.get((public_kind(record), record.slug)) not in (
            None,
            record.version,
        )
        if has_unpublished and (public_kind(record), record.pk) not in in_review:
            drafts.append((record, "draft" if record.status == Status.DRAFT else "unpublished changes"))
    return drafts


def _my_drafts_block(user, drafts: list[tuple[Curated, str]]) -> HomeBlock | None:
    if not (user.has_perm("publishing.submit") or user.has_perm("entities.change_entity")):
        return None
    block = HomeBlock("drafts", "My unsent drafts", "You have no unsent drafts.", count=len(drafts))
    for record, state in drafts[: 2 * LINES_SHOWN]:
        line = HomeLine(
            str(record),
            change_page_of_kind(public_kind(record), record.pk),
            kind_label(public_kind(record)),
            since=record.updated_at,
        )
        line.marks.append(state)
        block.lines.append(line)
    return block


# Evidence and duplicates


def _open_contested_fields(user) -> list[ContestedField]:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return []
    return [contested for contested in find_contested_and_settled_fields() if contested.state == ContestState.OPEN]


def _contested_record_key(contested: ContestedField) -> RecordKey:
    return ("", contested.key.entity) if contested.key.entity is not None else ("relation", contested.key.relation or 0)


def _contested_block(user, fields: list[ContestedField], names: dict[RecordKey, NamedRecord]) -> HomeBlock | None:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return None
    empty_text = "No facts are contested."
    block = HomeBlock("contested", "Contested facts", empty_text, reverse("admin:sources_contested"), len(fields))
    for contested in fields[:LINES_SHOWN]:
        target = names.get(_contested_record_key(contested))
        if target:
            citations = f"{contested.citations} citation{'' if contested.citations == 1 else 's'}"
            block.lines.append(
                HomeLine(
                    f"{cited_field_label(contested.key.field)} of {target.name}", contested_field_url(contested.key), citations
                )
            )
    return block


def _failing_quotes_block(user) -> HomeBlock | None:
    if not user.has_perm("sources.view_sourcequote"):
        return None
    block = HomeBlock("failing", "Failing quotes", "All quotes are verified.", reverse("admin:sources_failing"))
    rows = (
        SourceQuote.objects.filter(verification=Verification.FAILED)
        .select_related("document")
        .defer("document__text", "document__fingerprint")
    )
    quotes = list(rows.annotate(of_all=Window(Count("pk"))).order_by("-updated_at", "-pk")[:LINES_SHOWN])
    block.count = quotes[0].of_all if quotes else 0
    block.lines = [HomeLine(f"“{quote}”", failing_quotes_url(quote.document), quote.document.title) for quote in quotes]
    return block


def _reports_block(user) -> HomeBlock | None:
    if not may_view_reports(user):
        return None
    page = reverse("admin:reports_readerreport_changelist")
    block = HomeBlock("reports", "Reports from readers", "No open reports from readers.", page)
    reports = list(open_reports_visible_to(user).annotate(of_all=Window(Count("pk")))[:LINES_SHOWN])
    block.count = reports[0].of_all if reports else 0
    for row in show_reports(reports):
        title = f"{row.name}: {row.fact_label}" if row.fact_label else row.name
        line = HomeLine(title, row.page, row.report.get_problem_display(), since=row.report.sent_at)
        line.marks.append(str(row.report.get_state_display()))
        block.lines.append(line)
    return block


def _doubts_block(user) -> HomeBlock | None:
    if not may_view_doubts(user):
        return None
    doubts = open_doubts(visible_doubts(user).doubts)
    block = HomeBlock("doubts", "To check", "No values to check.", reverse("admin:desk_doubts"), len(doubts))
    block.lines = [
        HomeLine(str(doubt.record), target_page_url(doubt.record), doubt.kind.label, doubt.sentence)
        for doubt in doubts[:LINES_SHOWN]
    ]
    return block


def _likely_duplicates_block(user) -> HomeBlock | None:
    if not user.has_perm("entities.view_duplicatecandidate"):
        return None
    page = reverse("admin:entities_duplicatecandidate_changelist")
    block = HomeBlock("duplicates", "Likely duplicates", "No likely duplicates.", page)
    candidates = list(open_candidates().annotate(of_all=Window(Count("pk")))[:LINES_SHOWN])
    block.count = candidates[0].of_all if candidates else 0
    for candidate in candidates:
        kinds = candidate.first.get_kind_display()
        page = reverse("admin:entities_duplicatecandidate_change", args=[candidate.pk])
        block.lines.append(
            HomeLine(f"{candidate.first} and {candidate.second}", page, f"{kinds}, {candidate.score * 100:.0f} % likely the same")
        )
    return block


# Recent changes


def _recent_change_line(
    change: Change, keys: set[RecordKey], names: dict[RecordKey, NamedRecord], visible: set[str]
) -> HomeLine | None:
    """Return the line of a change, limited to what the user may see; None if that is nothing."""
    shown = {(row.kind, row.pk): row for key in keys if (row := names.get(key)) and row.kind in visible}
    if not shown:
        return None
    first, *rest = sorted(shown.values(), key=lambda row: (row.kind == "quote", row.kind in Kind.values, row.name))
    title = first.name + (f" and {len(rest)} more" if rest else "")
    # The history of the record has the details.
    line = HomeLine(
        title,
        record_history_url(first),
        change.get_action_display() + (f" by {change.by}" if change.by else ""),
        change.reason,
        change.changed_at,
    )
    line.marks.append(kind_label(first.kind))
    return line


def record_history_url(row: NamedRecord) -> str:
    """Return the URL of a record's history."""
    return change_page_of_kind(row.kind, row.pk).removesuffix("change/") + "history/"
