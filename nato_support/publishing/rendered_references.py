"""References in rendered records: resolving them, and deriving what follows from the evidence.

A reference is an object with `kind` and `slug`. Replacing each by what a lookup returns allows a record to be rendered
again when something it refers to is renamed or withdrawn, without its working copy, which may be ahead of the public.
"""

from collections.abc import Callable, Iterator
from typing import Any

from entities.citable_fields import MANY_VALUED_FIELDS
from entities.serializers import record_path
from entities.vocabulary import Agreement, Polarity, Stance
from nato_support.publishing import rendered_relations
from nato_support.publishing.editions.edition_encoding import compact_json
from nato_support.publishing.rendered_evidence import evidence_of_rendering
from nato_support.publishing.rendered_field_values import rendered_field_values
from sources.evidence.common_origins import group_by_origin
from sources.evidence.evidence_basis import basis_of_citations
from sources.evidence.statement_comparison import Statement, stance_towards
from sources.evidence.statements import FieldEvidence
from sources.serializers import EMBEDDED_MEMBERS

KEEP_REFERENCE: dict = {}
"""Returned by a lookup for a reference that stays as it is."""

REQUIRED_REFERENCES = {"post": ("organisation",), "relation": ("subject", "object"), "quote": ("document",)}
"""Kind -> the references without which such a record cannot be public."""

ReferenceLookup = Callable[[str, str], dict | None]


def embedded_form(document: dict) -> dict:
    """Return what other records show of a rendered record."""
    kind = document["kind"]
    if kind in EMBEDDED_MEMBERS:
        return {member: document.get(member) for member in EMBEDDED_MEMBERS[kind]}
    return {"kind": kind, "slug": document["slug"], "name": document["name"], "href": record_path(kind, document["slug"])}


def iterate_references(data: Any, parent_member: str = "") -> Iterator[tuple[str, str, str]]:
    """Yield (member, kind, slug) of every reference in rendered `data`, including those nested in others."""
    if isinstance(data, dict):
        if "kind" in data and "slug" in data and parent_member:
            yield parent_member, data["kind"], data["slug"]
        for member, value in data.items():
            yield from iterate_references(value, member)
    elif isinstance(data, list):
        for value in data:
            yield from iterate_references(value, parent_member)


def resolve_references(data: Any, look_up: ReferenceLookup, *, nested: bool = False) -> Any:
    """Return a copy of rendered `data` with each reference replaced by the result of `look_up(kind, slug)`.

    A lookup returns an embedded record, KEEP_REFERENCE to leave the reference, or None to remove it. A citation that loses its
    quote, or the record that it states, is removed too.
    """
    if isinstance(data, list):
        members = (resolve_references(value, look_up, nested=True) for value in data)
        return [
            new_value for old_value, new_value in zip(data, members, strict=True) if new_value is not None or old_value is None
        ]
    if not isinstance(data, dict):
        return data
    if nested and "kind" in data and "slug" in data:
        replacement = look_up(data["kind"], data["slug"])
        if replacement is None:
            return None
        if replacement is not KEEP_REFERENCE:
            return replacement
    resolved = {member: resolve_references(value, look_up, nested=True) for member, value in data.items()}
    if (
        "polarity" in data
        and "quote" in data
        and (resolved["quote"] is None or (data["value_ref"] and resolved["value_ref"] is None))
    ):
        return None
    return resolved


def fill_in_derived_members(document: dict, evidence: dict) -> None:
    """Fill in, in place, all that follows from the rest: stances, agreement by field, contested and denied fields, names."""
    cited_fields = {name: entry for name, entry in evidence.get("evidence", {}).items() if entry["citations"]}
    _fill_in_stances(document, evidence)
    for name, field_evidence in evidence_of_rendering(document["kind"], cited_fields).items():
        _derive_field_agreement(name, cited_fields[name], field_evidence)
    if "evidence" in evidence:
        evidence["evidence"] = cited_fields
        document["contested"] = [name for name, entry in cited_fields.items() if entry["contested"]]
        document["denied"] = [
            name for name, entry in cited_fields.items() if any(citation_denies(citation) for citation in entry["citations"])
        ]
        document["citations"] = sum(len(entry["citations"]) for entry in cited_fields.values())
    if document["kind"] == "relation" and document["subject"] and document["object"]:
        rendered_relations.fill_in_sentence(document, evidence)


def _fill_in_stances(document: dict, evidence: dict) -> None:
    """Fill in, in place, the stance of each citation towards the value that the rendered record has."""
    if not evidence.get("evidence"):
        return
    values: dict[str, list[str]] = {}
    for field, value, _ in rendered_field_values(document, evidence):
        values.setdefault(field, []).append(value)
    for name, entry in evidence["evidence"].items():
        for citation in entry["citations"]:
            statement = Statement(citation["value"], citation["polarity"])
            citation["stance"] = stance_towards(document["kind"], name, statement, values.get(name, ())).value


def citation_denies(citation: dict) -> bool:
    """Return whether a rendered citation denies the value that it names."""
    return citation["polarity"] == Polarity.DENIES


def _derive_field_agreement(name: str, entry: dict, field_evidence: FieldEvidence) -> None:
    current = field_evidence.resolution
    for resolution in field_evidence.resolutions:
        resolution.shape["stands"] = resolution is current
    entry["statements"] = [statement.as_json() for statement in field_evidence.statements]
    entry["contested"] = field_evidence.contested
    entry["resolution"] = dict(current.shape) if current else None
    supporting = [citation for citation in field_evidence.citations if citation.stance == Stance.SUPPORTS]
    basis = basis_of_citations(supporting or field_evidence.citations)
    entry["basis"] = {
        "documents": basis.documents,
        "utterances": basis.utterances,
        "limits": [limit.value for limit in basis.limits],
    }
    if field_evidence.contested:
        agreement = Agreement.CONTESTED
    elif field_evidence.differs:
        agreement = Agreement.RESOLVED
    else:
        # Compatible statements agree; quotes of one utterance are one witness, which cannot agree with itself.
        is_agreed = len(group_by_origin(field_evidence.citations)) > 1 and name not in MANY_VALUED_FIELDS
        agreement = Agreement.AGREED if is_agreed else Agreement.SINGLE
    entry["agreement"] = agreement.value


def write_numbers(document: dict, edition: int, release: int) -> None:
    """Write the numbers of the edition and of its release into a rendered document."""
    document["edition"], document["release"] = edition, release


def comparable_content(document: dict, evidence: dict) -> str:
    """Return the rendered record as text without the numbers of edition and release: equal texts say the same."""
    return compact_json([document | {"edition": 0, "release": 0}, evidence])
