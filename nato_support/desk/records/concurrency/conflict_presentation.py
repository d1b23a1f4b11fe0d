"""What met, as a page and a message tell it: units in words, values as people read them, who it was."""

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
from entities.untrusted import row_keys
from nato_support.desk.records import text_diff
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
from nato_support.desk.records.difference_display import EMPTY_VALUE, FIELD_LABELS, date_in_words, number_in_full


@dataclass
class ConflictLine:
    """One field in the columns of the page."""

    label: str
    before: SafeString
    theirs: SafeString
    mine: SafeString
    widget: Any = None
    """The real field, for an answer of one's own."""


@dataclass
class ConflictChoice:
    """One unit that needs a choice."""

    key: str
    number: int
    title: str
    author: ChangeAuthor
    lines: list[ConflictLine]
    chosen: str
    options: list[tuple[str, str, str]]
    """Value, words, the key that picks it."""
    seen: str
    note: str = ""
    moved: bool = False
    """Whether a choice was made, and what it was made against has changed since."""

    @property
    def name(self) -> str:
        return CHOICE_PREFIX + self.key

    @property
    def seen_name(self) -> str:
        return SEEN_PREFIX + self.key


@dataclass
class MergedChange:
    """Something that fits, in one line."""

    title: str
    value: SafeString
    author: ChangeAuthor | None = None
    names: list[str] = field(default_factory=list)


def conflict_choices(meeting: FormMerge) -> list[ConflictChoice]:
    """All that two people changed in different ways, those already chosen too."""
    return [_conflict_choice(meeting, clash, at) for at, clash in enumerate(meeting.merged.conflicts, 1)]


def changes_without_conflict(meeting: FormMerge) -> tuple[list[MergedChange], list[MergedChange]]:
    """What I changed, and what they changed, that needs no choice."""
    mine = [
        MergedChange(change_title(meeting, sheet, unit), _changed_values_in_words(meeting, sheet, unit))
        for sheet, unit in meeting.merged.mine
    ]
    theirs = [
        MergedChange(
            change_title(meeting, sheet, unit),
            _changed_values_in_words(meeting, sheet, unit),
            author_of_change(meeting, sheet, unit),
        )
        for sheet, unit in meeting.merged.theirs
    ]
    return mine, theirs


def author_of_change(meeting: FormMerge, sheet: FormState, unit: FieldGroup) -> ChangeAuthor:
    return last_author_of(meeting.model_of(sheet), sheet.pk, unit, meeting.request.user)


def change_title(meeting: FormMerge, sheet: FormState, unit: FieldGroup) -> str:
    """`end`, or `name “Arcadia”: kind`; a unit of many fields is called by its row alone."""
    model, fields = meeting.model_of(sheet), join_with_and(field_label(meeting.model_of(sheet), name) for name in unit)
    if not sheet.at:
        return fields
    row = f"{model._meta.verbose_name} “{title_of_row(meeting, sheet)}”"
    return f"{row}: {fields}" if 0 < len(unit) <= 3 else row


def title_of_row(meeting: FormMerge, sheet: FormState) -> str:
    """The row as one calls it: as it stands, or by the first thing that was said of it."""
    rows = meeting.inline_by_form_state[id(sheet)]
    if sheet.pk in rows.now:
        return str(rows.now[sheet.pk])
    values = {**meeting.base_rows.get(rows.prefix, {}).get(sheet.pk, {})} or sheet.values
    words = (str(value_in_words(rows.form, rows.model, name, value)) for name, value in values.items() if value)
    return next(words, "new")


