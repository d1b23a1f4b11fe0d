"""Operations on resolutions: record a verdict on a contested field, and undo the last change of one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from entities.models import Change, Entity, Relation
from entities.models.locking import lock_rows
from entities.refusals import Stale
from entities.row_writing import delete_row, sign_row, update_row
from entities.vocabulary import Action
from sources.evidence.statement_comparison import Statement
from sources.evidence.statements import FieldKey, fetch_evidence, field_key_of
from sources.models import Resolution


def resolve_field(
    target: Entity | Relation,
    field: str,
    *,
    verdict: str,
    reason: str,
    user: Any,
    seen_version: str,
    decides_for: Statement | None = None,
) -> Resolution:
    """Record the verdict on `field` of `target` for all its present statements that differ.

    `decides_for` is the one of them that the register follows, if the verdict decides for one. It replaces a verdict of the same
    day, whose history is kept. `seen_version` is the version of the evidence that the editor judged. Raises Stale if the
    evidence has changed since, ValidationError without a verdict or a reason, if nothing differs, or if it decides for what no
    source states.
    """
    with transaction.atomic():
        # Adding a citation raises the version of the record, and so waits for this lock.
        lock_rows([(type(target), target.pk)])
        place = field_key_of(target, field)
        evidence = fetch_evidence([place])[place]
        if evidence.version != seen_version:
            raise Stale("A citation or a verdict was added in the meantime: look at the statements again.")
        if not evidence.differs:
            raise ValidationError("There is nothing to resolve: the sources do not differ.")
        key = {"entity_id": place.entity, "relation_id": place.relation, "field": field}
        today = timezone.localdate().isoformat()
        resolution = Resolution.objects.filter(**key, decided_on=today).first() or Resolution(**key, decided_on=today)
        resolution.verdict, resolution.reason, resolution.decided_by = verdict, reason, user
        resolution.settles = [statement.as_json() for statement in sorted(evidence.conflicting_statements)]
        resolution.decides_for = decides_for.as_json() if decides_for else None
        resolution.full_clean()
        sign_row(resolution, user)
        resolution.save()
        return resolution


def undo_last_resolution_change(resolution: Resolution, user: Any) -> None:
    """Undo the last change of the resolution's content: the earlier verdict comes back; a new resolution is deleted.

    The resolution stays with the record that it belongs to now: what a merge moved, unmerging moves back. Raises ValidationError
    if the merge also changed its content.
    """
    with transaction.atomic():
        current = Resolution.objects.select_for_update().get(pk=resolution.pk)
        verdicts = _verdict_history(current)
        if len(verdicts) < 2:
            delete_row(current, user)
            return
        for name, value in zip(_JUDGED_COLUMNS, verdicts[1], strict=True):
            setattr(current, name, value)
        update_row(current, user)


_JUDGED_COLUMNS = ("verdict", "reason", "settles", "decides_for", "decided_on", "decided_by_id")
"""Columns that an editor decides on; the others say which field the resolution belongs to."""


def _verdict_history(resolution: Resolution) -> list[tuple]:
    """Return the verdicts that the resolution has had, newest first, back to where a merge changed it."""
    rows = list(resolution.history.order_by("-history_date", "-history_id"))
    changes = Change.objects.filter(pk__in={row.change_id for row in rows}, action__in=(Action.MERGE, Action.UNMERGE))
    merge_changes = set(changes.values_list("pk", flat=True))
    verdicts = []
    for row, earlier_row in zip(rows, [*rows[1:], None], strict=True):
        verdict = _judged_values(row)
        if earlier_row is None or (row.change_id not in merge_changes and _field_key_then(row) == _field_key_then(earlier_row)):
            verdicts.append(verdict)
        elif verdict != _judged_values(earlier_row):
            verdicts.append(verdict)
            if len(verdicts) < 2:
                raise ValidationError("A merge changed this verdict last: undo the merge, or give a new verdict.")
            break
    return verdicts


def _judged_values(row: Any) -> tuple:
    return tuple(getattr(row, name) for name in _JUDGED_COLUMNS)


def _field_key_then(row: Any) -> FieldKey:
    return FieldKey(row.entity_id, row.relation_id, row.field)
