"""Presentation of a rendered record on a page for readers: its facts, each with the passages that support it.

Works on rendered data alone, so that the preview of a draft and the page of a public record show the same. Values of closed
vocabularies are in the active language; names and texts of the register stay as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models.enums import ChoicesType
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from rest_framework import serializers

from entities import vocabulary as v
from entities.citable_fields import CITABLE_FIELDS, COUNTRY, DATE, RELATION
from entities.countries import country_name
from entities.formatting import format_partial_date, format_period, format_share, format_stated_step, join_names, unit_name
from entities.languages import language_chain_names, language_name
from entities.serializers import SHAPES_BY_KIND, date_shape_text
from nato_support.publishing.rendered_relations import stated_relation_words
from sources.serializers import SHAPES as SOURCE_SHAPES

PublicKey = tuple[str, str]

# Members that a page shows in a place of their own, or not at all.
_SHOWN_ELSEWHERE = {
    "kind",
    "slug",
    "href",
    "edition",
    "release",
    "name",
    "summary",
    "contested",
    "denied",
    "citations",
    "measures",
    "conversions",
    "milestones",
}
_SHOWN_ELSEWHERE_BY_KIND = {
    "quote": {"exact", "start", "end", "document"},
    # The title says both.
    "relation": {"label", "inverse_label"},
}
FIELD_LABELS = {
    "quote_kind": "type",
    "fidelity": "wording",
    "sha256": "SHA-256",
    "url": "URL",
    "archived_url": "archived copy",
    "dating": "how dates were established",
}
"""Member -> its label, where that is not its name."""
_VALUE_FORMATTERS: dict[str, Any] = {
    "country": country_name,
    "nationality": country_name,
    "language": language_name,
    "translated_from": language_chain_names,
}
_FIELDS_BY_KIND = {kind: shape().fields for kind, shape in (SHAPES_BY_KIND | SOURCE_SHAPES).items()}


@dataclass(slots=True)
class DisplayValue:
    """A value as text. `key` is the record that it refers to, if any, which may not be public yet."""

    text: str
    key: PublicKey | None = None
    is_public: bool = True
    address: str = ""


@dataclass(slots=True)
class QuotedPassage:
    """A quotation that supports, qualifies or contradicts something."""

    words: str
    language: str
    speaker: str
    when: str
    document: str
    publisher: str
    published: str
    page: str
    """Such as p. 3; empty if the document has no pages."""
    address: str
    translated: str
    remark: str
    """What it says where it does not simply support the value: another one, a less precise one, that it is not so."""
    note: str
    is_public: bool


@dataclass(slots=True)
class StatementView:
    """A statement with its passages; `denied` if they deny it."""

    text: str
    denied: bool
    passages: list[QuotedPassage] = field(default_factory=list)


@dataclass(slots=True)
class EvidenceView:
    """The evidence of one field: its statements side by side, and the verdict if there is one."""

    agreement: str
    contested: bool
    statements: list[StatementView]
    verdict: str = ""
    reason: str = ""

    @property
    def passages(self) -> list[QuotedPassage]:
        return [passage for statement in self.statements for passage in statement.passages]


@dataclass(slots=True)
class FactView:
    """A field, amount or milestone: its label, its values, and its evidence if it has any."""

    field: str
    label: str
    values: list[DisplayValue]
    evidence: EvidenceView | None = None
    detail: str = ""


@dataclass(slots=True)
class RecordView:
    """A whole record as a page shows it."""

    kind: str
    title: str
    summary: str
    facts: list[FactView]
    measures: list[FactView]
    milestones: list[FactView]
    names: list[FactView]
    identifiers: list[FactView]
    existence_evidence: EvidenceView | None
    """The evidence that the record exists at all: that of its name or, of a relation, of the fact that it is."""
    passage: QuotedPassage | None = None

    @property
    def contested(self) -> list[FactView]:
        """The facts on which sources disagree without a resolution."""
        return [fact for fact in (*self.facts, *self.measures, *self.milestones) if fact.evidence and fact.evidence.contested]


def page_view_of_record(document: dict, evidence: dict, unpublished: Collection[PublicKey] = ()) -> RecordView:
    """Describe a rendered record for readers. `unpublished` are the records it refers to that are not public."""
    kind = document["kind"]
    evidence_by_field = {
        name: _evidence_view(document, name, entry, unpublished) for name, entry in evidence.get("evidence", {}).items()
    }
    view = RecordView(
        kind=capfirst(kind),
        title=document.get("name") or f"“{document['exact']}”",
        summary=document.get("summary") or "",
        facts=_field_fact_views(document, evidence_by_field, unpublished),
        measures=[
            _measure_view(row, evidence_by_field) for row in (*document.get("measures", ()), *document.get("conversions", ()))
        ],
        milestones=[_milestone_view(row, evidence_by_field, unpublished) for row in document.get("milestones", ())],
        names=_name_views(evidence),
        identifiers=[_identifier_view(row) for row in evidence.get("identifiers", ())],
        existence_evidence=evidence_by_field.get("relation" if kind == "relation" else "name"),
    )
    if kind == "quote":
        view.passage = _passage_view(document, {}, unpublished)
    return view


def format_date(date: dict | None) -> str:
    """Format a rendered date: 14 June 2024, about June 2024, by 31 December 2024."""
    return format_partial_date(date_shape_text(date)) if date else ""


def _field_fact_views(
    document: dict, evidence_by_field: dict[str, EvidenceView], unpublished: Collection[PublicKey]
) -> list[FactView]:
    facts = []
    elsewhere = _SHOWN_ELSEWHERE | _SHOWN_ELSEWHERE_BY_KIND.get(document["kind"], set())
    for name, shape in _FIELDS_BY_KIND[document["kind"]].items():
        if name in elsewhere:
            continue
        if values := _display_values(name, shape, document[name], unpublished):
            facts.append(FactView(name, _member_label(name), values, evidence_by_field.get(name)))
    return facts


def _member_label(name: str) -> str:
    return capfirst(pgettext("field", FIELD_LABELS.get(name, name.replace("_", " "))))


def _display_values(name: str, serializer_field: Any, value: Any, unpublished: Collection[PublicKey]) -> list[DisplayValue]:
    if value in (None, "", []):
        return []
    if isinstance(value, list):
        return [display_value for item in value for display_value in _display_values(name, serializer_field, item, unpublished)]
    if isinstance(value, dict) and "slug" in value and "kind" in value:
        key = (value["kind"], value["slug"])
        return [DisplayValue(value["name"], key, key not in unpublished)]
    if name == "shares":
        unit = value["currency"] or unit_name(value["unit"] or "") or gettext(v.MeasureKind(value["kind"]).label)
        stage = gettext(v.Stage(value["stage"]).label)
        return [DisplayValue(f"{format_share(value['low'], value['high'])} {stage} ({unit})")]
    if name == "period":
        return [DisplayValue(format_period(date_shape_text(value)))]
    if isinstance(value, dict):
        return [DisplayValue(value["label"] if "label" in value else format_date(value))]
    if name in _VALUE_FORMATTERS:
        return [DisplayValue(_VALUE_FORMATTERS[name](value) or value)]
    if isinstance(serializer_field, serializers.ChoiceField):
        return [DisplayValue(gettext(str(serializer_field.choices.get(value, value))))]
    return [DisplayValue(str(value), address=value if name in ("url", "archived_url") else "")]


def _measure_view(measure: dict, evidence_by_field: dict[str, EvidenceView]) -> FactView:
    """Show an amount, stated or converted: the source's words first, then the value that the register counts."""
    field = f"measures.{measure['key']}"
    number = (
        "an unspecified number"
        if measure["value"] is None
        else "–".join(_format_number(n) for n in (measure["value"], measure["upper"]) if n)
    )
    is_unworded = measure["qualifier"] in (v.Qualifier.NONE, v.Qualifier.UNSPECIFIED)
    qualifier = "" if is_unworded else v.Qualifier(measure["qualifier"]).label
    unit = measure["currency"] or measure["unit"] or ("" if measure["kind"] != v.MeasureKind.HEADCOUNT else "persons")
    counted = " ".join(part for part in (qualifier, number, unit) if part)
    notes = [counted, format_date(measure["as_of"])]
    if "conversion_of" in measure:
        notes.append("converted; not added to the original amount")
    label = v.MeasureKind(measure["kind"]).label
    if step := measure.get("milestone"):
        label = f"{label}, {v.Stage(step['stage']).label}"
    return FactView(
        field,
        capfirst(label),
        [DisplayValue(measure["as_stated"])],
        evidence_by_field.get(field),
        "; ".join(note for note in notes if note),
    )


