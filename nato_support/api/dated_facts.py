"""Dated facts that a rendered record states, and each as a member of an answer of `timeline/`."""

import datetime
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from entities.serializers import date_shape_bounds, date_shape_text
from entities.vocabulary import Modality
from nato_support.api.graph_shapes import MAX_CITATIONS
from nato_support.api.reference_and_citation_members import citation_members, record_reference
from nato_support.api.timeline_shapes import FACT_LABELS

ITSELF = -1
_FACT_ORDER = {fact: at for at, fact in enumerate(FACT_LABELS)}


class RecordWithFacts(NamedTuple):
    """Record that dated facts are taken from."""

    edition_id: int
    """Id of its edition; ITSELF for the entity, and 0 for a quote that it rests on, which is its own evidence."""
    record: dict
    concerns: tuple[str, ...]
    """Roles of the entity in the record, mostly fields that name it."""


class DatedFact(NamedTuple):
    fact: str
    """Key of FACT_LABELS."""
    date: dict
    field: str
    source: RecordWithFacts
    stage: str | None = None

    @property
    def modality(self) -> str | None:
        """Modality of the relation that began or ended; None for other facts."""
        record = self.source.record
        return record.get("modality", Modality.IN_FORCE.value) if record["kind"] == "relation" else None

    @property
    def sort_key(self) -> tuple:
        """Position in the order. Of two dates that begin on the same day, the wider one comes first."""
        record = self.source.record
        first_day, last_day = date_shape_bounds(self.date)
        narrowness = -datetime.date.fromisoformat(last_day).toordinal()
        return first_day, narrowness, _FACT_ORDER[self.fact], record["kind"], record["slug"], self.field


def dated_facts_of_record(source: RecordWithFacts) -> Iterator[DatedFact]:
    """Yield the dated facts that a record states."""
    record = source.record
    match record["kind"]:
        case "organisation":
            dates = [("founded", "founded"), ("dissolved", "dissolved")]
        case "event":
            dates = [("event_start", "start"), ("event_end", "end")]
        case "relation":
            dates = [("relation_start", "start"), ("relation_end", "end")]
        case "quote":
            said_on, published_on = record["said_on"], record["document"]["published_on"]
            if said_on or published_on:
                yield DatedFact("quote", said_on or published_on, "said_on" if said_on else "document.published_on", source)
            return
        case "commitment":
            dates = [("due", "due"), ("period", "period")]
        case _:
            dates = []
    for fact, field in dates:
        # Editions from before a member existed lack it.
        if record.get(field):
            yield DatedFact(fact, record[field], field, source)
    for milestone in record.get("milestones", ()):
        if milestone["date"]:
            yield DatedFact("milestone", milestone["date"], f"milestones.{milestone['key']}", source, milestone["stage"])
    for measure in record.get("measures", ()):
        if measure.get("as_of"):
            step = measure.get("milestone")
            yield DatedFact("measure", measure["as_of"], f"measures.{measure['key']}", source, step["stage"] if step else None)


def fact_members(fact: DatedFact, evidence: Mapping[str, dict]) -> dict:
    """Return a fact as `timeline/` has it; `evidence` is that of its record, by field."""
    record = fact.source.record
    if record["kind"] == "quote":
        # The quote itself is the evidence of what was said when.
        citations: list[dict] = [
            {"polarity": "affirms", "stance": "supports", "value": date_shape_text(fact.date), "quote": record}
        ]
    else:
        citations = evidence.get(fact.field, {"citations": []})["citations"][:MAX_CITATIONS]
    type = record.get("type")
    return {
        "date": fact.date,
        "fact": fact.fact,
        "record": record_reference(record),
        "concerns_it_as": list(fact.source.concerns),
        "field": fact.field,
        "stage": fact.stage,
        "type": type["slug"] if isinstance(type, dict) else type,
        "modality": fact.modality,
        "contested": evidence.get(fact.field, {}).get("contested", False),
        "evidence": [citation_members(fact.field, citation) for citation in citations],
    }
