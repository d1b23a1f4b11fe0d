"""Counts that lists show; each is found for the rows of one page only."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sources.models import Citation, SourceQuote


def _related_count(rows: QuerySet, of: str) -> Coalesce:
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def citation_count_annotation(of: str) -> Coalesce:
    """How many citations point at the row by their foreign key `of`."""
    return _related_count(Citation.objects.all(), of)


def quote_count_annotation() -> Coalesce:
    return _related_count(SourceQuote.objects.all(), "document")
