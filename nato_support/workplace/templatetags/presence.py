"""What the page of a record needs to say that it is open."""

from django import template

from nato_support.workplace.presence import pass_for, version_of

register = template.Library()


@register.simple_tag
def presence_pass(user, record) -> str:
    """A pass for `admin:workplace_presence`; empty for those who may not change the record."""
    return pass_for(user, record)


@register.filter
def seen_version(record) -> int:
    """The version of the record, or of the one that it is a part of."""
    return version_of(record)
