"""Tags that write the fields, values and dates of the evidence pages in words, and lead to their passages."""

from django import template
from django.utils.html import format_html

from entities.formatting import cited_field_label, format_list_date, format_partial_date, format_stated_amount
from nato_support.desk.evidence.evidence_urls import passage_reading_url
from nato_support.desk.evidence.value_wording import citation_value_html

register = template.Library()
register.filter("field_label", cited_field_label)
register.filter("list_date", format_list_date)
register.filter("partial_date", format_partial_date)
register.filter("citation_value", citation_value_html)
register.simple_tag(passage_reading_url)


@register.filter
def citation_line(inline, citation):
    """Return the line that an inline of citations shows of one."""
    return inline.line_of(citation)


@register.filter
def measure_amount(measure):
    """Return the amount of a measure in words, with its full digits as tooltip where the words shorten them."""
    words, exact = (format_stated_amount(str(measure.amount), exact=exact) for exact in (False, True))
    return format_html("{}", words) if words == exact else format_html('<span title="{}">{}</span>', exact, words)
