"""Replication of new releases from the source, each in one transaction and proved by the state hash."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef

from entities.serializers import PLURALS
from nato_support.exchange.mirror.edition_rows import edition_from_detail_bytes, placeholder_from_json, tombstone_from_json
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem, parse_json_object
from nato_support.exchange.mirror.snapshot_loading import release_from_json
from nato_support.exchange.mirror.source_validation import check_changes_page
from nato_support.exchange.models import Mirror
from nato_support.publishing import name_index, releases, search_terms
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import Edition, EditionTerm, Release
from nato_support.publishing.rendering import PublicKey, Rendering

CHANGES_PER_PAGE = 200


class ReleasePage(NamedTuple):
    """A release, or as much of a large one as one page contains."""

    release: dict
    changes: list[dict]
    is_last: bool


class Diverged(Exception):
    """The copy is not what the source has or had: it must be copied from the start."""


def copy_new_releases(source: RegisterClient, mirror: Mirror, on_progress: Callable[[int, int], Any]) -> None:
    """Copy every release that the source has and this database lacks.

    `on_progress` is called with each release and the newest one. Raises Diverged; nothing of the release that showed it is kept.
    """
    pages = _release_pages(source, mirror, on_progress)
    for page in pages:
        if page.release["release"] <= mirror.through:
            continue
        if page.release["release"] != mirror.through + 1:
            raise DamagedData(f"The source sends release {page.release['release']} after release {mirror.through}.")
        with transaction.atomic():
            releases.lock_releases()
            release_copy = _ReleaseCopy(source, mirror, page.release)
            release_copy.add_changes(page.changes)
            while not page.is_last:
                if not page.changes:
                    raise DamagedData(
                        f"The source sends no changes for release {page.release['release']}, and does not say that it ends."
                    )
                next_page = next(pages, None)
                if next_page is None or next_page.release["release"] != page.release["release"]:
                    raise DamagedData(f"The source does not send release {page.release['release']} to its end.")
                page = next_page
                release_copy.add_changes(page.changes)
            release_copy.finish_release()


def _release_pages(source: RegisterClient, mirror: Mirror, on_progress: Callable[[int, int], Any]) -> Iterator[ReleasePage]:
    """Yield what follows, page by page. While there is nothing new, the source answers from the ETag alone."""
    state = Release.objects.filter(number=mirror.through).values_list(
        "state_hash", flat=True
    ).first() or edition_encoding.format_state_hash(0)
    query = {"since": mirror.through, "include": "document", "page_size": CHANGES_PER_PAGE, "epoch": mirror.epoch, "state": state}
    path = f"changes/?{urlencode(query)}"
    etag = mirror.etag
    newest, was_complete = mirror.through, True
    while path:
        try:
            reply = source.fetch_bytes(path, etag=etag)
        except SourceProblem as problem:
            if problem.code in ("epoch-changed", "point-out-of-range", "history-gone"):
                raise Diverged(f"The source says: {problem}") from None
            raise
        if reply.unchanged:
            return
        page = check_changes_page(parse_json_object(reply.body, path), source.root)
        if page.get("epoch") != mirror.epoch:
            raise Diverged("The source is another register than the one that was copied.")
        if page["latest"] == mirror.through:
            Mirror.objects.filter(pk=mirror.pk).update(etag=reply.etag)
            mirror.etag = reply.etag
        etag = ""
        changes_by_release: dict[int, list[dict]] = {}
        for change in page["changes"]:
            changes_by_release.setdefault(change["release"], []).append(change)
        if page["next"] and not page["releases"]:
            raise DamagedData("The source announces more changes, and does not send them.")
        for release_json in page["releases"]:
            # Each release once and in order, a large one page by page: otherwise copying might never end.
            if release_json["release"] < newest or (release_json["release"] == newest and was_complete):
                raise DamagedData(f"The source sends release {release_json['release']} again.")
            newest, was_complete = release_json["release"], release_json["release"] <= page["through"]
            yield ReleasePage(
                release_json, changes_by_release.get(release_json["release"], []), release_json["release"] <= page["through"]
            )
            on_progress(release_json["release"], page["latest"])
        # Only the query is taken from the link, so that it cannot lead to another host.
        path = f"changes/?{urlsplit(page['next']).query}" if page["next"] else ""


class _ReleaseCopy:
    """A release being copied, inside a transaction."""

    def __init__(self, source: RegisterClient, mirror: Mirror, release_data: dict):
        self.source, self.mirror, self.release_data = source, mirror, release_data
        self.release = release_from_json(release_data)
        self.release.save(force_insert=True)
        self.open_release = releases.OpenRelease(self.release, hash_sum=int(mirror.state_hash, 16))
        self.changes = 0
        self.restored_keys: list[PublicKey] = []
        """Records that are public with this release and may have been withdrawn before."""

    def add_changes(self, changes: list[dict]) -> None:
        """Store changes in the order in which they came, which is the order in which this register will list them."""
        for batch in _batches_without_repeated_records(changes):
            previous_editions = Edition.objects.newest((change["kind"], change["slug"]) for change in batch)
            changes_with_bytes = [(change, self._detail_bytes_of_change(change)) for change in batch]
            for has_content, group in groupby(changes_with_bytes, key=lambda pair: pair[1] is not None):
                if has_content:
                    releases.store_and_index_editions(
                        self.open_release,
                        [_edition_from_change(change, text) for change, text in group if text is not None],
                        previous_editions,
                    )
                    continue
                editions_without_content = [
                    placeholder_from_json(change) if change["op"] == "upsert" else tombstone_from_json(change)
                    for change, _ in group
                ]
                keys = [(edition.kind, edition.slug) for edition in editions_without_content]
                releases.supersede_editions(
                    self.open_release, [previous_editions[key] for key in keys if key in previous_editions]
                )
                Edition.objects.bulk_create(editions_without_content)
            self.restored_keys += [_change_key(change) for change in batch if change["op"] != "withdraw"]
        self.changes += len(changes)
        if self.changes > self.release_data["changes"]:
            raise DamagedData(f"Release {self.release.number} has more than its {self.release_data['changes']} changes.")

    def finish_release(self) -> None:
        """Complete the release. Raises DamagedData if changes are missing, Diverged if the state hash does not match."""
        if self.changes != self.release_data["changes"]:
            raise DamagedData(
                f"Release {self.release.number} has only {self.changes} of its {self.release_data['changes']} changes."
            )
        self._fetch_missing_past_editions()
        name_index.update_name_index(self.open_release.name_keys, self.open_release.mention_changes)
        state_sum = edition_encoding.format_state_hash(self.open_release.hash_sum)
        # Records withdrawn since are missing until the release that withdrew them is copied.
        if state_sum != self.release.state_hash and not lacks_newest_editions():
            raise Diverged(f"After release {self.release.number} the copy does not add up to the source's state hash.")
        self.mirror.through, self.mirror.state_hash, self.mirror.etag = self.release.number, state_sum, ""
        self.mirror.save()

    def _detail_bytes_of_change(self, change: dict) -> bytes | None:
        """Return the bytes at the address of a change, as sent with it or else fetched; None if there are none, or no longer."""
        if change["op"] != "upsert" or change["gone"]:
            return None
        if "document" in change:
            text = edition_encoding.compact_json(change["document"]).encode()
            if hashlib.sha256(text).hexdigest() == change["sha256"]:
                return text
        fetched = self._fetch_edition(*_change_key(change), change["edition"])
        if fetched is not None and hashlib.sha256(fetched).hexdigest() != change["sha256"]:
            raise DamagedData(f"{change['href']} does not have the hash that its change states.")
        return fetched

    def _fetch_edition(self, kind: str, slug: str, number: int) -> bytes | None:
        try:
            return self.source.fetch_bytes(f"{PLURALS[kind]}/{slug}/editions/{number}/").body
        except SourceProblem as problem:
            if problem.status == 410:
                return None
            raise

    def _fetch_missing_past_editions(self) -> None:
        """Fetch past editions of records that are public again, which were unavailable while those were withdrawn."""
        for kind, slug in self.restored_keys:
            for gap in Edition.objects.filter(kind=kind, slug=slug, document="{}", withdrawn=False).select_related("release"):
                superseded_by = Edition.objects.filter(kind=kind, slug=slug, number__gt=gap.number).aggregate(
                    at=Min("release_id")
                )["at"]
                text = self._fetch_edition(kind, slug, gap.number) if superseded_by else None
                if text is None:
                    continue
                rendering, edition = edition_from_detail_bytes(text, kind, slug, gap.number, gap.release_id, gap.cause)
                edition.pk, edition.superseded = gap.pk, superseded_by
                # Editions are immutable, gaps included, so the gap is deleted and replaced.
                gap.delete()
                edition.save(force_insert=True)
                EditionTerm.objects.bulk_create(
                    releases.term_rows(edition, search_terms.edition_terms(rendering.document, rendering.evidence))
                )


def lacks_newest_editions() -> bool:
    """Return True if the newest edition of some record was not public any more when it was copied."""
    later = Edition.objects.filter(kind=OuterRef("kind"), slug=OuterRef("slug"), number__gt=OuterRef("number"))
    return Edition.objects.filter(~Exists(later), superseded=F("release_id"), withdrawn=False).exists()


def _batches_without_repeated_records(changes: Iterable[dict]) -> Iterator[list[dict]]:
    """Yield the changes in batches in which no record occurs twice."""
    batch: list[dict] = []
    seen_keys: set[PublicKey] = set()
    for change in changes:
        if _change_key(change) in seen_keys:
            yield batch
            batch, seen_keys = [], set()
        batch.append(change)
        seen_keys.add(_change_key(change))
    if batch:
        yield batch


def _edition_from_change(change: dict, text: bytes) -> tuple[Rendering, Edition]:
    return edition_from_detail_bytes(text, *_change_key(change), change["edition"], change["release"], change["cause"])


def _change_key(change: dict) -> PublicKey:
    return change["kind"], change["slug"]
