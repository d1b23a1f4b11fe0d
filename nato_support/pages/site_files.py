"""Files for crawlers: robots.txt and the sitemap, which names every live record."""

from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpRequest, HttpResponsePermanentRedirect
from django.templatetags.static import static

from entities.serializers import PLURALS
from nato_support.api.api_request import ApiRequest
from nato_support.api.api_response import ApiResponse
from nato_support.api.json_output import utc_timestamp
from nato_support.api.problems import ApiProblem
from nato_support.api.sql import LIVE_SQL, Sql, fetch_rows
from nato_support.pages.page_views import Page

SITEMAP_SIZE = 10_000
"""Addresses in one file; the protocol allows 50,000."""
_PAGES = ("", "contested/", "due/", "changes/", "about/", "method/", "licence/", "guide/", "newsrooms/", "tutorial/")
_XML = "application/xml; charset=utf-8"
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_KINDS_BY_COLLECTION = {collection: kind for kind, collection in PLURALS.items()}


class RobotsFile(Page):
    """robots.txt: everything but the admin, searches and reports."""

    is_translated = False

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        closed = (f"Disallow: /{path}/" for path in ("admin", "search", "reports"))
        lines = ("User-agent: *", *closed, f"Sitemap: {request.site}/sitemap.xml", "")
        return ApiResponse("\n".join(lines).encode(), "text/plain; charset=utf-8")


class SitemapIndex(Page):
    """The list of the sitemaps: one of pages, and as many of each kind of record as it takes."""

    is_translated = False

    def render(self, request: ApiRequest, **kwargs: Any) -> ApiResponse:
        counts = fetch_rows(Sql(f"SELECT e.kind, COUNT(*) FROM publishing_edition e WHERE {LIVE_SQL} GROUP BY e.kind ORDER BY 1"))
        names = ["pages/1", *(f"{PLURALS[kind]}/{at + 1}" for kind, n in counts for at in range(-(-n // SITEMAP_SIZE)))]
        entries = "".join(f"<sitemap><loc>{request.site}/sitemaps/{name}.xml</loc></sitemap>" for name in names)
        return _xml_response(f"<sitemapindex {_NAMESPACE}>{entries}</sitemapindex>")


class Sitemap(Page):
    """Addresses of a kind of record, with the time of the release that changed each last."""

    is_translated = False

    def render(self, request: ApiRequest, *, name: str, number: int) -> ApiResponse:
        if name == "pages":
            collections = [f"{collection}/" for collection in PLURALS.values()]
            return _urls_response((f"{request.site}/{path}", "") for path in (*_PAGES, *collections))
        if name not in _KINDS_BY_COLLECTION:
            raise ApiProblem("not-found")
        rows = fetch_rows(
            Sql(
                "SELECT e.slug, r.released_at FROM publishing_edition e JOIN publishing_release r ON r.number = e.release"
                f" WHERE e.kind = %s AND {LIVE_SQL} ORDER BY e.id LIMIT %s OFFSET %s",
                (_KINDS_BY_COLLECTION[name], SITEMAP_SIZE, (number - 1) * SITEMAP_SIZE),
            )
        )
        if not rows:
            raise ApiProblem("not-found")
        return _urls_response((f"{request.site}/{name}/{slug}/", utc_timestamp(time)) for slug, time in rows)


def favicon(request: HttpRequest) -> HttpResponsePermanentRedirect:
    """Lead clients that do not read the page's link to its sign."""
    return HttpResponsePermanentRedirect(static("pages/favicon.svg"))


def _urls_response(urls) -> ApiResponse:
    entries = (f"<url><loc>{escape(url)}</loc>{f'<lastmod>{time}</lastmod>' if time else ''}</url>" for url, time in urls)
    return _xml_response(f"<urlset {_NAMESPACE}>{''.join(entries)}</urlset>")


def _xml_response(text: str) -> ApiResponse:
    return ApiResponse(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode(), _XML)
