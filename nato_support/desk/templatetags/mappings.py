from django import template

register = template.Library()


@register.filter
def value_at(found: dict, key: str):
    """What `found` holds at `key`; nothing if it holds nothing there."""
    return found.get(key, "")
