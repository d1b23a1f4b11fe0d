"""Quotations in a text, and who is quoted: words in quotation marks, and the turns of transcripts.

Marks are used for other things than speech, too: titles, names, terms held at arm's length. So what is no whole sentence is
proposed only where the text says who said it.
"""

import re

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.sentence_splitting import split_paragraphs
from sources.suggestions import quoted_speech, speakers
from sources.suggestions.quotation_marks import find_quoted_spans
from sources.suggestions.quotation_reader import PersonLookup, QuotationReader, Speaker, names_by_title, quotation_proposal
from sources.suggestions.suggestion import Suggestion
from sources.suggestions.transcript_turns import BRACKETED_TEXT, TranscriptTurn, find_turns, is_question_label

TURN_RULE = "turns/2"


_OFFICE = re.compile(
    r"\b(?:president|minister|secretary|chancellor|spokes(?:man|woman|person)|ambassador|chair\w*|director|governor|mayor|senator|"
    r"general|admiral|commissioner|representative|adviser|advisor|anchor|host|correspondent|moderator)\b",
    re.IGNORECASE,
)
_OF_A_BODY = re.compile(r"(?:[Tt]he |THE )?(?:(?:NATO|EU|UN|US|UK) )?")
"""What a label may have before a title: THE PRESIDENT, NATO Secretary General."""


def find_quotations(text: str, known: PersonLookup, published_on: str = "") -> list[Suggestion]:
    """The quotations of `text`, in order, each with its speaker where the text leaves no doubt.

    `published_on` (a partial date) is what weekdays are counted from.
    """
    blocks = split_paragraphs(text)
    spoken = find_turns(text, blocks)
    titled = names_by_title(text[: spoken[0].label_start]) or names_by_title(text) if spoken else {}
    found = [_turn_suggestion(text, turn, known, titled) for turn in spoken]
    within = iter(spoken)
    turn = next(within, None)
    marks = []
    for one in find_quoted_spans(text, blocks):
        while turn and turn.end <= one.start:
            turn = next(within, None)
        if (not turn or one.start < turn.label_start) and not quoted_speech.is_name_or_term(text, one):
            marks.append(speakers.end_quotation_at_speaker(text, one) if one.unclosed else one)
    found += QuotationReader(text, blocks, marks, known, published_on).iterate_suggestions()
    return sorted(found, key=lambda one: one.start)


def _turn_suggestion(text: str, turn: TranscriptTurn, known: PersonLookup, titled: dict[str, str]) -> Suggestion:
    if is_question_label(turn.label):
        speaker = Speaker(words=turn.label, description="questioner" if turn.label[0].upper() == "Q" else turn.label)
    else:
        name = _name_in_label(turn.label)
        title = _OF_A_BODY.sub("", name, count=1).lower().replace("-", " ")
        full = titled.get(title) or (name.title() if name.isupper() else name)
        speaker = Speaker(known.person_slug(full), name, turn.label)
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
    """The name in the label of a turn: that of “Ada Fell, Minister of Kites” and of “Kite Secretary, Ada Fell”."""
    first, _, other = BRACKETED_TEXT.sub("", label).strip(" ,").partition(", ")
    return other if other and _OFFICE.search(first) and not _OFFICE.search(other) else first
