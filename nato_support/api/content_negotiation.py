"""Content negotiation: the suffix of the URL decides the format of a response, else the header `Accept`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from nato_support.api.problems import ApiProblem
from nato_support.data_licence import LICENCE_URL
from nato_support.serving.quality_values import quality_value

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
"""Format, which is also its suffix in a URL of the API -> media type of the response."""

_MEDIA_TYPE_ALIASES = {"application/ndjson": "ndjson", "application/jsonl": "ndjson"}
_FORMAT_BY_MEDIA_TYPE = {media.split(";")[0]: form for form, media in MEDIA_TYPES.items()} | _MEDIA_TYPE_ALIASES
_JSON_ONLY_QUERY = re.compile("(?:^|&)(?:count|facets|fields|include|since)=")
"""Parameters that only JSON responses take."""
_UNSAFE_IN_LINK = re.compile(r"[^!-~]|[<>\"\\]")
_SUFFIX_PATTERN = re.compile(r"(/api/v1/.*[^/.])\.([a-z]+)")


def split_format_suffix(path: str) -> tuple[str, str]:
    """Split the format suffix from a path: `/api/v1/events.csv` -> `/api/v1/events/`, `csv`.

    A path without a suffix, or with an unknown one, is returned as it is, with an empty format.
    """
    # Almost every path ends with a slash: this saves the pattern.
    if path.endswith("/") or "." not in path:
        return path, ""
    match = _SUFFIX_PATTERN.fullmatch(path)
    return (f"{match[1]}/", match[2]) if match and match[2] in MEDIA_TYPES else (path, "")


def negotiate_format(suffix: str, accept: str, offered: Sequence[str]) -> str:
    """Return the requested one of the formats `offered`, the first by default. Raises a problem if none is acceptable."""
    if suffix:
        if suffix not in offered:
            raise ApiProblem("not-found", f"This address has no form .{suffix}.", available=list(offered))
        return suffix
    if not accept or accept == "*/*":
        return offered[0]
    output_format = _best_accepted_format(accept[:1000], tuple(offered))
    if not output_format:
        media_types = [MEDIA_TYPES[name].split(";")[0] for name in offered]
        raise ApiProblem("not-acceptable", f"What is here can be had as {', '.join(media_types)}.", available=media_types)
    return output_format


@lru_cache(maxsize=1000)
def _best_accepted_format(accept: str, offered: tuple[str, ...]) -> str:
    """Return the offered format with the highest weight in `accept` (RFC 9110), the first of equals; "" if none is accepted."""
    weights: dict[str, tuple[int, float]] = {}
    for media_range in accept.split(","):
        media_type, *parameters = (part.strip().lower() for part in media_range.split(";"))
        weight = quality_value(parameters)
        if media_type == "*/*":
            formats, precision = offered, 0
        elif media_type.endswith("/*"):
            formats, precision = tuple(name for name in offered if MEDIA_TYPES[name].startswith(media_type[:-1])), 1
        else:
            name = _FORMAT_BY_MEDIA_TYPE.get(media_type, "")
            formats, precision = ((name,) if name in offered else ()), 2
        for name in formats:
            # The most precise range that covers a format decides, whatever its weight.
            if name not in weights or precision > weights[name][0]:
                weights[name] = (precision, weight)
    accepted = [(-weights[name][1], at) for at, name in enumerate(offered) if name in weights and weights[name][1] > 0]
    return offered[min(accepted)[1]] if accepted else ""


_CONSTANT_LINKS = (
    '</api/v1/schema/>; rel="service-desc describedby"; type="application/json", '
    '</api/v1/docs/>; rel="service-doc"; type="text/html", '
    f'<{LICENCE_URL}>; rel="license"'
)


def build_link_header(path: str, query: str, output_format: str, offered: Sequence[str]) -> str:
    """Return the value of `Link` (RFC 8288) of every response: its other formats, the API's description, the data's licence."""
    if len(offered) == 1 or (output_format == "json" and _JSON_ONLY_QUERY.search(query)):
        return _CONSTANT_LINKS
    # The query is repeated as sent, unless it contains a character that could end the URL early.
    suffix = f"?{query}" if query and len(query) < 2000 and not _UNSAFE_IN_LINK.search(query) else ""
    alternates = [
        f'<{path[:-1]}.{name}{suffix}>; rel="alternate"; type="{MEDIA_TYPES[name].split(";")[0]}"'
        for name in offered
        if name != output_format
    ]
    return ", ".join([*alternates, _CONSTANT_LINKS])
