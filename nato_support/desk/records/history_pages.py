"""History pages of a record together: one mixin for the model admin, with the URLs of them all."""

from django.urls import path
from simple_history.admin import SimpleHistoryAdmin

from nato_support.desk.records.change_reason import ChangeReasonMixin
from nato_support.desk.records.comparison_page import ComparisonPageMixin
from nato_support.desk.records.revert_page import RevertPageMixin
from nato_support.desk.records.timeline_page import TimelinePageMixin
from nato_support.desk.records.undo_page import UndoPageMixin


class HistoryPagesMixin(
    TimelinePageMixin, ComparisonPageMixin, RevertPageMixin, UndoPageMixin, ChangeReasonMixin, SimpleHistoryAdmin
):
    """Timeline, comparison, reverting, undoing and restoring of a record."""

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
