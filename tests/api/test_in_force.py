"""One meaning of "no end": the rule, the working copy, lists, the graph, the timeline and JSON-LD give the same answer."""

import datetime
import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.dates import DatePoint, InForce, PartialDate, days_in_force, in_force
from entities.models import Relation
from entities.vocabulary import Modality
from tests import world as make
from tests.invented import publish_cited


def parsed(text: str) -> PartialDate | None:
    return PartialDate.parse(text) if text else None


@pytest.mark.parametrize(
    ("start", "end", "on", "answer"),
    [
        ("2022", "", "2021-12-31", InForce.NO),
        ("2022", "", "2022-01-01", InForce.YES),
        ("2022", "", "2024-07-09", InForce.YES),
        ("2022", "2023", "2024", InForce.NO),
        ("2022", "2023", "2023-12-31", InForce.YES),
        ("2022", "2023", "2023", InForce.YES),
        ("", "2023", "2024-01", InForce.NO),
        ("", "2023", "2022", InForce.NOT_KNOWN),
        ("", "", "2022", InForce.NOT_KNOWN),
        ("2022-06/2023", "", "2022-05-31", InForce.NO),
        ("2022-06/2023", "", "2022-06", InForce.YES),
        ("../2023", "", "1999", InForce.YES),
        ("../2023", "2024/2025-06", "2025-06-30", InForce.YES),
        ("../2023", "2024/2025-06", "2025-07", InForce.NO),
        ("2022/..", "2023/..", "2031", InForce.YES),
        ("", "../2023", "2024", InForce.NO),
        ("", "2023/..", "2024", InForce.NOT_KNOWN),
        ("2022", "2023", "2024/..", InForce.NO),
        ("2022", "2023", "../2021", InForce.NO),
        ("2022", "2023", "2021/2022-02", InForce.YES),
    ],
)
def test_in_force(start, end, on, answer):
    assert in_force(parsed(start), parsed(end), PartialDate.parse(on)) == answer


def test_a_day_of_the_calendar_is_a_time_too():
    assert in_force(DatePoint(2022), None, datetime.date(2024, 7, 9)) == InForce.YES


def test_no_end_is_open_and_no_date_is_no_time_at_all():
    assert days_in_force("2022-01-01", None) == ("2022-01-01", "9999-12-31")
    assert days_in_force(None, None) == ("", "")


_NUMBERS = itertools.count()
_POINTS = ["2021", "2022-03", "2022-03-15", "2022", "2023-06", "2023-06-30", "2024"]
_DATES = st.sampled_from([*_POINTS, "2021-06/2023-06", "2023/..", "../2022-03"])


# Most are in force.
_MODALITIES = st.sampled_from([Modality.IN_FORCE] * 3 + [*Modality])


@st.composite
def times(draw) -> tuple[str, str, str]:
    """Start and end of a relation, either perhaps empty, and its modality."""
    start, end = draw(st.just("") | _DATES), draw(st.just("") | _DATES)
    if start and end and PartialDate.parse(end).precedes(PartialDate.parse(start)):
        start, end = end, start
    return start, end, draw(_MODALITIES)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(times(), min_size=3, max_size=6), on=st.sampled_from(_POINTS))
