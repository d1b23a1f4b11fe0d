"""Coverage: the citations that support each value in the register, and what they lack."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, TextChoices

from entities.citable_fields import TITLED_KINDS, record_kind
from entities.field_values import FieldValue, record_field_values
from entities.models import Entity, Relation
from entities.vocabulary import Polarity, Stance, Status, Verification
from sources.evidence.common_origins import group_by_origin
from sources.evidence.statement_comparison import stance_towards
from sources.evidence.statement_differences import is_translated
from sources.evidence.statements import field_key_of, statement_of
from sources.models import Citation

# Descriptions of speakers whom the source does not name. Narration, captions and bodies that speak as such do not match.
_UNNAMED_SPEAKER = re.compile(
    r"\b(anonym\w*|unnamed|unidentified|undisclosed|not (?:be )?(?:named|identified)|officials?|sources?|insiders?|diplomats?"
    r"|aides?|advisers?|person|people)\b",
    re.IGNORECASE,
)

EXEMPT_FIELDS = frozenset({"summary"})
"""Fields that need no evidence of their own: the register's own words."""


class EvidenceGap(TextChoices):
    """Gap in the evidence of one field."""

    NOTHING = "nothing", "no evidence"
    FAILED = "failed", "failed quotes only"
    DRAFTS = "drafts", "drafts only"
    ANONYMOUS = "anonymous", "anonymous sources only"
    TRANSLATION = "translation", "translations only"
    ONE_PUBLISHER = "one_publisher", "one publisher only"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """Value of a field, with the citations that support it."""

    field: str
    value: str
    citations: tuple[Citation, ...] = ()

    @property
    def publishers(self) -> list[str]:
        """Return the publishers of the evidence, each once; a document without one counts by its title."""
        documents = (citation.quote.document for citation in self.citations)
        return sorted({str(document.publisher or document) for document in documents})

    @property
    def witnesses(self) -> int:
        """Return the number of independent utterances and passages among the evidence."""
        return len(group_by_origin(self.citations))

    @property
    def gaps(self) -> list[EvidenceGap]:
        """Return the gaps in the evidence of the value; only NOTHING if there is none."""
        if not self.citations:
            return [EvidenceGap.NOTHING]
        quotes = [citation.quote for citation in self.citations]
        applies = {
            EvidenceGap.FAILED: all(quote.verification == Verification.FAILED for quote in quotes),
            EvidenceGap.DRAFTS: all({quote.status, quote.document.status} != {Status.PUBLISHED} for quote in quotes),
            EvidenceGap.ANONYMOUS: all(is_anonymous(quote) for quote in quotes),
            EvidenceGap.TRANSLATION: all(is_translated(citation) for citation in self.citations),
            EvidenceGap.ONE_PUBLISHER: len(self.publishers) == 1,
        }
        return [gap for gap, present in applies.items() if present]


@dataclass(frozen=True, slots=True)
class RecordCoverage:
    """Evidence of all values of one record."""

    record: Entity | Relation
    fields: tuple[FieldCoverage, ...]

    @property
    def gaps(self) -> Counter[EvidenceGap]:
        """Return the number of fields with each gap."""
        return Counter(gap for field in self.fields for gap in field.gaps)

    @property
    def urgency(self) -> tuple[int, ...]:
        """Return a sort key: most fields without evidence first, then the lesser gaps in their order."""
        return tuple(-self.gaps[gap] for gap in EvidenceGap)


def is_anonymous(quote: Any) -> bool:
    """Return whether the source names no speaker and describes one who is not to be known."""
    return bool(_UNNAMED_SPEAKER.search(quote.attribution)) and not quote.speaker_keys


def coverage_of_record(record: Entity | Relation) -> RecordCoverage:
    """Return the coverage of one record."""
    return coverage_of_records([record])[0]


def coverage_of_records(records: Iterable[Entity | Relation]) -> list[RecordCoverage]:
    """Return the coverage of each of `records` in their order, with a constant number of queries for each kind of record."""
    records = list(records)
    affirming = _affirming_citations(records)
    return [
        RecordCoverage(record, tuple(_cover_fields(record, values, affirming.get(field_key_of(record, "")[:2], {}))))
        for record, values in record_field_values(records).items()
    ]


def _affirming_citations(records: Iterable[Entity | Relation]) -> dict[tuple[int | None, int | None], dict[str, list[Citation]]]:
    """Return the affirming citations of `records` by entity or relation, and by field."""
    relations = {record.pk for record in records if isinstance(record, Relation)}
    entities = {record.pk for record in records if isinstance(record, Entity)}
    private = ("quote__document__text", "quote__document__fingerprint")
    citations = Citation.objects.filter(polarity=Polarity.AFFIRMS).select_related("quote__document__publisher")
    citations = citations.prefetch_related("quote__speakers").defer(*private)
    by_target: dict[tuple[int | None, int | None], dict[str, list[Citation]]] = {}
    for condition in (Q(entity__in=entities), Q(relation__in=relations)):
        for citation in citations.filter(condition).order_by("pk"):
            fields = by_target.setdefault((citation.entity_id, citation.relation_id), {})
            fields.setdefault(citation.field, []).append(citation)
    return by_target


def _cover_fields(
    record: Entity | Relation, values: Iterable[FieldValue], affirming: dict[str, list[Citation]]
) -> Iterator[FieldCoverage]:
    kind = record_kind(record)
    exempt = EXEMPT_FIELDS | {"name"} if kind in TITLED_KINDS else EXEMPT_FIELDS
    for field, value in values:
        citations = [
            citation
            for citation in affirming.get(field, [])
            if stance_towards(kind, field, statement_of(citation), [value]) == Stance.SUPPORTS
        ]
        if citations or field not in exempt:
            yield FieldCoverage(field, value, tuple(citations))
