"""Template filter that writes language codes in words."""

from django import template

from entities.languages import language_chain_names

register = template.Library()
register.filter("languages", language_chain_names)
