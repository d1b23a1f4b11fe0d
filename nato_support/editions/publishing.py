"""Publish and withdraw: the two functions that decide what is public."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from entities.models import Curated, Entity, one_change
from entities.models.holding import hold
from entities.vocabulary import Act, Stance, Status
from nato_support.editions import index, press
from nato_support.editions.checking import check_record
from nato_support.editions.models import Cause, Edition, EditionTerm, Operation, PrintRun
from nato_support.editions.printing import Key, Printed, bare_references, kind_of, model_of, print_records, weave_all


class Refused(Exception):
    """The operation was refused and nothing was changed. `problems` says why, a sentence each."""

    def __init__(self, problems: Sequence[str]):
        self.problems = list(problems)
        more = f"; and {len(self.problems) - 20} more" if len(self.problems) > 20 else ""
        super().__init__("; ".join(self.problems[:20]) + more)


def publish(
    records: Iterable[Curated],
    *,
    by=None,
    why: str = "",
    note: str = "",
    seen: Mapping[Curated, int] | None = None,
    operation: str = Operation.PUBLISH,
    checked: bool = False,
) -> PrintRun | None:
    """Prints an edition of each of `records` and makes it public, all or nothing, in one print run.

    `seen` maps records to the version that was reviewed: another one is refused. `why` is for editors, `note` for the
    public; `checked` tells that this transaction validated every row already. Raises Refused, with what is missing,
    unless each record rests on a verified quotation and on nothing that is not public or published along. Returns the
    run; None if the public already saw just this.
    """
    with one_change(by=by, act=Act.PUBLISH, why=note or why), transaction.atomic():
        current = lock(records)
        problems = _merged(current) + _stale(current, seen or {})
        press_ = press.start(operation, by=by, why=why, note=note)
        set_status(current, Status.PUBLISHED, by, note or why)
        printed = print_records(current)
        restored = _not_public(printed)
        problems += _missing(printed, checked)
        if problems:
            raise Refused(problems)
        press.store(press_, printed)
        done = {one.key for one in printed}
        press.reprint_referrers(press_, done)
        if restored:
            _print_again(press_, restored, done)
            press.bury(press_, once := press.signposts_once(restored), once)
        if not Edition.objects.filter(run=press_.run).exists():
            press_.run.delete()
            return None
        return press.finish(press_)


def withdraw(
    records: Iterable[Curated], *, by=None, why: str = "", note: str = "", seen: Mapping[Curated, int] | None = None
) -> PrintRun | None:
    """Takes `records` out of the public register, leaving tombstones, and prints anew what names them.

    Raises Refused if something public cannot stand without them: withdraw that along, or publish it first without them;
    or if one of them is not in the version `seen`. Returns the run; None if none of them was public.
    """
    with one_change(by=by, act=Act.WITHDRAW, why=note or why), transaction.atomic():
        current = lock(records)
        problems = _merged(current) + _stale(current, seen or {})
        press_ = press.start(Operation.WITHDRAW, by=by, why=why, note=note)
        tombs, touched = _take_out(press_, current)
        problems += [f"{one.lost}; withdraw it too" for one in touched if one.lost]
        if problems:
            raise Refused(problems)
        set_status(current, Status.WITHDRAWN, by, note or why)
        if not tombs:
            press_.run.delete()
            return None
        return press.finish(press_)


def hindrances(records: Iterable[Curated], *, beside: Iterable[Curated] = ()) -> list[str]:
    """What would keep `records` from being published now, a sentence each; `beside` are taken for public. Reads only."""
    return _missing(print_records(records), checked=False, beside={(kind_of(record), record.slug) for record in beside})


@dataclass(frozen=True, slots=True)
class Touched:
    """A public record that names one which is to be withdrawn: it is printed anew without it, or cannot stand without it."""

    kind: str
    slug: str
    name: str
    lost: str
    """Why it cannot stand any longer; '' if it can."""


def touched_by_withdrawing(records: Iterable[Curated]) -> list[Touched]:
    """What `withdraw` would do to other public records: found out by doing it, and undone."""
    with transaction.atomic():
        touched = _take_out(press.start(Operation.WITHDRAW), list(records))[1]
        transaction.set_rollback(True)
    return touched


def _take_out(press_: press.Press, records: list[Curated]) -> tuple[list[Edition], list[Touched]]:
    keys = {(kind_of(record), record.slug) for record in records}
    tombs = press.bury(press_, keys)
    # What was merged into them is they: its address leads nowhere, and its past is not public either.
    press.bury(press_, press.signposts(keys))
    again = press.reprint_referrers(press_, set(keys))
    return tombs, [Touched(one.kind, one.slug, index.title(one.lean), press.lost_ground(one)) for one in again]


def rests_on(records: Iterable[Curated]) -> list[Curated]:
    """The records, not public and not among `records`, without which these cannot be public; theirs included. Reads only."""
    return _resting_on(print_records(records))


def look_over(records: Iterable[Curated], *, beside: Iterable[Curated] = ()) -> tuple[list[str], list[Curated]]:
    """What would keep `records` from being public if all that they rest on were, and what they rest on but `beside`."""
    printed, known = print_records(records), {(kind_of(record), record.slug) for record in beside}
    along = [record for record in _resting_on(printed) if (kind_of(record), record.slug) not in known]
    return _missing(printed, checked=False, beside=known | {(kind_of(record), record.slug) for record in along}), along


def _resting_on(printed: list[Printed]) -> list[Curated]:
    found: dict[Key, Curated] = {}
    known: set[Key] = set()
    while printed:
        known |= {one.key for one in printed}
        named = set().union(*(bare_references(one) for one in printed)) - known
        public = {key for key, edition in Edition.objects.only(*_KEY).newest(named).items() if not edition.withdrawn}
        new = _by_key(named - public)
        found |= {(kind_of(record), record.slug): record for record in new}
        printed = print_records(new)
    return list(found.values())


_KEY = ("kind", "slug", "withdrawn")


def _by_key(keys: Iterable[Key]) -> list[Curated]:
    slugs: dict[str, list[str]] = {}
    for kind, slug in sorted(keys):
        slugs.setdefault(kind, []).append(slug)
    found: list[Curated] = []
    for kind, wanted in slugs.items():
        for at in range(0, len(wanted), 500):
            found += model_of(kind).objects.filter(slug__in=wanted[at : at + 500]).order_by("pk")
    return found


def _missing(printed: list[Printed], checked: bool, beside: Collection[Key] = ()) -> list[str]:
    """What keeps printed, still bare, records from being public; fills in their references on the way."""
    problems = []
    for one in printed:
        if not checked:
            problems += [str(problem) for problem in check_record(one.record)]
        problems += _without_evidence(one)
    for (kind, slug), (other, name) in sorted(weave_all(printed)):
        if (other, name) not in beside:
            problems.append(f"{kind} {slug} rests on {other} {name}, which is not public: publish it along")
    return problems


def _without_evidence(one: Printed) -> list[str]:
    if "evidence" not in one.extra:
        return []
    supported = {
        name for name, entry in one.extra["evidence"].items() if any(c["stance"] == Stance.SUPPORTS for c in entry["citations"])
    }
    if not supported:
        return [f"{one.kind} {one.slug} has no supporting citation"]
    return [
        f"{one.kind} {one.slug}: {part}.{row['key']} has no supporting citation"
        for member, part in (("measures", "measures"), ("conversions", "measures"), ("milestones", "milestones"))
        for row in one.lean.get(member, ())
        if f"{part}.{row['key']}" not in supported
    ]


def lock(records: Iterable[Curated]) -> list[Curated]:
    """The rows of `records` as they stand, each of its own kind, held until the transaction ends."""
    wanted: dict[type, list[int]] = {}
    for record in records:
        model = model_of(record.kind) if isinstance(record, Entity) else type(record)
        wanted.setdefault(model, []).append(record.pk)
    hold((model, pk) for model, keys in wanted.items() for pk in keys)
    found: list[Curated] = []
    for model, keys in wanted.items():
        for at in range(0, len(keys), 500):
            found += model.objects.filter(pk__in=keys[at : at + 500]).order_by("pk")
    return found


def _merged(current: list[Curated]) -> list[str]:
    return [
        f"{record.kind} {record.slug} was merged into {record.merged_into.slug}: unmerge it first"
        for record in current
        if isinstance(record, Entity) and record.merged_into
    ]


def _stale(current: list[Curated], seen: Mapping[Curated, int]) -> list[str]:
    reviewed = {(kind_of(record), record.pk): version for record, version in seen.items()}
    return [
        f"{kind_of(record)} {record.slug} was reviewed in version {version},"
        f" but is in version {record.version} now: review it again"
        for record in current
        if (version := reviewed.get((kind_of(record), record.pk), record.version)) != record.version
    ]


def set_status(records: list[Curated], status: Status, by, reason: str) -> None:
    """Gives each of `records` that has another one this status, with a row of history."""
    for record in records:
        if record.status != status:
            record.status = status
            record._history_user = by
            record._change_reason = reason[:100] or None
            record.save()


def _not_public(printed: list[Printed]) -> set[Key]:
    live = Edition.objects.newest(one.key for one in printed)
    return {one.key for one in printed if one.key in live and live[one.key].withdrawn}


def _print_again(press_: press.Press, restored: set[Key], done: set[Key]) -> None:
    """Prints from their working copies the unchanged public records that named what is public again."""
    values = [f"{kind}/{slug}" for kind, slug in restored]
    named = set(EditionTerm.objects.filter(value__in=values).values_list("edition__kind", "edition__slug")) - done
    records = []
    for (kind, slug), edition in Edition.objects.newest(named).items():
        if not edition.withdrawn:
            records += model_of(kind).objects.filter(slug=slug, version=edition.version)
    again = print_records(records)
    press.store(press_, [one for one in again if not weave_all([one])], cause=Cause.REFERENCE)
