"""Previews: working copies as the public would see them if they were published now. Reads only."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from entities.models import Curated, Entity
from nato_support.publishing import rendered_references
from nato_support.publishing.editions import detail_response, edition_encoding
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.rendering import (
    PublicKey,
    Rendering,
    keys_referenced_by,
    model_for_kind,
    render_records,
    resolve_all_references,
)
from sources.serializers import EMBEDDED_MEMBERS


@dataclass(slots=True)
class RecordPreview(Rendering):
    """A rendering for a preview, with the unpublished records that it shows and the edition that is live now."""

    unpublished: set[PublicKey] = field(default_factory=set)
    live_edition: Edition | None = None

    @property
    def document_json(self) -> str:
        """The document as lists would serve it."""
        return edition_encoding.compact_json(self.document)

    @property
    def detail_json(self) -> str:
        """The response of the record's detail after publication."""
        return _detail_text(
            self.kind, self.slug, self.document["edition"], self.document_json, edition_encoding.compact_json(self.evidence)
        )

    @property
    def live_detail_json(self) -> str:
        """The current response of the record's detail; '' if it is not public."""
        if self.live_edition is None:
            return ""
        return _detail_text(
            self.kind, self.slug, self.live_edition.number, self.live_edition.document, self.live_edition.evidence
        )

    @property
    def is_up_to_date(self) -> bool:
        """True if the public already sees exactly this."""
        return self.live_edition is not None and rendered_references.comparable_content(
            self.document, self.evidence
        ) == _content_of_edition(self.live_edition)


def preview_records(records: Iterable[Curated]) -> list[RecordPreview]:
    """Render `records` as if they were published now, each with the numbers of edition and release that it would get.

    Unpublished records that they refer to are shown as their working copies have them, and listed in `unpublished`. The number of
    queries does not depend on how much a record holds.
    """
    renderings = render_records(records)
    unpublished = {rendering.key: rendering for rendering in _render_unpublished_references(renderings)}
    resolve_all_references(sorted([*unpublished.values(), *renderings], key=_embedding_rank))
    newest_editions = Edition.objects.select_related("release").newest(rendering.key for rendering in renderings)
    last_release = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return [
        _preview_of_rendering(rendering, set(unpublished), newest_editions.get(rendering.key), last_release + 1)
        for rendering in renderings
    ]


def _preview_of_rendering(
    rendering: Rendering, unpublished: set[PublicKey], newest_edition: Edition | None, release: int
) -> RecordPreview:
    live_edition = newest_edition if newest_edition and not newest_edition.withdrawn else None
    shown_keys = {
        (kind, slug) for _, kind, slug in rendered_references.iterate_references([rendering.document, rendering.evidence])
    }
    preview = RecordPreview(
        rendering.kind,
        rendering.slug,
        rendering.document,
        rendering.evidence,
        rendering.version,
        rendering.record,
        shown_keys & unpublished,
        live_edition,
    )
    if live_edition and preview.is_up_to_date:
        rendered_references.write_numbers(rendering.document, live_edition.number, live_edition.release_id)
    else:
        rendered_references.write_numbers(rendering.document, newest_edition.number + 1 if newest_edition else 1, release)
    return preview


def _detail_text(kind: str, slug: str, number: int, document_json: str, evidence_json: str) -> str:
    return detail_response.detail_body(kind, slug, number, document_json, evidence_json).decode()


def _content_of_edition(edition: Edition) -> str:
    return rendered_references.comparable_content(json.loads(edition.document), json.loads(edition.evidence))


def _render_unpublished_references(renderings: list[Rendering]) -> Iterator[Rendering]:
    """Yield renderings of the unpublished records that `renderings` refer to, directly or through others of these."""
    known_keys = {rendering.key for rendering in renderings}
    to_follow = renderings
    while to_follow:
        referenced_keys = {key for rendering in to_follow for key in keys_referenced_by(rendering)} - known_keys
        known_keys |= referenced_keys
        editions = Edition.objects.only("kind", "slug", "withdrawn").newest(referenced_keys)
        to_follow = list(_render_working_copies(key for key in referenced_keys if key not in editions or editions[key].withdrawn))
        yield from to_follow


def _render_working_copies(keys: Iterable[PublicKey]) -> Iterator[Rendering]:
    slugs: dict[str, set[str]] = {}
    for kind, slug in keys:
        slugs.setdefault(kind if kind in EMBEDDED_MEMBERS else "entity", set()).add(slug)
    # Other records embed an entity by its name alone.
    for kind, slug, name in Entity.objects.filter(slug__in=slugs.pop("entity", ())).values_list("kind", "slug", "name"):
        yield Rendering(kind, slug, {"kind": kind, "slug": slug, "name": name}, {})
    for kind, wanted_slugs in slugs.items():
        yield from render_records(model_for_kind(kind).objects.filter(slug__in=wanted_slugs))


def _embedding_rank(rendering: Rendering) -> int:
    """Return the sort key that puts documents before quotes, and quotes before all else, because those embed them."""
    order = list(EMBEDDED_MEMBERS)
    return order.index(rendering.kind) if rendering.kind in order else len(order)
