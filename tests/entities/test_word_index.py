"""The index of words in memory: slips are forgiven, numbers are not."""

import pytest

from entities.likeness.fuzzy_word_index import FuzzyWordIndex
from entities.likeness.latin_words import latin_words


@pytest.fixture
def index():
    index = FuzzyWordIndex()
    for key, texts in {1: ["Jens Stoltenberg"], 2: ["Volodymyr Zelenskyy", "Зеленський"], 3: ["Kite yard", "kite-yard"]}.items():
        index.set_texts(key, texts)
    return index


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("Stoltenburg", 1),
        ("stotlenberg", 1),  # two letters swapped
        ("stolten", 1),
        ("tenberg", 1),
        ("Zelensky", 2),
        ("Зеленский", 2),
        ("zelensky volodimir", 2),
        ("kyte", 3),
        ("jens stoltenberg of nowhere"[:16] + " nowhere", 1),  # one word too many
    ],
)
def test_slips_are_forgiven(index, typed, key):
    assert list(index.find_keys(latin_words(typed), 5)) == [key]


def test_what_is_nothing_like_it_is_not_found(index):
    assert index.find_keys(latin_words("harbour"), 5) == {}
    # Of short words and of numbers nothing is forgiven.
    index.set_texts(4, ["Plan 2024"])
    assert index.find_keys(["2025"], 5) == {}
    assert index.find_keys(["jan"], 5) == {}


def test_the_word_itself_comes_before_those_that_look_like_it(index):
    index.set_texts(5, ["Kites"])
    index.set_texts(6, ["Kits"])
    assert list(index.find_keys(["kites"], 5))[0] == 5
    assert list(index.find_keys(["kits"], 5))[0] == 6


def test_a_new_name_takes_the_place_of_the_old_one(index):
    index.set_texts(3, ["Balloon field"])
    assert index.find_keys(["kite"], 5) == {}
    assert list(index.find_keys(["baloon"], 5)) == [3]
    index.remove_key(3)
    assert index.find_keys(["balloon"], 5) == {}


def test_only_accepted_keys_are_counted(index):
    for key in range(10, 20):
        index.set_texts(key, ["Jens Stoltenberg"])
    assert list(index.find_keys(["jens"], 3, accepts=lambda key: key > 17)) == [18, 19]
    # Nothing accepted has both words.
    assert list(index.find_keys(["jens", "yard"], 3, accepts=lambda key: key == 3)) == [3]
