"""People of a text: who is named where, of which gender, and in which role, for pronouns and for roles without a name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.names import family_key
from sources.suggestions.speech.noun_phrases import NounPhrase, NounPhraseParser
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import NEUTER, PLURAL, SpeechVocabulary

_MOST_NAMED = 40
"""People in one sentence above which no pronoun is resolved to one of them."""

_LONGEST_SENTENCE = 200
"""Tokens of a sentence above which no group is looked for in it."""

_NEAR = 3
"""Sentences before that of a pronoun in which the person it means is looked for, in its paragraph or the one before."""


@dataclass(slots=True)
class Person:
    """Person of a text: the words that name them most fully in the nominative, and their gender if the text tells it."""

    words: str = ""
    description: str = ""
    gender: str = ""
    is_nominative: bool = False
    is_certain: bool = False


def family_names(tokens: Sequence[Token], vocabulary: SpeechVocabulary) -> frozenset[str]:
    """Return the keys of the family names of people that the text names with a role or a given name."""
    parser = NounPhraseParser(tokens, vocabulary)
    names, at = set(), 0
    while at < len(tokens):
        if not parser.is_name_word(tokens[at]):
            at += 1
            continue
        end = parser.name_run(at, len(tokens))
        after_role = at > 0 and parser.role_gender(tokens[at - 1]) is not None
        if after_role or any(parser.is_given_name_in_any_case(token) for token in tokens[at : end - 1]):
            names.add(family_key(tokens[end - 1], vocabulary))
        at = max(end, at + 1)
    return frozenset(names)


class People:
    """The people whom the sentences of one text name."""

    def __init__(
        self,
        text: str,
        tokens: Sequence[Token],
        sentences: Sequence[Sentence],
        finder: AttributionFinder,
        parser: NounPhraseParser,
        vocabulary: SpeechVocabulary,
    ):
        self.text, self.tokens, self.sentences, self.vocabulary, self.parser = text, tokens, sentences, vocabulary, parser
        self.persons: dict[str, Person] = {}
        self.by_role: dict[str, set[str]] = defaultdict(set)
        self.named: list[list[tuple[int, str, NounPhrase]]] = []
        """For each sentence: token, key and phrase of each person named in it."""
        for sentence in sentences:
            phrases = finder.people_between(sentence.first, sentence.last, nominative=False)
            self.named.append([(phrase.first_token, self._remember(phrase), phrase) for phrase in phrases])

    def key(self, phrase: NounPhrase) -> str:
        """Return what the names of one person have in common: the stem of the family name."""
        return family_key(self.tokens[phrase.last_token - 1], self.vocabulary)

    def _name_token(self, phrase: NounPhrase) -> int:
        """Return the number of the token at which the name within a phrase begins."""
        return next(index for index in range(phrase.first_token, phrase.last_token) if self.tokens[index].start == phrase.start)

    def _remember(self, phrase: NounPhrase) -> str:
        tokens, parser = self.tokens, self.parser
        words = " ".join(self.text[phrase.start : phrase.end].split())
        key = self.key(phrase)
        person = self.persons.setdefault(key, Person())
        name_first = self._name_token(phrase)
        is_nominative = not parser.looks_oblique(name_first, phrase.last_token)
        if (is_nominative, len(words.split())) > (person.is_nominative, len(person.words.split())):
            person.words, person.is_nominative = words, is_nominative
        person.gender = person.gender or phrase.gender
        person.is_certain = person.is_certain or parser.is_person(name_first, phrase.last_token)
        for index in range(name_first - 1, max(-1, name_first - 8), -1):
            if not tokens[index].is_word or (
                index == name_first - 1 and tokens[index].folded in self.vocabulary.genitive_openers
            ):
                break
            role_gender = parser.role_gender(tokens[index])
            if role_gender is not None:
                if parser.looks_oblique(name_first, phrase.last_token, role_gender):
                    # The spokesman of Ada Fell is not she.
                    break
                self.by_role[tokens[index].folded].add(key)
                break
        if phrase.last_token < len(tokens):
            role = parser.title_in_nominative(tokens[phrase.last_token])
            if role in self.vocabulary.roles and tokens[phrase.last_token].is_word:
                self.by_role[role].add(key)
        return key

    def remember_speaker(self, phrase: NounPhrase, sentence_number: int) -> None:
        """Remember that a sentence names a person as a speaker."""
        if phrase.is_name:
            key = self._remember(phrase)
            self.persons[key].is_certain = True
            if all(key != named for _, named, _ in self.named[sentence_number]):
                self.named[sentence_number].append((phrase.first_token, key, phrase))

    def bearer_of_role(self, role: str) -> Person | None:
        """Return the only person whom the text names with this role."""
        keys = self.by_role.get(role, set())
        return self.persons[next(iter(keys))] if len(keys) == 1 else None

    def person(self, phrase: NounPhrase) -> Person | None:
        """Return the person that a phrase names."""
        return self.persons.get(self.key(phrase)) if phrase.is_name else None

    def meant_by_pronoun(self, gender: str, place: int, sentence_number: int) -> Person | None:
        """Return the one person of this gender whom the text named last before token `place`; None if it named several.

        In the sentence of the pronoun a name after a preposition does not count: “at the meeting with Ada Fell he said”.
        """
        if gender == PLURAL:
            return self._meant_group(place, sentence_number)
        if gender == NEUTER:
            return None
        paragraph = self.sentences[sentence_number].paragraph
        for number in range(sentence_number, max(-1, sentence_number - _NEAR - 1), -1):
            if paragraph - self.sentences[number].paragraph > 1:
                return None
            if len(self.named[number]) > _MOST_NAMED:
                return None
            keys = {
                key
                for token, key, _ in self.named[number]
                if token < place and self._may_be(key, gender) and not (number == sentence_number and self._is_governed(token))
            }
            if keys:
                key = keys.pop()
                return (
                    self.persons[key]
                    if not keys and self._is_certain(key, number) and self._may_be_subject(key, number)
                    else None
                )
        return None

    def _may_be_subject(self, key: str, number: int) -> bool:
        """Return whether a sentence names a person in the nominative: whom somebody else met is not the one who speaks next."""
        return any(
            not self._is_governed(phrase.first_token)
            and not self.parser.looks_oblique(self._name_token(phrase), phrase.last_token, self.persons[key].gender)
            for _, named, phrase in self.named[number]
            if named == key
        )

    def _meant_group(self, place: int, sentence_number: int) -> Person | None:
        """Return the only group of people (“ministers”) of the last sentence, up to token `place`, that names one."""
        paragraph = self.sentences[sentence_number].paragraph
        for number in range(sentence_number, max(-1, sentence_number - _NEAR), -1):
            sentence = self.sentences[number]
            if paragraph - sentence.paragraph > 1 or sentence.last - sentence.first > _LONGEST_SENTENCE:
                return None
            groups = {
                token.folded: token.raw
                for token in self.tokens[sentence.first : min(sentence.last, place)]
                if self.parser.role_gender(token) == PLURAL
            }
            if groups:
                return Person(next(iter(groups.values()))) if len(groups) == 1 else None
        return None

    def _is_governed(self, token: int) -> bool:
        before = self.tokens[token - 1].folded if token else ""
        return before in self.parser.governing_words

    def _is_certain(self, key: str, number: int) -> bool:
        """Return whether the person is one for certain, or opens the sentence."""
        return (
            self.persons[key].is_certain
            or not self.vocabulary.nouns_are_capitalised
            and any(token == self.sentences[number].first for token, named, _ in self.named[number] if named == key)
        )

    def _may_be(self, key: str, gender: str) -> bool:
        known = self.persons[key].gender
        return not (gender and known) or gender == known
