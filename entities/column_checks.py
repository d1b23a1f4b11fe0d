"""Checks of database columns, for migrations: Django compares none of a field's own CHECK on PostgreSQL."""

from django.db import migrations, models


class AlterCheckedField(migrations.AlterField):
    """Alteration of a field whose CHECK changes too, as when its vocabulary grows."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        if schema_editor.connection.vendor == "postgresql" and self.allow_migrate_model(schema_editor.connection.alias, model):
            field = model._meta.get_field(self.name)
            drop_column_checks(schema_editor, model, field)
            add_column_check(schema_editor, model, field)


def drop_column_checks(schema_editor, model: type[models.Model], field: models.Field) -> None:
    """Drop the checks of one column of PostgreSQL, but for the constraints that the model declares."""
    quote, table = schema_editor.quote_name, model._meta.db_table
    declared = {constraint.name for constraint in model._meta.constraints}
    with schema_editor.connection.cursor() as cursor:
        constraints = schema_editor.connection.introspection.get_constraints(cursor, table)
    for name, description in constraints.items():
        if description["check"] and description["columns"] == [field.column] and name not in declared:
            schema_editor.execute(f"ALTER TABLE {quote(table)} DROP CONSTRAINT {quote(name)}")


def add_column_check(schema_editor, model: type[models.Model], field: models.Field) -> None:
    """Add the check that a field declares to its column of PostgreSQL."""
    quote, table = schema_editor.quote_name, model._meta.db_table
    name, check = quote(f"{table}_{field.column}_check"[:63]), field.db_check(schema_editor.connection)
    schema_editor.execute(f"ALTER TABLE {quote(table)} ADD CONSTRAINT {name} CHECK ({check})")
