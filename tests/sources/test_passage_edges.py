"""No passage begins or ends inside a word, a number or a visible character."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.passage_edges import explain_cut, is_inside_word, is_whole, widen_to_whole_words

# Each stroke stands where the text may be cut.
MAY_BE_CUT = {
    "numbers": [
        "gave| |1000| |shells",
        "40,000| |40.000| |1.5| |10–12| |14:30| |9/11| |3×4| |10^9| |2024-07-10",
        "40 000 000| |kites",
        "40\u00a0000| |40\u202f000| |40'000’000| |٤٠٬٠٠٠",
        "in| |2024| |700| |F-16| |700| |of| |12| |45",
        ".5| |-5| |−5| |$|-5| |-$5| |(|−5|)",
        "$|40| |40|%| |40|,| |50|.| |2.5 billion| |euros| |40 мільярдів| |1,5 Mrd|.",
        "40| |billionaires| |40| |tanks",
        "v1.5| |40¹| |10⁹",
        "40万|枚| |三千|枚",
        "10-\n12",
        "8|\n|120",
        "wait|.|.|.|5",
    ],
    "compounds": [
        "F-16| |700-strong| |long-term| |short|-| |and",
        "a|-|-|b| |kites|—|forty| |–| |we| |and|/|or| |us|.|He",
        "AT&T| |U.S|.| |e.g|.| |U.S.-led",
        "com-\nmitment| |com\u00ad\n  mitment| |a| |-|\n|b",
    ],
    "apostrophes": ["don't| |п'ять| |l’aide| |town´s| |friends|'| |'|We|'"],
    "marks on letters": ["Iva\u0301n| |क्षेत्र| |الحكـــومة| |الحُكومة"],
    "invisible characters": ["ki\u00adte| |ki\u200dte| |a|\u00ad| |kite"],
    "unspaced scripts": ["他|们|给|了|1000|枚", "ไ|ท|ย", "カ|キ"],
    "Korean": ["한국은| |\u1100\u1161\u11a8"],
    "emoji": ["👨\u200d👩\u200d👧|🇺🇦|🇵🇱|❤\ufe0f|x|👍🏽"],
    "line ends": ["a|\r\n|b"],
}


@pytest.mark.parametrize(
    "marked", [pytest.param(row, id=f"{kind}: {row!a}") for kind, rows in MAY_BE_CUT.items() for row in rows]
)
def test_a_text_is_cut_only_between_its_words(marked):
    text = marked.replace("|", "")
    shown = "".join(("" if not offset or is_inside_word(text, offset) else "|") + letter for offset, letter in enumerate(text))
    assert shown == marked


@pytest.mark.parametrize(
    ("text", "words", "explanation"),
    [
        ("They gave 1000 shells", "gave 1000", ""),
        ("They gave 1000 shells", "gave 100", "ends inside a word or a number; in whole words it is “gave 1000”, at 5 to 14"),
        ("They gave 40 000 shells", "000 shells", "begins inside a word or a number; in whole words it is “40 000 shells”"),
        ("a long-term pledge", "term pled", "begins and ends inside a word or a number; in whole words it is “long-term pledge”"),
    ],
)
def test_a_cut_is_explained_by_the_whole_words(text, words, explanation):
    start = text.index(words)
    assert explain_cut(text, start, start + len(words)).startswith(explanation)
    assert bool(explanation) is not is_whole(text, start, start + len(words))


CROWDED = st.text("abé15 .,’'-–\n\u0301\u00ad\u200d\ufe0f❤🇺🇦中万ก각\u11a8ـ$", max_size=20)


@given(CROWDED, st.data())
def test_a_widened_passage_is_the_shortest_whole_one(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    first, last = widen_to_whole_words(text, start, end)
    assert first <= start <= end <= last
    assert is_whole(text, first, last)
    assert all(is_inside_word(text, offset) for offset in (*range(first + 1, start + 1), *range(end, last)))


@given(CROWDED, CROWDED, CROWDED)
def test_where_a_text_may_be_cut_does_not_depend_on_other_sentences(before, text, after):
    within = f"{before}. ; {text} ; .{after}"
    start = len(before) + 4
    inner = [is_inside_word(text, offset) for offset in range(1, len(text))]
    assert inner == [is_inside_word(within, start + offset) for offset in range(1, len(text))]
