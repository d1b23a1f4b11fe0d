"""Values of fields as HTML: labels of choices and targets, dates, numbers, changes of lists."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entities.countries import COUNTRIES
from entities.fields import CountryField, PartialDateField
from entities.formatting import (
    cited_field_label,
    format_number,
    format_partial_date,
    format_period,
    stated_text,
)
from entities.history.record_snapshots import RecordDifference
from entities.languages import language_chain_names
from entities.vocabulary import Polarity
from nato_support.desk.records.referenced_row_labels import RowLabels

EMPTY_VALUE = format_html('<span class="empty">{}</span>', "empty")


def value_as_html(column, value: Any, labels: RowLabels, moment: datetime | None) -> SafeString:
    """Return a value of a model field as HTML, linked if it is a foreign key that the user may follow."""
    if value in (None, "", []):
        return EMPTY_VALUE
    if column.many_to_many:
        return format_html_join(", ", "{}", ((linked_row_label(column.related_model, pk, labels, moment),) for pk in value))
    if column.is_relation:
        return linked_row_label(column.related_model, value, labels, moment)
    if isinstance(value, list):
        return format_html_join(", ", "{}", ((_list_item_text(item),) for item in value))
    if _is_statement(value):
        return format_html("{}", _list_item_text(value))
    if isinstance(column, PartialDateField):
        return format_html("{}", _format_date_of(column, value))
    if column.name == "field":
        return format_html("{}", cited_field_label(value))
    if isinstance(column, CountryField):
        return format_html("{} ({})", COUNTRIES[value], value) if value in COUNTRIES else format_html("{}", value)
    if column.name == "language":
        return format_html("{}", language_chain_names(value))
    if column.choices:
        return format_html("{}", dict(column.flatchoices).get(value, value))
    if isinstance(column, models.BooleanField):
        return format_html("{}", "yes" if value else "no")
    if isinstance(column, models.DecimalField | models.FloatField) or isinstance(value, int):
        return format_html("{}", _number_or_zero(value))
    return format_html('<span class="words">{}</span>', value)


def linked_row_label(model, pk: int, labels: RowLabels, moment: datetime | None) -> SafeString:
    """Return the label that a row had at `moment`, linked, with what became of it since."""
    label, past_label = labels.current_label(model, pk), labels.label_at(model, pk, moment)
    name = format_html('<a href="{}">{}</a>', label.url, past_label) if label.url else format_html("{}", past_label)
    remarks = [f"now {label.text}"] if past_label != label.text else []
    remarks += [f"since merged into {label.survivor}"] if label.survivor else []
    remarks += ["since deleted"] if label.is_deleted else []
    return format_html("{} <small>({})</small>", name, "; ".join(remarks)) if remarks else name


def _number_or_zero(value: Any) -> str:
    return "0 (zero)" if Decimal(str(value)) == 0 else format_number(value)


def set_change_as_html(model, before: set[int], after: set[int], labels: RowLabels, difference: RecordDifference) -> SafeString:
    """Return the related records that were added and removed."""
    lines = [("added", "+ Added", pk, difference.after.at) for pk in after - before]
    lines += [("removed", "− Removed", pk, difference.before.at) for pk in before - after]
    kept = len(before & after)
    items = format_html_join(
        "",
        '<li class="{}"><b>{}</b> {}</li>',
        ((css, word, linked_row_label(model, pk, labels, moment)) for css, word, pk, moment in lines),
    )
    return format_html('<ul class="set">{}</ul>{}', items, f"{kept} unchanged" if kept else "")


def list_change_as_html(before: list, after: list) -> SafeString:
    """Return the items of a list that were added and removed."""
    lines = [("added", "+ Added", _list_item_text(item)) for item in after if item not in before]
    lines += [("removed", "− Removed", _list_item_text(item)) for item in before if item not in after]
    kept = sum(item in before for item in after)
    items = format_html_join("", '<li class="{}"><b>{}</b> {}</li>', lines)
    return format_html('<ul class="set">{}</ul>{}', items, f"{kept} unchanged" if kept else "")


def _is_statement(value: Any) -> bool:
    """Return whether `value` is a statement as resolutions store it."""
    return isinstance(value, dict) and value.keys() == {"value", "polarity"}


def _list_item_text(item: Any) -> str:
    if not _is_statement(item):
        return f"“{item}”"
    return stated_text(item["value"], item["polarity"]) if item["polarity"] == Polarity.DENIES else f"“{item['value']}”"


def _format_date_of(column: models.Field, value: str) -> str:
    """Return a date in words: a period holds throughout, any other date means some day within it."""
    return format_period(value) if column.name == "period" else format_partial_date(value)


def value_in_short(column, value: Any) -> str:
    """Return a value as text of at most 60 characters."""
    if value in (None, ""):
        return "empty"
    if isinstance(column, PartialDateField):
        return _format_date_of(column, value)
    if _is_statement(value):
        return _list_item_text(value)
    text = str(dict(column.flatchoices).get(value, value) if column.choices else value)
    return text if len(text) <= 60 else f"{text[:59]}…"
