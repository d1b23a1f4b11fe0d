"""Exceptions that every operation of the register raises when it does not go ahead."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

MAX_PROBLEMS_IN_MESSAGE = 20


class Refused(Exception):
    """An operation was refused and nothing was changed.

    `problems` holds one sentence for each reason. `findings` holds the same reasons as they were given: objects where a
    reason concerns one record or field. `errors` sorts the sentences by form field; '' stands for the form as a whole.
    """

    def __init__(self, problems: str | Iterable[Any] = (), *, errors: Mapping[str, Sequence[str]] | None = None):
        self.findings: list[Any] = [problems] if isinstance(problems, str) else list(problems)
        if errors:
            self.findings += [sentence for sentences in errors.values() for sentence in sentences]
        self.problems = [str(finding) for finding in self.findings]
        self.errors = {name: list(sentences) for name, sentences in errors.items()} if errors else {"": self.problems}
        super().__init__(_message_from_problems(self.problems))


class Stale(Refused):
    """The record, row or document is no longer in the version that the person was looking at.

    `records` holds the records concerned, where the operation names them.
    """

    def __init__(self, problems: str | Iterable[Any] = (), *, records: Iterable[Any] = ()):
        self.records = list(records)
        super().__init__(problems)


def _message_from_problems(problems: Sequence[str]) -> str:
    message = "; ".join(problems[:MAX_PROBLEMS_IN_MESSAGE])
    if len(problems) > MAX_PROBLEMS_IN_MESSAGE:
        message += f"; and {len(problems) - MAX_PROBLEMS_IN_MESSAGE} more"
    # Whole sentences need no semicolon between them.
    return message.replace(".; ", ". ")
