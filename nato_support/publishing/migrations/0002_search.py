"""What Django's own operations cannot say: the full-text index, and the order in which PostgreSQL keeps name keys."""

from django.db import migrations

_SQLITE_CREATE = """
CREATE VIRTUAL TABLE edition_search USING fts5(
    name, search_text, kind, content='publishing_edition', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2"
)
"""
_POSTGRESQL_CREATE = """
ALTER TABLE publishing_edition ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', search_text), 'B')
) STORED;
CREATE INDEX edition_search ON publishing_edition USING gin (search) WHERE superseded IS NULL AND NOT withdrawn;
ALTER TABLE publishing_namekey ALTER COLUMN key TYPE varchar(60) COLLATE "C";
"""
_SQLITE_DROP = "DROP TABLE edition_search"
_POSTGRESQL_DROP = """
DROP INDEX edition_search;
ALTER TABLE publishing_edition DROP COLUMN search;
ALTER TABLE publishing_namekey ALTER COLUMN key TYPE varchar(60);
"""


def _create(apps, schema_editor):
    # PostgreSQL orders an index by language unless told, and beginnings of keys are looked up as ranges of it.
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(_POSTGRESQL_CREATE if postgresql else _SQLITE_CREATE, params=None)


def _drop(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    schema_editor.execute(_POSTGRESQL_DROP if postgresql else _SQLITE_DROP, params=None)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0001_initial")]

    operations = [migrations.RunPython(_create, _drop)]
