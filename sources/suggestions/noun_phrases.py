"""Noun phrases that can name a speaker: subjects of verbs, names with their titles, descriptions such as “a senior official”."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sources.sentence_splitting import Span
from sources.suggestions.speech_vocabulary import ROLE_WORDS, SPEAKER_NOUNS, SPEECH_VERB, SUBJECT_VERB_FILLERS

BLANK = "\ue000"
"""Character that replaces each character of a quotation in the blanked text."""


_NEAR = 260
"""Distance before a verb, in characters, within which its subject is looked for."""


CAPITALISED_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀĆČĐĒĢĪĶŁŃŅŌŘŚŞŠŪŹŻŽА-ЯЄІЇҐ][\w’'.\-‑]*|al-[A-Z]\w+)"


_LINK = r"(?:of|for|the|and|de|del|van|von|der|den|bin|ibn|al|la|le|da|dos|du|el|ter|&)"


_PROPER = rf"{CAPITALISED_WORD}(?:\s+(?:{_LINK}\s+){{0,3}}(?:(?:{ROLE_WORDS})\s+){{0,3}}{CAPITALISED_WORD})*"


_PROPER_LAST = re.compile(rf"(?<![\w.’'-])(?P<name>{_PROPER})\Z")


_PROPER_HERE = re.compile(rf"(?P<lead>(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|its)\s+)?(?:[\w’'-]+\s+){{0,5}}?)(?P<name>{_PROPER})")


_PART_OF = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s+(?:[a-z][\w’'-]*\s+){1,4}?(?:of|to|for|from|at)\s+(?:the\s+|a\s+)?\Z")
"""Description with a name that is not the speaker's: the mayor of Valleytown, a resident from Arcadia."""


_APPOSED = re.compile(
    rf"[\s,.]*(?:(?:The|the)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>(?!\w+ing\b){CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}}),\s+"
    r"(?!(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Tt]h[eo]se|who|[Oo]ne|[Aa]nd|[Bb]ut)\b)(?=[^.;:—–\ue000]{3,150}\Z)"
)


_OFFICE = re.compile(
    r"\b(?:C[A-Z]O|Chief|Executive|Officer|(?:Vice-)?President|Director|Minister|Head|Chair(?:man|woman)?|Manager|Secretary|Founder|Commissioner|"
    r"Ambassador|Commander|Professor|Spokes(?:man|woman|person)|Representative|Envoy|Governor|Mayor|Leader)\s+(?:of|at|for|and|to)\b"
)


_PRONOUN_LAST = re.compile(r"(?:^|[\s,;—–(\ue000])(?P<name>[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|who)\Z")


_PRONOUN_HERE = re.compile(r"(?P<name>he|she|they)\b")


_LEAD = re.compile(rf"(?:\b(?:[Tt]he|[Aa]n?|{ROLE_WORDS}|{CAPITALISED_WORD})\s+)+\Z")


_ADVERBS = re.compile(rf"(?:\s*\b(?:{SUBJECT_VERB_FILLERS})\b|\s*,?\s*\([^()]{{1,60}}\))*\s*\Z")


_CLAUSE = re.compile(
    r"[;:()\ue000,—–]|\s-\s|\b(?:that|but|while|because|although|though|as|when|where|after|before|if|since|which|than)\s"
)


_HEAD = re.compile(rf"\b(?:{SPEAKER_NOUNS})\b(?![’'-]\w)")


_HEAD_NEXT = re.compile(rf"\s+(?:{SPEAKER_NOUNS})\b(?![’'-]\w)(?!\s+[A-Z])")


_FOLLOWS_HEAD = re.compile(
    r"\s*(?:(?:of|for|at|in|from|with|on|to(?=\s+(?:the\s+)?[A-Z])|within|inside|familiar|close|briefed|involved|there|who|whose|speaking|working)\b.*)?\Z",
    re.DOTALL,
)


_DETERMINER = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Ss]ome|[Mm]any|[Mm]ost|[Aa]nother|[Tt]hose|[Tt]hese|[Bb]oth|"
    rf"[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ther|[Ss]enior|[Tt]op)\b|{CAPITALISED_WORD}[’']s?(?=\s))"
)


