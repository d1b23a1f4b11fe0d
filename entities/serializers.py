"""The public shape of entities and relations: run once, at publication, and read as the API's reference.

They import no model: they read whatever record they are given, and the public side may import them.
A reference is printed as kind and slug alone; the printer fills in what it refers to.
"""

from typing import Any, ClassVar

from rest_framework import serializers

from entities import vocabulary as v
from entities.dates import PartialDate

PLURALS = {
    "organisation": "organisations",
    "facility": "facilities",
    "person": "persons",
    "post": "posts",
    "event": "events",
    "commitment": "commitments",
    "relation": "relations",
    "quote": "quotes",
    "document": "documents",
}
"""Kind of record -> its collection in the API."""

ENTITY_KINDS = tuple(v.Kind.values)

SLUG_PATTERN = "^[a-z0-9]+(-[a-z0-9]+)*$"
API_PATH_PATTERN = "^/api/v1/[a-z]+/"
KEY_PATTERN = "^[A-Za-z0-9_-]+$"
FIELD_ADDRESS_PATTERN = r"^[a-z_]+(\.[A-Za-z0-9_-]+)?$"
COUNTRY_CODE_PATTERN = "^[A-Z]{2}$"
CURRENCY_CODE_PATTERN = "^[A-Z]{3}$"
EXAMPLE_DAY = "2024-07-09"


def record_path(kind: str, slug: str) -> str:
    """Path of a record in the API."""
    return f"/api/v1/{PLURALS[kind]}/{slug}/"


class PublicShape(serializers.Serializer):
    """Something that is printed or answered. Each of its fields says what it is, and EXAMPLE has a value of each."""

    EXAMPLE: ClassVar[dict[str, Any]] = {}
    ANSWER: ClassVar[dict[str, Any]] = {}
    """Of a whole answer: how it comes unless more is asked for."""
    IDENTIFYING_MEMBERS: ClassVar[tuple[str, ...]] = ()
    """What tells one from another: the members that stay when a reader chooses others (`fields=`). Empty: it is whole."""


class DateShape(PublicShape):
    """A date as precise as its source, with the first and last day that it may mean."""

    IDENTIFYING_MEMBERS = ("value",)
    EXAMPLE = {
        "value": "2024-07",
        "precision": "month",
        "earliest": "2024-07-01",
        "latest": "2024-07-31",
        "is_approximate": False,
        "is_uncertain": False,
    }

    value = serializers.RegexField("^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$", help_text="As recorded: 2024, 2024-07 or 2024-07-10.")
    precision = serializers.ChoiceField(["year", "month", "day"], help_text="How much of the date is known.")
    earliest = serializers.DateField(help_text="The first day that it may mean.")
    latest = serializers.DateField(help_text="The last day that it may mean.")
    is_approximate = serializers.BooleanField(help_text="The source says “about” or the like.")
    is_uncertain = serializers.BooleanField(help_text="Whether it is right is not certain.")


def date_shape(text: str) -> dict | None:
    """`2024-07~` as a DateShape; None for the empty string."""
    if not text:
        return None
    date = PartialDate.parse(text)
    return {
        "value": text.rstrip("~?"),
        "precision": date.precision,
        "earliest": date.earliest.isoformat(),
        "latest": date.latest.isoformat(),
        "is_approximate": date.mark == "~",
        "is_uncertain": date.mark == "?",
    }


class NestedField(serializers.Field):
    """A field in whose place an object of `shape` is printed, or null; with `always` never null; with `many`, several."""

    shape: type[PublicShape]
    always = False
    many = False


class DateShapeField(NestedField):
    """A partial date of a record, as DateShape or null."""

    shape = DateShape

    def to_representation(self, value):
        return date_shape(value)

    def get_attribute(self, instance):
        # The empty string is a value here, not a reason to leave the field out.
        return getattr(instance, self.source)


class ReferenceShape(PublicShape):
    """Another record: enough to name it and to find it."""

    IDENTIFYING_MEMBERS = ("kind", "slug")
    EXAMPLE = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}

    kind = serializers.ChoiceField(list(PLURALS), help_text="What sort of record it is.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    name = serializers.CharField(help_text="What it was called when this was printed.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="Path of the record.")


