"""Doubts: values that are unlikely as they stand, each told in a sentence."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Commitment
from entities.vocabulary import DoubtKind
from sources.evidence.doubtful_facts import doubts_of_records, find_doubts
from tests import world as make

pytestmark = pytest.mark.django_db

TODAY = date(2025, 6, 15)


def told(*records, on: date = TODAY) -> list[tuple[str, str]]:
    """Kind and sentence of each doubt about the records, or about the whole register."""
    doubts = doubts_of_records(records, on) if records else find_doubts(on).doubts
    return [(doubt.kind.value, doubt.sentence) for doubt in doubts]


def kinds(*records, on: date = TODAY) -> list[str]:
    return [kind for kind, _ in told(*records, on=on)]


def fresh(commitment: Commitment) -> Commitment:
    return Commitment.objects.get(pk=commitment.pk)


def promise(world, promised: dict, *deliveries: dict, stage: str = "delivered", **fields) -> Commitment:
    commitment = make.a_commitment("tents", **fields)
    make.a_measure(commitment, "promised", unit="tent", **promised)
    for at, delivered in enumerate(deliveries):
        step = make.a_milestone(commitment, stage, f"2024-0{at + 1}")
        make.a_measure(commitment, f"came-{at}", unit="tent", milestone=step, **delivered)
    return commitment


def a_term(world, slug: str, start: str = "", end: str = "", post=None, **fields):
    holds = make.a_relation_type("holds", ("person", "post"))
    return make.a_relation(make.a_person(slug), post or world.minister, holds, start=start, end=end, **fields)


def a_plan(world, **fields):
    return make.a_relation(world.arcadia, world.courier, **{"modality": "planned"} | fields)


def test_the_invented_world_is_beyond_doubt(records):
    assert told() == []


# Citations


@pytest.mark.parametrize(
    ("field", "value", "as_stated", "kind", "says"),
    [
        (
            "measures.kites",
            "60 kite",
            "forty kites",
            "words_read_otherwise",
            "states “60 kites”, but its words “forty kites” read 40",
        ),
        (
            "due",
            "2023-07-10",
            "July 10",
            "words_read_otherwise",
            "states “10 July 2023”, but its words “July 10” read 10 July 2024",
        ),
        ("milestones.announced", "announced 2023-07-09", "July 9", "words_read_otherwise", "“July 9” read 9 July 2024"),
        (
            "committed_by",
            "ruritania",
            "Arcadia",
            "words_read_otherwise",
            "states “ruritania”, but its words “Arcadia” read arcadia",
        ),
        ("due", "2022", "by the time of its last war, in 2023", "another_year", "states “2022”, but its passage speaks of 2023."),
        ("due", "2022", "when the lake is calm", "another_year", "but its passage speaks of 2023 and 2024."),
        ("measures.kites", "60 kite", "not said before", "another_number", "“60 kites”, but its passage says 40 kites."),
    ],
)
def test_a_value_that_its_passage_cannot_mean(world, field, value, as_stated, kind, says):
    text = "Arcadia said on July 9, by the time of its last war, in 2023: forty kites, not said before, by July 10, 2024"
    text += " when the lake is calm."
    quote = make.a_quote(make.a_document("herald", text), text)
    make.a_citation(quote, world.kites, field, value, as_stated=as_stated, note="")
    [(found, sentence)] = told(world.kites)
    assert found == kind and says in sentence
    assert sentence.startswith("“Forty Kites”, ")


@pytest.mark.parametrize(
    ("field", "value", "as_stated"),
    [
        ("measures.kites", "40 kite", "forty kites"),
        ("measures.kites", "unspecified kite", "not said before"),
        ("measures.kites", "60 tent", "not said before"),
        ("due", "2024-07-10", "July 10"),
        ("due", "2020/2030", "when the lake is calm"),
        ("due", "2023-05", "when the lake is calm"),
        ("nature", "plan", "forty kites"),
        ("summary", "60 kites", "forty kites"),
    ],
)
def test_a_value_that_its_passage_may_mean(world, field, value, as_stated):
    text = "Arcadia said on July 9, in 2023: forty kites, not said before, by July 10 when the lake is calm."
    quote = make.a_quote(make.a_document("herald", text), text)
    make.a_citation(quote, world.kites, field, value, as_stated=as_stated, note="")
    assert told(world.kites) == []


@pytest.mark.parametrize(
    ("field", "value", "as_stated", "doubted"),
    [
        # Changing the value and explaining it does not get past the reader: the note is shown.
        ("measures.kites", "60 kite", "forty kites", True),
        ("measures.kites", "about 40 kite", "forty kites", False),
        ("due", "2023-07-10", "July 10", True),
        ("due", "2024-07-10/2024-12-31", "2024", False),
        ("names", "Harbour kites", "forty kites", False),
    ],
)
def test_a_note_that_names_the_value_explains_all_but_another_amount_or_date(world, field, value, as_stated, doubted):
    text = "Arcadia said: forty kites by July 10, in 2024."
    quote = make.a_quote(make.a_document("herald", text), text)
    make.a_citation(quote, world.kites, field, value, as_stated=as_stated, note=f"{value}, as we think.")
    assert [f"Its note says: “{value}, as we think”." in sentence for _, sentence in told(world.kites)] == [True] * doubted


def test_doubts_about_a_citation_are_said_of_its_quote_and_document_too(world):
    make.a_citation(world.quote, world.kites, "measures.kites", "60 kite", as_stated="forty kites", note="")
    assert kinds(world.quote) == kinds(world.document) == kinds(world.kites) == ["words_read_otherwise"]
    assert kinds(world.arcadia) == kinds(world.alliance) == kinds(make.a_document("other", "Nothing.")) == []


# Commitments


@pytest.mark.parametrize(
    ("due", "steps", "event", "doubted"),
    [
        ("2024-06", [("announced", "2024-07-09")], "", True),
        ("2024-07", [("announced", "2024-07-09")], "", False),
        ("../2024-07-08", [("announced", "2024-07-09")], "", True),
        ("2024-06", [], "2024-07-09", True),
        ("2024-06", [("agreed", "2024-07-09")], "", True),
        # It was announced again later, or agreed after it was announced.
        ("2024-06", [("announced", "2024-05"), ("announced", "2024-09")], "", False),
        ("2024-06", [("announced", "2024-05"), ("agreed", "2024-09")], "", False),
        ("2024-06", [("announced", "")], "", False),
        ("", [("announced", "2024-07-09")], "", False),
    ],
)
def test_due_before_its_announcement(world, due, steps, event, doubted):
    at = make.an_event("talks", start=event) if event else None
    tents = make.a_commitment("tents", due=due, announced_at=at)
    for number, (stage, day) in enumerate(steps):
        make.a_milestone(tents, stage, day, key=f"step-{number}")
    early = [sentence for kind, sentence in told(tents, on=date(2023, 1, 1)) if kind == "due_before_announcement"]
    assert bool(early) == doubted
    if doubted:
        assert "“Tents” is due (" in early[0] and "before it was announced (9 July 2024)." in early[0]


@pytest.mark.parametrize(("due", "period", "doubted"), [("2024", "2025", True), ("2025-01", "2025", False), ("", "2025", False)])
def test_due_before_its_period(world, due, period, doubted):
    tents = make.a_commitment("tents", due=due, period=period)
    assert kinds(tents, on=date(2023, 1, 1)) == ["due_before_period"] * doubted


@pytest.mark.parametrize(
    ("promised", "deliveries", "sentence"),
    [
        ({"value": 40}, [{"value": 30}, {"value": 11}], "“Tents”: 41 tents delivered, but 40 tents promised."),
        ({"value": 40}, [{"value": 30}, {"value": 10}], ""),
        ({"value": 40}, [{"value": 42, "qualifier": "about"}], ""),
        ({"value": 40}, [{"value": 50, "qualifier": "about"}], "“Tents”: at least 45 tents delivered, but 40 tents promised."),
        ({"value": 40, "qualifier": "about"}, [{"value": 43}], ""),
        ({"value": 40, "qualifier": "up_to"}, [{"value": 41}], "“Tents”: 41 tents delivered, but at most 40 tents promised."),
        ({"value": 40, "qualifier": "at_least"}, [{"value": 400}], ""),
        # Running totals are not added up.
        ({"value": 40}, [{"value": 30, "as_of": "2024-01"}, {"value": 39, "as_of": "2024-02"}], ""),
    ],
)
def test_more_delivered_than_promised(world, promised, deliveries, sentence):
    tents = promise(world, promised, *deliveries)
    assert told(tents) == ([("more_than_promised", sentence)] if sentence else [])


def test_more_allocated_than_promised(world):
    tents = promise(world, {"value": 40}, {"value": 41}, stage="allocated")
    assert told(tents) == [("more_than_promised", "“Tents”: 41 tents allocated, but 40 tents promised.")]


def test_overdue_from_the_day_after_it_was_due(world):
    tents = promise(world, {"value": 40}, {"value": 10}, due="2024-06")
    assert kinds(tents, on=date(2024, 6, 30)) == []
    assert told(tents, on=date(2024, 7, 1)) == [
        ("overdue", "“Tents” is overdue: its due date (June 2024) is past, and its stage is delivered in part.")
    ]
    make.a_milestone(tents, "dropped", "2024-06-30")
    assert kinds(tents, on=date(2024, 7, 1)) == []


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"nature": "plan", "period": "2024"}, ["past_plan"]),
        ({"nature": "target", "due": "2024"}, ["past_plan"]),
        ({"nature": "plan", "due": "2024", "period": "2025/.."}, ["overdue", "due_before_period"]),
        ({"nature": "plan", "period": "2025"}, []),
        ({"nature": "plan"}, []),
        ({"nature": "pledge", "period": "2024"}, []),
    ],
)
def test_a_plan_in_the_past_without_a_milestone(world, fields, expected):
    tents = make.a_commitment("tents", **fields)
    assert sorted(kinds(tents)) == sorted(expected)
    if "past_plan" in expected:
        make.a_milestone(tents, "delivered", "2024")
        assert kinds(fresh(tents)) == []


# Relations


@pytest.mark.parametrize(
    ("fields", "doubted"),
    [
        ({"start": "2024"}, True),
        ({"start": "2024", "modality": "expected"}, True),
        ({"end": "2024"}, True),
        ({"start": "2025"}, False),
        ({"start": "2024/.."}, False),
        ({"start": "2024", "modality": "conditional"}, False),
        ({"start": "2024", "modality": "in_force"}, False),
        ({}, False),
    ],
)
def test_planned_for_a_time_that_is_past(world, fields, doubted):
    assert kinds(a_plan(world, **fields)) == ["past_start"] * doubted


@pytest.mark.parametrize(
    ("times", "field", "value", "doubted"),
    [
        ({"start": "2020", "end": "2022"}, "start", "2023", True),
        ({"start": "2020", "end": "2022"}, "end", "2019", True),
        ({"start": "2020", "end": "2022"}, "start", "2021", False),
        ({"start": "2020"}, "start", "2023", False),
        ({"end": "2022"}, "start", "2022-12", False),
        ({"start": "2020", "end": "2022"}, "role", "2023", False),
    ],
)
def test_an_end_before_a_start_that_a_source_states(world, times, field, value, doubted):
    relation = make.a_relation(world.arcadia, world.courier, **times)
    make.a_citation(world.quote, relation, field, value)
    found = told(relation)
    assert [kind for kind, _ in found] == ["end_before_start"] * doubted
    if doubted and field == "start":
        assert "ends (2022) before the start (2023) that the passage “We pledge forty kites" in found[0][1]
    make.a_citation(world.quote, make.a_relation(world.courier, world.arcadia, end="2022"), "start", "2023", polarity="denies")
    assert len(told()) == len(found)


@pytest.mark.parametrize(
    ("first", "second", "doubted"),
    [
        (("2020", ""), ("2022", ""), True),
        (("2020", "2023-05"), ("2022", "2024"), True),
        (("2020", "2022-05"), ("2022-05", ""), False),
        (("2020", "2022-05-01"), ("2022-05-01", ""), False),
        (("2020", "2022"), ("2022", ""), False),
        (("2020", "2022"), ("2021-06-01", "2023"), True),
        (("", "2023"), ("2022", ""), False),
        (("", ""), ("2022", ""), False),
    ],
)
def test_two_persons_hold_one_post_at_one_time(world, first, second, doubted):
    one, other = a_term(world, "cy-rook", *first), a_term(world, "bo-vale", *second)
    a_term(world, "di-hart", "2000", post=make.a_post(world.arcadia, "minister-of-tents"))
    expected = ["post_held_twice"] * doubted
    assert kinds(one) == kinds(other) == kinds() == expected
    if first == ("2020", "") and doubted:
        assert told()[0][1] == (
            "“Minister Of Kites” is held by Cy Rook (start: 2020, no end) and by Bo Vale (start: 2022, no end) at one time."
        )


@pytest.mark.parametrize("fields", [{"modality": "planned"}, {"status": "withdrawn"}])
def test_a_term_that_is_planned_or_withdrawn_overlaps_with_none(world, fields):
    a_term(world, "cy-rook", "2020", **fields)
    one = a_term(world, "bo-vale", "2022")
    assert "post_held_twice" not in [*kinds(), *kinds(one)]


@pytest.mark.parametrize(
    ("quote", "citation", "doubted"),
    [
        ({"attribution": "officials"}, {}, False),
        ({"reported_by": "a spokesman"}, {}, False),
        ({}, {}, True),
        ({"attribution": "officials"}, {"polarity": "denies"}, True),
        ({"attribution": "officials"}, {"value": "planned: arcadia part-of arcadian-courier"}, True),
    ],
)
def test_a_claim_of_nobody(world, quote, citation, doubted):
    claim = a_plan(world, modality="claimed")
    make.a_relation_citation(make.a_quote(world.document, "About 700 clerks", **quote), claim, **citation)
    assert kinds(claim) == kinds() == ["no_claimer"] * doubted


def test_a_claim_of_a_speaker(world):
    claim = a_plan(world, modality="claimed")
    assert kinds(claim) == ["no_claimer"]
    make.a_relation_citation(world.quote, claim)
    assert kinds(claim) == []


# Searching


@pytest.fixture
def doubtful(world):
    """A doubt of every kind of search: of a commitment, a term, a plan, a claim, a cited time and a citation."""
    make.a_commitment("tents", due="2024")
    a_term(world, "cy-rook", "2020")
    a_term(world, "bo-vale", "2021")
    a_plan(world, start="2024")
    make.a_relation(world.ruritania, world.courier, modality="claimed")
    make.a_citation(world.quote, make.a_relation(world.courier, world.ruritania, end="2022"), "start", "2023")
    make.a_citation(world.quote, world.kites, "measures.kites", "60 kite", as_stated="forty kites", note="")
    return world


FOUND = {"overdue", "post_held_twice", "past_start", "no_claimer", "end_before_start", "words_read_otherwise"}


def test_only_the_kinds_asked_for_are_found(doubtful):
    assert set(kinds()) == FOUND
    for kind in DoubtKind:
        assert {doubt.kind for doubt in find_doubts(TODAY, [kind]).doubts} == {kind} & FOUND


def test_withdrawn_and_merged_records_are_left_out(doubtful):
    Commitment.objects.filter(slug="tents").update(status="withdrawn")
    doubtful.kites.entity_ptr_id = doubtful.kites.pk
    Commitment.objects.filter(slug="forty-kites").update(merged_into=doubtful.arcadia.pk)
    assert set(kinds()) == FOUND - {"overdue", "words_read_otherwise"}
    # Whoever asks for a record is told of it.
    assert kinds(Commitment.objects.get(slug="tents")) == ["overdue"]


def test_the_newest_are_examined_where_there_are_too_many(doubtful):
    make.a_commitment("ropes", due="2023")
    found = find_doubts(TODAY, ["overdue"], limit=1)
    assert found.is_truncated and [doubt.record.slug for doubt in found.doubts] == ["ropes"]
    assert not find_doubts(TODAY, ["overdue"], limit=2).is_truncated


def test_as_many_queries_for_many_as_for_few(doubtful):
    def queries(records=None) -> int:
        with CaptureQueriesContext(connection) as asked:
            doubts_of_records(records, TODAY) if records else find_doubts(TODAY)
        return len(asked)

    make.a_citation(doubtful.quote, doubtful.kites, "committed_by", "arcadia", as_stated="kites", note="")
    some = list(Commitment.objects.all())
    few = queries(), queries(some)
    for n in range(12):
        some.append(make.a_commitment(f"ropes-{n}", due="2023"))
        make.a_measure(some[-1], "ropes", unit="rope")
        make.a_citation(doubtful.quote, some[-1], "measures.ropes", "60 rope", as_stated="forty kites", note="")
        make.a_citation(doubtful.quote, some[-1], "committed_by", "ruritania", as_stated="kites", note="")
        a_term(doubtful, f"clerk-{n}", "2020")
        make.a_relation(make.an_organisation(f"state-{n}"), doubtful.arcadia, modality="claimed")
    assert (queries(), queries(some)) == few
    assert few[0] <= 13


def test_a_doubt_is_the_same_until_a_value_changes(doubtful):
    def fingerprints() -> dict:
        return {doubt.kind: doubt.fingerprint for doubt in find_doubts(TODAY).doubts}

    before = fingerprints()
    doubtful.kites.name = "Kites, forty"
    doubtful.kites.save()
    assert fingerprints() == before and find_doubts(date(2026, 1, 1)).doubts[0].fingerprint in before.values()
    doubtful.kites.citations.filter(value="60 kite").update(value="61 kite")
    Commitment.objects.filter(slug="tents").update(due="2023")
    assert {kind for kind, made in fingerprints().items() if made != before[kind]} == {"overdue", "words_read_otherwise"}
