"""Amounts as citations state them: one grammar, compared by value, with the range of numbers that each allows."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.amounts import Amount, amount_or_none
from entities.models import Measure
from entities.vocabulary import MeasureKind, Qualifier

WRITTEN = [
    "about 700 person",
    "at_least 2 percent of GDP",
    "700..750 person",
    "40000000000 EUR",
    "exactly 700 person",
    "700",
    "up_to 0.25 percent",
    "nearly 700",
    "more_than 40 155 mm shell",
    "unspecified person",
    "unspecified 155 mm shell",
    "unspecified",
]
NO_AMOUNTS = [
    "",
    "about",
    "about kites",
    "about 700kites",
    "some 700 kites",
    "1,000 kite",
    "exactly -1 kite",
    "1..2..3 kite",
    "1.. kite",
    "unspecified\nkite",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_an_amount_is_written_as_it_was_read(text):
    assert str(Amount.parse(text)) == text


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(ValueError, match="is not an amount such as"):
        Amount.parse(text)
    assert amount_or_none(text) is None


@given(
    st.sampled_from([qualifier for qualifier in Qualifier if qualifier != Qualifier.UNSPECIFIED]),
    st.decimals(0, 10**18 - 1, places=20),
    st.none() | st.decimals(0, 10**18 - 1, places=2),
    st.sampled_from(["", "EUR", "person", "155 mm shell", "percent of GDP"]),
)
def test_an_amount_is_read_as_it_was_written(qualifier, value, upper, unit):
    amount = Amount(qualifier, value, upper, unit)
    assert Amount.parse(str(amount)) == amount


@pytest.mark.parametrize(
    ("first", "second", "are_equal"),
    [
        ("700 person", "700.00 person", True),
        ("0700 person", "700 person", True),
        ("2.5..3 percent", "2.50..3.0 percent", True),
        ("700 person", "about 700 person", False),
        ("700 person", "700 persons", False),
        ("40 EUR", "40 USD", False),
        ("700 person", "700..750 person", False),
        ("700.001 person", "700 person", False),
        ("unspecified kite", "unspecified kite", True),
        ("unspecified kite", "0 kite", False),
    ],
)
def test_amounts_are_compared_by_value(first, second, are_equal):
    first, second = Amount.parse(first), Amount.parse(second)
    assert (first == second) is are_equal
    assert (len({first, second}) == 1) is are_equal


@pytest.mark.parametrize(
    ("text", "least", "most", "unit"),
    [
        ("700 person", "700", "700", "person"),
        ("about 700 person", "630", "770", "person"),
        ("about 700..800 person", "630", "880", "person"),
        ("nearly 700 person", "630", "700", "person"),
        ("at_least 700 person", "700", "Infinity", "person"),
        ("more_than 700 person", "700", "Infinity", "person"),
        ("up_to 2.5 percent of GDP", "0", "2.5", "percent of GDP"),
        ("700..750", "700", "750", ""),
        ("0.1 EUR", "0.1", "0.1", "EUR"),
        ("unspecified aircraft", "0", "Infinity", "aircraft"),
        ("unspecified", "0", "Infinity", ""),
    ],
)
def test_an_amount_says_which_numbers_it_leaves_possible(text, least, most, unit):
    amount = Amount.parse(text)
    assert (amount.least, amount.most, amount.unit) == (Decimal(least), Decimal(most), unit)


@pytest.mark.parametrize(
    ("first", "second", "overlap"),
    [
        ("about 700", "760", True),
        ("about 700", "771", False),
        ("at_least 700", "up_to 700", True),
        ("1..2", "3..4", False),
        ("unspecified", "3", True),
    ],
)
def test_two_amounts_can_be_the_same_number(first, second, overlap):
    first, second = Amount.parse(first), Amount.parse(second)
    assert first.overlaps(second) is second.overlaps(first) is overlap


@pytest.mark.parametrize("text", WRITTEN)
def test_a_measure_has_the_amount_that_it_was_made_of(text):
    amount = Amount.parse(text)
    measure = Measure(**amount.measure_fields())
    assert (measure.amount, measure.citation_value) == (amount, text)
    assert (measure.kind == MeasureKind.MONEY) == bool(measure.currency)


def test_a_stored_measure_has_the_amount_that_was_cited(world):
    world.measure.value = Decimal("40")
    world.measure.save()
    world.measure.refresh_from_db()
    assert world.measure.amount == Amount.parse("40.000 kite")
