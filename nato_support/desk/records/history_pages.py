"""The history of a record: what happened to it, any two of its states compared, and the ways back.

A state is named by a point: `now`, `public`, `edition-3`, or the instant of a change (2026-11-22T10:00:00.123456+00:00).
All points are of the record whose page it is; a change of another record is not found here.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from django.utils import timezone
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from entities.fields import strip_control_characters, validate_no_controls
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
from entities.models import Curated, Entity, Merge, change_set
from entities.refusals import Refused
from entities.untrusted import whole_number
from entities.vocabulary import Action, Kind, Status
from nato_support.desk.records.difference_display import DisplayedDifference, display_differences, summarise_difference
from nato_support.desk.records.row_labels import may_view_model
from nato_support.publishing.editions.edition_differences import describe_changes_between
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.models.submissions import SubmittedRecord
from nato_support.publishing.published_versions import published_snapshot
from nato_support.publishing.rendering import public_kind

EDITIONS_SHOWN = 20
REASON_MAX_LENGTH = 500
MOST_PAGES = 999_999


class ReasonForm(forms.Form):
    """Why somebody does it; optional everywhere."""

    why = forms.CharField(required=False, max_length=REASON_MAX_LENGTH, validators=[validate_no_controls], strip=True)


def posted_reason(request, name: str = "why") -> str:
    """The reason given in `request`, at most WHY characters, without what no text of the register may hold."""
    return strip_control_characters(request.POST.get(name, ""))[:REASON_MAX_LENGTH]


@dataclass
class HistoryPoint:
    """A state of the record: its name in addresses, what it is called, and what it held."""

    name: str
    called: str
    snapshot: RecordSnapshot


@dataclass
class TimelineMarker:
    """Something that happened to the record outside its rows: an edition printed, a step of the workflow."""

    at: datetime
    what: str
    who: str
    note: str = ""


@dataclass
class TimelineLine:
    """An entry of the timeline with how it is shown."""

    entry: Any
    shown: DisplayedDifference
    what: str
    document: Any
    may_undo: bool

    @property
    def act(self) -> str:
        return str(Action(self.entry.act).label)


def forbidden_row_changes(user, todo: RecordDifference) -> list[str]:
    """What of the rows that `todo` adds, changes or deletes `user` may not: the ways back lead round no right."""
    told: dict[str, None] = {}
    for change in todo.rows:
        meta = change.row.model._meta
        verb = "add" if change.before is None else "delete" if change.after is None else "change"
        if not user.has_perm(f"{meta.app_label}.{verb}_{meta.model_name}"):
            told[f"You may not {verb} {meta.verbose_name_plural}."] = None
    return list(told)


class ChangeReasonMixin:
    """The "Why" field of a form: what is typed there goes into the change that saving makes."""

    change_form_after_template = "desk/history/reason.html"

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST":
            return super().changeform_view(request, object_id, form_url, extra_context)
        with change_set(by=request.user, why=posted_reason(request, "_why")):
            given = {**(extra_context or {}), "why": request.POST.get("_why", "")}
            return super().changeform_view(request, object_id, form_url, given)


class HistoryPagesMixin(ChangeReasonMixin, SimpleHistoryAdmin):
    """History, comparison and the ways back of a curated record."""

    def get_urls(self):
        name = f"{self.opts.app_label}_{self.opts.model_name}"

        def at(address, view, called):
            return path(f"<path:object_id>/history/{address}", self.admin_site.admin_view(view), name=f"{name}_{called}")

        return [
            at("compare/", self.compare_view, "compare"),
            at("revert/", self.revert_view, "revert"),
            at("undo/<uuid:change>/", self.undo_view, "undo"),
            at("restore/", self.restore_view, "restore"),
            *super().get_urls(),
        ]

    # Pages

    def history_view(self, request, object_id, extra_context=None):
        pk, record = self._key_and_record(request, object_id)
        field, row = request.GET.get("field", ""), request.GET.get("row", "")
        number = request.GET.get("p", "1")
        found = read_record_timeline(
            self.model,
            pk,
            page=whole_number(number, MOST_PAGES) or 1,
            person=request.GET.get("person", ""),
            field=field,
            row_address=row,
        )
        gone = state_before_deletion(self.model, pk) if record is None else None
        slug = record.slug if record else (gone.values or {}).get("slug", "") if gone else ""
        editions = self._editions_with_markers(slug)
        context = {
            "title": f"History of {record or self._last_known_name(pk)}",
            "timeline": found,
            "lines": self._timeline_lines(request, pk, record, found, editions),
            "editions": editions,
            "public": bool(editions) and not editions[0][0].withdrawn,
            "undo_url": f"admin:{self.opts.app_label}_{self.opts.model_name}_undo",
            "narrowed": any(request.GET.get(name) for name in ("person", "field", "row")),
            "fields": self._timeline_filter_choices(found),
            "person": request.GET.get("person", ""),
            "field": field,
            "row": row,
            "may_revert": record is not None and self.has_change_permission(request, record),
            "may_restore": self.has_delete_permission(request),
            "restoring": gone and self._plan_context(request, plan_restore(self.model, pk, gone)),
            "merge": self._merge_link(request, record),
        }
        return self._render_history_page(request, pk, record, "history", context, extra_context)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Simple-history's own page of a version: here its comparison with the present, to be read."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        pk, record = self._key_and_record(request, object_id)
        key = self.model._meta.pk.attname
        last = self.model.history.filter(**{key: pk}, history_id=whole_number(version_id) or 0).first()
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
        given = request.POST if request.method == "POST" else request.GET
        to = self._resolve_history_point(given.get("to", ""), pk, record)
        only, remove = given.getlist("only"), given.getlist("remove")
        problems: list[str] = []
        if request.method == "POST":
            reason = ReasonForm(request.POST)
            seen = whole_number(given.get("version", ""))
            if not reason.is_valid():
                problems = [problem for found in reason.errors.values() for problem in found]
            elif seen is None or not (only or remove):
                problems = ["Look at the preview first."] if seen is None else ["Choose what to put back."]
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
                        expected_version=seen,
                        why=reason.cleaned_data["why"],
                    )
                except Refused as refused:
                    problems = refused.problems
                else:
                    told = f"Put back: {summarise_difference(done.difference)}."
                    public = record.status == Status.PUBLISHED
                    told += " The public sees it once it is published." if public else ""
                    self.message_user(request, told, messages.SUCCESS)
                    return HttpResponseRedirect(self._history_url("history", pk))
            record = self.get_object(request, str(pk))
        return self._render_revert_preview(request, pk, record, to, only, remove, problems)

    def undo_view(self, request, object_id, change: UUID):
        pk, record = self._key_and_record(request, object_id)
        also = (request.POST if request.method == "POST" else request.GET).getlist("also")
        found = plan_undo(change, also)
        if not any((one.model, one.pk) == (self.model, pk) for one in found):
            raise Http404
        refusals = list(dict.fromkeys(why for one in found for why in self._undo_refusals(request, one)))
        if refusals and not all(may_view_model(request.user, one.model) for one in found):
            raise PermissionDenied
        problems: list[str] = []
        if request.method == "POST":
            if refusals:
                raise PermissionDenied
            seen = {
                name.removeprefix("version:"): whole_number(value)
                for name, value in request.POST.items()
                if name.startswith("version:")
            }
            try:
                undo_change(change, by=request.user, expected_versions=seen, include_later=also, why=posted_reason(request))
            except Refused as refused:
                problems = refused.problems
                found = plan_undo(change, also)
            else:
                many = f"{len(found)} record{'s' if len(found) > 1 else ''}"
                self.message_user(request, f"The change was undone in {many}.", messages.SUCCESS)
                return HttpResponseRedirect(self._history_url("history", pk))
        pictures = display_differences([one.plan.difference for one in found], request.user)
        for picture in pictures:
            picture.before_label, picture.after_label = "is now", "would be"
        context = {
            "title": "Undo this change",
            "undoing": [
                (one, picture, f"{one.model._meta.label_lower}/{one.pk}") for one, picture in zip(found, pictures, strict=True)
            ],
            "entry": next(one.entry for one in found if (one.model, one.pk) == (self.model, pk)),
            "problems": problems + [problem for one in found for problem in one.plan.problems],
            "refusals": refusals,
            "also": also,
            "why": request.POST.get("why", ""),
            "does_something": any(one.plan.difference for one in found),
        }
        return self._render_history_page(request, pk, record, "undo", context, status=409 if problems else 200)

    def restore_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pk, record = self._key_and_record(request, object_id)
        if not self.has_delete_permission(request):
            raise PermissionDenied
        try:
            record = restore_record(self.model, pk, by=request.user, why=posted_reason(request))
        except Refused as refused:
            for problem in refused.problems:
                self.message_user(request, f"Nothing was restored. {problem}", messages.ERROR)
            return HttpResponseRedirect(self._history_url("history", pk))
        self.message_user(request, f"“{record}” was restored, as a draft.", messages.SUCCESS)
        return HttpResponseRedirect(self._history_url("change", pk))

    # What they are made of

    def _key_and_record(self, request, object_id) -> tuple[int, Curated | None]:
        """The key and the record, None if it was deleted. Http404 if there never was one."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if record is not None:
            return record.pk, record
        key = whole_number(unquote(object_id))
        if key is None or not self.model.history.filter(**{self.model._meta.pk.attname: key}).exists():
            raise Http404
        return key, None

    def _last_known_name(self, pk: int) -> str:
        last = self.model.history.filter(**{self.model._meta.pk.attname: pk}).order_by("-history_date").first()
        return next((str(getattr(last, name)) for name in ("name", "title", "slug") if getattr(last, name, "")), str(pk))

    def _history_kind(self) -> str:
        return getattr(self.model, "KIND", None) or public_kind(self.model())

    def _history_url(self, name: str, pk: int, *more) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{name}", args=[pk, *more])

    def _render_history_page(self, request, pk, record, name: str, context: dict, extra: dict | None = None, status: int = 200):
        pages = {called: self._history_url(called, pk) for called in ("history", "compare", "revert", "restore", "change")}
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
        given = request.GET.copy()
        given.pop("p", None)
        return f"{given.urlencode()}&" if given else ""

    def _timeline_lines(self, request, pk, record, found: RecordTimeline, editions) -> list:
        """Entries and, between them, what was printed and decided meanwhile; newest first."""
        pictures = display_differences([entry.difference for entry in found.entries], request.user)
        documents = self._document_links({entry.source for entry in found.entries if entry.source})
        may_change = self.has_change_permission(request, record)
        lines: list = [
            TimelineLine(
                entry,
                picture,
                self._describe_timeline_entry(entry, picture),
                documents.get(entry.source),
                may_change and bool(entry.change),
            )
            for entry, picture in zip(found.entries, pictures, strict=True)
        ]
        markers = [marker for _, marker, _ in editions] + self._review_markers(pk)
        # Each page has the markers of its own stretch of time.
        after = found.entries[0].at if found.entries and found.number > 1 else None
        before = found.entries[-1].since if found.entries and found.number < found.pages else None
        lines += [m for m in markers if (after is None or m.at <= after) and (before is None or m.at >= before)]
        return sorted(lines, key=lambda line: line.entry.at if isinstance(line, TimelineLine) else line.at, reverse=True)

    def _describe_timeline_entry(self, entry, picture: DisplayedDifference) -> str:
        told = [picture.summary] if entry.difference else []
        if entry.status:
            told.append(" → ".join(str(Status(status).label) for status in entry.status))
        if entry.moved_here:
            told.append(f"{entry.moved_here} of them moved here from another record")
        if entry.moved_away:
            told.append(f"{entry.moved_away} of them moved to another record")
        return "; ".join(told) or "nothing that a reader or an editor sees"

    def _review_markers(self, pk: int) -> list[TimelineMarker]:
        steps = []
        sent = SubmittedRecord.objects.filter(kind=self._history_kind(), record=pk).order_by("-submission__submitted_at")
        for one in sent.select_related("submission__submitted_by", "submission__decided_by")[:EDITIONS_SHOWN]:
            submission = one.submission
            steps.append(
                TimelineMarker(submission.submitted_at, "Sent for review", str(submission.submitted_by or ""), submission.note)
            )
            if submission.decided_at:
                what, who = capfirst(submission.get_state_display()), str(submission.decided_by or "")
                what += ", unreviewed" if submission.unreviewed else ""
                steps.append(TimelineMarker(submission.decided_at, what, who, submission.answer))
        return steps

    def _editions_with_markers(self, slug: str) -> list:
        """The newest editions, each with its marker and with what readers saw change."""
        printed = Edition.objects.filter(kind=self._history_kind(), slug=slug).select_related("release__by").order_by("-number")
        found = list(printed.defer("search_text")[: EDITIONS_SHOWN + 1])
        told = []
        for newer, older in zip(found, [*found[1:], None], strict=False):
            what = f"Edition {newer.number} {'withdrawn' if newer.withdrawn else 'printed'}"
            what += "" if newer.cause == EditionCause.CONTENT else ", because something that it names changed"
            marker = TimelineMarker(newer.release.released_at, what, str(newer.release.by or ""), newer.release.note)
            told.append((newer, marker, describe_changes_between(older, newer) if older else []))
        return told[:EDITIONS_SHOWN]

    def _document_links(self, slugs: set[str]) -> dict:
        """Pages of the documents from which something was done."""
        if not slugs:
            return {}
        from django.apps import apps

        documents = apps.get_model("sources", "SourceDocument").objects.filter(slug__in=slugs).only("slug", "title")
        return {one.slug: (one.title, reverse("admin:sources_sourcedocument_change", args=[one.pk])) for one in documents}

    def _timeline_filter_choices(self, found: RecordTimeline) -> list[tuple[str, str]]:
        own = [(column.name, capfirst(str(column.verbose_name))) for column in snapshot_fields(self.model)]
        return own + [(part._meta.label_lower, capfirst(str(part._meta.verbose_name_plural))) for part in found.changed_models]

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
        (picture,) = display_differences([plan.difference], request.user)
        return {"shown": picture, "problems": plan.problems, "caveats": plan.caveats}

    def _resolve_history_point(self, name: str, pk: int, record: Curated | None) -> HistoryPoint:
        """The state that `name` names; Http404 if it names none."""
        if name == "now":
            return HistoryPoint(name, "now", take_snapshot(record) if record else RecordSnapshot(self.model, pk, None, {}))
        if name == "public" and record is not None:
            live = published_snapshot(record)
            return HistoryPoint(name, "what is public", live or RecordSnapshot(self.model, pk, None, {}))
        if name.startswith("edition-") and record is not None:
            number = name.removeprefix("edition-")
            printed = Edition.objects.filter(
                kind=self._history_kind(), slug=record.slug, cause=EditionCause.CONTENT
            ).select_related("release")
            edition = printed.filter(number=whole_number(number) or 0).first()
            if edition is None:
                raise Http404
            return HistoryPoint(name, f"edition {edition.number}", snapshot_at(self.model, pk, edition.release.released_at))
        try:
            when = datetime.fromisoformat(name)
            # The ends of time are of no time zone.
            called = f"{timezone.localtime(when):%-d %b %Y, %H:%M:%S}" if when.tzinfo else ""
        except (ValueError, OverflowError):
            raise Http404 from None
        if not called:
            raise Http404
        return HistoryPoint(name, called, snapshot_at(self.model, pk, when))

    def _render_comparison(self, request, pk, record, older: str, newer: str):
        before, after = self._resolve_history_point(older, pk, record), self._resolve_history_point(newer, pk, record)
        (picture,) = display_differences([compare_snapshots(before.snapshot, after.snapshot)], request.user)
        picture.before_label, picture.after_label = before.called, after.called
        may_revert = record is not None and self.has_change_permission(request, record) and before.snapshot.values is not None
        if may_revert:
            picture.actions_template = "desk/history/restore_link.html"
        context = {
            "title": f"{record or self._last_known_name(pk)}: {before.called} and {after.called}",
            "difference": picture,
            "before": before,
            "after": after,
            "may_revert": may_revert,
        }
        return self._render_history_page(request, pk, record, "compare", context)

    def _render_revert_preview(
        self, request, pk, record, to: HistoryPoint, only: list[str], remove: list[str], problems: list[str]
    ):
        plan = plan_revert(record, to.snapshot, only or None, remove)
        (picture,) = display_differences([plan.difference], request.user)
        picture.before_label, picture.after_label = "is now", "would be"
        picture.actions_template = "desk/history/restore_checkbox.html"
        added = compare_snapshots(
            RecordSnapshot(self.model, pk, plan.present.values, {}),
            RecordSnapshot(self.model, pk, plan.present.values, {c.row.address: c.row for c in plan.added_since}),
        )
        (since,) = display_differences([added], request.user)
        context = {
            "title": f"Put back {record}",
            "difference": picture,
            "to": to,
            "only": only,
            "remove": remove,
            "plan": plan,
            "added_since": [row for group in since.groups for row in group.rows],
            "problems": problems or plan.problems,
            "why": request.POST.get("why", ""),
        }
        return self._render_history_page(request, pk, record, "revert", context, status=409 if problems else 200)

    def _undo_refusals(self, request, one: RecordUndo) -> list[str]:
        """What the user may not do of what undoing does to this record."""
        pages: Any = self.admin_site._registry.get(one.model)
        record = one.model._default_manager.filter(pk=one.pk).first()
        if one.creates or one.deletes:
            allowed = pages.has_delete_permission(request, record)
            verb = "restore" if one.creates else "delete"
        else:
            allowed, verb = pages.has_change_permission(request, record), "change"
        if not allowed:
            return [f"You may not {verb} {one.label}."]
        return [] if one.creates or one.deletes else forbidden_row_changes(request.user, one.plan.difference)


