"""Names of the working copy's entities, in the memory of each process: for the desk's searches, texts and duplicates.

Drafts are among them. What the public may find is in the index of live editions alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import QuerySet

from entities.likeness.record_cache import SearchableRecordCache
from entities.models import Entity, Identifier, Name, Person
from entities.vocabulary import IdentifierScheme, NameKind, Status


class EntityNames(NamedTuple):
    """All that an entity is called or identified by."""

    kind: str
    slug: str
    name: str
    other_names: tuple[str, ...] = ()
    given_name: str = ""
    family_name: str = ""
    identifiers: tuple[str, ...] = ()
    """Without web addresses."""
    is_merged: bool = False
    is_withdrawn: bool = False


def _read_entity_names(entities: QuerySet) -> dict[int, EntityNames]:
    keys = entities.values("pk")
    other_names: dict[int, list[str]] = defaultdict(list)
    # A mention is how one text refers to something: searched for, it would lead to this record from everywhere.
    names = Name.objects.filter(entity__in=keys).exclude(kind=NameKind.MENTION).order_by("pk")
    for key, text in names.values_list("entity", "text").iterator():
        other_names[key].append(text)
    identifiers: dict[int, list[str]] = defaultdict(list)
    codes = Identifier.objects.filter(entity__in=keys).exclude(scheme=IdentifierScheme.URL)
    for key, value in codes.order_by("pk").values_list("entity", "value").iterator():
        identifiers[key].append(value)
    people = Person.objects.filter(pk__in=keys).order_by().values_list("pk", "given_name", "family_name")
    names_of_people = {key: (given_name, family_name) for key, given_name, family_name in people.iterator()}
    columns = entities.order_by("pk").values_list("pk", "kind", "slug", "name", "merged_into", "status")
    return {
        key: EntityNames(
            kind,
            slug,
            name,
            tuple(other_names.get(key, ())),
            *names_of_people.get(key, ("", "")),
            tuple(identifiers.get(key, ())),
            is_merged=survivor is not None,
            is_withdrawn=status == Status.WITHDRAWN,
        )
        for key, kind, slug, name, survivor, status in columns.iterator()
    }


def _searchable_texts(entity: EntityNames) -> Iterable[str]:
    return (entity.name, entity.slug, *entity.other_names, *entity.identifiers)


register_names = SearchableRecordCache(Entity, _read_entity_names, _searchable_texts)
