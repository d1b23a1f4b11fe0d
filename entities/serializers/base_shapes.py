"""Base of the public serializers, with the shapes and fields for dates, references, and single values."""

from typing import Any, ClassVar

from rest_framework import serializers

from entities import vocabulary as v
from entities.dates import OPEN_END, OPEN_START, PartialDate
from entities.numbers import decimal_text

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
_POINT_PATTERN = "[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?"
_INTERVAL_PATTERN = rf"({_POINT_PATTERN}[~?]?/({_POINT_PATTERN}[~?]?|\.\.)|\.\./{_POINT_PATTERN}[~?]?)"


def record_path(kind: str, slug: str) -> str:
    """Return the path of a record in the API."""
    return f"/api/v1/{PLURALS[kind]}/{slug}/"


class PublicShape(serializers.Serializer):
    """Base of the public serializers: each field has a help text, and EXAMPLE has a value of each."""

    EXAMPLE: ClassVar[dict[str, Any]] = {}
    ANSWER: ClassVar[dict[str, Any]] = {}
    """Example of a whole response to a request without parameters."""
    IDENTIFYING_MEMBERS: ClassVar[tuple[str, ...]] = ()
    """Members that stay when a client selects others (`fields=`); empty if the object is always complete."""


class DateShape(PublicShape):
    """A date as precise as its source, with the first and last day that it can mean. An interval means some day within it."""

    IDENTIFYING_MEMBERS = ("value",)
    EXAMPLE = {
        "value": "2024-07",
        "precision": "month",
        "earliest": "2024-07-01",
        "latest": "2024-07-31",
        "is_approximate": False,
        "is_uncertain": False,
    }

    value = serializers.RegexField(
        f"^({_POINT_PATTERN}|{_INTERVAL_PATTERN})$",
        help_text="As recorded: 2024, 2024-07 or 2024-07-10; an interval as EDTF: 2024-06-15/2024-07-08, 2023/.. or ../2024~.",
    )
    precision = serializers.ChoiceField(["year", "month", "day", "interval"], help_text="Precision of the date.")
    earliest = serializers.DateField(allow_null=True, help_text="First day that it can mean; null if open to the past.")
    latest = serializers.DateField(allow_null=True, help_text="Last day that it can mean; null if open to the future.")
    is_approximate = serializers.BooleanField(help_text="The source says “about” or the like, of either end of an interval.")
    is_uncertain = serializers.BooleanField(help_text="The source is not sure of it, or of either end of an interval.")


def date_shape(text: str) -> dict | None:
    """Convert a partial date such as `2024-07~` to a DateShape; None for the empty string.

    The marks of a point have members of their own. An interval may have two, so its value keeps them.
    """
    if not text:
        return None
    date = PartialDate.parse(text)
    return {
        "value": text if date.is_interval else text.rstrip("~?"),
        "precision": date.precision,
        "earliest": date.earliest.isoformat() if date.earliest else None,
        "latest": date.latest.isoformat() if date.latest else None,
        "is_approximate": date.is_approximate,
        "is_uncertain": date.is_uncertain,
    }


def date_shape_text(date: dict) -> str:
    """Return the partial date that `date_shape` converted."""
    if date["precision"] == "interval":
        return date["value"]
    return date["value"] + ("~" if date["is_approximate"] else "?" if date["is_uncertain"] else "")


def date_shape_bounds(date: dict) -> tuple[str, str]:
    """Return the `bounds` of the partial date that `date_shape` converted."""
    return date["earliest"] or OPEN_START, date["latest"] or OPEN_END


class NestedField(serializers.Field):
    """Field that is rendered as an object of `shape`, or null; never null with `always`; a list with `many`."""

    shape: type[PublicShape]
    always = False
    many = False


class DateShapeField(NestedField):
    """A partial date of a record, as DateShape or null."""

    shape = DateShape

    def to_representation(self, value):
        return date_shape(value)

    def get_attribute(self, instance):
        # The empty string is a value here, not a reason to omit the field.
        return getattr(instance, self.source)


class RenderedDatesField(NestedField):
    """Dates that are known only when an edition is rendered, in their order; none until then."""

    shape = DateShape
    many = True

    def get_attribute(self, instance):
        return instance

    def to_representation(self, value):
        return []


class ReferenceShape(PublicShape):
    """A reference to another record, with its name and path."""

    IDENTIFYING_MEMBERS = ("kind", "slug")
    EXAMPLE = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}

    kind = serializers.ChoiceField(list(PLURALS), help_text="Kind of record.")
    slug = serializers.RegexField(SLUG_PATTERN, help_text="Its public id.")
    name = serializers.CharField(help_text="Its name when this edition was rendered.")
    href = serializers.RegexField(API_PATH_PATTERN, help_text="Path of the record.")


class ReferenceField(NestedField):
    """A reference to another record, as ReferenceShape or null."""

    shape = ReferenceShape

    def to_representation(self, value):
        return {"kind": getattr(value, "kind", "relation"), "slug": value.slug}


class ReferencesField(NestedField):
    """References to several records, ordered by slug."""

    shape = ReferenceShape
    many = True

    def to_representation(self, value):
        return sorted(
            ({"kind": record.kind, "slug": record.slug} for record in value.all()), key=lambda reference: reference["slug"]
        )


class DecimalTextField(serializers.Field):
    """A decimal number as text, without exponent or trailing zeros, so that no client rounds it."""

    def to_representation(self, value):
        return decimal_text(value)


class BlankAsNullField(serializers.CharField):
    """Text that matches `pattern`, if given, or null if it is empty."""

    def __init__(self, *, pattern: str = "", **kwargs):
        self.pattern = pattern
        super().__init__(**kwargs)

    def to_representation(self, value):
        return str(value) or None


class BlankAsNullChoiceField(serializers.ChoiceField):
    """A value of a closed list, or null if it is empty."""

    def to_representation(self, value):
        return value or None


class FilledInByRenderingField(serializers.Field):
    """A value that is known only when an edition is rendered, such as its number: of the type of `child`, `empty` until then."""

    def __init__(self, child: serializers.Field, empty: Any, **kwargs):
        self.child, self.empty = child, empty
        super().__init__(**kwargs)

    def get_attribute(self, instance):
        return instance

    def to_representation(self, value):
        # A copy: rendering fills the list in place.
        return list(self.empty) if isinstance(self.empty, list) else self.empty
