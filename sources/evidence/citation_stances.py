"""Stances of stored citations towards the values that the register has now."""

from collections.abc import Iterable

from entities.citable_fields import record_kind
from entities.field_values import record_field_values
from entities.vocabulary import Stance
from sources.evidence.statement_comparison import stance_towards
from sources.evidence.statements import statement_of
from sources.models import Citation


def stances_of_citations(citations: Iterable[Citation]) -> dict[int, Stance]:
    """Return primary key -> stance of each citation, with a constant number of queries for each kind of record."""
    citations = list(citations)
    values: dict[tuple, dict[str, list[str]]] = {}
    for record, pairs in record_field_values({citation.target for citation in citations}).items():
        by_field = values.setdefault((record_kind(record), record.pk), {})
        for field, value, _ in pairs:
            by_field.setdefault(field, []).append(value)
    return {
        citation.pk: stance_towards(
            record_kind(citation.target),
            citation.field,
            statement_of(citation),
            values[record_kind(citation.target), citation.target.pk].get(citation.field, ()),
        )
        for citation in citations
    }
