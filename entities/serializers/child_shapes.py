"""Public serializers of the child rows of a record: amounts, conversions, milestones, names and identifiers."""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers.base_shapes import (
    CURRENCY_CODE_PATTERN,
    KEY_PATTERN,
    BlankAsNullField,
    DateShape,
    DateShapeField,
    DecimalTextField,
    NestedField,
    PublicShape,
    ReferenceField,
)


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
    unit = BlankAsNullField(help_text="Unit that is counted; null for money.")
    currency = BlankAsNullField(pattern=CURRENCY_CODE_PATTERN, help_text="ISO 4217 code; null unless money.")
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text="Qualification of the number by the source.")
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateShapeField(help_text="The time for which it holds; null if it is not tied to one.")


class ConversionShape(PublicShape):
    """An amount of money converted to another currency: never add it to the original amount."""

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
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text="Qualification of the number by the source.")
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateShapeField(help_text="The time for which it holds; null if it is not tied to one.")
    rate = DecimalTextField(help_text="Units of this currency for one of the other; null if no source states it.")
    rate_date = DateShapeField(help_text="Day of the rate; null if no source states it.")
    rate_source = BlankAsNullField(help_text="Web address of the source of the rate.")


class MeasuresField(NestedField):
    """Amounts of a record: as stated, or with `converted` the conversions."""

    many = True

    def __init__(self, *, converted: bool = False, **kwargs):
        self.converted = converted
        self.shape = ConversionShape if converted else MeasureShape
        self._one = self.shape()
        super().__init__(**kwargs)

    def to_representation(self, value):
        measures = (measure for measure in value.all() if (measure.conversion_of_id is not None) == self.converted)
        return [self._one.to_representation(measure) for measure in measures]


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
    stage = serializers.ChoiceField(v.Stage.choices, help_text="The step.")
    date = DateShapeField(help_text="Date; null if no source says.")
    event = ReferenceField(help_text="The event at which it was taken.")


class NameShape(PublicShape):
    """A further name of a record."""

    IDENTIFYING_MEMBERS = ("text",)
    EXAMPLE = {"text": "Arcadie", "kind": "alias", "language": "fr", "script": "Latn"}

    text = serializers.CharField(help_text="The name.")
    kind = serializers.ChoiceField(v.NameKind.choices, help_text="Kind of name.")
    language = BlankAsNullField(help_text="BCP 47.")
    script = BlankAsNullField(help_text="ISO 15924.")


class IdentifierShape(PublicShape):
    """The identifier of a record in another register."""

    IDENTIFYING_MEMBERS = ("scheme", "value")
    EXAMPLE = {"scheme": "wikidata", "value": "Q7184"}

    scheme = serializers.ChoiceField(v.IdentifierScheme.choices, help_text="Register that issues the identifier.")
    value = serializers.CharField(help_text="Its identifier there.")
