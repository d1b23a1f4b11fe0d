"""The ready reference of a quote: what a reader needs to find it again."""

from entities.formatting import format_partial_date
from sources.models import SourceQuote


def cite_quote(quote: SourceQuote) -> str:
    """Return one line that cites `quote`, whose document and publisher are loaded.

    “Arcadian Courier, “Arcadia to give kites”, 9 July 2024, p. 3, https://courier.example/kites/ (retrieved 1 August 2024)”; what
    is not known is left out.
    """
    document = quote.document
    parts = [
        document.publisher.name if document.publisher else "",
        f"“{document.title}”",
        format_partial_date(document.published_on),
        f"p. {quote.page}" if quote.page else "",
        document.url or document.archived_url,
    ]
    retrieved = f" (retrieved {format_partial_date(document.retrieved_on)})" if document.retrieved_on else ""
    return f"{', '.join(filter(None, parts))}{retrieved}"