def test_lists_graph_timeline_and_working_copy_agree(api, public, drawn, on):
    # Relations of earlier examples stay public, so each example has a type of its own.
    type = make.a_relation_type(f"part-of-{next(_NUMBERS)}")
    relations = [
        make.a_relation(public.arcadia, public.ruritania, type, role=f"role {n}", start=start, end=end, modality=modality)
        for n, (start, end, modality) in enumerate(drawn)
    ]
    publish_cited(public.quote, *relations)
    time = PartialDate.parse(on)
    answers = [in_force(parsed(start), parsed(end), time, modality) for start, end, modality in drawn]
    expected = {answer: {f"role {n}" for n, given in enumerate(answers) if given == answer} for answer in InForce}

    listed = api(f"relations/?type={type.slug}&in_force={on}&count=true&page_size=500").data
    assert {row["role"] for row in listed["results"]} == expected[InForce.YES]
    assert listed["count"] == len(expected[InForce.YES])
    assert listed["meta"]["left_out"] == {"in_force_unknown": len(expected[InForce.NOT_KNOWN])}
    # Filters by date agree on what is told as a fact.
    listed = api(f"relations/?type={type.slug}&modality=in_force&date_overlaps={on}&page_size=500").data
    assert {row["role"] for row in listed["results"]} == expected[InForce.YES]

    edges = api(f"graph/arcadia/?type={type.slug}&active_on={on}").data["edges"]
    for answer in (InForce.YES, InForce.NOT_KNOWN):
        assert {edge["role"] for edge in edges if edge["in_force"] == answer} == expected[answer]
    assert len(edges) == len(expected[InForce.YES] | expected[InForce.NOT_KNOWN])

    address = "timeline/arcadia/?fact=relation_start,relation_end&modality=in_force&page_size=200"
    facts = api(address).data["results"]
    assert len(facts) < 200
    dated = {(fact["record"]["slug"], fact["fact"]): fact["date"] for fact in facts}
    in_timeline = set()
    for relation in relations:
        begun, ended = (dated.get((relation.slug, fact)) for fact in ("relation_start", "relation_end"))
        first, last = time.bounds
        if begun and (begun["earliest"] or "") <= last and not (ended and (ended["latest"] or last) < first):
            in_timeline.add(relation.role)
    assert in_timeline == expected[InForce.YES]

    for relation in relations:
        node = json.loads(api(f"relations/{relation.slug}.jsonld").content)
        assert ("temporalCoverage" in node) == (relation.modality == Modality.IN_FORCE and bool(relation.start or relation.end))

    copies = Relation.objects.filter(type=type)
    assert set(copies.in_force(time).values_list("role", flat=True)) == expected[InForce.YES]
    assert set(copies.perhaps_in_force(time).values_list("role", flat=True)) == expected[InForce.NOT_KNOWN]


def test_what_has_begun_long_ago_is_found_page_by_page(api, public):
    type = make.a_relation_type("part-of")
    relations = [
        make.a_relation(public.arcadia, public.ruritania, type, role=f"role {n}", start=start, end=end)
        for n, (start, end) in enumerate([("1949", ""), ("1990", "2025"), ("2020", ""), ("2024-02", ""), ("2024", "2024-03")])
    ]
    publish_cited(public.quote, *relations)
    for ordering in ("date", "-date"):
        roles, address = [], f"relations/?type=part-of&date_from=2024-04&ordering={ordering}&page_size=1"
        while address:
            page = api(address).data
            roles += [row["role"] for row in page["results"]]
            address = page["next"]
        assert roles == [f"role {n}" for n in (range(4) if ordering == "date" else range(3, -1, -1))]


def test_an_organisation_without_an_end_goes_on(slugs, public):
    assert "arcadia" in slugs("organisations/?date_overlaps=2024")
    assert "arcadia" not in slugs("organisations/?date_before=2024")


@pytest.mark.parametrize(
    ("start", "end", "covered"),
    [
        ("2022-03", "", "2022-03/.."),
        ("2022-03", "2023", "2022-03/2023"),
        ("", "2023", "/2023"),
        ("", "", None),
        ("2022-03~/2022-05", "2023/2024-02?", "2022-03~/2024-02?"),
        ("../2022", "2023/..", "/.."),
    ],
)
def test_linked_data_says_that_it_goes_on(api, public, start, end, covered):
    relation = make.a_relation(public.arcadia, public.ruritania, make.a_relation_type("part-of"), start=start, end=end)
    publish_cited(public.quote, relation)
    node = json.loads(api(f"relations/{relation.slug}.jsonld").content)
    assert node.get("temporalCoverage") == covered
