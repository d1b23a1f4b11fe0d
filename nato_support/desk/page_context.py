"""Template context of admin pages that belong to no model."""

from typing import Any

from django.contrib import admin


def admin_page_context(request, title: str) -> dict[str, Any]:
    """Return the context that every such page needs, and make the admin site the current application of the request."""
    request.current_app = admin.site.name
    return {**admin.site.each_context(request), "title": title, "opts": None}
