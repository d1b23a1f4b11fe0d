"""Coverage: the evidence for each value in the register, and how far a document has been worked through."""

import bisect
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db.models import Q, TextChoices

from entities.citable import MANY_VALUED_FIELDS, record_kind
from entities.field_values import FieldValue, record_field_values
from entities.models import Entity, Relation
from entities.vocabulary import Kind, Stance, Status, Verification
from sources.evidence.statement_differences import is_translated
from sources.evidence.statements import field_key_of
from sources.models import Citation, SourceDocument
from sources.sentence_splitting import Span, split_sentences

# The same text is split again after every quote that is taken from it.
_split_sentences_cached = lru_cache(maxsize=2)(split_sentences)

# Descriptions of speakers whom the source does not name. Narration, captions and bodies that speak as such do not match.
_UNNAMED_SPEAKER = re.compile(
    r"\b(anonym\w*|unnamed|unidentified|undisclosed|not (?:be )?(?:named|identified)|officials?|sources?|insiders?|diplomats?"
    r"|aides?|advisers?|person|people)\b",
    re.IGNORECASE,
)

EXEMPT_FIELDS = frozenset({"summary", "subject", "object"})
"""Fields that need no evidence of their own: the register's own words, and the two parties of a relation."""

TITLED_KINDS = frozenset({Kind.COMMITMENT, Kind.EVENT})
"""Kinds whose name is a title given by the register."""


class EvidenceGap(TextChoices):
    """Gap in the evidence of one field."""

    NOTHING = "nothing", "no evidence"
    FAILED = "failed", "failed quotes only"
    DRAFTS = "drafts", "drafts only"
    ANONYMOUS = "anonymous", "anonymous sources only"
    TRANSLATION = "translation", "translations only"
    ONE_PUBLISHER = "one_publisher", "one publisher only"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """Value of a field, with the citations that support it."""

    field: str
    value: str
    citations: tuple[Citation, ...] = ()

    @property
    def publishers(self) -> list[str]:
        """Return the publishers of the evidence, each once; a document without one counts by its title."""
        documents = (citation.quote.document for citation in self.citations)
        return sorted({str(document.publisher or document) for document in documents})

    @property
    def gaps(self) -> list[EvidenceGap]:
        """Return the gaps in the evidence of the value; only NOTHING if there is none."""
        if not self.citations:
            return [EvidenceGap.NOTHING]
        quotes = [citation.quote for citation in self.citations]
        applies = {
            EvidenceGap.FAILED: all(quote.verification == Verification.FAILED for quote in quotes),
            EvidenceGap.DRAFTS: all({quote.status, quote.document.status} != {Status.PUBLISHED} for quote in quotes),
            EvidenceGap.ANONYMOUS: all(is_anonymous(quote) for quote in quotes),
            EvidenceGap.TRANSLATION: all(is_translated(citation) for citation in self.citations),
            EvidenceGap.ONE_PUBLISHER: len(self.publishers) == 1,
        }
        return [gap for gap, present in applies.items() if present]


@dataclass(frozen=True, slots=True)
class RecordCoverage:
    """Evidence of all values of one record."""

    record: Entity | Relation
    fields: tuple[FieldCoverage, ...]

    @property
    def gaps(self) -> Counter[EvidenceGap]:
        """Return the number of fields with each gap."""
        return Counter(gap for field in self.fields for gap in field.gaps)

    @property
    def urgency(self) -> tuple[int, ...]:
        """Return a sort key: most fields without evidence first, then the lesser gaps in their order."""
        return tuple(-self.gaps[gap] for gap in EvidenceGap)


def is_anonymous(quote: Any) -> bool:
    """Return whether the source names no speaker and describes one who is not to be known."""
    return quote.speaker_id is None and bool(_UNNAMED_SPEAKER.search(quote.attribution))


def coverage_of_record(record: Entity | Relation) -> RecordCoverage:
    """Return the coverage of one record."""
    return coverage_of_records([record])[0]


def coverage_of_records(records: Iterable[Entity | Relation]) -> list[RecordCoverage]:
    """Return the coverage of each of `records` in their order, with a constant number of queries for each kind of record."""
    records = list(records)
    supporting = _supporting_citations(records)
    return [
        RecordCoverage(record, tuple(_cover_fields(record, values, supporting.get(field_key_of(record, "")[:2], {}))))
        for record, values in record_field_values(records).items()
    ]


def _supporting_citations(records: Iterable[Entity | Relation]) -> dict[tuple[int | None, int | None], dict[str, list[Citation]]]:
    """Return the supporting citations of `records` by entity or relation, and by field."""
    relations = {record.pk for record in records if isinstance(record, Relation)}
    entities = {record.pk for record in records if isinstance(record, Entity)}
    private = ("quote__document__text", "quote__document__fingerprint")
    citations = Citation.objects.filter(stance=Stance.SUPPORTS).select_related("quote__document__publisher").defer(*private)
    by_target: dict[tuple[int | None, int | None], dict[str, list[Citation]]] = {}
    for condition in (Q(entity__in=entities), Q(relation__in=relations)):
        for citation in citations.filter(condition).order_by("pk"):
            fields = by_target.setdefault((citation.entity_id, citation.relation_id), {})
            fields.setdefault(citation.field, []).append(citation)
    return by_target


def _cover_fields(
    record: Entity | Relation, values: Iterable[FieldValue], supporting: dict[str, list[Citation]]
) -> Iterator[FieldCoverage]:
    exempt = EXEMPT_FIELDS | {"name"} if record_kind(record) in TITLED_KINDS else EXEMPT_FIELDS
    for field, value in values:
        citations = supporting.get(field, [])
        if field in MANY_VALUED_FIELDS:
            citations = [citation for citation in citations if citation.value.casefold() == value.casefold()]
        if citations or field not in exempt:
            yield FieldCoverage(field, value, tuple(citations))


# Documents


@dataclass(frozen=True, slots=True)
class TextExtent:
    """Number of sentences and characters in a part of a text."""

    sentences: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
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


def coverage_of_document(document: SourceDocument) -> DocumentCoverage:
    """Return what is quoted, decided and read of the document's present text; marks on earlier texts do not count."""
    valid_quotes = document.quotes.exclude(verification=Verification.FAILED).order_by()
    quote_spans = _merge_spans(valid_quotes.values_list("start", "end"))
    known = DocumentCoverage(
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
