"""The public shape of entities and relations: run once, at publication, and read as the API's reference.

They import no model: they read whatever record they are given, and the public side may import them.
A reference is printed as kind and slug alone; the printer fills in what it refers to.
"""

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


def href(kind: str, slug: str) -> str:
    """Path of a record in the API."""
    return f"/api/v1/{PLURALS[kind]}/{slug}/"


class DateShape(serializers.Serializer):
    """A date as precise as its source, with the first and last day that it may mean."""

    value = serializers.CharField(help_text="As recorded: 2024, 2024-07 or 2024-07-10.")
    precision = serializers.ChoiceField(["year", "month", "day"])
    earliest = serializers.DateField()
    latest = serializers.DateField()
    is_approximate = serializers.BooleanField()
    is_uncertain = serializers.BooleanField()


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


class DateField(serializers.Field):
    """A partial date of a record, as DateShape or null."""

    def to_representation(self, value):
        return date_shape(value)

    def get_attribute(self, instance):
        # The empty string is a value here, not a reason to leave the field out.
        return getattr(instance, self.source)


class ReferenceShape(serializers.Serializer):
    """Another record: enough to name it and to find it."""

    kind = serializers.ChoiceField(list(PLURALS))
    slug = serializers.CharField()
    name = serializers.CharField()
    href = serializers.CharField()


class ReferenceField(serializers.Field):
    """A reference to another record, as ReferenceShape or null."""

    def to_representation(self, value):
        return {"kind": getattr(value, "kind", "relation"), "slug": value.slug}


def references(**kwargs) -> serializers.ListField:
    return serializers.ListField(child=ReferenceField(), **kwargs)


class DecimalField(serializers.Field):
    """A decimal number as text, without an exponent or idle zeros, so that no reader rounds it."""

    def to_representation(self, value):
        return f"{value.normalize():f}"


class BlankAsNull(serializers.CharField):
    """Text, or null where the register holds none."""

    def to_representation(self, value):
        return str(value) or None


class MeasureShape(serializers.Serializer):
    key = serializers.CharField(help_text="Its address in the evidence: measures.<key>.")
    kind = serializers.ChoiceField(v.MeasureKind.choices)
    value = DecimalField(help_text="Decimal number as text; null for an unspecified number.")
    upper = DecimalField(help_text="Upper end of a range; null if none is stated.")
    unit = BlankAsNull(help_text="What is counted; null for money.")
    currency = BlankAsNull(help_text="ISO 4217 code; null unless money.")
    qualifier = serializers.ChoiceField(v.Qualifier.choices)
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateField()
    conversion_of = serializers.SerializerMethodField(help_text="Key of the amount that this one converts: never add the two.")
    rate = DecimalField()
    rate_date = DateField()
    rate_source = BlankAsNull()

    def get_conversion_of(self, measure) -> str | None:
        return measure.conversion_of.key if measure.conversion_of_id else None


class MilestoneShape(serializers.Serializer):
    key = serializers.CharField(help_text="Its address in the evidence: milestones.<key>.")
    stage = serializers.ChoiceField(v.Stage.choices)
    date = DateField()
    event = ReferenceField()


class NameShape(serializers.Serializer):
    text = serializers.CharField()
    kind = serializers.ChoiceField(v.NameKind.choices)
    language = BlankAsNull()
    script = BlankAsNull()


class IdentifierShape(serializers.Serializer):
    scheme = serializers.ChoiceField(v.IdentifierScheme.choices)
    value = serializers.CharField()


class PrintedShape(serializers.Serializer):
    """What every printed record starts with. Edition and stamp are the printer's."""

    kind = serializers.CharField()
    slug = serializers.CharField(help_text="The public id.")
    href = serializers.SerializerMethodField(help_text="Path of the record.")
    edition = serializers.SerializerMethodField(help_text="Number of this edition within the record: 1, 2, 3 ...")
    stamp = serializers.SerializerMethodField(help_text="Number of the print run that printed it.")

    def get_href(self, record) -> str:
        return href(self.kind_of(record), record.slug)

    def get_edition(self, record) -> int:
        return 0

    def get_stamp(self, record) -> int:
        return 0

    def kind_of(self, record) -> str:
        return record.kind


