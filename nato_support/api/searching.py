"""Ranked search over all kinds: the best first, of a bounded number of hits, so that a common word costs little.

First come records with that identifier or name, or one that is much like it, in whatever script; then what full text finds.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from urllib.parse import urlencode

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS, PLURALS
from entities.vocabulary import IdentifierScheme
from nato_support.api import facets, naming, paging, reading, spelling
from nato_support.api import parameters as p
from nato_support.api.answering import Answer, Asked, Moved, Register, newest
from nato_support.api.collections import COLLECTIONS, LARGEST_PAGE, PAGE_SIZE
from nato_support.api.cursors import Cursor, opened, question_of
from nato_support.api.fulltext import Text, parsed
from nato_support.api.highlighting import fields, ranges, terms_of
from nato_support.api.problems import Problem, refuse
from nato_support.api.sql import LIVE, Sql, database, fetch, joined, marks
from nato_support.editions import keys

FEW = 500
"""Up to so many hits are all ranked, by BM25."""
CANDIDATES = 100
"""Of more hits the newest are ranked, so many in names and so many anywhere: those in names first, then the shorter ones."""
BY_TS_RANK = 2_000
"""So many are ranked on PostgreSQL."""
ALIKE = 0.6
"""Names that are at least so likely the one that was typed come before all texts."""
NAMED = 10
"""So many of them."""
NAMES = 4
"""So many words of a question that no record has whole are each taken for a name."""
LONGEST_NAME = 8
"""A question of more words is taken for no name."""
_FACETS = {
    name: collection.facets[name]
    for collection in (COLLECTIONS[PLURALS[kind]] for kind in ("organisation", "commitment", "quote", "document"))
    for name in ("country", "type", "publisher", "speaker", "nature", "category", "stage", "currency", "language")
    if name in collection.facets
} | {"kind": COLLECTIONS["entities"].facets["kind"]}
PARAMETERS = {
    parameter.name: parameter
    for parameter in (
        replace(p.words("q", 'All of these words, "a phrase", a beginning*.', longest=300, many=False), required=True),
        p.choice("kind", "Only records of this kind.", list(PLURALS)),
        p.choice("facets", "Adds `facets`: for each of these, how many of what was ranked have which value.", list(_FACETS)),
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
_CALLED = "SELECT x.edition_id AS id FROM editions_editionterm x WHERE x.field = 'name' AND x.value = %s"
_IDENTIFIED = "x.field = 'identifier' AND x.value IN"


@dataclass(frozen=True, slots=True)
class Found:
    """Everything that was ranked for a question, by id of its edition, the best first."""

    editions: tuple[int, ...]
    first: dict[int, tuple[str, str]] = field(default_factory=dict)
    """Those that come before all texts -> because of which field, and its value."""
    whole: bool = True
    """Whether nothing more was found than was ranked."""
    text: Text = field(default_factory=lambda: Text(()))
    """The question as it was looked for at last."""
    corrected: dict[str, str] = field(default_factory=dict)
    """Words that no record has -> what was looked for instead."""


def answer(asked: Asked) -> Answer:
    """A page of what was found."""
    pairs, _ = p.pairs_of(asked.query)
    if any(name == "as_of" for name, _ in pairs):
        detail = "Full text is searched as the register stands now."
        raise refuse([{"in": "query", "name": "as_of", "code": "not_with_q", "detail": detail}])
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
    found = look_for(asked.register, values["q"][0], replace(text, kinds=tuple(dict.fromkeys(values.get("kind", ())))))
    shown = found.editions[start : start + size]
    documents = reading.documents(shown)

    def address(at: int) -> str:
        sealed = Cursor(asked.register.stamp, question, False, (at,)).seal()
        return f"{asked.site}{asked.path}?{urlencode([*(pair for pair in pairs if pair[0] != 'cursor'), ('cursor', sealed)])}"

    members: dict = {
        "matched": _matched(found, [(edition, json.loads(documents[edition])) for edition in shown]),
        "next": address(start + size) if len(found.editions) > start + size else None,
        "previous": address(max(0, start - size)) if start else None,
    }
    if wanted := tuple(dict.fromkeys(values.get("facets", ()))):
        members["facets"] = _facets(found, wanted)
    members["meta"] = {"stamp": asked.register.stamp, "is_truncated": not found.whole}
    if found.corrected:
        members["meta"]["corrected"] = found.corrected
    if found.text.any_term:
        members["meta"]["any_word"] = True
    # The printed bytes of the records go out as they are; what is said about them stands beside them.
    rest = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    return Answer(f'{{"results":[{",".join(documents[edition] for edition in shown)}],{rest[1:]}'.encode())


@lru_cache(maxsize=200)
def look_for(register: Register, typed: str, text: Text) -> Found:
    """Everything that is ranked for a question, in the register's state of the moment."""
    corrected: dict[str, str] = {}
    ranked, whole = _ranked_by_text(register, text)
    if not ranked and not _anywhere(text):
        text, corrected = spelling.corrected(text)
        ranked, whole = _ranked_by_text(register, text)
        if not ranked and len(text.terms) > 1 and not _anywhere(text):
            text = replace(text, any_term=True)
            ranked, whole = _ranked_by_text(register, text)
    first = _identified(typed, text.kinds)
    for one in [replace(text, terms=(term,)) for term in text.terms[:NAMES]] if text.any_term else [text]:
        first |= {edition: why for edition, why in _named(one).items() if edition not in first}
    if newest() != register:
        raise Moved
    return Found(tuple(dict.fromkeys([*first, *ranked])), first, whole, text, corrected)


