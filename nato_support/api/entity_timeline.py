"""`timeline/<slug>/`: the dated facts about an entity in chronological order, each with its evidence."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from entities.serializers import ENTITY_KINDS, date_shape_bounds
from entities.vocabulary import Modality
from nato_support.api import edition_queries, record_queries
from nato_support.api import parameters as p
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.as_of import release_as_of
from nato_support.api.collections import AS_OF_PARAMETER
from nato_support.api.cursors import Cursor, hash_query, open_cursor
from nato_support.api.dated_facts import ITSELF, DatedFact, RecordWithFacts, dated_facts_of_record, fact_members
from nato_support.api.json_output import json_bytes
from nato_support.api.left_out import LeftOut
from nato_support.api.problems import invalid_parameters_problem, merged_redirect
from nato_support.api.reference_and_citation_members import record_reference
from nato_support.api.short_list_paging import cursor_parameter
from nato_support.api.sql import Sql, fetch_rows, join_sql, public_at_release_condition, sql_placeholders
from nato_support.api.timeline_shapes import FACT_LABELS

MAX_RECORDS = 2_000
"""Most records read that name the entity in one field: the newest ones within the span asked for."""
_NAMING_EDITIONS_SQL = (
    "publishing_editionterm t CROSS JOIN publishing_edition e"
    " WHERE e.id = t.edition_id AND t.field = %s AND t.value = %s AND t.kind = %s"
)
_HAS_FURTHER_DATES_SQL = (
    "EXISTS (SELECT 1 FROM publishing_editionterm d WHERE d.edition_id = e.id AND d.field IN ('due', 'period', 'measure_as_of'))"
)
_HAS_MODALITY_SQL = (
    "EXISTS (SELECT 1 FROM publishing_editionterm d WHERE d.edition_id = e.id AND d.field = 'modality' AND d.value IN"
)
# Kind of entity -> (field by which dated records name it, their kind). `entity` is either end of a relation.
NAMING_FIELDS = {
    "organisation": (
        ("entity", "relation"),
        ("committed_by", "commitment"),
        ("beneficiary", "commitment"),
        ("concerns", "commitment"),
    ),
    "facility": (("entity", "relation"), ("facility", "commitment")),
    "person": (("entity", "relation"), ("speaker", "quote")),
    "post": (("entity", "relation"),),
    "event": (("entity", "relation"), ("announced_at", "commitment"), ("event", "commitment"), ("occasion", "quote")),
    "commitment": (("entity", "relation"), ("part_of", "commitment")),
}
_RECORD_KIND_BY_FACT = {
    "milestone": "commitment",
    "due": "commitment",
    "period": "commitment",
    "measure": "commitment",
    "relation_start": "relation",
    "relation_end": "relation",
    "quote": "quote",
}
"""Fact -> kind of the records that name an entity and state such facts about it."""
_ORDERING_PARAMETER = p.choice_parameter(
    "ordering", "Earliest first (date, the default) or latest first (-date).", ("date", "-date"), many=False
)
TIMELINE_PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        p.choice_parameter("fact", "Kind of fact.", tuple(FACT_LABELS)),
        p.choice_parameter("modality", "Only beginnings and ends of relations of this modality.", Modality.values),
        p.date_parameter("date_from", "Ends on or after the first day of this day, month or year."),
        p.date_parameter("date_to", "Begins on or before the last day of this day, month or year."),
        _ORDERING_PARAMETER,
        AS_OF_PARAMETER,
        p.number_parameter("page_size", "Number of facts per page.", 200, 50),
        cursor_parameter("Start of the page, taken from `next`."),
    )
}


def timeline_response(request: ApiRequest, slug: str) -> ApiResponse:
    """Return a page of the timeline of an entity. Raises a problem if it is unknown, withdrawn or merged."""
    values, pairs = p.read_parameters(request.query_string, TIMELINE_PARAMETERS)
    first, last = values.get("date_from", ("", ""))[0], values.get("date_to", ("", ""))[1]
    if first and last and first > last:
        raise invalid_parameters_problem([{"in": "query", "name": "date_to", "code": "before_date_from"}])
    start = _requested_or_first_cursor(request, values)
    release = start.release if start.release != request.register.release else None
    try:
        edition = record_queries.find_record(ENTITY_KINDS, slug, release)
    except record_queries.MergedRecord as merged:
        raise merged_redirect(
            f"/api/v1/timeline/{merged.survivor}/", request.query_string, slug=slug, merged_into=merged.survivor
        ) from None
    entity = json.loads(edition.document)
    evidence = json.loads(edition.evidence)
    sources, is_truncated = _records_with_facts(entity, evidence, release, first, last)
    fact_kinds, modalities = values.get("fact", tuple(FACT_LABELS)), values.get("modality", ())
    descending = values.get("ordering") == ("-date",)
    facts = sorted(
        (
            fact
            for source in sources
            for fact in dated_facts_of_record(source)
            if fact.fact in fact_kinds
            and (not modalities or fact.modality in modalities)
            and (not first or date_shape_bounds(fact.date)[1] >= first)
            and (not last or date_shape_bounds(fact.date)[0] <= last)
        ),
        key=lambda fact: fact.sort_key,
        reverse=descending,
    )
    if start.key:
        after = tuple(start.key)
        facts = [fact for fact in facts if (fact.sort_key < after if descending else fact.sort_key > after)]
    size = int(values.get("page_size", ("50",))[0])
    page = facts[:size]
    next_url = None
    if len(facts) > size:
        sealed = Cursor(start.release, start.query_hash, False, page[-1].sort_key).seal_as_text()
        next_url = f"{request.url}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"
    left_out = LeftOut({}, True)
    if first or last:
        left_out = _count_undated_records(entity["kind"], slug, fact_kinds, modalities, release)
    body = {
        "entity": record_reference(entity),
        "results": _facts_with_evidence(page, evidence["evidence"]),
        "next": next_url,
        "previous": None,
        "meta": {"release": start.release} | ({"is_truncated": True} if is_truncated else {}) | left_out.members(),
    }
    return ApiResponse(json_bytes(body))


def newest_facts(entity: dict, evidence: dict, limit: int) -> dict[str, Any]:
    """Return the members of an answer with the `limit` newest facts of a live entity, and `undated`: records without a date.

    `evidence` is what the detail of the entity adds to its document.
    """
    sources, is_truncated = _records_with_facts(entity, evidence, None, "", "")
    dated = (fact for source in sources for fact in dated_facts_of_record(source))
    facts = sorted(dated, key=lambda fact: fact.sort_key, reverse=True)
    return {
        "entity": record_reference(entity),
        "results": _facts_with_evidence(facts[:limit], evidence["evidence"]),
        "is_truncated": is_truncated or len(facts) > limit,
        "undated": _count_undated_records(entity["kind"], entity["slug"], tuple(FACT_LABELS), (), None).counts["date_unknown"],
    }


def _requested_or_first_cursor(request: ApiRequest, values: Mapping[str, tuple[str, ...]]) -> Cursor:
    """Return the cursor asked for, or one at the start."""
    query_hash = hash_query(request.path, sorted(item for item in values.items() if item[0] not in ("cursor", "page_size")))
    if "cursor" in values:
        return open_cursor(values["cursor"][0], query_hash, request.register.release)
    release = release_as_of(values["as_of"][0], request.register) if "as_of" in values else request.register.release
    return Cursor(release, query_hash, False, ())


def _records_with_facts(
    entity: dict, evidence: dict, release: int | None, first: str, last: str
) -> tuple[list[RecordWithFacts], bool]:
    """Return the sources of facts about an entity, and whether there are more records than were read.

    These are the entity, the records that name it, the events that it has a relation to, and the quotes that it rests on.
    """
    kind, slug = entity["kind"], entity["slug"]
    naming_fields = NAMING_FIELDS[kind]
    selects = (
        _newest_editions_naming_sql(at, field, naming_kind, f"{kind}/{slug}", release, first, last)
        for at, (field, naming_kind) in enumerate(naming_fields)
    )
    rows = fetch_rows(join_sql(" UNION ALL ", selects))
    fields_by_edition: dict[int, list[str]] = {}
    for at, id in sorted(rows):
        fields_by_edition.setdefault(id, []).append(naming_fields[at][0])
    records = ((id, json.loads(document)) for id, document in edition_queries.documents_by_edition(fields_by_edition).items())
    sources = [
        RecordWithFacts(id, record, tuple(_roles_of_entity_in_record(fields_by_edition[id], record, slug)))
        for id, record in records
    ]
    events = {
        end["slug"]
        for source in sources
        if source.record["kind"] == "relation"
        for end in (source.record["subject"], source.record["object"])
        if end["kind"] == "event" and end["slug"] != slug
    }
    sources += _related_events_with_facts(sorted(events), release)
    naming_quotes = {source.record["slug"] for source in sources if source.record["kind"] == "quote"}
    quotes = (citation["quote"] for entry in evidence["evidence"].values() for citation in entry["citations"])
    cited = {("quote", quote["slug"]): quote for quote in quotes if quote["slug"] not in naming_quotes}
    # A past edition may contain quotes that were withdrawn since.
    withdrawn = record_queries.withdrawn_among(cited) if release else set()
    sources += [RecordWithFacts(0, quote, ("evidence",)) for key, quote in cited.items() if key not in withdrawn]
    counts = Counter(at for at, _ in rows)
    return [RecordWithFacts(ITSELF, entity, ("itself",)), *sources], any(count > MAX_RECORDS for count in counts.values())


def _count_undated_records(
    kind: str, slug: str, fact_kinds: Sequence[str], modalities: Sequence[str], release: int | None
) -> LeftOut:
    """Count the records that name the entity and would have a fact of these kinds and modalities, but state no date."""
    wanted = {_RECORD_KIND_BY_FACT[fact] for fact in fact_kinds if fact in _RECORD_KIND_BY_FACT}
    fields = [
        (field, naming_kind)
        for field, naming_kind in NAMING_FIELDS[kind]
        if naming_kind in wanted and (naming_kind == "relation" or not modalities)
    ]
    if not fields:
        return LeftOut({"date_unknown": 0}, True)
    public = public_at_release_condition("e", release)
    selects = (
        Sql(f"SELECT * FROM (SELECT e.id AS id FROM {_NAMING_EDITIONS_SQL} AND t.sort_date = '' AND e.until = '' AND ")
        + Sql(public.text, (field, f"{kind}/{slug}", naming_kind, *public.parameters))
        + (Sql(f" AND NOT {_HAS_FURTHER_DATES_SQL}") if naming_kind == "commitment" else Sql(""))
        + (Sql(f" AND {_HAS_MODALITY_SQL} ({sql_placeholders(modalities)}))", tuple(modalities)) if modalities else Sql(""))
        + Sql(f" LIMIT {edition_queries.MAX_COUNTED + 1}) u{at}")
        for at, (field, naming_kind) in enumerate(fields)
    )
    # A record may name the entity in several fields.
    [(count,)] = fetch_rows(Sql("SELECT COUNT(DISTINCT id) FROM (") + join_sql(" UNION ALL ", selects) + Sql(") u"))
    return LeftOut({"date_unknown": min(count, edition_queries.MAX_COUNTED)}, count <= edition_queries.MAX_COUNTED)


def _newest_editions_naming_sql(at: int, field: str, kind: str, value: str, release: int | None, first: str, last: str) -> Sql:
    """Select (`at`, edition id) of the newest editions of `kind` that name `value` in `field`, one more than are read."""
    public = public_at_release_condition("e", release)
    where = Sql(f" AND {public.text}", (field, value, kind, *public.parameters))
    # A relation without dates may lead to an event that has some; a commitment is dated by its milestones, but has more dates.
    has_further_dates = Sql(f" OR {_HAS_FURTHER_DATES_SQL}" if kind == "commitment" else "")
    if last and kind != "relation":
        where += Sql(" AND (t.sort_date <= %s", (last,)) + has_further_dates + Sql(")")
    if first and kind != "relation":
        where += Sql(" AND (e.until >= %s", (first,)) + has_further_dates + Sql(")")
    return (
        Sql(f"SELECT * FROM (SELECT {at} AS n, e.id AS id FROM {_NAMING_EDITIONS_SQL}")
        + where
        + Sql(f" ORDER BY t.sort_date DESC, t.edition_id DESC LIMIT {MAX_RECORDS + 1}) s{at}")
    )


def _roles_of_entity_in_record(fields: Iterable[str], record: Mapping[str, Any], slug: str) -> Iterator[str]:
    """Yield the fields by which a record names the entity; for a relation, its end."""
    for field in fields:
        yield field if field != "entity" else "subject" if record["subject"]["slug"] == slug else "object"


def _related_events_with_facts(slugs: list[str], release: int | None) -> list[RecordWithFacts]:
    if not slugs:
        return []
    select = "SELECT e.id, e.document FROM publishing_edition e WHERE e.kind = 'event'"
    events = Sql(f"{select} AND e.slug IN ({sql_placeholders(slugs)}) AND ", tuple(slugs))
    return [
        RecordWithFacts(id, json.loads(document), ("related",))
        for id, document in fetch_rows(events + public_at_release_condition("e", release))
    ]


def _facts_with_evidence(facts: list[DatedFact], own_evidence: dict) -> list[dict]:
    """Return the facts of a page with their evidence, read in one statement but for that of the entity itself."""
    ids = sorted({fact.source.edition_id for fact in facts if fact.source.edition_id > 0})
    evidence: dict[int, dict] = {ITSELF: own_evidence}
    if ids:
        rows = fetch_rows(
            Sql(f"SELECT e.id, e.evidence FROM publishing_edition e WHERE e.id IN ({sql_placeholders(ids)})", tuple(ids))
        )
        evidence |= {id: json.loads(text).get("evidence", {}) for id, text in rows}
    return [fact_members(fact, evidence.get(fact.source.edition_id, {})) for fact in facts]
