"""Verbs of saying in the tokens of a text, with their auxiliaries and particles."""

import re
from typing import NamedTuple

from sources.suggestions.speech.tokens import Sentence, Token
from sources.suggestions.speech.vocabulary import SpeechVocabulary

_AUXILIARY_DISTANCE = 24
"""Most tokens between an auxiliary and its participle."""

_PARTICLE_DISTANCE = 40
"""Most tokens between a separable verb and its particle."""

_INVERTED = re.compile(r"(?P<verb>.+?)-(?:t-)?(?P<pronoun>il|elle|ils|elles|on)")


_OBJECT_PRONOUNS = frozenset(("l'", "le", "la", "les"))
"""French articles that are pronouns before a verb."""


class Verb(NamedTuple):
    """Verb of saying: `finite` is the token beside the subject, `first` to `last` all of it."""

    first: int
    finite: int
    last: int
    gender: str
    is_calling: bool = False
    is_gerund: bool = False
    pronoun: str | None = None
    """Gender of a pronoun that is part of the verb (a-t-il); None if there is none."""


def _joined(particle_verbs: dict[str, frozenset[str]]) -> frozenset[str]:
    """Return separable verbs as they stand at the end of a subordinate clause: mitteilte."""
    return frozenset(particle + verb for verb, particles in particle_verbs.items() for particle in particles)


