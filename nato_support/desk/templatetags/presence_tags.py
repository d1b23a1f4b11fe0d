"""What the page of a record needs to say that it is open."""

from django import template

from nato_support.desk.dashboard.presence import presence_token, version_shown_on_page

register = template.Library()


@register.simple_tag
def page_presence_token(user, record) -> str:
    """A pass for `admin:desk_presence`; empty for those who may not change the record."""
    return presence_token(user, record)


@register.filter
def version_seen(record) -> int:
    """The version of the record, or of the one that it is a part of."""
    return version_shown_on_page(record)
