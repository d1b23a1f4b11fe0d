"""Serializers that describe timelines in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities import vocabulary as v
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
    "founded": "it was founded",
    "dissolved": "it was dissolved",
    "event_start": "an event began: the entity itself, or one related to it",
    "event_end": "such an event ended",
    "milestone": "a commitment reached a stage: the entity itself, or one that names it",
    "due": "a commitment is due: the entity itself, or one that names it",
    "period": "the time for which a commitment is meant: the entity itself, or one that names it",
    "measure": "an amount held: of the entity itself, of an event related to it, or of a commitment that names it",
    "relation_start": "one of its relations began, or is to begin: see its modality",
    "relation_end": "one of its relations ended, or is to end",
    "quote": "words were said by it or at it, or are evidence for it",
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
        "modality": None,
        "contested": False,
        "evidence": [GraphEvidenceShape.EXAMPLE | {"field": "milestones.announced"}],
    }

    date = DateShape(help_text="As precise as its source.")
    fact = serializers.ChoiceField(list(FACT_LABELS.items()), help_text="Kind of fact.")
    record = ReferenceShape(help_text="The record that states the fact; the name of a quote is its words.")
    concerns_it_as = serializers.ListField(
        child=serializers.CharField(),
        help_text="Fields of the record that name the entity; else `itself`, `related` or `evidence`.",
    )
    field = serializers.CharField(help_text="Field of the record that holds the date.")
    stage = serializers.CharField(
        allow_null=True, help_text="Stage of the milestone, or of the one that an amount belongs to; null for other facts."
    )
    type = serializers.CharField(allow_null=True, help_text="Type of the relation or event; null for other facts.")
    modality = serializers.ChoiceField(
        v.Modality.choices,
        allow_null=True,
        help_text="Modality of the relation: a planned one has not begun; null for other facts.",
    )
    contested = serializers.BooleanField(help_text="True if sources differ on the date, unresolved or disputed.")
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
    results = TimelineFactShape(
        many=True, help_text="In order of date; of two dates that begin on the same day, the less precise comes first."
    )
    next = serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last.")
    previous = serializers.CharField(allow_null=True, help_text="Always null: use `ordering` to reverse the timeline.")
    meta = MetaShape(
        help_text="Information about the response; `is_truncated` if more records are concerned than are read at once."
    )
