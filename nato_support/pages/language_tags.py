"""Template tags on languages; a builtin of the templates, so that no page need load it."""

from django import template
from django.utils.safestring import SafeString, mark_safe

from nato_support.pages.languages import is_source_language

register = template.Library()


@register.simple_tag
def register_lang() -> SafeString | str:
    """Return the attribute `lang` for an element with words of the register, which are English whatever the page's language."""
    return "" if is_source_language() else mark_safe(' lang="en"')
