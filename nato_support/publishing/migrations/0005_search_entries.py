"""Words for full text in a table of their own, split by the register instead of by the dictionary of each database.

`migrate` ends by filling the table from the live editions. Going back, the words found so far serve the former index.
"""

import django.db.models.deletion
from django.db import migrations, models

_FORMER_TRIGGERS = ("edition_search_insert_insert", "edition_search_delete_delete", "edition_search_update_update")
_SQLITE_DROP_TRIGGERS = "".join(
    f"DROP TRIGGER IF EXISTS {name};"
    for name in (*_FORMER_TRIGGERS, "edition_is_immutable_update", "superseded_is_not_searched_update")
)
_POSTGRESQL_DROP_TRIGGERS = "".join(
    f"DROP TRIGGER IF EXISTS {name} ON publishing_edition; DROP FUNCTION IF EXISTS {name}();"
    for name in ("edition_is_immutable", "superseded_is_not_searched")
)
_DROP_FORMER_INDEX = {
    "sqlite": f"{_SQLITE_DROP_TRIGGERS}DROP TABLE edition_search;",
    "postgresql": (f"{_POSTGRESQL_DROP_TRIGGERS}DROP INDEX edition_search; ALTER TABLE publishing_edition DROP COLUMN search;"),
}
_CREATE_FORMER_INDEX = {
    "sqlite": """
        CREATE VIRTUAL TABLE edition_search USING fts5(
            name, search_text, kind, content='publishing_edition', content_rowid='id',
            tokenize="porter unicode61 remove_diacritics 2"
        );
        INSERT INTO edition_search (rowid, name, search_text, kind)
            SELECT id, name, search_text, kind FROM publishing_edition WHERE superseded IS NULL AND NOT withdrawn;
    """,
    "postgresql": """
        ALTER TABLE publishing_edition ADD COLUMN search tsvector GENERATED ALWAYS AS (
            setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', search_text), 'B')
        ) STORED;
        CREATE INDEX edition_search ON publishing_edition USING gin (search) WHERE superseded IS NULL AND NOT withdrawn;
    """,
}
_RESTORE_TEXT = """
    UPDATE publishing_edition SET search_text = COALESCE(
        (SELECT s.names || ' ' || s.texts FROM publishing_searchentry s WHERE s.edition_id = publishing_edition.id), ''
    )
"""
# The words are in Latin letters and digits; a sign that no text has keeps apart what is no phrase.
_CREATE_INDEX = {
    "sqlite": """
        CREATE VIRTUAL TABLE edition_search USING fts5(
            names, texts, evidence, kind, content='publishing_searchentry', content_rowid='edition_id',
            tokenize='ascii', columnsize=0
        );
    """,
    "postgresql": """
        ALTER TABLE publishing_searchentry
            ADD COLUMN name_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', names)) STORED,
            ADD COLUMN stated_words tsvector
                GENERATED ALWAYS AS (to_tsvector('simple', names || ' þ ' || texts)) STORED,
            ADD COLUMN evidence_words tsvector GENERATED ALWAYS AS (to_tsvector('simple', evidence)) STORED;
        CREATE INDEX searchentry_name_words ON publishing_searchentry USING gin (name_words);
        CREATE INDEX searchentry_stated_words ON publishing_searchentry USING gin (stated_words);
        CREATE INDEX searchentry_evidence_words ON publishing_searchentry USING gin (evidence_words);
    """,
}
_DROP_INDEX = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS edition_search_insert_insert; DROP TRIGGER IF EXISTS edition_search_delete_delete;"
        "DROP TRIGGER IF EXISTS edition_search_update_update; DROP TABLE edition_search;"
    ),
    "postgresql": (
        "DROP INDEX searchentry_name_words; DROP INDEX searchentry_stated_words; DROP INDEX searchentry_evidence_words;"
        "ALTER TABLE publishing_searchentry DROP COLUMN name_words, DROP COLUMN stated_words, DROP COLUMN evidence_words;"
    ),
}


def _statements(sql_by_vendor: dict[str, str]):
    def run(apps, schema_editor):
        for statement in sql_by_vendor[schema_editor.connection.vendor].split(";"):
            if statement.strip():
                schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    dependencies = [("publishing", "0004_republishing")]

    operations = [
        migrations.RunPython(_statements(_DROP_FORMER_INDEX), _statements(_CREATE_FORMER_INDEX)),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "edition",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_entry",
                        serialize=False,
                        to="publishing.edition",
                    ),
                ),
                ("kind", models.CharField(max_length=16)),
                ("names", models.TextField(blank=True, help_text="Words of its names, or of its title.")),
                ("texts", models.TextField(blank=True, help_text="Words of its other texts and of its amounts.")),
                (
                    "evidence",
                    models.TextField(blank=True, help_text="Further words of the passages that it rests on, in no order."),
                ),
            ],
            options={"verbose_name_plural": "search entries"},
        ),
        migrations.RunSQL(migrations.RunSQL.noop, _RESTORE_TEXT),
        migrations.RemoveField(model_name="edition", name="search_text"),
        migrations.RunPython(_statements(_CREATE_INDEX), _statements(_DROP_INDEX)),
    ]