class ReferenceField(NestedField):
    """A reference to another record, as ReferenceShape or null."""

    shape = ReferenceShape

    def to_representation(self, value):
        return {"kind": getattr(value, "kind", "relation"), "slug": value.slug}


class ReferencesField(NestedField):
    """References to several records, in the order of their slugs."""

    shape = ReferenceShape
    many = True

    def to_representation(self, value):
        return sorted(({"kind": one.kind, "slug": one.slug} for one in value.all()), key=lambda reference: reference["slug"])


class DecimalTextField(serializers.Field):
    """A decimal number as text, without an exponent or idle zeros, so that no reader rounds it."""

    def to_representation(self, value):
        return f"{value.normalize():f}"


class BlankAsNullField(serializers.CharField):
    """Text, of the form `pattern` if there is one, or null where the register holds none."""

    def __init__(self, *, pattern: str = "", **kwargs):
        self.pattern = pattern
        super().__init__(**kwargs)

    def to_representation(self, value):
        return str(value) or None


class NullableChoiceField(serializers.ChoiceField):
    """One of a closed list of words, or null where the register holds none."""

    def to_representation(self, value):
        return value or None


class RenderedField(serializers.Field):
    """What only printing can tell, such as the edition's number: of the type of `child`, and `empty` until then."""

    def __init__(self, child: serializers.Field, empty: Any, **kwargs):
        self.child, self.empty = child, empty
        super().__init__(**kwargs)

    def get_attribute(self, instance):
        return instance

    def to_representation(self, value):
        # A copy: what is printed is woven in place.
        return list(self.empty) if isinstance(self.empty, list) else self.empty


class MeasureShape(PublicShape):
    """An amount as its source states it."""

    IDENTIFYING_MEMBERS = ("key",)
    EXAMPLE = {
        "key": "aid",
        "kind": "money",
        "value": "40000000000",
        "upper": None,
        "unit": None,
        "currency": "EUR",
        "qualifier": "at_least",
        "as_stated": "at least EUR 40 billion",
        "as_of": DateShape.EXAMPLE,
    }

    key = serializers.RegexField(KEY_PATTERN, help_text="Its address in the evidence: measures.<key>.")
    kind = serializers.ChoiceField(v.MeasureKind.choices, help_text="Money, persons, items or percent.")
    value = DecimalTextField(help_text="Decimal number as text; null for an unspecified number.")
    upper = DecimalTextField(help_text="Upper end of a range; null if none is stated.")
    unit = BlankAsNullField(help_text="What is counted; null for money.")
    currency = BlankAsNullField(pattern=CURRENCY_CODE_PATTERN, help_text="ISO 4217 code; null unless money.")
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text="How the source limits the number.")
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateShapeField(help_text="The time for which it holds; null if it is not tied to one.")


class ConversionShape(PublicShape):
    """An amount of money stated in another currency: never add it to the one that it converts."""

    IDENTIFYING_MEMBERS = ("key", "conversion_of")
    EXAMPLE = {
        "key": "aid-usd",
        "kind": "money",
        "conversion_of": "aid",
        "value": "43000000000",
        "upper": None,
        "currency": "USD",
        "qualifier": "about",
        "as_stated": "about 43 billion dollars",
        "as_of": None,
        "rate": "1.075",
        "rate_date": DateShape.EXAMPLE,
        "rate_source": "https://example.org/rates/2024-07",
    }

    key = serializers.RegexField(KEY_PATTERN, help_text="Its address in the evidence: measures.<key>.")
    kind = serializers.ChoiceField([v.MeasureKind.MONEY.value], help_text="Only money is converted.")
    conversion_of = serializers.RegexField(
        KEY_PATTERN, source="conversion_of.key", help_text="Key of the amount that it converts."
    )
    value = DecimalTextField(help_text="Decimal number as text.")
    upper = DecimalTextField(help_text="Upper end of a range; null if none is stated.")
    currency = serializers.RegexField(CURRENCY_CODE_PATTERN, help_text="ISO 4217 code.")
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text="How the source limits the number.")
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateShapeField(help_text="The time for which it holds; null if it is not tied to one.")
    rate = DecimalTextField(help_text="Units of this currency for one of the other; null if no source states it.")
    rate_date = DateShapeField(help_text="Day of the rate; null if no source states it.")
    rate_source = BlankAsNullField(help_text="Where the rate comes from: a web address.")


