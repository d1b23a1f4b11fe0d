"""Full-text queries of `q` for SQLite's FTS5 and PostgreSQL. All words are quoted, so no syntax of the engines gets through."""

import re
from dataclasses import dataclass

from nato_support.api.parameters import ParameterFault
from nato_support.api.sql import LIVE_SQL, Sql, join_sql, read_connection, sql_placeholders

MAX_TERMS = 20
_TERM_PATTERN = re.compile(r'"([^"]*)"?(\*?)|([^\s"*]+)(\*?)')
_WORD_CHARACTER = re.compile(r"\w")
# No sign is a word to the engines: “2%” would find every 2.
_PERCENTAGE = re.compile(r"(\d)\s?%")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")


@dataclass(frozen=True, slots=True)
class FullTextQuery:
    """Full-text query over the editions that are live now."""

    terms: tuple[tuple[str, bool], ...]
    """Words and phrases, each with whether it is a prefix."""
    kinds: tuple[str, ...] = ()
    """Kinds to search; all, if empty."""
    columns: str = "name search_text"
    matches_any_term: bool = False
    """True if one matching term is enough; by default all must match."""

    def matching_ids(self) -> Sql:
        """Return a statement that gives the ids of the matching editions, newest first on SQLite."""
        if read_connection().vendor == "postgresql":
            among = Sql(f" AND e.kind IN ({sql_placeholders(self.kinds)})", self.kinds) if self.kinds else Sql("")
            return Sql(f"SELECT e.id FROM publishing_edition e WHERE {LIVE_SQL} AND ") + self.edition_condition() + among
        return Sql(
            "SELECT rowid AS id FROM edition_search WHERE edition_search MATCH %s ORDER BY rowid DESC", (self.fts5_query(),)
        )

    def edition_condition(self) -> Sql:
        """Return the condition that edition `e` matches."""
        if read_connection().vendor == "postgresql":
            return Sql("e.search @@ (") + self.tsquery_sql() + Sql(")")
        return Sql(
            "EXISTS (SELECT 1 FROM edition_search s WHERE s.edition_search MATCH %s AND s.rowid = e.id)", (self.fts5_query(),)
        )

    def fts5_query(self) -> str:
        """Return the query in the syntax of FTS5."""
        terms = (" OR " if self.matches_any_term else " AND ").join(
            f'"{term}"' + (" *" if is_prefix else "") for term, is_prefix in self.terms
        )
        kinds = " OR ".join(f'"{kind}"' for kind in self.kinds)
        return f"{{{self.columns}}} : ({terms})" + (f" AND kind : ({kinds})" if kinds else "")

    def tsquery_sql(self) -> Sql:
        """Return an SQL expression of type tsquery for PostgreSQL."""
        return join_sql(
            " || " if self.matches_any_term else " && ", (_term_tsquery(term, is_prefix) for term, is_prefix in self.terms)
        )


def _term_tsquery(term: str, is_prefix: bool) -> Sql:
    if not is_prefix:
        return Sql("phraseto_tsquery('english', %s)", (term,))
    lexemes = [word for word in re.split(r"\W+", term) if word]
    return Sql("to_tsquery('english', %s)", (" <-> ".join(lexemes) + ":*",))


def parse_full_text(typed: str) -> FullTextQuery:
    """Parse words, "phrases" and prefixes*, all of which must match. Raises ParameterFault without any, or with too many."""
    terms = []
    for phrase, phrase_star, word, word_star in _TERM_PATTERN.findall(typed):
        if _WORD_CHARACTER.search(phrase or word):
            words = _PERCENTAGE.sub(r"\1 percent", phrase or _POSSESSIVE.sub("", word))
            terms.append((words, bool(phrase_star or word_star)))
    if not terms:
        raise ParameterFault("no_word")
    if len(terms) > MAX_TERMS:
        raise ParameterFault("too_many", allowed={"most": MAX_TERMS})
    return FullTextQuery(tuple(dict.fromkeys(terms)))
