"""Prints working copies: runs their serializers and gathers their evidence. Reads only; publishing stores the result."""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from entities import models as entities
from entities import serializers as shapes
from entities.citable import FIELDS
from nato_support.editions import weaving
from nato_support.editions.models import LIVE, Edition
from sources import models as sources
from sources import serializers as source_shapes
from sources.contested import by_field

# Joined, not fetched apart: Django writes a long list of foreign keys as a chain of ORs, which SQLite refuses past 1,000.
_EVIDENCE = (Prefetch("citations", sources.Citation.objects.select_related("quote").order_by()), "resolutions")
_ENTITY_PARTS = (
    "names",
    "identifiers",
    Prefetch("measures", entities.Measure.objects.select_related("conversion_of")),
    *_EVIDENCE,
)
_MILESTONES = Prefetch("milestones", entities.Milestone.objects.select_related("event"))
_QUERYSETS = {
    "organisation": (entities.Organisation, (), _ENTITY_PARTS),
    "facility": (entities.Facility, ("operator",), _ENTITY_PARTS),
    "person": (entities.Person, (), _ENTITY_PARTS),
    "post": (entities.Post, ("organisation",), _ENTITY_PARTS),
    "event": (entities.Event, (), _ENTITY_PARTS),
    "commitment": (
        entities.Commitment,
        ("beneficiary", "part_of", "facility", "announced_at"),
        (*_ENTITY_PARTS, "committed_by", _MILESTONES),
    ),
    "relation": (entities.Relation, ("type", "subject", "object"), _EVIDENCE),
    "document": (sources.SourceDocument, ("publisher",), ()),
    "quote": (sources.SourceQuote, ("document", "speaker", "occasion"), ()),
}
KINDS = tuple(_QUERYSETS)
# One serializer of each shape serves every record: making one costs more than running it.
_SHAPES = {kind: shape() for kind, shape in (shapes.SHAPES | source_shapes.SHAPES).items()}
_NAME, _IDENTIFIER = shapes.NameShape(), shapes.IdentifierShape()
_CITATION, _RESOLUTION = source_shapes.CitationShape(), source_shapes.ResolutionShape()
# What is embedded in others comes before them.
_ORDER = {"document": 1, "quote": 2} | dict.fromkeys([*shapes.ENTITY_KINDS], 3) | {"relation": 4}

Key = tuple[str, str]


@dataclass(slots=True)
class Printed:
    """One record as printed: the lean shape, what a detail adds, and the working copy that it came from."""

    kind: str
    slug: str
    lean: dict
    extra: dict
    version: int = 0
    record: entities.Curated | None = None

    @property
    def key(self) -> Key:
        return self.kind, self.slug


def kind_of(record) -> str:
    """The public kind of a working copy: organisation ... commitment, relation, quote, document."""
    if isinstance(record, entities.Entity):
        return record.kind
    return {entities.Relation: "relation", sources.SourceQuote: "quote", sources.SourceDocument: "document"}[type(record)]


def model_of(kind: str):
    return _QUERYSETS[kind][0]


def print_records(records: Iterable) -> list[Printed]:
    """Prints `records` from the database as it stands, references still bare, in the order in which they embed each other."""
    wanted: dict[str, list[int]] = {}
    for record in records:
        wanted.setdefault(kind_of(record), []).append(record.pk)
    printed = []
    for kind in sorted(wanted, key=lambda kind: _ORDER[kind]):
        model, related, prefetched = _QUERYSETS[kind]
        rows = model.objects.select_related(*related).prefetch_related(*prefetched)
        keys = wanted[kind]
        for at in range(0, len(keys), 500):
            printed += [_print(kind, row) for row in rows.filter(pk__in=keys[at : at + 500]).order_by("pk")]
    return printed


def _print(kind: str, record) -> Printed:
    lean = _SHAPES[kind].to_representation(record)
    extra: dict = {}
    if kind in shapes.ENTITY_KINDS:
        extra["names"] = [_NAME.to_representation(name) for name in sorted(record.names.all(), key=lambda n: n.text)]
        identifiers = sorted(record.identifiers.all(), key=lambda i: (i.scheme, i.value))
        extra["identifiers"] = [_IDENTIFIER.to_representation(identifier) for identifier in identifiers]
    if kind not in source_shapes.SHAPES:
        extra["evidence"] = _evidence(kind, record)
    if kind == "document":
        extra["fingerprint"] = record.fingerprint or None
    return Printed(kind, record.slug, lean, extra, record.version, record)


def _evidence(kind: str, record) -> dict:
    citations = sorted(record.citations.all(), key=lambda c: (c.quote.slug, c.value))
    evidence = by_field(citations, sorted(record.resolutions.all(), key=lambda r: (r.decided_on, r.pk)))
    return {
        name: {
            "agreement": "",
            "contested": False,
            "statements": [],
            "resolution": None,
            "resolutions": [_RESOLUTION.to_representation(resolution) for resolution in found.resolutions],
            "citations": [_citation(kind, citation) for citation in found.citations],
        }
        for name, found in evidence.items()
    }


def _citation(kind: str, citation) -> dict:
    shape = _CITATION.to_representation(citation)
    takes = FIELDS[kind].get(citation.field)
    if isinstance(takes, tuple):
        # A field that takes several kinds does not tell which; the citation then names none.
        shape["value_ref"] = {"kind": takes[1][0].value, "slug": citation.value} if len(takes[1]) == 1 else None
    return shape


def bare_references(printed: Printed) -> set[Key]:
    """Every record that a printed one names."""
    found = weaving.references([printed.lean, printed.extra])
    return {(kind, slug) for _, kind, slug in found}


def live_embeds(keys: Iterable[Key]) -> dict[Key, dict]:
    """What is shown of each of `keys` that is public now."""
    editions = Edition.objects.filter(LIVE).only("kind", "slug", "document").newest(keys)
    return {key: weaving.embed(json.loads(edition.document)) for key, edition in editions.items()}


def weave_all(printed: list[Printed]) -> set[tuple[Key, Key]]:
    """Fills in, in place, the references of `printed`, from each other and from what is public.

    Returns what could not be filled in, as (record, the record that it names): those are taken out.
    """
    # Names first: every record but a quote, a document or a relation is shown by its own name alone.
    embeds = live_embeds({key for one in printed for key in bare_references(one)})
    embeds |= {one.key: weaving.embed(one.lean) for one in printed if one.kind in shapes.ENTITY_KINDS}
    missing: set[tuple[Key, Key]] = set()
    for one in printed:

        def look_up(kind: str, slug: str, one=one) -> dict | None:
            if (kind, slug) not in embeds:
                missing.add((one.key, (kind, slug)))
            return embeds.get((kind, slug))

        one.lean = weaving.weave(one.lean, look_up)
        one.extra = weaving.weave(one.extra, look_up)
        weaving.settle(one.lean, one.extra)
        embeds[one.key] = weaving.embed(one.lean)
    return missing
