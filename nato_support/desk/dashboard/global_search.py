"""Search over the working copy: entities by all their names, documents by title, relations by party, quotes by words.

Each user finds only what they may see. The texts of documents are not searched.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse

from entities.models import Entity, Identifier, Name, Relation
from entities.vocabulary import IdentifierScheme, Kind
from nato_support.desk.dashboard.word_index import WordIndex, latin_words_of
from sources.models import SourceDocument, SourceQuote

SEARCHED_MODELS = {
    **{kind.value: f"entities.{kind.value}" for kind in Kind},
    "relation": "entities.relation",
    "document": "sources.sourcedocument",
    "quote": "sources.sourcequote",
}
"""Searched kinds, in the order in which they are listed, with their models."""

MOST_RANKED = 500
"""Records of each kind that are ranked."""
MOST_RELATION_ENDS = 100
"""Entities that a word is tried as, for a party of a relation."""
MOST_WORDS = 8
"""Words of the query that count."""
COMMIT_DELAY = timedelta(minutes=1)
"""Longest time between the timestamp of a change and the commit that makes it visible."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A record as the results list it."""

    kind: str
    pk: int
    title: str
    status: str
    detail: str = ""

    @property
    def address(self) -> str:
        return change_page_of_kind(self.kind, self.pk)


