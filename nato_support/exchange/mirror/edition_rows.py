"""Rows for the editions of the source, stored so that this register answers the same bytes."""

from nato_support.exchange.mirror.register_client import DamagedData
from nato_support.publishing import releases
from nato_support.publishing.editions import edition_encoding
from nato_support.publishing.editions.detail_response import detail_body, split_detail_body
from nato_support.publishing.models.public_tables import Edition, EditionCause
from nato_support.publishing.rendering import Rendering


def edition_from_detail_bytes(
    detail_bytes: bytes, kind: str, slug: str, number: int, release: int, cause: str
) -> tuple[Rendering, Edition]:
    """Return the rendering and edition of a detail response.

    Raises DamagedData if it belongs to another edition, or if this register would answer other bytes.
    """
    name = f"{kind} {slug}, edition {number}"
    try:
        document, evidence = split_detail_body(detail_bytes)
        identity = (document["kind"], document["slug"], document["edition"], document["release"])
        if (
            identity != (kind, slug, number, release)
            or detail_body(kind, slug, number, edition_encoding.compact_json(document), edition_encoding.compact_json(evidence))
            != detail_bytes
        ):
            raise ValueError
        rendering = Rendering(kind, slug, document, evidence)
        return rendering, releases.edition_row(rendering, EditionCause(cause))
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        raise DamagedData(f"{name} is not rendered as it would be here: do both registers run the same version?") from None


def tombstone_from_json(edition_json: dict) -> Edition:
    """Return the tombstone of a record that the source describes."""
    return _edition_without_content(edition_json, withdrawn=True, moved_to=edition_json["moved_to"] or "")


def placeholder_from_json(edition_json: dict) -> Edition:
    """Return a placeholder for an edition that is not public any longer, or not at the moment. It was never live here."""
    return _edition_without_content(edition_json, superseded=edition_json["release"], cause=EditionCause(edition_json["cause"]))


def _edition_without_content(edition_json: dict, **fields) -> Edition:
    return Edition(
        kind=edition_json["kind"],
        slug=edition_json["slug"],
        number=edition_json["edition"],
        release_id=edition_json["release"],
        document="{}",
        evidence="{}",
        **fields,
    )
