"""The properties of entities: what a table's other columns are compared with, and what its new columns are filled with.

A value is what the protocol sends: `{"str": ...}`, `{"float": ...}`, `{"int": ...}`, or `{"id": ..., "name": ...}` of an entity.
Money and partial dates are texts: clients would round the one and complete the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from entities import vocabulary as v
from entities.countries import COUNTRIES
from entities.dates import PartialDate
from entities.likeness import names
from nato_support.api.reconciling.kinds import KINDS, TYPES
from nato_support.api.reconciling.records import Record

Value = dict[str, Any]
_CODES = {name.casefold(): code for code, name in COUNTRIES.items()}


@dataclass(frozen=True, slots=True)
class Property:
    """One property: of which kinds of entity, how its values are read, and how a value sought is compared with them."""

    id: str
    name: str
    help: str
    kinds: tuple[str, ...]
    read: Callable[[Record], list[Value]]
    compare: Callable[[str, Value], float]
    terms: Callable[[str], Sequence[str]] | None = None
    """How what is sought stands among the terms of editions; None if it cannot be looked up there."""
    field: str = ""
    """The field of those terms; its own id unless given."""
    refers: str = ""
    """The kind of entity that its values name."""

    def shape(self) -> dict[str, str]:
        return {"id": self.id, "name": self.name, "description": self.help}

    def agreement(self, record: Record, sought: Sequence[str]) -> list[float] | None:
        """How well each value sought agrees with one of the record's, 0 to 1; None if the record has none."""
        values = self.read(record) if record.kind in self.kinds else []
        if not values:
            return None
        return [max(self.compare(text, value) for value in values) for text in sought]


def text_of(value: Value) -> str:
    """What a value says, whatever its form."""
    return next((str(value[key]) for key in ("id", "str", "float", "int") if key in value), "")


def country_of(lean: dict) -> str:
    """The country of a printed entity, by its name; empty if it has none."""
    code = lean.get("country") or lean.get("nationality")
    return COUNTRIES.get(code, code) if code else ""


def _folded(text: str) -> str:
    return " ".join(text.replace("_", " ").casefold().split())


def _same(sought: str, value: Value) -> float:
    return float(_folded(sought) == _folded(text_of(value)))


def _alike(sought: str, value: Value) -> float:
    text = text_of(value)
    return 1.0 if _folded(sought) == _folded(text) else names.similarity(sought, text, "organisation")


def _referred(sought: str, value: Value) -> float:
    if sought == value["id"] or _folded(sought) == _folded(value["name"]):
        return 1.0
    return names.similarity(sought, value["name"], "organisation")


def _country(sought: str, value: Value) -> float:
    return float(_code(sought) == _code(text_of(value)))


def _code(text: str) -> str:
    return _CODES.get(text.strip().casefold(), text.strip().upper())


def _dated(sought: str, value: Value) -> float:
    """1 if the one date lies within the other, whatever their precision."""
    try:
        one, other = PartialDate.parse(sought.strip()[:10]), PartialDate.parse(text_of(value))
    except ValueError:
        return 0.0
    return float(one.earliest <= other.latest and other.earliest <= one.latest)


def _number(sought: str, value: Value) -> float:
    try:
        return float(abs(float(sought.replace(",", "")) - float(text_of(value))) < 0.000_001)
    except (ValueError, OverflowError):
        return 0.0


def _identified(sought: str, value: Value) -> float:
    """Identifiers may be given with their scheme, or as the last part of an address."""
    text = text_of(value)
    return float(sought.strip().casefold() in (text.casefold(), text.partition(":")[2].casefold()) or sought.endswith(f"/{text}"))


def _text(member: str) -> Callable[[Record], list[Value]]:
    return lambda record: [{"str": str(record.lean[member])}] if record.lean.get(member) else []


def _date(member: str) -> Callable[[Record], list[Value]]:
    return lambda record: [{"str": record.lean[member]["value"]}] if record.lean.get(member) else []


