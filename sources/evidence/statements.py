"""Statements that the citations of a field make, and the resolution that stands for them."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import models
from django.db.models import Q

from entities.citable import MANY_VALUED_FIELDS
from entities.models import Entity, Relation
from entities.vocabulary import Stance, Verdict
from sources.models import Citation, Resolution
from sources.models.citation import statement_text


class ContestState(models.TextChoices):
    """Where a field stands whose sources differ."""

    OPEN = "open", "open"
    DISPUTED = "disputed", "disputed"
    SETTLED = "settled", "settled"


@dataclasses.dataclass(slots=True)
class FieldEvidence:
    """The citations of one field, what they state, and the resolution that stands, if one does."""

    field: str
    # Rows or their printed shapes: what has a value and a stance, or settles statements with a verdict on a day.
    citations: list[Any] = dataclasses.field(default_factory=list)
    resolutions: list[Any] = dataclasses.field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        """The different values stated, in the order of the citations; a contradiction counts as one of its own."""
        return list(dict.fromkeys(statement_text(citation.value, citation.stance) for citation in self.citations))

    @property
    def differs(self) -> bool:
        contradicted = any(citation.stance == Stance.CONTRADICTS for citation in self.citations)
        return contradicted or (self.field not in MANY_VALUED_FIELDS and len(self.statements) > 1)

    @property
    def resolution(self) -> Any | None:
        """The newest resolution that judged every statement now made; None if there is none."""
        stated = set(self.statements)
        standing = [r for r in self.resolutions if stated <= set(r.settles)]
        return max(standing, key=lambda r: (r.decided_on, r.pk or 0), default=None)

    @property
    def contested(self) -> bool:
        return self.differs and self.state != ContestState.SETTLED

    @property
    def state(self) -> ContestState:
        """Of a field that differs: whether it waits for an editor, was settled, or was found to be disputed."""
        resolution = self.resolution
        if resolution is None:
            return ContestState.OPEN
        return ContestState.DISPUTED if resolution.verdict == Verdict.DISPUTED else ContestState.SETTLED

    @property
    def version(self) -> str:
        """Another one as soon as anything that an editor judges by, a citation or a resolution, is not what it was."""
        judged = [
            [[c.pk, c.quote_id, c.value, c.stance, c.as_stated] for c in sorted(self.citations, key=lambda c: c.pk)],
            [[r.pk, r.verdict, r.reason, r.settles] for r in sorted(self.resolutions, key=lambda r: r.pk)],
        ]
        return hashlib.sha256(json.dumps(judged).encode()).hexdigest()


def group_evidence_by_field(citations: Iterable[Citation], resolutions: Iterable[Resolution]) -> dict[str, FieldEvidence]:
    """Citations and resolutions of one record, gathered by field, fields in alphabetical order."""
    found: dict[str, FieldEvidence] = {}
    for citation in citations:
        found.setdefault(citation.field, FieldEvidence(citation.field)).citations.append(citation)
    for resolution in resolutions:
        if resolution.field in found:
            found[resolution.field].resolutions.append(resolution)
    return dict(sorted(found.items()))


def evidence_of_record(target: Entity | Relation) -> dict[str, FieldEvidence]:
    """The evidence of each field of `target` that is cited."""
    return group_evidence_by_field(target.citations.order_by("pk"), target.resolutions.all())


class FieldKey(NamedTuple):
    """One field of one record: of an entity or, where that is None, of a relation."""

    entity: int | None
    relation: int | None
    field: str


def citations_to_compare() -> models.QuerySet[Citation]:
    """Citations with all that is looked at where they stand side by side, without the texts of their documents."""
    related = ("entity", "relation__type", "relation__subject", "relation__object", "quote__document__publisher")
    private = ("quote__document__text", "quote__document__fingerprint")
    return Citation.objects.select_related(*related, "quote__speaker", "quote__occasion").defer(*private).order_by("pk")


FIELDS_PER_QUERY = 250
"""How many fields one statement asks for: SQLite refuses conditions a thousand deep."""


def fetch_evidence(places: Iterable[FieldKey]) -> dict[FieldKey, FieldEvidence]:
    """The citations and resolutions of each of `places`, in two statements for each AT_ONCE of them."""
    found = {place: FieldEvidence(place.field) for place in places}
    wanted = list(found)
    for at in range(0, len(wanted), FIELDS_PER_QUERY):
        here = Q()
        for place in wanted[at : at + FIELDS_PER_QUERY]:
            about = Q(relation=place.relation) if place.entity is None else Q(entity=place.entity)
            here |= about & Q(field=place.field)
        for citation in citations_to_compare().filter(here):
            found[FieldKey(citation.entity_id, citation.relation_id, citation.field)].citations.append(citation)
        for resolution in Resolution.objects.filter(here).select_related("decided_by").order_by("decided_on", "pk"):
            found[FieldKey(resolution.entity_id, resolution.relation_id, resolution.field)].resolutions.append(resolution)
    return found


def field_key_of(target: Entity | Relation, field: str) -> FieldKey:
    return FieldKey(None, target.pk, field) if isinstance(target, Relation) else FieldKey(target.pk, None, field)
