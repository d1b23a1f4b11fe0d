"""Spans between quotation marks, of the outermost marks only.

All common styles of marks are read. A mark that is never closed ends with its paragraph, so that it cannot swallow the rest of
a text, unless the next paragraph opens again, as quotations over several paragraphs do.
"""

import re
from typing import NamedTuple

from sources.sentence_splitting import Span

_MARK = re.compile(r"[\"“”„‟«»‘’‚'‹›]")
_SINGLE = "‘’‚'‹›"
_OPENS_AFTER = "([{<—–-―/:,;.\"“”„«‘'‚‹*_>\\#"
_CLOSES_BEFORE = ".,;:!?…([)]}>—–-―/\"”“»’'›*_\\"
_ELIDED = re.compile(r"\d0s?\b|(?:em|til|till|cause|tis|twas|round|bout|n|neath|cos|ere)\b", re.IGNORECASE)
_MAX_SINGLE_LENGTH = 4000
"""Greatest distance, in characters, between two single marks of one quotation."""

_MAX_MARKS = 1000
"""Number of marks above which a paragraph of little else is taken to hold no quotation."""


class QuotedSpan(NamedTuple):
    """Words in quotation marks: `text[start:end]`, and with their marks `text[opened:closed]`.

    `continues`: the paragraph ends without a closing mark and the next one opens again. `unclosed`: the closing mark is missing.
    """

    opened: int
    start: int
    end: int
    closed: int
    continues: bool = False
    unclosed: bool = False


class _Mark(NamedTuple):
    at: int
    letter: str
    before: str
    after: str

    @property
    def may_open(self) -> bool:
        """Return whether the characters around the mark allow it to open a quotation."""
        return (not self.before or self.before.isspace() or self.before in _OPENS_AFTER) and not (
            not self.after or self.after.isspace()
        )

    @property
    def may_close(self) -> bool:
        """Return whether the characters around the mark allow it to close a quotation."""
        return not (not self.before or self.before.isspace()) and (
            not self.after or self.after.isspace() or self.after in _CLOSES_BEFORE
        )


def find_quoted_spans(text: str, paragraphs: list[Span]) -> list[QuotedSpan]:
    """Return everything in outer quotation marks, in order, with one span for each paragraph of a longer quotation."""
    spans: list[QuotedSpan] = []
    for number, (start, end) in enumerate(paragraphs):
        next_character = text[paragraphs[number + 1][0]] if number + 1 < len(paragraphs) else ""
        spans.extend(span for span in _quoted_spans_in_paragraph(text, start, end, next_character) if span.start < span.end)
    return spans


def _quoted_spans_in_paragraph(text: str, start: int, end: int, next_character: str) -> list[QuotedSpan]:
    offsets = [match.start() for match in _MARK.finditer(text, start, end)]
    if len(offsets) > _MAX_MARKS and len(offsets) * 4 > end - start:
        return []
    marks = [
        _Mark(offset, text[offset], text[offset - 1] if offset > start else "", text[offset + 1] if offset + 1 < end else "")
        for offset in offsets
    ]
    spans: list[QuotedSpan] = []
    open_marks: list[_Mark] = []
    last_number = -1
    for number, mark in enumerate(marks):
        if number <= last_number or (mark.letter in _SINGLE and open_marks):
            continue
        if mark.letter in _SINGLE:
            last_number = _find_single_closer(text, marks, number)
            if last_number > number:
                spans.append(_span_between_marks(text, mark.at, marks[last_number].at + 1))
            elif mark.at == start and mark.letter == next_character and mark.may_open and not _ELIDED.match(text, start + 1):
                return [_unclosed_span(text, mark.at, end, continues=True)]
            continue
        is_opening = _opens_quotation(text, marks, number, open_marks)
        if is_opening:
            open_marks.append(mark)
        elif open_marks and is_opening is not None:
            opener = open_marks.pop()
            while spans and spans[-1].opened > opener.at:
                spans.pop()
            spans.append(_span_between_marks(text, opener.at, mark.at + 1))
    if open_marks and not (spans and spans[-1].opened > open_marks[0].at) and len(open_marks) == 1:
        # With other marks after it, the end of the first quotation cannot be known.
        spans.append(_unclosed_span(text, open_marks[0].at, end, continues=next_character == open_marks[0].letter))
    return spans


def _opens_quotation(text: str, marks: list[_Mark], number: int, open_marks: list[_Mark]) -> bool | None:
    """Return whether a double mark opens a quotation or closes one; None if it is a measure in inches."""
    mark = marks[number]
    may_open, may_close = mark.may_open, mark.may_close
    match mark.letter:
        case "„" | "‟":
            return True
        case "“":
            return not (open_marks and (open_marks[-1].letter == "„" or (may_close and not may_open)))
        case "«":
            return not (open_marks and may_close and not may_open)
        case "”" | "»":
            return may_open and not may_close and not open_marks
    if mark.before.isdigit() and (not open_marks or _is_inch_mark(text, marks, number)):
        return None
    return may_open if may_open != may_close else not open_marks


def _is_inch_mark(text: str, marks: list[_Mark], number: int) -> bool:
    """Return whether a straight mark after a number, within a quotation, means inches: the next mark closes too."""
    mark = marks[number]
    next_straight = next((later for later in marks[number + 1 : number + 20] if later.letter == '"'), None)
    return bool(
        next_straight
        and mark.after.isspace()
        and text[mark.at + 2].islower()
        and next_straight.may_close
        and not next_straight.may_open
    )


def _find_single_closer(text: str, marks: list[_Mark], number: int) -> int:
    """Return the number of the mark that closes the single one; -1 if that is an apostrophe, or nothing closes it."""
    opener = marks[number]
    if opener.letter in "’›" or not opener.may_open or _ELIDED.match(text, opener.at + 1):
        return -1
    possible_closer = -1
    double_marks = 0
    for later in range(number + 1, len(marks)):
        mark = marks[later]
        is_opening = mark.letter in "‘'‚" and mark.may_open and not mark.may_close
        if is_opening and _ELIDED.match(text, mark.at + 1):
            continue
        if is_opening or mark.at - opener.at > _MAX_SINGLE_LENGTH:
            break
        if mark.letter not in _SINGLE:
            double_marks += 1
        elif mark.may_close and double_marks % 2 == 0:
            if not _may_be_possessive(text, mark):
                return later
            possible_closer = later if possible_closer < 0 else possible_closer
    return possible_closer


def _may_be_possessive(text: str, mark: _Mark) -> bool:
    """Return whether a single mark can be that of “the allies’ pledge” or “goin’ home”."""
    return (
        (mark.before in "sSxz" or text[mark.at - 2 : mark.at] == "in")
        and mark.after.isspace()
        and text[mark.at + 2 : mark.at + 3].isalpha()
    )


def _span_between_marks(text: str, opened: int, closed: int) -> QuotedSpan:
    start, end = _trim_span(text, opened + 1, closed - 1)
    return QuotedSpan(opened, start, end, closed)


def _unclosed_span(text: str, opened: int, end: int, continues: bool) -> QuotedSpan:
    start, trimmed_end = _trim_span(text, opened + 1, end)
    return QuotedSpan(opened, start, trimmed_end, end, continues=continues, unclosed=not continues)


def _trim_span(text: str, start: int, end: int) -> Span:
    """Return the span without outer space, and without a final comma that belongs to the article's sentence."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return start, end
