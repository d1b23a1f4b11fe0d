"""Serializers that describe graphs in the OpenAPI document, and the limits that they state. Nothing is serialised with them."""

import copy

from rest_framework import serializers

from entities import vocabulary as v
from entities.dates import InForce
from entities.serializers import (
    API_PATH_PATTERN,
    SLUG_PATTERN,
    DateShape,
    DateShapeField,
    PublicShape,
    ReferenceShape,
    RenderedDatesField,
)
from nato_support.api.reference_and_citation_members import CITATION_MEMBERS, QUOTE_MEMBERS
from nato_support.api.response_shapes import MetaShape, compose_shape
from sources.serializers import CitationShape, EmbeddedQuoteShape

MAX_NODES, MAX_EDGES = 200, 500
MAX_EDGES_OF_ONE_TYPE = 50
"""Limit on the edges of one type at a node; the newest are shown."""
MAX_CITATIONS = 10
"""Limit on the citations of an edge or a fact."""
EXAMPLE_ORGANISATION = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}
EXAMPLE_COMMITMENT = {
    "kind": "commitment",
    "slug": "forty-kites",
    "name": "Forty kites",
    "href": "/api/v1/commitments/forty-kites/",
}
EXAMPLE_META = {"release": MetaShape.EXAMPLE["release"]}


GraphEvidenceShape = compose_shape(
    "GraphEvidence",
    example={"field": "committed_by"}
    | {name: CitationShape.EXAMPLE[name] for name in CITATION_MEMBERS}
    | {name: EmbeddedQuoteShape.EXAMPLE[name] for name in QUOTE_MEMBERS}
    | {"quote_note": EmbeddedQuoteShape.EXAMPLE["note"], "quote": EmbeddedQuoteShape.EXAMPLE["slug"]},
    field=serializers.CharField(help_text="Field of the record that the quote is evidence for."),
    **{name: copy.deepcopy(CitationShape().fields[name]) for name in CITATION_MEMBERS},
    **{name: copy.deepcopy(EmbeddedQuoteShape().fields[name]) for name in QUOTE_MEMBERS},
    quote_note=copy.deepcopy(EmbeddedQuoteShape().fields["note"]),
    quote=serializers.RegexField(SLUG_PATTERN, help_text="Slug of the quote."),
)
GraphEvidenceShape.__doc__ = "A citation: what the quote states, beside the quote itself."


class GraphMoreShape(PublicShape):
    """A type of edge of which a node has more than are shown."""

    EXAMPLE = {"type": "committed_by", "href": "/api/v1/commitments/?committed_by=arcadia"}

    type = serializers.CharField(help_text="The field, or `relation` for relations of all types.")
    href = serializers.CharField(help_text="The list that has them all.")


class GraphNodeShape(ReferenceShape):
    """An entity in the graph."""

    EXAMPLE = EXAMPLE_ORGANISATION | {"depth": 1, "is_expanded": False, "more": [GraphMoreShape.EXAMPLE]}

    depth = serializers.IntegerField(min_value=0, help_text="Steps from the entity asked for; 0 for itself.")
    is_expanded = serializers.BooleanField(help_text="True if its own edges are included; otherwise request its own graph.")
    more = GraphMoreShape(
        many=True, help_text=f"Types of which it has more than {MAX_EDGES_OF_ONE_TYPE} edges; only the newest are included."
    )


class GraphEdgeShape(PublicShape):
    """A relation, or a field by which one entity names another."""

    EXAMPLE = {
        "type": "committed_by",
        "label": "was committed by",
        "source": EXAMPLE_COMMITMENT,
        "target": EXAMPLE_ORGANISATION,
        "modality": None,
        "role": None,
        "start": DateShape.EXAMPLE,
        "end": None,
        "attested": [],
        "in_force": None,
        "contested": False,
        "record": "/api/v1/commitments/forty-kites/",
        "evidence": [GraphEvidenceShape.EXAMPLE],
    }

    type = serializers.CharField(help_text="Type of relation, such as part-of, or the field, such as committed_by.")
    label = serializers.CharField(
        help_text="Label, read from source to target; of a relation by number, tense and modality: is to be located at."
    )
    source = ReferenceShape(help_text="First end of the edge.")
    target = ReferenceShape(help_text="Second end of the edge.")
    modality = serializers.ChoiceField(
        v.Modality.choices, allow_null=True, help_text="Modality of a relation; null for the field of an entity."
    )
    role = serializers.CharField(allow_null=True, help_text="Role of the first party in a relation, such as chair.")
    start = DateShapeField(help_text="Start of a relation, or first milestone of a commitment; null if unknown.")
    end = DateShapeField(help_text="End of a relation; null if it continues or no source says.")
    attested = RenderedDatesField(help_text="Days on which its sources state a relation; empty for the field of an entity.")
    in_force = serializers.ChoiceField(
        [InForce.YES.value, InForce.NOT_KNOWN.value],
        allow_null=True,
        help_text="With `active_on`: whether it was in force then; null without.",
    )
    contested = serializers.BooleanField(help_text="True if sources differ on it, unresolved or disputed.")
    record = serializers.RegexField(
        API_PATH_PATTERN, help_text="Path of the record that states it: the relation, or the entity with the field."
    )
    evidence = GraphEvidenceShape(many=True, help_text=f"Up to {MAX_CITATIONS} citations; `record` has all.")


class GraphShape(PublicShape):
    """Nodes by their distance, then as they were found; edges in the order in which they were followed."""

    EXAMPLE = {
        "root": EXAMPLE_ORGANISATION,
        "nodes": [GraphNodeShape.EXAMPLE],
        "edges": [GraphEdgeShape.EXAMPLE],
        "is_truncated": True,
        "meta": EXAMPLE_META,
    }

    root = ReferenceShape(help_text="The entity asked for.")
    nodes = GraphNodeShape(many=True, help_text="The entity asked for first.")
    edges = GraphEdgeShape(many=True, help_text="Both ends of each are among the nodes.")
    is_truncated = serializers.BooleanField(
        help_text=f"There is more: at most {MAX_NODES} nodes and {MAX_EDGES} edges are shown; see `more` of each node."
    )
    meta = MetaShape(help_text="Information about the response itself.")
