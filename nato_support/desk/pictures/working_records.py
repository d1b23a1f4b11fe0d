"""Working copies around an entity, rendered as they would be published, and which of them readers do not see so."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from entities.models import Commitment, Curated, Entity, Facility, Post, Relation
from entities.serializers import ENTITY_KINDS, record_path
from entities.vocabulary import Status
from nato_support.api.entity_graph import cite_edges, own_edges, relation_edge
from nato_support.api.graph_queries import EdgeEdition
from nato_support.publishing.editions.edition_encoding import compact_json
from nato_support.publishing.published_versions import live_edition_versions
from nato_support.publishing.record_previews import RecordPreview, preview_records
from nato_support.publishing.rendering import public_kind
from sources.models import SourceQuote

MAX_NEIGHBOURS = 300
"""Most records of each sort that a picture of an entity reads: those changed last."""
_PLACES = ("facility", "event")


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """An entity and the records that name it, as they would be published now. Withdrawn ones are left out."""

    root: RecordPreview
    naming: list[RecordPreview]
    """Its relations, the entities that name it in a field, and quotes: what a person said, and what was said at an event."""
    edges: list[dict[str, Any]]
    """What links it to others, as `graph/` has it, each with its citations."""
    places: list[RecordPreview]
    """Facilities and events among those that it is linked to, and itself if it is one."""
    states: Mapping[str, str]
    """Path of the API -> state, of each record that is not public as it is."""
    is_truncated: bool


def neighbourhood_of(record: Entity, kinds: Collection[str]) -> Neighbourhood:
    """Read what is around an entity and of `kinds`, in as many statements for 300 neighbours as for 3."""
    found = [list(rows[: MAX_NEIGHBOURS + 1]) for rows in _naming_rows(record, kinds)]
    naming = list({(public_kind(row), row.pk): row for rows in found for row in rows[:MAX_NEIGHBOURS]}.values())
    # One rendering for all: each resolves what it refers to in statements of its own.
    previews = {preview.key: preview for preview in preview_records([record, *naming])}
    root = previews.pop((record.kind, record.slug))
    edges = [edge for edge in _edges(root, previews.values()) if {edge["source"]["kind"], edge["target"]["kind"]} <= {*kinds}]
    cite_edges(edges)
    ends = list(Entity.objects.filter(slug__in={edge[end]["slug"] for edge in edges for end in ("source", "target")}))
    places = [end for end in ends if end.kind in _PLACES and end.slug != record.slug]
    return Neighbourhood(
        root,
        list(previews.values()),
        edges,
        ([root] if root.kind in _PLACES else []) + (preview_records(places) if places else []),
        record_states([record, *ends, *(row for row in naming if not isinstance(row, Entity))]),
        any(len(rows) > MAX_NEIGHBOURS for rows in found),
    )


def _edges(root: RecordPreview, previews: Iterable[RecordPreview]) -> Iterator[dict[str, Any]]:
    yield from own_edges(edge_edition(root))
    for preview in previews:
        if preview.kind == "relation":
            yield relation_edge(edge_edition(preview))
        elif preview.kind in ENTITY_KINDS:
            yield from (edge for edge in own_edges(edge_edition(preview)) if edge["target"]["slug"] == root.slug)


def edge_edition(preview: RecordPreview) -> EdgeEdition:
    """Return a preview in the form from which edges are taken."""
    return EdgeEdition(preview.document, compact_json(preview.evidence))


def record_states(records: Iterable[Curated]) -> dict[str, str]:
    """Return path of the API -> state of those of `records` that are not public as they are."""
    records = list(records)
    versions = live_edition_versions(records)
    states = {}
    for record in records:
        key = (public_kind(record), record.slug)
        if record.status == Status.WITHDRAWN:
            states[record_path(*key)] = "withdrawn"
        elif key not in versions:
            states[record_path(*key)] = "draft"
        elif versions[key] != record.version:
            states[record_path(*key)] = "changed"
    return states


def _naming_rows(record: Entity, kinds: Collection[str]) -> list[QuerySet]:
    """Return the records that name an entity, those of each sort apart."""
    pk = record.pk
    by_target: dict[str, list[tuple[str, Any, Q]]] = {
        "organisation": [
            ("commitment", Commitment, Q(beneficiary=pk) | Q(committed_by=pk) | Q(concerns=pk)),
            ("facility", Facility, Q(operator=pk)),
            ("post", Post, Q(organisation=pk)),
        ],
        "event": [
            ("commitment", Commitment, Q(announced_at=pk) | Q(milestones__event=pk)),
            ("quote", SourceQuote, Q(occasion=pk)),
        ],
        "facility": [("commitment", Commitment, Q(facility=pk))],
        "commitment": [("commitment", Commitment, Q(part_of=pk))],
        "person": [("quote", SourceQuote, Q(speakers=pk))],
    }
    sorts = [("relation", Relation, Q(subject=pk) | Q(object=pk)), *by_target.get(record.kind, [])]
    found = []
    for kind, model, names_it in sorts:
        if kind in kinds:
            rows = model.objects.filter(names_it).exclude(status=Status.WITHDRAWN).distinct().order_by("-updated_at", "-pk")
            if issubclass(model, Entity):
                rows = rows.filter(merged_into=None)
            found.append(rows)
    return found
