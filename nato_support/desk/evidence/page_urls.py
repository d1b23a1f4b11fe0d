"""Where in the admin a record, a field whose sources differ, and a quote in its document are shown."""

from django.urls import reverse

from entities.models import Relation
from sources.evidence.statements import FieldKey
from sources.models import SourceQuote


def target_page_url(target) -> str:
    """The page in the admin of an entity or relation."""
    return reverse(f"admin:entities_{'relation' if isinstance(target, Relation) else target.kind}_change", args=[target.pk])


def contested_field_url(place: FieldKey) -> str:
    """The address of the page where the statements of a field stand side by side."""
    sort, pk = ("relation", place.relation) if place.entity is None else ("entity", place.entity)
    return reverse("admin:sources_contested_field", args=[sort, pk, place.field])


def quote_reading_url(quote: SourceQuote) -> str:
    """Where the quote is read in its document."""
    read = reverse("admin:sources_sourcedocument_read", args=[quote.document_id])
    return f"{read}?quote={quote.pk}#q{quote.pk}"
