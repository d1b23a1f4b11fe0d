"""Words of a text that name a speaker: a name with its title, a description such as “a senior official”, or a pronoun."""

import re
from typing import NamedTuple

from sources.suggestions.function_words import is_function_word, name_start
from sources.suggestions.person_nouns import ROLE_WORDS, SPEAKER_NOUNS
from sources.suggestions.speech_vocabulary import SPEECH_VERB

BLANK = "\ue000"
"""Character that replaces each character of a quotation in the blanked text."""

CAPITALISED_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀĆČĐĒĢĪĶŁŃŅŌŘŚŞŠŪŹŻŽА-ЯЄІЇҐ][\w’'.\-‑]*|al-[A-Z]\w+)"

_LINK = r"(?:of|for|the|and|de|del|van|von|der|den|bin|ibn|al|la|le|da|dos|du|el|ter|&)"

PROPER = rf"{CAPITALISED_WORD}(?:\s+(?:{_LINK}\s+){{0,3}}(?:(?:{ROLE_WORDS})\s+){{0,3}}{CAPITALISED_WORD})*"

PROPER_NAME = re.compile(PROPER)

_LEAD = re.compile(rf"(?:\b(?:[Tt]he|[Aa]n?|{ROLE_WORDS}|{CAPITALISED_WORD})\s+)+\Z")

SPEAKER_NOUN = re.compile(rf"\b(?:{SPEAKER_NOUNS})\b(?![’'-]\w)")

APPOSED_NAME = re.compile(rf",\s(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}})\s*[,.]")

_DAY_LAST = re.compile(r"\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z")

OWNED = re.compile(r"[’']s?\Z")

_CONJUNCTION = re.compile(r"(?:But|And|So|Yet|Meanwhile|Still|While|Also)\s+")

_NOBODY = re.compile(r"(?:no|none|nobody|neither|any|every)\b", re.IGNORECASE)

_DETERMINERS = frozenset("the a an his her its their another one".split())

_PERSON_NOUN = re.compile(rf"(?:{ROLE_WORDS}|{SPEAKER_NOUNS}|\w{{2,}}(?:er|or|ist|ian|man|woman|person|ant|ess|eur))")

_MAX_TITLE_WORDS = 9


class SpeakerMention(NamedTuple):
    """Words `text[start:end]` that name a speaker, and the rule that found them.

    `title_start`: offset where the person's title begins. `pronoun`: the words are a pronoun.
    """

    start: int
    end: int
    title_start: int
    rule: str
    pronoun: bool = False
    proper: bool = True


def is_title(words: str, *, any_noun: bool = False) -> bool:
    """Return whether the words before a name can be that person's title or description: “the mayor of Lowbridge”, “pollster”.

    `any_noun`: the place of the words leaves nothing else that they could be, so that they need not be known as a title.
    """
    parts = words.split()
    if parts and parts[0].lower() in _DETERMINERS:
        parts = parts[1:]
    if not parts:
        return True
    if len(parts) > _MAX_TITLE_WORDS or any(part[-1] in ",;:" for part in parts):
        return False
    if not any_noun and not parts[-1][0].isupper() and not _PERSON_NOUN.fullmatch(parts[-1]):
        return False
    return all(
        not SPEECH_VERB.fullmatch(part) and (not is_function_word(part) or (number > 0 and part in ("of", "for", "and", "the")))
        for number, part in enumerate(parts)
    )


def trim_to_name(
    blanked_text: str, start: int, end: int, rule: str, earliest: int, title_start: int | None = None, proper: bool = True
) -> SpeakerMention | None:
    """Return a name without the outer words that are not part of it; None if nothing is left.

    Its title begins at `earliest` or later.
    """
    if not proper:
        conjunction = _CONJUNCTION.match(blanked_text, start, end)
        start = conjunction.end() if conjunction else start
        if _NOBODY.match(blanked_text, start, end):
            return None
    else:
        start = name_start(blanked_text, start, end)
        if title_start is not None:
            title_start = min(title_start, start)
        proper = not SPEAKER_NOUN.fullmatch(blanked_text[start:end].lower())
    trailing = _DAY_LAST.search(blanked_text[start:end])
    if trailing:
        end = start + trailing.start()
    words = blanked_text[start:end].rstrip(" ,.\n" if not blanked_text[start:end].endswith((".S.", "Jr.", "Sr.")) else " ,\n")
    end = start + len(words)
    if proper and re.search(r"[’']s?\Z", words):
        return None
    if start >= end:
        return None
    if title_start is None:
        title_start = _title_start(blanked_text, start, earliest) if proper else start
    return SpeakerMention(start, end, title_start, rule, proper=proper)


def _title_start(blanked_text: str, name_offset: int, earliest: int) -> int:
    """Return the offset at which the title before a name begins; that of the name if it has none."""
    lead = _LEAD.search(blanked_text[max(earliest, name_offset - 120) : name_offset])
    if not lead:
        return name_offset
    for word in re.finditer(r"\S+", lead.group()):
        if word.group().lower() in _DETERMINERS or not is_function_word(word.group()):
            return name_offset - len(lead.group()) + word.start()
    return name_offset
