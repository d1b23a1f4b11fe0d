"""Day on which a quotation was said, where the text gives it beside its speaker or in the sentence before."""

import re
from bisect import bisect_left

from sources.sentence_splitting import Span
from sources.suggestions.speaker_mention import BLANK, SpeakerMention
from sources.suggestions.speech_vocabulary import OCCASION_VERB
from sources.suggestions.suggestion import Suggestion

_FARTHEST = 80
"""Distance from a speaker, in characters, within which a day is the speaker's."""

_OTHER_CLAUSE = re.compile(
    r"\b(?:that|who|whose|which|since|if|when|after|before|because|until|would|will|could|should|may|might|must|"
    r"had|shall|can|to be)\b|\. "
)
_WHOLE_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_LIMIT_OF_TIME = re.compile(
    r"\b(?:by|until|till?|before|since|from|through|for|no later than|до|від|перед|протягом|do|od|przed|przez|bis|vor|ab|seit|für"
    r"|d['’]ici|jusqu['’]|avant|dès|depuis|pour)\s*"
    r"(?:(?:the|à|en|le|la|zum|zur)\s+)?(?:(?:very )?(?:end|close|start|beginning|middle|кінця|початку|середини|końca|początku"
    r"|połowy|Ende|Anfang|Mitte|fin|début|mi)\s+)?(?:(?:of|de|des)\s+)?\Z",
    re.IGNORECASE,
)
"""Words before a day until which, or from which, something lasts: nobody spoke on it."""


def day_beside_speaker(
    blanked_text: str, mention: SpeakerMention, sentence: Span, dated_places: list[tuple[int, Suggestion]]
) -> tuple[str, str]:
    """Return the day given beside the speaker (Ada Fell said on Monday) and how it was found; ("", "") if there is none.

    By Monday, or until Monday, somebody promises to do something.
    """
    first = bisect_left(dated_places, max(sentence[0], mention.title_start - 30), key=lambda date: date[0])
    for start, date in dated_places[first : first + 4]:
        between = blanked_text[min(mention.end, date.end) : max(mention.title_start, start)]
        before = blanked_text[max(sentence[0], start - _FARTHEST) : start]
        is_beside = len(between) < _FARTHEST and BLANK not in between and not _OTHER_CLAUSE.search(between)
        if is_beside and not _LIMIT_OF_TIME.search(before):
            return date.proposal["date"], date.proposal["reasoning"]
    return "", ""


def day_of_occasion(
    blanked_text: str, mention: SpeakerMention, sentence: Span, dated_places: list[tuple[int, Suggestion]], published_on: str
) -> tuple[str, str]:
    """Return the day on which the person named spoke, met or visited somebody, for the words quoted in the next sentence.

    Only a whole day up to publication counts, and only if the sentence names no other date: a birth or an election is no
    occasion of speech.
    """
    first = bisect_left(dated_places, sentence[0], key=lambda date: date[0])
    dates = [date for start, date in dated_places[first : first + 2] if start < sentence[1]]
    verb = OCCASION_VERB.match(blanked_text, mention.end, sentence[1])
    if len(dates) != 1 or (not verb and dates[0].start > mention.end):
        return "", ""
    verb = verb or OCCASION_VERB.search(blanked_text, mention.end, min(sentence[1], mention.end + _FARTHEST))
    day = dates[0].proposal["date"]
    if not verb or not _WHOLE_DAY.fullmatch(day) or dates[0].proposal["end"] or (len(published_on) == 10 and day > published_on):
        return "", ""
    return day_beside_speaker(blanked_text, mention, sentence, dated_places)


def in_sentence_before(reasoning: str) -> str:
    """Return the reasoning with the remark that the day stands in the sentence before."""
    remark = "in the sentence before"
    return reasoning if reasoning.endswith(remark) else f"{reasoning}; {remark}"
