"""Render working copies: run their serializers and gather their evidence. Reads only; publishing stores the result."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from entities import models as entities
from entities import serializers as shapes
from entities.citable_fields import CITABLE_FIELDS
from nato_support.publishing import rendered_references
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from sources import models as sources
from sources import serializers as source_shapes
from sources.evidence.statements import group_evidence_by_field

# Joined, not fetched apart: Django writes a long list of foreign keys as a chain of ORs, which SQLite refuses past 1,000.
_CITATIONS_WITH_QUOTES = Prefetch(
    "citations",
    sources.Citation.objects.select_related("quote__document")
    .defer("quote__document__text", "quote__document__fingerprint")
    .order_by(),
)
_EVIDENCE_PREFETCH = (_CITATIONS_WITH_QUOTES, "resolutions")
_ENTITY_PREFETCH = (
    "names",
    "identifiers",
    Prefetch("measures", entities.Measure.objects.select_related("conversion_of", "milestone")),
    *_EVIDENCE_PREFETCH,
)
_MILESTONE_PREFETCH = Prefetch("milestones", entities.Milestone.objects.select_related("event"))
_RENDERING_QUERIES = {
    "organisation": (entities.Organisation, (), _ENTITY_PREFETCH),
    "facility": (entities.Facility, ("operator",), _ENTITY_PREFETCH),
    "person": (entities.Person, (), _ENTITY_PREFETCH),
    "post": (entities.Post, ("organisation",), _ENTITY_PREFETCH),
    "event": (entities.Event, (), _ENTITY_PREFETCH),
    "commitment": (
        entities.Commitment,
        ("beneficiary", "part_of", "facility", "announced_at"),
        (*_ENTITY_PREFETCH, "committed_by", "concerns", _MILESTONE_PREFETCH),
    ),
    "relation": (entities.Relation, ("type", "subject", "object"), _EVIDENCE_PREFETCH),
    "document": (sources.SourceDocument, ("publisher",), ()),
    "quote": (sources.SourceQuote, ("document", "occasion"), ("speakers",)),
}
PUBLIC_KINDS = tuple(_RENDERING_QUERIES)
# A single serializer of each shape serves every record: creating one costs more than running it.
_RECORD_SERIALIZERS = {kind: shape() for kind, shape in (shapes.SHAPES_BY_KIND | source_shapes.SHAPES).items()}
_NAME_SERIALIZER, _IDENTIFIER_SERIALIZER = shapes.NameShape(), shapes.IdentifierShape()
_CITATION_SERIALIZER, _RESOLUTION_SERIALIZER = source_shapes.CitationShape(), source_shapes.ResolutionShape()
# Embedded records come before those that embed them.
_RENDERING_ORDER = {"document": 1, "quote": 2} | dict.fromkeys([*shapes.ENTITY_KINDS], 3) | {"relation": 4}

PublicKey = tuple[str, str]


@dataclass(slots=True)
class Rendering:
    """A record as it would be published: the document that lists serve, the evidence a detail adds, and its working copy."""

    kind: str
    slug: str
    document: dict
    """JSON that lists serve."""
    evidence: dict
    """JSON that a detail adds."""
    version: int = 0
    record: entities.Curated | None = None

    @property
    def key(self) -> PublicKey:
        return self.kind, self.slug


def public_kind(record) -> str:
    """Return the public kind of a working copy: organisation ... commitment, relation, quote, document."""
    if isinstance(record, entities.Entity):
        return record.kind
    return {entities.Relation: "relation", sources.SourceQuote: "quote", sources.SourceDocument: "document"}[type(record)]


def model_for_kind(kind: str):
    """Return the model of a public kind."""
    return _RENDERING_QUERIES[kind][0]


def document_members(kind: str) -> set[str]:
    """Return the names of the members that the document of a rendered record has."""
    return set(_RECORD_SERIALIZERS[kind].fields)


def render_records(records: Iterable) -> list[Rendering]:
    """Render `records` from the database, references unresolved, in an order in which embedded records come first."""
    keys_by_kind: dict[str, list[int]] = {}
    for record in records:
        keys_by_kind.setdefault(public_kind(record), []).append(record.pk)
    renderings = []
    for kind in sorted(keys_by_kind, key=lambda kind: _RENDERING_ORDER[kind]):
        model, related, prefetched = _RENDERING_QUERIES[kind]
        rows = model.objects.select_related(*related).prefetch_related(*prefetched)
        keys = keys_by_kind[kind]
        for start in range(0, len(keys), 500):
            renderings += [_render_record(kind, row) for row in rows.filter(pk__in=keys[start : start + 500]).order_by("pk")]
    return renderings


def _render_record(kind: str, record) -> Rendering:
    document = _RECORD_SERIALIZERS[kind].to_representation(record)
    evidence: dict = {}
    if kind in shapes.ENTITY_KINDS:
        evidence["names"] = [
            _NAME_SERIALIZER.to_representation(name) for name in sorted(record.names.all(), key=lambda n: n.text)
        ]
        identifiers = sorted(record.identifiers.all(), key=lambda i: (i.scheme, i.value))
        evidence["identifiers"] = [_IDENTIFIER_SERIALIZER.to_representation(identifier) for identifier in identifiers]
    if kind not in source_shapes.SHAPES:
        evidence["evidence"] = _render_evidence(kind, record)
    if kind == "document":
        evidence["fingerprint"] = record.fingerprint or None
    return Rendering(kind, record.slug, document, evidence, record.version, record)


def _render_evidence(kind: str, record) -> dict:
    citations = sorted(record.citations.all(), key=lambda c: (c.quote.slug, c.value))
    evidence = group_evidence_by_field(kind, citations, sorted(record.resolutions.all(), key=lambda r: (r.decided_on, r.pk)))
    return {
        name: {
            "agreement": "",
            "contested": False,
            "basis": None,
            "statements": [],
            "resolution": None,
            "resolutions": [_RESOLUTION_SERIALIZER.to_representation(resolution) for resolution in field_evidence.resolutions],
            "citations": [_render_citation(kind, citation) for citation in field_evidence.citations],
        }
        for name, field_evidence in evidence.items()
    }


def _render_citation(kind: str, citation) -> dict:
    citation_data = _CITATION_SERIALIZER.to_representation(citation)
    accepted = CITABLE_FIELDS[kind].get(citation.field)
    if isinstance(accepted, tuple):
        # For a field that accepts several kinds the value does not say which one it is, so the citation names none.
        citation_data["value_ref"] = {"kind": accepted[1][0].value, "slug": citation.value} if len(accepted[1]) == 1 else None
    return citation_data


def keys_referenced_by(rendering: Rendering) -> set[PublicKey]:
    """Return the keys of every record that a rendering refers to."""
    found_references = rendered_references.iterate_references([rendering.document, rendering.evidence])
    return {(kind, slug) for _, kind, slug in found_references}


def live_embedded_forms(keys: Iterable[PublicKey]) -> dict[PublicKey, dict]:
    """Return the embedded form of each of `keys` that is public now."""
    editions = Edition.objects.filter(LIVE_EDITIONS).only("kind", "slug", "document").newest(keys)
    return {key: rendered_references.embedded_form(json.loads(edition.document)) for key, edition in editions.items()}


def resolve_all_references(renderings: list[Rendering]) -> set[tuple[PublicKey, PublicKey]]:
    """Resolve the references of `renderings` in place, from each other and from what is public.

    Returns the references that could not be resolved, as (referring record, missing record); they are removed.
    """
    # Entities first: they are embedded by their own name alone, unlike quotes, documents and relations.
    embeds = live_embedded_forms({key for rendering in renderings for key in keys_referenced_by(rendering)})
    embeds |= {
        rendering.key: rendered_references.embedded_form(rendering.document)
        for rendering in renderings
        if rendering.kind in shapes.ENTITY_KINDS
    }
    missing: set[tuple[PublicKey, PublicKey]] = set()
    for rendering in renderings:

        def look_up(kind: str, slug: str, rendering=rendering) -> dict | None:
            if (kind, slug) not in embeds:
                missing.add((rendering.key, (kind, slug)))
            return embeds.get((kind, slug))

        rendering.document = rendered_references.resolve_references(rendering.document, look_up)
        rendering.evidence = rendered_references.resolve_references(rendering.evidence, look_up)
        rendered_references.fill_in_derived_members(rendering.document, rendering.evidence)
        embeds[rendering.key] = rendered_references.embedded_form(rendering.document)
    return missing
