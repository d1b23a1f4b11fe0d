"""Reading of untrusted JSON within bounds."""

import json
from typing import Any, NoReturn

LONGEST = 26_000_000
"""Maximum characters or bytes of JSON; Django refuses larger requests (DATA_UPLOAD_MAX_MEMORY_SIZE)."""
DEEPEST = 20
"""Maximum nesting of arrays and objects; pages and exchanges send four levels."""
_TOO_DEEP = "it is nested too deeply"


def read_json(text: str | bytes, *, longest: int = LONGEST, deepest: int = DEEPEST) -> Any:
    """Parse untrusted JSON of at most `longest` characters or bytes and `deepest` levels of arrays and objects.

    Raises ValueError if it is not JSON, exceeds these limits, or contains NaN, Infinity or a lone surrogate.
    """
    if len(text) > longest:
        raise ValueError(f"at most {longest:,} characters are accepted")
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    _check_depth_and_surrogates(data, deepest)
    return data


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _check_depth_and_surrogates(parsed_json: Any, deepest: int) -> None:
    level, depth = [parsed_json], 0
    while level:
        containers = [value for value in level if isinstance(value, dict | list)]
        for value in level:
            if isinstance(value, str):
                # A lone surrogate raises UnicodeEncodeError, which is a ValueError.
                value.encode()
        depth += bool(containers)
        if depth > deepest:
            raise ValueError(_TOO_DEEP)
        level = [inner for value in containers for inner in (value if isinstance(value, list) else [*value, *value.values()])]
