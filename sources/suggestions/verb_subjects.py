"""Subjects of verbs of speech: who says what a sentence quotes, by the last verb before the quotation."""

import re

from sources.suggestions.noun_phrases import noun_phrase_at, subject_before_verb
from sources.suggestions.sentence_subjects import find_subject, leading_pronoun
from sources.suggestions.speaker_mention import CAPITALISED_WORD, SpeakerMention, trim_to_name
from sources.suggestions.speech_vocabulary import (
    NAMING_VERBS,
    PASSIVE_SPEECH_VERBS,
    SPEECH_PARTICIPLES,
    SPEECH_VERB,
    WEAK_SPEECH_VERBS,
)

FARTHEST = 600
"""Distance from a quotation, in characters within its sentence, within which its speaker is looked for."""

MOST_VERBS = 8
"""Most verbs of speech looked at between a quotation and its speaker."""

_GOVERNED = 30
"""Distance, in characters, within which a quotation is the object of a verb."""

BY = re.compile(r"\s+(?:(?:on|at|in|during|last|this)\s+[\w ]{1,30}?\s+)?by\s+")
ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Pp]er(?=\s+[A-Z])|[Ii]n the words of|quoting|citing|[Ii]n a \w+ (?:by|from)|"
    r"in (?:remarks|comments) by)\s+"
)
AS_SAYING = re.compile(r"\s+(?P<name>.{2,80}?)\s+as\s+(?:saying|telling|having)\b", re.DOTALL)
TO_BE = re.compile(r"\b(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?\Z")
_WITH = re.compile(r"\bwith\s+(?P<name>[^,.;:]{2,60}?)\s+\Z")
_IN_WORDS = re.compile(
    rf"\b[Ii]n\s+(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,4}}?)[’']s?\s+(?:own\s+)?(?:words|telling|view|opinion)\b"
)
_REPORTED = re.compile(rf"{SPEECH_VERB.pattern}\s+(?:that\s+)?(?:the\s+|an?\s+)?\Z")
_DENIES = re.compile(r"(?:\b(?:never|not|cannot)|n[’']t)(?:\s+\w+){0,2}\s+\Z")
_SUPPOSES = re.compile(r"\b(?:[Ii]f|[Uu]nless|[Ww]hether|[Nn]or|[Nn]either|[Ll]est)\s+(?:[Tt]he\s+|an?\s+)?\Z")
_ASKS = re.compile(r"(?:Did|Does|Do|Has|Have|Had|Will|Would|Can|Could|Should|Is|Was|Were|Are|May|Might)\s")
_TOLD_TO = re.compile(rf"(?:{CAPITALISED_WORD}|\b(?:him|her|them|me|us|you|it|others|people|everyone))\s+(?:not\s+)?to\s+\Z")


def subject_of_last_verb(blanked_text: str, start: int, end: int) -> SpeakerMention | None:
    """Return the subject of the last verb of speech between `start` and `end`, offsets within one sentence; None if unclear."""
    if _ASKS.match(blanked_text, start, end):
        return None
    sentence_start, start = start, max(start, end - FARTHEST)
    for verb in reversed(list(SPEECH_VERB.finditer(blanked_text, start, end))[-MOST_VERBS:]):
        is_decided, mention = _person_named_by_verb(blanked_text, verb, start, end)
        if is_decided:
            return mention
        is_infinitive = blanked_text[max(start, verb.start() - 3) : verb.start()].endswith("to ")
        if verb["verb"].lower() not in SPEECH_PARTICIPLES and not is_infinitive:
            is_decided, mention = _subject_of_verb(blanked_text, verb, start, end)
            if is_decided:
                return mention
    words = _IN_WORDS.search(blanked_text, start, end)
    if words:
        return trim_to_name(blanked_text, words.start("name"), words.end("name"), "according to", start)
    according = list(ACCORDING.finditer(blanked_text, start, end))
    if according:
        return noun_phrase_at(blanked_text, according[-1].end(), end, "according to")
    if any(
        verb["verb"].lower() in SPEECH_PARTICIPLES
        and not _TOLD_TO.search(blanked_text, max(start, verb.start() - 40), verb.start())
        for verb in SPEECH_VERB.finditer(blanked_text, start, end)
    ):
        subject = find_subject(blanked_text, (sentence_start, end))
        return subject._replace(rule="participle") if subject else leading_pronoun(blanked_text, sentence_start, end)
    return None


def _person_named_by_verb(blanked_text: str, verb: re.Match[str], start: int, end: int) -> tuple[bool, SpeakerMention | None]:
    """Return whether a passive, *quoted as saying* or *with somebody adding* decides who speaks, and who."""
    word = verb["verb"].lower()
    if word in SPEECH_PARTICIPLES:
        absolute = _WITH.search(blanked_text, max(start, verb.start() - 70), verb.start())
        if absolute:
            # Officials were brief, with a spokesman adding: “We will.”
            return True, noun_phrase_at(blanked_text, absolute.start("name"), absolute.end("name"), "participle")
    if word not in PASSIVE_SPEECH_VERBS:
        return False, None
    passive = TO_BE.search(blanked_text, max(start, verb.start() - 30), verb.start())
    may_have_agent = passive or not subject_before_verb(blanked_text, verb, start)
    by = BY.match(blanked_text, verb.end(), end) if may_have_agent else None
    if by:
        return True, noun_phrase_at(blanked_text, by.end(), end, "passive")
    if word in ("quoted", "cited"):
        # Fell quoted Vane as saying “...”: the words are Vane's.
        quoted_person = None if passive else AS_SAYING.match(blanked_text, verb.end(), end)
        if quoted_person:
            return True, noun_phrase_at(blanked_text, quoted_person.start("name"), quoted_person.end("name"), "quoted as saying")
    elif passive and end - verb.end() < _GOVERNED:
        # The path was hailed as “a bridge”, by whom is not said.
        return True, None
    return False, None


def _subject_of_verb(blanked_text: str, verb: re.Match[str], start: int, end: int) -> tuple[bool, SpeakerMention | None]:
    """Return whether a finite verb decides who speaks, and who."""
    word = verb["verb"].lower()
    is_passive = TO_BE.search(blanked_text, max(start, verb.start() - 30), verb.start()) is not None
    if is_passive and word in PASSIVE_SPEECH_VERBS and word not in ("quoted", "cited"):
        return False, None
    subject = subject_before_verb(blanked_text, verb, start)
    if not subject:
        if blanked_text[start : verb.start()].rstrip().endswith(","):
            # Even that, said a diplomat, was “better than nothing”.
            parenthetical = noun_phrase_at(blanked_text, verb.end(), end, "before")
            if parenthetical and blanked_text[parenthetical.end : parenthetical.end + 1] == ",":
                return True, parenthetical
        return False, None
    if word in WEAK_SPEECH_VERBS and _REPORTED.search(blanked_text, max(start, subject.title_start - 20), subject.title_start):
        # Fell said allies had agreed to “do more”: so Fell says.
        return False, None
    if is_denied_or_supposed(blanked_text, verb, subject, start):
        return True, None
    return True, subject._replace(rule="calling" if word in NAMING_VERBS else "before")


def is_denied_or_supposed(blanked_text: str, verb: re.Match[str], subject: SpeakerMention, start: int) -> bool:
    """Return whether a verb of speech tells of no words: Fell never said; if Fell says."""
    is_denied = _DENIES.search(blanked_text, max(subject.end, verb.start() - 40), verb.start())
    return bool(is_denied or _SUPPOSES.search(blanked_text, start, subject.title_start))
