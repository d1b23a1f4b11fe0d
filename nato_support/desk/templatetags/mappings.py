"""Template filter that looks up a key of a dictionary."""

from django import template

register = template.Library()


@register.filter
def value_at(mapping: dict, key: str):
    """Return the value of `mapping` at `key`, or ''."""
    return mapping.get(key, "")
