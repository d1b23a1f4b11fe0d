"""Public serializers of the child rows of a record: amounts, conversions, milestones, names and identifiers."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from entities import vocabulary as v
from entities.deliveries import PROMISING_STAGES, SHARED_STAGES, Quantity, Share
from entities.numbers import decimal_text
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

_QUALIFIER_HELP = "Qualification of the number by the source; none if it adds no word."


class MeasureStepShape(PublicShape):
    """The step of a commitment to which an amount belongs."""

    IDENTIFYING_MEMBERS = ("key",)
    EXAMPLE = {"key": "delivered", "stage": "delivered"}

    key = serializers.RegexField(KEY_PATTERN, help_text="Key of the milestone.")
    stage = serializers.ChoiceField(v.Stage.choices, help_text="The stage that it reached.")


class MeasureStepField(NestedField):
    """The milestone of an amount, as MeasureStepShape or null."""

    shape = MeasureStepShape

    def to_representation(self, value):
        return {"key": value.key, "stage": value.stage}


def is_promised_measure(measure: Mapping[str, Any]) -> bool:
    """Tell whether a rendered measure is of what was promised, not of what was proposed, allocated or delivered."""
    step = measure.get("milestone")
    return not step or step["stage"] in PROMISING_STAGES


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
        "milestone": None,
    }

    key = serializers.RegexField(KEY_PATTERN, help_text="Its address in the evidence: measures.<key>.")
    kind = serializers.ChoiceField(v.MeasureKind.choices, help_text="Money, persons, items or percent.")
    value = DecimalTextField(help_text="Decimal number as text; null for an unspecified number.")
    upper = DecimalTextField(help_text="Upper end of a range; null if none is stated.")
    unit = BlankAsNullField(help_text="Unit that is counted; null for money.")
    currency = BlankAsNullField(pattern=CURRENCY_CODE_PATTERN, help_text="ISO 4217 code; null unless money.")
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text=_QUALIFIER_HELP)
    as_stated = serializers.CharField(help_text="The source's words.")
    as_of = DateShapeField(
        help_text="The time for which it holds; null if it is not tied to one. With `milestone`, a running total up to then."
    )
    milestone = MeasureStepField(help_text="The step that moved it, such as a delivery; null for the amount promised.")


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
    qualifier = serializers.ChoiceField(v.Qualifier.choices, help_text=_QUALIFIER_HELP)
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


class QuantityShape(PublicShape):
    """A number known between two bounds: “about” a tenth either way, “up to” from 0, “at least” without an upper end."""

    EXAMPLE = {"low": "40", "high": "40"}

    low = serializers.CharField(help_text="Decimal number as text: at least this.")
    high = serializers.CharField(
        allow_null=True, help_text="Decimal number as text: at most this; null if there is no upper end."
    )


class ShareShape(PublicShape):
    """Share of a promised amount that was allocated or delivered, in one unit."""

    IDENTIFYING_MEMBERS = ("stage", "kind", "currency", "unit")
    EXAMPLE = {
        "stage": "delivered",
        "kind": "items",
        "currency": None,
        "unit": "kite",
        "promised": QuantityShape.EXAMPLE,
        "reached": {"low": "10", "high": "15"},
        "low": "0.25",
        "high": "0.375",
    }

    stage = serializers.ChoiceField([(stage.value, stage.label) for stage in SHARED_STAGES], help_text="What happened to it.")
    kind = serializers.ChoiceField(
        [choice for choice in v.MeasureKind.choices if choice[0] != "percent"], help_text="Money, persons or items."
    )
    currency = serializers.CharField(allow_null=True, help_text="ISO 4217 code; null unless money.")
    unit = serializers.CharField(allow_null=True, help_text="Unit that is counted; null for money.")
    promised = QuantityShape(help_text="Amount promised.")
    reached = QuantityShape(help_text="Amount allocated or delivered so far, of all steps together.")
    low = serializers.CharField(help_text="Least share, as decimal text rounded to four decimals: 0.25 is a quarter.")
    high = serializers.CharField(allow_null=True, help_text="Greatest share; null if there is no limit.")


class SharesField(NestedField):
    """The shares of a commitment, from its amounts and milestones."""

    shape = ShareShape
    many = True

    def to_representation(self, value):
        return [_share_members(share) for share in value]


def _share_members(share: Share) -> dict:
    kind, unit = share.unit
    return {
        "stage": share.stage.value,
        "kind": kind,
        "currency": unit if kind == v.MeasureKind.MONEY else None,
        "unit": (unit or None) if kind != v.MeasureKind.MONEY else None,
        "promised": _quantity_members(share.promised),
        "reached": _quantity_members(share.reached),
        "low": decimal_text(share.low),
        "high": None if share.high is None else decimal_text(share.high),
    }


def _quantity_members(quantity: Quantity) -> dict:
    return {"low": decimal_text(quantity.low), "high": None if quantity.high.is_infinite() else decimal_text(quantity.high)}


class NameShape(PublicShape):
    """A further name of a record, or how texts refer to it."""

    IDENTIFYING_MEMBERS = ("text",)
    EXAMPLE = {"text": "Arcadie", "kind": "alias", "origin": "sources", "language": "fr", "script": "Latn"}

    text = serializers.CharField(help_text="The name.")
    kind = serializers.ChoiceField(v.NameKind.choices, help_text="Kind of name; a mention is none, and no search finds it.")
    origin = serializers.ChoiceField(
        v.NameOrigin.choices, help_text="`outside`: a name that every reader knows and no source states."
    )
    language = BlankAsNullField(help_text="BCP 47.")
    script = BlankAsNullField(help_text="ISO 15924.")


class IdentifierShape(PublicShape):
    """The identifier of a record in another register."""

    IDENTIFYING_MEMBERS = ("scheme", "value")
    EXAMPLE = {"scheme": "wikidata", "value": "Q7184"}

    scheme = serializers.ChoiceField(v.IdentifierScheme.choices, help_text="Register that issues the identifier.")
    value = serializers.CharField(help_text="Its identifier there.")
