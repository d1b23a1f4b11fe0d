"""Versions of working copies from which the public editions were rendered."""

from collections.abc import Iterable

from entities.history.record_snapshots import RecordSnapshot, snapshot_at
from entities.models import Curated
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.rendering import PublicKey, public_kind


def published_snapshot(record: Curated) -> RecordSnapshot | None:
    """Return the state of `record` that its newest edition was rendered from; None if it is not public."""
    newest_edition = Edition.objects.newest([(public_kind(record), record.slug)]).get((public_kind(record), record.slug))
    if newest_edition is None or newest_edition.withdrawn:
        return None
    content_editions = Edition.objects.filter(
        kind=newest_edition.kind,
        slug=newest_edition.slug,
        number__lte=newest_edition.number,
        cause=EditionCause.CONTENT,
        withdrawn=False,
    )
    last_rendered = content_editions.select_related("release").order_by("-number").only("number", "release__released_at").first()
    return snapshot_at(type(record), record.pk, last_rendered.release.released_at) if last_rendered else None


def live_edition_versions(records: Iterable[Curated]) -> dict[PublicKey, int]:
    """Return, for each of `records` that is public, the version that its live edition was rendered from.

    A record in another version has changes that are not public yet.
    """
    editions = Edition.objects.only("kind", "slug", "version", "withdrawn").newest((public_kind(r), r.slug) for r in records)
    return {key: edition.version for key, edition in editions.items() if not edition.withdrawn}
