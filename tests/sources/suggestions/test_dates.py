"""Dates: absolute ones as they are written, relative ones seen from the day of publication, and what is no date."""

import re

import pytest

from entities.dates import PartialDate
from sources.suggestions import dates

# Published on a Sunday. The words between the brackets are the span of the one date.
SUNDAY = "2024-06-16"
DATES = {
    "It met on [July 10, 2024], in": "2024-07-10",
    "It met on [July 10th, 2024], in": "2024-07-10",
    "It met on [10 July 2024] in": "2024-07-10",
    "It met on the [10th of July, 2024], in": "2024-07-10",
    "It met on [Wednesday, July 10, 2024], in": "2024-07-10",
    "It met on [2024-07-10] in": "2024-07-10",
    "It met on [Sept. 28, 2023], in": "2023-09-28",
    "It met on [Feb 3, 2023], in": "2023-02-03",
    "Updated [02/21/24], 9:52 p.m. ET": "2024-02-21",
    "Updated [21/02/2024] at noon": "2024-02-21",
    "Updated [02/03/24], 9:52 p.m. ET": "2024-02-03",
    "Updated [21.02.2024] at noon": "2024-02-21",
    "Updated [06/12/2024] at noon": "2024-06-12",
    "It began in [February 2021], when": "2021-02",
    "It began in [February, 2021], when": "2021-02",
    "It began in [July\n2024], when": "2024-07",
    "It met on [July 9-11, 2024], in": "2024-07-09/2024-07-11",
    "It met from [July 9 to 11, 2024], in": "2024-07-09/2024-07-11",
    "It met from [July 9th to 11th], in": "2024-07-09/2024-07-11",
    "It met from [9-11 July 2024] in": "2024-07-09/2024-07-11",
    "It met from [9 to 11 July] in": "2024-07-09/2024-07-11",
    "It met from [June 30 to July 2], in": "2024-06-30/2024-07-02",
    "It met from [30 June to 2 July 2024] in": "2024-06-30/2024-07-02",
    "It met on [July 9 and 10] in": "2024-07-09/2024-07-10",
    "from [March to May 2022] it": "2022-03/2022-05",
    "the years [2022-23] were": "2022/2023",
    "the years [2014–2022] were": "2014/2022",
    "in [2022] it": "2022",
    "the [2022] Lake Summit": "2022",
    "in [early 2022] it": "2022",
    "in [mid-2023] it": "2023",
    "in the [spring of 2023] it": "2023",
    "in [fiscal year 2025] it": "2025~",
    "[June 14] (AP) -- Arcadia": "2024-06-14",
    "It met on [December 20], in": "2023-12-20",
    "It will meet on [Dec. 20], in": "2024-12-20",
    "It agreed in [June] that": "2024-06",
    "It begins in [November].": "2024-11",
    "It began in [February].": "2024-02",
    "It began in [May].": "2024-05",
    "It will begin in [December].": "2024-12",
    "It began [last June] as": "2023-06",
    "It begins [next March] as": "2025-03",
    "It began in [March of last year] as": "2023-03",
    "[Friday]'s meeting": "2024-06-14",
    "It met on [Friday].": "2024-06-14",
    "It met [Friday morning].": "2024-06-14",
    "It met on [Sunday].": "2024-06-16",
    "It met [last Sunday].": "2024-06-09",
    "It meets [next Friday].": "2024-06-21",
    "in the [coming Friday]'s talks": "2024-06-21",
    "It ends by the end of [March].": "2025-03",
    "It will meet on [Friday].": "2024-06-21",
    "It will meet soon, he said on [Friday].": "2024-06-14",
    "It met [today].": "2024-06-16",
    "It met [yesterday].": "2024-06-15",
    "It meets [tomorrow].": "2024-06-17",
    "It met [earlier today].": "2024-06-16",
    "It met [this morning].": "2024-06-16",
    "It met [this week].": "2024-06",
    "It met [last week].": "2024-06",
    "It met [earlier this month].": "2024-06",
    "It met [last month].": "2024-05",
    "It meets [next month].": "2024-07",
    "It met [last year].": "2023",
    "It met [this year].": "2024",
    "It meets [next year].": "2025",
    "It meets [later in the year].": "2024",
    "It meets [later on this year].": "2024",
    "by [the end of the year] it": "2024",
    "by [year-end] it": "2024",
    "It met [a year ago].": "2023",
    "It met [two years ago].": "2022",
    "It met [two days ago].": "2024-06-14",
    "It met [three months ago].": "2024-03~",
    "It met [a decade ago].": "2014~",
    "It met [seventy-four years ago].": "1950~",
    "It met [two years ago today].": "2022-06-16",
    "It met [two years ago this week].": "2022-06",
    "a law that I signed in [October] and": "2023-10",
    "It will begin in [March] and": "2025-03",
    "It will be signed on [December 5].": "2024-12-05",
    "Fell died on [January 7] in it.": "2024-01-07",
    "after last [January 7] it": "2024-01-07",
    "before next [March 7] it": "2025-03-07",
    "on [March 7, '22], in": "2022-03-07",
    "in [2024/03/07] it": "2024-03-07",
    "in [fiscal 2024] it": "2024~",
    "the [October 17] plans": "2024-10-17?",
    "It is due by [Monday], she": "2024-06-17",
    "ready by [Monday]": "2024-06-10?",
}


