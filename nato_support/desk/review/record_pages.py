"""Pages of a submission: its records, each with the quotes of the submission that are evidence for it."""

from collections.abc import Sequence

from django.db.models import Q

from entities.models import Curated, Entity, Relation
from nato_support.publishing.rendering import public_kind
from sources.models import Citation


def group_quotes_with_records(records: Sequence[Curated]) -> list[list[Curated]]:
    """Return the records, each followed by those quotes among them that it is the first to cite; takes one query at most.

    Quotes that none of them cites are groups of their own.
    """
    quotes = {record.pk: record for record in records if public_kind(record) == "quote"}
    entities = [record for record in records if isinstance(record, Entity)]
    relations = [record for record in records if isinstance(record, Relation)]
    cited_by: dict[tuple[str, int], set[int]] = {}
    if quotes and (entities or relations):
        citing = Q(entity__in=[record.pk for record in entities]) | Q(relation__in=[record.pk for record in relations])
        rows = Citation.objects.order_by().filter(citing, quote__in=quotes)
        for quote, entity, relation in rows.values_list("quote_id", "entity_id", "relation_id"):
            cited_by.setdefault(("entity", entity) if entity else ("relation", relation), set()).add(quote)
    groups: list[list[Curated]] = []
    placed: set[int] = set()
    for record in records:
        key = ("relation" if isinstance(record, Relation) else "entity", record.pk)
        own = sorted(cited_by.get(key, set()) - placed) if isinstance(record, Entity | Relation) else []
        placed.update(own)
        groups.append([record, *(quotes[pk] for pk in own)])
    return [group for group in groups if not (public_kind(group[0]) == "quote" and group[0].pk in placed)]
