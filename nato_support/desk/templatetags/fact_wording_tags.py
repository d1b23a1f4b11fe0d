"""Filters that write the fields, values and dates of the evidence pages in words."""

from django import template

from entities.formatting import cited_field_label, format_partial_date
from nato_support.desk.evidence.value_wording import citation_value_html

register = template.Library()
register.filter("field_label", cited_field_label)
register.filter("partial_date", format_partial_date)
register.filter("citation_value", citation_value_html)
