"""Rebuilding of the database columns of partial dates, for migrations: the SQL of their field has changed."""

from collections.abc import Iterable

from django.db import migrations, models

from entities.column_checks import add_column_check, drop_column_checks
from entities.fields import DateBound, PartialDateField


def rebuild_partial_date_columns(app_label: str) -> migrations.RunPython:
    """Return an operation that gives the partial dates of an app's tables their check and their bounds as declared here.

    Django compares neither when a field's own SQL changes. In a new database, which has them already, nothing differs after it.
    """

    def rebuild(apps, schema_editor):
        for model in apps.get_app_config(app_label).get_models(include_auto_created=True):
            dates = [field for field in model._meta.local_fields if isinstance(field, PartialDateField)]
            if dates and schema_editor.connection.vendor == "sqlite":
                schema_editor._remake_table(model)
            elif dates:
                _rebuild_date_columns(schema_editor, model, dates)

    return migrations.RunPython(rebuild, migrations.RunPython.noop)


def _rebuild_date_columns(schema_editor, model: type[models.Model], dates: Iterable[PartialDateField]) -> None:
    """Remake the columns of PostgreSQL: those of the bounds, and what depends on them, go and come back."""
    quote, table = schema_editor.quote_name, model._meta.db_table
    generated = [field for field in model._meta.local_fields if isinstance(field, models.GeneratedField)]
    bounds = [field for field in generated if isinstance(getattr(field, "expression", None), DateBound)]

    def constraints() -> dict[str, dict]:
        with schema_editor.connection.cursor() as cursor:
            return schema_editor.connection.introspection.get_constraints(cursor, table)

    before = constraints()
    for bound in bounds:
        schema_editor.remove_field(model, bound)
    for date in dates:
        drop_column_checks(schema_editor, model, date)
        column = quote(date.column)
        schema_editor.execute(f"ALTER TABLE {quote(table)} ALTER COLUMN {column} TYPE varchar({date.max_length})")
        add_column_check(schema_editor, model, date)
    for bound in bounds:
        schema_editor.add_field(model, bound)
    lost = before.keys() - constraints().keys()
    for constraint in model._meta.constraints:
        if constraint.name in lost:
            schema_editor.add_constraint(model, constraint)
    for index in model._meta.indexes:
        if index.name in lost:
            schema_editor.add_index(model, index)
