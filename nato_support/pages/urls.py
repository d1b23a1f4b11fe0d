"""URLs of the public pages: the API's address pattern without its prefix. The converters are the API's."""

from django.urls import URLPattern, path

from nato_support.api.collections import COLLECTIONS, Collection
from nato_support.pages.citation_files import EditionCitation, EditionListCitation, ListCitation
from nato_support.pages.edition_list_page import EditionListPage
from nato_support.pages.feed_pages import ListFeed, RecordFeed, ReleasesFeed
from nato_support.pages.feeds import FEED_SUFFIXES
from nato_support.pages.guide_pages import GuidePage, TextPage
from nato_support.pages.list_pages import ListPage
from nato_support.pages.overview_pages import ContestedPage, DuePage, FrontPage, ReleasePage, ReleasesPage
from nato_support.pages.picture_pages import PICTURE_SUFFIXES, PictureCitation, PictureFile, PictureFrame, PicturePage
from nato_support.pages.picture_questions import QUESTIONS, PictureQuestion
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
    *(path(f"changes/feed.{suffix}", ReleasesFeed(suffix)) for suffix in FEED_SUFFIXES),
    path("about/", TextPage("about.html"), name="about-page"),
    path("method/", TextPage("method.html"), name="method-page"),
    path("licence/", TextPage("licence.html"), name="licence-page"),
    path("guide/", GuidePage("consumers.md"), name="guide-page"),
    path("newsrooms/", GuidePage("newsrooms.md"), name="newsrooms-page"),
    path("tutorial/", GuidePage("tutorial.md"), name="tutorial-page"),
    path("robots.txt", RobotsFile(), name="robots"),
    path("sitemap.xml", SitemapIndex(), name="sitemap"),
    path("sitemaps/<public_id:name>/<ordinal:number>.xml", Sitemap(), name="sitemap-file"),
    path("favicon.ico", favicon, name="favicon"),
]

CITATION_SUFFIXES = ("bib", "json")


def _collection_pages(collection: Collection) -> list[URLPattern]:
    name = collection.name
    pages = [
        path(f"{name}/", ListPage(collection), name=f"{name}-list-page"),
        path(f"{name}/<public_id:slug>/", RecordPage(collection), name=f"{name}-page"),
        *(path(f"{name}/feed.{suffix}", ListFeed(collection, suffix)) for suffix in FEED_SUFFIXES),
        *(path(f"{name}/cite.{suffix}", ListCitation(collection, suffix)) for suffix in CITATION_SUFFIXES),
    ]
    if len(collection.kinds) == 1:
        editions = f"{name}/<public_id:slug>/editions/"
        pages += [
            path(editions, EditionListPage(collection), name=f"{name}-editions-page"),
            path(f"{editions}<ordinal:number>/", EditionPage(collection), name=f"{name}-edition-page"),
        ]
        pages += [path(f"{name}/<public_id:slug>/feed.{suffix}", RecordFeed(collection, suffix)) for suffix in FEED_SUFFIXES]
        for suffix in CITATION_SUFFIXES:
            pages += [
                path(f"{editions}cite.{suffix}", EditionListCitation(collection, suffix)),
                path(f"{editions}<ordinal:number>/cite.{suffix}", EditionCitation(collection, suffix)),
            ]
    return pages


def _picture_pages(question: PictureQuestion) -> list[URLPattern]:
    page = question.path.removeprefix("/").replace("{slug}", "<public_id:slug>")
    return [
        path(page, PicturePage(question)),
        path(f"{page}embed/", PictureFrame(question)),
        *(path(f"{page[:-1]}.{suffix}", PictureFile(question, suffix)) for suffix in PICTURE_SUFFIXES),
        *(path(f"{page}cite.{suffix}", PictureCitation(question, suffix)) for suffix in CITATION_SUFFIXES),
    ]


# Before the collections: no commitment has the slug of the totals.
for _question in QUESTIONS:
    urlpatterns += _picture_pages(_question)
for _collection in COLLECTIONS.values():
    urlpatterns += _collection_pages(_collection)
