"""Who is named as the speaker of a quotation: the subject of the verb of speech before or after it.

The rules read a copy of the text in which every quotation is blank, so that no word of one is taken for the article's. Where
they are not sure they name nobody: a wrong speaker is worse than none.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from sources.sentence_splitting import Span
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech_verbs import (
    INVERTED_SPEECH_VERB,
    NAMING_VERBS,
    PASSIVE_SPEECH_VERBS,
    ROLE_WORDS,
    SPEAKER_NOUNS,
    SPEECH_PARTICIPLES,
    SPEECH_VERB,
    SUBJECT_VERB_FILLERS,
)

BLANK = "\ue000"
"""What stands for each character of a quotation in the copy that is read."""

_NEAR = 260
"""How many characters before a verb its subject is looked for."""

_FARTHEST = 600
"""How far from a quotation, within its sentence, its speaker is looked for."""

_LABEL = 160
"""How long a line may be that names the speaker of the quotation below it."""

_VERBS = 8
"""How many verbs of speech between a quotation and its speaker are looked at."""

_GOVERNED = 30
"""How near a quotation stands to the verb whose object it is."""

_CAP = r"(?:[A-ZÀ-ÖØ-ÞĀĆČĐĒĢĪĶŁŃŅŌŘŚŞŠŪŹŻŽА-ЯЄІЇҐ][\w’'.\-‑]*|al-[A-Z]\w+)"
_LINK = r"(?:of|for|the|and|de|del|van|von|der|den|bin|ibn|al|la|le|da|dos|du|el|ter|&)"
_PROPER = rf"{_CAP}(?:\s+(?:{_LINK}\s+){{0,3}}(?:(?:{ROLE_WORDS})\s+){{0,3}}{_CAP})*"
_PROPER_LAST = re.compile(rf"(?<![\w.’'-])(?P<name>{_PROPER})\Z")
_PROPER_HERE = re.compile(rf"(?P<lead>(?:(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|its)\s+)?(?:[\w’'-]+\s+){{0,5}}?)(?P<name>{_PROPER})")
_PART_OF = re.compile(r"\b(?:[Tt]he|[Aa]n?)\s+(?:[a-z][\w’'-]*\s+){1,4}?(?:of|to|for|from|at)\s+(?:the\s+|a\s+)?\Z")
"""The mayor of Valleytown, a resident from Arcadia: the name is not that of the speaker."""

_APPOSED = re.compile(
    rf"[\s,.]*(?:(?:The|the)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>(?!\w+ing\b){_CAP}(?:\s+{_CAP}){{1,3}}),\s+"
    r"(?!(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Tt]h[eo]se|who|[Oo]ne|[Aa]nd|[Bb]ut)\b)(?=[^.;:—–\ue000]{3,150}\Z)"
)
_OFFICE = re.compile(
    r"\b(?:C[A-Z]O|Chief|Executive|Officer|(?:Vice-)?President|Director|Minister|Head|Chair(?:man|woman)?|Manager|Secretary|Founder|Commissioner|"
    r"Ambassador|Commander|Professor|Spokes(?:man|woman|person)|Representative|Envoy|Governor|Mayor|Leader)\s+(?:of|at|for|and|to)\b"
)
_PRONOUN_LAST = re.compile(r"(?:^|[\s,;—–(\ue000])(?P<name>[Hh]e|[Ss]he|[Tt]hey|[Ii]t|I|[Ww]e|who)\Z")
_PRONOUN_HERE = re.compile(r"(?P<name>he|she|they)\b")
_LEAD = re.compile(rf"(?:\b(?:[Tt]he|[Aa]n?|{ROLE_WORDS}|{_CAP})\s+)+\Z")
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
    rf"[Hh]is|[Hh]er|[Ii]ts|[Tt]heir|[Oo]ther|[Ss]enior|[Tt]op)\b|{_CAP}[’']s?(?=\s))"
)
_NOT_A_NAME = re.compile(
    r"(?:(?:But|And|So|Or|Yet|In|On|At|As|If|By|For|From|With|To|After|Before|Since|When|While|Although|Though|However|Meanwhile|Then|"
    r"Later|Earlier|Still|Also|Now|Today|Yesterday|Once|Asked|Speaking|Last|Next|This|That|These|Those|There|What|Why|How|Here|Both|"
    r"Not|No|Of|And|Because|During|Under|Over|Until|Even|Only|Instead|Until|Update|Photo|Separately|Addressing|Quote|Source|Details|Background|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August|September|October|November|December)"
    r"(?:\s+(?:and|of|the|for)\b)?(?:\s+|\Z))+"
)
_DAY_LAST = re.compile(r"\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\Z")

_BY = re.compile(r"\s+(?:(?:on|at|in|during|last|this)\s+[\w ]{1,30}?\s+)?by\s+")
_GAP = re.compile(r"[\s,.\\*_)\]—–-]*(?:(?:as|so)\s+)?(?:(?:[Tt]he|an?|[Hh]is|[Hh]er)\s+)?(?:(?:" + ROLE_WORDS + r")\s+)*")
_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Pp]er(?=\s+[A-Z])|[Ii]n the words of|quoting|citing|[Ii]n a \w+ (?:by|from)|"
    r"in (?:remarks|comments) by)\s+"
)
_OPENING_PHRASE = re.compile(r"(?:In|On|At|After|Before|During|Speaking|Asked|Following|Earlier|Later|Last|With|For|As|From)\b")
_SUBJECT = re.compile(
    rf"(?:(?:The|A|An|But|And|Meanwhile,|However,|Then|the|a|an)\s+)?(?:(?:{ROLE_WORDS})\s+)*(?P<name>{_PROPER})"
)
_PROPER_FIRST = re.compile(_PROPER)
_PRONOUN_FIRST = re.compile(r"(?:He|She|They)\b")
_TO_BE = re.compile(r"\b(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?\Z")
_AS_SAYING = re.compile(r"\s+(?P<name>.{2,80}?)\s+as\s+(?:saying|telling|having)\b", re.DOTALL)
_PHRASE_END = re.compile(
    r"[,;:\ue000()](?=\s|\Z|\ue000)|(?<!\b[A-Z])[.](?=\s|\Z|\ue000)|\s[—–-]\s|\b(?:during|after|when|while|as|before|following|to|who|said)\b"
)
_OWN_NAME = re.compile(rf"(?:\s|,\s)(?P<name>{_CAP}(?:\s+{_CAP}){{1,3}})")
_APPOSED_NAME = re.compile(rf",\s(?P<name>{_CAP}(?:\s+{_CAP}){{1,3}})\s*[,.]")
_DESCRIBES = re.compile(
    r"\s+(?:(?!(?:in|at|on|of|for|from|to|with|by|after|during|as|an?|the|his|her|its|their)\b)[\w’'-]+\s+){0,2}"
)
_OWNED = re.compile(r"[’']s?\Z")
_CONJUNCTION = re.compile(r"(?:But|And|So|Yet|Meanwhile|Still|While|Also)\s+")
_WITH = re.compile(r"\bwith\s+(?P<name>[^,.;:]{2,60}?)\s+\Z")
_LINE_LABEL = re.compile(r"\W{0,2}[(\[]{1,2}(?P<name>[^()\[\]:\n]+)[)\]]{1,2}|\W{0,2}(?P<named>[^()\n]+?)(?P<colon>:)\W{0,2}")
_WORDS_FROM = re.compile(
    r"(?:A\s+)?(?:[Qq]uot(?:e|es|ation)|[Cc]omments?|[Ss]tatement|[Mm]essage|[Rr]emarks?)\s+(?:from|by|of)\s+"
)
_SAID = re.compile(r"Said\s+")
_IN_WORDS = re.compile(rf"\b[Ii]n\s+(?P<name>{_CAP}(?:\s+{_CAP}){{0,4}}?)[’']s?\s+(?:own\s+)?(?:words|telling|view|opinion)\b")
_JOINED = re.compile(r",?\s(?:and|but|then|or)\Z")
_DASH = re.compile(r"[ \t]*(?:[—–(]|--?|:(?=\s))\s*(?=[A-Z])")
_DASH_BELOW = re.compile(r"[ \t]*\n\s*(?:[—–]|--?)\s*(?=[A-Z])")
_ENDS_SIGNATURE = re.compile(r"\s*(?:[,()]|\Z|(?:on|at|in|after|speaking|writing|to)\s)")
_POSSESSIVE = re.compile(rf"(?:[Ii]n\s+)?(?P<name>{_CAP}(?:\s+{_CAP}){{0,4}}?)[’']s?\s+(?:\w+\s+){{0,6}}")


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


def blank_quotations(text: str, marks: list[QuotedSpan]) -> str:
    """`text` with BLANK for each character of its quotations and their marks."""
    pieces, at = [], 0
    for one in marks:
        pieces += [text[at : one.opened], BLANK * (one.closed - one.opened)]
        at = one.closed
    return "".join([*pieces, text[at:]])


def find_speaker(plain: str, quote: QuotedSpan, sentence: Span, comma: bool) -> SpeakerMention | None:
    """Whom the sentence names as the speaker of `quote`. `comma`: the quotation ends as one does whose speaker follows."""
    after = _speaker_after_quotation(plain, quote, sentence)
    before = _speaker_before_quotation(plain, quote, sentence)
    if before and before.rule == "calling" and after and quote.opened - before.end < 80:
        # He called it “nonsense,” Fell said.
        return before
    if after and (not before or (comma and after.rule != "according to")):
        return after
    return (
        before
        or _speaker_at_sentence_end(plain, quote, sentence)
        or _speaker_before_colon(plain, quote, sentence)
        or _speaker_in_line_above(plain, quote)
    )


def end_quotation_at_speaker(text: str, quote: QuotedSpan) -> QuotedSpan:
    """A quotation whose closing mark is missing, ended where the text names its speaker: “We will, Ada Fell said."""
    for verb in SPEECH_VERB.finditer(text, quote.start, min(quote.end, quote.start + _FARTHEST)):
        found = _subject_before_verb(text, verb, quote.start)
        if found and found.title_start > quote.start and text[quote.start : found.title_start].rstrip().endswith(","):
            comma = text.rindex(",", quote.start, found.title_start)
            return quote._replace(end=comma, closed=comma + 1)
    return quote


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
                return _trim_to_name(plain, apposed.start("name"), apposed.end("name"), "subject", start, full=at)
            return _trim_to_name(plain, at, described.end(), "subject", start, proper=False)
        if name:
            found = _trim_to_name(plain, name.start("name"), name.end("name"), "subject", start)
            if found:
                return found
    return None


def find_speaker_without_quotation(plain: str, sentence: Span) -> SpeakerMention | None:
    """Who speaks in a sentence without a quotation: the subject of its last verb of speech."""
    return _subject_of_last_verb(plain, sentence[0], sentence[1])


def proper_names_between(plain: str, start: int, end: int) -> Iterator[str]:
    """What is written as names are between the two places, without a possessive s."""
    for match in _PROPER_FIRST.finditer(plain, start, end):
        found = _trim_to_name(plain, match.start(), match.start() + len(_OWNED.sub("", match.group())), "", start)
        if found:
            yield " ".join(plain[found.start : found.end].split())


def _speaker_after_quotation(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """“We will,” said Ada Fell. “We will,” Ada Fell said. “We will,” according to Ada Fell."""
    start, end = quote.closed, min(sentence[1], quote.closed + _FARTHEST)
    inverted = INVERTED_SPEECH_VERB.match(plain, start, end)
    if inverted:
        found = _noun_phrase_at(plain, inverted.end(), end, "after")
        if found:
            return found
    according = _ACCORDING.search(plain, start, end)
    if according and not plain[start : according.start()].strip(" ,\n\t"):
        return _noun_phrase_at(plain, according.end(), end, "according to")
    for verb in SPEECH_VERB.finditer(plain, start, end):
        if BLANK in plain[start : verb.start()]:
            break
        word = verb["verb"].lower()
        passive = _TO_BE.search(plain, max(start, verb.start() - 30), verb.start())
        other = _AS_SAYING.match(plain, verb.end(), end) if word in ("quoted", "cited") and not passive else None
        if other:
            return _noun_phrase_at(plain, other.start("name"), other.end("name"), "quoted as saying")
        if passive and word in PASSIVE_SPEECH_VERBS and word not in ("quoted", "cited"):
            by = _BY.match(plain, verb.end(), end)
            return _noun_phrase_at(plain, by.end(), end, "passive") if by else None
        found = _subject_before_verb(plain, verb, start)
        if found:
            gap = _GAP.match(plain, start, found.start)
            return found._replace(rule="after") if gap and gap.end() >= found.title_start else None
    return _speaker_in_signature(plain, start)


def _speaker_in_signature(plain: str, start: int) -> SpeakerMention | None:
    """“We will.” — Ada Fell, minister of kites; on the same line, or on one of its own below."""
    dash = _DASH_BELOW.match(plain, start) or _DASH.match(plain, start)
    if not dash:
        return None
    line = plain.find("\n", dash.end())
    line = line if line >= 0 else len(plain)
    name = _PROPER_FIRST.match(plain, dash.end(), line)
    if name and _ENDS_SIGNATURE.match(plain, name.end(), line):
        return _trim_to_name(plain, name.start(), name.end(), "signature", start)
    return None


def _speaker_before_quotation(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    return _subject_of_last_verb(plain, sentence[0], quote.opened)


def _subject_of_last_verb(plain: str, start: int, end: int) -> SpeakerMention | None:
    """The subject of the last verb of speech between `start` and `end`."""
    sentence, start = start, max(start, end - _FARTHEST)
    for verb in reversed(list(SPEECH_VERB.finditer(plain, start, end))[-_VERBS:]):
        word = verb["verb"].lower()
        if word in PASSIVE_SPEECH_VERBS:
            passive = _TO_BE.search(plain, max(start, verb.start() - 30), verb.start())
            by = _BY.match(plain, verb.end(), end) if passive or not _subject_before_verb(plain, verb, start) else None
            if by:
                return _noun_phrase_at(plain, by.end(), end, "passive")
            if passive and word not in ("quoted", "cited"):
                if end - verb.end() < _GOVERNED:
                    # It has been hailed as “a bridge”, by whom is not said.
                    return None
                continue
            if word in ("quoted", "cited") and not passive:
                # Fell quoted Vane as saying “...”: the words are Vane's.
                other = _AS_SAYING.match(plain, verb.end(), end)
                if other:
                    return _noun_phrase_at(plain, other.start("name"), other.end("name"), "quoted as saying")
        absolute = _WITH.search(plain, max(start, verb.start() - 70), verb.start()) if word in SPEECH_PARTICIPLES else None
        if absolute:
            # Officials were brief, with a spokesman adding: “We will.”
            return _noun_phrase_at(plain, absolute.start("name"), absolute.end("name"), "participle")
        if word in SPEECH_PARTICIPLES or plain[max(start, verb.start() - 3) : verb.start()].endswith("to "):
            continue
        found = _subject_before_verb(plain, verb, start)
        if found:
            return found._replace(rule="calling" if word in NAMING_VERBS else "before")
    words = _IN_WORDS.search(plain, start, end)
    if words:
        return _trim_to_name(plain, words.start("name"), words.end("name"), "according to", start)
    according = list(_ACCORDING.finditer(plain, start, end))
    if according:
        return _noun_phrase_at(plain, according[-1].end(), end, "according to")
    if any(verb["verb"].lower() in SPEECH_PARTICIPLES for verb in SPEECH_VERB.finditer(plain, start, end)):
        found = find_subject(plain, (sentence, end))
        return found._replace(rule="participle") if found else _leading_pronoun(plain, sentence, end)
    return None


def _leading_pronoun(plain: str, start: int, end: int) -> SpeakerMention | None:
    pronoun = _PRONOUN_FIRST.match(plain, start, end)
    return SpeakerMention(pronoun.start(), pronoun.end(), pronoun.start(), "participle", pronoun=True) if pronoun else None


def _speaker_at_sentence_end(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """The plan is “robust” enough to hold, Ada Fell said."""
    start, end = quote.closed, min(sentence[1], quote.closed + _FARTHEST)
    for verb in islice(SPEECH_VERB.finditer(plain, start, end), _VERBS):
        found = _subject_before_verb(plain, verb, start)
        if found and plain[start : found.title_start].rstrip().endswith((",", BLANK)):
            return found._replace(rule="trailing")
    according = _ACCORDING.search(plain, start, end)
    return _noun_phrase_at(plain, according.end(), end, "according to") if according else None


def _speaker_before_colon(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """Ada Fell: “We will.”, or Ada Fell was blunt: “We will.”"""
    if not plain[max(sentence[0], quote.opened - 10) : quote.opened].rstrip().endswith(":"):
        return None
    said = _SAID.match(plain, *sentence)
    if said:
        return _noun_phrase_at(plain, said.end(), quote.opened, "colon")
    source = _WORDS_FROM.match(plain, sentence[0], quote.opened)
    if source:
        return _noun_phrase_at(plain, source.end(), quote.opened, "colon")
    pronoun = _leading_pronoun(plain, sentence[0], quote.opened)
    if pronoun:
        return pronoun
    found = find_subject(plain, (sentence[0], quote.opened))
    if found:
        return found._replace(rule="colon")
    owner = _POSSESSIVE.match(plain, sentence[0], quote.opened)
    if owner:
        # Fell's message was clear: “We will.”
        return _trim_to_name(plain, owner.start("name"), owner.end("name"), "colon", sentence[0])
    return None


def _speaker_in_line_above(plain: str, quote: QuotedSpan) -> SpeakerMention | None:
    """A line of its own above the quotation that names its speaker: “Ada Fell, minister of kites:”, “((Ada Fell))”."""
    end = len(plain[max(0, quote.opened - _LABEL) : quote.opened].rstrip()) + max(0, quote.opened - _LABEL)
    start = plain.rfind("\n", max(0, end - _LABEL), end) + 1
    if "\n" not in plain[end : quote.opened]:
        return None
    label = _LINE_LABEL.fullmatch(plain, start, end)
    if not label:
        return None
    if label["colon"]:
        said = _subject_of_last_verb(plain, start, end)
        if said:
            return said
        return _noun_phrase_at(plain, label.start("named"), label.end("named"), "colon")
    return _noun_phrase_at(plain, label.start("name"), label.end("name"), "colon")


def _subject_before_verb(plain: str, verb: re.Match[str], floor: int) -> SpeakerMention | None:
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
        return found if found and found.end <= floor + joined.start() else _leading_pronoun(plain, sentence, verb.start())
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
    name = _trim_to_name(plain, floor + opening.start("name"), floor + opening.end("name"), "", floor)
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
            return _trim_to_name(plain, begin, begin + len(inner), "", floor)
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
        return _trim_to_name(plain, floor + of.start(), floor + name.end("name"), "", floor, proper=False)
    return _trim_to_name(plain, floor + name.start("name"), floor + name.end("name"), "", floor)


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
    return _trim_to_name(plain, floor + begin, floor + end, "", floor, proper=False)


def _noun_phrase_at(plain: str, start: int, end: int, rule: str) -> SpeakerMention | None:
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
            return _trim_to_name(plain, own.start("name"), own.end("name"), rule, start, full=start)
        apposed = _APPOSED_NAME.match(plain, phrase_end, limit)
        if apposed:
            return _trim_to_name(plain, apposed.start("name"), apposed.end("name"), rule, start, full=start)
        return _trim_to_name(plain, start, phrase_end, rule, start, proper=False)
    if name and _is_title_lead(name["lead"]):
        return _trim_to_name(plain, name.start("name"), name.end("name"), rule, start, full=start)
    if rule == "according to" and _DETERMINER.match(plain, start, limit):
        return _trim_to_name(plain, start, phrase_end, rule, start, proper=False)
    return None


def _is_title_lead(lead: str) -> bool:
    """Whether words between a verb and a name can be the title of the one named."""
    return all(re.fullmatch(rf"{ROLE_WORDS}|the|The|an?|his|her|its|His|Her", word) for word in lead.split())


def _trim_to_name(
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
