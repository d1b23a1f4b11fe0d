"""Checks of single rows and records: the rules of their models, and quotes against their documents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from entities import models as entities
from entities.formatting import cited_field_label
from sources import models as sources
from sources.verification import check_quote

ProgressCallback = Callable[[int], Any]


@dataclass(frozen=True, slots=True)
class RuleViolation:
    """A broken rule: the record, the field ('' if it is no single one), and the message."""

    model: str
    record: str
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.model} {self.record}{f', field {self.field}' if self.field else ''}: {self.message}"


@dataclass(frozen=True, slots=True)
class Unpublishable(RuleViolation):
    """A reason why a record cannot be public; `message` continues the name of the record or field."""

    def __str__(self) -> str:
        return f"{self.model} {self.record}{f': {cited_field_label(self.field)}' if self.field else ''} {self.message}"


def violation_of_row(row: models.Model, field: str, message: str) -> RuleViolation:
    key = row.natural_key() if hasattr(row, "natural_key") else (row.pk,)
    return RuleViolation(row._meta.model_name or "", " ".join(str(part) for part in key if part is not None), field, message)


# Rows are validated with what their rules look at already fetched.
_CHECKED_MODELS: tuple[tuple[type[models.Model], tuple[str, ...]], ...] = (
    (entities.RelationType, ()),
    (entities.RelationJoin, ("type",)),
    (entities.Organisation, ()),
    (entities.Facility, ()),
    (entities.Person, ()),
    (entities.Post, ()),
    (entities.Event, ()),
    (entities.Commitment, ()),
    (entities.Name, ("entity",)),
    (entities.Identifier, ("entity",)),
    (entities.Measure, ("entity", "conversion_of", "milestone")),
    (entities.Milestone, ("commitment",)),
    (entities.Relation, ("type", "subject", "object")),
    (sources.SourceDocument, ()),
    (sources.SourceQuote, ("document",)),
    (sources.Citation, ("quote", "entity", "relation")),
    (sources.Resolution, ("entity", "relation")),
)


def count_rows() -> int:
    """Count the rows that `check_rows` validates."""
    return sum(model._default_manager.count() for model, _ in _CHECKED_MODELS)


def check_rows(progress: ProgressCallback = lambda n: None) -> Iterator[RuleViolation]:
    """Validate every row of the working copy, and check that each quote is found in its document."""
    for model, related in _CHECKED_MODELS:
        rows = model._default_manager.select_related(*related)
        for row in rows.iterator(chunk_size=1000):
            yield from check_row(row)
            progress(1)


def check_record(record: Any) -> Iterator[RuleViolation]:
    """Validate one record with its child rows and its evidence."""
    yield from check_row(record)
    for part in ("names", "identifiers", "measures", "milestones"):
        for row in getattr(record, part).all() if hasattr(record, part) else ():
            yield from check_row(row)
    if isinstance(record, entities.Entity | entities.Relation):
        for row in (*record.citations.all(), *record.resolutions.all()):
            yield from check_row(row)


def check_row(row: Any) -> Iterator[RuleViolation]:
    """Validate one row of the working copy; a quote is checked against its document."""
    try:
        # Foreign keys and constraints are left to the database, which enforces them.
        row.clean_fields(exclude={field.name for field in row._meta.fields if field.is_relation})
        row.clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            yield violation_of_row(row, "" if name == "__all__" else name, " ".join(messages))
    if isinstance(row, sources.SourceQuote) and not (finding := check_quote(row)):
        yield violation_of_row(row, "exact", f"“{row}” {finding.explanation}{_replaced_text_note(row)}")
    if isinstance(row, entities.Measure) and row.conversion_of and row.conversion_of.entity_id != row.entity_id:
        yield violation_of_row(row, "conversion_of", f"converts an amount of another record, {row.conversion_of.entity.slug}")


def _replaced_text_note(quote: sources.SourceQuote) -> str:
    for earlier in quote.document.earlier_texts.all():
        if earlier.text[quote.start : quote.end] == quote.exact:
            return f"; it stood in the text that was replaced on {earlier.replaced_at:%Y-%m-%d}"
    return ""
