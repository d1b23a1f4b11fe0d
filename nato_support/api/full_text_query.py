"""What is typed into `q`, as a query of either full-text engine. Everything typed is quoted: no syntax of theirs gets through."""

import re
from dataclasses import dataclass

from nato_support.api.parameters import ParameterFault
from nato_support.api.sql import LIVE_SQL, Sql, join_sql, read_connection, sql_placeholders

MAX_TERMS = 20
_TERM_PATTERN = re.compile(r'"([^"]*)"?(\*?)|([^\s"*]+)(\*?)')
_WORD_CHARACTER = re.compile(r"\w")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")


@dataclass(frozen=True, slots=True)
class FullTextQuery:
    """A full-text question to the editions that are live now."""

    terms: tuple[tuple[str, bool], ...]
    """Words and phrases, each with whether it is only a beginning."""
    kinds: tuple[str, ...] = ()
    """Among these kinds alone; of any kind, if none is given."""
    columns: str = "name search_text"
    matches_any_term: bool = False
    """Whether one of the terms is enough."""

    def matching_ids(self) -> Sql:
        """A statement that gives the ids of the editions found, newest first on SQLite."""
        if read_connection().vendor == "postgresql":
            among = Sql(f" AND e.kind IN ({sql_placeholders(self.kinds)})", self.kinds) if self.kinds else Sql("")
            return Sql(f"SELECT e.id FROM publishing_edition e WHERE {LIVE_SQL} AND ") + self.edition_condition() + among
        return Sql(
            "SELECT rowid AS id FROM edition_search WHERE edition_search MATCH %s ORDER BY rowid DESC", (self.fts5_query(),)
        )

    def edition_condition(self) -> Sql:
        """The condition that edition `e` is among them."""
        if read_connection().vendor == "postgresql":
            return Sql("e.search @@ (") + self.tsquery_sql() + Sql(")")
        return Sql(
            "EXISTS (SELECT 1 FROM edition_search s WHERE s.edition_search MATCH %s AND s.rowid = e.id)", (self.fts5_query(),)
        )

    def fts5_query(self) -> str:
        """The question as FTS5 takes it."""
        terms = (" OR " if self.matches_any_term else " AND ").join(
            f'"{term}"' + (" *" if beginning else "") for term, beginning in self.terms
        )
        kinds = " OR ".join(f'"{kind}"' for kind in self.kinds)
        return f"{{{self.columns}}} : ({terms})" + (f" AND kind : ({kinds})" if kinds else "")

    def tsquery_sql(self) -> Sql:
        """The question as PostgreSQL takes it."""
        return join_sql(
            " || " if self.matches_any_term else " && ", (_term_tsquery(term, beginning) for term, beginning in self.terms)
        )


def _term_tsquery(term: str, beginning: bool) -> Sql:
    if not beginning:
        return Sql("phraseto_tsquery('english', %s)", (term,))
    lexemes = [word for word in re.split(r"\W+", term) if word]
    return Sql("to_tsquery('english', %s)", (" <-> ".join(lexemes) + ":*",))


def parse_full_text(typed: str) -> FullTextQuery:
    """Words, "phrases" and beginnings*, all of which must be there. Fault if there is nothing to look for."""
    terms = []
    for phrase, many, word, ending in _TERM_PATTERN.findall(typed):
        if _WORD_CHARACTER.search(phrase or word):
            terms.append((phrase or _POSSESSIVE.sub("", word), bool(many or ending)))
    if not terms:
        raise ParameterFault("no_word")
    if len(terms) > MAX_TERMS:
        raise ParameterFault("too_many", allowed={"most": MAX_TERMS})
    return FullTextQuery(tuple(dict.fromkeys(terms)))
