"""Merging at the desk: the way there from a record or a list, the preview, the history of merges, and the way back."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse
from unfold.contrib.filters.admin import DropdownFilter
from unfold.decorators import action

from entities import merging
from entities.fields import strip_control_characters
from entities.history.record_snapshots import snapshot_fields
from entities.merging import BOTH, MERGED, SURVIVOR, AffectedRow, MergedFieldGroup, MergeOutcome, MergePlan, unmerging
from entities.models import Child, Entity, Judgement, Merge, Relation, change_set
from entities.refusals import Refused, Stale
from entities.vocabulary import DuplicateVerdict, Kind
from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.records.name_lookup import order_by_name_match
from nato_support.publishing.merge_publication import assess_merge_impact, merge_and_publish, unmerge_and_publish
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import queues, workflow
from nato_support.publishing.review.pending_changes import find_pending_changes

MERGE_ROWS_SHOWN = 100
"""So many rows of each list are shown; the rest is counted."""


def may_merge_records(user) -> bool:
    return user.has_perm("entities.merge")


def entity_page_url(record: Entity) -> str:
    return reverse(f"admin:entities_{Kind(record.kind).value}_change", args=[record.pk])


class MergedFilter(DropdownFilter):
    """Merged records are out of the way unless they are asked for."""

    title = "merged"
    parameter_name = "merged"

    def lookups(self, request, model_admin):
        return [("yes", "merged into another"), ("all", "merged ones too")]

    def queryset(self, request, queryset):
        merged = Entity.objects.order_by().filter(merged_into__isnull=False).values("pk")
        if self.value() == "all":
            return queryset
        return queryset.filter(pk__in=merged) if self.value() == "yes" else queryset.exclude(pk__in=merged)


class HideMergedMixin(admin.ModelAdmin):
    """Entities of which merged ones stay out of lists and choices."""

    def get_list_filter(self, request):
        return (*super().get_list_filter(request), MergedFilter)

    def get_search_results(self, request, queryset, search_term):
        found, distinct = super().get_search_results(request, queryset, search_term)
        if request.resolver_match and request.resolver_match.url_name == "autocomplete":
            found = found.exclude(pk__in=Entity.objects.order_by().filter(merged_into__isnull=False).values("pk"))
        return found, distinct


class MergeableMixin(HideMergedMixin):
    """Records of one kind that can be merged. One that was is only looked at."""

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
            self.message_user(request, "Select two records: the later one is merged into the earlier one.", messages.WARNING)
            return None
        return HttpResponseRedirect(reverse("admin:entities_merge_pair", args=[keys[1], keys[0]]))

    def merged_meanwhile(self, request, record):
        """Somebody saved what was merged while they wrote: nothing is stored, and what they wrote is theirs to take along."""
        if not (record.merged_into_id and super().has_change_permission(request, record)):
            return super().merged_meanwhile(request, record)
        form = self.get_form(request, None, change=False)(request.POST, request.FILES, instance=record)
        typed = [(form.fields[name].label or name, form[name].value()) for name in form.changed_data]
        formsets, _ = self._create_formsets(request, record, change=True)
        for formset in formsets:
            for row in formset.forms:
                changed = [name for name in row.changed_data if name in row.fields and row[name].value() not in (None, "")]
                told = "; ".join(f"{row.fields[name].label}: {row[name].value()}" for name in changed)
                if told:
                    typed.append((formset.model._meta.verbose_name, told))
        done = Merge.objects.filter(merged=record.pk, undone_at=None).select_related("merged_by").first()
        context = {
            **self.admin_site.each_context(request),
            "title": f"“{record}” was merged",
            "opts": self.opts,
            "record": record,
            "survivor": record.merged_into,
            "survivor_page": entity_page_url(record.merged_into),
            "merge": done,
            "typed": typed,
        }
        return TemplateResponse(request, "desk/merge/merged_meanwhile.html", context, status=409)


@dataclass(frozen=True)
class MergePreviewField:
    """One field in the three columns of the preview."""

    unit: MergedFieldGroup
    label: str
    merged: str
    survivor: str
    result: str
    both: str
    """The members of both lists; '' where one list holds them all, or a field has one value."""

    @property
    def differs(self) -> bool:
        return self.merged != self.survivor


@dataclass(frozen=True)
class MergePreviewRow:
    """A row of a list of the preview."""

    kind: str
    text: str
    page: str
    note: str
    address: str
    keeps: bool
    """Whether an editor may keep both."""
    both: bool


def _merge_preview_fields(made: MergePlan) -> list[MergePreviewField]:
    model = type(made.survivor)
    fields: dict[str, Any] = {one.name: one for one in snapshot_fields(model)}
    return [
        MergePreviewField(
            unit,
            ", ".join(str(fields[name].verbose_name) for name in unit.names),
            *(
                _field_values_in_words(model, unit, values)
                for values in (unit.merged, unit.survivor, unit.result, unit.combined_lists)
            ),
        )
        for unit in made.field_groups
    ]


def _field_values_in_words(model, unit: MergedFieldGroup, values: tuple | None) -> str:
    """The values of a field as one reads them."""
    if values is None:
        return ""
    told = []
    for name, value in zip(unit.names, values, strict=True):
        one: Any = model._meta.get_field(name)
        if one.is_relation:
            keys = value if one.many_to_many else [value] if value else []
            told.append(", ".join(map(str, one.related_model._default_manager.filter(pk__in=keys))))
        else:
            told.append(str(dict(one.flatchoices).get(value, value) if value is not None else ""))
    return "; ".join(filter(None, told))


def _merge_preview_row(line: AffectedRow) -> MergePreviewRow:
    keyed = "key" in line.before and line.twin is not None
    note = line.note or (f"the same as {line.twin.row}" if line.twin and line.after is None else "")
    return MergePreviewRow(
        str(line.model._meta.verbose_name),
        str(line.row),
        _row_page_url(line.row),
        note,
        line.address,
        keyed,
        keyed and line.after is not None,
    )


def _row_page_url(row) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def _merge_preview_lists(made: MergePlan) -> list[dict]:
    found = []
    for fate in MergeOutcome:
        lines = made.rows_with_outcome(fate)
        rows = [_merge_preview_row(line) for line in lines[:MERGE_ROWS_SHOWN]]
        found.append({"fate": fate.value, "label": fate.label, "count": len(lines), "rows": rows, "more": len(lines) - len(rows)})
    return found


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "merged_at", "merged_by", "why", "state")
    list_select_related = ("merged", "survivor", "merged_by")
    list_filter = ()
    search_fields = ("merged__name", "merged__slug__startswith", "survivor__name", "survivor__slug__startswith")
    search_help_text = "Words of the name of either record, or the start of its public id"
    ordering = ("-pk",)

    @admin.display(description="state")
    def state(self, merge):
        return f"taken back {merge.undone_at:%Y-%m-%d}" if merge.undone_at else "stands"

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:merged>/into/", view(self.choose_survivor_view), name="entities_merge_into"),
            path("<int:merged>/into/<int:survivor>/", view(self.pair_view), name="entities_merge_pair"),
            *super().get_urls(),
        ]

    def choose_survivor_view(self, request, merged: int):
        """Asks into which record one is to be merged."""
        record = self._entity_to_merge(request, merged)
        words = request.GET.get("q", "").strip()
        model_admin = self.admin_site._registry[type(record)]
        found = type(record)._default_manager.filter(merged_into=None).exclude(pk=record.pk)
        if words:
            found, _ = model_admin.get_search_results(request, found, words)
        found = order_by_name_match(found, words)[:20] if words else []
        return self._render_merge_page(
            request, "choose_survivor", f"Merge “{record}” into …", record=record, words=words, found=list(found)
        )

    def pair_view(self, request, merged: int, survivor: int):
        """The preview, and what its buttons do."""
        records = self._entity_to_merge(request, merged), self._entity_to_merge(request, survivor)
        choices = _posted_merge_choices(request.POST)
        problems: list[str] = []
        status = 200
        if request.method == "POST" and "different" in request.POST:
            why = strip_control_characters(request.POST.get("why", ""))
            with change_set(by=request.user, why=why):
                Judgement.objects.record_verdict(*records, DuplicateVerdict.DIFFERENT, request.user, why)
            messages.success(request, f"“{records[0]}” and “{records[1]}” are noted as not the same. Nothing was merged.")
            return HttpResponseRedirect(entity_page_url(records[1]))
        if request.method == "POST" and "merge" in request.POST:
            try:
                done = self._merge_as_posted(request, records, choices)
            except Refused as refused:
                problems, status = refused.problems, 409 if isinstance(refused, Stale) else 400
            else:
                messages.success(request, f"“{done.merged}” was merged into “{done.survivor}”.")
                return HttpResponseRedirect(entity_page_url(done.survivor))
        made = merging.plan_merge(*records, choices)
        cells = _merge_preview_fields(made)
        context = {
            "plan": made,
            "open": [cell for cell in cells if cell.differs],
            "same": [cell for cell in cells if not cell.differs],
            "lists": _merge_preview_lists(made) if not made.refusals else [],
            "totals": made.totals if not made.refusals else None,
            "outlook": assess_merge_impact(made) if not made.refusals else None,
            "links": [made.link_counts.get(one.pk, 0) for one in (made.merged, made.survivor)],
            "pages": [entity_page_url(one) for one in (made.merged, made.survivor)],
            "swap": reverse("admin:entities_merge_pair", args=[survivor, merged]),
            "problems": problems,
            "typed": request.POST,
            "may_publish": request.user.has_perm("publishing.publish"),
            "sides": (MERGED, SURVIVOR, BOTH),
        }
        return self._render_merge_page(request, "pair", f"Merge “{records[0]}” into “{records[1]}”", status, **context)

    def _merge_as_posted(self, request, records, choices) -> Merge:
        why = strip_control_characters(request.POST.get("why", ""))
        if not why:
            raise Refused(["Say in a sentence why they are one: whoever looks at this merge later will ask."])
        along = "along" in request.POST
        if along and not request.user.has_perm("publishing.publish"):
            raise PermissionDenied
        _refuse_unreviewed(records, along, request.user)
        return merge_and_publish(
            *records,
            choices,
            expected_digest=request.POST.get("seen", ""),
            by=request.user,
            reason=why,
            note=strip_control_characters(request.POST.get("note", "")),
            confirmed="confirmed" in request.POST,
            publish_survivor=along,
        )

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What a merge moved, and what taking it back would do."""
        done = self.get_object(request, unquote(object_id))
        if done is None:
            raise Http404
        if not self.has_view_permission(request, done):
            raise PermissionDenied
        sorting = {name.removeprefix("sort:"): value for name, value in request.POST.items() if name.startswith("sort:")}
        problems: list[str] = []
        status = 200
        if request.method == "POST":
            if not may_merge_records(request.user):
                raise PermissionDenied
            try:
                why = strip_control_characters(request.POST.get("why", ""))
                unmerge_and_publish(done, sorting, expected_digest=request.POST.get("seen", ""), by=request.user, reason=why)
            except Refused as refused:
                problems, status = refused.problems, 409 if isinstance(refused, Stale) else 400
            else:
                messages.success(request, f"“{done.merged}” is a record of its own again.")
                return HttpResponseRedirect(entity_page_url(done.merged))
        context = {
            "merge": done,
            "back": unmerging.plan_unmerge(done, sorting),
            "moved": _describe_merged_rows(done),
            "pages": [entity_page_url(done.merged), entity_page_url(done.survivor)],
            "problems": problems,
            "typed": request.POST,
            "may_merge": may_merge_records(request.user),
            "sides": ((SURVIVOR, done.survivor), (MERGED, done.merged), (BOTH, "both")),
        }
        return self._render_merge_page(request, "merge", str(done), status, **context)

    def _entity_to_merge(self, request, pk: int) -> Any:
        if not may_merge_records(request.user):
            raise PermissionDenied
        record = Entity.objects.filter(pk=pk).first()
        if record is None:
            raise Http404
        if not self.admin_site._registry[type(record.as_kind)].has_view_permission(request, record.as_kind):
            raise PermissionDenied
        return record.as_kind

    def _render_merge_page(self, request, name: str, title: str, status: int = 200, **context):
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts, **context}
        return TemplateResponse(request, f"desk/merge/{name}.html", context, status=status)