def _anywhere(text: Text) -> bool:
    """Whether any record fits, of whatever kind: then its words are right."""
    return bool(fetch(replace(text, kinds=()).hits() + Sql(" LIMIT 1")))


def _identified(typed: str, kinds: Sequence[str]) -> dict[int, tuple[str, str]]:
    """The records with this identifier, in whichever scheme, or this public id."""
    wanted = typed.strip()
    if " " in wanted or len(wanted) > 250:
        return {}
    identifiers = (wanted, *(f"{scheme}:{wanted}" for scheme in IdentifierScheme.values))
    among = tuple(kinds or PLURALS)
    rows = Sql(
        f"SELECT e.id, 'identifiers', x.value FROM editions_editionterm x CROSS JOIN editions_edition e WHERE {_IDENTIFIED}"
        f" ({marks(identifiers)}) AND e.id = x.edition_id AND e.kind IN ({marks(among)}) AND {LIVE}"
        f" UNION ALL SELECT e.id, 'slug', e.slug FROM editions_edition e WHERE e.kind IN ({marks(among)}) AND e.slug = %s"
        f" AND {LIVE} ORDER BY 1",
        (*identifiers, *among, *among, wanted),
    )
    return {edition: (field, value) for edition, field, value in fetch(rows)}


def _named(text: Text) -> dict[int, tuple[str, str]]:
    """The live entities that the question may name, the likeliest first, and by which of their names."""
    kinds = [kind for kind in ENTITY_KINDS if not text.kinds or kind in text.kinds]
    if not kinds or len(text.terms) > LONGEST_NAME or any(beginning or " " in term for term, beginning in text.terms):
        return {}
    name = " ".join(term for term, _ in text.terms)
    likely = naming.candidates(name, kinds, NAMED)
    return {
        one.edition: ("names", one.name) for one in likely if one.score >= ALIKE and (one.score > 0.9 or _says(one.name, name))
    }


def _says(name: str, typed: str) -> bool:
    """Whether a name has every word that was typed, or one much like it."""
    known = keys.words(name)
    return all(any(similarity(word, one, PERSON) >= spelling.ALIKE for one in known) for word in keys.words(typed))


