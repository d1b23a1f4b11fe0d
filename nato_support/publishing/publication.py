"""Publish and withdraw: the two functions that decide what is public."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction

from entities.models import Curated, Entity, change_set
from entities.models.locking import lock_rows
from entities.refusals import Refused
from entities.vocabulary import Action, Stance, Status
from nato_support.publishing import releases, search_terms
from nato_support.publishing.models.public_tables import Edition, EditionCause, EditionTerm, Release, ReleaseOperation
from nato_support.publishing.register_checks import RuleViolation, Unpublishable, check_record
from nato_support.publishing.rendering import (
    PublicKey,
    Rendering,
    keys_referenced_by,
    model_for_kind,
    public_kind,
    render_records,
    resolve_all_references,
)


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
    already sees exactly this. Raises Refused unless each record has a verified, supporting citation and depends only on
    records that are public or among `records`, and if `versions` does not name a record in its current version.
    """
    with change_set(by=by, act=Action.PUBLISH, why=note or reason), transaction.atomic():
        current = lock_records(records)
        problems: list[str | RuleViolation] = [*_problems_of_merged(current), *_problems_of_stale(current, versions)]
        press_ = releases.open_release(operation, by=by, reason=reason, note=note)
        set_status(current, Status.PUBLISHED, by, note or reason)
        printed = render_records(current)
        restored = _withdrawn_keys(printed)
        problems += _blockers_of_renderings(printed, rows_checked)
        if problems:
            raise Refused(problems)
        releases.store_editions(press_, printed)
        done = {one.key for one in printed}
        releases.rerender_referrers(press_, done)
        if restored:
            _rerender_former_referrers(press_, restored, done)
            releases.write_tombstones(press_, once := releases.former_redirects_to(restored), once)
        if not Edition.objects.filter(release=press_.release).exists():
            press_.release.delete()
            return None
        return releases.close_release(press_)


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
    with change_set(by=by, act=Action.WITHDRAW, why=note or reason), transaction.atomic():
        current = lock_records(records)
        problems = _problems_of_merged(current) + _problems_of_stale(current, versions)
        press_ = releases.open_release(ReleaseOperation.WITHDRAW, by=by, reason=reason, note=note)
        tombs, touched = _withdraw_editions(press_, current)
        problems += [f"{one.lost}; withdraw it too" for one in touched if one.lost]
        if problems:
            raise Refused(problems)
        if not tombs:
            press_.release.delete()
            return None
        set_status(current, Status.WITHDRAWN, by, note or reason)
        return releases.close_release(press_)


def find_blockers(records: Iterable[Curated], *, assumed_public: Iterable[Curated] = ()) -> list[str]:
    """What would keep `records` from being published now, a sentence each; `beside` are taken for public. Reads only."""
    public = {(public_kind(record), record.slug) for record in assumed_public}
    return [
        str(problem) for problem in _blockers_of_renderings(render_records(records), rows_checked=False, assumed_public=public)
    ]


@dataclass(frozen=True, slots=True)
class AffectedRecord:
    """A public record that names one which is to be withdrawn: it is printed anew without it, or cannot stand without it."""

    kind: str
    slug: str
    name: str
    lost: str
    """Why it cannot stand any longer; '' if it can."""


def records_affected_by_withdrawal(records: Iterable[Curated]) -> list[AffectedRecord]:
    """What `withdraw` would do to other public records: found out by doing it, and undone."""
    with transaction.atomic():
        touched = _withdraw_editions(releases.open_release(ReleaseOperation.WITHDRAW), list(records))[1]
        transaction.set_rollback(True)
    return touched


def _withdraw_editions(press_: releases.OpenRelease, records: list[Curated]) -> tuple[list[Edition], list[AffectedRecord]]:
    keys = {(public_kind(record), record.slug) for record in records}
    tombs = releases.write_tombstones(press_, keys)
    # What was merged into them is they: its address leads nowhere, and its past is not public either.
    releases.write_tombstones(press_, releases.redirects_to(keys))
    again = releases.rerender_referrers(press_, set(keys))
    return tombs, [
        AffectedRecord(one.kind, one.slug, search_terms.display_name(one.lean), releases.why_unpublishable(one)) for one in again
    ]


def find_dependencies(records: Iterable[Curated]) -> list[Curated]:
    """The records, not public and not among `records`, without which these cannot be public; theirs included. Reads only."""
    return _dependencies_of_renderings(render_records(records))


def check_publishable(records: Iterable[Curated], *, assumed_public: Iterable[Curated] = ()) -> tuple[list[str], list[Curated]]:
    """What would keep `records` from being public if all that they rest on were, and what they rest on but `beside`."""
    printed, known = render_records(records), {(public_kind(record), record.slug) for record in assumed_public}
    along = [record for record in _dependencies_of_renderings(printed) if (public_kind(record), record.slug) not in known]
    problems = _blockers_of_renderings(
        printed, rows_checked=False, assumed_public=known | {(public_kind(record), record.slug) for record in along}
    )
    return [str(problem) for problem in problems], along


