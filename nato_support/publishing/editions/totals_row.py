"""Totals row: what totals need of a commitment, as one short text, so that adding up reads no documents.

It is stored as terms of the edition (field `tally`), in pieces that fit a term's value. Its members are separated by control
characters instead of being JSON: a hundred thousand of them are read in a tenth of a second.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from entities.amounts import Amount
from entities.deliveries import Quantity, ReachedStep, StatedAmount, promised_amounts, quantities_at_stage
from entities.numbers import decimal_text
from entities.serializers import date_shape_bounds
from entities.vocabulary import Qualifier, Stage

TOTALS_FIELD = "tally"
_PIECE_LENGTH = 650
_MEMBER_SEPARATOR, _AMOUNT_SEPARATOR, _AMOUNT_PART_SEPARATOR = "\x1f", "\x1e", "\x1d"
_UNSEPARATED = str.maketrans(dict.fromkeys((_MEMBER_SEPARATOR, _AMOUNT_SEPARATOR, _AMOUNT_PART_SEPARATOR), " "))


class TotalsAmount(NamedTuple):
    """An amount as stated, with its numbers as text."""

    kind: str
    unit: str
    """ISO 4217 code for money; otherwise the unit that is counted."""
    value: str
    """Empty if the amount has no number."""
    upper: str
    """Empty if it is no range."""
    qualifier: str


class TotalsStep(NamedTuple):
    """What the steps of one stage state altogether in one unit, with its numbers as text."""

    stage: str
    kind: str
    unit: str
    low: str
    high: str
    """Empty if there is no upper end."""


class TotalsRow(NamedTuple):
    """A commitment for totals. Missing members are empty; package, beneficiary and givers are slugs."""

    slug: str
    nature: str
    category: str
    stage: str
    year: str
    """Date of its first dated milestone."""
    package: str
    beneficiary: str
    givers_text: str
    amounts_text: str
    steps_text: str = ""
    """Missing in editions from before amounts could belong to a step."""

    @property
    def givers(self) -> list[str]:
        """The slugs of the organisations that undertake it."""
        return self.givers_text.split()

    @property
    def amounts(self) -> list[TotalsAmount]:
        """The amounts promised, without conversions."""
        return (
            [TotalsAmount(*text.split(_AMOUNT_PART_SEPARATOR)) for text in self.amounts_text.split(_AMOUNT_SEPARATOR)]
            if self.amounts_text
            else []
        )

    @property
    def steps(self) -> list[TotalsStep]:
        """The amounts that its steps state: proposed, allocated, delivered and the like."""
        if not self.steps_text:
            return []
        return [TotalsStep(*text.split(_AMOUNT_PART_SEPARATOR)) for text in self.steps_text.split(_AMOUNT_SEPARATOR)]


def split_totals_row(document: dict) -> list[str]:
    """Return the totals row of a rendered commitment in pieces, each with its number in front."""
    days = [milestone["date"]["earliest"] for milestone in document["milestones"] if milestone["date"]]
    steps = [ReachedStep(step["key"], step["stage"], _days(step["date"])) for step in document["milestones"]]
    stated_amounts = [_stated_amount(measure) for measure in document["measures"]]
    amounts = [_totals_amount(amount) for amount in promised_amounts(steps, stated_amounts)]
    row = TotalsRow(
        document["slug"],
        document["nature"],
        document["category"],
        document["stage"] or "",
        min(filter(None, days), default="")[:4],
        _slug_of_reference(document["part_of"]),
        _slug_of_reference(document["beneficiary"]),
        " ".join(giver["slug"] for giver in document["committed_by"]),
        _AMOUNT_SEPARATOR.join(map(_AMOUNT_PART_SEPARATOR.join, amounts)),
        _AMOUNT_SEPARATOR.join(map(_AMOUNT_PART_SEPARATOR.join, _totals_steps(steps, stated_amounts))),
    )
    text = _MEMBER_SEPARATOR.join(row)
    return [f"{start // _PIECE_LENGTH:04}{text[start : start + _PIECE_LENGTH]}" for start in range(0, len(text), _PIECE_LENGTH)]


def join_totals_row(pieces: Sequence[str]) -> TotalsRow:
    """Return the totals row that was cut into `pieces`, which may come in any order."""
    text = pieces[0][4:] if len(pieces) == 1 else "".join(piece[4:] for piece in sorted(pieces))
    return TotalsRow(*text.split(_MEMBER_SEPARATOR))


def _stated_amount(measure: dict) -> StatedAmount:
    value, upper = (None if measure[end] is None else Decimal(measure[end]) for end in ("value", "upper"))
    unit = (measure["currency"] or measure["unit"] or "").translate(_UNSEPARATED)
    step = measure.get("milestone")
    return StatedAmount(
        measure["kind"], Amount(measure["qualifier"], value, upper, unit), step["key"] if step else "", _days(measure["as_of"])
    )


def _totals_amount(stated: StatedAmount) -> TotalsAmount:
    amount = stated.amount
    value, upper = ("" if number is None else decimal_text(number) for number in (amount.value, amount.upper))
    return TotalsAmount(stated.kind, amount.unit, value, upper, amount.qualifier)


def _totals_steps(steps: Sequence[ReachedStep], amounts: Sequence[StatedAmount]) -> Iterator[TotalsStep]:
    """Yield the amounts of each stage. An amount without a number is no zero, so it is left out."""
    numbered = [amount for amount in amounts if amount.milestone and amount.amount.value is not None]
    if not numbered:
        return
    for stage in Stage.values:
        for (kind, unit), quantity in quantities_at_stage(stage, steps, numbered, _quantity_as_worded).items():
            high = "" if quantity.high.is_infinite() else decimal_text(quantity.high)
            yield TotalsStep(stage, kind, unit, decimal_text(quantity.low), high)


def _quantity_as_worded(amount: Amount) -> Quantity:
    """Return the bounds of an amount as totals count it: “about” the number stated."""
    if amount.qualifier in (Qualifier.ABOUT, Qualifier.NEARLY):
        assert amount.value is not None
        return Quantity(amount.value, amount.upper or amount.value, amount.value)
    return Quantity.of_amount(amount)


def _days(date: dict | None) -> tuple[str, str]:
    return date_shape_bounds(date) if date else ("", "")


def _slug_of_reference(reference: dict | None) -> str:
    return reference["slug"] if reference else ""
