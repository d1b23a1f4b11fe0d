"""Merge actions on the pages of records, and the filter that hides merged records."""

from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import action

from entities.models import Entity, Merge
from entities.vocabulary import Kind
from nato_support.desk.records.filter_counts import OptionsFilter


def may_merge_records(user) -> bool:
    return user.has_perm("entities.merge")


def entity_page_url(record: Entity) -> str:
    return reverse(f"admin:entities_{Kind(record.kind).value}_change", args=[record.pk])


class MergedFilter(OptionsFilter):
    """Filter that hides merged records by default."""

    title = "merged"
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", "merged only"), ("all", "all")]

    def queryset(self, request, queryset):
        merged = Entity.objects.order_by().filter(merged_into__isnull=False).values("pk")
        if self.value() == "all":
            return queryset
        return queryset.filter(pk__in=merged) if self.value() == "yes" else queryset.exclude(pk__in=merged)

    def _counts(self, changelist):
        # Its options overlap.
        return None


class HideMergedMixin(admin.ModelAdmin):
    """Leaves merged entities out of lists and autocompletes."""

    def get_list_filter(self, request):
        return (*super().get_list_filter(request), MergedFilter)

    def get_search_results(self, request, queryset, search_term):
        matches, distinct = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            matches = matches.exclude(pk__in=Entity.objects.order_by().filter(merged_into__isnull=False).values("pk"))
        return matches, distinct


class MergeableRecordsMixin(HideMergedMixin):
    """Actions that merge two records of one kind. A merged record is read-only."""

    actions_detail = ("merge_into",)
    actions = ("merge_selected",)

    def has_merge_permission(self, request, object_id=None) -> bool:
        merged = object_id and Entity.objects.filter(pk=object_id, merged_into__isnull=False).exists()
        return may_merge_records(request.user) and not merged

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not (obj and obj.merged_into_id)

    @action(description="Merge into …", url_path="merge-into", permissions=["merge"])
    def merge_into(self, request, object_id):
        return HttpResponseRedirect(reverse("admin:entities_merge_into", args=[object_id]))

    @admin.action(description="Merge the two selected", permissions=["merge"])
    def merge_selected(self, request, queryset):
        keys = sorted(queryset.values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, "Select two records; the newer one is merged into the older one.", messages.WARNING)
            return None
        return HttpResponseRedirect(reverse("admin:entities_merge_pair", args=[keys[1], keys[0]]))

    def merged_meanwhile_response(self, request, record):
        """Show what was typed, to be copied: the record was merged while it was being edited."""
        if not (record.merged_into_id and super().has_change_permission(request, record)):
            return super().merged_meanwhile_response(request, record)
        form = self.get_form(request, None, change=False)(request.POST, request.FILES, instance=record)
        typed = [(form.fields[name].label or name, form[name].value()) for name in form.changed_data]
        formsets, _ = self._create_formsets(request, record, change=True)
        for formset in formsets:
            for row in formset.forms:
                changed = [name for name in row.changed_data if name in row.fields and row[name].value() not in (None, "")]
                values = "; ".join(f"{row.fields[name].label}: {row[name].value()}" for name in changed)
                if values:
                    typed.append((formset.model._meta.verbose_name, values))
        merge = Merge.objects.filter(merged=record.pk, undone_at=None).select_related("merged_by").first()
        context = {
            **self.admin_site.each_context(request),
            "title": f"“{record}” was merged",
            "opts": self.opts,
            "record": record,
            "survivor": record.merged_into,
            "survivor_page": entity_page_url(record.merged_into),
            "merge": merge,
            "typed": typed,
        }
        return TemplateResponse(request, "desk/merge/merged_meanwhile.html", context, status=409)