def _decimal(member: str) -> Callable[[Record], list[Value]]:
    return lambda record: [{"float": float(record.lean[member])}] if record.lean.get(member) is not None else []


def _reference(member: str) -> Callable[[Record], list[Value]]:
    def read(record: Record) -> list[Value]:
        found = record.lean.get(member) or []
        return [{"id": one["slug"], "name": one["name"]} for one in (found if isinstance(found, list) else [found])]

    return read


def _scheme(scheme: str) -> Callable[[Record], list[Value]]:
    return lambda record: [{"str": value} for one, value in record.identifiers if one == scheme]


def _amount(member: str) -> Callable[[Record], list[Value]]:
    """Of each amount of money as stated; an empty value keeps the columns of one amount in one row."""

    def read(record: Record) -> list[Value]:
        money = [one for one in record.lean["measures"] if one["kind"] == "money"]
        found: list[Value] = [{"str": str(one[member])} if one[member] is not None else {} for one in money]
        return found if any(found) else []

    return read


def _as_stored(sought: str) -> tuple[str, ...]:
    return (sought,)


def _as_word(sought: str) -> tuple[str, ...]:
    return ("_".join(sought.casefold().split()), sought)


def _by_identifier(scheme: str) -> Callable[[str], Sequence[str]]:
    def terms(sought: str) -> Sequence[str]:
        bare = sought.strip()
        forms = {bare, bare.upper(), bare.rpartition("/")[2] or bare} if scheme != "url" else {bare}
        return sorted(f"{scheme}:{form}"[:700] for form in forms)

    return terms


def _any_identifier(sought: str) -> Sequence[str]:
    return (sought.strip(), *(f"{one.value}:{sought.strip()}"[:700] for one in v.IdentifierScheme))


def _by_country(sought: str) -> tuple[str, ...]:
    return (_code(sought),)


def _by_reference(kind: str) -> Callable[[str], Sequence[str]]:
    return lambda sought: (f"{kind}/{sought}",)


def _named(record: Record) -> list[Value]:
    return [{"str": record.name}]


def _other_names(record: Record) -> list[Value]:
    return [{"str": text} for text in record.other_names]


def _identifiers(record: Record) -> list[Value]:
    return [{"str": f"{scheme}:{value}"} for scheme, value in record.identifiers]


def _folded_name(sought: str) -> tuple[str, ...]:
    return (sought.casefold()[:700],)


def _references(id: str, name: str, help: str, kind: str, refers: str) -> Property:
    return Property(id, name, help, (kind,), _reference(id), _referred, _by_reference(refers), refers=refers)


