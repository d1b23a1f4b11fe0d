"""Read-only admin pages of what the document desk records: decisions, earlier texts, read marks and steps."""

from django.contrib import admin
from unfold.contrib.filters.admin import AutocompleteSelectFilter

from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.records.filter_counts import ChoicesFilter
from sources.models import CaptureStep, EarlierText, ReadMark, SuggestionDecision


class PrivateTextAdmin(ReadOnlyAdmin):
    """Admin of rows that quote document texts, which only people who may change documents read."""

    def has_view_permission(self, request, obj=None):
        return super().has_view_permission(request, obj) and request.user.has_perm("sources.change_sourcedocument")


@admin.register(SuggestionDecision)
class SuggestionDecisionAdmin(PrivateTextAdmin):
    list_display = ("exact", "kind", "outcome", "document", "rule", "score", "decided_by", "decided_at")
    list_filter = (
        ("outcome", ChoicesFilter),
        ("kind", ChoicesFilter),
        ("document", AutocompleteSelectFilter),
    )
    list_select_related = ("document", "decided_by")
    search_fields = ("exact", "rule")
    ordering = ("-pk",)

    def has_delete_permission(self, request, obj=None):
        # Deleting a decision lets its suggestion come back.
        return request.user.has_perm("sources.delete_suggestiondecision")


@admin.register(EarlierText)
class EarlierTextAdmin(PrivateTextAdmin):
    list_display = ("document", "replaced_at", "replaced_by", "sha256")
    list_filter = (("document", AutocompleteSelectFilter),)
    list_select_related = ("document", "replaced_by")
    ordering = ("-pk",)


@admin.register(ReadMark)
class ReadMarkAdmin(PrivateTextAdmin):
    list_display = ("document", "start", "end", "marked_by", "marked_at")
    list_filter = (("document", AutocompleteSelectFilter),)
    list_select_related = ("document", "marked_by")
    ordering = ("-pk",)


@admin.register(CaptureStep)
class CaptureStepAdmin(PrivateTextAdmin):
    list_display = ("label", "document", "taken_by", "taken_at", "undone")
    list_filter = (("document", AutocompleteSelectFilter),)
    list_select_related = ("document", "taken_by")
    ordering = ("-pk",)
