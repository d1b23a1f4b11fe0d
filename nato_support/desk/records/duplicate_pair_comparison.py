"""Comparison of two records that may be the same."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from entities.countries import COUNTRIES
from entities.fields import CountryField
from entities.history.record_snapshots import snapshot_fields
from entities.models import DuplicateCandidate, Relation
from entities.vocabulary import Kind
from sources.models import Citation


@dataclass(frozen=True)
class PairAspect:
    """A property of both records, and how the two compare: same, different, or only one has it."""

    label: str
    values: tuple[list[str], list[str]]

    @property
    def state(self) -> str:
        first, second = (sorted(values, key=str.casefold) for values in self.values)
        return "same" if first == second else "differs" if first and second else "only one has it"


def compare_pair(candidate: DuplicateCandidate) -> list[PairAspect]:
    """Return the properties of both records side by side, where at least one has a value."""
    model = type(candidate.first.as_kind)
    fields = [field for field in snapshot_fields(model) if field.name not in ("name", "slug", "summary")]
    foreign_keys = [field.name for field in fields if field.is_relation and not field.many_to_many]
    many_fields = [field.name for field in fields if field.many_to_many]
    child_sets = ["names", "identifiers", "measures", *(["milestones"] if model.KIND == Kind.COMMITMENT else [])]
    rows: Any = model._default_manager.select_related(*foreign_keys).prefetch_related(*many_fields, *child_sets)
    rows_by_pk = rows.in_bulk([candidate.first_id, candidate.second_id])
    records = [rows_by_pk[candidate.first_id], rows_by_pk[candidate.second_id]]
    aspects = [_pair_aspect("name", records, lambda record: [record.name])]
    aspects += [_pair_aspect("other names", records, lambda record: [_name_with_tags(name) for name in record.names.all()])]
    aspects += [
        _pair_aspect(
            "identifiers",
            records,
            lambda record: [f"{identifier.get_scheme_display()}: {identifier.value}" for identifier in record.identifiers.all()],
        )
    ]
    aspects += [
        _pair_aspect(field.verbose_name, records, lambda record, field=field: _displayed_values(record, field))
        for field in fields
    ]
    aspects += [
        _pair_aspect(
            "measures", records, lambda record: [f"{measure.key}: {measure.as_stated}" for measure in record.measures.all()]
        )
    ]
    if model.KIND == Kind.COMMITMENT:
        aspects += [_pair_aspect("milestones", records, lambda record: [str(milestone) for milestone in record.milestones.all()])]
    aspects += [_pair_aspect("summary", records, lambda record: [record.summary] if record.summary else [])]
    return [aspect for aspect in aspects if any(aspect.values)]


def _pair_aspect(label, records, values_of) -> PairAspect:
    return PairAspect(str(label), (values_of(records[0]), values_of(records[1])))


def _name_with_tags(name) -> str:
    tags = ", ".join(filter(None, (name.get_kind_display(), name.language, name.script)))
    return f"{name.text} ({tags})"


def _displayed_values(record, field) -> list[str]:
    if field.many_to_many:
        return [str(item) for item in getattr(record, field.name).all()]
    value = getattr(record, f"get_{field.name}_display")() if field.choices else getattr(record, field.name)
    return [] if value in (None, "") else [COUNTRIES.get(value, str(value)) if isinstance(field, CountryField) else str(value)]


def count_citations_and_relations(entity_keys) -> dict[int, Counter]:
    """Return the number of citations and relations that point at each entity."""
    counts: dict[int, Counter] = {key: Counter(citations=0, relations=0) for key in entity_keys}
    links: list[tuple[Any, str, str]] = [
        (Citation, "entity", "citations"),
        (Relation, "subject", "relations"),
        (Relation, "object", "relations"),
    ]
    for model, key_field, name in links:
        rows = (
            model._default_manager.order_by().filter(**{f"{key_field}__in": counts}).values_list(key_field).annotate(Count("pk"))
        )
        for key, count in rows:
            counts[key][name] += count
    return counts


def reasons_for_and_against(candidate: DuplicateCandidate) -> dict[str, list[str]]:
    """Return the reasons for and against, in their order."""
    return {
        "speaks_for": [reason["words"] for reason in candidate.reasons if reason["for"]],
        "against": [reason["words"] for reason in candidate.reasons if not reason["for"]],
    }
