"""Words of names in a text: which capitalised words are people, roles or bodies, and in which case they stand.

Capitals alone are no name in German, and a name in an oblique case is no subject.
"""

from collections.abc import Iterable, Sequence

from entities.likeness.latin_words import fold_to_latin
from sources.suggestions.speech.given_names import GIVEN_NAMES
from sources.suggestions.speech.tokens import STOPS, Token
from sources.suggestions.speech.vocabulary import ANY, FEMININE, MASCULINE, SpeechVocabulary

_SHORTEST_STEM = 4
_SHORTEST_ROLE = 6
"""Shortest role, in letters, that may end a German compound: Generalinspekteur."""

_PARTICLES = frozenset("de la le du von van der den zu bin al el di da ter della фон ван дер ден де да ла бін ель аль".split())
_BODY_ENDINGS = tuple(
    "ministerium regierung kommission behörde agentur zeitung partei verband ausschuss ausschüsse amt polizei gericht senat "
    "stiftung konzern dienst institut fraktion koalition miliz bank".split()
)


def family_key(token: Token, vocabulary: SpeechVocabulary) -> str:
    """Return what the cases of one family name have in common, in Latin letters."""
    name = fold_to_latin(token.folded)
    if vocabulary.inflects_names:
        return name[: max(_SHORTEST_STEM, len(name) - 3)]
    return name.removesuffix("s") if vocabulary.nouns_are_capitalised else name


def key_with_particles(tokens: Sequence[Token], vocabulary: SpeechVocabulary) -> str:
    """Return the key of a family name with the particles before it: von der leye."""
    particles: list[str] = []
    for token in reversed(tokens[:-1]):
        if token.folded not in _PARTICLES:
            break
        particles.insert(0, token.folded)
    return " ".join([*particles, family_key(tokens[-1], vocabulary)])


def given_name_gender(token: Token) -> str | None:
    folded = fold_to_latin(token.folded)
    return GIVEN_NAMES.get(folded) or GIVEN_NAMES.get(fold_to_latin(token.folded.partition("-")[0]))


def _nouns_by_stem(nouns: Iterable[str]) -> dict[str, str]:
    """Return nouns by what is left of them without the ending of the nominative."""
    return {(noun[:-1] if noun[-1] in "аяоеeaoyийь" else noun): noun for noun in nouns if len(noun) > 3}


