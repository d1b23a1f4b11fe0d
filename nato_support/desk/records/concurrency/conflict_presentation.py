"""Display of merges and conflicts: field groups and values in words, and who changed them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.forms import BaseForm, BooleanField, CharField, ChoiceField, DecimalField, ModelChoiceField, Textarea
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from entities.fields import PartialDateField
from entities.formatting import format_number, format_partial_date
from entities.numbers import row_keys
from nato_support.desk.records import word_diff_display
from nato_support.desk.records.concurrency.change_authors import ChangeAuthor, last_author_of
from nato_support.desk.records.concurrency.form_merge import (
    CHOICE_PREFIX,
    SEEN_PREFIX,
    FormMerge,
    digest_of_values,
    own_answer_prefix,
)
from nato_support.desk.records.concurrency.three_way_merge import (
    BOTH,
    MINE,
    OWN,
    THEIRS,
    Conflict,
    FieldGroup,
    FormState,
    Value,
    Values,
)
from nato_support.desk.records.value_display import EMPTY_VALUE
from sources.word_diff import diff_words


@dataclass
class DisplayedConflictField:
    """A field of a conflict, with its three values."""

    label: str
    before: SafeString
    theirs: SafeString
    mine: SafeString
    widget: Any = None
    """Form field for a new version."""


@dataclass
class DisplayedConflict:
    """A conflict as the page shows it."""

    key: str
    number: int
    title: str
    author: ChangeAuthor
    lines: list[DisplayedConflictField]
    chosen: str
    options: list[tuple[str, str, str]]
    """Value, label, keyboard shortcut."""
    seen: str
    note: str = ""
    moved: bool = False
    """A choice was made, and the values that it was made against have changed since."""

    @property
    def name(self) -> str:
        return CHOICE_PREFIX + self.key

    @property
    def seen_name(self) -> str:
        return SEEN_PREFIX + self.key


@dataclass
class MergedChange:
    """A change that was merged without conflict, as one line."""

    title: str
    value: SafeString
    author: ChangeAuthor | None = None
    names: list[str] = field(default_factory=list)


def displayed_conflicts(form_merge: FormMerge) -> list[DisplayedConflict]:
    """Return all conflicts, those already decided included."""
    return [_displayed_conflict(form_merge, conflict, number) for number, conflict in enumerate(form_merge.outcome.conflicts, 1)]


def changes_without_conflict(form_merge: FormMerge) -> tuple[list[MergedChange], list[MergedChange]]:
    """Return my changes and their changes that need no choice."""
    mine = [
        MergedChange(change_title(form_merge, state, group), _changed_values_in_words(form_merge, state, group))
        for state, group in form_merge.outcome.mine
    ]
    theirs = [
        MergedChange(
            change_title(form_merge, state, group),
            _changed_values_in_words(form_merge, state, group),
            author_of_change(form_merge, state, group),
        )
        for state, group in form_merge.outcome.theirs
    ]
    return mine, theirs


def author_of_change(form_merge: FormMerge, state: FormState, group: FieldGroup) -> ChangeAuthor:
    return last_author_of(form_merge.model_for(state), state.pk, group, form_merge.request.user)


def change_title(form_merge: FormMerge, state: FormState, group: FieldGroup) -> str:
    """Return `end`, or `name “Arcadia”: kind`; a group of many fields is named by its row alone."""
    model, field_names = (
        form_merge.model_for(state),
        join_with_and(field_label(form_merge.model_for(state), name) for name in group),
    )
    if not state.prefix:
        return field_names
    row = f"{model._meta.verbose_name} “{title_of_row(form_merge, state)}”"
    return f"{row}: {field_names}" if 0 < len(group) <= 3 else row


def title_of_row(form_merge: FormMerge, state: FormState) -> str:
    """Return the row's current label, or its first value if it is new."""
    rows = form_merge.inline_by_form_state[id(state)]
    if state.pk in rows.now:
        return str(rows.now[state.pk])
    values = {**form_merge.base_rows.get(rows.prefix, {}).get(state.pk, {})} or state.values
    words = (str(value_in_words(rows.form, rows.model, name, value)) for name, value in values.items() if value)
    return next(words, "new")


