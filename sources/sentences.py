"""Where the paragraphs and sentences of a text begin and end: offsets in code points."""

import re

Span = tuple[int, int]

_PARAGRAPH = re.compile(r"[^\n]*\S[^\n]*")
_END = re.compile(r"[.!?…]+[\"”’')\]]*\s+(?=[\"“‘(\[]*[A-Z0-9])")


def paragraphs(text: str) -> list[Span]:
    """The paragraphs of `text`: its lines that are not blank, without the space around them."""
    found = []
    for line in _PARAGRAPH.finditer(text):
        raw = line.group()
        start = line.start() + len(raw) - len(raw.lstrip())
        found.append((start, start + len(raw.strip())))
    return found


def sentences(text: str) -> list[Span]:
    """The sentences of `text`, each within one paragraph."""
    found = []
    for start, end in paragraphs(text):
        at = start
        for stop in _END.finditer(text, start, end):
            found.append((at, stop.end() - len(stop.group()) + len(stop.group().rstrip())))
            at = stop.end()
        found.append((at, end))
    return found
