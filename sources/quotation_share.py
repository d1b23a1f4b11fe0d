"""Share of a document's words that its quotes show in the publisher's own wording, and the limit on it.

Speech is not the publisher's: words between quotation marks do not count in a quote whose speaker is named. Where those marks
stand is kept with the document, as is the number of its words, so that the share is known without the text.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from sources.sentence_splitting import Span, split_lines_or_unwrapped_paragraphs
from sources.suggestions.quotation_marks import find_quoted_spans

MAX_SHARE = 0.30
"""Greatest share of a document's words that may be public or shipped in its publisher's own wording."""

MIN_PASSAGE_WORDS = 4
"""Fewest words of a passage: fewer prove nothing, as a fingerprint holds no shorter ones."""

MAX_PASSAGE_WORDS = 40
"""Most words of a passage in the publisher's own wording."""

# “F-16”, “Ukraine’s”, “U.S” and “3,000” are one word each.
_WORD = re.compile(r"\w+(?:[-'’./,]\w+)*")


class ShownPassage(NamedTuple):
    """Passage of a document that a quote shows, or showed in an edition that is still public."""

    start: int
    exact: str
    has_named_speaker: bool


@dataclass(frozen=True, slots=True)
class QuotationShare:
    """Words of a document, and those of them that are shown in its publisher's own wording; `words` is None if never counted."""

    words: int | None
    shown_words: int

    @property
    def share(self) -> float | None:
        """Return the share of the words that is shown, 0 to 1; None if the words were never counted."""
        return self.shown_words / self.words if self.words else None

    @property
    def exceeds_limit(self) -> bool:
        """Return whether more is shown than MAX_SHARE allows."""
        return self.share is not None and self.share > MAX_SHARE

    def __str__(self) -> str:
        if self.share is None:
            return f"{self.shown_words} words shown in the publisher's own wording; the words of the text were never counted"
        return f"{100 * self.share:.1f}% ({self.shown_words:,} of {self.words:,} words)"


def count_words(text: str) -> int:
    """Count the words of `text`."""
    return sum(1 for _ in _WORD.finditer(text))


def find_speech_spans(text: str) -> list[list[int]]:
    """Return first and last offset of all words in quotation marks; a mark that is never closed opens nothing."""
    spans = find_quoted_spans(text, split_lines_or_unwrapped_paragraphs(text))
    return [[span.start, span.end] for span in spans if not span.unclosed]


def measure_share(
    title: str, words: int | None, speech_spans: Sequence[Sequence[int]], passages: Iterable[ShownPassage]
) -> QuotationShare:
    """Return the share of a document's words that `passages` and its title show, each word counted once."""
    passages = list(passages)
    shown: set[Span] = set()
    spoken: set[Span] = set()
    for passage in passages:
        own_words = list(_own_words(passage, speech_spans))
        shown.update(own_words)
        if passage.has_named_speaker:
            spoken.update(set(_words_of_passage(passage)).difference(own_words))
    return QuotationShare(words, len(shown - spoken) + _title_words_not_shown(title, passages, speech_spans))


def passage_length_problem(passage: ShownPassage, speech_spans: Sequence[Sequence[int]]) -> str:
    """Return in words why a passage is too short or too long to be public; '' if it is neither."""
    if (length := count_words(passage.exact)) < MIN_PASSAGE_WORDS:
        count = "1 word" if length == 1 else f"{length} words"
        return f"has {count}: a passage needs at least {MIN_PASSAGE_WORDS}, so quote more of its clause"
    if (length := sum(1 for _ in _own_words(passage, speech_spans))) > MAX_PASSAGE_WORDS:
        return f"has {length} words of its publisher: a passage may have {MAX_PASSAGE_WORDS}, so quote less"
    return ""


def _words_of_passage(passage: ShownPassage) -> Iterator[Span]:
    for word in _WORD.finditer(passage.exact):
        yield passage.start + word.start(), passage.start + word.end()


def _own_words(passage: ShownPassage, speech_spans: Sequence[Sequence[int]]) -> Iterator[Span]:
    """Yield the words of a passage in its publisher's own wording, by their offsets in the text."""
    for word in _words_of_passage(passage):
        if not (passage.has_named_speaker and _is_inside(word, speech_spans)):
            yield word


def _is_inside(word: Span, spans: Sequence[Sequence[int]]) -> bool:
    position = bisect_right(spans, word[0], key=lambda span: span[0]) - 1
    return position >= 0 and word[1] <= spans[position][1]


def _title_words_not_shown(title: str, passages: Iterable[ShownPassage], speech_spans: Sequence[Sequence[int]]) -> int:
    """Count the words of a title that no passage shows.

    Where the title stands in the text is not kept: a passage that has more than half of it in a row is taken to show that part.
    """
    words = _WORD.findall(title)
    most = 0
    for passage in passages:
        own_words = [
            passage.exact[start - passage.start : end - passage.start] for start, end in _own_words(passage, speech_spans)
        ]
        most = max(most, SequenceMatcher(None, words, own_words, autojunk=False).find_longest_match().size)
    return len(words) - (most if 2 * most > len(words) else 0)
