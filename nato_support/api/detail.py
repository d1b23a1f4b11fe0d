"""One record with its evidence, and its editions."""

import json

from nato_support.api import parameters as p
from nato_support.api import records
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import AS_OF, Collection
from nato_support.api.paging import following, paging, place
from nato_support.api.points import stamp_of
from nato_support.api.problems import led_on
from nato_support.editions.detail import body

DETAIL = {AS_OF.name: AS_OF}
EDITIONS = paging("How many editions a page has.", 500, 100, "Where a page starts: from `next`, never made by hand.")


def record(collection: Collection, asked: Asked, slug: str) -> Answer:
    """A record as it is public now, or as it was `as_of` a time."""
    values, _ = p.read(asked.query, DETAIL)
    stamp = stamp_of(values["as_of"][0], asked.register) if "as_of" in values else None
    try:
        return Answer(_body(records.record(collection.kinds, slug, stamp), slug))
    except records.Merged as merged:
        raise led_on(f"{collection.path}{merged.survivor}/", asked.query, slug=slug, merged_into=merged.survivor) from None


def edition(collection: Collection, asked: Asked, slug: str, number: int) -> Answer:
    """One edition under its own address, where it stays as it is."""
    p.read(asked.query, {})
    try:
        return Answer(_body(records.edition(collection.kinds, slug, number), slug), permanent=True)
    except records.Merged as merged:
        # The edition that said so has nothing of its own to show.
        raise led_on(f"{collection.path}{merged.survivor}/", "", slug=slug, merged_into=merged.survivor) from None


def editions(collection: Collection, asked: Asked, slug: str) -> Answer:
    """The list of a record's editions, newest first."""
    size, before = place(asked, EDITIONS, 100)
    try:
        rows = records.editions(collection.kinds, slug, before, size + 1)
    except records.Merged as merged:
        address = f"{collection.path}{merged.survivor}/editions/"
        raise led_on(address, asked.query, slug=slug, merged_into=merged.survivor) from None
    rest = following(asked, size, rows[size - 1][0]) if len(rows) > size else None
    results = [
        {
            "edition": number,
            "stamp": stamp,
            "printed_at": instant(printed_at),
            "cause": cause,
            "name": name or None,
            "withdrawn": bool(withdrawn),
            "href": f"{asked.path}{number}/",
        }
        for number, stamp, printed_at, cause, name, withdrawn, _ in rows[:size]
    ]
    body = {"results": results, "next": rest, "previous": None, "meta": {"stamp": asked.register.stamp}}
    return Answer(dumped(body))


def instant(value) -> str:
    """A stored time as RFC 3339, in UTC; SQLite gives text, PostgreSQL a datetime."""
    text = value if isinstance(value, str) else value.isoformat(sep=" ").removesuffix("+00:00")
    return text.replace(" ", "T")[:19] + "Z"


def dumped(data) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _body(found: records.Record, slug: str) -> bytes:
    return body(found.kind, slug, found.number, found.document, found.evidence)