_NOT_A_NAME = re.compile(
    r"(?:(?:But|And|So|Or|Yet|In|On|At|As|If|By|For|From|With|To|After|Before|Since|When|While|Although|Though|However|Meanwhile|Then|"
    r"Later|Earlier|Still|Also|Now|Today|Yesterday|Once|Asked|Speaking|Last|Next|This|That|These|Those|There|What|Why|How|Here|Both|"
    r"Not|No|Of|And|Because|During|Under|Over|Until|Even|Only|Instead|Until|Update|Photo|Separately|Addressing|Quote|Source|Details|Background|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:\s+(?:and|of|the|for)\b)?(?:\s+|\Z))+"
)


_DAY_LAST = re.compile(r"\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z")


_OPENING_PHRASE = re.compile(r"(?:In|On|At|After|Before|During|Speaking|Asked|Following|Earlier|Later|Last|With|For|As|From)\b")


_SUBJECT = re.compile(
    rf"(?:(?:The|A|An|But|And|Meanwhile,|However,|Then|the|a|an)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>{_PROPER})"
)


PROPER_NAME = re.compile(_PROPER)


_PRONOUN_FIRST = re.compile(r"(?:He|She|They)\b")


_PHRASE_END = re.compile(
    r"[,;:\ue000()](?=\s|\Z|\ue000)|(?<!\b[A-Z])[.](?=\s|\Z|\ue000)|\s[—–-]\s|\b(?:during|after|when|while|as|before|following|to|who|said)\b"
)


_OWN_NAME = re.compile(rf"(?:\s|,\s)(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}})")


_APPOSED_NAME = re.compile(rf",\s(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}})\s*[,.]")


_DESCRIBES = re.compile(
    r"\s+(?:(?!(?:in|at|on|of|for|from|to|with|by|after|during|as|an?|the|his|her|its|their)\b)[\w’'-]+\s+){0,2}"
)


_OWNED = re.compile(r"[’']s?\Z")


_CONJUNCTION = re.compile(r"(?:But|And|So|Yet|Meanwhile|Still|While|Also)\s+")


_JOINED = re.compile(r",?\s(?:and|but|then|or)\Z")


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


def find_subject(blanked_text: str, sentence: Span) -> SpeakerMention | None:
    """Return the person or body that a sentence is about: its first words, or those after an opening phrase; None if none."""
    start, end = sentence
    opening_phrase = _OPENING_PHRASE.match(blanked_text, start, end)
    places = [start]
    if opening_phrase:
        comma = blanked_text.find(", ", start, min(end, start + 160))
        places = [comma + 2] if comma >= 0 else []
    for offset in places:
        name = _SUBJECT.match(blanked_text, offset, min(end, offset + 200))
        head_noun = (
            _HEAD_NEXT.match(blanked_text, name.end(), min(end, offset + 200))
            if name and not _OWNED.search(name["name"])
            else None
        )
        if head_noun:
            # The Kremlin spokesman, Ada Fell, said ... and accused ...
            apposed = _APPOSED_NAME.match(blanked_text, head_noun.end(), min(end, offset + 200))
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


def proper_names_between(blanked_text: str, start: int, end: int) -> Iterator[str]:
    """Yield what is written like a name between the two places, without a possessive s."""
    for match in PROPER_NAME.finditer(blanked_text, start, end):
        mention = trim_to_name(blanked_text, match.start(), match.start() + len(_OWNED.sub("", match.group())), "", start)
        if mention:
            yield " ".join(blanked_text[mention.start : mention.end].split())


def leading_pronoun(blanked_text: str, start: int, end: int) -> SpeakerMention | None:
    """Return the pronoun that the text between `start` and `end` begins with; None if there is none."""
    pronoun = _PRONOUN_FIRST.match(blanked_text, start, end)
    return SpeakerMention(pronoun.start(), pronoun.end(), pronoun.start(), "participle", pronoun=True) if pronoun else None


