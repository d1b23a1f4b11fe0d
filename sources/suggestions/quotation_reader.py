"""Reader of the quotations of one text, which keeps track of the people named as speakers on the way."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.sentence_splitting import Span, split_sentences
from sources.suggestions import dates, noun_phrases, quotation_classification, quotation_speakers
from sources.suggestions.noun_phrases import SpeakerMention
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech_vocabulary import SPEECH_PARTICIPLES, SPEECH_VERB
from sources.suggestions.suggestion import Suggestion

QUOTATION_RULE = "quotations/2"


class PersonLookup(Protocol):
    """Look-up of persons by the register's names."""

    def person_slug(self, words: str) -> str:
        """Return the slug of the one person with this name, or ''."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Presumed speaker of a quotation, with the words that name the person and the reason."""

    slug: str = ""
    words: str = ""
    description: str = ""
    score: float = 0.5
    reason: str = "no speaker is named"
    plural: bool = False


UNKNOWN_SPEAKER = Speaker()


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


_MAX_CHARACTERS = 20_000
"""Longest sentence, and longest quotation that stands alone."""


_TITLED = re.compile(
    r"\b(?P<title>(?:[Vv]ice|[Dd]eputy)[ -][Pp]resident|[Pp]resident|"
    r"(?:[Dd]eputy )?(?:[Pp]rime|[Ff]oreign|[Dd]efen[cs]e|[Ff]inance|[Ii]nterior) [Mm]inister|[Ss]ecretary[ -][Gg]eneral|"
    r"[Cc]hancellor|[Ff]irst [Ll]ady|[Cc]hair(?:wo)?man|[Mm]ayor|[Gg]overnor|[Ss]enator|[Pp]remier|[Aa]mbassador|[Gg]eneral|"
    r"[Aa]dmiral|[Pp]ope|[Kk]ing|[Qq]ueen|[Pp]rincess|[Pp]rince|(?:[A-Z]\w+ )?[Ss]ecretary)\s+"
    r"(?P<name>[A-Z][\w’'-]+(?:\s+[A-Z][\w’'.-]+){0,3})"
)


_WOMAN = re.compile(r"\b(?:spokeswoman|Mrs|Ms|Lady|Queen|chairwoman|congresswoman|actress)\b")


_MAN = re.compile(r"\b(?:spokesman|Mr|Sir|King|chairman|congressman|Pope)\b")


_BODY = re.compile(
    r"\b(?:The|Ministry|Department|Union|House|Office|Agency|Council|Committee|Commission|States|Kingdom|Nations|Party|Group|Army|Navy|"
    r"Force|Forces|Bank|Court|Institute|University|Times|Post|News|Company|Corp|Inc|Ltd|Foundation|Association|Organi[sz]ation|"
    r"Alliance|Parliament|Congress|Senate|Cabinet|Government|Administration|Embassy|Center|Centre|Fund|Service|Street|Republic|City|"
    r"Treaty|Summit|War|Day|North|South|East|West|New|Middle|Pentagon|Kremlin|NATO|EU|UN|U\.S\.|U\.N\.|US|UK|and)\b"
)


_SPLIT = re.compile(rf"(?:[^.!?{noun_phrases.BLANK}]|\b[A-Z]\.|\b(?:Mr|Mrs|Ms|Dr|Gen|Sen|Gov|Lt|Col|Adm|Rep)\.)*,\s*\Z")


def quotation_proposal(
    kind: QuoteKind, speaker: Speaker, part_of: int | None = None, said_on: tuple[str, str] = ("", "")
) -> dict:
    """Return the proposal of a quotation suggestion; `said_on` is a partial date and its reason."""
    return {
        "quote_kind": str(kind),
        "speaker": speaker.slug,
        "speaker_text": speaker.words,
        "attribution": "" if speaker.slug else speaker.description,
        "said_on": said_on[0],
        "said_on_reason": said_on[1],
        "occasion": "",
        "part_of": part_of,
    }


