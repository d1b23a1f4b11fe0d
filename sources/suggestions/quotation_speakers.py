"""Speakers of quotations: the subject of the verb of speech before or after a quotation.

The rules read a copy of the text in which every quotation is blanked, so that none of its words is taken for the article's.
In doubt they name nobody: a wrong speaker is worse than none.
"""

import re
from itertools import islice

from sources.sentence_splitting import Span
from sources.suggestions.noun_phrases import noun_phrase_at, subject_before_verb
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.sentence_subjects import find_subject, leading_pronoun
from sources.suggestions.speaker_mention import (
    BLANK,
    CAPITALISED_WORD,
    PROPER_NAME,
    SpeakerMention,
    is_title,
    trim_to_name,
)
from sources.suggestions.speech_vocabulary import (
    INVERTED_SPEECH_VERB,
    PASSIVE_SPEECH_VERBS,
    SPEECH_VERB,
)
from sources.suggestions.verb_subjects import ACCORDING, AS_SAYING, BY, FARTHEST, MOST_VERBS, TO_BE, subject_of_last_verb

_LABEL = 160
"""Longest line, in characters, that can name the speaker of the quotation below it."""

_GAP = re.compile(r"[\s,.\\*_)\]—–-]*(?:(?:as|so)\s+)?")
_HEADINGS = frozenset(
    "question answer note example reason result verdict headline caption title subject sign translation motto slogan message "
    "summary conclusion statement text lesson moral advice warning rule".split()
)
_LINE_LABEL = re.compile(r"\W{0,2}[(\[]{1,2}(?P<name>[^()\[\]:\n]+)[)\]]{1,2}|\W{0,2}(?P<named>[^()\n]+?)(?P<colon>:)\W{0,2}")
_WORDS_FROM = re.compile(
    r"(?:A\s+)?(?:[Qq]uot(?:e|es|ation)|[Cc]omments?|[Ss]tatement|[Mm]essage|[Rr]emarks?)\s+(?:from|by|of)\s+"
)
_SAID = re.compile(r"Said\s+")
_DASH = re.compile(r"[ \t]*(?:[—–(]|--?|:(?=\s))\s*(?=[A-Z])")
_DASH_BELOW = re.compile(r"[ \t]*\n\s*(?:[—–]|--?)\s*(?=[A-Z])")
_ENDS_SIGNATURE = re.compile(r"\s*(?:[,()]|\Z|(?:on|at|in|after|speaking|writing|to)\s)")
_POSSESSIVE = re.compile(
    rf"(?:[Ii]n\s+)?(?P<name>{CAPITALISED_WORD}(?:\s+{CAPITALISED_WORD}){{0,4}}?)[’']s?\s+(?:\w+\s+){{0,2}}(?:message|answer|reply|"
    r"response|verdict|words|view|advice|reaction|plea|tweet|statement|post|comment|remarks?|take|motto|warning|line|conclusion|"
    r"explanation|argument|point|promise|pledge|question|letter|text|email|speech|mantra|slogan|assessment|complaint|appeal)\b"
)

SPEAKER_ALONE = re.compile(
    rf"(?:{CAPITALISED_WORD}\s+){{1,5}}(?:later\s+|then\s+|also\s+)?{SPEECH_VERB.pattern}"
    r"(?:\s+(?:on|in|at|to|during|after)\s(?:(?!\b(?:that|was|were|is|are|had|has|would|will)\b)[^,.;:]){1,40}|"
    r"\s+(?:reporters|journalists|lawmakers|later|\w+day)(?:(?!\b(?:that|was|were|is|are|had|has|would|will)\b)[^,.;:]){0,40})?[.!]?",
)
"""A sentence that says who spoke, and nothing of what."""


def blank_quotations(text: str, spans: list[QuotedSpan]) -> str:
    """Return `text` with BLANK for each character of its quotations and their marks."""
    pieces, end_of_last = [], 0
    for span in spans:
        pieces += [text[end_of_last : span.opened], BLANK * (span.closed - span.opened)]
        end_of_last = span.closed
    return "".join([*pieces, text[end_of_last:]])


