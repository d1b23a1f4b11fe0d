"""Value object of reported speech: a sentence that itself says who said it."""

from typing import NamedTuple

from sources.suggestions.speaker import Speaker


class ReportedSentence(NamedTuple):
    """Sentence `text[start:end]` of which one part, at `named_at`, says who said the rest, and on which day.

    `is_named_last`: the words come before whoever said them.
    """

    start: int
    end: int
    named_at: int
    is_named_last: bool
    speaker: Speaker
    said_on: tuple[str, str] = ("", "")
