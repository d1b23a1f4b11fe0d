"""Serializers that describe timelines in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities.serializers import DateShape, PublicShape, ReferenceShape
from nato_support.api.graph_shapes import (
    EXAMPLE_COMMITMENT,
    EXAMPLE_META,
    EXAMPLE_ORGANISATION,
    MAX_CITATIONS,
    GraphEvidenceShape,
)
from nato_support.api.response_shapes import MetaShape

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
"""Kind of fact -> description, in the order in which facts of the same date are listed."""


class TimelineFactShape(PublicShape):
    """A dated fact."""

    EXAMPLE = {
        "date": DateShape.EXAMPLE,
        "fact": "milestone",
        "record": EXAMPLE_COMMITMENT,
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
        "entity": EXAMPLE_ORGANISATION,
        "results": [TimelineFactShape.EXAMPLE],
        "next": "https://register.example/api/v1/timeline/arcadia/?cursor=a51B",
        "previous": None,
        "meta": EXAMPLE_META,
    }

    entity = ReferenceShape(help_text="The entity asked for.")
    results = TimelineFactShape(many=True, help_text="Of two dates that begin on one day the wider comes first.")
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last.")
    previous = serializers.CharField(allow_null=True, help_text="Always null: `ordering` turns a timeline round.")
    meta = MetaShape(
        help_text="What the answer says of itself; `is_truncated` if it is about more records than are read at once."
    )
