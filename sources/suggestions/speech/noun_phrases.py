"""Noun phrases that can name a speaker: a role, a name, or both (“der Sprecher des Ministeriums, Tam Reed”).

In doubt there is none.
"""

from typing import NamedTuple

from sources.suggestions.speech.names import NameReader, given_name_gender
from sources.suggestions.speech.tokens import Token
from sources.suggestions.speech.vocabulary import FEMININE, MASCULINE, PLURAL

_LONGEST = 18
"""Most tokens of a noun phrase."""

_MODIFIERS = 3
"""Most words, articles aside, between the beginning of a phrase and its noun."""


class NounPhrase(NamedTuple):
    """Words of a text that name a speaker: offsets of the whole phrase, and of the name in it if there is one.

    `gender` as in the vocabulary. `is_name`: the words are a person's name; else a role or a body.
    """

    title_start: int
    start: int
    end: int
    gender: str
    is_name: bool
    first_token: int
    last_token: int


class NounPhraseParser(NameReader):
    """Reads noun phrases from the tokens of one text."""

    def parse(self, index: int, limit: int, verb_gender: str = "", *, is_subject: bool = True) -> NounPhrase | None:
        """Return the noun phrase that begins at token `index`, before `limit`; None if there is none.

        A subject is in the nominative and agrees with a verb of `verb_gender`.
        """
        phrase = self._parse(index, limit, verb_gender, is_subject=is_subject)
        if phrase and is_subject and verb_gender == PLURAL and (phrase.is_name or phrase.gender in (MASCULINE, FEMININE)):
            return None
        return phrase

    def _parse(self, index: int, limit: int, verb_gender: str, *, is_subject: bool) -> NounPhrase | None:
        limit = min(limit, index + _LONGEST, len(self.tokens))
        if end := self.end_of_name_with_particles(index, limit):
            return self._name_phrase(index, index, end, "", limit)
        head, has_modifiers = self._skip_modifiers(index, limit, is_subject=is_subject)
        if head >= limit:
            return None
        token = self.tokens[head]
        gender = self.role_gender(token)
        if gender is None and not is_subject and self.title_in_nominative(token):
            gender = ""
        if gender is not None:
            if is_subject and gender == PLURAL and verb_gender in (MASCULINE, FEMININE):
                return None
            return self._role_phrase(index, head, limit, gender or self._gender_of_article(index), verb_gender, is_subject)
        if is_subject and self.tokens[index].folded == "der" and token.folded.endswith(self.vocabulary.dative_nouns or ("\0",)):
            return None
        if self.is_body(token):
            return self._body_phrase(index, head, limit)
        end = self.name_run(head, limit)
        if self._is_owner(head, end, limit):
            return self._role_phrase(index, end, limit, self.role_gender(self.tokens[end]) or "", verb_gender, is_subject)
        if end == head or has_modifiers or (is_subject and self.looks_oblique(head, end, verb_gender)):
            return None
        return self._name_phrase(index, head, end, "", limit) if self.is_credible_name(head, end) else None

    def name_phrase(self, first: int, last: int) -> NounPhrase:
        """Return the phrase of tokens that are known to be a name."""
        return self._name_phrase(first, first, last, "", last)

    def parse_name_before(self, end: int, first: int, verb_gender: str) -> NounPhrase | None:
        """Return the name or role that ends right before token `end`, not before token `first`."""
        start = end
        while start > first and end - start < _LONGEST and not self._separates(self.tokens[start - 1]):
            start -= 1
        for index in range(start, end):
            if index > start and not self._may_begin(index):
                continue
            phrase = self.parse(index, end, verb_gender)
            if phrase and phrase.last_token == end:
                return phrase
        return None

    def _is_owner(self, head: int, end: int, limit: int) -> bool:
        """Return whether a name in the German genitive stands before a role: Fells Sprecher."""
        return (
            self.vocabulary.nouns_are_capitalised
            and head < end < limit
            and self.tokens[end - 1].raw.endswith(("s", "’", "'"))
            and self.role_gender(self.tokens[end]) is not None
        )

    def _skip_modifiers(self, index: int, limit: int, *, is_subject: bool) -> tuple[int, bool]:
        """Return the number of the token after articles and adjectives, and whether there are words other than articles."""
        vocabulary, at, skipped = self.vocabulary, index, 0
        while at < limit and skipped <= _MODIFIERS:
            token = self.tokens[at]
            if token.folded in vocabulary.articles:
                at += 1
                continue
            if (
                not token.is_word
                or self.role_gender(token) is not None
                or self.is_body(token)
                or (not is_subject and self.title_in_nominative(token))
                or token.folded in self.small_words
                or (token.is_capitalised and not self._is_adjective(token))
            ):
                break
            skipped += 1
            at += 1
        return at, skipped > 0

    def _is_adjective(self, token: Token) -> bool:
        """Return whether a capitalised token is an acronym or a place before a role: NATO, United States."""
        return token.raw.isupper() and len(token.raw) > 1

    def _role_phrase(
        self, start: int, head: int, limit: int, gender: str, verb_gender: str, is_subject: bool
    ) -> NounPhrase | None:
        """Return the phrase of a role and whoever holds it, if the text names one."""
        tokens, vocabulary = self.tokens, self.vocabulary
        end_of_role = at = head + 1
        in_complement = False
        while at < limit:
            token = tokens[at]
            if token.raw == ",":
                name = self._name_in_apposition(at + 1, limit)
                return (
                    self._name_phrase(start, at + 1, name, gender, limit)
                    if name
                    else self._phrase_of_role(start, head, end_of_role, gender)
                )
            if token.raw == "." and tokens[at - 1].folded in vocabulary.abbreviations:
                at += 1
                continue
            if (
                not (token.is_word or token.quote >= 0)
                or token.folded in vocabulary.conjunctions
                or token.folded in vocabulary.verbs
                or token.folded in vocabulary.auxiliaries
            ):
                break
            end = self.name_run(at, limit)
            if end > at:
                first = self._first_of_name(at, end, in_complement)
                if first is not None and not (is_subject and self.looks_oblique(first, end, verb_gender)):
                    return self._name_phrase(start, first, end, gender, limit)
                end_of_role = at = end
                continue
            if token.folded in vocabulary.genitive_openers:
                in_complement = True
            elif self.role_gender(token) is not None or token.folded in vocabulary.articles:
                pass
            elif token.folded in vocabulary.prepositions:
                # speaker for the ministry: in these languages the words up to the name belong to the title
                if not vocabulary.inflects_names or token.folded not in ("з", "із", "у", "в", "на", "do", "ds", "z", "w", "na"):
                    break
                if not self._name_follows(at + 1, limit):
                    break
            elif token.folded in vocabulary.fillers | vocabulary.and_words:
                if not self._name_follows(at + 1, limit):
                    break
            elif vocabulary.nouns_are_capitalised and token.raw.islower() and not in_complement:
                break
            elif self._may_complement(token) or self._name_follows(at + 1, limit):
                end_of_role = at + 1
                # de l'Otan Ada Fell: the capitals after the body are the name
                in_complement = in_complement and vocabulary.nouns_are_capitalised and not token.is_capitalised
            else:
                break
            at += 1
        return self._phrase_of_role(start, head, end_of_role, gender)

    def _may_complement(self, token: Token) -> bool:
        """Return whether a token can belong to the role before it."""
        endings = self.vocabulary.complement_endings
        return not endings or token.is_capitalised or token.quote >= 0 or token.folded.endswith(endings)

    def _name_follows(self, index: int, limit: int) -> bool:
        """Return whether a given name with a family name comes before any mark."""
        for at in range(index, min(limit, index + 8)):
            token = self.tokens[at]
            if not token.is_word or token.folded in self.vocabulary.verbs:
                return False
            if self.is_name_word(token) and self.is_given_name(token) and self.is_name_at(at + 1, limit):
                return not self.looks_oblique(at, at + 2)
        return False

    def _body_phrase(self, start: int, head: int, limit: int) -> NounPhrase:
        """Return the phrase of a body with the words of its name: “Міністерство оборони”, “the state television”."""
        tokens, vocabulary, at, end = self.tokens, self.vocabulary, head + 1, head + 1
        while at < limit:
            token = tokens[at]
            if not (token.is_word or token.quote >= 0) or token.folded in vocabulary.conjunctions | vocabulary.verbs.keys():
                break
            if token.folded in vocabulary.genitive_openers:
                at += 1
                continue
            if vocabulary.inflects_names and self.is_given_name(token) and self.is_name_at(at + 1, limit):
                # mówi PAP Jan Wiatrak: the body is the one spoken to.
                return self.name_phrase(at, self.name_run(at, limit))
            if token.folded in self.small_words or token.folded in vocabulary.auxiliaries:
                break
            if (
                vocabulary.nouns_are_capitalised
                and token.raw.islower()
                and not (at + 1 < limit and tokens[at + 1].is_capitalised)
            ):
                # Ministerium für innere Sicherheit, but: Laut Ministerium war der Start ...
                break
            at += 1
            end = at
        return self._phrase(start, start, end, "", is_name=False)

    def _first_of_name(self, at: int, end: int, in_complement: bool) -> int | None:
        """Return where the holder's name begins in capitalised tokens after a role; None if they belong to the title."""
        places = [place for place in range(at, end) if self.tokens[place].is_word]
        if in_complement or not self.vocabulary.inflects_names:
            if not in_complement:
                return at
            # le ministre de l'Intérieur Ada Fell, der Sprecher des Ministeriums Tam Reed
            return places[-2] if len(places) >= 3 and self.is_given_name(self.tokens[places[-2]]) else None
        for index, place in enumerate(places[:-1]):
            if self.is_given_name(self.tokens[place]) and index:
                return place
        if len(places) >= 3 and not self.is_given_name(self.tokens[places[0]]):
            return places[-2]
        if len(places) == 1 and not self._follows_title(at):
            return None
        return at

    def _follows_title(self, at: int) -> bool:
        """Return whether the token before is a role, or an acronym or place that belongs to one: “president of the US Fell”."""
        before = self.tokens[at - 1]
        return self.role_gender(before) is not None or before.raw.isupper() or before.folded in self.vocabulary.places

    def _name_in_apposition(self, index: int, limit: int) -> int:
        """Return the number of the token after a name of two words or more that is set off by commas; 0 if there is none."""
        end = self.name_run(index, limit)
        if end - index < 2 or not (self.is_credible_name(index, end) or self.vocabulary.inflects_names):
            return 0
        closed = end >= len(self.tokens) or self.tokens[end].raw[0] in ",.(:)" or self.tokens[end].is_dash
        return end if closed and not self.looks_oblique(index, end) else 0

    def _gender_of_article(self, index: int) -> str:
        return {"die": FEMININE, "der": MASCULINE, "la": FEMININE, "le": MASCULINE}.get(self.tokens[index].folded, "")

    def _separates(self, token: Token) -> bool:
        return token.quote >= 0 or not (token.is_word or token.raw == ".") or token.folded in self.vocabulary.conjunctions

    def _may_begin(self, index: int) -> bool:
        """Return whether a phrase may begin at a token that follows another word: not within a longer phrase."""
        before, token = self.tokens[index - 1], self.tokens[index]
        if before.folded in self.governing_words:
            return False
        if index > 1 and before.folded in self.vocabulary.articles and self.tokens[index - 2].folded in self.governing_words:
            # An die Ukraine lieferte Kiel: the name after the article is governed, too.
            return False
        return token.is_word and not (self.is_name_word(before) and self.is_name_word(token))

    def _phrase_of_role(self, start: int, head: int, end: int, gender: str) -> NounPhrase:
        return self._phrase(start, start, max(end, head + 1), gender, is_name=False)

    def _name_phrase(self, start: int, first: int, last: int, gender: str, limit: int) -> NounPhrase:
        """Return the phrase of a name; with another one after “and”, both, who are no one person."""
        tokens = self.tokens
        if last + 1 < limit and tokens[last].folded in self.vocabulary.and_words:
            second = self.parse(last + 1, limit)
            if second and second.is_name:
                return self._phrase(start, first, second.last_token, PLURAL, is_name=False)
        genders = {given_name_gender(tokens[first]) or ""} - {""} or self.genders_in_other_cases(tokens[first])
        gender = genders.pop() if len(genders) == 1 else gender
        return self._phrase(start, first, last, gender, is_name=True)

    def _phrase(self, start: int, first: int, last: int, gender: str, is_name: bool) -> NounPhrase:
        tokens = self.tokens
        return NounPhrase(tokens[start].start, tokens[first].start, tokens[last - 1].end, gender, is_name, start, last)
