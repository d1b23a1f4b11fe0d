"""Values as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entities.amounts import Amount
from entities.dates import PartialDate
from entities.formatting import cited_value_label
from entities.measure_facts import MeasureFact
from entities.typed_values import read_typed_value
from entities.vocabulary import Nature, Qualifier, Stage


def read(field: str, text: str) -> str:
    return read_typed_value("commitment", field, text)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("at least 40 billion EUR", "at_least 40000000000 EUR"),
        ("at least €40 billion", "at_least 40000000000 EUR"),
        ("€40bn", "40000000000 EUR"),
        ("EUR 1.5 million", "1500000 EUR"),
        ("40,000,000 USD", "40000000 USD"),
        ("$5 to $7 billion", "5..7000000000 USD"),
        ("5 to 7 billion USD", "5000000000..7000000000 USD"),
        ("about 700 persons", "about 700 person"),
        ("700 person", "700 person"),
        ("4 aircraft", "4 aircraft"),
        ("2% of GDP", "2 percent of GDP"),
        ("more than 50 percent", "more_than 50 percent"),
        ("unspecified aircraft", "unspecified aircraft"),
        ("delivered: 4 aircraft, as of 10 July 2024", "delivered: 4 aircraft as of 2024-07-10"),
        ("up_to 300000000 USD", "up_to 300000000 USD"),
        ("3 countries", "3 country"),
        # Nothing is guessed: these come back as typed and are refused where they are stored.
        ("forty", "forty"),
        ("€40 billion USD", "€40 billion USD"),
        ("1.234.567 EUR", "1.234.567 EUR"),
        ("40 billion million EUR", "40 billion million EUR"),
    ],
)
def test_amounts(typed, value):
    assert read("measures.aid", typed) == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("14 June 2024", "2024-06-14"),
        ("June 14, 2024", "2024-06-14"),
        ("14.6.2024", "2024-06-14"),
        ("June 2024", "2024-06"),
        ("2024", "2024"),
        ("about March 2024", "2024-03~"),
        ("14 June 2024 (uncertain)", "2024-06-14?"),
        ("between 15 June and 8 July 2024", "2024-06-15/2024-07-08"),
        ("from 9 to 11 July 2024", "2024-07-09/2024-07-11"),
        ("from 2023 on", "2023/.."),
        ("by the end of 2024", "../2024"),
        ("by 31 December 2024", "../2024-12-31"),
        ("2024-06-14", "2024-06-14"),
        ("04/07/2024", "04/07/2024"),
        ("soon", "soon"),
    ],
)
def test_dates(typed, value):
    assert read("due", typed) == value


def test_a_day_that_does_not_exist_is_refused():
    with pytest.raises(ValueError, match="is no day of the calendar"):
        read("due", "31 June 2024")


@pytest.mark.parametrize(
    ("field", "typed", "value"),
    [
        ("milestones.agreed", "agreed, 14 June 2024", "agreed 2024-06-14"),
        ("milestones.agreed", "under way 2024", "under_way 2024"),
        ("milestones.agreed", "Under way", "under_way"),
        ("milestones.agreed", "celebrated 2024", "celebrated 2024"),
        ("nature", "Pledge", "pledge"),
        ("nature", "vow", "vow"),
        ("conditions", " as it  stands ", "as it stands"),
    ],
)
def test_steps_choices_and_texts(field, typed, value):
    assert read(field, typed) == value


def test_countries_by_name():
    assert read_typed_value("facility", "country", "Poland") == read_typed_value("facility", "country", "pl") == "PL"


def test_every_nature_can_be_typed_by_its_label():
    assert [read("nature", nature.label) for nature in Nature] == list(Nature)


points = (
    st.dates()
    .flatmap(lambda day: st.sampled_from([f"{day:%Y}".zfill(4), day.isoformat()[:7], day.isoformat()]))
    .flatmap(lambda text: st.sampled_from([text, f"{text}~", f"{text}?"]))
)
dates = st.one_of(
    points,
    points.map(lambda text: f"{text}/.."),
    points.map(lambda text: f"../{text}"),
    st.tuples(points, points).map(lambda ends: "/".join(sorted(ends, key=lambda end: end[:10].ljust(10, "-")))),
)
numbers = st.decimals(0, 10**15, places=2)
UNITS = ["EUR", "USD", "SEK", "person", "aircraft", "country", "F-16 fighter", "state of readiness", "percent of GDP"]


@given(dates, st.sampled_from(["due", "period"]))
def test_every_date_can_be_typed_as_it_is_shown(text, field):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert PartialDate.parse(read(field, cited_value_label("commitment", field, text))).bounds == date.bounds


@given(
    st.sampled_from(Qualifier),
    numbers,
    st.none() | numbers,
    st.sampled_from(UNITS),
    st.none() | st.sampled_from(Stage),
    st.none() | points,
)
def test_every_amount_can_be_typed_as_it_is_shown(qualifier, value, upper, unit, stage, as_of):
    if qualifier == Qualifier.UNSPECIFIED:
        amount = Amount(qualifier, unit=unit)
    else:
        amount = Amount(qualifier, value, upper if upper is not None and upper > value else None, unit)
    fact = MeasureFact(amount, PartialDate.parse(as_of) if as_of else None, stage)
    for exact in (False, True):
        shown = cited_value_label("commitment", "measures.aid", str(fact), exact=exact)
        assert MeasureFact.parse(read("measures.aid", shown)) == fact
