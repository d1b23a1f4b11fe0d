import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.dates import PartialDate
from entities.models import Event
from tests import world as make

A_DATE_IS_AS_WIDE_AS_IT_IS_VAGUE = [
    ("2024", "2024-01-01", "2024-12-31", "year"),
    ("2024-07", "2024-07-01", "2024-07-31", "month"),
    ("2024-07-10", "2024-07-10", "2024-07-10", "day"),
    ("2024-02", "2024-02-01", "2024-02-29", "month"),
    ("2023-02", "2023-02-01", "2023-02-28", "month"),
    ("2000-02", "2000-02-01", "2000-02-29", "month"),
    ("1900-02", "1900-02-01", "1900-02-28", "month"),
    ("2024-02-29", "2024-02-29", "2024-02-29", "day"),
    ("2024-12~", "2024-12-01", "2024-12-31", "month"),
    ("0001?", "0001-01-01", "0001-12-31", "year"),
]


def test_a_date_is_as_wide_as_it_is_vague(subtests):
    for text, earliest, latest, precision in A_DATE_IS_AS_WIDE_AS_IT_IS_VAGUE:
        with subtests.test(text=text, earliest=earliest, latest=latest, precision=precision):
            date = PartialDate.parse(text)
            assert (date.earliest.isoformat(), date.latest.isoformat(), date.precision) == (earliest, latest, precision)


WHAT_IS_NO_DATE_IS_REFUSED_BY_NAME = [
    "",
    "24",
    "2024-7",
    "2024-13",
    "2024-00",
    "2024-02-30",
    "2023-02-29",
    "1900-02-29",
    "2024-07-10~?",
    "~2024",
    "2024 ",
    "2024\n",
    "２０２４",
    "0000",
    "2024-07-10T12:00",
]


def test_what_is_no_date_is_refused_by_name(subtests):
    for text in WHAT_IS_NO_DATE_IS_REFUSED_BY_NAME:
        with subtests.test(text=text), pytest.raises(ValueError, match="no day of the calendar|is not a date"):
            PartialDate.parse(text)


def partial_dates():
    days = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
    precisions = st.sampled_from([4, 7, 10])
    marks = st.sampled_from(["", "~", "?"])
    return st.builds(lambda day, precision, mark: day.isoformat()[:precision] + mark, days, precisions, marks)


@given(partial_dates())
def test_a_date_reads_back_as_it_was_written(text):
    assert str(PartialDate.parse(text)) == text


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(date=partial_dates())
def test_the_database_bounds_a_date_as_python_does(db, date):
    event, _ = Event.objects.update_or_create(
        slug="lake-meeting", defaults={"name": "x", "type": "meeting", "start": date, "end": date}
    )
    event.refresh_from_db()
    bounds = PartialDate.parse(date)
    assert (event.start_earliest, event.end_latest) == (bounds.earliest.isoformat(), bounds.latest.isoformat())


@pytest.mark.parametrize(
    ("date", "latest"),
    [("1900-02", "1900-02-28"), ("2000-02~", "2000-02-29"), ("2023-02", "2023-02-28"), ("2024-02?", "2024-02-29")],
)
def test_the_database_knows_leap_years(db, date, latest):
    event = make.an_event(end=date)
    event.refresh_from_db()
    assert event.end_latest == latest


def test_an_unknown_date_has_no_bounds(db):
    event = make.an_event()
    event.refresh_from_db()
    assert (event.start_earliest, event.end_latest) == (None, None)
