"""Quotations in a text and their speakers: words in quotation marks, and the turns of transcripts.

Quotation marks are also used for titles, names and distanced terms. What is not a whole sentence is therefore only proposed where
the text says who said it.
"""

import re

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.sentence_splitting import Span, split_lines_or_unwrapped_paragraphs
from sources.suggestions import quotation_classification, quotation_speakers
from sources.suggestions.known import PersonLookup
from sources.suggestions.named_people import speakers_by_title
from sources.suggestions.quotation_marks import QuotedSpan, find_quoted_spans
from sources.suggestions.quotation_reader import QuotationReader, quotation_proposal
from sources.suggestions.reported_sentence import ReportedSentence
from sources.suggestions.reported_speech import ReportedSpeechReader
from sources.suggestions.speaker import Speaker
from sources.suggestions.speech.finder import find_quoted_sentences, find_reported, find_speech
from sources.suggestions.speech.vocabularies import VOCABULARIES
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.transcript_turns import BRACKETED_TEXT, TranscriptTurn, find_turns, is_question_label

TURN_RULE = "turns/3"


_OFFICE = re.compile(
    r"\b(?:president|minister|secretary|chancellor|spokes(?:man|woman|person)|ambassador|chair\w*|director|governor|mayor|senator|"
    r"general|admiral|commissioner|representative|adviser|advisor|anchor|host|correspondent|moderator)\b",
    re.IGNORECASE,
)
_OF_A_BODY = re.compile(r"(?:[Tt]he |THE )?(?:(?:NATO|EU|UN|US|UK) )?")
"""Words that a label may have before a title: THE PRESIDENT, NATO Secretary General."""


def find_quotations(text: str, known: PersonLookup, published_on: str = "", language: str = "en") -> list[Suggestion]:
    """Return the quotations in `text`, in order, each with its speaker where the text leaves no doubt.

    `published_on`, a partial date, is the day from which weekdays are counted; `language` one of `READ_LANGUAGES`, or '' for
    a text of which only the marks are read.
    """
    if not language:
        return find_quoted_sentences(text)
    if language in VOCABULARIES:
        return find_speech(text, known, published_on, language)
    blocks = split_lines_or_unwrapped_paragraphs(text)
    turns = find_turns(text, blocks)
    spans = _spans_outside_turns(text, blocks, turns)
    heading = text[: turns[0].label_start] if turns else ""
    name_by_title = speakers_by_title(heading, [turn.label for turn in turns])
    suggestions = [_turn_suggestion(text, turn, known, name_by_title) for turn in turns]
    suggestions += QuotationReader(text, blocks, spans, known, published_on).iterate_suggestions()
    return sorted(suggestions, key=lambda span: span.start)


def find_reported_sentences(text: str, known: PersonLookup, published_on: str, language: str) -> list[ReportedSentence]:
    """Return the sentences of `text` that themselves say who said them, in order; arguments as for `find_quotations`."""
    if not language:
        return []
    if language in VOCABULARIES:
        return find_reported(text, known, published_on, language)
    blocks = split_lines_or_unwrapped_paragraphs(text)
    spans = _spans_outside_turns(text, blocks, find_turns(text, blocks))
    return ReportedSpeechReader(text, blocks, spans, known, published_on).find_reported_sentences()


def _spans_outside_turns(text: str, blocks: list[Span], turns: list[TranscriptTurn]) -> list[QuotedSpan]:
    """Return the words in quotation marks that are not within a turn of a transcript, without names and terms."""
    remaining_turns = iter(turns)
    turn = next(remaining_turns, None)
    spans = []
    for span in find_quoted_spans(text, blocks):
        while turn and turn.end <= span.start:
            turn = next(remaining_turns, None)
        if (not turn or span.start < turn.label_start) and not quotation_classification.is_name_or_term(text, span):
            spans.append(quotation_speakers.end_quotation_at_speaker(text, span) if span.unclosed else span)
    return spans


def _turn_suggestion(text: str, turn: TranscriptTurn, known: PersonLookup, name_by_title: dict[str, str]) -> Suggestion:
    if is_question_label(turn.label):
        speaker = Speaker(words=turn.label, description="questioner" if turn.label[0].upper() == "Q" else turn.label)
    else:
        name = _name_in_label(turn.label)
        title = _OF_A_BODY.sub("", name, count=1).lower().replace("-", " ")
        full_name = name_by_title.get(title) or (name.title() if name.isupper() else name)
        speaker = Speaker(known.person_slug(full_name), name, turn.label)
    return Suggestion(
        SuggestionKind.QUOTATION,
        turn.start,
        turn.end,
        text[turn.start : turn.end],
        TURN_RULE,
        0.95,
        f"turn of a transcript, labelled “{turn.label}”",
        quotation_proposal(QuoteKind.DIRECT_SPEECH, speaker),
    )


def _name_in_label(label: str) -> str:
    """Return the name in a turn's label: that of “Ada Fell, Minister of Kites” and of “Kite Secretary, Ada Fell”."""
    first_part, _, second_part = BRACKETED_TEXT.sub("", label).strip(" ,").partition(", ")
    return second_part if second_part and _OFFICE.search(first_part) and not _OFFICE.search(second_part) else first_part
