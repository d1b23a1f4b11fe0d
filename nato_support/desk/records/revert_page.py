"""Reverting a record to an earlier state: preview, choice of fields and rows, and execution."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect

from entities.history.record_snapshots import (
    RecordSnapshot,
    compare_snapshots,
)
from entities.history.reverting import plan_revert, revert_record
from entities.numbers import integer_or_none
from entities.refusals import Refused
from entities.vocabulary import Status
from nato_support.desk.records.change_reason import ReasonForm
from nato_support.desk.records.citations_beside_values import documents_of_cited_quotes
from nato_support.desk.records.difference_display import display_differences, summarise_difference
from nato_support.desk.records.history_page_base import HistoryPageBase, HistoryPoint, forbidden_row_changes


class RevertPageMixin(HistoryPageBase):
    """Page that previews and executes the reverting of a record."""

    def revert_view(self, request, object_id):
        pk, record = self.key_and_record(request, object_id)
        if record is None:
            raise Http404
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        parameters = request.POST if request.method == "POST" else request.GET
        to = self.resolve_history_point(parameters.get("to", ""), pk, record)
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
                    message = f"Restored: {summarise_difference(done.difference, documents_of_cited_quotes([done.difference]))}."
                    is_public = record.status == Status.PUBLISHED
                    message += " Publish the record to make it public." if is_public else ""
                    self.message_user(request, message, messages.SUCCESS)
                    return HttpResponseRedirect(self.history_url("history", pk))
            record = self.get_object(request, str(pk))
        return self._render_revert_preview(request, pk, record, to, only, remove, problems)

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
        return self.render_history_page(request, pk, record, "revert", context, status=409 if problems else 200)
