"""Full-text index of search entries: FTS5 on SQLite, generated tsvectors with GIN on PostgreSQL.

Both only split the words of `SearchEntry` at spaces. There are entries of live editions alone, so nothing unpublished can
influence a result, a count or a rank. The kind is a column of its own, so that common words are searched within one kind. A
migration of `publishing` creates the index; triggers maintain it on SQLite.
"""

from nato_support.db.triggers import Trigger

SEARCH_INDEX = "edition_search"

_COLUMNS = ("names", "texts", "evidence", "kind")
_COLUMN_LIST = ", ".join(_COLUMNS)
_INDEX_NEW_ROW = (
    f"INSERT INTO {SEARCH_INDEX} (rowid, {_COLUMN_LIST})"
    f" VALUES (NEW.edition_id, {', '.join(f'NEW.{column}' for column in _COLUMNS)});"
)
# An external-content index has to be given the words to delete.
_UNINDEX_OLD_ROW = (
    f"INSERT INTO {SEARCH_INDEX} ({SEARCH_INDEX}, rowid, {_COLUMN_LIST})"
    f" VALUES ('delete', OLD.edition_id, {', '.join(f'OLD.{column}' for column in _COLUMNS)});"
)
_DELETE_ENTRY = "DELETE FROM publishing_searchentry WHERE edition_id = NEW.id{}"
_IS_NOT_LIVE = "NEW.superseded IS NOT NULL"


def _index_trigger(event: str, statements: str) -> Trigger:
    # PostgreSQL keeps its index itself: generated columns need no trigger.
    return Trigger(
        name=f"edition_search_{event.lower()}", table="publishing_searchentry", events=(event,), timing="AFTER", sqlite=statements
    )


SEARCH_TRIGGERS = [
    _index_trigger("INSERT", _INDEX_NEW_ROW),
    _index_trigger("DELETE", _UNINDEX_OLD_ROW),
    _index_trigger("UPDATE", f"{_UNINDEX_OLD_ROW}\n{_INDEX_NEW_ROW}"),
    Trigger(
        name="superseded_is_not_searched",
        table="publishing_edition",
        events=("UPDATE OF superseded",),
        timing="AFTER",
        sqlite=_DELETE_ENTRY.format(f" AND {_IS_NOT_LIVE};"),
        postgresql=f"IF {_IS_NOT_LIVE} THEN {_DELETE_ENTRY.format('')}; END IF;",
    ),
]
