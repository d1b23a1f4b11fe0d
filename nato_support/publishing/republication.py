"""Publish the register anew after an upgrade whose editions have another form than those that an earlier version made.

The editions of the earlier version are removed, and everything that is published is rendered from its working copy in one
release, with which the history begins. What may not be public under the rules of this version becomes a draft.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from entities.models import Curated, change_set
from entities.vocabulary import Action, Polarity, Status
from nato_support.publishing import releases, rendered_references
from nato_support.publishing.evidence_checks import unsupported_facts
from nato_support.publishing.models.public_tables import Edition, EditionCause, Release, ReleaseOperation
from nato_support.publishing.publication import blockers_of_renderings, lock_records, set_status
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.quotation_limit import QuotationBudget, length_blockers
from nato_support.publishing.rendering import (
    PUBLIC_KINDS,
    PublicKey,
    Rendering,
    document_members,
    keys_referenced_by,
    model_for_kind,
    public_kind,
    render_records,
)
from nato_support.publishing.row_checks import RuleViolation, Unpublishable, check_record
from sources.models import Citation

REASON = "Published anew after an upgrade. What breaks a rule of publication became a draft."
PUBLIC_NOTE = "The register was published anew in another form; its history begins here."
_BATCH_SIZE = 500

ProgressBarFactory = Callable[[str, int], AbstractContextManager[Any]]
"""Opens a progress bar with `update(n)`, given its label and its number of steps."""
ProblemsByRecord = dict[PublicKey, list[RuleViolation]]


@dataclass(frozen=True, slots=True)
class RecordMadeDraft:
    """A record that was published and became a draft, and the reasons."""

    kind: str
    slug: str
    name: str
    only_depends: bool
    """True if nothing is wrong with it but that it depends on another one that is not public."""
    problems: tuple[RuleViolation, ...]


@dataclass(frozen=True, slots=True)
class DenyingCitation:
    """A citation that denies a value; if it is from before polarities, it only contradicted the register."""

    quote: str
    kind: str
    slug: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Republication:
    """Outcome of publishing the register anew."""

    release: Release
    published: Counter[str]
    """Kind -> number of records."""
    drafts: list[RecordMadeDraft]
    denials: list[DenyingCitation]


class UnpublishedChanges(Exception):
    """Published records have changes that nobody has published. `records` lists them."""

    def __init__(self, records: list[Curated]):
        self.records = records
        super().__init__(", ".join(f"{public_kind(record)} {record.slug}" for record in records))


def has_editions_of_earlier_form() -> bool:
    """Return whether there are editions of a version whose documents had other members, judged by the oldest of each kind."""
    for kind in PUBLIC_KINDS:
        oldest = Edition.objects.filter(kind=kind, withdrawn=False).order_by("pk").values_list("document", flat=True).first()
        if oldest is not None and set(json.loads(oldest)) != document_members(kind):
            return True
    return False


def republish_register(
    open_progress_bar: ProgressBarFactory, *, with_pending: bool = False, dry_run: bool = False
) -> Republication:
    """Publish all published records anew in one release, without those that may not be public, which become drafts.

    A record may be public if `publish` would take it together with the others. `with_pending` publishes changes that nobody has
    published yet; without it, they raise UnpublishedChanges. `dry_run` writes nothing and returns the same.
    """
    # A change set leaves its row behind whenever what it wrote is rolled back; around it, all is rolled back together.
    with transaction.atomic():
        with change_set(action=Action.WITHDRAW, reason=REASON), transaction.atomic():
            outcome = _republish(open_progress_bar, with_pending)
        transaction.set_rollback(dry_run)
    return outcome


def _republish(open_progress_bar: ProgressBarFactory, with_pending: bool) -> Republication:
    release = releases.open_release(ReleaseOperation.REPUBLISH, reason=REASON, note=PUBLIC_NOTE)
    records = lock_records(
        record for kind in PUBLIC_KINDS for record in model_for_kind(kind).objects.filter(status=Status.PUBLISHED)
    )
    if not with_pending and (pending := _records_with_pending_changes(records)):
        raise UnpublishedChanges(pending)
    newest_editions = Edition.objects.filter(superseded=None).defer("document", "evidence")
    previous_editions = {(edition.kind, edition.slug): edition for edition in newest_editions.iterator(_BATCH_SIZE)}
    # Before anything is judged: what is public counts as quoted, and as there to be referred to.
    releases.remove_all_editions(release)
    kept, problems, dependents = _judge(records, open_progress_bar)
    drafts = _make_drafts(records, problems, False) + _make_drafts(records, dependents, True)
    _store_editions(release, kept, previous_editions, open_progress_bar)
    _store_tombstones(release, previous_editions, {rendering.key for rendering in kept})
    published = Counter(rendering.kind for rendering in kept)
    return Republication(releases.close_release(release), published, drafts, list(_denying_citations()))


def _records_with_pending_changes(records: list[Curated]) -> list[Curated]:
    live_versions = live_edition_versions(records)
    return [record for record in records if live_versions.get((public_kind(record), record.slug)) != record.version]


def _judge(
    records: list[Curated], open_progress_bar: ProgressBarFactory
) -> tuple[list[Rendering], ProblemsByRecord, ProblemsByRecord]:
    """Return renderings of the records that may be public together, ready to be stored, and the problems of all others.

    The problems are those of records that break a rule, and those of records that only depend on others.
    """
    problems: ProblemsByRecord = defaultdict(list)
    renderings = render_records(records)
    with open_progress_bar("checking", len(renderings)) as progress:
        for rendering in renderings:
            if found := list(check_record(rendering.record)):
                problems[rendering.key] += found
            progress.update(1)
    for problem in [*length_blockers(renderings), *unsupported_facts(renderings)]:
        problems[problem.model, problem.record].append(problem)
    references = {rendering.key: keys_referenced_by(rendering) - {rendering.key} for rendering in renderings}
    while True:
        kept_keys = _choose_records(references, problems, QuotationBudget(renderings))
        kept = [rendering for rendering in renderings if rendering.key in kept_keys]
        # The very rule by which `publish` refuses has the last word. It resolves references in place.
        last_problems = blockers_of_renderings(kept, rows_checked=True)
        if not last_problems:
            break
        for problem in last_problems:
            problems[problem.model, problem.record].append(problem)
        renderings = render_records(records)
    dependents: ProblemsByRecord = {}
    for key in sorted(references.keys() - kept_keys - problems.keys()):
        missing = ", ".join(f"{kind} {slug}" for kind, slug in sorted(references[key] - kept_keys))
        dependents[key] = [Unpublishable(*key, "", f"depends on what is not public: {missing}")]
    return kept, problems, dependents


def _choose_records(
    references: Mapping[PublicKey, set[PublicKey]], problems: ProblemsByRecord, budget: QuotationBudget
) -> set[PublicKey]:
    """Choose the records without problems whose references, directly or through others, are chosen too.

    Where not all quotes of a document may be shown, those come first that are needed by records which most others refer to.
    Adds to `problems` the records whose quotes exceed the budget.
    """
    referrers = Counter(key for referenced in references.values() for key in referenced)
    chosen: set[PublicKey] = set()
    for key in sorted(references, key=lambda key: (key[0] == "quote", -referrers[key], key)):
        group = _group_needed_by(key, references, chosen, problems)
        slugs = [slug for kind, slug in group if kind == "quote"]
        if excess := budget.excess_with(slugs):
            problems[key].append(Unpublishable(*key, "", excess))
        else:
            budget.show(slugs)
            chosen |= group
    return chosen


def _group_needed_by(
    key: PublicKey,
    references: Mapping[PublicKey, set[PublicKey]],
    chosen: set[PublicKey],
    problems: ProblemsByRecord,
) -> set[PublicKey]:
    """Return the records, beside those chosen, without which `key` cannot be public; none if one of them cannot."""
    group: set[PublicKey] = set()
    to_follow = {key} - chosen
    while to_follow:
        needed = to_follow.pop()
        if needed in problems or needed not in references:
            return set()
        group.add(needed)
        to_follow |= references[needed] - group - chosen
    return group


def _make_drafts(records: list[Curated], problems: ProblemsByRecord, only_depend: bool) -> list[RecordMadeDraft]:
    """Make drafts of the records that have problems, in the order of these, each with a row of history."""
    records_by_key = {(public_kind(record), record.slug): record for record in records}
    drafts = []
    for key, found in problems.items():
        set_status([records_by_key[key]], Status.DRAFT, None, str(found[0]))
        drafts.append(RecordMadeDraft(*key, str(records_by_key[key]), only_depend, tuple(found)))
    return drafts


def _store_editions(
    release: releases.OpenRelease,
    renderings: list[Rendering],
    previous_editions: Mapping[PublicKey, Edition],
    open_progress_bar: ProgressBarFactory,
) -> None:
    """Store an edition of each rendering, numbered on from the removed ones, whose addresses must not show another content."""
    # Of the previous editions, the tombstones alone are still there.
    tombstones = {key: edition for key, edition in previous_editions.items() if edition.withdrawn}
    with open_progress_bar("storing editions", len(renderings)) as progress:
        for start in range(0, len(renderings), _BATCH_SIZE):
            new_editions = []
            for rendering in renderings[start : start + _BATCH_SIZE]:
                previous = previous_editions.get(rendering.key)
                number = previous.number + 1 if previous else 1
                rendered_references.write_numbers(rendering.document, number, release.number)
                new_editions.append((rendering, releases.edition_row(rendering, EditionCause.CONTENT)))
            releases.store_and_index_editions(release, new_editions, tombstones)
            progress.update(len(new_editions))


def _store_tombstones(
    release: releases.OpenRelease, previous_editions: Mapping[PublicKey, Edition], kept_keys: set[PublicKey]
) -> None:
    """Store a tombstone of each record that was public and is no longer; addresses that redirected there are gone too."""
    lost = {key: edition for key, edition in previous_editions.items() if not edition.withdrawn and key not in kept_keys}
    tombstones = [releases.tombstone_row(release, key, edition.number + 1) for key, edition in lost.items()]
    Edition.objects.bulk_create(tombstones, batch_size=_BATCH_SIZE)
    releases.write_tombstones(release, releases.keys_redirecting_to(lost))


def _denying_citations() -> Iterable[DenyingCitation]:
    citations = Citation.objects.filter(polarity=Polarity.DENIES).select_related("quote", "entity", "relation")
    for citation in citations.order_by("quote__slug", "field", "value", "pk"):
        target = citation.entity or citation.relation
        yield DenyingCitation(citation.quote.slug, public_kind(target), target.slug, citation.field, citation.value)
