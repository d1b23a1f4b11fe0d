"""The front page of the admin: what waits for whoever opens it, what changed lately, how much there is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from entities.likeness.duplicate_queue import open_likenesses
from entities.models import Change, Curated, Entity
from entities.vocabulary import Kind, Status, Verification
from nato_support.desk.dashboard.changed_records import NamedRecord, RecordKey, names_of_records, records_changed_by
from nato_support.desk.dashboard.command_palette import kind_label
from nato_support.desk.dashboard.global_search import change_page_of_kind, visible_kinds
from nato_support.desk.dashboard.queue_counts import QUEUE_COUNTERS, remember_queue_counts
from nato_support.desk.dashboard.saved_filters import list_title, own_saved_filters
from nato_support.desk.dashboard.status_overview import status_table
from nato_support.desk.evidence.failing_quotes import failing_quotes_url
from nato_support.desk.evidence.page_urls import contested_field_url
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.rendering import model_for_kind, public_kind
from nato_support.publishing.review import queues
from sources.evidence.contested_fields import ContestedField, find_contested_fields
from sources.evidence.statements import ContestState
from sources.models import SourceQuote

LINES_SHOWN = 5
"""So many lines of a block."""
WAITING_SHOWN = 8
RECENT_CHANGES_SHOWN = 10
"""So many changes of others and oneself."""
OWN_CHANGES_SEARCHED = 60
"""So many changes of one's own are looked through for what was not sent."""
LATE_AFTER = timedelta(days=3)
"""What waits longer is marked."""
NAMES_SHOWN = 3
"""So many records of a change are named."""


@dataclass(slots=True)
class HomeLine:
    """One thing that waits, or that happened: what it is, where it is done, and what is to be known of it."""

    title: str
    page: str
    about: str = ""
    said: str = ""
    since: datetime | None = None
    late: bool = False
    marks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class HomeBlock:
    """What waits of one sort: the first lines of its list, how many there are, and where the list is."""

    name: str
    title: str
    nothing: str
    page: str = ""
    count: int = 0
    lines: list[HomeLine] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def home_page(request, context: dict) -> dict:
    """Adds what the front page shows to its context: `blocks`, `lately`, `overview` and the saved filters."""
    user = request.user
    seen = set(visible_kinds(user))
    submissions = _submission_queues(user)
    changes, mine = _recent_changes(user)
    of_change = records_changed_by({change.pk for change in (*changes, *mine)})
    contested = _open_contested_fields(user)
    sent = _submitted_record_keys([one for rows, _ in submissions.values() for one in rows])
    drafts = _unsent_drafts([key for change in mine for key in sorted(of_change[change.pk])], seen)
    named = names_of_records(
        [key for keys in sent.values() for key in keys[:NAMES_SHOWN]]
        + [key for change in changes for key in of_change[change.pk]]
        + [_contested_record_key(one) for one in contested[:LINES_SHOWN]]
    )
    blocks = [
        _sent_back_block(submissions, sent, named),
        _waiting_block(user, submissions, sent, named),
        _pending_checks_block(user, submissions, sent, named),
        _my_drafts_block(user, drafts),
        _contested_block(user, contested, named),
        _failing_quotes_block(user),
        _likely_duplicates_block(user),
    ]
    shown = [block for block in blocks if block]
    remember_queue_counts(request, {block.name: block.count for block in shown if block.name in QUEUE_COUNTERS})
    return context | {
        "title": "Overview",
        "blocks": [block for block in shown if block.lines],
        "quiet_blocks": [block for block in shown if not block.lines],
        "lately": [line for change in changes if (line := _recent_change_line(change, of_change[change.pk], named, seen))][
            :RECENT_CHANGES_SHOWN
        ],
        "filters": [(one, list_title(one)) for one in own_saved_filters(request)],
        "overview": status_table(request),
        "statuses": Status.choices,
        "may_see_charts": {"commitment"} <= seen,
    }


# What was sent, came back, or is owed

SubmissionQueues = dict[str, tuple[list[Submission], int]]


def _submission_queues(user) -> SubmissionQueues:
    """The first submissions of each sort that concerns `user`, with how many there are."""
    found: SubmissionQueues = {}
    if user.has_perm("publishing.submit") or user.has_perm("publishing.review"):
        found["back"] = _first_rows_and_total(queues.submissions_sent_back_to(user), LINES_SHOWN)
    if user.has_perm("publishing.review"):
        found["waiting"] = _first_rows_and_total(queues.submissions_waiting_for(user), WAITING_SHOWN)
        found["debts"] = _first_rows_and_total(queues.all_pending_checks(), LINES_SHOWN)
    return found


