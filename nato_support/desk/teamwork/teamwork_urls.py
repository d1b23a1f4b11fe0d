"""URLs of comments, assignments and notifications, as pages of the admin."""

from collections.abc import Callable

from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, path

from nato_support.desk.teamwork import assignment_views, comment_views, notification_feed, notification_views


def teamwork_urls(site: admin.AdminSite) -> list[URLPattern]:
    """Return URL patterns to stand before those of `site`, in its namespace."""
    record = "<slug:record_kind>/<int:pk>/"
    pages: list[tuple[str, Callable[..., HttpResponse], str]] = [
        (f"comments/{record}", comment_views.add_comment_view, "desk_comment_add"),
        ("comments/<int:pk>/reply/", comment_views.reply_view, "desk_comment_reply"),
        ("comments/<int:pk>/resolve/", comment_views.resolve_view, "desk_comment_resolve"),
        ("comments/<int:pk>/reopen/", comment_views.reopen_view, "desk_comment_reopen"),
        (f"people/{record}", comment_views.people_view, "desk_people"),
        (f"assignments/{record}", assignment_views.assign_view, "desk_assign"),
        (f"assignments/{record}unassign/", assignment_views.unassign_view, "desk_unassign"),
        ("notifications/", notification_views.notifications_view, "desk_notifications"),
        ("notifications/read/", notification_views.mark_read_view, "desk_notifications_read"),
        ("notifications/feed/", notification_views.feed_settings_view, "desk_feed_settings"),
        ("notifications/<int:pk>/", notification_views.open_notification_view, "desk_notification"),
    ]
    return [
        # Not wrapped in admin_view: readers of feeds do not sign in.
        path("feed/<slug:token>/", notification_feed.feed_view, name="desk_feed"),
        *(path(route, site.admin_view(view), name=name) for route, view, name in pages),
    ]