class ChildHistoryMixin(ChangeReasonMixin, SimpleHistoryAdmin):
    """The history of a row is that of its record, narrowed to it."""

    def history_view(self, request, object_id, extra_context=None):
        key = whole_number(unquote(object_id))
        last = self.model.history.filter(id=key).order_by("-history_date", "-history_id").first() if key is not None else None
        if last is None:
            raise Http404
        if not self.has_view_permission(request):
            raise PermissionDenied
        whole = next(name for name in self.model.PARENT_FIELDS if getattr(last, f"{name}_id") is not None)
        record_key, model = getattr(last, f"{whole}_id"), self.model._meta.get_field(whole).related_model
        page = self._parent_history_url(model, record_key)
        return HttpResponseRedirect(f"{page}?row={self.opts.label_lower}/{key}")

    def _parent_history_url(self, model: type[Any], key: int) -> str:
        name = model._meta.model_name
        if model is Entity:
            name = Kind(self._kind_of_entity(key)).value
        return reverse(f"admin:{model._meta.app_label}_{name}_history", args=[key])

    def _kind_of_entity(self, key: int) -> str:
        kind = Entity.objects.filter(pk=key).values_list("kind", flat=True).first()
        if kind:
            return kind
        gone = next((m for m in Entity.__subclasses__() if m.history.filter(id=key).exists()), None)
        if gone is None:
            raise Http404
        return str(gone.KIND)

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Rows are put back with their record."""
        return self.history_view(request, object_id) if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET"])
