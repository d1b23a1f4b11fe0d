"""Timeline of a record: its changes and, between them, its editions and the steps of its reviews."""

from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst

from entities.history.deleted_record_restoration import plan_restoration_of_deleted
from entities.history.record_snapshots import (
    snapshot_fields,
)
from entities.history.record_timeline import RecordTimelinePage, read_record_timeline, state_before_deletion
from entities.history.revert_plan import RevertPlan
from entities.models import Entity, Merge
from entities.numbers import integer_or_none
from entities.vocabulary import Action, Status
from nato_support.desk.records.difference_display import display_differences
from nato_support.desk.records.displayed_differences import DisplayedDifference
from nato_support.desk.records.history_page_base import HistoryPageBase
from nato_support.desk.records.publication_markers import (
    TimelineMarker,
    decision_marker,
    join_decisions_with_editions,
    publication_of_entry,
)
from nato_support.desk.records.referenced_row_labels import may_view_model
from nato_support.publishing.editions.edition_differences import describe_changes_between
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.models.submissions import SubmittedRecord
from sources.models import SourceDocument

EDITIONS_SHOWN = 20
MOST_PAGES = 999_999


@dataclass
class TimelineLine:
    """Entry of the timeline with its display."""

    entry: Any
    shown: DisplayedDifference
    what: str
    document: Any
    may_undo: bool
    publication: TimelineMarker | None = None
    """The edition that it published or withdrew."""

    @property
    def action(self) -> str:
        return str(Action(self.entry.action).label)


class TimelinePageMixin(HistoryPageBase):
    """Page with the timeline of a record."""

    def history_view(self, request, object_id, extra_context=None):
        pk, record = self.key_and_record(request, object_id)
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
            "title": f"History of {record or self.last_known_name(pk)}",
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
            "restoring": last_state and self._plan_context(request, plan_restoration_of_deleted(self.model, pk, last_state)),
            "merge": self._merge_link(request, record),
        }
        return self.render_history_page(request, pk, record, "history", context, extra_context)

    def _timeline_lines(self, request, pk, record, timeline: RecordTimelinePage, editions) -> list:
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
        markers = self._markers_joined_with_lines(lines, [marker for _, marker, _ in editions], pk)
        # Each page shows the markers of its own time span.
        after = timeline.entries[0].at if timeline.entries and timeline.number > 1 else None
        before = timeline.entries[-1].since if timeline.entries and timeline.number < timeline.pages else None
        lines += [m for m in markers if (after is None or m.at <= after) and (before is None or m.at >= before)]
        return sorted(lines, key=lambda line: line.entry.at if isinstance(line, TimelineLine) else line.at, reverse=True)

    def _markers_joined_with_lines(self, lines: list[TimelineLine], editions: list[TimelineMarker], pk) -> list[TimelineMarker]:
        """Give each publication among `lines` its edition; return the markers that remain lines of their own."""
        steps, decisions = self._review_markers(pk)
        markers = [*join_decisions_with_editions(editions, decisions), *steps]
        for line, earlier in zip(lines, [*lines[1:], None], strict=False):
            if marker := publication_of_entry(line.entry, earlier.entry if earlier else None, markers):
                line.publication = marker
                markers.remove(marker)
        return markers

    def _describe_timeline_entry(self, entry, display: DisplayedDifference) -> str:
        phrases = [display.summary] if entry.difference else []
        if entry.status:
            phrases.append(" → ".join(str(Status(status).label) for status in entry.status))
        if entry.moved_here:
            phrases.append(f"{entry.moved_here} of them moved here from another record")
        if entry.moved_away:
            phrases.append(f"{entry.moved_away} of them moved to another record")
        return "; ".join(phrases) or "no visible change"

    def _review_markers(self, pk: int) -> tuple[list[TimelineMarker], list[TimelineMarker]]:
        """Return the markers of when the record was sent for review, and of the decisions."""
        steps, decisions = [], []
        submitted = SubmittedRecord.objects.filter(kind=self.history_kind(), record=pk).order_by("-submission__submitted_at")
        for entry in submitted.select_related("submission__submitted_by", "submission__decided_by")[:EDITIONS_SHOWN]:
            submission = entry.submission
            steps.append(
                TimelineMarker(submission.submitted_at, "Sent for review", str(submission.submitted_by or ""), submission.note)
            )
            if submission.decided_at:
                decisions.append(decision_marker(submission))
        return steps, decisions

    def _editions_with_markers(self, slug: str) -> list:
        """Return the newest editions, each with its marker and the changes that readers saw."""
        editions = Edition.objects.filter(kind=self.history_kind(), slug=slug).select_related("release__by").order_by("-number")
        newest = list(editions[: EDITIONS_SHOWN + 1])
        rows = []
        for newer, older in zip(newest, [*newest[1:], None], strict=False):
            label = f"Edition {newer.number} {'withdrawn' if newer.withdrawn else 'published'}"
            label += "" if newer.cause == EditionCause.CONTENT else ", because a record it refers to changed"
            release = newer.release
            marker = TimelineMarker(release.released_at, label, str(release.by or ""), release.note, release.pk)
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

    def _timeline_filter_choices(self, timeline: RecordTimelinePage) -> list[tuple[str, str]]:
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
