"""A fingerprint proves a passage at its place, character for character, and shows nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources import anchoring, fingerprint
from sources.passage_edges import explain_cut, is_whole
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
        ("", "starts with v2-4-3-1:"),
        ("v1-4-3-1:abc", "starts with v2-4-3-1:"),
        ("v2-4-3-1:\x00", "base85 of whole entries"),
        ("v2-4-3-1:~~~~~", "an entry is larger than any hash"),
    ],
)
def test_a_fingerprint_that_cannot_be_read_is_told(broken, told):
    with pytest.raises(fingerprint.MalformedFingerprint, match=told):
        fingerprint.prove_passage(broken, SHA256, exact="one two three four", start=0)


def test_a_fingerprint_holds_no_word_of_the_text():
    words = {word for word in ARTICLE.split() if len(word) > 3}
    assert not [word for word in words if word in PRINT]


KITES = (
    "Arcadia and Ruritania gave 40,000 of 2.5 million kites to a long-term friend of ours, as Iva\u0301n said; "
    "then 他们给了一千只风筝。"
)


@pytest.mark.parametrize(
    ("words", "is_proved"),
    [
        ("Arcadia and Ruritania gave 40,000", True),
        ("Arcadia and Ruritania gave 40", False),
        ("000 of 2.5 million kites", False),
        ("5 million kites to a", False),
        ("2.5 million kites to a", True),
        ("million kites to a long", False),
        ("million kites to a long-term", False),
        ("kites to a long-term", True),
        ("term friend of ours", False),
        ("long-term friend of ours", True),
        ("of ours, as Iva", False),
        ("of ours, as Iva\u0301n", True),
        ("friend of ours, as", True),
        ("iend of ours, as Iva\u0301n", False),
        ("他们给了", True),
        ("们给了一千", True),
        ("他们给了一", False),
    ],
)
def test_a_passage_that_cuts_a_word_is_not_proved(words, is_proved):
    proof = fingerprint.prove_passage(
        fingerprint.make_fingerprint(KITES), fingerprint.text_hash(KITES), exact=words, start=KITES.index(words)
    )
    assert bool(proof) is is_proved
    assert bool(explain_cut(KITES, KITES.index(words), KITES.index(words) + len(words))) is not is_proved


@given(st.text("ab1 ,.-’\n\u0301中", min_size=12, max_size=40), st.data())
def test_of_invented_texts_just_the_whole_passages_are_proved(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    exact = text[start : data.draw(st.integers(start + 1, len(text)))]
    proof = fingerprint.prove_passage(fingerprint.make_fingerprint(text), fingerprint.text_hash(text), exact=exact, start=start)
    if proof:
        assert is_whole(text, start, start + len(exact))
    elif is_whole(text, start, start + len(exact)):
        assert not fingerprint.has_enough_words(exact)
