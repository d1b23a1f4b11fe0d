"""Measures: amounts of money, persons, items or percent."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from entities.amounts import Amount
from entities.dates import PartialDate
from entities.fields import (
    ChoiceField,
    Earliest,
    KeyField,
    LineField,
    NumberField,
    PartialDateField,
    WebAddressField,
    date_bound_column,
)
from entities.measure_facts import MeasureFact
from entities.models.change import ChangeLinkedHistory
from entities.models.curated import Child, natural_key_dependencies
from entities.models.entity import Entity
from entities.models.milestone import next_free_key
from entities.vocabulary import MeasureKind, Qualifier, Stage


class MeasureQuerySet(models.QuerySet):
    """Lookup of measures in fixtures."""

    def get_by_natural_key(self, entity: str, key: str):
        return self.get(entity__slug=entity, key=key)


class Measure(Child):
    """An amount, as stated: the money of a commitment, the staff of a command, the troops of an exercise."""

    PARENT_FIELDS = ("entity",)
    FIELD_GROUPS = (
        ("kind", "qualifier", "value", "upper", "unit", "currency", "as_stated", "as_of", "milestone"),
        ("conversion_of", "rate", "rate_date", "rate_source"),
    )

    entity = models.ForeignKey(Entity, models.CASCADE, related_name="measures")
    key = KeyField(blank=True, help_text="Its address within the record, such as staff or aid; made from the kind if empty.")
    kind = ChoiceField(choices=MeasureKind, help_text="Money, persons, items or percent.")
    value = NumberField(
        max_digits=20,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="The number, such as 40000000000; empty for “an unspecified number”.",
    )
    upper = NumberField(
        max_digits=20, decimal_places=2, null=True, blank=True, help_text="Upper end if a range is stated, such as 700 to 750."
    )
    unit = LineField(
        max_length=80,
        blank=True,
        help_text="What is counted, in the singular, such as aircraft or member state; for a percentage, of what.",
    )
    currency = models.CharField(
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Use an ISO 4217 code, such as EUR.")],
        help_text="ISO 4217 code, such as EUR; for money only.",
    )
    qualifier = ChoiceField(
        choices=Qualifier, default=Qualifier.NONE, help_text="How the source limits the number; none if it adds no word."
    )
    as_stated = LineField("in the source's words", max_length=200, help_text="The source's words, such as around 700 personnel.")
    as_of = PartialDateField(
        help_text="The time for which it holds, as precise as the source; empty if it is not tied to one. On the amount of a step"
        " it makes a running total: all that has come by then."
    )
    as_of_earliest = date_bound_column(Earliest, "as_of")
    # Without its step, an amount delivered would read as one promised.
    milestone = models.ForeignKey(
        "entities.Milestone",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="measures",
        help_text="The step of the commitment that moved this amount, such as a delivery; empty for the amount promised.",
    )
    # A conversion makes no sense without the amount that it converts.
    conversion_of = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="conversions",
        help_text="The amount of which this is a conversion; never added to it.",
    )
    rate = NumberField(
        max_digits=16, decimal_places=8, null=True, blank=True, help_text="Rate of the conversion, if the source states it."
    )
    rate_date = PartialDateField(help_text="Day of that rate, if the source states it.")
    rate_source = WebAddressField(blank=True, help_text="Where the rate comes from: an http or https address.")

    objects = MeasureQuerySet.as_manager()
    history = ChangeLinkedHistory()

    class Meta:
        ordering = ["entity", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "key"], name="measure_key_once", violation_error_message="This key is taken."
            ),
            models.CheckConstraint(
                name="measure_currency_for_money_only",
                condition=(Q(kind="money") & ~Q(currency="") & Q(unit="")) | (~Q(kind="money") & Q(currency="")),
                violation_error_message="Money has a currency and no unit; anything else has no currency.",
            ),
            models.CheckConstraint(
                name="measure_unspecified_has_no_value",
                condition=Q(value__isnull=True, upper__isnull=True, qualifier="unspecified")
                | (Q(value__isnull=False) & ~Q(qualifier="unspecified")),
                violation_error_message="An unspecified measure has no value, any other has one.",
            ),
            models.CheckConstraint(
                name="measure_range_ascends",
                condition=Q(upper__isnull=True) | Q(upper__gt=F("value")),
                violation_error_message="The upper value must be greater than the value.",
            ),
            models.CheckConstraint(
                name="measure_only_money_converts",
                condition=Q(conversion_of__isnull=True, rate__isnull=True, rate_date="", rate_source="")
                | (Q(conversion_of__isnull=False, kind="money") & ~Q(conversion_of=F("pk"))),
                violation_error_message="Only money is converted, from another amount; only a conversion has a rate.",
            ),
            models.CheckConstraint(
                name="measure_conversion_follows_its_amount",
                condition=Q(conversion_of__isnull=True) | Q(milestone__isnull=True),
                violation_error_message="A conversion belongs to the step of the amount that it converts; it has none itself.",
            ),
            models.CheckConstraint(
                name="measure_not_negative",
                condition=Q(value__isnull=True) | Q(value__gte=0),
                violation_error_message="A measure is not negative.",
            ),
        ]

    def __str__(self) -> str:
        return self.as_stated

    @property
    def amount(self) -> Amount:
        """The amount, to be compared with those that citations state."""
        unit = self.currency or self.unit
        if self.value is None:
            return Amount(Qualifier.UNSPECIFIED, unit=unit)
        return Amount(self.qualifier, Decimal(self.value), None if self.upper is None else Decimal(self.upper), unit)

    @property
    def citation_value(self) -> str:
        """The one fact that it is, as the value of a citation: `about 700 person`, `delivered: 4 aircraft as of 2024-07-10`."""
        as_of = PartialDate.parse(self.as_of) if self.as_of else None
        return str(MeasureFact(self.amount, as_of, Stage(self.milestone.stage) if self.milestone else None))

    @natural_key_dependencies("entities.entity", "entities.milestone")
    def natural_key(self) -> tuple[str, str]:
        return (self.entity.slug, self.key)

    def clean(self):
        if self.milestone and self.entity_id and self.milestone.commitment_id != self.entity_id:
            raise ValidationError({"milestone": "This step belongs to another commitment."})

    def save(self, *args, **kwargs):
        self.key = self.key or next_free_key(self, self.entity.measures, self.kind)
        super().save(*args, **kwargs)
