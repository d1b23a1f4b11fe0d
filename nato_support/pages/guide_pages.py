"""Pages of text: about, method, licence, and the guides for consumers, which are the files of docs/."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from markdown_it import MarkdownIt
from markdown_it.token import Token

from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.data_licence import GAZETTEER_CREDIT, QUOTATION_RIGHTS
from nato_support.pages.page_views import Page, render_page

_GUIDES = {"consumers.md": "/guide/", "newsrooms.md": "/newsrooms/", "tutorial.md": "/tutorial/"}
_REPOSITORY_PATH = re.compile(r"^(?![a-z]+:|/|#)")


class TextPage(Page):
    """A page whose text is in its template."""

    def __init__(self, template: str):
        self.template = template

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        titles = {
            "about.html": gettext("About the register"),
            "method.html": gettext("How we know"),
            "licence.html": gettext("Licence"),
        }
        context = {
            "title": titles[self.template],
            "quotation_rights": gettext(QUOTATION_RIGHTS),
            "gazetteer_credit": gettext(GAZETTEER_CREDIT),
        }
        return render_page(request, self.template, context)


class GuidePage(Page):
    """A guide of docs/, in English."""

    def __init__(self, file_name: str):
        self.file_name = file_name

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        body = _rendered_guide(settings.BASE_DIR / "docs" / self.file_name)
        titles = {
            "consumers.md": gettext("Using the data"),
            "newsrooms.md": gettext("For newsrooms"),
            "tutorial.md": gettext("Tutorial"),
        }
        return render_page(request, "guide.html", {"title": titles[self.file_name], "body": body, "guide": self.file_name})


@lru_cache(maxsize=4)
def _rendered_guide(path: Path) -> SafeString:
    """Return a guide as HTML. The files are our own; HTML in them is shown as text all the same."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(path.read_text(encoding="utf-8"))
    for at, token in enumerate(tokens):
        # The policy of the pages forbids `style`.
        token.attrs.pop("style", None)
        if token.type == "heading_open":
            token.attrSet("id", _heading_id(tokens[at + 1].content))
        for child in token.children or ():
            _point_at_pages(child)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return mark_safe(html)  # noqa: S308 - rendered from our own file, without HTML of its own


def _point_at_pages(token: Token) -> None:
    """Let a link to a file of the repository lead to its page, if it has one."""
    if token.type != "link_open":
        return
    target = str(token.attrGet("href") or "")
    name, _, anchor = target.partition("#")
    if name in _GUIDES:
        token.attrSet("href", f"{_GUIDES[name]}#{anchor}" if anchor else _GUIDES[name])
    elif _REPOSITORY_PATH.match(target):
        token.attrs.pop("href", None)
    else:
        token.attrSet("href", re.sub(r"^http://127\.0\.0\.1:8000", "", target) or "/")


def _heading_id(text: str) -> str:
    return re.sub(r"[^a-z0-9 -]", "", text.lower()).replace(" ", "-")
