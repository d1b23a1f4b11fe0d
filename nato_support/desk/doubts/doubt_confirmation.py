"""Confirmation before publishing: the doubts about the records, and the refusal to publish what was not seen."""

from collections.abc import Iterable, Mapping
from typing import Any

from entities.doubts import Doubt
from entities.models import Curated
from entities.refusals import Refused
from nato_support.desk.doubts.dismissals import current_day, dismissals_of, open_doubts_of_records
from sources.evidence.doubtful_facts import doubts_of_records

SEEN_FIELD, SHOWN_FIELD = "doubts_seen", "doubt"
"""Names of the form fields: the tick that they were seen, and the fingerprint of each that the page showed."""


class UnseenDoubts(Refused):
    """There are doubts about what is to be published, and whoever publishes it has not said that they saw them."""

    def __init__(self, message: str, doubts: Iterable[Doubt]):
        self.doubts = list(doubts)
        super().__init__(message)


def doubts_context(records: Iterable[Curated], form_data: Any = None) -> dict[str, Any]:
    """Return what the list of doubts on a page that publishes `records` needs; `form_data` is what was posted, if refused."""
    doubts = doubts_of_records(records, current_day())
    dismissed = dismissals_of(doubts)
    still_open = [doubt for doubt in doubts if doubt.fingerprint not in dismissed]
    return {
        "doubts": still_open,
        "dismissed_doubts": [(doubt, dismissed[doubt.fingerprint]) for doubt in doubts if doubt.fingerprint in dismissed],
        "doubts_are_seen": bool(form_data) and not _unseen(still_open, form_data),
    }


def refuse_unseen_doubts(records: Iterable[Curated], form_data: Mapping[str, Any]) -> None:
    """Raise UnseenDoubts if there is a doubt about `records` that the page did not show, or if nobody ticked that they were seen.

    To be called in the transaction that publishes them: it is rolled back.
    """
    doubts = open_doubts_of_records(records)
    unseen = _unseen(doubts, form_data)
    if not unseen:
        return
    if SEEN_FIELD in form_data:
        count = "1 thing to check has" if len(unseen) == 1 else f"{len(unseen)} things to check have"
        message = f"{count} come up since you opened this page"
    else:
        count = "is 1 thing" if len(doubts) == 1 else f"are {len(doubts)} things"
        message = f"There {count} to check"
    raise UnseenDoubts(f"{message}: look at the list, and tick that you have seen it", doubts)


def _unseen(doubts: Iterable[Doubt], form_data: Any) -> list[Doubt]:
    shown = set(form_data.getlist(SHOWN_FIELD)) if SEEN_FIELD in form_data else set()
    return [doubt for doubt in doubts if doubt.fingerprint not in shown]