class QuotationReader:
    """Reads one text from beginning to end and remembers who was named as a speaker."""

    def __init__(self, text: str, blocks: list[Span], spans: list[QuotedSpan], known: PersonLookup, published_on: str):
        self.text, self.spans, self.known, self.published_on = text, spans, known, published_on
        self.blanked_text = quotation_speakers.blank_quotations(text, spans)
        self.sentences = _whole_sentences(text, spans)
        starts = [start for start, _ in blocks]
        self.paragraph_of = [bisect_right(starts, start) for start, _ in self.sentences]
        self.people: set[str] = set()
        self.name_by_title = names_by_title(self.blanked_text)
        self.last_speaker: tuple[int, int, Speaker] | None = None
        """Paragraph number, sentence number and person of whoever last spoke or was spoken of."""

    def iterate_suggestions(self) -> Iterator[Suggestion]:
        """Yield the suggestions for all quotations in order of place."""
        groups = self._group_parts()
        if not groups:
            return
        dated_places = [(date.start, date) for date in dates.find_dates(self.blanked_text, self.published_on)]
        group_index = 0
        for number, sentence in enumerate(self.sentences):
            groups_inside = []
            while group_index < len(groups) and groups[group_index][0].opened < sentence[1]:
                groups_inside.append(groups[group_index])
                group_index += 1
            self._remember_subject(number)
            for group in groups_inside:
                yield from self._suggest_group(group, number, dated_places)
            if not groups_inside:
                self._remember_speaker(number)

    def _group_parts(self) -> list[list[QuotedSpan]]:
        """Return the quotations as lists of their parts: split by a speaker's name, or over several paragraphs."""
        groups: list[list[QuotedSpan]] = []
        for quoted in self.spans:
            if groups and self._continues_quotation(groups[-1][-1], quoted):
                groups[-1].append(quoted)
            else:
                groups.append([quoted])
        return groups

    def _continues_quotation(self, previous: QuotedSpan, quoted: QuotedSpan) -> bool:
        if previous.continues:
            return True
        between = self.blanked_text[previous.closed : quoted.opened]
        return (
            len(between) < 160
            and "\n\n" not in between
            and self._ends_with_comma(previous)
            and _SPLIT.fullmatch(between) is not None
            and any(verb["verb"].lower() not in SPEECH_PARTICIPLES for verb in SPEECH_VERB.finditer(between))
        )

    def _ends_with_comma(self, quoted: QuotedSpan) -> bool:
        """Return whether the quotation ends as it does when its speaker is named next."""
        return (
            self.text[quoted.closed - 2 : quoted.closed - 1] in (",", "?", "!")
            or self.text[quoted.closed : quoted.closed + 1] == ","
        )

    def _suggest_group(
        self, group: list[QuotedSpan], sentence_number: int, dated_places: list[tuple[int, Suggestion]]
    ) -> Iterator[Suggestion]:
        mention, place_number = None, sentence_number
        for quoted in group:
            place_number = self._sentence_number_of(quoted, place_number)
            mention = quotation_speakers.find_speaker(
                self.blanked_text, quoted, self.sentences[place_number], self._ends_with_comma(quoted)
            )
            if mention:
                break
        speaker_carried_on = UNKNOWN_SPEAKER if mention else self._previous_speaker(group, sentence_number)
        whole_sentences = [
            quotation_classification.is_whole_sentence(
                self.text, quoted, mention, speaker_carried_on=bool(speaker_carried_on.words)
            )
            for quoted in group
        ]
        if not any(whole_sentences) and not quotation_classification.is_spoken_fragment(self.text, group[0], mention):
            return
        speaker = self._resolve_speaker(mention, place_number) if mention else speaker_carried_on
        if speaker.words or speaker.slug:
            self.last_speaker = (self.paragraph_of[self._sentence_number_of(group[-1], place_number)], place_number, speaker)
        said_on = self._date_beside_speaker(mention, self.sentences[place_number], dated_places) if mention else ("", "")
        is_direct = any(whole_sentences) or quotation_classification.is_full_clause(self.text, group[0])
        for quoted in group:
            yield self._build_suggestion(quoted, is_direct, speaker, group[0].start if len(group) > 1 else None, said_on)

    def _build_suggestion(
        self, quoted: QuotedSpan, is_direct: bool, speaker: Speaker, part_of: int | None, said_on: tuple[str, str]
    ) -> Suggestion:
        end = quoted.end
        kind = QuoteKind.DIRECT_SPEECH if is_direct else QuoteKind.FRAGMENT
        if not is_direct and self.text[end - 1] == "." and self.text[end - 2 : end - 1].islower():
            end -= 1
        reason = f"{kind.label} in quotation marks; {speaker.reason}"
        score = speaker.score
        if quoted.unclosed:
            score, reason = min(score, 0.4), f"{reason}; the closing mark is missing, its end is a guess"
        return Suggestion(
            SuggestionKind.QUOTATION,
            quoted.start,
            end,
            self.text[quoted.start : end],
            QUOTATION_RULE,
            score,
            reason,
            quotation_proposal(kind, speaker, part_of, said_on),
        )

    def _sentence_number_of(self, quoted: QuotedSpan, number: int) -> int:
        while number + 1 < len(self.sentences) and self.sentences[number][1] <= quoted.opened:
            number += 1
        return number

    def _resolve_speaker(self, mention: SpeakerMention, sentence_number: int) -> Speaker:
        words = " ".join(self.text[mention.start : mention.end].split())
        if mention.pronoun:
            return self._resolve_pronoun(words, mention, sentence_number)
        reason, score = f"“{words}”, {_REASONS[mention.rule]}", _SCORES[mention.rule]
        person = self._find_person(mention)
        if person:
            return replace(person, score=score, reason=reason)
        description = " ".join(self.text[mention.title_start : mention.end].split())
        return Speaker("", words, description, score, reason, plural=not mention.proper)

    def _find_person(self, mention: SpeakerMention) -> Speaker | None:
        """Return the person named by these words, by name or by a title that one person in the text bears; None if none."""
        words, description = (" ".join(self.text[start : mention.end].split()) for start in (mention.start, mention.title_start))
        title = description.lower().removeprefix("the ").replace("-", " ")
        if title in self.name_by_title:
            description = words = self.name_by_title[title]
        elif not mention.proper:
            return None
        slug = self._known_person_slug(words)
        if not slug and not _is_person(words, self.people):
            return None
        self.people.update((words, words.split()[-1]))
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

    def _resolve_pronoun(self, pronoun: str, mention: SpeakerMention, sentence_number: int) -> Speaker:
        """Return the person that a pronoun means: the last one named, in the same paragraph or the one before."""
        nobody = Speaker(reason=f"“{pronoun}” may mean several people", score=0.5)
        if pronoun.lower() in ("i", "we"):
            return nobody
        own_subject = quotation_speakers.find_speaker_without_quotation(
            self.blanked_text, (self.sentences[sentence_number][0], mention.start)
        )
        if own_subject and not own_subject.pronoun and not self._names_other_people(own_subject.end, mention.start, ""):
            # Kites will fly, Fell said in what he called “a promise”.
            return replace(self._resolve_speaker(own_subject, sentence_number), score=0.8)
        if not self.last_speaker:
            return nobody
        paragraph, sentence, speaker = self.last_speaker
        if self.paragraph_of[sentence_number] - paragraph > 1 or self._names_other_people(
            self.sentences[sentence][1], mention.start, speaker.words
        ):
            return nobody
        if pronoun.lower() in ("he", "she") and (
            (speaker.plural and speaker.description.endswith("s"))
            or (_WOMAN.search(speaker.description) and pronoun.lower() == "he")
            or (_MAN.search(speaker.description) and pronoun.lower() == "she")
        ):
            return nobody
        if pronoun.lower() in ("they", "it") and speaker.slug:
            return nobody
        return replace(
            speaker, score=min(speaker.score, 0.8), reason=f"“{pronoun}”, taken to mean {speaker.words}, who was named before"
        )

    def _names_other_people(self, start: int, end: int, speaker: str) -> bool:
        """Return whether other people than the speaker are named between the two places."""
        for name in noun_phrases.proper_names_between(self.blanked_text, start, end):
            if name.split()[-1] not in speaker and (self._known_person_slug(name) or _is_person(name, self.people)):
                return True
        return False

    def _previous_speaker(self, group: list[QuotedSpan], sentence_number: int) -> Speaker:
        """Return the speaker of a quotation that stands alone: whoever spoke just before."""
        start, end = self.sentences[sentence_number]
        if (
            end - start > _MAX_CHARACTERS
            or re.sub(rf"[\s{noun_phrases.BLANK}.,]", "", self.blanked_text[start:end])
            or not self.last_speaker
        ):
            return UNKNOWN_SPEAKER
        paragraph, sentence, speaker = self.last_speaker
        if self.paragraph_of[sentence_number] - paragraph > 1 or sentence < sentence_number - 1:
            return UNKNOWN_SPEAKER
        return replace(speaker, score=0.75, reason=f"follows words of {speaker.words}")

    def _remember_subject(self, sentence_number: int) -> None:
        """Remember the person that a sentence is about, whom later pronouns mean."""
        mention = noun_phrases.find_subject(self.blanked_text, self.sentences[sentence_number])
        if not mention or not self.blanked_text[mention.end : self.sentences[sentence_number][1]].strip(" .,"):
            # A line that holds only a name is a heading.
            return
        person = self._find_person(mention)
        if person:
            self.last_speaker = (self.paragraph_of[sentence_number], sentence_number, person)

    def _remember_speaker(self, sentence_number: int) -> None:
        """Remember who speaks in a sentence without quotation."""
        mention = quotation_speakers.find_speaker_without_quotation(self.blanked_text, self.sentences[sentence_number])
        if mention:
            speaker = self._resolve_speaker(mention, sentence_number)
            if speaker.words:
                self.last_speaker = (self.paragraph_of[sentence_number], sentence_number, speaker)

    def _date_beside_speaker(
        self, mention: SpeakerMention, sentence: Span, dated_places: list[tuple[int, Suggestion]]
    ) -> tuple[str, str]:
        """Return the day given beside the speaker (Ada Fell said on Monday) and how it was found."""
        first = bisect_left(dated_places, max(sentence[0], mention.title_start - 30), key=lambda date: date[0])
        for start, date in dated_places[first : first + 4]:
            between = self.blanked_text[min(mention.end, date.end) : max(mention.title_start, start)]
            if (
                len(between) < 80
                and noun_phrases.BLANK not in between
                and not re.search(r"\b(?:that|who|whose|since)\b|\. ", between)
            ):
                return date.proposal["date"], date.proposal["reasoning"]
        return "", ""


def _whole_sentences(text: str, spans: list[QuotedSpan]) -> list[Span]:
    """Return the sentences of the article; those that a quotation runs across are joined."""
    sentences: list[Span] = []
    index = 0
    for start, end in split_sentences(text):
        while index < len(spans) and spans[index].closed <= start:
            index += 1
        if sentences and index < len(spans) and spans[index].opened < start:
            sentences[-1] = (sentences[-1][0], end)
        else:
            sentences.append((start, end))
    return sentences


def names_by_title(blanked_text: str) -> dict[str, str]:
    """Return the titles that only one person in a text bears, in lower case, with title and name as first written."""
    bearers: dict[str, dict[str, str]] = {}
    for match in _TITLED.finditer(blanked_text):
        title = " ".join(match["title"].lower().replace("-", " ").split())
        bearers.setdefault(title, {}).setdefault(match["name"].split()[-1], " ".join(match.group().split()))
    return {title: next(iter(names.values())) for title, names in bearers.items() if len(names) == 1}


def _is_person(words: str, people: set[str]) -> bool:
    parts = words.split()
    return words in people or (2 <= len(parts) <= 5 and not _BODY.search(words) and all(part[0].isupper() for part in parts))
