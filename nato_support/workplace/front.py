"""The front page of the admin: what waits for whoever opens it, what changed lately, how much there is."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils import timezone

from entities.duplicates import open_likenesses
from entities.models import Change, Curated, Entity
from entities.vocabulary import Kind, Status, Verification
from nato_support.editions.live import live_versions
from nato_support.editions.printing import kind_of, model_of
from nato_support.review import queues
from nato_support.review.models import Submission, SubmittedRecord
from nato_support.workplace.counts import COUNTS, remember
from nato_support.workplace.filters import own_filters, title_of
from nato_support.workplace.overview import overview
from nato_support.workplace.palette import label
from nato_support.workplace.search import may_see, page_of
from nato_support.workplace.touched import Key, Named, names, touched
from sources.admin.addresses import page_of_field
from sources.admin.failing import page_of_failing
from sources.contested import ContestedField, State, contested_fields
from sources.models import SourceQuote

SHOWN = 5
"""So many lines of a block."""
WAITING_SHOWN = 8
LATELY = 10
"""So many changes of others and oneself."""
MY_CHANGES = 60
"""So many changes of one's own are looked through for what was not sent."""
LATE = timedelta(days=3)
"""What waits longer is marked."""
TOLD = 3
"""So many records of a change are named."""


@dataclass(slots=True)
class Line:
    """One thing that waits, or that happened: what it is, where it is done, and what is to be known of it."""

    title: str
    page: str
    about: str = ""
    said: str = ""
    since: datetime | None = None
    late: bool = False
    marks: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """What waits of one sort: the first lines of its list, how many there are, and where the list is."""

    name: str
    title: str
    nothing: str
    page: str = ""
    count: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def more(self) -> int:
        return self.count - len(self.lines)


def front_page(request, context: dict) -> dict:
    """Adds what the front page shows to its context: `blocks`, `lately`, `overview` and the saved filters."""
    user = request.user
    seen = set(may_see(user))
    submissions = _submissions(user)
    changes, mine = _changes(user)
    of_change = touched({change.pk for change in (*changes, *mine)})
    contested = _contested(user)
    sent = _records_of([one for rows, _ in submissions.values() for one in rows])
    drafts = _drafts([key for change in mine for key in sorted(of_change[change.pk])], seen)
    named = names(
        [key for keys in sent.values() for key in keys[:TOLD]]
        + [key for change in changes for key in of_change[change.pk]]
        + [_key_of(one) for one in contested[:SHOWN]]
    )
    blocks = [
        _sent_back(submissions, sent, named),
        _waiting(user, submissions, sent, named),
        _debts(user, submissions, sent, named),
        _my_drafts(user, drafts),
        _contested_block(user, contested, named),
        _failing(user),
        _likenesses(user),
    ]
    shown = [block for block in blocks if block]
    remember(request, {block.name: block.count for block in shown if block.name in COUNTS})
    return context | {
        "title": "Overview",
        "blocks": [block for block in shown if block.lines],
        "quiet_blocks": [block for block in shown if not block.lines],
        "lately": [line for change in changes if (line := _happened(change, of_change[change.pk], named, seen))][:LATELY],
        "filters": [(one, title_of(one)) for one in own_filters(request)],
        "overview": overview(request),
        "statuses": Status.choices,
        "may_see_charts": {"commitment"} <= seen,
    }


# What was sent, came back, or is owed

Rows = dict[str, tuple[list[Submission], int]]


def _submissions(user) -> Rows:
    """The first submissions of each sort that concerns `user`, with how many there are."""
    found: Rows = {}
    if user.has_perm("review.submit") or user.has_perm("review.review"):
        found["back"] = _first(queues.sent_back_to(user), SHOWN)
    if user.has_perm("review.review"):
        found["waiting"] = _first(queues.waiting_for(user), WAITING_SHOWN)
        found["debts"] = _first(queues.unchecked(), SHOWN)
    return found


def _first(rows: QuerySet, most: int) -> tuple[list[Any], int]:
    """The first `most` of `rows` and the number of all, in one statement."""
    people = rows.select_related("submitted_by", "taken_by", "decided_by").annotate(of_all=Window(Count("pk")))
    found = list(people[:most])
    return found, found[0].of_all if found else 0