def found(text: str, published_on: str = SUNDAY) -> list[tuple[str, str]]:
    suggestions = dates.find_dates(text, published_on)
    for suggestion in suggestions:
        assert text[suggestion.start : suggestion.end] == suggestion.exact
        PartialDate.parse(suggestion.proposal["date"])
        assert suggestion.proposal["reasoning"]
    ends = [(suggestion.exact, suggestion.proposal["date"], suggestion.proposal["end"]) for suggestion in suggestions]
    return [(words, f"{date}/{end}" if end else date) for words, date, end in ends]


@pytest.mark.parametrize(
    ("published_on", "date"),
    [
        ("2024-07-09/2024-07-10", "2024-07"),
        ("2024-07~/2024-07-10", "2024-07~"),
        ("2024-07-09/2024-07-09", "2024-07-09"),
        ("2023-12/2024-01", None),
        ("2024/..", None),
        ("../2024", None),
    ],
)
def test_of_a_publication_within_an_interval_no_more_is_known_than_its_ends_share(published_on, date):
    assert found("It met today.", published_on) == ([("today", date)] if date else [])


def test_a_date_is_found_as_precise_as_it_is_written(subtests):
    for marked in DATES:
        with subtests.test(marked=marked):
            span = re.findall(r"\[(.*)\]", marked, re.DOTALL)[0]
            assert found(marked.replace("[", "").replace("]", "")) == [(span, DATES[marked])]


# Published on Thursday 11 July 2024. The words between the brackets are the spans of the dates that follow, in their order.
DATES_IN_JULY = {
    "It met [the day before yesterday].": "2024-07-09",
    "It meets [the day after tomorrow].": "2024-07-13",
    "on [12 Sep 24], in": "2024-09-12",
    "on [12 Sept '23] in": "2023-09-12",
    "on [12 Sep 98].": "1998-09-12",
    "On [12 September] 24 kites flew": "2024-09-12",
    "the week of [July 8]": "2024-07",
    "the week beginning [8 July]": "2024-07",
    "the week commencing [Monday, July 29, 2024]": "2024-07~",
    "between [9 and 11 July]": "2024-07-09/2024-07-11",
    "between [July 9 and 11]": "2024-07-09/2024-07-11",
    "between [July 9 and July 11, 2024]": "2024-07-09/2024-07-11",
    "from [9 to 11 July]": "2024-07-09/2024-07-11",
    "[9–11 July]": "2024-07-09/2024-07-11",
    "on [9] and [12 July 2024]": "2024-07-09 2024-07-12",
    "on [July 9] and [12], it": "2024-07-09 2024-07-12",
    "in [FY 2024-25] it": "2024~/2025~",
    "the [financial year 2024/25]": "2024~/2025~",
    "in [FY2025] it": "2025~",
    "on [Monday (8 July)] it": "2024-07-08",
    "on [Friday, December 20], it": "2024-12-20",
    "in [Q3 2024] it": "2024",
    "in the [second half of 2024] it": "2024",
    "on [July 4, 1776], it": "1776-07-04",
    "on [12/31/98] it": "1998-12-31",
    "“[Today] we agreed.”": "2024-07-11",
    "[today]'s meeting": "2024-07-11",
    "“We fly [tomorrow],” Fell said on [Tuesday].": "2024-07-10 2024-07-09",
    "overnight into [Tuesday]": "2024-07-09?",
    "in the winter [2023-24]": "2023/2024",
}