def subject_before_verb(blanked_text: str, verb: re.Match[str], earliest: int) -> SpeakerMention | None:
    """Return the noun phrase before a verb, at `earliest` or later; None if there is none."""
    sentence_start = earliest
    earliest = max(earliest, verb.start() - _NEAR)
    text_before = blanked_text[earliest : verb.start()]
    adverbs = _ADVERBS.search(text_before, max(0, len(text_before) - 70))
    assert adverbs  # it may be empty
    if re.search(r"\bto\s*\Z", text_before):
        return None
    text_before = text_before[: adverbs.start()].rstrip() if adverbs.start() else text_before.rstrip()
    conjunction = _JOINED.search(text_before)
    if conjunction:
        # Fell met Vane and said: the subject is that of the verb before.
        mention = find_subject(blanked_text, (sentence_start, verb.start()))
        return (
            mention
            if mention and mention.end <= earliest + conjunction.start()
            else leading_pronoun(blanked_text, sentence_start, verb.start())
        )
    if text_before.endswith(BLANK):
        # Vane, who “never liked kites,” said
        text_before = text_before.rstrip(BLANK).rstrip() + ","
    if text_before.endswith((",", "—", "–")):
        return _subject_around_apposition(blanked_text, earliest, text_before)
    mention = _last_noun_phrase(blanked_text, earliest, text_before)
    return (
        mention
        if mention and mention.pronoun
        else _name_before_unclosed_apposition(blanked_text, earliest, text_before, mention) or mention
    )


def _name_before_unclosed_apposition(
    blanked_text: str, earliest: int, text_before: str, mention: SpeakerMention | None
) -> SpeakerMention | None:
    """Return a name before an apposition without closing comma: Ada Fell, clerk of the harbour said."""
    apposition = _APPOSED.match(text_before)
    if not apposition or SPEECH_VERB.search(text_before, apposition.end("name")):
        return None
    if mention and mention.proper and not _OFFICE.search(text_before, apposition.end()):
        return None
    name = trim_to_name(blanked_text, earliest + apposition.start("name"), earliest + apposition.end("name"), "", earliest)
    return name if name and name.start == earliest + apposition.start("name") else None


def _subject_around_apposition(blanked_text: str, earliest: int, text_before: str) -> SpeakerMention | None:
    """Return the subject of a verb after an apposition.

    Ada Fell, the clerk of the harbour, said; the clerk, Ada Fell, said; Ada Fell, who led the talks, said.
    """
    mark = text_before[-1]
    text_within = text_before[:-1]
    mark_offset = len(text_within)
    for _ in range(6):
        mark_offset = text_within.rfind(mark, 0, mark_offset)
        if mark_offset < 0:
            break
        enclosed = text_within[mark_offset + 1 :].strip()
        if BLANK in enclosed:
            break
        name = re.fullmatch(_PROPER, enclosed)
        if name and len(enclosed.split()) < 6 and " " in enclosed:
            bearer = (
                _last_noun_phrase(blanked_text, earliest, text_within[:mark_offset].rstrip())
                if _OFFICE.search(enclosed)
                else None
            )
            if bearer and bearer.proper and not bearer.pronoun and " " in blanked_text[bearer.start : bearer.end]:
                # Ada Fell, Minister of Kites, said
                return bearer
            name_start = earliest + mark_offset + 1 + text_within[mark_offset + 1 :].index(enclosed)
            return trim_to_name(blanked_text, name_start, name_start + len(enclosed), "", earliest)
        if re.match(r"(?:and|but|or)\s", enclosed):
            continue
        mention = _last_noun_phrase(blanked_text, earliest, text_within[:mark_offset].rstrip())
        if mention and not mention.pronoun:
            return mention
    return None


def _last_noun_phrase(blanked_text: str, earliest: int, text_before: str) -> SpeakerMention | None:
    """Return the noun phrase at the end of `text_before`, which begins at `earliest`; None if there is none."""
    pronoun = _PRONOUN_LAST.search(text_before)
    if pronoun:
        if pronoun["name"] == "who":
            return _last_noun_phrase(blanked_text, earliest, text_before[: pronoun.start("name")].rstrip(" ,\n"))
        return SpeakerMention(
            earliest + pronoun.start("name"), earliest + pronoun.end("name"), earliest + pronoun.start("name"), "", pronoun=True
        )
    clauses = list(_CLAUSE.finditer(text_before))
    clause_start = clauses[-1].end() if clauses else 0
    heads = list(_HEAD.finditer(text_before, clause_start))
    if heads and _FOLLOWS_HEAD.match(text_before, heads[-1].end()) and not re.search(r"[’']s\Z", text_before):
        return _common_noun_phrase(blanked_text, earliest, text_before, clause_start, heads[-1])
    name = _PROPER_LAST.search(text_before, clause_start)
    if not name:
        return None
    part_of = _PART_OF.search(text_before, clause_start, name.start("name"))
    if part_of:
        return trim_to_name(blanked_text, earliest + part_of.start(), earliest + name.end("name"), "", earliest, proper=False)
    return trim_to_name(blanked_text, earliest + name.start("name"), earliest + name.end("name"), "", earliest)


