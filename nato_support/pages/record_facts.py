"""Facts of a record for its page: each with its values, and with its evidence or the reason why it has none."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext

from entities import vocabulary as v
from entities.citable_fields import EvidenceClass, class_of_name, evidence_class
from entities.formatting import format_amount
from entities.serializers import record_path
from nato_support.pages.fact_evidence import EvidenceView, Link, Mark, evidence_of_field, modality_marks, record_link
from nato_support.pages.page_urls import fact_anchor, page_path, report_path
from nato_support.pages.pictures.words import quoted
from nato_support.publishing.record_page_view import FactView, format_date, page_view_of_record

# The relation as a whole is one fact, whose sentence and mark say these.
_SAID_BY_RELATION = frozenset(("type", "modality"))


@dataclass(slots=True)
class Fact:
    """A field, amount, milestone, name or identifier."""

    label: str
    values: list[Link]
    anchor: str = ""
    detail: str = ""
    evidence: EvidenceView | None = None
    reason: str = ""
    """Why it has no evidence: our own words, an editor's classification ...; empty if it has."""
    extra_marks: list[Mark] = field(default_factory=list)
    field_name: str = ""
    """Address of the fact within its edition; names and identifiers are numbered: names.1."""
    report_path: str = ""
    """Path of the form that reports an error in it."""

    @property
    def marks(self) -> list[Mark]:
        return [*self.extra_marks, *(self.evidence.marks if self.evidence else ())]


@dataclass(slots=True)
class RecordFacts:
    """All facts of a record, in the groups in which its page shows them."""

    name: Fact
    summary: Fact | None
    fields: list[Fact]
    amounts: list[Fact]
    milestones: list[Fact]
    names: list[Fact]
    identifiers: list[Fact]

    @property
    def all(self) -> Iterator[Fact]:
        """Every fact, the name first."""
        yield self.name
        if self.summary:
            yield self.summary
        for group in (self.fields, self.amounts, self.milestones, self.names, self.identifiers):
            yield from group


def facts_of_record(document: dict[str, Any], evidence: dict[str, Any]) -> RecordFacts:
    """Describe the facts of a rendered record, `evidence` being what its detail adds to its document."""
    builder = _FactBuilder(dict(document), dict(evidence))
    view = page_view_of_record(builder.document, builder.evidence)
    fields = [builder.field_fact(fact) for fact in view.facts if not builder.is_said_by_relation(fact.field)]
    if builder.kind == "relation":
        fields.insert(0, builder.relation_fact())
    summary = document.get("summary") or ""
    measures = (*document.get("measures", ()), *document.get("conversions", ()))
    facts = RecordFacts(
        name=builder.fact("name", gettext("Name"), [Link(document["name"])] if document.get("name") else []),
        summary=builder.fact("summary", gettext("Summary"), [Link(summary)]) if summary else None,
        fields=fields,
        amounts=[builder.amount_fact(measure) for measure in measures],
        milestones=[builder.milestone_fact(milestone) for milestone in document.get("milestones", ())],
        names=[builder.name_fact(name) for name in evidence.get("names", ())],
        identifiers=[builder.identifier_fact(fact) for fact in view.identifiers],
    )
    for group, of_group in (("names", facts.names), ("identifiers", facts.identifiers)):
        for number, fact in enumerate(of_group, 1):
            fact.field_name = f"{group}.{number}"
    for fact in facts.all:
        fact.report_path = report_path(page_path(document["href"]), document["edition"], fact.field_name)
    return facts


