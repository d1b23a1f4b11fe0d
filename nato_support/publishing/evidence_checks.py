"""The rule of evidence applied to what is to become public, and to what is public."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping

from entities.vocabulary import Kind
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from nato_support.publishing.rendered_evidence import evidence_of_rendering
from nato_support.publishing.rendered_field_values import rendered_field_values
from nato_support.publishing.rendering import Rendering
from nato_support.publishing.row_checks import RuleViolation, Unpublishable
from sources.evidence.as_stated_reading import RecordsByName
from sources.evidence.evidence_rule import EvidenceProblem, find_evidence_problems
from sources.evidence.field_coverage import publishers_among
from sources.evidence.named_records import records_named_by
from sources.evidence.statements import FieldEvidence, group_evidence_by_field

_BATCH = 500


def unsupported_facts(renderings: Iterable[Rendering]) -> list[RuleViolation]:
    """List what the evidence of `renderings`, not yet resolved, does not bear out, in their order."""
    judged = [rendering for rendering in renderings if "evidence" in rendering.evidence]
    evidence = {
        rendering.key: group_evidence_by_field(
            rendering.kind, rendering.record.citations.all(), rendering.record.resolutions.all()
        )
        for rendering in judged
    }
    publishers = publishers_among({rendering.slug for rendering in judged if rendering.kind == Kind.ORGANISATION})
    records_by_name = records_named_by(
        (rendering.kind, citation) for rendering in judged for citation in rendering.record.citations.all()
    )
    problems: list[RuleViolation] = []
    for rendering in judged:
        found = _problems_of_record(
            rendering.document, rendering.evidence, evidence[rendering.key], publishers, records_by_name=records_by_name
        )
        problems += [Unpublishable(rendering.kind, rendering.slug, problem.field, problem.message) for problem in found]
    return problems


def check_evidence_of_live_editions() -> Iterator[RuleViolation]:
    """Apply the rule of evidence to every live edition of an entity or relation."""
    publishers = publishers_among(None)
    editions = Edition.objects.filter(LIVE_EDITIONS).exclude(kind__in=("quote", "document")).order_by("kind", "slug")
    for edition in editions.only("kind", "slug", "document", "evidence").iterator(chunk_size=_BATCH):
        document, evidence = json.loads(edition.document), json.loads(edition.evidence)
        for problem in problems_of_rendered_record(document, evidence, publishers):
            yield RuleViolation(edition.kind, edition.slug, problem.field, f"in its live edition, {problem.message}")


def problems_of_rendered_record(document: dict, evidence: dict, publishers: Collection[str]) -> list[EvidenceProblem]:
    """List what the evidence of a rendered record, such as the API serves, does not bear out."""
    return _problems_of_record(document, evidence, evidence_of_rendering(document["kind"], evidence["evidence"]), publishers)


def _problems_of_record(
    document: dict,
    evidence: dict,
    cited_fields: Mapping[str, FieldEvidence],
    publishers: Collection[str],
    records_by_name: RecordsByName | None = None,
) -> list[EvidenceProblem]:
    """List what `cited_fields` do not bear out of a rendered record. If they support none of it, that is the only problem."""
    kind = document["kind"]
    is_publisher = kind == Kind.ORGANISATION and document["slug"] in publishers
    if not is_publisher and not any(_is_affirmed(field_evidence) for field_evidence in cited_fields.values()):
        return [EvidenceProblem("", "has no supporting citation")]
    return find_evidence_problems(
        kind,
        rendered_field_values(document, evidence),
        cited_fields,
        is_publisher=is_publisher,
        records_by_name=records_by_name,
    )


def _is_affirmed(evidence: FieldEvidence) -> bool:
    return any(not statement.denied for statement in evidence.statements)
