"""Every rule of the register, checked over the whole database by `check_data` and by loading before it publishes."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q

from entities import merging
from entities import models as entities
from entities.formatting import stated_text
from entities.serializers import ENTITY_KINDS
from entities.vocabulary import Status
from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.text_index import documents_out_of_step
from nato_support.db.triggers import missing_or_changed_triggers
from nato_support.publishing import name_index, rendered_references, rendered_relations, search_index
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.evidence_checks import check_evidence_of_live_editions, unsupported_facts
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, Release
from nato_support.publishing.quotation_limit import quotation_of_all_documents
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind, render_records, resolve_all_references
from nato_support.publishing.row_checks import RuleViolation, violation_of_row
from sources import models as sources
from sources.evidence.contested_fields import evidence_of_resolved_fields, find_contested_and_settled_fields
from sources.evidence.field_coverage import EvidenceGap, RecordCoverage, coverage_of_records
from sources.evidence.statement_comparison import Statement, includes_statement
from sources.evidence.statements import ContestState
from sources.quotation_share import MAX_SHARE, QuotationShare


def check_evidence() -> Iterator[RuleViolation]:
    """Check the links between evidence and its subjects: verdicts, support for what is public, marks on texts."""
    yield from _check_resolutions()
    yield from check_evidence_of_live_editions()
    yield from _check_decisions_and_read_marks_have_their_text()


def _check_resolutions() -> Iterator[RuleViolation]:
    """Check that the newest verdict on each field judges sources that differ, and only what they state."""
    problems = {}
    for evidence in evidence_of_resolved_fields().values():
        newest = max(evidence.resolutions, key=lambda resolution: (resolution.decided_on, resolution.pk))
        unstated = [
            stated_text(statement.value, statement.polarity)
            for statement in map(Statement.from_json, newest.settles)
            if not includes_statement(evidence.kind, evidence.field, evidence.statements, statement)
        ]
        if len(evidence.statements) < 2:
            problems[newest.pk] = "judges a field on which no sources differ"
        elif unstated:
            problems[newest.pk] = f"judges what no source states: {', '.join(unstated)}"
    for resolution in sources.Resolution.objects.filter(pk__in=problems).select_related("entity", "relation").order_by("pk"):
        yield violation_of_row(resolution, resolution.field, problems[resolution.pk])


def _check_decisions_and_read_marks_have_their_text() -> Iterator[RuleViolation]:
    """Check that decisions and reading marks belong to a text that their document has or had."""
    for model in (sources.SuggestionDecision, sources.ReadMark):
        earlier_texts = sources.EarlierText.objects.filter(document=OuterRef("document"), sha256=OuterRef("text_sha256"))
        stray_marks = model._default_manager.filter(~Q(text_sha256=F("document__sha256")), ~Exists(earlier_texts))
        for mark in stray_marks.select_related("document").defer("document__text", "document__fingerprint").order_by("pk"):
            message = f"stands at {mark.start} to {mark.end} of a text that document {mark.document.slug} never had"
            yield violation_of_row(mark, "text_sha256", message)


def _iterate_coverage(records: models.QuerySet) -> Iterator[RecordCoverage]:
    keys = list(records.values_list("pk", flat=True))
    for start in range(0, len(keys), 500):
        yield from coverage_of_records(records.filter(pk__in=keys[start : start + 500]))


@dataclass(frozen=True, slots=True)
class EvidenceSummary:
    """Numbers of contested fields by state, of records by the gaps in their evidence, and of words shown of each document."""

    differing: dict[str, int]
    records: int
    lacking: dict[str, int]
    quotation: dict[str, QuotationShare]
    """Slug of a document -> share of its words that is public or shipped in its publisher's own wording."""

    def __str__(self) -> str:
        states = ", ".join(f"{number} {state}" for state, number in self.differing.items())
        lacking = "\n".join(f"  {EvidenceGap(gap).label}: {number}" for gap, number in self.lacking.items())
        shares = "\n".join(f"  {slug}: {share}" for slug, share in self.quotation.items())
        return (
            f"Fields on which sources differ: {sum(self.differing.values())} ({states}).\n"
            f"Of {self.records} records, how many have a field with\n{lacking}\n"
            f"Words of each document in its publisher's own wording (at most {100 * MAX_SHARE:.0f}%)\n{shares}"
        )


def summarise_evidence() -> EvidenceSummary:
    """Count contested fields and gaps in evidence over all records that are not withdrawn, and words shown of all documents."""
    states = [field.state for field in find_contested_and_settled_fields()]
    records, lacking = 0, dict.fromkeys((gap.value for gap in EvidenceGap), 0)
    for model in (entities.Entity, entities.Relation):
        for coverage in _iterate_coverage(model._default_manager.exclude(status=Status.WITHDRAWN).order_by("pk")):
            records += 1
            for gap in coverage.gaps:
                lacking[gap.value] += 1
    shares = {quotation.document.slug: quotation.share for quotation in quotation_of_all_documents()}
    return EvidenceSummary({state.value: states.count(state) for state in ContestState}, records, lacking, shares)


