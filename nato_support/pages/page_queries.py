"""Query strings of pages: what a form leaves empty, and what other sites append to links, is no fault of the reader's."""

from collections.abc import Collection
from urllib.parse import urlencode

from nato_support.api.parameters import decode_query_pairs
from nato_support.api.problems import invalid_parameters_problem

_APPENDED_BY_OTHERS = ("utm_", "fbclid", "gclid", "mc_", "ref")


def known_query(query_string: str, names: Collection[str]) -> str:
    """Return the query with the parameters in `names` alone."""
    return _query_of_pairs(query_string, lambda name: name in names)


def filled_query(query_string: str) -> str:
    """Return the query without empty parameters and without those that other sites append; unknown ones stay."""
    return _query_of_pairs(query_string, lambda name: not name.startswith(_APPENDED_BY_OTHERS))


def _query_of_pairs(query_string: str, is_wanted) -> str:
    pairs, faults = decode_query_pairs(query_string)
    if faults:
        raise invalid_parameters_problem(faults)
    return urlencode([(name, value) for name, value in pairs if value.strip() and is_wanted(name)], safe="/,:")
