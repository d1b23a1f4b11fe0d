from django.contrib import admin
from django.urls import include, path

from nato_support.api.front import healthz

urlpatterns = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("nato_support.api.urls")),
    path("healthz", healthz),
]
