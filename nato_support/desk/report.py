"""Pages of what readers report: the queue, and one report."""

from django.contrib import admin
from django.urls import path

from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.reports import report_views
from nato_support.reports.models import ReaderReport


@admin.register(ReaderReport)
class ReaderReportAdmin(ReadOnlyAdmin):
    """Reports of readers, viewed and answered on pages of their own, never in a form of their fields."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(report_views.report_queue_view), name="reports_readerreport_changelist"),
            path("<int:pk>/change/", view(report_views.report_view), name="reports_readerreport_change"),
        ]
