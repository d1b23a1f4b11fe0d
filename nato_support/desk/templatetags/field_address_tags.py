"""Filters of the review pages."""

from django import template
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst

register = template.Library()


@register.filter
def address_label(address: str) -> str:
    """Return the label of a field address: "Summary" for summary, "Name, text" for entities.name/17/text."""
    model_label, _, rest = address.partition("/")
    if not rest:
        return capfirst(address.replace("_", " "))
    try:
        meta = apps.get_model(model_label)._meta
        field_name = rest.partition("/")[2]
        labels = [meta.verbose_name, meta.get_field(field_name).verbose_name] if field_name else [meta.verbose_name]
    except (LookupError, ValueError, FieldDoesNotExist):
        return address
    return capfirst(", ".join(map(str, labels)))
