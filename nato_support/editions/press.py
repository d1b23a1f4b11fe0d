"""The press: allots stamps and stores editions, one print run for each transaction. Called by publish and withdraw alone."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from nato_support.editions import index, names, texts, weaving
from nato_support.editions.models import LIVE, Cause, Edition, EditionTerm, PrintRun
from nato_support.editions.printing import Key, Printed

# Any two transactions that print take the same lock, so stamps are committed in their order and readers see no gap.
_LOCK = 0x5245_4749


@dataclass(slots=True)
class Press:
    """What one print run has printed so far."""

    run: PrintRun
    embeds: dict[Key, dict | None] = field(default_factory=dict)
    """What is shown, from this run on, of each record for which that changed; None: no longer public."""
    state: int = 0
    called: dict[Key, tuple[int, set[str]]] = field(default_factory=dict)
    """Of what it printed: the edition's id, and what it is found by when its name is typed."""
    named: Counter[Key] = field(default_factory=Counter)
    """By how many more editions, or fewer, each record is named."""

    @property
    def stamp(self) -> int:
        return self.run.stamp


def start(operation: str, *, by=None, why: str = "", note: str = "") -> Press:
    """Opens the next print run. The caller holds a transaction; the run becomes visible with its commit."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A print run is one transaction.")
    lock()
    newest = PrintRun.objects.order_by("-stamp").first()
    run = PrintRun(stamp=newest.stamp + 1 if newest else 1, operation=operation, by=by, why=why, note=note)
    run.state_hash = newest.state_hash if newest else texts.state_hash(0)
    run.save(force_insert=True)
    return Press(run, state=int(run.state_hash, 16))


def lock() -> None:
    """Until the transaction ends, nobody else prints. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def finish(press: Press) -> PrintRun:
    """Closes the run with the hash of what is live now."""
    names.settle(press.called, press.named)
    press.run.state_hash = texts.state_hash(press.state)
    press.run.save(update_fields=["state_hash"])
    return press.run


def store(press: Press, printed: list[Printed], *, cause: str = Cause.CONTENT) -> list[Edition]:
    """Stores an edition of each of `printed` that says something new, and supersedes the one before it."""
    before = Edition.objects.newest(one.key for one in printed)
    made = []
    for one in printed:
        last = before.get(one.key)
        lean = json.loads(last.document) if last and not last.withdrawn else None
        if last and lean and weaving.content(lean, json.loads(last.evidence)) == weaving.content(one.lean, one.extra):
            if last.version != one.version:
                Edition.objects.filter(pk=last.pk).update(version=one.version)
            continue
        weaving.number(one.lean, last.number + 1 if last else 1, press.stamp)
        made.append((one, edition(one, cause)))
        shown = weaving.embed(one.lean)
        if not lean or weaving.embed(lean) != shown:
            press.embeds[one.key] = shown
    file(press, made, before)
    return [edition for _, edition in made]


def file(press: Press, made: list[tuple[Printed, Edition]], before: Mapping[Key, Edition]) -> None:
    """Keeps editions, with all that they are found by, in the place of those `before` them."""
    _replace(press, [edition for _, edition in made], before)
    terms = []
    for one, edition in made:
        found = index.terms(one.lean, one.extra)
        terms += terms_of(edition, found)
        press.named.update(names.references(found))
        if keys := names.called(one.kind, one.lean, one.extra):
            press.called[one.key] = edition.pk, keys
    EditionTerm.objects.bulk_create(terms, batch_size=2000)


def terms_of(edition: Edition, found: Iterable[tuple[str, str]]) -> list[EditionTerm]:
    """The rows for the terms that were `found` in an edition."""
    return [
        EditionTerm(edition=edition, kind=edition.kind, field=field, value=value, sort_date=edition.sort_date)
        for field, value in found
    ]


def edition(one: Printed, cause: str) -> Edition:
    """The row for a printed record that has its number and stamp."""
    first, until = index.dates(one.lean)
    return Edition(
        kind=one.kind,
        slug=one.slug,
        number=one.lean["edition"],
        run_id=one.lean["stamp"],
        name=index.title(one.lean),
        document=texts.dumps(one.lean),
        evidence=texts.dumps(one.extra),
        search_text=index.words(one.lean, one.extra),
        sort_date=first,
        until=until,
        cause=cause,
        version=one.version,
    )


def bury(press: Press, keys: Iterable[Key], moved: Mapping[Key, str] | None = None) -> list[Edition]:
    """Stores a tombstone for each of `keys` that is public, or whose tombstone is to lead elsewhere.

    `moved` tells the slug of the record that one was merged into: its address leads there, and its past stays public.
    """
    moved = moved or {}
    before = {
        key: edition
        for key, edition in Edition.objects.newest(keys).items()
        if not edition.withdrawn or edition.moved_to != moved.get(key, "")
    }
    tombs = [
        Edition(
            kind=kind,
            slug=slug,
            number=last.number + 1,
            run=press.run,
            name="",
            document="{}",
            evidence="{}",
            withdrawn=True,
            moved_to=moved.get((kind, slug), ""),
        )
        for (kind, slug), last in before.items()
    ]
    press.embeds |= dict.fromkeys(before)
    press.called = {key: found for key, found in press.called.items() if key not in before}
    _replace(press, tombs, before)
    return tombs


