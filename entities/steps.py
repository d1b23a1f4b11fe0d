"""Steps in a commitment's life as a citation's value states them: `agreed 2024-06-14`, or `agreed` without a date."""

from dataclasses import dataclass

from entities.dates import PartialDate
from entities.vocabulary import Stage


@dataclass(frozen=True, slots=True)
class Step:
    """A stage and the date on which it was reached; None if no source says when."""

    stage: Stage
    date: PartialDate | None = None

    @classmethod
    def parse(cls, text: str) -> "Step":
        """Parse the value of a citation. Raises ValueError with an explanation."""
        stage, _, date = text.partition(" ")
        if stage not in Stage.values:
            raise ValueError(
                f"“{text[:40]}” is not a step such as agreed 2024-06-14; it begins with one of {', '.join(Stage.values)}"
            )
        return cls(Stage(stage), PartialDate.parse(date) if date else None)

    def __str__(self) -> str:
        """Return the value of a citation, which parse() reads as an equal step."""
        return f"{self.stage.value} {self.date or ''}".strip()


def step_or_none(text: str) -> Step | None:
    """Parse the value of a citation; None if it is not a step."""
    try:
        return Step.parse(text)
    except ValueError:
        return None
