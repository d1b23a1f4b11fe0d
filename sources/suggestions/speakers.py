"""Who is named as the speaker of a quotation: the subject of the verb of speech before or after it.

The rules read a copy of the text in which every quotation is blank, so that no word of one is taken for the article's. Where
they are not sure they name nobody: a wrong speaker is worse than none.
"""

import re
from itertools import islice

from sources.sentence_splitting import Span
from sources.suggestions.noun_phrases import (
    BLANK,
    CAPITALISED_WORD,
    PROPER_NAME,
    SpeakerMention,
    find_subject,
    leading_pronoun,
    noun_phrase_at,
    subject_before_verb,
    trim_to_name,
)
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech_verbs import (
    INVERTED_SPEECH_VERB,
    NAMING_VERBS,
    PASSIVE_SPEECH_VERBS,
    ROLE_WORDS,
    SPEECH_PARTICIPLES,
    SPEECH_VERB,
)

_FARTHEST = 600
"""How far from a quotation, within its sentence, its speaker is looked for."""

_LABEL = 160
"""How long a line may be that names the speaker of the quotation below it."""

_VERBS = 8
"""How many verbs of speech between a quotation and its speaker are looked at."""

_GOVERNED = 30
"""How near a quotation stands to the verb whose object it is."""


_BY = re.compile(r"\s+(?:(?:on|at|in|during|last|this)\s+[\w ]{1,30}?\s+)?by\s+")
_GAP = re.compile(r"[\s,.\\*_)\]—–-]*(?:(?:as|so)\s+)?(?:(?:[Tt]he|an?|[Hh]is|[Hh]er)\s+)?(?:(?:" + ROLE_WORDS + r")\s+)*")
_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Pp]er(?=\s+[A-Z])|[Ii]n the words of|quoting|citing|[Ii]n a \w+ (?:by|from)|"
    r"in (?:remarks|comments) by)\s+"
)
_TO_BE = re.compile(r"\b(?:was|were|been|being|is|are)\s+(?:\w+ly\s+)?\Z")
_AS_SAYING = re.compile(r"\s+(?P<name>.{2,80}?)\s+as\s+(?:saying|telling|having)\b", re.DOTALL)
_WITH = re.compile(r"\bwith\s+(?P<name>[^,.;:]{2,60}?)\s+\Z")
_LINE_LABEL = re.compile(r"\W{0,2}[(\[]{1,2}(?P<name>[^()\[\]:\n]+)[)\]]{1,2}|\W{0,2}(?P<named>[^()\n]+?)(?P<colon>:)\W{0,2}")
_WORDS_FROM = re.compile(
    r"(?:A\s+)?(?:[Qq]uot(?:e|es|ation)|[Cc]omments?|[Ss]tatement|[Mm]essage|[Rr]emarks?)\s+(?:from|by|of)\s+"
)
_SAID = re.compile(r"Said\s+")
_IN_WORDS = re.compile(
    rf"\b[Ii]n\s+(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,4}}?)[’']s?\s+(?:own\s+)?(?:words|telling|view|opinion)\b"
)
_DASH = re.compile(r"[ \t]*(?:[—–(]|--?|:(?=\s))\s*(?=[A-Z])")
_DASH_BELOW = re.compile(r"[ \t]*\n\s*(?:[—–]|--?)\s*(?=[A-Z])")
_ENDS_SIGNATURE = re.compile(r"\s*(?:[,()]|\Z|(?:on|at|in|after|speaking|writing|to)\s)")
_POSSESSIVE = re.compile(rf"(?:[Ii]n\s+)?(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,4}}?)[’']s?\s+(?:\w+\s+){{0,6}}")


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
        found = subject_before_verb(text, verb, quote.start)
        if found and found.title_start > quote.start and text[quote.start : found.title_start].rstrip().endswith(","):
            comma = text.rindex(",", quote.start, found.title_start)
            return quote._replace(end=comma, closed=comma + 1)
    return quote


def find_speaker_without_quotation(plain: str, sentence: Span) -> SpeakerMention | None:
    """Who speaks in a sentence without a quotation: the subject of its last verb of speech."""
    return _subject_of_last_verb(plain, sentence[0], sentence[1])


