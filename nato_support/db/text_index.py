"""Full-text index of the documents' private texts: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

Triggers write it with the text and delete it with the text, so no write path leaves it stale. It is only read by the desk, for
users who may read the texts. Words are folded as in `text_folding.py`; `migrate` ends by making the index.
"""

import unicodedata
from collections.abc import Iterator

from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from nato_support.db.text_folding import FIRST_MARK, LAST_MARK, OTHER_LETTER, SEPARATORS, SEVERAL_LETTERS, fold_character
from nato_support.db.triggers import Trigger

TEXT_INDEX = "desk_textsearch"
_TEXTS = "sources_sourcedocument"
INCOMPLETE_PLACES = "+"
"""Lexeme of a text of which a tsvector cannot hold all places: its phrases are looked up in the folded text."""
UNLISTED_WORDS = "*"
"""Lexeme of a text with more different words than a tsvector can hold: a candidate for every query."""
LONGEST_LEXEME = 100
"""Characters of a word that PostgreSQL's index keeps."""
TEXT_CANDIDATES = f"{TEXT_INDEX}_candidates"
"""PostgreSQL's function from a tsquery to the rows of the index that match it."""

# SQLite's tokenizer drops the marks of Latin letters alone.
_ALPHABETS = (("\u0370", "\u03ff"), ("\u0400", "\u045f"))
_LETTERS_TO_REPLACE = {
    **SEVERAL_LETTERS,
    **OTHER_LETTER,
    **{
        letter: fold_character(letter)
        for first, last in _ALPHABETS
        for letter in map(chr, range(ord(first), ord(last) + 1))
        if unicodedata.normalize("NFD", letter) != letter and fold_character(letter).isalpha()
    },
}
_CALLS_IN_EACH_OTHER = 15
"""Most calls within calls that the parser of an old SQLite reads."""


def _sqlite_folded(column: str) -> str:
    """Return a subquery whose column `folded` is `column` as SQLite's tokenizer is given it."""
    letters = list(_LETTERS_TO_REPLACE.items())
    query = f"SELECT {column} AS folded"
    for start in range(0, len(letters), _CALLS_IN_EACH_OTHER):
        call = "folded"
        for letter, replacement in letters[start : start + _CALLS_IN_EACH_OTHER]:
            call = f"replace({call}, '{letter}', '{replacement}')"
        query = f"SELECT {call} AS folded FROM ({query})"
    return query


_TEXT_CHANGED = "(OLD.text <> NEW.text OR OLD.id <> NEW.id)"


def _sqlite_delete_old(condition: str) -> str:
    # A contentless index has to be given the words to delete.
    return (
        f"INSERT INTO {TEXT_INDEX} ({TEXT_INDEX}, rowid, words) SELECT 'delete', OLD.id, folded"
        f" FROM ({_sqlite_folded('OLD.text')}) WHERE OLD.text <> '' AND {condition};"
    )


def _sqlite_insert_new(condition: str) -> str:
    return (
        f"INSERT INTO {TEXT_INDEX} (rowid, words) SELECT NEW.id, folded"
        f" FROM ({_sqlite_folded('NEW.text')}) WHERE NEW.text <> '' AND {condition};"
    )


def _postgresql_folded(column: str) -> str:
    """Return an expression that folds `column` as `text_folding.fold_text` does."""
    capitals = {
        letter: fold_character(letter)
        for first, last in (("\u0370", "\u03ff"), ("\u0400", "\u052f"), ("\u0531", "\u0556"))
        for letter in map(chr, range(ord(first), ord(last) + 1))
        if letter.lower() != letter and unicodedata.normalize("NFD", letter) == letter and len(fold_character(letter)) == 1
    }
    single_letters = capitals | OTHER_LETTER
    folded = f"regexp_replace(normalize({column}, NFD), '[{FIRST_MARK}-{LAST_MARK}]', '', 'g')"
    for letter, replacement in SEVERAL_LETTERS.items():
        folded = f"replace({folded}, '{letter}', '{replacement}')"
    folded = f"translate({folded}, '{''.join(single_letters)}', '{''.join(single_letters.values())}')"
    # By code point: lower() of another collation may know other letters.
    separators = "".join(f"\\u{ord(first):04x}-\\u{ord(last):04x}" for first, last in SEPARATORS)
    return f"btrim(regexp_replace(lower({folded} COLLATE \"C\"), '[{separators}]+', ' ', 'g'))"


_POSTGRESQL_WRITE = f"""
    DECLARE
        folded text;
        occurrences tsvector;
        word_count integer;
        most_of_a_word integer;
        has_all_places boolean;
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            IF OLD.text = NEW.text AND OLD.id = NEW.id AND EXISTS (
                SELECT 1 FROM {TEXT_INDEX} WHERE document_id = NEW.id) THEN RETURN NULL; END IF;
            DELETE FROM {TEXT_INDEX} WHERE document_id = OLD.id;
        END IF;
        IF NEW.text = '' THEN RETURN NULL; END IF;
        folded := {_postgresql_folded("NEW.text")};
        BEGIN
            SELECT string_agg(quote_literal(word) || coalesce(':' || places, ''), ' ')::tsvector, sum(occurring), max(occurring)
            INTO occurrences, word_count, most_of_a_word
            FROM (
                SELECT word, count(*) AS occurring,
                    string_agg(place::text, ',' ORDER BY place) FILTER (WHERE place < 16384 AND of_word <= 255) AS places
                FROM (
                    SELECT left(word, {LONGEST_LEXEME}) AS word, place,
                        row_number() OVER (PARTITION BY left(word, {LONGEST_LEXEME}) ORDER BY place) AS of_word
                    FROM regexp_split_to_table(folded, ' ') WITH ORDINALITY AS split(word, place)
                    WHERE word <> ''
                ) AS numbered GROUP BY word
            ) AS words;
        EXCEPTION WHEN program_limit_exceeded THEN
            occurrences := '''{UNLISTED_WORDS}'''::tsvector;
        END;
        -- A tsvector keeps 16,383 places, and 255 of a word.
        has_all_places := coalesce(word_count <= 16383 AND most_of_a_word <= 255, false);
        INSERT INTO {TEXT_INDEX} (document_id, words, folded_text) VALUES (
            NEW.id,
            CASE WHEN has_all_places THEN occurrences
                ELSE coalesce(occurrences, ''::tsvector) || '''{INCOMPLETE_PLACES}'''::tsvector END,
            CASE WHEN NOT has_all_places THEN ' ' || folded || ' ' END
        ) ON CONFLICT (document_id) DO UPDATE SET words = excluded.words, folded_text = excluded.folded_text;
    END;
"""

