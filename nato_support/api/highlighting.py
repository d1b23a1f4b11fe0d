"""Where what was looked for stands in a text: ranges in code points, beside the text, which stays as it is."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from nato_support.api.full_text_query import FullTextQuery
from nato_support.publishing.editions import name_keys

MAX_RANGES = 20
"""So many ranges are given of one text."""

_TOKEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
_ENDINGS = ("'s", "ing", "ed", "es", "s", "e")

MatchRanges = list[list[int]]
HighlightTerm = tuple[tuple[str, ...], bool]
"""Words that stand one after the other, as `_plain` writes them, and whether the last is only a beginning."""


def highlight_terms(text: FullTextQuery, further: Iterable[str] = ()) -> tuple[HighlightTerm, ...]:
    """What to mark for a full-text question, and single words beside it."""
    typed = [*text.terms, *((word, False) for word in further)]
    found = ((tuple(_normalise_token(token[0]) for token in _TOKEN.finditer(term)), beginning) for term, beginning in typed)
    return tuple(dict.fromkeys(term for term in found if term[0]))


def match_ranges(text: str, terms: Sequence[HighlightTerm]) -> MatchRanges:
    """[start, end] of each place where one of the terms stands, in reading order, none inside another."""
    if not _may_contain_terms(text, terms):
        return []
    tokens = [(token.start(), token.end(), _normalise_token(token[0])) for token in _TOKEN.finditer(text)]
    found: MatchRanges = []
    for at in range(len(tokens)):
        for words, beginning in terms:
            if (end := at + len(words)) <= len(tokens) and _tokens_match_words(tokens[at:end], words, beginning):
                start, stop = tokens[at][0], tokens[end - 1][1]
                if found and start < found[-1][1]:
                    found[-1][1] = max(found[-1][1], stop)
                elif len(found) < MAX_RANGES:
                    found.append([start, stop])
    return found


def _may_contain_terms(text: str, terms: Sequence[HighlightTerm]) -> bool:
    """Whether it is worth a closer look: most texts of a page hold none of the words."""
    if not text.isascii():
        return True
    small = text.casefold()
    return any(words[0][:3] in small for words, _ in terms)


def _tokens_match_words(tokens: Sequence[tuple[int, int, str]], words: Sequence[str], beginning: bool) -> bool:
    *firsts, last = zip((token[2] for token in tokens), words, strict=True)
    if any(_stem_word(token) != _stem_word(word) for token, word in firsts):
        return False
    return last[0].startswith(last[1]) if beginning else _stem_word(last[0]) == _stem_word(last[1])


def _normalise_token(token: str) -> str:
    return token.casefold().replace("’", "'") if token.isascii() else _transliterate_token(token)


@lru_cache(maxsize=1 << 14)
def _transliterate_token(token: str) -> str:
    return "".join(name_keys.latin_words(token)) or token.casefold()


@lru_cache(maxsize=1 << 14)
def _stem_word(word: str) -> str:
    """The word without an English ending, so that what the full-text engine takes for one word is marked as one."""
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            return word[:-1] if ending in ("ing", "ed") and word[-1] == word[-2] else word
    return word


def highlight_record_fields(record: dict, terms: Sequence[HighlightTerm]) -> Iterator[dict]:
    """What was found in a printed record: by the field of the answer that it stands in."""
    for field in ("name", "exact", "summary", "conditions", "locality", "attribution", "role"):
        text = record.get(field)
        if isinstance(text, str) and (found := match_ranges(text, terms)):
            yield {"field": field, "ranges": found}
    speaker = record.get("speaker")
    if record["kind"] == "quote" and speaker and (found := match_ranges(speaker["name"], terms)):
        yield {"field": "speaker.name", "ranges": found}
