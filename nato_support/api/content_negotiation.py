"""Which form of an answer is meant: the suffix of its address decides, else `Accept`."""

import re
from collections.abc import Sequence
from functools import lru_cache

from entities.numbers import parse_decimal
from nato_support.api.problems import ApiProblem

MEDIA_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "geojson": "application/geo+json",
    "jsonld": "application/ld+json",
    "atom": "application/atom+xml; charset=utf-8",
}
"""Suffix -> media type of the answer."""

_MEDIA_TYPE_ALIASES = {"application/ndjson": "ndjson", "application/jsonl": "ndjson"}
_FORMAT_BY_MEDIA_TYPE = {media.split(";")[0]: form for form, media in MEDIA_TYPES.items()} | _MEDIA_TYPE_ALIASES
_JSON_ONLY_QUERY = re.compile("(?:^|&)(?:count|facets|fields|include|since)=")
"""In a query: what no other form can be asked for."""
_UNSAFE_IN_LINK = re.compile(r"[^!-~]|[<>\"\\]")
_SUFFIX_PATTERN = re.compile(r"(/api/v1/.*[^/.])\.([a-z]+)")


def split_format_suffix(path: str) -> tuple[str, str]:
    """An address without its suffix, and the form that the suffix names: `/api/v1/events.csv` -> `/api/v1/events/`, `csv`.

    An address without a suffix, or with one that is no form, comes back as it is, with an empty form.
    """
    # Almost every address has none, and ends with a slash.
    if path.endswith("/") or "." not in path:
        return path, ""
    found = _SUFFIX_PATTERN.fullmatch(path)
    return (f"{found[1]}/", found[2]) if found and found[2] in MEDIA_TYPES else (path, "")


def negotiate_format(suffix: str, accept: str, offered: Sequence[str]) -> str:
    """The one of the forms `offered` that a request means; the first, unless it asks for another. A problem if it takes none."""
    if suffix:
        if suffix not in offered:
            raise ApiProblem("not-found", f"This address has no form .{suffix}.", available=list(offered))
        return suffix
    if not accept or accept == "*/*":
        return offered[0]
    form = _best_accepted_format(accept[:1000], tuple(offered))
    if not form:
        media = [MEDIA_TYPES[form].split(";")[0] for form in offered]
        raise ApiProblem("not-acceptable", f"What is here can be had as {', '.join(media)}.", available=media)
    return form


@lru_cache(maxsize=1000)
def _best_accepted_format(accept: str, offered: tuple[str, ...]) -> str:
    """The offered form that `accept` (RFC 9110) likes best, the earlier one of equals; "" if it takes none."""
    weights: dict[str, tuple[int, float]] = {}
    for part in accept.split(","):
        media, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = _quality_value(parameters)
        if media == "*/*":
            named, precise = offered, 0
        elif media.endswith("/*"):
            named, precise = tuple(form for form in offered if MEDIA_TYPES[form].startswith(media[:-1])), 1
        else:
            named, precise = ((_FORMAT_BY_MEDIA_TYPE[media],) if _FORMAT_BY_MEDIA_TYPE.get(media) in offered else ()), 2
        for form in named:
            # The most precise range that names a form decides, whatever it weighs.
            if form not in weights or precise > weights[form][0]:
                weights[form] = (precise, weight)
    liked = [(-weights[form][1], at) for at, form in enumerate(offered) if form in weights and weights[form][1] > 0]
    return offered[min(liked)[1]] if liked else ""


def _quality_value(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                # Old clients write “.2”, and RFC 9110 allows “1.”.
                text = f"0{value}0" if "." in value else value
                return max(0.0, min(1.0, float(parse_decimal(text))))
            except ValueError:
                return 0.0
    return 1.0


_CONSTANT_LINKS = (
    '</api/v1/schema/>; rel="service-desc describedby"; type="application/json", '
    '</api/v1/docs/>; rel="service-doc"; type="text/html"'
)


def build_link_header(path: str, query: str, form: str, offered: Sequence[str]) -> str:
    """The value of `Link` (RFC 8288) that every answer has: its other forms, the OpenAPI document, the docs."""
    if len(offered) == 1 or (form == "json" and _JSON_ONLY_QUERY.search(query)):
        return _CONSTANT_LINKS
    # A query is repeated as it was sent, unless it has what could end the address early.
    asked = f"?{query}" if query and len(query) < 2000 and not _UNSAFE_IN_LINK.search(query) else ""
    others = [
        f'<{path[:-1]}.{other}{asked}>; rel="alternate"; type="{MEDIA_TYPES[other].split(";")[0]}"'
        for other in offered
        if other != form
    ]
    return ", ".join([*others, _CONSTANT_LINKS])
