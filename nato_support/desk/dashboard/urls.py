"""URLs of the dashboard, as pages of the admin."""

from django.contrib import admin
from django.urls import URLPattern, path

from nato_support.desk.dashboard import charts, list_columns, palette_and_search_views, preferences, presence, saved_filters
from nato_support.desk.pictures import addresses, picture_pages
from nato_support.desk.text_search import text_search_view


def dashboard_urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return URL patterns to stand before those of `site`, in its namespace."""
    return [
        # Not wrapped in admin_view: a ping without permission gets 404 instead of a redirect to the login page.
        path("presence/", presence.presence_ping_view, name="desk_presence"),
        path("search/", site.admin_view(palette_and_search_views.search_page_view), name="desk_search"),
        path("find/", site.admin_view(palette_and_search_views.quick_search_view), name="desk_find"),
        path("texts/", site.admin_view(text_search_view.text_search_view), name="desk_text_search"),
        path("palette/", site.admin_view(palette_and_search_views.palette_view), name="desk_palette"),
        path("preferences/", site.admin_view(preferences.preferences_view), name="desk_preferences"),
        path("columns/", site.admin_view(list_columns.save_list_columns_view), name="desk_list_columns"),
        path("charts/", site.admin_view(charts.charts_view), name="desk_charts"),
        path("pictures/", site.admin_view(picture_pages.register_pictures_view), name="desk_pictures"),
        path("record/<slug:collection>/", site.admin_view(addresses.list_redirect_view), name="desk_record_list"),
        path("record/<slug:collection>/<slug:slug>/", site.admin_view(addresses.record_redirect_view), name="desk_record"),
        path("filters/", site.admin_view(saved_filters.saved_filters_view), name="desk_filters"),
        path("filters/save/", site.admin_view(saved_filters.save_filter_view), name="desk_filter_save"),
        path("filters/<int:pk>/", site.admin_view(saved_filters.apply_filter_view), name="desk_filter"),
        path(
            "filters/<int:pk>/rename/",
            site.admin_view(saved_filters.rename_filter_view),
            name="desk_filter_rename",
        ),
        path(
            "filters/<int:pk>/earlier/",
            site.admin_view(saved_filters.move_filter_up_view),
            name="desk_filter_earlier",
        ),
        path(
            "filters/<int:pk>/delete/",
            site.admin_view(saved_filters.delete_filter_view),
            name="desk_filter_delete",
        ),
    ]
