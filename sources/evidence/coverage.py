"""What evidence there is for what the register holds, and how much of a document has been worked through."""

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

# The same text is asked for again with every quote that is taken from it.
_split_sentences_cached = lru_cache(maxsize=2)(split_sentences)

# How sources describe speakers whom they do not name. Narration, captions and bodies that speak as such are not among them.
_UNNAMED_SPEAKER = re.compile(
    r"\b(anonym\w*|unnamed|unidentified|undisclosed|not (?:be )?(?:named|identified)|officials?|sources?|insiders?|diplomats?"
    r"|aides?|advisers?|person|people)\b",
    re.IGNORECASE,
)

EXEMPT_FIELDS = frozenset({"summary", "subject", "object"})
"""Fields that need no evidence of their own: the register's words, and the ends that a relation's type joins."""

TITLED_KINDS = frozenset({Kind.COMMITMENT, Kind.EVENT})
"""Kinds whose name is a title that the register gave them."""


class EvidenceGap(TextChoices):
    """What is missing in the evidence of one field."""

    NOTHING = "nothing", "no evidence"
    FAILED = "failed", "failed quotes only"
    DRAFTS = "drafts", "drafts only"
    ANONYMOUS = "anonymous", "anonymous sources only"
    TRANSLATION = "translation", "translations only"
    ONE_PUBLISHER = "one_publisher", "one publisher only"


@dataclass(frozen=True, slots=True)
class FieldCoverage:
    """One value that a record holds, with the citations that support it."""

    field: str
    value: str
    citations: tuple[Citation, ...] = ()

    @property
    def publishers(self) -> list[str]:
        """Who published the evidence, each once; a document of which that is not known counts by its title."""
        documents = (citation.quote.document for citation in self.citations)
        return sorted({str(document.publisher or document) for document in documents})

    @property
    def gaps(self) -> list[EvidenceGap]:
        if not self.citations:
            return [EvidenceGap.NOTHING]
        quotes = [citation.quote for citation in self.citations]
        found = {
            EvidenceGap.FAILED: all(quote.verification == Verification.FAILED for quote in quotes),
            EvidenceGap.DRAFTS: all({quote.status, quote.document.status} != {Status.PUBLISHED} for quote in quotes),
            EvidenceGap.ANONYMOUS: all(is_anonymous(quote) for quote in quotes),
            EvidenceGap.TRANSLATION: all(is_translated(citation) for citation in self.citations),
            EvidenceGap.ONE_PUBLISHER: len(self.publishers) == 1,
        }
        return [gap for gap, there in found.items() if there]


@dataclass(frozen=True, slots=True)
class RecordCoverage:
    """The evidence of all that a record holds."""

    record: Entity | Relation
    fields: tuple[FieldCoverage, ...]

    @property
    def gaps(self) -> Counter[EvidenceGap]:
        """How many fields have each gap."""
        return Counter(gap for field in self.fields for gap in field.gaps)

    @property
    def urgency(self) -> tuple[int, ...]:
        """What records are sorted by: most fields without evidence first, then the lesser gaps in their order."""
        return tuple(-self.gaps[gap] for gap in EvidenceGap)


def is_anonymous(quote: Any) -> bool:
    """Whether the source names no speaker and describes one who is not to be known."""
    return quote.speaker_id is None and bool(_UNNAMED_SPEAKER.search(quote.attribution))


def coverage_of_record(record: Entity | Relation) -> RecordCoverage:
    return coverage_of_records([record])[0]


def coverage_of_records(records: Iterable[Entity | Relation]) -> list[RecordCoverage]:
    """The coverage of each of `records`, in their order: a constant number of statements for each kind among them."""
    records = list(records)
    supporting = _supporting_citations(records)
    return [
        RecordCoverage(record, tuple(_cover_fields(record, held, supporting.get(field_key_of(record, "")[:2], {}))))
        for record, held in record_field_values(records).items()
    ]


