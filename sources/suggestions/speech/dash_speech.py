"""Speech that dashes part from its speaker: – We will – said Ada Fell. – Soon. «We will, — said Ada Fell, — and soon.»"""

import re
from collections.abc import Iterator

from sources.sentence_splitting import Span
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_OPENING = re.compile(r"[–—―-]\s+(?=[^\W\d_]|[\"„«“(…\d])")
_OPENING_WITHIN = re.compile(r"(?<=[.!?…])\s+[–—―-]\s+(?=[\"„«“(…]*(?P<first>[^\W\d_]))")
"""Dash at the end of a sentence, before speech that follows other words of its paragraph."""

_SEPARATOR = re.compile(r"(?<=\S)\s+[–—―-]{1,2}\s+(?=\S)")
_LONGEST_SPLIT = 3000
"""Longest quotation, in characters, within whose marks a speaker is looked for."""

_COMMA = re.compile(r"\s?,\s+(?=\S)")
_COMMA_TAG = re.compile(r"[^,.!?…;:«»]{3,90}(?=[,.]|\s?\Z|$)")
_SENTENCE_END = re.compile(r"[.!?…]+\s+(?=[^\W\d_])")
_STOPS = ".!?…"
_WORD = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")
_SEARCHED = 90
"""Characters at the beginning of a segment within which its verb of saying stands."""

_MAX_SEPARATORS = 200
_MOST_OPENINGS = 40
_MOST_LINES = 4
"""Most lines of a paragraph of speech that names its speaker on the last one."""


def dash_speech_spans(text: str, paragraphs: list[Span], vocabulary: SpeechVocabulary) -> Iterator[QuotedSpan]:
    """Yield the parts of all speech that is opened by a dash and whose speaker is named after another one.

    A paragraph without that may be an item of a list, or the answer in an interview: it is left out.
    """
    if not vocabulary.has_dash_speech:
        return
    for start, end in paragraphs:
        opening = _OPENING.match(text, start, end)
        if opening:
            yield from _parts_of_paragraph(text, opening.end(), end, vocabulary)
        elif not vocabulary.dash_tag_after_comma:
            yield from _parts_within_paragraph(text, start, end, vocabulary)


def _parts_within_paragraph(text: str, start: int, end: int, vocabulary: SpeechVocabulary) -> list[QuotedSpan]:
    """Return the spoken parts of a paragraph of other words, in which speech begins after a sentence."""
    for count, opening in enumerate(_OPENING_WITHIN.finditer(text, start, end)):
        if count > _MOST_OPENINGS:
            break
        if opening["first"].isupper() and (parts := _parts_of_paragraph(text, opening.end(), end, vocabulary)):
            return parts
    return []


def join_lines_of_dash_speech(text: str, blocks: list[Span], vocabulary: SpeechVocabulary) -> list[Span]:
    """Return the blocks; joined are the lines of speech opened by a dash up to the one that names its speaker."""
    if not vocabulary.has_dash_speech:
        return blocks
    joined: list[Span] = []
    index = 0
    while index < len(blocks):
        start, end = blocks[index]
        last = index
        if _OPENING.match(text, start, end) and not _parts_of_paragraph(text, start, end, vocabulary):
            for following in range(index + 1, min(len(blocks), index + _MOST_LINES)):
                first, line_end = blocks[following]
                if text.count("\n", blocks[following - 1][1], first) > 1 or _OPENING.match(text, first, line_end):
                    break
                if _parts_of_paragraph(text, first, line_end, vocabulary):
                    last = following
                    break
        joined.append((start, blocks[last][1]))
        index = last + 1
    return joined


def _parts_of_paragraph(text: str, start: int, end: int, vocabulary: SpeechVocabulary) -> list[QuotedSpan]:
    """Return the spoken parts of a paragraph that begins with a dash; none if it names no speaker."""
    separators = [match.span() for match in _SEPARATOR.finditer(text, start, end)]
    if len(separators) > _MAX_SEPARATORS:
        return []
    parts: list[QuotedSpan] = []
    speech_start: int | None = start
    has_tag, tag_start = False, start
    for number, (separator, after) in enumerate(separators):
        segment_end = separators[number + 1][0] if number + 1 < len(separators) else end
        if speech_start is None:
            # The words after the dash that follows the speaker's name; a dash within a later sentence opens none.
            tag = text[tag_start:separator]
            speech_start = after if tag[-1:] in _STOPS or not _SENTENCE_END.search(tag) else None
        elif _names_speaker(text[after : min(segment_end, after + _SEARCHED)], vocabulary):
            parts.append(_part(text, speech_start, separator))
            has_tag, speech_start, tag_start = True, None, after
    if speech_start is not None and has_tag:
        parts.append(_part(text, speech_start, end))
    if not has_tag and vocabulary.dash_tag_after_comma:
        return _part_before_comma(text, start, end, vocabulary)
    return [part for part in parts if part.start < part.end] if has_tag else []


