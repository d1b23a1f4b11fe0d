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

from entities.admin import wording
from entities.admin.differences import EMPTY, LABELS, in_words, number
from entities.admin.together.authors import Author, author_of
from entities.admin.together.meeting import CHOICE, SEEN, Meeting, fingerprint, own_prefix
from entities.admin.together.merging import BOTH, MINE, OWN, THEIRS, Clash, Sheet, Unit, Value, Values
from entities.fields import PartialDateField


@dataclass
class Line:
    """One field in the columns of the page."""

    label: str
    before: SafeString
    theirs: SafeString
    mine: SafeString
    widget: Any = None
    """The real field, for an answer of one's own."""


@dataclass
class Choice:
    """One unit that needs a choice."""

    key: str
    number: int
    title: str
    author: Author
    lines: list[Line]
    chosen: str
    options: list[tuple[str, str, str]]
    """Value, words, the key that picks it."""
    seen: str
    note: str = ""
    moved: bool = False
    """Whether a choice was made, and what it was made against has changed since."""

    @property
    def name(self) -> str:
        return CHOICE + self.key

    @property
    def seen_name(self) -> str:
        return SEEN + self.key


@dataclass
class Told:
    """Something that fits, in one line."""

    title: str
    value: SafeString
    author: Author | None = None
    names: list[str] = field(default_factory=list)


def choices(meeting: Meeting) -> list[Choice]:
    """All that two people changed in different ways, those already chosen too."""
    return [_choice(meeting, clash, at) for at, clash in enumerate(meeting.merged.clashes, 1)]


def fitting(meeting: Meeting) -> tuple[list[Told], list[Told]]:
    """What I changed, and what they changed, that needs no choice."""
    mine = [Told(title_of(meeting, sheet, unit), _values(meeting, sheet, unit)) for sheet, unit in meeting.merged.mine]
    theirs = [
        Told(title_of(meeting, sheet, unit), _values(meeting, sheet, unit), author_for(meeting, sheet, unit))
        for sheet, unit in meeting.merged.theirs
    ]
    return mine, theirs


def author_for(meeting: Meeting, sheet: Sheet, unit: Unit) -> Author:
    return author_of(meeting.model_of(sheet), sheet.pk, unit, meeting.request.user)


def title_of(meeting: Meeting, sheet: Sheet, unit: Unit) -> str:
    """`end`, or `name “Arcadia”: kind`; a unit of many fields is called by its row alone."""
    model, fields = meeting.model_of(sheet), listed(label_of(meeting.model_of(sheet), name) for name in unit)
    if not sheet.at:
        return fields
    row = f"{model._meta.verbose_name} “{called(meeting, sheet)}”"
    return f"{row}: {fields}" if 0 < len(unit) <= 3 else row


def called(meeting: Meeting, sheet: Sheet) -> str:
    """The row as one calls it: as it stands, or by the first thing that was said of it."""
    rows = meeting.by_sheet[id(sheet)]
    if sheet.pk in rows.now:
        return str(rows.now[sheet.pk])
    values = {**meeting.base_rows.get(rows.prefix, {}).get(sheet.pk, {})} or sheet.values
    words = (str(worded(rows.form, rows.model, name, value)) for name, value in values.items() if value)
    return next(words, "new")


def listed(words: Iterable[str]) -> str:
    *most, last = [*words] or [""]
    return f"{', '.join(most)} and {last}" if most else last


def label_of(model: type[models.Model], name: str) -> str:
    try:
        return LABELS.get(name) or str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return name.replace("_", " ")


def worded(form: BaseForm, model: type[models.Model], name: str, value: Value | None) -> SafeString:
    """A value as people read it."""
    if value in (None, "", []):
        return EMPTY
    formfield = form.fields[name]
    if isinstance(formfield, BooleanField) or isinstance(value, bool):
        return format_html("{}", "yes" if value and value != "False" else "no")
    if isinstance(formfield, ModelChoiceField):
        return format_html("{}", ", ".join(_names(formfield, value if isinstance(value, list) else [str(value)])))
    if isinstance(formfield, ChoiceField):
        words = {str(key): str(label) for key, label in [*formfield.widget.choices] if not isinstance(label, list | tuple)}
        return format_html("{}", words.get(str(value), value))
    if _is_date(model, name):
        return format_html("{}", in_words(str(value)))
    if isinstance(formfield, DecimalField):
        try:
            return format_html("{}", number(formfield.to_python(value)))
        except ValidationError:
            pass
    return format_html('<span class="words">{}</span>', value)


