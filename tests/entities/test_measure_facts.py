"""Measures as citations state them: an amount, the time for which it holds, and the stage of its step."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.amounts import Amount
from entities.dates import PartialDate
from entities.measure_facts import MeasureFact, measure_fact_or_none
from entities.vocabulary import Qualifier, Stage
from tests import world as make

WRITTEN = [
    ("about 700 person", Amount("about", Decimal(700), None, "person"), None, None),
    ("40000000000 EUR", Amount("none", Decimal(40000000000), None, "EUR"), None, None),
    ("700 person as of 2024-07", Amount("none", Decimal(700), None, "person"), "2024-07", None),
    ("delivered: 4 aircraft", Amount("none", Decimal(4), None, "aircraft"), None, "delivered"),
    ("delivered: 4 aircraft as of 2024-07-10", Amount("none", Decimal(4), None, "aircraft"), "2024-07-10", "delivered"),
    (
        "under_way: at_least 4..6 155 mm shell as of ../2024",
        Amount("at_least", Decimal(4), Decimal(6), "155 mm shell"),
        "../2024",
        "under_way",
    ),
    ("allocated: unspecified EUR as of 2024~", Amount("unspecified", None, None, "EUR"), "2024~", "allocated"),
    ("700 as of 2024", Amount("none", Decimal(700)), "2024", None),
    # Only a time at the end is the time of the amount, only a stage at the start its stage.
    ("2 share as of old as of 2024", Amount("none", Decimal(2), None, "share as of old"), "2024", None),
    ("4 delivered: aircraft", Amount("none", Decimal(4), None, "delivered: aircraft"), None, None),
]


@pytest.mark.parametrize(("text", "amount", "as_of", "stage"), WRITTEN)
def test_a_fact_is_read_and_written(text, amount, as_of, stage):
    fact = MeasureFact.parse(text)
    assert fact == MeasureFact(amount, PartialDate.parse(as_of) if as_of else None, Stage(stage) if stage else None)
    assert str(fact) == text
    assert measure_fact_or_none(text) == fact


NO_FACTS = [
    ("", "An amount is missing"),
    ("delivered: ", "is not an amount"),
    ("many kites", "is not an amount"),
    ("delivered: many kites", "is not an amount"),
    ("delivered:4 aircraft", "is not an amount"),
    ("given: 4 aircraft", "is not an amount"),
    ("delivered: allocated: 4 aircraft", "is not an amount"),
    (" as of 2024", "is not an amount"),
    ("4 aircraft as of July", "July"),
    ("4 aircraft as of 2024-13", "2024-13"),
]


@pytest.mark.parametrize(("text", "complaint"), NO_FACTS)
def test_what_is_no_fact_is_refused(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        MeasureFact.parse(text)
    assert measure_fact_or_none(text) is None


AMOUNTS = st.builds(
    Amount,
    st.sampled_from([qualifier for qualifier in Qualifier if qualifier != Qualifier.UNSPECIFIED]),
    st.decimals(0, 10**18 - 1, places=2),
    st.none() | st.decimals(0, 10**18 - 1, places=2),
    st.sampled_from(["", "EUR", "person", "155 mm shell", "percent of GDP"]),
) | st.builds(Amount, st.just(Qualifier.UNSPECIFIED), unit=st.sampled_from(["", "EUR", "155 mm shell"]))
TIMES = st.none() | st.sampled_from(["2024", "2024-07~", "2024-07-10?", "2024-06-15/2024-07-08", "2023/..", "../2024-12-31"]).map(
    PartialDate.parse
)


@given(AMOUNTS, TIMES, st.none() | st.sampled_from(Stage))
def test_a_fact_is_read_as_it_was_written(amount, as_of, stage):
    fact = MeasureFact(amount, as_of, stage)
    assert MeasureFact.parse(str(fact)) == fact


def test_numbers_are_equal_however_they_are_written():
    assert MeasureFact.parse("delivered: 4 aircraft") == MeasureFact.parse("delivered: 4.00 aircraft")
    assert MeasureFact.parse("delivered: 4 aircraft") != MeasureFact.parse("4 aircraft")
    assert MeasureFact.parse("4 aircraft as of 2024") != MeasureFact.parse("4 aircraft as of 2023")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "is_of_step", "text"),
    [
        ({}, False, "40 kite"),
        ({"value": "40.00"}, False, "40 kite"),
        ({"qualifier": "about", "upper": 50}, False, "about 40..50 kite"),
        ({"value": None, "qualifier": "unspecified"}, False, "unspecified kite"),
        ({"kind": "money", "unit": "", "currency": "EUR", "as_of": "2024-07"}, False, "40 EUR as of 2024-07"),
        ({"as_of": "2024-07"}, True, "delivered: 40 kite as of 2024-07"),
    ],
)
def test_a_measure_states_its_fact(fields, is_of_step, text):
    kites = make.a_commitment()
    step = make.a_milestone(kites, "delivered") if is_of_step else None
    measure = make.a_measure(kites, milestone=step, **fields)
    measure.refresh_from_db()
    assert measure.citation_value == text