def _dependencies_of_renderings(printed: list[Rendering]) -> list[Curated]:
    found: dict[PublicKey, Curated] = {}
    known: set[PublicKey] = set()
    while printed:
        known |= {one.key for one in printed}
        named = set().union(*(keys_referenced_by(one) for one in printed)) - known
        public = {key for key, edition in Edition.objects.only(*_KEY_COLUMNS).newest(named).items() if not edition.withdrawn}
        new = _load_by_keys(named - public)
        found |= {(public_kind(record), record.slug): record for record in new}
        printed = render_records(new)
    return list(found.values())


_KEY_COLUMNS = ("kind", "slug", "withdrawn")


def _load_by_keys(keys: Iterable[PublicKey]) -> list[Curated]:
    slugs: dict[str, list[str]] = {}
    for kind, slug in sorted(keys):
        slugs.setdefault(kind, []).append(slug)
    found: list[Curated] = []
    for kind, wanted in slugs.items():
        for at in range(0, len(wanted), 500):
            found += model_for_kind(kind).objects.filter(slug__in=wanted[at : at + 500]).order_by("pk")
    return found


def _blockers_of_renderings(
    renderings: list[Rendering], rows_checked: bool, assumed_public: Collection[PublicKey] = ()
) -> list[RuleViolation]:
    """What keeps printed, still bare, records from being public; fills in their references on the way."""
    problems: list[RuleViolation] = []
    for one in renderings:
        if not rows_checked:
            problems += check_record(one.record)
        problems += _unsupported_facts(one)
    for (kind, slug), (other, name) in sorted(resolve_all_references(renderings)):
        if (other, name) not in assumed_public:
            message = f"rests on {other} {name}, which is not public: publish it along"
            problems.append(Unpublishable(kind, slug, "", message))
    return problems


def _unsupported_facts(one: Rendering) -> list[RuleViolation]:
    if "evidence" not in one.extra:
        return []
    supported = {
        name for name, entry in one.extra["evidence"].items() if any(c["stance"] == Stance.SUPPORTS for c in entry["citations"])
    }
    if not supported:
        return [Unpublishable(one.kind, one.slug, "", "has no supporting citation")]
    return [
        Unpublishable(one.kind, one.slug, f"{part}.{row['key']}", "has no supporting citation")
        for member, part in (("measures", "measures"), ("conversions", "measures"), ("milestones", "milestones"))
        for row in one.lean.get(member, ())
        if f"{part}.{row['key']}" not in supported
    ]


def lock_records(records: Iterable[Curated]) -> list[Curated]:
    """The rows of `records` as they stand, each of its own kind, held until the transaction ends."""
    wanted: dict[type, list[int]] = {}
    for record in records:
        model = model_for_kind(record.kind) if isinstance(record, Entity) else type(record)
        wanted.setdefault(model, []).append(record.pk)
    lock_rows((model, pk) for model, keys in wanted.items() for pk in keys)
    found: list[Curated] = []
    for model, keys in wanted.items():
        for at in range(0, len(keys), 500):
            found += model.objects.filter(pk__in=keys[at : at + 500]).order_by("pk")
    return found


def _problems_of_merged(current: list[Curated]) -> list[str]:
    return [
        f"{record.kind} {record.slug} was merged into {record.merged_into.slug}: unmerge it first"
        for record in current
        if isinstance(record, Entity) and record.merged_into
    ]


def _problems_of_stale(current: list[Curated], versions: Mapping[Curated, int] | None) -> list[str]:
    if versions is None:
        return []
    reviewed = {(public_kind(record), record.pk): version for record, version in versions.items()}
    problems = []
    for record in current:
        title = f"{public_kind(record)} {record.slug}"
        version = reviewed.get((public_kind(record), record.pk))
        if version is None:
            problems.append(f"{title} is not among the records that were reviewed: review it first")
        elif version != record.version:
            problems.append(f"{title} was reviewed in version {version}, but is in version {record.version} now: review it again")
    return problems


def set_status(records: list[Curated], status: Status, by, reason: str) -> None:
    """Gives each of `records` that has another one this status, with a row of history."""
    for record in records:
        if record.status != status:
            record.status = status
            record._history_user = by
            record._change_reason = reason[:100] or None
            record.save()


def _withdrawn_keys(printed: list[Rendering]) -> set[PublicKey]:
    live = Edition.objects.newest(one.key for one in printed)
    return {one.key for one in printed if one.key in live and live[one.key].withdrawn}


def _rerender_former_referrers(press_: releases.OpenRelease, restored: set[PublicKey], done: set[PublicKey]) -> None:
    """Prints from their working copies the unchanged public records that named what is public again."""
    values = [f"{kind}/{slug}" for kind, slug in restored]
    named = set(EditionTerm.objects.filter(value__in=values).values_list("edition__kind", "edition__slug")) - done
    records = []
    for (kind, slug), edition in Edition.objects.newest(named).items():
        if not edition.withdrawn:
            records += model_for_kind(kind).objects.filter(slug=slug, version=edition.version)
    again = render_records(records)
    releases.store_editions(press_, [one for one in again if not resolve_all_references([one])], cause=EditionCause.REFERENCE)
