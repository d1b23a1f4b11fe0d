"""Annotations that count related citations and quotes for the rows of a list."""

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from sources.models import Citation, SourceQuote


def citation_count_annotation(foreign_key: str) -> Coalesce:
    """Count the citations that point at a row by `foreign_key`: entity, relation or quote."""
    return _related_count(Citation.objects.all(), foreign_key)


def quote_count_annotation() -> Coalesce:
    """Count the quotes of a document."""
    return _related_count(SourceQuote.objects.all(), "document")


def _related_count(rows: QuerySet, foreign_key: str) -> Coalesce:
    matching = rows.filter(**{foreign_key: OuterRef("pk")}).order_by()
    counted = matching.values(foreign_key).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
