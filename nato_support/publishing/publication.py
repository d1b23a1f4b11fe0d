"""Publish and withdraw records: the two operations that decide what is public."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from entities.models import Curated, Entity, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.row_writing import update_row
from entities.vocabulary import Action, Status
from nato_support.publishing import releases, rendered_relations, search_terms
from nato_support.publishing.evidence_checks import unsupported_facts
from nato_support.publishing.models.public_tables import Edition, EditionCause, EditionTerm, Release, ReleaseOperation
from nato_support.publishing.quotation_limit import quotation_blockers
from nato_support.publishing.rendering import (
    PublicKey,
    Rendering,
    keys_referenced_by,
    model_for_kind,
    public_kind,
    render_records,
    resolve_all_references,
)
from nato_support.publishing.row_checks import RuleViolation, Unpublishable, check_record


def publish(
    records: Iterable[Curated],
    by=None,
    note: str = "",
    versions: Mapping[Curated, int] | None = None,
    *,
    reason: str = "",
    operation: str = ReleaseOperation.PUBLISH,
    rows_checked: bool = False,
) -> Release | None:
    """Render an edition of each record and make it public, all of them or none, in one release.

    `versions` maps each record to the version that was reviewed. `note` is for the public, `reason` for editors only.
    `rows_checked` says that every row was validated earlier in this transaction. Returns the release, or None if the public
    already sees exactly this. Raises Refused unless each record has a verified citation that affirms a value and depends only on
    records that are public or among `records`, and if `versions` does not name a record in its current version.
    """
    with change_set(by=by, action=Action.PUBLISH, reason=note or reason), transaction.atomic():
        current = lock_records(records)
        problems: list[str | RuleViolation] = [
            *_problems_of_merged_records(current),
            *_problems_of_unreviewed_versions(current, versions),
        ]
        release = releases.open_release(operation, by=by, reason=reason, note=note)
        set_status(current, Status.PUBLISHED, by, note or reason)
        renderings = render_records(current)
        restored_keys = _withdrawn_keys(renderings)
        problems += blockers_of_renderings(renderings, rows_checked)
        if problems:
            raise Refused(problems)
        releases.store_changed_editions(release, renderings)
        rendered_keys = {rendering.key for rendering in renderings}
        releases.rerender_referrers(release, rendered_keys)
        if restored_keys:
            _rerender_former_referrers(release, restored_keys, rendered_keys)
            releases.write_tombstones(
                release, former_redirects := releases.keys_formerly_redirecting_to(restored_keys), former_redirects
            )
        if not Edition.objects.filter(release=release.row).exists():
            release.row.delete()
            return None
        return releases.close_release(release)


def withdraw(
    records: Iterable[Curated],
    by=None,
    note: str = "",
    versions: Mapping[Curated, int] | None = None,
    *,
    reason: str = "",
) -> Release | None:
    """Take `records` out of the public register, leave tombstones, and render again the records that refer to them.

    The parameters are those of `publish`. Returns the release, or None if none of the records was public. Raises Refused if
    a public record needs one of them, and if `versions` does not name a record in its current version.
    """
    with change_set(by=by, action=Action.WITHDRAW, reason=note or reason), transaction.atomic():
        current = lock_records(records)
        problems = _problems_of_merged_records(current) + _problems_of_unreviewed_versions(current, versions)
        release = releases.open_release(ReleaseOperation.WITHDRAW, by=by, reason=reason, note=note)
        tombstones, affected = _tombstone_and_rerender_referrers(release, current)
        problems += [f"{record.unpublishable_because}; withdraw it too" for record in affected if record.unpublishable_because]
        if problems:
            raise Refused(problems)
        if not tombstones:
            release.row.delete()
            return None
        set_status(current, Status.WITHDRAWN, by, note or reason)
        return releases.close_release(release)


def find_blockers(records: Iterable[Curated], *, assumed_public: Iterable[Curated] = ()) -> list[str]:
    """List the problems that would keep `records` from being published now, a sentence each. Reads only.

    `assumed_public` are records to treat as public already.
    """
    assumed_keys = {(public_kind(record), record.slug) for record in assumed_public}
    return [
        str(problem)
        for problem in blockers_of_renderings(render_records(records), rows_checked=False, assumed_public=assumed_keys)
    ]


@dataclass(frozen=True, slots=True)
class RecordAffectedByWithdrawal:
    """A public record that refers to one being withdrawn, and so is rendered again without it or becomes unpublishable."""

    kind: str
    slug: str
    name: str
    unpublishable_because: str
    """Reason why it can no longer be public; '' if it can."""


def records_affected_by_withdrawal(records: Iterable[Curated]) -> list[RecordAffectedByWithdrawal]:
    """List the public records that withdrawing `records` would affect, found by doing it and rolling back."""
    with transaction.atomic():
        affected = _tombstone_and_rerender_referrers(releases.open_release(ReleaseOperation.WITHDRAW), list(records))[1]
        transaction.set_rollback(True)
    return affected


def _tombstone_and_rerender_referrers(
    release: releases.OpenRelease, records: list[Curated]
) -> tuple[list[Edition], list[RecordAffectedByWithdrawal]]:
    keys = {(public_kind(record), record.slug) for record in records}
    tombstones = releases.write_tombstones(release, keys)
    # Records merged into them share their fate: nothing is left to redirect to, and their past is no longer public either.
    releases.write_tombstones(release, releases.keys_redirecting_to(keys))
    rerendered = releases.rerender_referrers(release, set(keys))
    return tombstones, [
        RecordAffectedByWithdrawal(
            rendering.kind, rendering.slug, search_terms.display_name(rendering.document), releases.why_unpublishable(rendering)
        )
        for rendering in rerendered
    ]


def find_dependencies(records: Iterable[Curated]) -> list[Curated]:
    """List the unpublished records, outside `records`, that these need to be public, directly or through others. Reads only."""
    return _dependencies_of_renderings(render_records(records))


def check_publishable(records: Iterable[Curated], *, assumed_public: Iterable[Curated] = ()) -> tuple[list[str], list[Curated]]:
    """Return what would block `records` if their dependencies were public, and the dependencies still to be published.

    Dependencies among `assumed_public` are left out of the second list.
    """
    renderings, assumed_keys = render_records(records), {(public_kind(record), record.slug) for record in assumed_public}
    dependencies = [
        record for record in _dependencies_of_renderings(renderings) if (public_kind(record), record.slug) not in assumed_keys
    ]
    problems = blockers_of_renderings(
        renderings,
        rows_checked=False,
        assumed_public=assumed_keys | {(public_kind(record), record.slug) for record in dependencies},
    )
    return [str(problem) for problem in problems], dependencies


def _dependencies_of_renderings(renderings: list[Rendering]) -> list[Curated]:
    dependencies: dict[PublicKey, Curated] = {}
    known_keys: set[PublicKey] = set()
    while renderings:
        known_keys |= {rendering.key for rendering in renderings}
        referenced_keys = set().union(*(keys_referenced_by(rendering) for rendering in renderings)) - known_keys
        public_keys = {
            key for key, edition in Edition.objects.only(*_KEY_COLUMNS).newest(referenced_keys).items() if not edition.withdrawn
        }
        unpublished_records = _load_by_keys(referenced_keys - public_keys)
        dependencies |= {(public_kind(record), record.slug): record for record in unpublished_records}
        renderings = render_records(unpublished_records)
    return list(dependencies.values())


_KEY_COLUMNS = ("kind", "slug", "withdrawn")


def _load_by_keys(keys: Iterable[PublicKey]) -> list[Curated]:
    slugs_by_kind: dict[str, list[str]] = {}
    for kind, slug in sorted(keys):
        slugs_by_kind.setdefault(kind, []).append(slug)
    records: list[Curated] = []
    for kind, wanted in slugs_by_kind.items():
        for start in range(0, len(wanted), 500):
            records += model_for_kind(kind).objects.filter(slug__in=wanted[start : start + 500]).order_by("pk")
    return records


def blockers_of_renderings(
    renderings: list[Rendering], rows_checked: bool, assumed_public: Collection[PublicKey] = ()
) -> list[RuleViolation]:
    """List what keeps unresolved renderings from being public, and resolve their references on the way."""
    problems: list[RuleViolation] = quotation_blockers(renderings, assumed_public)
    for rendering in renderings:
        if not rows_checked:
            problems += check_record(rendering.record)
    problems += unsupported_facts(renderings)
    for (kind, slug), (other_kind, other_slug) in sorted(resolve_all_references(renderings)):
        if (other_kind, other_slug) not in assumed_public:
            message = f"depends on {other_kind} {other_slug}, which is not public: publish it too"
            problems.append(Unpublishable(kind, slug, "", message))
    # Only now do renderings hold the words and speakers of their quotes.
    problems += [
        Unpublishable(rendering.kind, rendering.slug, "", rendered_relations.NO_CLAIMER)
        for rendering in renderings
        if rendered_relations.is_claim_without_claimer(rendering.document, rendering.evidence)
    ]
    return problems


def lock_records(records: Iterable[Curated]) -> list[Curated]:
    """Load the current rows of `records`, each as its own kind, and lock them until the transaction ends."""
    keys_by_model: dict[type, list[int]] = {}
    for record in records:
        model = model_for_kind(record.kind) if isinstance(record, Entity) else type(record)
        keys_by_model.setdefault(model, []).append(record.pk)
    lock_rows((model, pk) for model, keys in keys_by_model.items() for pk in keys)
    locked_records: list[Curated] = []
    for model, keys in keys_by_model.items():
        for start in range(0, len(keys), 500):
            locked_records += model.objects.filter(pk__in=keys[start : start + 500]).order_by("pk")
    return locked_records


def _problems_of_merged_records(current: list[Curated]) -> list[str]:
    return [
        f"{record.kind} {record.slug} was merged into {record.merged_into.slug}: unmerge it first"
        for record in current
        if isinstance(record, Entity) and record.merged_into
    ]


def _problems_of_unreviewed_versions(records: list[Curated], versions: Mapping[Curated, int] | None) -> list[str]:
    if versions is None:
        return []
    reviewed = {(public_kind(record), record.pk): version for record, version in versions.items()}
    problems = []
    for record in records:
        title = f"{public_kind(record)} {record.slug}"
        version = reviewed.get((public_kind(record), record.pk))
        if version is None:
            problems.append(f"{title} is not among the records that were reviewed: review it first")
        elif version != record.version:
            problems.append(f"{title} was reviewed in version {version}, but is in version {record.version} now: review it again")
    return problems


def set_status(records: list[Curated], status: Status, by, reason: str) -> None:
    """Give `status` to each record that has another one, with a row of history."""
    for record in records:
        if record.status != status:
            record.status = status
            update_row(record, by, reason)


def _withdrawn_keys(renderings: list[Rendering]) -> set[PublicKey]:
    newest_editions = Edition.objects.newest(rendering.key for rendering in renderings)
    return {
        rendering.key for rendering in renderings if rendering.key in newest_editions and newest_editions[rendering.key].withdrawn
    }


def _rerender_former_referrers(
    release: releases.OpenRelease, restored_keys: set[PublicKey], rendered_keys: set[PublicKey]
) -> None:
    """Render, from their unchanged working copies, the public records that referred to what is public again."""
    values = [f"{kind}/{slug}" for kind, slug in restored_keys]
    referrer_keys = (
        set(EditionTerm.objects.filter(value__in=values).values_list("edition__kind", "edition__slug")) - rendered_keys
    )
    records = []
    for (kind, slug), edition in Edition.objects.newest(referrer_keys).items():
        if not edition.withdrawn:
            records += model_for_kind(kind).objects.filter(slug=slug, version=edition.version)
    rerendered = render_records(records)
    releases.store_changed_editions(
        release, [rendering for rendering in rerendered if not resolve_all_references([rendering])], cause=EditionCause.REFERENCE
    )
