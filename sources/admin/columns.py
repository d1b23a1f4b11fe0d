"""Counts that lists show; each is found for the rows of one page only."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sources.models import Citation, SourceQuote


def _number(rows: QuerySet, of: str) -> Coalesce:
    counted = rows.filter(**{of: OuterRef("pk")}).order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def number_of_citations(of: str) -> Coalesce:
    """How many citations point at the row by their foreign key `of`."""
    return _number(Citation.objects.all(), of)


def number_of_quotes() -> Coalesce:
    return _number(SourceQuote.objects.all(), "document")
