"""Where quotation marks open and close: the words between them, the outermost marks only.

Marks of all common styles are read. A mark that is never closed is given up at the end of its paragraph, so that it cannot
swallow the rest of a text, unless the next paragraph opens again, as quotations over several paragraphs do.
"""

import re
from typing import NamedTuple

from sources.sentence_splitting import Span

_MARK = re.compile(r"[\"“”„‟«»‘’‚'‹›]")
_SINGLE = "‘’‚'‹›"
_OPENS_AFTER = "([{<—–-―/:,;.\"“”„«‘'‚‹*_>\\#"
_CLOSES_BEFORE = ".,;:!?…([)]}>—–-―/\"”“»’'›*_\\"
_ELIDED = re.compile(r"\d0s?\b|(?:em|til|till|cause|tis|twas|round|bout|n|neath|cos|ere)\b", re.IGNORECASE)
_FARTHEST = 4000
"""How far the end of a quotation in single marks is looked for."""

_MOST = 1000
"""A paragraph of more marks than this, and of little else, holds no quotation."""


class QuotedSpan(NamedTuple):
    """Words in quotation marks: `text[start:end]`, and with their marks `text[opened:closed]`.

    `goes_on`: the paragraph ends without a closing mark and the next one opens again. `missing`: the closing mark is missing.
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
        return (not self.before or self.before.isspace() or self.before in _OPENS_AFTER) and not (
            not self.after or self.after.isspace()
        )

    @property
    def may_close(self) -> bool:
        return not (not self.before or self.before.isspace()) and (
            not self.after or self.after.isspace() or self.after in _CLOSES_BEFORE
        )


def find_quoted_spans(text: str, paragraphs: list[Span]) -> list[QuotedSpan]:
    """All that stands in outer quotation marks, in order; one entry for each paragraph of a longer quotation."""
    found: list[QuotedSpan] = []
    for number, (start, end) in enumerate(paragraphs):
        following = text[paragraphs[number + 1][0]] if number + 1 < len(paragraphs) else ""
        found.extend(one for one in _quoted_spans_in_paragraph(text, start, end, following) if one.start < one.end)
    return found


def _quoted_spans_in_paragraph(text: str, start: int, end: int, following: str) -> list[QuotedSpan]:
    places = [match.start() for match in _MARK.finditer(text, start, end)]
    if len(places) > _MOST and len(places) * 4 > end - start:
        return []
    marks = [_Mark(at, text[at], text[at - 1] if at > start else "", text[at + 1] if at + 1 < end else "") for at in places]
    found: list[QuotedSpan] = []
    stack: list[_Mark] = []
    passed = -1
    for number, mark in enumerate(marks):
        if number <= passed or (mark.letter in _SINGLE and stack):
            continue
        if mark.letter in _SINGLE:
            passed = _find_single_closer(text, marks, number)
            if passed > number:
                found.append(_span_between_marks(text, mark.at, marks[passed].at + 1))
            elif mark.at == start and mark.letter == following and mark.may_open and not _ELIDED.match(text, start + 1):
                return [_unclosed_span(text, mark.at, end, goes_on=True)]
            continue
        opens = _opens_quotation(text, marks, number, stack)
        if opens:
            stack.append(mark)
        elif stack and opens is not None:
            opener = stack.pop()
            while found and found[-1].opened > opener.at:
                found.pop()
            found.append(_span_between_marks(text, opener.at, mark.at + 1))
    if stack and not (found and found[-1].opened > stack[0].at) and len(stack) == 1:
        # With other marks after it, which words the first one should have held cannot be known.
        found.append(_unclosed_span(text, stack[0].at, end, goes_on=following == stack[0].letter))
    return found


def _opens_quotation(text: str, marks: list[_Mark], number: int, stack: list[_Mark]) -> bool | None:
    """Whether a double mark opens a quotation; else it closes one. None if it is none but a measure in inches."""
    mark = marks[number]
    opens, closes = mark.may_open, mark.may_close
    match mark.letter:
        case "„" | "‟":
            return True
        case "“":
            return not (stack and (stack[-1].letter == "„" or (closes and not opens)))
        case "«":
            return not (stack and closes and not opens)
        case "”" | "»":
            return opens and not closes and not stack
    if mark.before.isdigit() and (not stack or _is_inch_mark(text, marks, number)):
        return None
    return opens if opens != closes else not stack


def _is_inch_mark(text: str, marks: list[_Mark], number: int) -> bool:
    """Whether a straight mark after a number, within a quotation, means inches: the next one closes, too."""
    mark = marks[number]
    following = next((one for one in marks[number + 1 : number + 20] if one.letter == '"'), None)
    return bool(
        following and mark.after.isspace() and text[mark.at + 2].islower() and following.may_close and not following.may_open
    )


def _find_single_closer(text: str, marks: list[_Mark], number: int) -> int:
    """Number of the mark that closes the single one; -1 if that is an apostrophe, or nothing closes it."""
    opener = marks[number]
    if opener.letter in "’›" or not opener.may_open or _ELIDED.match(text, opener.at + 1):
        return -1
    doubtful = -1
    doubles = 0
    for later in range(number + 1, len(marks)):
        mark = marks[later]
        opens = mark.letter in "‘'‚" and mark.may_open and not mark.may_close
        if opens and _ELIDED.match(text, mark.at + 1):
            continue
        if opens or mark.at - opener.at > _FARTHEST:
            break
        if mark.letter not in _SINGLE:
            doubles += 1
        elif mark.may_close and doubles % 2 == 0:
            if not _may_be_possessive(text, mark):
                return later
            doubtful = later if doubtful < 0 else doubtful
    return doubtful


def _may_be_possessive(text: str, mark: _Mark) -> bool:
    """Whether a single mark can be that of “the allies’ pledge” or “goin’ home”."""
    return (
        (mark.before in "sSxz" or text[mark.at - 2 : mark.at] == "in")
        and mark.after.isspace()
        and text[mark.at + 2 : mark.at + 3].isalpha()
    )


def _span_between_marks(text: str, opened: int, closed: int) -> QuotedSpan:
    start, end = _trim_span(text, opened + 1, closed - 1)
    return QuotedSpan(opened, start, end, closed)


def _unclosed_span(text: str, opened: int, end: int, goes_on: bool) -> QuotedSpan:
    start, last = _trim_span(text, opened + 1, end)
    return QuotedSpan(opened, start, last, end, continues=goes_on, unclosed=not goes_on)


def _trim_span(text: str, start: int, end: int) -> Span:
    """Without space around, and without the comma that belongs to the sentence of the article."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    return start, end
