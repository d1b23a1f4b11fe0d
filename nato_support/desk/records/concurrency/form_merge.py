"""What one person sends for a record meets what stands now."""

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
from entities.untrusted import row_keys, whole_number
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
    """The rows of one inline as they were sent, and what reads them."""

    prefix: str
    inline: Any
    form: ModelForm
    """An empty one, which knows fields and widgets."""
    link: str
    sheets: list[FormState]
    blank: list[FormState]
    now: dict[str, models.Model]
    """The rows that stand there, of those sent and of those that appeared."""

    @property
    def model(self) -> type[models.Model]:
        return self.inline.model


class FormMerge:
    """Reads what was sent for `record`, locks the rows that it is about, merges, and gives what is to be saved.

    Inside a transaction that holds the record: until it ends nobody else changes what was compared.
    """

    def __init__(self, page, request: HttpRequest, record: models.Model):
        self.page, self.request, self.record = page, request, record
        base = read_page_state(request.POST)
        self.said = base is not None
        base = base or {"fields": {}, "rows": {}, "known": {}}
        self.form = page.get_form(request, record, change=True)(instance=record)
        self.sheet = FormState("", submitted_values(self.form, request.POST), pk=str(record.pk))
        self.before: Values = base["fields"]
        self.base_rows: dict[str, dict[str, Values]] = base["rows"]
        self.merged = FormMergeOutcome()
        agree = value_comparer(self.form)
        merge_form_state(
            self.sheet,
            field_groups_of(type(record), editable_field_names(self.form)),
            self.before,
            initial_form_values(self.form),
            agree,
            self.merged,
        )
        self.rows = [
            self._merge_inline_rows(formset, inline, prefix, base) for formset, inline, prefix in self._editable_inlines()
        ]
        self.inline_by_form_state = {id(sheet): rows for rows in self.rows for sheet in rows.sheets}
        self.open = [clash for clash in self.merged.conflicts if not self._apply_posted_choice(clash)]

    def data(self) -> QueryDict:
        """What was sent, with what others changed meanwhile and the choices made."""
        data = self.request.POST.copy()
        write_submitted_values(self.sheet.values, self.form, data)
        for rows in self.rows:
            _write_inline_rows(rows, self.record, data)
        return data

    def form_of(self, sheet: FormState) -> ModelForm:
        rows = self.inline_by_form_state.get(id(sheet))
        return rows.form if rows else self.form

    def model_of(self, sheet: FormState) -> type[models.Model]:
        rows = self.inline_by_form_state.get(id(sheet))
        return rows.model if rows else type(self.record)

    def chosen(self, clash: Conflict) -> str:
        """What was chosen for it, if what was chosen between is still what stands there."""
        how = self.request.POST.get(CHOICE_PREFIX + clash.key, "")
        allowed = {THEIRS, MINE, *([OWN] if clash.may_be_own else []), *([BOTH] if clash.may_be_both else [])}
        return how if how in allowed and self.request.POST.get(SEEN_PREFIX + clash.key) == digest_of_values(clash.theirs) else ""

    def own_values(self, clash: Conflict) -> Values:
        """What was typed as a third answer."""
        typed = submitted_values(self.form_of(clash.sheet), self.request.POST, own_answer_prefix(clash))
        return {name: typed[name] for name in clash.unit if name in typed}

    def _apply_posted_choice(self, clash: Conflict) -> bool:
        how = self.chosen(clash)
        if how:
            clash.settle(how, self.own_values(clash) if how == OWN else None)
        return bool(how)

    def _editable_inlines(self):
        """The inlines in which this person may change rows, each with its class of formsets and the prefix of its fields."""
        seen: dict[str, int] = {}
        for formset, inline in self.page.get_formsets_with_inlines(self.request, self.record):
            prefix = formset.get_default_prefix()
            seen[prefix] = seen.get(prefix, 0) + 1
            prefix = prefix if seen[prefix] == 1 else f"{prefix}-{seen[prefix]}"
            if inline.has_change_permission(self.request, self.record) and f"{prefix}-TOTAL_FORMS" in self.request.POST:
                yield formset, inline, prefix

    def _merge_inline_rows(self, formset, inline, prefix: str, base: dict) -> InlineMerge:
        data, form = self.request.POST, formset.form()
        names = [name for name in editable_field_names(form) if name != formset.fk.name]
        rows = InlineMerge(prefix, inline, form, formset.fk.name, [], [], {})
        empty, agree, key = initial_form_values(form), value_comparer(form), inline.model._meta.pk.name
        initial = _posted_form_count(data, f"{prefix}-INITIAL_FORMS")
        for at in range(min(_posted_form_count(data, f"{prefix}-TOTAL_FORMS"), _MOST_INLINE_ROWS)):
            here = f"{prefix}-{at}"
            values = {name: value for name, value in submitted_values(form, data, f"{here}-").items() if name in names}
            pk = data.get(f"{here}-{key}", "") if at < initial else ""
            sheet = FormState(here, values, pk, bool(_CHECKBOX.value_from_datadict(data, MultiValueDict(), f"{here}-DELETE")))
            blank = at >= initial and all(agree(name, empty.get(name), value) for name, value in values.items())
            (rows.blank if blank else rows.sheets).append(sheet)
        mine = inline.get_queryset(self.request).filter(**{formset.fk.name: self.record.pk})
        wanted = {str(key) for key in row_keys(sheet.pk for sheet in rows.sheets)}
        known = base["known"].get(prefix)
        look = mine.filter(pk__in=wanted)
        if known is not None and any(not sheet.pk for sheet in rows.sheets):
            look |= mine.exclude(pk__in=row_keys(known))
        if rows.sheets:
            rows.now = {str(row.pk): row for row in _lock_inline_rows(look, formset.fk.name)}
        now = {pk: _row_field_values(formset, row, names) for pk, row in rows.now.items()}
        appeared = {pk: values for pk, values in now.items() if known is not None and pk not in known and pk not in wanted}
        merge_form_rows(
            rows.sheets,
            field_groups_of(inline.model, names),
            base["rows"].get(prefix, {}),
            now,
            appeared,
            unique_field_sets(inline.model, names, formset.fk.name),
            fields_generated_on_save(inline.model, names),
            agree,
            self.merged,
        )
        return rows


