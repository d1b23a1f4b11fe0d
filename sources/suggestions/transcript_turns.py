"""Turns of a transcript: who speaks, from the label that opens a turn to the next label."""

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
_QUESTION_AFTER_ONE_SPACE = re.compile(rf"(?P<label>Q)(?P<more>) (?=[\"“‘']?[{_LETTER}])")
"""Label of a question in a text whose spaces were collapsed. Only a transcript, known by its other labels, is read so."""

_HEARING = re.compile(
    rf"(?P<label>(?:The )?(?:Chair(?:man|woman)?|Senator|Secretary|General|Admiral|Ambassador|Mr\.|Mrs\.|Ms\.|Dr\.|Lord)"
    rf"(?: [{_LETTER}][\w’'-]+){{1,2}})(?P<more>)\.\s+(?=[{_LETTER}\[(])"
)
_PLENARY = re.compile(rf"(?P<label>{_WORD}(?: (?:{_WORD}|de|van|von|der|al|of|the)){{0,6}}{_MORE})\.\s?[–—]\s*(?=\S)")
"""Label as parliaments print it: Ada Fell (KITE). – Madam President,"""

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
    """Words of one speaker, `text[start:end]`, after the `label` that begins at `label_start`."""

    label_start: int
    start: int
    end: int
    label: str


def find_turns(text: str, paragraphs: list[Span]) -> list[TranscriptTurn]:
    """Return the turns of a transcript in order; none if the text is not a transcript."""
    labels = [(number, label) for number, span in enumerate(paragraphs) if (label := _match_turn_label(text, span))]
    labels = _credible_labels(text, paragraphs, labels) or _dashed_labels(text, paragraphs)
    labels = _with_collapsed_questions(text, paragraphs, labels)
    turns = []
    for index, (number, label) in enumerate(labels):
        next_number = labels[index + 1][0] if index + 1 < len(labels) else len(paragraphs)
        paragraphs_of_turn = paragraphs[number:next_number]
        if _label_fills_paragraph(label, paragraphs[number]):
            paragraphs_of_turn = paragraphs_of_turn[1:]
        length = next(
            (position for position, (start, end) in enumerate(paragraphs_of_turn) if _END.match(text, start, end)),
            len(paragraphs_of_turn),
        )
        if length:
            start = max(label.end(), paragraphs_of_turn[0][0])
            turns.append(
                TranscriptTurn(paragraphs[number][0], start, paragraphs_of_turn[length - 1][1], " ".join(label["label"].split()))
            )
    return turns


def _with_collapsed_questions(
    text: str, paragraphs: list[Span], labels: list[tuple[int, re.Match[str]]]
) -> list[tuple[int, re.Match[str]]]:
    """Return the labels of a transcript with those of questions that only one space separates from their words."""
    if not labels:
        return []
    labelled = {number for number, _ in labels}
    questions = [
        (number, label)
        for number, span in enumerate(paragraphs)
        if number > labels[0][0] and number not in labelled and (label := _QUESTION_AFTER_ONE_SPACE.match(text, *span))
    ]
    return sorted([*labels, *questions], key=lambda numbered_label: numbered_label[0])


def is_question_label(label: str) -> bool:
    """Return whether the label only says that somebody asks or answers, without a name."""
    return label.lower() in ("q", "a", "question", "answer")


def _match_turn_label(text: str, span: Span) -> re.Match[str] | None:
    start, end = span
    end = min(end, start + 240)
    label = _QUESTION.match(text, start, end) or _CAPITALS.match(text, start, end) or _NAMED.match(text, start, end)
    label = label or _PLENARY.match(text, start, end) or _HEARING.match(text, start, end)
    return label if label and not _NO_SPEAKER.fullmatch(label["label"].strip()) else None


def _label_fills_paragraph(label: re.Match[str], span: Span) -> bool:
    """Return whether the label fills its paragraph, so that the words are below it."""
    return label.end() >= span[1]


def _credible_labels(
    text: str, paragraphs: list[Span], labels: list[tuple[int, re.Match[str]]]
) -> list[tuple[int, re.Match[str]]]:
    """Return the labels without words before a colon that name no speaker.

    In a transcript labels are titles in capitals, or some label recurs and is followed by sentences. Headings do neither.
    """
    in_capitals = [numbered_label for numbered_label in labels if _is_upper_case_label(numbered_label[1])]
    before_words = [
        numbered_label
        for numbered_label in in_capitals
        if not _label_fills_paragraph(numbered_label[1], paragraphs[numbered_label[0]])
    ]
    if any(_TITLE.search(label["label"].upper()) or is_question_label(label["label"]) for _, label in before_words):
        return in_capitals
    if 2 * len(in_capitals) > len(labels) and _labels_recur(text, paragraphs, in_capitals):
        return in_capitals
    return labels if _labels_recur(text, paragraphs, labels) else []


def _labels_recur(text: str, paragraphs: list[Span], labels: list[tuple[int, re.Match[str]]]) -> bool:
    """Return whether some label occurs several times, and most are followed by sentences."""
    names = Counter(name for _, label in labels for name in _names_in_turn_label(label))
    numbers_below = [number + _label_fills_paragraph(label, paragraphs[number]) for number, label in labels]
    sentence_count = sum(text[paragraphs[number][1] - 1] in _STOPS for number in numbers_below if number < len(paragraphs))
    return len(labels) >= 3 and max(names.values()) > 1 and sentence_count >= 0.7 * len(labels)


def _dashed_labels(text: str, paragraphs: list[Span]) -> list[tuple[int, re.Match[str]]]:
    """Return names in capitals before a dash, if they recur: the place name that opens an agency's report occurs only once."""
    labels = [(number, label) for number, span in enumerate(paragraphs) if (label := _DASHED.match(text, *span))]
    return labels if _labels_recur(text, paragraphs, labels) else []


def _names_in_turn_label(label: re.Match[str]) -> set[str]:
    """Return the last word of each part, as “Kite Secretary, Ada Fell” recurs as “Ada Fell”."""
    return {part.split()[-1] for part in BRACKETED_TEXT.sub("", label["label"]).split(",") if part.strip()}


def _is_upper_case_label(label: re.Match[str]) -> bool:
    name = _HONORIFIC.sub("", label["label"].removesuffix(label["more"] or ""))
    name = re.sub(r"\bMa?c(?=[A-Z])", "", name)
    return bool(name) and name.upper() == name
