"""Search over the working copy: entities by all their names, documents by title, relations by party, quotes by words.

Each user finds only what they may see. The texts of documents are not searched.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse

from entities.likeness.record_cache import SearchableRecordCache
from entities.likeness.register_names import register_names
from entities.models import Entity, Relation
from entities.vocabulary import Kind
from nato_support.desk.records.name_lookup import MOST_WORDS, add_name_match_bonus, find_and_score_entities_by_name, query_words
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
    words = query_words(typed)
    kinds = visible_kinds(user)
    hits = SearchHits()
    if not words:
        return hits
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


# A function for each model: (words, typed text, visible kinds) -> (score, hit)

RankedHits = Iterable[tuple[float, SearchHit]]


def _search_entities(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    scores = find_and_score_entities_by_name(typed, lambda entity: entity.kind in kinds and not entity.is_merged, MOST_RANKED)
    rows = Entity.objects.order_by().filter(pk__in=scores, kind__in=kinds, merged_into=None)
    for pk, kind, name, slug, status in rows.values_list("pk", "kind", "name", "slug", "status"):
        yield scores[pk], SearchHit(kind, pk, name, status, slug)


def _search_documents(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "document" not in kinds:
        return
    _document_texts.refresh()
    hits = {hit.key: hit for hit in _document_texts.find(words, MOST_RANKED)}
    rows = SourceDocument.objects.order_by().filter(pk__in=hits)
    for pk, title, slug, status, publisher, day in rows.values_list(
        "pk", "title", "slug", "status", "publisher__name", "published_on"
    ):
        score = add_name_match_bonus(hits[pk].score / len(words), title, slug, typed) - 0.05
        yield score, SearchHit("document", pk, title, status, ", ".join(filter(None, (publisher, str(day or "")))))


def _search_relations(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "relation" not in kinds:
        return
    by_party = Relation.objects.order_by("slug")
    for word in words:
        # The names are as fresh as for the entities, which are searched first.
        ends = [hit.key for hit in register_names.find([word], MOST_RELATION_ENDS)]
        by_party = by_party.filter(Q(subject__in=ends) | Q(object__in=ends))
    slug_prefix = typed.strip().lower()
    # A single word is a name, not the start of a public id.
    by_slug = Relation.objects.order_by("slug").filter(slug__startswith=slug_prefix) if "-" in slug_prefix else by_party.none()
    for rows, score in ((by_slug, 0.9), (by_party.exclude(pk__in=by_slug.order_by()), 0.25)):
        for row in rows.select_related("type", "subject", "object")[:MOST_RELATION_ENDS]:
            yield score, SearchHit("relation", row.pk, str(row), row.status, row.role)


def _search_quotes(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "quote" not in kinds or len(typed.strip()) < 3:
        return
    all_words = Q()
    for word in typed.split()[:MOST_WORDS]:
        all_words &= Q(exact__icontains=word)
    rows = SourceQuote.objects.order_by("-pk").filter(all_words | Q(slug__startswith=typed.strip().lower()))
    for pk, exact, status, title in rows.values_list("pk", "exact", "status", "document__title")[:MOST_RELATION_ENDS]:
        yield 0.2, SearchHit("quote", pk, f"“{exact if len(exact) <= 160 else exact[:159] + '…'}”", status, title)


# Documents are held in the memory of each process, as the names of entities are


class _DocumentTexts(NamedTuple):
    title: str
    slug: str
    publisher: str


def _read_document_texts(documents: QuerySet) -> dict[int, _DocumentTexts]:
    columns = documents.values_list("pk", "title", "slug", "publisher__name")
    return {key: _DocumentTexts(title, slug, publisher or "") for key, title, slug, publisher in columns.iterator()}


_document_texts = SearchableRecordCache(SourceDocument, _read_document_texts, texts=lambda document: document)