def join_with_and(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def field_label(model: type[models.Model], name: str) -> str:
    try:
        return FIELD_LABELS.get(name) or str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.replace("_", " ")


def value_in_words(form: BaseForm, model: type[models.Model], name: str, value: Value | None) -> SafeString:
    """A value as people read it."""
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
        return format_html("{}", date_in_words(str(value)))
    if isinstance(formfield, DecimalField):
        try:
            return format_html("{}", number_in_full(formfield.to_python(value)))
        except ValidationError:
            pass
    return format_html('<span class="words">{}</span>', value)


def _names_of_related_rows(formfield: ModelChoiceField, keys: list[str]) -> list[str]:
    rows = formfield.queryset
    assert rows is not None
    model = rows.model
    found = model._default_manager.in_bulk(row_keys(keys))
    names = {str(pk): str(row) for pk, row in found.items()}
    return [names.get(key, f"{model._meta.verbose_name} {key}, which is gone") for key in keys]


def _is_partial_date_field(model: type[models.Model], name: str) -> bool:
    return any(isinstance(column, PartialDateField) for column in model._meta.concrete_fields if column.name == name)


def _changed_values_in_words(meeting: FormMerge, sheet: FormState, unit: FieldGroup) -> SafeString:
    if not unit:
        return format_html("{}", "removed" if sheet.removed or sheet.dropped else "added")
    form, model = meeting.form_of(sheet), meeting.model_of(sheet)
    return format_html_join(", ", "{}", ((value_in_words(form, model, name, sheet.values.get(name)),) for name in unit))


def _conflict_choice(meeting: FormMerge, clash: Conflict, at: int) -> ConflictChoice:
    sheet, model = clash.sheet, meeting.model_of(clash.sheet)
    author = author_of_change(meeting, sheet, clash.unit) if sheet.pk or clash.theirs else author_of_change(meeting, sheet, ())
    chosen = meeting.chosen(clash)
    theirs = "Keep yours of the other window" if author.you else f"Keep {author}’s"
    options = [(THEIRS, theirs, "1"), (MINE, "Use mine", "2")]
    note = ""
    if clash.theirs is None:
        note = f"{capfirst(str(author))} removed this row; you changed it."
        options = [(THEIRS, "Keep it removed", "1"), (MINE, "Put it back with my changes", "2")]
    elif clash.mine is None:
        note = f"You removed this row; {author} changed it."
        options = [(THEIRS, "Keep it as it stands", "1"), (MINE, "Remove it", "2")]
    elif clash.may_be_both:
        options.append((BOTH, "Keep both", "3"))
    if clash.may_be_own:
        options.append((OWN, "Write my own", "4" if clash.may_be_both else "3"))
    asked = meeting.request.POST.get(CHOICE_PREFIX + clash.key, "")
    return ConflictChoice(
        clash.key,
        at,
        capfirst(change_title(meeting, sheet, clash.unit)),
        author,
        _conflict_lines(meeting, clash, model),
        chosen,
        options,
        digest_of_values(clash.theirs),
        note,
        bool(asked) and not chosen,
    )


def _conflict_lines(meeting: FormMerge, clash: Conflict, model: type[models.Model]) -> list[ConflictLine]:
    form = meeting.form_of(clash.sheet)
    names = clash.unit or _fields_changed_by_other_side(clash)
    widgets = _own_answer_form(meeting, clash) if clash.may_be_own else None
    lines = []
    for name in names:
        before, theirs, mine = (None if side is None else side.get(name) for side in (clash.before, clash.theirs, clash.mine))
        lines.append(
            ConflictLine(
                field_label(model, name),
                value_in_words(form, model, name, before),
                _value_with_diff(form, model, name, before, theirs, clash.theirs is None),
                _value_with_diff(form, model, name, before, mine, clash.mine is None),
                widgets[name] if widgets else None,
            )
        )
    return lines


def _fields_changed_by_other_side(clash: Conflict) -> list[str]:
    """Of a row that one side removed: what the other changed, or all, if nobody knows."""
    before, after = clash.before or {}, clash.theirs or clash.mine or {}
    return [name for name, value in after.items() if value != before.get(name)] or [*after]


def _value_with_diff(form: BaseForm, model, name: str, before: Value | None, after: Value | None, gone: bool) -> SafeString:
    if gone:
        return format_html('<span class="empty">{}</span>', "removed")
    prose = isinstance(form.fields[name], CharField) and isinstance(form.fields[name].widget, Textarea)
    if prose and before and after and isinstance(before, str) and isinstance(after, str) and before != after:
        stretches = text_diff.diff_texts(before, after)
        if text_diff.share_of_changed_words(stretches) <= text_diff.REWRITTEN_SHARE:
            return text_diff.diff_as_html(stretches)
    return value_in_words(form, model, name, after)


def _own_answer_form(meeting: FormMerge, clash: Conflict) -> BaseForm:
    """The form of the record or row with my values in it, under names of their own."""
    values: Values = {**clash.sheet.values, **(clash.mine or {})}
    if meeting.request.POST.get(CHOICE_PREFIX + clash.key) == OWN:
        values |= meeting.own_values(clash)
    form = type(meeting.form_of(clash.sheet))(initial=values)
    for name in form.fields:
        form.fields[name].required = False
    form.add_prefix = lambda name: f"{own_answer_prefix(clash)}{name}"
    return form
