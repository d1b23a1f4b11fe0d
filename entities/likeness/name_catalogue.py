"""Catalogue of all names of a kind, to find candidate duplicates of a few records without comparing all entities."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django.db.models import Q
from rapidfuzz import fuzz, process

from entities.likeness.entity_features import EntityFeatures
from entities.likeness.latin_words import latin_words
from entities.likeness.parsed_names import parse_name
from entities.likeness.record_cache import CachedRows
from entities.likeness.register_names import EntityNames, register_names
from entities.models import Commitment, Event, Facility, Identifier
from entities.vocabulary import IdentifierScheme, Kind

MAX_CANDIDATES_PER_NAME = 60
"""Maximum number of candidates per name of a record."""

MIN_LETTER_SIMILARITY = 55
"""Minimum similarity of letters for a candidate, 0 to 100."""

# Letters that different spellings interchange: otherwise the words of two names would sort differently.
_INTERCHANGEABLE_LETTERS = str.maketrans("jywzcqx", "iivskks")


class NameCatalogue:
    """All names of the unmerged entities of a kind, in reduced Latin letters."""

    def __init__(self, entities: Mapping[int, EntityNames], kind: str):
        names = [
            (key, name)
            for key, entity in sorted(entities.items())
            if entity.kind == kind and not entity.is_merged
            for name in (entity.name, *entity.other_names)
        ]
        self._kind = kind
        self._keys = [key for key, _ in names]
        self._reduced = [_reduce_letters(name) for _, name in names]
        self._written = [name for _, name in names]

    @staticmethod
    def of_register(kind: str) -> "NameCatalogue":
        """Return the catalogue of the working copy; built anew only after a change of names."""
        return _catalogue_of_snapshot(register_names.refresh(), kind)

    def find_candidates(self, features: EntityFeatures) -> set[int]:
        """Return the primary keys of entities with similar names or the same occasion."""
        candidates: set[int] = set()
        acronyms, initials = set(), set()
        for name in features.names:
            parsed = parse_name(name, features.kind)
            acronyms |= {parsed.short} - {""}
            initials |= {_reduce_letters(acronym) for acronym in parsed.initials}
            for query in {_reduce_letters(name), _reduce_letters(" ".join(word.text for word in parsed.words))}:
                for scorer in (fuzz.ratio, fuzz.token_ratio):
                    hits = process.extract(
                        query, self._reduced, scorer=scorer, limit=MAX_CANDIDATES_PER_NAME, score_cutoff=MIN_LETTER_SIMILARITY
                    )
                    candidates |= {self._keys[index] for _, _, index in hits}
        if initials:
            candidates |= {key for key, name in zip(self._keys, self._reduced, strict=True) if name in initials}
        if acronyms:
            multi_word_names = ((key, name) for key, name in zip(self._keys, self._written, strict=True) if " " in name)
            candidates |= {
                key for key, name in multi_word_names if not parse_name(name, self._kind).initials.isdisjoint(acronyms)
            }
        return (candidates | _entities_sharing_facts(features)) - {features.pk}


@lru_cache(maxsize=len(Kind))
def _catalogue_of_snapshot(snapshot: CachedRows[EntityNames], kind: str) -> NameCatalogue:
    return NameCatalogue(snapshot.rows, kind)


@lru_cache(maxsize=1 << 17)
def _reduce_letters(name: str) -> str:
    return " ".join(latin_words(name)).translate(_INTERCHANGEABLE_LETTERS)


def _entities_sharing_facts(features: EntityFeatures) -> set[int]:
    """Return the primary keys of entities with the same day and place, parties and amount, operator and place, or web host."""
    values, keys = features.values, set()
    querysets: list[Any] = []
    if features.kind == Kind.EVENT and values["start"]:
        querysets.append(Event.objects.filter(start__startswith=values["start"].rstrip("~?")))
    if features.kind == Kind.FACILITY and values["operator"] and values["locality"]:
        querysets.append(Facility.objects.filter(operator=values["operator"], locality=values["locality"]))
    if features.kind == Kind.COMMITMENT and features.committed_by:
        amounts = Q(announced_at=values["announced_at"]) if values["announced_at"] else Q()
        for unit in features.amounts:
            amounts |= Q(measures__currency=unit) | Q(measures__unit=unit)
        if amounts:
            querysets.append(
                Commitment.objects.filter(amounts, committed_by__in=features.committed_by, category=values["category"])
            )
    for queryset in querysets:
        keys |= set(queryset.order_by().filter(merged_into__isnull=True).values_list("pk", flat=True)[:MAX_CANDIDATES_PER_NAME])
    for host in features.web_hosts:
        urls = Identifier.objects.order_by().filter(scheme=IdentifierScheme.URL, value__contains=host)
        of_kind = urls.filter(entity__kind=features.kind, entity__merged_into__isnull=True)
        keys |= set(of_kind.values_list("entity", flat=True)[:MAX_CANDIDATES_PER_NAME])
    return keys
