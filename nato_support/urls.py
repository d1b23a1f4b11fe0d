"""URLs of the project."""

from django.contrib import admin
from django.urls import include, path

from nato_support.desk.dashboard.urls import dashboard_urls
from nato_support.desk.doubts.doubt_queue import doubt_urls
from nato_support.desk.records.autocomplete_view import RecordAutocompleteView
from nato_support.desk.teamwork.teamwork_urls import teamwork_urls

# Not when the apps load: most commands need no page of the admin.
admin.autodiscover()
admin_patterns, admin_app_name, admin_namespace = admin.site.urls
autocomplete_view = admin.site.admin_view(RecordAutocompleteView.as_view(admin_site=admin.site))

handler500 = "nato_support.serving.outages.server_error"

urlpatterns = [
    # Before the admin's own.
    path("admin/autocomplete/", autocomplete_view, name="autocomplete"),
    path(
        "admin/",
        (
            [*dashboard_urls(admin.site), *doubt_urls(admin.site), *teamwork_urls(admin.site), *admin_patterns],
            admin_app_name,
            admin_namespace,
        ),
    ),
    path("api/v1/", include("nato_support.api.urls")),
    path("reports/", include("nato_support.reports.urls")),
    path("", include("nato_support.pages.urls")),
]
