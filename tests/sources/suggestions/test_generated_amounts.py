"""Generated amounts in five languages: none is read wrongly, and nearly all are read; and the judge of that is just."""

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pytest

from benchmarks.amount_numbers import write_digits
from benchmarks.amount_sentences import AmountSentence
from benchmarks.amount_words import FEW, PARTITIVE, PLURAL, SINGULAR
from benchmarks.generated_amounts import LEAST_READ, WORDS, Tally, judge, measure, sentence_counts, sentences

TANKS = AmountSentence(
    "At 10:30 about 5 to 7 million tanks left.", "en", "about", Decimal(5), Decimal(7), "", ("tank", "tanks"), 9, 35
)


def tallies(count: int, seed: int) -> dict[str, Tally]:
    return {language: measure(language, share, seed) for language, share in sentence_counts(count).items()}


def assert_read(measured: dict[str, Tally]) -> None:
    assert {language: tally.wrong[:5] for language, tally in measured.items() if tally.wrong} == {}
    assert {language: tally.unread[:5] for language, tally in measured.items() if tally.read_share < LEAST_READ} == {}


def right_suggestion(sentence: AmountSentence, **changes) -> SimpleNamespace:
    """Return what a faultless reader suggests, but for the changes to its proposal."""
    value, upper = ("" if number is None else f"{number:f}" for number in (sentence.value, sentence.upper))
    unit = sentence.unit or sentence.nouns[-1]
    proposal = {"qualifier": sentence.qualifier, "value": value, "upper": upper, "unit": unit, **changes}
    bounds = "..".join(filter(None, (proposal["value"], proposal["upper"])))
    qualifier = "" if proposal["qualifier"] == "none" else proposal["qualifier"]
    proposal.setdefault("typed", " ".join(filter(None, (qualifier, bounds, proposal["unit"]))))
    exact = sentence.text[sentence.start : sentence.end]
    return SimpleNamespace(start=sentence.start, end=sentence.end, exact=exact, proposal=proposal)


def test_generated_amounts_are_read():
    assert_read(tallies(2_000, seed=20240710))


@pytest.mark.slow
def test_many_generated_amounts_are_read():
    assert_read(tallies(100_000, seed=20240711))


@pytest.mark.parametrize("language", sentence_counts(100))
def test_a_faultless_reader_gets_every_sentence_right(language):
    stated = [sentence for sentence in sentences(language, 500, seed=3) if sentence.qualifier]
    assert [sentence.text for sentence in stated if judge(sentence, [right_suggestion(sentence)]) != "right"] == []


@pytest.mark.parametrize(
    "changes",
    [
        {"qualifier": "none"},
        {"value": "5000000"},
        {"upper": ""},
        {"unit": "person"},
        {"unit": "shell"},
        {"typed": "5..7 tanks"},
        {"typed": "about 5 tanks"},
        {"typed": "some tanks"},
    ],
)
def test_a_different_answer_is_wrong(changes):
    assert judge(TANKS, [right_suggestion(TANKS)]) == "right"
    assert judge(TANKS, [right_suggestion(TANKS, **changes)]) == "wrong"


def test_a_second_amount_or_one_elsewhere_is_wrong():
    right = right_suggestion(TANKS)
    time = SimpleNamespace(start=3, end=8, exact="10:30", proposal=right.proposal)
    assert [judge(TANKS, found) for found in ([right, right], [time])] == ["wrong", "wrong"]


def test_an_amount_where_none_is_stated_is_wrong():
    nothing = AmountSentence("Room 5 is closed.", "en", must_be_read=False)
    assert (judge(nothing, []), judge(nothing, [right_suggestion(TANKS)])) == ("right", "wrong")


def test_nothing_is_unread_only_where_an_amount_must_be_read():
    assert judge(TANKS, []) == "unread"
    assert judge(replace(TANKS, must_be_read=False), []) == "passed"


def test_sentences_are_the_same_for_a_seed():
    first, again, another = (list(sentences("uk", 50, seed)) for seed in (1, 1, 2))
    assert first == again != another


@pytest.mark.parametrize(
    ("language", "number", "places", "separator", "text"),
    [
        ("en", 1234567, 0, ",", "1,234,567"),
        ("en", 5, 2, "", "0.05"),
        ("uk", 12345678, 2, "\u00a0", "123\u00a0456,78"),
        ("de", 1234500, 2, ".", "12.345,00"),
        ("de", 1250050, 2, "'", "12'500.50"),
        ("fr", 1000, 0, "\u202f", "1\u202f000"),
    ],
)
def test_digits_are_written_as_the_language_does(language, number, places, separator, text):
    assert write_digits(WORDS[language], number, places, separator) == text


@pytest.mark.parametrize(
    ("language", "number", "genitive", "form"),
    [
        *[("uk", number, False, SINGULAR) for number in ("1", "21", "101")],
        *[("uk", number, False, FEW) for number in ("2", "4", "23")],
        *[("uk", number, False, PLURAL) for number in ("5", "11", "12", "14", "111", "0")],
        *[("uk", number, True, form) for number, form in (("1", PARTITIVE), ("3", PLURAL), ("1.5", PARTITIVE))],
        *[("pl", number, False, form) for number, form in (("1", SINGULAR), ("21", PLURAL), ("22", FEW), ("1.5", PARTITIVE))],
        *[("fr", number, False, form) for number, form in (("1.5", SINGULAR), ("2", PLURAL))],
        *[("en", number, False, form) for number, form in (("1", SINGULAR), ("1.5", PLURAL))],
    ],
)
def test_nouns_agree_with_their_number(language, number, genitive, form):
    assert WORDS[language].agreement(Decimal(number), genitive) == form