def _refuse_unreviewed(records, along: bool, user) -> None:
    """Refuses to merge away what waits in review, and to publish along what another pair of eyes has to see first."""
    waiting = queues.waiting_submissions_by_record(records if along else records[:1])
    problems = [
        f"“{one}” waits in review: decide on it first, or take it back."
        for one in records
        if (public_kind(one), one.pk) in waiting
    ]
    authored = workflow.records_authored_by(find_pending_changes(records), user) if along else []
    problems += [
        f"You wrote part of what would be published of “{one}”: have that reviewed first, then merge." for one in authored
    ]
    if problems:
        raise Refused(problems)


def _posted_merge_choices(posted) -> dict[str, str]:
    """What an editor chose: field -> whose value, address of a part -> both."""
    chosen = {name.removeprefix("field:"): value for name, value in posted.items() if name.startswith("field:")}
    return chosen | {name.removeprefix("keep:"): BOTH for name in posted if name.startswith("keep:")}


def _describe_merged_rows(done: Merge) -> list[tuple[str, str]]:
    """What a merge did to each row, in words."""
    told = []
    for one in done.rows:
        model = apps.get_model(one["model"])
        values = one["after"] or one["before"]
        words = next((values[name] for name in ("text", "value", "as_stated", "field", "stage") if values.get(name)), "")
        if not words and one["pk"]:
            words = str(model._default_manager.filter(pk=one["pk"]).first() or "")
        told.append((f"{model._meta.verbose_name} {words}".strip(), _effect_on_row(done, model, one)))
    return told


def _effect_on_row(done: Merge, model, one: dict) -> str:
    if one["before"] is None:
        return "added"
    if one["after"] is None:
        return "dropped: it was there already"
    if issubclass(model, Child):
        return "moved"
    if issubclass(model, Relation) and one["before"].get("status") != one["after"].get("status"):
        return "set aside, withdrawn"
    return {done.merged_id: "became a signpost", done.survivor_id: "fields set"}.get(one["pk"], "names the survivor now")
