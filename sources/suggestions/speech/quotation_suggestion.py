"""The suggestion of a quotation that names its speaker."""

from typing import Any

from entities.vocabulary import QuoteKind, SuggestionKind
from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speaker import Speaker
from sources.suggestions.suggestion import Suggestion

RULE = "speech/1"


def quotation_suggestion(
    text: str,
    span: QuotedSpan,
    kind: QuoteKind,
    speaker: Speaker,
    score_and_reason: tuple[float, str],
    part_of: int | None = None,
    said_on: tuple[str, str] = ("", ""),
) -> Suggestion:
    """Return the suggestion of a quotation; `said_on` is a partial date and its reason."""
    score, reason = score_and_reason
    proposal: dict[str, Any] = {
        "quote_kind": str(kind),
        "speaker": speaker.slug,
        "speaker_text": speaker.words,
        "attribution": "" if speaker.slug else speaker.description,
        "said_on": said_on[0],
        "said_on_reason": said_on[1],
        "occasion": "",
        "part_of": part_of,
    }
    return Suggestion(SuggestionKind.QUOTATION, span.start, span.end, text[span.start : span.end], RULE, score, reason, proposal)
