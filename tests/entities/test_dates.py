import datetime
import itertools

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entities.dates import OPEN_END, OPEN_START, DateInterval, DatePoint, PartialDate
from entities.fields import PartialDateField
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
    ("2024-06-15/2024-07-08", "2024-06-15", "2024-07-08", "interval"),
    ("2024-06~/2024-07-08?", "2024-06-01", "2024-07-08", "interval"),
    ("2023/2024-02", "2023-01-01", "2024-02-29", "interval"),
    ("2024/2024", "2024-01-01", "2024-12-31", "interval"),
    ("2024-07/2024", "2024-07-01", "2024-12-31", "interval"),
    ("2024/2024-07", "2024-01-01", "2024-07-31", "interval"),
    ("2023/..", "2023-01-01", "None", "interval"),
    ("2023-02?/..", "2023-02-01", "None", "interval"),
    ("../2024-12-31", "None", "2024-12-31", "interval"),
    ("../2024~", "None", "2024-12-31", "interval"),
]


def test_a_date_is_as_wide_as_it_is_vague(subtests):
    for text, earliest, latest, precision in A_DATE_IS_AS_WIDE_AS_IT_IS_VAGUE:
        with subtests.test(text=text, earliest=earliest, latest=latest, precision=precision):
            date = PartialDate.parse(text)
            assert (str(date.earliest), str(date.latest), date.precision) == (earliest, latest, precision)
            assert date.is_interval == ("/" in text)
            assert str(date) == text


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
    "..",
    "/",
    "2024/",
    "/2024",
    "../",
    "/..",
    "../..",
    "..~/2024",
    "2024/..?",
    "2024 / 2025",
    "2024//2025",
    "2024/2025/2026",
    "2024/2025/..",
    "2024-13/2025",
    "2024/2025-02-29",
    "0000/2024",
    "2025/2024",
    "2024-07-10/2024-07-09",
    "2024-07/2024-06~",
    "2024...2025",
    "2024" * 2_500,
    "2024/" * 2_000,
    "." * 10_000,
]
_REASONS = "no day of the calendar|is not a date|ends before it begins|open at both ends"


def test_what_is_no_date_is_refused_by_name(subtests):
    for text in WHAT_IS_NO_DATE_IS_REFUSED_BY_NAME:
        with subtests.test(text=text[:40]), pytest.raises(ValueError, match=_REASONS) as refusal:
            PartialDate.parse(text)
        assert len(str(refusal.value)) < 250


def test_a_refusal_names_every_form():
    with pytest.raises(ValueError) as refusal:
        PartialDate.parse("July 2024")
    for form in ("2024-07-10", "~", "?", "2024-06-15/2024-07-08", "2023/..", "../2024-12-31"):
        assert form in str(refusal.value)


def test_a_point_is_no_interval():
    with pytest.raises(ValueError, match="is not a date"):
        DatePoint.parse("2024/2025")


def date_points():
    days = st.dates(datetime.date(1, 1, 1), datetime.date(9999, 12, 31))
    precisions = st.sampled_from([4, 7, 10])
    marks = st.sampled_from(["", "~", "?"])
    return st.builds(lambda day, precision, mark: day.isoformat()[:precision] + mark, days, precisions, marks)


@st.composite
def partial_dates(draw) -> str:
    """A point, or an interval whose ends are in order."""
    first, last = sorted((draw(date_points()), draw(date_points())), key=lambda text: DatePoint.parse(text).earliest)
    return draw(st.sampled_from([first, f"{first}/{last}", f"{first}/..", f"../{last}"]))


@given(partial_dates())
def test_a_date_reads_back_as_it_was_written(text):
    assert str(PartialDate.parse(text)) == text


@given(partial_dates(), partial_dates())
def test_equal_dates_have_the_same_text(first, second):
    assert (PartialDate.parse(first) == PartialDate.parse(second)) == (first == second)


@given(st.text(alphabet="0123456789-~?/.", max_size=24))
def test_what_is_read_is_a_date_of_the_subset(text):
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return
    assert str(date) == text and date.bounds[0] <= date.bounds[1]


