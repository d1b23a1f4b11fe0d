"""People of a text: who is named where, of which gender, and in which role, for pronouns and for roles without a name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.names import family_key, key_with_particles
from sources.suggestions.speech.noun_phrases import NounPhrase, NounPhraseParser
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import NEUTER, PLURAL, SpeechVocabulary

_MOST_NAMED = 40
"""People in one sentence above which no pronoun is resolved to one of them."""

_LONGEST_SENTENCE = 200
"""Tokens of a sentence above which no group is looked for in it."""

_STEM = 4
"""Letters that a state and its adjective have in common: France, français."""

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
            names |= {family_key(tokens[end - 1], vocabulary), key_with_particles(tokens[at:end], vocabulary)}
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
        self.text, self.tokens, self.sentences, self.vocabulary = text, tokens, sentences, vocabulary
        self.finder, self.parser = finder, parser
        self.persons: dict[str, Person] = {}
        self.by_role: dict[str, set[str]] = defaultdict(set)
        self._titles: dict[tuple[str, str], set[str]] = defaultdict(set)
        self._nation_stems = {place[:_STEM] for place in vocabulary.places | vocabulary.nations}
        self._within_sentences = {
            family_key(token, vocabulary)
            for sentence in sentences
            for token in tokens[sentence.first + 1 : sentence.last]
            if token.is_capitalised
        }
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
                self._remember_role(self._without_prefix(tokens[index].folded), key, index, name_first)
                break
        if phrase.last_token < len(tokens):
            role = parser.title_in_nominative(tokens[phrase.last_token])
            if role in self.vocabulary.roles and tokens[phrase.last_token].is_word:
                self.by_role[role].add(key)
        return key

    def _without_prefix(self, role: str) -> str:
        """Return a role without what a hyphen parts from it, if that is no role, too: US-Präsident."""
        prefix, _, last_part = role.rpartition("-")
        return role if prefix in self.vocabulary.roles else last_part

    def _remember_role(self, role: str, key: str, index: int, name_first: int) -> None:
        """Remember that a person has the role at token `index`, with the nation before it and the words after it."""
        self.by_role[role].add(key)
        adjectives = {token.folded[:_STEM] for token in self.tokens[max(0, index - 2) : index] if token.raw.islower()}
        self._titles[role, key] |= adjectives & self._nation_stems | self._stems_between(index + 1, name_first)

    def _stems_between(self, first: int, last: int) -> set[str]:
        """Return the stems of the words between two tokens that tell one bearer of a role from another: of France, French."""
        small_words = self.parser.small_words | self.parser.governing_words | self.vocabulary.articles
        return {token.folded[:_STEM] for token in self.tokens[first:last] if token.is_word and token.folded not in small_words}

    def remember_speaker(self, phrase: NounPhrase, sentence_number: int) -> None:
        """Remember that a sentence names a person as a speaker."""
        if phrase.is_name:
            key = self._remember(phrase)
            self.persons[key].is_certain = True
            if all(key != named for _, named, _ in self.named[sentence_number]):
                self.named[sentence_number].append((phrase.first_token, key, phrase))

    def bearer_of_role(self, phrase: NounPhrase, number: int) -> Person | None:
        """Return the only person whom the text names with the role of a phrase in sentence `number`.

        A phrase that names another nation or office means somebody else, and so may one that adds a nation beside that name.
        """
        tokens = self.tokens[phrase.first_token : phrase.last_token]
        role = next((token for token in tokens if self.parser.role_gender(token) is not None), None)
        if role is None:
            return None
        words = {token.folded for token in tokens}
        stems = self._stems_between(phrase.first_token, phrase.last_token) - {role.folded[:_STEM]}
        roles = [self._without_prefix(role.folded)]
        for epithet, meant in self.vocabulary.epithets.items():
            if words >= set(epithet.split()):
                roles = meant.split()
                stems -= {word[:_STEM] for word in epithet.split()}
        bearers = {(name, key) for name in roles for key in self.by_role.get(name, ())}
        if len({key for _, key in bearers}) != 1:
            return None
        key = next(iter(bearers))[1]
        known = set[str]().union(*(self._titles[bearer] for bearer in bearers))
        is_other = (known and stems and not known & stems) or (known & self._nation_stems and stems & self._nation_stems - known)
        is_named_beside = any(named == key for _, named, _ in self.named[number])
        if is_other or (stems & self._nation_stems - known and is_named_beside):
            return None
        return self.persons[key]

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
                if token < place
                and self._may_be(key, gender)
                and not (self._is_governed(token) and (number == sentence_number or not self.persons[key].is_certain))
            }
            if keys:
                key = keys.pop()
                return (
                    self.persons[key]
                    if not keys and self._is_certain(key, number) and self._may_be_subject(key, number)
                    else None
                )
        return None

    def names_before(self, place: int, number: int, gender: str) -> bool:
        """Return whether a sentence names anybody of a gender, before token `place`, who is one for certain."""
        return any(
            token < place and self.persons[key].is_certain and self._may_be(key, gender) for token, key, _ in self.named[number]
        )

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
        return self.finder.is_governed(token)

    def _is_certain(self, key: str, number: int) -> bool:
        """Return whether the person is one for certain, or opens the sentence with a word that has a capital elsewhere, too."""
        return (
            self.persons[key].is_certain
            or not self.vocabulary.nouns_are_capitalised
            and key in self._within_sentences
            and any(token == self.sentences[number].first for token, named, _ in self.named[number] if named == key)
        )

    def _may_be(self, key: str, gender: str) -> bool:
        known = self.persons[key].gender
        return not (gender and known) or gender == known
