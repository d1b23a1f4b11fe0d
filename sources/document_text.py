"""Text of a document, with all that the register keeps of it where the text itself is not stored."""

from typing import Any

from sources.fingerprint import make_fingerprint, text_hash
from sources.models import SourceDocument
from sources.page_numbers import find_page_breaks
from sources.quotation_share import count_words, find_speech_spans


def values_made_from_text(text: str) -> dict[str, Any]:
    """Return hash, fingerprint, number of words, quotation marks and page breaks of a text, by field of the document."""
    return {
        "sha256": text_hash(text),
        "fingerprint": make_fingerprint(text),
        "word_count": count_words(text),
        "speech_spans": find_speech_spans(text),
        "page_breaks": find_page_breaks(text),
    }


def set_document_text(document: SourceDocument, text: str) -> None:
    """Set the text of a document and all that is made from it, without saving."""
    document.text = text
    for name, value in values_made_from_text(text).items():
        setattr(document, name, value)