def _speaker_after_quotation(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """“We will,” said Ada Fell. “We will,” Ada Fell said. “We will,” according to Ada Fell."""
    start, end = quote.closed, min(sentence[1], quote.closed + _FARTHEST)
    inverted = INVERTED_SPEECH_VERB.match(plain, start, end)
    if inverted:
        found = noun_phrase_at(plain, inverted.end(), end, "after")
        if found:
            return found
    according = _ACCORDING.search(plain, start, end)
    if according and not plain[start : according.start()].strip(" ,\n\t"):
        return noun_phrase_at(plain, according.end(), end, "according to")
    for verb in SPEECH_VERB.finditer(plain, start, end):
        if BLANK in plain[start : verb.start()]:
            break
        word = verb["verb"].lower()
        passive = _TO_BE.search(plain, max(start, verb.start() - 30), verb.start())
        other = _AS_SAYING.match(plain, verb.end(), end) if word in ("quoted", "cited") and not passive else None
        if other:
            return noun_phrase_at(plain, other.start("name"), other.end("name"), "quoted as saying")
        if passive and word in PASSIVE_SPEECH_VERBS and word not in ("quoted", "cited"):
            by = _BY.match(plain, verb.end(), end)
            return noun_phrase_at(plain, by.end(), end, "passive") if by else None
        found = subject_before_verb(plain, verb, start)
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
    name = PROPER_NAME.match(plain, dash.end(), line)
    if name and _ENDS_SIGNATURE.match(plain, name.end(), line):
        return trim_to_name(plain, name.start(), name.end(), "signature", start)
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
            by = _BY.match(plain, verb.end(), end) if passive or not subject_before_verb(plain, verb, start) else None
            if by:
                return noun_phrase_at(plain, by.end(), end, "passive")
            if passive and word not in ("quoted", "cited"):
                if end - verb.end() < _GOVERNED:
                    # It has been hailed as “a bridge”, by whom is not said.
                    return None
                continue
            if word in ("quoted", "cited") and not passive:
                # Fell quoted Vane as saying “...”: the words are Vane's.
                other = _AS_SAYING.match(plain, verb.end(), end)
                if other:
                    return noun_phrase_at(plain, other.start("name"), other.end("name"), "quoted as saying")
        absolute = _WITH.search(plain, max(start, verb.start() - 70), verb.start()) if word in SPEECH_PARTICIPLES else None
        if absolute:
            # Officials were brief, with a spokesman adding: “We will.”
            return noun_phrase_at(plain, absolute.start("name"), absolute.end("name"), "participle")
        if word in SPEECH_PARTICIPLES or plain[max(start, verb.start() - 3) : verb.start()].endswith("to "):
            continue
        found = subject_before_verb(plain, verb, start)
        if found:
            return found._replace(rule="calling" if word in NAMING_VERBS else "before")
    words = _IN_WORDS.search(plain, start, end)
    if words:
        return trim_to_name(plain, words.start("name"), words.end("name"), "according to", start)
    according = list(_ACCORDING.finditer(plain, start, end))
    if according:
        return noun_phrase_at(plain, according[-1].end(), end, "according to")
    if any(verb["verb"].lower() in SPEECH_PARTICIPLES for verb in SPEECH_VERB.finditer(plain, start, end)):
        found = find_subject(plain, (sentence, end))
        return found._replace(rule="participle") if found else leading_pronoun(plain, sentence, end)
    return None


def _speaker_at_sentence_end(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """The plan is “robust” enough to hold, Ada Fell said."""
    start, end = quote.closed, min(sentence[1], quote.closed + _FARTHEST)
    for verb in islice(SPEECH_VERB.finditer(plain, start, end), _VERBS):
        found = subject_before_verb(plain, verb, start)
        if found and plain[start : found.title_start].rstrip().endswith((",", BLANK)):
            return found._replace(rule="trailing")
    according = _ACCORDING.search(plain, start, end)
    return noun_phrase_at(plain, according.end(), end, "according to") if according else None


def _speaker_before_colon(plain: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """Ada Fell: “We will.”, or Ada Fell was blunt: “We will.”"""
    if not plain[max(sentence[0], quote.opened - 10) : quote.opened].rstrip().endswith(":"):
        return None
    said = _SAID.match(plain, *sentence)
    if said:
        return noun_phrase_at(plain, said.end(), quote.opened, "colon")
    source = _WORDS_FROM.match(plain, sentence[0], quote.opened)
    if source:
        return noun_phrase_at(plain, source.end(), quote.opened, "colon")
    pronoun = leading_pronoun(plain, sentence[0], quote.opened)
    if pronoun:
        return pronoun
    found = find_subject(plain, (sentence[0], quote.opened))
    if found:
        return found._replace(rule="colon")
    owner = _POSSESSIVE.match(plain, sentence[0], quote.opened)
    if owner:
        # Fell's message was clear: “We will.”
        return trim_to_name(plain, owner.start("name"), owner.end("name"), "colon", sentence[0])
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
        return noun_phrase_at(plain, label.start("named"), label.end("named"), "colon")
    return noun_phrase_at(plain, label.start("name"), label.end("name"), "colon")
