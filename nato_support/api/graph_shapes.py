"""The shapes of graph/ and timeline/: read as the API's reference, never run; and what bounds them."""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import API_PATH_PATTERN, SLUG_PATTERN, DateShape, DateShapeField, PublicShape, ReferenceShape
from nato_support.api.response_shapes import MetaShape
from sources.serializers import EmbeddedDocumentShape

MAX_NODES, MAX_EDGES = 200, 500
MAX_EDGES_OF_ONE_TYPE = 50
"""Edges of one sort that one node shows: the newest."""
MAX_CITATIONS = 10
"""Citations that one edge or fact shows."""
FACT_LABELS = {
    "founded": "it came to be",
    "dissolved": "it ceased to be",
    "event_start": "an event, that it is or stands in a relation to, began",
    "event_end": "such an event ended",
    "milestone": "a commitment, that it is or that names it, reached a stage",
    "relation_start": "a relation of it began",
    "relation_end": "a relation of it ended",
    "quote": "words were said by it or at it, or serve as evidence for it",
}
"""Kinds of fact, in the order of those of one date."""

_ARCADIA = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}
_KITES = {"kind": "commitment", "slug": "forty-kites", "name": "Forty kites", "href": "/api/v1/commitments/forty-kites/"}
_META = {"release": MetaShape.EXAMPLE["release"]}


class GraphEvidenceShape(PublicShape):
    """One citation."""

    EXAMPLE = {
        "field": "committed_by",
        "stance": "supports",
        "quote": "courier-2024-07-09-q01",
        "href": "/api/v1/quotes/courier-2024-07-09-q01/",
        "exact": "Arcadia will give Ruritania 40 kites",
        "document": EmbeddedDocumentShape.EXAMPLE,
    }

    field = serializers.CharField(help_text="Field of the record that the quote is evidence for.")
    stance = serializers.ChoiceField(v.Stance.choices, help_text="Whether the quote supports, contradicts or qualifies it.")
    quote = serializers.RegexField(SLUG_PATTERN, help_text="Slug of the quote.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="Path of the quote.")
    exact = serializers.CharField(help_text="Its words, character for character.")
    document = EmbeddedDocumentShape(help_text="The document that they stand in, with its publisher.")


class GraphMoreShape(PublicShape):
    """A sort of edges of which a node has more than are shown."""

    EXAMPLE = {"type": "committed_by", "href": "/api/v1/commitments/?committed_by=arcadia"}

    type = serializers.CharField(help_text="The field, or `relation` for relations of all types.")
    href = serializers.CharField(help_text="The list that has them all.")


class GraphNodeShape(ReferenceShape):
    """One entity."""

    EXAMPLE = _ARCADIA | {"depth": 1, "is_expanded": False, "more": [GraphMoreShape.EXAMPLE]}

    depth = serializers.IntegerField(min_value=0, help_text="Steps from the entity asked for; 0 for itself.")
    is_expanded = serializers.BooleanField(
        help_text="Whether its own edges were followed, and found room; ask for its graph if not."
    )
    more = GraphMoreShape(many=True, help_text=f"Of what it has more than {MAX_EDGES_OF_ONE_TYPE} edges; the newest are here.")


class GraphEdgeShape(PublicShape):
    """A relation, or a field by which one entity names another."""

    EXAMPLE = {
        "type": "committed_by",
        "label": "was committed by",
        "source": _KITES,
        "target": _ARCADIA,
        "role": None,
        "start": DateShape.EXAMPLE,
        "end": None,
        "record": "/api/v1/commitments/forty-kites/",
        "evidence": [GraphEvidenceShape.EXAMPLE],
    }

    type = serializers.CharField(help_text="Type of relation, such as part-of, or the field, such as committed_by.")
    label = serializers.CharField(help_text="How it reads from source to target.")
    source = ReferenceShape(help_text="Where it starts.")
    target = ReferenceShape(help_text="Where it points.")
    role = serializers.CharField(allow_null=True, help_text="What a relation adds to its type, such as chair.")
    start = DateShapeField(help_text="Since when: of a relation, or the first milestone of a commitment; null if unknown.")
    end = DateShapeField(help_text="Until when a relation held; null if it goes on or no source says.")
    record = serializers.RegexField(
        API_PATH_PATTERN, help_text="Path of the record that says so: the relation, or the entity with the field."
    )
    evidence = GraphEvidenceShape(many=True, help_text=f"Up to {MAX_CITATIONS} citations; `record` has all.")


class GraphShape(PublicShape):
    """Nodes by their distance, then as they were found; edges in the order in which they were followed."""

    EXAMPLE = {
        "root": _ARCADIA,
        "nodes": [GraphNodeShape.EXAMPLE],
        "edges": [GraphEdgeShape.EXAMPLE],
        "is_truncated": True,
        "meta": _META,
    }

    root = ReferenceShape(help_text="The entity asked for.")
    nodes = GraphNodeShape(many=True, help_text="The entity asked for first.")
    edges = GraphEdgeShape(many=True, help_text="Both ends of each are among the nodes.")
    is_truncated = serializers.BooleanField(
        help_text=f"There is more: at most {MAX_NODES} nodes and {MAX_EDGES} edges are shown; see `more` of each node."
    )
    meta = MetaShape(help_text="What the answer says of itself.")


class TimelineFactShape(PublicShape):
    """One dated fact."""

    EXAMPLE = {
        "date": DateShape.EXAMPLE,
        "fact": "milestone",
        "record": _KITES,
        "concerns_it_as": ["committed_by"],
        "field": "milestones.announced",
        "stage": "announced",
        "type": None,
        "evidence": [GraphEvidenceShape.EXAMPLE | {"field": "milestones.announced"}],
    }

    date = DateShape(help_text="As precise as its source.")
    fact = serializers.ChoiceField(list(FACT_LABELS.items()), help_text="What happened.")
    record = ReferenceShape(help_text="The record that says so; the name of a quote is its words.")
    concerns_it_as = serializers.ListField(
        child=serializers.CharField(),
        help_text="How the record names the entity; `itself`, `related` or `evidence` if it does not.",
    )
    field = serializers.CharField(help_text="Where in the record the date stands.")
    stage = serializers.CharField(allow_null=True, help_text="Of a milestone.")
    type = serializers.CharField(allow_null=True, help_text="Of a relation or an event.")
    evidence = GraphEvidenceShape(many=True, help_text=f"Up to {MAX_CITATIONS} citations of that field; `record` has all.")


class TimelinePageShape(PublicShape):
    """A page of the dated facts about an entity."""

    EXAMPLE = {
        "entity": _ARCADIA,
        "results": [TimelineFactShape.EXAMPLE],
        "next": "https://register.example/api/v1/timeline/arcadia/?cursor=a51B",
        "previous": None,
        "meta": _META,
    }

    entity = ReferenceShape(help_text="The entity asked for.")
    results = TimelineFactShape(many=True, help_text="Of two dates that begin on one day the wider comes first.")
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last.")
    previous = serializers.CharField(allow_null=True, help_text="Always null: `ordering` turns a timeline round.")
    meta = MetaShape(
        help_text="What the answer says of itself; `is_truncated` if it is about more records than are read at once."
    )
