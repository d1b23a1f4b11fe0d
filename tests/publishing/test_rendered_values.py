"""The values of rendered records are those of their working copies."""

import json
from collections import Counter

import pytest

from entities.citable_fields import EvidenceClass
from entities.field_values import record_field_values
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from nato_support.publishing.publication import publish
from nato_support.publishing.rendered_field_values import rendered_field_values
from tests import world as make

pytestmark = pytest.mark.django_db


def test_a_rendered_record_and_its_working_copy_have_the_same_values(public):
    public.kites.names.create(text="Operation Kite", kind="alias")
    public.yard.latitude, public.yard.longitude, public.yard.condition = "53.1000", "18.5", "planned"
    public.yard.save()
    public.meeting.latitude, public.meeting.longitude = "61.1200", "-10.5"
    public.meeting.save()
    make.a_measure(public.kites, "cost", kind="money", value="5", upper="7.50", unit="", currency="EUR", qualifier="about")
    make.a_milestone(public.kites, "agreed", "2024-06~", key="agreed")
    make.a_measure(public.kites, "sent", value=9, as_of="2024-07", milestone=public.milestone)
    public.kites.identifiers.create(scheme="wikidata", value="Q1")
    make.cite_values(public.quote, public.kites)
    for record in (public.kites, public.yard, public.meeting):
        record.refresh_from_db()
        publish([record])
    entities = (public.arcadia, public.yard, public.ada, public.minister, public.meeting, public.kites)
    for record, pairs in record_field_values([*entities, public.alliance]).items():
        edition = Edition.objects.filter(LIVE_EDITIONS).get(slug=record.slug)
        rendered = rendered_field_values(json.loads(edition.document), json.loads(edition.evidence))
        assert Counter(rendered) == Counter(pairs), record
    values = {value.field: value for value in record_field_values([public.kites])[public.kites]}
    assert values["measures.cost"] == ("measures.cost", "about 5..7.5 EUR", EvidenceClass.STATED)
    assert values["measures.sent"].value == "announced: 9 kite as of 2024-07"
