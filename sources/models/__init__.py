from sources.models.citation import Citation
from sources.models.document import SourceDocument
from sources.models.document_work import DeskStep, EarlierText, ReadMark, SuggestionDecision
from sources.models.quote import SourceQuote
from sources.models.resolution import Resolution

__all__ = [
    "Citation",
    "DeskStep",
    "EarlierText",
    "ReadMark",
    "Resolution",
    "SourceDocument",
    "SourceQuote",
    "SuggestionDecision",
]
