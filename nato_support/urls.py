from django.contrib import admin
from django.urls import include, path

from entities.admin.suggesting import Suggestions
from nato_support.api.front import healthz
from nato_support.workplace.urls import pages

of_admin, app, namespace = admin.site.urls
suggestions = admin.site.admin_view(Suggestions.as_view(admin_site=admin.site))

urlpatterns = [
    # Before the admin's own.
    path("admin/autocomplete/", suggestions, name="autocomplete"),
    path("admin/", ([*pages(admin.site), *of_admin], app, namespace)),
    path("api/v1/", include("nato_support.api.urls")),
    path("healthz", healthz),
]
