import pytest

from nato_support.desk.dashboard.word_index import WordIndex, latin_words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Зеленський", ["zelenskiy"]),
        ("Rzeszów", ["rzeszow"]),
        ("Fell's forty-two kites", ["fell", "forty", "two", "kites"]),
        ("lake-meeting-2024", ["lake", "meeting", "2024"]),
        ("Żółć, ŁÓDŹ", ["zolc", "lodz"]),
        ("…!", []),
    ],
)
def test_words_in_plain_letters(text, words):
    assert latin_words_of(text) == words


@pytest.fixture
def index():
    index = WordIndex()
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
    assert list(index.find_keys(latin_words_of(typed), 5)) == [key]


def test_what_is_nothing_like_it_is_not_found(index):
    assert index.find_keys(latin_words_of("harbour"), 5) == {}
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
