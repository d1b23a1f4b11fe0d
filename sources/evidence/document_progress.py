"""Progress on the text of a document: sentences quoted, decided about, read and untouched."""

import bisect
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from entities.vocabulary import Verification
from sources.models import Citation, SourceDocument
from sources.sentence_splitting import Span, split_sentences

# The same text is split again after every quote that is taken from it.
_split_sentences_cached = lru_cache(maxsize=2)(split_sentences)


@dataclass(frozen=True, slots=True)
class TextExtent:
    """Number of sentences and characters in a part of a text."""

    sentences: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class DocumentProgress:
    """Progress on a document: each sentence counts once, in the first of the four extents that it belongs to.

    The extents are None where the text is not stored. `marked_characters`, those within quotes, are known all the same.
    """

    facts: int
    quotes: int
    marked_characters: int
    quoted: TextExtent | None = None
    decided: TextExtent | None = None
    read: TextExtent | None = None
    untouched: TextExtent | None = None

    @property
    def extents(self) -> dict[str, TextExtent]:
        """Return the known extents by name."""
        extents = {"quoted": self.quoted, "decided": self.decided, "read": self.read, "untouched": self.untouched}
        return {name: extent for name, extent in extents.items() if extent is not None}

    @property
    def sentences(self) -> int:
        """Return the number of sentences of the text."""
        return sum(extent.sentences for extent in self.extents.values())

    @property
    def touched(self) -> int:
        """Return the number of sentences quoted, decided about or read; reading without a find counts as much as quoting."""
        return self.sentences - (self.untouched.sentences if self.untouched else 0)

    def share_of_characters(self, name: str) -> float:
        """Return the share, 0 to 1, of all sentences' characters that lies in the extent `name`; 0 without a text."""
        total = sum(extent.characters for extent in self.extents.values())
        return self.extents[name].characters / total if total else 0.0


def progress_on_document(document: SourceDocument) -> DocumentProgress:
    """Return what is quoted, decided and read of the document's present text; marks on earlier texts do not count."""
    valid_quotes = document.quotes.exclude(verification=Verification.FAILED).order_by()
    quote_spans = _merge_spans(valid_quotes.values_list("start", "end"))
    known = DocumentProgress(
        facts=Citation.objects.filter(quote__document=document).count(),
        quotes=document.quotes.count(),
        marked_characters=sum(end - start for start, end in quote_spans),
    )
    if not document.text:
        return known
    spans_by_state = {
        "quoted": quote_spans,
        "decided": _merge_spans(_spans_marked_in_text(document.suggestion_decisions, document.sha256)),
        "read": _merge_spans(_spans_marked_in_text(document.read_marks, document.sha256)),
    }
    sentences: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for sentence in _split_sentences_cached(document.text):
        state = next((name for name, spans in spans_by_state.items() if _overlaps_any(spans, sentence)), "untouched")
        sentences[state] += 1
        characters[state] += sentence[1] - sentence[0]
    quoted, decided, read, untouched = (TextExtent(sentences[name], characters[name]) for name in (*spans_by_state, "untouched"))
    return replace(known, quoted=quoted, decided=decided, read=read, untouched=untouched)


def _spans_marked_in_text(rows: Any, sha256: str):
    return rows.filter(text_sha256=sha256).order_by().values_list("start", "end")


def _merge_spans(spans: Iterable[Span]) -> list[Span]:
    """Return the same characters as ordered spans that do not overlap."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _overlaps_any(merged_spans: list[Span], span: Span) -> bool:
    """Return whether one of `merged_spans` shares a character with `span`."""
    index = bisect.bisect_right(merged_spans, span[0], key=lambda merged: merged[1])
    return index < len(merged_spans) and merged_spans[index][0] < span[1]
