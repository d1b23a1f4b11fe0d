"""Reader of the quotations of one text, which keeps track of the people named as speakers on the way."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.sentence_splitting import Span, split_sentences
from sources.suggestions import dates, quotation_classification, quotation_days, quotation_speakers, sentence_subjects
from sources.suggestions.denied_speech import is_denied
from sources.suggestions.known import PersonLookup
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speaker import UNKNOWN_SPEAKER, Speaker
from sources.suggestions.speaker_mention import BLANK, SpeakerMention
from sources.suggestions.speaker_resolution import LastSpeaker, SpeakerResolver
from sources.suggestions.speech_vocabulary import SPEECH_PARTICIPLES, SPEECH_VERB
from sources.suggestions.suggestion import Suggestion

QUOTATION_RULE = "quotations/3"


_MAX_CHARACTERS = 20_000
"""Longest sentence, and longest quotation that stands alone."""


_ARTICLE_S_WORDS = re.compile(rf"[^\s{BLANK}.,]")


_FARTHEST_DENIAL = 100
_SPLIT = re.compile(rf"(?:[^.!?{BLANK}]|\b[A-Z]\.|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Lt|Col|Adm|Rep)\.)*,\s*\Z")


def quotation_proposal(
    kind: QuoteKind, speaker: Speaker, part_of: int | None = None, said_on: tuple[str, str] = ("", "")
) -> dict:
    """Return the proposal of a quotation suggestion; `said_on` is a partial date and its reason."""
    return {
        "quote_kind": str(kind),
        "speaker": speaker.slug,
        "speaker_text": speaker.words,
        "attribution": "" if speaker.slug else speaker.description,
        "said_on": said_on[0],
        "said_on_reason": said_on[1],
        "occasion": "",
        "part_of": part_of,
    }


class QuotationReader:
    """Reads one text from beginning to end and remembers who was named as a speaker."""

    def __init__(self, text: str, blocks: list[Span], spans: list[QuotedSpan], known: PersonLookup, published_on: str):
        self.text, self.spans, self.published_on = text, spans, published_on
        self.blanked_text = quotation_speakers.blank_quotations(text, spans)
        self.sentences = _whole_sentences(text, spans)
        starts = [start for start, _ in blocks]
        self.paragraph_of = [bisect_right(starts, start) for start, _ in self.sentences]
        self.speakers = SpeakerResolver(self.blanked_text, self.sentences, self.paragraph_of, known)
        self.dated_places: list[tuple[int, Suggestion]] = []

    def iterate_suggestions(self) -> Iterator[Suggestion]:
        """Yield the suggestions for all quotations in order of place."""
        groups = self.group_parts()
        if groups:
            yield from self.read_groups(groups)

    def read_groups(self, groups: list[list[QuotedSpan]]) -> Iterator[Suggestion]:
        """Read the text from beginning to end; yield the suggestions for the quotations of `groups` on the way."""
        self.dated_places = [(date.start, date) for date in dates.find_dates(self.blanked_text, self.published_on)]
        group_index = 0
        for number, sentence in enumerate(self.sentences):
            groups_inside = []
            while group_index < len(groups) and groups[group_index][0].opened < sentence[1]:
                groups_inside.append(groups[group_index])
                group_index += 1
            self._remember_subject(number)
            for group in groups_inside:
                yield from self._suggest_group(group, number)
            if not groups_inside:
                self.remember_speaker(number)

    def group_parts(self) -> list[list[QuotedSpan]]:
        """Return the quotations as lists of their parts: split by a speaker's name, or over several paragraphs."""
        groups: list[list[QuotedSpan]] = []
        for quoted in self.spans:
            if groups and self._continues_quotation(groups[-1][-1], quoted):
                groups[-1].append(quoted)
            else:
                groups.append([quoted])
        return groups

    def _continues_quotation(self, previous: QuotedSpan, quoted: QuotedSpan) -> bool:
        if previous.continues:
            return True
        between = self.blanked_text[previous.closed : quoted.opened]
        return (
            len(between) < 160
            and "\n\n" not in between
            and self._ends_with_comma(previous)
            and _SPLIT.fullmatch(between) is not None
            and any(verb["verb"].lower() not in SPEECH_PARTICIPLES for verb in SPEECH_VERB.finditer(between))
        )

    def _ends_with_comma(self, quoted: QuotedSpan) -> bool:
        """Return whether the quotation ends as it does when its speaker is named next."""
        return (
            self.text[quoted.closed - 2 : quoted.closed - 1] in (",", "?", "!")
            or self.text[quoted.closed : quoted.closed + 1] == ","
        )

    def _suggest_group(self, group: list[QuotedSpan], sentence_number: int) -> Iterator[Suggestion]:
        mention, place_number = None, sentence_number
        for quoted in group:
            place_number = self._sentence_number_of(quoted, place_number)
            mention = quotation_speakers.find_speaker(
                self.blanked_text, quoted, self.sentences[place_number], self._ends_with_comma(quoted)
            )
            if mention:
                break
        speaker_carried_on = UNKNOWN_SPEAKER if mention else self._previous_speaker(group, sentence_number)
        whole_sentences = [
            quotation_classification.is_whole_sentence(
                self.text, quoted, mention, speaker_carried_on=bool(speaker_carried_on.words)
            )
            for quoted in group
        ]
        if not any(whole_sentences) and not quotation_classification.is_spoken_fragment(self.text, group[0], mention):
            return
        speaker = self.speakers.resolve(mention, place_number) if mention else speaker_carried_on
        first, last = self.sentences[place_number]
        first, last = max(first, group[0].opened - _FARTHEST_DENIAL), min(last, group[-1].closed + _FARTHEST_DENIAL)
        if is_denied(self.blanked_text[first:last], "en"):
            speaker = Speaker(reason="its sentence denies that it was said")
        said_on = self._find_day(mention, speaker, place_number)
        if speaker.words or speaker.slug:
            paragraph = self.paragraph_of[self._sentence_number_of(group[-1], place_number)]
            self.speakers.last = LastSpeaker(paragraph, place_number, self.sentences[place_number][1], speaker, said_on)
        is_direct = any(whole_sentences) or quotation_classification.is_full_clause(self.text, group[0])
        for quoted in group:
            yield self._build_suggestion(quoted, is_direct, speaker, group[0].start if len(group) > 1 else None, said_on)

    def _build_suggestion(
        self, quoted: QuotedSpan, is_direct: bool, speaker: Speaker, part_of: int | None, said_on: tuple[str, str]
    ) -> Suggestion:
        end = quoted.end
        kind = QuoteKind.DIRECT_SPEECH if is_direct else QuoteKind.FRAGMENT
        if not is_direct and self.text[end - 1] == "." and self.text[end - 2 : end - 1].islower():
            end -= 1
        reason = f"{kind.label} in quotation marks; {speaker.reason}"
        score = speaker.score
        if quoted.unclosed:
            score, reason = min(score, 0.4), f"{reason}; the closing mark is missing, its end is a guess"
        return Suggestion(
            SuggestionKind.QUOTATION,
            quoted.start,
            end,
            self.text[quoted.start : end],
            QUOTATION_RULE,
            score,
            reason,
            quotation_proposal(kind, speaker, part_of, said_on),
        )

    def _sentence_number_of(self, quoted: QuotedSpan, number: int) -> int:
        while number + 1 < len(self.sentences) and self.sentences[number][1] <= quoted.opened:
            number += 1
        return number

    def _previous_speaker(self, group: list[QuotedSpan], sentence_number: int) -> Speaker:
        """Return the speaker of a quotation that stands alone: whoever spoke just before."""
        start, end = self.sentences[sentence_number]
        last = self.speakers.last
        if (
            end - start > _MAX_CHARACTERS
            or _ARTICLE_S_WORDS.search(self.blanked_text, start, end)
            or not last
            or self.paragraph_of[sentence_number] - last.paragraph > 1
            or last.sentence < sentence_number - 1
        ):
            return UNKNOWN_SPEAKER
        speaker = last.speaker
        return replace(speaker, score=0.75, reason=f"follows words of {speaker.words}")

    def _remember_subject(self, sentence_number: int) -> None:
        """Remember the person that a sentence is about, whom later pronouns mean."""
        sentence = self.sentences[sentence_number]
        mention = sentence_subjects.find_subject(self.blanked_text, sentence)
        if not mention or not self.blanked_text[mention.end : sentence[1]].strip(" .,"):
            # A line that holds only a name is a heading.
            return
        if sentence_subjects.is_one_of_several(self.blanked_text, mention, sentence[1]):
            self.speakers.last = None
            return
        person = self.speakers.find_person(mention)
        if person:
            said_on = quotation_days.day_of_occasion(self.blanked_text, mention, sentence, self.dated_places, self.published_on)
            self.speakers.last = LastSpeaker(self.paragraph_of[sentence_number], sentence_number, mention.end, person, said_on)

    def remember_speaker(self, sentence_number: int) -> None:
        """Remember who speaks in a sentence without quotation."""
        sentence = self.sentences[sentence_number]
        mention = quotation_speakers.find_speaker_without_quotation(self.blanked_text, sentence)
        if mention:
            speaker = self.speakers.resolve(mention, sentence_number)
            if speaker.words:
                said_on = quotation_days.day_of_occasion(
                    self.blanked_text, mention, sentence, self.dated_places, self.published_on
                )
                self.speakers.last = LastSpeaker(
                    self.paragraph_of[sentence_number], sentence_number, mention.end, speaker, said_on
                )

    def _find_day(self, mention: SpeakerMention | None, speaker: Speaker, sentence_number: int) -> tuple[str, str]:
        """Return the day of a quotation and how it was found: beside its speaker, or in the speaker's sentence before."""
        sentence = self.sentences[sentence_number]
        if mention:
            day = quotation_days.day_beside_speaker(self.blanked_text, mention, sentence, self.dated_places)
            if day[0]:
                return day
        last = self.speakers.last
        if last and last.said_on[0] and sentence_number - last.sentence == 1 and speaker.words == last.speaker.words:
            return last.said_on[0], quotation_days.in_sentence_before(last.said_on[1])
        return "", ""


def _whole_sentences(text: str, spans: list[QuotedSpan]) -> list[Span]:
    """Return the sentences of the article; those that a quotation runs across are joined."""
    sentences: list[Span] = []
    index = 0
    for start, end in split_sentences(text):
        while index < len(spans) and spans[index].closed <= start:
            index += 1
        runs_across = index < len(spans) and spans[index].opened < start
        if sentences and (runs_across or (index and _names_speaker_only(text, spans[index - 1], start, end))):
            sentences[-1] = (sentences[-1][0], end)
        else:
            sentences.append((start, end))
    return sentences


def _names_speaker_only(text: str, quoted: QuotedSpan, start: int, end: int) -> bool:
    """Return whether a sentence says no more than who spoke the words just before it: “We will.” Ada Fell said."""
    return (
        start - quoted.closed <= 2
        and "\n" not in text[quoted.closed : start]
        and text[quoted.closed - 1 : quoted.closed] in "”\"’'»"
        and quotation_speakers.SPEAKER_ALONE.fullmatch(text, start, min(end, start + 100)) is not None
        and end - start <= 100
    )
