"""History pages of a record: its timeline, the comparison of two states, reverting, undoing and restoring.

A state is named by a point: `now`, `public`, `edition-3`, or the time of a change (2026-11-22T10:00:00.123456+00:00). All
points are of the record whose page it is; changes of other records are not found here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from entities.history.record_snapshots import (
    RecordDifference,
    RecordSnapshot,
    compare_snapshots,
    snapshot_at,
    snapshot_fields,
    take_snapshot,
)
from entities.history.record_timeline import RecordTimeline, read_record_timeline, state_before_deletion
from entities.history.restoring import plan_restore, restore_record
from entities.history.revert_plan import RevertPlan
from entities.history.reverting import plan_revert, revert_record
from entities.history.undoing import RecordUndo, plan_undo, undo_change
from entities.models import Curated, Entity, Merge
from entities.numbers import integer_or_none
from entities.refusals import Refused
from entities.vocabulary import Action, Status
from nato_support.desk.records.change_reason import ChangeReasonMixin, ReasonForm, posted_reason
from nato_support.desk.records.difference_display import display_differences, summarise_difference
from nato_support.desk.records.displayed_differences import DisplayedDifference
from nato_support.desk.records.row_labels import may_view_model
from nato_support.publishing.editions.edition_differences import describe_changes_between
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.models.submissions import SubmittedRecord
from nato_support.publishing.published_versions import published_snapshot
from nato_support.publishing.rendering import public_kind
from sources.models import SourceDocument

EDITIONS_SHOWN = 20
MOST_PAGES = 999_999


@dataclass
class HistoryPoint:
    """State of the record: its name in URLs, its label and its values."""

    name: str
    label: str
    snapshot: RecordSnapshot


@dataclass
class TimelineMarker:
    """Event outside the record's rows: an edition published, a step of review."""

    at: datetime
    what: str
    who: str
    note: str = ""


@dataclass
class TimelineLine:
    """Entry of the timeline with its display."""

    entry: Any
    shown: DisplayedDifference
    what: str
    document: Any
    may_undo: bool

    @property
    def action(self) -> str:
        return str(Action(self.entry.action).label)


def forbidden_row_changes(user, difference: RecordDifference) -> list[str]:
    """Return what `user` may not do of `difference`: reverting gives nobody further permissions."""
    refusals: dict[str, None] = {}
    for change in difference.rows:
        meta = change.row.model._meta
        verb = "add" if change.before is None else "delete" if change.after is None else "change"
        if not user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"):
            refusals[f"You may not {verb} {meta.verbose_name_plural}."] = None
    return list(refusals)


