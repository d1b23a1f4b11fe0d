"""The shapes of totals: read as the API's reference, never run."""

from rest_framework import serializers

from entities import vocabulary as v
from entities.serializers import ReferenceShape
from nato_support.api.collections import SHAPES
from nato_support.api.shapes import MetaShape, made
from nato_support.api.totals.adding import REASONS

_LOW = "Decimal number as text: at least this, such as 40000000000. 0 of what is only stated as “up to”."
_HIGH = "Decimal number as text: at most this, unless `is_open_ended`."
_OPEN = "An amount stated as “at least” or “more than” is among them: the sum has no upper end."
_ROWS = "Address of exactly these commitments, as of the stamp shown."


class AmountShape(serializers.Serializer):
    low = serializers.CharField(help_text=_LOW)
    high = serializers.CharField(help_text=_HIGH)
    is_open_ended = serializers.BooleanField(help_text=_OPEN)


class PartsAmountShape(AmountShape):
    commitments = serializers.IntegerField(help_text="How many parts state it, such as 3.")


class UnitShape(serializers.Serializer):
    kind = serializers.ChoiceField([kind for kind in v.MeasureKind.choices if kind[0] != "percent"])
    currency = serializers.CharField(allow_null=True, help_text="ISO 4217 code, such as EUR; null unless money.")
    unit = serializers.CharField(allow_null=True, help_text="What is counted, such as aircraft; null for money.")


class SumShape(UnitShape):
    """A sum of amounts in one unit, for one beneficiary: never across currencies, units or beneficiaries."""

    beneficiary = ReferenceShape(allow_null=True, help_text="Who is to gain; null if no source says.")
    low = serializers.CharField(help_text=_LOW)
    high = serializers.CharField(help_text=_HIGH)
    is_open_ended = serializers.BooleanField(help_text=_OPEN)
    commitments = serializers.IntegerField(help_text="How many commitments it adds up, such as 12.")
    qualifiers = serializers.DictField(
        child=serializers.IntegerField(),
        help_text='How its amounts are stated: how often each, such as {"about": 1, "exactly": 11}.',
    )


class IncludedShape(serializers.Serializer):
    count = serializers.IntegerField(help_text="Commitments that are added up, such as 29.")
    sums = SumShape(many=True, help_text="The sum of most commitments first.")
    is_truncated = serializers.BooleanField(help_text="There are more sums than are shown.")


class IncludedWithRowsShape(IncludedShape):
    href = serializers.CharField(help_text=_ROWS)


class LeftOutShape(serializers.Serializer):
    reason = serializers.ChoiceField(list(REASONS.items()))
    count = serializers.IntegerField(help_text="How many, such as 7.")


class LeftOutWithRowsShape(LeftOutShape):
    why = serializers.CharField(help_text="The reason in words.")
    href = serializers.CharField(help_text=_ROWS)


class PackageShape(UnitShape):
    """A package whose own amount is counted, and not those of its parts."""

    package = ReferenceShape()
    stated = AmountShape(help_text="What the package states.")
    parts = PartsAmountShape(help_text="What its parts state together.")
    parts_compared = serializers.ChoiceField(
        [
            ("exceed", "the parts state more than the package"),
            ("fall_short", "the parts state less"),
            ("match", "as far as the amounts are known, they agree"),
        ]
    )


class GroupShape(serializers.Serializer):
    key = serializers.DictField(
        child=serializers.JSONField(),
        help_text='By each of `by`: a word, a record or null, such as {"category": "funding", "year": "2024"}.',
    )
    matched = serializers.IntegerField(help_text="included.count and the counts of left_out together, such as 12.")
    rows = serializers.CharField(help_text=_ROWS)
    included = IncludedShape()
    left_out = LeftOutShape(many=True)


class BasisShape(serializers.Serializer):
    natures = serializers.ListField(
        child=serializers.ChoiceField(v.Nature.choices),
        help_text='What is added up, such as ["decision", "pledge"]; another nature only if it alone is asked for.',
    )


class TotalsShape(serializers.Serializer):
    """Sums that count each promise once. matched = included.count + the counts of left_out."""

    matched = serializers.IntegerField(help_text="Commitments that the filters find, such as 41.")
    rows = serializers.CharField(help_text=_ROWS)
    included = IncludedWithRowsShape()
    left_out = LeftOutWithRowsShape(many=True, help_text="What is not added up, each commitment for one reason.")
    packages = PackageShape(many=True, help_text="Packages that are counted instead of their parts, by slug.")
    by = serializers.ListField(child=serializers.CharField(), help_text='What is grouped by, such as ["party"].')
    groups = GroupShape(many=True, help_text="The one with most commitments added up first.")
    groups_overlap = serializers.BooleanField(
        help_text="Some commitments are in several groups, of several parties or currencies: do not add groups up."
    )
    basis = BasisShape()
    is_truncated = serializers.BooleanField(help_text="There are more groups or packages than are shown.")
    meta = MetaShape()


TotalsRows = made(
    "TotalsRows",
    results=SHAPES["commitment"](many=True),
    next=serializers.CharField(allow_null=True, help_text="Address of the next page."),
    previous=serializers.CharField(allow_null=True, help_text="Always null: rows are walked one way."),
    count=serializers.IntegerField(help_text="Number of all rows, such as 29."),
    meta=MetaShape(),
)
