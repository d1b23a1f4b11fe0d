"""Attestation: the days on which sources state a relation, when their words were said or, if unknown, published."""

from collections.abc import Iterable

from entities.dates import PartialDate, bounds_of
from entities.models import Relation
from entities.vocabulary import Polarity
from sources.models import Citation


def attested_days_of_relations(relations: Iterable[Relation]) -> dict[int, list[str]]:
    """Return, by primary key, the days on which citations state each relation as the register has it, the earliest first."""
    values = {relation.pk: relation.citation_value for relation in relations}
    days: dict[int, set[str]] = {pk: set() for pk in values}
    stating = Citation.objects.order_by().filter(relation__in=values, field="relation", polarity=Polarity.AFFIRMS)
    for pk, value, *dates in stating.values_list("relation", "value", "quote__said_on", "quote__document__published_on"):
        if value == values[pk] and (day := next(filter(None, dates), "")):
            days[pk].add(day)
    return {pk: sorted(found, key=lambda day: (bounds_of(PartialDate.parse(day)), day)) for pk, found in days.items()}