def _records_of(submissions: Iterable[Submission]) -> dict[int, list[Key]]:
    """The records of each submission, in their order."""
    found: dict[int, list[Key]] = {one.pk: [] for one in submissions}
    rows = SubmittedRecord.objects.filter(submission__in=found).order_by("submission", "pk")
    for submission, kind, record in rows.values_list("submission", "kind", "record") if found else ():
        found[submission].append((kind, record))
    return found


def _sent_back(rows: Rows, sent: dict[int, list[Key]], named: dict[Key, Named]) -> Block | None:
    if "back" not in rows:
        return None
    block = Block("back", "Sent back to me", "Nothing was sent back to you.", f"{_queue()}?show=back")
    found, block.count = rows["back"]
    for one in found:
        line = _of_submission(one, sent, named)
        line.about, line.since, line.said = f"by {_who(one.decided_by)}", one.decided_at, one.answer
        block.lines.append(line)
    return block


def _waiting(user, rows: Rows, sent: dict[int, list[Key]], named: dict[Key, Named]) -> Block | None:
    if "waiting" not in rows:
        return None
    block = Block("waiting", "Waiting for review", "Nothing waits for your review.", _queue())
    found, block.count = rows["waiting"]
    for one in found:
        line = _of_submission(one, sent, named)
        line.about, line.since, line.said = f"from {_who(one.submitted_by)}", one.submitted_at, one.note
        line.late = timezone.now() - one.submitted_at > LATE
        if one.taken_by_id == user.pk:
            line.marks.append("taken by you")
        block.lines.append(line)
    return block


def _debts(user, rows: Rows, sent: dict[int, list[Key]], named: dict[Key, Named]) -> Block | None:
    if "debts" not in rows:
        return None
    nothing = "Nothing was let through unreviewed that nobody has looked at since."
    block = Block("debts", "Published unreviewed, to be checked", nothing, f"{_queue()}?show=debts")
    found, block.count = rows["debts"]
    for one in found:
        line = _of_submission(one, sent, named)
        line.about, line.since, line.said = f"by {_who(one.decided_by)}", one.decided_at, one.answer or one.note
        if user.pk in (one.decided_by_id, one.submitted_by_id):
            line.marks.append("yours: somebody else checks it")
        block.lines.append(line)
    return block


def _of_submission(one: Submission, sent: dict[int, list[Key]], named: dict[Key, Named]) -> Line:
    keys = sent[one.pk]
    line = Line(_titles(keys, named) or "Records that are gone", reverse("admin:review_submission_change", args=[one.pk]))
    line.marks.append(f"{len(keys)} record{'' if len(keys) == 1 else 's'}")
    return line


def _titles(keys: list[Key], named: dict[Key, Named]) -> str:
    """The names of the first of `keys`, and how many more there are."""
    told = [named[key].name for key in keys[:TOLD] if key in named]
    return ", ".join(told) + (f" and {len(keys) - len(told)} more" if told and len(keys) > len(told) else "")


def _queue() -> str:
    return reverse("admin:review_submission_changelist")


def _who(user) -> str:
    return str(user) if user else "somebody"


# What one began and did not send


def _changes(user) -> tuple[list[Change], list[Change]]:
    """The newest changes of all, and the newest of one's own."""
    newest = Change.objects.select_related("by").order_by("-at")
    # Some touch nothing that may be shown here.
    return list(newest[: 2 * LATELY]), list(newest.filter(by=user)[:MY_CHANGES])


def _drafts(keys: list[Key], seen: set[str]) -> list[tuple[Curated, str]]:
    """Of records, those that hold something which the public does not see and which nobody was asked to review."""
    wanted: dict[str, list[int]] = {}
    for kind, pk in keys:
        wanted.setdefault(kind if kind in ("relation", "document", "quote") else "entity", []).append(pk)
    records: list[Any] = []
    for kind, pks in wanted.items():
        rows = Entity.objects.filter(merged_into=None) if kind == "entity" else model_of(kind).objects
        related = {"relation": ("subject", "object", "type")}.get(kind, ())
        private = {"document": ("text", "fingerprint")}.get(kind, ())
        records += rows.filter(pk__in=pks).select_related(*related).defer(*private)
    records = [one for one in records if kind_of(one) in seen and one.status in (Status.DRAFT, Status.PUBLISHED)]
    public = live_versions([one for one in records if one.status == Status.PUBLISHED])
    sent = set(SubmittedRecord.objects.filter(open=True, record__in=[one.pk for one in records]).values_list("kind", "record"))
    found = []
    for one in sorted(records, key=lambda one: one.updated_at, reverse=True):
        changed = one.status == Status.DRAFT or public.get((kind_of(one), one.slug)) not in (None, one.version)
        if changed and (kind_of(one), one.pk) not in sent:
            found.append((one, "draft" if one.status == Status.DRAFT else "changed since it was published"))
    return found


