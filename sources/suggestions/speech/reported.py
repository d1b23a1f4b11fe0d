"""Reported speech in the languages that have a vocabulary: sentences that themselves say who said them.

In doubt a sentence is the writer's own: verbs of promising, hoping and judging report no words.
"""

from collections.abc import Iterator

from sources.suggestions import dates
from sources.suggestions.quotation_speakers import blank_quotations
from sources.suggestions.reported_sentence import ReportedSentence
from sources.suggestions.speaker import Speaker
from sources.suggestions.speech.attribution import AttributionFinder
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhrase
from sources.suggestions.speech.reader import SpeechReader
from sources.suggestions.speech.reporting_words import REPORTING_WORDS, ReportingWords
from sources.suggestions.speech.tokens import STOPS, Sentence
from sources.suggestions.speech.verbs import Verb

_LONGEST_SENTENCE = 120
"""Tokens of a sentence above which nobody is looked for in it."""

_LONGEST_SUBJECT = 25
"""Most tokens between a verb of saying and the clause that it opens."""

_LONGEST_SOURCE = 8
"""Most tokens of the words for a source that is no person."""

_LONGEST_CLAUSE_START = 14
"""Most tokens from the beginning of a German clause to the verb whose mood makes it reported speech."""


class ReportedAttributionFinder(AttributionFinder):
    """Finds who is named in a sentence as having said what the rest of it says."""

    @property
    def words(self) -> ReportingWords:
        """The words of the language that tell reported speech from the writer's own."""
        return REPORTING_WORDS[self.vocabulary.language]

    def find_reporter(self, sentence: Sentence) -> Attribution | None:
        """Return the attribution of a sentence without quotation; None if it has none."""
        if sentence.last - sentence.first > _LONGEST_SENTENCE:
            return None
        return self._pointing_back(sentence) or self._beside_its_words(sentence) or self._before_its_clause(sentence)

    def _pointing_back(self, sentence: Sentence) -> Attribution | None:
        """Return the attribution of a sentence that says whose the words before it are: “Das teilte der Minister mit.”"""
        for phrase in self.words.pointing:
            length = self._phrase_length(sentence.first, sentence.last, [phrase])
            verb = self.verb_from(self.skip_fillers(sentence.first + length, sentence.last), sentence) if length else None
            if verb and self._reports(verb) and verb.pronoun is None:
                found = self.subject_after(verb, sentence, "after")
                if found and found.names_somebody:
                    return found._replace(rule="trailing")
        return None

    def _beside_its_words(self, sentence: Sentence) -> Attribution | None:
        """Return the attribution that a comma or dash sets off, or an “according to” that opens the sentence."""
        for at in range(sentence.first, sentence.last):
            before = self.tokens[at - 1] if at > sentence.first else None
            if before and not (before.raw == "," or before.is_dash):
                continue
            source = self._source_in_words(at, sentence)
            if source:
                return source
            tag = self._tag_after_mark(at, sentence) if before else self._tag_that_opens(at, sentence)
            if tag:
                return tag
        return self._before_postposition(sentence)

    def _source_in_words(self, at: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of an “according to” at token `at`, with all the words for a source that is no person."""
        found = self._source_at(at, sentence.last)
        first = at + self._phrase_length(at, sentence.last, self.according)
        if first == at or (
            found and (found.phrase is None or (found.phrase.is_name and not self._goes_on(found.phrase, sentence)))
        ):
            return found
        last = self._end_of_source(first, sentence)
        if last <= (found.phrase.last_token if found and found.phrase else first):
            return found
        start = self.tokens[first].start
        return Attribution("according to", NounPhrase(start, start, self.tokens[last - 1].end, "", False, first, last))

    def _goes_on(self, phrase: NounPhrase, sentence: Sentence) -> bool:
        """Return whether the words taken for a name are an adjective: “за даними Кільського інституту”."""
        following = self.tokens[phrase.last_token] if phrase.last_token < sentence.last else None
        return (
            self.vocabulary.inflects_names
            and following is not None
            and following.raw.islower()
            and following.folded not in self.vocabulary.fillers
        )

    def _end_of_source(self, first: int, sentence: Sentence) -> int:
        """Return the token after the words for a source: up to the comma, or in German to the last noun in a row; else 0."""
        at, last = first, min(sentence.last, first + _LONGEST_SOURCE)
        if self.words.needs_comma_after_source:
            while at < last and self.tokens[at].is_word and not self.verb_at(at, sentence):
                at += 1
            return at if at < last and self.tokens[at].raw == "," else 0
        if not self.vocabulary.nouns_are_capitalised:
            return 0
        while at < last and self.tokens[at].is_word and self.tokens[at].raw.islower() and len(self.tokens[at].raw) < 6:
            at += 1
        while at < last and self.tokens[at].is_word and self.tokens[at].is_capitalised:
            at += 1
        return at if self.tokens[at - 1].is_capitalised else 0

    def _tag_after_mark(self, at: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution at token `at`, after a comma or dash: the verb, and then whoever speaks."""
        if self.tokens[at].folded in self.vocabulary.according_after:
            found = self.phrase_of_subject(at + 1, sentence.last, "")
            return found and self._if_clause_ends(found, sentence)
        start = self._after_openers(at, sentence)
        if start > at and self.tokens[at].folded in self.words.as_openers and (found := self._subject_and_verb(start, sentence)):
            return found
        verb = self.verb_from(start, sentence)
        if not verb or not self._reports(verb):
            return None
        if verb.pronoun is not None:
            return Attribution("trailing", pronoun=verb.pronoun, place=verb.finite)
        found = self.subject_after(verb, sentence, "after")
        if found:
            return self._if_clause_ends(found, sentence)
        if self.vocabulary.drops_pronouns and verb.last + 1 < sentence.last and self.tokens[verb.last + 1].raw[0] in STOPS + ",":
            return Attribution("trailing", pronoun=verb.gender, place=verb.finite)
        return None

    def _tag_that_opens(self, at: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of “As the minister said, ...”."""
        if self.tokens[at].folded not in self.words.as_openers:
            return None
        verb = self.verb_from(self.skip_fillers(at + 1, sentence.last), sentence)
        found = self.subject_after(verb, sentence, "after") if verb and self._reports(verb) else None
        return found and self._if_clause_ends(found, sentence) or self._subject_and_verb(at + 1, sentence)

    def _subject_and_verb(self, at: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of a subject at token `at` with its verb after it, as in “as the minister said”."""
        phrase = self.parser.parse(at, sentence.last)
        verb = self.verb_from(self.skip_fillers(phrase.last_token, sentence.last), sentence) if phrase else None
        return Attribution("trailing", phrase) if verb and self._reports(verb) else None

    def _after_openers(self, at: int, sentence: Sentence) -> int:
        while at < sentence.last and (
            self.tokens[at].folded in self.words.as_openers or self.tokens[at].folded in self.vocabulary.fillers
        ):
            at += 1
        return at

    def _if_clause_ends(self, found: Attribution, sentence: Sentence) -> Attribution | None:
        """Return an attribution after which no object follows: a mark, or the words for a time or place."""
        at = found.phrase.last_token if found.phrase else found.place + 1
        while at < sentence.last and self.tokens[at].folded in self.vocabulary.fillers - self.vocabulary.prepositions:
            at += 1
        token = self.tokens[at] if at < sentence.last else None
        ends = (
            token is None
            or not (token.is_word or token.quote >= 0)
            or token.folded in self.vocabulary.prepositions | self.vocabulary.genitive_openers
            or any(token.folded in particles for particles in self.vocabulary.particle_verbs.values())
        )
        return found._replace(rule="trailing") if ends else None

    def _before_postposition(self, sentence: Sentence) -> Attribution | None:
        """Return the attribution of a source with its word after it: “dem Minister zufolge”."""
        for at in range(sentence.first + 1, sentence.last):
            if self.tokens[at].folded in self.vocabulary.postpositions:
                first = at
                while first > sentence.first and self.tokens[first - 1].is_word and at - first < 8:
                    first -= 1
                for start in range(first, at):
                    found = self.parser.parse(start, at, is_subject=False)
                    if found and found.last_token == at:
                        return Attribution("according to", found)
        return None

    def _before_its_clause(self, sentence: Sentence) -> Attribution | None:
        """Return the subject of the first verb of saying that a clause follows: “The minister said that ...”."""
        for at in range(sentence.first, sentence.last):
            verb = self.verb_at(at, sentence) if self.tokens[at].is_word else None
            if not verb or verb.is_gerund or not self._reports(verb) or self._is_subordinate(verb, sentence):
                continue
            clause = self._clause_of(verb, sentence)
            subject = self.subject_of(verb, clause, sentence, "before") if clause else None
            if subject and subject.names_somebody:
                return subject
        return None

    def _clause_of(self, verb: Verb, sentence: Sentence) -> int:
        """Return the token of the conjunction that opens the clause of a verb of saying; 0 if it has none."""
        last = min(sentence.last, verb.last + _LONGEST_SUBJECT)
        has_object = verb.last + 1 < last and self.tokens[verb.last + 1].folded in self.vocabulary.articles
        for at in range(verb.last + 1, last):
            token = self.tokens[at]
            if token.raw == ":" and at == verb.last + 1 and at + 1 < last:
                return at
            if token.quote >= 0 or token.raw in (":", ";"):
                return 0
            if token.folded in self.words.content_conjunctions:
                if self.words.needs_comma:
                    return at if self.tokens[at - 1].raw == "," else 0
                return 0 if has_object else at
            if token.raw == "," and self._is_in_reporting_mood(at + 1, sentence):
                return at
        return 0

    def _is_in_reporting_mood(self, at: int, sentence: Sentence) -> bool:
        """Return whether a German clause without conjunction at token `at` is reported: “sagte, er habe ...”."""
        for token in self.tokens[at : min(sentence.last, at + _LONGEST_CLAUSE_START)]:
            if token.raw[0] in ",;:.?!" or token.folded in self.vocabulary.conjunctions:
                return False
            if token.folded in self.vocabulary.reporting_moods:
                return True
        return False

    def _is_subordinate(self, verb: Verb, sentence: Sentence) -> bool:
        """Return whether a conjunction or relative pronoun opens the clause of a verb, so that the sentence tells of more."""
        for at in range(verb.finite - 1, sentence.first - 1, -1):
            token = self.tokens[at]
            if token.raw in (",", ":", ";") or token.is_dash:
                return self.tokens[at + 1].folded in self.words.relative_words
            if token.folded in self.vocabulary.conjunctions:
                return token.folded not in self.words.as_openers
        return False

    def _reports(self, verb: Verb) -> bool:
        """Return whether a verb is one of saying, not one of promising or judging."""
        if verb.is_calling:
            return False
        return not any(self.tokens[at].folded.startswith(self.words.other_verbs) for at in (verb.finite, verb.last))


_NOT_CERTAIN = Speaker(reason="it is not certain who is meant")


class ReportedSpeechReader(SpeechReader):
    """Reads one text as the reader of its quotations does, and finds the sentences of reported speech."""

    def iterate_reported_sentences(self) -> Iterator[ReportedSentence]:
        """Yield the sentences of reported speech in order of place."""
        for _ in self.iterate_suggestions():
            # Who is named beside a quotation is a person of the text.
            pass
        self.resolver.last_speaker = None
        blanked = blank_quotations(self.text, self.spans)
        self.dated = [
            (date.start, date.end, str(date.proposal["date"]), str(date.proposal["reasoning"]))
            for date in dates.find_dates(blanked, self.published_on, self.vocabulary.language)
        ]
        finder = ReportedAttributionFinder(self.tokens, self.parser, self.vocabulary)
        for number, sentence in enumerate(self.sentences):
            found = finder.find_reporter(sentence)
            if found:
                speaker = self.resolver.resolve(found, number) if found.phrase else self._person_meant(found, number)
                named_at = found.phrase.title_start if found.phrase else self.tokens[found.place].start
                start, end = self.tokens[sentence.first].start, self.tokens[sentence.last - 1].end
                said_on = self._date_beside(found, sentence)
                yield ReportedSentence(start, end, named_at, found.rule in ("trailing", "after"), speaker, said_on)

    def _person_meant(self, found: Attribution, number: int) -> Speaker:
        """Return whom a pronoun, or a verb without a subject, means, if the text tells that it is a person."""
        speaker = self.resolver.resolve(found, number)
        is_certain = any(person.is_certain and person.words == speaker.words for person in self.people.persons.values())
        return speaker if is_certain else _NOT_CERTAIN
