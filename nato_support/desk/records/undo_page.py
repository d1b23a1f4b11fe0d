"""Undoing one change in all records that it affected, and restoring a deleted record."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect

from entities.history.deleted_record_restoration import restore_deleted_record
from entities.history.undoing import RecordUndoPlan, plan_undo, undo_change
from entities.numbers import integer_or_none
from entities.refusals import Refused
from nato_support.desk.records.change_reason import posted_reason
from nato_support.desk.records.difference_display import display_differences
from nato_support.desk.records.history_page_base import HistoryPageBase, forbidden_row_changes
from nato_support.desk.records.referenced_row_labels import may_view_model


class UndoPageMixin(HistoryPageBase):
    """Page that undoes a change, and the operation that restores a deleted record."""

    def undo_view(self, request, object_id, change: UUID):
        pk, record = self.key_and_record(request, object_id)
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
                return HttpResponseRedirect(self.history_url("history", pk))
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
        return self.render_history_page(request, pk, record, "undo", context, status=409 if problems else 200)

    def restore_view(self, request, object_id):
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        pk, record = self.key_and_record(request, object_id)
        if not self.has_delete_permission(request):
            raise PermissionDenied
        try:
            record = restore_deleted_record(self.model, pk, by=request.user, reason=posted_reason(request))
        except Refused as refused:
            for problem in refused.problems:
                self.message_user(request, f"Not restored. {problem}", messages.ERROR)
            return HttpResponseRedirect(self.history_url("history", pk))
        self.message_user(request, f"“{record}” was restored, as a draft.", messages.SUCCESS)
        return HttpResponseRedirect(self.history_url("change", pk))

    def _undo_refusals(self, request, undo: RecordUndoPlan) -> list[str]:
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
