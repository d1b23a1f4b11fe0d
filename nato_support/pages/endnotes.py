"""Endnotes of a printed record: each quote once, with the number that the facts resting on it bear."""

from dataclasses import replace

from django.utils.translation import gettext

from nato_support.pages.fact_evidence import QuoteView
from nato_support.pages.record_facts import Fact, RecordFacts


def number_quotes(facts: RecordFacts) -> list[QuoteView]:
    """Number the quotes of the facts in place, in the order of the page, and return each of them once, without statements."""
    ordered = (facts.summary, facts.name, *facts.milestones, *facts.amounts, *facts.fields, *facts.names, *facts.identifiers)
    notes: dict[str, QuoteView] = {}
    for fact in filter(None, ordered):
        for quote in fact.evidence.quotes if fact.evidence else ():
            notes.setdefault(quote.path, replace(quote, states="", is_denial=False, stance="", reasoning=""))
            number = list(notes).index(quote.path) + 1
            quote.printed_as = f"{number}: {_statement(quote)}" if _is_told(fact, quote) else str(number)
    return list(notes.values())


def _is_told(fact: Fact, quote: QuoteView) -> bool:
    """Return whether it must be told what a quote states: not where it plainly supports the only value of the fact."""
    return bool(quote.states) and (quote.is_denial or bool(quote.stance) or len(fact.values) > 1)


def _statement(quote: QuoteView) -> str:
    return gettext("denies %s") % quote.states if quote.is_denial else quote.states