def test_each_day_of_several_and_each_kind_of_period_is_read(subtests):
    for marked, expected in DATES_IN_JULY.items():
        with subtests.test(marked=marked):
            spans = re.findall(r"\[(.*?)\]", marked)
            text = marked.replace("[", "").replace("]", "")
            assert found(text, "2024-07-11") == list(zip(spans, expected.split(), strict=True))


@pytest.mark.parametrize("text", ["on Tuesday, July 8, it", "on Tuesday, 8 July 2024, it", "on Tuesday (8 July) it"])
def test_a_weekday_that_contradicts_its_date_makes_it_uncertain(text):
    (suggestion,) = dates.find_dates(text, "2024-07-11")
    assert suggestion.proposal["date"] == "2024-07-08?"
    assert suggestion.reason.endswith("but 2024-07-08 is a Monday, not a Tuesday as written")


WHAT_LOOKS_LIKE_A_DATE_AND_IS_NONE = [
    "It may march on, the second of all.",
    "May I ask? March on.",
    "Updated 02/03/24 at noon",
    "due by 06/07/2024 at the latest",
    "Monday week, and a week on Monday",
    "on February 30",
    "$2024 and 2024% and 2,024",
    "about 2000 vehicles",
    "Resolution 2022",
    "over the last year",
    "in the past two years",
    "for the next month",
    "Sunday Times and Black Friday",
    "Fridays",
    "April Jones met June Smith",
    "https://example.org/2024/02/21/Feb/2024",
    "call 1-800-555-2024",
    "the 9/11 attacks",
    "the 2020s",
    "a year",
    "since the Sept. 11 attacks",
    "support today and in the future",
    "open Monday through Friday",
    "Monday to Friday, Mon.–Fri.",
    "every Friday and on a Monday",
    "after Friday prayers",
    "AD 2018–23–51",
    "told the Today show and The Tonight Show",
    "wrote in USA Today",
    "Theresa May spoke in May",
    "“Vale today, Arcadia tomorrow,” she said.",
    "“What we build today protects us tomorrow.”",
    "“Today it is them; tomorrow it is us.”",
    "the leaders of tomorrow in today's world",
    "a week from tomorrow",
    "two and a half years ago",
    "in July 25 kites flew",
    "30 February 2024 and February 30, 2024",
    "in his last year of office",
]


def test_what_looks_like_a_date_and_is_none(subtests):
    for text in WHAT_LOOKS_LIKE_A_DATE_AND_IS_NONE:
        with subtests.test(text=text):
            assert found(text) == []


@pytest.mark.parametrize("text", ["on Friday", "today", "last year", "on July 10", "in June", "two days ago"])
def test_without_a_day_of_publication_a_relative_date_is_not_resolved(text):
    assert found(text, "") == []


def test_without_a_day_of_publication_an_absolute_date_is():
    assert found("on July 10, 2024, and in 2022", "") == [("July 10, 2024", "2024-07-10"), ("2022", "2022")]


def test_a_month_of_publication_gives_no_day():
    assert found("on Friday, yesterday", "2024-06?") == []
    assert found("today and last year", "2024-06?") == [("today", "2024-06?"), ("last year", "2023")]


def test_a_week_over_two_months_is_marked_as_approximate():
    assert found("this week", "2024-07-31") == [("this week", "2024-07~")]


def test_a_year_ago_near_the_turn_of_a_year_is_marked_as_approximate():
    assert found("a year ago", "2024-01-10") == [("a year ago", "2023~")]


def test_an_update_that_the_text_states_stands_in_for_the_day_of_publication():
    text = "It met on Friday. Updated June 16, 2024, at noon."
    assert found(text, "2024-06?") == [("Friday", "2024-06-14?"), ("June 16, 2024", "2024-06-16")]
    assert found(text, "2023") == [("June 16, 2024", "2024-06-16")]
    reason = "Friday, the last one before the update of 2024-06-16 that the text states"
    assert dates.find_dates(text, "")[0].reason == reason


def test_the_reasoning_is_told():
    assert dates.find_dates("on Friday", SUNDAY)[0].reason == "Friday, the last one before publication on 2024-06-16"
    assert dates.find_dates("on Sunday", SUNDAY)[0].reason == "Sunday, the day of publication on 2024-06-16"


def test_today_in_a_quotation_is_the_day_named_before_it():
    text = "Ada Fell spoke on Thursday.\n\n“Today we agreed,” she said. Today it rains."
    assert found(text) == [("Thursday", "2024-06-13"), ("Today", "2024-06-13"), ("Today", "2024-06-16")]


def test_a_date_that_is_no_partial_date_is_taken_for_none():
    assert found("today", "the other day") == []
