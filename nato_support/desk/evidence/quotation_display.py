"""Share of a document's words that its quotes show, as the pages of the desk display it."""

from typing import Any

from django.template.loader import render_to_string

from nato_support.publishing.quotation_limit import quotation_of_documents
from sources.models import SourceDocument
from sources.quotation_share import MAX_SHARE


def quotation_context(document: SourceDocument) -> dict[str, Any]:
    """Return what the template `quotation_share.html` needs."""
    return {"quotation": quotation_of_documents([document])[0], "limit": f"{100 * MAX_SHARE:.0f}"}


def quotation_share_html(document: SourceDocument) -> str:
    """Render the share of a document's words that its quotes show, beside the limit."""
    return render_to_string("desk/evidence/quotation_share.html", quotation_context(document))
