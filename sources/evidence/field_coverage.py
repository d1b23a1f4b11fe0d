"""Coverage: the citations that support each value in the register, and what they lack."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db.models import TextChoices

from entities.citable_fields import EvidenceClass, record_kind
from entities.field_values import FieldValue, record_field_values
from entities.models import Entity, Relation
from entities.vocabulary import BasisLimit, Status, Verification
from sources.evidence.as_stated_reading import RecordsByName
from sources.evidence.evidence_basis import EvidenceBasis, basis_of_citations, publishers_of
from sources.evidence.evidence_rule import EvidenceProblem, find_evidence_problems, supporting_citations
from sources.evidence.named_records import records_named_by
from sources.evidence.statements import FieldEvidence, group_evidence_by_field
from sources.models import Citation, Resolution, SourceDocument

_BATCH = 500


class EvidenceGap(TextChoices):
    """Gap in the evidence of one field."""

    NOTHING = "nothing", "no evidence"
    NOT_BORNE_OUT = "not_borne_out", "not borne out by its evidence"
    FAILED = "failed", "failed quotes only"
    DRAFTS = "drafts", "drafts only"
    ANONYMOUS = "anonymous", "anonymous sources only"
    TRANSLATION = "translation", "translations only"
    ONE_PUBLISHER = "one_publisher", "one publisher only"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """Value of a field, with the citations that support it, and what its evidence does not bear out."""

    field: str
    value: str
    citations: tuple[Citation, ...] = ()
    problems: tuple[EvidenceProblem, ...] = ()

    @property
    def basis(self) -> EvidenceBasis:
        """Return the documents and independent utterances among the evidence."""
        return basis_of_citations(self.citations)

    @property
    def publishers(self) -> list[str]:
        """Return the publishers of the evidence, each once; a document without one counts by its title."""
        return publishers_of(self.citations)

    @property
    def gaps(self) -> list[EvidenceGap]:
        """Return the gaps in the evidence of the value; only NOTHING if there is none."""
        if not self.citations:
            return [EvidenceGap.NOTHING]
        quotes, limits = [citation.quote for citation in self.citations], self.basis.limits
        applies = {
            EvidenceGap.NOT_BORNE_OUT: bool(self.problems),
            EvidenceGap.FAILED: all(quote.verification == Verification.FAILED for quote in quotes),
            EvidenceGap.DRAFTS: all({quote.status, quote.document.status} != {Status.PUBLISHED} for quote in quotes),
            EvidenceGap.ANONYMOUS: BasisLimit.ANONYMOUS in limits,
            EvidenceGap.TRANSLATION: BasisLimit.TRANSLATION in limits,
            EvidenceGap.ONE_PUBLISHER: BasisLimit.ONE_PUBLISHER in limits,
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
    def unproven(self) -> int:
        """Return the number of values that their evidence does not bear out, without which the record may not be public."""
        return sum(not field.citations or bool(field.problems) for field in self.fields)

    @property
    def urgency(self) -> tuple[int, ...]:
        """Return a sort key: most fields without evidence first, then the lesser gaps in their order."""
        return tuple(-self.gaps[gap] for gap in EvidenceGap)


def coverage_of_record(record: Entity | Relation) -> RecordCoverage:
    """Return the coverage of one record."""
    return coverage_of_records([record])[0]


def coverage_of_records(records: Iterable[Entity | Relation]) -> list[RecordCoverage]:
    """Return the coverage of each of `records` in their order, with a constant number of queries for each kind of record.

    Fields that need no evidence of their own are covered where they have some.
    """
    records = list(records)
    evidence = evidence_of_records(records)
    publishers = publishers_among({record.slug for record in records if isinstance(record, Entity)})
    records_by_name = records_named_by(
        (record_kind(record), citation)
        for record, cited_fields in evidence.items()
        for field_evidence in cited_fields.values()
        for citation in field_evidence.citations
    )
    return [
        RecordCoverage(record, tuple(_cover_fields(record, values, evidence[record], record.slug in publishers, records_by_name)))
        for record, values in record_field_values(records).items()
    ]


def evidence_of_records(records: Iterable[Entity | Relation]) -> dict[Entity | Relation, dict[str, FieldEvidence]]:
    """Return the evidence of each field of `records` that is cited, with the documents of the quotes and without their texts."""
    records = list(records)
    private = ("quote__document__text", "quote__document__fingerprint")
    all_citations = Citation.objects.select_related("quote__document__publisher").prefetch_related("quote__speakers")
    citations: dict[str, dict[int, list[Citation]]] = {"entity": {}, "relation": {}}
    resolutions: dict[str, dict[int, list[Resolution]]] = {"entity": {}, "relation": {}}
    for target, model in (("entity", Entity), ("relation", Relation)):
        keys = {record.pk for record in records if isinstance(record, model)}
        for citation in all_citations.defer(*private).filter(**{f"{target}__in": keys}).order_by("pk"):
            citations[target].setdefault(getattr(citation, f"{target}_id"), []).append(citation)
        for resolution in Resolution.objects.filter(**{f"{target}__in": keys}).order_by("decided_on", "pk"):
            resolutions[target].setdefault(getattr(resolution, f"{target}_id"), []).append(resolution)
    evidence = {}
    for record in records:
        target = "relation" if isinstance(record, Relation) else "entity"
        of_record = citations[target].get(record.pk, ()), resolutions[target].get(record.pk, ())
        evidence[record] = group_evidence_by_field(record_kind(record), *of_record)
    return evidence


def publishers_among(slugs: Collection[str] | None) -> set[str]:
    """Return those of `slugs`, or of all organisations if None, that published a document of the register.

    The documents are the evidence for their names.
    """
    published = SourceDocument.objects.filter(publisher__isnull=False).order_by().values_list("publisher__slug", flat=True)
    if slugs is None:
        return set(published.distinct())
    publishers: set[str] = set()
    ordered = sorted(slugs)
    for start in range(0, len(ordered), _BATCH):
        publishers |= set(published.filter(publisher__slug__in=ordered[start : start + _BATCH]).distinct())
    return publishers


def _cover_fields(
    record: Entity | Relation,
    values: list[FieldValue],
    evidence: dict[str, FieldEvidence],
    is_publisher: bool,
    records_by_name: RecordsByName,
) -> Iterator[FieldCoverage]:
    kind = record_kind(record)
    problems = find_evidence_problems(kind, values, evidence, is_publisher=is_publisher, records_by_name=records_by_name)
    for value in values:
        field, text, evidence_class = value
        citations = supporting_citations(kind, field, text, evidence.get(field))
        rests_on_documents = is_publisher and field == "name"
        if citations or (evidence_class == EvidenceClass.STATED and not rests_on_documents):
            of_value = tuple(problem for problem in problems if problem.field == field and problem.value in ("", text))
            yield FieldCoverage(field, text, tuple(citations), of_value)
