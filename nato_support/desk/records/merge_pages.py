"""Pages of merges: choosing the survivor, the preview, the list of merges, and unmerging."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, path, reverse

from entities import merging
from entities.doubts import Doubt
from entities.fields import strip_control_characters
from entities.history.record_snapshots import snapshot_fields
from entities.merging import BOTH, MERGED, SURVIVOR, AffectedRow, MergedFieldGroup, MergeOutcome, MergePlan, unmerging
from entities.models import Child, Curated, DuplicateDecision, Entity, Merge, Relation, change_set
from entities.refusals import Refused, Stale
from entities.vocabulary import DuplicateVerdict, Status
from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.doubts.doubt_confirmation import UnseenDoubts, refuse_unseen_doubts
from nato_support.desk.records.mergeable_records import entity_page_url, may_merge_records
from nato_support.desk.records.name_lookup import limit_to_best_name_matches
from nato_support.desk.teamwork.record_uses import uses_of_record
from nato_support.publishing.merge_publication import assess_merge_impact, merge_and_publish, unmerge_and_publish
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import queues, submission_checks
from nato_support.publishing.review.pending_changes import find_pending_changes

MERGE_ROWS_SHOWN = 100
"""Rows shown of each list; the rest is counted."""


@dataclass(frozen=True)
class MergePreviewField:
    """A field group in the three columns of the preview."""

    group: MergedFieldGroup
    label: str
    merged: str
    survivor: str
    result: str
    both: str
    """Members of both lists; '' where one list has them all, or the field is single-valued."""

    @property
    def differs(self) -> bool:
        return self.merged != self.survivor


@dataclass(frozen=True)
class MergePreviewRow:
    """Row of a list of the preview."""

    kind: str
    text: str
    page: str
    note: str
    address: str
    keeps: bool
    """The editor may keep both rows."""
    both: bool


def _merge_preview_fields(plan: MergePlan) -> list[MergePreviewField]:
    model = type(plan.survivor)
    fields: dict[str, Any] = {field.name: field for field in snapshot_fields(model)}
    return [
        MergePreviewField(
            group,
            ", ".join(str(fields[name].verbose_name) for name in group.names),
            *(
                _field_values_in_words(model, group, values)
                for values in (group.merged, group.survivor, group.result, group.combined_lists)
            ),
        )
        for group in plan.field_groups
    ]


def _field_values_in_words(model, group: MergedFieldGroup, values: tuple | None) -> str:
    """Return the values of a field group for display."""
    if values is None:
        return ""
    texts = []
    for name, value in zip(group.names, values, strict=True):
        field: Any = model._meta.get_field(name)
        if field.is_relation:
            keys = value if field.many_to_many else [value] if value else []
            texts.append(", ".join(map(str, field.related_model._default_manager.filter(pk__in=keys))))
        else:
            texts.append(str(dict(field.flatchoices).get(value, value) if value is not None else ""))
    return "; ".join(filter(None, texts))


def _merge_preview_row(affected: AffectedRow) -> MergePreviewRow:
    has_key = "key" in affected.before and affected.twin is not None
    note = affected.note or (f"the same as {affected.twin.row}" if affected.twin and affected.after is None else "")
    return MergePreviewRow(
        str(affected.model._meta.verbose_name),
        str(affected.row),
        _row_page_url(affected.row),
        note,
        affected.address,
        has_key,
        has_key and affected.after is not None,
    )


def _row_page_url(row) -> str:
    try:
        return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])
    except NoReverseMatch:
        return ""


def _merge_preview_lists(plan: MergePlan) -> list[dict]:
    lists = []
    for outcome in MergeOutcome:
        affected_rows = plan.rows_with_outcome(outcome)
        rows = [_merge_preview_row(line) for line in affected_rows[:MERGE_ROWS_SHOWN]]
        lists.append(
            {
                "fate": outcome.value,
                "label": outcome.label,
                "count": len(affected_rows),
                "rows": rows,
                "more": len(affected_rows) - len(rows),
            }
        )
    return lists


@admin.register(Merge)
class MergeAdmin(ReadOnlyAdmin):
    """Merges: the list, the preview and unmerging."""

    list_display = ("__str__", "merged_at", "merged_by", "reason", "state")
    list_select_related = ("merged", "survivor", "merged_by")
    list_filter = ()
    search_fields = ("merged__name", "merged__slug__startswith", "survivor__name", "survivor__slug__startswith")
    search_help_text = "Words of the name of either record, or the start of its public id"
    ordering = ("-pk",)

    @admin.display(description="state")
    def state(self, merge):
        return f"undone {merge.undone_at:%Y-%m-%d}" if merge.undone_at else "in force"

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("<int:merged>/into/", view(self.choose_survivor_view), name="entities_merge_into"),
            path("<int:merged>/into/<int:survivor>/", view(self.pair_view), name="entities_merge_pair"),
            *super().get_urls(),
        ]

    def choose_survivor_view(self, request, merged: int):
        """Ask for the record that survives."""
        record = self._entity_to_merge(request, merged)
        words = request.GET.get("q", "").strip()
        candidates = limit_to_best_name_matches(
            type(record)._default_manager.filter(merged_into=None).exclude(pk=record.pk), words
        )[:20]
        return self._render_merge_page(
            request, "choose_survivor", f"Merge “{record}” into …", record=record, words=words, found=list(candidates)
        )

    def pair_view(self, request, merged: int, survivor: int):
        """Show the preview, and merge, or decide that the two are different, on POST."""
        records = self._entity_to_merge(request, merged), self._entity_to_merge(request, survivor)
        choices = _posted_merge_choices(request.POST)
        problems: list[str] = []
        doubts: list[Doubt] = []
        status = 200
        if request.method == "POST" and "different" in request.POST:
            reason = strip_control_characters(request.POST.get("reason", ""))
            with change_set(by=request.user, reason=reason):
                DuplicateDecision.objects.record_verdict(*records, DuplicateVerdict.DIFFERENT, request.user, reason)
            messages.success(request, f"“{records[0]}” and “{records[1]}” were marked as different. Nothing was merged.")
            return HttpResponseRedirect(entity_page_url(records[1]))
        if request.method == "POST" and "merge" in request.POST:
            try:
                merge = self._merge_as_posted(request, records, choices)
            except Refused as refused:
                problems, status = refused.problems, 409 if isinstance(refused, Stale) else 400
                doubts = refused.doubts if isinstance(refused, UnseenDoubts) else []
            else:
                messages.success(request, f"“{merge.merged}” was merged into “{merge.survivor}”.")
                return HttpResponseRedirect(entity_page_url(merge.survivor))
        plan = merging.plan_merge(*records, choices)
        cells = _merge_preview_fields(plan)
        context = {
            "plan": plan,
            "open": [cell for cell in cells if cell.differs],
            "same": [cell for cell in cells if not cell.differs],
            "lists": _merge_preview_lists(plan) if not plan.refusals else [],
            "totals": plan.totals if not plan.refusals else None,
            "outlook": assess_merge_impact(plan) if not plan.refusals else None,
            "links": [plan.link_counts.get(record.pk, 0) for record in (plan.merged, plan.survivor)],
            "pages": [entity_page_url(record) for record in (plan.merged, plan.survivor)],
            "uses": uses_of_record(plan.merged, request.user),
            "swap": reverse("admin:entities_merge_pair", args=[survivor, merged]),
            "problems": problems,
            "doubts": doubts,
            "typed": request.POST,
            "may_publish": request.user.has_perm("publishing.publish"),
            "sides": (MERGED, SURVIVOR, BOTH),
        }
        return self._render_merge_page(request, "pair", f"Merge “{records[0]}” into “{records[1]}”", status, **context)

    def _merge_as_posted(self, request, records, choices) -> Merge:
        reason = strip_control_characters(request.POST.get("reason", ""))
        if not reason:
            raise Refused(["Give the reason why they are the same, for whoever checks this merge later."])
        publish_survivor = "along" in request.POST
        if publish_survivor and not request.user.has_perm("publishing.publish"):
            raise PermissionDenied
        _refuse_merge_before_review(records, publish_survivor, request.user)
        with transaction.atomic():
            merge = merge_and_publish(
                *records,
                choices,
                expected_digest=request.POST.get("seen", ""),
                by=request.user,
                reason=reason,
                note=strip_control_characters(request.POST.get("note", "")),
                confirmed="confirmed" in request.POST,
                publish_survivor=publish_survivor,
            )
            refuse_unseen_doubts(_public_records_of_merge(merge), request.POST)
        return merge

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Show what a merge moved and what unmerging would do; unmerge on POST."""
        merge = self.get_object(request, unquote(object_id))
        if merge is None:
            raise Http404
        if not self.has_view_permission(request, merge):
            raise PermissionDenied
        assignments = {name.removeprefix("sort:"): value for name, value in request.POST.items() if name.startswith("sort:")}
        problems: list[str] = []
        status = 200
        if request.method == "POST":
            if not may_merge_records(request.user):
                raise PermissionDenied
            try:
                reason = strip_control_characters(request.POST.get("reason", ""))
                unmerge_and_publish(
                    merge, assignments, expected_digest=request.POST.get("seen", ""), by=request.user, reason=reason
                )
            except Refused as refused:
                problems, status = refused.problems, 409 if isinstance(refused, Stale) else 400
            else:
                messages.success(request, f"“{merge.merged}” was restored as a separate record.")
                return HttpResponseRedirect(entity_page_url(merge.merged))
        context = {
            "merge": merge,
            "back": unmerging.plan_unmerge(merge, assignments),
            "moved": _describe_merged_rows(merge),
            "pages": [entity_page_url(merge.merged), entity_page_url(merge.survivor)],
            "problems": problems,
            "typed": request.POST,
            "may_merge": may_merge_records(request.user),
            "sides": ((SURVIVOR, merge.survivor), (MERGED, merge.merged), (BOTH, "both")),
        }
        return self._render_merge_page(request, "merge", str(merge), status, **context)

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


