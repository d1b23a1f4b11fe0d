"""Totals row: what totals need of a commitment, as one short text, so that adding up reads no documents.

It is stored as terms of the edition (field `tally`), in pieces that fit a term's value. Its members are separated by control
characters instead of being JSON: a hundred thousand of them are read in a tenth of a second.
"""

from collections.abc import Sequence
from typing import NamedTuple

TOTALS_FIELD = "tally"
_PIECE_LENGTH = 650
_MEMBER_SEPARATOR, _AMOUNT_SEPARATOR, _AMOUNT_PART_SEPARATOR = "\x1f", "\x1e", "\x1d"
_UNSEPARATED = str.maketrans(dict.fromkeys((_MEMBER_SEPARATOR, _AMOUNT_SEPARATOR, _AMOUNT_PART_SEPARATOR), " "))


class TotalsAmount(NamedTuple):
    """An amount as stated, with its numbers as text."""

    kind: str
    unit: str
    """ISO 4217 code for money; otherwise the unit that is counted."""
    value: str
    """Empty if the amount has no number."""
    upper: str
    """Empty if it is no range."""
    qualifier: str


class TotalsRow(NamedTuple):
    """A commitment for totals. Missing members are empty; package, beneficiary and givers are slugs."""

    slug: str
    nature: str
    category: str
    stage: str
    year: str
    """Date of its first dated milestone."""
    package: str
    beneficiary: str
    givers_text: str
    amounts_text: str

    @property
    def givers(self) -> list[str]:
        """The slugs of the organisations that undertake it."""
        return self.givers_text.split()

    @property
    def amounts(self) -> list[TotalsAmount]:
        """The stated amounts, without conversions."""
        return (
            [TotalsAmount(*text.split(_AMOUNT_PART_SEPARATOR)) for text in self.amounts_text.split(_AMOUNT_SEPARATOR)]
            if self.amounts_text
            else []
        )


def split_totals_row(document: dict) -> list[str]:
    """Return the totals row of a rendered commitment in pieces, each with its number in front."""
    days = [milestone["date"]["earliest"] for milestone in document["milestones"] if milestone["date"]]
    amounts = [_stated_amount(measure) for measure in document["measures"] if not measure.get("conversion_of")]
    row = TotalsRow(
        document["slug"],
        document["nature"],
        document["category"],
        document["stage"] or "",
        min(filter(None, days), default="")[:4],
        _slug_of_reference(document["part_of"]),
        _slug_of_reference(document["beneficiary"]),
        " ".join(giver["slug"] for giver in document["committed_by"]),
        _AMOUNT_SEPARATOR.join(map(_AMOUNT_PART_SEPARATOR.join, amounts)),
    )
    text = _MEMBER_SEPARATOR.join(row)
    return [f"{start // _PIECE_LENGTH:04}{text[start : start + _PIECE_LENGTH]}" for start in range(0, len(text), _PIECE_LENGTH)]


def join_totals_row(pieces: Sequence[str]) -> TotalsRow:
    """Return the totals row that was cut into `pieces`, which may come in any order."""
    text = pieces[0][4:] if len(pieces) == 1 else "".join(piece[4:] for piece in sorted(pieces))
    return TotalsRow._make(text.split(_MEMBER_SEPARATOR))


def _stated_amount(measure: dict) -> TotalsAmount:
    unit = (measure["currency"] or measure["unit"] or "").translate(_UNSEPARATED)
    return TotalsAmount(measure["kind"], unit, measure["value"] or "", measure["upper"] or "", measure["qualifier"])


def _slug_of_reference(reference: dict | None) -> str:
    return reference["slug"] if reference else ""
