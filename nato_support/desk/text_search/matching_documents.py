"""Documents whose texts match a query: the index of the database finds them, newest first, page by page."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from nato_support.db.text_index import INCOMPLETE_PLACES, LONGEST_LEXEME, TEXT_CANDIDATES, TEXT_INDEX, UNLISTED_WORDS
from nato_support.desk.text_search.text_places import TextPlaces, find_places
from nato_support.desk.text_search.text_query import TextTerm
from sources.models import SourceDocument, SourceQuote

DOCUMENTS_PER_PAGE = 20
LINES_PER_DOCUMENT = 3
LINES_OF_ONE_DOCUMENT = 100
"""Places that are shown if one document is searched."""
MAX_COUNTED_DOCUMENTS = 1000


@dataclass(frozen=True)
class MatchingDocument:
    """A document whose text matches, with the places and which of them are quoted already."""

    document: SourceDocument
    places: TextPlaces
    quoted: frozenset[int]
    """Starts of the shown places that a quote of the document overlaps."""


@dataclass(frozen=True)
class ResultPage:
    """A page of matching documents."""

    documents: list[MatchingDocument]
    after: int | None
    """Key of the document after which the next page begins; None on the last page."""
    count: int
    """Documents on all pages, counted up to one more than `MAX_COUNTED_DOCUMENTS`."""


def matching_documents(terms: tuple[TextTerm, ...]) -> QuerySet[SourceDocument]:
    """Return the documents whose text has all terms, newest first."""
    if connection.vendor == "postgresql":
        keys = _postgresql_keys(terms)
    else:
        query = " AND ".join(f"({_fts5_term(term)})" for term in terms)
        keys = RawSQL(f"SELECT rowid FROM {TEXT_INDEX} WHERE {TEXT_INDEX} MATCH %s", (query,))  # noqa: S611 - the query is a parameter
    return SourceDocument.objects.filter(pk__in=keys).order_by(*_ORDER)


_ORDER = (F("published_on_earliest").desc(nulls_last=True), "-pk")


def _fts5_term(term: TextTerm) -> str:
    star = " *" if term.is_beginning else ""
    # Folded Hangul is in letters, which the index has not.
    return " OR ".join(f'"{unicodedata.normalize("NFC", " ".join(sequence))}"{star}' for sequence in term.sequences)


def _postgresql_keys(terms: tuple[TextTerm, ...]) -> RawSQL:
    query = " & ".join(f"({_tsquery_term(term)})" for term in terms)
    patterns = [[f"% {' '.join(sequence)}{'' if term.is_beginning else ' '}%" for sequence in term.sequences] for term in terms]
    in_folded_text = " AND ".join(["folded_text LIKE ANY (%s)"] * len(terms))
    sql = f"SELECT document_id FROM {TEXT_CANDIDATES}(%s::tsquery) WHERE folded_text IS NULL OR {in_folded_text}"
    return RawSQL(sql, [f"({query}) | '{UNLISTED_WORDS}'", *patterns])  # noqa: S611 - likewise


def _tsquery_term(term: TextTerm) -> str:
    star = ":*" if term.is_beginning else ""
    sequences = []
    for sequence in term.sequences:
        words = [f"'{word[:LONGEST_LEXEME]}'" for word in sequence]
        words[-1] += star
        sequences.append(f"({' <-> '.join(words)})")
        if len(words) > 1:
            sequences.append(f"({' & '.join(words)} & '{INCOMPLETE_PLACES}')")
    return " | ".join(sequences)


def filtered(documents: QuerySet[SourceDocument], filters: dict[str, Any]) -> QuerySet[SourceDocument]:
    """Limit documents to `publisher`, `language`, `start` and `end` day, `document`, and `quoted`: yes or no."""
    columns = {
        "publisher": "publisher",
        "language": "language__iexact",
        "start": "published_on_earliest__gte",
        "end": "published_on_earliest__lte",
        "document": "pk",
    }
    for name, lookup in columns.items():
        if value := filters.get(name):
            documents = documents.filter(**{lookup: getattr(value, "pk", value)})
    if quoted := filters.get("quoted"):
        is_quoted = Exists(SourceQuote.objects.filter(document=OuterRef("pk")))
        documents = documents.filter(is_quoted if quoted == "yes" else ~is_quoted)
    return documents


def result_page(
    terms: tuple[TextTerm, ...], documents: QuerySet[SourceDocument], after: int | None, lines: int = LINES_PER_DOCUMENT
) -> ResultPage:
    """Return the page of matching `documents` that follows the document with the key `after`, or the first one."""
    counted = _keys(documents, MAX_COUNTED_DOCUMENTS + 1)
    keys = counted if after is None else counted[counted.index(after) + 1 :] if after in counted else []
    if after is not None and len(keys) <= DOCUMENTS_PER_PAGE:
        # Its last page, a page further on than is counted, or after a document that is not found any more.
        keys = _keys(_documents_after(documents, after), DOCUMENTS_PER_PAGE + 1)
    page_keys = keys[:DOCUMENTS_PER_PAGE]
    columns = ("title", "slug", "published_on", "language", "text", "publisher__name")
    rows = SourceDocument.objects.select_related("publisher").only(*columns).in_bulk(page_keys)
    quotes: dict[int, list[tuple[int, int]]] = {}
    for key, start, end in SourceQuote.objects.filter(document__in=page_keys).values_list("document", "start", "end"):
        quotes.setdefault(key, []).append((start, end))
    found = []
    for key in page_keys:
        places = find_places(rows[key].text, terms, lines) if key in rows else None
        if places:
            found.append(MatchingDocument(rows[key], places, _quoted_places(places, quotes.get(key, []))))
    return ResultPage(found, page_keys[-1] if len(keys) > DOCUMENTS_PER_PAGE else None, len(counted))


def _keys(documents: QuerySet[SourceDocument], most: int) -> list[int]:
    return list(documents.values_list("pk", flat=True)[:most])


def _documents_after(documents: QuerySet[SourceDocument], key: int) -> QuerySet[SourceDocument]:
    day = SourceDocument.objects.filter(pk=key).values_list("published_on_earliest", flat=True).first()
    undated = Q(published_on_earliest=None)
    if day is None:
        return documents.filter(undated, pk__lt=key)
    return documents.filter(Q(published_on_earliest__lt=day) | Q(published_on_earliest=day, pk__lt=key) | undated)


def _quoted_places(places: TextPlaces, quotes: list[tuple[int, int]]) -> frozenset[int]:
    return frozenset(
        place.start for place in places.shown if any(start < place.end and end > place.start for start, end in quotes)
    )


def count_documents(documents: QuerySet[SourceDocument]) -> int:
    """Return the number of documents, counted up to one more than `MAX_COUNTED_DOCUMENTS`."""
    return documents.order_by()[: MAX_COUNTED_DOCUMENTS + 1].count()
