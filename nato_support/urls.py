from django.contrib import admin
from django.urls import include, path

from nato_support.api.front import healthz
from nato_support.workplace.urls import pages

of_admin, *namespace = admin.site.urls

urlpatterns = [
    path("admin/", ([*pages(admin.site), *of_admin], *namespace)),
    path("api/v1/", include("nato_support.api.urls")),
    path("healthz", healthz),
]
