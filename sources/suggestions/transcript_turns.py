"""The turns of a transcript: who speaks, from the label that opens a turn to the next one."""

import re
from collections import Counter
from typing import NamedTuple

from sources.sentence_splitting import Span

_LETTER = "A-ZÀ-ÖØ-ÞŠŽ"
_MARKUP = r"(?:\*\*|__|\*|_)?"
_MORE = r"(?P<more>(?:,? ?[(\[][^()\[\]\n]{1,120}[)\]]){1,3}|, \w[^:\n]{2,80})?"
_COLON = rf"{_MARKUP}(?:\s*[\[(]\d[\d:.,]*[\])])?{_MARKUP}[:：]{_MARKUP}(?:\s*[\[(]\d[\d:.,]*[\])])?"
_CAPITALS = re.compile(
    rf"{_MARKUP}(?P<label>[{_LETTER}][{_LETTER}.’'-]*"
    rf"(?:\s(?:(?:Mc|Mac)?[{_LETTER}&][{_LETTER}.’'-]*|\([{_LETTER}]{{2,8}}\)|of|the|and|de|von|van|al|\d{{1,2}}))*{_MORE}){_COLON}(?:\s*(?=\S)|\Z)"
)
_WORD = rf"[{_LETTER}](?:[^\W_]|[.’'-])*"
_NAMED = re.compile(
    rf"{_MARKUP}(?P<label>{_WORD}(?:[ \u00a0](?:{_WORD}|de|van|von|der|al|bin|of|the|\d{{1,2}})){{0,6}}{_MORE})"
    rf"{_COLON}(?:\s+(?=\S)|\Z)"
)
_QUESTION = re.compile(
    rf"{_MARKUP}(?P<label>Q|A|Question|QUESTION|Answer|ANSWER){_MARKUP}(?P<more>)"
    rf"(?:[.:]{_MARKUP}\s+|\s{{2,}}|\t|\u00a0|\s(?=\())(?=\S)"
)
_HEARING = re.compile(
    rf"(?P<label>(?:The )?(?:Chair(?:man|woman)?|Senator|Secretary|General|Admiral|Ambassador|Mr\.|Mrs\.|Ms\.|Dr\.|Lord)"
    rf"(?: [{_LETTER}][\w’'-]+){{1,2}})(?P<more>)\.\s+(?=[{_LETTER}\[(])"
)
_PLENARY = re.compile(rf"(?P<label>{_WORD}(?: (?:{_WORD}|de|van|von|der|al|of|the)){{0,6}}{_MORE})\.\s?[–—]\s*(?=\S)")
"""As parliaments print it: Ada Fell (KITE). – Madam President,"""

_DASHED = re.compile(
    rf"{_MARKUP}(?P<label>[{_LETTER}][{_LETTER}.’'-]*(?: [{_LETTER}][{_LETTER}.’'-]*){{0,4}}(?P<more>)){_MARKUP}"
    r" ?(?:[—–]|--?) (?=\S)"
)
_HONORIFIC = re.compile(r"(?:(?:The|Mr|Mrs|Ms|Miss|Dr|Sir|Dame|Lord|Lady|Senator|Hon)\b\.? )+")
_TITLE = re.compile(
    r"\b(?:PRESIDENT|MINISTER|SECRETARY|MR|MRS|MS|DR|SEN|SENATOR|GEN|GENERAL|ADMIRAL|CHANCELLOR|MODERATOR|OFFICIAL|AMBASSADOR|"
    r"GOVERNOR|CHAIR(?:MAN|WOMAN)?|SPEAKER|REP|REPORTER|INTERPRETER|KING|QUEEN|PRIME|VICE|LADY|ADVISER|ADVISOR|SPOKESPERSON)\b"
)
BRACKETED_TEXT = re.compile(r"\s*[(\[][^)\]]*[)\]]?")
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


class TranscriptTurn(NamedTuple):
    """What one speaker says at a stretch: `text[start:end]`, opened by `label`, which begins at `labelled`."""

    label_start: int
    start: int
    end: int
    label: str


