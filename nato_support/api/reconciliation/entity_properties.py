"""Properties of entities, with which the other columns of a table are compared and new columns are filled.

A value has the form of the protocol: `{"str": ...}`, `{"float": ...}`, `{"int": ...}`, or `{"id": ..., "name": ...}` of an
entity. Money and partial dates are sent as text, since clients would round the one and complete the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.likeness import names
from entities.numbers import parse_decimal
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, KINDS
from nato_support.api.reconciliation.live_entities import LiveEntity

ProtocolValue = dict[str, Any]
_COUNTRY_CODES = {name.casefold(): code for code, name in COUNTRIES.items()}


@dataclass(frozen=True, slots=True)
class EntityProperty:
    """A property of some kinds of entity, with the functions that read its values and compare a sought value with them."""

    id: str
    name: str
    help: str
    kinds: tuple[str, ...]
    read_values: Callable[[LiveEntity], list[ProtocolValue]]
    compare: Callable[[str, ProtocolValue], float]
    terms: Callable[[str], Sequence[str]] | None = None
    """Converts a sought value to the terms of editions by which it is looked up; None if it cannot be."""
    field: str = ""
    """Field of those terms; empty if it is the property's id."""
    referenced_kind: str = ""
    """Kind of entity that its values refer to."""

    def protocol_members(self) -> dict[str, str]:
        """Members of the property in both versions of the protocol."""
        return {"id": self.id, "name": self.name, "description": self.help}

    def score_agreement(self, record: LiveEntity, sought: Sequence[str]) -> list[float] | None:
        """Score how well each sought value agrees with the entity's values, from 0 to 1; None if the entity has none."""
        values = self.read_values(record) if record.kind in self.kinds else []
        if not values:
            return None
        return [max(self.compare(text, value) for value in values) for text in sought]


def value_text(value: ProtocolValue) -> str:
    """Return the text of a value of any form; of an entity its id."""
    return next((str(value[key]) for key in ("id", "str", "float", "int") if key in value), "")


def country_name(document: dict) -> str:
    """English name of an entity's country or nationality, from its edition's document; empty if it has none."""
    code = document.get("country") or document.get("nationality")
    return COUNTRIES.get(code, code) if code else ""


def _fold_text(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _compare_exactly(sought: str, value: ProtocolValue) -> float:
    return float(_fold_text(sought) == _fold_text(value_text(value)))


def _compare_names(sought: str, value: ProtocolValue) -> float:
    text = value_text(value)
    return 1.0 if _fold_text(sought) == _fold_text(text) else names.similarity(sought, text, "organisation")


def _compare_references(sought: str, value: ProtocolValue) -> float:
    if sought == value["id"] or _fold_text(sought) == _fold_text(value["name"]):
        return 1.0
    return names.similarity(sought, value["name"], "organisation")


def _compare_countries(sought: str, value: ProtocolValue) -> float:
    return float(_country_code(sought) == _country_code(value_text(value)))


def _country_code(text: str) -> str:
    return _COUNTRY_CODES.get(text.strip().casefold(), text.strip().upper())


def _compare_dates(sought: str, value: ProtocolValue) -> float:
    """Return 1 if the two dates, of whatever precision, overlap."""
    try:
        sought_date, date = PartialDate.parse(sought.strip()[:10]), PartialDate.parse(value_text(value))
    except ValueError:
        return 0.0
    return float(sought_date.earliest <= date.latest and date.earliest <= sought_date.latest)


def _compare_numbers(sought: str, value: ProtocolValue) -> float:
    try:
        sought_number, number = parse_decimal(sought.strip().replace(",", "")), parse_decimal(value_text(value))
    except ValueError:
        return 0.0
    return float(abs(sought_number - number) < Decimal("0.000001"))


def _compare_identifiers(sought: str, value: ProtocolValue) -> float:
    """Return 1 if the identifier is sought bare, with its scheme, or as the last segment of an address."""
    text = value_text(value)
    return float(sought.strip().casefold() in (text.casefold(), text.partition(":")[2].casefold()) or sought.endswith(f"/{text}"))


def _text_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": str(record.document[member])}] if record.document.get(member) else []


def _date_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": record.document[member]["value"]}] if record.document.get(member) else []


def _decimal_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"float": float(record.document[member])}] if record.document.get(member) is not None else []


def _reference_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    def read_references(record: LiveEntity) -> list[ProtocolValue]:
        references = record.document.get(member) or []
        return [
            {"id": reference["slug"], "name": reference["name"]}
            for reference in (references if isinstance(references, list) else [references])
        ]

    return read_references


