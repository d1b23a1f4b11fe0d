"""Records that the source's own words name, for the citations of fields that refer to records."""

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Lower

from entities.citable_fields import stated_value_type
from entities.models import Entity, Name
from entities.vocabulary import NameKind
from sources.evidence.as_stated_reading import RecordsByName, bare_name, group_by_bare_name

_BATCH = 500


def records_named_by(citations: Iterable[tuple[str, Any]]) -> RecordsByName:
    """Return the records whose names are the words of a citation; each citation comes with the kind of its record.

    Mentions name nothing. It takes two queries for each _BATCH names, none if no citation is of a field that refers to records.
    """
    words = {
        name
        for kind, citation in citations
        if isinstance(stated_value_type(kind, citation.field), tuple) and (name := bare_name(citation.as_stated))
    }
    named: list[tuple[str, str, str]] = []
    ordered = sorted(words)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        names = Name.objects.order_by().annotate(lower=Lower("text")).filter(lower__in=batch).exclude(kind=NameKind.MENTION)
        named += names.values_list("text", "entity__kind", "entity__slug")
        entities = Entity.objects.order_by().annotate(lower=Lower("name")).filter(lower__in=batch)
        named += entities.values_list("name", "kind", "slug")
    return group_by_bare_name(named)
