"""Full-text queries of `q` for SQLite's FTS5 and PostgreSQL, of the words that `search_words` finds in the query.

Both databases compare the same words, so the same records match on both. No sign of a query gets through to either.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from nato_support.api.parameters import ParameterFault
from nato_support.api.sql import Sql, join_sql, read_connection, sql_placeholders
from nato_support.publishing.editions.search_words import SearchWord, iterate_search_words, join_words
from nato_support.publishing.editions.word_forms import verb_forms

MAX_TERMS = 20
_PIECE_PATTERN = re.compile(r'"([^"]*)"?(\*?)|([^"]+)')


class WordSequence(NamedTuple):
    """Words that follow each other."""

    words: tuple[str, ...]
    is_prefix: bool
    """True if a word that begins with the last one will do."""


class SearchTerm(NamedTuple):
    """A word, a compound, an amount or a phrase of a query."""

    text: str
    """As typed, without its quotation marks or its star."""
    is_prefix: bool = False
    is_quoted: bool = False

    def alternatives(self) -> tuple[WordSequence, ...]:
        """Return the sequences of words of which one must be there."""
        return _term_alternatives(self)


@dataclass(frozen=True, slots=True)
class FullTextQuery:
    """Full-text query over the editions that are live now."""

    terms: tuple[SearchTerm, ...]
    kinds: tuple[str, ...] = ()
    """Kinds to search; all, if empty."""
    matches_any_term: bool = False
    """True if one matching term is enough; by default all must match."""
    in_names: bool = False
    """True if only names are searched."""
    with_evidence: bool = True
    """False if the words of the evidence are not searched."""

    def matching_ids(self) -> Sql:
        """Return a statement that gives the ids of the matching editions, newest first."""
        if read_connection().vendor == "postgresql":
            among = Sql(f" AND s.kind IN ({sql_placeholders(self.kinds)})", self.kinds) if self.kinds else Sql("")
            select = Sql("SELECT s.edition_id AS id FROM publishing_searchentry s WHERE ") + self._tsvector_condition()
            return select + among + Sql(" ORDER BY s.edition_id DESC")
        return Sql(
            "SELECT rowid AS id FROM edition_search WHERE edition_search MATCH %s ORDER BY rowid DESC", (self.fts5_query(),)
        )

    def edition_condition(self) -> Sql:
        """Return the condition that edition `e` matches."""
        if read_connection().vendor == "postgresql":
            entry = Sql("EXISTS (SELECT 1 FROM publishing_searchentry s WHERE s.edition_id = e.id AND ")
            return entry + self._tsvector_condition() + Sql(")")
        return Sql(
            "EXISTS (SELECT 1 FROM edition_search s WHERE s.edition_search MATCH %s AND s.rowid = e.id)", (self.fts5_query(),)
        )

    def fts5_query(self) -> str:
        """Return the query in the syntax of FTS5."""
        terms = (" OR " if self.matches_any_term else " AND ").join(
            f"({' OR '.join(self._fts5_sequence(sequence) for sequence in term.alternatives())})" for term in self.terms
        )
        kinds = " OR ".join(f'"{kind}"' for kind in self.kinds)
        return f"({terms})" + (f" AND kind : ({kinds})" if kinds else "")

    def _fts5_sequence(self, sequence: WordSequence) -> str:
        # The words of the evidence are in no order.
        further = " evidence" if self._searches_evidence(sequence) else ""
        columns = "names" if self.in_names else f"names texts{further}"
        return f'{{{columns}}} : "{" ".join(sequence.words)}"' + (" *" if sequence.is_prefix else "")

    def _searches_evidence(self, sequence: WordSequence) -> bool:
        return self.with_evidence and not self.in_names and len(sequence.words) == 1

    def _tsvector_condition(self) -> Sql:
        """Return the condition on search entry `s` in the terms of PostgreSQL."""
        conditions = join_sql(" OR " if self.matches_any_term else " AND ", map(self._term_condition, self.terms))
        return Sql("(") + conditions + Sql(")")

    def _term_condition(self, term: SearchTerm) -> Sql:
        sequences = term.alternatives()
        condition = Sql(f"s.{'name_words' if self.in_names else 'stated_words'} @@ %s::tsquery", (_tsquery(sequences),))
        if in_evidence := [sequence for sequence in sequences if self._searches_evidence(sequence)]:
            condition += Sql(" OR s.evidence_words @@ %s::tsquery", (_tsquery(in_evidence),))
        return Sql("(") + condition + Sql(")")


def _tsquery(sequences: Iterable[WordSequence]) -> str:
    """Return the query that one of the sequences is there, in the syntax of PostgreSQL's tsquery."""
    return " | ".join(
        "(" + " <-> ".join(f"'{word}'" for word in sequence.words) + (":*)" if sequence.is_prefix else ")")
        for sequence in sequences
    )


