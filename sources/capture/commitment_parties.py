"""Who commits to what a passage tells, and who benefits, as far as their places beside the verb tell."""

import re
from collections.abc import Iterable, Sequence

from entities.vocabulary import BENEFITING_NATURES, Kind, SuggestionKind
from sources.capture import passage_words
from sources.capture.passage_reading import WordsRead, finite_verb_span, follows_words, is_given_to
from sources.capture.passages import Passage
from sources.suggestions.known import CALENDAR_WORDS
from sources.suggestions.languages import reading_language
from sources.suggestions.mentions import is_name_as_written
from sources.suggestions.name_inflections import INFLECTING_LANGUAGES
from sources.suggestions.suggestion import Suggestion

_LONGEST_SUBJECT_GAP = 40
"""Characters between a subject and its verb, beyond which another word is likely the subject."""


def organisations_named(passage: Passage) -> list[Suggestion]:
    """Return the places of a passage that name organisations: those of the register, and states that it does not have yet."""
    mentions = passage.of_kind(SuggestionKind.MENTION)
    known = [mention for mention in mentions if mention.proposal["entity_kind"] == Kind.ORGANISATION]
    longer = passage.of_kind(SuggestionKind.NAME)
    return [
        party
        for party in sorted([*known, *passage.unknown_states], key=lambda one: one.start)
        if not any(name.start <= party.start and party.end <= name.end for name in longer)
    ]


def parties_of(
    passage: Passage, nature: WordsRead | None, parties: Sequence[Suggestion]
) -> tuple[list[Suggestion], Suggestion | None]:
    """Return who undertakes it and who benefits, as far as their places beside the verb tell."""
    if nature is None:
        return [], None
    verb, verb_end = (passage.start + place for place in finite_verb_span(passage.words, nature, passage.language))
    towards = [party for party in parties if follows_words(passage_words.TOWARDS_WORDS, passage.before(party), passage.language)]
    givers = _subjects_of_verb(passage, parties, verb) or _subject_after_verb(passage, parties, verb)
    after = [party for party in towards if party.start >= verb]
    if not after:
        # Germany will provide Ukraine with tanks, or give Ukraine 40 tanks: who gains follows the verb at once.
        amounts = {amount.start for amount in passage.of_kind(SuggestionKind.AMOUNT)}
        after = [
            party
            for party in parties
            if party.start >= verb
            and (
                re.match(r"\s+with\b", passage.words[party.end - passage.start :])
                or (
                    party.end + 1 in amounts
                    and follows_words(passage_words.GIVING_VERBS, passage.before(party), passage.language)
                )
            )
        ]
    if not after:
        after = [
            party
            for party in parties
            if party.start > verb_end
            and is_given_to(party.exact, passage.words[verb_end - passage.start : party.start - passage.start], passage.language)
        ]
    benefits = nature.meaning in BENEFITING_NATURES and len({party.proposal["entity"] for party in after}) == 1
    return _each_record_once(givers), after[0] if benefits else None


def _subjects_of_verb(passage: Passage, parties: Sequence[Suggestion], verb: int) -> list[Suggestion]:
    """Return the parties right before the verb that begins at `verb`, joined by “and”, unless a preposition precedes them."""
    subjects: list[Suggestion] = []
    before = verb
    for party in reversed([party for party in parties if party.end <= verb]):
        between = passage.words[party.end - passage.start : before - passage.start]
        is_joined = re.fullmatch(r"\s*(?:,|and|і|та|i|oraz|und|et)?\s*(?:the\s+)?", between) if subjects else None
        is_beside = not subjects and len(between) <= _LONGEST_SUBJECT_GAP and not re.search(r"[,;:.“”„»«]", between)
        if not (is_joined or is_beside):
            break
        if _names_somebody_of(passage, party, between):
            return []
        subjects.insert(0, party)
        before = party.start
    return subjects


def _subject_after_verb(passage: Passage, parties: Sequence[Suggestion], verb: int) -> list[Suggestion]:
    """Return the party right after a German verb that stands second: Am Freitag hat Schweden zugesagt. Empty elsewhere."""
    if reading_language(passage.language) != "de":
        return []
    after = next((party for party in parties if party.start > verb), None)
    between = passage.words[verb - passage.start : after.start - passage.start] if after else ""
    is_subject = after and len(between.split()) == 1 and is_name_as_written(after)
    return [after] if after and is_subject else []


def _names_somebody_of(passage: Passage, party: Suggestion, between: str) -> bool:
    """Return whether a party only says whose minister or whose words these are: Norway's prime minister, premier Norwegii.

    `between` is what stands from the party to the verb, or to the next subject.
    """
    language = reading_language(passage.language)
    if follows_words(passage_words.PREPOSITIONS, passage.before(party), language):
        return True
    if language in INFLECTING_LANGUAGES and not is_name_as_written(party):
        return True
    allowed, first = passage_words.AFTER_A_SUBJECT.get(language), re.match(r"\s*(\w+)", between)
    if allowed and first and not re.fullmatch(allowed, first[1], re.IGNORECASE):
        return True
    # US President Joe Biden pledged; the capitals of Friday and July name nobody, and in German every noun has one.
    capitals = {word.casefold() for word in re.findall(r"(?<!\w)[^\W\d_a-zа-я]\w*", between)} if language != "de" else set()
    return bool(re.match(r"['’]s?\s|[-‐‑]", between) or (capitals - CALENDAR_WORDS - {"the"}))


def _each_record_once(mentions: Iterable[Suggestion]) -> list[Suggestion]:
    return list({mention.proposal["entity"]: mention for mention in reversed(list(mentions))}.values())[::-1]
