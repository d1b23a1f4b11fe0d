"""Statements that the citations of a field make, and the resolution that stands for them."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from entities.citable_fields import record_kind
from entities.models import Entity, Relation
from entities.vocabulary import Verdict
from sources.evidence.statement_comparison import (
    Statement,
    conflicting_statements,
    distinct_statements,
    includes_statement,
)
from sources.models import Citation, Resolution


class ContestState(models.TextChoices):
    """State of a field whose sources differ."""

    OPEN = "open", "open"
    DISPUTED = "disputed", "disputed"
    SETTLED = "settled", "settled"


def statement_of(citation: Any) -> Statement:
    """Return the statement that a citation makes."""
    return Statement(citation.value, citation.polarity)


@dataclasses.dataclass(slots=True)
class FieldEvidence:
    """Citations of one field, with the statements that they make and the resolution that stands, if any."""

    kind: str
    """Kind of the record: relation, organisation ..."""
    field: str
    # Model rows or their rendered counterparts: any objects with the same attributes.
    citations: list[Any] = dataclasses.field(default_factory=list)
    resolutions: list[Any] = dataclasses.field(default_factory=list)

    @property
    def statements(self) -> list[Statement]:
        """Return the distinct statements in the order of the citations."""
        return distinct_statements(self.kind, self.field, map(statement_of, self.citations))

    @property
    def conflicting_statements(self) -> list[Statement]:
        """Return the statements that differ from another one; a resolution must cover all of them."""
        return conflicting_statements(self.kind, self.field, self.statements)

    @property
    def differs(self) -> bool:
        """Return whether sources differ: compatible statements qualify each other, different ones contest the field."""
        return bool(self.conflicting_statements)

    @property
    def resolution(self) -> Any | None:
        """Return the newest resolution that covers every statement that differs from another; None if there is none."""
        conflicting = self.conflicting_statements
        covering = [resolution for resolution in self.resolutions if self._covers(resolution, conflicting)]
        return max(covering, key=lambda resolution: (resolution.decided_on, resolution.pk or 0), default=None)

    def _covers(self, resolution: Any, conflicting: Iterable[Statement]) -> bool:
        settled = [Statement.from_json(statement) for statement in resolution.settles]
        return all(includes_statement(self.kind, self.field, settled, statement) for statement in conflicting)

    @property
    def contested(self) -> bool:
        """Return whether the statements differ and no resolution settles them."""
        return self.differs and self.state != ContestState.SETTLED

    @property
    def state(self) -> ContestState:
        """Return, for a field whose statements differ, whether it is open, settled or found to be disputed."""
        resolution = self.resolution
        if resolution is None:
            return ContestState.OPEN
        return ContestState.DISPUTED if resolution.verdict == Verdict.DISPUTED else ContestState.SETTLED

    @property
    def version(self) -> str:
        """Return a hash that changes with anything an editor judges by: a citation or a resolution."""
        judged = [
            [[c.pk, c.quote_id, c.value, c.polarity, c.as_stated] for c in sorted(self.citations, key=lambda c: c.pk)],
            [[r.pk, r.verdict, r.reason, r.settles, r.decides_for] for r in sorted(self.resolutions, key=lambda r: r.pk)],
        ]
        return hashlib.sha256(json.dumps(judged).encode()).hexdigest()


def group_evidence_by_field(
    kind: str, citations: Iterable[Citation], resolutions: Iterable[Resolution]
) -> dict[str, FieldEvidence]:
    """Return the citations and resolutions of one record of `kind` grouped by field, fields in alphabetical order."""
    evidence_by_field: dict[str, FieldEvidence] = {}
    for citation in citations:
        evidence_by_field.setdefault(citation.field, FieldEvidence(kind, citation.field)).citations.append(citation)
    for resolution in resolutions:
        if resolution.field in evidence_by_field:
            evidence_by_field[resolution.field].resolutions.append(resolution)
    return dict(sorted(evidence_by_field.items()))


def evidence_of_record(target: Entity | Relation) -> dict[str, FieldEvidence]:
    """Return the evidence of each field of `target` that is cited."""
    return group_evidence_by_field(record_kind(target), target.citations.order_by("pk"), target.resolutions.all())


class FieldKey(NamedTuple):
    """Key of one field: of an entity or, where that is None, of a relation."""

    entity: int | None
    relation: int | None
    field: str


def citations_to_compare() -> models.QuerySet[Citation]:
    """Return the citations with everything shown side by side, without the texts of their documents."""
    related = ("entity", "relation__type", "relation__subject", "relation__object", "quote__document__publisher")
    private = ("quote__document__text", "quote__document__fingerprint")
    citations = Citation.objects.select_related(*related, "quote__occasion").prefetch_related("quote__speakers")
    return citations.defer(*private).order_by("pk")


FIELDS_PER_QUERY = 250
"""Number of fields per query: SQLite refuses conditions a thousand deep."""


def fetch_evidence(keys: Iterable[FieldKey]) -> dict[FieldKey, FieldEvidence]:
    """Return the citations and resolutions of each field of `keys`, with two queries for each FIELDS_PER_QUERY of them."""
    evidence_by_key = {key: FieldEvidence("", key.field) for key in keys}
    ordered_keys = list(evidence_by_key)
    for first in range(0, len(ordered_keys), FIELDS_PER_QUERY):
        condition = Q()
        for key in ordered_keys[first : first + FIELDS_PER_QUERY]:
            of_record = Q(relation=key.relation) if key.entity is None else Q(entity=key.entity)
            condition |= of_record & Q(field=key.field)
        for citation in citations_to_compare().filter(condition):
            evidence = evidence_by_key[FieldKey(citation.entity_id, citation.relation_id, citation.field)]
            evidence.kind = record_kind(citation.target)
            evidence.citations.append(citation)
        for resolution in Resolution.objects.filter(condition).select_related("decided_by").order_by("decided_on", "pk"):
            evidence_by_key[FieldKey(resolution.entity_id, resolution.relation_id, resolution.field)].resolutions.append(
                resolution
            )
    return evidence_by_key


def field_key_of(target: Entity | Relation, field: str) -> FieldKey:
    """Return the key of a field of an entity or relation."""
    return FieldKey(None, target.pk, field) if isinstance(target, Relation) else FieldKey(target.pk, None, field)
