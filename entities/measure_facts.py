"""Measures as a citation's value states them: `about 700 person`, `delivered: 4 aircraft as of 2024-07-10`."""

import re
from dataclasses import dataclass

from entities.amounts import Amount
from entities.dates import PartialDate
from entities.vocabulary import Stage

_PATTERN = re.compile(rf"(?:(?P<stage>{'|'.join(Stage.values)}): )?(?P<amount>.+?)(?: as of (?P<as_of>\S+))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class MeasureFact:
    """The one fact that a measure is: its amount, the time for which it holds, and the stage of the step that moved it."""

    amount: Amount
    as_of: PartialDate | None = None
    """None if it is not tied to a time."""
    stage: Stage | None = None
    """None for the amount promised."""

    @classmethod
    def parse(cls, text: str) -> "MeasureFact":
        """Parse the value of a citation. Raises ValueError with an explanation."""
        match = _PATTERN.fullmatch(text)
        if match is None:
            raise ValueError("An amount is missing, such as about 700 person or 4000000 EUR")
        as_of, stage = match["as_of"], match["stage"]
        return cls(Amount.parse(match["amount"]), PartialDate.parse(as_of) if as_of else None, Stage(stage) if stage else None)

    def __str__(self) -> str:
        """Return the value of a citation, which parse() reads as an equal fact."""
        stage = f"{self.stage.value}: " if self.stage else ""
        return f"{stage}{self.amount}{f' as of {self.as_of}' if self.as_of else ''}"


def measure_fact_or_none(text: str) -> MeasureFact | None:
    """Return the fact that `text` states, or None if it states none."""
    try:
        return MeasureFact.parse(text)
    except ValueError:
        return None
