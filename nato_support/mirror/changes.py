"""A mirror's life: what changed in the source, run by run, each in one transaction, and proved by the state hash."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.db.models import Exists, F, Min, OuterRef

from entities.serializers import PLURALS
from nato_support.editions import index, names, press, texts
from nato_support.editions.models import Edition, EditionTerm, PrintRun
from nato_support.editions.printing import Key, Printed
from nato_support.mirror.models import Mirror
from nato_support.mirror.snapshot import run_of
from nato_support.mirror.source import Damaged, Refused, Source, parsed
from nato_support.mirror.texts import edition_of, gap_of, tombstone_of

PAGE = 200


class Part(NamedTuple):
    """A run, or, of a large one, as much as one page tells of it."""

    run: dict
    changes: list[dict]
    ends: bool


class Diverged(Exception):
    """What is held here is not what the source has, or had: it must be copied anew."""


def catch_up(source: Source, mirror: Mirror, told: Callable[[int, int], Any]) -> None:
    """Copies every run that the source has and this database has not. `told` is called with each stamp and the newest one.

    Raises Diverged, with nothing of the run copied that showed it; what was copied before stays.
    """
    parts = _parts(source, mirror, told)
    for part in parts:
        if part.run["stamp"] <= mirror.through:
            continue
        if part.run["stamp"] != mirror.through + 1:
            raise Damaged(f"The source tells of run {part.run['stamp']} after run {mirror.through}.")
        with transaction.atomic():
            press.lock()
            copy = _Copy(source, mirror, part.run)
            copy.add(part.changes)
            while not part.ends:
                again = next(parts, None)
                if again is None or again.run["stamp"] != part.run["stamp"]:
                    raise Damaged(f"The source does not tell run {part.run['stamp']} to its end.")
                part = again
                copy.add(part.changes)
            copy.finish()


def _parts(source: Source, mirror: Mirror, told: Callable[[int, int], Any]) -> Iterator[Part]:
    """What follows, page by page. While there is nothing, the source is asked by ETag, and need not look."""
    state = PrintRun.objects.filter(stamp=mirror.through).values_list("state_hash", flat=True).first() or texts.state_hash(0)
    asked = {"since": mirror.through, "include": "document", "page_size": PAGE, "epoch": mirror.epoch, "state": state}
    path = f"changes/?{urlencode(asked)}"
    etag = mirror.etag
    while path:
        try:
            reply = source.ask(path, etag=etag)
        except Refused as refused:
            if refused.code in ("epoch-changed", "point-out-of-range", "history-gone"):
                raise Diverged(f"The source says: {refused}") from None
            raise
        if reply.unchanged:
            return
        page = parsed(reply.body, path)
        if page.get("epoch") != mirror.epoch:
            raise Diverged("The source is another register than the one that was copied.")
        if page["latest"] == mirror.through:
            Mirror.objects.filter(pk=mirror.pk).update(etag=reply.etag)
            mirror.etag = reply.etag
        etag = ""
        by_run: dict[int, list[dict]] = {}
        for change in page["changes"]:
            by_run.setdefault(change["stamp"], []).append(change)
        for run in page["runs"]:
            yield Part(run, by_run.get(run["stamp"], []), run["stamp"] <= page["through"])
            told(run["stamp"], page["latest"])
        # Its query alone: nobody is led to another host.
        path = f"changes/?{urlsplit(page['next']).query}" if page["next"] else ""


class _Copy:
    """One run as it is copied, inside a transaction."""

    def __init__(self, source: Source, mirror: Mirror, told: dict):
        self.source, self.mirror, self.told = source, mirror, told
        self.run = run_of(told)
        self.run.save(force_insert=True)
        self.press = press.Press(self.run, state=int(mirror.held, 16))
        self.changes = 0
        self.back: list[Key] = []
        """What is public with this run and may have been withdrawn before."""

    def add(self, changes: list[dict]) -> None:
        for some in _once_each(changes):
            before = Edition.objects.newest((one["kind"], one["slug"]) for one in some)
            bodies = [(one, self._text(one)) for one in some]
            # In the order in which they came: so this register will tell them too.
            for is_there, group in groupby(bodies, key=lambda pair: pair[1] is not None):
                if is_there:
                    press.file(self.press, [_edition(one, text) for one, text in group if text is not None], before)
                    continue
                empty = [gap_of(one) if one["op"] == "upsert" else tombstone_of(one) for one, _ in group]
                keys = [(edition.kind, edition.slug) for edition in empty]
                press.supersede(self.press, [before[key] for key in keys if key in before])
                Edition.objects.bulk_create(empty)
            self.back += [_key(one) for one in some if one["op"] != "withdraw"]
        self.changes += len(changes)

    def finish(self) -> None:
        """Raises Diverged unless all of the run is here and what is live adds up to what the source says."""
        if self.changes != self.told["changes"]:
            raise Damaged(f"Of run {self.run.stamp} came {self.changes} of {self.told['changes']} changes.")
        self._fill_gaps()
        names.settle(self.press.called, self.press.named)
        held = texts.state_hash(self.press.state)
        # What was withdrawn since is lacking until the run that withdrew it.
        if held != self.run.state_hash and not _lacking():
            raise Diverged(f"After run {self.run.stamp} what is held here does not add up to the source's state hash.")
        self.mirror.through, self.mirror.held, self.mirror.etag = self.run.stamp, held, ""
        self.mirror.save()

    def _text(self, change: dict) -> bytes | None:
        """The bytes at the change's address: as they came along, else fetched. None if there are none, or no longer."""
        if change["op"] != "upsert" or change["gone"]:
            return None
        if "document" in change:
            text = texts.dumps(change["document"]).encode()
            if hashlib.sha256(text).hexdigest() == change["sha256"]:
                return text
        fetched = self._fetched(*_key(change), change["edition"])
        if fetched is not None and hashlib.sha256(fetched).hexdigest() != change["sha256"]:
            raise Damaged(f"{change['href']} has not the hash that its change tells.")
        return fetched

    def _fetched(self, kind: str, slug: str, number: int) -> bytes | None:
        try:
            return self.source.ask(f"{PLURALS[kind]}/{slug}/editions/{number}/").body
        except Refused as refused:
            if refused.status == 410:
                return None
            raise

    def _fill_gaps(self) -> None:
        """Fetches the past of what is public again, which could not be had while it was not."""
        for kind, slug in self.back:
            for gap in Edition.objects.filter(kind=kind, slug=slug, document="{}", withdrawn=False).select_related("run"):
                later = Edition.objects.filter(kind=kind, slug=slug, number__gt=gap.number).aggregate(at=Min("run_id"))["at"]
                text = self._fetched(kind, slug, gap.number) if later else None
                if text is None:
                    continue
                one, edition = edition_of(text, kind, slug, gap.number, gap.run_id, gap.cause)
                edition.pk, edition.superseded = gap.pk, later
                # An edition is immutable, a gap included: it gives its place away.
                gap.delete()
                edition.save(force_insert=True)
                EditionTerm.objects.bulk_create(press.terms_of(edition, index.terms(one.lean, one.extra)))


def _lacking() -> bool:
    """Whether the newest edition of some record was not public any more when it was copied."""
    later = Edition.objects.filter(kind=OuterRef("kind"), slug=OuterRef("slug"), number__gt=OuterRef("number"))
    return Edition.objects.filter(~Exists(later), superseded=F("run_id"), withdrawn=False).exists()


def _once_each(changes: Iterable[dict]) -> Iterator[list[dict]]:
    """The changes in batches in which no record occurs twice."""
    some: list[dict] = []
    seen: set[Key] = set()
    for change in changes:
        if _key(change) in seen:
            yield some
            some, seen = [], set()
        some.append(change)
        seen.add(_key(change))
    if some:
        yield some


def _edition(change: dict, text: bytes) -> tuple[Printed, Edition]:
    return edition_of(text, *_key(change), change["edition"], change["stamp"], change["cause"])


def _key(one: dict) -> Key:
    return one["kind"], one["slug"]
