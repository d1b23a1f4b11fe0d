"""Content security policy of the settings, with the exceptions that the admin's theme and the API's documentation need."""

import base64
import hashlib
import re
from functools import lru_cache

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.template import Context, Template
from django.template.loader import get_template

_DOCS = "/api/v1/docs/"
_THEME = re.compile(r'<style id="unfold-theme-colors">(.*?)</style>', re.DOTALL)


class ContentSecurityMiddleware(CSPMiddleware):
    """Sets `Content-Security-Policy` on what has none. The API's answers have brought their own before they come here."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only:
            if request.path_info.startswith("/admin/"):
                parts.update = _admin_needs() | (parts.update or {})
            elif request.path_info == _DOCS:
                parts.update = _docs_need() | (parts.update or {})
        return parts


@lru_cache(maxsize=1)
def _admin_needs() -> dict[str, list[str]]:
    """Return what the admin needs beyond the policy of the site.

    Unfold's scripts (Alpine) make functions from the attributes of its pages: 'unsafe-eval'. Bars and columns have their
    widths in `style` attributes. The one inline sheet, of colours, follows from the settings: it is named by its hash.
    """
    return {"script-src": ["'unsafe-eval'"], "style-src": [_hash_of_theme()], "style-src-attr": ["'unsafe-inline'"]}


@lru_cache(maxsize=1)
def _docs_need() -> dict[str, list[str]]:
    """Return what the page of Swagger needs: its one inline sheet, by its hash, and `style` attributes."""
    found = re.search(r"<style>(.*?)</style>", _source_of("drf_spectacular/swagger_ui.html"), re.DOTALL)
    return {"style-src": [_sha256(found[1])] if found else [], "style-src-attr": ["'unsafe-inline'"]}


def _hash_of_theme() -> str:
    """Return the hash of the colours that Unfold writes into each page, rendered from its own template."""
    found = _THEME.search(_source_of("unfold/layouts/skeleton.html"))
    assert found, "Unfold writes its colours otherwise than this version did"
    colours = {"colors": admin.site._get_colors("COLORS", None), "border_radius": settings.UNFOLD["BORDER_RADIUS"]}  # type: ignore[attr-defined]
    return _sha256(Template(found[1]).render(Context(colours)))


def _source_of(template: str) -> str:
    return get_template(template).template.source  # type: ignore[attr-defined]


def _sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