class NameReader:
    """Reads the names among the tokens of one text.

    `family_names`: keys of the names that the text gives to people elsewhere. `lower_case_words`: what it also has in lower case.
    """

    def __init__(
        self,
        tokens: Sequence[Token],
        vocabulary: SpeechVocabulary,
        lower_case_words: frozenset[str] = frozenset(),
        family_names: frozenset[str] = frozenset(),
    ):
        self.tokens, self.vocabulary = tokens, vocabulary
        self.lower_case_words, self.family_names = lower_case_words, family_names
        self.small_words = (
            vocabulary.prepositions | vocabulary.conjunctions | vocabulary.fillers | vocabulary.and_words | vocabulary.tag_openers
        )
        """Words that are no part of a noun phrase before its noun."""
        self.governing_words = vocabulary.prepositions | vocabulary.genitive_openers
        """Words after which a name is no subject."""
        self._nouns_with_article = frozenset(
            following.folded
            for token, following in zip(tokens, tokens[1:], strict=False)
            if vocabulary.nouns_are_capitalised
            and token.folded in vocabulary.articles | {"den", "dem", "des", "einen", "einem", "eines"}
        )
        self._title_by_stem = _nouns_by_stem([*vocabulary.bodies, *vocabulary.roles]) if vocabulary.inflects_names else {}

    def role_gender(self, token: Token) -> str | None:
        """Return the gender of the role that a token names, '' if it tells none; None if it names no role."""
        if not token.is_word:
            return None
        folded, vocabulary = token.folded, self.vocabulary
        is_noun = token.is_capitalised or not vocabulary.nouns_are_capitalised
        last_part = folded.rpartition("-")[2]
        for name in (folded, last_part):
            if name in vocabulary.roles and is_noun:
                return vocabulary.roles[name]
        if is_noun and vocabulary.role_endings:
            compound = next(
                (folded[at:] for at in range(2, len(folded) - _SHORTEST_ROLE + 1) if folded[at:] in vocabulary.roles), ""
            )
            if compound:
                return vocabulary.roles[compound]
            return next((gender for ending, gender in vocabulary.role_endings if folded.endswith(ending)), None)
        return None

    def is_body(self, token: Token) -> bool:
        """Return whether a token is a noun for a body that can speak."""
        if not token.is_word or (self.vocabulary.nouns_are_capitalised and not token.is_capitalised):
            return False
        return token.folded in self.vocabulary.bodies or (
            self.vocabulary.nouns_are_capitalised and token.folded.endswith(_BODY_ENDINGS)
        )

    def is_name_word(self, token: Token) -> bool:
        """Return whether a token may be part of a person's name."""
        vocabulary = self.vocabulary
        return (
            token.is_word
            and token.is_capitalised
            and not (
                token.folded in vocabulary.not_names
                or token.folded in vocabulary.gerunds
                or (token.folded in vocabulary.verbs and not self.is_given_name(token))
                or token.folded in vocabulary.places
                or token.folded in vocabulary.pronouns
                or token.folded in vocabulary.bodies
                or (len(token.raw) > 1 and token.raw.isupper())
                or self.role_gender(token) is not None
                or self.title_in_nominative(token) != ""
            )
        )

    def is_given_name(self, token: Token) -> bool:
        """Return whether a token is a common given name, in the nominative."""
        return given_name_gender(token) is not None

    def is_given_name_in_any_case(self, token: Token) -> bool:
        """Return whether a token is a common given name in whatever case."""
        return self.is_given_name(token) or bool(self.genders_in_other_cases(token))

    def genders_in_other_cases(self, token: Token) -> set[str]:
        """Return the genders of the given names of which a token can be another case."""
        if not self.vocabulary.inflects_names:
            return set()
        folded = fold_to_latin(token.folded)
        stems = [folded[:-length] for length in (1, 2, 3) if len(folded) - length >= 3]
        return {GIVEN_NAMES[stem + ending] for stem in stems for ending in ("", "a", "o", "iy") if stem + ending in GIVEN_NAMES}

    def is_person(self, first: int, last: int) -> bool:
        """Return whether capitalised tokens name a person: by a given name, a role before them, or another place of the text."""
        tokens = self.tokens
        before = tokens[first - 1] if first else None
        if before is not None and (self.role_gender(before) is not None or self.is_oblique_title(before)):
            return True
        if last - first > 1 and self.is_given_name_in_any_case(tokens[first]):
            return True
        return family_key(tokens[last - 1], self.vocabulary) in self.family_names

    def title_in_nominative(self, token: Token) -> str:
        """Return the role or body of which a token is another case; '' if it is of none."""
        endings, folded = self.vocabulary.case_endings, token.folded
        if not endings or not token.is_word:
            return ""
        for length in (1, 2, 3):
            if folded[-length:] in endings and folded[:-length] in self._title_by_stem:
                return self._title_by_stem[folded[:-length]]
        return ""

    def is_oblique_title(self, token: Token) -> bool:
        """Return whether a token is a role in another case than the nominative: Präsidenten, Ministers."""
        if not self.vocabulary.nouns_are_capitalised:
            return self.title_in_nominative(token) in self.vocabulary.roles
        stems = (token.folded.removesuffix(ending) for ending in ("s", "es", "n", "en") if token.folded.endswith(ending))
        return token.is_capitalised and any(
            stem in self.vocabulary.roles or stem.endswith(tuple(ending for ending, _ in self.vocabulary.role_endings))
            for stem in stems
            if len(stem) > 3
        )

    def name_run(self, index: int, limit: int) -> int:
        """Return the number of the token after the name words from `index` on; particles and initials are within."""
        end = index
        while end < limit:
            token = self.tokens[end]
            if end > index and self._ends_german_name(index, end):
                break
            if (
                self.is_name_word(token)
                or (end > index and token.folded.startswith(("el-", "al-")))
                or end > index
                and self._is_family_name_of_other_meaning(end)
                or token.raw == "."
                and end > index
                and self._is_initial(end - 1)
                and self.is_name_at(end + 1, limit)
            ):
                end += 1
            elif (
                end > index
                and token.folded in _PARTICLES
                and (
                    self.is_given_name(self.tokens[end - 1]) or (token.is_capitalised and self.is_name_word(self.tokens[end - 1]))
                )
            ):
                following = end
                while following < limit and self.tokens[following].folded in _PARTICLES:
                    following += 1
                if not self.is_name_at(following, limit):
                    break
                end = following
            else:
                break
        return end

    def end_of_name_with_particles(self, index: int, limit: int) -> int:
        """Return the number of the token after a family name with particles before it, as the text has it elsewhere; or 0."""
        at = index
        while at < limit and self.tokens[at].folded in _PARTICLES:
            at += 1
        if at == index or not self.is_name_at(at, limit):
            return 0
        particles = " ".join(token.folded for token in self.tokens[index:at])
        return at + 1 if f"{particles} {family_key(self.tokens[at], self.vocabulary)}" in self.family_names else 0

    def _ends_german_name(self, index: int, end: int) -> bool:
        """Return whether a German name is complete, so that a capital after it is a noun's: Ada Fell Zweifel."""
        last = self.tokens[end - 1]
        if (not index or self.tokens[index - 1].raw[0] in STOPS) and not last.raw.endswith("s"):
            # Only the verb follows a name that opens the sentence, unless the name is an owner (Felds Rede).
            return False
        return (
            self.vocabulary.nouns_are_capitalised
            and self.tokens[end].is_capitalised
            and any(self.is_given_name(token) for token in self.tokens[max(index, end - 4) : end - 1])
            and last.is_word
            and len(last.raw) > 1
            and not self.is_given_name(last)
        )

    def _is_family_name_of_other_meaning(self, index: int) -> bool:
        """Return whether a capitalised role or place follows a given name, and so is a family name: Ada King."""
        token = self.tokens[index]
        return (
            token.is_word
            and token.is_capitalised
            and not token.raw.isupper()
            and token.folded not in self.vocabulary.not_names
            and self.is_given_name(self.tokens[index - 1])
        )

    def looks_oblique(self, first: int, last: int, verb_gender: str = "") -> bool:
        """Return whether a name is in another case than the nominative, or does not agree with a verb of this gender."""
        if not self.vocabulary.inflects_names:
            return False
        if verb_gender in (MASCULINE, FEMININE) and given_name_gender(self.tokens[first]) not in (None, verb_gender):
            return True
        names = [token for token in self.tokens[first:last] if token.is_word and len(token.raw) > 1]
        unlisted = [name for name in names if not self.is_given_name(name)]
        if any(len(name.raw) > 4 and name.folded.endswith(self.vocabulary.oblique_endings) for name in unlisted):
            return True
        if (
            last - first == 1
            and first
            and not self.tokens[first - 1].is_word
            and family_key(names[-1], self.vocabulary) in self.family_names
        ):
            # Duda powiedział: nothing that governs it stands before the name.
            return False
        return verb_gender == MASCULINE and bool(names) and names == unlisted and all(name.folded[-1] in "аяa" for name in names)

    def is_credible_name(self, first: int, last: int) -> bool:
        """Return whether capitalised tokens are a person's name, not other words: nouns, or the beginning of a sentence."""
        names = [token for token in self.tokens[first:last] if token.is_word]
        if family_key(names[-1], self.vocabulary) in self.family_names:
            return True
        if self.vocabulary.nouns_are_capitalised:
            if len(names) == 1 and (self._follows_verb_of_saying(first) or self._opens_before_verb_of_saying(first, last)):
                return names[0].folded not in self._nouns_with_article
            return len(names) > 1 and (self.is_given_name(names[0]) or len(names[0].raw) == 1)
        if names[0].folded in self.lower_case_words and not self.is_given_name(names[0]):
            return False
        if len(names) == 1 and self.has_ending_of_verb(names[0]):
            return False
        return len(names) > 1 or len(names[0].raw) > 2

    def has_ending_of_verb(self, token: Token) -> bool:
        """Return whether a word, if no given name, may be a verb or participle at the beginning of a sentence: Podziękował."""
        endings = self.vocabulary.verb_endings
        return bool(endings) and token.folded.endswith(endings) and not self.is_given_name(token)

    def _follows_verb_of_saying(self, index: int) -> bool:
        """Return whether a German word without an article stands right after “sagte”, where nouns have one and names do not."""
        return index > 1 and self.tokens[index - 1].folded in self.vocabulary.verbs and self.tokens[index - 2].raw == ","

    def _opens_before_verb_of_saying(self, first: int, last: int) -> bool:
        """Return whether a German word without an article opens the sentence before a verb of saying, as no noun does."""
        opens = not first or self.tokens[first - 1].raw[0] in STOPS
        verb = self.tokens[last].folded if last < len(self.tokens) else ""
        return opens and self.vocabulary.verbs.get(verb) == ANY and verb.endswith("te")

    def _is_initial(self, index: int) -> bool:
        return len(self.tokens[index].raw) == 1 and self.tokens[index].is_capitalised

    def is_name_at(self, index: int, limit: int) -> bool:
        return index < limit and self.is_name_word(self.tokens[index])
