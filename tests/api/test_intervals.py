"""Intervals in answers and filters: a date that lies somewhere between two days, or before or after one."""

import csv
import io
import json

import pytest
from django.core.exceptions import ValidationError

from entities.dates import GOES_ON
from entities.models import Event
from nato_support.publishing.models.public_tables import EditionTerm
from nato_support.publishing.publication import publish
from nato_support.publishing.record_page_view import format_date
from tests import world as make
from tests.invented import publish_cited

STARTS = {
    "between": "2024-06-15~/2024-07-08",
    "across": "2023-11/2024-02",
    "until": "../2024-03",
    "after": "2024-09/..",
    "point": "2024-05",
}


@pytest.fixture
def meetings(public):
    """A meeting for each of STARTS."""
    events = [make.an_event(slug, start=start) for slug, start in STARTS.items()]
    publish_cited(public.quote, *events)


@pytest.mark.parametrize(
    ("slug", "shape", "words"),
    [
        (
            "between",
            {"earliest": "2024-06-15", "latest": "2024-07-08", "is_approximate": True},
            "between about 15 June 2024 and 8 July 2024",
        ),
        ("until", {"earliest": None, "latest": "2024-03-31", "is_approximate": False}, "by the end of March 2024"),
        ("after", {"earliest": "2024-09-01", "latest": None, "is_approximate": False}, "from September 2024 on"),
    ],
)
def test_an_interval_is_given_as_it_stands_with_its_bounds(api, meetings, slug, shape, words):
    start = api(f"events/{slug}/").data["start"]
    assert start == shape | {"value": STARTS[slug], "precision": "interval", "is_uncertain": False}
    assert format_date(start) == words


def test_tables_and_linked_data_keep_its_text(api, meetings):
    lines = csv.DictReader(io.StringIO(api("events.csv").content.decode("utf-8-sig")))
    starts = {line["slug"]: line["start.value"] for line in lines}
    assert {slug: starts[slug] for slug in STARTS} == STARTS
    for slug, start in STARTS.items():
        node = json.loads(api(f"events/{slug}.jsonld").content)
        assert node["start"] == {"@value": start, "@type": "edtf"}
        assert node["temporalCoverage"] == start
        assert "startDate" not in node


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("date_overlaps=2024-06-30", {"between"}),
        ("date_overlaps=2023", {"across", "until"}),
        ("date_overlaps=1990", {"until"}),
        ("date_overlaps=2024-02", {"across", "until"}),
        ("date_overlaps=2031", {"after"}),
        ("date_overlaps=2024-06/..", {"between", "after"}),
        ("date_within=2024-06/2024-07", {"between"}),
        ("date_within=2024-06/2024-07-07", set()),
        ("date_within=../2024-03", {"across", "until"}),
        ("date_within=2024/..", {"between", "after", "point"}),
        ("date_within=2023/2024", {"between", "across", "point"}),
        ("date_before=2024-04", {"across", "until"}),
        ("date_after=2024-04", {"between", "after", "point"}),
        ("date_from=2024-03-31&date_to=2024-05", {"until", "point"}),
        ("date_known=true", set(STARTS)),
        ("date_known=false", set()),
    ],
)
def test_filters_by_date_treat_an_interval_by_its_bounds(slugs, meetings, query, found):
    assert set(slugs(f"events/?{query}")) & set(STARTS) == found


def test_lists_sort_an_interval_by_its_first_day(slugs, meetings):
    in_order = ["until", "across", "point", "between", "after"]
    assert [slug for slug in slugs("events/?ordering=date") if slug in STARTS] == in_order
    assert [slug for slug in slugs("events/?ordering=-date") if slug in STARTS] == in_order[::-1]


@pytest.mark.parametrize("slug", ["until", "after"])
def test_an_open_interval_is_not_indexed_year_by_year(meetings, slug):
    spans = EditionTerm.objects.filter(edition__slug=slug, field="spans")
    assert list(spans.values_list("value", flat=True)) == [GOES_ON]


@pytest.mark.parametrize(
    ("said_on", "query", "found"),
    [
        ("2023-11/2024-02", "said_overlaps=2024-01", True),
        ("2023-11/2024-02", "said_overlaps=2024-03", False),
        ("2023-11/2024-02", "said_within=2024", False),
        ("2023-11/2024-02", "said_within=2023/2024", True),
        ("../2024-02", "said_overlaps=2001", True),
        ("../2024-02", "said_within=2001/2024", False),
        ("../2024-02", "said_within=../2024", True),
        ("2023/..", "said_overlaps=2040/..", True),
        ("2023/..", "said_overlaps=2022", False),
        ("2023/..", "said_within=2023/..", True),
    ],
)
def test_words_said_within_an_interval(slugs, public, said_on, query, found):
    public.quote.said_on = said_on
    public.quote.save()
    publish([public.quote])
    assert (public.quote.slug in slugs(f"quotes/?{query}")) is found


@pytest.mark.parametrize(
    ("milestones", "query", "found"),
    [
        (["2024-07", "../2024-12"], "date_within=2024", True),
        (["2024-07", "../2024-12"], "date_overlaps=2023", False),
        (["../2024-12"], "date_overlaps=2023", True),
        (["2024-07", "2025/.."], "date_overlaps=2030", True),
        (["2024-07", "2025/.."], "date_within=2024/2026", False),
    ],
)
def test_a_commitment_lasts_from_its_first_known_milestone(slugs, public, milestones, query, found):
    commitment = make.a_commitment("fifty-kites")
    for at, date in enumerate(milestones):
        make.a_milestone(commitment, ["announced", "delivered"][at], date)
    publish_cited(public.quote, commitment)
    assert ("fifty-kites" in slugs(f"commitments/?{query}")) is found


def test_the_graph_dates_a_commitment_by_its_first_known_milestone(api, public):
    make.a_milestone(public.kites, "delivered", "../2025", key="delivered")
    publish_cited(public.quote, public.kites)
    [edge] = api("graph/ruritania/?type=beneficiary").data["edges"]
    assert edge["start"]["value"] == "2024-07-09"


def test_the_public_history_names_both_dates(api, meetings, public):
    event = Event.objects.get(slug="until")
    event.start = "2024-02/2024-03"
    event.save()
    publish_cited(public.quote, event)
    body = json.dumps(api("events/until/editions/").data)
    assert "../2024-03" in body and "2024-02/2024-03" in body


@pytest.mark.parametrize("start", ["2025/2024", "../..", "2024/"])
def test_an_event_never_starts_in_no_interval(db, start):
    event = make.an_event()
    event.start = start
    with pytest.raises(ValidationError, match="ends before it begins|open at both ends|is not a date"):
        event.full_clean()