def _my_drafts(user, drafts: list[tuple[Curated, str]]) -> Block | None:
    if not (user.has_perm("review.submit") or user.has_perm("entities.change_entity")):
        return None
    block = Block("drafts", "My drafts, not sent", "You have nothing that is not sent.", count=len(drafts))
    for record, state in drafts[: 2 * SHOWN]:
        line = Line(str(record), page_of(kind_of(record), record.pk), label(kind_of(record)), since=record.updated_at)
        line.marks.append(state)
        block.lines.append(line)
    return block


# What the evidence lacks


def _contested(user) -> list[ContestedField]:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return []
    return [one for one in contested_fields() if one.state == State.OPEN]


def _key_of(one: ContestedField) -> Key:
    return ("", one.place.entity) if one.place.entity is not None else ("relation", one.place.relation or 0)


def _contested_block(user, found: list[ContestedField], named: dict[Key, Named]) -> Block | None:
    if not user.has_perms(("sources.view_resolution", "sources.view_citation")):
        return None
    nothing = "No facts are contested: every difference has its verdict."
    block = Block("contested", "Contested facts", nothing, reverse("admin:sources_contested"), len(found))
    for one in found[:SHOWN]:
        target = named.get(_key_of(one))
        if target:
            citations = f"{one.citations} citation{'' if one.citations == 1 else 's'}"
            block.lines.append(Line(f"{one.place.field} of {target.name}", page_of_field(one.place), citations))
    return block


def _failing(user) -> Block | None:
    if not user.has_perm("sources.view_sourcequote"):
        return None
    block = Block("failing", "Failing quotes", "Every quote stands in its document.", reverse("admin:sources_failing"))
    rows = (
        SourceQuote.objects.filter(verification=Verification.FAILED)
        .select_related("document")
        .defer("document__text", "document__fingerprint")
    )
    found = list(rows.annotate(of_all=Window(Count("pk"))).order_by("-updated_at", "-pk")[:SHOWN])
    block.count = found[0].of_all if found else 0
    block.lines = [Line(f"“{quote}”", page_of_failing(quote.document), quote.document.title) for quote in found]
    return block


def _likenesses(user) -> Block | None:
    if not user.has_perm("entities.view_likeness"):
        return None
    page = reverse("admin:entities_likeness_changelist")
    block = Block("likenesses", "Likely duplicates", "No two records look like one.", page)
    found = list(open_likenesses().annotate(of_all=Window(Count("pk")))[:SHOWN])
    block.count = found[0].of_all if found else 0
    for one in found:
        kinds = one.first.get_kind_display()
        page = reverse("admin:entities_likeness_change", args=[one.pk])
        block.lines.append(Line(f"{one.first} and {one.second}", page, f"{kinds}, {one.score * 100:.0f} % likely one"))
    return block


# What changed lately


def _happened(change: Change, keys: set[Key], named: dict[Key, Named], seen: set[str]) -> Line | None:
    """One change, as far as whoever asks may see what it touched; None if that is nothing."""
    there = {(row.kind, row.pk): row for key in keys if (row := named.get(key)) and row.kind in seen}
    if not there:
        return None
    first, *others = sorted(there.values(), key=lambda row: (row.kind == "quote", row.kind in Kind.values, row.name))
    title = first.name + (f" and {len(others)} more" if others else "")
    # What came of it stands in the history of the record.
    line = Line(
        title, history_of(first), change.get_act_display() + (f" by {change.by}" if change.by else ""), change.why, change.at
    )
    line.marks.append(label(first.kind))
    return line


def history_of(row: Named) -> str:
    """The history of a record."""
    return page_of(row.kind, row.pk).removesuffix("change/") + "history/"
