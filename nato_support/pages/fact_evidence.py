"""Evidence of a fact for its page: each quote with its source, what it affirms or denies, and how doubts stand.

Works on the JSON of an edition alone, so the page of an old edition stays as it was.
"""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from entities import vocabulary as v
from entities.citable_fields import RELATION, TEXT, stated_value_type
from entities.formatting import cited_field_label, format_stated_amount
from entities.languages import language_chain_names
from nato_support.pages.page_urls import page_path
from nato_support.pages.pictures.words import quoted
from nato_support.publishing.record_page_view import format_date, stated_text_of_citation

_SINGLE_SOURCE_LIMITS = frozenset((v.BasisLimit.ONE_DOCUMENT, v.BasisLimit.ONE_UTTERANCE, v.BasisLimit.ONE_PUBLISHER))


@dataclass(frozen=True, slots=True)
class Link:
    """A text that may lead to a page."""

    text: str
    path: str = ""
    title: str = ""
    """The exact value, where the text is a short form of it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A doubt or limit of a fact, shown by a shape of its own and by words."""

    shape: str
    """contested, resolved, single, translation, claimed or planned."""
    words: str


@dataclass(slots=True)
class QuoteView:
    """A quote as evidence: its words, who said them, where and when they were published."""

    words: str
    path: str
    language: str
    speakers: list[Link]
    attribution: str
    reported_by: str
    said_on: str
    kind: str
    wording: str
    is_translated: bool
    page: str
    document: Link
    document_url: str
    publisher: Link | None
    published_on: str
    translated_from: str
    note: str
    states: str = ""
    """Statement for the fact, in words; empty on the page of the quote itself."""
    states_register_words: bool = False
    """True if the statement is a text of the register, which is English in every language of the pages."""
    is_denial: bool = False
    stance: str = ""
    """Stance towards the register's value, in words; empty if it supports it."""
    reasoning: str = ""
    printed_as: str = ""
    """What stands for it at the fact on a printed page: the number of its endnote, and what it states if that is not plain."""


@dataclass(slots=True)
class VerdictView:
    """An editor's verdict on sources that differ."""

    label: str
    reason: str
    decided_on: str
    decides_for: str


@dataclass(slots=True)
class EvidenceView:
    """The quotes of one fact, those that support it first, and the verdict in force."""

    quotes: list[QuoteView]
    agreement: str
    marks: list[Mark] = field(default_factory=list)
    verdict: VerdictView | None = None

    @property
    def publishers(self) -> list[str]:
        """Names of the publishers, each once; of a document without one, its title."""
        return list(dict.fromkeys((quote.publisher or quote.document).text for quote in self.quotes))


def evidence_of_field(document: dict[str, Any], field_name: str, entry: dict[str, Any]) -> EvidenceView:
    """Describe the evidence `entry` of a field of the rendered record `document`."""
    citations = sorted(entry["citations"], key=lambda citation: citation["stance"] != v.Stance.SUPPORTS)
    verdict = entry["resolution"]
    return EvidenceView(
        [_cited_quote_view(document, field_name, citation) for citation in citations],
        gettext(v.Agreement(entry["agreement"]).label),
        _marks_of_entry(entry),
        _verdict_view(document, field_name, citations, verdict) if verdict else None,
    )


def quote_view(quote: dict[str, Any]) -> QuoteView:
    """Describe a quote, as its own document or as embedded in the evidence of a record."""
    document = quote["document"]
    publisher = document["publisher"]
    return QuoteView(
        words=quote["exact"],
        path=page_path(quote["href"]),
        language=document["language"] or "",
        speakers=[record_link(speaker) for speaker in quote["speakers"]],
        attribution=quote["attribution"] or "",
        reported_by=quote["reported_by"] or "",
        said_on=format_date(quote["said_on"]),
        kind=gettext(v.QuoteKind(quote["quote_kind"]).label),
        wording=gettext(v.Fidelity(quote["fidelity"]).label),
        is_translated=quote["fidelity"] != v.Fidelity.ORIGINAL,
        page=str(quote.get("page") or ""),
        document=record_link(document),
        document_url=document["url"] or "",
        publisher=record_link(publisher) if publisher else None,
        published_on=format_date(document["published_on"]),
        translated_from=language_chain_names(document["translated_from"]) if document["translated_from"] else "",
        note=quote["note"] or "",
    )


def stated_words(document: dict[str, Any], field_name: str, citation: dict[str, Any]) -> str:
    """Return in words what a citation states for a field of `document`."""
    if field_name.startswith("measures."):
        return format_stated_amount(citation["value"])
    return stated_text_of_citation(document, field_name, citation)


def states_register_words(kind: str, field_name: str) -> bool:
    """Return whether what is stated for a field is a text or a sentence of the register, and no date, amount or the like."""
    return stated_value_type(kind, field_name) in (TEXT, RELATION)


def cited_fact_label(field_name: str) -> str:
    """Return the label of a field; amounts and milestones are told apart by what is stated, not by their keys."""
    stem = field_name.partition(".")[0]
    labels = {"measures": gettext("Amount"), "milestones": gettext("Milestone")}
    return labels[stem] if stem in labels and stem != field_name else cited_field_label(field_name)


def record_link(reference: dict[str, Any]) -> Link:
    """Link to the page of a record that a document refers to."""
    return Link(reference["name"], page_path(reference["href"]))


def modality_marks(modality: str) -> list[Mark]:
    """Return the mark of a relation that is not told as a fact."""
    if modality == v.Modality.IN_FORCE:
        return []
    shape = "claimed" if modality == v.Modality.CLAIMED else "planned"
    return [Mark(shape, gettext(v.Modality(modality).label))]


def _cited_quote_view(document: dict[str, Any], field_name: str, citation: dict[str, Any]) -> QuoteView:
    view = quote_view(citation["quote"])
    view.states = stated_words(document, field_name, citation)
    view.states_register_words = states_register_words(document["kind"], field_name)
    view.is_denial = citation["polarity"] == v.Polarity.DENIES
    view.stance = {
        v.Stance.QUALIFIES: gettext("qualifies what the register says"),
        v.Stance.CONTRADICTS: gettext("contradicts what the register says"),
    }.get(citation["stance"], "")
    view.reasoning = citation["note"] or ""
    return view


def _marks_of_entry(entry: dict[str, Any]) -> list[Mark]:
    limits = {*entry["basis"]["limits"]} if entry.get("basis") else set()
    marks = []
    if entry["contested"]:
        marks.append(Mark("contested", gettext("contested")))
    elif entry["resolution"]:
        marks.append(Mark("resolved", gettext("settled")))
    if limits & _SINGLE_SOURCE_LIMITS:
        marks.append(Mark("single", gettext("single source")))
    if v.BasisLimit.TRANSLATION in limits:
        marks.append(Mark("translation", gettext("translation only")))
    return marks


def _verdict_view(
    document: dict[str, Any], field_name: str, citations: list[dict[str, Any]], verdict: dict[str, Any]
) -> VerdictView:
    decided = verdict["decides_for"]
    decides_for = ""
    if decided:
        cited = next((citation for citation in citations if citation["value"] == decided["value"]), None)
        words = stated_words(document, field_name, cited) if cited else decided["value"]
        decides_for = gettext("not “%s”") % words if decided["polarity"] == v.Polarity.DENIES else quoted(words)
    return VerdictView(
        gettext(v.Verdict(verdict["verdict"]).label), verdict["reason"], format_date(verdict["decided_on"]), decides_for
    )
