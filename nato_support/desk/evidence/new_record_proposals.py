"""New records that a passage may tell of, as the scripts of the desk page take them."""

from collections.abc import Iterable, Mapping
from typing import Any

from entities.citable_fields import EVIDENCE_CLASSES, EvidenceClass
from entities.countries import COUNTRIES
from entities.formatting import cited_value_label
from nato_support.desk.evidence.value_inputs import field_label
from nato_support.desk.evidence.value_wording import names_of_stated_slugs
from sources.capture.passages import Passage, passage_with_suggestions
from sources.capture.record_creation import RECORD_MODELS
from sources.capture.record_proposals import RecordProposal, propose_records
from sources.models import SourceDocument
from sources.suggestions.suggestion import Suggestion


def kinds_to_add(user) -> list[dict[str, Any]]:
    """Return the kinds of record that a user may add: the fields to be classified, and those that a source has to state."""
    return [
        {
            "kind": kind,
            "label": model._meta.verbose_name,
            "fields": [_assessed_field(model, name) for name in _assessed(kind)],
            "needed": _needed_facts(kind, model),
        }
        for kind, model in RECORD_MODELS.items()
        if user.has_perm(f"entities.add_{kind}")
    ]


def _needed_facts(kind: str, model: Any) -> list[str]:
    """Return the fields without which a record cannot be saved and whose values a source has to state, but its name."""
    columns = {column.name for column in model._meta.concrete_fields if not column.blank and column.name != "name"}
    return [name for name, kind_of in EVIDENCE_CLASSES[kind].items() if kind_of == EvidenceClass.STATED and name in columns]


def _assessed(kind: str) -> list[str]:
    """Return the fields of a kind that an editor classifies."""
    return [name for name, evidence_class in EVIDENCE_CLASSES[kind].items() if evidence_class == EvidenceClass.ASSESSED]


def _assessed_field(model: Any, name: str) -> dict[str, Any]:
    column = model._meta.get_field(name)
    listed = column.flatchoices or sorted(COUNTRIES.items(), key=lambda pair: pair[1])
    choices = [[value, str(label)] for value, label in listed if value]
    return {"name": name, "label": field_label(name), "required": not column.blank, "choices": choices}


def proposals_as_dicts(passage: Passage, user) -> list[dict[str, Any]]:
    """Return the records that the passage may tell of and that the user may add, likeliest first."""
    return permitted_proposals_as_dicts(propose_records(passage), user)


def permitted_proposals_as_dicts(proposals: Iterable[RecordProposal], user) -> list[dict[str, Any]]:
    """Return those of the proposed records that the user may add.

    `requires` holds the records to be added before one, by the reference that stands for their public id in its facts.
    """
    proposals = [proposal for proposal in proposals if user.has_perm(f"entities.add_{proposal.kind}")]
    names = names_of_stated_slugs((proposal.kind, fact.field, fact.value) for proposal in proposals for fact in proposal.facts)
    for proposal in proposals:
        names |= {reference: required.name for reference, required in proposal.requires.items()}
    return [_proposal_as_dict(proposal, names) for proposal in proposals]


def _proposal_as_dict(proposal: RecordProposal, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": proposal.kind,
        "name": proposal.name,
        "columns": proposal.columns,
        "reason": proposal.reason,
        "names": {slug: names[slug] for slug in _slugs_in(proposal) if slug in names},
        "namedAt": dict(zip(("start", "end", "exact"), proposal.named_at, strict=True)) if proposal.named_at else None,
        "requires": {reference: _proposal_as_dict(required, names) for reference, required in proposal.requires.items()},
        "facts": [
            {
                "field": fact.field,
                "value": fact.value,
                "valueLabel": cited_value_label(proposal.kind, fact.field, fact.value, names=names),
                "asStated": fact.as_stated,
            }
            for fact in proposal.facts
        ],
    }


def passage_in_document(document: SourceDocument, start: int, end: int, suggestions: Iterable[Suggestion]) -> Passage:
    """Return the passage from `start` to `end` of a document, with the suggestions in it."""
    return passage_with_suggestions(document.text[start:end], start, document.language, suggestions)


def _slugs_in(proposal: RecordProposal) -> list[str]:
    return [word for fact in proposal.facts for word in fact.value.split()]