def find_speaker(blanked_text: str, quote: QuotedSpan, sentence: Span, ends_with_comma: bool) -> SpeakerMention | None:
    """Return whom the sentence names as the speaker of `quote`; None if nobody.

    `ends_with_comma`: the quotation ends as it does when its speaker follows.
    """
    after = _speaker_after_quotation(blanked_text, quote, sentence, ends_with_comma)
    before = _speaker_before_quotation(blanked_text, quote, sentence)
    if before and before.rule == "calling" and after and quote.opened - before.end < 80:
        # He called it “nonsense,” Fell said.
        return before
    if after and (not before or (ends_with_comma and after.rule != "according to")):
        return after
    return (
        before
        or _speaker_at_sentence_end(blanked_text, quote, sentence)
        or _speaker_before_colon(blanked_text, quote, sentence)
        or _speaker_in_line_above(blanked_text, quote)
    )


def end_quotation_at_speaker(text: str, quote: QuotedSpan) -> QuotedSpan:
    """Return an unclosed quotation ended where the text names its speaker: “We will, Ada Fell said."""
    for verb in SPEECH_VERB.finditer(text, quote.start, min(quote.end, quote.start + FARTHEST)):
        subject = subject_before_verb(text, verb, quote.start)
        if subject and subject.title_start > quote.start and text[quote.start : subject.title_start].rstrip().endswith(","):
            comma = text.rindex(",", quote.start, subject.title_start)
            return quote._replace(end=comma, closed=comma + 1)
    return quote


def find_speaker_without_quotation(blanked_text: str, sentence: Span) -> SpeakerMention | None:
    """Return who speaks in a sentence without a quotation: the subject of its last verb of speech."""
    return subject_of_last_verb(blanked_text, sentence[0], sentence[1])


def _speaker_after_quotation(
    blanked_text: str, quote: QuotedSpan, sentence: Span, ends_with_comma: bool
) -> SpeakerMention | None:
    """Return the speaker named after the quotation: “We will,” said Ada Fell. “We will,” according to Ada Fell."""
    start, end = quote.closed, min(sentence[1], quote.closed + FARTHEST)
    inverted = INVERTED_SPEECH_VERB.match(blanked_text, start, end)
    if inverted:
        mention = noun_phrase_at(blanked_text, inverted.end(), end, "after")
        if mention:
            return mention
    according = ACCORDING.search(blanked_text, start, end)
    if according and not blanked_text[start : according.start()].strip(" ,\n\t"):
        return noun_phrase_at(blanked_text, according.end(), end, "according to")
    for verb in SPEECH_VERB.finditer(blanked_text, start, end):
        if BLANK in blanked_text[start : verb.start()]:
            break
        word = verb["verb"].lower()
        passive = TO_BE.search(blanked_text, max(start, verb.start() - 30), verb.start())
        quoted_person = AS_SAYING.match(blanked_text, verb.end(), end) if word in ("quoted", "cited") and not passive else None
        if quoted_person:
            return noun_phrase_at(blanked_text, quoted_person.start("name"), quoted_person.end("name"), "quoted as saying")
        if passive and word in PASSIVE_SPEECH_VERBS and word not in ("quoted", "cited"):
            by = BY.match(blanked_text, verb.end(), end)
            return noun_phrase_at(blanked_text, by.end(), end, "passive") if by else None
        mention = subject_before_verb(blanked_text, verb, start)
        if mention:
            return _mention_after_gap(blanked_text, start, mention, ends_with_comma)
    return _speaker_in_signature(blanked_text, start)


def _mention_after_gap(blanked_text: str, start: int, mention: SpeakerMention, ends_with_comma: bool) -> SpeakerMention | None:
    """Return a mention, with its title, if nothing but that title stands between the quotation and it."""
    gap = _GAP.match(blanked_text, start, mention.start)
    title_start = min(gap.end() if gap else start, mention.start)
    if not is_title(blanked_text[title_start : mention.start], any_noun=ends_with_comma):
        return None
    return mention._replace(rule="after", title_start=min(title_start, mention.title_start) if mention.proper else mention.start)


