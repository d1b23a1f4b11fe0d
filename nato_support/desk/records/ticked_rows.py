"""The rows that are ticked in a list."""

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from entities.untrusted import row_keys


class TickedRowsMixin:
    """Hands to an action only what can be the key of a row."""

    def response_action(self: Any, request, queryset):
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [str(key) for key in row_keys(request.POST.getlist(ACTION_CHECKBOX_NAME))])
        return super().response_action(request, queryset)
