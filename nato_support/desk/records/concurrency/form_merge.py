"""Merge of the form that was submitted for a record, its inline rows included, with the current rows."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.forms import CheckboxInput, ModelForm
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from entities.models.curated import Child
from entities.models.locking import lock_rows
from entities.numbers import integer_or_none, row_keys
from nato_support.desk.records.concurrency.form_values import (
    editable_field_names,
    field_groups_of,
    fields_generated_on_save,
    initial_form_values,
    read_page_state,
    submitted_values,
    unique_field_sets,
    value_comparer,
    write_submitted_values,
)
from nato_support.desk.records.concurrency.three_way_merge import (
    BOTH,
    MINE,
    OWN,
    THEIRS,
    Conflict,
    FormMergeOutcome,
    FormState,
    Values,
    merge_form_rows,
    merge_form_state,
)

CHOICE_PREFIX, SEEN_PREFIX, OWN_ANSWER_PREFIX = "_choice:", "_seen:", "_own:"
_MOST_INLINE_ROWS = 1_000
_CHECKBOX = CheckboxInput()


@dataclass
class InlineMerge:
    """Submitted rows of one inline, with the form that reads them."""

    prefix: str
    inline: Any
    form: ModelForm
    """An empty form, for its fields and widgets."""
    parent_field: str
    states: list[FormState]
    blank: list[FormState]
    now: dict[str, models.Model]
    """Current rows: those submitted, and those that appeared meanwhile."""

    @property
    def model(self) -> type[models.Model]:
        return self.inline.model


class FormMerge:
    """Reads the form submitted for `record`, locks the rows concerned, merges, and returns the data to be saved.

    Runs inside a transaction that has locked the record: until it ends nobody else changes what was compared.
    """

    def __init__(self, page, request: HttpRequest, record: models.Model):
        self.page, self.request, self.record = page, request, record
        shown = read_page_state(request.POST)
        self.has_page_state = shown is not None
        shown = shown or {"fields": {}, "rows": {}, "known": {}}
        self.form = page.get_form(request, record, change=True)(instance=record)
        self.state = FormState("", submitted_values(self.form, request.POST), pk=str(record.pk))
        self.before: Values = shown["fields"]
        self.base_rows: dict[str, dict[str, Values]] = shown["rows"]
        self.outcome = FormMergeOutcome()
        values_agree = value_comparer(self.form)
        merge_form_state(
            self.state,
            field_groups_of(type(record), editable_field_names(self.form)),
            self.before,
            initial_form_values(self.form),
            values_agree,
            self.outcome,
        )
        self.rows = [
            self._merge_inline_rows(formset, inline, prefix, shown) for formset, inline, prefix in self._editable_inlines()
        ]
        self.inline_by_form_state = {id(state): rows for rows in self.rows for state in rows.states}
        self.unresolved = [conflict for conflict in self.outcome.conflicts if not self._apply_posted_choice(conflict)]

    def merged_data(self) -> QueryDict:
        """Return the submitted data with others' changes and the choices made."""
        data = self.request.POST.copy()
        write_submitted_values(self.state.values, self.form, data)
        for rows in self.rows:
            _write_inline_rows(rows, self.record, data)
        return data

    def form_for(self, state: FormState) -> ModelForm:
        rows = self.inline_by_form_state.get(id(state))
        return rows.form if rows else self.form

    def model_for(self, state: FormState) -> type[models.Model]:
        rows = self.inline_by_form_state.get(id(state))
        return rows.model if rows else type(self.record)

    def valid_choice_for(self, conflict: Conflict) -> str:
        """Return the posted choice, if the values that it was made between are still current; '' otherwise."""
        choice = self.request.POST.get(CHOICE_PREFIX + conflict.key, "")
        allowed = {THEIRS, MINE, *([OWN] if conflict.can_write_own else []), *([BOTH] if conflict.can_keep_both else [])}
        return (
            choice
            if choice in allowed and self.request.POST.get(SEEN_PREFIX + conflict.key) == digest_of_values(conflict.theirs)
            else ""
        )

    def own_answer_values(self, conflict: Conflict) -> Values:
        """Return the values typed as a third answer."""
        typed = submitted_values(self.form_for(conflict.state), self.request.POST, own_answer_prefix(conflict))
        return {name: typed[name] for name in conflict.group if name in typed}

    def _apply_posted_choice(self, conflict: Conflict) -> bool:
        choice = self.valid_choice_for(conflict)
        if choice:
            conflict.apply_choice(choice, self.own_answer_values(conflict) if choice == OWN else None)
        return bool(choice)

    def _editable_inlines(self):
        """Yield the inlines whose rows the user may change, each with its formset class and field prefix."""
        seen: dict[str, int] = {}
        for formset, inline in self.page.get_formsets_with_inlines(self.request, self.record):
            prefix = formset.get_default_prefix()
            seen[prefix] = seen.get(prefix, 0) + 1
            prefix = prefix if seen[prefix] == 1 else f"{prefix}-{seen[prefix]}"
            if inline.has_change_permission(self.request, self.record) and f"{prefix}-TOTAL_FORMS" in self.request.POST:
                yield formset, inline, prefix

    def _merge_inline_rows(self, formset, inline, prefix: str, shown: dict) -> InlineMerge:
        data, form = self.request.POST, formset.form()
        names = [name for name in editable_field_names(form) if name != formset.fk.name]
        rows = InlineMerge(prefix, inline, form, formset.fk.name, [], [], {})
        empty, values_agree, key = initial_form_values(form), value_comparer(form), inline.model._meta.pk.name
        initial = _posted_form_count(data, f"{prefix}-INITIAL_FORMS")
        for index in range(min(_posted_form_count(data, f"{prefix}-TOTAL_FORMS"), _MOST_INLINE_ROWS)):
            row_prefix = f"{prefix}-{index}"
            values = {name: value for name, value in submitted_values(form, data, f"{row_prefix}-").items() if name in names}
            pk = data.get(f"{row_prefix}-{key}", "") if index < initial else ""
            state = FormState(
                row_prefix, values, pk, bool(_CHECKBOX.value_from_datadict(data, MultiValueDict(), f"{row_prefix}-DELETE"))
            )
            blank = index >= initial and all(values_agree(name, empty.get(name), value) for name, value in values.items())
            (rows.blank if blank else rows.states).append(state)
        own_rows = inline.get_queryset(self.request).filter(**{formset.fk.name: self.record.pk})
        wanted = {str(key) for key in row_keys(state.pk for state in rows.states)}
        known = shown["known"].get(prefix)
        to_lock = own_rows.filter(pk__in=wanted)
        if known is not None and any(not state.pk for state in rows.states):
            to_lock |= own_rows.exclude(pk__in=row_keys(known))
        if rows.states:
            rows.now = {str(row.pk): row for row in _lock_inline_rows(to_lock, formset.fk.name)}
        now = {pk: _row_field_values(formset, row, names) for pk, row in rows.now.items()}
        appeared = {pk: values for pk, values in now.items() if known is not None and pk not in known and pk not in wanted}
        merge_form_rows(
            rows.states,
            field_groups_of(inline.model, names),
            shown["rows"].get(prefix, {}),
            now,
            appeared,
            unique_field_sets(inline.model, names, formset.fk.name),
            fields_generated_on_save(inline.model, names),
            values_agree,
            self.outcome,
        )
        return rows