def signposts(keys: Iterable[Key]) -> list[Key]:
    """The addresses that lead to one of `keys`, at once or by way of others."""
    found: dict[Key, None] = {}
    new = list(keys)
    while new:
        tombs = Edition.objects.filter(superseded__isnull=True, withdrawn=True, moved_to__in=[slug for _, slug in new])
        leading = [(tomb.kind, tomb.slug) for tomb in tombs.only("kind", "slug", "moved_to") if (tomb.kind, tomb.moved_to) in new]
        new = [key for key in leading if key not in found]
        found |= dict.fromkeys(new)
    return list(found)


def signposts_once(keys: Iterable[Key]) -> dict[Key, str]:
    """The addresses that led to one of `keys` until that was withdrawn -> the slug that they led to."""
    found: dict[Key, str] = {}
    new = set(keys)
    while new:
        before = Edition.objects.filter(superseded__isnull=False, withdrawn=True, moved_to__in=[slug for _, slug in new])
        once = {(tomb.kind, tomb.slug): tomb for tomb in before.order_by("number") if (tomb.kind, tomb.moved_to) in new}
        newest = Edition.objects.newest(once)
        # One that was public in between was unmerged, and withdrawn for itself.
        back = [key for key, tomb in once.items() if newest[key].withdrawn and newest[key].number == tomb.number + 1]
        new = {key for key in back if not newest[key].moved_to and key not in found}
        found |= {key: once[key].moved_to for key in new}
    return found


def _replace(press: Press, editions: list[Edition], before: Mapping[Key, Edition]) -> None:
    replaced = [before[edition.kind, edition.slug] for edition in editions if (edition.kind, edition.slug) in before]
    supersede(press, replaced)
    press.state += sum(_weight(edition) for edition in editions if not edition.withdrawn)
    Edition.objects.bulk_create(editions, batch_size=500)


def supersede(press: Press, replaced: list[Edition]) -> None:
    """Takes editions out of what is live."""
    for at in range(0, len(replaced), 500):
        Edition.objects.filter(pk__in=[last.pk for last in replaced[at : at + 500]]).update(superseded=press.stamp)
    press.named.subtract(names.forget(last.pk for last in replaced if not last.withdrawn))
    press.state -= sum(_weight(last) for last in replaced if not last.withdrawn)


def _weight(edition: Edition) -> int:
    return texts.fingerprint(edition.kind, edition.slug, edition.number, edition.document, edition.evidence)


def referrers(keys: Iterable[Key]) -> list[Edition]:
    """The public editions that name one of `keys`."""
    values = [f"{kind}/{slug}" for kind, slug in keys]
    found: dict[int, Edition] = {}
    for at in range(0, len(values), 200):
        rows = Edition.objects.filter(LIVE, terms__field__in=index.REFERENCE_FIELDS, terms__value__in=values[at : at + 200])
        found |= {edition.pk: edition for edition in rows}
    return list(found.values())


def reprint_referrers(press: Press, printed: set[Key]) -> list[Printed]:
    """Prints anew, from their last editions, the records that name something which this run changed.

    Working copies are not read: they may be ahead of what is public. Returns what was woven, for the caller to judge
    before the transaction commits. Quotes come first, because other records show them.
    """
    woven: list[Printed] = []
    for quotes in (True, False):
        found = [
            e for e in referrers(press.embeds) if (e.kind in ("quote", "document")) == quotes and (e.kind, e.slug) not in printed
        ]
        for edition in sorted(found, key=lambda e: (e.kind, e.slug)):
            lean, extra = (weave_changes(press, json.loads(data)) for data in (edition.document, edition.evidence))
            weaving.settle(lean, extra)
            one = Printed(edition.kind, edition.slug, lean, extra, edition.version)
            woven.append(one)
            printed.add(one.key)
            if not lost_ground(one):
                store(press, [one], cause=Cause.REFERENCE)
    return woven


def weave_changes(press: Press, data: dict) -> dict:
    """A copy of printed `data` in which what this run changed is shown as it is now."""
    return weaving.weave(data, lambda kind, slug: press.embeds.get((kind, slug), weaving.KEEP))


def lost_ground(one: Printed) -> str:
    """Why a woven record can no longer be public: what it needs was taken out; '' if it can."""
    for member in weaving.REQUIRED.get(one.kind, ()):
        if one.lean[member] is None:
            return f"{one.kind} {one.slug} needs its {member}"
    if "evidence" in one.extra:
        citations = [c for entry in one.extra["evidence"].values() for c in entry["citations"]]
        if not any(citation["stance"] == "supports" for citation in citations):
            return f"{one.kind} {one.slug} would be left without evidence"
    return ""