def own_answer_prefix(clash: Conflict) -> str:
    """What the names of the fields of a third answer begin with."""
    return f"{OWN_ANSWER_PREFIX}{clash.sheet.at}:"


def digest_of_values(values: Values | None) -> str:
    """What a choice carries of what it was made against."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _row_field_values(formset, row: models.Model, names: list[str]) -> Values:
    values = initial_form_values(formset.form(instance=row))
    return {name: values[name] for name in names}


def _posted_form_count(data: QueryDict, name: str) -> int:
    return whole_number(data.get(name, ""), 99_999) or 0


def lock_with_parent(record: models.Model) -> None:
    """Whoever saves the record or a part of it waits: for a part, its record comes first, as when it is saved."""
    whole = record.parent if isinstance(record, Child) else None
    for one in (whole, record):
        if one is not None:
            lock_rows([(type(one), one.pk)])


def _lock_inline_rows(rows: models.QuerySet, link: str) -> list[models.Model]:
    """The rows, locked; before them the records that they belong to where the page is another one's."""
    model = rows.model
    if issubclass(model, Child) and link not in model.PARENT_FIELDS:
        models_of = [model._meta.get_field(name).related_model for name in model.PARENT_FIELDS]
        keys = rows.order_by().values_list(*(f"{name}_id" for name in model.PARENT_FIELDS))
        lock_rows((whole, pk) for row in keys for whole, pk in zip(models_of, row, strict=True) if pk)
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _write_inline_rows(rows: InlineMerge, record: models.Model, data: QueryDict) -> None:
    """Writes the rows anew: those that are there first, then the new ones."""
    sheets = [sheet for sheet in rows.sheets if not sheet.dropped]
    there = [sheet for sheet in sheets if sheet.pk]
    ordered = [*there, *(sheet for sheet in sheets if not sheet.pk), *rows.blank]
    for at in {sheet.at for sheet in (*rows.sheets, *rows.blank)}:
        for key in [key for key in data if key.startswith(f"{at}-")]:
            del data[key]
    data[f"{rows.prefix}-TOTAL_FORMS"], data[f"{rows.prefix}-INITIAL_FORMS"] = str(len(ordered)), str(len(there))
    for at, sheet in enumerate(ordered):
        here = f"{rows.prefix}-{at}-"
        write_submitted_values(sheet.values, rows.form, data, here)
        data[here + rows.model._meta.pk.name], data[here + rows.link] = sheet.pk, str(record.pk)
        if sheet.removed:
            data[here + "DELETE"] = "on"
