"""Reading and writing of rows as plain values, which JSON can hold: for undo, revert, restore, merge, spreadsheets and capture.

A value is named by its column (`entity_id`) or its field (`entity`); a many-to-many field is a sorted list of primary keys.
Each operation plans by itself what to write, and whether to validate it: these functions set, sign and write it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, models, transaction

from entities.refusals import Refused

ColumnValues = dict[str, Any]
"""Column (`entity_id`, `text`) or many-to-many field -> plain value."""


# Reading


def to_plain_value(value: Any) -> Any:
    """Convert the value of a column to one that JSON can hold; numbers and times become text as the database stores them."""
    if isinstance(value, str):
        return str(value)
    if value is None or isinstance(value, int | float | bool | list | dict):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def stored_columns(model: type[models.Model]) -> list[Any]:
    """Return the columns of a model, except its primary key and generated columns."""
    return [field for field in model._meta.concrete_fields if not (field.primary_key or field.generated)]


def all_column_values(row: models.Model) -> ColumnValues:
    """Return the stored columns of a row as plain values."""
    return {column.attname: to_plain_value(getattr(row, column.attname)) for column in stored_columns(type(row))}


def plain_field_value(row: models.Model, name: str) -> Any:
    """Return one column or many-to-many field of a row as a plain value."""
    field: Any = row._meta.get_field(name)
    if field.many_to_many:
        return sorted(getattr(row, field.name).values_list("pk", flat=True))
    return to_plain_value(getattr(row, field.attname))


# Writing


def set_columns(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set the columns of a row from plain values; many-to-many fields are left to `set_many_to_many`."""
    for name, value in values.items():
        column: Any = row._meta.get_field(name)
        if not column.many_to_many:
            setattr(row, column.attname, value if column.is_relation or value is None else column.to_python(value))


def set_many_to_many(row: models.Model, values: Mapping[str, Any]) -> None:
    """Set the many-to-many fields of a saved row from plain values; their history is signed as the row is."""
    for name, value in values.items():
        if row._meta.get_field(name).many_to_many:
            getattr(row, name).set(value)


def sign_row(row: Any, by: Any, reason: str = "") -> None:
    """Name the author of the next history entries of a row, and their reason."""
    row._history_user = by
    row._change_reason = reason[:100] or None


def insert_row(row: models.Model, by: Any, reason: str = "") -> None:
    """Insert a signed row, under its primary key if it has one. Never overwrites a row."""
    sign_row(row, by, reason)
    row.save(force_insert=True)


def update_row(row: models.Model, by: Any, reason: str = "", *, changed: Iterable[str] | None = None) -> None:
    """Save a signed row: all its columns, or only those in `changed`."""
    sign_row(row, by, reason)
    if changed is None:
        row.save()
        return
    names = set(changed)
    row.save(update_fields={column.name for column in row._meta.concrete_fields if names & {column.name, column.attname}})


def delete_row(row: models.Model, by: Any, reason: str = "") -> None:
    """Delete a signed row. Raises Refused if another row protects it."""
    sign_row(row, by, reason)
    with refuse_broken_rules(row):
        row.delete()


@contextmanager
def refuse_broken_rules(
    row: models.Model,
    *,
    invalid: str = "{kind} “{row}”: {problem}",
    conflict: str = "{kind} “{row}” cannot be saved: {problem}",
    field_prefix: str = "",
) -> Iterator[None]:
    """Raise Refused where the rules of a row's model, or of the database, forbid what is done with it.

    `invalid` words each problem of validation, `conflict` a violated constraint. The errors are sorted by field, each name
    after `field_prefix`.
    """

    def sentence(template: str, problem: object) -> str:
        return template.format(kind=str(row._meta.verbose_name).capitalize(), row=row, problem=problem)

    try:
        yield
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
        errors = {
            field_prefix + ("" if name == NON_FIELD_ERRORS else name): [sentence(invalid, message) for message in messages]
            for name, messages in by_field.items()
        }
        raise Refused(errors=errors) from None
    except (models.ProtectedError, models.RestrictedError) as error:
        dependent = next(iter(error.args[1]))
        kind = dependent._meta.verbose_name
        raise Refused([f"{row} cannot be deleted: {kind} “{dependent}” depends on it."]) from None
    except IntegrityError as error:
        raise Refused([sentence(conflict, error)]) from None


def run_until_all_succeed(jobs: list[Callable[[], None]]) -> None:
    """Run all jobs, retrying the refused ones after the others. Raises Refused with the reasons of those that never succeed."""
    while jobs:
        refused_jobs, problems = [], []
        for job in jobs:
            try:
                with transaction.atomic():
                    job()
            except Refused as refusal:
                refused_jobs.append(job)
                problems += refusal.problems
        if len(refused_jobs) == len(jobs):
            raise Refused(dict.fromkeys(problems))
        jobs = refused_jobs
