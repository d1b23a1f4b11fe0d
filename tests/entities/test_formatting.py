import pytest

from entities.formatting import (
    cited_field_label,
    cited_value_label,
    format_amount,
    format_number_short,
    format_partial_date,
    format_period,
    format_share,
    format_stated_amount,
)

DATES = [
    ("2024", "2024"),
    ("2024-03", "March 2024"),
    ("2024-03-01", "1 March 2024"),
    ("2024-03~", "about March 2024"),
    ("2024?", "2024 (uncertain)"),
    ("0001-01", "January 0001"),
    ("2024-06-15/2024-07-08", "between 15 June and 8 July 2024"),
    ("2024-06-15/2024-06-18", "between 15 and 18 June 2024"),
    ("2023-06-15/2024-06-18", "between 15 June 2023 and 18 June 2024"),
    ("2024-06/2024-07", "between June and July 2024"),
    ("2023-06/2024-06", "between June 2023 and June 2024"),
    ("2023/2024", "between 2023 and 2024"),
    ("2024/2024-07", "between 2024 and July 2024"),
    ("2024-06/2024-07-08", "between June 2024 and 8 July 2024"),
    ("2024-06~/2024-07", "between about June 2024 and July 2024"),
    ("2024-06/2024-07?", "between June and July 2024 (uncertain)"),
    ("2023/..", "from 2023 on"),
    ("2023-02-28~/..", "from about 28 February 2023 on"),
    ("../2024-12-31", "by 31 December 2024"),
    ("../2024", "by the end of 2024"),
    ("../2024-06", "by the end of June 2024"),
    ("../2024~", "by about 2024"),
    ("no date", "no date"),
    ("2025/2024", "2025/2024"),
]

STATED_AMOUNTS = [
    ("up_to 300000000 USD", "up to $300 million"),
    ("at_least 40000000000 EUR", "at least €40 billion"),
    ("about 5000000000 SEK", "about SEK 5 billion"),
    ("about 700 person", "about 700 persons"),
    ("1 battle group", "1 battle group"),
    ("about 50 country", "about 50 countries"),
    ("30..40 aircraft", "30 to 40 aircraft"),
    ("at_least 2 percent of GDP", "at least 2 percent of GDP"),
    ("unspecified aircraft", "unspecified aircraft"),
    ("unspecified 155 mm shell", "unspecified 155 mm shell"),
    ("nothing of the sort", "nothing of the sort"),
    ("about lots of kites", "about lots of kites"),
]


@pytest.mark.parametrize(("text", "words"), DATES)
def test_a_partial_date_is_written_as_precisely_as_it_is_known(text, words):
    assert format_partial_date(text) == words


@pytest.mark.parametrize(("text", "words"), STATED_AMOUNTS)
def test_the_amount_of_a_citation_is_written_in_words(text, words):
    assert format_stated_amount(text) == words


def test_a_number_that_would_be_rounded_keeps_its_digits():
    assert [format_number_short(number) for number in (1_234_567, 0, 2_000_000)] == ["1,234,567", "0", "2 million"]
    assert format_amount("about", 1_234_567_000, None, "EUR", exact=True) == "about €1,234,567,000"


def test_fields_and_values_have_labels_not_keys():
    assert [cited_field_label(field) for field in ("committed_by", "measures.aid", "milestones.agreed")] == [
        "Committed by",
        "Measure “aid”",
        "Milestone “agreed”",
    ]
    assert cited_value_label("commitment", "nature", "pledge") == "pledge"
    assert cited_value_label("person", "nationality", "UA") == "Ukraine"
    assert cited_value_label("relation", "start", "2024-06-14") == "14 June 2024"
    assert cited_value_label("commitment", "measures.aid", "up_to 300000000 USD") == "up to $300 million"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2025", "2025"),
        ("2025?", "2025 (uncertain)"),
        ("2024-06/2029-06~", "from June 2024 to about June 2029"),
        ("2024-02-15/..", "from 15 February 2024 on"),
        ("../2025", "until 2025"),
        ("soon", "soon"),
    ],
)
def test_a_period_lasts_throughout(text, words):
    assert format_period(text) == words
    assert cited_value_label("commitment", "period", text) == words


def test_steps_and_shares_are_worded():
    steps = {"agreed 2024-06-14": "agreed, 14 June 2024", "under_way": "under way", "2024": "2024"}
    assert {text: cited_value_label("commitment", "milestones.a", text) for text in steps} == steps
    shares = {("0.25", "0.25"): "25%", ("0.25", "0.375"): "25% to 37.5%", ("0", None): "an unknown share", ("1", "1"): "100%"}
    assert {bounds: format_share(*bounds) for bounds in shares} == shares
    assert format_stated_amount("40000000000 EUR") == "€40 billion"