class _FactBuilder:
    def __init__(self, document: dict[str, Any], evidence: dict[str, Any]):
        self.document, self.evidence = document, evidence
        self.kind = document["kind"]
        self.entries = evidence.get("evidence", {})

    def fact(self, field_name: str, label: str, values: list[Link], detail: str = "") -> Fact:
        """Build a fact with the evidence of a field, or with the reason why it has none."""
        entry = self.entries.get(field_name)
        return Fact(
            label,
            values,
            fact_anchor(field_name),
            detail,
            evidence_of_field(self.document, field_name, entry) if entry else None,
            "" if entry else self._reason(field_name),
            field_name=field_name,
        )

    def field_fact(self, view: FactView) -> Fact:
        values = [Link(value.text, page_path(record_path(*value.key)) if value.key else value.address) for value in view.values]
        parties = {"subject": gettext("First party"), "object": gettext("Second party")}
        return self.fact(view.field, parties.get(view.field) or view.label, values)

    def is_said_by_relation(self, field_name: str) -> bool:
        return self.kind == "relation" and field_name in _SAID_BY_RELATION

    def relation_fact(self) -> Fact:
        """The relation as one fact: the sentence that says who, what and, of a claim, according to whom."""
        fact = self.fact("relation", gettext("Relationship"), [Link(self.document["name"])])
        fact.extra_marks = modality_marks(self.document["modality"])
        return fact

    def amount_fact(self, measure: dict[str, Any]) -> Fact:
        unit = measure["currency"] or measure.get("unit") or ""
        number = (measure["qualifier"], measure["value"], measure["upper"], unit)
        label = capfirst(gettext(v.MeasureKind(measure["kind"]).label))
        if milestone := measure.get("milestone"):
            label = f"{label}, {gettext(v.Stage(milestone['stage']).label)}"
        details = [quoted(measure["as_stated"])]
        if measure["as_of"]:
            details.append(gettext("as of %s") % format_date(measure["as_of"]))
        if "conversion_of" in measure:
            details.append(gettext("the same money in another currency; not added to it"))
        value = Link(format_amount(*number), title=format_amount(*number, exact=True))
        return self.fact(f"measures.{measure['key']}", label, [value], "; ".join(details))

    def milestone_fact(self, milestone: dict[str, Any]) -> Fact:
        event = milestone["event"]
        return self.fact(
            f"milestones.{milestone['key']}",
            capfirst(gettext(v.Stage(milestone["stage"]).label)),
            [record_link(event)] if event else [],
            format_date(milestone["date"]) or gettext("day not known"),
        )

    def name_fact(self, name: dict[str, Any]) -> Fact:
        """A further name. Of the evidence of all names, it has the quotes that state this one."""
        entry = self.entries.get("names")
        citations = [citation for citation in entry["citations"] if citation["value"] == name["text"]] if entry else []
        label = capfirst(gettext(v.NameKind(name["kind"]).label))
        fact = Fact(label, [Link(name["text"])])
        if entry and citations:
            of_name = {**entry, "citations": citations, "resolution": None, "contested": False}
            fact.evidence = evidence_of_field(self.document, "names", of_name)
        else:
            fact.reason = _class_reason(class_of_name(name["kind"], name["origin"]))
        return fact

    def identifier_fact(self, view: FactView) -> Fact:
        fact = self.fact("identifiers", gettext(view.label), [Link(value.text, value.address) for value in view.values])
        fact.anchor = ""
        return fact

    def _reason(self, field_name: str) -> str:
        """Return in words why a field has no quotes."""
        if self.kind in ("document", "quote"):
            return _reason_of_source_field(field_name)
        derived = {
            "stage": gettext("follows from the milestones"),
            "shares": gettext("follows from the amounts"),
            "attested": gettext("the days of its quotes"),
            "subject": gettext("part of the relationship"),
            "object": gettext("part of the relationship"),
        }
        if field_name in derived:
            return derived[field_name]
        if self.kind == "organisation" and field_name == "name":
            return gettext("as its own documents give it")
        return _class_reason(evidence_class(self.kind, field_name))


def reason_from_document() -> str:
    """Return the reason that most fields of a document or quote have in place of evidence."""
    return gettext("from the document")


def _reason_of_source_field(field_name: str) -> str:
    if field_name in ("note", "dating"):
        return gettext("our own words")
    if field_name in ("retrieved_on", "sha256", "archived_url"):
        return gettext("our record of the text")
    return gettext("editor’s classification") if field_name in ("quote_kind", "utterance") else reason_from_document()


def _class_reason(of_class: EvidenceClass) -> str:
    return {
        EvidenceClass.OWN_WORDS: gettext("our own words"),
        EvidenceClass.ASSESSED: gettext("editor’s classification"),
        EvidenceClass.OUTSIDE: gettext("from outside the sources"),
    }.get(of_class, gettext("rests on the record’s quotes as a whole"))
