"""Words that no live record has, put right by the words of live names: as they sound, or a letter or two away."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS
from nato_support.api import name_search
from nato_support.api.full_text_query import FullTextQuery
from nato_support.api.sql import Sql, fetch_rows, join_sql
from nato_support.publishing.editions import name_keys

MIN_WORD_LENGTH = 4
"""Shorter words are taken as they are: too many others are near."""
MAX_ALTERNATIVES = 5
"""So many of the nearest words are looked up, and the one that most records have is taken."""
MAX_COUNTED_RECORDS = 50
MAX_CORRECTED_WORDS = 5
"""So many words of a question are put right."""
WORD_LIKENESS = 0.75


def correct_unknown_words(text: FullTextQuery) -> tuple[FullTextQuery, dict[str, str]]:
    """The question with each word that no live record has replaced by a known one, if there is one; and which by which."""
    anywhere = replace(text, kinds=())
    single = [term for term, beginning in text.terms if not beginning and len(term.split()) == 1]
    better: dict[str, str] = {}
    unknown = [word for word, count in zip(single, _count_records_with(anywhere, single), strict=True) if not count]
    for word in unknown[:MAX_CORRECTED_WORDS]:
        alike = similar_words("".join(name_keys.latin_words(word)))
        tried = [one for score, one in alike if score == alike[0][0]]
        if tried and (found := [one for one in zip(_count_records_with(anywhere, tried), tried, strict=True) if one[0]]):
            better[word] = max(found, key=lambda one: (one[0], -tried.index(one[1])))[1]
    return replace(text, terms=tuple((better.get(term, term), beginning) for term, beginning in text.terms)), better


def similar_words(word: str, kinds: Sequence[str] = ENTITY_KINDS) -> list[tuple[float, str]]:
    """The words of live names that this one may stand for, each with how likely, the likeliest first."""
    if len(word) < MIN_WORD_LENGTH:
        return []
    known = _words_of_names(name_search.shortlist_editions(word, kinds))
    alike = ((similarity(word, one, PERSON), one) for one in known if len(one) >= MIN_WORD_LENGTH)
    return sorted((one for one in alike if one[0] >= WORD_LIKENESS), key=lambda one: (-one[0], one[1]))[:MAX_ALTERNATIVES]


def similar_beginnings(word: str, kinds: Sequence[str]) -> list[str]:
    """Beginnings of the words of live names that this one may stand for, all of them equally near."""
    if len(word) < MIN_WORD_LENGTH:
        return []
    known = {*name_search.words_beginning_alike(word, kinds), *_words_of_names(name_search.editions_sounding_like(word, kinds))}
    beginnings = {one[:end] for one in known for end in (len(word) - 1, len(word), len(word) + 1)}
    found = sorted((distance, one) for one, distance, _ in name_search.nearest_words(word, beginnings))
    return [one for distance, one in found if distance == found[0][0]][:MAX_ALTERNATIVES]


def _words_of_names(editions: Iterable[name_search.KeyMatch]) -> set[str]:
    """The words of all names of these editions."""
    names = name_search.names_by_edition({one.edition_id for one in editions})
    return {one for some in names.values() for name in some for one in name_keys.latin_words(name)}


def _count_records_with(text: FullTextQuery, words: Sequence[str]) -> tuple[int, ...]:
    """How many live records have each of the words, as far as that matters."""
    if not words:
        return ()
    hits = (replace(text, terms=((word, False),)).matching_ids() for word in words)
    counts = (Sql("(SELECT COUNT(*) FROM (") + one + Sql(f" LIMIT {MAX_COUNTED_RECORDS}) c)") for one in hits)
    [row] = fetch_rows(Sql("SELECT ") + join_sql(", ", counts))
    return row