def own_answer_prefix(conflict: Conflict) -> str:
    """Return the prefix of the field names of a third answer."""
    return f"{OWN_ANSWER_PREFIX}{conflict.state.prefix}:"


def digest_of_values(values: Values | None) -> str:
    """Return the hash by which a choice names the values that it was made against."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _row_field_values(formset, row: models.Model, names: list[str]) -> Values:
    values = initial_form_values(formset.form(instance=row))
    return {name: values[name] for name in names}


def _posted_form_count(data: QueryDict, name: str) -> int:
    return integer_or_none(data.get(name, ""), 99_999) or 0


def lock_with_parent(record: models.Model) -> None:
    """Lock the record; for a child row first its parent, in the order in which saving locks them."""
    whole = record.parent if isinstance(record, Child) else None
    for row in (whole, record):
        if row is not None:
            lock_rows([(type(row), row.pk)])


def _lock_inline_rows(rows: models.QuerySet, parent_field: str) -> list[models.Model]:
    """Return the rows, locked; their parents are locked first where the page is another record's."""
    model = rows.model
    if issubclass(model, Child) and parent_field not in model.PARENT_FIELDS:
        parent_models = [model._meta.get_field(name).related_model for name in model.PARENT_FIELDS]
        keys = rows.order_by().values_list(*(f"{name}_id" for name in model.PARENT_FIELDS))
        lock_rows((whole, pk) for row in keys for whole, pk in zip(parent_models, row, strict=True) if pk)
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _write_inline_rows(rows: InlineMerge, record: models.Model, data: QueryDict) -> None:
    """Write the rows anew, existing ones first."""
    states = [state for state in rows.states if not state.dropped]
    existing = [state for state in states if state.pk]
    ordered = [*existing, *(state for state in states if not state.pk), *rows.blank]
    for index in {state.prefix for state in (*rows.states, *rows.blank)}:
        for key in [key for key in data if key.startswith(f"{index}-")]:
            del data[key]
    data[f"{rows.prefix}-TOTAL_FORMS"], data[f"{rows.prefix}-INITIAL_FORMS"] = str(len(ordered)), str(len(existing))
    for index, state in enumerate(ordered):
        row_prefix = f"{rows.prefix}-{index}-"
        write_submitted_values(state.values, rows.form, data, row_prefix)
        data[row_prefix + rows.model._meta.pk.name], data[row_prefix + rows.parent_field] = state.pk, str(record.pk)
        if state.removed:
            data[row_prefix + "DELETE"] = "on"
