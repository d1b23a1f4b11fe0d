"""What differs between two snapshots of a record, as a page shows it.

    for one in shown([difference(before, after), ...], user=request.user):
        {% include "desk/difference/difference.html" with difference=one %}

`one.fields` and, within `one.groups`, the rows and their fields each carry an `address` (`summary`, `entities.name/17`,
`entities.name/17/text`) and `addresses`, those of all that it shows together (an amount and its currency are one). A page
that wants a button or a comment beside each names a template in `one.actions_template`: it is included there with the
context of the page, `item` (the field or row), `item.address` and `difference`. Name the two sides with `one.was_called`
and `one.is_called` ("was" and "is now", unless said otherwise). Labels of all that foreign keys point at are fetched in a
constant number of queries, however many differences there are. `summary_of(difference)` tells it in one line.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.fields import CountryField, PartialDateField, ProseField
from entities.history.record_snapshots import ChildRow, FieldChange, FieldValues, RecordDifference, RowChange, snapshot_fields
from entities.languages import language_chain_names
from entities.models import Measure
from entities.models.curated import Child
from nato_support.desk.records import text_diff
from nato_support.desk.records.row_labels import RowKey, RowLabels, may_view_model

ADDED, REMOVED, CHANGED = "Added", "Removed", "Changed"
ACTION_SIGNS = {ADDED: "+", REMOVED: "−", CHANGED: "±"}
FIELD_LABELS = {"slug": "public id", "sha256": "text (its SHA-256)", "as_stated": "as stated", "url": "web address"}
AMOUNT_FIELDS = Measure.FIELD_GROUPS[0]


@dataclass
class DisplayedCitation:
    """A citation beside the value that it is about: what it states, in whose words, and whether it came or went."""

    address: str
    act: str
    stance: str
    stated_value: str
    quote: str
    beside: str
    url: str

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address,)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS.get(self.act, "")

    @property
    def label(self) -> str:
        return self.stated_value


@dataclass
class DisplayedField:
    """One field, or several that mean something only together."""

    address: str
    addresses: tuple[str, ...]
    label: str
    was: SafeString
    now: SafeString
    act: str = CHANGED
    whole: SafeString | None = None
    """Both wordings in one, instead of `was` and `now`."""
    numeric: bool = False
    notes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    sources: list[DisplayedCitation] = field(default_factory=list)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS[self.act]


@dataclass
class DisplayedRow:
    """A row that was added, removed or changed; added and removed ones in full, of changed ones what changed."""

    address: str
    act: str
    label: str
    fields: list[DisplayedField]
    quote: str = ""
    beside: str = ""
    sources: list[DisplayedCitation] = field(default_factory=list)

    @property
    def addresses(self) -> tuple[str, ...]:
        return (self.address,)

    @property
    def sign(self) -> str:
        return ACTION_SIGNS[self.act]


@dataclass
class DisplayedRowGroup:
    """The rows of one model: "Names: 1 changed, 1 added"."""

    model: type[Child]
    label: str
    counts: str
    rows: list[DisplayedRow]
    beside: int = 0
    """More of them that are shown beside the values that they are about."""


@dataclass
class DisplayedDifference:
    """A difference as a page shows it."""

    of: RecordDifference
    fields: list[DisplayedField]
    groups: list[DisplayedRowGroup]
    summary: str
    created: bool
    deleted: bool
    withheld: int = 0
    """Rows of models that the user may not see."""
    before_label: str = "was"
    after_label: str = "is now"
    actions_template: str = ""

    def __bool__(self) -> bool:
        return bool(self.fields or self.groups or self.withheld)

    def __len__(self) -> int:
        """How many places differ."""
        return len(self.fields) + sum(len(group.rows) + group.beside for group in self.groups)


def display_differences(differences: Sequence[RecordDifference], user=None) -> list[DisplayedDifference]:
    """Each of `differences` as the template takes it. With `user` targets are linked, and what they may not see is left out."""
    labels = RowLabels(_rows_to_label(differences), user, any(one.before.at or one.after.at for one in differences))
    seen: dict[type, bool] = {}

    def visible(model) -> bool:
        if model not in seen:
            seen[model] = user is None or may_view_model(user, model)
        return seen[model]

    return [_display_difference(one, labels, visible) for one in differences]


def summarise_difference(difference: RecordDifference) -> str:
    """One line for lists, without a query: "amount 1.2 → 1.4 bn EUR; 1 source added"."""
    if difference.after.values is None:
        return "deleted"
    if difference.before.values is None:
        return "created"
    told = []
    for unit in _group_field_changes(difference.after.model, difference.fields):
        told.append(_summarise_field_group(difference.after.model, unit))
    counts: dict[str, Counter] = {}
    for change in difference.rows:
        if (
            change.before
            and change.after
            and is_row_of_model(change, Measure)
            and _changes_any_field(change.fields, AMOUNT_FIELDS)
        ):
            told.append(f"amount {_amount_change_in_short(change.before.values, change.after.values)}")
        else:
            noun = "source" if _is_citation_model(change.row.model) else str(change.row.model._meta.verbose_name)
            counts.setdefault(noun, Counter())[_row_action(change)] += 1
    for noun, acts in counts.items():
        told += [f"{count} {noun}{'s' if count > 1 else ''} {act.lower()}" for act, count in acts.items()]
    return "; ".join(told) or "nothing changed"


def is_row_of_model(change: RowChange, model: type[models.Model]) -> bool:
    return issubclass(change.row.model, model)


# What a page shows


def _display_difference(one: RecordDifference, labels: RowLabels, visible) -> DisplayedDifference:
    model = one.after.model
    changes = [change for change in one.rows if visible(change.row.model)]
    fields = [
        _display_field(model, unit, one.before.values, one.after.values, labels, one, "")
        for unit in _group_field_changes(model, one.fields)
    ]
    rows: dict[type[Child], list[DisplayedRow]] = defaultdict(list)
    for change in changes:
        rows[change.row.model].append(_display_row(change, labels, one))
    placed = _attach_citations(one, fields, rows, labels, visible)
    return DisplayedDifference(
        one,
        fields,
        [_display_row_group(part, found, placed) for part, found in rows.items()],
        summarise_difference(one),
        one.before.values is None,
        one.after.values is None,
        len(one.rows) - len(changes),
    )


def _display_row_group(part: type[Child], rows: list[DisplayedRow], placed: set[str]) -> DisplayedRowGroup:
    left = [row for row in rows if row.act == CHANGED or row.address not in placed]
    return DisplayedRowGroup(
        part, capfirst(str(part._meta.verbose_name_plural)), _count_row_actions(rows), left, len(rows) - len(left)
    )


def _display_row(change: RowChange, labels: RowLabels, one: RecordDifference) -> DisplayedRow:
    part, row = change.row.model, change.row
    before = change.before.values if change.before else None
    after = change.after.values if change.after else None
    if before is not None and after is not None:
        changed: Iterable[FieldChange] = change.fields
    else:
        both = [
            (f.name, (before or {}).get(f.name), (after or {}).get(f.name))
            for f in snapshot_fields(part)
            if f.name not in part.PARENT_FIELDS and not (f.name == "quote" and _is_citation_model(part))
        ]
        changed = [FieldChange(*values) for values in both if values[1] not in (None, "", []) or values[2] not in (None, "", [])]
    fields = [
        _display_field(part, unit, before, after, labels, one, f"{row.address}/") for unit in _group_field_changes(part, changed)
    ]
    said, beside = _quote_and_attribution(row, labels)
    return DisplayedRow(row.address, _row_action(change), snapshot_row_label(row), fields, said, beside)


def snapshot_row_label(row: ChildRow) -> str:
    """What the row calls itself, from its values alone."""
    columns = {row.model._meta.get_field(name).attname: value for name, value in row.values.items()}  # type: ignore[union-attr]
    told = str(row.model(**columns))
    if "field" in row.values:
        told = told.replace(row.values["field"], row.values["field"].replace("_", " "), 1)
    for name, value in row.values.items():
        if isinstance(row.model._meta.get_field(name), PartialDateField) and value:
            told = told.replace(value, date_in_words(value))
    return told


def _display_field(
    model, unit: tuple[FieldChange, ...], before, after, labels, one: RecordDifference, prefix: str
) -> DisplayedField:
    addresses = tuple(f"{prefix}{change.name}" for change in unit)
    first = unit[0]
    if issubclass(model, Measure) and first.name in AMOUNT_FIELDS:
        made = _display_amount(before, after)
    elif len(unit) == 1:
        made = _display_single_field(model._meta.get_field(first.name), first, labels, one)
    else:
        made = _display_field_group(model, unit, labels, one)
    made.address, made.addresses = addresses[0], addresses
    # Of a row that came or went each field did too; of a record that stands a field that was empty was filled in.
    made.act = ADDED if before is None else REMOVED if after is None else CHANGED
    return made


def _display_single_field(column, change: FieldChange, labels: RowLabels, one: RecordDifference) -> DisplayedField:
    made = DisplayedField(
        "",
        (),
        _column_label(column),
        _value_as_html(column, change.before, labels, one.before.at, one.after.values is not None),
        _value_as_html(column, change.after, labels, one.after.at),
    )
    if column.many_to_many:
        made.whole = _display_set_change(column.related_model, set(change.before or ()), set(change.after or ()), labels, one)
    elif isinstance(change.before or change.after, list):
        made.whole = _display_list_change(change.before or [], change.after or [])
    elif isinstance(column, ProseField) and change.before and change.after:
        _add_text_diff(made, change.before, change.after)
    elif isinstance(column, models.DecimalField | models.IntegerField | models.FloatField) and not column.is_relation:
        made.numeric = True
    elif (
        isinstance(change.before, str)
        and isinstance(change.after, str)
        and text_diff.differs_in_spacing_only(change.before, change.after)
    ):
        made.notes.append("Spacing only")
    return made


def _display_field_group(model, unit: tuple[FieldChange, ...], labels: RowLabels, one: RecordDifference) -> DisplayedField:
    columns = [model._meta.get_field(change.name) for change in unit]

    def side(values, when):
        first, *others = zip(columns, values, strict=True)
        beside = (("of", _column_label(c), _value_as_html(c, v, labels, when)) for c, v in others if v not in (None, "", []))
        return format_html(
            "{}{}", _value_as_html(*first, labels, when), format_html_join("", "<span class='{}'>{}: {}</span>", beside)
        )

    label = " and ".join([", ".join(_column_label(c) for c in columns[:-1]), _column_label(columns[-1])])
    return DisplayedField(
        "", (), label, side([c.before for c in unit], one.before.at), side([c.after for c in unit], one.after.at)
    )


def _add_text_diff(made: DisplayedField, before: str, after: str):
    if text_diff.differs_in_spacing_only(before, after):
        made.notes.append("Spacing only")
        return
    stretches = text_diff.diff_texts(before, after)
    if text_diff.share_of_changed_words(stretches) <= text_diff.REWRITTEN_SHARE:
        made.whole = text_diff.diff_as_html(stretches)
    else:
        made.notes.append("Largely rewritten: both texts are shown whole")


def _column_label(column) -> str:
    return FIELD_LABELS.get(column.name, str(column.verbose_name))


# Values


EMPTY_VALUE = format_html('<span class="empty">{}</span>', "empty")


def _value_as_html(column, value: Any, labels: RowLabels, when: datetime | None, present: bool = True) -> SafeString:
    if value in (None, "", []):
        return EMPTY_VALUE
    if column.many_to_many:
        return format_html_join(", ", "{}", ((_linked_row_label(column.related_model, pk, labels, when),) for pk in value))
    if column.is_relation:
        return _linked_row_label(column.related_model, value, labels, when)
    if isinstance(value, list):
        return format_html_join(", ", "“{}”", ((one,) for one in value))
    if isinstance(column, PartialDateField):
        return format_html("{}", date_in_words(value))
    if column.name == "field":
        return format_html("{}", value.replace("_", " "))
    if isinstance(column, CountryField):
        return format_html("{} ({})", COUNTRIES[value], value) if value in COUNTRIES else format_html("{}", value)
    if column.name == "language":
        return format_html("{}", language_chain_names(value))
    if column.choices:
        return format_html("{}", dict(column.flatchoices).get(value, value))
    if isinstance(column, models.BooleanField):
        return format_html("{}", "yes" if value else "no")
    if isinstance(column, models.DecimalField | models.FloatField) or isinstance(value, int):
        return format_html("{}", number_in_full(value))
    return format_html('<span class="words">{}</span>', value)


def _linked_row_label(model, pk: int, labels: RowLabels, when: datetime | None) -> SafeString:
    label, then = labels.current_label(model, pk), labels.label_at(model, pk, when)
    name = format_html('<a href="{}">{}</a>', label.url, then) if label.url else format_html("{}", then)
    told = [f"now {label.text}"] if then != label.text else []
    told += [f"since merged into {label.survivor}"] if label.survivor else []
    told += ["since deleted"] if label.is_deleted else []
    return format_html("{} <small>({})</small>", name, "; ".join(told)) if told else name


def date_in_words(text: str) -> str:
    """A partial date in words, as precise as it is: 2024-03 is March 2024; 2024-03-01~ is about 1 March 2024."""
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return text
    shape = {"day": f"{date.day} %B %Y", "month": "%B %Y", "year": "%Y"}[date.precision]
    words = date.earliest.strftime(shape)
    return {"~": f"about {words}", "?": f"{words} (uncertain)"}.get(date.mark, words)


def number_in_full(value: Any) -> str:
    """In full digits, grouped: 1,200,000,000; zero is named."""
    figure = Decimal(str(value))
    return "0 (zero)" if figure == 0 else f"{figure.normalize():,f}"


def _display_set_change(model, before: set[int], after: set[int], labels: RowLabels, one: RecordDifference) -> SafeString:
    lines = [("added", "+ Added", pk, one.after.at) for pk in after - before]
    lines += [("removed", "− Removed", pk, one.before.at) for pk in before - after]
    kept = len(before & after)
    items = format_html_join(
        "",
        '<li class="{}"><b>{}</b> {}</li>',
        ((css, word, _linked_row_label(model, pk, labels, when)) for css, word, pk, when in lines),
    )
    return format_html('<ul class="set">{}</ul>{}', items, f"{kept} unchanged" if kept else "")


def _display_list_change(before: list, after: list) -> SafeString:
    lines = [("added", "+ Added", one) for one in after if one not in before]
    lines += [("removed", "− Removed", one) for one in before if one not in after]
    kept = sum(one in before for one in after)
    items = format_html_join("", '<li class="{}"><b>{}</b> {}</li>', lines)
    return format_html('<ul class="set">{}</ul>{}', items, f"{kept} unchanged" if kept else "")


# Amounts


def _display_amount(before: FieldValues | None, after: FieldValues | None) -> DisplayedField:
    made = DisplayedField("", (), "amount", _amount_in_full(before), _amount_in_full(after), numeric=True)
    if not (before and after):
        return made
    old, new = (Decimal(v["value"]) if v["value"] not in (None, "") else None for v in (before, after))
    units = [v["currency"] or v["unit"] for v in (before, after)]
    if units[0] != units[1] and before["kind"] == after["kind"] == "money":
        made.notes.append(f"Other currency: {units[0]} and {units[1]} are not compared")
    elif units[0] != units[1]:
        made.notes.append("Counted in another unit: the numbers are not compared")
    elif old is not None and new is not None and old != new:
        percent = [f"{(new - old) / old * 100:+,.1f} %"] if old else []
        told = [f"{(new - old).normalize():+,f} {units[1]}".strip(), *percent]
        made.notes.append(", ".join(told).replace("-", "−"))
    if old and new and (slip := _suspected_scale_slip(max(old, new) / min(old, new))):
        more = "more" if new > old else "less"
        made.warnings.append(f"Exactly {slip} {more}: a slip?")
    if (old is None) != (new is None):
        made.notes.append("A number where there was none" if old is None else "No number any more; that is not zero")
    return made


def _suspected_scale_slip(ratio: Decimal) -> str:
    times = {10: "10 times", 100: "100 times", 1_000: "1,000 times (million and billion?)"}
    return (
        times.get(int(ratio), f"{int(ratio):,} times (million and billion?)" if ratio == 1_000_000 else "")
        if ratio == int(ratio)
        else ""
    )


def _amount_in_full(values: FieldValues | None) -> SafeString:
    if values is None:
        return EMPTY_VALUE
    ends = [number_in_full(values[end]) for end in ("value", "upper") if values[end] not in (None, "")]
    qualifier = dict(Measure._meta.get_field("qualifier").flatchoices)[values["qualifier"]]
    words = " ".join(filter(None, [qualifier, " to ".join(ends) or "no number", values["currency"] or values["unit"]]))
    beside = [f"as of {date_in_words(values['as_of'])}"] if values["as_of"] else []
    kind = dict(Measure._meta.get_field("kind").flatchoices)[values["kind"]]
    beside += [f"as stated: “{values['as_stated']}”", str(kind)]
    return format_html(
        '<b class="figure">{}</b>{}', words, format_html_join("", '<span class="of">{}</span>', ((b,) for b in beside))
    )


def _amount_change_in_short(before: FieldValues, after: FieldValues) -> str:
    units = [v["currency"] or v["unit"] for v in (before, after)]
    sides = [
        " to ".join(number_in_short(v[end]) for end in ("value", "upper") if v[end] not in (None, "")) or "no number"
        for v in (before, after)
    ]
    if sides[0] == sides[1] and units[0] == units[1]:
        return "reworded"
    if units[0] != units[1]:
        return f"{sides[0]} {units[0]} → {sides[1]} {units[1]}".strip()
    scale = sides[0].rpartition(" ")[2]
    if scale in ("m", "bn") and sides[1].endswith(f" {scale}"):
        sides[0] = sides[0].removesuffix(f" {scale}")
    return f"{sides[0]} → {sides[1]} {units[1]}".strip()


def number_in_short(value: Any) -> str:
    """1.2 bn, 40 m, 4,500; never rounded: what needs more than two places stays in full digits."""
    figure = Decimal(str(value))
    for size, word in ((10**9, "bn"), (10**6, "m")):
        if figure >= size and (short := figure / size) == round(short, 2):
            return f"{short.normalize():,f} {word}"
    return f"{figure.normalize():,f}"


# Sources beside what they are about


def _group_digits(stated_of: str, value: str) -> str:
    """What a citation states, the digits of an amount grouped: exactly 500,000 EUR."""
    return (
        re.sub(r"(?<!\d)(?<!\d\.)\d{4,}", lambda found: f"{int(found[0]):,}", value)
        if stated_of.startswith("measures.")
        else value
    )


def _is_citation_model(part: type[models.Model]) -> bool:
    """Whether rows of `part` state a value of a field, in the words of a quote."""
    return {"field", "value", "quote"} <= {column.name for column in part._meta.concrete_fields}


def _quote_and_attribution(row: ChildRow, labels: RowLabels) -> tuple[str, str]:
    if not _is_citation_model(row.model):
        return "", ""
    quote = labels.current_label(row.model._meta.get_field("quote").related_model, row.values["quote"])
    return quote.text, ", ".join(quote.details)


def _attach_citations(one: RecordDifference, fields: list[DisplayedField], groups, labels: RowLabels, visible) -> set[str]:
    """Puts each citation beside the value that it is about, if that is shown. Returns the addresses of those that found one."""
    placed: set[str] = set()
    acts = {change.row.address: _row_action(change) for change in one.rows}
    about: dict[str, list] = {item.address: item.sources for item in fields}
    about |= {address: item.sources for item in fields for address in item.addresses}
    for part, rows in groups.items():
        name = next((part._meta.get_field(whole).remote_field.related_name or "" for whole in part.PARENT_FIELDS), "")
        for row in rows:
            values = (one.after.rows.get(row.address) or one.before.rows[row.address]).values
            about[f"{name}.{values.get('key') or values.get('text')}"] = row.sources
    for address, row in ({**one.before.rows, **one.after.rows}).items():
        if not (_is_citation_model(row.model) and visible(row.model)):
            continue
        states = row.values["field"]
        place = about.get(f"names.{row.values['value']}" if states == "names" else states)
        if place is None:
            continue
        placed.add(address)
        said, beside = _quote_and_attribution(row, labels)
        stance = dict(row.model._meta.get_field("stance").flatchoices)[row.values["stance"]]
        quote = labels.current_label(row.model._meta.get_field("quote").related_model, row.values["quote"])
        place.append(
            DisplayedCitation(
                address, acts.get(address, ""), str(stance), _group_digits(states, row.values["value"]), said, beside, quote.url
            )
        )
    return placed


# Parts of a difference


def _group_field_changes(model, changes: Iterable[FieldChange]) -> Iterator[tuple[FieldChange, ...]]:
    """The changes in the order of the fields, those that mean something only together as one."""
    left = {change.name: change for change in changes}
    for name in list(left):
        if name in left:
            unit = next(
                (names for names in model.FIELD_GROUPS if name in names and not _includes_parent_field(model, names)), (name,)
            )
            yield tuple(left.pop(member) for member in unit if member in left)


def _includes_parent_field(model, names: tuple[str, ...]) -> bool:
    """Units that name the record itself are of whole rows: their fields are told one by one."""
    return bool(set(names) & set(getattr(model, "PARENT_FIELDS", ())))


def _row_action(change: RowChange) -> str:
    return ADDED if change.before is None else REMOVED if change.after is None else CHANGED


def _count_row_actions(rows: list[DisplayedRow]) -> str:
    acts = Counter(row.act for row in rows)
    return ", ".join(f"{acts[act]} {act.lower()}" for act in (CHANGED, ADDED, REMOVED) if acts[act])


def _changes_any_field(fields: Iterable[FieldChange], names: Iterable[str]) -> bool:
    return any(change.name in names for change in fields)


def _summarise_field_group(model, unit: tuple[FieldChange, ...]) -> str:
    column, change = model._meta.get_field(unit[0].name), unit[0]
    names = " and ".join(_column_label(model._meta.get_field(one.name)) for one in unit)
    if len(unit) > 1 or column.is_relation or isinstance(column, ProseField) or isinstance(change.after, list):
        if not any(one.before for one in unit):
            return f"{names} filled in"
        return f"{names} {'changed' if any(one.after for one in unit) else 'emptied'}"
    before, after = (_short_value(column, value) for value in (change.before, change.after))
    return f"{names} {before} → {after}"


def _short_value(column, value: Any) -> str:
    if value in (None, ""):
        return "empty"
    if isinstance(column, PartialDateField):
        return date_in_words(value)
    told = str(dict(column.flatchoices).get(value, value) if column.choices else value)
    return told if len(told) <= 60 else f"{told[:59]}…"


def _rows_to_label(differences: Iterable[RecordDifference]) -> Iterator[RowKey]:
    """All rows whose labels are needed: what changed points at, and the quotes of citations."""
    for one in differences:
        for change in one.fields:
            yield from _foreign_key_targets(one.after.model, change.name, change.before, change.after)
        for row_change in one.rows:
            for row in filter(None, (row_change.before, row_change.after)):
                for name, value in row.values.items():
                    if name not in row.model.PARENT_FIELDS:
                        yield from _foreign_key_targets(row.model, name, value)
        for row in (*one.before.rows.values(), *one.after.rows.values()):
            if _is_citation_model(row.model):
                yield from _foreign_key_targets(row.model, "quote", row.values["quote"])


def _foreign_key_targets(model, name: str, *values: Any) -> Iterator[RowKey]:
    column = model._meta.get_field(name)
    if column.is_relation:
        for value in values:
            for pk in value if isinstance(value, list) else [value]:
                if pk is not None:
                    yield column.related_model, pk
