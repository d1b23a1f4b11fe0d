"""Pages of a short list that is walked one way, by one key: a record's editions, the print runs, a run's editions."""

from nato_support.api import parameters as p
from nato_support.api.answering import Asked
from nato_support.api.cursors import Cursor, opened, question_of


def cursor(help: str) -> p.Parameter:
    """The parameter that says where a page starts."""
    return p.matching("cursor", help, "[A-Za-z0-9_-]+", longest=8000, many=False)


def paging(page_size: str, most: int, default: int, place: str) -> dict[str, p.Parameter]:
    """What such a list takes: `page_size` and `place` are the helps of its two parameters."""
    return {"page_size": p.number("page_size", page_size, most, default), "cursor": cursor(place)}


def place(asked: Asked, takes: dict[str, p.Parameter], default: int) -> tuple[int, int | None]:
    """The size of the page asked for, and the key of the row before it; None at the start."""
    values, _ = p.read(asked.query, takes)
    size = int(values["page_size"][0]) if "page_size" in values else default
    if "cursor" not in values:
        return size, None
    return size, opened(values["cursor"][0], question_of(asked.path), asked.register.stamp).key[0]


def following(asked: Asked, size: int, key: int) -> str:
    """Address of the page after the row with `key`."""
    sealed = Cursor(asked.register.stamp, question_of(asked.path), False, (key,)).seal()
    return f"{asked.address}?page_size={size}&cursor={sealed}"
