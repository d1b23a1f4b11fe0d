"""Values that citations state, in words: amounts are shortened, with their full digits on hover."""

from collections.abc import Iterable, Mapping

from django.utils.html import format_html
from django.utils.safestring import SafeString

from entities.citable_fields import CITABLE_FIELDS, RELATION, record_kind
from entities.formatting import NO_NAMES, cited_value_label, stated_text
from entities.models import Entity, Relation, RelationType
from entities.relation_facts import RelationFact, relation_fact_or_none
from entities.relation_sentences import relation_sentence
from sources.evidence.statement_comparison import Statement
from sources.models import Citation


def names_of_stated_slugs(facts: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """Return slug -> name for the records that facts (kind of record, field, value) state; no query where none does.

    Of the relations among them it returns value -> sentence.
    """
    slugs: set[str] = set()
    relations: dict[str, RelationFact] = {}
    for kind, field, value in facts:
        value_type = CITABLE_FIELDS.get(kind, {}).get(field)
        if isinstance(value_type, tuple):
            slugs.add(value)
        elif value_type == RELATION and (fact := relation_fact_or_none(value)):
            relations[value] = fact
            slugs |= {fact.subject, fact.object}
    names = dict(Entity.objects.order_by().filter(slug__in=slugs).values_list("slug", "name")) if slugs else {}
    return names | (_sentences_of_relations(relations, names) if relations else {})


def _sentences_of_relations(relations: Mapping[str, RelationFact], names: Mapping[str, str]) -> dict[str, str]:
    """Return value -> sentence of the stated `relations`; without those whose type the register does not have."""
    types = {row.slug: row for row in RelationType.objects.order_by().filter(slug__in={fact.type for fact in relations.values()})}
    return {
        value: relation_sentence(
            names.get(fact.subject, fact.subject), types[fact.type].verb, names.get(fact.object, fact.object), fact.modality
        )
        for value, fact in relations.items()
        if fact.type in types
    }


def names_stated_by(citations: Iterable[Citation]) -> dict[str, str]:
    """Return slug -> name for the records that `citations` state."""
    return names_of_stated_slugs((record_kind(citation.target), citation.field, citation.value) for citation in citations)


def stated_value_html(target: Entity | Relation, field: str, value: str, names: Mapping[str, str] = NO_NAMES) -> SafeString:
    """Return the value stated for `field` of `target` in words, with its full digits as tooltip where the words shorten them."""
    kind = record_kind(target)
    words = cited_value_label(kind, field, value, names=names)
    exact = cited_value_label(kind, field, value, exact=True, names=names)
    return format_html("{}", words) if words == exact else format_html('<span title="{}">{}</span>', exact, words)


def citation_value_html(citation: Citation, names: Mapping[str, str] = NO_NAMES) -> SafeString:
    """Return the value that `citation` states, in words."""
    return stated_value_html(citation.target, citation.field, citation.value, names)


def statement_label(target: Entity | Relation, field: str, statement: Statement, names: Mapping[str, str] = NO_NAMES) -> str:
    """Return a statement on `field` of `target` in words: the value it affirms, or “denies” and the value it denies."""
    return stated_text(cited_value_label(record_kind(target), field, statement.value, names=names), statement.polarity)


def names_in_statements(target: Entity | Relation, field: str, statements: Iterable[Statement]) -> dict[str, str]:
    """Return slug -> name for the records that `statements` on `field` of `target` name."""
    return names_of_stated_slugs((record_kind(target), field, statement.value) for statement in statements)
