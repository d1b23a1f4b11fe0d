"""The turns of a transcript: who speaks, from the label that opens a turn to the next one."""

import re
from collections import Counter
from typing import NamedTuple

from sources.sentences import Span

_LETTER = "A-ZÀ-ÖØ-ÞŠŽ"
_MARKUP = r"(?:\*\*|__|\*|_)?"
_MORE = r"(?P<more>,? ?\([^()\n]{1,120}\)|, \w[^:\n]{2,80})?"
_COLON = rf"{_MARKUP}(?:\s*[\[(]\d[\d:.,]*[\])])?{_MARKUP}[:：]{_MARKUP}"
_CAPITALS = re.compile(
    rf"{_MARKUP}(?P<label>[{_LETTER}][{_LETTER}.’'-]*"
    rf"(?:\s(?:(?:Mc|Mac)?[{_LETTER}&][{_LETTER}.’'-]*|of|the|and|de|von|van|al|\d{{1,2}}))*{_MORE}){_COLON}\s*(?=\S)"
)
_WORD = rf"[{_LETTER}](?:[^\W_]|[.’'-])*"
_NAMED = re.compile(
    rf"{_MARKUP}(?P<label>{_WORD}(?:[ \u00a0](?:{_WORD}|de|van|von|der|al|bin|of|the)){{0,6}}{_MORE}){_COLON}\s+(?=\S)"
)
_QUESTION = re.compile(
    rf"{_MARKUP}(?P<label>Q|A|Question|QUESTION|Answer|ANSWER){_MARKUP}(?P<more>)"
    rf"(?:[.:]{_MARKUP}\s+|\s{{2,}}|\t|\u00a0|\s(?=\())(?=\S)"
)
_HEARING = re.compile(
    rf"(?P<label>(?:The )?(?:Chair(?:man|woman)?|Senator|Secretary|General|Admiral|Ambassador|Mr\.|Mrs\.|Ms\.|Dr\.|Lord)"
    rf"(?: [{_LETTER}][\w’'-]+){{1,2}})(?P<more>)\.\s+(?=[{_LETTER}\[(])"
)
_TITLE = re.compile(
    r"\b(?:PRESIDENT|MINISTER|SECRETARY|MR|MRS|MS|DR|SEN|SENATOR|GEN|GENERAL|ADMIRAL|CHANCELLOR|MODERATOR|OFFICIAL|AMBASSADOR|"
    r"GOVERNOR|CHAIR(?:MAN|WOMAN)?|SPEAKER|REP|REPORTER|INTERPRETER|KING|QUEEN|PRIME|VICE|LADY|ADVISER|ADVISOR|SPOKESPERSON)\b"
)
_NO_SPEAKER = re.compile(
    r"(?:note|updated?|background|(?:media )?contact|related|read more|photo|source|date|time|location|venue|subject|from|to|"
    r"re|cc|fact sheet|press release|statement|release|image|video|watch|listen|tag|topic|by|editor.?s note|correction|example|"
    r"summary|conclusion|first|second|third|finally|(?:step|phase|part|option|article|section|annex|table|figure) ?\w*|"
    r"washington|brussels|kyiv|moscow|london|tel|phone|fax|e-?mail|web|website|https?|url|isbn|price|address|copyright|credit|"
    r"key point|what|why|how|when|where|who|participant|attendee|present|agenda|result|next step|see also|more|also|however|"
    r"that said|today|yesterday|\w+ assistance)s?",
    re.IGNORECASE,
)
_STOPS = '.?!…)]”"’—–-'
_END = re.compile(
    r"(?:\(?\[?END\]?\)?\b.{0,40}|[*#_=-]{3,}|[*#](?: [*#]){1,9}|\d{1,2}:\d\d\s*[AaPp]\.?[Mm]\.?.{0,12}|"
    r"(?:END OF|End of) (?:TRANSCRIPT|[Tt]ranscript|BRIEFING|[Bb]riefing).{0,20}|-\s?END\s?-|-?\s?ENDS\s?-?)\Z"
)


class Turn(NamedTuple):
    """What one speaker says at a stretch: `text[start:end]`, opened by `label`, which begins at `labelled`."""

    labelled: int
    start: int
    end: int
    label: str


def turns(text: str, paragraphs: list[Span]) -> list[Turn]:
    """The turns of a transcript, in order; none if the text is no transcript."""
    opened = [(number, label) for number, span in enumerate(paragraphs) if (label := _label(text, span))]
    opened = _credible(text, paragraphs, opened)
    found = []
    for place, (number, label) in enumerate(opened):
        last = opened[place + 1][0] if place + 1 < len(opened) else len(paragraphs)
        spoken = paragraphs[number + 1 : last]
        ended = next((at for at, (start, end) in enumerate(spoken) if _END.match(text, start, end)), len(spoken))
        end = spoken[ended - 1][1] if ended else paragraphs[number][1]
        found.append(Turn(paragraphs[number][0], label.end(), end, " ".join(label["label"].split())))
    return found


def is_question(label: str) -> bool:
    """Whether the label says only that somebody asks, or answers: no name."""
    return label.lower() in ("q", "a", "question", "answer")


def _label(text: str, span: Span) -> re.Match[str] | None:
    start, end = span
    end = min(end, start + 240)
    label = _QUESTION.match(text, start, end) or _CAPITALS.match(text, start, end) or _NAMED.match(text, start, end)
    label = label or _HEARING.match(text, start, end)
    return label if label and not _NO_SPEAKER.fullmatch(label["label"].strip()) else None


def _credible(text: str, paragraphs: list[Span], opened: list[tuple[int, re.Match[str]]]) -> list[tuple[int, re.Match[str]]]:
    """Without words before a colon that name no speaker.

    In a transcript labels are titles in capitals, or some label returns and what follows are sentences. Headings do neither.
    """
    capitals = [one for one in opened if _is_capital(one[1])]
    if any(_TITLE.search(label["label"]) or is_question(label["label"]) for _, label in capitals):
        return capitals
    names = Counter(name for _, label in opened for name in _names(label))
    stopped = sum(text[paragraphs[number][1] - 1] in _STOPS for number, _ in opened)
    return opened if len(opened) >= 3 and max(names.values()) > 1 and stopped >= 0.7 * len(opened) else []


def _names(label: re.Match[str]) -> set[str]:
    """The family name, or what stands in its place: “Kite Secretary, Ada Fell” returns as “Ada Fell”."""
    return {part.split()[-1] for part in label["label"].partition("(")[0].split(",") if part.strip()}


def _is_capital(label: re.Match[str]) -> bool:
    name = label["label"].removesuffix(label["more"] or "")
    return name.upper() == name