def split_at_speaker(text: str, span: QuotedSpan, vocabulary: SpeechVocabulary) -> list[QuotedSpan]:
    """Return the parts of a quotation whose speaker is named within its marks, between dashes; the span itself if none is."""
    if not vocabulary.has_dash_speech or span.end - span.start > _LONGEST_SPLIT:
        return [span]
    separators = [match.span() for match in _SEPARATOR.finditer(text, span.start, span.end)]
    parts: list[QuotedSpan] = []
    start, number = span.start, 0
    while number < len(separators):
        separator, after = separators[number]
        has_next = number + 1 < len(separators)
        tag_end = separators[number + 1][0] if has_next else span.end
        if tag_end - after < _SEARCHED * 2 and _names_speaker(text[after : min(tag_end, after + _SEARCHED)], vocabulary):
            parts.append(_part(text, start, separator)._replace(opened=span.opened if not parts else start))
            start = separators[number + 1][1] if has_next else span.end
            number += 1
        number += 1
    if not parts:
        return _split_at_comma(text, span, vocabulary) if vocabulary.dash_tag_after_comma else [span]
    if start < span.end:
        parts.append(_part(text, start, span.end)._replace(closed=span.closed))
    return [part for part in parts if part.start < part.end]


def _split_at_comma(text: str, span: QuotedSpan, vocabulary: SpeechVocabulary) -> list[QuotedSpan]:
    """Return the parts of a quotation within whose marks commas part the speaker: « We will, said Ada Fell, and soon. »"""
    for count, comma in enumerate(_COMMA.finditer(text, span.start, span.end)):
        if count > _MAX_SEPARATORS:
            break
        tag = _COMMA_TAG.match(text, comma.end(), span.end)
        if tag and _opens_with_verb(_folded_words(tag[0]), vocabulary) and _names_after_verb(tag[0], vocabulary):
            first = _part(text, span.start, comma.start())._replace(opened=span.opened)
            start = next((at for at in range(tag.end(), span.end) if text[at] not in ",. \u00a0\u202f"), span.end)
            second = _part(text, start, span.end)._replace(closed=span.closed)
            return [part for part in (first, second) if part.start < part.end]
    return [span]


def _names_after_verb(tag: str, vocabulary: SpeechVocabulary) -> bool:
    """Return whether a pronoun, a role or a name comes after the verb."""
    found = _WORD.findall(tag)
    return "-" in found[0] or any(word[0].isupper() or word.lower() in vocabulary.roles for word in found[1:5])


def _folded_words(words: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(words)]


def _part_before_comma(text: str, start: int, end: int, vocabulary: SpeechVocabulary) -> list[QuotedSpan]:
    """Return the speech before the clause that names its speaker after a comma: — We will, said Ada Fell."""
    for count, comma in enumerate(_COMMA.finditer(text, start, end)):
        if count > _MAX_SEPARATORS:
            return []
        words = _folded_words(text[comma.end() : min(end, comma.end() + 50)])
        if words and _opens_with_verb(words, vocabulary):
            return [_part(text, start, comma.start())]
    return []


def _opens_with_verb(words: list[str], vocabulary: SpeechVocabulary) -> bool:
    verb, _, pronoun = words[0].partition("-")
    if pronoun and pronoun.removeprefix("t-") not in vocabulary.pronouns.keys() | {"on"}:
        return False
    if verb in vocabulary.auxiliaries:
        return any(word in vocabulary.participles for word in words[1:3])
    return verb in vocabulary.verbs


def _names_speaker(words: str, vocabulary: SpeechVocabulary) -> bool:
    """Return whether words after a dash open with a verb of saying, with its subject before or after it."""
    first_sentence = _SENTENCE_END.split(words, maxsplit=1)[0]
    for count, match in enumerate(_WORD.finditer(first_sentence)):
        word = match[0].lower().replace("’", "'").replace("ʼ", "'")
        if word in vocabulary.verbs:
            # Speech may hold a verb of saying, too: what stands before it must be a name or a role, and no clause.
            before = first_sentence[: match.start()]
            return (
                count < 8
                and not re.search(r"[,;:]", before)
                and (count < 2 or match[0].islower())
                and _may_be_subject(before, vocabulary)
            )
    return False


def _may_be_subject(words: str, vocabulary: SpeechVocabulary) -> bool:
    """Return whether all words before the verb are names, roles or fillers."""
    found = _WORD.findall(words)
    return (
        not found
        or all(
            word[0].isupper() or word.lower() in vocabulary.roles or word.lower() in vocabulary.fillers | vocabulary.tag_openers
            for word in found
        )
        or found[0].lower() in vocabulary.roles
    )


def _part(text: str, start: int, end: int) -> QuotedSpan:
    last = end
    while last > start and (text[last - 1].isspace() or text[last - 1] == ","):
        last -= 1
    return QuotedSpan(start, start, last, max(last, end))
