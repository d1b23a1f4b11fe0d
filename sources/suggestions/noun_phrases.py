"""Noun phrases that can name a speaker: subjects of verbs, names with their titles, descriptions such as “a senior official”."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from sources.sentence_splitting import Span
from sources.suggestions.speech_verbs import (
    ROLE_WORDS,
    SPEAKER_NOUNS,
    SPEECH_VERB,
    SUBJECT_VERB_FILLERS,
)

BLANK = "\ue000"
"""What stands for each character of a quotation in the copy that is read."""


_NEAR = 260
"""How many characters before a verb its subject is looked for."""


CAPITALISED_WORD = r"(?:[A-ZÀ-ÖØ-ÞĀĆČĐĒĢĪĶŁŃŅŌŘŚŞŠŪŹŻŽА-ЯЄІЇҐ][\w’'.\-‑]*|al-[A-Z]\w+)"


_LINK = r"(?:of|for|the|and|de|del|van|von|der|den|bin|ibn|al|la|le|da|dos|du|el|ter|&)"


_PROPER = rf"{CAPITALISED_WORD}(?:\s+(?:{_LINK}\s+){{0,3}}(?:(?:{ROLE_WORDS})\s+){{0,3}}{CAPITALISED_WORD})*"


_PROPER_LAST = re.compile(rf"(?<![\w.’'-])(?P<name>{_PROPER})\Z")


_PROPER_HERE = re.compile(rf"(?P<lead>(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|its)\s+)?(?:[\w’'-]+\s+){{0,5}}?)(?P<name>{_PROPER})")


_PART_OF = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s+(?:[a-z][\w’'-]*\s+){1,4}?(?:of|to|for|from|at)\s+(?:the\s+|a\s+)?\Z")
"""The mayor of Valleytown, a resident from Arcadia: the name is not that of the speaker."""


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
    """The words `text[start:end]` that name a speaker, and how they were found.

    `full`: where their title begins. `pronoun`: the words are one, or mean one who was named before.
    """

    start: int
    end: int
    title_start: int
    rule: str
    pronoun: bool = False
    proper: bool = True


def find_subject(plain: str, sentence: Span) -> SpeakerMention | None:
    """The person or body that a sentence is about: its first words, or those after an opening phrase."""
    start, end = sentence
    opening = _OPENING_PHRASE.match(plain, start, end)
    places = [start]
    if opening:
        comma = plain.find(", ", start, min(end, start + 160))
        places = [comma + 2] if comma >= 0 else []
    for at in places:
        name = _SUBJECT.match(plain, at, min(end, at + 200))
        described = _HEAD_NEXT.match(plain, name.end(), min(end, at + 200)) if name and not _OWNED.search(name["name"]) else None
        if described:
            # The Kremlin spokesman, Ada Fell, said ... and accused ...
            apposed = _APPOSED_NAME.match(plain, described.end(), min(end, at + 200))
            if apposed:
                return trim_to_name(plain, apposed.start("name"), apposed.end("name"), "subject", start, full=at)
            return trim_to_name(plain, at, described.end(), "subject", start, proper=False)
        if name:
            found = trim_to_name(plain, name.start("name"), name.end("name"), "subject", start)
            if found:
                return found
    return None


def proper_names_between(plain: str, start: int, end: int) -> Iterator[str]:
    """What is written as names are between the two places, without a possessive s."""
    for match in PROPER_NAME.finditer(plain, start, end):
        found = trim_to_name(plain, match.start(), match.start() + len(_OWNED.sub("", match.group())), "", start)
        if found:
            yield " ".join(plain[found.start : found.end].split())


def leading_pronoun(plain: str, start: int, end: int) -> SpeakerMention | None:
    pronoun = _PRONOUN_FIRST.match(plain, start, end)
    return SpeakerMention(pronoun.start(), pronoun.end(), pronoun.start(), "participle", pronoun=True) if pronoun else None


def subject_before_verb(plain: str, verb: re.Match[str], floor: int) -> SpeakerMention | None:
    """The noun phrase before a verb."""
    sentence = floor
    floor = max(floor, verb.start() - _NEAR)
    left = plain[floor : verb.start()]
    adverbs = _ADVERBS.search(left, max(0, len(left) - 70))
    assert adverbs  # it may be empty
    if re.search(r"\bto\s*\Z", left):
        return None
    left = left[: adverbs.start()].rstrip() if adverbs.start() else left.rstrip()
    joined = _JOINED.search(left)
    if joined:
        # Fell met Vane and said: the subject is that of the verb before.
        found = find_subject(plain, (sentence, verb.start()))
        return found if found and found.end <= floor + joined.start() else leading_pronoun(plain, sentence, verb.start())
    if left.endswith(BLANK):
        # Vane, who “never liked kites,” said
        left = left.rstrip(BLANK).rstrip() + ","
    if left.endswith((",", "—", "–")):
        return _subject_around_apposition(plain, floor, left)
    found = _last_noun_phrase(plain, floor, left)
    return found if found and found.pronoun else _name_before_unclosed_apposition(plain, floor, left, found) or found


def _name_before_unclosed_apposition(plain: str, floor: int, left: str, found: SpeakerMention | None) -> SpeakerMention | None:
    """Ada Fell, clerk of the harbour said: the comma after the apposition is often left out."""
    opening = _APPOSED.match(left)
    if not opening or SPEECH_VERB.search(left, opening.end("name")):
        return None
    if found and found.proper and not _OFFICE.search(left, opening.end()):
        return None
    name = trim_to_name(plain, floor + opening.start("name"), floor + opening.end("name"), "", floor)
    return name if name and name.start == floor + opening.start("name") else None


def _subject_around_apposition(plain: str, floor: int, left: str) -> SpeakerMention | None:
    """Ada Fell, the clerk of the harbour, said; the clerk, Ada Fell, said; Ada Fell, who led the talks, said."""
    mark = left[-1]
    body = left[:-1]
    at = len(body)
    for _ in range(6):
        at = body.rfind(mark, 0, at)
        if at < 0:
            break
        inner = body[at + 1 :].strip()
        if BLANK in inner:
            break
        name = re.fullmatch(_PROPER, inner)
        if name and len(inner.split()) < 6 and " " in inner:
            bearer = _last_noun_phrase(plain, floor, body[:at].rstrip()) if _OFFICE.search(inner) else None
            if bearer and bearer.proper and not bearer.pronoun and " " in plain[bearer.start : bearer.end]:
                # Ada Fell, Minister of Kites, said
                return bearer
            begin = floor + at + 1 + body[at + 1 :].index(inner)
            return trim_to_name(plain, begin, begin + len(inner), "", floor)
        if re.match(r"(?:and|but|or)\s", inner):
            continue
        found = _last_noun_phrase(plain, floor, body[:at].rstrip())
        if found and not found.pronoun:
            return found
    return None


def _last_noun_phrase(plain: str, floor: int, left: str) -> SpeakerMention | None:
    pronoun = _PRONOUN_LAST.search(left)
    if pronoun:
        if pronoun["name"] == "who":
            return _last_noun_phrase(plain, floor, left[: pronoun.start("name")].rstrip(" ,\n"))
        return SpeakerMention(
            floor + pronoun.start("name"), floor + pronoun.end("name"), floor + pronoun.start("name"), "", pronoun=True
        )
    clauses = list(_CLAUSE.finditer(left))
    clause = clauses[-1].end() if clauses else 0
    heads = list(_HEAD.finditer(left, clause))
    if heads and _FOLLOWS_HEAD.match(left, heads[-1].end()) and not re.search(r"[’']s\Z", left):
        return _common_noun_phrase(plain, floor, left, clause, heads[-1])
    name = _PROPER_LAST.search(left, clause)
    if not name:
        return None
    of = _PART_OF.search(left, clause, name.start("name"))
    if of:
        return trim_to_name(plain, floor + of.start(), floor + name.end("name"), "", floor, proper=False)
    return trim_to_name(plain, floor + name.start("name"), floor + name.end("name"), "", floor)


def _common_noun_phrase(plain: str, floor: int, left: str, clause: int, head: re.Match[str]) -> SpeakerMention | None:
    """A senior official of the ministry; officials."""
    for determiner in _DETERMINER.finditer(left, clause, head.start()):
        if len(left[determiner.start() : head.start()].split()) <= 8:
            begin = determiner.start()
            break
    else:
        words = list(re.finditer(r"\S+", left[clause : head.start()]))[-2:]
        begin = clause + words[0].start() if words and words[0].group()[0].isupper() else head.start()
        if len(words) == 2 and words[1].group()[0].isupper() and begin == head.start():
            begin = clause + words[1].start()
    end = len(left)
    if end - begin > 140:
        end = head.end()
    return trim_to_name(plain, floor + begin, floor + end, "", floor, proper=False)


def noun_phrase_at(plain: str, start: int, end: int, rule: str) -> SpeakerMention | None:
    """The noun phrase that begins at `start`."""
    while start < end and plain[start].isspace():
        start += 1
    limit = min(end, start + 160)
    pronoun = _PRONOUN_HERE.match(plain, start, limit)
    if pronoun:
        return SpeakerMention(start, pronoun.end(), start, rule, pronoun=True)
    stop = _PHRASE_END.search(plain, start, limit)
    phrase_end = stop.start() if stop else limit
    name = _PROPER_HERE.match(plain, start, limit)
    if name and name["name"].endswith(("’s", "'s")):
        name = None
    head = _HEAD.search(plain, start, phrase_end)
    if name and head and head.start() >= name.end() and _DESCRIBES.fullmatch(plain, name.end(), head.start()):
        # A senior U.S. official; Fell's name would follow its title.
        name = None
    if head and not (name and name.start("name") <= head.start()) and len(plain[start : head.start()].split()) <= 6:
        own = _OWN_NAME.match(plain, head.end(), limit)
        if own:
            return trim_to_name(plain, own.start("name"), own.end("name"), rule, start, full=start)
        apposed = _APPOSED_NAME.match(plain, phrase_end, limit)
        if apposed:
            return trim_to_name(plain, apposed.start("name"), apposed.end("name"), rule, start, full=start)
        return trim_to_name(plain, start, phrase_end, rule, start, proper=False)
    if name and _is_title_lead(name["lead"]):
        return trim_to_name(plain, name.start("name"), name.end("name"), rule, start, full=start)
    if rule == "according to" and _DETERMINER.match(plain, start, limit):
        return trim_to_name(plain, start, phrase_end, rule, start, proper=False)
    return None


def _is_title_lead(lead: str) -> bool:
    """Whether words between a verb and a name can be the title of the one named."""
    return all(re.fullmatch(rf"{ROLE_WORDS}|the|The|an?|his|her|its|His|Her", word) for word in lead.split())


def trim_to_name(
    plain: str, start: int, end: int, rule: str, floor: int, full: int | None = None, proper: bool = True
) -> SpeakerMention | None:
    """Without words at either end that are no part of a name; None if none is left. Its title begins at `floor` or later."""
    if not proper:
        conjunction = _CONJUNCTION.match(plain, start, end)
        start = conjunction.end() if conjunction else start
    else:
        leading = _NOT_A_NAME.match(plain, start, end)
        if leading:
            start = leading.end()
            if full is not None:
                full = min(full, start)
        proper = not _HEAD.fullmatch(plain[start:end].lower())
    trailing = _DAY_LAST.search(plain[start:end])
    if trailing:
        end = start + trailing.start()
    words = plain[start:end].rstrip(" ,.\n" if not plain[start:end].endswith((".S.", "Jr.", "Sr.")) else " ,\n")
    end = start + len(words)
    if proper and re.search(r"[’']s?\Z", words):
        return None
    if start >= end:
        return None
    if full is None:
        lead = _LEAD.search(plain[max(floor, start - 120) : start])
        full = start - len(lead.group()) if lead and proper else start
        leading = _NOT_A_NAME.match(plain, full, start)
        full = leading.end() if leading else full
    return SpeakerMention(start, end, full, rule, proper=proper)
