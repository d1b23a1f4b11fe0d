"""Passages beside values: whole, with the words marked that state the value; and what a quote says beside its words."""

import pytest

from nato_support.desk.records.cited_passages import (
    document_in_short,
    passage_with_marked_words,
    quote_particulars,
    words_around_marked_words,
)
from tests import world as make


@pytest.mark.parametrize(
    ("passage", "words", "marked"),
    [
        ("We pledge forty kites.", "forty kites", "We pledge <mark>forty kites</mark>."),
        ("We pledge forty kites.", "", "We pledge forty kites."),
        ("We pledge forty kites.", "fifty kites", "We pledge forty kites."),
        # The words of a citation have single spaces, the passage what the article has.
        ("We pledge forty\n  kites.", "forty kites", "We pledge <mark>forty\n  kites</mark>."),
        # A number is not found within a longer one, where it is there by itself as well.
        ("400 clerks and 40 kites", "40", "400 clerks and <mark>40</mark> kites"),
        ("Vierzigtausend", "Vierzig", "<mark>Vierzig</mark>tausend"),
        ("forty, forty", "forty", "<mark>forty</mark>, <mark>forty</mark>"),
        ("a <b> & (c)", "(c)", "a &lt;b&gt; &amp; <mark>(c)</mark>"),
    ],
)
def test_the_words_that_state_the_value_are_marked(passage, words, marked):
    assert passage_with_marked_words(passage, words) == marked


@pytest.mark.parametrize(
    ("passage", "words", "shown"),
    [
        ("a b c d e f forty kites g h i j k", "forty kites", "… c d e f <mark>forty kites</mark> g h i j …"),
        ("a forty kites b", "forty kites", "a <mark>forty kites</mark> b"),
        ("a b c d e forty, f", "forty", "… b c d e <mark>forty</mark>, f"),
        ("a b c d e f g h i j k l", "forty", "a b c d e f g h i j k l"),
    ],
)
def test_where_the_whole_passage_is_shown_elsewhere_a_few_words_around_them_remain(passage, words, shown):
    assert words_around_marked_words(passage, words) == shown


def test_a_quote_hides_nothing_that_it_holds(world):
    quote = world.quote
    assert quote_particulars(quote) == [
        "Ada Fell",
        "direct speech",
        "said 9 July 2024",
        "at: Lake Meeting",
        "not yet checked",
    ]
    quote.speakers.clear()
    for name, value in {
        "occasion": None,
        "verification": "failed",
        "fidelity": "translation",
        "reported_by": "officials",
        "utterance": "kites-1",
        "note": "By the weekday.",
    }.items():
        setattr(quote, name, value)
    assert quote_particulars(quote) == [
        "no speaker",
        "direct speech",
        "translated once",
        "said 9 July 2024",
        "reported by officials",
        "utterance kites-1",
        "note: By the weekday.",
        "not found in text",
    ]
    quote.attribution = "a clerk"
    assert quote_particulars(quote)[0] == "a clerk"


def test_a_document_is_named_by_its_publisher_and_day(world):
    assert document_in_short(world.document) == "Arcadian Courier, 9 July 2024"
    assert document_in_short(make.a_document("bare", "Other words.", published_on="")) == "Arcadia to give kites"
