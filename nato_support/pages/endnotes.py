"""Endnotes of a printed record: each quote once, with the number that the facts resting on it bear."""

from dataclasses import replace

from nato_support.pages.fact_evidence import QuoteView
from nato_support.pages.record_facts import RecordFacts


def number_quotes(facts: RecordFacts) -> list[QuoteView]:
    """Number the quotes of the facts in place, in the order of the page, and return each of them once, without statements."""
    ordered = (facts.summary, facts.name, *facts.milestones, *facts.amounts, *facts.fields, *facts.names, *facts.identifiers)
    notes: dict[str, QuoteView] = {}
    for fact in ordered:
        for quote in fact.evidence.quotes if fact and fact.evidence else ():
            note = notes.setdefault(quote.path, replace(quote, number=len(notes) + 1, states="", stance="", reasoning=""))
            quote.number = note.number
    return list(notes.values())
