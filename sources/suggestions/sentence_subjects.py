"""Subjects of sentences: the person or body that a sentence is about."""

import re
from collections.abc import Iterator

from sources.sentence_splitting import Span
from sources.suggestions.person_nouns import ROLE_WORDS, SPEAKER_NOUNS
from sources.suggestions.speaker_mention import (
    APPOSED_NAME,
    CAPITALISED_WORD,
    OWNED,
    PROPER,
    PROPER_NAME,
    SPEAKER_NOUN,
    SpeakerMention,
    is_title,
    trim_to_name,
)

_HEAD_NEXT = re.compile(rf"\s+(?:{SPEAKER_NOUNS})\b(?![’'-]\w)(?!\s+[A-Z])")

_OPENING_PHRASE = re.compile(r"(?:In|On|At|After|Before|During|Speaking|Asked|Following|Earlier|Later|Last|With|For|As|From)\b")

_SUBJECT = re.compile(
    rf"(?:(?:The|A|An|But|And|Meanwhile,|However,|Then|the|a|an)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>{PROPER})"
)

_PRONOUN_FIRST = re.compile(r"(?:He|She|They)\b")

_DESCRIBED_NAME = re.compile(
    rf"(?P<description>(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|One|(?:{CAPITALISED_WORD}\s+){{0,2}}{CAPITALISED_WORD}[’']s?)\s[^,.;:\n]{{3,70}}),\s"
    rf"(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}}),\s"
)

_NAME_AFTER_ROLE = re.compile(
    rf"(?:{CAPITALISED_WORD}\s+){{0,3}}{CAPITALISED_WORD}\s+(?P<role>(?:[a-z][\w’'-]*\s+){{1,4}})(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}})"
)
"""Name after a role that itself begins with a name: Nobel laureate Ada Fell, Vane’s rival Ada Fell."""

_AND_OTHERS = re.compile(
    rf"(?:,\s+{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,3}}){{0,5}},?\s+and\s+(?:(?:the|his|her|their|a)\s+|(?:[a-z][\w-]*\s+){{0,3}}(?=[A-Z]))"
)

_DESCRIPTION_FIRST = re.compile(
    rf"(?:(?:But|And|Yet|Still),?\s+)?(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ne|[Aa]nother|(?:{CAPITALISED_WORD}\s+){{0,3}}{CAPITALISED_WORD}[’']s?)\s+"
    rf"(?:[\w’'-]+\s+){{0,5}}?(?:{SPEAKER_NOUNS})\b",
)


def find_subject(blanked_text: str, sentence: Span) -> SpeakerMention | None:
    """Return the person or body that a sentence is about: its first words, or those after an opening phrase; None if none."""
    start, end = sentence
    opening_phrase = _OPENING_PHRASE.match(blanked_text, start, end)
    places = [start]
    if opening_phrase:
        comma = blanked_text.find(", ", start, min(end, start + 160))
        places = [comma + 2] if comma >= 0 else []
    for offset in places:
        apposed = _DESCRIBED_NAME.match(blanked_text, offset, min(end, offset + 200))
        if apposed and SPEAKER_NOUN.search(apposed["description"]):
            # Arcadia’s envoy to Ruritania, Ada Fell, left.
            return trim_to_name(blanked_text, apposed.start("name"), apposed.end("name"), "subject", start, title_start=offset)
        mention = name_after_role(blanked_text, offset, min(end, offset + 200), "subject")
        if mention:
            return mention
        name = _SUBJECT.match(blanked_text, offset, min(end, offset + 200))
        head_noun = (
            _HEAD_NEXT.match(blanked_text, name.end(), min(end, offset + 200))
            if name and not OWNED.search(name["name"])
            else None
        )
        if head_noun:
            # The Kremlin spokesman, Ada Fell, said ... and accused ...
            apposed = APPOSED_NAME.match(blanked_text, head_noun.end(), min(end, offset + 200))
            if apposed:
                return trim_to_name(
                    blanked_text, apposed.start("name"), apposed.end("name"), "subject", start, title_start=offset
                )
            return trim_to_name(blanked_text, offset, head_noun.end(), "subject", start, proper=False)
        if name:
            mention = trim_to_name(blanked_text, name.start("name"), name.end("name"), "subject", start)
            if mention:
                return mention
    return None


def name_after_role(blanked_text: str, start: int, end: int, rule: str) -> SpeakerMention | None:
    """Return the name after a role that begins with a name, at `start`; None if there is none."""
    match = _NAME_AFTER_ROLE.match(blanked_text, start, end)
    if not match or not is_title(match["role"]):
        return None
    return trim_to_name(blanked_text, match.start("name"), match.end("name"), rule, start, title_start=start)


def proper_names_between(blanked_text: str, start: int, end: int) -> Iterator[SpeakerMention]:
    """Yield what is written like a name between the two places, without a possessive s."""
    for match in PROPER_NAME.finditer(blanked_text, start, end):
        mention = trim_to_name(blanked_text, match.start(), match.start() + len(OWNED.sub("", match.group())), "", start)
        if mention:
            yield mention


def begins_with_description(blanked_text: str, start: int) -> bool:
    """Return whether a sentence begins with somebody who is described, not named: “A nurse”, “His wife, Teresa”."""
    return _DESCRIPTION_FIRST.match(blanked_text, start) is not None


def is_one_of_several(blanked_text: str, mention: SpeakerMention, end: int) -> bool:
    """Return whether others stand beside the subject: “Fell, Vane and Reed”, “Fell and Vane”."""
    return _AND_OTHERS.match(blanked_text, mention.end, end) is not None


def leading_pronoun(blanked_text: str, start: int, end: int) -> SpeakerMention | None:
    """Return the pronoun that the text between `start` and `end` begins with; None if there is none."""
    pronoun = _PRONOUN_FIRST.match(blanked_text, start, end)
    return SpeakerMention(pronoun.start(), pronoun.end(), pronoun.start(), "participle", pronoun=True) if pronoun else None
