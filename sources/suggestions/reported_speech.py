"""Reported speech in English: sentences without quotation marks that themselves say who said it.

In doubt a sentence is the writer's own: a verb of doing or promising reports no words, nor does a denied or supposed one.
"""

import re

from sources.sentence_splitting import Span
from sources.suggestions import quotation_days
from sources.suggestions.noun_phrases import noun_phrase_at, subject_before_verb
from sources.suggestions.quotation_reader import QuotationReader
from sources.suggestions.reported_sentence import ReportedSentence
from sources.suggestions.speaker_mention import BLANK, SpeakerMention
from sources.suggestions.speech_vocabulary import NOUNS_OR_VERBS, REPORTING_VERBS, SPEECH_VERB
from sources.suggestions.verb_subjects import ACCORDING, FARTHEST, MOST_VERBS, TO_BE, is_denied_or_supposed

_WHEN_OR_WHERE = (
    r"(?:on|in|at|during|after|before|to|from|via|through|earlier|late|later|last|this|yesterday|today|again|following|as|"
    r"ahead|\w+day|\w+ly|by|when|while|without|citing|adding|reporters|journalists|lawmakers|parliament|MPs|Congress)\b"
)
_THAT = re.compile(
    rf"(?:,[^,;:]{{1,80}},)?(?:\s+{_WHEN_OR_WHERE}(?:\s+(?!that\b)[^\s,;:]+){{0,9}}?|\s+out)?,?\s+(?:that|how|why|whether)\s"
)
_CLAUSE = re.compile(
    r"\s+(?!(?:that|to|about|of|for|with|and|or)\b)(?:(?!\b(?:that|which|who|whose|to|when|if)\b)[^,;:]){1,90}?\s"
    r"(?:will|would|has|had|have|is|was|were|are|could|should|can|cannot|may|might|must|did|does)\b"
)
_TOLD_SOMEBODY = re.compile(r"\s+(?!to\b)(?:(?!\bto\b)[^\s,;:]+\s+){1,8}?(?:that|how|why|whether|he|she|it|they|there|the)\s")
_ENDS_CLAUSE = re.compile(rf"\s*(?:[.,;!?)—–]|\Z)|\s+{_WHEN_OR_WHERE}")
_SAYS_NOTHING = re.compile(r"\s+(?:nothing|goodbye|hello|so|yes|no|little|to|thanks?|prayers?|[a-z]+\s+words)\b|\s+[.;!?]|[.;!?]")
_SUBORDINATE = re.compile(
    r"\b(?:after|before|when|because|since|while|although|though|whom|which|what|that|than|where|how|whose|once|until)\s+\Z", re.I
)
_THIS_WAS_SAID_BY = re.compile(
    r"(?:This|The\s+(?:statement|announcement|information))\s+(?:was|is|has\s+been)\s+(?:said|stated|announced|reported|made|written|"
    r"confirmed)(?:\s+(?!by\b)[^\s,;:]+){0,8}?\s+by\s+"
)
_SAID_THIS = re.compile(
    r"\b(?P<verb>(?:said|stated|announced|reported|wrote|confirmed)\s+(?:this|so)|made\s+(?:this|the)\s+(?:statement|announcement|remarks?))"
    rf"(?=\s*[.,]|\s+{_WHEN_OR_WHERE})"
)
_NO_SUBJECT = re.compile(r"\b(?:who\b[^,]{0,40}|(?:I|[Ww]e|[Yy]ou)(?:\s+(?:\w+ly|have|had|also|just|already))*\s+)\Z")
_OPENING = re.compile(r"(?:In|On|At|After|Before|During|Following|Earlier|Later|Last|With|For|From|By|Since|While|When)\b")
_NOT_REPORTED = frozenset("i we you who this that these those what which".split())


class ReportedSpeechReader(QuotationReader):
    """Reads one text as the reader of its quotations does, and keeps the sentences of reported speech."""

    def find_reported_sentences(self) -> list[ReportedSentence]:
        """Return the sentences of reported speech in order of place."""
        self.reported: list[ReportedSentence] = []
        for _ in self.read_groups(self.group_parts()):
            pass
        return self.reported

    def remember_speaker(self, sentence_number: int) -> None:
        """Keep the sentence if it is reported speech, and remember who speaks in it."""
        sentence = self.sentences[sentence_number]
        mention = find_reporter(self.blanked_text, sentence)
        if mention:
            speaker = self.speakers.resolve(mention, sentence_number)
            said_on = quotation_days.day_beside_speaker(self.blanked_text, mention, sentence, self.dated_places)
            is_named_last = mention.rule in ("trailing", "after")
            self.reported.append(ReportedSentence(*sentence, mention.title_start, is_named_last, speaker, said_on))
        super().remember_speaker(sentence_number)


