"""Display of the differences between two snapshots of a record.

    for difference in display_differences([compare_snapshots(before, after), ...], user=request.user):
        {% include "desk/difference/difference.html" with difference=difference %}

`difference.fields` and, within `difference.groups`, the rows and their fields each carry an `address` (`summary`,
`entities.name/17`, `entities.name/17/text`) and `addresses`, those of everything shown together (an amount and its currency
are one). A page that wants a button or a comment beside each names a template in `difference.actions_template`: it is
included there with the context of the page, `item` (the field or row), `item.address` and `difference`. The headings of the
two sides are `before_label` and `after_label` ("was" and "is now" by default). Labels of foreign keys are fetched in a
constant number of queries, however many differences there are. `summarise_difference(difference)` gives one line.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.text import capfirst

from entities.fields import PartialDateField, ProseField
from entities.formatting import cited_field_label, cited_value_label, format_partial_date
from entities.history.record_snapshots import ChildRow, FieldChange, RecordDifference, RowChange, snapshot_fields
from entities.models import Measure
from entities.models.curated import Child
from nato_support.desk.evidence.value_wording import names_of_stated_slugs
from nato_support.desk.records import word_diff_display
from nato_support.desk.records.amount_change_display import AMOUNT_FIELDS, amount_change_in_short, display_amount_change
from nato_support.desk.records.citations_beside_values import (
    NO_DOCUMENTS,
    attach_citations,
    citation_label,
    count_sources_by_action,
    display_citation,
    is_citation_model,
    kind_of_record_in,
    row_action,
)
from nato_support.desk.records.displayed_differences import (
    ADDED,
    CHANGED,
    REMOVED,
    DisplayedDifference,
    DisplayedField,
    DisplayedRow,
    DisplayedRowGroup,
)
from nato_support.desk.records.referenced_row_labels import RowKey, RowLabels, may_view_model
from nato_support.desk.records.value_display import (
    list_change_as_html,
    set_change_as_html,
    value_as_html,
    value_in_short,
)
from sources.models import Citation
from sources.word_diff import diff_words

_CITATION_NOUN = str(Citation._meta.verbose_name)
_STATEMENT_FIELDS = {"value", "settles", "decides_for"}
"""Fields of citations and resolutions that hold values of the field that they are about."""


def display_differences(differences: Sequence[RecordDifference], user=None) -> list[DisplayedDifference]:
    """Return the differences for display. With `user` targets are linked, and what they may not see is left out."""
    labels = RowLabels(
        _rows_to_label(differences), user, any(difference.before.at or difference.after.at for difference in differences)
    )
    labels.stated_names = names_of_stated_slugs(_stated_facts(differences))
    permissions: dict[type, bool] = {}

    def may_see_model(model) -> bool:
        if model not in permissions:
            permissions[model] = user is None or may_view_model(user, model)
        return permissions[model]

    return [_display_difference(difference, labels, may_see_model) for difference in differences]


def summarise_difference(difference: RecordDifference, documents: Mapping[int, int] = NO_DOCUMENTS) -> str:
    """Return one line for lists, without a query: "amount €1.2 billion → €1.4 billion; 5 citations from 1 source added".

    `documents` gives the document of each cited quote, by key; without it the citations alone are counted.
    """
    if difference.after.values is None:
        return "deleted"
    if difference.before.values is None:
        return "created"
    phrases = []
    for group in _group_field_changes(difference.after.model, difference.fields):
        phrases.append(_summarise_field_group(difference.after.model, group))
    counts: dict[str, Counter] = {}
    for change in difference.rows:
        if (
            change.before
            and change.after
            and is_row_of_model(change, Measure)
            and _changes_any_field(change.fields, AMOUNT_FIELDS)
        ):
            phrases.append(f"amount {amount_change_in_short(change.before.values, change.after.values)}")
        else:
            counts.setdefault(str(change.row.model._meta.verbose_name), Counter())[row_action(change)] += 1
    for noun, actions in counts.items():
        sources = count_sources_by_action(difference.rows, documents) if noun == _CITATION_NOUN else {}
        for action, count in actions.items():
            origin = f" from {_counted(sources[action], 'source')}" if count > 1 and action in sources else ""
            phrases.append(f"{_counted(count, noun)}{origin} {action.lower()}")
    return "; ".join(phrases) or "nothing changed"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' if count > 1 else ''}"


def is_row_of_model(change: RowChange, model: type[models.Model]) -> bool:
    return issubclass(change.row.model, model)


# Fields and rows


def _display_difference(difference: RecordDifference, labels: RowLabels, may_see_model) -> DisplayedDifference:
    model = difference.after.model
    changes = [change for change in difference.rows if may_see_model(change.row.model)]
    fields = [
        _display_field(model, group, difference.before.values, difference.after.values, labels, difference, "")
        for group in _group_field_changes(model, difference.fields)
    ]
    rows: dict[type[Child], list[DisplayedRow]] = defaultdict(list)
    for change in changes:
        rows[change.row.model].append(_display_row(change, labels, difference))
    placed = attach_citations(difference, fields, rows, labels, may_see_model)
    return DisplayedDifference(
        difference,
        fields,
        [_display_row_group(child_model, child_rows, placed) for child_model, child_rows in rows.items()],
        summarise_difference(difference, labels.documents_of_quotes),
        difference.before.values is None,
        difference.after.values is None,
        len(difference.rows) - len(changes),
    )


def _display_row_group(child_model: type[Child], rows: list[DisplayedRow], placed_addresses: set[str]) -> DisplayedRowGroup:
    remaining = [row for row in rows if row.action == CHANGED or row.address not in placed_addresses]
    return DisplayedRowGroup(
        child_model,
        capfirst(str(child_model._meta.verbose_name_plural)),
        _countrow_actions(rows),
        remaining,
        len(rows) - len(remaining),
    )


def _display_row(change: RowChange, labels: RowLabels, difference: RecordDifference) -> DisplayedRow:
    child_model, row = change.row.model, change.row
    before = change.before.values if change.before else None
    after = change.after.values if change.after else None
    if before is not None and after is not None:
        changed: Iterable[FieldChange] = change.fields
    else:
        value_pairs = [
            (column.name, (before or {}).get(column.name), (after or {}).get(column.name))
            for column in snapshot_fields(child_model)
            if column.name not in child_model.PARENT_FIELDS and not (column.name == "quote" and is_citation_model(child_model))
        ]
        changed = [
            FieldChange(*values) for values in value_pairs if values[1] not in (None, "", []) or values[2] not in (None, "", [])
        ]
    kind = kind_of_record_in(difference)
    if "field" in row.values:
        changed = [_statement_change_in_words(one, kind, before or after, after or before, labels) for one in changed]
    fields = [
        _display_field(child_model, group, before, after, labels, difference, f"{row.address}/")
        for group in _group_field_changes(child_model, changed)
    ]
    if not is_citation_model(child_model):
        return DisplayedRow(row.address, row_action(change), snapshot_row_label(row), fields)
    label = citation_label(row, kind, labels)
    return DisplayedRow(
        row.address, row_action(change), label, fields, citation=display_citation(row, row_action(change), kind, labels)
    )


def _statement_change_in_words(change: FieldChange, kind: str, before: Any, after: Any, labels: RowLabels) -> FieldChange:
    """Return a change of what a row states about a field, with every value in words instead of as stored."""
    if change.name not in _STATEMENT_FIELDS:
        return change

    def in_words(value: Any, field: str) -> Any:
        if isinstance(value, list):
            return [in_words(item, field) for item in value]
        if isinstance(value, dict):
            return value | {"value": in_words(value["value"], field)}
        return cited_value_label(kind, field, value, exact=True, names=labels.stated_names) if value else value

    return FieldChange(change.name, in_words(change.before, before["field"]), in_words(change.after, after["field"]))


def _stated_facts(differences: Iterable[RecordDifference]) -> Iterator[tuple[str, str, str]]:
    """Yield (kind of record, field, value) of everything that rows about a field state."""
    for difference in differences:
        kind = kind_of_record_in(difference)
        for row in (*difference.before.rows.values(), *difference.after.rows.values()):
            for name in _STATEMENT_FIELDS & row.values.keys() if "field" in row.values else ():
                stated = row.values[name]
                for value in stated if isinstance(stated, list) else [stated] if stated else []:
                    yield kind, row.values["field"], value["value"] if isinstance(value, dict) else value


def snapshot_row_label(row: ChildRow) -> str:
    """Return the label of a row from its values alone."""
    columns = {row.model._meta.get_field(name).attname: value for name, value in row.values.items()}  # type: ignore[union-attr]
    label = str(row.model(**columns))
    if "field" in row.values:
        label = label.replace(row.values["field"], cited_field_label(row.values["field"]), 1)
    for name, value in row.values.items():
        if isinstance(row.model._meta.get_field(name), PartialDateField) and value:
            label = label.replace(value, format_partial_date(value))
    return label


def _display_field(
    model, group: tuple[FieldChange, ...], before, after, labels, difference: RecordDifference, prefix: str
) -> DisplayedField:
    addresses = tuple(f"{prefix}{change.name}" for change in group)
    first = group[0]
    if issubclass(model, Measure) and first.name in AMOUNT_FIELDS:
        displayed = display_amount_change(before, after, labels)
    elif len(group) == 1:
        displayed = _display_single_field(model._meta.get_field(first.name), first, labels, difference)
    else:
        displayed = _display_field_group(model, group, labels, difference)
    displayed.address, displayed.addresses = addresses[0], addresses
    # The fields of an added or removed row were added or removed; a record's field that was empty has changed.
    displayed.action = ADDED if before is None else REMOVED if after is None else CHANGED
    return displayed


def _display_single_field(column, change: FieldChange, labels: RowLabels, difference: RecordDifference) -> DisplayedField:
    displayed = DisplayedField(
        "",
        (),
        str(column.verbose_name),
        value_as_html(column, change.before, labels, difference.before.at),
        value_as_html(column, change.after, labels, difference.after.at),
    )
    if column.many_to_many:
        displayed.inline_diff = set_change_as_html(
            column.related_model, set(change.before or ()), set(change.after or ()), labels, difference
        )
    elif isinstance(change.before or change.after, list):
        displayed.inline_diff = list_change_as_html(change.before or [], change.after or [])
    elif isinstance(column, ProseField) and change.before and change.after:
        _add_text_diff(displayed, change.before, change.after)
    elif isinstance(column, models.DecimalField | models.IntegerField | models.FloatField) and not column.is_relation:
        displayed.numeric = True
    elif (
        isinstance(change.before, str)
        and isinstance(change.after, str)
        and word_diff_display.differs_in_spacing_only(change.before, change.after)
    ):
        displayed.notes.append("Spacing only")
    return displayed


def _display_field_group(
    model, group: tuple[FieldChange, ...], labels: RowLabels, difference: RecordDifference
) -> DisplayedField:
    columns = [model._meta.get_field(change.name) for change in group]

    def describe_side(values, moment):
        first, *rest = zip(columns, values, strict=True)
        further = (("of", str(c.verbose_name), value_as_html(c, v, labels, moment)) for c, v in rest if v not in (None, "", []))
        return format_html(
            "{}{}", value_as_html(*first, labels, moment), format_html_join("", "<span class='{}'>{}: {}</span>", further)
        )

    label = " and ".join([", ".join(str(c.verbose_name) for c in columns[:-1]), str(columns[-1].verbose_name)])
    return DisplayedField(
        "",
        (),
        label,
        describe_side([c.before for c in group], difference.before.at),
        describe_side([c.after for c in group], difference.after.at),
    )


def _add_text_diff(displayed: DisplayedField, before: str, after: str):
    if word_diff_display.differs_in_spacing_only(before, after):
        displayed.notes.append("Spacing only")
        return
    spans = diff_words(before, after)
    if word_diff_display.share_of_changed_words(spans) <= word_diff_display.REWRITTEN_SHARE:
        displayed.inline_diff = word_diff_display.diff_as_html(spans)
    else:
        displayed.notes.append("Largely rewritten: both texts are shown in full")


# Parts of a difference


def _group_field_changes(model, changes: Iterable[FieldChange]) -> Iterator[tuple[FieldChange, ...]]:
    """Yield the changes in the order of the fields; fields of a group come together."""
    pending = {change.name: change for change in changes}
    for name in list(pending):
        if name in pending:
            group = next(
                (names for names in model.FIELD_GROUPS if name in names and not _includes_parent_field(model, names)), (name,)
            )
            yield tuple(pending.pop(member) for member in group if member in pending)


def _includes_parent_field(model, names: tuple[str, ...]) -> bool:
    """Return whether the group names the record itself: such groups concern whole rows, and their fields are shown one by one."""
    return bool(set(names) & set(getattr(model, "PARENT_FIELDS", ())))


def _countrow_actions(rows: list[DisplayedRow]) -> str:
    counts = Counter(row.action for row in rows)
    return ", ".join(f"{counts[action]} {action.lower()}" for action in (CHANGED, ADDED, REMOVED) if counts[action])


def _changes_any_field(fields: Iterable[FieldChange], names: Iterable[str]) -> bool:
    return any(change.name in names for change in fields)


def _summarise_field_group(model, group: tuple[FieldChange, ...]) -> str:
    column, change = model._meta.get_field(group[0].name), group[0]
    names = " and ".join(str(model._meta.get_field(one.name).verbose_name) for one in group)
    if len(group) > 1 or column.is_relation or isinstance(column, ProseField) or isinstance(change.after, list):
        if not any(one.before for one in group):
            return f"{names} filled in"
        return f"{names} {'changed' if any(one.after for one in group) else 'emptied'}"
    before, after = (value_in_short(column, value) for value in (change.before, change.after))
    return f"{names} {before} → {after}"


def _rows_to_label(differences: Iterable[RecordDifference]) -> Iterator[RowKey]:
    """Yield all rows whose labels are needed: targets of changed foreign keys, and the quotes of citations."""
    for difference in differences:
        for change in difference.fields:
            yield from _foreign_key_targets(difference.after.model, change.name, change.before, change.after)
        for row_change in difference.rows:
            for row in filter(None, (row_change.before, row_change.after)):
                for name, value in row.values.items():
                    if name not in row.model.PARENT_FIELDS:
                        yield from _foreign_key_targets(row.model, name, value)
        for row in (*difference.before.rows.values(), *difference.after.rows.values()):
            if is_citation_model(row.model):
                yield from _foreign_key_targets(row.model, "quote", row.values["quote"])


def _foreign_key_targets(model, name: str, *values: Any) -> Iterator[RowKey]:
    column = model._meta.get_field(name)
    if column.is_relation:
        for value in values:
            for pk in value if isinstance(value, list) else [value]:
                if pk is not None:
                    yield column.related_model, pk
