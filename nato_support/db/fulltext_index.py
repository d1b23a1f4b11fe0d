"""Full-text index of live editions: FTS5 on SQLite, a generated tsvector with GIN on PostgreSQL.

Superseded and withdrawn editions are not in it, so nothing unpublished can influence a result, a count or a rank. The kind is
a column of its own, so that common words are searched within one kind. A migration of `publishing` creates the index; triggers
maintain it on SQLite.
"""

from nato_support.db.triggers import Trigger

SEARCH_INDEX = "edition_search"

_INDEX_NEW_ROW = (
    f"INSERT INTO {SEARCH_INDEX} (rowid, name, search_text, kind)"
    " SELECT NEW.id, NEW.name, NEW.search_text, NEW.kind WHERE NEW.superseded IS NULL AND NOT NEW.withdrawn;"
)
# An external-content index has to be given the words to delete.
_UNINDEX_OLD_ROW = (
    f"INSERT INTO {SEARCH_INDEX} ({SEARCH_INDEX}, rowid, name, search_text, kind)"
    " SELECT 'delete', OLD.id, OLD.name, OLD.search_text, OLD.kind WHERE OLD.superseded IS NULL AND NOT OLD.withdrawn;"
)

# PostgreSQL keeps its index itself: a generated column and a partial index need no trigger.
SEARCH_TRIGGERS = [
    Trigger(name="edition_search_insert", table="publishing_edition", events=("INSERT",), timing="AFTER", sqlite=_INDEX_NEW_ROW),
    Trigger(
        name="edition_search_delete", table="publishing_edition", events=("DELETE",), timing="AFTER", sqlite=_UNINDEX_OLD_ROW
    ),
    Trigger(
        name="edition_search_update",
        table="publishing_edition",
        events=("UPDATE OF superseded",),
        timing="AFTER",
        sqlite=f"{_UNINDEX_OLD_ROW}\n{_INDEX_NEW_ROW}",
    ),
]
