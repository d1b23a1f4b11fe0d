"""Codes in words."""

from django import template

from entities.languages import languages

register = template.Library()
register.filter("languages", languages)
