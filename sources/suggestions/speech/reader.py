"""Reader of the quotations of a text in one of the languages that have a vocabulary."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from entities.vocabulary import QuoteKind
from sources.sentence_splitting import Span
from sources.suggestions import dates
from sources.suggestions.denied_speech import is_denied
from sources.suggestions.known import PersonLookup
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.quotation_speakers import blank_quotations
from sources.suggestions.speaker import UNKNOWN_SPEAKER, Speaker
from sources.suggestions.speaker_mention import BLANK
from sources.suggestions.speech import people as people_of_text
from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.classification import QuotedWords, is_spoken_fragment, is_whole_sentence
from sources.suggestions.speech.context_speakers import ContextSpeakers
from sources.suggestions.speech.indirect_speech import IndirectSpeech
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhraseParser
from sources.suggestions.speech.quotation_suggestion import quotation_suggestion
from sources.suggestions.speech.speaker_resolution import SpeakerResolver
from sources.suggestions.speech.tokens import Sentence, tokenise
from sources.suggestions.speech.vocabulary import SpeechVocabulary
from sources.suggestions.suggestion import Suggestion

_LONGEST_TAG = 40
"""Most tokens between two parts of a quotation."""

_LONGEST_JOINT = 3
"""Most words before the colon of a quotation that goes on."""

_MOST_PARTS = 20


class SpeechReader:
    """Reads one text from beginning to end and remembers who spoke last."""

    def __init__(
        self,
        text: str,
        blocks: list[Span],
        spans: list[QuotedSpan],
        vocabulary: SpeechVocabulary,
        known: PersonLookup,
        published_on: str,
    ):
        self.text, self.spans, self.vocabulary, self.known, self.published_on = text, spans, vocabulary, known, published_on
        self.tokens, self.sentences = tokenise(text, blocks, spans, vocabulary)
        words = frozenset(token.folded for token in self.tokens if token.is_word and token.raw.islower())
        self.parser = NounPhraseParser(self.tokens, vocabulary, words, people_of_text.family_names(self.tokens, vocabulary))
        self.finder = AttributionFinder(self.tokens, self.parser, vocabulary)
        self.people = people_of_text.People(text, self.tokens, self.sentences, self.finder, self.parser, vocabulary)
        shared = (self.tokens, self.sentences, self.finder, self.parser, self.people)
        self.indirect = IndirectSpeech(*shared, vocabulary)
        self.context = ContextSpeakers(*shared, self.indirect, vocabulary)
        self.resolver = SpeakerResolver(text, self.tokens, self.sentences, self.finder, self.people, known)
        self._alone = (-1, False)

    def iterate_suggestions(self) -> Iterator[Suggestion]:
        """Yield the suggestions for all quotations in order of place."""
        if not self.spans:
            return
        blanked = blank_quotations(self.text, self.spans)
        self.dated = [
            (date.start, date.end, str(date.proposal["date"]), str(date.proposal["reasoning"]))
            for date in dates.find_dates(blanked, self.published_on, self.vocabulary.language)
        ]
        row: list[int] = []
        row_number = 0
        for number, sentence in enumerate(self.sentences):
            for at in range(sentence.first, sentence.last):
                if self.tokens[at].quote < 0:
                    continue
                if row and not self._belongs_to_row(row[-1], at, is_same_sentence=number == row_number):
                    yield from self._suggest_row(row, row_number)
                    row = []
                row.append(at)
                row_number = number
        if row:
            yield from self._suggest_row(row, row_number)

    def _span(self, at: int) -> QuotedSpan:
        return self.spans[self.tokens[at].quote]

    def _belongs_to_row(self, previous: int, at: int, *, is_same_sentence: bool) -> bool:
        """Return whether a quotation has the speaker of the one before: it goes on, or is listed with it."""
        if self._span(previous).continues:
            return True
        between = self.tokens[previous + 1 : at]
        return (
            is_same_sentence
            and len(between) < 4
            and all(token.raw == "," or token.folded in self.vocabulary.and_words for token in between)
        )

    def _suggest_row(self, row: list[int], number: int) -> Iterator[Suggestion]:
        """Yield the suggestions for quotations that have one attribution; `number` is that of the last one's sentence."""
        sentence = self.sentences[number]
        in_sentence = [at for at in row if at >= sentence.first]
        stands_alone = self._is_quotation_only(number)
        attribution = self.finder.find(in_sentence[0], row[-1], sentence)
        if stands_alone and attribution and not attribution.names_somebody:
            attribution = None
        if not stands_alone and not attribution:
            attribution = self.indirect.speaker_in_frame(in_sentence[0], number)
        is_reported = attribution is None and not stands_alone and self.indirect.is_reported(in_sentence[0], number)
        carried_on = self._speaker_carried_on(number, is_reported) if stands_alone or is_reported else UNKNOWN_SPEAKER
        speaker = self.resolver.resolve(attribution, number) if attribution else carried_on
        if is_reported and carried_on.words:
            attribution = Attribution("reported", pronoun="", place=sentence.first)
        elif stands_alone and not speaker.words and (found := self.context.after(number)):
            speaker = self.resolver.resolve(found[1], found[0])
        if is_denied(self._blanked(sentence, row), self.vocabulary.language):
            speaker = Speaker(reason="its sentence denies that it was said")
        suggested = [
            (at, kind)
            for at in row
            if (kind := self._kind_of(at, attribution, stands_alone=stands_alone, is_carried_on=bool(carried_on.words)))
        ]
        if not suggested:
            return
        if speaker.words:
            self.resolver.last_speaker = (number, speaker, self.resolver.gender_of(attribution))
        said_on = self._date_beside(attribution, sentence)
        continued = len(row) > 1 and self._span(row[0]).continues
        for at, kind in suggested:
            part_of = self._span(row[0]).start if continued else self._first_part(at, sentence)
            yield self._suggestion(self._span(at), kind, speaker, part_of, said_on)

    def _blanked(self, sentence: Sentence, row: list[int]) -> str:
        """Return the words of a sentence around the quotations of a row, with BLANK for each quotation."""
        first, last = max(sentence.first, row[0] - _LONGEST_TAG), min(sentence.last, row[-1] + _LONGEST_TAG)
        return " ".join(BLANK if token.quote >= 0 else token.raw for token in self.tokens[first:last])

    def _is_quotation_only(self, number: int) -> bool:
        """Return whether a sentence holds no words of the article's own, but for such as “Und weiter:”."""
        if self._alone[0] != number:
            sentence = self.sentences[number]
            own = [token for token in self.tokens[sentence.first : sentence.last] if token.quote < 0]
            words = [token.folded for token in own if token.is_word or token.raw[0].isdigit()]
            is_joined = len(words) <= _LONGEST_JOINT and any(token.raw == ":" for token in own)
            small_words = self.vocabulary.and_words | self.vocabulary.fillers
            self._alone = (number, not words or (is_joined and all(word in small_words for word in words)))
        return self._alone[1]

    def _kind_of(self, at: int, attribution: Attribution | None, *, stands_alone: bool, is_carried_on: bool) -> QuoteKind | None:
        """Return the kind of a quotation; None if the marks hold no speech."""
        span = self._span(at)
        if span.opened == span.start:
            # A dash opens nothing but speech.
            return QuoteKind.DIRECT_SPEECH
        word_before = self._word_before(at)
        quoted = QuotedWords.of_span(self.text, span, word_before, names_noun=self._names_noun_before(at))
        if span.continues or is_whole_sentence(
            quoted, attribution, self.vocabulary, stands_alone=stands_alone, is_carried_on=is_carried_on
        ):
            return QuoteKind.DIRECT_SPEECH
        return QuoteKind.FRAGMENT if is_spoken_fragment(quoted, attribution, self.vocabulary) else None

    def _word_before(self, at: int) -> str:
        """Return the folded word before the marks; a word for a term with “of” after it as if it stood there: notion of “...”."""
        before, first, second = (self.tokens[place].folded if place >= 0 else "" for place in (at - 1, at - 2, at - 3))
        if {first, second} & self.vocabulary.reflexives:
            # se dit « confiant », but: le groupe dit « Le Vent »
            return ""
        return first if before in self.vocabulary.genitive_openers and first in self.vocabulary.terms else before

    def _names_noun_before(self, at: int) -> bool:
        """Return whether a German noun for a thing stands right before the marks, which then hold its name: Fregatte „Sturm“."""
        before = self.tokens[at - 1] if at else None
        return (
            self.vocabulary.nouns_are_capitalised
            and before is not None
            and before.is_capitalised
            and before.folded not in self.vocabulary.not_names
            and self.parser.role_gender(before) is None
            and not self.parser.is_person(at - 1, at)
        )

    def _first_part(self, at: int, sentence: Sentence) -> int | None:
        """Return where the first part of a split quotation begins, of which token `at` is a part; None if it is in one piece."""
        first = at
        for _ in range(_MOST_PARTS):
            previous = self._next_quotation(first, -1, sentence)
            if previous is None or not self._is_split_at(previous, first, sentence):
                break
            first = previous
        following = self._next_quotation(at, 1, sentence)
        has_next = following is not None and self._is_split_at(at, following, sentence)
        return self._span(first).start if first < at or has_next else None

    def _next_quotation(self, at: int, step: int, sentence: Sentence) -> int | None:
        """Return the token of the quotation before (-1) or after (1) another one, at a distance that a speaker may fill."""
        for place in range(at + step, at + step * (_LONGEST_TAG + 2), step):
            if not sentence.first <= place < sentence.last:
                return None
            if self.tokens[place].quote >= 0:
                return place
        return None

    def _is_split_at(self, previous: int, at: int, sentence: Sentence) -> bool:
        """Return whether only the naming of the speaker stands between two quotations."""
        between = range(previous + 1, at)
        if not 3 <= len(between) <= _LONGEST_TAG:
            return False
        before, after = self.tokens[previous + 1], self.tokens[at - 1]
        return (
            (before.raw == "," or before.is_dash)
            and (after.raw == "," or after.is_dash)
            and any(self.finder.verb_at(place, sentence) for place in between)
        )

    def _speaker_carried_on(self, number: int, is_reported: bool) -> Speaker:
        """Return the speaker of a quotation in a sentence that names none: whoever spoke last, if nobody was named since.

        `is_reported`: the sentence is reported speech, so somebody spoke before.
        """
        if self.resolver.last_speaker and self._may_go_on(self.resolver.last_speaker[0], number):
            speaker = self.resolver.last_speaker[1]
            return replace(speaker, score=0.75, reason=f"follows words of {speaker.words}")
        found = self.context.before(number)
        return (
            self.resolver.resolve(found[1], found[0])
            if found and not (is_reported and found[1].rule == "subject")
            else UNKNOWN_SPEAKER
        )

    def _may_go_on(self, spoken: int, number: int) -> bool:
        """Return whether whoever spoke in sentence `spoken` may speak in sentence `number` without being named again."""
        distance = self.sentences[number].paragraph - self.sentences[spoken].paragraph
        if self.indirect.goes_on(spoken + 1, number):
            return distance <= 1
        return distance == 0 and self.context.names_nobody(spoken + 1, number)

    def _date_beside(self, attribution: Attribution | None, sentence: Sentence) -> tuple[str, str]:
        """Return the day given beside the speaker and how it was found."""
        if not attribution or not attribution.names_somebody:
            return "", ""
        place = self.tokens[attribution.place]
        start, end = (attribution.phrase.title_start, attribution.phrase.end) if attribution.phrase else (place.start, place.end)
        first = bisect_left(self.dated, self.tokens[sentence.first].start, key=lambda dated: dated[0])
        for date_start, date_end, date, reasoning in self.dated[first : first + 6]:
            between = self.text[min(end, date_end) : max(start, date_start)]
            if date_end <= self.tokens[sentence.last - 1].end and len(between) < 40 and not re.search(r"[,.:;«»“”„\"]", between):
                return date, reasoning
        return "", ""

    def _suggestion(
        self, span: QuotedSpan, kind: QuoteKind, speaker: Speaker, part_of: int | None, said_on: tuple[str, str]
    ) -> Suggestion:
        marks = "after a dash" if span.opened == span.start else "in quotation marks"
        score, reason = speaker.score, f"{kind.label} {marks}; {speaker.reason}"
        if span.unclosed:
            score, reason = min(score, 0.4), f"{reason}; the closing mark is missing, its end is a guess"
        return quotation_suggestion(self.text, span, kind, speaker, (score, reason), part_of, said_on)
