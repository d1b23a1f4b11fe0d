"""Subjects of verbs of saying, on either side of the verb."""

from sources.suggestions.speech.clauses import ClauseReader
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhrase
from sources.suggestions.speech.tokens import Sentence
from sources.suggestions.speech.verbs import Verb
from sources.suggestions.speech.vocabulary import MASCULINE, PLURAL

_MARKS_AND_SPACE = '«»„”“‟"’‚‘‹› \u00a0\u202f'

LONGEST_NAME = 3
"""Most spaces within marks that hold a name and are followed by its verb."""

LONGEST_ATTRIBUTE = 3
"""Most tokens of an attribute between a German subject and its verb."""

LONGEST_ADVERBIAL = 18
"""Most tokens of time and place, set off by commas, between a verb and its subject."""

MOST_FILLERS = 7
"""Most words that may stand between a verb and its subject, or a quotation and its verb."""


class SubjectFinder(ClauseReader):
    """Finds the subjects of the verbs of saying of one text."""

    def skip_fillers(self, at: int, last: int) -> int:
        """Return the number of the token after adverbs and days from token `at` on; a preposition with another object stays."""
        first = at
        while (
            at < last
            and at - first < MOST_FILLERS
            and (self.tokens[at].folded in self.vocabulary.fillers or self.tokens[at].raw[0].isdigit())
        ):
            at += 1
        while at > first and self.tokens[at - 1].folded in self.vocabulary.prepositions:
            at -= 1
        return at

    def subject_of(self, verb: Verb, limit: int, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the subject of a verb in its sentence, looked for up to token `limit`."""
        if verb.pronoun is not None:
            return Attribution(rule, pronoun=verb.pronoun, place=verb.finite)
        if verb.is_gerund:
            return self.subject_of_sentence(verb.first, sentence, rule) or self.subject_after_clause(verb, sentence, rule)
        return (
            self._subject_before(verb, sentence, rule)
            or self.subject_after(verb, sentence._replace(last=limit), rule)
            or self._dropped_subject(verb, sentence, rule)
            or self._shared_subject(verb, sentence, rule)
        )

    def _subject_before(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        tokens, vocabulary = self.tokens, self.vocabulary
        at = verb.finite
        while (
            at > sentence.first
            and verb.finite - at < MOST_FILLERS
            and (tokens[at - 1].folded in vocabulary.fillers or tokens[at - 1].raw[0].isdigit())
        ):
            at -= 1
        for end in dict.fromkeys((at, verb.finite)):
            end = self._before_brackets(end, sentence.first)
            if end <= sentence.first:
                continue
            before = tokens[end - 1]
            if before.folded in vocabulary.pronouns and not self.is_article(end - 1):
                return Attribution(rule, pronoun=self._gender_of_pronoun(end - 1, verb.gender), place=end - 1)
            if before.folded in vocabulary.relative_pronouns:
                end -= 2 if end - 2 > sentence.first and tokens[end - 2].raw == "," else 1
                found = self.parser.parse_name_before(end, sentence.first, verb.gender)
                if (
                    found
                    and not found.is_name
                    and found.first_token > sentence.first
                    and tokens[found.first_token - 1].raw == ","
                ):
                    # Ada Fell, professor in Paris, who adds
                    found = self.parser.parse_name_before(found.first_token - 1, sentence.first, verb.gender) or found
                return Attribution(rule, found) if found else None
            found = self.parser.parse_name_before(end, sentence.first, verb.gender)
            if found:
                return Attribution(rule, self._name_before_bare_role(found, verb, sentence) or found)
            if (named := self._name_in_marks(end - 1, end)) and self._opens_with(end - 1, sentence.first):
                return Attribution(rule, named)
            if before.raw == ",":
                found = self._subject_before_apposition(end - 1, verb, sentence)
                if found:
                    return Attribution(rule, found)
        return self._subject_at_clause_start(verb, sentence, rule)

    def _name_before_bare_role(self, role: NounPhrase, verb: Verb, sentence: Sentence) -> NounPhrase | None:
        """Return the name to which a role without an article is an apposition: Luc Vent, vice-président du parc a dit."""
        comma = role.first_token - 1
        if role.is_name or not self.vocabulary.articles or comma <= sentence.first or self.tokens[comma].raw != ",":
            return None
        if self.is_article(role.first_token):
            return None
        name = self.parser.parse_name_before(comma, sentence.first, verb.gender)
        return name if name and name.is_name else None

    def _opens_with(self, at: int, first: int) -> bool:
        """Return whether a name in marks opens its clause, but for an article or noun before it: The paper “Wind” wrote."""
        vocabulary = self.vocabulary
        while at > first and (
            self.tokens[at - 1].folded in vocabulary.articles
            or self.tokens[at - 1].folded in vocabulary.terms
            or self.parser.is_body(self.tokens[at - 1])
        ):
            at -= 1
        if at == first or (vocabulary.inflects_names and at - 1 == first):
            return at == first or self.tokens[first].folded not in self.parser.small_words
        return self.opens_clause(at - 1)

    def _name_in_marks(self, at: int, last: int) -> NounPhrase | None:
        """Return the phrase of a name in quotation marks, with its article, at token `at`: “The Wind” wrote."""
        start = at
        while at < last and self.tokens[at].folded in self.vocabulary.articles:
            at += 1
        if at >= last or self.tokens[at].quote < 0 or self.tokens[at].raw.count(" ") > LONGEST_NAME:
            return None
        token = self.tokens[at]
        name = token.raw.strip(_MARKS_AND_SPACE)
        if not name or not name[0].isupper() or name[-1] in ".!?…":
            return None
        first = token.start + token.raw.index(name)
        return NounPhrase(first, first, first + len(name), "", False, start, at + 1)

    def _before_brackets(self, end: int, first: int) -> int:
        """Return the number of the token before words in brackets that end at token `end`, or `end`."""
        if end > first and self.tokens[end - 1].raw == ")":
            for at in range(end - 2, max(first, end - 10), -1):
                if self.tokens[at].raw == "(":
                    return at
        return end

    def _gender_of_pronoun(self, at: int, verb_gender: str) -> str:
        """Return the gender that a pronoun tells; PLURAL where its verb is plural (German “sie”)."""
        return PLURAL if verb_gender == PLURAL else self.vocabulary.pronouns[self.tokens[at].folded]

    def _subject_before_apposition(self, comma: int, verb: Verb, sentence: Sentence) -> NounPhrase | None:
        """Return the name before an apposition: Ada Fell, the minister of kites, said."""
        for at in range(comma - 1, max(sentence.first, comma - 20), -1):
            token = self.tokens[at]
            if token.quote >= 0 or token.raw in (":", ";"):
                return None
            if token.raw == ",":
                found = self.parser.parse_name_before(at, sentence.first, verb.gender)
                if found and not found.is_name and comma - at > 2 and self.parser.name_run(at + 1, comma) == comma:
                    # The spokesman of the house, Ada Fell, said.
                    name = self.parser.name_phrase(at + 1, comma)
                    return name._replace(title_start=found.title_start, first_token=found.first_token)
                return found
        return None

    def _subject_at_clause_start(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the name that opens the clause, with more words between it and the verb: Ada Fell in Paris said."""
        first = verb.finite
        while first > sentence.first and not self.opens_clause(first - 1):
            first -= 1
        if first == verb.finite:
            return None
        pronoun = self.vocabulary.pronouns.get(self.tokens[first].folded)
        if pronoun is not None and not self.is_article(first):
            return Attribution(rule, pronoun=self._gender_of_pronoun(first, verb.gender), place=first)
        body = self._body_in_place(first, verb.finite, verb)
        if body and body.last_token == verb.finite:
            return Attribution(rule, body)
        found = self.parser.parse(first, verb.finite, verb.gender)
        if not found or found.last_token >= verb.finite:
            return None
        following = self.tokens[found.last_token]
        if self.vocabulary.nouns_are_capitalised:
            # Die Regierung in Kiel verurteilte: the verb is the second part of the sentence.
            is_attribute = (
                following.folded in self.vocabulary.prepositions and verb.finite - found.last_token <= LONGEST_ATTRIBUTE
            )
            return Attribution(rule, found) if first == sentence.first and is_attribute else None
        is_open = following.folded in self.vocabulary.prepositions | self.vocabulary.fillers | self.vocabulary.auxiliaries.keys()
        return Attribution(rule, found) if is_open and (found.is_name or self.vocabulary.inflects_names) else None

    def subject_after(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the subject that stands after a verb, or the body at which people say something."""
        body = self._body_in_place(verb.last + 1, sentence.last, verb)
        if body:
            return Attribution(rule, body)
        return self.phrase_of_subject(
            (verb.last if verb.finite == verb.last or not self.vocabulary.nouns_are_capitalised else verb.finite) + 1,
            sentence.last,
            verb.gender,
            rule,
        )

    def phrase_of_subject(self, at: int, last: int, verb_gender: str, rule: str = "after") -> Attribution | None:
        """Return the subject after a verb, from token `at` on; time and place may come before it."""
        tokens, vocabulary = self.tokens, self.vocabulary
        at = self.skip_fillers(at, last)
        if at >= last:
            return None
        if tokens[at].raw in (",", ":", ";") or tokens[at].is_dash:
            return self._subject_after_commas(at, last, verb_gender, rule) if tokens[at].raw == "," else None
        pronoun = vocabulary.pronouns.get(tokens[at].folded)
        if pronoun is not None and not tokens[at].is_capitalised:
            return Attribution(rule, pronoun=self._gender_of_pronoun(at, verb_gender), place=at)
        # powiedział Fiala: a name in -a right after the verb of a man is his.
        is_one_word = verb_gender == MASCULINE and self.parser.name_run(at, last) == at + 1
        found = self.parser.parse(at, last, "" if is_one_word else verb_gender) or self._name_in_marks(at, last)
        if found:
            return Attribution(rule, found)
        for place in range(at + 1, min(last, at + 10)):
            token = tokens[place]
            if token.raw in (",", ":", ";", ".") or token.folded in vocabulary.conjunctions:
                return None
            if token.quote >= 0:
                if token.raw.count(" ") > LONGEST_NAME:
                    return None
                continue
            before = tokens[place - 1]
            if (
                before.folded in self.parser.governing_words
                or before.folded in vocabulary.and_words
                or (before.folded in vocabulary.articles and tokens[place - 2].folded in vocabulary.prepositions)
            ):
                continue
            opens_role = self.parser.role_gender(token) is not None or (
                token.folded in vocabulary.articles
                and place + 1 < last
                and self.parser.role_gender(tokens[place + 1]) is not None
            )
            if opens_role and not (before.is_word and self.parser.role_gender(before) is not None):
                found = self.parser.parse(place, last, verb_gender)
                if found and (found.is_name or vocabulary.inflects_names or rule == "after"):
                    return Attribution(rule, found)
            elif vocabulary.inflects_names and self.parser.is_body(token):
                return Attribution(rule, self.parser.parse(place, last, verb_gender))
            elif self.parser.is_given_name(token) and self.parser.name_run(place, last) - place > 1:
                found = self.parser.parse(place, last, verb_gender)
                return Attribution(rule, found) if found else None
        return None

    def _subject_after_commas(self, comma: int, last: int, verb_gender: str, rule: str) -> Attribution | None:
        """Return the role and name after words set off by commas: confirme, dimanche, à Paris, le ministre Luc Vent."""
        for at in range(comma + 1, min(last, comma + LONGEST_ADVERBIAL)):
            if self.tokens[at].quote >= 0 or self.tokens[at].folded in self.vocabulary.conjunctions:
                return None
            if self.tokens[at - 1].raw == ",":
                found = self.parser.parse(at, last, verb_gender)
                if found and at > comma + 1 and self.tokens[at].folded in self.vocabulary.articles:
                    return Attribution(rule, found)
        return None

    def _dropped_subject(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the person last spoken of, where a language leaves out pronouns and nothing else can be the subject."""
        vocabulary = self.vocabulary
        if not vocabulary.drops_pronouns or verb.gender == PLURAL or not self.names_nobody(verb.last + 1, sentence.last):
            return None
        if verb.finite - sentence.first > MOST_FILLERS:
            return None
        for at in range(sentence.first, verb.finite):
            token = self.tokens[at]
            if not (token.folded in self.parser.small_words or token.raw == ","):
                return None
        return Attribution(rule, pronoun=verb.gender, place=verb.finite)

    def _shared_subject(self, verb: Verb, sentence: Sentence, rule: str) -> Attribution | None:
        """Return the subject that a verb after “and” shares with the one before: Ada Fell praised it and called it “new”."""
        at = verb.first
        while at > sentence.first and self.tokens[at - 1].folded in self.vocabulary.fillers:
            at -= 1
        is_second = at > sentence.first + 1 and self.tokens[at - 1].folded in self.vocabulary.and_words
        return self.subject_of_sentence(at - 1, sentence, rule) if is_second else None

    def _body_in_place(self, first: int, last: int, verb: Verb) -> NounPhrase | None:
        """Return the body “at” which people say something, where a plural verb without a subject means its people."""
        if verb.gender != PLURAL or not self.vocabulary.inflects_names or first >= last:
            return None
        if self.tokens[first].folded not in self.vocabulary.prepositions:
            return None
        found = self.parser.parse(first + 1, last, is_subject=False)
        return found if found and not found.is_name else None
