"""The addresses of a person's place at the desk, as pages of the admin."""

from django.contrib import admin
from django.urls import URLPattern, path

from nato_support.workplace import charts, filters, habits, palette, presence


def pages(site: admin.AdminSite) -> list[URLPattern]:
    """To be put before the addresses of `site`, in its namespace."""
    return [
        # Without admin_view: whoever may not is answered 404, and not led to the page of signing in.
        path("workplace/presence/", presence.ping, name="workplace_presence"),
        path("workplace/search/", site.admin_view(palette.search_view), name="workplace_search"),
        path("workplace/find/", site.admin_view(palette.find_view), name="workplace_find"),
        path("workplace/palette/", site.admin_view(palette.palette_view), name="workplace_palette"),
        path("workplace/habits/", site.admin_view(habits.habits_view), name="workplace_habits"),
        path("workplace/charts/", site.admin_view(charts.charts_view), name="workplace_charts"),
        path("workplace/filters/", site.admin_view(filters.list_view), name="workplace_filters"),
        path("workplace/filters/save/", site.admin_view(filters.save_view), name="workplace_filter_save"),
        path("workplace/filters/<int:pk>/", site.admin_view(filters.apply_view), name="workplace_filter"),
        path("workplace/filters/<int:pk>/rename/", site.admin_view(filters.rename_view), name="workplace_filter_rename"),
        path("workplace/filters/<int:pk>/earlier/", site.admin_view(filters.earlier_view), name="workplace_filter_earlier"),
        path("workplace/filters/<int:pk>/delete/", site.admin_view(filters.delete_view), name="workplace_filter_delete"),
    ]
