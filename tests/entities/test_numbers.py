"""Numbers from outside: plain digits within bounds, wherever they are typed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from entities.amounts import Amount
from entities.models import Facility, Measure
from entities.numbers import LARGEST_COLUMN, decimal_text, integer_or_none, parse_decimal, parse_integer, row_keys
from nato_support.api.reconciliation.property_values import compare_numbers
from nato_support.exchange.mirror.register_client import _seconds_to_wait
from nato_support.exchange.spreadsheets.cells import parse_number
from nato_support.serving.quality_values import quality_value
from sources.models import Citation

NO_NUMBERS = [
    "nan",
    "inf",
    "-Infinity",
    "1_000",
    "１２",
    "٣",
    "1e999",
    "1e3",
    "9" * 40,
    "0x10",
    "",
    " ",
    "+",
    "1.",
    ".5",
    "1.2.3",
]


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_what_is_no_plain_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a"):
        parse_decimal(text)
    with pytest.raises(ValueError, match="is not a"):
        parse_integer(text, 100)


def test_numbers_are_read_within_their_bounds():
    assert parse_decimal("-12.50") == Decimal("-12.5")
    assert parse_integer("100", 100) == 100
    with pytest.raises(ValueError, match="between -90 and 90"):
        parse_decimal("90.1", -90, 90)
    with pytest.raises(ValueError, match="from 0 to 100"):
        parse_integer("101", 100)


@pytest.mark.parametrize(
    ("number", "text"),
    [("40.00", "40"), ("1200", "1200"), ("1.50", "1.5"), ("0.00", "0"), ("1E+3", "1000"), ("9" * 30 + ".10", "9" * 30 + ".1")],
)
def test_a_number_is_written_in_plain_digits_and_exactly(number, text):
    assert decimal_text(Decimal(number)) == text


@pytest.mark.parametrize("text", [*NO_NUMBERS, "-1", "9" * 5000, str(2**63), "1.0", "²", "1\0", None, True, 1.0])
def test_what_no_column_holds_is_no_whole_number(text):
    assert integer_or_none(text) is None
    with pytest.raises(ValueError, match="is not a whole number from 0 to 9223372036854775807"):
        parse_integer(text)


def test_keys_are_picked_from_whatever_is_sent():
    assert row_keys(["7", 3, "x", "", str(2**63), "007", "7"]) == [7, 3, 7, 7]
    assert integer_or_none(str(LARGEST_COLUMN)) == LARGEST_COLUMN
    assert [integer_or_none(text, 10) for text in ("10", "11", "0010")] == [10, None, 10]


@pytest.mark.parametrize("value", [*NO_NUMBERS[:9], "90.5"])
def test_a_cited_latitude_is_a_number_of_degrees(world, value):
    with pytest.raises(ValidationError) as refused:
        Citation(quote=world.quote, entity=world.yard.entity, field="latitude", value=value).clean()
    assert set(refused.value.error_dict) == {"value"}


@pytest.mark.parametrize("value", ["１２ kite", f"about {'9' * 30} kite", "exactly nan kite", "1_000 kite"])
def test_a_cited_amount_has_plain_digits(world, value):
    with pytest.raises(ValidationError):
        Citation(quote=world.quote, entity=world.kites.entity, field=f"measures.{world.measure.key}", value=value).clean()
    with pytest.raises(ValueError, match="is not an amount"):
        Amount.parse(value)


@pytest.mark.parametrize("text", NO_NUMBERS[:9])
def test_a_column_and_its_form_and_a_cell_take_plain_digits_alone(text):
    for model, name in ((Measure, "value"), (Facility, "latitude")):
        field = model._meta.get_field(name)
        with pytest.raises(ValidationError):
            field.to_python(text)
        with pytest.raises(ValidationError):
            field.formfield().clean(text)
    with pytest.raises(ValueError, match="is not a number"):
        parse_number(text)


@pytest.mark.parametrize(("text", "weight"), [("0.5", 0.5), (".2", 0.2), ("1.", 1), ("7", 1), ("nan", 0), ("1_0", 0), ("x", 0)])
def test_weights_of_accepted_forms(text, weight):
    assert quality_value([f"q={text}"]) == weight


def test_programs_numbers_are_read_alike():
    assert compare_numbers("1,000", {"float": 1000.0}) == 1
    assert compare_numbers("nan", {"float": 1000.0}) == compare_numbers("1_000", {"float": 1000.0}) == 0
    assert _seconds_to_wait("9" * 5000, 7) == _seconds_to_wait("9" * 9, 7)