def check_merged_records() -> Iterator[RuleViolation]:
    """Check that nothing refers to a merged record but what its merge left there, and that its old address redirects."""
    merged_entities = entities.Entity.objects.filter(merged_into__isnull=False)
    if not merged_entities.exists():
        return
    for kind in ENTITY_KINDS:
        for model, foreign_key in merging.referencing_fields(model_for_kind(kind)):
            rows = model._default_manager.filter(**{f"{foreign_key.name}__in": merged_entities.filter(kind=kind).values("pk")})
            if model is entities.Relation:
                rows = rows.exclude(status=Status.WITHDRAWN)
            elif issubclass(model, entities.Entity):
                rows = rows.filter(merged_into=None)
            for row in rows.order_by("pk"):
                yield violation_of_row(row, foreign_key.name, "speaks of a record that was merged into another")
    unmerged = merged_entities.exclude(pk__in=entities.Merge.objects.filter(undone_at=None).values("merged"))
    for record in unmerged.order_by("pk"):
        yield violation_of_row(record, "merged_into", "is set, but no merge says so")
    tombstones = Edition.objects.filter(superseded__isnull=True, withdrawn=True).exclude(moved_to="")
    redirects = {
        (tombstone.kind, tombstone.slug): (tombstone.kind, tombstone.moved_to)
        for tombstone in tombstones.only("kind", "slug", "moved_to")
    }
    for key in redirects:
        target, steps = key, 0
        while target in redirects and steps <= len(redirects):
            target, steps = redirects[target], steps + 1
        if not Edition.objects.filter(LIVE_EDITIONS, kind=target[0], slug=target[1]).exists():
            yield RuleViolation(*key, "moved_to", f"leads to {target[1]}, which is not public")


def check_installed_triggers() -> Iterator[RuleViolation]:
    """Report every trigger that the database lacks."""
    for name in missing_or_changed_triggers(connection, TRIGGERS):
        yield RuleViolation("trigger", name, "", "is missing from the database; manage.py migrate installs it")


def check_live_editions() -> Iterator[RuleViolation]:
    """Render every unchanged published record and compare it with its live edition."""
    for kind in PUBLIC_KINDS:
        model = model_for_kind(kind)
        keys = list(model.objects.filter(status=Status.PUBLISHED).order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), 500):
            yield from _compare_with_live_editions(list(model.objects.filter(pk__in=keys[start : start + 500])))
        live_editions = Edition.objects.filter(LIVE_EDITIONS, kind=kind)
        for slug in live_editions.exclude(slug__in=model.objects.filter(status=Status.PUBLISHED).values("slug")).values_list(
            "slug", flat=True
        ):
            yield RuleViolation(kind, slug, "", "is public, but its working copy is not published")
    yield from _check_state_hash()


def check_name_index() -> Iterator[RuleViolation]:
    """Check that live records are found by their current names, and that nothing else is found by them."""
    for kind, slug in name_index.stale_name_keys():
        yield RuleViolation(kind, slug, "", "is not found by its names as it should be: run index_names")


def check_search_index() -> Iterator[RuleViolation]:
    """Check that full text finds live records by their words, and nothing else."""
    for kind, slug in search_index.stale_search_entries():
        yield RuleViolation(kind, slug, "", "is not found by its words as it should be: run index_search")
    if search_index.index_contradicts_entries():
        yield RuleViolation("edition_search", "", "", "does not hold the words of the search entries: run index_search")


def check_text_index() -> Iterator[RuleViolation]:
    """Check that the index of texts has every text, and nothing else."""
    for key in documents_out_of_step(connection):
        slug = sources.SourceDocument.objects.filter(pk=key).values_list("slug", flat=True).first()
        yield RuleViolation(
            "document", slug or str(key), "text", "is not found by its words as it should be: run rebuild_text_index"
        )


def _compare_with_live_editions(records: list) -> Iterator[RuleViolation]:
    renderings = render_records(records)
    newest_editions = Edition.objects.newest(rendering.key for rendering in renderings)
    unchanged = [
        rendering
        for rendering in renderings
        if (e := newest_editions.get(rendering.key)) and not e.withdrawn and e.version == rendering.version
    ]
    for rendering in renderings:
        if rendering.key not in newest_editions or newest_editions[rendering.key].withdrawn:
            yield RuleViolation(rendering.kind, rendering.slug, "", "is published, but has no live edition: publish it again")
    yield from unsupported_facts(unchanged)
    resolve_all_references(unchanged)
    # Apart, as a name that is not public yet must not reach the others.
    resolve_all_references([rendering for rendering in renderings if rendering not in unchanged])
    for rendering in renderings:
        if rendered_relations.is_claim_without_claimer(rendering.document, rendering.evidence):
            yield RuleViolation(rendering.kind, rendering.slug, "modality", rendered_relations.NO_CLAIMER)
    for rendering in unchanged:
        edition = newest_editions[rendering.key]
        rendered_references.write_numbers(rendering.document, edition.number, edition.release_id)
        for column, rendered, stored in (
            ("document", rendering.document, edition.document),
            ("evidence", rendering.evidence, edition.evidence),
        ):
            if edition_encoding.compact_json(rendered) != stored:
                yield RuleViolation(
                    rendering.kind,
                    rendering.slug,
                    column,
                    f"edition {edition.number} differs from its working copy{_list_changed_members(rendered, stored)}",
                )


def _list_changed_members(rendered: dict, stored_json: str) -> str:
    stored = json.loads(stored_json)
    members = [member for member in {**stored, **rendered} if stored.get(member) != rendered.get(member)]
    return f" in {', '.join(members)}" if members else ""


def _check_state_hash() -> Iterator[RuleViolation]:
    newest = Release.objects.order_by("-number").first()
    if newest is None:
        return
    rows = Edition.objects.filter(LIVE_EDITIONS).values_list("kind", "slug", "number", "document", "evidence")
    if (
        edition_encoding.format_state_hash(sum(edition_encoding.edition_hash(*row) for row in rows.iterator(chunk_size=1000)))
        != newest.state_hash
    ):
        yield RuleViolation(
            "release",
            str(newest.number),
            "state_hash",
            "differs from that of what is live: was an edition changed by hand? Restore a backup",
        )