class EntityShape(PrintedShape):
    name = serializers.CharField()
    summary = BlankAsNull(help_text="In the register's own words.")
    contested = serializers.SerializerMethodField(help_text="Fields whose sources differ, unresolved or disputed.")
    citations = serializers.SerializerMethodField(help_text="How many citations the record rests on.")
    measures = MeasureShape(many=True)

    def get_contested(self, record) -> list[str]:
        return []

    def get_citations(self, record) -> int:
        return 0


class OrganisationShape(EntityShape):
    type = serializers.ChoiceField(v.OrganisationType.choices)
    country = BlankAsNull(help_text="ISO 3166-1 alpha-2.")
    founded = DateField()
    dissolved = DateField()


class FacilityShape(EntityShape):
    type = serializers.ChoiceField(v.FacilityType.choices)
    operator = ReferenceField()
    locality = BlankAsNull()
    country = BlankAsNull(help_text="ISO 3166-1 alpha-2.")
    latitude = DecimalField()
    longitude = DecimalField()
    condition = BlankAsNull()


class PersonShape(EntityShape):
    given_name = BlankAsNull()
    family_name = BlankAsNull()
    nationality = BlankAsNull(help_text="ISO 3166-1 alpha-2.")


class PostShape(EntityShape):
    organisation = ReferenceField()
    rank = BlankAsNull()


class EventShape(EntityShape):
    type = serializers.ChoiceField(v.EventType.choices)
    start = DateField()
    end = DateField()
    locality = BlankAsNull()
    country = BlankAsNull(help_text="ISO 3166-1 alpha-2.")


class CommitmentShape(EntityShape):
    nature = serializers.ChoiceField(v.Nature.choices)
    category = serializers.ChoiceField(v.Category.choices)
    stage = serializers.SerializerMethodField(help_text="Stage of the newest milestone; null if there is none.")
    committed_by = serializers.SerializerMethodField(help_text="Who undertakes it; empty if no source names a giver.")
    beneficiary = ReferenceField()
    part_of = ReferenceField()
    facility = ReferenceField()
    announced_at = ReferenceField()
    conditions = BlankAsNull()
    milestones = MilestoneShape(many=True)

    def get_stage(self, record) -> str | None:
        # As Milestone's queryset orders them, but on the rows already fetched.
        dated = sorted(record.milestones.all(), key=lambda m: (m.date_earliest or "", m.rank, m.pk))
        return dated[-1].stage if dated else None

    def get_committed_by(self, record) -> list:
        return sorted(map(ReferenceField().to_representation, record.committed_by.all()), key=lambda ref: ref["slug"])


class RelationTypeShape(serializers.Serializer):
    slug = serializers.CharField()
    label = serializers.CharField(help_text="From subject to object.")
    inverse_label = serializers.CharField(help_text="From object to subject.")


class RelationShape(PrintedShape):
    kind = serializers.SerializerMethodField()
    name = serializers.SerializerMethodField(help_text="Subject, label and object as one sentence.")
    type = RelationTypeShape()
    subject = ReferenceField()
    object = ReferenceField()
    role = BlankAsNull()
    start = DateField()
    end = DateField()
    contested = serializers.SerializerMethodField(help_text="Fields whose sources differ, unresolved or disputed.")
    citations = serializers.SerializerMethodField(help_text="How many citations the relation rests on.")

    def get_kind(self, record) -> str:
        return "relation"

    def kind_of(self, record) -> str:
        return "relation"

    def get_name(self, record) -> str:
        return ""

    get_contested = EntityShape.get_contested
    get_citations = EntityShape.get_citations


SHAPES = {
    "organisation": OrganisationShape,
    "facility": FacilityShape,
    "person": PersonShape,
    "post": PostShape,
    "event": EventShape,
    "commitment": CommitmentShape,
    "relation": RelationShape,
}
