"""The same rule on lists that are edited in place: a row that moved on meanwhile is not overwritten."""

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.forms import BaseModelFormSet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import capfirst

from entities.models.locking import lock_rows
from entities.untrusted import read_json, row_keys, whole_number
from nato_support.desk.records.concurrency.change_authors import last_author_of
from nato_support.desk.records.concurrency.conflict_presentation import field_label, join_with_and, value_in_words
from nato_support.desk.records.concurrency.form_values import (
    PAGE_STATE_FIELD,
    browser_value,
    editable_field_names,
    field_groups_of,
    initial_form_values,
    submitted_values,
    value_comparer,
    write_submitted_values,
)
from nato_support.desk.records.concurrency.three_way_merge import Conflict, FormMergeOutcome, FormState, merge_form_state


class MergingFormSet(BaseModelFormSet):
    """The rows of a list, with what each held when the list was shown. `clashes` maps pks to what two people changed."""

    conflicts: dict[str, list[tuple[Conflict, Any]]] = {}

    @cached_property
    def management_form(self):
        form = super().management_form
        # It stands within the form of the list, whatever the list looks like.
        shown = {str(one.instance.pk): initial_form_values(one) for one in self.initial_forms if one.instance.pk}
        form.fields[PAGE_STATE_FIELD] = forms.CharField(widget=forms.HiddenInput, required=False)
        form.initial[PAGE_STATE_FIELD] = json.dumps(shown)
        if form.is_bound:
            # Sent again it is compared with what this answer shows, not with what the one before did.
            form.data = {
                **{name: form.data[name] for name in form.data},
                form.add_prefix(PAGE_STATE_FIELD): form.initial[PAGE_STATE_FIELD],
            }
        return form

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            for clash, author in self.conflicts.get(str(form.instance.pk), ()):
                model = type(form.instance)
                theirs, mine = clash.theirs or {}, clash.mine or {}
                for name in clash.unit:
                    if theirs.get(name) == mine.get(name, ""):
                        continue
                    now = value_in_words(form, model, name, theirs.get(name))
                    words = "{} changed this to “{}” meanwhile. Yours is in the field: save again to keep it."
                    form.add_error(name, format_html(words, capfirst(str(author)), now))


class MergingListMixin(admin.ModelAdmin):
    """For a ModelAdmin with `list_editable`: rows are merged with what stands now, and where two differ nothing is saved."""

    rows_for_list: Any

    def get_changelist_formset(self, request, **kwargs):
        made: Any = super().get_changelist_formset(request, **kwargs, formset=MergingFormSet)
        made.conflicts = getattr(request, "list_conflicts", {})
        return made

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST" or "_save" not in request.POST or not self.has_change_permission(request):
            return super().changelist_view(request, extra_context)
        with transaction.atomic():
            told = self._merge_submitted_rows(request)
            response = super().changelist_view(request, extra_context)
        for text, level in told:
            self.message_user(request, text, level)
        return response

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if request.method == "POST" and "_save" in request.POST:
            # Shown again with errors, each row must stand beside its own form, whatever moved in the list meanwhile.
            keys = [int(key) for key in self._submitted_row_keys(request.POST)]
            rows = self.rows_for_list(self.get_queryset(request)).in_bulk(keys)
            changelist.result_list = [rows[key] for key in keys if key in rows]
        return changelist

    def _submitted_row_keys(self, data: QueryDict) -> list[str]:
        key = self.model._meta.pk.name
        total = min(whole_number(data.get("form-TOTAL_FORMS", "")) or 0, 1_000)
        return [str(pk) for pk in row_keys(data.get(f"form-{at}-{key}", "") for at in range(total))]

    def _merge_submitted_rows(self, request) -> list[tuple[str, int]]:
        """Merges each row sent with what stands now; gives what is to be said of it."""
        data, key = request.POST.copy(), self.model._meta.pk.name
        form_class = super().get_changelist_formset(request).form
        keys = self._submitted_row_keys(data)
        lock_rows((self.model, int(pk)) for pk in keys)
        now = {str(row.pk): row for row in self.get_queryset(request).filter(pk__in=keys)}
        form, base, told = form_class(), _values_shown_by_row(data), []
        names = [name for name in editable_field_names(form) if name != key]
        agree, kept = value_comparer(form), []
        request.list_conflicts = {}
        for at in range(len(keys)):
            here = f"form-{at}-"
            pk = data.get(here + key, "")
            values = {name: value for name, value in submitted_values(form, data, here).items() if name in names}
            sheet, before = FormState(here, values, pk), base.get(pk, {})
            if pk not in now:
                if any(not agree(name, before.get(name), value) for name, value in values.items()):
                    told.append(self._row_removed_message(request, form, sheet))
                continue
            merged = FormMergeOutcome()
            holds = initial_form_values(form_class(instance=now[pk]))
            merge_form_state(
                sheet, field_groups_of(self.model, names), before, {name: holds[name] for name in names}, agree, merged
            )
            clashes = [(clash, last_author_of(self.model, pk, clash.unit, request.user)) for clash in merged.conflicts]
            if clashes:
                request.list_conflicts[pk] = clashes
            kept.append(sheet)
            told += [self._row_merged_message(request, now[pk], unit) for _, unit in merged.theirs if merged.mine]
        for name in [name for name in data if name.startswith("form-") and name.split("-")[1].isdecimal()]:
            del data[name]
        data["form-TOTAL_FORMS"] = data["form-INITIAL_FORMS"] = str(len(kept))
        for at, sheet in enumerate(kept):
            write_submitted_values(sheet.values, form, data, f"form-{at}-")
            data[f"form-{at}-{key}"] = sheet.pk
        request.POST = data
        return told

    def _row_merged_message(self, request, row, unit) -> tuple[str, int]:
        author = last_author_of(self.model, row.pk, unit, request.user)
        what = join_with_and(field_label(self.model, name) for name in unit)
        words = "{} changed the {} of “{}” meanwhile; both changes are kept."
        return format_html(words, capfirst(str(author)), what, row), messages.INFO

    def _row_removed_message(self, request, form, sheet: FormState) -> tuple[str, int]:
        author = last_author_of(self.model, sheet.pk, (), request.user)
        typed = join_with_and(f"{field_label(self.model, name)}: {value}" for name, value in sheet.values.items() if value)
        words = "{} removed a row that you changed; it was not saved. You had typed {}."
        return format_html(words, capfirst(str(author)), typed), messages.WARNING


def _values_shown_by_row(data: QueryDict) -> dict[str, dict[str, Any]]:
    """What the list showed of each row; nothing, if that cannot be read: then whatever differs is asked."""
    try:
        read = read_json(data.get(f"form-{PAGE_STATE_FIELD}", ""))
        return {str(pk): {str(name): browser_value(value) for name, value in values.items()} for pk, values in read.items()}
    except (ValueError, AttributeError):
        return {}
