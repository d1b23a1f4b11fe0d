"""Attribution of a quotation: which words of its sentence say whose words they are.

In doubt nobody is named: a wrong speaker is worse than none.
"""

from sources.suggestions.speech.clauses import FARTHEST
from sources.suggestions.speech.named_speaker import Attribution
from sources.suggestions.speech.noun_phrases import NounPhraseParser
from sources.suggestions.speech.subjects import LONGEST_NAME, MOST_FILLERS, SubjectFinder
from sources.suggestions.speech.tokens import Sentence, Token, split_phrase
from sources.suggestions.speech.verbs import Verb
from sources.suggestions.speech.vocabulary import PLURAL, SpeechVocabulary


def _ends_with_comma(quotation: str) -> bool:
    """Return whether the last character within the marks is the comma of the article's sentence."""
    return quotation[:-1].rstrip(" \u00a0\u202f")[-1:] == ","


class AttributionFinder(SubjectFinder):
    """Finds the attributions of the quotations of one text."""

    def __init__(self, tokens: list[Token], parser: NounPhraseParser, vocabulary: SpeechVocabulary):
        super().__init__(tokens, parser, vocabulary)
        self.according = [split_phrase(phrase, vocabulary) for phrase in vocabulary.according]
        self.impersonal = [split_phrase(phrase, vocabulary) for phrase in vocabulary.impersonal]
        self.own_words = [(split_phrase(phrase, vocabulary), gender) for phrase, gender in vocabulary.own_words.items()]
        skippable = vocabulary.fillers | vocabulary.tag_openers
        self._skippable = skippable

    def find(self, quote: int, last_quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of the quotation at token `quote`; the last one of its row is at `last_quote`."""
        has_colon = quote > sentence.first and self.tokens[quote - 1].raw == ":"
        if has_colon and (before := self._before(quote, sentence)):
            return before._replace(rule="colon" if before.names_somebody else "after")
        after = self._after(last_quote, sentence)
        if after and after.names_somebody:
            return after
        before = (
            self._by_verb_around(quote, last_quote, sentence)
            or self._before(quote, sentence)
            or self._source_before(quote, sentence)
            or self._at_end_of_sentence(last_quote, sentence)
        )
        if before and before.names_somebody:
            return before._replace(rule="colon") if has_colon else before
        if has_colon:
            return self._sole_person_before(quote, sentence) or Attribution("colon")
        return before or after or self._label_before(quote, sentence)

    def _after(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution right after a quotation: “...”, said Ada Fell."""
        tokens, at = self.tokens, quote + 1
        has_mark = False
        while at < sentence.last and (tokens[at].raw in (",", ")", "*") or tokens[at].is_dash or tokens[at].raw[0] in ".!?…"):
            has_mark = True
            at += 1
        # «Kite Works» repeats its pledge: a short name is the subject, not what is said.
        has_mark = has_mark or _ends_with_comma(tokens[quote].raw) or tokens[quote].raw.count(" ") > LONGEST_NAME
        return self.tag_at(at, sentence, has_mark=has_mark)

    def _by_verb_around(self, quote: int, last_quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution by a German verb that ends right after the quotation: hat das „kühn“ genannt."""
        if not self.vocabulary.nouns_are_capitalised:
            return None
        for at in range(last_quote + 1, min(last_quote + 3, sentence.last)):
            verb = self.verb_at(at, sentence) if self.tokens[at].is_word else None
            if verb and verb.finite == verb.last == last_quote + 1 and self._ends_clause(at, sentence):
                # den Otto Drachen als „kühn“ abkanzelte
                return self._sole_person_in_clause(quote, sentence)
            if verb and verb.first < quote:
                subject = self.subject_of(verb, quote, sentence, "calling" if verb.is_calling else "before")
                return subject and subject._replace(is_calling=verb.is_calling)
        return None

    def _ends_clause(self, at: int, sentence: Sentence) -> bool:
        return at + 1 >= sentence.last or self.tokens[at + 1].raw[0] in ",.;:!?…"

    def _sole_person_in_clause(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the only person named in the clause before a quotation that its verb follows."""
        first = quote
        while first > sentence.first and self.tokens[first - 1].raw not in (",", ":", ";"):
            first -= 1
        people = self.people_between(first, quote, nominative=True)
        return Attribution("calling", people[0], is_calling=True) if first > sentence.first and len(people) == 1 else None

    def _at_end_of_sentence(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution at the end of a sentence that holds a quotation: It will be “a start”, said Ada Fell."""
        for at in range(quote + 2, min(sentence.last, quote + FARTHEST)):
            if self.tokens[at].quote >= 0:
                return None
            if self.tokens[at - 1].raw == "," or self.tokens[at - 1].is_dash:
                verb = self.verb_from(at, sentence)
                found = self.subject_after(verb, sentence, "after") if verb and not verb.is_gerund else None
                source = found or self._source_at(at, sentence.last)
                if source and source.phrase:
                    return source._replace(rule="trailing")
        return None

    def tag_at(self, at: int, sentence: Sentence, *, has_mark: bool) -> Attribution | None:
        """Return the attribution that begins at token `at`, right after a quotation and, if `has_mark`, a comma or dash."""
        tokens, vocabulary, last = self.tokens, self.vocabulary, sentence.last
        if at >= last or tokens[at].quote >= 0:
            return None
        if has_mark and tokens[at].folded in vocabulary.according_after:
            phrase = self.phrase_of_subject(at + 1, last, "")
            if phrase:
                return phrase
        source = self._source_at(at, last)
        if source:
            return source
        first = at
        while (
            at < last
            and at - first < MOST_FILLERS
            and (tokens[at].folded in self._skippable or self._is_adverb_of_verb(at, sentence))
            and not self.verb_at(at, sentence)
        ):
            at += 1
        if at < last and (impersonal := self._phrase_length(at, last, self.impersonal)):
            return Attribution("after", place=at + impersonal)
        verb = self.verb_from(at, sentence)
        if verb and not verb.is_gerund:
            if not has_mark:
                return None
            if verb.pronoun is not None:
                return Attribution("after", pronoun=verb.pronoun, place=verb.finite)
            found = self.subject_after(verb, sentence, "after")
            if found:
                return found
            if vocabulary.drops_pronouns and verb.gender != PLURAL and self.names_nobody(verb.last + 1, last):
                return Attribution("after", pronoun=verb.gender, place=verb.finite)
            return Attribution("after", place=verb.finite)
        if at < last and tokens[at].folded in vocabulary.pronouns:
            verb = self.verb_from(self.skip_fillers(at + 1, last), sentence)
            return Attribution("after", pronoun=vocabulary.pronouns[tokens[at].folded], place=at) if verb else None
        phrase_found = self.parser.parse(at, last)
        if phrase_found:
            following = self.skip_fillers(phrase_found.last_token, last)
            verb = self.verb_from(following, sentence)
            if verb and not verb.is_gerund:
                return Attribution("after", phrase_found, is_calling=verb.is_calling)
        return None

    def _is_adverb_of_verb(self, at: int, sentence: Sentence) -> bool:
        """Return whether a word may be an adverb right before a verb of saying: – слушно зауважив."""
        endings, token = self.vocabulary.adverb_endings, self.tokens[at]
        if not endings or not token.raw.islower() or not token.folded.endswith(endings) or token.folded in self.vocabulary.roles:
            return False
        return self.verb_from(at + 1, sentence) is not None

    def _phrase_length(self, at: int, last: int, phrases: list[tuple[str, ...]]) -> int:
        """Return the number of tokens of the longest phrase at token `at`; 0 if there is none."""
        for phrase in phrases:
            if at + len(phrase) <= last and all(self.tokens[at + offset].folded == word for offset, word in enumerate(phrase)):
                return len(phrase)
        return 0

    def _source_at(self, at: int, last: int) -> Attribution | None:
        """Return the attribution of “according to Ada Fell” or “in her words” at token `at`."""
        for phrase, gender in self.own_words:
            if self._phrase_length(at, last, [phrase]):
                return Attribution("according to", pronoun=gender, place=at)
        length = self._phrase_length(at, last, self.according)
        if not length:
            return None
        start = at + length
        while start < last and self.tokens[start].folded in self.vocabulary.genitive_openers:
            start += 1
        found = self.parser.parse(start, last, is_subject=False)
        return Attribution("according to", found) if found else None

    def opens_with_own_words(self, sentence: Sentence) -> bool:
        """Return whether a sentence opens with “in his words” or the like."""
        phrases = [phrase for phrase, _ in self.own_words]
        return self._phrase_length(sentence.first, sentence.last, phrases) > 0

    def _own_words_ending_at(self, at: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of a phrase such as “ihm zufolge” whose last token is `at`."""
        for phrase, gender in self.own_words:
            start = at + 1 - len(phrase)
            if start >= sentence.first and self._phrase_length(start, at + 1, [phrase]):
                return Attribution("according to", pronoun=gender, place=start)
        return None

    def _source_before(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution of the last “according to” before a quotation in its sentence."""
        for at in range(sentence.first, min(quote, sentence.first + 2)):
            if self.tokens[at].folded in self.vocabulary.according_first:
                found = self.parser.parse(at + 1, quote, is_subject=False)
                if found and self.tokens[found.last_token].raw == ",":
                    return Attribution("according to", found)
        for at in range(quote - 1, max(sentence.first, quote - FARTHEST) - 1, -1):
            if self.tokens[at].folded in self.vocabulary.postpositions:
                if own := self._own_words_ending_at(at, sentence):
                    return own
                found = self.parser.parse_name_before(at, sentence.first, "")
                return Attribution("according to", found) if found else None
            source = self._source_at(at, quote)
            if source:
                return source
        return None

    def speaker_in(self, sentence: Sentence) -> Attribution | None:
        """Return who speaks in a sentence without a quotation: the subject of its last verb of saying."""
        for at in range(sentence.last - 1, max(sentence.first, sentence.last - FARTHEST) - 1, -1):
            if self.tokens[at].quote >= 0:
                if self._name_in_marks(at, at + 1):
                    continue
                return None
            verb = self.verb_at(at, sentence)
            if verb and not verb.is_gerund and self._says(verb, sentence.last):
                subject = self.subject_of(verb, sentence.last, sentence, "before")
                return subject if subject and subject.names_somebody else None
        return None

    def _before(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the attribution by the last verb of saying before a quotation in its sentence."""
        for at in range(quote - 1, max(sentence.first, quote - FARTHEST) - 1, -1):
            if self.tokens[at].quote >= 0 and self.people_between(at + 1, quote, nominative=True):
                # Fell called it “good”, and Vane “bad”.
                return None
            if self.tokens[at].quote < 0 and self._phrase_length(at, quote, self.impersonal):
                return Attribution("impersonal", place=at)
            if agent := self._agent_at(at, quote):
                return agent
            verb = self.verb_at(at, sentence)
            if not verb or verb.finite < sentence.first or not self._says(verb, quote):
                continue
            subject = self.subject_of(verb, quote, sentence, "calling" if verb.is_calling else "before")
            return (subject or Attribution("impersonal", place=at))._replace(is_calling=verb.is_calling)
        return None

    def _says(self, verb: Verb, quote: int) -> bool:
        """Return whether a verb before a quotation means saying, and not handing something over."""
        words = {self.tokens[verb.finite].folded, self.tokens[verb.last].folded}
        if not words & self.vocabulary.handing_verbs or verb.last + 1 == quote:
            return True
        between = self.tokens[verb.last + 1 : quote]
        return any(token.raw == ":" or token.folded in self.vocabulary.conjunctions for token in between)

    def _agent_at(self, at: int, last: int) -> Attribution | None:
        """Return whoever is the agent of the participle at token `at`: un texte écrit par Ada Fell."""
        vocabulary = self.vocabulary
        if at + 1 >= last or self.tokens[at + 1].folded not in vocabulary.agent_prepositions:
            return None
        if self.tokens[at].folded not in vocabulary.participles | vocabulary.calling_participles:
            return None
        found = self.parser.parse(at + 2, last, is_subject=False)
        return Attribution("before", found) if found else None

    def _sole_person_before(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the only person named before a colon: Ada Fell was blunt: “...”."""
        people = self.people_between(max(sentence.first, quote - FARTHEST), quote, nominative=True)
        if len(people) == 1:
            return Attribution("colon", people[0])
        if people:
            return None
        label = self.parser.parse(sentence.first, quote)
        return Attribution("colon", label) if label and label.last_token == quote - 1 else None

    def _label_before(self, quote: int, sentence: Sentence) -> Attribution | None:
        """Return the name before a colon that opens the sentence: Fell: we will “build on it”."""
        for at in range(sentence.first, min(quote, sentence.first + 6)):
            if self.tokens[at].raw == ":":
                label = self.parser.parse(sentence.first, at)
                return Attribution("before", label) if label and label.is_name and label.last_token == at else None
        return None