class MeasuresField(NestedField):
    """Amounts of a record: as stated, or with `converted` those that convert another."""

    many = True

    def __init__(self, *, converted: bool = False, **kwargs):
        self.converted = converted
        self.shape = ConversionShape if converted else MeasureShape
        self._one = self.shape()
        super().__init__(**kwargs)

    def to_representation(self, value):
        found = (measure for measure in value.all() if (measure.conversion_of_id is not None) == self.converted)
        return [self._one.to_representation(measure) for measure in found]


class MilestoneShape(PublicShape):
    """A dated step in a commitment's life."""

    IDENTIFYING_MEMBERS = ("key",)
    EXAMPLE = {
        "key": "announced",
        "stage": "announced",
        "date": DateShape.EXAMPLE,
        "event": {"kind": "event", "slug": "lake-meeting", "name": "Lake Meeting", "href": "/api/v1/events/lake-meeting/"},
    }

    key = serializers.RegexField(KEY_PATTERN, help_text="Its address in the evidence: milestones.<key>.")
    stage = serializers.ChoiceField(v.Stage.choices, help_text="Which step was taken.")
    date = DateShapeField(help_text="When; null if no source says.")
    event = ReferenceField(help_text="The event at which it was taken.")


class NameShape(PublicShape):
    """A further name of a record."""

    IDENTIFYING_MEMBERS = ("text",)
    EXAMPLE = {"text": "Arcadie", "kind": "alias", "language": "fr", "script": "Latn"}

    text = serializers.CharField(help_text="The name.")
    kind = serializers.ChoiceField(v.NameKind.choices, help_text="What sort of name it is.")
    language = BlankAsNullField(help_text="BCP 47.")
    script = BlankAsNullField(help_text="ISO 15924.")


class IdentifierShape(PublicShape):
    """What a record is called in another register."""

    IDENTIFYING_MEMBERS = ("scheme", "value")
    EXAMPLE = {"scheme": "wikidata", "value": "Q7184"}

    scheme = serializers.ChoiceField(v.IdentifierScheme.choices, help_text="Which register.")
    value = serializers.CharField(help_text="Its identifier there.")


