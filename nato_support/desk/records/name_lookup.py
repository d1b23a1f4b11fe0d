"""Entities by name: ranked, from the memory of this process, and as conditions of the lists, which have no limit."""

from collections.abc import Callable

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from entities.likeness.latin_words import latin_words, prefix_rank
from entities.likeness.register_names import EntityNames, register_names
from entities.models import Entity, Identifier, Name
from entities.vocabulary import IdentifierScheme, NameKind

MOST_WORDS = 8
"""Words of a query that count."""
MOST_LISTED = 200
"""Entities that are ranked for a choice: ten pages of an autocomplete."""


def entity_keys_matching(word: str) -> QuerySet:
    """Return keys of the entities with `word` in a name, as an identifier or at the start of the slug."""
    # Each branch scans one covering index; a join of the three would read every row of the tables.
    return (Entity.objects.order_by().filter(name__icontains=word).values("pk")).union(
        Entity.objects.order_by().filter(slug__gte=word.lower(), slug__lt=word.lower() + "\uffff").values("pk"),
        Name.objects.order_by().exclude(kind=NameKind.MENTION).filter(text__icontains=word).values("entity_id"),
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


def query_words(typed: str) -> list[str]:
    """Return the words of a query that count, in Latin letters."""
    return latin_words(typed)[:MOST_WORDS]


def find_and_score_entities_by_name(
    typed: str, accepts: Callable[[EntityNames], bool] | None = None, limit: int = MOST_LISTED
) -> dict[int, float]:
    """Return the primary keys of up to `limit` accepted entities that `typed` names -> score, the best first.

    Tolerates typing errors, other scripts and missing accents.
    """
    words = query_words(typed)
    if not words:
        return {}
    register_names.refresh()
    hits = register_names.find(words, limit, accepts)
    scores = {hit.key: add_name_match_bonus(hit.score / len(words), hit.row.name, hit.row.slug, typed) for hit in hits}
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


def add_name_match_bonus(score: float, name: str, slug: str, typed: str) -> float:
    """Raise the score if the name or public id is what was typed, or begins with it, and if it is short."""
    words, typed_words = latin_words(name), latin_words(typed)
    rank = min(prefix_rank(words, typed_words), prefix_rank(slug.split("-"), typed_words))
    return score + 1 if rank == 0 else score + (0.2 if rank == 1 else 0) + 0.1 / max(len(words), 1)


def limit_to_best_name_matches(queryset: QuerySet, typed: str) -> QuerySet:
    """Return the entities of `queryset` that `typed` names, at most MOST_LISTED, none of them merged; the best first."""
    kind = getattr(queryset.model, "KIND", None)
    keys = find_and_score_entities_by_name(typed, lambda entity: not entity.is_merged and kind in (None, entity.kind))
    position = Case(*(When(pk=key, then=Value(at)) for at, key in enumerate(keys)), default=Value(0), output_field=IntegerField())
    return queryset.filter(pk__in=keys).order_by(position, "pk")
