"""Records that the source's own words name, for the citations of fields that refer to records."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models.functions import Lower

from entities.citable_fields import stated_value_type
from entities.models import Entity, Name
from entities.vocabulary import NameKind
from sources.evidence.as_stated_reading import RecordsByName, bare_name, group_by_bare_name, name_as_written

_BATCH = 500


def records_named_by(citations: Iterable[tuple[str, Any]]) -> RecordsByName:
    """Return the records whose names are the words of a citation; each citation comes with the kind of its record.

    Mentions name nothing. It takes two queries for each _BATCH forms of names, none if no field refers to records.
    """
    return records_with_names(
        citation.as_stated for kind, citation in citations if isinstance(stated_value_type(kind, citation.field), tuple)
    )


def records_with_names(names: Iterable[str]) -> RecordsByName:
    """Return the records that have one of `names`, in any case and with or without their article."""
    words = {form for name in names if bare_name(name) for form in _lower_case_forms(name)}
    named: list[tuple[str, str, str]] = []
    ordered = sorted(words)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        further = Name.objects.order_by().annotate(lower=Lower("text")).filter(lower__in=batch).exclude(kind=NameKind.MENTION)
        named += further.values_list("text", "entity__kind", "entity__slug")
        entities = Entity.objects.order_by().annotate(lower=Lower("name")).filter(lower__in=batch)
        named += entities.values_list("name", "kind", "slug")
    return group_by_bare_name(named)


def _lower_case_forms(words: str) -> Iterator[str]:
    """Yield a name as the database may lower it, with and without its article."""
    # SQLite lowers ASCII letters alone, and no database turns ß into ss as bare_name does.
    for name in {bare_name(words), re.sub("[A-Z]+", lambda letters: letters[0].lower(), name_as_written(words))}:
        yield name
        yield f"the {name}"