_PLACED = ("organisation", "facility", "event")
_OF_MONEY = KINDS
_EVERY = (
    Property("name", "Name", "What the register calls it.", KINDS, _named, _alike, _folded_name),
    Property("alias", "Other names", "Its other names, in all languages.", KINDS, _other_names, _alike, _folded_name, "name"),
    Property("summary", "Summary", "What it is, in the register's own words.", KINDS, _text("summary"), _same),
    Property("country", "Country", "ISO 3166-1 alpha-2.", _PLACED, _text("country"), _country, _by_country),
    Property(
        "country_name",
        "Country's name",
        "In English.",
        _PLACED,
        lambda record: [{"str": name}] if (name := country_of(record.lean)) else [],
        _country,
        _by_country,
        "country",
    ),
    Property(
        "type",
        "Type",
        "What sort it is.",
        tuple({one.broader: 0 for one in TYPES.values() if one.broader}),
        _text("type"),
        _same,
        _as_word,
    ),
    Property("locality", "Locality", "Town or place.", ("facility", "event"), _text("locality"), _alike, _as_stored),
    Property("founded", "Founded", "When; as precise as its source.", ("organisation",), _date("founded"), _dated),
    Property("dissolved", "Dissolved", "When; as precise as its source.", ("organisation",), _date("dissolved"), _dated),
    _references("operator", "Operator", "The organisation that runs it.", "facility", "organisation"),
    Property("condition", "Condition", "Planned, operating, closed.", ("facility",), _text("condition"), _same, _as_word),
    Property("latitude", "Latitude", "In degrees, north positive.", ("facility",), _decimal("latitude"), _number),
    Property("longitude", "Longitude", "In degrees, east positive.", ("facility",), _decimal("longitude"), _number),
    Property("given_name", "Given name", "As printed.", ("person",), _text("given_name"), _alike),
    Property("family_name", "Family name", "As printed.", ("person",), _text("family_name"), _alike, _as_stored),
    Property("nationality", "Nationality", "ISO 3166-1 alpha-2.", ("person",), _text("nationality"), _country, _by_country),
    _references("organisation", "Organisation", "The organisation that the post is in.", "post", "organisation"),
    Property("rank", "Rank", "That goes with the post.", ("post",), _text("rank"), _alike, _as_stored),
    Property("start", "Start", "First day; as precise as its source.", ("event",), _date("start"), _dated),
    Property("end", "End", "Last day; as precise as its source.", ("event",), _date("end"), _dated),
    Property("nature", "Nature", "Pledge, refusal, hope ...", ("commitment",), _text("nature"), _same, _as_word),
    Property("category", "Category", "Funding, equipment, training ...", ("commitment",), _text("category"), _same, _as_word),
    Property("stage", "Stage", "Of its newest milestone.", ("commitment",), _text("stage"), _same, _as_word),
    _references("committed_by", "Committed by", "Who undertakes it.", "commitment", "organisation"),
    _references("beneficiary", "Beneficiary", "For whom.", "commitment", "organisation"),
    _references("part_of", "Part of", "The package that it belongs to.", "commitment", "commitment"),
    _references("facility", "Facility", "What it is about.", "commitment", "facility"),
    _references("announced_at", "Announced at", "The occasion.", "commitment", "event"),
    Property("conditions", "Conditions", "What it is made to depend on.", ("commitment",), _text("conditions"), _same),
    Property("amount", "Amount", "Money as stated, its lower end; never converted.", _OF_MONEY, _amount("value"), _number),
    Property("amount_upper", "Amount, upper end", "Of a range.", _OF_MONEY, _amount("upper"), _number),
    Property("currency", "Currency", "ISO 4217.", _OF_MONEY, _amount("currency"), _same, lambda sought: (sought.upper(),)),
    Property("amount_qualifier", "Amount, how exact", "Exactly, about, up to ...", _OF_MONEY, _amount("qualifier"), _same),
    Property("amount_as_stated", "Amount, as stated", "The source's words.", _OF_MONEY, _amount("as_stated"), _same),
    Property("identifier", "Identifiers", "All of them, as scheme:value.", KINDS, _identifiers, _identified, _any_identifier),
    *(
        Property(
            one.value,
            one.label,
            f"Its identifier in the scheme {one.value}.",
            KINDS,
            _scheme(one.value),
            _identified,
            _by_identifier(one.value),
            "identifier",
        )
        for one in v.IdentifierScheme
    ),
    Property(
        "contested",
        "Contested",
        "Fields whose sources differ.",
        KINDS,
        lambda record: [{"str": field} for field in record.lean["contested"]],
        _same,
        _as_stored,
    ),
    Property(
        "citations",
        "Citations",
        "How many citations it rests on.",
        KINDS,
        lambda record: [{"int": record.lean["citations"]}],
        _number,
    ),
    Property("href", "Address", "Path of its record in the API.", KINDS, _text("href"), _same),
)
PROPERTIES = {one.id: one for one in _EVERY}
"""Property by id, in the order in which they are proposed."""


def of_type(type: str) -> list[Property]:
    """The properties that entities of a type may have; all of them if the type is none."""
    kind = type.partition(".")[0] if type in TYPES else ""
    return [one for one in PROPERTIES.values() if not kind or kind in one.kinds]