def find_reporter(blanked_text: str, sentence: Span) -> SpeakerMention | None:
    """Return who is named in a sentence as having said what the rest of it says; None if nobody is."""
    start, end = sentence
    if end - start > FARTHEST * 2:
        return None
    mentions = [
        mention
        for verb in list(SPEECH_VERB.finditer(blanked_text, start, end))[:MOST_VERBS]
        if verb["verb"].lower() in REPORTING_VERBS
        and (mention := _reporter_by_verb(blanked_text, verb, start, end))
        and blanked_text[mention.start : mention.end].lower() not in _NOT_REPORTED
    ]
    if mentions:
        # Fell has said that kites will fly, officials said: the officials'.
        return mentions[-1] if mentions[-1].rule == "trailing" and not mentions[-1].proper else mentions[0]
    return _announced_before(blanked_text, start, end) or _named_as_source(blanked_text, start, end)


def _announced_before(blanked_text: str, start: int, end: int) -> SpeakerMention | None:
    """Return who is named as having said the words before this sentence: “This was stated by Ada Fell.”"""
    passive = _THIS_WAS_SAID_BY.match(blanked_text, start, end)
    if passive:
        return noun_phrase_at(blanked_text, passive.end(), end, "trailing")
    active = _SAID_THIS.search(blanked_text, start, end)
    subject = subject_before_verb(blanked_text, active, start) if active else None
    return subject._replace(rule="trailing") if subject else None


def _reporter_by_verb(blanked_text: str, verb: re.Match[str], start: int, end: int) -> SpeakerMention | None:
    if TO_BE.search(blanked_text, max(start, verb.start() - 30), verb.start()):
        return None
    word = verb["verb"].lower()
    follows_comma = blanked_text[start : verb.start()].rstrip().endswith((",", BLANK, "—", "–"))
    if follows_comma and word not in NOUNS_OR_VERBS:
        inverted = noun_phrase_at(blanked_text, verb.end(), end, "trailing")
        if (
            inverted
            and not _CLAUSE.match(blanked_text, inverted.end, end)
            and _ENDS_CLAUSE.match(blanked_text, inverted.end, end)
        ):
            return inverted
    subject = subject_before_verb(blanked_text, verb, start)
    if (
        not subject
        or _NO_SUBJECT.search(blanked_text, start, verb.start())
        or _SUBORDINATE.search(blanked_text, max(start, subject.title_start - 20), subject.title_start)
        or is_denied_or_supposed(blanked_text, verb, subject, start)
    ):
        return None
    said_before = blanked_text[start : subject.title_start].rstrip()
    is_last = said_before.endswith((",", BLANK, "—", "–")) and len(said_before.split()) > 2 and not _OPENING.match(said_before)
    if word in NOUNS_OR_VERBS and not (subject.proper or subject.pronoun):
        return None
    if _THAT.match(blanked_text, verb.end(), end):
        return subject._replace(rule="before")
    if is_last and _ENDS_CLAUSE.match(blanked_text, verb.end(), end):
        return subject._replace(rule="trailing")
    if word in ("told", "tells"):
        return subject._replace(rule="before") if _TOLD_SOMEBODY.match(blanked_text, verb.end(), end) else None
    if word in ("said", "says"):
        return None if _SAYS_NOTHING.match(blanked_text, verb.end(), end) else subject._replace(rule="before")
    clause = word not in NOUNS_OR_VERBS and _CLAUSE.match(blanked_text, verb.end(), end)
    return subject._replace(rule="before") if clause else None


def _named_as_source(blanked_text: str, start: int, end: int) -> SpeakerMention | None:
    """Return the source named by “according to”, at the beginning of a sentence or set off by a comma."""
    for according in ACCORDING.finditer(blanked_text, start, end):
        before = blanked_text[start : according.start()].rstrip()
        mention = noun_phrase_at(blanked_text, according.end(), end, "according to")
        if not mention or not according.group().lower().startswith(("according", "in the words", "in remarks", "in comments")):
            continue
        if not before or before.endswith((",", ";", "—", "–")) or mention.proper or mention.pronoun:
            return mention
    return None