def _format_number(number: str) -> str:
    return f"{Decimal(number):,}"


def _milestone_view(milestone: dict, evidence_by_field: dict[str, EvidenceView], unpublished: Collection[PublicKey]) -> FactView:
    field = f"milestones.{milestone['key']}"
    values = _display_values("event", None, milestone["event"], unpublished)
    return FactView(
        field,
        capfirst(v.Stage(milestone["stage"]).label),
        values,
        evidence_by_field.get(field),
        format_date(milestone["date"]) or "day not known",
    )


def _name_views(evidence: dict) -> list[FactView]:
    return [
        FactView(
            "names",
            v.NameKind(name["kind"]).label,
            [DisplayValue(name["text"])],
            detail=", ".join(
                filter(
                    None,
                    (
                        language_name(name["language"]) if name["language"] else "",
                        v.NameOrigin.OUTSIDE.label if name["origin"] == v.NameOrigin.OUTSIDE else "",
                    ),
                )
            ),
        )
        for name in evidence.get("names", ())
    ]


def _identifier_view(identifier: dict) -> FactView:
    address = identifier["value"] if identifier["scheme"] == v.IdentifierScheme.URL else ""
    return FactView(
        "identifiers", v.IdentifierScheme(identifier["scheme"]).label, [DisplayValue(identifier["value"], address=address)]
    )


