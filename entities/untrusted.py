"""Reading what comes from outside: numbers that a column can hold, and JSON within bounds."""

import json
from collections.abc import Iterable
from typing import Any, NoReturn

LARGEST = 2**63 - 1
"""The largest number that a column holds, on either database."""
LONGEST = 26_000_000
"""Characters or bytes of JSON; more is not let in (DATA_UPLOAD_MAX_MEMORY_SIZE)."""
DEEPEST = 20
"""Levels of arrays and objects; what pages and exchanges send has four."""
_TOO_DEEP = "it is nested too deeply"


def whole_number(text: object, most: int = LARGEST) -> int | None:
    """The number that `text` writes in decimal digits; None if it is none, or greater than `most`."""
    digits = str(text)
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > len(str(most)):
        return None
    return number if (number := int(digits)) <= most else None


def row_keys(texts: Iterable[object]) -> list[int]:
    """The keys of rows among `texts`, in their order; what cannot be one is left out."""
    return [key for text in texts if (key := whole_number(text)) is not None]


def read_json(text: str | bytes, *, longest: int = LONGEST, deepest: int = DEEPEST) -> Any:
    """Parse JSON of whatever origin, of at most `longest` characters or bytes and `deepest` levels of arrays and objects.

    Raises ValueError where it is no JSON or exceeds that, and for what JSON does not know: NaN, Infinity, half a character.
    """
    if len(text) > longest:
        raise ValueError(f"at most {longest:,} characters are taken")
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check_depth(data, deepest)
    return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _check_depth(data: Any, deepest: int) -> None:
    level, depth = [data], 0
    while level:
        containers = [value for value in level if isinstance(value, dict | list)]
        for value in level:
            if isinstance(value, str):
                # Half a character cannot be written anywhere: UnicodeEncodeError is a ValueError.
                value.encode()
        depth += bool(containers)
        if depth > deepest:
            raise ValueError(_TOO_DEEP)
        level = [inner for value in containers for inner in (value if isinstance(value, list) else [*value, *value.values()])]
