"""Basis of a field: how many documents and independent utterances its citations come from, and how that limits their weight."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from entities.vocabulary import BasisLimit, Fidelity
from sources.evidence.common_origins import group_by_origin

# Descriptions of speakers whom the source does not name. Narration, captions and bodies that speak as such do not match.
_UNNAMED_SPEAKER = re.compile(
    r"\b(anonym\w*|unnamed|unidentified|undisclosed|not (?:be )?(?:named|identified)|officials?|sources?|insiders?|diplomats?"
    r"|aides?|advisers?|person|people)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class EvidenceBasis:
    """Documents and independent utterances that citations come from, and the limits that this sets."""

    documents: int
    utterances: int
    """Of the wordings of one utterance, or repetitions of one passage, only one counts."""
    limits: tuple[BasisLimit, ...]


def basis_of_citations(citations: Sequence[Any]) -> EvidenceBasis:
    """Return the basis of `citations`, model rows or their rendered counterparts."""
    documents = {citation.quote.document.slug for citation in citations}
    utterances = len(group_by_origin(citations))
    applies = {
        BasisLimit.ONE_DOCUMENT: len(documents) == 1,
        BasisLimit.ONE_UTTERANCE: utterances == 1,
        BasisLimit.ONE_PUBLISHER: len(publishers_of(citations)) == 1,
        BasisLimit.ANONYMOUS: bool(citations) and all(is_anonymous(citation.quote) for citation in citations),
        BasisLimit.TRANSLATION: bool(citations) and all(is_translated(citation) for citation in citations),
    }
    return EvidenceBasis(len(documents), utterances, tuple(limit for limit, present in applies.items() if present))


def publishers_of(citations: Sequence[Any]) -> list[str]:
    """Return the publishers of the evidence, each once; a document without one counts by its title."""
    documents = (citation.quote.document for citation in citations)
    return sorted({str(document.publisher or document) for document in documents})


def is_anonymous(quote: Any) -> bool:
    """Return whether the source names no speaker and describes one who is not to be known."""
    return bool(_UNNAMED_SPEAKER.search(quote.attribution)) and not quote.speaker_keys


def is_translated(citation: Any) -> bool:
    """Return whether the words of the quote are not those originally spoken or written."""
    return citation.quote.fidelity != Fidelity.ORIGINAL or bool(citation.quote.document.translated_from)
