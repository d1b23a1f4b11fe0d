"""Notations in which readers type an amount."""

from decimal import Decimal

import pytest

from entities.amount_notations import amount_notations


@pytest.mark.parametrize(
    ("value", "unit", "typed"),
    [
        ("40000000000", "EUR", {"40000000000", "40,000,000,000", "40 billion", "40bn", "40 bn", "EUR", "euro euros"}),
        ("300000000", "USD", {"300 million", "300m", "300mn", "300,000,000"}),
        ("1500000", "GBP", {"1.5 million", "1.5m", "1,500,000", "1500 thousand", "1500k"}),
        ("90000", "person", {"90000", "90,000", "90 thousand", "90k", "person"}),
        ("2.5", "percent of GDP", {"2.5 percent", "2.5 per cent", "percent of GDP"}),
        ("700", "person", {"700", "person"}),
    ],
)
def test_an_amount_is_written_as_it_is_typed(value, unit, typed):
    assert typed <= set(amount_notations(Decimal(value), unit))


def test_no_scale_word_follows_a_long_number():
    assert not [text for text in amount_notations(Decimal(12_345_678), "EUR") if "million" in text]
