"""From the bytes that the source answers back to the texts that it holds, so that this register answers the same bytes."""

from nato_support.editions import press, texts
from nato_support.editions.detail import body, parted
from nato_support.editions.models import Cause, Edition
from nato_support.editions.printing import Printed
from nato_support.mirror.source import Damaged


def edition_of(raw: bytes, kind: str, slug: str, number: int, stamp: int, cause: str) -> tuple[Printed, Edition]:
    """An edition from what its address answers. Damaged if that is another one's, or would be answered otherwise here."""
    name = f"{kind} {slug}, edition {number}"
    try:
        lean, extra = parted(raw)
        said = (lean["kind"], lean["slug"], lean["edition"], lean["stamp"])
        if said != (kind, slug, number, stamp) or body(kind, slug, number, texts.dumps(lean), texts.dumps(extra)) != raw:
            raise ValueError
        one = Printed(kind, slug, lean, extra)
        return one, press.edition(one, Cause(cause))
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Damaged(f"{name} is not printed as it would be here: do both run the same version?") from None


def tombstone_of(told: dict) -> Edition:
    """The end of a record, as the source tells it."""
    return _without_content(told, withdrawn=True, moved_to=told["moved_to"] or "")


def gap_of(told: dict) -> Edition:
    """The place of an edition that is public no longer, or not at the moment. It was never live here."""
    return _without_content(told, superseded=told["stamp"], cause=Cause(told["cause"]))


def _without_content(told: dict, **more) -> Edition:
    return Edition(
        kind=told["kind"], slug=told["slug"], number=told["edition"], run_id=told["stamp"], document="{}", evidence="{}", **more
    )
