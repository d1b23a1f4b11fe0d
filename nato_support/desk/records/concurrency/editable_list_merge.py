"""Concurrent editing in lists that are edited in place."""

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
from entities.numbers import integer_or_none, row_keys
from entities.untrusted_json import read_json
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


class EditableListMergeFormSet(BaseModelFormSet):
    """Rows of a list with the values that the list showed. `conflicts` maps keys to what two people changed."""

    conflicts: dict[str, list[tuple[Conflict, Any]]] = {}

    @cached_property
    def management_form(self):
        form = super().management_form
        # The management form is rendered inside the list's form, whatever the template.
        shown = {
            str(row_form.instance.pk): initial_form_values(row_form) for row_form in self.initial_forms if row_form.instance.pk
        }
        form.fields[PAGE_STATE_FIELD] = forms.CharField(widget=forms.HiddenInput, required=False)
        form.initial[PAGE_STATE_FIELD] = json.dumps(shown)
        if form.is_bound:
            # A further submission is compared with what this response shows, not with the page before.
            form.data = {
                **{name: form.data[name] for name in form.data},
                form.add_prefix(PAGE_STATE_FIELD): form.initial[PAGE_STATE_FIELD],
            }
        return form

    def clean(self):
        super().clean()
        for form in self.initial_forms:
            for conflict, author in self.conflicts.get(str(form.instance.pk), ()):
                model = type(form.instance)
                theirs, mine = conflict.theirs or {}, conflict.mine or {}
                for name in conflict.group:
                    if theirs.get(name) == mine.get(name, ""):
                        continue
                    current = value_in_words(form, model, name, theirs.get(name))
                    message = "{} changed this to “{}” meanwhile. The field has your value: save again to keep it."
                    form.add_error(name, format_html(message, capfirst(str(author)), current))


class EditableListMergeMixin(admin.ModelAdmin):
    """For a ModelAdmin with `list_editable`: merges rows with the current ones; a row with conflicts is not saved."""

    rows_for_list: Any

    def get_changelist_formset(self, request, **kwargs):
        formset: Any = super().get_changelist_formset(request, **kwargs, formset=EditableListMergeFormSet)
        formset.conflicts = getattr(request, "list_conflicts", {})
        return formset

    def changelist_view(self, request, extra_context=None):
        if request.method != "POST" or "_save" not in request.POST or not self.has_change_permission(request):
            return super().changelist_view(request, extra_context)
        with transaction.atomic():
            notes = self._merge_submitted_rows(request)
            response = super().changelist_view(request, extra_context)
        for text, level in notes:
            self.message_user(request, text, level)
        return response

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        if request.method == "POST" and "_save" in request.POST:
            # Shown again with errors, each row must keep its own form, whatever moved in the list meanwhile.
            keys = [int(key) for key in self._submitted_row_keys(request.POST)]
            rows = self.rows_for_list(self.get_queryset(request)).in_bulk(keys)
            changelist.result_list = [rows[key] for key in keys if key in rows]
        return changelist

    def _submitted_row_keys(self, data: QueryDict) -> list[str]:
        key = self.model._meta.pk.name
        total = min(integer_or_none(data.get("form-TOTAL_FORMS", "")) or 0, 1_000)
        return [str(pk) for pk in row_keys(data.get(f"form-{index}-{key}", "") for index in range(total))]

    def _merge_submitted_rows(self, request) -> list[tuple[str, int]]:
        """Merge each submitted row with the current one; return messages with their levels."""
        data, key = request.POST.copy(), self.model._meta.pk.name
        form_class = super().get_changelist_formset(request).form
        keys = self._submitted_row_keys(data)
        lock_rows((self.model, int(pk)) for pk in keys)
        current_rows = {str(row.pk): row for row in self.get_queryset(request).filter(pk__in=keys)}
        form, shown, notes = form_class(), _values_shown_by_row(data), []
        names = [name for name in editable_field_names(form) if name != key]
        values_agree, kept = value_comparer(form), []
        request.list_conflicts = {}
        for index in range(len(keys)):
            prefix = f"form-{index}-"
            pk = data.get(prefix + key, "")
            values = {name: value for name, value in submitted_values(form, data, prefix).items() if name in names}
            state, shown_values = FormState(prefix, values, pk), shown.get(pk, {})
            if pk not in current_rows:
                if any(not values_agree(name, shown_values.get(name), value) for name, value in values.items()):
                    notes.append(self._row_removed_message(request, form, state))
                continue
            outcome = FormMergeOutcome()
            current_values = initial_form_values(form_class(instance=current_rows[pk]))
            merge_form_state(
                state,
                field_groups_of(self.model, names),
                shown_values,
                {name: current_values[name] for name in names},
                values_agree,
                outcome,
            )
            conflicts = [
                (conflict, last_author_of(self.model, pk, conflict.group, request.user)) for conflict in outcome.conflicts
            ]
            if conflicts:
                request.list_conflicts[pk] = conflicts
            kept.append(state)
            notes += [self._row_merged_message(request, current_rows[pk], group) for _, group in outcome.theirs if outcome.mine]
        for name in [name for name in data if name.startswith("form-") and name.split("-")[1].isdecimal()]:
            del data[name]
        data["form-TOTAL_FORMS"] = data["form-INITIAL_FORMS"] = str(len(kept))
        for index, state in enumerate(kept):
            write_submitted_values(state.values, form, data, f"form-{index}-")
            data[f"form-{index}-{key}"] = state.pk
        request.POST = data
        return notes

    def _row_merged_message(self, request, row, group) -> tuple[str, int]:
        author = last_author_of(self.model, row.pk, group, request.user)
        labels = join_with_and(field_label(self.model, name) for name in group)
        message = "{} changed the {} of “{}” meanwhile; both changes are kept."
        return format_html(message, capfirst(str(author)), labels, row), messages.INFO

    def _row_removed_message(self, request, form, state: FormState) -> tuple[str, int]:
        author = last_author_of(self.model, state.pk, (), request.user)
        typed = join_with_and(f"{field_label(self.model, name)}: {value}" for name, value in state.values.items() if value)
        message = "{} removed a row that you changed; your changes were not saved: {}."
        return format_html(message, capfirst(str(author)), typed), messages.WARNING


def _values_shown_by_row(data: QueryDict) -> dict[str, dict[str, Any]]:
    """Return what the list showed of each row; empty if unreadable, so that every difference is a conflict."""
    try:
        shown = read_json(data.get(f"form-{PAGE_STATE_FIELD}", ""))
        return {str(pk): {str(name): browser_value(value) for name, value in values.items()} for pk, values in shown.items()}
    except (ValueError, AttributeError):
        return {}
