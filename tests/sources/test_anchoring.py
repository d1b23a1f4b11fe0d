"""Passages are found with exact offsets, whatever form their marks have, and never moved to a lookalike."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import anchoring
from sources.passage_edges import is_whole
from sources.text_normalisation import LINE_END_HYPHEN, normalise_text
from tests.steps import assert_linear, steps

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
    [found] = anchoring.find_passages(TEXT, wanted)
    assert found.exact == exact
    assert TEXT[found.start : found.end] == exact


def test_as_many_places_are_counted_as_are_found_and_only_the_first_are_shown():
    text = "‘Kites!’ ‘Kites!’ " * 50
    found = anchoring.find_passages(text, " 'Kites!'")
    assert anchoring.count_places(text, " 'Kites!'") == len(found) == 100 - 1
    assert anchoring.find_passages(text, " 'Kites!'", limit=3) == found[:3]


def test_a_passage_that_stands_twice_is_found_twice():
    assert [TEXT[p.start : p.end] for p in anchoring.find_passages(TEXT, "forty kites")] == ["forty kites"] * 2


@pytest.mark.parametrize("wanted", ["forty kits", "We pledged forty kites", "forty Kites", "fort\u0443 kites", "irst ten"])
def test_what_does_not_stand_there_is_not_found(wanted):
    assert anchoring.find_passages(TEXT, wanted) == []


def test_the_nearest_passage_is_shown_with_its_similarity():
    place, similarity = anchoring.find_nearest(TEXT, "We pledge fourty kites")
    assert "pledge forty kites" in place.exact
    assert 80 < similarity < 100


def test_context_is_whole_words():
    place = anchoring.passage_at(TEXT, TEXT.index("forty"), TEXT.index("forty") + 5)
    assert place.prefix == "VALLEYTOWN – “We pledge "
    assert place.suffix == " kites,”\u00a0Ada Fell told us"


@pytest.mark.parametrize(("start", "end"), [(-1, 3), (5, 2), (0, len(TEXT) + 1)])
def test_a_place_outside_the_text_is_refused(start, end):
    for place in (anchoring.passage_at, anchoring.describe):
        with pytest.raises(ValueError, match="no passage"):
            place(TEXT, start, end)


def test_an_empty_passage_is_a_place_between_two_characters():
    place = anchoring.passage_at("a kite", 2, 2)
    assert (place.prefix, place.exact, place.suffix) == ("a ", "", "kite")


SAME_WORDS = {
    "letters and their accents": [
        ("Її військо вистоїть", "Її військо вистоїть"),
        ("Iva\u0301n and Zoë", "Iv\u00e1n and Zoe\u0308"),
        ("각 나라", "\u1100\u1161\u11a8 나라"),
        ("10 Å", "10 \u212b"),
    ],
    "hyphens at line ends": [
        ("com-\nmitment of", "commitment of"),
        ("long-\nterm pledge", "long-term pledge"),
        ("com-\r\n  mitment of", "com-\nmitment of"),
        ("com-\nmitment", "com- mitment"),
        ("com\u00ad\nmitment", "commitment"),
        ("long-\nterm com-\nmitment, twice", "long-term commitment, twice"),
        ("F-\n16 jets and 10-\n12 kites", "F-16 jets and 10-12 kites"),
    ],
    "marks": [
        ("« Nous aidons »", '"Nous aidons"'),
        ("«\u202fNous aidons\u00a0», dit-elle", '"Nous aidons", dit-elle'),
        ("»Wir helfen« sagte sie", '"Wir helfen" sagte sie'),
        ("«Ми допоможемо» сказала", "“Ми допоможемо” сказала"),
        ("town´s kites", "town's kites"),
        ("「我们帮助」", '"我们帮助"'),
    ],
    "characters without a shape": [
        ("We ❤\ufe0f kites", "We ❤ kites"),
        ("الحكـــومة قالت", "الحكومة قالت"),
        ("a\u200e kite", "a kite"),
    ],
}


@pytest.mark.parametrize(
    "pair", [pytest.param(pair, id=f"{kind}: {pair[1]!a}") for kind, all_ in SAME_WORDS.items() for pair in all_]
)
def test_the_same_words_are_found_whichever_way_they_are_written(pair):
    for text_words, exact in (pair, pair[::-1]):
        for form in ("NFC", "NFD"):
            words = unicodedata.normalize(form, text_words)
            [found] = anchoring.find_passages(f"They said: {words} on Monday.", exact)
            assert found.exact == words


OTHER_WORDS = [
    ("a re-sign of", "resign of"),
    ("10-\n12 kites", "1012 kites"),
    ("700-\nstrong", "700strong"),
    ("the kites -\nforty", "kitesforty"),
    ("long-\nterm pledge", "long term pledge"),
    ("Zoe left", "Zoë left"),
    ("«Wir» sagte", '"Wir"sagte'),
]


@pytest.mark.parametrize(("text", "exact"), OTHER_WORDS)
def test_other_words_are_not_found(text, exact):
    assert anchoring.find_passages(text, exact) == []


CUT = [
    ("They gave 1000 shells", "gave 100", "gave 1000"),
    ("They gave 40,000 shells", "gave 40", "gave 40,000"),
    ("They gave 40 000 shells", "000 shells", "40 000 shells"),
    ("They gave 40\u00a0000 shells", "gave 40", "gave 40\u00a0000"),
    ("They gave $2.5 billion.", "5 billion", "2.5 billion"),
    ("with around 700 personnel", "around 70", "around 700"),
    ("a 700-strong unit", "strong unit", "700-strong unit"),
    ("a long-\nterm pledge", "term pledge", "long-\nterm pledge"),
    ("They don't know", "t know", "don't know"),
    ("Iva\u0301n left", "Iva", "Iva\u0301n"),
    ("We 👍🏽 it", "We 👍", "We 👍🏽"),
]


@pytest.mark.parametrize(("text", "exact", "whole"), CUT)
def test_words_that_are_cut_are_not_found_but_offered_whole(text, exact, whole):
    assert anchoring.find_passages(text, exact) == []
    assert anchoring.count_places(text, exact) == 0
    assert [place.exact for place in anchoring.find_widened_passages(text, exact)] == [whole]


@pytest.mark.parametrize(
    ("text", "exact"),
    [
        ("They gave $40 to", "40"),
        ("They gave 40% of", "gave 40"),
        ("We gave 40.", "gave 40"),
        ("他们给了1000枚", "给了1000"),
        ("ไทย", "ท"),
        ("kites—forty of them", "forty of"),
        ("the friends' kites", "the friends"),
    ],
)
def test_signs_stand_apart_and_unspaced_scripts_may_be_cut(text, exact):
    assert [place.exact for place in anchoring.find_passages(text, exact)] == [exact]
    assert anchoring.find_widened_passages(text, exact) == []


PLEDGE = "Ada Fell spoke. “We pledge forty red kites to our friends. We always will,” she said, and left on foot."


@pytest.mark.parametrize(
    ("words", "nearest"),
    [
        ("We pledge kites to our friends.", "We pledge forty red kites to our friends."),
        ("We pledge forty red kites and balloons to our friends", "We pledge forty red kites to our friends."),
        ("pledge fifty red kites to our friends", "We pledge forty red kites to our friends."),
        ("she said, then left on foot", "she said, and left on foot."),
        ("We will", "We always will"),
        ("dge forty red kites to our fri", "We pledge forty red kites to our friends."),
    ],
)
def test_the_nearest_passage_is_whole_words_to_the_ends_of_the_clause(words, nearest):
    place, _ = anchoring.find_nearest(PLEDGE, words)
    assert place.exact == nearest


def test_the_nearest_passage_of_a_few_words_is_not_the_whole_of_a_long_clause():
    clause = "the clerks of the town by the lake counted forty kites in the yard of the mill before the evening came"
    place, _ = anchoring.find_nearest(f"On Monday, {clause}.", "counted fifty kites")
    assert place.exact == "counted forty kites"


def places(text, exact, prefix="", suffix=""):
    found = anchoring.find_passages(text, exact, prefix, suffix)
    assert all(text[place.start : place.end] == place.exact for place in found)
    return [(place.start, place.end) for place in found]


LINE = "a kite by any other name flies, flies like a kite"


A_TEXT_QUOTE_SELECTOR_FINDS_ITS_PLACES_A = [
    # Where it stands.
    (LINE, "a kite by", "", "", [(0, 9)]),
    (LINE, "like a kite", "", "", [(38, 49)]),
    (LINE, "flies", "", "", [(25, 30), (32, 37)]),
    ("co co co co", "co co", "", "", [(0, 5), (3, 8), (6, 11)]),
    (LINE, "a balloon", "", "", []),
    (LINE, LINE, "", "", [(0, 49)]),
    (LINE, LINE + "s", "", "", []),
    # Prefix and suffix are taken as they are.
    (LINE, "flies", "name ", "", [(25, 30)]),
    (LINE, "flies", "name", "", []),
    (LINE, "kite", "", " b", [(2, 6)]),
    (LINE, "kite", "", "b", []),
    (LINE, "flies", "e ", ",", [(25, 30)]),
    (LINE, "flies", "e ", "", [(25, 30)]),
    (LINE, "i", "l", "e", []),
    (LINE, "kite", "the ", "", []),
    (LINE, "kite", "like a ", "s", []),
    # An empty passage stands between every two characters, and at both ends.
    ("kite", "", "", "", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)]),
    ("", "", "", "", [(0, 0)]),
    (LINE, "", "like", "", [(42, 42)]),
    (LINE, "", "", "b", [(7, 7)]),
    (LINE, "", "a kite", " by", [(6, 6)]),
    (LINE, "", "q", "", []),
    # Offsets count code points.
    ("🪁🪁 kites 🪁", "🪁", "", "", [(0, 1), (1, 2), (9, 10)]),
    ("🪁🪁 kites 🪁", "kites", "🪁 ", " 🪁", [(3, 8)]),
    ("cafe\u0301, café", "cafe\u0301", "", "", [(0, 5), (7, 11)]),
    ("cafe\u0301, café", "café", "", "", [(0, 5), (7, 11)]),
    # Line ends are spaces.
    ("one\r\ntwo\r\n\r\nthree", "one two three", "", "", [(0, 17)]),
    ("one\r\ntwo\r\n\r\nthree", "two", "one\n", "\n\nthree", [(5, 8)]),
    ("one two\none  two", "one two", "", "", [(0, 7), (8, 16)]),
    # Space at the outer ends counts where it stands there, and is let go where it does not.
    ("kites. kite s", " kite ", "", "", [(6, 12)]),
    ("kites", " kites\n", "", "", [(0, 5)]),
    ("kites", "kites ", "", "!", []),
    ("a  kite", "  ", "", "", [(1, 3)]),
    ("a  kite", " kite", "", "", [(2, 7)]),
    # What is not seen is looked past, and kept.
    ("a ki\u00adte", "kite", "", "", [(2, 7)]),
    ("a \u200b kite", "a kite", "", "", [(0, 8)]),
    ("wait… what", "...", "wait", " what", [(4, 5)]),
    ("wait… what", ".", "", "", []),
]


def test_a_text_quote_selector_finds_its_places_and_no_others(subtests):
    for text, exact, prefix, suffix, expected in A_TEXT_QUOTE_SELECTOR_FINDS_ITS_PLACES_A:
        with subtests.test(text=text, exact=exact, prefix=prefix, suffix=suffix, expected=expected):
            assert places(text, exact, prefix, suffix) == expected


@pytest.mark.parametrize(
    ("text", "start", "end", "prefix", "suffix"),
    [
        (LINE, 10, 13, "", ""),
        (LINE, 25, 30, "", ","),
        (LINE, 32, 37, "", " "),
        (LINE, 2, 6, "", " "),
        ("kite, a kite, a kite", 0, 4, "", ", a kite,"),
        ("kite, a kite, a kite", 16, 20, " kite, a ", ""),
        ("o o o o o", 4, 5, " o ", " o "),
        ("a kite", 2, 2, " ", ""),
        ("a “kite”, a 'kite'", 13, 17, "'", ""),
    ],
)
def test_a_passage_is_described_with_no_more_context_than_it_needs(text, start, end, prefix, suffix):
    described = anchoring.describe(text, start, end)
    assert (described.exact, described.prefix, described.suffix) == (text[start:end], prefix, suffix)


# Few letters, so that words repeat, and every sort of mark and space.
crowded = st.text("ab .,\n\r\u00a0\u00ad“\"’'–-…ﬁ", max_size=30)


@given(crowded, st.data())
def test_what_is_described_is_found_there_and_nowhere_else(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    described = anchoring.describe(text, start, end)
    whole = not text[start:end].strip("\u00ad \r\n\u00a0") or is_whole(text, start, end)
    assert places(text, described.exact, described.prefix, described.suffix) == ([(start, end)] if whole else [])


@given(crowded, crowded)
def test_what_is_found_says_the_same_in_one_form_or_another(text, wanted):
    for place in anchoring.find_passages(text, wanted):
        found, sought = (_without_hyphens(normalise_text(words)[0]) for words in (place.exact, wanted))
        assert found == sought


def _without_hyphens(words: str) -> str:
    # A hyphen at a line's end may be the printer's.
    return words.strip().replace(LINE_END_HYPHEN, "").replace("-", "")


@given(crowded)
def test_the_normal_form_is_what_each_character_gives_in_turn(text):
    unseen, longer = "\u00ad", {"…": "...", "ﬁ": "fi"}
    one_form = str.maketrans("“”’–\n\r\u00a0", '""\'-   ')
    letters, origin = "", []
    ends = {end.start(): end.end() for end in re.finditer(r"(?<=[abﬁ])[-\u00ad][ \u00a0]*[\r\n]\s*(?=[abﬁ])", text)}
    done = 0
    for offset, letter in enumerate(text):
        if offset < done:
            continue
        if offset in ends:
            done = ends[offset]
            letters += LINE_END_HYPHEN
            origin.append(offset)
            continue
        for plain in "" if letter in unseen else longer.get(letter, letter).translate(one_form):
            if plain != " " or not letters.endswith(" "):
                letters += plain
                origin.append(offset)
    normal, where = normalise_text(text)
    assert (normal, list(where)) == (letters, origin)


def a_book(days: int) -> str:
    return "".join(f"On day {day} the clerk of ward {day % 97} counted {day * 7} kites.\n" for day in range(days))


ON_ONE_DAY = "On day 601 the clerk of ward 19 counted 4207 kites."


def test_a_passage_of_a_book_is_found_and_another_one_in_hardly_a_step_more():
    book = a_book(10_000)
    [place] = anchoring.find_passages(book, ON_ONE_DAY)
    assert place.exact == ON_ONE_DAY
    misprint = ON_ONE_DAY.replace("ward", "warden")
    assert anchoring.find_passages(book, misprint) == []
    # The book's normal form is kept.
    assert steps(lambda: anchoring.find_passages(book, misprint)) < 500


def test_twice_the_book_takes_some_twice_the_steps():
    books = {days: a_book(700 + days) for days in (1, 3_000, 6_000)}
    assert_linear(lambda days: anchoring.find_passages(books[days], ON_ONE_DAY), 3_000)
    assert_linear(lambda days: anchoring.find_nearest(books[days], ON_ONE_DAY.replace("kites", "kite-strings")), 3_000)


def test_the_nearest_passage_of_a_book_is_found():
    place, similarity = anchoring.find_nearest(a_book(3_000), ON_ONE_DAY.replace("kites.", "kite-strings"))
    assert place.exact.startswith("On day 601 the clerk")
    assert 80 < similarity < 100


def test_where_nothing_is_alike_there_is_no_nearest_passage():
    assert anchoring.find_nearest("", "kites") is None
    assert anchoring.find_nearest("kites", " ") is None
    assert anchoring.find_nearest("aaaa", "bbbb") is None


@given(st.text(max_size=80), st.data())
def test_context_and_passage_join_to_the_text_they_come_from(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    place = anchoring.passage_at(text, start, end)
    joined = place.prefix + place.exact + place.suffix
    assert text[start - len(place.prefix) : end + len(place.suffix)] == joined


@given(st.text(max_size=80))
def test_every_normalised_character_comes_from_where_it_says(text):
    normal, origin = normalise_text(text)
    assert len(normal) == len(origin)
    assert list(origin) == sorted(origin)
    assert all(0 <= offset < len(text) for offset in origin)
