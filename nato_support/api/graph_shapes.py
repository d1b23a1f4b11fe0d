"""Serializers that describe graphs in the OpenAPI document, and the limits that they state. Nothing is serialised with them."""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import API_PATH_PATTERN, SLUG_PATTERN, DateShape, DateShapeField, PublicShape, ReferenceShape
from nato_support.api.response_shapes import MetaShape
from sources.serializers import EmbeddedDocumentShape

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


class GraphEvidenceShape(PublicShape):
    """A citation."""

    EXAMPLE = {
        "field": "committed_by",
        "polarity": "affirms",
        "stance": "supports",
        "quote": "courier-2024-07-09-q01",
        "href": "/api/v1/quotes/courier-2024-07-09-q01/",
        "exact": "Arcadia will give Ruritania 40 kites",
        "document": EmbeddedDocumentShape.EXAMPLE,
    }

    field = serializers.CharField(help_text="Field of the record that the quote is evidence for.")
    polarity = serializers.ChoiceField(v.Polarity.choices, help_text="Affirms or denies the value that it names.")
    stance = serializers.ChoiceField(
        v.Stance.choices, help_text="Computed stance towards the register's value: supports, contradicts or qualifies it."
    )
    quote = serializers.RegexField(SLUG_PATTERN, help_text="Slug of the quote.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="Path of the quote.")
    exact = serializers.CharField(help_text="Its words, character for character.")
    document = EmbeddedDocumentShape(help_text="The document that the quote is from, with its publisher.")


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
        "role": None,
        "start": DateShape.EXAMPLE,
        "end": None,
        "record": "/api/v1/commitments/forty-kites/",
        "evidence": [GraphEvidenceShape.EXAMPLE],
    }

    type = serializers.CharField(help_text="Type of relation, such as part-of, or the field, such as committed_by.")
    label = serializers.CharField(help_text="Label, read from source to target.")
    source = ReferenceShape(help_text="First end of the edge.")
    target = ReferenceShape(help_text="Second end of the edge.")
    role = serializers.CharField(allow_null=True, help_text="Role of the first party in a relation, such as chair.")
    start = DateShapeField(help_text="Start of a relation, or first milestone of a commitment; null if unknown.")
    end = DateShapeField(help_text="End of a relation; null if it continues or no source says.")
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
