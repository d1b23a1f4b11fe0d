"""Dismissal of doubts: an editor's finding that a value is right as it stands, with the reason, until the value changes."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

from entities.doubts import Doubt
from entities.models import Curated, Relation
from entities.refusals import Refused
from nato_support.desk.models import DismissedDoubt
from sources.evidence.doubtful_facts import doubts_of_records

_BATCH = 500


def current_day() -> date:
    """Return the day by which dates are past or not: today in UTC."""
    return datetime.now(UTC).date()


def may_view_doubts(user) -> bool:
    return user.has_perm("desk.view_dismisseddoubt")


def may_dismiss_doubts(user) -> bool:
    return may_view_doubts(user) and user.has_perm("desk.add_dismisseddoubt")


def dismissals_of(doubts: Iterable[Doubt]) -> dict[str, DismissedDoubt]:
    """Return the dismissal of each of `doubts` that was dismissed, by fingerprint."""
    fingerprints = [doubt.fingerprint for doubt in doubts]
    found: dict[str, DismissedDoubt] = {}
    for start in range(0, len(fingerprints), _BATCH):
        rows = DismissedDoubt.objects.filter(fingerprint__in=fingerprints[start : start + _BATCH])
        found |= {row.fingerprint: row for row in rows.select_related("dismissed_by")}
    return found


def open_doubts(doubts: Iterable[Doubt]) -> list[Doubt]:
    """Return those of `doubts` that nobody has dismissed, in their order."""
    doubts = list(doubts)
    dismissed = dismissals_of(doubts)
    return [doubt for doubt in doubts if doubt.fingerprint not in dismissed]


def open_doubts_of_records(records: Iterable[Curated]) -> list[Doubt]:
    """Return the doubts that concern `records` today and that nobody has dismissed."""
    return open_doubts(doubts_of_records(records, current_day()))


def dismiss_doubt(record: Curated, fingerprint: str, *, by, reason: str) -> DismissedDoubt:
    """Dismiss the doubt about `record` that has this fingerprint. Refuses one that no longer applies, or without a reason."""
    if not reason.strip():
        raise Refused("Say why it is right as it stands: whoever checks it later reads this.")
    doubt = next((one for one in doubts_of_records([record], current_day()) if one.fingerprint == fingerprint), None)
    if doubt is None:
        raise Refused("Its values have changed since you opened this page, so there is nothing to dismiss.")
    is_relation = isinstance(doubt.record, Relation)
    row, is_new = DismissedDoubt.objects.get_or_create(
        fingerprint=fingerprint,
        defaults={
            "relation_id" if is_relation else "entity_id": doubt.record.pk,
            "kind": doubt.kind,
            "about": doubt.about,
            "sentence": doubt.sentence,
            "reason": reason.strip(),
            "dismissed_by": by,
        },
    )
    if not is_new:
        raise Refused(f"{row.dismissed_by or 'Somebody'} has dismissed it already: “{row.reason}”.")
    return row


def reopen_doubt(dismissal: DismissedDoubt) -> None:
    """Take a dismissal back: what it was about is to be checked again."""
    dismissal.delete()


def earlier_dismissals(doubts: Iterable[Doubt]) -> dict[str, DismissedDoubt]:
    """Return, by fingerprint, the newest dismissal of the same doubt of when its values were others. Two queries."""
    doubts = list(doubts)
    keys = {_identity(doubt): doubt.fingerprint for doubt in doubts}
    entities = [doubt.record.pk for doubt in doubts if not isinstance(doubt.record, Relation)]
    relations = [doubt.record.pk for doubt in doubts if isinstance(doubt.record, Relation)]
    found: dict[str, DismissedDoubt] = {}
    for rows in (DismissedDoubt.objects.filter(entity__in=entities), DismissedDoubt.objects.filter(relation__in=relations)):
        for row in rows.select_related("dismissed_by").order_by("dismissed_at", "pk"):
            fingerprint = keys.get((row.kind, row.entity_id, row.relation_id, row.about))
            if fingerprint and fingerprint != row.fingerprint:
                found[fingerprint] = row
    return found


def _identity(doubt: Doubt) -> tuple[str, int | None, int | None, str]:
    is_relation = isinstance(doubt.record, Relation)
    return doubt.kind.value, None if is_relation else doubt.record.pk, doubt.record.pk if is_relation else None, doubt.about
