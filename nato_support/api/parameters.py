"""Declarations of query parameters, and the strict parser of query strings: anything not understood is a fault."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from entities.dates import DatePoint, PartialDate
from entities.numbers import integer_or_none
from nato_support.api.problems import invalid_parameters_problem
from nato_support.publishing.editions import sortable_numbers
from nato_support.publishing.editions.name_keys import name_term

MAX_QUERY_LENGTH = 16_000
MAX_VALUES = 50
# Control characters, and bidirectional ones, which can make a text look like another.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
# Dates of the calendar; 29 February is accepted in every year here, and checked later.
_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_MONTHS = "(0[1-9]|1[0-2])(-(0[1-9]|1[0-9]|2[0-9]))?|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31"
_DATE = f"{_YEAR}(-({_MONTHS}))?[~?]?"
_DAY = f"{_YEAR}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-9])|(0[13-9]|1[0-2])-30|(0[13578]|1[02])-31)"
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")

QueryPairs = list[tuple[str, str]]


class ParameterFault(Exception):
    """A value that a parameter does not accept, with a code for machines and further members of the fault."""

    def __init__(self, code: str, **members):
        self.code = code
        self.members = members
        super().__init__(code)


def _no_words(kinds: Sequence[str]) -> set[str]:
    return set()


class Lookup(NamedTuple):
    """Where the value of a filter has to stand if it is to name something public."""

    kinds: tuple[str, ...] = ()
    """Kinds of the records that are looked in; empty for those of the list."""
    term_fields: tuple[str, ...] = ()
    """Fields of their terms, in one of which it stands; empty if it is the slug of such a record."""
    known_words: Callable[[Sequence[str]], set[str]] = _no_words
    """Further values that name something in a list of these kinds, whether or not a record has them."""
    likely_values: Callable[[str], set[str]] | None = None
    """Values that may be meant by one that is unknown; None for those that are spelt alike."""


@dataclass(frozen=True)
class Parameter:
    """A query parameter. `parse` converts a value or raises ParameterFault; `schema` states the same as JSON Schema."""

    name: str
    help: str
    parse: Callable[[str], tuple[str, ...]]
    schema: Mapping = field(default_factory=dict)
    many: bool = False
    """True if it may be repeated; records that match any of its values match."""
    is_comma_separated: bool = False
    """True if one value may list several, separated by commas."""
    required: bool = False
    lookup: Lookup | None = None
    """Where its values are looked up; None if it takes no names: words of a closed list, dates, numbers."""
    max_values: int = MAX_VALUES
    """Limit on its values in one request."""
    component: str = ""
    """OpenAPI component of a schema that several parameters share; empty if the schema is written in place."""

    @property
    def reference(self) -> bool:
        """True if its values are slugs of records, parsed into kind/slug."""
        return self.lookup is not None and not self.lookup.term_fields

    def shortest_reference(self, reference: str) -> str:
        """Return kind/slug as the parameter takes it: the slug alone where it takes one kind."""
        slug = reference.partition("/")[2]
        return slug if self.parse(slug) == (reference,) else reference


def choice_parameter(name: str, help: str, choices: Sequence[str], *, many: bool = True) -> Parameter:
    """Declare a parameter with a closed list of values."""

    def parse_value(text: str) -> tuple[str, ...]:
        if text not in choices:
            raise ParameterFault("not_allowed", allowed=list(choices), did_you_mean=get_close_matches(text.lower(), choices))
        return (text,)

    return Parameter(name, help, parse_value, {"type": "string", "enum": list(choices)}, many, many)


def pattern_parameter(
    name: str,
    help: str,
    pattern: str,
    *,
    example: str = "",
    max_length: int = 250,
    many: bool = True,
    lookup: Lookup | None = None,
) -> Parameter:
    """Declare a parameter whose values match a regular expression."""
    regex = re.compile(pattern, re.ASCII)

    def parse_value(text: str) -> tuple[str, ...]:
        if len(text) > max_length or not regex.fullmatch(text):
            raise ParameterFault("malformed", allowed={"pattern": f"^({pattern})$", "longest": max_length})
        return (text,)

    schema = {"type": "string", "pattern": f"^({pattern})$", "maxLength": max_length} | ({"example": example} if example else {})
    return Parameter(name, help, parse_value, schema, many, many, lookup=lookup)


def text_parameter(
    name: str, help: str, *, max_length: int = 700, many: bool = True, fold: bool = False, lookup: Lookup | None = None
) -> Parameter:
    """Declare a parameter that takes any text; with `fold`, upper and lower case are the same."""

    def parse_value(text: str) -> tuple[str, ...]:
        if len(text) > max_length:
            raise ParameterFault("too_long", allowed={"longest": max_length})
        return (name_term(text) if fold else text,)

    return Parameter(name, help, parse_value, {"type": "string", "minLength": 1, "maxLength": max_length}, many, lookup=lookup)


def date_parameter(name: str, help: str) -> Parameter:
    """Declare a parameter that takes a day, month or year, parsed into its first and its last day."""

    def parse_value(text: str) -> tuple[str, ...]:
        return _parse_date(DatePoint.parse, text).bounds

    schema = {"type": "string", "pattern": f"^{_DATE}$", "example": "2024-07"}
    return Parameter(name, help, parse_value, schema, component="PartialDate")


def state_or_day_parameter(name: str, help: str) -> Parameter:
    """Declare a parameter that takes true, false, or a day for which the question is asked."""

    def parse_value(text: str) -> tuple[str, ...]:
        if text in ("true", "false"):
            return (text,)
        if not re.fullmatch(pattern, text):
            raise ParameterFault("malformed", allowed={"pattern": pattern}, detail="true, false or a day such as 2024-07-09")
        return (_parse_date(DatePoint.parse, text).bounds[0],)

    pattern = f"^(true|false|{_DAY})$"
    return Parameter(name, help, parse_value, {"type": "string", "pattern": pattern, "example": "true"})


def date_span_parameter(name: str, help: str) -> Parameter:
    """Declare a parameter that takes a partial date, also an interval such as `2024/..`, parsed into its first and last day.

    An open end is parsed into an empty text.
    """

    def parse_value(text: str) -> tuple[str, ...]:
        date = _parse_date(PartialDate.parse, text)
        return tuple("" if day is None else day.isoformat() for day in (date.earliest, date.latest))

    pattern = rf"^({_DATE}(/({_DATE}|\.\.))?|\.\./{_DATE})$"
    schema = {"type": "string", "pattern": pattern, "example": "2024-06/2024-07"}
    return Parameter(name, help, parse_value, schema, component="TimeSpan")


def amount_parameter(name: str, help: str) -> Parameter:
    """Declare a parameter that takes a non-negative number with up to two decimals, parsed into text that sorts like numbers."""
    pattern = r"[0-9]{1,18}(\.[0-9]{1,2})?"

    def parse_value(text: str) -> tuple[str, ...]:
        if not re.fullmatch(pattern, text):
            raise ParameterFault("malformed", allowed={"pattern": f"^{pattern}$"})
        return (sortable_numbers.sortable_number(text),)

    return Parameter(name, help, parse_value, {"type": "string", "pattern": f"^{pattern}$", "example": "1000000"})


def _parse_date(parse: Callable[[str], PartialDate], text: str) -> PartialDate:
    try:
        return parse(text)
    except ValueError as error:
        raise ParameterFault("malformed", detail=str(error)) from None


def number_parameter(name: str, help: str, maximum: int, default: int) -> Parameter:
    """Declare a parameter that takes an integer from 1 to `maximum`."""

    def parse_value(text: str) -> tuple[str, ...]:
        if not integer_or_none(text, maximum):
            raise ParameterFault("out_of_range", allowed={"min": 1, "max": maximum})
        return (text,)

    return Parameter(name, help, parse_value, {"type": "integer", "minimum": 1, "maximum": maximum, "default": default})


def boolean_parameter(name: str, help: str) -> Parameter:
    """Declare a parameter that takes `true` or `false`."""
    return replace(choice_parameter(name, help, ("true", "false"), many=False), schema={"type": "boolean"})


def decode_query_pairs(query_string: str) -> tuple[QueryPairs, list[dict]]:
    """Return the decoded (name, value) pairs of a query string, and the faults of those that cannot be decoded."""
    if len(query_string) > MAX_QUERY_LENGTH:
        return [], [_query_fault("", "too_long", allowed={"longest": MAX_QUERY_LENGTH})]
    pairs, faults = [], []
    for pair in filter(None, query_string.split("&")):
        name, _, value = pair.partition("=")
        try:
            pairs.append((_decode_component(name), _decode_component(value)))
        except ParameterFault as fault:
            faults.append(_query_fault(name, fault.code))
    return pairs, faults


def _decode_component(text: str) -> str:
    if _BAD_ESCAPE.search(text):
        raise ParameterFault("bad_escape")
    try:
        # WSGI servers decode the query string as Latin-1.
        decoded = unquote_to_bytes(text.replace("+", " ").encode("latin-1")).decode()
    except UnicodeError:
        raise ParameterFault("not_utf8") from None
    if _UNPRINTABLE.search(decoded):
        raise ParameterFault("control_character")
    return decoded


def read_parameters(query_string: str, parameters: Mapping[str, Parameter]) -> tuple[dict[str, tuple[str, ...]], QueryPairs]:
    """Return parameter -> parsed values, and the decoded pairs.

    Raises an `invalid-parameters` problem that lists every fault unless the whole query is understood.
    """
    values: dict[str, tuple[str, ...]] = {}
    value_counts: Counter[str] = Counter()
    pairs, faults = decode_query_pairs(query_string)
    unknown = False
    for name, text in pairs:
        parameter = parameters.get(name)
        if parameter is None:
            unknown = True
            faults.append(_query_fault(name, "unknown", did_you_mean=_likely_names(name, parameters)))
        elif name in values and not parameter.many:
            faults.append(_query_fault(name, "repeated"))
        elif not text.strip():
            faults.append(_query_fault(name, "empty"))
        else:
            try:
                values.setdefault(name, ())
                parts = text.split(",") if parameter.is_comma_separated else [text]
                value_counts[name] += len(parts)
                if value_counts[name] > parameter.max_values:
                    raise ParameterFault("too_many", allowed={"most": parameter.max_values})
                values[name] += tuple(value for part in parts for value in parameter.parse(part))
            except ParameterFault as fault:
                faults.append(_query_fault(name, fault.code, given=text[:100], **fault.members))
    if faults:
        problem = invalid_parameters_problem(faults[:100])
        if unknown:
            problem.members["parameters"] = sorted(parameters)
        raise problem
    return values, pairs


def _likely_names(name: str, parameters: Iterable[str]) -> list[str]:
    """Return the parameters that may be meant: those with the same word in their names, else those spelt alike."""
    with_same_word = [known for known in parameters if f"_{name}_" in f"_{known}_"]
    return with_same_word or get_close_matches(name, parameters, cutoff=0.75)


def _query_fault(name: str, code: str, **members) -> dict:
    return {"in": "query", "name": name[:100], "code": code} | {key: value for key, value in members.items() if value}