def _supporting_citations(records: Iterable[Entity | Relation]) -> dict[tuple[int | None, int | None], dict[str, list[Citation]]]:
    """The supporting citations of `records` by entity or relation, and by field."""
    relations = {record.pk for record in records if isinstance(record, Relation)}
    entities = {record.pk for record in records if isinstance(record, Entity)}
    private = ("quote__document__text", "quote__document__fingerprint")
    rows = Citation.objects.filter(stance=Stance.SUPPORTS).select_related("quote__document__publisher").defer(*private)
    found: dict[tuple[int | None, int | None], dict[str, list[Citation]]] = {}
    for about in (Q(entity__in=entities), Q(relation__in=relations)):
        for citation in rows.filter(about).order_by("pk"):
            fields = found.setdefault((citation.entity_id, citation.relation_id), {})
            fields.setdefault(citation.field, []).append(citation)
    return found


def _cover_fields(
    record: Entity | Relation, held: Iterable[FieldValue], supporting: dict[str, list[Citation]]
) -> Iterator[FieldCoverage]:
    own = EXEMPT_FIELDS | {"name"} if record_kind(record) in TITLED_KINDS else EXEMPT_FIELDS
    for field, value in held:
        found = supporting.get(field, [])
        if field in MANY_VALUED_FIELDS:
            found = [citation for citation in found if citation.value.casefold() == value.casefold()]
        if found or field not in own:
            yield FieldCoverage(field, value, tuple(found))


# Documents


@dataclass(frozen=True, slots=True)
class TextExtent:
    """So many sentences and characters of a text."""

    sentences: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class DocumentCoverage:
    """How far a document has been worked through: each sentence counts once, by the first of these that it is.

    The stretches are None where the text is not held. `marked` characters, those of its quotes, are known all the same.
    """

    facts: int
    quotes: int
    marked: int
    quoted: TextExtent | None = None
    decided: TextExtent | None = None
    read: TextExtent | None = None
    untouched: TextExtent | None = None

    @property
    def extents(self) -> dict[str, TextExtent]:
        named = {"quoted": self.quoted, "decided": self.decided, "read": self.read, "untouched": self.untouched}
        return {name: stretch for name, stretch in named.items() if stretch is not None}

    @property
    def sentences(self) -> int:
        return sum(stretch.sentences for stretch in self.extents.values())

    @property
    def touched(self) -> int:
        """Sentences that somebody quoted, decided about or read; to read and find nothing counts as much as to quote."""
        return self.sentences - (self.untouched.sentences if self.untouched else 0)

    def share_of_characters(self, name: str) -> float:
        """The share, 0 to 1, of the characters of all sentences that lies in the stretch `name`; 0 without a text."""
        whole = sum(stretch.characters for stretch in self.extents.values())
        return self.extents[name].characters / whole if whole else 0.0


def coverage_of_document(document: SourceDocument) -> DocumentCoverage:
    """What is quoted, decided and read of the text that `document` has now; marks on earlier texts do not count."""
    standing = document.quotes.exclude(verification=Verification.FAILED).order_by()
    quotes = _merge_spans(standing.values_list("start", "end"))
    known = DocumentCoverage(
        facts=Citation.objects.filter(quote__document=document).count(),
        quotes=document.quotes.count(),
        marked=sum(end - start for start, end in quotes),
    )
    if not document.text:
        return known
    states = {
        "quoted": quotes,
        "decided": _merge_spans(_spans_marked_in_text(document.suggestion_decisions, document.sha256)),
        "read": _merge_spans(_spans_marked_in_text(document.read_marks, document.sha256)),
    }
    counted: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for sentence in _split_sentences_cached(document.text):
        state = next((name for name, spans in states.items() if _overlaps_any(spans, sentence)), "untouched")
        counted[state] += 1
        characters[state] += sentence[1] - sentence[0]
    quoted, decided, read, untouched = (TextExtent(counted[name], characters[name]) for name in (*states, "untouched"))
    return replace(known, quoted=quoted, decided=decided, read=read, untouched=untouched)


def _spans_marked_in_text(rows: Any, sha256: str):
    return rows.filter(text_sha256=sha256).order_by().values_list("start", "end")


def _merge_spans(spans: Iterable[Span]) -> list[Span]:
    """The same characters as spans that do not overlap, in order."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _overlaps_any(spans: list[Span], sentence: Span) -> bool:
    """Whether one of `spans`, merged ones, shares a character with `sentence`."""
    at = bisect.bisect_right(spans, sentence[0], key=lambda span: span[1])
    return at < len(spans) and spans[at][0] < sentence[1]