def _evidence_view(document: dict, name: str, entry: dict, unpublished: Collection[PublicKey]) -> EvidenceView:
    statements: dict[tuple[str, bool], StatementView] = {}
    # Supporting citations come before those that only qualify the value.
    for citation in sorted(entry["citations"], key=lambda citation: citation["stance"] == v.Stance.QUALIFIES):
        text, denied = stated_text_of_citation(document, name, citation), citation["polarity"] == v.Polarity.DENIES
        statement = statements.setdefault((text, denied), StatementView(text, denied))
        remark = _remark(text, citation)
        statement.passages.append(_passage_view(citation["quote"], citation, unpublished, remark))
    verdict = entry["resolution"]
    return EvidenceView(
        entry["agreement"],
        entry["contested"],
        list(statements.values()),
        v.Verdict(verdict["verdict"]).label if verdict else "",
        verdict["reason"] if verdict else "",
    )


def _remark(text: str, citation: dict) -> str:
    if citation["polarity"] == v.Polarity.DENIES:
        return f"Denies “{text}”."
    return {v.Stance.QUALIFIES: f"Qualifies it: “{text}”.", v.Stance.CONTRADICTS: f"States “{text}” instead."}.get(
        citation["stance"], ""
    )


def stated_text_of_citation(document: dict, name: str, citation: dict) -> str:
    """Return in words what a citation of `document` states."""
    value = citation["value"]
    if citation["value_ref"]:
        return citation["value_ref"]["name"]
    if name.startswith("milestones."):
        return format_stated_step(value)
    if name.startswith("measures."):
        return value.replace("_", " ")
    accepted = CITABLE_FIELDS[document["kind"]].get(name)
    if accepted == RELATION:
        return stated_relation_words(document, value)
    if isinstance(accepted, ChoicesType):
        return gettext(accepted(value).label)
    if accepted == DATE:
        return format_period(value) if name == "period" else format_partial_date(value)
    return country_name(value) if accepted == COUNTRY else value


def _words_on_speakers(quote: dict) -> str:
    names = join_names(speaker["name"] for speaker in quote["speakers"])
    reporter = f"reported by {quote['reported_by']}" if quote["reported_by"] else ""
    return ", ".join(filter(None, (names, quote["attribution"], reporter)))


def _passage_view(quote: dict, citation: dict, unpublished: Collection[PublicKey], remark: str = "") -> QuotedPassage:
    document = quote["document"]
    return QuotedPassage(
        words=quote["exact"],
        language=document["language"] or "",
        speaker=_words_on_speakers(quote),
        when=format_date(quote["said_on"]),
        document=document["name"],
        publisher=document["publisher"]["name"] if document["publisher"] else "",
        published=format_date(document["published_on"]),
        page=f"p. {quote['page']}" if quote.get("page") else "",
        address=document["url"] or "",
        translated=language_chain_names(document["translated_from"]) if document["translated_from"] else "",
        remark=remark,
        note=citation.get("note") or "",
        is_public=not {("quote", quote["slug"]), ("document", document["slug"])} & set(unpublished),
    )
