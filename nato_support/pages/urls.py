"""URLs of the public pages: the API's address pattern without its prefix. The converters are the API's."""

from django.urls import URLPattern, path

from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.pages.edition_list_page import EditionListPage
from nato_support.pages.guide_pages import GuidePage, TextPage
from nato_support.pages.list_pages import ListPage
from nato_support.pages.overview_pages import ContestedPage, DuePage, FrontPage, ReleasePage, ReleasesPage
from nato_support.pages.record_pages import EditionPage, RecordPage
from nato_support.pages.search_page import SearchPage
from nato_support.pages.site_files import RobotsFile, Sitemap, SitemapIndex, favicon

urlpatterns = [
    path("", FrontPage(), name="front-page"),
    path("search/", SearchPage(), name="search-page"),
    path("contested/", ContestedPage(), name="contested-page"),
    path("due/", DuePage(), name="due-page"),
    path("changes/", ReleasesPage(), name="releases-page"),
    path("changes/<ordinal:release>/", ReleasePage(), name="release-page"),
    path("about/", TextPage("about.html"), name="about-page"),
    path("method/", TextPage("method.html"), name="method-page"),
    path("licence/", TextPage("licence.html"), name="licence-page"),
    path("guide/", GuidePage("consumers.md"), name="guide-page"),
    path("tutorial/", GuidePage("tutorial.md"), name="tutorial-page"),
    path("robots.txt", RobotsFile(), name="robots"),
    path("sitemap.xml", SitemapIndex(), name="sitemap"),
    path("sitemaps/<public_id:name>/<ordinal:number>.xml", Sitemap(), name="sitemap-file"),
    path("favicon.ico", favicon, name="favicon"),
]


def _collection_pages(collection: Collection) -> list[URLPattern]:
    name = collection.name
    pages = [
        path(f"{name}/", ListPage(collection), name=f"{name}-list-page"),
        path(f"{name}/<public_id:slug>/", RecordPage(collection), name=f"{name}-page"),
    ]
    if len(collection.kinds) == 1:
        editions = f"{name}/<public_id:slug>/editions/"
        pages += [
            path(editions, EditionListPage(collection), name=f"{name}-editions-page"),
            path(f"{editions}<ordinal:number>/", EditionPage(collection), name=f"{name}-edition-page"),
        ]
    return pages


for _collection in COLLECTIONS.values():
    urlpatterns += _collection_pages(_collection)
