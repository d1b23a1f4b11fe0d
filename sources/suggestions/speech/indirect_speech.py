"""Indirect speech that only its mood marks: German “Es gebe „stürmische Fragen“.”.

Whoever spoke before goes on, unless the sentence has a clause that may name somebody else.
"""

from collections.abc import Sequence

from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhraseParser
from sources.suggestions.speech.people import People
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_LONGEST_SENTENCE = 80
"""Tokens of a sentence above which its mood is not looked at."""


class IndirectSpeech:
    """Finds the sentences of one text that the mood of their verb makes somebody's words."""

    def __init__(
        self,
        tokens: Sequence[Token],
        sentences: Sequence[Sentence],
        finder: AttributionFinder,
        parser: NounPhraseParser,
        people: People,
        vocabulary: SpeechVocabulary,
    ):
        self.tokens, self.sentences, self.finder, self.parser = tokens, sentences, finder, parser
        self.people, self.vocabulary = people, vocabulary

    def is_reported(self, quote: int, number: int) -> bool:
        """Return whether a sentence that names no speaker of the quotation at token `quote` is indirect speech."""
        sentence = self.sentences[number]
        before = self.tokens[sentence.first : quote]
        if not self.vocabulary.reporting_moods or any(token.folded in self.vocabulary.conjunctions for token in before):
            return False
        if self._mood_of(sentence) is not None:
            return not self._has_frame(sentence)
        names_somebody = any(self.parser.role_gender(token) is not None or self.parser.is_body(token) for token in before)
        if names_somebody or any(token.quote >= 0 for token in before):
            return False
        is_in_mood = any(token.folded in self.vocabulary.reporting_moods for token in before)
        return is_in_mood and all(token > quote for token, _, _ in self.people.named[number])

    def goes_on(self, first: int, last: int) -> bool:
        """Return whether sentences `first` to `last` are all indirect speech, and none of them says whose."""
        return all(
            self._mood_of(sentence) is not None
            and not self._has_frame(sentence)
            and not any(self.finder.verb_at(at, sentence) for at in range(sentence.first, sentence.last))
            for sentence in self.sentences[first:last]
        )

    def speaker_in_frame(self, quote: int, number: int) -> Attribution | None:
        """Return the only person or role in the clause before indirect speech: Ada Fell spottete, der Wind sei „lau“."""
        sentence = self.sentences[number]
        end = self._end_of_frame(sentence)
        if not sentence.first < end < quote or any(
            token.folded in self.vocabulary.conjunctions for token in self.tokens[sentence.first : quote]
        ):
            return None
        is_label = self.tokens[end].raw == ":"
        people = self.finder.people_between(sentence.first, end, nominative=not is_label)
        if people:
            return Attribution("before", people[0]) if len(people) == 1 else None
        roles = [
            phrase
            for at in range(sentence.first, end)
            if self.tokens[at].folded in self.vocabulary.articles
            and (at == sentence.first or self.tokens[at - 1].folded not in self.parser.governing_words)
            and (phrase := self.parser.parse(at, end))
        ]
        return Attribution("before", roles[0]) if len(roles) == 1 and not is_label else None

    def _mood_of(self, sentence: Sentence) -> int | None:
        """Return the first token of a sentence in a mood that is that of indirect speech alone; None if none is."""
        if sentence.last - sentence.first > _LONGEST_SENTENCE:
            return None
        for at in range(sentence.first, sentence.last):
            if self.tokens[at].is_word and self.tokens[at].raw in self.vocabulary.indirect_moods:
                return at
        return None

    def _end_of_frame(self, sentence: Sentence) -> int:
        """Return the mark between indirect speech and the clause before it; the first token if there is no such clause."""
        mood = self._mood_of(sentence)
        if mood is None:
            return sentence.first
        mark = next((at for at in range(mood - 1, sentence.first, -1) if self.tokens[at].raw in (",", ":", ";")), sentence.first)
        # Alle Freunde, „auch die fernen“, seien da: no clause, but words set off by commas
        return sentence.first if mark + 1 == mood else mark

    def _has_frame(self, sentence: Sentence) -> bool:
        """Return whether a clause before the indirect speech names somebody, who may be its speaker."""
        end = self._end_of_frame(sentence)
        return bool(self.finder.people_between(sentence.first, end, nominative=False)) or any(
            self.parser.role_gender(token) is not None or self.parser.is_oblique_title(token) or self.parser.is_body(token)
            for token in self.tokens[sentence.first : end]
        )
