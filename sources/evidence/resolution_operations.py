"""Operations on resolutions: record a verdict on a contested field, and undo the last change of one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from entities.models import Change, Entity, Relation
from entities.models.locking import lock_rows
from entities.refusals import Stale
from entities.vocabulary import Action
from sources.evidence.statements import FieldKey, fetch_evidence, field_key_of
from sources.models import Resolution


def resolve_field(target: Entity | Relation, field: str, *, verdict: str, reason: str, by: Any, seen: str) -> Resolution:
    """Records the verdict on `field` of `target` for all that is stated now; that of the same day is replaced, its history
    kept. `seen` is the version of the evidence that was judged.

    Raises Stale if the evidence is another one by now, ValidationError without a verdict or a reason.
    """
    with transaction.atomic():
        # Whoever adds a citation meanwhile raises the version of the record, and so waits for this row.
        lock_rows([(type(target), target.pk)])
        place = field_key_of(target, field)
        evidence = fetch_evidence([place])[place]
        if evidence.version != seen:
            raise Stale("A citation or a verdict came in meanwhile: look at the statements again.")
        if not evidence.differs:
            raise ValidationError("There is nothing to resolve: the sources do not differ.")
        key = {"entity_id": place.entity, "relation_id": place.relation, "field": field}
        today = timezone.localdate().isoformat()
        resolution = Resolution.objects.filter(**key, decided_on=today).first() or Resolution(**key, decided_on=today)
        resolution.verdict, resolution.reason, resolution.decided_by = verdict, reason, by
        resolution.settles = sorted(evidence.statements)
        resolution.full_clean()
        _set_history_user(by, resolution)
        resolution.save()
        return resolution


def undo_last_resolution_change(resolution: Resolution, by: Any) -> None:
    """Undoes the last change of what `resolution` says: what it said before comes back; if it was new, it goes.

    It stays with the record that has it now: that a merge moved it is taken back by unmerging. Raises ValidationError if
    the merge also changed what it says.
    """
    with transaction.atomic():
        present = Resolution.objects.select_for_update().get(pk=resolution.pk)
        _set_history_user(by, present)
        verdicts = _verdicts_given(present)
        if len(verdicts) < 2:
            present.delete()
            return
        for name, value in zip(_JUDGED, verdicts[1], strict=True):
            setattr(present, name, value)
        present.save()


_JUDGED = ("verdict", "reason", "settles", "decided_on", "decided_by_id")
"""What an editor says in a resolution; the rest of its columns say where it belongs."""


def _verdicts_given(resolution: Resolution) -> list[tuple]:
    """What the resolution has said one after the other, the newest first, back to where a merge changed it."""
    rows = list(resolution.history.order_by("-history_date", "-history_id"))
    changes = Change.objects.filter(pk__in={row.change_id for row in rows}, act__in=(Action.MERGE, Action.UNMERGE))
    merges = set(changes.values_list("pk", flat=True))
    given = []
    for row, earlier in zip(rows, [*rows[1:], None], strict=True):
        said = _said(row)
        if earlier is None or (row.change_id not in merges and _place_then(row) == _place_then(earlier)):
            given.append(said)
        elif said != _said(earlier):
            given.append(said)
            if len(given) < 2:
                raise ValidationError("A merge changed this verdict last: take the merge back, or give a new verdict.")
            break
    return given


def _said(row: Any) -> tuple:
    return tuple(getattr(row, name) for name in _JUDGED)


def _place_then(row: Any) -> FieldKey:
    return FieldKey(row.entity_id, row.relation_id, row.field)


def _set_history_user(user: Any, resolution: Any) -> None:
    """Has the next entry in the history of `resolution` name `user`."""
    resolution._history_user = user
