"""Rendered relations: their sentences, the days on which their sources state them, and who claims what is only claimed.

Works on rendered data alone, so that a relation is told anew when one of its parties or quotes is renamed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from entities.formatting import cited_value_label
from entities.names_in_sentences import is_plural_name
from entities.relation_facts import RelationFact
from entities.relation_sentences import (
    RelationTime,
    VerbForms,
    join_words,
    relation_sentence,
    relation_verb,
)
from entities.serializers import date_shape_bounds, date_shape_text
from entities.vocabulary import Modality, Stance

NO_CLAIMER = "is only claimed, but no quote cited for it names or describes a speaker: who claims it?"
"""Message for a claim of nobody; continues the name of the relation or field."""

_FORMS = ("label", "plural_label", "past_label", "infinitive")


def fill_in_sentence(document: dict, evidence: Mapping[str, Any]) -> None:
    """Fill in, in place, the days on which a relation is attested, its sentence, and its verb in both directions."""
    dates = {date_shape_text(date): date for quote in _stating_quotes(document, evidence) if (date := _day_of_quote(quote))}
    document["attested"] = [dates[text] for text in sorted(dates, key=lambda text: (date_shape_bounds(dates[text]), text))]
    start, end = (date_shape_text(document[member]) if document[member] else "" for member in ("start", "end"))
    time = RelationTime(start, end, tuple(dates))
    modality = document.setdefault("modality", Modality.IN_FORCE.value)
    claimers = dict.fromkeys(name for quote in _stating_quotes(document, evidence) for name in _claimers(quote))
    claimed_by = join_words(list(claimers)) if claimers and modality == Modality.CLAIMED else ""
    subject, object = document["subject"]["name"], document["object"]["name"]
    document["name"] = relation_sentence(subject, _verb(document["type"]), object, modality, time, claimed_by)
    past = time.is_looked_back_on(modality)
    for member, prefix, name in (("label", "", subject), ("inverse_label", "inverse_", object)):
        document[member] = relation_verb(
            _verb(document["type"], prefix), modality, plural=is_plural_name(name), past=past, claimed_by=claimed_by
        )


def stated_relation_words(document: Mapping[str, Any], value: str) -> str:
    """Return the relation that a citation of a rendered relation states, as a sentence."""
    fact = RelationFact.parse(value)
    if fact.type == document["type"]["slug"] and document["subject"] and document["object"]:
        return relation_sentence(document["subject"]["name"], _verb(document["type"]), document["object"]["name"], fact.modality)
    return cited_value_label("relation", "relation", value)


def is_claim_without_claimer(document: Mapping[str, Any], evidence: Mapping[str, Any]) -> bool:
    """Tell whether a rendered record is a relation that is claimed by nobody."""
    if document["kind"] != "relation" or document.get("modality") != Modality.CLAIMED:
        return False
    if not (document["subject"] and document["object"]):
        # It lacks more than that.
        return False
    return not any(name for quote in _stating_quotes(document, evidence) for name in _claimers(quote))


def _verb(type: Mapping[str, str], prefix: str = "") -> VerbForms:
    # An earlier edition may have the one label alone.
    return VerbForms(*(type.get(f"{prefix}{form}") or type[f"{prefix}label"] for form in _FORMS))


def _stating_quotes(document: Mapping[str, Any], evidence: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the quotes that state the relation as the register has it."""
    modality, type = document.get("modality", Modality.IN_FORCE.value), document["type"]["slug"]
    stated = str(RelationFact(modality, document["subject"]["slug"], type, document["object"]["slug"]))
    for citation in evidence.get("evidence", {}).get("relation", {}).get("citations", ()):
        if citation["value"] == stated and citation["stance"] == Stance.SUPPORTS:
            yield citation["quote"]


def _day_of_quote(quote: Mapping[str, Any]) -> dict | None:
    return quote["said_on"] or quote["document"]["published_on"]


def _claimers(quote: Mapping[str, Any]) -> list[str]:
    """Return who says what a quote says: its speakers or how the source describes them, or who reports it."""
    if speakers := quote.get("speakers"):
        return [speaker.get("name") or speaker["slug"] for speaker in speakers]
    return [words for words in (quote.get("attribution") or quote.get("reported_by"),) if words]
