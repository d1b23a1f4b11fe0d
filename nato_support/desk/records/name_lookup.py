"""Queries that find records by name, as the admin's searches do."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from entities.models import Entity, Identifier, Name
from entities.vocabulary import IdentifierScheme


def entity_keys_matching(word: str) -> QuerySet:
    """Return keys of the entities with `word` in a name, as an identifier or at the start of the slug."""
    # Each branch scans one covering index; a join of the three would read every row of the tables.
    return (Entity.objects.order_by().filter(name__icontains=word).values("pk")).union(
        Entity.objects.order_by().filter(slug__gte=word.lower(), slug__lt=word.lower() + "\uffff").values("pk"),
        Name.objects.order_by().filter(text__icontains=word).values("entity_id"),
        Identifier.objects.order_by().filter(scheme__in=IdentifierScheme.values, value=word).values("entity_id"),
        all=True,
    )


def filter_by_entity_names(queryset: QuerySet, words: str, *key_fields: str) -> QuerySet:
    """Return the rows of `queryset` for which each of `words` names an entity in one of `key_fields`."""
    for word in words.split():
        condition = Q()
        for key_field in key_fields:
            condition |= Q(**{f"{key_field}__in": entity_keys_matching(word)})
        queryset = queryset.filter(condition)
    return queryset


def order_by_name_match(queryset: QuerySet, words: str) -> QuerySet:
    """Order entities: names equal to `words` first, then names that begin with it, then shorter names."""
    equal, prefix = When(name__iexact=words, then=Value(0)), When(name__istartswith=words, then=Value(1))
    rank = Case(equal, prefix, default=Value(2), output_field=IntegerField())
    return queryset.order_by(rank, Length("name"), "name", "pk")
