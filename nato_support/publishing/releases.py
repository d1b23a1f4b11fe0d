"""The press: allots releases and stores editions, one release for each transaction. Called by publish and withdraw alone."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from nato_support.publishing import name_index, references, search_terms
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, EditionCause, EditionTerm, Release
from nato_support.publishing.rendering import PublicKey, Rendering

# Any two transactions that print take the same lock, so releases are committed in their order and readers see no gap.
_RELEASE_LOCK = 0x5245_4749


@dataclass(slots=True)
class OpenRelease:
    """What one release has printed so far."""

    release: Release
    changed_embeds: dict[PublicKey, dict | None] = field(default_factory=dict)
    """What is shown, from this release on, of each record for which that changed; None: no longer public."""
    state: int = 0
    called: dict[PublicKey, tuple[int, set[str]]] = field(default_factory=dict)
    """Of what it printed: the edition's id, and what it is found by when its name is typed."""
    mention_changes: Counter[PublicKey] = field(default_factory=Counter)
    """By how many more editions, or fewer, each record is named."""

    @property
    def number(self) -> int:
        return self.release.number


def open_release(operation: str, *, by=None, reason: str = "", note: str = "") -> OpenRelease:
    """Opens the next release. The caller holds a transaction; the release becomes visible with its commit."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A release is one transaction.")
    lock_releases()
    newest = Release.objects.order_by("-number").first()
    release = Release(number=newest.number + 1 if newest else 1, operation=operation, by=by, reason=reason, note=note)
    release.state_hash = newest.state_hash if newest else edition_encoding.format_state_hash(0)
    release.save(force_insert=True)
    return OpenRelease(release, state=int(release.state_hash, 16))


def lock_releases() -> None:
    """Until the transaction ends, nobody else prints. SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RELEASE_LOCK])


def close_release(press: OpenRelease) -> Release:
    """Closes the release with the hash of what is live now."""
    name_index.update_name_index(press.called, press.mention_changes)
    press.release.state_hash = edition_encoding.format_state_hash(press.state)
    press.release.save(update_fields=["state_hash"])
    return press.release


def store_editions(press: OpenRelease, printed: list[Rendering], *, cause: str = EditionCause.CONTENT) -> list[Edition]:
    """Stores an edition of each of `printed` that says something new, and supersedes the one before it."""
    before = Edition.objects.newest(one.key for one in printed)
    made = []
    for one in printed:
        last = before.get(one.key)
        lean = json.loads(last.document) if last and not last.withdrawn else None
        if (
            last
            and lean
            and references.comparable_content(lean, json.loads(last.evidence))
            == references.comparable_content(one.lean, one.extra)
        ):
            if last.version != one.version:
                Edition.objects.filter(pk=last.pk).update(version=one.version)
            continue
        references.write_numbers(one.lean, last.number + 1 if last else 1, press.number)
        made.append((one, edition_row(one, cause)))
        shown = references.embedded_form(one.lean)
        if not lean or references.embedded_form(lean) != shown:
            press.changed_embeds[one.key] = shown
    replace_editions(press, made, before)
    return [edition for _, edition in made]


def replace_editions(press: OpenRelease, made: list[tuple[Rendering, Edition]], before: Mapping[PublicKey, Edition]) -> None:
    """Keeps editions, with all that they are found by, in the place of those `before` them."""
    _supersede_and_insert(press, [edition for _, edition in made], before)
    terms = []
    for one, edition in made:
        found = search_terms.edition_terms(one.lean, one.extra)
        terms += term_rows(edition, found)
        press.mention_changes.update(name_index.referenced_records(found))
        if keys := name_index.entity_name_keys(one.kind, one.lean, one.extra):
            press.called[one.key] = edition.pk, keys
    EditionTerm.objects.bulk_create(terms, batch_size=2000)


def term_rows(edition: Edition, found: Iterable[tuple[str, str]]) -> list[EditionTerm]:
    """The rows for the terms that were `found` in an edition."""
    return [
        EditionTerm(edition=edition, kind=edition.kind, field=field, value=value, sort_date=edition.sort_date)
        for field, value in found
    ]


def edition_row(one: Rendering, cause: str) -> Edition:
    """The row for a printed record that has its number and release."""
    first, until = search_terms.date_bounds(one.lean)
    return Edition(
        kind=one.kind,
        slug=one.slug,
        number=one.lean["edition"],
        release_id=one.lean["release"],
        name=search_terms.display_name(one.lean),
        document=edition_encoding.compact_json(one.lean),
        evidence=edition_encoding.compact_json(one.extra),
        search_text=search_terms.searchable_text(one.lean, one.extra),
        sort_date=first,
        until=until,
        cause=cause,
        version=one.version,
    )


