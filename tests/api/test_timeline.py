"""timeline/: dated facts in their order, as precise as their sources."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nato_support.api import dispatch, entity_timeline
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited


@pytest.fixture
def facts(api):
    """["2024-07-09 milestone forty-kites"] of the timeline at an address, all its pages."""

    def asked(address: str) -> list[str]:
        found = []
        address = f"timeline/{address}"
        while address:
            page = api(address).data
            found += [f"{one['date']['value']} {one['fact']} {one['record']['slug']}" for one in page["results"]]
            address = page["next"]
        return found

    return asked


def quote_of(public) -> str:
    return f"2024-07-09 quote {public.quote.slug}"


def test_the_facts_of_each_kind_of_entity(facts, public):
    kites = "2024-07-09 milestone forty-kites"
    assert facts("arcadia/") == ["1949-04 founded arcadia", kites, quote_of(public)]
    assert facts("ruritania/") == [kites, quote_of(public)]
    assert facts("forty-kites/") == [kites, quote_of(public)]
    assert facts("ada-fell/") == [quote_of(public)]
    assert facts("lake-meeting/") == [
        "2024-07-09 event_start lake-meeting",
        kites,
        quote_of(public),
        "2024-07-11 event_end lake-meeting",
    ]


def test_each_fact_says_where_it_stands_and_on_what_it_rests(api, public):
    found = {one["fact"]: one for one in api("timeline/lake-meeting/").data["results"]}
    milestone = found["milestone"]
    assert milestone["field"] == f"milestones.{public.milestone.key}"
    assert milestone["stage"] == "announced"
    assert milestone["concerns_it_as"] == ["event"]
    assert milestone["record"]["href"] == "/api/v1/commitments/forty-kites/"
    [evidence] = milestone["evidence"]
    assert evidence["exact"] == "We pledge forty kites, no more and no less"
    assert evidence["document"]["publisher"]["slug"] == "arcadian-courier"
    assert found["quote"]["concerns_it_as"] == ["occasion"]
    assert found["quote"]["field"] == "said_on"
    assert found["quote"]["record"]["href"] == f"/api/v1/quotes/{public.quote.slug}/"
    assert found["event_start"]["concerns_it_as"] == ["itself"]
    assert found["event_start"]["type"] == "meeting"


@pytest.fixture
def dated(public):
    """Relations of Ruritania with partial dates, one with a meeting that has dates of its own."""
    kind = make.a_relation_type("took-part-in", ("organisation", "event"))
    allies = []
    for slug, start, end in [
        ("day", "2020-01-01", "2020-03"),
        ("year", "2020", ""),
        ("month", "2020-01", ""),
        ("only-end", "", "2019-12~"),
        ("undated", "", ""),
    ]:
        ally = make.an_organisation(slug)
        relation = make.a_relation(ally, public.ruritania, public.alliance.type, start=start, end=end)
        allies += [ally, relation]
    summit = make.an_event("summit", start="2018", end="2018-02-03")
    attendance = make.a_relation(public.ruritania, summit, kind)
    publish_cited(public.quote, *allies, summit, attendance)


ENDS = [
    "2018 event_start summit",
    "2018-02-03 event_end summit",
    "2019-12 relation_end only-end-works-alongside-ruritania",
    "2020 relation_start year-works-alongside-ruritania",
    "2020-01 relation_start month-works-alongside-ruritania",
    "2020-01-01 relation_start day-works-alongside-ruritania",
    "2020-03 relation_end day-works-alongside-ruritania",
    "2024-07-09 milestone forty-kites",
]


def test_partial_dates_keep_their_precision_and_the_wider_comes_first(api, facts, public, dated):
    assert facts("ruritania/") == [*ENDS, quote_of(public)]
    assert facts("ruritania/?ordering=-date") == [*ENDS, quote_of(public)][::-1]
    [fact] = [one for one in api("timeline/ruritania/").data["results"] if one["record"]["slug"].startswith("only-end")]
    assert fact["date"]["is_approximate"] is True
    assert fact["date"]["precision"] == "month"
    assert fact["concerns_it_as"] == ["object"]
    assert fact["type"] == "works-alongside"


def test_intervals_stand_where_they_begin_and_what_is_open_to_the_past_comes_first(facts, promise, public):
    for slug, date in [
        ("from", "2020/.."),
        ("year", "2020"),
        ("weeks", "2020-01-01/2020-02-10"),
        ("month", "2020-01"),
        ("until", "../2021"),
    ]:
        promise(slug, date, beneficiary=public.ruritania)
    until, *rest = milestones = [
        "../2021 milestone until",
        "2020/.. milestone from",
        "2020 milestone year",
        "2020-01-01/2020-02-10 milestone weeks",
        "2020-01 milestone month",
    ]
    assert facts("ruritania/?fact=milestone&date_to=2021") == milestones
    assert facts("ruritania/?fact=milestone&date_to=2019") == [until]
    assert facts("ruritania/?fact=milestone&date_from=2020-02&date_to=2023") == [until, *rest[:3]]
    assert facts("ruritania/?fact=milestone&date_from=2022&date_to=2023") == [rest[0]]


@pytest.mark.parametrize("ordering", ["date", "-date"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_end_with_every_fact_once_whatever_is_published_meanwhile(api, facts, promise, public, dated, size, ordering):
    whole = facts(f"ruritania/?ordering={ordering}")
    assert facts(f"ruritania/?ordering={ordering}&page_size={size}") == whole
    first = api(f"timeline/ruritania/?ordering={ordering}&page_size={size}").data
    promise("meanwhile", "2020-02", beneficiary=public.ruritania)
    rest = facts(first["next"].removeprefix("http://testserver/api/v1/timeline/"))
    assert len(rest) == len(whole) - size
    assert api(first["next"]).data["meta"]["release"] == first["meta"]["release"]
    assert "2020-02 milestone meanwhile" in facts("ruritania/")


def test_by_kind_of_fact_and_span(facts, public, dated):
    assert facts("ruritania/?fact=event_start,event_end") == ENDS[:2]
    assert facts("ruritania/?date_from=2019&date_to=2020-01") == ENDS[2:6]
    assert facts("ruritania/?date_to=2018-02-02") == ENDS[:1]
    # A year reaches into its last day.
    assert facts("ruritania/?date_from=2020-12-31") == [ENDS[3], ENDS[7], quote_of(public)]
    assert facts("ruritania/?date_from=2021&date_to=2023") == []


def test_as_of(facts, public, dated):
    assert facts("ruritania/?as_of=release:1") == ["2024-07-09 milestone forty-kites", quote_of(public)]
    withdraw([public.kites])
    assert facts("ruritania/?as_of=release:1") == [quote_of(public)]


def test_words_that_were_withdrawn_since_are_no_fact_of_the_past_either(facts, public):
    words = make.a_quote(public.quote.document, "Arcadia will give Ruritania 40 kites", said_on="2024-07-10")
    make.a_citation(words, public.arcadia, "name", "Arcadia")
    public.arcadia.refresh_from_db()
    publish([words, public.arcadia])
    said = f"2024-07-10 quote {words.slug}"
    assert said in facts("arcadia/") and said in facts("arcadia/?as_of=release:2")
    withdraw([words])
    assert said not in facts("arcadia/") and said not in facts("arcadia/?as_of=release:2")


def test_a_draft_is_no_fact(facts, public):
    kind = make.a_relation_type("part-of")
    make.a_relation(make.an_organisation("secret"), public.ruritania, kind, start="2001")
    make.a_milestone(public.kites, "agreed", "2001")
    assert facts("ruritania/") == ["2024-07-09 milestone forty-kites", quote_of(public)]


def test_of_more_than_is_read_the_newest_are_there_and_it_says_so(api, promise, public, monkeypatch):
    monkeypatch.setattr(entity_timeline, "MAX_RECORDS", 2)
    for year in (2021, 2023, 2022):
        promise(f"kites-of-{year}", str(year), by=[public.arcadia])
    answer = api("timeline/arcadia/?fact=milestone").data
    assert answer["meta"]["is_truncated"] is True
    assert {"forty-kites", "kites-of-2023"} <= {one["record"]["slug"] for one in answer["results"]}
    older = api("timeline/arcadia/?fact=milestone&date_to=2021").data
    assert [one["record"]["slug"] for one in older["results"]] == ["kites-of-2021"]
    assert "is_truncated" not in older["meta"]


def test_statements_do_not_grow_with_the_facts(api, promise, public, monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            api("timeline/arcadia/")
        return len(captured)

    few = statements()
    for at in range(6):
        promise(f"more-{at}", "2024", by=[public.arcadia])
    assert statements() == few <= 8


BAD_QUESTIONS = [
    "fact=rumour",
    "date_from=2024-02-30",
    "date_from=2025&date_to=2024",
    "ordering=name",
    "page_size=0",
    "page_size=201",
    "page_size=%D9%A3",
    "cursor=abc",
    "cursor=%00",
    "as_of=release:99",
    "count=true",
    f"date_to={'2' * 5000}",
]


def test_bad_questions(api, subtests):
    for query in BAD_QUESTIONS:
        with subtests.test(query=query):
            api(f"timeline/arcadia/?{query}", 400)


def test_a_cursor_belongs_to_its_timeline(api, public, dated):
    cursor = api("timeline/ruritania/?page_size=1").data["next"].split("cursor=")[1]
    assert api(f"timeline/arcadia/?cursor={cursor}", 400).data["type"].endswith("cursor-mismatch/")
    assert api(f"timeline/ruritania/?ordering=-date&cursor={cursor}", 400).data["type"].endswith("cursor-mismatch/")
    assert api(f"timeline/ruritania/?cursor={cursor[:-3]}", 400).data["type"].endswith("cursor-invalid/")


def test_what_a_commitment_concerns_has_it_in_its_timeline_and_graph(api, facts, public):
    commitment = make.a_commitment("no-kites", nature="refusal", due="2025-03", period="2026")
    commitment.concerns.set([public.ruritania, public.courier])
    other_quote = make.a_quote(public.document, "Arcadia will give Ruritania 40 kites", kind="narration")
    make.a_citation(other_quote, commitment, "concerns", "arcadian-courier")
    publish([other_quote])
    publish_cited(public.quote, commitment)
    told = facts("ruritania/?fact=due,period")
    assert told == ["2025-03 due no-kites", "2026 period no-kites"]
    # Neither is dated by milestones alone.
    assert facts("ruritania/?date_from=2025&date_to=2025") == ["2025-03 due no-kites"]
    [fact] = api("timeline/ruritania/?fact=due").data["results"]
    assert fact["concerns_it_as"] == ["concerns"] and fact["evidence"][0]["field"] == "due"
    [edge] = api("graph/ruritania/?type=concerns").data["edges"]
    assert (edge["label"], edge["target"]["slug"]) == ("concerns", "ruritania")
    [other] = api("graph/arcadian-courier/?type=concerns").data["edges"]
    for one, quote in ((edge, public.quote), (other, other_quote)):
        assert [(citation["field"], citation["quote"]) for citation in one["evidence"]] == [("concerns", quote.slug)]
    assert [row["slug"] for row in api("commitments/?party=ruritania&nature=refusal").data["results"]] == ["no-kites"]
    assert api("organisations/ruritania/").data["links"]["commitments_concerning_it"].endswith("?concerns=ruritania")
