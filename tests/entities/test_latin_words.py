"""Words of names in Latin letters, and how far a typed word may be from one."""

import pytest

from entities.likeness.latin_words import fold_to_latin, latin_words, prefix_rank, typing_errors_allowed


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Зеленський", ["zelenskiy"]),
        ("Rzeszów", ["rzeszow"]),
        ("Fell's forty-two kites", ["fell", "forty", "two", "kites"]),
        ("lake-meeting-2024", ["lake", "meeting", "2024"]),
        ("Żółć, ŁÓDŹ", ["zolc", "lodz"]),
        ("Seán O’Malley’s «ﬁeld»", ["sean", "omalley", "field"]),
        ("🎈 ＮＡＴＯ_kites", ["nato", "kites"]),
        ("…!", []),
    ],
)
def test_words_in_latin_letters(text, words):
    assert latin_words(text) == words


@pytest.mark.parametrize(
    ("word", "folded"), [("U.S.", "us"), ("O'Malley", "omalley"), ("Łódź", "lodz"), ("Fell’s", "fells"), ("…", "…")]
)
def test_a_word_is_folded_to_letters_alone(word, folded):
    assert fold_to_latin(word) == folded


def test_longer_words_may_have_more_errors():
    assert [typing_errors_allowed(length) for length in (3, 4, 8, 9, 20)] == [0, 1, 1, 2, 2]


def test_a_name_ranks_by_how_it_begins():
    assert [prefix_rank(name.split(), ["kite", "off"]) for name in ("kite off", "kite office", "arcadia kite off")] == [0, 1, 2]
