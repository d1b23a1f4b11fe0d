"""Positions of search terms in a text: ranges in code points, given beside the text, which stays unchanged."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nato_support.api.full_text_query import FullTextQuery
from nato_support.publishing.editions import name_keys

MAX_RANGES = 20
"""Most ranges given for one text."""

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_ENDINGS = ("'s", "ing", "ed", "es", "s", "e")

MatchRanges = list[list[int]]
HighlightTerm = tuple[tuple[str, ...], bool]
"""Consecutive words, as `_normalise_token` writes them, and whether the last is a prefix."""


def terms_to_highlight(query: FullTextQuery) -> tuple[HighlightTerm, ...]:
    """Return the terms to highlight for a full-text query."""
    terms = ((tuple(_normalise_token(token[0]) for token in _TOKEN.finditer(term)), is_prefix) for term, is_prefix in query.terms)
    return tuple(dict.fromkeys(term for term in terms if term[0]))


def match_ranges(text: str, terms: Sequence[HighlightTerm]) -> MatchRanges:
    """Return [start, end] of each occurrence of a term, in reading order; overlapping ones are joined."""
    if not _may_contain_terms(text, terms):
        return []
    tokens = [(token.start(), token.end(), _normalise_token(token[0])) for token in _TOKEN.finditer(text)]
    ranges: MatchRanges = []
    for at in range(len(tokens)):
        for words, is_prefix in terms:
            if (end := at + len(words)) <= len(tokens) and _tokens_match_words(tokens[at:end], words, is_prefix):
                start, stop = tokens[at][0], tokens[end - 1][1]
                if ranges and start < ranges[-1][1]:
                    ranges[-1][1] = max(ranges[-1][1], stop)
                elif len(ranges) < MAX_RANGES:
                    ranges.append([start, stop])
    return ranges


def _may_contain_terms(text: str, terms: Sequence[HighlightTerm]) -> bool:
    """Return whether `text` is worth a full comparison: most texts of a page contain none of the words."""
    if not text.isascii():
        return True
    folded = text.casefold()
    return any(words[0][:3] in folded for words, _ in terms)


def _tokens_match_words(tokens: Sequence[tuple[int, int, str]], words: Sequence[str], is_prefix: bool) -> bool:
    *pairs, (last_token, last_word) = zip((token[2] for token in tokens), words, strict=True)
    if any(_stem_word(token) != _stem_word(word) for token, word in pairs):
        return False
    return last_token.startswith(last_word) if is_prefix else _stem_word(last_token) == _stem_word(last_word)


def _normalise_token(token: str) -> str:
    return token.casefold().replace("’", "'") if token.isascii() else _transliterate_token(token)


@lru_cache(maxsize=1 << 14)
def _transliterate_token(token: str) -> str:
    return "".join(name_keys.key_words(token)) or token.casefold()


@lru_cache(maxsize=1 << 14)
def _stem_word(word: str) -> str:
    """Return the word without an English ending, so that all forms that the full-text engine finds are highlighted."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            return word[:-1] if ending in ("ing", "ed") and word[-1] == word[-2] else word
    return word


def highlight_record_fields(record: dict, terms: Sequence[HighlightTerm]) -> Iterator[dict]:
    """Yield each field of an edition document that contains a term, with the ranges."""
    for field in ("name", "exact", "summary", "conditions", "locality", "attribution", "reported_by", "role"):
        text = record.get(field)
        if isinstance(text, str) and (ranges := match_ranges(text, terms)):
            yield {"field": field, "ranges": ranges}
    for position, speaker in enumerate(record.get("speakers", ())):
        if ranges := match_ranges(speaker["name"], terms):
            yield {"field": f"speakers.{position}.name", "ranges": ranges}
