"""An index of words in memory that forgives typing errors, other scripts and missing accents."""

import heapq
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable
from itertools import combinations, islice

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import OSA

EXACT_WORTH, BEGINNING_WORTH, WITHIN_WORTH, MISTYPED_WORTH = 1.0, 0.85, 0.6, 0.5
"""What a word of a name is worth that is the word asked for, begins with it, contains it, or nearly is it."""

MOST_MISTYPED = 40
"""So many mistyped readings of one word are tried."""

RANKED_PER_RESULT = 4
"""Of so many times as many as are wanted, not all are put in order."""

WORDS_REMEMBERED = 500
"""So many words are remembered with what they reach."""

WITHIN_FROM_LETTERS = 4
"""Words of so many letters are also looked for in the middle of others."""

_LATIN_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_SILENT_MARKS = str.maketrans("", "", "'`’ʼʹ")


def latin_words_of(text: str) -> list[str]:
    """The words of `text` in plain Latin letters: Зеленський gives zelenskiy, Rzeszów rzeszow."""
    plain = _POSSESSIVE.sub("", text)
    return _LATIN_WORD.findall((plain if plain.isascii() else anyascii(plain)).translate(_SILENT_MARKS).lower())


def typing_errors_allowed(word: str) -> int:
    """How many letters of `word` may be wrong, missing or swapped."""
    return 0 if len(word) < 4 or word.isdecimal() else 1 if len(word) < 8 else 2


class WordIndex:
    """Which keys go by which words."""

    def __init__(self):
        self.texts: dict[int, tuple[str, ...]] = {}
        self._keys: dict[str, set[int]] = defaultdict(set)
        self._sorted: list[str] | None = None
        self._words_meant_cache: dict[str, dict[str, float]] = {}

    def put(self, key: int, texts: Iterable[str]):
        """`key` goes by the words of `texts`, and by no others."""
        self.drop(key)
        words = tuple(dict.fromkeys(word for text in texts for word in latin_words_of(text)))
        for word in words:
            if word not in self._keys:
                self._sorted = None
            self._keys[word].add(key)
        # The strings of the dictionary, not copies of them.
        self.texts[key] = words

    def drop(self, key: int):
        for word in self.texts.pop(key, ()):
            keys = self._keys[word]
            keys.discard(key)
            if not keys:
                del self._keys[word]
                self._sorted = None

    def find(self, words: Collection[str], most: int) -> dict[int, float]:
        """At most `most` keys that go by all of `words`, or, if there are none, by all of them but one: the best first."""
        reached = [self._words_meant_by(word) for word in words]
        found = self._keys_matching_all(reached)
        if not found and len(reached) > 1:
            for fewer in combinations(reached, len(reached) - 1):
                for key, worth in self._keys_matching_all(fewer).items():
                    found[key] = max(worth, found.get(key, 0))
        if len(found) > RANKED_PER_RESULT * most:
            # Of what is called by a word that nearly everything has, only the best are put in order.
            least = heapq.nlargest(most, found.values())[-1]
            found = dict(islice(((key, worth) for key, worth in found.items() if worth >= least), RANKED_PER_RESULT * most))
        best = heapq.nsmallest(most, found, key=lambda key: (-found[key], len(self.texts[key]), key))
        return {key: found[key] for key in best}

    def _keys_matching_all(self, reached: Iterable[dict[str, float]]) -> dict[int, float]:
        """The keys that go by a word of each of `reached`, with the sum of what these are worth."""
        found: dict[int, float] | None = None
        # The rarest first: what it does not reach need not be looked at again.
        for reach in sorted(reached, key=lambda reach: sum(len(self._keys[word]) for word in reach)):
            here: dict[int, float] = {}
            for word, worth in sorted(reach.items(), key=lambda pair: pair[1]):
                keys = self._keys[word]
                here.update(dict.fromkeys(keys if found is None else keys & found.keys(), worth))
            found = here if found is None else {key: found[key] + worth for key, worth in here.items()}
        return found or {}

    def _words_meant_by(self, word: str) -> dict[str, float]:
        """The words that `word` may stand for, with what each is worth."""
        if self._sorted is None:
            self._sorted = sorted(self._keys)
            self._words_meant_cache = {}
        if word not in self._words_meant_cache:
            if len(self._words_meant_cache) >= WORDS_REMEMBERED:
                self._words_meant_cache = {}
            self._words_meant_cache[word] = self._find_similar_words(word, self._sorted)
        return self._words_meant_cache[word]

    def _find_similar_words(self, word: str, known: list[str]) -> dict[str, float]:
        reach: dict[str, float] = {}
        if allowed := typing_errors_allowed(word):
            for near, distance, _ in process.extract(word, known, scorer=OSA.distance, score_cutoff=allowed, limit=MOST_MISTYPED):
                reach[near] = MISTYPED_WORTH - distance / 10
        if len(word) >= WITHIN_FROM_LETTERS:
            reach |= {other: WITHIN_WORTH for other in known if word in other}
        start = bisect_left(known, word)
        end = bisect_left(known, word + "\x7f")
        for other in known[start:end]:
            reach[other] = BEGINNING_WORTH + (EXACT_WORTH - BEGINNING_WORTH) * len(word) / len(other) / 2
        if word in self._keys:
            reach[word] = EXACT_WORTH
        return reach
