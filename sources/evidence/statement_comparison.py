"""Comparison of statements by what they mean, and all that follows from it: stances, and which statements contest a field.

A statement is a value that a source affirms or denies. Values are compared as the field takes them: amounts, dates, numbers,
texts without regard to case and white space, everything else to the letter.
"""

import itertools
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any, NamedTuple, Self

from entities.amounts import Amount
from entities.citable_fields import AMOUNT, DATE, MANY_VALUED_FIELDS, NUMBER, STEP, TEXT, is_own_words, stated_value_type
from entities.dates import PartialDate
from entities.measure_facts import MeasureFact
from entities.numbers import parse_decimal
from entities.steps import Step
from entities.vocabulary import Polarity, Stance


class Statement(NamedTuple):
    """A value, and whether it is affirmed or denied."""

    value: str
    polarity: str = Polarity.AFFIRMS.value

    @property
    def denied(self) -> bool:
        return self.polarity == Polarity.DENIES

    @classmethod
    def from_json(cls, statement: dict[str, str]) -> Self:
        """Return the statement that a resolution or an edition stores."""
        return cls(statement["value"], statement["polarity"])

    def as_json(self) -> dict[str, str]:
        """Return the statement as resolutions and editions store it."""
        return {"value": self.value, "polarity": str(self.polarity)}


class Comparison(Enum):
    """Result of comparing two values or statements."""

    EQUAL = "equal"
    COMPATIBLE = "compatible"
    """Both can be true: one contains the other, or qualifies the same number otherwise."""
    DIFFERENT = "different"


# Values


def compare_values(kind: str, field: str, first: str, second: str) -> Comparison:
    """Compare two values of a field of a record of `kind`; one that is not of the field's type is compared as text."""
    if first == second:
        return Comparison.EQUAL
    value_type = stated_value_type(kind, field)
    try:
        if value_type == AMOUNT:
            return _compare_measures(MeasureFact.parse(first), MeasureFact.parse(second))
        if value_type == DATE:
            return _compare_dates(PartialDate.parse(first), PartialDate.parse(second))
        if value_type == STEP:
            return _compare_steps(Step.parse(first), Step.parse(second))
        if value_type == NUMBER:
            return _equal_or_different(parse_decimal(first), parse_decimal(second))
    except ValueError:
        pass
    if value_type in (TEXT, AMOUNT, DATE, STEP, NUMBER):
        return _equal_or_different(_comparable_text(first), _comparable_text(second))
    return Comparison.DIFFERENT


def _equal_or_different(first: Any, second: Any) -> Comparison:
    return Comparison.EQUAL if first == second else Comparison.DIFFERENT


def _comparable_text(text: str) -> str:
    return " ".join(text.casefold().split())


def _compare_measures(first: MeasureFact, second: MeasureFact) -> Comparison:
    """Compare two measures: of different stages or times they differ; one without a time says nothing about it."""
    if first.stage != second.stage:
        return Comparison.DIFFERENT
    amounts = _compare_amounts(first.amount, second.amount)
    if first.as_of == second.as_of or amounts == Comparison.DIFFERENT:
        return amounts
    return _compare_dates(first.as_of, second.as_of) if first.as_of and second.as_of else Comparison.COMPATIBLE


def _compare_amounts(first: Amount, second: Amount) -> Comparison:
    if first == second:
        return Comparison.EQUAL
    if first.unit != second.unit:
        return Comparison.DIFFERENT
    same_numbers = (first.value, first.upper) == (second.value, second.upper)
    is_compatible = same_numbers or first.contains(second) or second.contains(first)
    return Comparison.COMPATIBLE if is_compatible else Comparison.DIFFERENT


def _compare_dates(first: PartialDate, second: PartialDate) -> Comparison:
    if first == second:
        return Comparison.EQUAL
    return Comparison.COMPATIBLE if first.contains(second) or second.contains(first) else Comparison.DIFFERENT


def _compare_steps(first: Step, second: Step) -> Comparison:
    """Compare two steps: without a date, one says nothing that a date of the same stage contradicts."""
    if first == second:
        return Comparison.EQUAL
    if first.stage != second.stage:
        return Comparison.DIFFERENT
    return _compare_dates(first.date, second.date) if first.date and second.date else Comparison.COMPATIBLE


# Statements


def compare_statements(kind: str, field: str, first: Statement, second: Statement) -> Comparison:
    """Compare two statements on a field of a record of `kind`: different ones contest it.

    Different are one value affirmed and denied and, in a field of one value, two values affirmed. Own words never differ.
    """
    values = compare_values(kind, field, first.value, second.value)
    if first.polarity == second.polarity:
        if values == Comparison.EQUAL:
            return Comparison.EQUAL
        may_both_hold = first.denied or field in MANY_VALUED_FIELDS or is_own_words(kind, field)
        return Comparison.COMPATIBLE if may_both_hold else values
    is_contradiction = values == Comparison.EQUAL and not is_own_words(kind, field)
    return Comparison.DIFFERENT if is_contradiction else Comparison.COMPATIBLE


def stance_towards(kind: str, field: str, statement: Statement, values: Iterable[str]) -> Stance:
    """Return the stance of a citation that makes `statement` towards a field that has `values` in the register.

    A field without a value leaves open what a source affirms, and so is qualified by it.
    """
    if statement.denied:
        return Stance.CONTRADICTS
    if is_own_words(kind, field):
        return Stance.SUPPORTS
    comparisons = {compare_statements(kind, field, statement, Statement(value)) for value in values}
    if Comparison.EQUAL in comparisons:
        return Stance.SUPPORTS
    return Stance.QUALIFIES if Comparison.COMPATIBLE in comparisons or not comparisons else Stance.CONTRADICTS


def includes_statement(kind: str, field: str, statements: Iterable[Statement], wanted: Statement) -> bool:
    """Return whether one of `statements` is equal to `wanted`."""
    return any(compare_statements(kind, field, statement, wanted) == Comparison.EQUAL for statement in statements)


def distinct_statements(kind: str, field: str, statements: Iterable[Statement]) -> list[Statement]:
    """Return `statements` in their order, each of equal ones once, as the first of them puts it."""
    distinct: list[Statement] = []
    for statement in dict.fromkeys(statements):
        if not includes_statement(kind, field, distinct, statement):
            distinct.append(statement)
    return distinct


def conflicting_statements(kind: str, field: str, statements: Sequence[Statement]) -> list[Statement]:
    """Return those of `statements` that differ from another one, in their order."""
    conflicting: set[Statement] = set()
    for first, second in itertools.combinations(statements, 2):
        if compare_statements(kind, field, first, second) == Comparison.DIFFERENT:
            conflicting |= {first, second}
    return [statement for statement in statements if statement in conflicting]