def _common_noun_phrase(
    blanked_text: str, earliest: int, text_before: str, clause_start: int, head_noun: re.Match[str]
) -> SpeakerMention | None:
    """Return a description with its head noun: “a senior official of the ministry”, “officials”."""
    for determiner in _DETERMINER.finditer(text_before, clause_start, head_noun.start()):
        if len(text_before[determiner.start() : head_noun.start()].split()) <= 8:
            phrase_start = determiner.start()
            break
    else:
        words = list(re.finditer(r"\S+", text_before[clause_start : head_noun.start()]))[-2:]
        phrase_start = clause_start + words[0].start() if words and words[0].group()[0].isupper() else head_noun.start()
        if len(words) == 2 and words[1].group()[0].isupper() and phrase_start == head_noun.start():
            phrase_start = clause_start + words[1].start()
    phrase_end = len(text_before)
    if phrase_end - phrase_start > 140:
        phrase_end = head_noun.end()
    return trim_to_name(blanked_text, earliest + phrase_start, earliest + phrase_end, "", earliest, proper=False)


def noun_phrase_at(blanked_text: str, start: int, end: int, rule: str) -> SpeakerMention | None:
    """Return the noun phrase that begins at `start`; None if there is none."""
    while start < end and blanked_text[start].isspace():
        start += 1
    limit = min(end, start + 160)
    pronoun = _PRONOUN_HERE.match(blanked_text, start, limit)
    if pronoun:
        return SpeakerMention(start, pronoun.end(), start, rule, pronoun=True)
    stop = _PHRASE_END.search(blanked_text, start, limit)
    phrase_end = stop.start() if stop else limit
    name = _PROPER_HERE.match(blanked_text, start, limit)
    if name and name["name"].endswith(("’s", "'s")):
        name = None
    head = _HEAD.search(blanked_text, start, phrase_end)
    if name and head and head.start() >= name.end() and _DESCRIBES.fullmatch(blanked_text, name.end(), head.start()):
        # A senior U.S. official; Fell's name would follow its title.
        name = None
    if head and not (name and name.start("name") <= head.start()) and len(blanked_text[start : head.start()].split()) <= 6:
        own_name = _OWN_NAME.match(blanked_text, head.end(), limit)
        if own_name:
            return trim_to_name(blanked_text, own_name.start("name"), own_name.end("name"), rule, start, title_start=start)
        apposed = _APPOSED_NAME.match(blanked_text, phrase_end, limit)
        if apposed:
            return trim_to_name(blanked_text, apposed.start("name"), apposed.end("name"), rule, start, title_start=start)
        return trim_to_name(blanked_text, start, phrase_end, rule, start, proper=False)
    if name and _is_title_lead(name["lead"]):
        return trim_to_name(blanked_text, name.start("name"), name.end("name"), rule, start, title_start=start)
    if rule == "according to" and _DETERMINER.match(blanked_text, start, limit):
        return trim_to_name(blanked_text, start, phrase_end, rule, start, proper=False)
    return None


def _is_title_lead(lead: str) -> bool:
    """Return whether the words between a verb and a name can be that person's title."""
    return all(re.fullmatch(rf"{ROLE_WORDS}|the|The|an?|his|her|its|His|Her", word) for word in lead.split())


def trim_to_name(
    blanked_text: str, start: int, end: int, rule: str, earliest: int, title_start: int | None = None, proper: bool = True
) -> SpeakerMention | None:
    """Return a name without the outer words that are not part of it; None if nothing is left.

    Its title begins at `earliest` or later.
    """
    if not proper:
        conjunction = _CONJUNCTION.match(blanked_text, start, end)
        start = conjunction.end() if conjunction else start
    else:
        leading = _NOT_A_NAME.match(blanked_text, start, end)
        if leading:
            start = leading.end()
            if title_start is not None:
                title_start = min(title_start, start)
        proper = not _HEAD.fullmatch(blanked_text[start:end].lower())
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
        lead = _LEAD.search(blanked_text[max(earliest, start - 120) : start])
        title_start = start - len(lead.group()) if lead and proper else start
        leading = _NOT_A_NAME.match(blanked_text, title_start, start)
        title_start = leading.end() if leading else title_start
    return SpeakerMention(start, end, title_start, rule, proper=proper)
