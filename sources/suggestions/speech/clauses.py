"""Those whom a clause or sentence names, among whom a verb without a subject of its own finds it."""

from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhrase, NounPhraseParser
from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.verbs import Verb, VerbFinder
from sources.suggestions.speech.vocabulary import MASCULINE, SpeechVocabulary

FARTHEST = 45
"""Most tokens between a quotation and the verb before it."""

_LONGEST_TITLE = 6
"""Most tokens of a title before a name that are looked at for its case."""


class ClauseReader(VerbFinder):
    """Finds the people whom the clauses of one text name."""

    def __init__(self, tokens: list[Token], parser: NounPhraseParser, vocabulary: SpeechVocabulary):
        super().__init__(tokens, vocabulary)
        self.parser = parser

    def names_nobody(self, at: int, last: int) -> bool:
        """Return whether the rest of a clause holds no word that may be the subject of its verb."""
        for place in range(at, min(last, at + FARTHEST)):
            token = self.tokens[place]
            if token.quote >= 0 or token.raw[0] in ",.:;!?…" or token.is_dash or token.folded in self.vocabulary.conjunctions:
                return True
            before = self.tokens[place - 1].folded
            if self.parser.role_gender(token) is not None or (
                self.parser.is_name_word(token) and before not in self.vocabulary.prepositions
            ):
                return False
        return True

    def opens_clause(self, index: int) -> bool:
        token = self.tokens[index]
        return (
            token.quote >= 0
            or not (token.is_word or token.raw[0].isdigit() or token.raw == ".")
            or (token.folded in self.vocabulary.conjunctions)
        )

    def is_article(self, at: int) -> bool:
        return self.tokens[at].folded in self.vocabulary.articles

    def subject_of_sentence(self, limit: int, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the subject for a form without one: the only person in the nominative before it in the sentence."""
        people = self.people_between(max(sentence.first, limit - FARTHEST), limit, nominative=True)
        if len(people) == 1:
            return Attribution(rule, people[0])
        if not people:
            for at in range(max(sentence.first, limit - FARTHEST), limit):
                verb = self.verb_at(at, sentence)
                if verb and verb.pronoun is not None:
                    return Attribution(rule, pronoun=verb.pronoun, place=verb.finite)
                if self.tokens[at].folded in self.vocabulary.pronouns and not self.is_article(at):
                    return Attribution(rule, pronoun=self.vocabulary.pronouns[self.tokens[at].folded], place=at)
            for at in range(max(sentence.first, limit - FARTHEST), limit):
                if at == sentence.first or self.opens_clause(at - 1):
                    subject = self.parser.parse(at, limit)
                    if subject:
                        return Attribution(rule, subject)
        return None

    def subject_after_clause(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the subject of the main clause after one without a subject: Après avoir dit “...”, il a ajouté."""
        if verb.first - sentence.first > 1:
            return None
        commas = (at for at in range(verb.last + 1, min(sentence.last, verb.last + FARTHEST)) if self.tokens[at].raw == ",")
        for comma in commas:
            pronoun = self.vocabulary.pronouns.get(self.tokens[comma + 1].folded) if comma + 1 < sentence.last else None
            if pronoun is not None:
                return Attribution(rule, pronoun=pronoun, place=comma + 1)
            subject = self.parser.parse(comma + 1, sentence.last)
            if subject and self.tokens[subject.last_token].folded in self.vocabulary.auxiliaries.keys() | self.vocabulary.verbs:
                return Attribution(rule, subject)
        return None

    def _may_be_person(self, first: int, last: int, sentence_first: int) -> bool:
        """Return whether capitalised words of which nothing is known may name a person: two, three, or one at the beginning."""
        if last - first == 1 and first == sentence_first:
            token = self.tokens[first]
            is_word = token.folded in self.parser.lower_case_words or self.parser.has_ending_of_verb(token)
            return not is_word and len(token.raw) > 2
        if self.vocabulary.language == "uk" and self.tokens[first].raw.isascii():
            # Le Parisien
            return False
        return (
            last - first in (2, 3)
            and not self.vocabulary.nouns_are_capitalised
            and not (first and self.parser.is_body(self.tokens[first - 1]))
        )

    def people_between(self, first: int, last: int, *, nominative: bool) -> list[NounPhrase]:
        """Return the names of people in tokens `first` to `last`; if `nominative`, without those governed by a preposition."""
        people, at, parser = [], first, self.parser
        while at < last:
            if not parser.is_name_word(self.tokens[at]):
                at += 1
                continue
            end = parser.name_run(at, last)
            start = next((place for place in range(at, end - 1) if parser.is_given_name_in_any_case(self.tokens[place])), at)
            governed = start > first and self.is_governed(start)
            is_person = parser.is_person(start, end) or (not nominative and self._may_be_person(start, end, first))
            if is_person and not (nominative and (governed or parser.looks_oblique(start, end))):
                people.append(parser.name_phrase(start, end))
            at = max(end, at + 1)
        return people

    def is_governed(self, first: int) -> bool:
        """Return whether the name at token `first` stands with its title after a preposition or in an oblique case."""
        parser = self.parser
        gender: str | None = None
        for at in range(first - 1, max(-1, first - 1 - _LONGEST_TITLE), -1):
            token = self.tokens[at]
            if token.folded == "der" and gender == MASCULINE:
                return False
            if token.folded in parser.governing_words:
                return True
            if token.folded in self.vocabulary.articles:
                continue
            role = parser.role_gender(token)
            is_title = role is not None or parser.is_oblique_title(token)
            is_adjective = gender is not None and token.raw.islower() and token.folded not in parser.small_words
            if not token.is_word or not (is_title or is_adjective) or token.folded in self.vocabulary.verbs:
                return False
            gender = role or gender or ""
        return False
