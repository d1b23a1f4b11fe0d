"""Values that citations state, in words: amounts are shortened, with their full digits on hover."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from entities.citable_fields import record_kind
from entities.formatting import cited_value_label
from entities.models import Entity, Relation
from entities.vocabulary import Stance
from sources.models import Citation
from sources.models.citation import statement_text


def stated_value_html(target: Entity | Relation, field: str, value: str) -> SafeString:
    """Return the value stated for `field` of `target` in words, with its full digits as tooltip where the words shorten them."""
    kind = record_kind(target)
    words, exact = cited_value_label(kind, field, value), cited_value_label(kind, field, value, exact=True)
    return format_html("{}", words) if words == exact else format_html('<span title="{}">{}</span>', exact, words)


def citation_value_html(citation: Citation) -> SafeString:
    """Return the value that `citation` states, in words."""
    return stated_value_html(citation.target, citation.field, citation.value)


def statement_label(target: Entity | Relation, field: str, statement: str) -> str:
    """Return a statement on `field` of `target` in words: the value it affirms, or "not" and the value it denies."""
    value = statement.removeprefix("not ")
    stance = Stance.SUPPORTS if value == statement else Stance.CONTRADICTS
    return statement_text(cited_value_label(record_kind(target), field, value), stance)
