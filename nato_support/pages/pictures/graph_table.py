"""The table beneath a graph: its edges, and the entities that have none."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from nato_support.pages.pictures.graph_elements import ordered_edges
from nato_support.pages.pictures.states import shown_name, state_words
from nato_support.pages.pictures.words import edge_label, modality_label


def graph_table(graph: Mapping[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return columns and rows of an answer of `graph/`: one row for each edge, then the entities that have none."""
    has_states = any(item.get("state") for item in (*graph["nodes"], *graph["edges"]))
    columns = [
        gettext("From"),
        gettext("Relation"),
        gettext("To"),
        gettext("Modality"),
        gettext("Contested"),
        gettext("Quotes"),
        *([gettext("State")] if has_states else []),
        gettext("Record"),
    ]
    rows = [
        [
            shown_name(edge["source"]),
            edge_label(edge),
            shown_name(edge["target"]),
            modality_label(edge["modality"] or "in_force"),
            gettext("yes") if edge["contested"] else gettext("no"),
            str(len(edge["evidence"])),
            *([state_words(edge.get("state", ""))] if has_states else []),
            edge["record"],
        ]
        for edge in ordered_edges(graph)
    ]
    linked = {end["href"] for edge in graph["edges"] for end in (edge["source"], edge["target"])}
    unlinked = sorted(
        (shown_name(node), node["href"], node.get("state", "")) for node in graph["nodes"] if node["href"] not in linked
    )
    return columns, rows + [
        [name, "", "", "", "", "0", *([state_words(state)] if has_states else []), href] for name, href, state in unlinked
    ]
