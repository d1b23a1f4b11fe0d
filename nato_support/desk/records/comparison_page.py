"""Comparison of two states of a record."""

from django.http import Http404, HttpResponseNotAllowed

from entities.history.record_snapshots import (
    compare_snapshots,
)
from entities.numbers import integer_or_none
from nato_support.desk.records.difference_display import display_differences
from nato_support.desk.records.history_page_base import HistoryPageBase


class ComparisonPageMixin(HistoryPageBase):
    """Page that compares two states of a record."""

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Simple-history's page of a version: here its comparison with the present."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        pk, record = self.key_and_record(request, object_id)
        key = self.model._meta.pk.attname
        last = self.model.history.filter(**{key: pk}, history_id=integer_or_none(version_id) or 0).first()
        if last is None:
            raise Http404
        return self._render_comparison(request, pk, record, last.history_date.isoformat(), "now")

    def compare_view(self, request, object_id):
        pk, record = self.key_and_record(request, object_id)
        return self._render_comparison(request, pk, record, request.GET.get("from", ""), request.GET.get("to", "now"))

    def _render_comparison(self, request, pk, record, older: str, newer: str):
        before, after = self.resolve_history_point(older, pk, record), self.resolve_history_point(newer, pk, record)
        (display,) = display_differences([compare_snapshots(before.snapshot, after.snapshot)], request.user)
        display.before_label, display.after_label = before.label, after.label
        may_revert = record is not None and self.has_change_permission(request, record) and before.snapshot.values is not None
        if may_revert:
            display.actions_template = "desk/history/restore_link.html"
        context = {
            "title": f"{record or self.last_known_name(pk)}: {before.label} and {after.label}",
            "difference": display,
            "before": before,
            "after": after,
            "may_revert": may_revert,
        }
        return self.render_history_page(request, pk, record, "compare", context)
