"""The working copy as it stood when what the public sees of it was printed."""

from collections.abc import Iterable

from entities.models import Curated
from entities.snapshots import Snapshot, snapshot_at
from nato_support.editions.models import Cause, Edition
from nato_support.editions.printing import Key, kind_of


def live_snapshot(record: Curated) -> Snapshot | None:
    """What the newest edition of `record` was printed from; None if the public sees nothing of it."""
    newest = Edition.objects.newest([(kind_of(record), record.slug)]).get((kind_of(record), record.slug))
    if newest is None or newest.withdrawn:
        return None
    printed = Edition.objects.filter(
        kind=newest.kind, slug=newest.slug, number__lte=newest.number, cause=Cause.CONTENT, withdrawn=False
    )
    last = printed.select_related("run").order_by("-number").only("number", "run__printed_at").first()
    return snapshot_at(type(record), record.pk, last.run.printed_at) if last else None


def live_versions(records: Iterable[Curated]) -> dict[Key, int]:
    """Of each of `records` that is public, the version that its newest edition was printed from.

    A record in another version than this one has changes that are not public yet.
    """
    editions = Edition.objects.only("kind", "slug", "version", "withdrawn").newest((kind_of(r), r.slug) for r in records)
    return {key: edition.version for key, edition in editions.items() if not edition.withdrawn}
