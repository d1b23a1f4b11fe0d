"""Steps of an editor on a document: record what an operation writes, undo it and redo it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import models, transaction
from django.db.models.deletion import Collector

from entities.models import Entity, Measure, change_set
from entities.refusals import Refused
from entities.row_writing import (
    all_column_values,
    delete_row,
    insert_row,
    plain_field_value,
    refuse_broken_rules,
    set_columns,
    set_many_to_many,
    update_row,
)
from entities.vocabulary import Action, Status, Verification
from sources.models import CaptureStep, Citation, SourceDocument, SourceQuote
from sources.verification import check_quote


@dataclass(slots=True)
class StepRecorder:
    """Operation under way on a document: writes rows and records what it writes."""

    document: SourceDocument
    user: Any
    changes: list[dict[str, Any]] = field(default_factory=list)

    def create_row(self, row: models.Model, **related_rows: Iterable[models.Model]) -> models.Model:
        """Save a new row, with the rows of its many-to-many fields, and return it as the database stores it."""
        insert_row(row, self.user)
        for name, rows in related_rows.items():
            if rows:
                getattr(row, name).set(rows)
        # As the database holds it: 9 may have become 9.00.
        row.refresh_from_db()
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": None, "after": _column_values(row)})
        return row

    def change_row(self, row: models.Model, **values: Any) -> bool:
        """Set `values` on a row and save it; a many-to-many field takes a list of rows. Return whether anything changed."""
        before = _column_values(row)
        many_to_many = {name: values.pop(name) for name in _many_to_many_names(row) if name in values}
        for name, value in values.items():
            setattr(row, name, value)
        after = _column_values(row) | {name: sorted(other.pk for other in rows) for name, rows in many_to_many.items()}
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return False
        validate_row(row)
        update_row(row, self.user)
        set_many_to_many(row, {name: after[name] for name in many_to_many if name in changed})
        # Only what this step changed is restored on undo: other people's changes of other fields stay.
        self.changes.append(
            {
                "model": row._meta.label_lower,
                "pk": row.pk,
                "before": {name: before[name] for name in changed},
                "after": {name: after[name] for name in changed},
            }
        )
        return True

    def delete_row(self, row: models.Model) -> None:
        """Delete a row."""
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": _column_values(row), "after": None})
        delete_row(row, self.user)

    def save_step(self, label: str) -> CaptureStep:
        """Store the step for undo. Steps undone before it can no longer be redone."""
        CaptureStep.objects.filter(document=self.document, taken_by=self.user, undone=True).delete()
        return CaptureStep.objects.create(document=self.document, taken_by=self.user, label=label[:300], changes=self.changes)


P = ParamSpec("P")
R = TypeVar("R")


def in_change_set_of_document(operation: Callable[P, R]) -> Callable[P, R]:
    """Run an operation in one transaction and one change set that names the document it was done from.

    The operation takes the document, quote or citation first and the user second.
    """

    @wraps(operation)
    def run_in_change_set(*args: P.args, **kwargs: P.kwargs) -> R:
        record: Any = args[0]
        user: Any = kwargs["user"] if "user" in kwargs else args[1]
        with change_set(by=user, action=Action.CAPTURE, source=_document_of_evidence(record).slug), transaction.atomic():
            return operation(*args, **kwargs)

    return run_in_change_set


def _document_of_evidence(record: SourceDocument | SourceQuote | Citation) -> SourceDocument:
    """Return the document that a quote or citation belongs to."""
    if isinstance(record, Citation):
        record = record.quote
    return record if isinstance(record, SourceDocument) else record.document


@in_change_set_of_document
def undo_step(document: SourceDocument, user) -> CaptureStep:
    """Undo the user's newest step on this document. Raises Refused if later work depends on it."""
    begin_step(document, user)
    step = CaptureStep.objects.filter(document=document, taken_by=user, undone=False).first()
    if step is None:
        raise Refused("There is nothing to undo.")
    for change in reversed(step.changes):
        _restore_row(change, expected=change["after"], target=change["before"], user=user)
    CaptureStep.objects.filter(pk=step.pk).update(undone=True)
    return step


@in_change_set_of_document
def redo_step(document: SourceDocument, user) -> CaptureStep:
    """Redo the step that the user undid last. Raises Refused if that is no longer possible."""
    begin_step(document, user)
    step = CaptureStep.objects.filter(document=document, taken_by=user, undone=True).order_by("pk").first()
    if step is None:
        raise Refused("There is nothing to redo.")
    for change in step.changes:
        _restore_row(change, expected=change["before"], target=change["after"], user=user)
    CaptureStep.objects.filter(pk=step.pk).update(undone=False)
    return step


def begin_step(document: SourceDocument, user) -> StepRecorder:
    """Start a step on `document` and lock its text until the step is done. Raises Refused if the text was replaced."""
    stored_hash = SourceDocument.objects.select_for_update().filter(pk=document.pk).values_list("sha256", flat=True).first()
    if stored_hash != document.sha256:
        raise Refused("The text of this document was replaced in the meantime. Reload the page.")
    return StepRecorder(document, user)


