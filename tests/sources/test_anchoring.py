"""Passages are found with exact offsets, whatever form their marks have, and never moved to a lookalike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import anchoring

TEXT = (
    "VALLEYTOWN – “We pledge forty kites,”\u00a0Ada Fell told us.\nThe  ﬁrst ten came on Tuesday; "
    "the kite-yard’s clerks counted “forty kites” twice…\n"
)


@pytest.mark.parametrize(
    ("wanted", "exact"),
    [
        ("We pledge forty kites", "We pledge forty kites"),
        ('"We pledge forty kites," Ada', "“We pledge forty kites,”\u00a0Ada"),
        ("the kite–yard's clerks", "the kite-yard’s clerks"),
        ("The first ten", "The  ﬁrst ten"),
        ("told us. The", "told us.\nThe"),
        ("twice...", "twice…"),
    ],
)
def test_a_passage_is_found_whatever_form_its_marks_have(wanted, exact):
    [found] = anchoring.find(TEXT, wanted)
    assert found.exact == exact
    assert TEXT[found.start : found.end] == exact


def test_a_passage_that_stands_twice_is_found_twice():
    assert [TEXT[p.start : p.end] for p in anchoring.find(TEXT, "forty kites")] == ["forty kites"] * 2


@pytest.mark.parametrize("wanted", ["forty kits", "We pledged forty kites", "forty Kites", "", "  "])
def test_what_does_not_stand_there_is_not_found(wanted):
    assert anchoring.find(TEXT, wanted) == []


def test_the_nearest_passage_is_shown_with_its_likeness():
    place, likeness = anchoring.nearest(TEXT, "We pledge fourty kites")
    assert "pledge forty kites" in place.exact
    assert 80 < likeness < 100


def test_context_is_whole_words():
    place = anchoring.passage(TEXT, TEXT.index("forty"), TEXT.index("forty") + 5)
    assert place.prefix == "VALLEYTOWN – “We pledge "
    assert place.suffix == " kites,”\u00a0Ada Fell told us"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (3, 3), (5, 2), (0, len(TEXT) + 1)])
def test_a_place_outside_the_text_is_refused(start, end):
    with pytest.raises(ValueError, match="no passage"):
        anchoring.passage(TEXT, start, end)


@given(st.text(max_size=80), st.data())
def test_context_and_passage_join_to_the_text_they_come_from(text, data):
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    place = anchoring.passage(text, start, end)
    joined = place.prefix + place.exact + place.suffix
    assert text[start - len(place.prefix) : end + len(place.suffix)] == joined


@given(st.text(max_size=80))
def test_every_normalised_character_comes_from_where_it_says(text):
    normal, origin = anchoring.normalise(text)
    assert len(normal) == len(origin)
    assert origin == sorted(origin)
    assert all(0 <= offset < len(text) for offset in origin)
