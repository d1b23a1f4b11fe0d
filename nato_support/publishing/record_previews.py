"""Working copies as the public would see them if they were published now. Reads only."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from entities.models import Curated, Entity
from nato_support.publishing import references
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
    """A record printed for a look. `missing`: what it shows that is not public yet; `live`: what is public of it now."""

    missing: set[PublicKey] = field(default_factory=set)
    live_edition: Edition | None = None

    @property
    def document(self) -> str:
        """The lean shape, as a list would serve it."""
        return edition_encoding.compact_json(self.lean)

    @property
    def body(self) -> str:
        """What the API would answer for its detail."""
        return _detail_text(self.kind, self.slug, self.lean["edition"], self.document, edition_encoding.compact_json(self.extra))

    @property
    def live_detail_json(self) -> str:
        """What the API answers for its detail now; '' if it is not public."""
        if self.live_edition is None:
            return ""
        return _detail_text(
            self.kind, self.slug, self.live_edition.number, self.live_edition.document, self.live_edition.evidence
        )

    @property
    def is_up_to_date(self) -> bool:
        """Whether the public sees just this already."""
        return self.live_edition is not None and references.comparable_content(self.lean, self.extra) == _content_of_edition(
            self.live_edition
        )


def preview_records(records: Iterable[Curated]) -> list[RecordPreview]:
    """Prints `records` as if they were published now, each with the number and the release that it would get.

    What they name and is not public is shown all the same, as its working copy has it, and listed in `missing`. The number
    of queries does not depend on how much a record holds.
    """
    printed = render_records(records)
    unpublished = {one.key: one for one in _render_unpublished_references(printed)}
    resolve_all_references(sorted([*unpublished.values(), *printed], key=_embedding_rank))
    newest = Edition.objects.select_related("release").newest(one.key for one in printed)
    last = Release.objects.order_by("-number").values_list("number", flat=True).first() or 0
    return [_preview_of_rendering(one, set(unpublished), newest.get(one.key), last + 1) for one in printed]


def _preview_of_rendering(one: Rendering, unpublished: set[PublicKey], newest: Edition | None, release: int) -> RecordPreview:
    live = newest if newest and not newest.withdrawn else None
    shown = {(kind, slug) for _, kind, slug in references.iterate_references([one.lean, one.extra])}
    proof = RecordPreview(one.kind, one.slug, one.lean, one.extra, one.version, one.record, shown & unpublished, live)
    if live and proof.is_up_to_date:
        references.write_numbers(one.lean, live.number, live.release_id)
    else:
        references.write_numbers(one.lean, newest.number + 1 if newest else 1, release)
    return proof


def _detail_text(kind: str, slug: str, number: int, document: str, evidence: str) -> str:
    return detail_response.detail_body(kind, slug, number, document, evidence).decode()


def _content_of_edition(edition: Edition) -> str:
    return references.comparable_content(json.loads(edition.document), json.loads(edition.evidence))


def _render_unpublished_references(printed: list[Rendering]) -> Iterator[Rendering]:
    """What `printed` and what stands in it name that is not public. Quotes bring their documents, those their publishers."""
    known = {one.key for one in printed}
    fresh = printed
    while fresh:
        named = {key for one in fresh for key in keys_referenced_by(one)} - known
        known |= named
        editions = Edition.objects.only("kind", "slug", "withdrawn").newest(named)
        fresh = list(_render_working_copies(key for key in named if key not in editions or editions[key].withdrawn))
        yield from fresh


def _render_working_copies(keys: Iterable[PublicKey]) -> Iterator[Rendering]:
    slugs: dict[str, set[str]] = {}
    for kind, slug in keys:
        slugs.setdefault(kind if kind in EMBEDDED_MEMBERS else "entity", set()).add(slug)
    # An entity is shown in others by its name alone.
    for kind, slug, name in Entity.objects.filter(slug__in=slugs.pop("entity", ())).values_list("kind", "slug", "name"):
        yield Rendering(kind, slug, {"kind": kind, "slug": slug, "name": name}, {})
    for kind, wanted in slugs.items():
        yield from render_records(model_for_kind(kind).objects.filter(slug__in=wanted))


def _embedding_rank(one: Rendering) -> int:
    """Documents stand in quotes, and quotes in all the rest."""
    order = list(EMBEDDED_MEMBERS)
    return order.index(one.kind) if one.kind in order else len(order)
