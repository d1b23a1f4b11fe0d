"""Citable fields of one record by their labels: to choose from, and as people type them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from unfold.widgets import INPUT_CLASSES, UnfoldAdminSelectWidget

from entities.citable_fields import CITABLE_FIELDS, record_kind
from entities.formatting import cited_field_label, format_stated_amount, format_stated_step, join_names
from entities.models import Entity, Measure, Milestone, Relation
from entities.vocabulary import Kind
from sources.capture.fact_candidates import MEASURED_KINDS, UNOFFERED_FIELDS

FieldGroups = list[tuple[str, list[tuple[str, str]]]]
"""Heading -> addresses of fields with their labels."""


def cited_fields_of(targets: Iterable[Entity | Relation]) -> dict[Entity | Relation, FieldGroups]:
    """Return the fields of each of `targets` that take evidence, its measures and milestones named by what they say.

    Takes two queries at most.
    """
    by_kind: dict[str, set[int]] = defaultdict(set)
    targets = list(targets)
    for target in targets:
        by_kind[record_kind(target)].add(target.pk)
    measured = {pk for kind, keys in by_kind.items() if kind in MEASURED_KINDS for pk in keys}
    steps = Milestone.objects.filter(commitment__in=by_kind[Kind.COMMITMENT]) if by_kind[Kind.COMMITMENT] else ()
    measures = Measure.objects.filter(entity__in=measured).select_related("milestone") if measured else ()
    measure_labels, step_labels = defaultdict(list), defaultdict(list)
    for row in sorted(measures, key=lambda row: row.pk):
        label = f"Measure: {format_stated_amount(row.citation_value)}"
        measure_labels[row.entity_id].append((f"measures.{row.key}", label))
    for row in sorted(steps, key=lambda row: row.pk):
        label = f"Milestone: {format_stated_step(row.citation_value)}"
        step_labels[row.commitment_id].append((f"milestones.{row.key}", label))
    return {
        target: _filled_groups(
            ("Fields", _labels_of_kind(record_kind(target))),
            ("Measures", _numbered(measure_labels[target.pk] if record_kind(target) in MEASURED_KINDS else [])),
            ("Milestones", _numbered(step_labels[target.pk] if record_kind(target) == Kind.COMMITMENT else [])),
        )
        for target in targets
    }


def _labels_of_kind(kind: str) -> list[tuple[str, str]]:
    return [(field, cited_field_label(field)) for field in CITABLE_FIELDS[kind] if field not in UNOFFERED_FIELDS]


def _filled_groups(*groups: tuple[str, list[tuple[str, str]]]) -> FieldGroups:
    return [group for group in groups if group[1]]


def _numbered(labels: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the labels with a number after each that came before, so that every one names one field."""
    seen: Counter[str] = Counter()
    numbered = []
    for field, label in labels:
        seen[label] += 1
        numbered.append((field, f"{label} ({seen[label]})" if seen[label] > 1 else label))
    return numbered


def cited_field_labels(groups: FieldGroups) -> dict[str, str]:
    """Return address -> label of the fields in `groups`."""
    return {field: label for _, fields in groups for field, label in fields}


def label_cited_fields(rows: Iterable[Any]) -> None:
    """Set `cited_field_label` on each row about a field of its target: Measure: at least €40 billion.

    Takes two queries at most.
    """
    rows = list(rows)
    groups = cited_fields_of({row.target for row in rows})
    labels = {target: cited_field_labels(fields) for target, fields in groups.items()}
    for row in rows:
        row.cited_field_label = labels[row.target].get(row.field) or cited_field_label(row.field)


def read_cited_field(target: Entity | Relation, groups: FieldGroups, text: str) -> str:
    """Return the address of the field that `text` names by its label or address. Raises ValidationError where none has it."""
    labels, words = cited_field_labels(groups), " ".join(text.split())
    if words in labels or words in CITABLE_FIELDS[record_kind(target)]:
        return words
    named = [field for field, label in labels.items() if label.casefold() == words.casefold()]
    if len(named) == 1:
        return named[0]
    if words.partition(".")[0] in ("measures", "milestones"):
        noun = words.partition(".")[0].removesuffix("s")
        raise ValidationError(f"The record has no such {noun} any more: choose another field.", code="no_such_part")
    kind = "relation" if isinstance(target, Relation) else str(Kind(target.kind).label)
    offered = join_names(label for field, label in labels.items())
    raise ValidationError(f"“{words[:80]}” is no field of this {kind}. It has {offered}.", code="no_such_field")


class CitedFieldField(forms.ChoiceField):
    """Field of a record, chosen or typed by its label. `read_cited_field` checks it, once the record is known."""

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class ListedTextInput(forms.TextInput):
    """Text input that offers the labels of the `offered` fields while one types."""

    choices: Any = ()

    def __init__(self, offered: list[tuple[str, str]], attrs: dict[str, Any] | None = None):
        self.offered = offered
        super().__init__(attrs)

    def render(self, name, value, attrs=None, renderer=None):
        list_id = f"{(attrs or {}).get('id', name)}-fields"
        text_input = super().render(name, dict(self.offered).get(value, value), {**(attrs or {}), "list": list_id}, renderer)
        options = format_html_join("", '<option value="{}"></option>', ((label,) for _, label in self.offered))
        return format_html('{}<datalist id="{}">{}</datalist>', text_input, list_id, options)


def labels_of_every_kind() -> list[tuple[str, str]]:
    """Return the fields of all kinds of record with their labels, to be offered where the record is not chosen yet."""
    return list(dict.fromkeys(label for kind in CITABLE_FIELDS for label in _labels_of_kind(kind)))


class CitedFieldFormMixin:
    """Form of a row about a field of a record: the field is chosen from those of the record, or typed by its label."""

    record: ClassVar[Entity | Relation | None] = None
    """The record whose page shows the form; None where each row has its own."""
    fields_of: ClassVar[Mapping[Entity | Relation, FieldGroups]] = {}
    """Fields of the records of the page; those of others are looked up."""
    field_help: ClassVar[str]
    """Help text of the field where it is chosen."""
    typed_field_help: ClassVar[str]
    """Help text of the field where it is typed."""

    def make_field_field(self, target: Entity | Relation | None, stored: str) -> CitedFieldField:
        """Return the field to choose from those of `target` and the `stored` one; to type, where there is no record yet."""
        groups = self.groups_of(target)
        if target is None:
            widget: Any = ListedTextInput(labels_of_every_kind(), {"class": " ".join(INPUT_CLASSES)})
        else:
            if stored and stored not in cited_field_labels(groups):
                groups = [*groups, ("Other", [(stored, cited_field_label(stored))])]
            widget = UnfoldAdminSelectWidget()
        help_text = self.field_help if target else self.typed_field_help
        return CitedFieldField(label="Field", choices=[("", "choose"), *groups], widget=widget, help_text=help_text)

    def groups_of(self, target: Entity | Relation | None) -> FieldGroups:
        """Return the fields that take evidence of `target`; none where it is yet to be chosen."""
        if target is None:
            return []
        return self.fields_of.get(target) or cited_fields_of([target])[target]
