"""Properties of entities, with which the other columns of a table are compared and new columns are filled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from entities import vocabulary as v
from nato_support.api.reconciliation import property_values
from nato_support.api.reconciliation.entity_types import ENTITY_TYPES, KINDS
from nato_support.api.reconciliation.live_entities import LiveEntity
from nato_support.api.reconciliation.property_values import ProtocolValue


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


def _reference_property(id: str, name: str, help: str, kind: str, referenced_kind: str) -> EntityProperty:
    return EntityProperty(
        id,
        name,
        help,
        (kind,),
        property_values.reference_reader(id),
        property_values.compare_references,
        property_values.reference_terms(referenced_kind),
        referenced_kind=referenced_kind,
    )


_KINDS_WITH_COUNTRY = ("organisation", "facility", "event")
_KINDS_WITH_MONEY = KINDS
_ALL_PROPERTIES = (
    EntityProperty(
        "name",
        "Name",
        "What the register calls it.",
        KINDS,
        property_values.read_main_name,
        property_values.compare_names,
        property_values.folded_name_terms,
    ),
    EntityProperty(
        "alias",
        "Other names",
        "Its other names, in all languages.",
        KINDS,
        property_values.read_other_names,
        property_values.compare_names,
        property_values.folded_name_terms,
        "name",
    ),
    EntityProperty(
        "summary",
        "Summary",
        "What it is, in the register's own words.",
        KINDS,
        property_values.text_reader("summary"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "country",
        "Country",
        "ISO 3166-1 alpha-2.",
        _KINDS_WITH_COUNTRY,
        property_values.text_reader("country"),
        property_values.compare_countries,
        property_values.country_terms,
    ),
    EntityProperty(
        "country_name",
        "Country's name",
        "In English.",
        _KINDS_WITH_COUNTRY,
        lambda record: [{"str": name}] if (name := property_values.country_name(record.document)) else [],
        property_values.compare_countries,
        property_values.country_terms,
        "country",
    ),
    EntityProperty(
        "type",
        "Type",
        "What sort it is.",
        tuple({property.broader: 0 for property in ENTITY_TYPES.values() if property.broader}),
        property_values.text_reader("type"),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "locality",
        "Locality",
        "Town or place.",
        ("facility", "event"),
        property_values.text_reader("locality"),
        property_values.compare_names,
        property_values.stored_terms,
    ),
    EntityProperty(
        "founded",
        "Founded",
        "When; as precise as its source.",
        ("organisation",),
        property_values.date_reader("founded"),
        property_values.compare_dates,
    ),
    EntityProperty(
        "dissolved",
        "Dissolved",
        "When; as precise as its source.",
        ("organisation",),
        property_values.date_reader("dissolved"),
        property_values.compare_dates,
    ),
    _reference_property("operator", "Operator", "The organisation that runs it.", "facility", "organisation"),
    EntityProperty(
        "condition",
        "Condition",
        "Planned, operating, closed.",
        ("facility",),
        property_values.text_reader("condition"),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "latitude",
        "Latitude",
        "In degrees, north positive.",
        ("facility", "event"),
        property_values.decimal_reader("latitude"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "longitude",
        "Longitude",
        "In degrees, east positive.",
        ("facility", "event"),
        property_values.decimal_reader("longitude"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "given_name",
        "Given name",
        "Exactly as recorded.",
        ("person",),
        property_values.text_reader("given_name"),
        property_values.compare_given_names,
    ),
    EntityProperty(
        "family_name",
        "Family name",
        "Exactly as recorded.",
        ("person",),
        property_values.text_reader("family_name"),
        property_values.compare_names,
        property_values.stored_terms,
    ),
    EntityProperty(
        "nationality",
        "Nationality",
        "ISO 3166-1 alpha-2.",
        ("person",),
        property_values.text_reader("nationality"),
        property_values.compare_countries,
        property_values.country_terms,
    ),
    _reference_property("organisation", "Organisation", "The organisation that the post is in.", "post", "organisation"),
    EntityProperty(
        "rank",
        "Rank",
        "That goes with the post.",
        ("post",),
        property_values.text_reader("rank"),
        property_values.compare_names,
        property_values.stored_terms,
    ),
    EntityProperty(
        "start",
        "Start",
        "First day; as precise as its source.",
        ("event",),
        property_values.date_reader("start"),
        property_values.compare_dates,
    ),
    EntityProperty(
        "end",
        "End",
        "Last day; as precise as its source.",
        ("event",),
        property_values.date_reader("end"),
        property_values.compare_dates,
    ),
    EntityProperty(
        "nature",
        "Nature",
        "Pledge, refusal, hope ...",
        ("commitment",),
        property_values.text_reader("nature"),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "category",
        "Category",
        "Funding, equipment, training ...",
        ("commitment",),
        property_values.text_reader("category"),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "stage",
        "Stage",
        "Of its newest milestone; delivered_in_part until the promised amount has come.",
        ("commitment",),
        property_values.text_reader("stage"),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    _reference_property("committed_by", "Committed by", "Who undertakes it.", "commitment", "organisation"),
    _reference_property("beneficiary", "Beneficiary", "For whom.", "commitment", "organisation"),
    _reference_property("concerns", "Concerns", "What it creates, changes or is about.", "commitment", "organisation"),
    EntityProperty(
        "due",
        "Due",
        "By when; as precise as its source.",
        ("commitment",),
        property_values.date_reader("due"),
        property_values.compare_dates,
    ),
    EntityProperty(
        "period",
        "Period",
        "The time for which it is meant; as precise as its source.",
        ("commitment",),
        property_values.date_reader("period"),
        property_values.compare_dates,
    ),
    _reference_property("part_of", "Part of", "The package that it belongs to.", "commitment", "commitment"),
    _reference_property("facility", "Facility", "What it is about.", "commitment", "facility"),
    _reference_property("announced_at", "Announced at", "The occasion.", "commitment", "event"),
    EntityProperty(
        "conditions",
        "Conditions",
        "What it is made to depend on.",
        ("commitment",),
        property_values.text_reader("conditions"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "amount",
        "Amount",
        "Money as stated, its lower end; never converted.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("value"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "amount_upper",
        "Amount, upper end",
        "Of a range.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("upper"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "currency",
        "Currency",
        "ISO 4217.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("currency"),
        property_values.compare_exactly,
        lambda sought: (sought.upper(),),
    ),
    EntityProperty(
        "amount_qualifier",
        "Amount, how exact",
        "About, up to ...; none if the source adds no word.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("qualifier"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "amount_as_stated",
        "Amount, as stated",
        "The source's words.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("as_stated"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "amount_as_of",
        "Amount, as of",
        "The time for which it holds; as precise as its source.",
        _KINDS_WITH_MONEY,
        property_values.reader_of_money_member("as_of"),
        property_values.compare_dates,
    ),
    EntityProperty(
        "share_stage",
        "Share, of what",
        "Allocated or delivered, of an amount that was promised.",
        ("commitment",),
        property_values.reader_of_share_member("stage"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "share_unit",
        "Share, in what",
        "Currency or unit of that amount.",
        ("commitment",),
        property_values.reader_of_share_member("currency", "unit"),
        property_values.compare_exactly,
    ),
    EntityProperty(
        "share",
        "Share",
        "The least that it can be: 0.25 is a quarter.",
        ("commitment",),
        property_values.reader_of_share_member("low"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "share_upper",
        "Share, upper end",
        "The most that it can be; empty if there is no limit.",
        ("commitment",),
        property_values.reader_of_share_member("high"),
        property_values.compare_numbers,
    ),
    EntityProperty(
        "identifier",
        "Identifiers",
        "All of them, as scheme:value.",
        KINDS,
        property_values.read_identifiers,
        property_values.compare_identifiers,
        property_values.any_scheme_terms,
    ),
    *(
        EntityProperty(
            property.value,
            property.label,
            f"Its identifier in the scheme {property.value}.",
            KINDS,
            property_values.identifier_reader(property.value),
            property_values.compare_identifiers,
            property_values.terms_of_identifier_scheme(property.value),
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
        property_values.compare_exactly,
        property_values.stored_terms,
    ),
    EntityProperty(
        "denied",
        "Denied",
        "Fields on which a source denies a value.",
        KINDS,
        lambda record: [{"str": field} for field in record.document["denied"]],
        property_values.compare_exactly,
        property_values.stored_terms,
    ),
    EntityProperty(
        "agreement",
        "Agreement",
        "How the sources of its fields agree: single, agreed, resolved, contested.",
        KINDS,
        property_values.evidence_reader(lambda entry: [entry["agreement"]]),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "basis",
        "Basis",
        "What limits the weight of its fields: one document, anonymous sources ...",
        KINDS,
        property_values.evidence_reader(lambda entry: (entry.get("basis") or {"limits": []})["limits"]),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "verdict",
        "Verdict",
        "Editors' verdicts on fields whose sources differ.",
        KINDS,
        property_values.evidence_reader(lambda entry: [entry["resolution"]["verdict"]] if entry["resolution"] else []),
        property_values.compare_exactly,
        property_values.word_terms,
    ),
    EntityProperty(
        "citations",
        "Citations",
        "How many citations it rests on.",
        KINDS,
        lambda record: [{"int": record.document["citations"]}],
        property_values.compare_numbers,
    ),
    EntityProperty(
        "href",
        "Address",
        "Path of its record in the API.",
        KINDS,
        property_values.text_reader("href"),
        property_values.compare_exactly,
    ),
)
PROPERTIES = {property.id: property for property in _ALL_PROPERTIES}
"""Id -> property, in the order in which they are proposed."""


def properties_of_type(type: str) -> list[EntityProperty]:
    """Properties that entities of a type may have; all of them if the type is unknown."""
    kind = type.partition(".")[0] if type in ENTITY_TYPES else ""
    return [property for property in PROPERTIES.values() if not kind or kind in property.kinds]
