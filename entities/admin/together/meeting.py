"""What one person sends for a record meets what stands now."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.forms import CheckboxInput, ModelForm
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from entities.admin.together.merging import BOTH, MINE, OWN, THEIRS, Clash, Merged, Sheet, Values, merge, merge_rows
from entities.admin.together.sheets import agreement, held, keys_of, made_when_saved, names_in, put, read_base, sent, units_of
from entities.models.curated import Part
from entities.models.holding import hold

CHOICE, SEEN, OWN_PREFIX = "_choice:", "_seen:", "_own:"
_MANY = 1_000
_TICK = CheckboxInput()


@dataclass
class Rows:
    """The rows of one inline as they were sent, and what reads them."""

    prefix: str
    inline: Any
    form: ModelForm
    """An empty one, which knows fields and widgets."""
    link: str
    sheets: list[Sheet]
    blank: list[Sheet]
    now: dict[str, models.Model]
    """The rows that stand there, of those sent and of those that appeared."""

    @property
    def model(self) -> type[models.Model]:
        return self.inline.model


class Meeting:
    """Reads what was sent for `record`, locks the rows that it is about, merges, and gives what is to be saved.

    Inside a transaction that holds the record: until it ends nobody else changes what was compared.
    """

    def __init__(self, page, request: HttpRequest, record: models.Model):
        self.page, self.request, self.record = page, request, record
        base = read_base(request.POST)
        self.said = base is not None
        base = base or {"fields": {}, "rows": {}, "known": {}}
        self.form = page.get_form(request, record, change=True)(instance=record)
        self.sheet = Sheet("", sent(self.form, request.POST), pk=str(record.pk))
        self.before: Values = base["fields"]
        self.base_rows: dict[str, dict[str, Values]] = base["rows"]
        self.merged = Merged()
        agree = agreement(self.form)
        merge(self.sheet, units_of(type(record), names_in(self.form)), self.before, held(self.form), agree, self.merged)
        self.rows = [self._meet_rows(formset, inline, prefix, base) for formset, inline, prefix in self._inlines()]
        self.by_sheet = {id(sheet): rows for rows in self.rows for sheet in rows.sheets}
        self.open = [clash for clash in self.merged.clashes if not self._settled(clash)]

    def data(self) -> QueryDict:
        """What was sent, with what others changed meanwhile and the choices made."""
        data = self.request.POST.copy()
        put(self.sheet.values, self.form, data)
        for rows in self.rows:
            _put_rows(rows, self.record, data)
        return data

    def form_of(self, sheet: Sheet) -> ModelForm:
        rows = self.by_sheet.get(id(sheet))
        return rows.form if rows else self.form

    def model_of(self, sheet: Sheet) -> type[models.Model]:
        rows = self.by_sheet.get(id(sheet))
        return rows.model if rows else type(self.record)

    def chosen(self, clash: Clash) -> str:
        """What was chosen for it, if what was chosen between is still what stands there."""
        how = self.request.POST.get(CHOICE + clash.key, "")
        allowed = {THEIRS, MINE, *([OWN] if clash.may_be_own else []), *([BOTH] if clash.may_be_both else [])}
        return how if how in allowed and self.request.POST.get(SEEN + clash.key) == fingerprint(clash.theirs) else ""

    def own_values(self, clash: Clash) -> Values:
        """What was typed as a third answer."""
        typed = sent(self.form_of(clash.sheet), self.request.POST, own_prefix(clash))
        return {name: typed[name] for name in clash.unit if name in typed}

    def _settled(self, clash: Clash) -> bool:
        how = self.chosen(clash)
        if how:
            clash.settle(how, self.own_values(clash) if how == OWN else None)
        return bool(how)

    def _inlines(self):
        """The inlines in which this person may change rows, each with its class of formsets and the prefix of its fields."""
        seen: dict[str, int] = {}
        for formset, inline in self.page.get_formsets_with_inlines(self.request, self.record):
            prefix = formset.get_default_prefix()
            seen[prefix] = seen.get(prefix, 0) + 1
            prefix = prefix if seen[prefix] == 1 else f"{prefix}-{seen[prefix]}"
            if inline.has_change_permission(self.request, self.record) and f"{prefix}-TOTAL_FORMS" in self.request.POST:
                yield formset, inline, prefix

    def _meet_rows(self, formset, inline, prefix: str, base: dict) -> Rows:
        data, form = self.request.POST, formset.form()
        names = [name for name in names_in(form) if name != formset.fk.name]
        rows = Rows(prefix, inline, form, formset.fk.name, [], [], {})
        empty, agree, key = held(form), agreement(form), inline.model._meta.pk.name
        initial = _count(data, f"{prefix}-INITIAL_FORMS")
        for at in range(min(_count(data, f"{prefix}-TOTAL_FORMS"), _MANY)):
            here = f"{prefix}-{at}"
            values = {name: value for name, value in sent(form, data, f"{here}-").items() if name in names}
            pk = data.get(f"{here}-{key}", "") if at < initial else ""
            sheet = Sheet(here, values, pk, bool(_TICK.value_from_datadict(data, MultiValueDict(), f"{here}-DELETE")))
            blank = at >= initial and all(agree(name, empty.get(name), value) for name, value in values.items())
            (rows.blank if blank else rows.sheets).append(sheet)
        mine = inline.get_queryset(self.request).filter(**{formset.fk.name: self.record.pk})
        wanted = [sheet.pk for sheet in rows.sheets if sheet.pk.isdecimal()]
        known = base["known"].get(prefix)
        look = mine.filter(pk__in=wanted)
        if known is not None and any(not sheet.pk for sheet in rows.sheets):
            look |= mine.exclude(pk__in=[pk for pk in known if pk.isdecimal()])
        if rows.sheets:
            rows.now = {str(row.pk): row for row in _locked(look, formset.fk.name)}
        now = {pk: _held_by(formset, row, names) for pk, row in rows.now.items()}
        appeared = {pk: values for pk, values in now.items() if known is not None and pk not in known and pk not in wanted}
        merge_rows(
            rows.sheets,
            units_of(inline.model, names),
            base["rows"].get(prefix, {}),
            now,
            appeared,
            keys_of(inline.model, names, formset.fk.name),
            made_when_saved(inline.model, names),
            agree,
            self.merged,
        )
        return rows


def own_prefix(clash: Clash) -> str:
    """What the names of the fields of a third answer begin with."""
    return f"{OWN_PREFIX}{clash.sheet.at}:"


def fingerprint(values: Values | None) -> str:
    """What a choice carries of what it was made against."""
    return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


def _held_by(formset, row: models.Model, names: list[str]) -> Values:
    values = held(formset.form(instance=row))
    return {name: values[name] for name in names}


def _count(data: QueryDict, name: str) -> int:
    value = data.get(name, "")
    return int(value) if value.isdecimal() and len(value) < 6 else 0


def hold_whole(record: models.Model) -> None:
    """Whoever saves the record or a part of it waits: for a part, its record comes first, as when it is saved."""
    whole = record.whole if isinstance(record, Part) else None
    for one in (whole, record):
        if one is not None:
            hold([(type(one), one.pk)])


def _locked(rows: models.QuerySet, link: str) -> list[models.Model]:
    """The rows, locked; before them the records that they belong to where the page is another one's."""
    model = rows.model
    if issubclass(model, Part) and link not in model.WHOLE:
        models_of = [model._meta.get_field(name).related_model for name in model.WHOLE]
        keys = rows.order_by().values_list(*(f"{name}_id" for name in model.WHOLE))
        hold((whole, pk) for row in keys for whole, pk in zip(models_of, row, strict=True) if pk)
    return list(rows.order_by("pk").select_for_update(of=("self",), no_key=True))


def _put_rows(rows: Rows, record: models.Model, data: QueryDict) -> None:
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
        put(sheet.values, rows.form, data, here)
        data[here + rows.model._meta.pk.name], data[here + rows.link] = sheet.pk, str(record.pk)
        if sheet.removed:
            data[here + "DELETE"] = "on"
