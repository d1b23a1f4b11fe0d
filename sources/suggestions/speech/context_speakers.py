"""Speakers whom not the sentence of a quotation names but those around it, in its paragraph.

In doubt there is none: a sentence that names two people names no speaker.
"""

from collections.abc import Sequence

from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.indirect_speech import IndirectSpeech
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.names import given_name_gender
from sources.suggestions.speech.noun_phrases import NounPhrase, NounPhraseParser
from sources.suggestions.speech.people import People
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_NEAR = 3
"""Most sentences between a quotation that stands alone and the one that names its speaker."""

_LONGEST_SENTENCE = 80
"""Tokens of a sentence above which it is not searched for those whom it names."""


class ContextSpeakers:
    """Finds the speakers of quotations that stand alone in one text."""

    def __init__(
        self,
        tokens: Sequence[Token],
        sentences: Sequence[Sentence],
        finder: AttributionFinder,
        parser: NounPhraseParser,
        people: People,
        indirect: IndirectSpeech,
        vocabulary: SpeechVocabulary,
    ):
        self.tokens, self.sentences, self.finder, self.parser = tokens, sentences, finder, parser
        self.people, self.indirect, self.vocabulary = people, indirect, vocabulary

    def before(self, number: int) -> tuple[int, Attribution] | None:
        """Return the sentence before number `number` that names who speaks there, and the attribution; None if none does."""
        paragraph = self.sentences[number].paragraph
        for place in range(number - 1, max(-1, number - 1 - _NEAR), -1):
            sentence = self.sentences[place]
            goes_on = self.indirect.goes_on(place + 1, number)
            if paragraph - sentence.paragraph > (1 if goes_on else 0):
                return None
            attribution = self.finder.speaker_in(sentence)
            if attribution:
                return place, attribution
            if goes_on and self.indirect.goes_on(place, place + 1):
                continue
            if sentence.paragraph != paragraph or self._has_quotation(sentence):
                return None
            if not self.names_nobody(place, number):
                subject = self._sole_subject(place)
                return (place, subject) if subject else None
        return None

    def after(self, number: int) -> tuple[int, Attribution] | None:
        """Return the sentence after number `number` that says who spoke there, and the attribution; None if none does.

        It points back (“So sprach Ada Fell.”), or holds the next words of the same speech and names their speaker.
        """
        paragraph = self.sentences[number].paragraph
        for place in range(number + 1, min(len(self.sentences), number + 3)):
            sentence = self.sentences[place]
            if sentence.paragraph != paragraph:
                return None
            first = sentence.first
            if self.tokens[first].quote >= 0:
                found = self.finder.tag_at(self._after_marks(first + 1, sentence), sentence, has_mark=True)
                return (place, found) if found and found.phrase else None
            if self._has_quotation(sentence) or self.tokens[sentence.last - 1].raw == ":":
                return None
            if self.tokens[first].folded in self.vocabulary.tag_openers:
                found = self.finder.tag_at(first, sentence, has_mark=True)
                return (place, found) if found and found.phrase else None
            if not self.names_nobody(place, place + 1):
                return None
        return None

    def names_nobody(self, first: int, last: int) -> bool:
        """Return whether sentences `first` to `last` name no person, role or body outside of quotations."""
        for number in range(first, last):
            sentence = self.sentences[number]
            if self.people.named[number] or sentence.last - sentence.first > _LONGEST_SENTENCE:
                return False
            for token in self.tokens[sentence.first : sentence.last]:
                if self.parser.role_gender(token) is not None or self.parser.is_body(token):
                    return False
        return True

    def _sole_subject(self, number: int) -> Attribution | None:
        """Return the only person whom a sentence names, if as its subject: at its beginning, or in the nominative."""
        sentence = self.sentences[number]
        keys = {key for _, key, _ in self.people.named[number]}
        if len(keys) != 1 or not self.people.persons[next(iter(keys))].is_certain:
            return None
        opening = self.parser.parse(sentence.first, sentence.last)
        if not self.vocabulary.inflects_names:
            return Attribution("subject", opening) if opening and opening.is_name else None
        people = self.finder.people_between(sentence.first, sentence.last, nominative=True)
        return Attribution("subject", people[0]) if len(people) == 1 and self._is_nominative(people[0]) else None

    def _is_nominative(self, name: NounPhrase) -> bool:
        """Return whether a name begins with a given name that is in the nominative, whatever its gender."""
        first = self.tokens[name.first_token]
        gender = given_name_gender(first)
        return gender is not None and self.parser.genders_in_other_cases(first) <= {gender}

    def _has_quotation(self, sentence: Sentence) -> bool:
        return any(token.quote >= 0 for token in self.tokens[sentence.first : sentence.last])

    def _after_marks(self, at: int, sentence: Sentence) -> int:
        while at < sentence.last and (self.tokens[at].raw in (",", ".") or self.tokens[at].is_dash):
            at += 1
        return at
