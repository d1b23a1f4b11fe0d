"""Steps of an editor on a document: record what an operation writes, undo it and redo it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.deletion import Collector

from entities.models import Entity, Measure, change_set
from entities.refusals import Refused
from entities.vocabulary import Action, Status, Verification
from sources.models import Citation, DeskStep, SourceDocument, SourceQuote
from sources.verification import check_quote


@dataclass(slots=True)
class StepRecorder:
    """An operation under way: the rows that it has written so far, and what it did to the document."""

    document: SourceDocument
    user: Any
    label: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)

    def create_row(self, row: models.Model) -> models.Model:
        row.save()
        # As the database holds it: 9 may have become 9.00.
        row.refresh_from_db()
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": None, "after": _column_values(row)})
        return row

    def change_row(self, row: models.Model, **values: Any) -> bool:
        """Whether anything was changed."""
        before = _column_values(row)
        for name, value in values.items():
            setattr(row, name, value)
        after = _column_values(row)
        changed = [name for name in after if before[name] != after[name]]
        if not changed:
            return False
        validate_row(row)
        row.save()
        # Only what this step changed is put back: another's change of another field stays.
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
        self.changes.append({"model": row._meta.label_lower, "pk": row.pk, "before": _column_values(row), "after": None})
        row.delete()

    def save_step(self, label: str) -> DeskStep:
        """Stores the step; what was undone before it can no longer be done again."""
        DeskStep.objects.filter(document=self.document, taken_by=self.user, undone=True).delete()
        return DeskStep.objects.create(document=self.document, taken_by=self.user, label=label[:300], changes=self.changes)


P = ParamSpec("P")


R = TypeVar("R")


def in_change_set_of_document(operation: Callable[P, R]) -> Callable[P, R]:
    """Runs an operation (on what, by whom, ...) in one transaction, as one change that names the document it was done from."""

    @wraps(operation)
    def run(*args: P.args, **given: P.kwargs) -> R:
        what: Any = args[0]
        by: Any = given["by"] if "by" in given else args[1]
        with change_set(by=by, act=Action.CAPTURE, source=_document_of_evidence(what).slug), transaction.atomic():
            return operation(*args, **given)

    return run


def _document_of_evidence(what: SourceDocument | SourceQuote | Citation) -> SourceDocument:
    if isinstance(what, Citation):
        what = what.quote
    return what if isinstance(what, SourceDocument) else what.document


@in_change_set_of_document
def undo_step(document: SourceDocument, by) -> DeskStep:
    """Takes back the newest step of this editor at this desk. Raises Refused if others have built on it since."""
    begin_step(document, by)
    step = DeskStep.objects.filter(document=document, taken_by=by, undone=False).first()
    if step is None:
        raise Refused("There is nothing to undo.")
    for change in reversed(step.changes):
        _restore_row(change, have=change["after"], want=change["before"])
    DeskStep.objects.filter(pk=step.pk).update(undone=True)
    return step


@in_change_set_of_document
def redo_step(document: SourceDocument, by) -> DeskStep:
    """Takes the step again that was undone last. Raises Refused if that is no longer possible."""
    begin_step(document, by)
    step = DeskStep.objects.filter(document=document, taken_by=by, undone=True).order_by("pk").first()
    if step is None:
        raise Refused("There is nothing to redo.")
    for change in step.changes:
        _restore_row(change, have=change["before"], want=change["after"])
    DeskStep.objects.filter(pk=step.pk).update(undone=False)
    return step


def begin_step(document: SourceDocument, by) -> StepRecorder:
    """A step at the desk of `document`: until it is done nobody else replaces the text. Refused if somebody did."""
    held = SourceDocument.objects.select_for_update().filter(pk=document.pk).values_list("sha256", flat=True).first()
    if held != document.sha256:
        raise Refused("The text of this document was replaced meanwhile. Reload the page.")
    return StepRecorder(document, by)


def validate_row(row: models.Model, prefix: str = "", exclude: Iterable[str] = ()) -> None:
    try:
        row.full_clean(exclude=set(exclude))
    except ValidationError as error:
        said = error.message_dict
        raise Refused(errors={prefix + ("" if name == "__all__" else name): words for name, words in said.items()}) from None


# What follows from a row, or counts its saves, is not put back: the save works it out.
_DERIVED_COLUMNS = {"version", "updated_at"}


def _column_values(row: models.Model) -> dict[str, Any]:
    found = {}
    for column in row._meta.concrete_fields:
        if column.generated or column.primary_key or column.name in _DERIVED_COLUMNS:
            continue
        value = getattr(row, column.attname)
        if not isinstance(value, str | int | float | bool | list | dict | type(None)):
            value = value.isoformat() if hasattr(value, "isoformat") else str(value)
        found[column.attname] = value
    return found


def _restore_row(change: Mapping[str, Any], *, have: Mapping | None, want: Mapping | None) -> None:
    """Brings a row from `have` to `want` (None: no row), if it still is as `have` says."""
    model = apps.get_model(change["model"])
    row = model._default_manager.filter(pk=change["pk"]).first()
    if have is None:
        if row is not None:
            raise Refused("This is there again already.")
        assert want is not None
        made = model(pk=change["pk"])
        _assign_columns(made, want)
        _check_unmerged(made)
        validate_row(made)
        _check_quote_verified(made)
        made.save(force_insert=True)
        return
    if row is None:
        raise Refused("Somebody has deleted this meanwhile.")
    now = _column_values(row)
    if any(now[name] != value for name, value in have.items() if name != "status"):
        raise Refused(f"Somebody has changed this meanwhile: {row}.")
    if want is None:
        if getattr(row, "status", Status.DRAFT) in (Status.PUBLISHED, Status.WITHDRAWN):
            raise Refused(f"This is or was public: withdraw it instead. {row}")
        if _has_dependents(row):
            raise Refused(f"Other facts rest on it by now: {row}.")
        row.delete()
        return
    _assign_columns(row, want)
    _check_unmerged(row)
    validate_row(row)
    _check_quote_verified(row)
    row.save()


def _check_unmerged(row: models.Model) -> None:
    """Refuses a row that would name a record which was merged into another since."""
    columns = [
        column for column in row._meta.concrete_fields if column.related_model and issubclass(column.related_model, Entity)
    ]
    keys = {getattr(row, column.attname) for column in columns}
    for named in Entity.objects.filter(pk__in=keys - {None}, merged_into__isnull=False).select_related("merged_into"):
        raise Refused(f"“{named}” was merged into “{named.merged_into}” meanwhile: do it anew for that one.")


def _check_quote_verified(row: models.Model) -> None:
    """Refuses a quote that is said to stand in the text and, since that was replaced, does not."""
    if (
        isinstance(row, SourceQuote)
        and row.verification in (Verification.TEXT, Verification.FINGERPRINT)
        and not check_quote(row)
    ):
        raise Refused(f"The text was replaced meanwhile, and “{row}” does not stand there any more.")


def _has_dependents(row: models.Model) -> bool:
    """Whether others have built on `row`: deleting it would take theirs along, or leave citations of what is not there."""
    if isinstance(row, Measure) and Citation.objects.filter(entity=row.entity_id, field=f"measures.{row.key}").exists():
        return True
    collector = Collector(using=row._state.db or "default", origin=row)
    try:
        collector.collect([row])
    except models.ProtectedError:
        return True
    # A person is a row of the table of entities, too.
    along = [one for found in collector.data.values() for one in found if one.pk != row.pk or not isinstance(row, type(one))]
    return bool(along) or any(rows.exists() for rows in collector.fast_deletes)


def _assign_columns(row: models.Model, values: Mapping[str, Any]) -> None:
    columns = {column.attname: column for column in row._meta.concrete_fields}
    for name, value in values.items():
        setattr(row, name, columns[name].to_python(value) if value is not None else None)