# The planner does not count what it takes to unpack the words of a row: without the settings it reads all rows, and each
# costs more than the index takes for the whole query.
_POSTGRESQL_CANDIDATES = f"""
    CREATE OR REPLACE FUNCTION {TEXT_CANDIDATES}(query tsquery) RETURNS SETOF {TEXT_INDEX}
    LANGUAGE sql STABLE SET enable_seqscan = off SET enable_indexscan = off
    AS 'SELECT * FROM {TEXT_INDEX} WHERE words @@ query'
"""

TEXT_TRIGGERS = [
    Trigger(
        name="text_search_insert",
        table=_TEXTS,
        events=("INSERT",),
        timing="AFTER",
        sqlite=_sqlite_insert_new("true"),
        postgresql=_POSTGRESQL_WRITE,
    ),
    Trigger(
        name="text_search_update",
        table=_TEXTS,
        events=("UPDATE OF text, id",),
        timing="AFTER",
        sqlite=f"{_sqlite_delete_old(_TEXT_CHANGED)}\n{_sqlite_insert_new(_TEXT_CHANGED)}",
        postgresql=_POSTGRESQL_WRITE,
    ),
    Trigger(
        name="text_search_delete",
        table=_TEXTS,
        events=("DELETE",),
        timing="AFTER",
        sqlite=_sqlite_delete_old("true"),
        postgresql=f"DELETE FROM {TEXT_INDEX} WHERE document_id = OLD.id;",
    ),
]


def _sqlite_separators() -> str:
    """Return the letters and digits of Unicode that stand between words here, such as raised digits."""
    codes = (code for first, last in SEPARATORS for code in range(ord(first), ord(last) + 1))
    return "".join(chr(code) for code in codes if code > 127 and unicodedata.category(chr(code))[0] in "LN")


def _sqlite_definition() -> str:
    return (
        f"CREATE VIRTUAL TABLE {TEXT_INDEX} USING fts5(words, content='',"
        f" tokenize=\"unicode61 remove_diacritics 2 separators '{_sqlite_separators()}'\")"
    )


def create_text_index_if_missing(connection: BaseDatabaseWrapper) -> bool:
    """Create the index, empty, if the database lacks it or has it in another form; return True if so."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            is_missing = TEXT_INDEX not in connection.introspection.table_names(cursor)
            if is_missing:
                cursor.execute(
                    f"CREATE TABLE {TEXT_INDEX} (document_id bigint PRIMARY KEY, words tsvector NOT NULL, folded_text text)"
                )
                cursor.execute(f"CREATE INDEX {TEXT_INDEX}_words ON {TEXT_INDEX} USING gin (words)")
            cursor.execute(_POSTGRESQL_CANDIDATES)
            return is_missing
        cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [TEXT_INDEX])
        row = cursor.fetchone()
        if row and row[0] == _sqlite_definition():
            return False
        cursor.execute(f"DROP TABLE IF EXISTS {TEXT_INDEX}")
        cursor.execute(_sqlite_definition())
        return True


def rebuild_text_index(connection: BaseDatabaseWrapper) -> int:
    """Make the index from the texts, from nothing, and return the number of texts. The triggers must be there."""
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DELETE FROM {TEXT_INDEX}")
            # The trigger indexes a text that is not in the index.
            cursor.execute(f"UPDATE {_TEXTS} SET text = text WHERE text <> ''")
        else:
            cursor.execute(f"INSERT INTO {TEXT_INDEX} ({TEXT_INDEX}) VALUES ('delete-all')")
            cursor.execute(
                f"INSERT INTO {TEXT_INDEX} (rowid, words)"
                f" SELECT d.id, ({_sqlite_folded('d.text')}) FROM {_TEXTS} d WHERE d.text <> ''"
            )
        cursor.execute(f"SELECT count(*) FROM {_TEXTS} WHERE text <> ''")
        return cursor.fetchone()[0]


def documents_out_of_step(connection: BaseDatabaseWrapper) -> Iterator[int]:
    """Yield the keys of documents with a text that is not in the index, and of those in it without a text."""
    if connection.vendor == "postgresql":
        entries = f"SELECT document_id AS id FROM {TEXT_INDEX}"
    else:
        entries = f"SELECT id FROM {TEXT_INDEX}_docsize"
    texts = f"SELECT id FROM {_TEXTS} WHERE text <> ''"
    with connection.cursor() as cursor:
        for one, other in ((texts, entries), (entries, texts)):
            cursor.execute(f"SELECT id FROM ({one}) AS a WHERE id NOT IN ({other}) ORDER BY id")
            yield from (key for (key,) in cursor.fetchall())
