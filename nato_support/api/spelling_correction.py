"""Spelling correction: replaces words that no live record has by words of live names that sound or look alike."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from entities.likeness.names import PERSON, similarity
from entities.serializers import ENTITY_KINDS
from nato_support.api import name_search
from nato_support.api.full_text_query import FullTextQuery, SearchTerm
from nato_support.api.sql import Sql, fetch_rows, join_sql
from nato_support.publishing.editions import name_keys

MIN_WORD_LENGTH = 4
"""Shorter words are not corrected, since too many others are similar."""
MAX_ALTERNATIVES = 5
"""Most similar words considered for one; the one that most records have is taken."""
MAX_COUNTED_RECORDS = 50
MAX_CORRECTED_WORDS = 5
"""Most words of a query that are corrected."""
MIN_WORD_SIMILARITY = 0.75
"""Least similarity, 0 to 1, of a word and its correction."""


def correct_unknown_words(text: FullTextQuery) -> tuple[FullTextQuery, dict[str, str]]:
    """Return the query with each word that no live record has replaced by a similar known one, and word -> replacement."""
    all_kinds = replace(text, kinds=())
    words = [term.text for term in text.terms if not (term.is_prefix or term.is_quoted) and len(term.text.split()) == 1]
    corrections: dict[str, str] = {}
    unknown = [word for word, count in zip(words, _count_records_with(all_kinds, words), strict=True) if not count]
    for word in unknown[:MAX_CORRECTED_WORDS]:
        scored = similar_words("".join(name_keys.key_words(word)))
        nearest = [candidate for score, candidate in scored if score == scored[0][0]]
        counts = dict(zip(nearest, _count_records_with(all_kinds, nearest), strict=True))
        if any(counts.values()):
            # The first of equally common words.
            corrections[word] = max(nearest, key=lambda candidate: counts[candidate])
    terms = (term._replace(text=corrections.get(term.text, term.text)) for term in text.terms)
    return replace(text, terms=tuple(terms)), corrections


def similar_words(word: str, kinds: Sequence[str] = ENTITY_KINDS) -> list[tuple[float, str]]:
    """Return (similarity, word) of the words of live names that `word` may be a misspelling of, most similar first."""
    if len(word) < MIN_WORD_LENGTH:
        return []
    known_words = _words_of_names(name_search.shortlist_editions(word, kinds))
    scored = ((similarity(word, known, PERSON), known) for known in known_words if len(known) >= MIN_WORD_LENGTH)
    likely = ((score, known) for score, known in scored if score >= MIN_WORD_SIMILARITY)
    return sorted(likely, key=lambda pair: (-pair[0], pair[1]))[:MAX_ALTERNATIVES]


def similar_beginnings(word: str, kinds: Sequence[str]) -> list[str]:
    """Return the beginnings of words of live names that `word` may be a misspelling of, all at the same least distance."""
    if len(word) < MIN_WORD_LENGTH:
        return []
    known_words = {
        *name_search.words_beginning_alike(word, kinds),
        *_words_of_names(name_search.editions_sounding_like(word, kinds)),
    }
    beginnings = {known[:end] for known in known_words for end in (len(word) - 1, len(word), len(word) + 1)}
    nearest = sorted((distance, beginning) for beginning, distance, _ in name_search.nearest_words(word, beginnings))
    return [beginning for distance, beginning in nearest if distance == nearest[0][0]][:MAX_ALTERNATIVES]


def _words_of_names(editions: Iterable[name_search.NameKeyMatch]) -> set[str]:
    """Return the words of all names of these editions."""
    names_by_edition = name_search.folded_names_by_edition({match.edition_id for match in editions})
    return {word for names in names_by_edition.values() for name in names for word in name_keys.key_words(name)}


def _count_records_with(text: FullTextQuery, words: Sequence[str]) -> tuple[int, ...]:
    """Return the number of live records that have each of the words, up to MAX_COUNTED_RECORDS."""
    if not words:
        return ()
    hits = (replace(text, terms=(SearchTerm(word),)).matching_ids() for word in words)
    counts = (Sql("(SELECT COUNT(*) FROM (") + ids + Sql(f" LIMIT {MAX_COUNTED_RECORDS}) c)") for ids in hits)
    [row] = fetch_rows(Sql("SELECT ") + join_sql(", ", counts))
    return row
