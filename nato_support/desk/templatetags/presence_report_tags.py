"""Template tags with which the page of a record reports that it is open."""

from django import template

from nato_support.desk.dashboard.presence import presence_token
from nato_support.desk.records.concurrency.concurrent_editing import version_of_record

register = template.Library()


@register.simple_tag
def page_presence_token(user, record) -> str:
    """Return a signed token for `admin:desk_presence`; empty for users who may not change the record."""
    return presence_token(user, record)


@register.filter
def version_seen(record) -> int:
    """Return the version of the record, or of its parent."""
    return version_of_record(record)