def _facets(found: Found, wanted: Sequence[str]) -> dict:
    """Of all that was ranked, not of the page alone; if more was found than ranked, they are not exact."""
    among = Sql(
        f"SELECT e.id AS id, e.kind AS kind FROM editions_edition e WHERE e.id IN ({marks(found.editions)})", found.editions
    )
    counted = facets.among(among, [_FACETS[name] for name in wanted], None)
    return {name: facet | {"is_exact": found.whole} for name, facet in counted.items()}


def _matched(found: Found, shown: Sequence[tuple[int, dict]]) -> list[list[dict]]:
    """Of each record, where the words stand in it; of one that came by another name, that name."""
    terms = terms_of(found.text)
    matched = []
    for edition, record in shown:
        entries = list(fields(record, terms))
        if first := found.first.get(edition):
            field, value = first
            if value == record["name"]:
                field = "name"
            if all(entry["field"] not in (field, "name") for entry in entries):
                at = ranges(value, terms) if field in ("name", "names") else [[0, len(value)]]
                entries.insert(0, {"field": field, "text": value, "ranges": at})
        matched.append(entries)
    return matched


def _ranked_by_text(register: Register, text: Text) -> tuple[list[int], bool]:
    """Ids of what full text finds, best first, what is called just that before all; and whether every hit was ranked."""
    if database().vendor == "postgresql":
        ranked, most, whole = _by_ts_rank(text), BY_TS_RANK, _has_few(register, text, BY_TS_RANK)
    else:
        whole = _has_few(register, replace(text, kinds=()), FEW)
        ranked, most = (_by_bm25(text), FEW) if whole else (_newest(text), 3 * CANDIDATES)
    best = ranked + Sql(" ORDER BY named DESC, score, id DESC LIMIT %s", (most,))
    return [row[0] for row in fetch(best)], whole


@lru_cache(maxsize=1000)
def _has_few(register: Register, text: Text, few: int) -> bool:
    return len(fetch(text.hits() + Sql(" LIMIT %s", (few + 1,)))) <= few


def _by_bm25(text: Text) -> Sql:
    match = replace(text, kinds=()).match()
    hits = Sql(f"SELECT rowid AS id, {_BM25} AS score FROM editions_search WHERE editions_search MATCH %s", (match,))
    return _ranked(text, hits, Sql(f"g.score * {_APART}"))


def _newest(text: Text) -> Sql:
    """Candidates in the order of the index: called just that, with it in the name, with it anywhere."""
    rounds = [Sql(_CALLED, (_name(text),)), text.hits()]
    if text.kinds != ("quote",):
        # A quote has no name but its words.
        rounds.insert(1, replace(text, columns="name").hits())
    each = (
        Sql(f"SELECT id, {at} AS tier FROM (") + candidates + Sql(f" LIMIT %s) c{at}", (CANDIDATES,))
        for at, candidates in enumerate(rounds)
    )
    hits = Sql("SELECT id, MIN(tier) AS tier FROM (") + joined(" UNION ALL ", each) + Sql(") c GROUP BY id")
    return _ranked(text, hits, Sql("g.tier * 1000 + length(e.name)"))


def _by_ts_rank(text: Text) -> Sql:
    hits = text.hits() + Sql(" LIMIT %s", (BY_TS_RANK,))
    return _ranked(text, hits, Sql("-ts_rank(e.search, ") + text.tsquery() + Sql(f") * {_APART}"))


def _ranked(text: Text, hits: Sql, score: Sql) -> Sql:
    """Rows of (id, whether it is called just that, score), the best score lowest."""
    of = Sql(f" AND e.kind IN ({marks(text.kinds)})", text.kinds) if text.kinds else Sql("")
    named = Sql(f"SELECT e.id AS id, e.id IN ({_CALLED}) AS named, ", (_name(text),))
    return named + score + Sql(" AS score FROM (") + hits + Sql(f") g {_ROWS}") + of


def _name(text: Text) -> str:
    return " ".join(term for term, _ in text.terms).casefold()[:700]
