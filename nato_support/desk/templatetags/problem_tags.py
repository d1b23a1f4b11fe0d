"""Filter that writes reasons against publishing with the names of their records."""

from django import template

from nato_support.desk.review.named_problems import problems_with_record_names

register = template.Library()
register.filter("with_record_names", problems_with_record_names)
