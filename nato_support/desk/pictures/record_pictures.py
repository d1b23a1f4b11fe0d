"""Pictures of a record from the working copies: its links, its promise, its timeline and its places, drafts included."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from entities.models import Entity
from nato_support.api.dated_facts import RecordWithFacts, dated_facts_of_record, fact_members
from nato_support.api.reference_and_citation_members import record_reference
from nato_support.api.totals.inclusion_rules import PROMISE_NATURES
from nato_support.desk.pictures.addresses import desk_path
from nato_support.desk.pictures.working_records import Neighbourhood, neighbourhood_of
from nato_support.pages.pictures.drawing import NARROW, WIDE, Picture
from nato_support.pages.pictures.graph import graph_picture
from nato_support.pages.pictures.map_picture import map_picture
from nato_support.pages.pictures.promise_bar import promise_bar
from nato_support.pages.pictures.stated_amounts import bars_of_commitment
from nato_support.pages.pictures.tables import linked_table, table_html, table_of_rows
from nato_support.pages.pictures.timeline import timeline_picture
from nato_support.publishing.record_previews import RecordPreview

_CITED = -1
"""Stands for a quote that the record rests on, which is its own evidence."""
MAX_FACTS = 40
"""Most facts on a timeline: the newest ones."""


@dataclass(frozen=True, slots=True)
class DeskPicture:
    """A picture for both widths, with the table of what it shows."""

    name: str
    heading: str
    wide: Picture
    narrow: Picture
    linked_column: int | None = None
    """Column that is linked to the address in the last one; None if no column is an address."""
    note: str = ""

    @property
    def table(self) -> SafeString:
        """Head and body of the table."""
        if self.linked_column is not None:
            return table_html(*linked_table(self.wide, linked_column=self.linked_column))
        return table_html(*table_of_rows(self.wide.columns, [(row, "") for row in self.wide.rows], self.wide.row_ids))


def pictures_of_record(record: Entity, kinds: Collection[str]) -> list[DeskPicture]:
    """Return the pictures of an entity that have something to show, to somebody who may see `kinds`."""
    around = neighbourhood_of(record, kinds)
    pictures = [*_promises(around.root, around.states), _graph(around), _timeline(around), _map(around)]
    return [picture for picture in pictures if picture]


def at_desk(reference: Mapping[str, Any], states: Mapping[str, str]) -> dict[str, Any]:
    """Return a reference or record with its address in the admin, and its state."""
    return {**reference, "href": desk_path(reference["href"]), "state": states.get(reference["href"], "")}


def edges_at_desk(edges: Iterable[Mapping[str, Any]], states: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return edges with the addresses of the admin, and the states of their records and ends."""
    return [
        {
            **edge,
            "source": at_desk(edge["source"], states),
            "target": at_desk(edge["target"], states),
            "record": desk_path(edge["record"]),
            "state": states.get(edge["record"], ""),
        }
        for edge in edges
    ]


def _graph(around: Neighbourhood) -> DeskPicture | None:
    if not around.edges:
        return None
    edges = edges_at_desk(around.edges, around.states)
    root = at_desk(record_reference(around.root.document), around.states)
    ends = {(end["kind"], end["slug"]): end for edge in edges for end in (edge["source"], edge["target"])}
    nodes = {(root["kind"], root["slug"]): root} | ends
    graph = {"root": root, "nodes": list(nodes.values()), "edges": edges, "is_truncated": around.is_truncated}
    wide, narrow = (graph_picture(graph, width) for width in (WIDE, NARROW))
    return DeskPicture("graph", "Links", wide, narrow, linked_column=1)


def _timeline(around: Neighbourhood) -> DeskPicture | None:
    places = [place for place in around.places if place.kind == "event" and place.key != around.root.key]
    named = [preview for preview in around.naming if preview.kind in ("relation", "commitment", "quote")]
    previews = dict(enumerate([around.root, *named, *places]))
    sources = [RecordWithFacts(id, preview.document, ()) for id, preview in previews.items()]
    cited = {
        citation["quote"]["slug"]: citation["quote"]
        for entry in around.root.evidence.get("evidence", {}).values()
        for citation in entry["citations"]
    }
    known = {preview.slug for preview in named if preview.kind == "quote"}
    sources += [RecordWithFacts(_CITED, quote, ()) for slug, quote in cited.items() if slug not in known]
    facts = [fact for source in sources for fact in dated_facts_of_record(source)]
    dated = {fact.source.edition_id for fact in facts}
    undated = sum(preview in named and id not in dated for id, preview in previews.items())
    newest = sorted(facts, key=lambda fact: fact.sort_key, reverse=True)[:MAX_FACTS]
    if not newest:
        return None
    results = []
    for fact in newest:
        preview = previews.get(fact.source.edition_id)
        members = fact_members(fact, preview.evidence.get("evidence", {}) if preview else {})
        results.append(members | {"record": at_desk(members["record"], around.states)})
    timeline = {"entity": record_reference(around.root.document), "results": results}
    note = ngettext("Only the newest dated fact is shown.", "Only the %(count)s newest dated facts are shown.", len(newest))
    wide, narrow = (timeline_picture(timeline, width, undated=undated) for width in (WIDE, NARROW))
    return DeskPicture(
        "timeline",
        "Timeline",
        wide,
        narrow,
        linked_column=3,
        note=note % {"count": len(newest)} if len(facts) > len(newest) or around.is_truncated else "",
    )


def _map(around: Neighbourhood) -> DeskPicture | None:
    return map_of([place.document for place in around.places], around.states)


def map_of(documents: Iterable[Mapping[str, Any]], states: Mapping[str, str]) -> DeskPicture | None:
    """Return where facilities and events are; None if there are none."""
    records = [at_desk(document, states) for document in documents]
    if not records:
        return None
    wide, narrow = (map_picture(records, width) for width in (WIDE, NARROW))
    return DeskPicture("map", "Map", wide, narrow, linked_column=3)


def _promises(root: RecordPreview, states: Mapping[str, str]) -> list[DeskPicture]:
    """Return what a commitment promises; and if that changed since it was published, what readers see beside it."""
    if root.kind != "commitment":
        return []
    state = states.get(root.document["href"], "")
    heading = {"draft": "Promised and delivered (draft)", "changed": "Promised and delivered (changed)"}
    pictures = [_promise("promise", heading.get(state, "Promised and delivered"), root.document)]
    if state == "changed" and root.live_edition:
        document = json.loads(root.live_edition.document)
        pictures.append(_promise("promise-published", "Promised and delivered (as published)", document))
    return [picture for picture in pictures if picture]


def _promise(name: str, heading: str, document: dict[str, Any]) -> DeskPicture | None:
    bars = bars_of_commitment(document) if document["nature"] in PROMISE_NATURES else []
    if all(rung.low is None for bar in bars for rung in bar.rungs):
        return None
    due = document.get("due")
    wide, narrow = (promise_bar(bars, width, due=due, name=name) for width in (WIDE, NARROW))
    return DeskPicture(name, heading, wide, narrow)
