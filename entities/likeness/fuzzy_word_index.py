"""In-memory word index that tolerates typing errors, other scripts and missing accents."""

import heapq
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from itertools import combinations, islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.latin_words import latin_words, typing_errors_allowed

EXACT_WORTH, BEGINNING_WORTH, WITHIN_WORTH, MISTYPED_WORTH = 1.0, 0.85, 0.6, 0.5
"""Score of a word that equals the word asked for, begins with it, contains it, or nearly equals it."""

MOST_MISTYPED = 40
"""Similar words tried for one mistyped word."""

RANKED_PER_RESULT = 4
"""Candidates ranked for each result wanted."""

WORDS_REMEMBERED = 500
"""Words whose matches are cached."""

WITHIN_FROM_LETTERS = 4
"""Length from which a word is also looked for inside others."""


class FuzzyWordIndex:
    """Index from words to integer keys."""

    def __init__(self):
        self.texts: dict[int, tuple[str, ...]] = {}
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._sorted: list[str] | None = None
        self._words_meant_cache: dict[str, dict[str, float]] = {}

    def set_texts(self, key: int, texts: Iterable[str]):
        """Set the texts of `key`, replacing earlier ones."""
        self.remove_key(key)
        words = tuple(dict.fromkeys(word for text in texts for word in latin_words(text)))
        for word in words:
            if word not in self._keys:
                self._sorted = None
            self._keys[word].add(key)
        # The strings of the dictionary, no copies.
        self.texts[key] = words

    def remove_key(self, key: int):
        for word in self.texts.pop(key, ()):
            keys = self._keys[word]
            keys.discard(key)
            if not keys:
                del self._keys[word]
                self._sorted = None

    def find_keys(self, words: Collection[str], limit: int, accepts: Callable[[int], bool] | None = None) -> dict[int, float]:
        """Return at most `limit` keys, with scores, that match all of `words` or, if none do, all but one; the best first.

        Keys that `accepts` rejects are left out.
        """
        candidates = [self._words_meant_by(word) for word in words]
        scores = self._keys_matching_all(candidates, accepts)
        if not scores and len(candidates) > 1:
            for subset in combinations(candidates, len(candidates) - 1):
                for key, score in self._keys_matching_all(subset, accepts).items():
                    scores[key] = max(score, scores.get(key, 0))
        if len(scores) > RANKED_PER_RESULT * limit:
            # Only the best matches of a very common word are sorted.
            threshold = heapq.nlargest(limit, scores.values())[-1]
            scores = dict(
                islice(((key, score) for key, score in scores.items() if score >= threshold), RANKED_PER_RESULT * limit)
            )
        ranked = heapq.nsmallest(limit, scores, key=lambda key: (-scores[key], len(self.texts[key]), key))
        return {key: scores[key] for key in ranked}

    def _keys_matching_all(
        self, candidates: Iterable[dict[str, float]], accepts: Callable[[int], bool] | None
    ) -> dict[int, float]:
        """Return the accepted keys that match a word of each of `candidates`, with the sum of their scores."""
        scores: dict[int, float] | None = None
        # The rarest word first: keys that it does not match drop out at once.
        for words in sorted(candidates, key=lambda words: sum(len(self._keys[word]) for word in words)):
            word_scores: dict[int, float] = {}
            for word, score in sorted(words.items(), key=lambda pair: pair[1]):
                keys = self._keys[word]
                word_scores.update(dict.fromkeys(keys if scores is None else keys & scores.keys(), score))
            scores = word_scores if scores is None else {key: scores[key] + score for key, score in word_scores.items()}
        scores = scores or {}
        return {key: score for key, score in scores.items() if accepts(key)} if accepts else scores

    def _words_meant_by(self, word: str) -> dict[str, float]:
        """Return the indexed words that `word` may stand for, with their scores."""
        if self._sorted is None:
            self._sorted = sorted(self._keys)
            self._words_meant_cache = {}
        if word not in self._words_meant_cache:
            if len(self._words_meant_cache) >= WORDS_REMEMBERED:
                self._words_meant_cache = {}
            self._words_meant_cache[word] = self._find_similar_words(word, self._sorted)
        return self._words_meant_cache[word]

    def _find_similar_words(self, word: str, known: list[str]) -> dict[str, float]:
        scores: dict[str, float] = {}
        # Numbers tell apart.
        if errors_allowed := 0 if word.isdecimal() else typing_errors_allowed(len(word)):
            for similar, distance, _ in process.extract(
                word, known, scorer=OSA.distance, score_cutoff=errors_allowed, limit=MOST_MISTYPED
            ):
                scores[similar] = MISTYPED_WORTH - distance / 10
        if len(word) >= WITHIN_FROM_LETTERS:
            scores |= {candidate: WITHIN_WORTH for candidate in known if word in candidate}
        start = bisect_left(known, word)
        end = bisect_left(known, word + "\x7f")
        for candidate in known[start:end]:
            scores[candidate] = BEGINNING_WORTH + (EXACT_WORTH - BEGINNING_WORTH) * len(word) / len(candidate) / 2
        if word in self._keys:
            scores[word] = EXACT_WORTH
        return scores
