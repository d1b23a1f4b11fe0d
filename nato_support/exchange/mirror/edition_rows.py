"""From the bytes that the source answers back to the texts that it holds, so that this register answers the same bytes."""

from nato_support.exchange.mirror.register_client import DamagedData
from nato_support.publishing import releases
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import detail_body, split_detail_body
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.rendering import Rendering


def edition_from_bytes(raw: bytes, kind: str, slug: str, number: int, release: int, cause: str) -> tuple[Rendering, Edition]:
    """An edition from what its address answers. Damaged if that is another one's, or would be answered otherwise here."""
    name = f"{kind} {slug}, edition {number}"
    try:
        lean, extra = split_detail_body(raw)
        said = (lean["kind"], lean["slug"], lean["edition"], lean["release"])
        if (
            said != (kind, slug, number, release)
            or detail_body(kind, slug, number, edition_encoding.compact_json(lean), edition_encoding.compact_json(extra)) != raw
        ):
            raise ValueError
        one = Rendering(kind, slug, lean, extra)
        return one, releases.edition_row(one, EditionCause(cause))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise DamagedData(f"{name} is not printed as it would be here: do both run the same version?") from None


def tombstone_from_json(told: dict) -> Edition:
    """The end of a record, as the source tells it."""
    return _edition_without_content(told, withdrawn=True, moved_to=told["moved_to"] or "")


def gap_from_json(told: dict) -> Edition:
    """The place of an edition that is public no longer, or not at the moment. It was never live here."""
    return _edition_without_content(told, superseded=told["release"], cause=EditionCause(told["cause"]))


def _edition_without_content(told: dict, **more) -> Edition:
    return Edition(
        kind=told["kind"],
        slug=told["slug"],
        number=told["edition"],
        release_id=told["release"],
        document="{}",
        evidence="{}",
        **more,
    )
