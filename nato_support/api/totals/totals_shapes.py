"""Serializers that describe totals in the OpenAPI document. Nothing is serialised with them."""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import PublicShape, ReferenceShape
from nato_support.api.collections import SHAPES
from nato_support.api.json_schema_field import JsonSchemaField
from nato_support.api.response_shapes import MetaShape, compose_shape
from nato_support.api.totals.inclusion_rules import EXCLUSION_REASONS

_LOW_HELP = "Decimal number as text: at least this. An amount stated as “up to” adds 0."
_HIGH_HELP = "Decimal number as text: at most this, unless `is_open_ended`."
_OPEN_HELP = "An amount stated as “at least” or “more than” is in it: there is no upper end."
_ROWS_HELP = "URL of exactly these commitments, as of the release shown."
_EXAMPLE_URL = "/api/v1/commitments/totals/rows/?beneficiary=ruritania&as_of=release:1842"
_ARCADIA = {"kind": "organisation", "slug": "arcadia", "name": "Arcadia", "href": "/api/v1/organisations/arcadia/"}
_RURITANIA = {"kind": "organisation", "slug": "ruritania", "name": "Ruritania", "href": "/api/v1/organisations/ruritania/"}
_FUND = {"kind": "commitment", "slug": "kite-fund", "name": "Kite fund", "href": "/api/v1/commitments/kite-fund/"}
_META = {"release": MetaShape.EXAMPLE["release"]}


class TotalsAmountShape(PublicShape):
    EXAMPLE = {"low": "40000000", "high": "45000000", "is_open_ended": False}

    low = serializers.CharField(help_text=_LOW_HELP)
    high = serializers.CharField(help_text=_HIGH_HELP)
    is_open_ended = serializers.BooleanField(help_text=_OPEN_HELP)


class TotalsPartsShape(TotalsAmountShape):
    EXAMPLE = {"commitments": 3, "low": "31000000", "high": "31000000", "is_open_ended": False}

    commitments = serializers.IntegerField(min_value=1, help_text="Number of parts that state an amount.")


class TotalsUnitShape(PublicShape):
    EXAMPLE = {"kind": "money", "currency": "EUR", "unit": None}

    kind = serializers.ChoiceField(
        [choice for choice in v.MeasureKind.choices if choice[0] != "percent"], help_text="Money, persons or items."
    )
    currency = serializers.CharField(allow_null=True, help_text="ISO 4217 code; null unless money.")
    unit = serializers.CharField(allow_null=True, help_text="Unit that is counted; null for money.")


class TotalsSumShape(TotalsUnitShape):
    """A sum of amounts in one unit, for one beneficiary: never across currencies, units or beneficiaries."""

    EXAMPLE = {
        "beneficiary": _RURITANIA,
        **TotalsUnitShape.EXAMPLE,
        **TotalsAmountShape.EXAMPLE,
        "commitments": 12,
        "qualifiers": {"about": 1, "none": 11},
    }

    beneficiary = ReferenceShape(allow_null=True, help_text="Beneficiary; null if no source says.")
    low = serializers.CharField(help_text=_LOW_HELP)
    high = serializers.CharField(help_text=_HIGH_HELP)
    is_open_ended = serializers.BooleanField(help_text=_OPEN_HELP)
    commitments = serializers.IntegerField(min_value=1, help_text="Number of commitments added up.")
    qualifiers = serializers.DictField(child=serializers.IntegerField(), help_text="Number of amounts with each qualifier.")


class TotalsRungShape(TotalsAmountShape):
    """What was promised, or what the steps of one stage state."""

    EXAMPLE = {"stage": "delivered", "low": "25000000", "high": "25000000", "is_open_ended": False, "commitments": 4}

    stage = serializers.ChoiceField(v.Stage.choices, allow_null=True, help_text="The stage; null for what was promised.")
    commitments = serializers.IntegerField(min_value=1, help_text="Number of commitments added up.")


class TotalsLadderShape(TotalsUnitShape):
    """What was promised, allocated, delivered and so on in one unit, for one beneficiary: rungs are never added to each other."""

    EXAMPLE = {
        "beneficiary": _RURITANIA,
        **TotalsUnitShape.EXAMPLE,
        "rungs": [
            {"stage": None, **TotalsAmountShape.EXAMPLE, "commitments": 12},
            TotalsRungShape.EXAMPLE,
        ],
    }

    beneficiary = ReferenceShape(allow_null=True, help_text="Beneficiary; null if no source says.")
    rungs = TotalsRungShape(many=True, help_text="What was promised first, then stage by stage.")


class TotalsIncludedShape(PublicShape):
    """Commitments that are added up."""

    EXAMPLE = {"count": 29, "sums": [TotalsSumShape.EXAMPLE], "ladder": [TotalsLadderShape.EXAMPLE], "is_truncated": False}

    count = serializers.IntegerField(min_value=0, help_text="Commitments that are added up.")
    sums = TotalsSumShape(many=True, help_text="What was promised; the sum of most commitments first.")
    ladder = TotalsLadderShape(
        many=True,
        help_text="What was promised beside what the steps of each stage state, where any does; without a sum too.",
    )
    is_truncated = serializers.BooleanField(help_text="There are more sums or ladders than are shown.")


class TotalsIncludedWithLinkShape(TotalsIncludedShape):
    EXAMPLE = TotalsIncludedShape.EXAMPLE | {"href": f"{_EXAMPLE_URL}&standing=included"}

    href = serializers.CharField(help_text=_ROWS_HELP)