class EditionShape(PublicShape):
    """What every printed record starts with. Edition and release are the printer's."""

    KIND: ClassVar[str]
    IDENTIFYING_MEMBERS = ("kind", "slug", "href", "edition", "release")
    EXAMPLE = {
        "kind": "organisation",
        "slug": "kite-command",
        "href": record_path("organisation", "kite-command"),
        "edition": 3,
        "release": 1841,
    }

    kind = serializers.SerializerMethodField(help_text="What sort of record it is.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="The public id.")
    href = serializers.SerializerMethodField(help_text="Path of the record.")
    edition = RenderedField(
        serializers.IntegerField(min_value=1), 0, help_text="Number of this edition within the record: 1, 2, 3 ..."
    )
    release = RenderedField(serializers.IntegerField(min_value=1), 0, help_text="Number of the release that printed it.")

    def get_kind(self, record) -> str:
        return self.KIND

    def get_href(self, record) -> str:
        return record_path(self.KIND, record.slug)


def edition_example(kind: str, slug: str) -> dict[str, Any]:
    """What an example of a printed record starts with."""
    return EditionShape.EXAMPLE | {"kind": kind, "slug": slug, "href": record_path(kind, slug)}


_CONTESTED_FIELD: dict[str, Any] = {
    "child": serializers.ListField(child=serializers.RegexField(FIELD_ADDRESS_PATTERN)),
    "empty": [],
    "help_text": "Fields whose sources differ, unresolved or disputed.",
}


class EntityShape(EditionShape):
    """What entities of every kind have."""

    EXAMPLE = EditionShape.EXAMPLE | {
        "name": "Kite Command",
        "summary": "What a reader should know of it first.",
        "contested": ["name"],
        "citations": 4,
        "measures": [MeasureShape.EXAMPLE],
        "conversions": [],
    }

    name = serializers.CharField(help_text="What it is called.")
    summary = BlankAsNullField(help_text="In the register's own words.")
    contested = RenderedField(**_CONTESTED_FIELD)
    citations = RenderedField(serializers.IntegerField(min_value=0), 0, help_text="How many citations the record rests on.")
    measures = MeasuresField(help_text="Amounts as their sources state them.")
    conversions = MeasuresField(
        converted=True, source="measures", help_text="The same amounts in other currencies: never add them to `measures`."
    )


def _entity_example(kind: str, slug: str, name: str, **members: Any) -> dict[str, Any]:
    about: dict[str, Any] = {"name": name, "contested": [], "measures": []}
    return EntityShape.EXAMPLE | edition_example(kind, slug) | about | members


def _reference_example(kind: str, slug: str, name: str) -> dict[str, str]:
    return {"kind": kind, "slug": slug, "name": name, "href": record_path(kind, slug)}


class OrganisationShape(EntityShape):
    KIND = "organisation"
    EXAMPLE = _entity_example(
        KIND,
        "kite-command",
        "Kite Command",
        contested=["measures.staff"],
        measures=[
            MeasureShape.EXAMPLE
            | {
                "key": "staff",
                "kind": "headcount",
                "value": "700",
                "unit": "person",
                "currency": None,
                "qualifier": "about",
                "as_stated": "around 700 personnel",
            }
        ],
        type="command",
        country="DE",
        founded=DateShape.EXAMPLE,
        dissolved=None,
    )

    type = serializers.ChoiceField(v.OrganisationType.choices, help_text="Type of organisation.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")
    founded = DateShapeField(help_text="When it began.")
    dissolved = DateShapeField(help_text="When it ended.")


class FacilityShape(EntityShape):
    KIND = "facility"
    EXAMPLE = _entity_example(
        KIND,
        "kite-yard",
        "Kite Yard",
        type="plant",
        operator=_reference_example("organisation", "kite-command", "Kite Command"),
        locality="Harbourton",
        country="PL",
        latitude="53.1235",
        longitude="18.0084",
        condition="operating",
    )

    type = serializers.ChoiceField(v.FacilityType.choices, help_text="Type of facility.")
    operator = ReferenceField(help_text="Who runs it.")
    locality = BlankAsNullField(help_text="Town or place.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")
    latitude = DecimalTextField(help_text="Degrees north (WGS 84).")
    longitude = DecimalTextField(help_text="Degrees east (WGS 84).")
    condition = NullableChoiceField(v.FacilityCondition.choices, allow_null=True, help_text="Its state, as far as a source says.")


class PersonShape(EntityShape):
    KIND = "person"
    EXAMPLE = _entity_example(KIND, "ada-fell", "Ada Fell", given_name="Ada", family_name="Fell", nationality="NO")

    given_name = BlankAsNullField(help_text="Given name.")
    family_name = BlankAsNullField(help_text="Family name.")
    nationality = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")


class PostShape(EntityShape):
    KIND = "post"
    EXAMPLE = _entity_example(
        KIND,
        "minister-of-kites",
        "Minister of Kites",
        organisation=_reference_example("organisation", "arcadia", "Arcadia"),
        rank="Minister",
    )

    organisation = ReferenceField(help_text="The organisation in which it is a position.")
    rank = BlankAsNullField(help_text="Rank that goes with it.")


class EventShape(EntityShape):
    KIND = "event"
    EXAMPLE = _entity_example(
        KIND,
        "lake-meeting",
        "Lake Meeting",
        type="meeting",
        start=date_shape(EXAMPLE_DAY),
        end=date_shape("2024-07-11"),
        locality="Valleytown",
        country="NO",
    )

    type = serializers.ChoiceField(v.EventType.choices, help_text="Type of event.")
    start = DateShapeField(help_text="When it began.")
    end = DateShapeField(help_text="When it ended.")
    locality = BlankAsNullField(help_text="Town or place.")
    country = BlankAsNullField(pattern=COUNTRY_CODE_PATTERN, help_text="ISO 3166-1 alpha-2.")


class CommitmentShape(EntityShape):
    KIND = "commitment"
    EXAMPLE = _entity_example(
        KIND,
        "kite-fund",
        "A fund for kites",
        contested=["conditions"],
        measures=[MeasureShape.EXAMPLE],
        conversions=[ConversionShape.EXAMPLE],
        nature="pledge",
        category="funding",
        stage="announced",
        committed_by=[_reference_example("organisation", "arcadia", "Arcadia")],
        beneficiary=_reference_example("organisation", "ruritania", "Ruritania"),
        part_of=_reference_example("commitment", "kite-package", "The package of kites"),
        facility=_reference_example("facility", "kite-yard", "Kite Yard"),
        announced_at=_reference_example("event", "lake-meeting", "Lake Meeting"),
        conditions="If parliament agrees.",
        milestones=[MilestoneShape.EXAMPLE],
    )

    nature = serializers.ChoiceField(v.Nature.choices, help_text="What sort of undertaking it is: a refusal is no pledge.")
    category = serializers.ChoiceField(v.CommitmentCategory.choices, help_text="What it is about.")
    stage = serializers.SerializerMethodField(help_text="Stage of the newest milestone; null if there is none.")
    committed_by = ReferencesField(help_text="Who undertakes it; empty if no source names a giver.")
    beneficiary = ReferenceField(help_text="For whom it is; null if no source says.")
    part_of = ReferenceField(help_text="The package that it is part of: never add up both.")
    facility = ReferenceField(help_text="The facility that it is about.")
    announced_at = ReferenceField(help_text="The event at which it was announced.")
    conditions = BlankAsNullField(help_text="What it depends on, in the register's own words.")
    milestones = MilestoneShape(many=True, help_text="The steps that were taken.")

    def get_stage(self, record) -> str | None:
        # As Milestone's queryset orders them, but on the rows already fetched.
        dated = sorted(record.milestones.all(), key=lambda m: (m.date_earliest or "", m.rank, m.pk))
        return dated[-1].stage if dated else None


class RelationTypeShape(PublicShape):
    """What sort of relation it is, to be read from either end."""

    IDENTIFYING_MEMBERS = ("slug",)
    EXAMPLE = {"slug": "part-of", "label": "is part of", "inverse_label": "has as a part"}

    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    label = serializers.CharField(help_text="From subject to object.")
    inverse_label = serializers.CharField(help_text="From object to subject.")


class RelationShape(EditionShape):
    KIND = "relation"
    EXAMPLE = edition_example(KIND, "kite-command-part-of-arcadia") | {
        "name": "Kite Command is part of Arcadia",
        "type": RelationTypeShape.EXAMPLE,
        "subject": _reference_example("organisation", "kite-command", "Kite Command"),
        "object": _reference_example("organisation", "arcadia", "Arcadia"),
        "role": "Founding member",
        "start": DateShape.EXAMPLE,
        "end": None,
        "contested": ["start"],
        "citations": 2,
    }

    name = RenderedField(serializers.CharField(), "", help_text="Subject, label and object as one sentence.")
    type = RelationTypeShape(help_text="What sort of relation it is.")
    subject = ReferenceField(help_text="From whom or what it leads.")
    object = ReferenceField(help_text="To whom or what it leads.")
    role = BlankAsNullField(help_text="As what; null if no source says.")
    start = DateShapeField(help_text="Since when.")
    end = DateShapeField(help_text="Until when; null if it lasts or no source says.")
    contested = RenderedField(**_CONTESTED_FIELD)
    citations = RenderedField(serializers.IntegerField(min_value=0), 0, help_text="How many citations the relation rests on.")


SHAPES_BY_KIND: dict[str, type[EditionShape]] = {
    shape.KIND: shape
    for shape in (OrganisationShape, FacilityShape, PersonShape, PostShape, EventShape, CommitmentShape, RelationShape)
}
