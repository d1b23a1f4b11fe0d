"""Ranked search over all kinds: the best first, of a bounded number of hits, so that a common word costs little."""

import json
from dataclasses import replace
from functools import lru_cache
from urllib.parse import urlencode

from entities.serializers import PLURALS
from nato_support.api import paging
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked, Register
from nato_support.api.collections import LARGEST_PAGE, PAGE_SIZE
from nato_support.api.cursors import Cursor, opened, question_of
from nato_support.api.fulltext import Text, parsed
from nato_support.api.problems import Problem, refuse
from nato_support.api.sql import Sql, database, fetch, joined, marks

FEW = 500
"""Up to so many hits are all ranked, by BM25."""
CANDIDATES = 100
"""Of more hits the newest are ranked, so many in names and so many anywhere: those in names first, then the shorter ones."""
BY_TS_RANK = 2_000
"""So many are ranked on PostgreSQL."""
PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(p.words("q", 'All of these words, "a phrase", a beginning*.', longest=300, many=False), required=True),
        p.choice("kind", "Only records of this kind.", list(PLURALS)),
        p.number("page_size", "How many results a page has.", LARGEST_PAGE, PAGE_SIZE),
        paging.cursor("Where a page starts: from `next` or `previous`."),
    )
}
# Hits in names count so many times as much as hits elsewhere; the kind counts nothing.
_BM25 = "bm25(editions_search, 8.0, 1.0, 0.0)"
# Terms of superseded editions stay, so that candidates may be of the past.
_ROWS = "CROSS JOIN editions_edition e WHERE e.id = g.id AND e.superseded IS NULL"
# Quotes and relations are found by short texts that repeat what they are about; the records themselves should come before them.
_APART = "CASE WHEN e.kind IN ('quote', 'relation') THEN 0.4 ELSE 1.0 END"
_NAMED = "SELECT x.edition_id AS id FROM editions_editionterm x WHERE x.field = 'name' AND x.value = %s"


def answer(asked: Asked) -> Answer:
    """A page of what was found."""
    values, pairs = p.read(asked.query, PARAMETERS)
    if "q" not in values:
        raise refuse([{"in": "query", "name": "q", "code": "missing"}])
    try:
        text = parsed(values["q"][0])
    except p.Fault as fault:
        raise refuse([{"in": "query", "name": "q", "code": fault.code} | fault.members]) from None
    size = int(values["page_size"][0]) if "page_size" in values else PAGE_SIZE
    question = question_of(asked.path, values["q"], sorted(values.get("kind", ())))
    start = 0
    if "cursor" in values:
        cursor = opened(values["cursor"][0], question, asked.register.stamp)
        if cursor.stamp != asked.register.stamp:
            raise Problem("register-changed")
        [start] = cursor.key
    rows, whole = found(asked.register, text, tuple(dict.fromkeys(values.get("kind", ()))), start, size + 1)

    def address(at: int) -> str:
        sealed = Cursor(asked.register.stamp, question, False, (at,)).seal()
        return f"{asked.site}{asked.path}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"

    following = address(start + size) if len(rows) > size else None
    previous = address(max(0, start - size)) if start else None
    meta = {"stamp": asked.register.stamp, "is_truncated": not whole}
    rest = json.dumps({"next": following, "previous": previous, "meta": meta}, separators=(",", ":"))
    documents = ",".join([document for (document,) in rows[:size]])
    return Answer(f'{{"results":[{documents}],{rest[1:]}'.encode())


def found(register: Register, text: Text, kinds: tuple[str, ...], start: int, limit: int) -> tuple[list[tuple[str]], bool]:
    """Rows of (document,), best first, from the one at `start` on; and whether every hit was ranked.

    What is called just that comes first.
    """
    if database().vendor == "postgresql":
        text = replace(text, kinds=kinds)
        ranked, whole = _by_ts_rank(text), _has_few(register, text, BY_TS_RANK)
    else:
        whole = _has_few(register, text, FEW)
        ranked = _by_bm25(text, kinds) if whole else _newest(replace(text, kinds=kinds))
    best = ranked + Sql(" ORDER BY named DESC, score, id DESC LIMIT %s OFFSET %s", (limit, start))
    # Documents are read for the page alone, not for every candidate.
    documents = ") b CROSS JOIN editions_edition e WHERE e.id = b.id ORDER BY b.named DESC, b.score, b.id DESC"
    return fetch(Sql("SELECT e.document FROM (") + best + Sql(documents)), whole


@lru_cache(maxsize=1000)
def _has_few(register: Register, text: Text, few: int) -> bool:
    return len(fetch(text.hits() + Sql(" LIMIT %s", (few + 1,)))) <= few


def _by_bm25(text: Text, kinds: tuple[str, ...]) -> Sql:
    hits = Sql(f"SELECT rowid AS id, {_BM25} AS score FROM editions_search WHERE editions_search MATCH %s", (text.match(),))
    return _ranked(text, hits, kinds, Sql(f"g.score * {_APART}"))


def _newest(text: Text) -> Sql:
    """Candidates in the order of the index: called just that, with it in the name, with it anywhere."""
    rounds = [Sql(_NAMED, (_name(text),)), text.hits()]
    if text.kinds != ("quote",):
        # A quote has no name but its words.
        rounds.insert(1, replace(text, columns="name").hits())
    each = (
        Sql(f"SELECT id, {at} AS tier FROM (") + candidates + Sql(f" LIMIT %s) c{at}", (CANDIDATES,))
        for at, candidates in enumerate(rounds)
    )
    hits = Sql("SELECT id, MIN(tier) AS tier FROM (") + joined(" UNION ALL ", each) + Sql(") c GROUP BY id")
    return _ranked(text, hits, text.kinds, Sql("g.tier * 1000 + length(e.name)"))


def _by_ts_rank(text: Text) -> Sql:
    hits = text.hits() + Sql(" LIMIT %s", (BY_TS_RANK,))
    return _ranked(text, hits, text.kinds, Sql("-ts_rank(e.search, ") + text.tsquery() + Sql(f") * {_APART}"))


def _ranked(text: Text, hits: Sql, kinds: tuple[str, ...], score: Sql) -> Sql:
    """Rows of (id, whether it is called just that, score), the best score lowest."""
    of = Sql(f" AND e.kind IN ({marks(kinds)})", kinds) if kinds else Sql("")
    named = Sql(f"SELECT e.id AS id, e.id IN ({_NAMED}) AS named, ", (_name(text),))
    return named + score + Sql(" AS score FROM (") + hits + Sql(f") g {_ROWS}") + of


def _name(text: Text) -> str:
    return " ".join(term for term, _ in text.terms).casefold()[:700]
