"""Reader of the quotations of one text, with the people named as speakers on the way."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.sentence_splitting import Span, split_sentences
from sources.suggestions import dates, noun_phrases, quoted_speech, speakers
from sources.suggestions.noun_phrases import SpeakerMention
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speech_verbs import SPEECH_PARTICIPLES, SPEECH_VERB
from sources.suggestions.suggestion import Suggestion

QUOTATION_RULE = "quotations/2"


class PersonLookup(Protocol):
    """What is asked of the register's names."""

    def person_slug(self, words: str) -> str:
        """Slug of the one person so named, or ''."""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is taken to have said something."""

    slug: str = ""
    words: str = ""
    description: str = ""
    score: float = 0.5
    reason: str = "nobody is named as its speaker"
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


_LONGEST = 20_000
"""No sentence is longer than this, nor a quotation that stands alone."""


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
    """One text as it is read from beginning to end, with those who were named as speakers on the way."""

    def __init__(self, text: str, blocks: list[Span], marks: list[QuotedSpan], known: PersonLookup, published_on: str):
        self.text, self.marks, self.known, self.published_on = text, marks, known, published_on
        self.plain = speakers.blank_quotations(text, marks)
        self.sentences = _whole_sentences(text, marks)
        starts = [start for start, _ in blocks]
        self.paragraph_of = [bisect_right(starts, start) for start, _ in self.sentences]
        self.people: set[str] = set()
        self.titled = names_by_title(self.plain)
        self.last: tuple[int, int, Speaker] | None = None
        """Paragraph and sentence in which somebody last spoke, or was spoken of, and who."""

    def iterate_suggestions(self) -> Iterator[Suggestion]:
        groups = self._group_parts()
        if not groups:
            return
        dated = [(one.start, one) for one in dates.find(self.plain, self.published_on)]
        at = 0
        for number, sentence in enumerate(self.sentences):
            inside = []
            while at < len(groups) and groups[at][0].opened < sentence[1]:
                inside.append(groups[at])
                at += 1
            self._remember_subject(number)
            for group in inside:
                yield from self._suggest_group(group, number, dated)
            if not inside:
                self._remember_speaker(number)

    def _group_parts(self) -> list[list[QuotedSpan]]:
        """The quotations, each with its parts: those that a speaker's name splits, and those over several paragraphs."""
        groups: list[list[QuotedSpan]] = []
        for one in self.marks:
            if groups and self._continues_quotation(groups[-1][-1], one):
                groups[-1].append(one)
            else:
                groups.append([one])
        return groups

    def _continues_quotation(self, before: QuotedSpan, one: QuotedSpan) -> bool:
        if before.continues:
            return True
        between = self.plain[before.closed : one.opened]
        return (
            len(between) < 160
            and "\n\n" not in between
            and self._ends_with_comma(before)
            and _SPLIT.fullmatch(between) is not None
            and any(verb["verb"].lower() not in SPEECH_PARTICIPLES for verb in SPEECH_VERB.finditer(between))
        )

    def _ends_with_comma(self, one: QuotedSpan) -> bool:
        """Whether the quotation ends as one does whose speaker is named next."""
        return self.text[one.closed - 2 : one.closed - 1] in (",", "?", "!") or self.text[one.closed : one.closed + 1] == ","

    def _suggest_group(self, group: list[QuotedSpan], number: int, dated: list[tuple[int, Suggestion]]) -> Iterator[Suggestion]:
        found, place = None, number
        for one in group:
            place = self._sentence_number_of(one, place)
            found = speakers.find_speaker(self.plain, one, self.sentences[place], self._ends_with_comma(one))
            if found:
                break
        carried = UNKNOWN_SPEAKER if found else self._previous_speaker(group, number)
        whole = [quoted_speech.is_whole_sentence(self.text, one, found, speaker_carried_on=bool(carried.words)) for one in group]
        if not any(whole) and not quoted_speech.is_spoken_fragment(self.text, group[0], found):
            return
        speaker = self._resolve_speaker(found, place) if found else carried
        if speaker.words or speaker.slug:
            self.last = (self.paragraph_of[self._sentence_number_of(group[-1], place)], place, speaker)
        said_on = self._date_beside_speaker(found, self.sentences[place], dated) if found else ("", "")
        direct = any(whole) or quoted_speech.is_full_clause(self.text, group[0])
        for one in group:
            yield self._build_suggestion(one, direct, speaker, group[0].start if len(group) > 1 else None, said_on)

    def _build_suggestion(
        self, one: QuotedSpan, direct: bool, speaker: Speaker, part_of: int | None, said_on: tuple[str, str]
    ) -> Suggestion:
        end = one.end
        kind = QuoteKind.DIRECT_SPEECH if direct else QuoteKind.FRAGMENT
        if not direct and self.text[end - 1] == "." and self.text[end - 2 : end - 1].islower():
            end -= 1
        reason = f"{kind.label} in quotation marks; {speaker.reason}"
        score = speaker.score
        if one.unclosed:
            score, reason = min(score, 0.4), f"{reason}; the closing mark is missing, its end is a guess"
        return Suggestion(
            SuggestionKind.QUOTATION,
            one.start,
            end,
            self.text[one.start : end],
            QUOTATION_RULE,
            score,
            reason,
            quotation_proposal(kind, speaker, part_of, said_on),
        )

    def _sentence_number_of(self, one: QuotedSpan, number: int) -> int:
        while number + 1 < len(self.sentences) and self.sentences[number][1] <= one.opened:
            number += 1
        return number

    def _resolve_speaker(self, found: SpeakerMention, number: int) -> Speaker:
        words = " ".join(self.text[found.start : found.end].split())
        if found.pronoun:
            return self._resolve_pronoun(words, found, number)
        reason, score = f"“{words}”, {_REASONS[found.rule]}", _SCORES[found.rule]
        person = self._find_person(found)
        if person:
            return replace(person, score=score, reason=reason)
        description = " ".join(self.text[found.title_start : found.end].split())
        return Speaker("", words, description, score, reason, plural=not found.proper)

    def _find_person(self, found: SpeakerMention) -> Speaker | None:
        """The person whom these words name, by name or by a title that one person of the text bears; None if they name none."""
        words, description = (" ".join(self.text[start : found.end].split()) for start in (found.start, found.title_start))
        title = description.lower().removeprefix("the ").replace("-", " ")
        if title in self.titled:
            description = words = self.titled[title]
        elif not found.proper:
            return None
        slug = self._known_person_slug(words)
        if not slug and not _is_person(words, self.people):
            return None
        self.people.update((words, words.split()[-1]))
        return Speaker(slug, words, description, 0.7, "")

    def _known_person_slug(self, words: str) -> str:
        """The known person whose name these words end with: an aide of Fell's is not Fell."""
        for name in (words, words.partition(" of ")[0]):
            own = name.split()
            if "and" in own:
                return ""
            own = own[next((at for at in range(len(own), 0, -1) if own[at - 1][0].islower()), 0) :]
            slug = self.known.person_slug(" ".join(own))
            if slug and slug == self.known.person_slug(" ".join(own[-2:])):
                return slug
        return ""

    def _resolve_pronoun(self, pronoun: str, found: SpeakerMention, number: int) -> Speaker:
        """Whom a pronoun means: the person last named, in the same paragraph or the one before."""
        nobody = Speaker(reason=f"“{pronoun}” may mean several people", score=0.5)
        if pronoun.lower() in ("i", "we"):
            return nobody
        own = speakers.find_speaker_without_quotation(self.plain, (self.sentences[number][0], found.start))
        if own and not own.pronoun and not self._names_other_people(own.end, found.start, ""):
            # Kites will fly, Fell said in what he called “a promise”.
            return replace(self._resolve_speaker(own, number), score=0.8)
        if not self.last:
            return nobody
        paragraph, sentence, speaker = self.last
        if self.paragraph_of[number] - paragraph > 1 or self._names_other_people(
            self.sentences[sentence][1], found.start, speaker.words
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

    def _names_other_people(self, start: int, until: int, speaker: str) -> bool:
        """Whether other people than the speaker are named between the two places."""
        for name in noun_phrases.proper_names_between(self.plain, start, until):
            if name.split()[-1] not in speaker and (self._known_person_slug(name) or _is_person(name, self.people)):
                return True
        return False

    def _previous_speaker(self, group: list[QuotedSpan], number: int) -> Speaker:
        """The speaker of a quotation that stands alone: the one who spoke just before."""
        start, end = self.sentences[number]
        if end - start > _LONGEST or re.sub(rf"[\s{noun_phrases.BLANK}.,]", "", self.plain[start:end]) or not self.last:
            return UNKNOWN_SPEAKER
        paragraph, sentence, speaker = self.last
        if self.paragraph_of[number] - paragraph > 1 or sentence < number - 1:
            return UNKNOWN_SPEAKER
        return replace(speaker, score=0.75, reason=f"stands alone after words of {speaker.words}")

    def _remember_subject(self, number: int) -> None:
        """Remembers the person whom a sentence is about, as pronouns after it mean that person."""
        found = noun_phrases.find_subject(self.plain, self.sentences[number])
        if not found or not self.plain[found.end : self.sentences[number][1]].strip(" .,"):
            # A line that holds only a name is a heading.
            return
        person = self._find_person(found)
        if person:
            self.last = (self.paragraph_of[number], number, person)

    def _remember_speaker(self, number: int) -> None:
        """Remembers who speaks in a sentence without quotation."""
        found = speakers.find_speaker_without_quotation(self.plain, self.sentences[number])
        if found:
            speaker = self._resolve_speaker(found, number)
            if speaker.words:
                self.last = (self.paragraph_of[number], number, speaker)

    def _date_beside_speaker(self, found: SpeakerMention, sentence: Span, dated: list[tuple[int, Suggestion]]) -> tuple[str, str]:
        """The day that stands beside the speaker: Ada Fell said on Monday."""
        first = bisect_left(dated, max(sentence[0], found.title_start - 30), key=lambda one: one[0])
        for start, one in dated[first : first + 4]:
            between = self.plain[min(found.end, one.end) : max(found.title_start, start)]
            if (
                len(between) < 80
                and noun_phrases.BLANK not in between
                and not re.search(r"\b(?:that|who|whose|since)\b|\. ", between)
            ):
                return one.proposal["date"], one.proposal["reasoning"]
        return "", ""


def _whole_sentences(text: str, marks: list[QuotedSpan]) -> list[Span]:
    """The sentences of the article: those that a quotation runs across are one."""
    joined: list[Span] = []
    at = 0
    for start, end in split_sentences(text):
        while at < len(marks) and marks[at].closed <= start:
            at += 1
        if joined and at < len(marks) and marks[at].opened < start:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def names_by_title(plain: str) -> dict[str, str]:
    """The titles that only one person of a text bears, in small letters, with title and name as first written."""
    bearers: dict[str, dict[str, str]] = {}
    for match in _TITLED.finditer(plain):
        title = " ".join(match["title"].lower().replace("-", " ").split())
        bearers.setdefault(title, {}).setdefault(match["name"].split()[-1], " ".join(match.group().split()))
    return {title: next(iter(names.values())) for title, names in bearers.items() if len(names) == 1}


def _is_person(words: str, people: set[str]) -> bool:
    parts = words.split()
    return words in people or (2 <= len(parts) <= 5 and not _BODY.search(words) and all(part[0].isupper() for part in parts))
