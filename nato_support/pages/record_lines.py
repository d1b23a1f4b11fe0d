"""A record in one line of a list: its name, and what tells it from others of its kind."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext

from entities import vocabulary as v
from entities.countries import country_name
from entities.formatting import format_amount, format_partial_date, join_names
from entities.serializers import date_shape_text
from entities.serializers.child_shapes import is_promised_measure
from nato_support.pages.fact_evidence import Link, Mark, modality_marks
from nato_support.pages.page_urls import page_path

_TYPES = {"organisation": v.OrganisationType, "facility": v.FacilityType, "event": v.EventType}


@dataclass(slots=True)
class RecordLine:
    """A record in a list."""

    kind: str
    link: Link
    details: list[str] = field(default_factory=list)
    date: str = ""
    amount: Link | None = None
    marks: list[Mark] = field(default_factory=list)
    stage: str = ""
    quoted: bool = False
    """True if the text of the link is a passage."""


def kind_label(kind: str) -> str:
    """Return the name of a kind of record, in the language of the request."""
    return {
        "organisation": gettext("organisation"),
        "facility": gettext("facility"),
        "person": gettext("person"),
        "post": gettext("post"),
        "event": gettext("event"),
        "commitment": gettext("commitment"),
        "relation": gettext("relationship"),
        "quote": gettext("quote"),
        "document": gettext("document"),
    }[kind]


def line_of_record(document: dict[str, Any]) -> RecordLine:
    """Describe a rendered record in one line."""
    kind = document["kind"]
    text = document.get("name") or document["exact"]
    line = RecordLine(kind, Link(text, page_path(document["href"])), quoted=kind == "quote")
    line.details = [detail for detail in _details(document) if detail]
    if document.get("contested"):
        line.marks.append(Mark("contested", gettext("contested")))
    if kind == "relation":
        line.marks += modality_marks(document["modality"])
    if kind == "quote" and document["fidelity"] != v.Fidelity.ORIGINAL:
        line.marks.append(Mark("translation", gettext("translated")))
    line.date = _date_words(document)
    if kind == "commitment":
        line.stage = gettext(dict(v.REACHED_STAGES)[document["stage"]]) if document["stage"] else ""
        line.amount = _amount(document)
    return line


def _details(document: dict[str, Any]) -> list[str]:
    kind = document["kind"]
    country = country_name(document.get("country") or document.get("nationality") or "")
    if kind in _TYPES:
        return [
            gettext(_TYPES[kind](document["type"]).label) if document["type"] else "",
            document.get("locality") or "",
            country,
        ]
    if kind == "person":
        return [country]
    if kind == "post":
        return [document["organisation"]["name"] if document["organisation"] else ""]
    if kind == "commitment":
        return [gettext(v.Nature(document["nature"]).label) if document["nature"] else "", _parties(document)]
    if kind == "document":
        return [document["publisher"]["name"] if document["publisher"] else ""]
    if kind == "quote":
        speakers = join_names(speaker["name"] for speaker in document["speakers"]) or document["attribution"] or ""
        publisher = document["document"]["publisher"]
        return [speakers, (publisher or document["document"])["name"]]
    return [document["role"] or ""]


def _parties(document: dict[str, Any]) -> str:
    by, beneficiary = join_names(party["name"] for party in document["committed_by"]), document["beneficiary"]
    if by and beneficiary:
        return gettext("%(by)s for %(beneficiary)s") % {"by": by, "beneficiary": beneficiary["name"]}
    return by or (gettext("for %s") % beneficiary["name"] if beneficiary else "")


def _amount(document: dict[str, Any]) -> Link | None:
    for measure in document["measures"]:
        if is_promised_measure(measure):
            number = (measure["qualifier"], measure["value"], measure["upper"], measure["currency"] or measure["unit"] or "")
            return Link(format_amount(*number), title=format_amount(*number, exact=True))
    return None


def _date_words(document: dict[str, Any]) -> str:
    dates = [document.get(name) for name in ("start", "said_on", "published_on", "founded")]
    dates += [milestone["date"] for milestone in document.get("milestones", ())][-1:]
    # The start of a quote is a position in its text.
    date = next((date for date in dates if isinstance(date, dict)), None)
    return format_partial_date(date_shape_text(date)) if date else ""
