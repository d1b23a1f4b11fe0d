"""Result of reading a file: its text and its bibliography."""

from dataclasses import dataclass, field


class UnreadableDocument(ValueError):
    """Nothing can be extracted from a file; the message says why and what to do."""


@dataclass(slots=True)
class ExtractedDocument:
    """Content of a file or paste; fields without a value are empty. Dates as YYYY-MM-DD, authors separated by semicolons.

    A form feed in `text` is the break between two pages. `origins` maps a field to where its value was read, in words.
    """

    text: str
    title: str = ""
    publisher: str = ""
    authors: str = ""
    published_on: str = ""
    updated_on: str = ""
    url: str = ""
    language: str = ""
    warnings: list[str] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=dict)
