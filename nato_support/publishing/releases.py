"""Open, fill and close releases: allot their numbers and store editions, one release for each transaction."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection, transaction

from nato_support.publishing import name_index, rendered_references, rendered_relations, search_index, search_terms
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import (
    LIVE_EDITIONS,
    Edition,
    EditionCause,
    EditionTerm,
    MentionCount,
    NameKey,
    Release,
    SearchEntry,
)
from nato_support.publishing.rendering import PublicKey, Rendering

# Every release takes this lock, so that releases are committed in the order of their numbers and readers see no gap.
_RELEASE_LOCK = 0x5245_4749


@dataclass(slots=True)
class OpenRelease:
    """A release under way: its row, and what it has changed so far."""

    row: Release
    changed_embeds: dict[PublicKey, dict | None] = field(default_factory=dict)
    """Record -> its embedded form from this release on, where that changed; None if it is no longer public."""
    hash_sum: int = 0
    name_keys: dict[PublicKey, tuple[int, set[str]]] = field(default_factory=dict)
    """Record -> id and name keys of its new edition."""
    mention_changes: Counter[PublicKey] = field(default_factory=Counter)
    """Record -> change in the number of editions that mention it."""

    @property
    def number(self) -> int:
        """Number of the release."""
        return self.row.number


def open_release(operation: str, *, by=None, reason: str = "", note: str = "") -> OpenRelease:
    """Open the next release. The caller holds a transaction; the release becomes visible when that commits."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("A release is made in one transaction: open it inside transaction.atomic().")
    lock_releases()
    last_release = Release.objects.order_by("-number").first()
    release = Release(number=last_release.number + 1 if last_release else 1, operation=operation, by=by, reason=reason, note=note)
    release.state_hash = last_release.state_hash if last_release else edition_encoding.format_state_hash(0)
    release.save(force_insert=True)
    return OpenRelease(release, hash_sum=int(release.state_hash, 16))