def write_tombstones(
    press: OpenRelease, keys: Iterable[PublicKey], moved: Mapping[PublicKey, str] | None = None
) -> list[Edition]:
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
            release=press.release,
            name="",
            document="{}",
            evidence="{}",
            withdrawn=True,
            moved_to=moved.get((kind, slug), ""),
        )
        for (kind, slug), last in before.items()
    ]
    press.changed_embeds |= dict.fromkeys(before)
    press.called = {key: found for key, found in press.called.items() if key not in before}
    _supersede_and_insert(press, tombs, before)
    return tombs


def redirects_to(keys: Iterable[PublicKey]) -> list[PublicKey]:
    """The addresses that lead to one of `keys`, at once or by way of others."""
    found: dict[PublicKey, None] = {}
    new = list(keys)
    while new:
        tombs = Edition.objects.filter(superseded__isnull=True, withdrawn=True, moved_to__in=[slug for _, slug in new])
        leading = [(tomb.kind, tomb.slug) for tomb in tombs.only("kind", "slug", "moved_to") if (tomb.kind, tomb.moved_to) in new]
        new = [key for key in leading if key not in found]
        found |= dict.fromkeys(new)
    return list(found)


def former_redirects_to(keys: Iterable[PublicKey]) -> dict[PublicKey, str]:
    """The addresses that led to one of `keys` until that was withdrawn -> the slug that they led to."""
    found: dict[PublicKey, str] = {}
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


def _supersede_and_insert(press: OpenRelease, editions: list[Edition], before: Mapping[PublicKey, Edition]) -> None:
    replaced = [before[edition.kind, edition.slug] for edition in editions if (edition.kind, edition.slug) in before]
    supersede_editions(press, replaced)
    press.state += sum(_hash_of_edition(edition) for edition in editions if not edition.withdrawn)
    Edition.objects.bulk_create(editions, batch_size=500)


def supersede_editions(press: OpenRelease, replaced: list[Edition]) -> None:
    """Takes editions out of what is live."""
    for at in range(0, len(replaced), 500):
        Edition.objects.filter(pk__in=[last.pk for last in replaced[at : at + 500]]).update(superseded=press.number)
    press.mention_changes.subtract(name_index.remove_from_name_index(last.pk for last in replaced if not last.withdrawn))
    press.state -= sum(_hash_of_edition(last) for last in replaced if not last.withdrawn)


def _hash_of_edition(edition: Edition) -> int:
    return edition_encoding.edition_hash(edition.kind, edition.slug, edition.number, edition.document, edition.evidence)


def referring_editions(keys: Iterable[PublicKey]) -> list[Edition]:
    """The public editions that name one of `keys`."""
    values = [f"{kind}/{slug}" for kind, slug in keys]
    found: dict[int, Edition] = {}
    for at in range(0, len(values), 200):
        rows = Edition.objects.filter(
            LIVE_EDITIONS, terms__field__in=search_terms.REFERENCE_FIELDS, terms__value__in=values[at : at + 200]
        )
        found |= {edition.pk: edition for edition in rows}
    return list(found.values())


def rerender_referrers(press: OpenRelease, printed: set[PublicKey]) -> list[Rendering]:
    """Prints anew, from their last editions, the records that name something which this release changed.

    Working copies are not read: they may be ahead of what is public. Returns what was woven, for the caller to judge
    before the transaction commits. Quotes come first, because other records show them.
    """
    woven: list[Rendering] = []
    for quotes in (True, False):
        found = [
            e
            for e in referring_editions(press.changed_embeds)
            if (e.kind in ("quote", "document")) == quotes and (e.kind, e.slug) not in printed
        ]
        for edition in sorted(found, key=lambda e: (e.kind, e.slug)):
            lean, extra = (resolve_changed_references(press, json.loads(data)) for data in (edition.document, edition.evidence))
            references.derive_from_evidence(lean, extra)
            one = Rendering(edition.kind, edition.slug, lean, extra, edition.version)
            woven.append(one)
            printed.add(one.key)
            if not why_unpublishable(one):
                store_editions(press, [one], cause=EditionCause.REFERENCE)
    return woven


def resolve_changed_references(press: OpenRelease, data: dict) -> dict:
    """A copy of printed `data` in which what this release changed is shown as it is now."""
    return references.resolve_references(
        data, lambda kind, slug: press.changed_embeds.get((kind, slug), references.KEEP_REFERENCE)
    )


def why_unpublishable(one: Rendering) -> str:
    """Why a woven record can no longer be public: what it needs was taken out; '' if it can."""
    for member in references.REQUIRED_REFERENCES.get(one.kind, ()):
        if one.lean[member] is None:
            return f"{one.kind} {one.slug} needs its {member}"
    if "evidence" in one.extra:
        citations = [c for entry in one.extra["evidence"].values() for c in entry["citations"]]
        if not any(citation["stance"] == "supports" for citation in citations):
            return f"{one.kind} {one.slug} would be left without evidence"
    return ""