class TotalsLeftOutShape(PublicShape):
    """Commitments that are not added up."""

    EXAMPLE = {"reason": "no_amount", "count": 7}

    reason = serializers.ChoiceField(list(EXCLUSION_REASONS.items()), help_text="Reason: the first of these that applies.")
    count = serializers.IntegerField(min_value=1, help_text="Number of commitments.")


class TotalsLeftOutWithLinkShape(TotalsLeftOutShape):
    EXAMPLE = TotalsLeftOutShape.EXAMPLE | {"why": EXCLUSION_REASONS["no_amount"], "href": f"{_EXAMPLE_URL}&standing=no_amount"}

    why = serializers.CharField(help_text="The reason in words.")
    href = serializers.CharField(help_text=_ROWS_HELP)


class TotalsPackageShape(TotalsUnitShape):
    """A package whose own amount is counted, and not those of its parts."""

    EXAMPLE = {
        "package": _FUND,
        **TotalsUnitShape.EXAMPLE,
        "stated": TotalsAmountShape.EXAMPLE,
        "parts": TotalsPartsShape.EXAMPLE,
        "parts_compared": "fall_short",
    }

    package = ReferenceShape(help_text="The package.")
    stated = TotalsAmountShape(help_text="Amount that the package states.")
    parts = TotalsPartsShape(help_text="Sum of the amounts that its parts state.")
    parts_compared = serializers.ChoiceField(
        [
            ("exceed", "the parts state more than the package"),
            ("fall_short", "the parts state less"),
            ("match", "as far as the amounts are known, they agree"),
        ],
        help_text="Comparison of the parts with the package.",
    )


class TotalsGroupShape(PublicShape):
    """A group of commitments that have something in common."""

    EXAMPLE = {
        "key": {"party": _ARCADIA, "year": "2024"},
        "matched": 12,
        "rows": f"{_EXAMPLE_URL}&by=party,year&group=arcadia,2024",
        "included": TotalsIncludedShape.EXAMPLE,
        "left_out": [TotalsLeftOutShape.EXAMPLE],
    }

    key = JsonSchemaField(
        {"type": "object", "additionalProperties": {"type": ["string", "object", "null"]}},
        help_text="Common value for each name in `by`: a word, a record, or null if it is unknown.",
    )
    matched = serializers.IntegerField(min_value=1, help_text="included.count and the counts of left_out together.")
    rows = serializers.CharField(help_text=_ROWS_HELP)
    included = TotalsIncludedShape(help_text="Commitments of the group that are added up.")
    left_out = TotalsLeftOutShape(many=True, help_text="Commitments of the group that are not added up.")


class TotalsBasisShape(PublicShape):
    """Basis of the sums."""

    EXAMPLE = {"natures": ["decision", "pledge"]}

    natures = serializers.ListField(
        child=serializers.ChoiceField(v.Nature.choices),
        help_text="Natures that are added up; others only if they alone are requested.",
    )


class TotalsShape(PublicShape):
    """Sums that count each promise once. `matched` is included.count and the counts of left_out together."""

    EXAMPLE = {
        "matched": 36,
        "rows": "/api/v1/commitments/?beneficiary=ruritania&as_of=release:1842",
        "included": TotalsIncludedWithLinkShape.EXAMPLE,
        "left_out": [TotalsLeftOutWithLinkShape.EXAMPLE],
        "packages": [TotalsPackageShape.EXAMPLE],
        "by": ["party", "year"],
        "groups": [TotalsGroupShape.EXAMPLE],
        "groups_overlap": True,
        "basis": TotalsBasisShape.EXAMPLE,
        "is_truncated": False,
        "meta": _META,
    }

    matched = serializers.IntegerField(min_value=0, help_text="Commitments that the filters find.")
    rows = serializers.CharField(help_text=_ROWS_HELP)
    included = TotalsIncludedWithLinkShape(help_text="Commitments that are added up.")
    left_out = TotalsLeftOutWithLinkShape(many=True, help_text="Commitments that are not added up, each for one reason.")
    packages = TotalsPackageShape(many=True, help_text="Packages that are counted instead of their parts, by slug.")
    by = serializers.ListField(child=serializers.CharField(), help_text="Fields by which the commitments are grouped.")
    groups = TotalsGroupShape(many=True, help_text="The one with most commitments added up first.")
    groups_overlap = serializers.BooleanField(
        help_text="Some commitments are in several groups, of several parties or currencies: do not add groups up."
    )
    basis = TotalsBasisShape(help_text="Basis of the sums.")
    is_truncated = serializers.BooleanField(help_text="There are more groups or packages than are shown.")
    meta = MetaShape(help_text="Information about the response itself.")


TotalsRowsShape = compose_shape(
    "TotalsRows",
    example={
        "results": [SHAPES["commitment"].EXAMPLE],
        "next": "https://register.example/api/v1/commitments/totals/rows/?cursor=a51B",
        "previous": None,
        "count": 29,
        "meta": _META,
    },
    results=SHAPES["commitment"](many=True, help_text="By slug."),
    next=serializers.CharField(allow_null=True, help_text="Address of the next page; null if this is the last."),
    previous=serializers.CharField(allow_null=True, help_text="Always null: rows are paged in one direction only."),
    count=serializers.IntegerField(min_value=0, help_text="Number of all rows."),
    meta=MetaShape(help_text="Information about the response itself."),
)
