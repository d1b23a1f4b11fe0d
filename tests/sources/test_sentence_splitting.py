"""Texts are cut into paragraphs and sentences as a reader would, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.sentence_splitting import split_lines_or_unwrapped_paragraphs, split_sentences
from tests.steps import assert_linear


def cut(text, spans):
    return [text[start:end] for start, end in spans]


A_SENTENCE_ENDS_WHERE_IT_ENDS = [
    "The U.S. Senate met Gen. Ada Fell and Mr. Osric Vane in Valleytown.",
    "Ada B. Fell of Washington, D.C. told J.R.R. Vane that St. Cuthbert lies there.",
    "No. 10 answered at 9.45 a.m. Eastern Time on Jan. 5 about Art. 5 of the treaty.",
    "It costs $1.5 million, i.e. 3.25 a head, approx. 4 percent.",
    "“We pledge forty kites.”",
    '"We pledge forty kites."',
    "(They pledged forty kites.)",
    "‘Will they come?’ asked the clerk.",
    "“Will they come?” Ada Fell asked.",
    "“The work has begun....Our kites are ready,” he said.",
    "He wondered ... and went on.",
    "Will they come?!",
    "The office is in the U.S.",
    "The kites of Fell Corp. and Vane Inc. flew.",
    "Lt. Gen. Fell, Ret. Adm. Vane and Sen. Oak (R-Calif.) agreed.",
    "They flew it on.[12]",
]


A_SENTENCE_ENDS_WHERE_IT_ENDS = ["The kites flew.", "“They flew,” he said.", "In 2024 they flew…"]


def test_a_sentence_ends_where_it_ends(subtests):
    for first in A_SENTENCE_ENDS_WHERE_IT_ENDS:
        for second in A_SENTENCE_ENDS_WHERE_IT_ENDS:
            with subtests.test(first=first, second=second):
                text = f"{first} {second}"
                assert cut(text, split_sentences(text)) == [first, second]


ONE_SENTENCE_STAYS_ONE = [
    "1. The kites of Arcadia",
    "He met Dr. Fell.",
    "What? no.",
    "It is U.S. policy that U.S. President Fell stated.",
    "Fell Inc. Chairman Osric Vane left.",
    "Sections 2. and 3. hold.",
    "",
    "   \n\t\n ",
]


def test_one_sentence_stays_one(subtests):
    for text in ONE_SENTENCE_STAYS_ONE:
        with subtests.test(text=text):
            assert cut(text, split_sentences(text)) == [text.strip()][: bool(text.strip())]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("風が吹いた。凧が上がった！「本当？」彼は言った。", ["風が吹いた。", "凧が上がった！", "「本当？」", "彼は言った。"]),
        ("وصلت الطائرات. هل تطير؟ نعم.", ["وصلت الطائرات.", "هل تطير؟", "نعم."]),
        ("Змії прилетіли. Вони літають.", ["Змії прилетіли.", "Вони літають."]),
        ("«On vole. » Il partit.", ["«On vole. »", "Il partit."]),
    ],
)
def test_other_scripts_are_cut_too(text, wanted):
    assert cut(text, split_sentences(text)) == wanted


def test_each_line_of_an_ordinary_text_is_a_paragraph():
    text = "Kites for Arcadia\r\n\r\n\u00a0First paragraph. It has two.\u00a0\r\nSecond one\ttoo.  \n- a point\n- another"
    assert cut(text, split_lines_or_unwrapped_paragraphs(text)) == [
        "Kites for Arcadia",
        "First paragraph. It has two.",
        "Second one\ttoo.",
        "- a point",
        "- another",
    ]


WRAPPED = """Valleytown
June 3

ADA FELL:  We have met the clerks of the harbour and of the kite yard, and
we have agreed that forty kites are to be sent before the first snow of\x20\x20
the year falls on the hills. That is a promise. We shall keep it if the
wind lets us, and if not, later.
Q    When will that be?

This is a new paragraph, which is as long as the others are and as dull as
they are, too.

-   a point that goes on and on until the line is full and so has to go on
    in the next one
-   another
"""


@pytest.mark.parametrize("text", [WRAPPED, WRAPPED.replace("\n", "\r\n")])
def test_the_lines_of_a_wrapped_text_are_joined(text):
    found = [" ".join(paragraph.split()) for paragraph in cut(text, split_lines_or_unwrapped_paragraphs(text))]
    assert [paragraph[:9] for paragraph in found] == [
        "Valleytow",
        "June 3",
        "ADA FELL:",
        "Q When wi",
        "This is a",
        "- a point",
        "- another",
    ]
    assert found[2].endswith("later.")
    assert found[5].endswith("next one")
    assert "That is a promise." in cut(text, split_sentences(text))


def test_short_paragraphs_without_blank_lines_are_not_taken_for_wrapped_lines():
    lines = [f"The clerk of office number {n} went home before the evening bell rang." for n in range(9)]
    assert cut("\n".join(lines), split_lines_or_unwrapped_paragraphs("\n".join(lines))) == lines


PIECES = st.sampled_from(
    [
        "\n",
        "\r\n",
        " ",
        "\u00a0",
        "\t",
        "\u2028",
        "\x85",
        ". ",
        "! ",
        "? ",
        "… ",
        ".” ",
        '." ',
        "。",
        "؟",
        "U.S. ",
        "Mr. ",
        "No. 5 ",
    ]
    + [
        "The ",
        "kites ",
        "“",
        "’",
        "(",
        ")",
        "1. ",
        "- ",
        "Q  ",
        "[3] ",
        "風",
        "طار",
        "wind and rain and snow, and so on, that is all " * 2,
    ]
)


@given(st.one_of(st.text(), st.lists(PIECES).map("".join)))
def test_nothing_is_lost_and_nothing_twice(text):
    whole, parts = split_lines_or_unwrapped_paragraphs(text), split_sentences(text)
    assert "".join("".join(cut(text, whole)).split()) == "".join(text.split())
    assert "".join("".join(cut(text, parts)).split()) == "".join(text.split())
    for spans in (whole, parts):
        assert all(start < end for start, end in spans)
        assert all(text[start:end] == text[start:end].strip() for start, end in spans)
        assert all(one[1] <= other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert all(any(start <= a and b <= end for start, end in whole) for a, b in parts)


TWICE_A_HOSTILE_TEXT_TAKES_SOME_TWICE_TH = [" ", ".", "”", ". ", "A. ", "\n", "\r\n", "“”", "said ", ".”", "1. ", "_"]


def test_twice_a_hostile_text_takes_some_twice_the_steps(subtests):
    for piece in TWICE_A_HOSTILE_TEXT_TAKES_SOME_TWICE_TH:
        with subtests.test(piece=piece):
            assert_linear(lambda size, piece=piece: split_sentences(piece * -(-size // len(piece))), 4_000)


def test_a_long_text_is_cut_in_steps_that_grow_with_it():
    line = "Ada Fell told the U.S. clerks that “forty kites” were on their way. \n"
    assert len(split_sentences(line * 1_500)) == 1_500
    assert_linear(lambda size: split_sentences(line * size), 500)