def find_turns(text: str, paragraphs: list[Span]) -> list[TranscriptTurn]:
    """The turns of a transcript, in order; none if the text is no transcript."""
    opened = [(number, label) for number, span in enumerate(paragraphs) if (label := _match_turn_label(text, span))]
    opened = _credible_labels(text, paragraphs, opened) or _dashed_labels(text, paragraphs)
    found = []
    for place, (number, label) in enumerate(opened):
        last = opened[place + 1][0] if place + 1 < len(opened) else len(paragraphs)
        spoken = paragraphs[number:last]
        if _label_fills_paragraph(label, paragraphs[number]):
            spoken = spoken[1:]
        ended = next((at for at, (start, end) in enumerate(spoken) if _END.match(text, start, end)), len(spoken))
        if ended:
            start = max(label.end(), spoken[0][0])
            found.append(TranscriptTurn(paragraphs[number][0], start, spoken[ended - 1][1], " ".join(label["label"].split())))
    return found


def is_question_label(label: str) -> bool:
    """Whether the label says only that somebody asks, or answers: no name."""
    return label.lower() in ("q", "a", "question", "answer")


def _match_turn_label(text: str, span: Span) -> re.Match[str] | None:
    start, end = span
    end = min(end, start + 240)
    label = _QUESTION.match(text, start, end) or _CAPITALS.match(text, start, end) or _NAMED.match(text, start, end)
    label = label or _PLENARY.match(text, start, end) or _HEARING.match(text, start, end)
    return label if label and not _NO_SPEAKER.fullmatch(label["label"].strip()) else None


def _label_fills_paragraph(label: re.Match[str], span: Span) -> bool:
    """Whether the label fills its paragraph, so that the words stand below it."""
    return label.end() >= span[1]


def _credible_labels(
    text: str, paragraphs: list[Span], opened: list[tuple[int, re.Match[str]]]
) -> list[tuple[int, re.Match[str]]]:
    """Without words before a colon that name no speaker.

    In a transcript labels are titles in capitals, or some label returns and what follows are sentences. Headings do neither.
    """
    capitals = [one for one in opened if _is_upper_case_label(one[1])]
    spoken = [one for one in capitals if not _label_fills_paragraph(one[1], paragraphs[one[0]])]
    if any(_TITLE.search(label["label"].upper()) or is_question_label(label["label"]) for _, label in spoken):
        return capitals
    if 2 * len(capitals) > len(opened) and _labels_recur(text, paragraphs, capitals):
        return capitals
    return opened if _labels_recur(text, paragraphs, opened) else []


def _labels_recur(text: str, paragraphs: list[Span], opened: list[tuple[int, re.Match[str]]]) -> bool:
    """Whether some label stands at several places, and sentences follow most."""
    names = Counter(name for _, label in opened for name in _names_in_turn_label(label))
    below = [number + _label_fills_paragraph(label, paragraphs[number]) for number, label in opened]
    stopped = sum(text[paragraphs[number][1] - 1] in _STOPS for number in below if number < len(paragraphs))
    return len(opened) >= 3 and max(names.values()) > 1 and stopped >= 0.7 * len(opened)


def _dashed_labels(text: str, paragraphs: list[Span]) -> list[tuple[int, re.Match[str]]]:
    """Names in capitals before a dash, if they return: the place before an agency's report stands there only once."""
    opened = [(number, label) for number, span in enumerate(paragraphs) if (label := _DASHED.match(text, *span))]
    return opened if _labels_recur(text, paragraphs, opened) else []


def _names_in_turn_label(label: re.Match[str]) -> set[str]:
    """The family name, or what stands in its place: “Kite Secretary, Ada Fell” returns as “Ada Fell”."""
    return {part.split()[-1] for part in BRACKETED_TEXT.sub("", label["label"]).split(",") if part.strip()}


def _is_upper_case_label(label: re.Match[str]) -> bool:
    name = _HONORIFIC.sub("", label["label"].removesuffix(label["more"] or ""))
    name = re.sub(r"\bMa?c(?=[A-Z])", "", name)
    return bool(name) and name.upper() == name