def lock_releases() -> None:
    """Wait for other releases and hold them off until the transaction ends. SQLite has a single writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_RELEASE_LOCK])


def close_release(release: OpenRelease) -> Release:
    """Close the release with the hash of what is live now."""
    name_index.update_name_index(release.name_keys, release.mention_changes)
    release.row.state_hash = edition_encoding.format_state_hash(release.hash_sum)
    release.row.save(update_fields=["state_hash"])
    return release.row


def store_changed_editions(
    release: OpenRelease, renderings: list[Rendering], *, cause: str = EditionCause.CONTENT
) -> list[Edition]:
    """Store an edition of each rendering that says something new, and supersede the edition before it."""
    previous_editions = Edition.objects.newest(rendering.key for rendering in renderings)
    new_editions = []
    for rendering in renderings:
        previous = previous_editions.get(rendering.key)
        previous_document = json.loads(previous.document) if previous and not previous.withdrawn else None
        if (
            previous
            and previous_document
            and rendered_references.comparable_content(previous_document, json.loads(previous.evidence))
            == rendered_references.comparable_content(rendering.document, rendering.evidence)
        ):
            if previous.version != rendering.version:
                Edition.objects.filter(pk=previous.pk).update(version=rendering.version)
            continue
        rendered_references.write_numbers(rendering.document, previous.number + 1 if previous else 1, release.number)
        new_editions.append((rendering, edition_row(rendering, cause)))
        embedded = rendered_references.embedded_form(rendering.document)
        if not previous_document or rendered_references.embedded_form(previous_document) != embedded:
            release.changed_embeds[rendering.key] = embedded
    store_and_index_editions(release, new_editions, previous_editions)
    return [edition for _, edition in new_editions]


def store_and_index_editions(
    release: OpenRelease, new_editions: list[tuple[Rendering, Edition]], previous_editions: Mapping[PublicKey, Edition]
) -> None:
    """Store editions, with all that they are found by, in place of the previous ones."""
    _supersede_and_insert(release, [edition for _, edition in new_editions], previous_editions)
    term_rows_to_store = []
    for rendering, edition in new_editions:
        found = search_terms.edition_terms(rendering.document, rendering.evidence)
        term_rows_to_store += term_rows(edition, found)
        release.mention_changes.update(name_index.referenced_records(found))
        if keys := name_index.entity_name_keys(rendering.kind, rendering.document, rendering.evidence):
            release.name_keys[rendering.key] = edition.pk, keys
    EditionTerm.objects.bulk_create(term_rows_to_store, batch_size=2000)
    search_index.store_search_entries((edition, rendering.document, rendering.evidence) for rendering, edition in new_editions)


def term_rows(edition: Edition, terms: Iterable[tuple[str, str]]) -> list[EditionTerm]:
    """Return the rows for the `terms` of an edition."""
    return [
        EditionTerm(edition=edition, kind=edition.kind, field=field, value=value, sort_date=edition.sort_date)
        for field, value in terms
    ]


def edition_row(rendering: Rendering, cause: str) -> Edition:
    """Return the unsaved edition of a rendering that has its numbers."""
    first_day, last_day = search_terms.date_bounds(rendering.document)
    return Edition(
        kind=rendering.kind,
        slug=rendering.slug,
        number=rendering.document["edition"],
        release_id=rendering.document["release"],
        name=search_terms.display_name(rendering.document),
        document=edition_encoding.compact_json(rendering.document),
        evidence=edition_encoding.compact_json(rendering.evidence),
        sort_date=first_day,
        until=last_day,
        cause=cause,
        version=rendering.version,
    )


def write_tombstones(
    release: OpenRelease, keys: Iterable[PublicKey], redirects: Mapping[PublicKey, str] | None = None
) -> list[Edition]:
    """Store a tombstone for each of `keys` that is public, or whose tombstone is to redirect elsewhere.

    `redirects` maps the key of a merged record to the slug of its survivor, to which its address leads; its past stays public.
    """
    redirects = redirects or {}
    previous_editions = {
        key: edition
        for key, edition in Edition.objects.newest(keys).items()
        if not edition.withdrawn or edition.moved_to != redirects.get(key, "")
    }
    tombstones = [
        tombstone_row(release, key, previous.number + 1, redirects.get(key, "")) for key, previous in previous_editions.items()
    ]
    release.changed_embeds |= dict.fromkeys(previous_editions)
    release.name_keys = {key: name_keys for key, name_keys in release.name_keys.items() if key not in previous_editions}
    _supersede_and_insert(release, tombstones, previous_editions)
    return tombstones


def tombstone_row(release: OpenRelease, key: PublicKey, number: int, moved_to: str = "") -> Edition:
    """Return the unsaved tombstone, edition `number`, of a record that is public no longer."""
    return Edition(
        kind=key[0],
        slug=key[1],
        number=number,
        release=release.row,
        name="",
        document="{}",
        evidence="{}",
        withdrawn=True,
        moved_to=moved_to,
    )


def keys_redirecting_to(keys: Iterable[PublicKey]) -> list[PublicKey]:
    """List the addresses that redirect to one of `keys`, directly or through others."""
    redirecting_keys: dict[PublicKey, None] = {}
    new_keys = list(keys)
    while new_keys:
        tombstones = Edition.objects.filter(superseded__isnull=True, withdrawn=True, moved_to__in=[slug for _, slug in new_keys])
        leading_keys = [
            (tombstone.kind, tombstone.slug)
            for tombstone in tombstones.only("kind", "slug", "moved_to")
            if (tombstone.kind, tombstone.moved_to) in new_keys
        ]
        new_keys = [key for key in leading_keys if key not in redirecting_keys]
        redirecting_keys |= dict.fromkeys(new_keys)
    return list(redirecting_keys)


def keys_formerly_redirecting_to(keys: Iterable[PublicKey]) -> dict[PublicKey, str]:
    """Return the addresses that redirected to one of `keys` until that was withdrawn, with the slug that they redirected to."""
    former_targets: dict[PublicKey, str] = {}
    new_keys = set(keys)
    while new_keys:
        superseded_tombstones = Edition.objects.filter(
            superseded__isnull=False, withdrawn=True, moved_to__in=[slug for _, slug in new_keys]
        )
        last_tombstones = {
            (tombstone.kind, tombstone.slug): tombstone
            for tombstone in superseded_tombstones.order_by("number")
            if (tombstone.kind, tombstone.moved_to) in new_keys
        }
        newest_editions = Edition.objects.newest(last_tombstones)
        # A record that was public in between was unmerged and then withdrawn on its own account.
        withdrawn_keys = [
            key
            for key, tombstone in last_tombstones.items()
            if newest_editions[key].withdrawn and newest_editions[key].number == tombstone.number + 1
        ]
        new_keys = {key for key in withdrawn_keys if not newest_editions[key].moved_to and key not in former_targets}
        former_targets |= {key: last_tombstones[key].moved_to for key in new_keys}
    return former_targets


def _supersede_and_insert(release: OpenRelease, editions: list[Edition], previous_editions: Mapping[PublicKey, Edition]) -> None:
    replaced = [
        previous_editions[edition.kind, edition.slug] for edition in editions if (edition.kind, edition.slug) in previous_editions
    ]
    supersede_editions(release, replaced)
    release.hash_sum += sum(_hash_of_edition(edition) for edition in editions if not edition.withdrawn)
    Edition.objects.bulk_create(editions, batch_size=500)


def supersede_editions(release: OpenRelease, replaced: list[Edition]) -> None:
    """Take editions out of what is live."""
    for start in range(0, len(replaced), 500):
        Edition.objects.filter(pk__in=[edition.pk for edition in replaced[start : start + 500]]).update(superseded=release.number)
    release.mention_changes.subtract(
        name_index.remove_from_name_index(edition.pk for edition in replaced if not edition.withdrawn)
    )
    release.hash_sum -= sum(_hash_of_edition(edition) for edition in replaced if not edition.withdrawn)


def _hash_of_edition(edition: Edition) -> int:
    return edition_encoding.edition_hash(edition.kind, edition.slug, edition.number, edition.document, edition.evidence)


def remove_all_editions(release: OpenRelease) -> None:
    """Delete every edition with content, and all that they are found by; tombstones, which have none, stay.

    From then on the release counts what is live from nothing.
    """
    for model in (NameKey, MentionCount, SearchEntry, EditionTerm):
        model._default_manager.all().delete()
    editions = Edition.objects.filter(withdrawn=False)
    # Nothing refers to them any more, so they need not be loaded.
    editions._raw_delete(editions.db)
    release.hash_sum = 0
    release.changed_embeds, release.name_keys, release.mention_changes = {}, {}, Counter()


def referring_editions(keys: Iterable[PublicKey]) -> list[Edition]:
    """List the live editions that refer to one of `keys`."""
    values = [f"{kind}/{slug}" for kind, slug in keys]
    editions_by_id: dict[int, Edition] = {}
    for start in range(0, len(values), 200):
        rows = Edition.objects.filter(
            LIVE_EDITIONS, terms__field__in=search_terms.REFERENCE_FIELDS, terms__value__in=values[start : start + 200]
        )
        editions_by_id |= {edition.pk: edition for edition in rows}
    return list(editions_by_id.values())


def rerender_referrers(release: OpenRelease, rendered_keys: set[PublicKey]) -> list[Rendering]:
    """Render again, from their live editions, the records that refer to something this release changed.

    Working copies are not read: they may be ahead of what is public. Returns the new renderings, for the caller to check before
    the transaction commits. Quotes and documents come first, because other records embed them.
    """
    renderings: list[Rendering] = []
    for quotes_first in (True, False):
        referring = [
            edition
            for edition in referring_editions(release.changed_embeds)
            if (edition.kind in ("quote", "document")) == quotes_first and (edition.kind, edition.slug) not in rendered_keys
        ]
        for edition in sorted(referring, key=lambda edition: (edition.kind, edition.slug)):
            document, evidence = (
                resolve_changed_references(release, json.loads(data)) for data in (edition.document, edition.evidence)
            )
            rendered_references.fill_in_derived_members(document, evidence)
            rendering = Rendering(edition.kind, edition.slug, document, evidence, edition.version)
            renderings.append(rendering)
            rendered_keys.add(rendering.key)
            if not why_unpublishable(rendering):
                store_changed_editions(release, [rendering], cause=EditionCause.REFERENCE)
    return renderings


def resolve_changed_references(release: OpenRelease, data: dict) -> dict:
    """Return a copy of rendered `data` in which references show what this release changed."""
    return rendered_references.resolve_references(
        data, lambda kind, slug: release.changed_embeds.get((kind, slug), rendered_references.KEEP_REFERENCE)
    )


def why_unpublishable(rendering: Rendering) -> str:
    """Return the reason why a rendering can no longer be public, such as a missing required reference; '' if it can."""
    for member in rendered_references.REQUIRED_REFERENCES.get(rendering.kind, ()):
        if rendering.document[member] is None:
            return f"{rendering.kind} {rendering.slug} needs its {member}"
    if "evidence" in rendering.evidence:
        citations = [citation for entry in rendering.evidence["evidence"].values() for citation in entry["citations"]]
        if not any(citation["polarity"] == "affirms" for citation in citations):
            return f"{rendering.kind} {rendering.slug} would be left without evidence"
    if rendered_relations.is_claim_without_claimer(rendering.document, rendering.evidence):
        return f"{rendering.kind} {rendering.slug} {rendered_relations.NO_CLAIMER}"
    return ""
