"""Paragraphs of a text in which lines break within quotations, as they do in some extracts."""

from sources.sentence_splitting import Span

_OPENING = "„«“"
_MOST_LINES = 8


def join_lines_within_quotations(text: str, blocks: list[Span]) -> list[Span]:
    """Return the blocks; those are joined of which one opens a quotation that another one, with no blank line between, closes."""
    joined: list[Span] = []
    index = 0
    while index < len(blocks):
        start, end = blocks[index]
        last = index
        if _is_open(text, start, end):
            for following in range(index + 1, min(len(blocks), index + _MOST_LINES)):
                if text.count("\n", blocks[following - 1][1], blocks[following][0]) > 1 or _opens(text, blocks[following][0]):
                    break
                if not _is_open(text, start, blocks[following][1]):
                    last = following
                    break
        joined.append((start, blocks[last][1]))
        index = last + 1
    return joined


def _opens(text: str, start: int) -> bool:
    return text[start] in _OPENING + '"'


def _is_open(text: str, start: int, end: int) -> bool:
    """Return whether a quotation is left open between the two offsets."""
    if text.count("„", start, end) > text.count("”", start, end) + text.count("“", start, end):
        return True
    if text.count("«", start, end) > text.count("»", start, end):
        return True
    return text.count('"', start, end) % 2 == 1
