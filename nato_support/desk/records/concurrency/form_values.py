"""Forms and rows as sheets of plain values: what one holds, what was sent for it, and back into what was sent."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, CheckboxInput, ModelChoiceField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from entities.fields import SlugField
from entities.untrusted import read_json
from nato_support.desk.records.concurrency.three_way_merge import FieldGroup, Value, Values, ValuesAgree

PAGE_STATE_FIELD = "_base"
"""Hidden field with all that the page showed: what was changed is what differs from it."""
_FORMSET_FIELDS = ("DELETE", "ORDER")


def browser_value(value: Any) -> Value:
    """A value as a browser would send it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(str(one) for one in value)
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


def editable_field_names(form: BaseForm) -> list[str]:
    """The fields that a person fills in: neither the row's key nor what binds it to its record."""
    opts = getattr(form, "_meta", None)
    key = opts.model._meta.pk.name if opts else None
    linked = getattr(getattr(form, "fk", None), "name", None)
    return [name for name, field in form.fields.items() if name not in (key, linked, *_FORMSET_FIELDS) and not field.disabled]


def initial_form_values(form: BaseForm) -> Values:
    """What the form holds before anything is typed."""
    return {
        name: browser_value(form.fields[name].prepare_value(form.get_initial_for_field(form.fields[name], name)))
        for name in editable_field_names(form)
    }


def submitted_values(form: BaseForm, data: QueryDict, prefix: str = "") -> Values:
    """What was sent for the form under `prefix`; what a browser would have sent and this one did not is left out."""
    found: Values = {}
    for name in editable_field_names(form):
        widget, key = form.fields[name].widget, prefix + name
        if not widget.value_omitted_from_data(data, MultiValueDict(), key):
            found[name] = browser_value(widget.value_from_datadict(data, MultiValueDict(), key))
    return found


def write_submitted_values(values: Mapping[str, Value], form: BaseForm, data: QueryDict, prefix: str = "") -> None:
    """Writes values into what was sent."""
    for name, value in values.items():
        key = prefix + name
        if isinstance(form.fields[name].widget, CheckboxInput):
            data.pop(key, None)
            if value and value != "False":
                data[key] = "on"
        elif isinstance(value, list):
            data.setlist(key, value)
        else:
            data[key] = str(value)


def value_comparer(form: BaseForm) -> ValuesAgree:
    """How values of the form's fields compare: as the form would read them, so that spaces around and 40.00 are no change."""

    def agree(name: str, one: Value | None, other: Value | None) -> bool:
        if one is None or other is None:
            return False
        field = form.fields[name]
        if one == other or isinstance(field, ModelChoiceField):
            return one == other
        try:
            return field.to_python(one) == field.to_python(other)
        except (ValidationError, TypeError, ValueError):
            return False

    return agree


def field_groups_of(model: type[models.Model], names: list[str]) -> tuple[FieldGroup, ...]:
    """The fields in the units of the model, in the order of the form; each field of no unit is its own."""
    found: dict[FieldGroup, None] = {}
    for name in names:
        unit = next((unit for unit in getattr(model, "FIELD_GROUPS", ()) if name in unit), (name,))
        found[tuple(one for one in names if one in unit)] = None
    return tuple(found)


def unique_field_sets(model: type[models.Model], names: list[str], link: str) -> list[FieldGroup]:
    """Sets of the form's fields of which no two rows of one record share all."""
    unique = [constraint.fields for constraint in model._meta.constraints if isinstance(constraint, models.UniqueConstraint)]
    keys = [tuple(name for name in fields if name != link) for fields in unique if link in fields]
    return [key for key in keys if key and {*key} <= {*names}]


def fields_generated_on_save(model: type[models.Model], names: list[str]) -> list[str]:
    """The fields whose row gets an address of its own when it is saved without."""
    return [column.name for column in model._meta.concrete_fields if column.name in names and isinstance(column, SlugField)]


def read_page_state(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page showed, as the browser hands it back; None if it says nothing readable. Nobody's rights follow from it."""
    try:
        base = read_json(data.get(PAGE_STATE_FIELD, ""))
        rows = {
            str(prefix): {str(pk): _plain_values(values) for pk, values in shown.items()}
            for prefix, shown in base["rows"].items()
        }
        known = {str(prefix): [str(pk) for pk in pks] for prefix, pks in base["known"].items()}
        return {"fields": _plain_values(base["fields"]), "rows": rows, "known": known}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _plain_values(values: dict[str, Any]) -> Values:
    return {
        str(name): value if isinstance(value, bool) else browser_value(value)
        for name, value in values.items()
        if isinstance(value, str | bool | list)
    }
