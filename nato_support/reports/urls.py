"""URLs of the pages on which readers report something. The converters are the API's."""

from django.urls import path

from nato_support.reports.reader_views import report_form_view, report_view

urlpatterns = [
    path("new/<public_id:collection>/<public_id:slug>/<ordinal:number>/", report_form_view, name="reader-report-form"),
    path("<str:token>/", report_view, name="reader-report"),
]