def parse_full_text(typed: str) -> FullTextQuery:
    """Parse words, "phrases" and prefixes*, all of which must match. Raises ParameterFault without any, or with too many."""
    terms: dict[SearchTerm, None] = {}
    for phrase, phrase_star, words in _PIECE_PATTERN.findall(typed):
        if phrase:
            terms[SearchTerm(phrase, bool(phrase_star), is_quoted=True)] = None
        else:
            terms |= dict.fromkeys(_unquoted_terms(words))
    found = tuple(term for term in terms if term.alternatives())
    if not found:
        raise ParameterFault("no_word")
    if len(found) > MAX_TERMS:
        raise ParameterFault("too_many", allowed={"most": MAX_TERMS})
    return FullTextQuery(found)


def _unquoted_terms(typed: str) -> Iterator[SearchTerm]:
    """Yield the amounts, and the words and compounds; several of these between two spaces are one term, in their order."""
    group: list[SearchWord] = []
    for word in iterate_search_words(typed):
        between = typed[group[-1].end : word.start] if group else ""
        if group and (word.is_amount or group[-1].is_amount or between.strip() != between):
            yield _term_of_group(typed, group)
            group = []
        group.append(word)
    if group:
        yield _term_of_group(typed, group)


def _term_of_group(typed: str, group: list[SearchWord]) -> SearchTerm:
    start, end = group[0].start, group[-1].end
    return SearchTerm(typed[start:end], is_prefix=typed[end : end + 1] == "*")


@lru_cache(maxsize=1 << 12)
def _term_alternatives(term: SearchTerm) -> tuple[WordSequence, ...]:
    words = list(iterate_search_words(term.text))
    if not words:
        return ()
    if term.is_prefix:
        return tuple(dict.fromkeys(_prefix_alternatives(words)))
    if len(words) == 1 and words[0].is_amount:
        # Its number and unit as one word, which evidence has as well.
        return (WordSequence(words[0].further[:1] or words[0].joined, False),)
    if len(words) == 1 and words[0].is_plain and not term.is_quoted:
        return tuple(WordSequence((form,), False) for form in verb_forms(words[0].parts[0].word))
    split = tuple(part.word for word in words for part in word.parts)
    joined = tuple(piece for word in words for piece in word.joined)
    # A number that is written otherwise has other parts.
    sequences = (joined,) if all(word.is_amount for word in words) else (split, joined)
    return tuple(WordSequence(sequence, False) for sequence in dict.fromkeys(sequences))


def _prefix_alternatives(words: list[SearchWord]) -> Iterator[WordSequence]:
    """Yield what begins as typed; in a phrase, where words stand in the singular, also what is the last word in any form."""
    *first_words, last = words
    split = tuple(part.word for word in first_words for part in word.parts)
    joined = tuple(piece for word in first_words for piece in word.joined)
    yield WordSequence((*split, *(part.word for part in last.parts[:-1]), last.parts[-1].spelling), True)
    yield WordSequence((*joined, last.joined[0] if last.is_amount else join_words(part.spelling for part in last.parts)), True)
    if len(split) + len(last.parts) > 1:
        yield WordSequence((*split, *(part.word for part in last.parts)), False)
        yield WordSequence((*joined, *last.joined), False)