@dataclass(slots=True)
class SearchHits:
    """Results of the kind asked for, the best first, and the number of results of each kind."""

    results: list[SearchHit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def change_page_of_kind(kind: str, pk: int) -> str:
    """Return the URL of a record's admin page."""
    return reverse(f"admin:{SEARCHED_MODELS[kind].replace('.', '_')}_change", args=[pk])


def visible_kinds(user: Any) -> list[str]:
    """Return the kinds that `user` may view."""
    labels = {kind: label.split(".") for kind, label in SEARCHED_MODELS.items()}
    return [
        k for k, (app, model) in labels.items() if user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")
    ]


def search_working_copy(typed: str, user: Any, kind: str = "", limit: int = MOST_RANKED) -> SearchHits:
    """Find what `typed` names, of one `kind` or of all; tolerates typing errors and other scripts."""
    words = latin_words_of(typed)[:MOST_WORDS]
    kinds = visible_kinds(user)
    hits = SearchHits()
    if not words:
        return hits
    _entity_index.refresh()
    _document_index.refresh()
    ranked: list[tuple[float, SearchHit]] = []
    for search_kind in (_search_entities, _search_documents, _search_relations, _search_quotes):
        for score, hit in search_kind(words, typed, kinds):
            hits.counts[hit.kind] = hits.counts.get(hit.kind, 0) + 1
            if kind in ("", hit.kind):
                ranked.append((score, hit))
    ranked.sort(key=lambda pair: -pair[0])
    hits.results = [hit for _, hit in ranked[:limit]]
    hits.counts = {kind: hits.counts[kind] for kind in SEARCHED_MODELS if kind in hits.counts}
    return hits


# One function for each model: (words, typed text, visible kinds) -> (score, hit)

RankedHits = Iterable[tuple[float, SearchHit]]


def _search_entities(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    scores = _entity_index.find_keys(words, MOST_RANKED)
    rows = Entity.objects.order_by().filter(pk__in=scores, kind__in=kinds, merged_into=None)
    for pk, kind, name, slug, status in rows.values_list("pk", "kind", "name", "slug", "status"):
        yield _score_name_match(scores[pk] / len(words), name, slug, typed), SearchHit(kind, pk, name, status, slug)


def _search_documents(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "document" not in kinds:
        return
    scores = _document_index.find_keys(words, MOST_RANKED)
    rows = SourceDocument.objects.order_by().filter(pk__in=scores)
    for pk, title, slug, status, publisher, day in rows.values_list(
        "pk", "title", "slug", "status", "publisher__name", "published_on"
    ):
        detail = ", ".join(filter(None, (publisher, str(day or ""))))
        yield (
            _score_name_match(scores[pk] / len(words), title, slug, typed) - 0.05,
            SearchHit("document", pk, title, status, detail),
        )


def _search_relations(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "relation" not in kinds:
        return
    by_party = Relation.objects.order_by("slug")
    for word in words:
        ends = _entity_index.find_keys([word], MOST_RELATION_ENDS)
        by_party = by_party.filter(Q(subject__in=ends) | Q(object__in=ends))
    slug_prefix = typed.strip().lower()
    # A single word is a name, not the start of a public id.
    by_slug = Relation.objects.order_by("slug").filter(slug__startswith=slug_prefix) if "-" in slug_prefix else by_party.none()
    for rows, score in ((by_slug, 0.9), (by_party.exclude(pk__in=by_slug.order_by()), 0.25)):
        columns = rows.values_list("pk", "subject__name", "type__label", "object__name", "status", "role")
        for pk, subject, label, object, status, role in columns[:MOST_RELATION_ENDS]:
            yield score, SearchHit("relation", pk, f"{subject} {label} {object}", status, role)


def _search_quotes(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "quote" not in kinds or len(typed.strip()) < 3:
        return
    all_words = Q()
    for word in typed.split()[:MOST_WORDS]:
        all_words &= Q(exact__icontains=word)
    rows = SourceQuote.objects.order_by("-pk").filter(all_words | Q(slug__startswith=typed.strip().lower()))
    for pk, exact, status, title in rows.values_list("pk", "exact", "status", "document__title")[:MOST_RELATION_ENDS]:
        yield 0.2, SearchHit("quote", pk, f"“{exact if len(exact) <= 160 else exact[:159] + '…'}”", status, title)


def _score_name_match(score: float, name: str, slug: str, typed: str) -> float:
    """Raise the score if the name or public id is what was typed, or begins with it, and if it is short."""
    words = latin_words_of(name)
    typed, own_texts = " ".join(latin_words_of(typed)), (" ".join(words), slug.replace("-", " "))
    if typed in own_texts:
        return score + 1
    begins = any(text.startswith(typed) for text in own_texts)
    return score + (0.2 if begins else 0) + 0.1 / max(len(words), 1)


# The word indexes live in the memory of each process and are refreshed before each search


class _RefreshedWordIndex:
    """Word index over `rows` that takes in whatever changed since it was last used."""

    def __init__(self, rows: Callable[[], QuerySet], texts: Callable[[QuerySet], Iterable[tuple[int, str]]]):
        self._rows, self._texts = rows, texts
        self._lock = Lock()
        self._index = WordIndex()
        self._indexed_state: tuple[int, datetime | None] = (0, None)

    def find_keys(self, words: list[str], limit: int) -> dict[int, float]:
        with self._lock:
            return self._index.find_keys(words, limit)

    def refresh(self):
        """Index what has changed; two statements that use an index if nothing has."""
        rows = self._rows()
        with self._lock:
            state = (rows.count(), rows.order_by("-updated_at").values_list("updated_at", flat=True).first())
            if state == self._indexed_state:
                return
            if last_update := self._indexed_state[1]:
                self._index_changed_rows(rows.filter(updated_at__gte=last_update - COMMIT_DELAY))
            if len(self._index.texts) != state[0] or not last_update:
                # Rows were deleted, or loaded with timestamps of their own.
                self._index = WordIndex()
                self._index_changed_rows(rows)
            self._indexed_state = state

    def _index_changed_rows(self, rows: QuerySet):
        texts: dict[int, list[str]] = {}
        for key, text in self._texts(rows):
            texts.setdefault(key, []).append(text)
        for key, row_texts in texts.items():
            self._index.set_texts(key, row_texts)


def _entity_texts(rows: QuerySet) -> Iterable[tuple[int, str]]:
    """Yield (key, text) of the names, other names, public ids and identifiers of entities."""
    keys = rows.values("pk")
    yield from rows.values_list("pk", "name").iterator()
    yield from rows.values_list("pk", "slug").iterator()
    yield from Name.objects.order_by().filter(entity__in=keys).values_list("entity", "text").iterator()
    codes = Identifier.objects.order_by().filter(entity__in=keys).exclude(scheme=IdentifierScheme.URL)
    yield from codes.values_list("entity", "value").iterator()


def _document_texts(rows: QuerySet) -> Iterable[tuple[int, str]]:
    for pk, *texts in rows.annotate(by=F("publisher__name")).values_list("pk", "title", "slug", "by").iterator():
        yield from ((pk, text) for text in texts if text)


_entity_index = _RefreshedWordIndex(lambda: Entity.objects.order_by(), _entity_texts)
_document_index = _RefreshedWordIndex(lambda: SourceDocument.objects.order_by(), _document_texts)
