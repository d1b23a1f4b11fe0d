"""Persons whom names, titles and pronouns of one text mean as speakers.

In doubt nobody is meant: a wrong speaker is worse than none.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sources.sentence_splitting import Span
from sources.suggestions import quotation_speakers, sentence_subjects
from sources.suggestions.known import PersonLookup
from sources.suggestions.named_people import NamedPeople, is_body, names_by_title
from sources.suggestions.speaker import Speaker
from sources.suggestions.speaker_mention import SpeakerMention


class LastSpeaker(NamedTuple):
    """Whoever last spoke or was spoken of, by the numbers of paragraph and sentence.

    `end`: offset from which the naming of somebody else makes a pronoun ambiguous. `said_on`: a day, and how it was found.
    """

    paragraph: int
    sentence: int
    end: int
    speaker: Speaker
    said_on: tuple[str, str] = ("", "")


_SCORES = {
    "after": 0.95,
    "before": 0.9,
    "calling": 0.9,
    "according to": 0.9,
    "passive": 0.85,
    "quoted as saying": 0.9,
    "participle": 0.8,
    "trailing": 0.85,
    "colon": 0.8,
    "signature": 0.8,
}


_REASONS = {
    "after": "named right after it",
    "before": "subject of the verb before it",
    "calling": "subject of the verb before it",
    "according to": "according to",
    "passive": "named after “by”",
    "quoted as saying": "quoted by somebody else",
    "participle": "subject of the sentence",
    "trailing": "named at the end of the sentence",
    "colon": "named before the colon",
    "signature": "named after the dash",
}


_FARTHEST_PRONOUN = 2_000
"""Distance, in characters, from a name to the pronoun that can mean it."""


class SpeakerResolver:
    """Tells whom the words for a speaker mean, and keeps who was `last` named on the way through the text."""

    def __init__(self, blanked_text: str, sentences: list[Span], paragraph_of: list[int], known: PersonLookup):
        self.blanked_text, self.sentences, self.paragraph_of, self.known = blanked_text, sentences, paragraph_of, known
        self.people = NamedPeople(blanked_text)
        self.name_by_title = names_by_title(blanked_text)
        self.last: LastSpeaker | None = None

    def resolve(self, mention: SpeakerMention, sentence_number: int) -> Speaker:
        words = " ".join(self.blanked_text[mention.start : mention.end].split())
        if mention.pronoun:
            return self._resolve_pronoun(words, mention, sentence_number)
        reason, score = f"“{words}”, {_REASONS[mention.rule]}", _SCORES[mention.rule]
        person = self.find_person(mention)
        if person:
            return replace(person, score=score, reason=reason)
        description = " ".join(self.blanked_text[mention.title_start : mention.end].split())
        return Speaker("", words, description, score, reason, plural=not mention.proper)

    def find_person(self, mention: SpeakerMention) -> Speaker | None:
        """Return the person named by these words, by name or by a title that one person in the text bears; None if none."""
        words, description = (
            " ".join(self.blanked_text[start : mention.end].split()) for start in (mention.start, mention.title_start)
        )
        title = description.lower().removeprefix("the ").replace("-", " ")
        if title in self.name_by_title:
            description = words = self.name_by_title[title]
        elif not mention.proper:
            return None
        slug = self._known_person_slug(words)
        if not slug and not self.people.is_person(words):
            return None
        self.people.add_speaker(words)
        return Speaker(slug, words, description, 0.7, "")

    def _known_person_slug(self, words: str) -> str:
        """Return the slug of the known person whose name ends these words; an aide of Fell's is not Fell."""
        for name in (words, words.partition(" of ")[0]):
            name_words = name.split()
            if "and" in name_words:
                return ""
            name_words = name_words[
                next((index for index in range(len(name_words), 0, -1) if name_words[index - 1][0].islower()), 0) :
            ]
            slug = self.known.person_slug(" ".join(name_words))
            if slug and slug == self.known.person_slug(" ".join(name_words[-2:])):
                return slug
        return ""

    def _resolve_pronoun(self, words: str, mention: SpeakerMention, sentence_number: int) -> Speaker:
        """Return the person that a pronoun means: the last one named, in the same paragraph or the one before."""
        pronoun = words.lower()
        nobody = Speaker(reason=f"it is not certain whom “{words}” means", score=0.5)
        if pronoun not in ("he", "she", "they", "it"):
            return nobody
        own_subject = quotation_speakers.find_speaker_without_quotation(
            self.blanked_text, (self.sentences[sentence_number][0], mention.start)
        )
        if own_subject and not own_subject.pronoun and not self._names_other_people(own_subject.end, mention.start, "", pronoun):
            # Kites will fly, Fell said in what he called “a promise”.
            speaker = self.resolve(own_subject, sentence_number)
            return replace(speaker, score=0.8) if self._may_mean(pronoun, speaker) else nobody
        if self.last and self._is_last_speaker_meant(pronoun, mention, sentence_number):
            speaker = self.last.speaker
            reason = f"“{words}”, taken to mean {speaker.words}, who was named before"
            return replace(speaker, score=min(speaker.score, 0.8), reason=reason)
        return self._only_person_named(words, mention, sentence_number) or nobody

    def _is_last_speaker_meant(self, pronoun: str, mention: SpeakerMention, sentence_number: int) -> bool:
        assert self.last
        return (
            mention.start - self.last.end <= _FARTHEST_PRONOUN
            and self.paragraph_of[sentence_number] - self.last.paragraph <= 1
            and self._may_mean(pronoun, self.last.speaker)
            and not self._fits_another_better(pronoun)
            and not self._names_other_people(
                self._ambiguous_from(sentence_number), mention.start, self.last.speaker.words, pronoun
            )
        )

    def _fits_another_better(self, pronoun: str) -> bool:
        """Return whether somebody named just before the last speaker is surely meant by this pronoun, and the speaker is not."""
        assert self.last
        words = self.last.speaker.words
        if pronoun not in ("he", "she") or self.people.is_certainly(pronoun, words, self.last.speaker.description):
            return False
        first = max(0, self.last.sentence - 2)
        while self.paragraph_of[first] != self.paragraph_of[self.last.sentence]:
            first += 1
        start = max(self.sentences[first][0], self.last.end - _FARTHEST_PRONOUN)
        return any(
            name.split()[-1] not in words and self.people.is_certainly(pronoun, name)
            for _, name in self._names_between(start, self.last.end)
        )

    def _only_person_named(self, words: str, mention: SpeakerMention, sentence_number: int) -> Speaker | None:
        """Return the one man, or the one woman, named in full in the sentence before a pronoun; None if there is not just one."""
        pronoun = words.lower()
        number = sentence_number - 1
        if pronoun not in ("he", "she") or number < 0 or self.paragraph_of[number] != self.paragraph_of[sentence_number]:
            return None
        start = self.sentences[number][0]
        if mention.start - start > _FARTHEST_PRONOUN or sentence_subjects.begins_with_description(self.blanked_text, start):
            return None
        meant: dict[str, SpeakerMention] = {}
        for named, name in self._names_between(start, mention.start):
            if " " in name and self.people.is_certainly(pronoun, name):
                meant.setdefault(name.split()[-1], named)
            elif self._may_be_meant(pronoun, named.start, name) and name.split()[-1] not in meant:
                return None
        if len(meant) != 1:
            return None
        person = self.find_person(*meant.values())
        return (
            replace(person, score=0.6, reason=f"“{words}”, taken to mean {person.words}, the only one named") if person else None
        )

    def _ambiguous_from(self, sentence_number: int) -> int:
        """Return the offset from which another name makes a pronoun ambiguous: the subject of its own sentence stays meant."""
        assert self.last
        own_sentence = self.last.sentence == sentence_number
        return self.sentences[sentence_number][1] if own_sentence else self.last.end

    def _may_mean(self, pronoun: str, speaker: Speaker) -> bool:
        if pronoun in ("they", "it"):
            return not speaker.slug and not self.people.is_person(speaker.words)
        if speaker.slug or self.people.is_person(speaker.words):
            return self.people.may_be(pronoun, speaker.words, speaker.description)
        if is_body(speaker.words) or (speaker.plural and speaker.description.endswith("s")):
            return False
        return self.people.may_be(pronoun, speaker.words, speaker.description)

    def _names_other_people(self, start: int, end: int, speaker: str, pronoun: str) -> bool:
        """Return whether others than the speaker, whom the pronoun could mean, are named between the two places."""
        return any(
            name.split()[-1] not in speaker and self._may_be_meant(pronoun, named.start, name)
            for named, name in self._names_between(start, end)
        )

    def _names_between(self, start: int, end: int) -> Iterator[tuple[SpeakerMention, str]]:
        for named in sentence_subjects.proper_names_between(self.blanked_text, start, end):
            yield named, " ".join(self.blanked_text[named.start : named.end].split())

    def _may_be_meant(self, pronoun: str, start: int, name: str) -> bool:
        """Return whether a name at `start` is a person's whom the pronoun can mean."""
        if pronoun in ("he", "she") and not self.people.may_be(pronoun, name):
            return False
        return (
            bool(self._known_person_slug(name))
            or self.people.is_person(name)
            or self.people.may_be_family_name(self.blanked_text, start, name)
        )
