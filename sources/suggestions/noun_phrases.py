"""Noun phrases beside verbs of speech: subjects before a verb, names with their titles and descriptions after one."""

import re

from sources.suggestions.person_nouns import ROLE_WORDS
from sources.suggestions.sentence_subjects import find_subject, leading_pronoun, name_after_role
from sources.suggestions.speaker_mention import (
    APPOSED_NAME,
    BLANK,
    CAPITALISED_WORD,
    PROPER,
    SPEAKER_NOUN,
    SpeakerMention,
    is_title,
    trim_to_name,
)
from sources.suggestions.speech_vocabulary import SPEECH_VERB, SUBJECT_VERB_FILLERS

_NEAR = 260
"""Distance before a verb, in characters, within which its subject is looked for."""

_PROPER_LAST = re.compile(rf"(?<![\w.’'-])(?P<name>{PROPER})\Z")

_PROPER_HERE = re.compile(rf"(?P<lead>(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|its)\s+)?(?:[\w’'-]+\s+){{0,5}}?)(?P<name>{PROPER})")

_PART_OF = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s+(?:[a-z][\w’'-]*\s+){1,4}?(?:of|to|for|from|at)\s+(?:the\s+|a\s+)?\Z")
"""Description with a name that is not the speaker's: the mayor of Valleytown, a resident from Arcadia."""

_APPOSED = re.compile(
    rf"[\s,.]*(?:(?:The|the)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>(?!\w+ing\b){CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}}),\s+"
    r"(?!(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Tt]h[eo]se|who|[Oo]ne|[Aa]nd|[Bb]ut)\b)(?=[^.;:—–\ue000]{3,150}\Z)"
)

_JOINT = re.compile(
    rf"(?<![\w.’'-])(?P<first>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,3}}),?\s+and\s+(?:(?:his|her|their|its|the|an?)\s+)"
    r"(?:[a-z][\w-]*\s+){0,4}\Z"
)
_PREPOSITION_LAST = re.compile(
    r"\b(?:(?P<place>in|at|on|near|from|outside|inside|during|across)|to|with|by|for|of|about|against|over|under|behind|alongside|"
    r"into|within|despite|beside)\s+(?:the\s+|an?\s+)?\Z"
)

_DESCRIBED_LAST = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Oo]ne|[Aa]nother)\s+(?P<words>(?:[A-Za-z][\w’'-]*\s+){0,4}"
    r"(?!(?:paper|poster|letter|newsletter|banner|sticker|folder|order|number|chapter|river|weather|computer|counter|error|mirror|"
    r"matter|power|answer|offer|filter|center|header|flyer|list|checklist|twist|civilization|motor|sector|factor|door|floor|"
    r"advert|disclaimer|trailer|primer|register|ledger|tracker|marker|placard|printer|server|summer|winter|manor|color|humor)\b)"
    r"\w{2,}(?:er|or|ist|ian|man|woman|person|ant|ess|eur))\Z"
)

_OFFICE = re.compile(
    r"\b(?:C[A-Z]O|Chief|Executive|Officer|(?:Vice-)?President|Director|Minister|[Hh]ead|Chair(?:man|woman)?|Manager|Secretary|Founder|Commissioner|"
    r"Ambassador|Commander|Professor|Spokes(?:man|woman|person)|Representative|Envoy|Governor|Mayor|Leader)\s+(?:of|at|for|and|to)\b"
)

_PRONOUN_LAST = re.compile(r"(?:^|[\s,;—–(\ue000])(?P<name>[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|who)\Z")

_PRONOUN_HERE = re.compile(r"(?P<name>he|she|they)\b")

_ADVERBS = re.compile(rf"(?:\s*\b(?:{SUBJECT_VERB_FILLERS})\b|\s*,?\s*\([^()]{{1,60}}\))*\s*\Z")

_CLAUSE = re.compile(
    r"[;:()\ue000,—–]|\s-\s|\b(?:that|but|while|because|although|though|as|when|where|after|before|if|since|which|than)\s"
)

_REPORTS = re.compile(
    r"\b(?:said|says|added|insisted|warned|announced|argued|believes|claimed|told\s+(?:\w+\s+){1,3}that)\s+(?=\S)"
)

_FOLLOWS_HEAD = re.compile(
    r"\s*(?:(?:of|for|at|in|from|with|on|to(?=\s+(?:the\s+)?[A-Z])|within|inside|familiar|close|briefed|involved|there|who|whose|speaking|working)\b.*)?\Z",
    re.DOTALL,
)

_DETERMINER = re.compile(
    r"(?:\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]everal|[Ss]ome|[Mm]any|[Mm]ost|[Aa]nother|[Tt]hose|[Tt]hese|[Bb]oth|"
    rf"[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ther|[Ss]enior|[Tt]op)\b|(?:{CAPITALISED_WORD}\s+){{0,3}}{CAPITALISED_WORD}[’']s?(?=\s))"
)

_PHRASE_END = re.compile(
    r"[,;:\ue000()](?=\s|\Z|\ue000)|(?<!\b[A-Z])[.](?=\s|\Z|\ue000)|\s[—–-]\s|\b(?:during|after|when|while|as|before|following|to|who|said)\b"
)

_OWN_NAME = re.compile(rf"(?:\s|,\s)(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{1,3}})")

_DESCRIBES = re.compile(
    r"\s+(?:(?!(?:in|at|on|of|for|from|to|with|by|after|during|as|an?|the|his|her|its|their)\b)[\w’'-]+\s+){0,2}"
)

_CONSTITUENCY = re.compile(r"(?:[A-Z]{1,3}-[A-Z][\w. -]*|[JS]r\.?)")
"""What stands between commas after a legislator's name: Lou Banner, D-Lowbridge, said."""

_JOINED = re.compile(r",?\s(?:and|but|then|or)\Z")


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


def _subject_around_apposition(
    blanked_text: str, earliest: int, text_before: str, *, may_be_governed: bool = False
) -> SpeakerMention | None:
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
        name = re.fullmatch(PROPER, enclosed)
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
        mention = _last_noun_phrase(blanked_text, earliest, text_within[:mark_offset].rstrip(), may_be_governed=may_be_governed)
        if mention and not mention.pronoun and not _CONSTITUENCY.fullmatch(blanked_text, mention.start, mention.end):
            return mention
    return None


def _last_noun_phrase(
    blanked_text: str, earliest: int, text_before: str, *, may_be_governed: bool = False
) -> SpeakerMention | None:
    """Return the noun phrase at the end of `text_before`, which begins at `earliest`; None if there is none.

    `may_be_governed`: a preposition may stand before it, as in “a call with Ada Fell, who said”.
    """
    pronoun = _PRONOUN_LAST.search(text_before)
    if pronoun:
        if pronoun["name"] == "who":
            antecedent = text_before[: pronoun.start("name")].rstrip(" ,\n")
            around = _subject_around_apposition(blanked_text, earliest, antecedent + ",", may_be_governed=True)
            if around and around.proper and _OFFICE.search(antecedent, around.end - earliest):
                # Ada Fell, head of the party, who said
                return around
            return _last_noun_phrase(blanked_text, earliest, antecedent, may_be_governed=True)
        return SpeakerMention(
            earliest + pronoun.start("name"), earliest + pronoun.end("name"), earliest + pronoun.start("name"), "", pronoun=True
        )
    clauses = list(_CLAUSE.finditer(text_before))
    clause_start = clauses[-1].end() if clauses else 0
    reports = list(_REPORTS.finditer(text_before, clause_start))
    if reports:
        # Fell said allies had agreed: the subject of the second verb is the allies.
        clause_start = reports[-1].end()
    heads = list(SPEAKER_NOUN.finditer(text_before, clause_start))
    if heads and _FOLLOWS_HEAD.match(text_before, heads[-1].end()) and not re.search(r"[’']s\Z", text_before):
        return _common_noun_phrase(blanked_text, earliest, text_before, clause_start, heads[-1])
    name = _PROPER_LAST.search(text_before, clause_start)
    if not name:
        described = _DESCRIBED_LAST.search(text_before, clause_start)
        if described and is_title(described["words"]):
            # the retired welder said
            return SpeakerMention(
                earliest + described.start(), earliest + described.end(), earliest + described.start(), "", proper=False
            )
        return None
    joint = _JOINT.search(text_before, clause_start, name.start("name"))
    if joint:
        # Ada Fell and her deputy Tam Reed said
        return trim_to_name(
            blanked_text, earliest + joint.start("first"), earliest + name.end("name"), "", earliest, proper=False
        )
    part_of = _PART_OF.search(text_before, clause_start, name.start("name"))
    if part_of:
        return trim_to_name(blanked_text, earliest + part_of.start(), earliest + name.end("name"), "", earliest, proper=False)
    adjunct = _PREPOSITION_LAST.search(text_before, clause_start, name.start("name"))
    if adjunct and not may_be_governed:
        # Ada Fell on Tuesday in Lowbridge called: Lowbridge is no subject, and what stands before may be.
        before = _ADVERBS.sub("", text_before[: adjunct.start()].rstrip())
        return _last_noun_phrase(blanked_text, earliest, before) if adjunct["place"] and before[clause_start:].strip() else None
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
    mention = name_after_role(blanked_text, start, limit, rule)
    if mention:
        return mention
    stop = _PHRASE_END.search(blanked_text, start, limit)
    phrase_end = stop.start() if stop else limit
    name = _PROPER_HERE.match(blanked_text, start, limit)
    if name and name["name"].endswith(("’s", "'s")):
        name = None
    head = SPEAKER_NOUN.search(blanked_text, start, phrase_end)
    if name and head and head.start() >= name.end() and _DESCRIBES.fullmatch(blanked_text, name.end(), head.start()):
        # A senior U.S. official; Fell's name would follow its title.
        name = None
    if head and not (name and name.start("name") <= head.start()) and len(blanked_text[start : head.start()].split()) <= 6:
        own_name = _OWN_NAME.match(blanked_text, head.end(), limit)
        if own_name:
            return trim_to_name(blanked_text, own_name.start("name"), own_name.end("name"), rule, start, title_start=start)
        apposed = APPOSED_NAME.match(blanked_text, phrase_end, limit)
        if apposed:
            return trim_to_name(blanked_text, apposed.start("name"), apposed.end("name"), rule, start, title_start=start)
        return trim_to_name(blanked_text, start, phrase_end, rule, start, proper=False)
    if name and is_title(name["lead"]):
        return trim_to_name(blanked_text, name.start("name"), name.end("name"), rule, start, title_start=start)
    if rule == "according to" and _DETERMINER.match(blanked_text, start, limit):
        return trim_to_name(blanked_text, start, phrase_end, rule, start, proper=False)
    return None
