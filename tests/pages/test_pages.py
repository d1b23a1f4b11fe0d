"""Public pages: every record has one, every fact shows its evidence or says why it has none, and old editions stay."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities import merging
from entities.merging import SURVIVOR
from entities.models import Organisation
from entities.serializers import PLURALS
from nato_support.api import dispatch
from nato_support.api.response_cache import ResponseCache
from nato_support.pages.urls import urlpatterns
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited
from tests.pages_check.facts import facts_without_source
from tests.pages_check.lasting import MAX_COMPRESSED_BYTES, compressed_size

STATEMENTS = {"document": 7, "quote": 6, "relation": 5}
"""Most statements of the page of a kind of record that is made afresh."""
STATEMENTS_OF_ENTITY = 16
"""Four for its facts, two for what else it shows, three for its graph, five for its timeline, one each for its map and for the
day of its release."""
STATEMENTS_OF_KEPT_PAGE = 5
"""Two for the state of the register, one for the record, two for what else it shows."""
VOID = frozenset("area base br col embed hr img input link meta source track wbr path circle rect use".split())
PAGES = [
    f"/{pattern.pattern}" for pattern in urlpatterns if not any(part in str(pattern.pattern) for part in ("<", "favicon", ".png"))
]


class _Checked(HTMLParser):
    """A page in good order: well formed, each id once, headings of each level, links within it that lead somewhere, no styles."""

    def __init__(self, text: str):
        super().__init__()
        self.open: list[str] = []
        self.level = 0
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open
        assert {link[1:] for link in self.links if link.startswith("#")} <= self.ids

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        assert "style" not in named and not any(name.startswith("on") for name in named), (tag, attrs)
        assert tag != "style" and (tag != "script" or "src" in named or named.get("type") == "application/ld+json")
        if re.fullmatch("h[1-6]", tag):
            assert int(tag[1]) <= self.level + 1, (tag, attrs)
            self.level = int(tag[1])
        if "id" in named:
            assert named["id"] not in self.ids, named["id"]
            self.ids.add(named["id"])
        self.links += [named["href"]] if tag == "a" and "href" in named else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag


@pytest.fixture
def get(client):
    """Asks for a page, which has this status: its text."""

    def ask(address: str, status: int = 200, **headers: str) -> str:
        response = client.get(address, headers=headers)
        assert response.status_code == status, (address, response.content[:300])
        return response.content.decode()

    return ask


def test_every_public_record_has_a_page_with_evidence(detailed, get, site, monkeypatch):
    paths = set()
    for kind, slug in Edition.objects.filter(superseded=None, withdrawn=False).values_list("kind", "slug"):
        path = f"/{PLURALS[kind]}/{slug}/"
        with CaptureQueriesContext(connection) as captured:
            text = get(path)
        assert len(captured) <= STATEMENTS.get(kind, STATEMENTS_OF_ENTITY), [query["sql"] for query in captured.captured_queries]
        with monkeypatch.context() as uncached, CaptureQueriesContext(connection) as captured:
            uncached.setattr(dispatch, "response_cache", ResponseCache(0))
            assert get(path) == text
        assert len(captured) <= STATEMENTS_OF_KEPT_PAGE
        assert compressed_size(site, path) < MAX_COMPRESSED_BYTES
        page = _Checked(text)
        assert facts_without_source(text) == [], path
        for address in ("canonical", "alternate", "license"):
            assert f'<link rel="{address}"' in text
        assert page.links
        [linked_data] = re.findall('<script type="application/ld.json">(.*)</script>', text)
        assert json.loads(linked_data)["@id"].endswith(path)
        paths.add(path)
        paths.update(link.partition("#")[0].partition("?")[0] for link in page.links if link.startswith("/"))
    for path in paths - {"/", ""}:
        if not path.startswith("/api/"):
            get(path)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_answers_in_good_order(detailed, get, path):
    text = get(path)
    if text.startswith("<!doctype"):
        _Checked(text)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (
            "/commitments/ten-boats/",
            ["<strong>Denies</strong> <span>allocated, June 2024", "reported by the harbour office", "contested", "contradicts"],
        ),
        ("/commitments/forty-tents/", ["The later report tells of a delay", "Changed over time", "settled", "40 tents"]),
        (
            "/commitments/forty-tents/",
            ["our own words", "editor’s classification", "follows from the milestones", "single source"],
        ),
        ("/events/lake-meeting/", ["Steps taken there", "Said there"]),
        ("/relations/", ["planned"]),
        ("/organisations/kite-league/", ["from outside the sources"]),
        ("/quotes/", ["officials"]),
        ("/contested/", ["The later report tells of a delay", "allocated"]),
        ("/due/", ["Overdue", 'href="/commitments/forty-tents/"', "due December 2024"]),
        ("/search/?q=boats", ["<mark>", "Commitments</a> 1"]),
        ("/search/", ['name="q"']),
        ("/commitments/?nature=plan&q=&overdue=&utm_source=x", ["1 found", "Clear all", "selected>plan"]),
        ("/commitments/?fields=name&include=documents&count=false&page_size=1", ["3 found", 'rel="next"']),
        ("/commitments/?due_before=2026", ["Left out"]),
        ("/changes/", ["Release 1", "new"]),
        ("/guide/", ['id="the-first-request"', 'href="/tutorial/"']),
        ("/robots.txt", ["Sitemap: http://testserver/sitemap.xml"]),
        ("/sitemap.xml", ["/sitemaps/commitments/1.xml"]),
        ("/sitemaps/commitments/1.xml", ["/commitments/forty-tents/</loc><lastmod>2"]),
    ],
)
def test_a_page_says(detailed, get, path, words):
    text = get(path)
    missing = [word for word in words if word not in text]
    assert not missing


@pytest.mark.parametrize(
    ("path", "accept", "status", "leads_to"),
    [
        ("/commitments/forty-kites/", "text/html,application/xhtml+xml,*/*;q=0.8", 200, None),
        ("/commitments/forty-kites/", "*/*", 200, None),
        ("/commitments/forty-kites/", "application/json", 303, "/api/v1/commitments/forty-kites/"),
        ("/commitments/forty-kites/", "application/ld+json", 303, "/api/v1/commitments/forty-kites.jsonld"),
        ("/commitments/?nature=pledge", "application/json", 303, "/api/v1/commitments/?nature=pledge"),
        ("/commitments/forty-kites/", "image/png", 406, None),
        ("/commitments/forty-kites", "text/html", 301, "/commitments/forty-kites/"),
    ],
)
def test_negotiation(public, client, path, accept, status, leads_to):
    response = client.get(path, headers={"accept": accept})
    assert (response.status_code, response.get("Location")) == (status, leads_to)
    if status in (200, 303):
        assert response["Vary"].startswith("Accept")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/organisations/gone-record/", 410, "withdrawn"),
        ("/organisations/gone-record/editions/1/", 410, "withdrawn"),
        ("/organisations/nowhere/", 404, "no such page"),
        ("/nowhere/", 404, "no such page"),
        ("/sitemaps/nothing/1.xml", 404, "no such page"),
        ("/organisations/forty-kites/", 404, 'href="/commitments/forty-kites/"'),
        ("/commitments/?nature=nix", 400, "<code>nature</code>: not allowed"),
        ("/commitments/forty-kites/?as_of=release:77", 400, "release"),
    ],
)
def test_a_page_explains_what_is_not_there(public, get, path, status, words):
    gone = make.an_organisation("gone-record", name="Gone record")
    publish_cited(public.quote, gone)
    withdraw([gone])
    text = get(path, status)
    _Checked(text)
    assert words in text and "Gone record" not in text


def test_a_merged_record_leads_to_the_page_of_the_survivor(public, client):
    republic, state = make.an_organisation("arcadian-republic"), make.an_organisation("kite-state")
    publish_cited(public.quote, republic, state)
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    digest = merging.plan_merge(republic, state, choices).digest
    merge_and_publish(republic, state, choices, expected_digest=digest, confirmed=True)
    response = client.get("/organisations/arcadian-republic/")
    assert (response.status_code, response["Location"]) == (308, "/organisations/kite-state/")
    assert "has another address now" in response.content.decode()


def test_a_page_is_revalidated_like_the_answers_of_the_api(public, client):
    path = "/commitments/forty-kites/"
    first = client.get(path)
    assert first["Cache-Control"] == "public, no-cache" and first["ETag"] != client.get(f"/api/v1{path}")["ETag"]
    assert "'unsafe-inline'" not in first["Content-Security-Policy"]
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert client.get(path, headers={"if-modified-since": first["Last-Modified"]}).status_code == 304
    assert client.head(path)["Content-Length"] == str(len(first.content))
    publish_cited(public.quote, make.an_organisation("newcomer"))
    assert client.get(path, headers={"if-none-match": first["ETag"]}).status_code == 200


def test_the_page_of_an_edition_stays(public, get):
    def record() -> str:
        [article] = re.findall(r"<article.*</article>", get("/organisations/arcadia/editions/1/"), re.DOTALL)
        return article

    before = record()
    arcadia = Organisation.objects.get(slug="arcadia")
    arcadia.summary = "Another summary."
    arcadia.save()
    publish_cited(public.quote, arcadia)
    assert record() == before and "Another summary." not in before
    assert "Another summary." in get("/organisations/arcadia/")
    editions = get("/organisations/arcadia/editions/")
    _Checked(editions)
    assert "<ins>Another summary.</ins>" in editions and 'href="/organisations/arcadia/editions/1/"' in editions
    assert "Another summary." not in get("/organisations/arcadia/?as_of=release:1&fbclid=x")


def test_a_name_is_text_wherever_it_stands(public, get):
    hostile = make.an_organisation("hostile", name="</script><b onclick=alert(1)>&amp;", type="alliance")
    publish_cited(public.quote, hostile)
    for path in ("/organisations/hostile/", "/organisations/", "/changes/", "/search/?q=onclick", "/search/?q=<b onclick>"):
        assert "<b onclick" not in get(path)
        _Checked(get(path))
