from django.contrib import admin
from django.db.models import Q
from unfold.contrib.filters.admin import AutocompleteSelectFilter, ChoicesDropdownFilter

from entities.admin.base import CuratedAdmin, RegisterAdmin, StackedParts, TabularParts
from entities.admin.lists import StatusFilter, within
from entities.admin.release import ReleasedAdmin
from entities.admin.search import called
from entities.models import Relation, RelationJoin, RelationType


class RelationsInline(StackedParts):
    """Relations of the record on whose page they stand; each is a record of its own, with its own status."""

    model = Relation
    show_change_link = True
    # A relation may be public: it is withdrawn, or deleted, on its own page.
    can_delete = False
    needs_record = True

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("type", "subject", "object")


class RelationsFromInline(RelationsInline):
    fk_name = "subject"
    verbose_name = "relation from here"
    verbose_name_plural = "relations from"
    fields = (("type", "object"), ("role", "start", "end"))


class RelationsToInline(RelationsInline):
    fk_name = "object"
    verbose_name = "relation to here"
    verbose_name_plural = "relations to"
    fields = (("subject", "type"), ("role", "start", "end"))


@admin.register(Relation)
class RelationAdmin(ReleasedAdmin, CuratedAdmin):
    list_display = ("subject", "type", "object", "standing", "role", "start", "end", "updated")
    list_display_links = ("subject", "type")
    list_filter = (
        StatusFilter,
        ("type", AutocompleteSelectFilter),
        ("subject", AutocompleteSelectFilter),
        ("object", AutocompleteSelectFilter),
        within("start_earliest", "start"),
    )
    list_select_related = ("type", "subject", "object")
    search_fields = ("slug", "role")
    search_help_text = "Words of the names of its ends, of its role or of its public id"
    fieldsets = (
        ("Who stands how to whom", {"fields": ("subject", "type", "object", "role")}),
        ("Since when, until when", {"fields": (("start", "end"),)}),
        ("Address", {"fields": ("slug",)}),
    )

    def get_search_results(self, request, queryset, search_term):
        for word in search_term.split():
            ends = Q(subject__in=called(word)) | Q(object__in=called(word))
            queryset = queryset.filter(ends | Q(slug__icontains=word) | Q(role__icontains=word))
        return queryset, False


class RelationJoinInline(TabularParts):
    model = RelationJoin
    fields = ("subject_kind", "object_kind")
    tab = False
    show_count = False
    verbose_name_plural = "what it may join"


@admin.register(RelationType)
class RelationTypeAdmin(RegisterAdmin):
    list_display = ("label", "inverse_label", "slug", "joins_listed")
    list_prefetch_related = ("joins",)
    search_fields = ("label", "inverse_label", "slug")
    ordering = ("slug",)
    fields = ("slug", ("label", "inverse_label"))
    inlines = (RelationJoinInline,)

    @admin.display(description="may join")
    def joins_listed(self, relation_type):
        return ", ".join(str(join) for join in relation_type.joins.all())


@admin.register(RelationJoin)
class RelationJoinAdmin(RegisterAdmin):
    list_display = ("type", "subject_kind", "object_kind")
    list_select_related = ("type",)
    list_filter = (("subject_kind", ChoicesDropdownFilter), ("object_kind", ChoicesDropdownFilter))
    search_fields = ("type__slug",)
    ordering = ("type", "subject_kind", "object_kind")
