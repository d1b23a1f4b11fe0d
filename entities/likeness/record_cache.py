"""Values of curated records in the memory of a process: read once, then only where something changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import RLock
from typing import Generic, NamedTuple, TypeVar

from django.db.models import QuerySet
from django.utils import timezone

from entities.likeness.fuzzy_word_index import FuzzyWordIndex
from entities.models.curated import Curated

COMMIT_DELAY = timedelta(minutes=1)
"""Longest time between the timestamp of a change and the commit that makes it visible."""

Row = TypeVar("Row")


@dataclass(frozen=True, eq=False)
class CachedRows(Generic[Row]):
    """All rows by primary key, at one moment; equal to itself alone, so that what follows from it can be cached by it."""

    rows: dict[int, Row] = field(default_factory=dict)


class FoundRow(NamedTuple, Generic[Row]):
    """A row that words were found in."""

    key: int
    row: Row
    score: float


class SearchableRecordCache(Generic[Row]):
    """Rows of a curated table, with an index of their words.

    A change shows in the version of a record, which its child rows raise as well.
    """

    def __init__(
        self,
        model: type[Curated],
        read_rows: Callable[[QuerySet], dict[int, Row]],
        texts: Callable[[Row], Iterable[str]],
    ):
        self._model, self._read_rows, self._texts = model, read_rows, texts
        self._lock = RLock()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._snapshot = CachedRows[Row]()
            self._index = FuzzyWordIndex()
            self._unindexed: set[int] = set()
            self._since: datetime | None = None
            self._recent: dict[int, tuple[int, datetime]] = {}

    def refresh(self) -> CachedRows[Row]:
        """Return the rows as they are now: the same snapshot if none has changed, by two statements that use an index."""
        records = self._model._default_manager.order_by()
        with self._lock:
            recent = self._recent_changes(records) if self._since else {}
            if not self._since or not self._recent.keys() <= recent.keys():
                # Recent rows that are gone were deleted, or their transaction was taken back.
                self._read_all(records)
            else:
                if recent != self._recent:
                    changed = records.filter(updated_at__gte=self._since)
                    self._replace_rows(self._snapshot.rows | self._read_rows(changed))
                self._remember_changes(recent)
                if records.count() != len(self._snapshot.rows):
                    # Rows were deleted, or loaded with timestamps of their own.
                    self._read_all(records)
            return self._snapshot

    def find(self, words: Sequence[str], limit: int, accepts: Callable[[Row], bool] | None = None) -> list[FoundRow[Row]]:
        """Return up to `limit` rows with these words, or nearly so, as of the last refresh; the best first."""
        with self._lock:
            rows = self._snapshot.rows
            for key in self._unindexed:
                if key in rows:
                    self._index.set_texts(key, self._texts(rows[key]))
                else:
                    self._index.remove_key(key)
            self._unindexed = set()
            scores = self._index.find_keys(words, limit, (lambda key: accepts(rows[key])) if accepts else None)
            return [FoundRow(key, rows[key], score) for key, score in scores.items()]

    def _read_all(self, records: QuerySet) -> None:
        self._since = _watched_since(records.order_by("-updated_at").values_list("updated_at", flat=True).first())
        # Versions are read before the rows, so that a change in between is seen the next time.
        recent = self._recent_changes(records) if self._since else {}
        self._replace_rows(self._read_rows(records))
        self._remember_changes(recent)

    def _recent_changes(self, records: QuerySet) -> dict[int, tuple[int, datetime]]:
        """Return (version, time of the change) of the records that changed since `_since`."""
        recent = records.filter(updated_at__gte=self._since).values_list("pk", "version", "updated_at")
        return {key: (version, changed_at) for key, version, changed_at in recent}

    def _remember_changes(self, recent: dict[int, tuple[int, datetime]]) -> None:
        newest = max((changed_at for _, changed_at in recent.values()), default=None)
        self._since = _watched_since(newest)
        self._recent = {key: change for key, change in recent.items() if self._since and change[1] >= self._since}

    def _replace_rows(self, rows: dict[int, Row]) -> None:
        before = self._snapshot.rows
        changed = {key for key in before.keys() | rows.keys() if key not in before or key not in rows or before[key] != rows[key]}
        if changed:
            self._snapshot = CachedRows(rows)
            self._unindexed |= changed


def _watched_since(newest_change: datetime | None) -> datetime | None:
    """Return the time from which on changes may still appear: after the newest one known, or in transactions still open."""
    return min(newest_change, timezone.now() - COMMIT_DELAY) if newest_change else None
