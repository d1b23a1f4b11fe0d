"""Addresses of admin pages that show a record, a contested field, a document's text or a quote within it."""

from django.urls import reverse

from entities.models import Entity, Relation
from sources.evidence.statements import FieldKey
from sources.models import SourceDocument, SourceQuote


def target_page_url(target: Entity | Relation) -> str:
    """Return the address of the admin page of an entity or relation."""
    return reverse(f"admin:entities_{'relation' if isinstance(target, Relation) else target.kind}_change", args=[target.pk])


def contested_field_url(field_key: FieldKey) -> str:
    """Return the address of the page that compares the statements of a field."""
    target_kind, pk = ("relation", field_key.relation) if field_key.entity is None else ("entity", field_key.entity)
    return reverse("admin:sources_contested_field", args=[target_kind, pk, field_key.field])


def document_reading_url(document_pk: int) -> str:
    """Return the address at which a document is read at the desk."""
    return reverse("admin:sources_sourcedocument_read", args=[document_pk])


def passage_reading_url(document_pk: int, start: int, end: int) -> str:
    """Return the address at which a document is read with a passage of its text selected."""
    return f"{document_reading_url(document_pk)}?at={start}#from{start}-{end}"


def quote_reading_url(quote: SourceQuote) -> str:
    """Return the address at which a quote is read within its document."""
    return f"{document_reading_url(quote.document_id)}?quote={quote.pk}#q{quote.pk}"


def failing_quotes_url(document: SourceDocument) -> str:
    """Return the address of the failing quotes of one document."""
    return f"{reverse('admin:sources_failing')}?document={document.pk}"
