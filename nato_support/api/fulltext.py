"""What is typed into `q`, as a query of either full-text engine. Everything typed is quoted: no syntax of theirs gets through."""

import re
from dataclasses import dataclass

from nato_support.api.parameters import Fault
from nato_support.api.sql import LIVE, Sql, database, joined, marks

MOST_TERMS = 20
_TERM = re.compile(r'"([^"]*)"?(\*?)|([^\s"*]+)(\*?)')
_WORD = re.compile(r"\w")
_POSSESSIVE = re.compile(r"(?<=\w)['’]s$")


@dataclass(frozen=True, slots=True)
class Text:
    """A full-text question to the editions that are live now."""

    terms: tuple[tuple[str, bool], ...]
    """Words and phrases, each with whether it is only a beginning."""
    kinds: tuple[str, ...] = ()
    """Among these kinds alone; of any kind, if none is given."""
    columns: str = "name search_text"
    any_term: bool = False
    """Whether one of the terms is enough."""

    def hits(self) -> Sql:
        """A statement that gives the ids of the editions found, newest first on SQLite."""
        if database().vendor == "postgresql":
            among = Sql(f" AND e.kind IN ({marks(self.kinds)})", self.kinds) if self.kinds else Sql("")
            return Sql(f"SELECT e.id FROM editions_edition e WHERE {LIVE} AND ") + self.test() + among
        return Sql("SELECT rowid AS id FROM editions_search WHERE editions_search MATCH %s ORDER BY rowid DESC", (self.match(),))

    def test(self) -> Sql:
        """The condition that edition `e` is among them."""
        if database().vendor == "postgresql":
            return Sql("e.search @@ (") + self.tsquery() + Sql(")")
        return Sql(
            "EXISTS (SELECT 1 FROM editions_search s WHERE s.editions_search MATCH %s AND s.rowid = e.id)", (self.match(),)
        )

    def match(self) -> str:
        """The question as FTS5 takes it."""
        terms = (" OR " if self.any_term else " AND ").join(
            f'"{term}"' + (" *" if beginning else "") for term, beginning in self.terms
        )
        kinds = " OR ".join(f'"{kind}"' for kind in self.kinds)
        return f"{{{self.columns}}} : ({terms})" + (f" AND kind : ({kinds})" if kinds else "")

    def tsquery(self) -> Sql:
        """The question as PostgreSQL takes it."""
        return joined(" || " if self.any_term else " && ", (_tsquery(term, beginning) for term, beginning in self.terms))


def _tsquery(term: str, beginning: bool) -> Sql:
    if not beginning:
        return Sql("phraseto_tsquery('english', %s)", (term,))
    lexemes = [word for word in re.split(r"\W+", term) if word]
    return Sql("to_tsquery('english', %s)", (" <-> ".join(lexemes) + ":*",))


def parsed(typed: str) -> Text:
    """Words, "phrases" and beginnings*, all of which must be there. Fault if there is nothing to look for."""
    terms = []
    for phrase, many, word, ending in _TERM.findall(typed):
        if _WORD.search(phrase or word):
            terms.append((phrase or _POSSESSIVE.sub("", word), bool(many or ending)))
    if not terms:
        raise Fault("no_word")
    if len(terms) > MOST_TERMS:
        raise Fault("too_many", allowed={"most": MOST_TERMS})
    return Text(tuple(dict.fromkeys(terms)))
