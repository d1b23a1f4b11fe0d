"""A fingerprint proves a passage at its place, character for character, and shows nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import anchoring, fingerprint
from tests.world import ARTICLE

SHA256 = fingerprint.text_hash(ARTICLE)
PRINT = fingerprint.make_fingerprint(ARTICLE)


def prove(start: int, end: int, /, **changed) -> fingerprint.PassageProof:
    place = anchoring.passage_at(ARTICLE, start, end)
    words = {"prefix": place.prefix, "exact": place.exact, "suffix": place.suffix, "start": start}
    return fingerprint.prove_passage(PRINT, SHA256, **words | changed)


@given(st.data())
def test_every_passage_of_the_text_is_proved_and_any_change_of_a_character_is_not(data):
    start = data.draw(st.integers(0, len(ARTICLE) - 1))
    end = data.draw(st.integers(start + 1, min(len(ARTICLE), start + 80)))
    assert prove(start, end)
    exact = ARTICLE[start:end]
    at = data.draw(st.integers(0, len(exact) - 1))
    other = data.draw(st.sampled_from("aZ9 ,”-").filter(lambda letter: letter != exact[at]))
    # A mark before the first or after the last word of a whole text stands in no window of words.
    if ARTICLE[: start + at].strip("“ \n") and ARTICLE[start + at + 1 :].strip(".\n"):
        assert not prove(start, end, exact=exact[:at] + other + exact[at + 1 :])


@given(st.integers(0, 100), st.integers(-3, 3).filter(bool))
def test_a_passage_is_not_proved_beside_its_place(start, off):
    proof = prove(start, start + 30, start=start + off)
    assert proof.is_in_text
    assert not proof.in_place
    assert "not at offset" in proof.explanation


def test_the_words_that_do_not_stand_there_are_named():
    start = ARTICLE.index("About 700")
    proof = prove(start, start + 16, exact="About 800 clerks")
    assert not proof
    assert "800" in proof.explanation


def test_too_few_words_prove_nothing():
    proof = fingerprint.prove_passage(PRINT, SHA256, prefix="", exact="forty kites", suffix="", start=0)
    assert not proof
    assert "too few words" in proof.explanation


def test_a_passage_that_stands_twice_is_proved_at_each_place():
    text = "one two three four five six one two three four five seven"
    for start in (0, text.rindex("one")):
        assert fingerprint.prove_passage(
            fingerprint.make_fingerprint(text),
            fingerprint.text_hash(text),
            prefix="",
            exact="one two three four",
            suffix="",
            start=start,
        )


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("", "starts with v1-4-3-1:"),
        ("v0-4-3-1:abc", "starts with v1-4-3-1:"),
        ("v1-4-3-1:\x00", "base85 of whole entries"),
        ("v1-4-3-1:~~~~~", "an entry is larger than any hash"),
    ],
)
def test_a_fingerprint_that_cannot_be_read_is_told(broken, told):
    with pytest.raises(fingerprint.MalformedFingerprint, match=told):
        fingerprint.prove_passage(broken, SHA256, prefix="", exact="one two three four", suffix="", start=0)


def test_a_fingerprint_holds_no_word_of_the_text():
    words = {word for word in ARTICLE.split() if len(word) > 3}
    assert not [word for word in words if word in PRINT]
