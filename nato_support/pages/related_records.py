"""Live records that refer to another one: its relations, its commitments, the facts that rest on its quotes."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.utils.translation import gettext

from entities.serializers import ENTITY_KINDS, PLURALS
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows, join_sql, sql_placeholders
from nato_support.pages.fact_evidence import Link, cited_fact_label, stated_words, states_register_words
from nato_support.pages.page_urls import fact_anchor, page_path

MAX_RELATED = 30
"""Most records of a group that the page of a record lists; it links to the list of all."""
MAX_RESTING = 300
"""Most records whose facts are looked through for the quotes that they rest on."""


class _Group(NamedTuple):
    kind: str
    """Kind of the records that refer."""
    term: str
    """Term by which they do."""
    heading: str
    filter_name: str = ""
    """Filter of their list for it; empty if it is called like the term."""


def _groups_of(kind: str) -> list[_Group]:
    """Return the groups of records that a page of this kind of record lists."""
    groups: dict[str, list[_Group]] = {
        "organisation": [
            _Group("commitment", "committed_by", gettext("What it undertakes")),
            _Group("commitment", "beneficiary", gettext("What is undertaken for it")),
            _Group("commitment", "concerns", gettext("What concerns it")),
            _Group("document", "publisher", gettext("What it published")),
        ],
        "facility": [_Group("commitment", "facility", gettext("Commitments about it"))],
        "person": [_Group("quote", "speaker", gettext("What they said"))],
        "event": [
            _Group("commitment", "announced_at", gettext("Announced there")),
            _Group("commitment", "event", gettext("Steps taken there"), "milestone_at"),
            _Group("quote", "occasion", gettext("Said there")),
        ],
        "commitment": [_Group("commitment", "part_of", gettext("Parts of it"))],
    }
    relations = [_Group("relation", "entity", gettext("Relationships"))] if kind in ENTITY_KINDS else []
    return [*groups.get(kind, ()), *relations]


def related_terms(kind: str) -> list[tuple[str, str]]:
    """Return (term, kind of the records that refer) of the groups that a page of this kind of record lists."""
    return [(group.term, group.kind) for group in _groups_of(kind)]


@dataclass(slots=True)
class RelatedGroup:
    """Records that refer to the page's in one way, and the address of the list of all of them."""

    heading: str
    documents: list[dict[str, Any]]
    list_path: str
    has_more: bool


def related_groups(kind: str, slug: str) -> list[RelatedGroup]:
    """Return the records that refer to one, in groups, in one statement."""
    groups = _groups_of(kind)
    if not groups:
        return []
    value = f"{kind}/{slug}"
    selects = (
        Sql(
            f"SELECT * FROM (SELECT {at} AS at, e.document FROM publishing_editionterm t JOIN publishing_edition e"
            f" ON e.id = t.edition_id WHERE t.field = %s AND t.value = %s AND t.kind = %s AND {LIVE_SQL}"
            f" ORDER BY t.sort_date DESC, t.edition_id LIMIT {MAX_RELATED + 1}) g{at}",
            (group.term, value, group.kind),
        )
        for at, group in enumerate(groups)
    )
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for at, document in fetch_rows(join_sql(" UNION ALL ", selects)):
        found[at].append(json.loads(document))
    return [
        RelatedGroup(
            group.heading,
            found[at][:MAX_RELATED],
            f"/{PLURALS[group.kind]}/?{group.filter_name or group.term}={value if group.term == 'entity' else slug}",
            len(found[at]) > MAX_RELATED,
        )
        for at, group in enumerate(groups)
        if found[at]
    ]


@dataclass(frozen=True, slots=True)
class RestingFact:
    """A fact that rests on a quote: its record, its label, and what the quote states for it."""

    record: Link
    label: Link
    states: str
    states_register_words: bool
    is_denial: bool


def facts_resting_on(quote_slugs: Sequence[str]) -> dict[str, list[RestingFact]]:
    """Return slug of a quote -> the facts that rest on it, in one statement."""
    if not quote_slugs:
        return {}
    values = [f"quote/{slug}" for slug in quote_slugs]
    kinds = (*ENTITY_KINDS, "relation")
    sql = Sql(
        "SELECT e.document, e.evidence FROM publishing_edition e WHERE e.id IN (SELECT t.edition_id FROM"
        f" publishing_editionterm t WHERE t.field = 'quote' AND t.value IN ({sql_placeholders(values)})"
        f" AND t.kind IN ({sql_placeholders(kinds)})) AND {LIVE_SQL} ORDER BY e.kind, e.slug LIMIT {MAX_RESTING}",
        (*values, *kinds),
    )
    wanted = set(quote_slugs)
    resting: dict[str, list[RestingFact]] = defaultdict(list)
    for document_json, evidence_json in fetch_rows(sql):
        document = json.loads(document_json)
        path = page_path(document["href"])
        for field_name, entry in json.loads(evidence_json).get("evidence", {}).items():
            for citation in entry["citations"]:
                if (slug := citation["quote"]["slug"]) in wanted:
                    resting[slug].append(
                        RestingFact(
                            Link(document["name"], path),
                            Link(cited_fact_label(field_name), f"{path}#{fact_anchor(field_name)}"),
                            stated_words(document, field_name, citation),
                            states_register_words(document["kind"], field_name),
                            citation["polarity"] == "denies",
                        )
                    )
    return resting
