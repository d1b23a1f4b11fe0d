"""What migrations of this project need beyond Django's own operations."""

from django.db.migrations import AlterField


class AlterCheckedField(AlterField):
    """AlterField for a column that carries its own CHECK (`entities.fields`), such as a vocabulary that grows.

    Where Django alters a table in place it renews the CHECK of its own column types alone; SQLite remakes the table.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        super().database_forwards(app_label, schema_editor, from_state, to_state)
        model = to_state.apps.get_model(app_label, self.model_name)
        connection = schema_editor.connection
        if connection.vendor == "sqlite" or not self.allow_migrate_model(connection.alias, model):
            return
        field = model._meta.get_field(self.name)
        others = {constraint.name for constraint in model._meta.constraints}
        for name in schema_editor._constraint_names(model, [field.column], check=True, exclude=others):
            schema_editor.execute(schema_editor._delete_check_sql(model, name), params=None)
        name = f"{model._meta.db_table}_{field.column}_check"
        schema_editor.execute(schema_editor._create_check_sql(model, name, field.db_check(connection)), params=None)
