"""A mirror's life: what changed in the source, run by run, each in one transaction, and proved by the state hash."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef

from entities.serializers import PLURALS
from nato_support.exchange.mirror.edition_rows import edition_from_bytes, gap_from_json, tombstone_from_json
from nato_support.exchange.mirror.register_client import DamagedData, RegisterClient, SourceProblem, parse_json_object
from nato_support.exchange.mirror.snapshot_loading import release_from_json
from nato_support.exchange.mirror.source_validation import check_page
from nato_support.exchange.models import Mirror
from nato_support.publishing import name_index, releases, search_terms
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import Edition, EditionTerm, Release
from nato_support.publishing.rendering import PublicKey, Rendering

CHANGES_PER_PAGE = 200


class ReleasePage(NamedTuple):
    """A release, or, of a large one, as much as one page tells of it."""

    release: dict
    changes: list[dict]
    is_last: bool


class Diverged(Exception):
    """What is held here is not what the source has, or had: it must be copied anew."""


def copy_new_releases(source: RegisterClient, mirror: Mirror, told: Callable[[int, int], Any]) -> None:
    """Copies every release that the source has and this database has not. `told` is called with each release and the newest one.

    Raises Diverged, with nothing of the release copied that showed it; what was copied before stays.
    """
    parts = _release_pages(source, mirror, told)
    for part in parts:
        if part.release["release"] <= mirror.through:
            continue
        if part.release["release"] != mirror.through + 1:
            raise DamagedData(f"The source tells of release {part.release['release']} after release {mirror.through}.")
        with transaction.atomic():
            releases.lock_releases()
            copy = _ReleaseCopy(source, mirror, part.release)
            copy.add(part.changes)
            while not part.is_last:
                if not part.changes:
                    raise DamagedData(f"The source tells nothing of run {part.release['release']}, and not that it ends.")
                again = next(parts, None)
                if again is None or again.release["release"] != part.release["release"]:
                    raise DamagedData(f"The source does not tell release {part.release['release']} to its end.")
                part = again
                copy.add(part.changes)
            copy.finish_release()


def _release_pages(source: RegisterClient, mirror: Mirror, told: Callable[[int, int], Any]) -> Iterator[ReleasePage]:
    """What follows, page by page. While there is nothing, the source is asked by ETag, and need not look."""
    state = Release.objects.filter(number=mirror.through).values_list(
        "state_hash", flat=True
    ).first() or edition_encoding.format_state_hash(0)
    asked = {"since": mirror.through, "include": "document", "page_size": CHANGES_PER_PAGE, "epoch": mirror.epoch, "state": state}
    path = f"changes/?{urlencode(asked)}"
    etag = mirror.etag
    newest, ended = mirror.through, True
    while path:
        try:
            reply = source.ask(path, etag=etag)
        except SourceProblem as refused:
            if refused.code in ("epoch-changed", "point-out-of-range", "history-gone"):
                raise Diverged(f"The source says: {refused}") from None
            raise
        if reply.unchanged:
            return
        page = check_page(parse_json_object(reply.body, path), source.root)
        if page.get("epoch") != mirror.epoch:
            raise Diverged("The source is another register than the one that was copied.")
        if page["latest"] == mirror.through:
            Mirror.objects.filter(pk=mirror.pk).update(etag=reply.etag)
            mirror.etag = reply.etag
        etag = ""
        by_run: dict[int, list[dict]] = {}
        for change in page["changes"]:
            by_run.setdefault(change["release"], []).append(change)
        if page["next"] and not page["releases"]:
            raise DamagedData("The source tells of more, and does not tell it.")
        for run in page["releases"]:
            # Each run once, in their order; a large one part by part. Else there were no end to it.
            if run["release"] < newest or (run["release"] == newest and ended):
                raise DamagedData(f"The source tells of run {run['release']} again.")
            newest, ended = run["release"], run["release"] <= page["through"]
            yield ReleasePage(run, by_run.get(run["release"], []), run["release"] <= page["through"])
            told(run["release"], page["latest"])
        # Its query alone: nobody is led to another host.
        path = f"changes/?{urlsplit(page['next']).query}" if page["next"] else ""


class _ReleaseCopy:
    """One release as it is copied, inside a transaction."""

    def __init__(self, source: RegisterClient, mirror: Mirror, told: dict):
        self.source, self.mirror, self.told = source, mirror, told
        self.release = release_from_json(told)
        self.release.save(force_insert=True)
        self.press = releases.OpenRelease(self.release, hash_sum=int(mirror.held, 16))
        self.changes = 0
        self.back: list[PublicKey] = []
        """What is public with this release and may have been withdrawn before."""

    def add(self, changes: list[dict]) -> None:
        for some in _batches_without_repeats(changes):
            before = Edition.objects.newest((one["kind"], one["slug"]) for one in some)
            bodies = [(one, self._change_bytes(one)) for one in some]
            # In the order in which they came: so this register will tell them too.
            for is_there, group in groupby(bodies, key=lambda pair: pair[1] is not None):
                if is_there:
                    releases.replace_editions(
                        self.press, [_edition_from_change(one, text) for one, text in group if text is not None], before
                    )
                    continue
                empty = [gap_from_json(one) if one["op"] == "upsert" else tombstone_from_json(one) for one, _ in group]
                keys = [(edition.kind, edition.slug) for edition in empty]
                releases.supersede_editions(self.press, [before[key] for key in keys if key in before])
                Edition.objects.bulk_create(empty)
            self.back += [_change_key(one) for one in some if one["op"] != "withdraw"]
        self.changes += len(changes)
        if self.changes > self.told["changes"]:
            raise DamagedData(f"Of run {self.release.number} came more than its {self.told['changes']} changes.")

    def finish_release(self) -> None:
        """Raises Diverged unless all of the release is here and what is live adds up to what the source says."""
        if self.changes != self.told["changes"]:
            raise DamagedData(f"Of release {self.release.number} came {self.changes} of {self.told['changes']} changes.")
        self._fill_gaps()
        name_index.update_name_index(self.press.name_keys, self.press.mention_changes)
        held = edition_encoding.format_state_hash(self.press.hash_sum)
        # What was withdrawn since is lacking until the run that withdrew it.
        if held != self.release.state_hash and not lacks_editions():
            raise Diverged(f"After run {self.release.number} what is held here does not add up to the source's state hash.")
        self.mirror.through, self.mirror.held, self.mirror.etag = self.release.number, held, ""
        self.mirror.save()

    def _change_bytes(self, change: dict) -> bytes | None:
        """The bytes at the change's address: as they came along, else fetched. None if there are none, or no longer."""
        if change["op"] != "upsert" or change["gone"]:
            return None
        if "document" in change:
            text = edition_encoding.compact_json(change["document"]).encode()
            if hashlib.sha256(text).hexdigest() == change["sha256"]:
                return text
        fetched = self._fetch_edition(*_change_key(change), change["edition"])
        if fetched is not None and hashlib.sha256(fetched).hexdigest() != change["sha256"]:
            raise DamagedData(f"{change['href']} has not the hash that its change tells.")
        return fetched

    def _fetch_edition(self, kind: str, slug: str, number: int) -> bytes | None:
        try:
            return self.source.ask(f"{PLURALS[kind]}/{slug}/editions/{number}/").body
        except SourceProblem as refused:
            if refused.status == 410:
                return None
            raise

    def _fill_gaps(self) -> None:
        """Fetches the past of what is public again, which could not be had while it was not."""
        for kind, slug in self.back:
            for gap in Edition.objects.filter(kind=kind, slug=slug, document="{}", withdrawn=False).select_related("release"):
                later = Edition.objects.filter(kind=kind, slug=slug, number__gt=gap.number).aggregate(at=Min("release_id"))["at"]
                text = self._fetch_edition(kind, slug, gap.number) if later else None
                if text is None:
                    continue
                one, edition = edition_from_bytes(text, kind, slug, gap.number, gap.release_id, gap.cause)
                edition.pk, edition.superseded = gap.pk, later
                # An edition is immutable, a gap included: it gives its place away.
                gap.delete()
                edition.save(force_insert=True)
                EditionTerm.objects.bulk_create(
                    releases.term_rows(edition, search_terms.edition_terms(one.document, one.evidence))
                )


def lacks_editions() -> bool:
    """Return True if the newest edition of some record was not public any more when it was copied."""
    later = Edition.objects.filter(kind=OuterRef("kind"), slug=OuterRef("slug"), number__gt=OuterRef("number"))
    return Edition.objects.filter(~Exists(later), superseded=F("release_id"), withdrawn=False).exists()


def _batches_without_repeats(changes: Iterable[dict]) -> Iterator[list[dict]]:
    """The changes in batches in which no record occurs twice."""
    some: list[dict] = []
    seen: set[PublicKey] = set()
    for change in changes:
        if _change_key(change) in seen:
            yield some
            some, seen = [], set()
        some.append(change)
        seen.add(_change_key(change))
    if some:
        yield some


def _edition_from_change(change: dict, text: bytes) -> tuple[Rendering, Edition]:
    return edition_from_bytes(text, *_change_key(change), change["edition"], change["release"], change["cause"])


def _change_key(one: dict) -> PublicKey:
    return one["kind"], one["slug"]
