from sources.models.citation import Citation
from sources.models.document import SourceDocument
from sources.models.quote import SourceQuote
from sources.models.resolution import Resolution

__all__ = ["Citation", "Resolution", "SourceDocument", "SourceQuote"]
