"""A fingerprint proves a passage at its place, character for character, and shows nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import anchoring, fingerprint
from tests.world import ARTICLE

SHA256 = fingerprint.text_hash(ARTICLE)
PRINT = fingerprint.make_fingerprint(ARTICLE)


def prove(start: int, end: int, /, **changed) -> fingerprint.PassageProof:
    words = {"exact": ARTICLE[start:end], "start": start}
    return fingerprint.prove_passage(PRINT, SHA256, **words | changed)


@given(st.data())
def test_every_passage_of_the_text_is_proved_and_any_change_of_a_character_is_not(data):
    words = [match.span() for match in anchoring.WORD.finditer(ARTICLE)]
    first = data.draw(st.integers(0, len(words) - 4))
    start, end = words[first][0], words[data.draw(st.integers(first + 3, len(words) - 1))][1]
    assert prove(start, end)
    exact = ARTICLE[start:end]
    at = data.draw(st.integers(0, len(exact) - 1))
    other = data.draw(st.sampled_from("aZ9 ,”-").filter(lambda letter: letter != exact[at]))
    # A letter that becomes a mark at either end makes the passage shorter, not false.
    if other.isalnum() or words[first][0] < start + at < end - 1:
        assert not prove(start, end, exact=exact[:at] + other + exact[at + 1 :])


@given(st.integers(0, 20), st.integers(-3, 3).filter(bool))
def test_a_passage_is_not_proved_beside_its_place(first, off):
    words = [match.span() for match in anchoring.WORD.finditer(ARTICLE)]
    start = words[first][0]
    proof = prove(start, words[first + 5][1], start=start + off)
    assert proof.is_in_text
    assert not proof.in_place
    assert "not at offset" in proof.explanation


def test_the_words_that_do_not_stand_there_are_named():
    start = ARTICLE.index("About 700")
    proof = prove(start, start, exact="About 800 clerks are to count")
    assert not proof
    assert "800" in proof.explanation


def test_too_few_words_prove_nothing():
    proof = fingerprint.prove_passage(PRINT, SHA256, exact="forty kites", start=0)
    assert not proof
    assert "too few words" in proof.explanation


def test_a_passage_that_stands_twice_is_proved_at_each_place():
    text = "one two three four five six one two three four five seven"
    for start in (0, text.rindex("one")):
        assert fingerprint.prove_passage(
            fingerprint.make_fingerprint(text),
            fingerprint.text_hash(text),
            exact="one two three four",
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
        fingerprint.prove_passage(broken, SHA256, exact="one two three four", start=0)


def test_a_fingerprint_holds_no_word_of_the_text():
    words = {word for word in ARTICLE.split() if len(word) > 3}
    assert not [word for word in words if word in PRINT]