class HistoryPagesMixin(ChangeReasonMixin, SimpleHistoryAdmin):
    """History, comparison, reverting, undoing and restoring of a record."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"

        def history_path(subpath, view, view_name):
            return path(f"<path:object_id>/history/{subpath}", self.admin_site.admin_view(view), name=f"{name}_{view_name}")

        return [
            history_path("compare/", self.compare_view, "compare"),
            history_path("revert/", self.revert_view, "revert"),
            history_path("undo/<uuid:change>/", self.undo_view, "undo"),
            history_path("restore/", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    # Pages

    def history_view(self, request, object_id, extra_context=None):
        pk, record = self._key_and_record(request, object_id)
        field, row = request.GET.get("field", ""), request.GET.get("row", "")
        number = request.GET.get("p", "1")
        timeline = read_record_timeline(
            self.model,
            pk,
            page=integer_or_none(number, MOST_PAGES) or 1,
            person=request.GET.get("person", ""),
            field=field,
            row_address=row,
        )
        last_state = state_before_deletion(self.model, pk) if record is None else None
        slug = record.slug if record else (last_state.values or {}).get("slug", "") if last_state else ""
        editions = self._editions_with_markers(slug)
        context = {
            "title": f"History of {record or self._last_known_name(pk)}",
            "timeline": timeline,
            "lines": self._timeline_lines(request, pk, record, timeline, editions),
            "editions": editions,
            "public": bool(editions) and not editions[0][0].withdrawn,
            "undo_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_undo",
            "narrowed": any(request.GET.get(name) for name in ("person", "field", "row")),
            "fields": self._timeline_filter_choices(timeline),
            "person": request.GET.get("person", ""),
            "field": field,
            "row": row,
            "may_revert": record is not None and self.has_change_permission(request, record),
            "may_restore": self.has_delete_permission(request),
            "restoring": last_state and self._plan_context(request, plan_restore(self.model, pk, last_state)),
            "merge": self._merge_link(request, record),
        }
        return self._render_history_page(request, pk, record, "history", context, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Simple-history's page of a version: here its comparison with the present."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        pk, record = self._key_and_record(request, object_id)
        key = self.model._meta.pk.attname
        last = self.model.history.filter(**{key: pk}, history_id=integer_or_none(version_id) or 0).first()
        if last is None:
            raise Http404
        return self._render_comparison(request, pk, record, last.history_date.isoformat(), "now")

    def compare_view(self, request, object_id):
        pk, record = self._key_and_record(request, object_id)
        return self._render_comparison(request, pk, record, request.GET.get("from", ""), request.GET.get("to", "now"))

    def revert_view(self, request, object_id):
        pk, record = self._key_and_record(request, object_id)
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        parameters = request.POST if request.method == "POST" else request.GET
        to = self._resolve_history_point(parameters.get("to", ""), pk, record)
        only, remove = parameters.getlist("only"), parameters.getlist("remove")
        problems: list[str] = []
        if request.method == "POST":
            reason = ReasonForm(request.POST)
            version_seen = integer_or_none(parameters.get("version", ""))
            if not reason.is_valid():
                problems = [problem for errors in reason.errors.values() for problem in errors]
            elif version_seen is None or not (only or remove):
                problems = ["Check the preview first."] if version_seen is None else ["Choose what to restore."]
            elif refusals := forbidden_row_changes(request.user, plan_revert(record, to.snapshot, only, remove).difference):
                problems = refusals
            else:
                try:
                    done = revert_record(
                        record,
                        to.snapshot,
                        addresses=only,
                        rows_to_remove=remove,
                        by=request.user,
                        expected_version=version_seen,
                        reason=reason.cleaned_data["reason"],
                    )
                except Refused as refused:
                    problems = refused.problems
                else:
                    message = f"Restored: {summarise_difference(done.difference)}."
                    is_public = record.status == Status.PUBLISHED
                    message += " Publish the record to make it public." if is_public else ""
                    self.message_user(request, message, messages.SUCCESS)
                    return HttpResponseRedirect(self._history_url("history", pk))
            record = self.get_object(request, str(pk))
        return self._render_revert_preview(request, pk, record, to, only, remove, problems)

    def undo_view(self, request, object_id, change: UUID):
        pk, record = self._key_and_record(request, object_id)
        also = (request.POST if request.method == "POST" else request.GET).getlist("also")
        undos = plan_undo(change, also)
        if not any((undo.model, undo.pk) == (self.model, pk) for undo in undos):
            raise Http404
        refusals = list(dict.fromkeys(refusal for undo in undos for refusal in self._undo_refusals(request, undo)))
        if refusals and not all(may_view_model(request.user, undo.model) for undo in undos):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            if refusals:
                raise PermissionDenied
            versions_seen = {
                name.removeprefix("version:"): integer_or_none(value)
                for name, value in request.POST.items()
                if name.startswith("version:")
            }
            try:
                undo_change(
                    change, by=request.user, expected_versions=versions_seen, include_later=also, reason=posted_reason(request)
                )
            except Refused as refused:
                problems = refused.problems
                undos = plan_undo(change, also)
            else:
                records = f"{len(undos)} record{'s' if len(undos) > 1 else ''}"
                self.message_user(request, f"The change was undone in {records}.", messages.SUCCESS)
                return HttpResponseRedirect(self._history_url("history", pk))
        displays = display_differences([undo.plan.difference for undo in undos], request.user)
        for display in displays:
            display.before_label, display.after_label = "now", "after restoring"
        context = {
            "title": "Undo this change",
            "undoing": [
                (undo, display, f"{undo.model._meta.label_lower}/{undo.pk}")
                for undo, display in zip(undos, displays, strict=True)
            ],
            "entry": next(undo.entry for undo in undos if (undo.model, undo.pk) == (self.model, pk)),
            "problems": problems + [problem for undo in undos for problem in undo.plan.problems],
            "refusals": refusals,
            "also": also,
            "reason": request.POST.get("reason", ""),
            "does_something": any(undo.plan.difference for undo in undos),
        }
        return self._render_history_page(request, pk, record, "undo", context, status=409 if problems else 200)

    def restore_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pk, record = self._key_and_record(request, object_id)
        if not self.has_delete_permission(request):
            raise PermissionDenied
        try:
            record = restore_record(self.model, pk, by=request.user, reason=posted_reason(request))
        except Refused as refused:
            for problem in refused.problems:
                self.message_user(request, f"Not restored. {problem}", messages.ERROR)
            return HttpResponseRedirect(self._history_url("history", pk))
        self.message_user(request, f"“{record}” was restored, as a draft.", messages.SUCCESS)
        return HttpResponseRedirect(self._history_url("change", pk))

    # Parts of the pages

    def _key_and_record(self, request, object_id) -> tuple[int, Curated | None]:
        """Return the key and the record, None if it was deleted. Raises Http404 if there never was one."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is not None:
            return record.pk, record
        key = integer_or_none(unquote(object_id))
        if key is None or not self.model.history.filter(**{self.model._meta.pk.attname: key}).exists():
            raise Http404
        return key, None

    def _last_known_name(self, pk: int) -> str:
        version = self.model.history.filter(**{self.model._meta.pk.attname: pk}).order_by("-history_date").first()
        return next((str(getattr(version, name)) for name in ("name", "title", "slug") if getattr(version, name, "")), str(pk))

    def _history_kind(self) -> str:
        return getattr(self.model, "KIND", None) or public_kind(self.model())

    def _history_url(self, name: str, pk: int, *more) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[pk, *more])

    def _render_history_page(self, request, pk, record, name: str, context: dict, extra: dict | None = None, status: int = 200):
        pages = {
            view_name: self._history_url(view_name, pk) for view_name in ("history", "compare", "revert", "restore", "change")
        }
        return TemplateResponse(
            request,
            f"desk/history/{name}.html",
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "record": record,
                "original": record,
                "pages": pages,
                "query": self._history_query(request),
                **context,
                **(extra or {}),
            },
            status=status,
        )

    def _history_query(self, request) -> str:
        query = request.GET.copy()
        query.pop("p", None)
        return f"{query.urlencode()}&" if query else ""

    def _timeline_lines(self, request, pk, record, timeline: RecordTimeline, editions) -> list:
        """Return entries and, between them, editions and steps of review; newest first."""
        displays = display_differences([entry.difference for entry in timeline.entries], request.user)
        documents = self._document_links({entry.source for entry in timeline.entries if entry.source})
        may_change = self.has_change_permission(request, record)
        lines: list = [
            TimelineLine(
                entry,
                display,
                self._describe_timeline_entry(entry, display),
                documents.get(entry.source),
                may_change and bool(entry.change),
            )
            for entry, display in zip(timeline.entries, displays, strict=True)
        ]
        markers = [marker for _, marker, _ in editions] + self._review_markers(pk)
        # Each page shows the markers of its own time span.
        after = timeline.entries[0].at if timeline.entries and timeline.number > 1 else None
        before = timeline.entries[-1].since if timeline.entries and timeline.number < timeline.pages else None
        lines += [m for m in markers if (after is None or m.at <= after) and (before is None or m.at >= before)]
        return sorted(lines, key=lambda line: line.entry.at if isinstance(line, TimelineLine) else line.at, reverse=True)

    def _describe_timeline_entry(self, entry, display: DisplayedDifference) -> str:
        phrases = [display.summary] if entry.difference else []
        if entry.status:
            phrases.append(" → ".join(str(Status(status).label) for status in entry.status))
        if entry.moved_here:
            phrases.append(f"{entry.moved_here} of them moved here from another record")
        if entry.moved_away:
            phrases.append(f"{entry.moved_away} of them moved to another record")
        return "; ".join(phrases) or "no visible change"

    def _review_markers(self, pk: int) -> list[TimelineMarker]:
        steps = []
        submitted = SubmittedRecord.objects.filter(kind=self._history_kind(), record=pk).order_by("-submission__submitted_at")
        for entry in submitted.select_related("submission__submitted_by", "submission__decided_by")[:EDITIONS_SHOWN]:
            submission = entry.submission
            steps.append(
                TimelineMarker(submission.submitted_at, "Sent for review", str(submission.submitted_by or ""), submission.note)
            )
            if submission.decided_at:
                label, person = capfirst(submission.get_state_display()), str(submission.decided_by or "")
                label += ", without review" if submission.unreviewed else ""
                steps.append(TimelineMarker(submission.decided_at, label, person, submission.answer))
        return steps

    def _editions_with_markers(self, slug: str) -> list:
        """Return the newest editions, each with its marker and the changes that readers saw."""
        editions = Edition.objects.filter(kind=self._history_kind(), slug=slug).select_related("release__by").order_by("-number")
        newest = list(editions.defer("search_text")[: EDITIONS_SHOWN + 1])
        rows = []
        for newer, older in zip(newest, [*newest[1:], None], strict=False):
            label = f"Edition {newer.number} {'withdrawn' if newer.withdrawn else 'published'}"
            label += "" if newer.cause == EditionCause.CONTENT else ", because a record it refers to changed"
            marker = TimelineMarker(newer.release.released_at, label, str(newer.release.by or ""), newer.release.note)
            rows.append((newer, marker, describe_changes_between(older, newer) if older else []))
        return rows[:EDITIONS_SHOWN]

    def _document_links(self, slugs: set[str]) -> dict:
        """Return title and page of the documents from which something was done, by slug."""
        if not slugs:
            return {}
        documents = SourceDocument.objects.filter(slug__in=slugs).only("slug", "title")
        return {
            document.slug: (document.title, reverse("admin:sources_sourcedocument_change", args=[document.pk]))
            for document in documents
        }

    def _timeline_filter_choices(self, timeline: RecordTimeline) -> list[tuple[str, str]]:
        own = [(column.name, capfirst(str(column.verbose_name))) for column in snapshot_fields(self.model)]
        return own + [
            (child_model._meta.label_lower, capfirst(str(child_model._meta.verbose_name_plural)))
            for child_model in timeline.changed_models
        ]

    def _merge_link(self, request, record) -> dict | None:
        if not isinstance(record, Entity) or record.merged_into_id is None:
            return None
        merge = Merge.objects.filter(merged=record.pk, undone_at=None).first()
        try:
            url = reverse("admin:entities_merge_change", args=[merge.pk]) if merge and may_view_model(request.user, Merge) else ""
        except NoReverseMatch:
            url = ""
        return {"survivor": record.merged_into, "url": url}

    def _plan_context(self, request, plan: RevertPlan) -> dict:
        (display,) = display_differences([plan.difference], request.user)
        return {"shown": display, "problems": plan.problems, "caveats": plan.caveats}

    def _resolve_history_point(self, name: str, pk: int, record: Curated | None) -> HistoryPoint:
        """Return the state called `name`; Http404 if there is none."""
        if name == "now":
            return HistoryPoint(name, "now", take_snapshot(record) if record else RecordSnapshot(self.model, pk, None, {}))
        if name == "public" and record is not None:
            live = published_snapshot(record)
            return HistoryPoint(name, "the published version", live or RecordSnapshot(self.model, pk, None, {}))
        if name.startswith("edition-") and record is not None:
            number = name.removeprefix("edition-")
            editions = Edition.objects.filter(
                kind=self._history_kind(), slug=record.slug, cause=EditionCause.CONTENT
            ).select_related("release")
            edition = editions.filter(number=integer_or_none(number) or 0).first()
            if edition is None:
                raise Http404
            return HistoryPoint(name, f"edition {edition.number}", snapshot_at(self.model, pk, edition.release.released_at))
        try:
            moment = datetime.fromisoformat(name)
            # The first and last representable times have no local time.
            label = f"{timezone.localtime(moment):%-d %B %Y, %H:%M:%S}" if moment.tzinfo else ""
        except (ValueError, OverflowError):
            raise Http404 from None
        if not label:
            raise Http404
        return HistoryPoint(name, label, snapshot_at(self.model, pk, moment))

    def _render_comparison(self, request, pk, record, older: str, newer: str):
        before, after = self._resolve_history_point(older, pk, record), self._resolve_history_point(newer, pk, record)
        (display,) = display_differences([compare_snapshots(before.snapshot, after.snapshot)], request.user)
        display.before_label, display.after_label = before.label, after.label
        may_revert = record is not None and self.has_change_permission(request, record) and before.snapshot.values is not None
        if may_revert:
            display.actions_template = "desk/history/restore_link.html"
        context = {
            "title": f"{record or self._last_known_name(pk)}: {before.label} and {after.label}",
            "difference": display,
            "before": before,
            "after": after,
            "may_revert": may_revert,
        }
        return self._render_history_page(request, pk, record, "compare", context)

    def _render_revert_preview(
        self, request, pk, record, to: HistoryPoint, only: list[str], remove: list[str], problems: list[str]
    ):
        plan = plan_revert(record, to.snapshot, only or None, remove)
        (display,) = display_differences([plan.difference], request.user)
        display.before_label, display.after_label = "now", "after restoring"
        display.actions_template = "desk/history/restore_checkbox.html"
        added = compare_snapshots(
            RecordSnapshot(self.model, pk, plan.present.values, {}),
            RecordSnapshot(self.model, pk, plan.present.values, {c.row.address: c.row for c in plan.added_since}),
        )
        (added_display,) = display_differences([added], request.user)
        context = {
            "title": f"Restore {record}",
            "difference": display,
            "to": to,
            "only": only,
            "remove": remove,
            "plan": plan,
            "added_since": [row for group in added_display.groups for row in group.rows],
            "problems": problems or plan.problems,
            "reason": request.POST.get("reason", ""),
        }
        return self._render_history_page(request, pk, record, "revert", context, status=409 if problems else 200)

    def _undo_refusals(self, request, undo: RecordUndo) -> list[str]:
        """Return what the user may not do of what undoing does to this record."""
        model_admin: Any = self.admin_site._registry.get(undo.model)
        record = undo.model._default_manager.filter(pk=undo.pk).first()
        if undo.creates or undo.deletes:
            allowed = model_admin.has_delete_permission(request, record)
            verb = "restore" if undo.creates else "delete"
        else:
            allowed, verb = model_admin.has_change_permission(request, record), "change"
        if not allowed:
            return [f"You may not {verb} {undo.label}."]
        return [] if undo.creates or undo.deletes else forbidden_row_changes(request.user, undo.plan.difference)
