"""What two statements are to each other, and what a citation is to the value of the register."""

import pytest

from entities.vocabulary import Stance
from sources.evidence.statement_comparison import (
    Comparison,
    Statement,
    compare_statements,
    compare_values,
    conflicting_statements,
    distinct_statements,
    stance_towards,
)

EQUAL, COMPATIBLE, DIFFERENT = Comparison.EQUAL, Comparison.COMPATIBLE, Comparison.DIFFERENT

VALUES = [
    # Amounts: their numbers, not their digits; one may contain the other or qualify the same number.
    ("organisation", "measures.staff", "about 700 person", "about 700.00 person", EQUAL),
    ("organisation", "measures.staff", "about 700 person", "nearly 700 person", COMPATIBLE),
    ("organisation", "measures.staff", "exactly 700..750 person", "about 720 person", COMPATIBLE),
    ("organisation", "measures.staff", "more_than 600 person", "exactly 700 person", COMPATIBLE),
    ("organisation", "measures.staff", "up_to 700 person", "exactly 650..700 person", COMPATIBLE),
    ("organisation", "measures.staff", "unspecified person", "exactly 3 person", COMPATIBLE),
    ("organisation", "measures.staff", "about 700 person", "about 720 person", DIFFERENT),
    ("organisation", "measures.staff", "up_to 600 person", "exactly 700 person", DIFFERENT),
    ("organisation", "measures.staff", "about 700 person", "about 700 soldier", DIFFERENT),
    ("commitment", "measures.aid", "unspecified EUR", "unspecified USD", DIFFERENT),
    # Measures: of another stage they are other facts; without a time, nothing that one contradicts.
    ("commitment", "measures.kites", "delivered: 40 kite as of 2024-07", "delivered: 40.0 kite as of 2024-07", EQUAL),
    ("commitment", "measures.kites", "delivered: 40 kite", "40 kite", DIFFERENT),
    ("commitment", "measures.kites", "delivered: 40 kite", "allocated: 40 kite", DIFFERENT),
    ("commitment", "measures.kites", "delivered: about 40 kite", "delivered: 40 kite", COMPATIBLE),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "40 kite", COMPATIBLE),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "about 40 kite", COMPATIBLE),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "40 kite as of 2024", COMPATIBLE),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "40 kite as of 2024-08", DIFFERENT),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "41 kite as of 2024-07", DIFFERENT),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "41 kite", DIFFERENT),
    ("commitment", "measures.kites", "40 kite as of 2024-07", "41 kite as of 2024", DIFFERENT),
    # Dates: one may contain the other.
    ("event", "start", "2024-07-09", "2024-07-09", EQUAL),
    ("event", "start", "2024-07", "2024-07-09", COMPATIBLE),
    ("event", "start", "2024-07~", "2024-07", COMPATIBLE),
    ("event", "start", "2024-07-09", "2024-07-10", DIFFERENT),
    # Steps: stage and date; without a date, nothing that one contradicts.
    ("commitment", "milestones.agreed", "agreed 2024-07-10", "agreed 2024-07-10", EQUAL),
    ("commitment", "milestones.agreed", "agreed 2024", "agreed 2024-07-10", COMPATIBLE),
    ("commitment", "milestones.agreed", "agreed", "agreed 2024-07-10", COMPATIBLE),
    ("commitment", "milestones.agreed", "agreed 2024-07-10", "agreed 2024-07-11", DIFFERENT),
    ("commitment", "milestones.agreed", "agreed 2024-07-10", "announced 2024-07-10", DIFFERENT),
    ("commitment", "milestones.agreed", "agreed", "announced", DIFFERENT),
    # Numbers, texts, and what is compared to the letter.
    ("facility", "latitude", "53.10", "53.1", EQUAL),
    ("facility", "latitude", "53.10", "53.11", DIFFERENT),
    ("person", "name", "ADA  Fell", "Ada Fell", EQUAL),
    ("person", "name", "Ada Fell", "Ada Hill", DIFFERENT),
    ("commitment", "nature", "pledge", "plan", DIFFERENT),
    ("commitment", "beneficiary", "ruritania", "Ruritania", DIFFERENT),
    # Not of the type of the field: compared as text.
    ("event", "start", "in July", "In July", EQUAL),
]


