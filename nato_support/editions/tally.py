"""A commitment's tally: what totals need of it, as one short text, so that adding up reads no documents.

It is printed as terms of the edition (field `tally`), in pieces that fit a term's value.
"""

import json
from collections.abc import Iterable
from typing import NamedTuple

FIELD = "tally"
_PIECE = 600


class Amount(NamedTuple):
    """One amount as stated, numbers as text."""

    kind: str
    unit: str
    """ISO 4217 code of money; what is counted of anything else."""
    value: str | None
    upper: str | None
    qualifier: str


class Tally(NamedTuple):
    """One commitment. Packages, beneficiaries and givers are slugs."""

    slug: str
    nature: str
    category: str
    stage: str | None
    year: str | None
    """Of its first dated milestone."""
    package: str | None
    beneficiary: str | None
    givers: tuple[str, ...]
    amounts: tuple[Amount, ...]
    """Without conversions."""


def pieces(lean: dict) -> list[str]:
    """The tally of a printed commitment, cut up: each piece with its number before it."""
    dated = [milestone["date"]["earliest"] for milestone in lean["milestones"] if milestone["date"]]
    tally = Tally(
        lean["slug"],
        lean["nature"],
        lean["category"],
        lean["stage"],
        min(dated)[:4] if dated else None,
        _slug(lean["part_of"]),
        _slug(lean["beneficiary"]),
        tuple(giver["slug"] for giver in lean["committed_by"]),
        tuple(_amount(measure) for measure in lean["measures"] if not measure.get("conversion_of")),
    )
    text = json.dumps(tally, separators=(",", ":"))
    return [f"{at // _PIECE:04}{text[at : at + _PIECE]}" for at in range(0, len(text), _PIECE)]


def read(found: Iterable[str]) -> Tally:
    """The tally that was cut into the pieces `found`, which may come in any order."""
    found = list(found)
    text = found[0][4:] if len(found) == 1 else "".join(piece[4:] for piece in sorted(found))
    *rest, givers, amounts = json.loads(text)
    return Tally(*rest, tuple(givers), tuple(Amount(*amount) for amount in amounts))


def _amount(measure: dict) -> Amount:
    unit = measure["currency"] or measure["unit"] or ""
    return Amount(measure["kind"], unit, measure["value"], measure["upper"], measure["qualifier"])


def _slug(reference: dict | None) -> str | None:
    return reference["slug"] if reference else None
