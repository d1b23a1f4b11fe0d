"""Fitting of what a passage states to a fact of the register: an amount, a date, the parties of a relation, a name."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from entities.amounts import Amount, amount_or_none
from entities.citable_fields import CITABLE_FIELDS, record_kind
from entities.dates import PartialDate
from entities.measure_facts import measure_fact_or_none
from entities.models import Entity, Relation
from entities.relation_facts import RelationFact, relation_fact_or_none
from entities.steps import step_or_none
from entities.vocabulary import MeasureKind, SuggestionKind
from sources.suggestions.suggestion import Suggestion


class Fit(NamedTuple):
    """Value that a passage gives a field, with its words, why they fit, and how well."""

    value: str
    as_stated: str
    reason: str
    score: float
    is_of_name: bool = False
    """Whether it fits for no more than that the passage names the party of a record."""


def fit_suggestion(record: Entity | Relation, field: str, current_value: str, suggestions: Sequence[Suggestion]) -> Fit | None:
    """Return what the best of the suggestions gives a field; None if none fits."""
    stem = field.partition(".")[0]
    if stem == "measures":
        return _fit_amount(current_value, suggestions)
    if stem == "milestones" and (step := step_or_none(current_value)):
        fit = _fit_date(field, str(step.date or ""), suggestions)
        return fit and fit._replace(value=f"{step.stage.value} {fit.value}")
    if stem in ("start", "end", "founded", "dissolved", "due", "period"):
        return _fit_date(field, current_value, suggestions)
    if fact := relation_fact_or_none(current_value) if field == "relation" else None:
        return _fit_parties(fact, suggestions)
    for suggestion in (suggestion for suggestion in suggestions if suggestion.kind == SuggestionKind.MENTION):
        slug = suggestion.proposal["entity"]
        if slug == current_value and field in CITABLE_FIELDS[record_kind(record)]:
            return Fit(current_value, suggestion.exact, f"the passage names {suggestion.proposal['name']}", 1.2, is_of_name=True)
        if field in ("name", "names") and slug == record.slug and suggestion.exact == current_value:
            return Fit(current_value, suggestion.exact, "named so in the passage", 1.0)
    return None


def _fit_parties(fact: RelationFact, suggestions: Sequence[Suggestion]) -> Fit | None:
    """Return a relation if the passage names a party of it, with a higher score if it names both; None if neither."""
    named = {
        suggestion.proposal["entity"]: suggestion.proposal["name"]
        for suggestion in suggestions
        if suggestion.kind == SuggestionKind.MENTION and suggestion.proposal["entity"] in (fact.subject, fact.object)
    }
    if not named:
        return None
    return Fit(str(fact), "", f"the passage names {' and '.join(named.values())}", 1.6 if len(named) == 1 else 2.4)


def _fit_amount(current_value: str, suggestions: Sequence[Suggestion]) -> Fit | None:
    """Return the amount of the passage closest to the current one: of the same unit, at best of the same number."""
    best, current = None, measure_fact_or_none(current_value)
    current_amount = current.amount if current else None
    for suggestion in suggestions:
        amount = amount_or_none(suggestion.proposal["typed"]) if suggestion.kind == SuggestionKind.AMOUNT else None
        if amount is None or current is None or current_amount is None:
            continue
        # The same number of something else is no evidence: 40 ships for 40 kites.
        if not _are_units_alike(amount, current_amount):
            continue
        same_unit = amount.unit == current_amount.unit
        same_number = (amount.value, amount.upper) == (current_amount.value, current_amount.upper) != (None, None)
        if not (same_unit or same_number):
            continue
        score = 3.0 * same_number + 1.5 * same_unit
        # The register's wording of the unit is kept where the text has another (“kites”, “blue kites”).
        value = str(replace(current, amount=replace(amount, unit=current_amount.unit)))
        reason = "the passage has the same number" if same_number else "the passage has another number of the same unit"
        if best is None or score > best.score:
            best = Fit(value, suggestion.exact, reason, score)
    return best


def _are_units_alike(first: Amount, second: Amount) -> bool:
    """Return whether both amounts count the same thing: of one currency, or with the same last word of what is counted."""
    if first.kind != second.kind or MeasureKind.MONEY in (first.kind, second.kind):
        return first.unit == second.unit
    heads = [unit.partition(" of ")[0].casefold().split()[-1:] for unit in (first.unit, second.unit)]
    return heads[0] == heads[1]


def _fit_date(field: str, current_value: str, suggestions: Sequence[Suggestion]) -> Fit | None:
    """Return the date of the passage closest to the current one: at best the same, else one within or around it."""
    best = None
    for suggestion in suggestions:
        if suggestion.kind != SuggestionKind.DATE:
            continue
        first, last = suggestion.proposal["date"], suggestion.proposal["end"]
        value = last if last and field in ("end", "dissolved") else first
        if last and f"{first}/{last}" == current_value:
            value = current_value
        if not _dates_overlap(value, current_value):
            continue
        score = 3.0 if value == current_value else 1.5
        if best is None or score > best.score:
            best = Fit(value, suggestion.exact, suggestion.proposal["reasoning"], score)
    return best


def _dates_overlap(first_date: str, second_date: str) -> bool:
    try:
        return PartialDate.parse(first_date).overlaps(PartialDate.parse(second_date))
    except ValueError:
        return False