class VerbFinder:
    """Finds the verbs of saying of one text."""

    def __init__(self, tokens: list[Token], vocabulary: SpeechVocabulary):
        self.tokens, self.vocabulary = tokens, vocabulary
        self._joined_verbs = _joined(vocabulary.particle_verbs)
        self._joined_calling_verbs = _joined(vocabulary.calling_particle_verbs)

    def verb_at(self, index: int, sentence: Sentence) -> Verb | None:
        """Return the verb of saying whose last or only word is token `index`."""
        vocabulary, token = self.vocabulary, self.tokens[index]
        if not token.is_word or self._is_noun(index):
            return None
        folded = token.folded
        is_calling = folded in vocabulary.calling_participles
        if is_calling or folded in vocabulary.participles:
            verb = self._verb_of_participle(index, sentence, is_calling)
            if verb:
                return verb
        if folded in vocabulary.verbs:
            return Verb(index, index, index, vocabulary.verbs[folded])
        if folded in vocabulary.calling_verbs:
            return Verb(index, index, index, vocabulary.calling_verbs[folded], is_calling=True)
        if token.raw in self._joined_verbs or token.raw in self._joined_calling_verbs:
            return Verb(index, index, index, "", is_calling=folded in self._joined_calling_verbs)
        if folded in vocabulary.gerunds:
            return Verb(index, index, index, "", is_gerund=True)
        if folded in vocabulary.calling_gerunds:
            return Verb(index, index, index, "", is_calling=True, is_gerund=True)
        if folded in vocabulary.particle_verbs and self._has_particle(index, sentence):
            return Verb(index, index, index, "")
        for particle_verbs, takes_words in ((vocabulary.particle_verbs, False), (vocabulary.calling_particle_verbs, True)):
            if folded in particle_verbs and self._has_late_particle(index, sentence, particle_verbs[folded]):
                return Verb(index, index, index, "", is_calling=takes_words)
        inverted = _INVERTED.fullmatch(folded) if "-" in folded else None
        if inverted and inverted["verb"] in vocabulary.verbs:
            return Verb(index, index, index, "", pronoun=self._gender_of_inverted(inverted))
        return None

    def _is_noun(self, index: int) -> bool:
        """Return whether an article makes a French verb a noun: à l'annonce, une note; but: il l'annonce."""
        vocabulary = self.vocabulary
        if not vocabulary.elides or not index:
            return False
        before = self.tokens[index - 1].folded
        if before not in vocabulary.articles:
            return before in vocabulary.genitive_openers - vocabulary.according_first and before != "en"
        if before not in _OBJECT_PRONOUNS:
            return True
        return index == 1 or self.tokens[index - 2].folded in vocabulary.prepositions

    def _gender_of_inverted(self, inverted: re.Match[str]) -> str:
        return self.vocabulary.pronouns.get(inverted["pronoun"], "n")

    def _verb_of_participle(self, index: int, sentence: Sentence, is_calling: bool) -> Verb | None:
        """Return the verb of a participle and its auxiliary."""
        vocabulary = self.vocabulary
        for at in range(index - 1, max(sentence.first, index - _AUXILIARY_DISTANCE) - 1, -1):
            token = self.tokens[at]
            opens_clause = token.folded in vocabulary.conjunctions and vocabulary.nouns_are_capitalised
            if token.raw in (":", ";") or (opens_clause and not self._precedes_quotation(at)):
                return None
            if token.folded in vocabulary.passive_auxiliaries and not self._is_reflexive(at):
                # a été qualifié, est accusé: the subject did not speak.
                return None
            if token.folded in vocabulary.auxiliaries:
                return Verb(at, at, index, vocabulary.auxiliaries[token.folded], is_calling)
            if token.folded in vocabulary.infinitive_auxiliaries:
                return Verb(at, at, index, "", is_calling, is_gerund=True)
            inverted = _INVERTED.fullmatch(token.folded) if "-" in token.folded else None
            if inverted and inverted["verb"] in vocabulary.auxiliaries:
                return Verb(at, at, index, "", is_calling, pronoun=self._gender_of_inverted(inverted))
            if token.folded in vocabulary.participles:
                # a rappelé et répété: one auxiliary for both
                continue
        return None

    def _precedes_quotation(self, at: int) -> bool:
        """Return whether a quotation follows, but for an article: als „Held“ bezeichnet."""
        return any(token.quote >= 0 for token in self.tokens[at + 1 : at + 3])

    def _is_reflexive(self, auxiliary: int) -> bool:
        return auxiliary > 0 and self.tokens[auxiliary - 1].folded in self.vocabulary.reflexives

    def _has_particle(self, index: int, sentence: Sentence) -> bool:
        """Return whether the particle of a separable verb stands later in its clause."""
        particles = self.vocabulary.particle_verbs[self.tokens[index].folded]
        for token in self.tokens[index + 1 : min(sentence.last, index + _PARTICLE_DISTANCE)]:
            if token.folded in particles:
                return True
            if token.raw in (";", ":") or token.quote >= 0:
                return False
        return False

    def _has_late_particle(self, index: int, sentence: Sentence, particles: frozenset[str]) -> bool:
        """Return whether one of the particles follows the first quotation after a separable verb."""
        following = self.tokens[index + 1 : min(sentence.last, index + _PARTICLE_DISTANCE)]
        quotes = [at for at, token in enumerate(following) if token.quote >= 0]
        return len(quotes) > 0 and any(token.folded in particles for token in following[quotes[0] + 1 : quotes[0] + 3])

    def verb_from(self, at: int, sentence: Sentence) -> Verb | None:
        """Return the verb whose first word is token `at`."""
        if at >= sentence.last:
            return None
        verb = self.verb_at(at, sentence)
        if verb:
            return verb if verb.first == at else None
        token = self.tokens[at]
        inverted = _INVERTED.fullmatch(token.folded) if "-" in token.folded else None
        is_auxiliary = token.folded in self.vocabulary.auxiliaries or bool(
            inverted and inverted["verb"] in self.vocabulary.auxiliaries
        )
        if not is_auxiliary:
            return None
        for place in range(at + 1, min(sentence.last, at + _AUXILIARY_DISTANCE)):
            if self.tokens[place].raw in (",", ".", ":", ";") or self.tokens[place].quote >= 0:
                return None
            verb = self.verb_at(place, sentence)
            if verb:
                return verb if verb.finite == at else None
        return None