def test_values(subtests):
    for kind, field, first, second, result in VALUES:
        with subtests.test(field=field, first=first, second=second):
            assert compare_values(kind, field, first, second) == result
            assert compare_values(kind, field, second, first) == result


def affirms(value):
    return Statement(value, "affirms")


def denies(value):
    return Statement(value, "denies")


STATEMENTS = [
    ("commitment", "nature", affirms("pledge"), affirms("plan"), DIFFERENT),
    ("commitment", "nature", affirms("pledge"), denies("pledge"), DIFFERENT),
    # That it is no plan does not keep it from being a pledge, nor a pledge from being neither.
    ("commitment", "nature", affirms("pledge"), denies("plan"), COMPATIBLE),
    ("commitment", "nature", denies("pledge"), denies("plan"), COMPATIBLE),
    ("commitment", "nature", denies("pledge"), denies("pledge"), EQUAL),
    ("organisation", "measures.staff", affirms("about 700 person"), denies("nearly 700 person"), COMPATIBLE),
    ("organisation", "measures.staff", affirms("about 700 person"), denies("about 700.0 person"), DIFFERENT),
    # Many-valued fields hold several values; own words are not compared.
    ("organisation", "names", affirms("JTAC"), affirms("Joint Centre"), COMPATIBLE),
    ("organisation", "names", affirms("JTAC"), denies("jtac"), DIFFERENT),
    ("organisation", "summary", affirms("A centre."), affirms("A yard."), COMPATIBLE),
    ("organisation", "summary", affirms("A centre."), denies("A centre."), COMPATIBLE),
    ("commitment", "conditions", affirms("If asked."), affirms("if  asked."), EQUAL),
    ("commitment", "conditions", affirms("If asked."), affirms("If paid."), DIFFERENT),
    ("commitment", "name", affirms("Forty kites"), affirms("Kites"), COMPATIBLE),
    ("person", "name", affirms("Ada Fell"), affirms("Ada Hill"), DIFFERENT),
]


def test_statements(subtests):
    for kind, field, first, second, result in STATEMENTS:
        with subtests.test(field=field, first=first, second=second):
            assert compare_statements(kind, field, first, second) == result
            assert compare_statements(kind, field, second, first) == result


STANCES = [
    ("commitment", "nature", affirms("pledge"), ["pledge"], Stance.SUPPORTS),
    ("commitment", "nature", affirms("plan"), ["pledge"], Stance.CONTRADICTS),
    ("commitment", "nature", denies("pledge"), ["pledge"], Stance.CONTRADICTS),
    ("commitment", "nature", denies("plan"), ["pledge"], Stance.CONTRADICTS),
    ("organisation", "measures.staff", affirms("nearly 700 person"), ["about 700 person"], Stance.QUALIFIES),
    ("event", "end", affirms("2024-07"), ["2024-07-11"], Stance.QUALIFIES),
    # The register leaves it open.
    ("event", "end", affirms("2024-07"), [], Stance.QUALIFIES),
    ("organisation", "names", affirms("jtac"), ["Joint Centre", "JTAC"], Stance.SUPPORTS),
    ("organisation", "names", affirms("Mission"), ["Joint Centre", "JTAC"], Stance.QUALIFIES),
    ("organisation", "summary", affirms("It counts kites."), ["A ministry."], Stance.SUPPORTS),
    ("organisation", "summary", denies("It counts kites."), ["A ministry."], Stance.CONTRADICTS),
]


@pytest.mark.parametrize(("kind", "field", "statement", "values", "stance"), STANCES)
def test_stances(kind, field, statement, values, stance):
    assert stance_towards(kind, field, statement, values) == stance


def test_equal_statements_are_one_and_only_those_that_differ_conflict():
    year, day, other = affirms("2024"), affirms("2024-07-09"), affirms("2024-07-10")
    assert distinct_statements("event", "start", [year, day, day, year]) == [year, day]
    assert conflicting_statements("event", "start", [year, day]) == []
    assert conflicting_statements("event", "start", [year, day, other]) == [day, other]
    spelled = distinct_statements("person", "name", [affirms("Ada Fell"), affirms("ada fell"), denies("Ada Fell")])
    assert spelled == [affirms("Ada Fell"), denies("Ada Fell")]