def _names(formfield: ModelChoiceField, keys: list[str]) -> list[str]:
    rows = formfield.queryset
    assert rows is not None
    model = rows.model
    found = model._default_manager.in_bulk([key for key in keys if key.isdecimal()])
    names = {str(pk): str(row) for pk, row in found.items()}
    return [names.get(key, f"{model._meta.verbose_name} {key}, which is gone") for key in keys]


def _is_date(model: type[models.Model], name: str) -> bool:
    return any(isinstance(column, PartialDateField) for column in model._meta.concrete_fields if column.name == name)


def _values(meeting: Meeting, sheet: Sheet, unit: Unit) -> SafeString:
    if not unit:
        return format_html("{}", "removed" if sheet.removed or sheet.dropped else "added")
    form, model = meeting.form_of(sheet), meeting.model_of(sheet)
    return format_html_join(", ", "{}", ((worded(form, model, name, sheet.values.get(name)),) for name in unit))


def _choice(meeting: Meeting, clash: Clash, at: int) -> Choice:
    sheet, model = clash.sheet, meeting.model_of(clash.sheet)
    author = author_for(meeting, sheet, clash.unit) if sheet.pk or clash.theirs else author_for(meeting, sheet, ())
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
    asked = meeting.request.POST.get(CHOICE + clash.key, "")
    return Choice(
        clash.key,
        at,
        capfirst(title_of(meeting, sheet, clash.unit)),
        author,
        _lines(meeting, clash, model),
        chosen,
        options,
        fingerprint(clash.theirs),
        note,
        bool(asked) and not chosen,
    )


def _lines(meeting: Meeting, clash: Clash, model: type[models.Model]) -> list[Line]:
    form = meeting.form_of(clash.sheet)
    names = clash.unit or _changed_names(clash)
    widgets = _own_form(meeting, clash) if clash.may_be_own else None
    lines = []
    for name in names:
        before, theirs, mine = (None if side is None else side.get(name) for side in (clash.before, clash.theirs, clash.mine))
        lines.append(
            Line(
                label_of(model, name),
                worded(form, model, name, before),
                _against(form, model, name, before, theirs, clash.theirs is None),
                _against(form, model, name, before, mine, clash.mine is None),
                widgets[name] if widgets else None,
            )
        )
    return lines


def _changed_names(clash: Clash) -> list[str]:
    """Of a row that one side removed: what the other changed, or all, if nobody knows."""
    before, after = clash.before or {}, clash.theirs or clash.mine or {}
    return [name for name, value in after.items() if value != before.get(name)] or [*after]


def _against(form: BaseForm, model, name: str, before: Value | None, after: Value | None, gone: bool) -> SafeString:
    if gone:
        return format_html('<span class="empty">{}</span>', "removed")
    prose = isinstance(form.fields[name], CharField) and isinstance(form.fields[name].widget, Textarea)
    if prose and before and after and isinstance(before, str) and isinstance(after, str) and before != after:
        stretches = wording.compared(before, after)
        if wording.share_changed(stretches) <= wording.REWRITTEN:
            return wording.marked(stretches)
    return worded(form, model, name, after)


def _own_form(meeting: Meeting, clash: Clash) -> BaseForm:
    """The form of the record or row with my values in it, under names of their own."""
    values: Values = {**clash.sheet.values, **(clash.mine or {})}
    if meeting.request.POST.get(CHOICE + clash.key) == OWN:
        values |= meeting.own_values(clash)
    form = type(meeting.form_of(clash.sheet))(initial=values)
    for name in form.fields:
        form.fields[name].required = False
    form.add_prefix = lambda name: f"{own_prefix(clash)}{name}"
    return form
