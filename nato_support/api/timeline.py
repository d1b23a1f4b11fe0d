"""`timeline/<slug>/`: the dated facts about an entity in their order, each with its evidence."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from entities.serializers import ENTITY_KINDS
from nato_support.api import parameters as p
from nato_support.api import reading, records
from nato_support.api.answering import Answer, Asked
from nato_support.api.collections import AS_OF
from nato_support.api.cursors import Cursor, opened, question_of
from nato_support.api.detail import dumped
from nato_support.api.graph_shapes import FACTS, MOST_EVIDENCE
from nato_support.api.paging import cursor
from nato_support.api.points import stamp_of
from nato_support.api.problems import led_on, refuse
from nato_support.api.referring import cited, reference
from nato_support.api.sql import Sql, fetch, joined, marks, public_at

MOST_RECORDS = 2_000
"""How many records that name the entity in one field are read: the newest, within the span asked for."""
_ORDER = {fact: at for at, fact in enumerate(FACTS)}
_WIDEST_FIRST = {"year": 0, "month": 1, "day": 2}
# Kind of entity -> the fields by which dated records name it, and their kind. `entity` is either end of a relation.
_NAMING = {
    "organisation": (("entity", "relation"), ("committed_by", "commitment"), ("beneficiary", "commitment")),
    "facility": (("entity", "relation"), ("facility", "commitment")),
    "person": (("entity", "relation"), ("speaker", "quote")),
    "post": (("entity", "relation"),),
    "event": (("entity", "relation"), ("announced_at", "commitment"), ("event", "commitment"), ("occasion", "quote")),
    "commitment": (("entity", "relation"), ("part_of", "commitment")),
}
_ORDERING = p.choice("ordering", "Earliest or latest first; date unless asked.", ("date", "-date"), many=False)
TIMELINE = {
    one.name: one
    for one in (
        p.choice("fact", "Kind of fact.", tuple(FACTS)),
        p.date("date_from", "Whose date reaches into the span from this day, month or year on."),
        p.date("date_to", "Whose date begins no later than this day, month or year ends."),
        _ORDERING,
        AS_OF,
        p.number("page_size", "How many facts a page has.", 200, 50),
        cursor("Where a page starts: from `next`, never made by hand."),
    )
}


class _Source(NamedTuple):
    """A record that dated facts are taken from."""

    id: int
    """Of its edition; 0 if its evidence is itself."""
    record: dict
    concerns: tuple[str, ...]


class _Fact(NamedTuple):
    fact: str
    date: dict
    field: str
    source: _Source
    stage: str | None = None

    @property
    def place(self) -> tuple:
        """Its place in the order: the wider one of two dates that begin on a day comes first."""
        record = self.source.record
        precision = _WIDEST_FIRST[self.date["precision"]]
        return self.date["earliest"], precision, _ORDER[self.fact], record["kind"], record["slug"], self.field


def answer(asked: Asked, slug: str) -> Answer:
    """A page of the timeline of one entity. Problems: unknown, withdrawn or merged; a cursor that is not of this list."""
    values, pairs = p.read(asked.query, TIMELINE)
    first, last = values.get("date_from", ("", ""))[0], values.get("date_to", ("", ""))[1]
    if first and last and first > last:
        raise refuse([{"in": "query", "name": "date_to", "code": "before_date_from"}])
    start = _start(asked, values)
    stamp = start.stamp if start.stamp != asked.register.stamp else None
    try:
        root = records.record(ENTITY_KINDS, slug, stamp)
    except records.Merged as merged:
        raise led_on(f"/api/v1/timeline/{merged.survivor}/", asked.query, slug=slug, merged_into=merged.survivor) from None
    itself = json.loads(root.document)
    sources, is_truncated = _sources(itself, json.loads(root.evidence), stamp, first, last)
    wanted = values.get("fact", tuple(FACTS))
    backwards = values.get("ordering") == ("-date",)
    facts = sorted(
        (
            fact
            for source in sources
            for fact in _facts(source)
            if fact.fact in wanted and (not first or fact.date["latest"] >= first) and (not last or fact.date["earliest"] <= last)
        ),
        key=lambda fact: fact.place,
        reverse=backwards,
    )
    if start.key:
        after = tuple(start.key)
        facts = [fact for fact in facts if (fact.place < after if backwards else fact.place > after)]
    size = int(values.get("page_size", ("50",))[0])
    page = facts[:size]
    rest = None
    if len(facts) > size:
        sealed = Cursor(start.stamp, start.question, False, page[-1].place).seal()
        rest = f"{asked.address}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"
    body = {
        "entity": reference(itself),
        "results": _told(page),
        "next": rest,
        "previous": None,
        "meta": {"stamp": start.stamp} | ({"is_truncated": True} if is_truncated else {}),
    }
    return Answer(dumped(body))


def _start(asked: Asked, values: Mapping[str, tuple[str, ...]]) -> Cursor:
    """The cursor asked for, or one at the start."""
    question = question_of(asked.path, sorted(item for item in values.items() if item[0] not in ("cursor", "page_size")))
    if "cursor" in values:
        return opened(values["cursor"][0], question, asked.register.stamp)
    stamp = stamp_of(values["as_of"][0], asked.register) if "as_of" in values else asked.register.stamp
    return Cursor(stamp, question, False, ())


def _sources(itself: dict, extra: dict, stamp: int | None, first: str, last: str) -> tuple[list[_Source], bool]:
    """The entity, what names it, the events that it stands in a relation to, and the quotes that it rests on.

    And whether there is more than was read.
    """
    kind, slug = itself["kind"], itself["slug"]
    naming = _NAMING[kind]
    selects = (_newest(n, field, of, f"{kind}/{slug}", stamp, first, last) for n, (field, of) in enumerate(naming))
    rows = fetch(joined(" UNION ALL ", selects))
    concerns: dict[int, list[str]] = {}
    for n, id in sorted(rows):
        concerns.setdefault(id, []).append(naming[n][0])
    records_of = ((id, json.loads(document)) for id, document in reading.documents(concerns).items())
    found = [_Source(id, record, tuple(_as(concerns[id], record, slug))) for id, record in records_of]
    events = {
        end["slug"]
        for source in found
        if source.record["kind"] == "relation"
        for end in (source.record["subject"], source.record["object"])
        if end["kind"] == "event" and end["slug"] != slug
    }
    found += _events(sorted(events), stamp)
    said = {source.record["slug"] for source in found if source.record["kind"] == "quote"}
    quotes = (citation["quote"] for entry in extra["evidence"].values() for citation in entry["citations"])
    cited = {("quote", quote["slug"]): quote for quote in quotes if quote["slug"] not in said}
    # What stands in an edition may have been withdrawn since.
    gone = records.gone(cited) if stamp else set()
    found += [_Source(0, quote, ("evidence",)) for key, quote in cited.items() if key not in gone]
    [(id, _)] = fetch(
        Sql("SELECT e.id, e.number FROM editions_edition e WHERE e.kind = %s AND e.slug = %s AND ", (kind, slug))
        + public_at("e", stamp)
    )
    counts = [n for n, _ in rows]
    return [_Source(id, itself, ("itself",)), *found], any(counts.count(n) > MOST_RECORDS for n in range(len(naming)))


def _newest(n: int, field: str, kind: str, value: str, stamp: int | None, first: str, last: str) -> Sql:
    """(n, edition id) of the newest editions that name `value` in `field`, one more than are read."""
    where = Sql("t.field = %s AND t.value = %s AND t.kind = %s AND ", (field, value, kind)) + public_at("e", stamp)
    # A relation without dates may lead to an event that has some.
    if last and kind != "relation":
        where += Sql(" AND t.sort_date <= %s", (last,))
    if first and kind != "relation":
        where += Sql(" AND e.until >= %s", (first,))
    return (
        Sql(f"SELECT * FROM (SELECT {n} AS n, e.id AS id FROM editions_editionterm t CROSS JOIN editions_edition e")
        + Sql(" WHERE e.id = t.edition_id AND ")
        + where
        + Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MOST_RECORDS + 1}) s{n}")
    )


def _as(fields: Iterable[str], record: Mapping[str, Any], slug: str) -> Iterator[str]:
    for field in fields:
        yield field if field != "entity" else "subject" if record["subject"]["slug"] == slug else "object"


def _events(slugs: list[str], stamp: int | None) -> list[_Source]:
    if not slugs:
        return []
    named = Sql(
        f"SELECT e.id, e.document FROM editions_edition e WHERE e.kind = 'event' AND e.slug IN ({marks(slugs)}) AND ",
        tuple(slugs),
    )
    return [_Source(id, json.loads(document), ("related",)) for id, document in fetch(named + public_at("e", stamp))]


def _facts(source: _Source) -> Iterator[_Fact]:
    record = source.record
    match record["kind"]:
        case "organisation":
            dates = [("founded", "founded"), ("dissolved", "dissolved")]
        case "event":
            dates = [("event_start", "start"), ("event_end", "end")]
        case "relation":
            dates = [("relation_start", "start"), ("relation_end", "end")]
        case "quote":
            said, published = record["said_on"], record["document"]["published_on"]
            if said or published:
                yield _Fact("quote", said or published, "said_on" if said else "document.published_on", source)
            return
        case _:
            dates = []
    for fact, field in dates:
        if record[field]:
            yield _Fact(fact, record[field], field, source)
    for milestone in record.get("milestones", ()):
        if milestone["date"]:
            yield _Fact("milestone", milestone["date"], f"milestones.{milestone['key']}", source, milestone["stage"])


def _told(facts: list[_Fact]) -> list[dict]:
    """The facts of a page, with their evidence: one statement reads that of all."""
    ids = sorted({fact.source.id for fact in facts if fact.source.id})
    evidence: dict[int, dict] = {}
    if ids:
        rows = fetch(Sql(f"SELECT e.id, e.evidence FROM editions_edition e WHERE e.id IN ({marks(ids)})", tuple(ids)))
        evidence = {id: json.loads(text).get("evidence", {}) for id, text in rows}
    return [_tell(fact, evidence.get(fact.source.id, {})) for fact in facts]


def _tell(fact: _Fact, evidence: Mapping[str, dict]) -> dict:
    record = fact.source.record
    if record["kind"] == "quote":
        citations: list[dict] = [{"stance": "supports", "quote": record}]
    else:
        citations = evidence.get(fact.field, {"citations": []})["citations"][:MOST_EVIDENCE]
    type = record.get("type")
    return {
        "date": fact.date,
        "fact": fact.fact,
        "record": reference(record),
        "concerns_it_as": list(fact.source.concerns),
        "field": fact.field,
        "stage": fact.stage,
        "type": type["slug"] if isinstance(type, dict) else type,
        "evidence": [cited(fact.field, citation) for citation in citations],
    }
