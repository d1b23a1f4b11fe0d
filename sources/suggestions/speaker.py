"""Value object of a speaker: whom a quotation is attributed to, and why."""

from dataclasses import dataclass


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
