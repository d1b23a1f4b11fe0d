"""One record with its evidence, and its editions."""

import json

from nato_support.api import choosing, history, memento, records
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import Collection
from nato_support.api.paging import following, paging, place
from nato_support.api.points import stamp_of
from nato_support.api.problems import led_on
from nato_support.editions.detail import body

EDITIONS = paging("How many editions a page has.", 100, 20, "Where a page starts: from `next`, never made by hand.")


def record(collection: Collection, asked: Asked, slug: str) -> Answer:
    """A record as it is public now, or as it was `as_of` a time."""
    values, _ = p.read(asked.query, collection.of_detail)
    choosing.check(values, asked.form)
    stamp = stamp_of(values["as_of"][0], asked.register) if "as_of" in values else None
    try:
        if stamp is None and (when := memento.then(asked)):
            raise memento.led_to(collection.kinds, slug, when)
        found = records.record(collection.kinds, slug, stamp)
    except records.Merged as merged:
        address = asked.suffixed_as_asked(f"{collection.path}{merged.survivor}/")
        raise led_on(address, asked.query, slug=slug, merged_into=merged.survivor) from None
    text = _body(found, slug)
    if choice := choosing.asked_for(values, collection.kinds):
        text = choosing.of_detail(text, choice, stamp)
    return Answer(text, more=memento.of_record(found.kind, slug, found.number, newest=stamp is None))


def edition(collection: Collection, asked: Asked, slug: str, number: int) -> Answer:
    """One edition under its own address, where it stays as it is."""
    values, _ = p.read(asked.query, collection.of_edition)
    choosing.check(values, asked.form)
    try:
        found = records.edition(collection.kinds, slug, number)
    except records.Merged as merged:
        # The edition that said so has nothing of its own to show.
        address = asked.suffixed_as_asked(f"{collection.path}{merged.survivor}/")
        raise led_on(address, "", slug=slug, merged_into=merged.survivor) from None
    text = _body(found.record, slug)
    if choice := choosing.asked_for(values, collection.kinds):
        text = choosing.of_detail(text, choice, None)
    return Answer(text, permanent=True, more=memento.of_edition(found, slug))


def editions(collection: Collection, asked: Asked, slug: str) -> Answer:
    """The list of a record's editions, newest first, each with what it changed."""
    size, before = place(asked, EDITIONS, 20)
    try:
        # One more, to compare the last one with; it tells too whether there is a further page.
        entries = records.editions(collection.kinds, slug, before, size + 1)
    except records.Merged as merged:
        address = f"{collection.path}{merged.survivor}/editions/"
        raise led_on(address, asked.query, slug=slug, merged_into=merged.survivor) from None
    shown = history.comparable(entries, size)
    rest = following(asked, size, entries[shown - 1].number) if len(entries) > shown else None
    results = [
        {
            "edition": entry.number,
            "stamp": entry.stamp,
            "printed_at": instant(entry.printed_at),
            "cause": entry.cause,
            "name": entry.name or None,
            "withdrawn": bool(entry.withdrawn),
            "href": None if entry.withdrawn else f"{asked.path}{entry.number}/",
            "changes": changes,
            "is_truncated": is_truncated,
        }
        for entry, (changes, is_truncated) in history.told(collection.kinds, slug, entries, shown)
    ]
    meta = {"stamp": asked.register.stamp}
    return Answer(dumped({"results": results, "next": rest, "previous": None, "meta": meta}))


def instant(value) -> str:
    """A stored time as RFC 3339, in UTC; SQLite gives text, PostgreSQL a datetime."""
    text = value if isinstance(value, str) else value.isoformat(sep=" ").removesuffix("+00:00")
    return text.replace(" ", "T")[:19] + "Z"


def dumped(data) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _body(found: records.Record, slug: str) -> bytes:
    return body(found.kind, slug, found.number, found.document, found.evidence)
