"""Values of properties: how they are read from entities, compared with sought values, and looked up in the terms of editions.

A value has the form of the protocol: `{"str": ...}`, `{"float": ...}`, `{"int": ...}`, or `{"id": ..., "name": ...}` of an
entity. Money and partial dates are sent as text, since clients would round the one and complete the other.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Any

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.likeness import names
from entities.numbers import parse_decimal
from entities.serializers import is_promised_measure
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.publishing.editions.name_keys import name_term

ProtocolValue = dict[str, Any]
_COUNTRY_CODES = {name.casefold(): code for code, name in COUNTRIES.items()}


def value_text(value: ProtocolValue) -> str:
    """Return the text of a value of any form; of an entity its id."""
    return next((str(value[key]) for key in ("id", "str", "float", "int") if key in value), "")


def country_name(document: dict) -> str:
    """English name of an entity's country or nationality, from its edition's document; empty if it has none."""
    code = document.get("country") or document.get("nationality")
    return COUNTRIES.get(code, code) if code else ""


def _fold_text(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def compare_exactly(sought: str, value: ProtocolValue) -> float:
    return float(_fold_text(sought) == _fold_text(value_text(value)))


def compare_names(sought: str, value: ProtocolValue) -> float:
    text = value_text(value)
    return 1.0 if _fold_text(sought) == _fold_text(text) else names.similarity(sought, text, "organisation")


def compare_given_names(sought: str, value: ProtocolValue) -> float:
    text = value_text(value)
    return 0.0 if names.different_given_names([sought], [text]) else names.similarity(sought, text, names.PERSON)


def compare_references(sought: str, value: ProtocolValue) -> float:
    if sought == value["id"] or _fold_text(sought) == _fold_text(value["name"]):
        return 1.0
    return names.similarity(sought, value["name"], "organisation")


def compare_countries(sought: str, value: ProtocolValue) -> float:
    return float(_country_code(sought) == _country_code(value_text(value)))


def _country_code(text: str) -> str:
    return _COUNTRY_CODES.get(text.strip().casefold(), text.strip().upper())


def compare_dates(sought: str, value: ProtocolValue) -> float:
    """Return 1 if the two dates, of whatever precision, overlap."""
    try:
        sought = sought.strip()
        # Of an instant, such as 2024-07-09T12:00Z, the day counts.
        sought_date = PartialDate.parse(sought if "/" in sought else sought[:10])
        return float(sought_date.overlaps(PartialDate.parse(value_text(value))))
    except ValueError:
        return 0.0


def compare_numbers(sought: str, value: ProtocolValue) -> float:
    try:
        sought_number, number = parse_decimal(sought.strip().replace(",", "")), parse_decimal(value_text(value))
    except ValueError:
        return 0.0
    return float(abs(sought_number - number) < Decimal("0.000001"))


def compare_identifiers(sought: str, value: ProtocolValue) -> float:
    """Return 1 if the identifier is sought bare, with its scheme, or as the last segment of an address."""
    text = value_text(value)
    return float(sought.strip().casefold() in (text.casefold(), text.partition(":")[2].casefold()) or sought.endswith(f"/{text}"))


def text_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": str(record.document[member])}] if record.document.get(member) else []


def date_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": record.document[member]["value"]}] if record.document.get(member) else []


def decimal_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"float": float(record.document[member])}] if record.document.get(member) is not None else []


def reference_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    def read_references(record: LiveEntity) -> list[ProtocolValue]:
        references = record.document.get(member) or []
        return [
            {"id": reference["slug"], "name": reference["name"]}
            for reference in (references if isinstance(references, list) else [references])
        ]

    return read_references


def identifier_reader(scheme: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": value} for other_scheme, value in record.identifiers if other_scheme == scheme]


def reader_of_money_member(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    """Return a reader of that member of each amount of money, but for what came of a promise.

    An empty value keeps the columns of one amount in one row.
    """

    def read_amounts(record: LiveEntity) -> list[ProtocolValue]:
        money = [amount for amount in record.document["measures"] if amount["kind"] == "money" and is_promised_measure(amount)]
        return _aligned_values([amount.get(member) for amount in money])

    return read_amounts


def reader_of_share_member(*members: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    """Return a reader of the first filled one of `members` of each share of what was promised."""

    def read_shares(record: LiveEntity) -> list[ProtocolValue]:
        shares = record.document.get("shares") or ()
        return _aligned_values(
            [next((share[member] for member in members if share[member] is not None), None) for share in shares]
        )

    return read_shares


def _aligned_values(values: list[Any]) -> list[ProtocolValue]:
    """Return a value for each of `values`, an empty one for None; none at all if all are None."""
    texts = [value["value"] if isinstance(value, dict) else value for value in values]
    return [{} if text is None else {"str": str(text)} for text in texts] if any(text is not None for text in texts) else []


def evidence_reader(read_entry: Callable[[dict], Iterable[str]]) -> Callable[[LiveEntity], list[ProtocolValue]]:
    """Return a reader of the distinct values that `read_entry` takes from the evidence of each field."""

    def read_distinct_values(record: LiveEntity) -> list[ProtocolValue]:
        entries = record.evidence.get("evidence", {}).values()
        return [{"str": text} for text in dict.fromkeys(text for entry in entries for text in read_entry(entry))]

    return read_distinct_values


def stored_terms(sought: str) -> tuple[str, ...]:
    return (sought,)


def word_terms(sought: str) -> tuple[str, ...]:
    return ("_".join(sought.casefold().split()), sought)


def terms_of_identifier_scheme(scheme: str) -> Callable[[str], Sequence[str]]:
    def prefixed_terms(sought: str) -> Sequence[str]:
        stripped = sought.strip()
        forms = {stripped, stripped.upper(), stripped.rpartition("/")[2] or stripped} if scheme != "url" else {stripped}
        return sorted(f"{scheme}:{form}"[:700] for form in forms)

    return prefixed_terms


def any_scheme_terms(sought: str) -> Sequence[str]:
    return (sought.strip(), *(f"{scheme.value}:{sought.strip()}"[:700] for scheme in v.IdentifierScheme))


def country_terms(sought: str) -> tuple[str, ...]:
    return (_country_code(sought),)


def reference_terms(kind: str) -> Callable[[str], Sequence[str]]:
    return lambda sought: (f"{kind}/{sought}",)


def read_main_name(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": record.name}]


def read_other_names(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": text} for text in record.other_names]


def read_identifiers(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": f"{scheme}:{value}"} for scheme, value in record.identifiers]


def folded_name_terms(sought: str) -> tuple[str, ...]:
    return (name_term(sought),)
