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
    """Sets `Content-Security-Policy` on responses without one. Those of the API already have their own here."""

    def get_policy_parts(self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if not report_only:
            if request.path_info.startswith("/admin/"):
                parts.update = _admin_exceptions() | (parts.update or {})
            elif request.path_info == _DOCS:
                parts.update = _docs_exceptions() | (parts.update or {})
        return parts


@lru_cache(maxsize=1)
def _admin_exceptions() -> dict[str, list[str]]:
    """Return the sources that the admin needs beyond the policy of the site.

    Unfold's scripts (Alpine) build functions from attributes of the page: 'unsafe-eval'. Bars and columns have their widths in
    `style` attributes. The only inline style sheet, with the colours, depends on the settings and is allowed by its hash.
    """
    return {"script-src": ["'unsafe-eval'"], "style-src": [_theme_hash()], "style-src-attr": ["'unsafe-inline'"]}


@lru_cache(maxsize=1)
def _docs_exceptions() -> dict[str, list[str]]:
    """Return the sources that Swagger's page needs: its only inline style sheet, by its hash, and `style` attributes."""
    style = re.search(r"<style>(.*?)</style>", _template_source("drf_spectacular/swagger_ui.html"), re.DOTALL)
    return {"style-src": [_sha256(style[1])] if style else [], "style-src-attr": ["'unsafe-inline'"]}


def _theme_hash() -> str:
    """Return the hash of the colours that Unfold writes into each page, rendered from Unfold's template."""
    theme = _THEME.search(_template_source("unfold/layouts/skeleton.html"))
    assert theme, "Unfold's template has no block of colours where this version expects it"
    colours = {"colors": admin.site._get_colors("COLORS", None), "border_radius": settings.UNFOLD["BORDER_RADIUS"]}  # type: ignore[attr-defined]
    return _sha256(Template(theme[1]).render(Context(colours)))


def _template_source(template: str) -> str:
    return get_template(template).template.source  # type: ignore[attr-defined]


def _sha256(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
