"""Pair the words of two parsed names, each with at most one of the other name."""

from itertools import chain, product
from typing import NamedTuple

from rapidfuzz.distance import OSA

from entities.likeness.latin_words import typing_errors_allowed
from entities.likeness.parsed_names import NameWord, ParsedName
from entities.likeness.phonetics import sound_code_similarity
from entities.likeness.romanisation import CONSONANTAL_SCRIPTS, LATIN

_INITIAL_LETTER_CLASSES = str.maketrans("jyw", "iiv")


class WordPairing(NamedTuple):
    """The words of two names, each paired with at most one of the other name."""

    pairs: list[tuple[float, NameWord, NameWord]]
    """(similarity, word, word of the other name), the most similar first."""
    words: tuple[NameWord, ...]
    other_words: tuple[NameWord, ...]
    unmatched: list[NameWord]
    other_unmatched: list[NameWord]

    @property
    def different_given_names(self) -> tuple[NameWord, NameWord] | None:
        """Two known given names that are different ones and stand in each other's place, if there are any."""
        paired = ((word, other) for score, word, other in self.pairs if score < 1)
        places = (paired, product(self.unmatched, self.other_unmatched))
        return next((words for words in chain(*places) if words[0].is_another_given_name(words[1])), None)


def pair_words(name: ParsedName, other_name: ParsedName, is_person: bool) -> WordPairing:
    """Pair the words of two names, best pairs first."""
    words, other_words = _join_words_like(name, other_name), _join_words_like(other_name, name)
    candidates = [
        (score, word.weight + other_word.weight, i, j)
        for i, word in enumerate(words)
        for j, other_word in enumerate(other_words)
        if (score := _word_similarity(word, other_word, is_person))
    ]
    unmatched, other_unmatched = dict(enumerate(words)), dict(enumerate(other_words))
    pairs = [
        (score, unmatched.pop(i), other_unmatched.pop(j))
        for score, _, i, j in sorted(candidates, reverse=True)
        if i in unmatched and j in other_unmatched
    ]
    return WordPairing(pairs, words, other_words, list(unmatched.values()), list(other_unmatched.values()))


def sound_similarity(first: NameWord | ParsedName, second: NameWord | ParsedName) -> float:
    """Return how similar two words or names sound. Consonants count more: scripts write them more reliably than vowels."""
    if any(code in second.sounds for code in first.sounds):
        return 1.0
    consonant_share = 0.9 if first.script in CONSONANTAL_SCRIPTS or second.script in CONSONANTAL_SCRIPTS else 0.6
    return max(
        consonant_share * sound_code_similarity(first.consonants[i], second.consonants[j])
        + (1 - consonant_share) * sound_code_similarity(first.sounds[i], second.sounds[j])
        for i in range(len(first.sounds))
        for j in range(len(second.sounds))
    )


def _join_words_like(name: ParsedName, model_name: ParsedName) -> tuple[NameWord, ...]:
    """Return the words of `name`, joining neighbours that `model_name` writes as one word."""
    words = name.words
    if len(words) <= 2 or name.script != model_name.script:
        return words
    texts = {word.text: word for word in model_name.words if len(word.text) > 5}
    joined, i = list(words), 0
    while i < len(joined) - 1:
        for length in (2, 3):
            text = "".join(word.text for word in joined[i : i + length])
            joined_word = texts.get(text)
            if joined_word and joined_word.text not in {word.text for word in words}:
                joined[i : i + length] = [joined_word]
        i += 1
    return tuple(joined)


def _word_similarity(word: NameWord, other: NameWord, is_person: bool) -> float:
    """Return the similarity of two words; 0 unless they may be the same."""
    if word.text == other.text:
        return 1.0
    if word.is_number or other.is_number:
        return 0.0
    if is_person and 1 in (len(word.text), len(other.text)):
        return (
            0.75 if word.text[0].translate(_INITIAL_LETTER_CLASSES) == other.text[0].translate(_INITIAL_LETTER_CLASSES) else 0.0
        )
    if is_person and not word.names_meant.isdisjoint(other.names_meant):
        return 0.9
    if word.sound == other.sound:
        return 0.97
    if word.script == other.script == LATIN:
        return _spelling_similarity(word, other)
    sound_score = sound_similarity(word, other)
    if word.script == other.script:
        return max(sound_score if sound_score >= 0.85 else 0.0, _spelling_similarity(word, other))
    sound_score = sound_score if sound_score >= 0.8 else max(0.0, 2 * sound_score - 0.8)
    return (
        sound_score
        if word.script in CONSONANTAL_SCRIPTS or other.script in CONSONANTAL_SCRIPTS
        else max(sound_score, _spelling_similarity(word, other))
    )


def _spelling_similarity(word: NameWord, other: NameWord) -> float:
    longest = max(len(word.text), len(other.text))
    if (
        len(word.consonants[0]) >= 6
        and word.consonants[0] == other.consonants[0]
        and sound_code_similarity(word.sounds[0], other.sounds[0]) >= 0.85
    ):
        return 0.85
    if longest < 5 and word.sound[0] != other.sound[0]:
        return 0.0
    allowed = typing_errors_allowed(longest)
    spelling_distance = OSA.distance(word.text, other.text, score_cutoff=allowed + 1)
    if spelling_distance > allowed + 1:
        return 0.0
    distance = min(spelling_distance, OSA.distance(word.sound, other.sound, score_cutoff=allowed))
    return 1 - distance / longest if distance <= allowed else 0.0
