"""Models of sources: documents, quotes, citations, resolutions, and the private record of an editor's work on a text."""

from sources.models.capture_step import CaptureStep
from sources.models.citation import Citation
from sources.models.document import SourceDocument
from sources.models.earlier_text import EarlierText
from sources.models.quote import SourceQuote
from sources.models.read_mark import ReadMark
from sources.models.resolution import Resolution
from sources.models.suggestion_decision import SuggestionDecision

__all__ = [
    "Citation",
    "CaptureStep",
    "EarlierText",
    "ReadMark",
    "Resolution",
    "SourceDocument",
    "SourceQuote",
    "SuggestionDecision",
]
