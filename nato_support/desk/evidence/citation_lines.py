"""Citations as the lines of a table: the fact, the whole passage with the cited words marked, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from entities.models import Entity, Relation
from entities.vocabulary import Stance, Verification
from nato_support.desk.evidence.evidence_urls import contested_field_url, document_reading_url, quote_reading_url, target_page_url
from nato_support.desk.evidence.value_wording import stated_value_html
from sources.evidence.statements import FieldEvidence, field_key_of
from sources.models import Citation

PROVEN = (Verification.TEXT, Verification.FINGERPRINT)


@dataclass(frozen=True)
class CitationLine:
    """What one line of the table shows."""

    citation: Citation
    target_url: str
    field: str
    value: SafeString
    passage: SafeString
    passage_url: str
    document_url: str
    stance: Stance | None
    evidence: FieldEvidence | None
    """The statements on the field, where they differ."""

    @property
    def comparison_url(self) -> str:
        """Return the address of the page that compares the statements on the field."""
        return contested_field_url(field_key_of(self.citation.target, self.citation.field))

    @property
    def is_proven(self) -> bool:
        """Return whether the passage was found in its document."""
        return self.citation.quote.verification in PROVEN


def citation_line(
    citation: Citation,
    target: Entity | Relation,
    field: str,
    names: Mapping[str, str],
    *,
    stance: Stance | None = None,
    evidence: FieldEvidence | None = None,
) -> CitationLine:
    """Return the line of `citation` of `target`, whose quote and document are loaded; `field` is the label of its field."""
    quote = citation.quote
    return CitationLine(
        citation=citation,
        target_url=target_page_url(target),
        field=field,
        value=stated_value_html(target, citation.field, citation.value, names),
        passage=marked_passage(quote.exact, citation.as_stated),
        passage_url=quote_reading_url(quote),
        document_url=document_reading_url(quote.document_id),
        stance=stance,
        evidence=evidence if evidence and evidence.differs else None,
    )


def marked_passage(exact: str, as_stated: str) -> SafeString:
    """Return the whole passage on one line, with the source's words for the value marked where they first stand."""
    words, stated = " ".join(exact.split()), " ".join(as_stated.split())
    start = words.find(stated) if stated else -1
    if start < 0:
        return format_html("{}", words)
    end = start + len(stated)
    return format_html("{}<mark>{}</mark>{}", words[:start], words[start:end], words[end:])
