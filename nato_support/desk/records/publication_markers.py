"""Publications in a record's timeline: the edition, the decision of the review and the change of status are one act, one line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.text import capfirst

from entities.history.record_timeline import TimelineEntry
from entities.vocabulary import Action

_PUBLICATIONS = (Action.PUBLISH, Action.WITHDRAW)


@dataclass
class TimelineMarker:
    """Event outside the record's rows: an edition published, a step of review."""

    at: datetime
    what: str
    who: str
    note: str = ""
    release: int | None = None
    """Number of the release, if it made one."""
    answer: str = ""
    """Answer of the reviewer who published it."""


def decision_marker(submission: Any) -> TimelineMarker:
    """Return the marker of the decision on a submission."""
    label = capfirst(submission.get_state_display()) + (", without review" if submission.unreviewed else "")
    person = str(submission.decided_by or "")
    return TimelineMarker(submission.decided_at, label, person, submission.answer, submission.release_id)


def join_decisions_with_editions(editions: Sequence[TimelineMarker], decisions: Sequence[TimelineMarker]) -> list[TimelineMarker]:
    """Return the markers of both, where a decision that published an edition is part of its marker."""
    by_release = {marker.release: marker for marker in editions}
    joined = list(editions)
    for decision in decisions:
        edition = by_release.get(decision.release) if decision.release is not None else None
        if edition is None:
            joined.append(decision)
            continue
        edition.what += " without review" if decision.what.endswith("without review") else " after review"
        edition.answer = decision.note
    return joined


def publication_of_entry(
    entry: TimelineEntry, earlier: TimelineEntry | None, markers: Sequence[TimelineMarker]
) -> TimelineMarker | None:
    """Return the marker of the edition that an entry of the timeline published or withdrew; `earlier` is the one before it.

    A release is opened by the same person before it writes the record's status, and no other change comes between them.
    """
    if entry.action not in _PUBLICATIONS:
        return None
    after = earlier.at if earlier else None
    fitting = [
        marker
        for marker in markers
        if marker.release is not None
        and marker.who == entry.person
        and marker.at <= entry.at
        and (after is None or marker.at > after)
    ]
    return max(fitting, key=lambda marker: marker.at, default=None)
