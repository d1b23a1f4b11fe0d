"""Search over all that editors work on: entities by every name, documents by title, relations by their ends, quotes by words.

It reads the working copy, for people at the desk; each sees only what they may see, and the texts of documents are not read.
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
"""The kinds that are searched, in the order in which they are listed, and their models."""

MOST_RANKED = 500
"""So many records of a sort are ranked."""
MOST_RELATION_ENDS = 100
"""So many readings of a word are tried as an end of a relation."""
MOST_WORDS = 8
"""So many words of what was typed count."""
COMMIT_DELAY = timedelta(minutes=1)
"""A change may be seen so long after the moment that it bears, because its transaction took its time."""


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One record, as a list of results shows it."""

    kind: str
    pk: int
    title: str
    status: str
    about: str = ""

    @property
    def address(self) -> str:
        return change_page_of_kind(self.kind, self.pk)


@dataclass(slots=True)
class SearchHits:
    """What was found: the results of the kind asked for, the best first, and how many there are of each kind."""

    results: list[SearchHit] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


def change_page_of_kind(kind: str, pk: int) -> str:
    """The page of a record in the admin."""
    return reverse(f"admin:{SEARCHED_MODELS[kind].replace('.', '_')}_change", args=[pk])


def visible_kinds(user: Any) -> list[str]:
    """The kinds that `user` may look at."""
    labels = {kind: label.split(".") for kind, label in SEARCHED_MODELS.items()}
    return [
        k for k, (app, model) in labels.items() if user.has_perm(f"{app}.view_{model}") or user.has_perm(f"{app}.change_{model}")
    ]


def search_working_copy(typed: str, user: Any, kind: str = "", most: int = MOST_RANKED) -> SearchHits:
    """What `user` may see of what `typed` names, of one `kind` or of all; typing errors and other scripts are forgiven."""
    words = latin_words_of(typed)[:MOST_WORDS]
    kinds = visible_kinds(user)
    answer = SearchHits()
    if not words:
        return answer
    _entity_index.refresh()
    _document_index.refresh()
    ranked: list[tuple[float, SearchHit]] = []
    for sort in (_search_entities, _search_documents, _search_relations, _search_quotes):
        for worth, found in sort(words, typed, kinds):
            answer.counts[found.kind] = answer.counts.get(found.kind, 0) + 1
            if kind in ("", found.kind):
                ranked.append((worth, found))
    ranked.sort(key=lambda pair: -pair[0])
    answer.results = [found for _, found in ranked[:most]]
    answer.counts = {kind: answer.counts[kind] for kind in SEARCHED_MODELS if kind in answer.counts}
    return answer


# One sort of record each: (words, what was typed, kinds that may be seen) -> what it is worth, what was found

RankedHits = Iterable[tuple[float, SearchHit]]


def _search_entities(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    worth = _entity_index.find(words, MOST_RANKED)
    rows = Entity.objects.order_by().filter(pk__in=worth, kind__in=kinds, merged_into=None)
    for pk, kind, name, slug, status in rows.values_list("pk", "kind", "name", "slug", "status"):
        yield _score_name_match(worth[pk] / len(words), name, slug, typed), SearchHit(kind, pk, name, status, slug)


def _search_documents(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "document" not in kinds:
        return
    worth = _document_index.find(words, MOST_RANKED)
    rows = SourceDocument.objects.order_by().filter(pk__in=worth)
    for pk, title, slug, status, publisher, day in rows.values_list(
        "pk", "title", "slug", "status", "publisher__name", "published_on"
    ):
        about = ", ".join(filter(None, (publisher, str(day or ""))))
        yield (
            _score_name_match(worth[pk] / len(words), title, slug, typed) - 0.05,
            SearchHit("document", pk, title, status, about),
        )


def _search_relations(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "relation" not in kinds:
        return
    found = Relation.objects.order_by("slug")
    for word in words:
        ends = _entity_index.find([word], MOST_RELATION_ENDS)
        found = found.filter(Q(subject__in=ends) | Q(object__in=ends))
    beginning = typed.strip().lower()
    # A word alone is a name, not the beginning of a public id.
    by_slug = Relation.objects.order_by("slug").filter(slug__startswith=beginning) if "-" in beginning else found.none()
    for rows, worth in ((by_slug, 0.9), (found.exclude(pk__in=by_slug.order_by()), 0.25)):
        named = rows.values_list("pk", "subject__name", "type__label", "object__name", "status", "role")
        for pk, subject, label, object, status, role in named[:MOST_RELATION_ENDS]:
            yield worth, SearchHit("relation", pk, f"{subject} {label} {object}", status, role)


def _search_quotes(words: list[str], typed: str, kinds: list[str]) -> RankedHits:
    if "quote" not in kinds or len(typed.strip()) < 3:
        return
    stated = Q()
    for word in typed.split()[:MOST_WORDS]:
        stated &= Q(exact__icontains=word)
    rows = SourceQuote.objects.order_by("-pk").filter(stated | Q(slug__startswith=typed.strip().lower()))
    for pk, exact, status, title in rows.values_list("pk", "exact", "status", "document__title")[:MOST_RELATION_ENDS]:
        yield 0.2, SearchHit("quote", pk, f"“{exact if len(exact) <= 160 else exact[:159] + '…'}”", status, title)


def _score_name_match(worth: float, name: str, slug: str, typed: str) -> float:
    """What a match is worth, more if the name or the public id is what was typed, or begins so, and if it says little else."""
    words = latin_words_of(name)
    typed, ours = " ".join(latin_words_of(typed)), (" ".join(words), slug.replace("-", " "))
    if typed in ours:
        return worth + 1
    begins = any(one.startswith(typed) for one in ours)
    return worth + (0.2 if begins else 0) + 0.1 / max(len(words), 1)


# The words in memory: of each process its own, brought up to date before each search


class _RefreshedWordIndex:
    """An index of the words of `rows`, which takes in what has changed since it was last asked."""

    def __init__(self, rows: Callable[[], QuerySet], texts: Callable[[QuerySet], Iterable[tuple[int, str]]]):
        self._rows, self._texts = rows, texts
        self._lock = Lock()
        self._index = WordIndex()
        self._stamp: tuple[int, datetime | None] = (0, None)

    def find(self, words: list[str], most: int) -> dict[int, float]:
        with self._lock:
            return self._index.find(words, most)

    def refresh(self):
        """Takes in what has changed. Two statements that follow an index each, if nothing has."""
        rows = self._rows()
        with self._lock:
            stamp = (rows.count(), rows.order_by("-updated_at").values_list("updated_at", flat=True).first())
            if stamp == self._stamp:
                return
            if since := self._stamp[1]:
                self._index_changed_rows(rows.filter(updated_at__gte=since - COMMIT_DELAY))
            if len(self._index.texts) != stamp[0] or not since:
                # Something is gone, or was loaded with a date of its own.
                self._index = WordIndex()
                self._index_changed_rows(rows)
            self._stamp = stamp

    def _index_changed_rows(self, rows: QuerySet):
        texts: dict[int, list[str]] = {}
        for key, text in self._texts(rows):
            texts.setdefault(key, []).append(text)
        for key, given in texts.items():
            self._index.put(key, given)


def _entity_texts(rows: QuerySet) -> Iterable[tuple[int, str]]:
    """What entities are called: their names, other names, public ids and identifiers."""
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
