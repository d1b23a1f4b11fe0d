"""How the admin finds records by what they are called."""

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Length

from entities.models import Entity, Identifier, Name
from entities.vocabulary import IdentifierScheme


def entity_keys_matching(word: str) -> QuerySet:
    """Keys of the entities with `word` in their name or another name, as an identifier or at the start of their slug."""
    # Each branch reads one covering index from end to end; a join of the three would read every row of the tables.
    return (Entity.objects.order_by().filter(name__icontains=word).values("pk")).union(
        Entity.objects.order_by().filter(slug__gte=word.lower(), slug__lt=word.lower() + "\uffff").values("pk"),
        Name.objects.order_by().filter(text__icontains=word).values("entity_id"),
        Identifier.objects.order_by().filter(scheme__in=IdentifierScheme.values, value=word).values("entity_id"),
        all=True,
    )


def filter_by_entity_names(queryset: QuerySet, words: str, *ends: str) -> QuerySet:
    """Rows of `queryset` for which each of `words` names one of `ends`, fields that hold the key of an entity."""
    for word in words.split():
        found = Q()
        for end in ends:
            found |= Q(**{f"{end}__in": entity_keys_matching(word)})
        queryset = queryset.filter(found)
    return queryset


def order_by_name_match(queryset: QuerySet, words: str) -> QuerySet:
    """Entities called exactly `words` first, then those whose name starts so, then the shorter names."""
    exactly, at_the_start = When(name__iexact=words, then=Value(0)), When(name__istartswith=words, then=Value(1))
    rank = Case(exactly, at_the_start, default=Value(2), output_field=IntegerField())
    return queryset.order_by(rank, Length("name"), "name", "pk")
