"""Rows ticked for an action of a list."""

from typing import Any

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from entities.numbers import row_keys


class DropImpossibleTickedKeysMixin:
    """Passes an action only values that can be keys of rows."""

    def response_action(self: Any, request, queryset):
        request.POST = request.POST.copy()
        request.POST.setlist(ACTION_CHECKBOX_NAME, [str(key) for key in row_keys(request.POST.getlist(ACTION_CHECKBOX_NAME))])
        return super().response_action(request, queryset)
