from sources.models.citation import Citation
from sources.models.desk import DeskStep, EarlierText, ReadMark, SuggestionDecision
from sources.models.document import SourceDocument
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
