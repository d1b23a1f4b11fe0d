"""Graph of many records at once, such as all of the register, in the shape of an answer of `graph/` without a root."""

from collections.abc import Iterable
from typing import Any

from entities.serializers import ENTITY_KINDS
from nato_support.api.entity_graph import cite_edges, own_edges, relation_edge
from nato_support.api.graph_queries import EdgeEdition
from nato_support.api.reference_and_citation_members import record_reference


def graph_of_editions(editions: Iterable[EdgeEdition]) -> dict[str, Any]:
    """Return the graph of the entities and relations among `editions`; edges to others are left out.

    Nodes have a `type` beside what they have in `graph/`: that of the entity, or the nature of a commitment.
    """
    by_path = {edition.document["href"]: edition for edition in editions}
    nodes = {}
    edges: list[dict[str, Any]] = []
    for path, edition in sorted(by_path.items()):
        document = edition.document
        if document["kind"] in ENTITY_KINDS:
            type = document.get("nature") or document.get("type") or ""
            nodes[path] = record_reference(document) | {"depth": 1, "is_expanded": True, "more": [], "type": type}
            edges += own_edges(edition)
        elif document["kind"] == "relation":
            edges.append(relation_edge(edition))
    edges = [edge for edge in edges if edge["source"]["href"] in nodes and edge["target"]["href"] in nodes]
    cite_edges(edges)
    return {"root": None, "nodes": list(nodes.values()), "edges": edges, "is_truncated": False}
