"""Plain values of forms and rows: initial ones, submitted ones, and back into the submitted data."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseForm, CheckboxInput, ModelChoiceField
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from entities.fields import SlugField
from entities.untrusted_json import read_json
from nato_support.desk.records.concurrency.three_way_merge import FieldGroup, Value, Values, ValuesAgree

PAGE_STATE_FIELD = "_base"
"""Hidden field with all values that the page showed; whatever differs from them was changed."""
_FORMSET_FIELDS = ("DELETE", "ORDER")


def browser_value(value: Any) -> Value:
    """Return a value as a browser would submit it."""
    if isinstance(value, bool):
        return value
    if isinstance(value, list | tuple | set | models.QuerySet):
        return sorted(str(item) for item in value)
    return "" if value is None else str(value).replace("\r\n", "\n").replace("\r", "\n")


def editable_field_names(form: BaseForm) -> list[str]:
    """Return the fields that a person fills in: neither the row's key nor the link to its parent."""
    opts = getattr(form, "_meta", None)
    pk_name = opts.model._meta.pk.name if opts else None
    parent_field = getattr(getattr(form, "fk", None), "name", None)
    return [
        name
        for name, field in form.fields.items()
        if name not in (pk_name, parent_field, *_FORMSET_FIELDS) and not field.disabled
    ]


def initial_form_values(form: BaseForm) -> Values:
    """Return the values of the form before anything is typed."""
    return {
        name: browser_value(form.fields[name].prepare_value(form.get_initial_for_field(form.fields[name], name)))
        for name in editable_field_names(form)
    }


def submitted_values(form: BaseForm, data: QueryDict, prefix: str = "") -> Values:
    """Return what was submitted for the form under `prefix`, without fields that the browser did not send."""
    values: Values = {}
    for name in editable_field_names(form):
        widget, key = form.fields[name].widget, prefix + name
        if not widget.value_omitted_from_data(data, MultiValueDict(), key):
            values[name] = browser_value(widget.value_from_datadict(data, MultiValueDict(), key))
    return values


def write_submitted_values(values: Mapping[str, Value], form: BaseForm, data: QueryDict, prefix: str = "") -> None:
    """Write values into the submitted data."""
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
    """Return a comparison of the form's values as the form reads them: spaces around and 40.00 are no change."""

    def values_agree(name: str, first: Value | None, second: Value | None) -> bool:
        if first is None or second is None:
            return False
        field = form.fields[name]
        if first == second or isinstance(field, ModelChoiceField):
            return first == second
        try:
            return field.to_python(first) == field.to_python(second)
        except (ValidationError, TypeError, ValueError):
            return False

    return values_agree


def field_groups_of(model: type[models.Model], names: list[str]) -> tuple[FieldGroup, ...]:
    """Return the model's field groups, in the order of the form; any other field is a group of its own."""
    groups: dict[FieldGroup, None] = {}
    for name in names:
        group = next((group for group in getattr(model, "FIELD_GROUPS", ()) if name in group), (name,))
        groups[tuple(member for member in names if member in group)] = None
    return tuple(groups)


def unique_field_sets(model: type[models.Model], names: list[str], parent_field: str) -> list[FieldGroup]:
    """Return the sets of the form's fields whose values no two rows of one parent share."""
    unique = [constraint.fields for constraint in model._meta.constraints if isinstance(constraint, models.UniqueConstraint)]
    keys = [tuple(name for name in fields if name != parent_field) for fields in unique if parent_field in fields]
    return [key for key in keys if key and {*key} <= {*names}]


def fields_generated_on_save(model: type[models.Model], names: list[str]) -> list[str]:
    """Return the fields that get a generated slug when the row is saved without one."""
    return [column.name for column in model._meta.concrete_fields if column.name in names and isinstance(column, SlugField)]


def read_page_state(data: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the page showed, as the browser sends it back; None if it is unreadable. No permission depends on it."""
    try:
        state = read_json(data.get(PAGE_STATE_FIELD, ""))
        rows = {
            str(prefix): {str(pk): _plain_values(values) for pk, values in row_values.items()}
            for prefix, row_values in state["rows"].items()
        }
        known = {str(prefix): [str(pk) for pk in pks] for prefix, pks in state["known"].items()}
        return {"fields": _plain_values(state["fields"]), "rows": rows, "known": known}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _plain_values(values: dict[str, Any]) -> Values:
    return {
        str(name): value if isinstance(value, bool) else browser_value(value)
        for name, value in values.items()
        if isinstance(value, str | bool | list)
    }
