"""`timeline/<slug>/`: the dated facts about an entity in their order, each with its evidence."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from entities.serializers import ENTITY_KINDS
from nato_support.api import edition_queries, record_queries
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.graph_shapes import MAX_CITATIONS
from nato_support.api.json_output import json_bytes
from nato_support.api.pagination import cursor_parameter
from nato_support.api.problems import invalid_parameters_problem, merged_redirect
from nato_support.api.record_references import citation_members, record_reference
from nato_support.api.sql import Sql, fetch_rows, join_sql, public_at_release, sql_placeholders
from nato_support.api.timeline_shapes import FACT_LABELS

MAX_RECORDS = 2_000
"""How many records that name the entity in one field are read: the newest, within the span asked for."""
_FACT_ORDER = {fact: at for at, fact in enumerate(FACT_LABELS)}
_WIDEST_FIRST = {"year": 0, "month": 1, "day": 2}
# Kind of entity -> the fields by which dated records name it, and their kind. `entity` is either end of a relation.
_NAMING_FIELDS = {
    "organisation": (("entity", "relation"), ("committed_by", "commitment"), ("beneficiary", "commitment")),
    "facility": (("entity", "relation"), ("facility", "commitment")),
    "person": (("entity", "relation"), ("speaker", "quote")),
    "post": (("entity", "relation"),),
    "event": (("entity", "relation"), ("announced_at", "commitment"), ("event", "commitment"), ("occasion", "quote")),
    "commitment": (("entity", "relation"), ("part_of", "commitment")),
}
_ORDERING_PARAMETER = p.choice_parameter(
    "ordering", "Earliest or latest first; date unless asked.", ("date", "-date"), many=False
)
TIMELINE_PARAMETERS = {
    one.name: one
    for one in (
        p.choice_parameter("fact", "Kind of fact.", tuple(FACT_LABELS)),
        p.date_parameter("date_from", "Whose date reaches into the span from this day, month or year on."),
        p.date_parameter("date_to", "Whose date begins no later than this day, month or year ends."),
        _ORDERING_PARAMETER,
        AS_OF_PARAMETER,
        p.number_parameter("page_size", "How many facts a page has.", 200, 50),
        cursor_parameter("Where a page starts: from `next`, never made by hand."),
    )
}


class _FactSource(NamedTuple):
    """A record that dated facts are taken from."""

    edition_id: int
    """Of its edition; 0 if its evidence is itself."""
    record: dict
    concerns: tuple[str, ...]


class _DatedFact(NamedTuple):
    fact: str
    date: dict
    field: str
    source: _FactSource
    stage: str | None = None

    @property
    def sort_key(self) -> tuple:
        """Its place in the order: the wider one of two dates that begin on a day comes first."""
        record = self.source.record
        precision = _WIDEST_FIRST[self.date["precision"]]
        return self.date["earliest"], precision, _FACT_ORDER[self.fact], record["kind"], record["slug"], self.field


def timeline_response(request: ApiRequest, slug: str) -> ApiResponse:
    """A page of the timeline of one entity. Problems: unknown, withdrawn or merged; a cursor that is not of this list."""
    values, pairs = p.read_parameters(request.query_string, TIMELINE_PARAMETERS)
    first, last = values.get("date_from", ("", ""))[0], values.get("date_to", ("", ""))[1]
    if first and last and first > last:
        raise invalid_parameters_problem([{"in": "query", "name": "date_to", "code": "before_date_from"}])
    start = _start_cursor(request, values)
    release = start.release if start.release != request.register.release else None
    try:
        root = record_queries.find_record(ENTITY_KINDS, slug, release)
    except record_queries.MergedRecord as merged:
        raise merged_redirect(
            f"/api/v1/timeline/{merged.survivor}/", request.query_string, slug=slug, merged_into=merged.survivor
        ) from None
    itself = json.loads(root.document)
    sources, is_truncated = _fact_sources(itself, json.loads(root.evidence), release, first, last)
    wanted = values.get("fact", tuple(FACT_LABELS))
    backwards = values.get("ordering") == ("-date",)
    facts = sorted(
        (
            fact
            for source in sources
            for fact in _facts_of_source(source)
            if fact.fact in wanted and (not first or fact.date["latest"] >= first) and (not last or fact.date["earliest"] <= last)
        ),
        key=lambda fact: fact.sort_key,
        reverse=backwards,
    )
    if start.key:
        after = tuple(start.key)
        facts = [fact for fact in facts if (fact.sort_key < after if backwards else fact.sort_key > after)]
    size = int(values.get("page_size", ("50",))[0])
    page = facts[:size]
    rest = None
    if len(facts) > size:
        sealed = Cursor(start.release, start.query_hash, False, page[-1].sort_key).seal_as_text()
        rest = f"{request.url}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"
    body = {
        "entity": record_reference(itself),
        "results": _facts_with_evidence(page),
        "next": rest,
        "previous": None,
        "meta": {"release": start.release} | ({"is_truncated": True} if is_truncated else {}),
    }
    return ApiResponse(json_bytes(body))


def _start_cursor(request: ApiRequest, values: Mapping[str, tuple[str, ...]]) -> Cursor:
    """The cursor asked for, or one at the start."""
    question = hash_query(request.path, sorted(item for item in values.items() if item[0] not in ("cursor", "page_size")))
    if "cursor" in values:
        return open_cursor(values["cursor"][0], question, request.register.release)
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else request.register.release
    return Cursor(release, question, False, ())


def _fact_sources(itself: dict, extra: dict, release: int | None, first: str, last: str) -> tuple[list[_FactSource], bool]:
    """The entity, what names it, the events that it stands in a relation to, and the quotes that it rests on.

    And whether there is more than was read.
    """
    kind, slug = itself["kind"], itself["slug"]
    naming = _NAMING_FIELDS[kind]
    selects = (_newest_naming_sql(n, field, of, f"{kind}/{slug}", release, first, last) for n, (field, of) in enumerate(naming))
    rows = fetch_rows(join_sql(" UNION ALL ", selects))
    concerns: dict[int, list[str]] = {}
    for n, id in sorted(rows):
        concerns.setdefault(id, []).append(naming[n][0])
    records_of = ((id, json.loads(document)) for id, document in edition_queries.documents_by_edition(concerns).items())
    found = [_FactSource(id, record, tuple(_ends_of_relations(concerns[id], record, slug))) for id, record in records_of]
    events = {
        end["slug"]
        for source in found
        if source.record["kind"] == "relation"
        for end in (source.record["subject"], source.record["object"])
        if end["kind"] == "event" and end["slug"] != slug
    }
    found += _event_sources(sorted(events), release)
    said = {source.record["slug"] for source in found if source.record["kind"] == "quote"}
    quotes = (citation["quote"] for entry in extra["evidence"].values() for citation in entry["citations"])
    cited = {("quote", quote["slug"]): quote for quote in quotes if quote["slug"] not in said}
    # What stands in an edition may have been withdrawn since.
    gone = record_queries.withdrawn_among(cited) if release else set()
    found += [_FactSource(0, quote, ("evidence",)) for key, quote in cited.items() if key not in gone]
    [(id, _)] = fetch_rows(
        Sql("SELECT e.id, e.number FROM publishing_edition e WHERE e.kind = %s AND e.slug = %s AND ", (kind, slug))
        + public_at_release("e", release)
    )
    counts = [n for n, _ in rows]
    return [_FactSource(id, itself, ("itself",)), *found], any(counts.count(n) > MAX_RECORDS for n in range(len(naming)))


def _newest_naming_sql(n: int, field: str, kind: str, value: str, release: int | None, first: str, last: str) -> Sql:
    """(n, edition id) of the newest editions that name `value` in `field`, one more than are read."""
    where = Sql("t.field = %s AND t.value = %s AND t.kind = %s AND ", (field, value, kind)) + public_at_release("e", release)
    # A relation without dates may lead to an event that has some.
    if last and kind != "relation":
        where += Sql(" AND t.sort_date <= %s", (last,))
    if first and kind != "relation":
        where += Sql(" AND e.until >= %s", (first,))
    return (
        Sql(f"SELECT * FROM (SELECT {n} AS n, e.id AS id FROM publishing_editionterm t CROSS JOIN publishing_edition e")
        + Sql(" WHERE e.id = t.edition_id AND ")
        + where
        + Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MAX_RECORDS + 1}) s{n}")
    )


def _ends_of_relations(fields: Iterable[str], record: Mapping[str, Any], slug: str) -> Iterator[str]:
    for field in fields:
        yield field if field != "entity" else "subject" if record["subject"]["slug"] == slug else "object"


def _event_sources(slugs: list[str], release: int | None) -> list[_FactSource]:
    if not slugs:
        return []
    named = Sql(
        f"SELECT e.id, e.document FROM publishing_edition e WHERE e.kind = 'event' AND e.slug IN ({sql_placeholders(slugs)}) AND ",
        tuple(slugs),
    )
    return [
        _FactSource(id, json.loads(document), ("related",))
        for id, document in fetch_rows(named + public_at_release("e", release))
    ]


def _facts_of_source(source: _FactSource) -> Iterator[_DatedFact]:
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
                yield _DatedFact("quote", said or published, "said_on" if said else "document.published_on", source)
            return
        case _:
            dates = []
    for fact, field in dates:
        if record[field]:
            yield _DatedFact(fact, record[field], field, source)
    for milestone in record.get("milestones", ()):
        if milestone["date"]:
            yield _DatedFact("milestone", milestone["date"], f"milestones.{milestone['key']}", source, milestone["stage"])


def _facts_with_evidence(facts: list[_DatedFact]) -> list[dict]:
    """The facts of a page, with their evidence: one statement reads that of all."""
    ids = sorted({fact.source.edition_id for fact in facts if fact.source.edition_id})
    evidence: dict[int, dict] = {}
    if ids:
        rows = fetch_rows(
            Sql(f"SELECT e.id, e.evidence FROM publishing_edition e WHERE e.id IN ({sql_placeholders(ids)})", tuple(ids))
        )
        evidence = {id: json.loads(text).get("evidence", {}) for id, text in rows}
    return [_fact_members(fact, evidence.get(fact.source.edition_id, {})) for fact in facts]


def _fact_members(fact: _DatedFact, evidence: Mapping[str, dict]) -> dict:
    record = fact.source.record
    if record["kind"] == "quote":
        citations: list[dict] = [{"stance": "supports", "quote": record}]
    else:
        citations = evidence.get(fact.field, {"citations": []})["citations"][:MAX_CITATIONS]
    type = record.get("type")
    return {
        "date": fact.date,
        "fact": fact.fact,
        "record": record_reference(record),
        "concerns_it_as": list(fact.source.concerns),
        "field": fact.field,
        "stage": fact.stage,
        "type": type["slug"] if isinstance(type, dict) else type,
        "evidence": [citation_members(fact.field, citation) for citation in citations],
    }
