"""Which entities a few records may be the same as, without reading all of the register as the finder does."""

from typing import Any

from anyascii import anyascii
from django.db.models import Q
from rapidfuzz import fuzz, process

from entities.likeness.entity_features import EntityFeatures
from entities.likeness.names import parse_name
from entities.models import Commitment, Entity, Event, Facility, Identifier, Name
from entities.vocabulary import IdentifierScheme, Kind

MAX_CANDIDATES_PER_NAME = 60
"""So many entities are compared for each name of a record."""

MIN_LETTER_SIMILARITY = 55
"""From which likeness of their letters on, 0 to 100."""

# Letters that spellings of one sound take for each other: else they would order the words of two names differently.
_INTERCHANGEABLE_LETTERS = str.maketrans("jywzcqx", "iivskks", "'’`")


class NameCatalogue:
    """All names of the entities of a kind that stand, in few Latin letters. Two queries and some 0.3 s for 100,000."""

    def __init__(self, kind: str):
        standing = Entity.objects.order_by().filter(kind=kind, merged_into__isnull=True)
        names = [*standing.values_list("pk", "name")]
        names += Name.objects.order_by().filter(entity__kind=kind, entity__merged_into__isnull=True).values_list("entity", "text")
        self._kind = kind
        self._keys = [key for key, _ in names]
        self._reduced = [_reduce_letters(name) for _, name in names]
        self._written = [name for _, name in names]

    def find_candidates(self, facts: EntityFeatures) -> set[int]:
        """Keys of the entities whose names or occasions are near those of `facts`."""
        found: set[int] = set()
        shorts, initials = set(), set()
        for name in facts.names:
            reading = parse_name(name, facts.kind)
            shorts |= {reading.short} - {""}
            initials |= {_reduce_letters(acronym) for acronym in reading.initials}
            for query in {_reduce_letters(name), _reduce_letters(" ".join(word.text for word in reading.words))}:
                for scorer in (fuzz.ratio, fuzz.token_ratio):
                    hits = process.extract(
                        query, self._reduced, scorer=scorer, limit=MAX_CANDIDATES_PER_NAME, score_cutoff=MIN_LETTER_SIMILARITY
                    )
                    found |= {self._keys[at] for _, _, at in hits}
        if initials:
            found |= {key for key, name in zip(self._keys, self._reduced, strict=True) if name in initials}
        if shorts:
            several = ((key, name) for key, name in zip(self._keys, self._written, strict=True) if " " in name)
            found |= {key for key, name in several if not parse_name(name, self._kind).initials.isdisjoint(shorts)}
        return (found | _entities_of_same_occasion(facts)) - {facts.pk}


def _reduce_letters(name: str) -> str:
    return (name if name.isascii() else anyascii(name)).casefold().translate(_INTERCHANGEABLE_LETTERS)


def _entities_of_same_occasion(facts: EntityFeatures) -> set[int]:
    """Keys of entities of the same day and place, parties and amount, operator and place, or web host."""
    of, found = facts.values, set()
    rows: list[Any] = []
    if facts.kind == Kind.EVENT and of["start"]:
        rows.append(Event.objects.filter(start__startswith=of["start"].rstrip("~?")))
    if facts.kind == Kind.FACILITY and of["operator"] and of["locality"]:
        rows.append(Facility.objects.filter(operator=of["operator"], locality=of["locality"]))
    if facts.kind == Kind.COMMITMENT and facts.givers:
        amounts = Q(announced_at=of["announced_at"]) if of["announced_at"] else Q()
        for unit in facts.amounts:
            amounts |= Q(measures__currency=unit) | Q(measures__unit=unit)
        if amounts:
            rows.append(Commitment.objects.filter(amounts, committed_by__in=facts.givers, category=of["category"]))
    for queryset in rows:
        found |= set(queryset.order_by().filter(merged_into__isnull=True).values_list("pk", flat=True)[:MAX_CANDIDATES_PER_NAME])
    for host in facts.web_hosts:
        urls = Identifier.objects.order_by().filter(scheme=IdentifierScheme.URL, value__contains=host)
        here = urls.filter(entity__kind=facts.kind, entity__merged_into__isnull=True)
        found |= set(here.values_list("entity", flat=True)[:MAX_CANDIDATES_PER_NAME])
    return found