def join_with_and(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def field_label(model: type[models.Model], name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.replace("_", " ")


def value_in_words(form: BaseForm, model: type[models.Model], name: str, value: Value | None) -> SafeString:
    """Return a value for display."""
    if value in (None, "", []):
        return EMPTY_VALUE
    formfield = form.fields[name]
    if isinstance(formfield, BooleanField) or isinstance(value, bool):
        return format_html("{}", "yes" if value and value != "False" else "no")
    if isinstance(formfield, ModelChoiceField):
        return format_html("{}", ", ".join(_names_of_related_rows(formfield, value if isinstance(value, list) else [str(value)])))
    if isinstance(formfield, ChoiceField):
        words = {str(key): str(label) for key, label in [*formfield.widget.choices] if not isinstance(label, list | tuple)}
        return format_html("{}", words.get(str(value), value))
    if _is_partial_date_field(model, name):
        return format_html("{}", format_partial_date(str(value)))
    if isinstance(formfield, DecimalField):
        try:
            return format_html("{}", format_number(formfield.to_python(value)))
        except ValidationError:
            pass
    return format_html('<span class="words">{}</span>', value)


def _names_of_related_rows(formfield: ModelChoiceField, keys: list[str]) -> list[str]:
    rows = formfield.queryset
    assert rows is not None
    model = rows.model
    rows_by_key = model._default_manager.in_bulk(row_keys(keys))
    names = {str(pk): str(row) for pk, row in rows_by_key.items()}
    return [names.get(key, f"{model._meta.verbose_name} {key} (deleted)") for key in keys]


def _is_partial_date_field(model: type[models.Model], name: str) -> bool:
    return any(isinstance(column, PartialDateField) for column in model._meta.concrete_fields if column.name == name)


def _changed_values_in_words(form_merge: FormMerge, state: FormState, group: FieldGroup) -> SafeString:
    if not group:
        return format_html("{}", "removed" if state.removed or state.dropped else "added")
    form, model = form_merge.form_for(state), form_merge.model_for(state)
    return format_html_join(", ", "{}", ((value_in_words(form, model, name, state.values.get(name)),) for name in group))


def _displayed_conflict(form_merge: FormMerge, conflict: Conflict, number: int) -> DisplayedConflict:
    state, model = conflict.state, form_merge.model_for(conflict.state)
    author = (
        author_of_change(form_merge, state, conflict.group)
        if state.pk or conflict.theirs
        else author_of_change(form_merge, state, ())
    )
    chosen = form_merge.valid_choice_for(conflict)
    theirs = "Keep the version of your other window" if author.you else f"Keep {author}’s"
    options = [(THEIRS, theirs, "1"), (MINE, "Use mine", "2")]
    note = ""
    if conflict.theirs is None:
        note = f"{capfirst(str(author))} removed this row; you changed it."
        options = [(THEIRS, "Keep it removed", "1"), (MINE, "Restore it with my changes", "2")]
    elif conflict.mine is None:
        note = f"You removed this row; {author} changed it."
        options = [(THEIRS, "Keep it", "1"), (MINE, "Remove it", "2")]
    elif conflict.can_keep_both:
        options.append((BOTH, "Keep both", "3"))
    if conflict.can_write_own:
        options.append((OWN, "Write a new version", "4" if conflict.can_keep_both else "3"))
    posted_choice = form_merge.request.POST.get(CHOICE_PREFIX + conflict.key, "")
    return DisplayedConflict(
        conflict.key,
        number,
        capfirst(change_title(form_merge, state, conflict.group)),
        author,
        _displayed_conflict_fields(form_merge, conflict, model),
        chosen,
        options,
        digest_of_values(conflict.theirs),
        note,
        bool(posted_choice) and not chosen,
    )


def _displayed_conflict_fields(
    form_merge: FormMerge, conflict: Conflict, model: type[models.Model]
) -> list[DisplayedConflictField]:
    form = form_merge.form_for(conflict.state)
    names = conflict.group or _fields_changed_by_other_side(conflict)
    widgets = _own_answer_form(form_merge, conflict) if conflict.can_write_own else None
    lines = []
    for name in names:
        before, theirs, mine = (
            None if side is None else side.get(name) for side in (conflict.before, conflict.theirs, conflict.mine)
        )
        lines.append(
            DisplayedConflictField(
                field_label(model, name),
                value_in_words(form, model, name, before),
                _value_with_diff(form, model, name, before, theirs, conflict.theirs is None),
                _value_with_diff(form, model, name, before, mine, conflict.mine is None),
                widgets[name] if widgets else None,
            )
        )
    return lines


def _fields_changed_by_other_side(conflict: Conflict) -> list[str]:
    """Return the fields that the other side changed in a row that one side removed; all if unknown."""
    before, after = conflict.before or {}, conflict.theirs or conflict.mine or {}
    return [name for name, value in after.items() if value != before.get(name)] or [*after]


def _value_with_diff(form: BaseForm, model, name: str, before: Value | None, after: Value | None, is_removed: bool) -> SafeString:
    if is_removed:
        return format_html('<span class="empty">{}</span>', "removed")
    prose = isinstance(form.fields[name], CharField) and isinstance(form.fields[name].widget, Textarea)
    if prose and before and after and isinstance(before, str) and isinstance(after, str) and before != after:
        spans = diff_words(before, after)
        if word_diff_display.share_of_changed_words(spans) <= word_diff_display.REWRITTEN_SHARE:
            return word_diff_display.diff_as_html(spans)
    return value_in_words(form, model, name, after)


def _own_answer_form(form_merge: FormMerge, conflict: Conflict) -> BaseForm:
    """Return the form of the record or row, filled with my values, under names of its own."""
    values: Values = {**conflict.state.values, **(conflict.mine or {})}
    if form_merge.request.POST.get(CHOICE_PREFIX + conflict.key) == OWN:
        values |= form_merge.own_answer_values(conflict)
    form = type(form_merge.form_for(conflict.state))(initial=values)
    for name in form.fields:
        form.fields[name].required = False
    form.add_prefix = lambda name: f"{own_answer_prefix(conflict)}{name}"
    return form