@given(partial_dates(), partial_dates())
def test_dates_overlap_unless_one_is_over_before_the_other_begins(first_text, second_text):
    first, second = PartialDate.parse(first_text), PartialDate.parse(second_text)
    (first_begin, first_end), (second_begin, second_end) = first.bounds, second.bounds
    assert first.overlaps(second) == second.overlaps(first) == (first_begin <= second_end and second_begin <= first_end)
    assert (first.days_apart(second) > 0) == (not first.overlaps(second))
    assert first.contains(first) and (not first.contains(second) or first.overlaps(second))


@pytest.mark.parametrize(
    ("outer", "inner", "contains"),
    [
        ("2024", "2024-07-10", True),
        ("2024-07-10", "2024", False),
        ("2024-06/2024-07", "2024-06-15/2024-07-08", True),
        ("2024-06/2024-07", "2024-06-15/2024-08", False),
        ("2024/..", "2024-06/..", True),
        ("2024/2025", "2024/..", False),
        ("../2024", "2023", True),
        ("../2024", "../2023-06", True),
        ("0001/2024", "../2024", False),
        ("../2024", "2024/..", False),
    ],
)
def test_a_date_contains_what_lies_wholly_in_it(outer, inner, contains):
    assert PartialDate.parse(outer).contains(PartialDate.parse(inner)) is contains


def test_open_dates_have_the_bounds_of_the_calendar():
    assert PartialDate.parse("2023/..").bounds == ("2023-01-01", OPEN_END)
    assert PartialDate.parse("../2023").bounds == (OPEN_START, "2023-12-31")


@pytest.mark.parametrize(
    ("text", "approximate", "uncertain"),
    [("2024", False, False), ("2024~", True, False), ("2024?/2025", False, True), ("2024~/2025?", True, True)],
)
def test_an_interval_has_the_marks_of_both_ends(text, approximate, uncertain):
    date = PartialDate.parse(text)
    assert (date.is_approximate, date.is_uncertain) == (approximate, uncertain)


def test_an_interval_is_made_of_points():
    assert PartialDate.parse("2024-06~/..") == DateInterval(DatePoint(2024, 6, mark="~"), None)


# The database

_POINTS = [
    "0001",
    "1900-02",
    "2000-02?",
    "2000-02-29",
    "2023",
    "2023-02~",
    "2023-12-31",
    "2024-01",
    "2024-02",
    "2024-02-29~",
    "2024-04",
    "2024-07-10?",
    "2024?",
    "2025-09~",
    "9999-12",
]


def generated_dates() -> list[str]:
    """Points, open intervals, and an interval of each two points, some of which end before they begin."""
    pairs = [f"{first}/{last}" for first, last in itertools.product(_POINTS, repeat=2)]
    return [*_POINTS, *(f"{point}/.." for point in _POINTS), *(f"../{point}" for point in _POINTS), *pairs]


def read(text: str) -> PartialDate | None:
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


def test_the_database_bounds_dates_as_python_does(db):
    texts = [text for text in generated_dates() if read(text)]
    assert len(texts) > 150
    for at, text in enumerate(texts):
        make.an_event(f"event-{at}", start=text, end=text)
    rows = Event.objects.values_list("start", "start_earliest", "end_latest")
    assert len(rows) == len(texts)
    for text, earliest, latest in rows:
        date = PartialDate.parse(text)
        assert (earliest or "None", latest or "None") == (str(date.earliest), str(date.latest)), text


def test_the_database_takes_the_dates_that_python_takes(db):
    texts = generated_dates() + [text for text in WHAT_IS_NO_DATE_IS_REFUSED_BY_NAME if text]
    texts += [f"{text}{end}" for text in _POINTS for end in ("/", "/...", "/2024/2025", "~~", "/2024-02-30", "-01-01")]
    assert taken_by_the_database(texts) == {text for text in texts if read(text)}


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(partial_dates() | st.text(alphabet="0129-~?/.", min_size=1, max_size=24), min_size=1))
def test_the_database_takes_what_python_takes_of_any_text(db, texts):
    assert taken_by_the_database(texts) == {text for text in texts if read(text)}


def taken_by_the_database(texts: list[str]) -> set[str]:
    """Return those of `texts` that the CHECK of a column of dates accepts."""
    check = PartialDateField().check_sql("day", connection.vendor).replace("%", "%%")
    values = ", ".join(["(%s)"] * len(texts))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH dates(day) AS (VALUES {values}) SELECT day FROM dates WHERE {check}", texts)
        return {day for (day,) in cursor.fetchall()}


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