def validate_row(row: models.Model, prefix: str = "", exclude: Iterable[str] = ()) -> None:
    """Run `full_clean` on a row. Raises Refused with the problems by field, each name after `prefix`."""
    with refuse_broken_rules(row, invalid="{problem}", field_prefix=prefix):
        row.full_clean(exclude=set(exclude))


# Columns that are derived from a row or count its saves are not restored: saving sets them.
_DERIVED_COLUMNS = {"version", "updated_at"}


def _many_to_many_names(row: models.Model) -> list[str]:
    return [field.name for field in row._meta.many_to_many]


def _column_values(row: models.Model) -> dict[str, Any]:
    """Return the values of a row's own columns and many-to-many fields as plain values."""
    columns = {name: value for name, value in all_column_values(row).items() if name not in _DERIVED_COLUMNS}
    return columns | {name: plain_field_value(row, name) for name in _many_to_many_names(row)}


def _restore_row(change: Mapping[str, Any], *, expected: Mapping | None, target: Mapping | None, user: Any) -> None:
    """Bring a row from the values `expected` to `target` (None: no row). Raises Refused if it no longer has the expected ones."""
    model = apps.get_model(change["model"])
    row = model._default_manager.filter(pk=change["pk"]).first()
    if expected is None:
        if row is not None:
            raise Refused(f"Somebody has restored this in the meantime: {row}. Reload the page.")
        assert target is not None
        new_row = model(pk=change["pk"])
        _set_valid_columns(new_row, target)
        insert_row(new_row, user)
        _restore_many_to_many(new_row, target)
        return
    if row is None:
        raise Refused(f"Somebody has deleted the {model._meta.verbose_name} of this step in the meantime. Reload the page.")
    current = _column_values(row)
    if any(current[name] != value for name, value in expected.items() if name != "status"):
        raise Refused(f"Somebody has changed this in the meantime: {row}.")
    if target is None:
        if getattr(row, "status", Status.DRAFT) in (Status.PUBLISHED, Status.WITHDRAWN):
            raise Refused(f"This is or was public: withdraw it instead. {row}")
        if _has_dependents(row):
            raise Refused(f"Other facts depend on it now: {row}.")
        delete_row(row, user)
        return
    _set_valid_columns(row, target)
    update_row(row, user)
    _restore_many_to_many(row, target)


def _set_valid_columns(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set columns of a row from plain values. Raises Refused if the row is not valid today."""
    set_columns(row, values)
    _refuse_reference_to_merged(row)
    validate_row(row)
    _refuse_quote_no_longer_in_text(row)


def _restore_many_to_many(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set the many-to-many fields of a row from plain values. Raises Refused if a row that they name is gone or merged."""
    keys_by_field = {name: values[name] for name in _many_to_many_names(row) if name in values}
    for name, keys in keys_by_field.items():
        related_model: Any = row._meta.get_field(name).related_model
        if related_model._default_manager.filter(pk__in=keys).count() < len(keys):
            raise Refused(f"Somebody has deleted a record that this names in the meantime: {row}.")
        _refuse_merged(keys)
    set_many_to_many(row, keys_by_field)


def _refuse_reference_to_merged(row: models.Model) -> None:
    """Refuse a row that refers to a record which has since been merged into another."""
    columns = [
        column for column in row._meta.concrete_fields if column.related_model and issubclass(column.related_model, Entity)
    ]
    _refuse_merged({getattr(row, column.attname) for column in columns} - {None})


def _refuse_merged(keys: Iterable[int]) -> None:
    for merged in Entity.objects.filter(pk__in=keys, merged_into__isnull=False).select_related("merged_into"):
        raise Refused(f"“{merged}” was merged into “{merged.merged_into}” in the meantime: do it again for that record.")


def _refuse_quote_no_longer_in_text(row: models.Model) -> None:
    """Refuse a quote marked as verified that, since the text was replaced, is no longer in it."""
    if (
        isinstance(row, SourceQuote)
        and row.verification in (Verification.TEXT, Verification.FINGERPRINT)
        and not check_quote(row)
    ):
        raise Refused(f"The text was replaced in the meantime, and “{row}” is no longer in it.")


def _has_dependents(row: models.Model) -> bool:
    """Return whether deleting `row` would delete other rows too, or leave citations of nothing."""
    if isinstance(row, Measure) and Citation.objects.filter(entity=row.entity_id, field=f"measures.{row.key}").exists():
        return True
    collector = Collector(using=row._state.db or "default", origin=row)
    try:
        collector.collect([row])
    except models.ProtectedError:
        return True
    # Its own links to others go with it: a quote's to its speakers.
    links = {field.remote_field.through for field in row._meta.many_to_many}
    # With multi-table inheritance a person is a row of the entities' table too.
    others = [
        dependent
        for rows_of_model in collector.data.values()
        for dependent in rows_of_model
        if type(dependent) not in links and (dependent.pk != row.pk or not isinstance(row, type(dependent)))
    ]
    return bool(others) or any(rows.exists() for rows in collector.fast_deletes if rows.model not in links)