def _public_records_of_merge(merge: Merge) -> list[Curated]:
    """Return the survivor and its relations, as far as they are public."""
    ends = Q(subject=merge.survivor_id) | Q(object=merge.survivor_id)
    relations = Relation.objects.filter(ends, status=Status.PUBLISHED)
    survivor = Entity.objects.filter(pk=merge.survivor_id, status=Status.PUBLISHED)
    return [*survivor, *relations]


def _refuse_merge_before_review(records, publish_survivor: bool, user) -> None:
    """Refuse to merge away a record in review, and to publish what another person has to review first."""
    waiting = queues.waiting_submissions_by_record(records if publish_survivor else records[:1])
    problems = [
        f"“{record}” is in review: decide on it first, or withdraw the submission."
        for record in records
        if (public_kind(record), record.pk) in waiting
    ]
    authored = submission_checks.records_authored_by(find_pending_changes(records), user) if publish_survivor else []
    problems += [
        f"You wrote some of the unpublished changes of “{record}”: have them reviewed before merging." for record in authored
    ]
    if problems:
        raise Refused(problems)


def _posted_merge_choices(form_data) -> dict[str, str]:
    """Return the posted choices: field -> side, address of a child row -> both."""
    choices = {name.removeprefix("field:"): value for name, value in form_data.items() if name.startswith("field:")}
    return choices | {name.removeprefix("keep:"): BOTH for name in form_data if name.startswith("keep:")}


def _describe_merged_rows(merge: Merge) -> list[tuple[str, str]]:
    """Return each row of a merge with its effect, in words."""
    descriptions = []
    for row in merge.rows:
        model = apps.get_model(row["model"])
        values = row["after"] or row["before"]
        label = next((values[name] for name in ("text", "value", "as_stated", "field", "stage") if values.get(name)), "")
        if not label and row["pk"]:
            label = str(model._default_manager.filter(pk=row["pk"]).first() or "")
        descriptions.append((f"{model._meta.verbose_name} {label}".strip(), _effect_on_row(merge, model, row)))
    return descriptions


def _effect_on_row(merge: Merge, model, row: dict) -> str:
    if row["before"] is None:
        return "added"
    if row["after"] is None:
        return "dropped: duplicate"
    if issubclass(model, Child):
        return "moved"
    if issubclass(model, Relation) and row["before"].get("status") != row["after"].get("status"):
        return "withdrawn"
    return {merge.merged_id: "now redirects", merge.survivor_id: "fields set"}.get(row["pk"], "now refers to the survivor")
