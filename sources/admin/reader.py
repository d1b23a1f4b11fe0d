"""The text of a document as editors read it, with the passages marked that are quotes already."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sources.models import SourceDocument


def marked_text(document: SourceDocument) -> SafeString:
    """The text with a link around each quote that stands where it says; of overlapping quotes the first is marked."""
    text, parts, at = document.text, [], 0
    for quote in document.quotes.order_by("start", "-end").only("pk", "slug", "start", "end", "exact"):
        if quote.start < at or text[quote.start : quote.end] != quote.exact:
            continue
        page = reverse("admin:sources_sourcequote_change", args=[quote.pk])
        mark = format_html('<a href="{}" title="{}"><mark>{}</mark></a>', page, quote.slug, quote.exact)
        parts += [(text[at : quote.start],), (mark,)]
        at = quote.end
    parts.append((text[at:],))
    return format_html('<div style="white-space: pre-wrap; line-height: 1.6">{}</div>', format_html_join("", "{}", parts))