def _identifier_reader(scheme: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    return lambda record: [{"str": value} for other_scheme, value in record.identifiers if other_scheme == scheme]


def _amount_reader(member: str) -> Callable[[LiveEntity], list[ProtocolValue]]:
    """Return a reader of that member of each amount of money. An empty value keeps the columns of one amount in one row."""

    def read_amounts(record: LiveEntity) -> list[ProtocolValue]:
        money = [amount for amount in record.document["measures"] if amount["kind"] == "money"]
        values: list[ProtocolValue] = [{"str": str(amount[member])} if amount[member] is not None else {} for amount in money]
        return values if any(values) else []

    return read_amounts


def _stored_terms(sought: str) -> tuple[str, ...]:
    return (sought,)


def _word_terms(sought: str) -> tuple[str, ...]:
    return ("_".join(sought.casefold().split()), sought)


def _scheme_terms(scheme: str) -> Callable[[str], Sequence[str]]:
    def scheme_terms(sought: str) -> Sequence[str]:
        stripped = sought.strip()
        forms = {stripped, stripped.upper(), stripped.rpartition("/")[2] or stripped} if scheme != "url" else {stripped}
        return sorted(f"{scheme}:{form}"[:700] for form in forms)

    return scheme_terms


def _any_scheme_terms(sought: str) -> Sequence[str]:
    return (sought.strip(), *(f"{scheme.value}:{sought.strip()}"[:700] for scheme in v.IdentifierScheme))


def _country_terms(sought: str) -> tuple[str, ...]:
    return (_country_code(sought),)


def _reference_terms(kind: str) -> Callable[[str], Sequence[str]]:
    return lambda sought: (f"{kind}/{sought}",)


def _read_main_name(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": record.name}]


def _read_other_names(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": text} for text in record.other_names]


def _read_identifiers(record: LiveEntity) -> list[ProtocolValue]:
    return [{"str": f"{scheme}:{value}"} for scheme, value in record.identifiers]


def _folded_name_terms(sought: str) -> tuple[str, ...]:
    return (sought.casefold()[:700],)


def _reference_property(id: str, name: str, help: str, kind: str, referenced_kind: str) -> EntityProperty:
    return EntityProperty(
        id,
        name,
        help,
        (kind,),
        _reference_reader(id),
        _compare_references,
        _reference_terms(referenced_kind),
        referenced_kind=referenced_kind,
    )


_KINDS_WITH_COUNTRY = ("organisation", "facility", "event")
_KINDS_WITH_MONEY = KINDS
_ALL_PROPERTIES = (
    EntityProperty("name", "Name", "What the register calls it.", KINDS, _read_main_name, _compare_names, _folded_name_terms),
    EntityProperty(
        "alias",
        "Other names",
        "Its other names, in all languages.",
        KINDS,
        _read_other_names,
        _compare_names,
        _folded_name_terms,
        "name",
    ),
    EntityProperty(
        "summary", "Summary", "What it is, in the register's own words.", KINDS, _text_reader("summary"), _compare_exactly
    ),
    EntityProperty(
        "country",
        "Country",
        "ISO 3166-1 alpha-2.",
        _KINDS_WITH_COUNTRY,
        _text_reader("country"),
        _compare_countries,
        _country_terms,
    ),
    EntityProperty(
        "country_name",
        "Country's name",
        "In English.",
        _KINDS_WITH_COUNTRY,
        lambda record: [{"str": name}] if (name := country_name(record.document)) else [],
        _compare_countries,
        _country_terms,
        "country",
    ),
    EntityProperty(
        "type",
        "Type",
        "What sort it is.",
        tuple({property.broader: 0 for property in ENTITY_TYPES.values() if property.broader}),
        _text_reader("type"),
        _compare_exactly,
        _word_terms,
    ),
    EntityProperty(
        "locality", "Locality", "Town or place.", ("facility", "event"), _text_reader("locality"), _compare_names, _stored_terms
    ),
    EntityProperty(
        "founded", "Founded", "When; as precise as its source.", ("organisation",), _date_reader("founded"), _compare_dates
    ),
    EntityProperty(
        "dissolved", "Dissolved", "When; as precise as its source.", ("organisation",), _date_reader("dissolved"), _compare_dates
    ),
    _reference_property("operator", "Operator", "The organisation that releases it.", "facility", "organisation"),
    EntityProperty(
        "condition",
        "Condition",
        "Planned, operating, closed.",
        ("facility",),
        _text_reader("condition"),
        _compare_exactly,
        _word_terms,
    ),
    EntityProperty(
        "latitude", "Latitude", "In degrees, north positive.", ("facility",), _decimal_reader("latitude"), _compare_numbers
    ),
    EntityProperty(
        "longitude", "Longitude", "In degrees, east positive.", ("facility",), _decimal_reader("longitude"), _compare_numbers
    ),
    EntityProperty("given_name", "Given name", "As printed.", ("person",), _text_reader("given_name"), _compare_names),
    EntityProperty(
        "family_name", "Family name", "As printed.", ("person",), _text_reader("family_name"), _compare_names, _stored_terms
    ),
    EntityProperty(
        "nationality",
        "Nationality",
        "ISO 3166-1 alpha-2.",
        ("person",),
        _text_reader("nationality"),
        _compare_countries,
        _country_terms,
    ),
    _reference_property("organisation", "Organisation", "The organisation that the post is in.", "post", "organisation"),
    EntityProperty("rank", "Rank", "That goes with the post.", ("post",), _text_reader("rank"), _compare_names, _stored_terms),
    EntityProperty("start", "Start", "First day; as precise as its source.", ("event",), _date_reader("start"), _compare_dates),
    EntityProperty("end", "End", "Last day; as precise as its source.", ("event",), _date_reader("end"), _compare_dates),
    EntityProperty(
        "nature", "Nature", "Pledge, refusal, hope ...", ("commitment",), _text_reader("nature"), _compare_exactly, _word_terms
    ),
    EntityProperty(
        "category",
        "Category",
        "Funding, equipment, training ...",
        ("commitment",),
        _text_reader("category"),
        _compare_exactly,
        _word_terms,
    ),
    EntityProperty(
        "stage", "Stage", "Of its newest milestone.", ("commitment",), _text_reader("stage"), _compare_exactly, _word_terms
    ),
    _reference_property("committed_by", "Committed by", "Who undertakes it.", "commitment", "organisation"),
    _reference_property("beneficiary", "Beneficiary", "For whom.", "commitment", "organisation"),
    _reference_property("part_of", "Part of", "The package that it belongs to.", "commitment", "commitment"),
    _reference_property("facility", "Facility", "What it is about.", "commitment", "facility"),
    _reference_property("announced_at", "Announced at", "The occasion.", "commitment", "event"),
    EntityProperty(
        "conditions", "Conditions", "What it is made to depend on.", ("commitment",), _text_reader("conditions"), _compare_exactly
    ),
    EntityProperty(
        "amount",
        "Amount",
        "Money as stated, its lower end; never converted.",
        _KINDS_WITH_MONEY,
        _amount_reader("value"),
        _compare_numbers,
    ),
    EntityProperty(
        "amount_upper", "Amount, upper end", "Of a range.", _KINDS_WITH_MONEY, _amount_reader("upper"), _compare_numbers
    ),
    EntityProperty(
        "currency",
        "Currency",
        "ISO 4217.",
        _KINDS_WITH_MONEY,
        _amount_reader("currency"),
        _compare_exactly,
        lambda sought: (sought.upper(),),
    ),
    EntityProperty(
        "amount_qualifier",
        "Amount, how exact",
        "Exactly, about, up to ...",
        _KINDS_WITH_MONEY,
        _amount_reader("qualifier"),
        _compare_exactly,
    ),
    EntityProperty(
        "amount_as_stated",
        "Amount, as stated",
        "The source's words.",
        _KINDS_WITH_MONEY,
        _amount_reader("as_stated"),
        _compare_exactly,
    ),
    EntityProperty(
        "identifier",
        "Identifiers",
        "All of them, as scheme:value.",
        KINDS,
        _read_identifiers,
        _compare_identifiers,
        _any_scheme_terms,
    ),
    *(
        EntityProperty(
            property.value,
            property.label,
            f"Its identifier in the scheme {property.value}.",
            KINDS,
            _identifier_reader(property.value),
            _compare_identifiers,
            _scheme_terms(property.value),
            "identifier",
        )
        for property in v.IdentifierScheme
    ),
    EntityProperty(
        "contested",
        "Contested",
        "Fields whose sources differ.",
        KINDS,
        lambda record: [{"str": field} for field in record.document["contested"]],
        _compare_exactly,
        _stored_terms,
    ),
    EntityProperty(
        "citations",
        "Citations",
        "How many citations it rests on.",
        KINDS,
        lambda record: [{"int": record.document["citations"]}],
        _compare_numbers,
    ),
    EntityProperty("href", "Address", "Path of its record in the API.", KINDS, _text_reader("href"), _compare_exactly),
)
PROPERTIES = {property.id: property for property in _ALL_PROPERTIES}
"""Id -> property, in the order in which they are proposed."""


def properties_of_type(type: str) -> list[EntityProperty]:
    """Properties that entities of a type may have; all of them if the type is unknown."""
    kind = type.partition(".")[0] if type in ENTITY_TYPES else ""
    return [property for property in PROPERTIES.values() if not kind or kind in property.kinds]