def _speaker_in_signature(blanked_text: str, start: int) -> SpeakerMention | None:
    """Return the speaker who signs on the same line or the next: “We will.” — Ada Fell, minister of kites."""
    dash = _DASH_BELOW.match(blanked_text, start) or _DASH.match(blanked_text, start)
    if not dash:
        return None
    line_end = blanked_text.find("\n", dash.end())
    line_end = line_end if line_end >= 0 else len(blanked_text)
    name = PROPER_NAME.match(blanked_text, dash.end(), line_end)
    if name and _ENDS_SIGNATURE.match(blanked_text, name.end(), line_end):
        return trim_to_name(blanked_text, name.start(), name.end(), "signature", start)
    return None


def _speaker_before_quotation(blanked_text: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    return subject_of_last_verb(blanked_text, sentence[0], quote.opened)


def _speaker_at_sentence_end(blanked_text: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """Return the speaker named at the end: The plan is “robust” enough to hold, Ada Fell said."""
    start, end = quote.closed, min(sentence[1], quote.closed + FARTHEST)
    for verb in islice(SPEECH_VERB.finditer(blanked_text, start, end), MOST_VERBS):
        subject = subject_before_verb(blanked_text, verb, start)
        if subject and blanked_text[start : subject.title_start].rstrip().endswith((",", BLANK)):
            return subject._replace(rule="trailing")
    according = ACCORDING.search(blanked_text, start, end)
    return noun_phrase_at(blanked_text, according.end(), end, "according to") if according else None


def _speaker_before_colon(blanked_text: str, quote: QuotedSpan, sentence: Span) -> SpeakerMention | None:
    """Return the speaker before a colon: Ada Fell: “We will.”, or Ada Fell was blunt: “We will.”."""
    if not blanked_text[max(sentence[0], quote.opened - 10) : quote.opened].rstrip().endswith(":"):
        return None
    inverted_verb = _SAID.match(blanked_text, *sentence)
    if inverted_verb:
        return noun_phrase_at(blanked_text, inverted_verb.end(), quote.opened, "colon")
    source = _WORDS_FROM.match(blanked_text, sentence[0], quote.opened)
    if source:
        return noun_phrase_at(blanked_text, source.end(), quote.opened, "colon")
    pronoun = leading_pronoun(blanked_text, sentence[0], quote.opened)
    if pronoun:
        return pronoun
    subject = find_subject(blanked_text, (sentence[0], quote.opened))
    if subject and blanked_text[subject.start : subject.end].casefold() in _HEADINGS:
        return None
    if subject:
        return subject._replace(rule="colon")
    owner = _POSSESSIVE.match(blanked_text, sentence[0], quote.opened)
    if owner:
        # Fell's message was clear: “We will.”
        return trim_to_name(blanked_text, owner.start("name"), owner.end("name"), "colon", sentence[0])
    return None


def _speaker_in_line_above(blanked_text: str, quote: QuotedSpan) -> SpeakerMention | None:
    """Return the speaker named in a line of its own above: “Ada Fell, minister of kites:”, “((Ada Fell))”."""
    end = len(blanked_text[max(0, quote.opened - _LABEL) : quote.opened].rstrip()) + max(0, quote.opened - _LABEL)
    start = blanked_text.rfind("\n", max(0, end - _LABEL), end) + 1
    if "\n" not in blanked_text[end : quote.opened]:
        return None
    label = _LINE_LABEL.fullmatch(blanked_text, start, end)
    if not label:
        return None
    if label["colon"]:
        subject = subject_of_last_verb(blanked_text, start, end)
        if subject:
            return subject
        return noun_phrase_at(blanked_text, label.start("named"), label.end("named"), "colon")
    return noun_phrase_at(blanked_text, label.start("name"), label.end("name"), "colon")
