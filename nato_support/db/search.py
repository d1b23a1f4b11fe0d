"""The full-text index over what is live: FTS5 on SQLite, a generated tsvector with GIN on PostgreSQL.

Superseded and withdrawn editions are not in it, so nothing that is not public can influence a result, a count or a rank.
The kind is a column of its own, so that a common word is looked for among the records of a kind alone.
"""

from nato_support.db.triggers import Trigger

INDEX = "editions_search"

SQLITE_CREATE = f"""
CREATE VIRTUAL TABLE {INDEX} USING fts5(
    name, search_text, kind, content='editions_edition', content_rowid='id', tokenize="porter unicode61 remove_diacritics 2"
)
"""
SQLITE_DROP = f"DROP TABLE {INDEX}"

POSTGRESQL_CREATE = """
ALTER TABLE editions_edition ADD COLUMN search tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('english', name), 'A') || setweight(to_tsvector('english', search_text), 'B')
) STORED;
CREATE INDEX editions_search ON editions_edition USING gin (search) WHERE superseded IS NULL AND NOT withdrawn;
"""
POSTGRESQL_DROP = "DROP INDEX editions_search; ALTER TABLE editions_edition DROP COLUMN search;"

_ADD = (
    f"INSERT INTO {INDEX} (rowid, name, search_text, kind)"
    " SELECT NEW.id, NEW.name, NEW.search_text, NEW.kind WHERE NEW.superseded IS NULL AND NOT NEW.withdrawn;"
)
# An external-content index must be told the words that it is to forget.
_FORGET = (
    f"INSERT INTO {INDEX} ({INDEX}, rowid, name, search_text, kind)"
    " SELECT 'delete', OLD.id, OLD.name, OLD.search_text, OLD.kind WHERE OLD.superseded IS NULL AND NOT OLD.withdrawn;"
)

# PostgreSQL keeps its index itself: a generated column and a partial index need no trigger.
SQLITE_TRIGGERS = [
    Trigger(name="search_add", table="editions_edition", events=("INSERT",), timing="AFTER", sqlite=_ADD),
    Trigger(name="search_forget", table="editions_edition", events=("DELETE",), timing="AFTER", sqlite=_FORGET),
    Trigger(
        name="search_change",
        table="editions_edition",
        events=("UPDATE OF superseded",),
        timing="AFTER",
        sqlite=f"{_FORGET}\n{_ADD}",
    ),
]