def _first_rows_and_total(rows: QuerySet, most: int) -> tuple[list[Any], int]:
    """The first `most` of `rows` and the number of all, in one statement."""
    people = rows.select_related("submitted_by", "taken_by", "decided_by").annotate(of_all=Window(Count("pk")))
    found = list(people[:most])
    return found, found[0].of_all if found else 0


def _submitted_record_keys(submissions: Iterable[Submission]) -> dict[int, list[RecordKey]]:
    """The records of each submission, in their order."""
    found: dict[int, list[RecordKey]] = {one.pk: [] for one in submissions}
    rows = SubmittedRecord.objects.filter(submission__in=found).order_by("submission", "pk")
    for submission, kind, record in rows.values_list("submission", "kind", "record") if found else ():
        found[submission].append((kind, record))
    return found


def _sent_back_block(
    rows: SubmissionQueues, sent: dict[int, list[RecordKey]], named: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "back" not in rows:
        return None
    block = HomeBlock("back", "Sent back to me", "Nothing was sent back to you.", f"{_review_queue_url()}?show=back")
    found, block.count = rows["back"]
    for one in found:
        line = _submission_line(one, sent, named)
        line.about, line.since, line.said = f"by {_person_or_somebody(one.decided_by)}", one.decided_at, one.answer
        block.lines.append(line)
    return block


def _waiting_block(
    user, rows: SubmissionQueues, sent: dict[int, list[RecordKey]], named: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "waiting" not in rows:
        return None
    block = HomeBlock("waiting", "Waiting for review", "Nothing waits for your review.", _review_queue_url())
    found, block.count = rows["waiting"]
    for one in found:
        line = _submission_line(one, sent, named)
        line.about, line.since, line.said = f"from {_person_or_somebody(one.submitted_by)}", one.submitted_at, one.note
        line.late = timezone.now() - one.submitted_at > LATE_AFTER
        if one.taken_by_id == user.pk:
            line.marks.append("taken by you")
        block.lines.append(line)
    return block


def _pending_checks_block(
    user, rows: SubmissionQueues, sent: dict[int, list[RecordKey]], named: dict[RecordKey, NamedRecord]
) -> HomeBlock | None:
    if "debts" not in rows:
        return None
    nothing = "Nothing was let through unreviewed that nobody has looked at since."
    block = HomeBlock("debts", "Published unreviewed, to be checked", nothing, f"{_review_queue_url()}?show=debts")
    found, block.count = rows["debts"]
    for one in found:
        line = _submission_line(one, sent, named)
        line.about, line.since, line.said = f"by {_person_or_somebody(one.decided_by)}", one.decided_at, one.answer or one.note
        if user.pk in (one.decided_by_id, one.submitted_by_id):
            line.marks.append("yours: somebody else checks it")
        block.lines.append(line)
    return block


def _submission_line(one: Submission, sent: dict[int, list[RecordKey]], named: dict[RecordKey, NamedRecord]) -> HomeLine:
    keys = sent[one.pk]
    line = HomeLine(
        _first_record_names(keys, named) or "Records that are gone", reverse("admin:publishing_submission_change", args=[one.pk])
    )
    line.marks.append(f"{len(keys)} record{'' if len(keys) == 1 else 's'}")
    return line


def _first_record_names(keys: list[RecordKey], named: dict[RecordKey, NamedRecord]) -> str:
    """The names of the first of `keys`, and how many more there are."""
    told = [named[key].name for key in keys[:NAMES_SHOWN] if key in named]
    return ", ".join(told) + (f" and {len(keys) - len(told)} more" if told and len(keys) > len(told) else "")


def _review_queue_url() -> str:
    return reverse("admin:publishing_submission_changelist")


def _person_or_somebody(user) -> str:
    return str(user) if user else "somebody"


# What one began and did not send


def _recent_changes(user) -> tuple[list[Change], list[Change]]:
    """The newest changes of all, and the newest of one's own."""
    newest = Change.objects.select_related("by").order_by("-at")
    # Some touch nothing that may be shown here.
    return list(newest[: 2 * RECENT_CHANGES_SHOWN]), list(newest.filter(by=user)[:OWN_CHANGES_SEARCHED])


def _unsent_drafts(keys: list[RecordKey], seen: set[str]) -> list[tuple[Curated, str]]:
    """Of records, those that hold something which the public does not see and which nobody was asked to review."""
    wanted: dict[str, list[int]] = {}
    for kind, pk in keys:
        wanted.setdefault(kind if kind in ("relation", "document", "quote") else "entity", []).append(pk)
    records: list[Any] = []
    for kind, pks in wanted.items():
        rows = Entity.objects.filter(merged_into=None) if kind == "entity" else model_for_kind(kind).objects
        related = {"relation": ("subject", "object", "type")}.get(kind, ())
        private = {"document": ("text", "fingerprint")}.get(kind, ())
        records += rows.filter(pk__in=pks).select_related(*related).defer(*private)
    records = [one for one in records if public_kind(one) in seen and one.status in (Status.DRAFT, Status.PUBLISHED)]
    public = live_edition_versions([one for one in records if one.status == Status.PUBLISHED])
    sent = set(SubmittedRecord.objects.filter(open=True, record__in=[one.pk for one in records]).values_list("kind", "record"))
    found = []
    for one in sorted(records, key=lambda one: one.updated_at, reverse=True):
        changed = one.status == Status.DRAFT or public.get((public_kind(one), one.slug)) not in (None, one.version)
        if changed and (public_kind(one), one.pk) not in sent:
            found.append((one, "draft" if one.status == Status.DRAFT else "changed since it was published"))
    return found


def _my_drafts_block(user, drafts: list[tuple[Curated, str]]) -> HomeBlock | None:
    if not (user.has_perm("publishing.submit") or user.has_perm("entities.change_entity")):
        return None
    block = HomeBlock("drafts", "My drafts, not sent", "You have nothing that is not sent.", count=len(drafts))
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


# What the evidence lacks


def _open_contested_fields(user) -> list[ContestedField]:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return []
    return [one for one in find_contested_fields() if one.state == ContestState.OPEN]


def _contested_record_key(one: ContestedField) -> RecordKey:
    return ("", one.key.entity) if one.key.entity is not None else ("relation", one.key.relation or 0)


def _contested_block(user, found: list[ContestedField], named: dict[RecordKey, NamedRecord]) -> HomeBlock | None:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return None
    nothing = "No facts are contested: every difference has its verdict."
    block = HomeBlock("contested", "Contested facts", nothing, reverse("admin:sources_contested"), len(found))
    for one in found[:LINES_SHOWN]:
        target = named.get(_contested_record_key(one))
        if target:
            citations = f"{one.citations} citation{'' if one.citations == 1 else 's'}"
            block.lines.append(HomeLine(f"{one.key.field} of {target.name}", contested_field_url(one.key), citations))
    return block


def _failing_quotes_block(user) -> HomeBlock | None:
    if not user.has_perm("sources.view_sourcequote"):
        return None
    block = HomeBlock("failing", "Failing quotes", "Every quote stands in its document.", reverse("admin:sources_failing"))
    rows = (
        SourceQuote.objects.filter(verification=Verification.FAILED)
        .select_related("document")
        .defer("document__text", "document__fingerprint")
    )
    found = list(rows.annotate(of_all=Window(Count("pk"))).order_by("-updated_at", "-pk")[:LINES_SHOWN])
    block.count = found[0].of_all if found else 0
    block.lines = [HomeLine(f"“{quote}”", failing_quotes_url(quote.document), quote.document.title) for quote in found]
    return block


def _likely_duplicates_block(user) -> HomeBlock | None:
    if not user.has_perm("entities.view_likeness"):
        return None
    page = reverse("admin:entities_likeness_changelist")
    block = HomeBlock("likenesses", "Likely duplicates", "No two records look like one.", page)
    found = list(open_likenesses().annotate(of_all=Window(Count("pk")))[:LINES_SHOWN])
    block.count = found[0].of_all if found else 0
    for one in found:
        kinds = one.first.get_kind_display()
        page = reverse("admin:entities_likeness_change", args=[one.pk])
        block.lines.append(HomeLine(f"{one.first} and {one.second}", page, f"{kinds}, {one.score * 100:.0f} % likely one"))
    return block


# What changed lately


def _recent_change_line(
    change: Change, keys: set[RecordKey], named: dict[RecordKey, NamedRecord], seen: set[str]
) -> HomeLine | None:
    """One change, as far as whoever asks may see what it touched; None if that is nothing."""
    there = {(row.kind, row.pk): row for key in keys if (row := named.get(key)) and row.kind in seen}
    if not there:
        return None
    first, *others = sorted(there.values(), key=lambda row: (row.kind == "quote", row.kind in Kind.values, row.name))
    title = first.name + (f" and {len(others)} more" if others else "")
    # What came of it stands in the history of the record.
    line = HomeLine(
        title,
        record_history_url(first),
        change.get_act_display() + (f" by {change.by}" if change.by else ""),
        change.why,
        change.at,
    )
    line.marks.append(kind_label(first.kind))
    return line


def record_history_url(row: NamedRecord) -> str:
    """The history of a record."""
    return change_page_of_kind(row.kind, row.pk).removesuffix("change/") + "history/"
