"""Speakers whom attributions mean: the people and roles of a text, in whatever words."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from entities.likeness.latin_words import fold_to_latin
from sources.suggestions.given_name_genders import WOMEN_S_TITLES
from sources.suggestions.known import PersonLookup
from sources.suggestions.speaker import UNKNOWN_SPEAKER, Speaker
from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhrase
from sources.suggestions.speech.people import People, Person
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import PLURAL

_SCORES = {"after": 0.95, "before": 0.9, "calling": 0.85, "according to": 0.9, "colon": 0.8, "trailing": 0.85, "subject": 0.6}
_REASONS = {
    "after": "named right after it",
    "before": "subject of the verb before it",
    "calling": "subject of the verb before it",
    "according to": "named as the source",
    "colon": "named before the colon",
    "trailing": "named at the end of the sentence",
    "subject": "subject of the sentence before it",
}


_OWNED_BY_APOSTROPHE = re.compile(r"['’]\s+\w")
_LONGEST_TITLE = 12


class SpeakerResolver:
    """Resolves the attributions of one text, and remembers who spoke last."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        sentences: Sequence[Sentence],
        finder: AttributionFinder,
        people: People,
        known: PersonLookup,
    ):
        self.text, self.tokens, self.sentences = text, tokens, sentences
        self.finder, self.parser, self.people, self.known = finder, finder.parser, people, known
        self.last_speaker: tuple[int, Speaker, str] | None = None
        """Number of the sentence in which somebody spoke last, that speaker, and the gender told by the words for them."""

    def resolve(self, attribution: Attribution, number: int) -> Speaker:
        """Return the speaker whom an attribution names."""
        if attribution.phrase is None:
            return self._resolve_pronoun(attribution, number)
        phrase = attribution.phrase
        words = " ".join(self.text[phrase.start : phrase.end].split())
        description = " ".join(self.text[phrase.title_start : phrase.end].split())
        score, reason = _SCORES.get(attribution.rule, 0.8), f"“{words}”, {_REASONS.get(attribution.rule, 'named beside it')}"
        if phrase.is_name:
            self.people.remember_speaker(phrase, number)
            person = self.people.person(phrase)
            if _OWNED_BY_APOSTROPHE.match(self.text, phrase.end):
                # Scholz’ Sprecher is not Scholz.
                return Speaker(reason=f"“{words}” is not who speaks, but whose they are")
            slug = self._slug(words, person, self._title_before(phrase.start))
            if person and person.is_nominative and len(person.words.split()) >= len(words.split()) and self._is_oblique(phrase):
                words = person.words
            return Speaker(slug, words, description, score, reason)
        bearer = self.people.bearer_of_role(phrase, number) if phrase.gender != PLURAL else None
        if bearer:
            return Speaker(self._slug(bearer.words, bearer), bearer.words, f"{description}, {bearer.words}", 0.75, reason)
        return Speaker("", words, description, score, reason)

    def _resolve_pronoun(self, attribution: Attribution, number: int) -> Speaker:
        if attribution.pronoun is None:
            return UNKNOWN_SPEAKER
        pronoun = self.tokens[attribution.place].raw
        if number and self._is_of_pronoun(number - 1):
            spoke = self._last_speaker(attribution.pronoun, number)
            if not spoke:
                return Speaker(reason=f"“{pronoun}” may mean several people")
            return replace(spoke, score=0.75, reason=f"“{pronoun}”, taken to mean {spoke.words}, who spoke before")
        person = self.people.meant_by_pronoun(attribution.pronoun, attribution.place, number)
        if not person:
            spoke = self._meant_by_speaking(attribution, number)
            if spoke:
                return replace(spoke, score=0.75, reason=f"“{pronoun}”, taken to mean {spoke.words}, who spoke before")
            return Speaker(reason=f"“{pronoun}” may mean several people")
        reason = f"“{pronoun}”, taken to mean {person.words}, who was named before"
        return Speaker(self._slug(person.words, person), person.words, person.words, 0.75, reason)

    def _is_of_pronoun(self, number: int) -> bool:
        """Return whether a sentence names people, but as words of somebody it calls by a pronoun: За його словами, Марко зник."""
        if not self.people.named[number]:
            return False
        return self.finder.opens_with_own_words(self.sentences[number])

    def _last_speaker(self, gender: str, number: int) -> Speaker | None:
        """Return who spoke in one of the two sentences before, if the gender agrees."""
        if not self.last_speaker or number - self.last_speaker[0] > 2 or self.last_speaker[2] not in ("", gender):
            return None
        return self.last_speaker[1]

    def _meant_by_speaking(self, attribution: Attribution, number: int) -> Speaker | None:
        """Return who spoke in the sentence before, if the gender agrees and nobody else is named up to the pronoun."""
        gender = attribution.pronoun
        if number and not self.people.names_before(attribution.place, number, gender or ""):
            before = self.finder.speaker_in(self.sentences[number - 1])
            if before and before.phrase and gender and self.gender_of(before) in ("", gender):
                return self.resolve(before, number - 1)
        if not self.last_speaker or number - self.last_speaker[0] > 2 or not gender:
            return None
        if self.last_speaker[2] != gender and (self.last_speaker[2] or number - self.last_speaker[0] > 1):
            return None
        is_anybody_named = any(
            self.people.names_before(attribution.place, place, gender) for place in range(self.last_speaker[0] + 1, number + 1)
        )
        return None if is_anybody_named else self.last_speaker[1]

    def gender_of(self, attribution: Attribution | None) -> str:
        """Return the gender that an attribution tells, or the text of the person it names."""
        if not attribution:
            return ""
        person = self.people.person(attribution.phrase) if attribution.phrase else None
        return (attribution.phrase.gender if attribution.phrase else "") or (
            person.gender if person else attribution.pronoun or ""
        )

    def _is_oblique(self, phrase: NounPhrase) -> bool:
        first = bisect_left(self.tokens, phrase.start, key=lambda token: token.start)
        return self.parser.looks_oblique(first, phrase.last_token)

    def _title_before(self, offset: int) -> str:
        """Return the title of a woman that stands before `offset`: “Frau”; '' if none does."""
        words = self.text[max(0, offset - _LONGEST_TITLE) : offset].split()
        return words[-1] if words and fold_to_latin(words[-1]).strip(".") in WOMEN_S_TITLES else ""

    def _slug(self, words: str, person: Person | None, title: str = "") -> str:
        language = self.finder.vocabulary.language
        names = [words, person.words] if person else [words]
        return next((slug for name in names if (slug := self.known.person_slug(f"{title} {name}".strip(), language))), "")
