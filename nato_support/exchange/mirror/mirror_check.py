"""Checks of a mirror by `check_data`: it has editions but no working copy, and must equal what it copied."""

from collections.abc import Iterator

from entities.models import Entity
from nato_support.exchange.mirror.release_replication import lacks_newest_editions
from nato_support.exchange.models import Mirror
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition, Release
from nato_support.publishing.row_checks import RuleViolation
from sources.models import SourceDocument


def is_mirror() -> bool:
    """Return True if this database is a copy of another register."""
    return Mirror.objects.exists()


def check_mirror() -> Iterator[RuleViolation]:
    """Compare what is live here with what was copied, and with the state that the source stated."""
    mirror = Mirror.objects.get()
    last_release = Release.objects.order_by("-number").first()
    if (last_release.number if last_release else 0) != mirror.through:
        message = (
            f"the newest release is {last_release.number if last_release else 'none'}; the last one copied is {mirror.through}:"
            " copy again with --start-over"
        )
        yield RuleViolation("mirror", mirror.source, "through", message)
    rows = Edition.objects.filter(LIVE_EDITIONS).values_list("kind", "slug", "number", "document", "evidence")
    live_sum = edition_encoding.format_state_hash(
        sum(edition_encoding.edition_hash(*row) for row in rows.iterator(chunk_size=1000))
    )
    if live_sum != mirror.state_hash:
        yield RuleViolation(
            "mirror",
            mirror.source,
            "state_hash",
            "the live editions are not those that were copied: copy again with --start-over",
        )
    # Records withdrawn before they were copied are missing here until the release that withdrew them is copied too.
    elif last_release and live_sum != last_release.state_hash and not lacks_newest_editions():
        yield RuleViolation(
            "mirror",
            mirror.source,
            "state_hash",
            f"what is live differs from what the source had after release {last_release.number}: copy again with --start-over",
        )
    for model in (Entity, SourceDocument):
        for slug in model._default_manager.order_by("pk").values_list("slug", flat=True)[:10]:
            yield RuleViolation(model._meta.model_name or "", slug, "", "is in a mirror, which has no working copy")
