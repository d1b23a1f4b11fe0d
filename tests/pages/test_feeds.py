"""Feeds, read as a feed reader does: by the rules of RFC 4287 and of JSON Feed 1.1, through parsers of others."""

import datetime
import json
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from entities import merging
from entities.merging import SURVIVOR
from nato_support.pages.feeds import MAX_ENTRIES, Feed, FeedEntry
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import publish, withdraw
from tests import world as make
from tests.invented import publish_cited

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://testserver"


def _is_time(text: str) -> bool:
    return text.endswith("Z") and datetime.datetime.fromisoformat(text).tzinfo is not None


def _is_address(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and " " not in text


def read_atom(text: bytes) -> list[dict[str, str]]:
    """Return the entries of a feed, and fail unless it keeps the rules of RFC 4287, section 4.1."""
    feed = ElementTree.fromstring(text)

    def words(element: ElementTree.Element, name: str) -> str:
        return element.findtext(f"{ATOM}{name}", "")

    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for element in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1, name
        assert _is_address(words(element, "id")) and _is_time(words(element, "updated").replace("+00:00", "Z"))
    assert words(feed, f"author/{ATOM}name")
    links = [(link.get("rel", "alternate"), link.get("href", "")) for link in feed.findall(f"{ATOM}link")]
    assert {"self", "alternate"} == {rel for rel, _ in links} and all(_is_address(href) for _, href in links)
    read = [
        {
            "id": words(entry, "id"),
            "title": words(entry, "title"),
            "updated": words(entry, "updated")[:19],
            "html": words(entry, "summary"),
        }
        for entry in entries
    ]
    assert words(feed, "updated")[:19] == max((entry["updated"] for entry in read), default="1970-01-01T00:00:00")
    return read


def read_json_feed(text: bytes) -> list[dict[str, str]]:
    """Return the entries of a feed, and fail unless it keeps the rules of JSON Feed 1.1."""
    feed = json.loads(text)
    assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"]
    assert all(_is_address(feed[name]) for name in ("home_page_url", "feed_url"))
    assert all(author["name"] for author in feed["authors"]) and "author" not in feed
    read = []
    for item in feed["items"]:
        assert isinstance(item["id"], str) and _is_address(item["url"]) and item["content_html"]
        assert _is_time(item["date_published"]) and _is_time(item["date_modified"])
        members = {"id": item["id"], "title": item["title"], "updated": item["date_modified"][:19]}
        read.append(members | {"html": item["content_html"]})
    return read


@pytest.fixture
def feed(client):
    """Reads both forms of a feed, which must hold the same: its entries."""

    def ask(path: str, query: str = "", status: int = 200) -> list[dict[str, str]]:
        answers = [client.get(f"{path}feed.{suffix}{query}", headers={"Accept": "image/gif"}) for suffix in ("atom", "json")]
        assert [answer.status_code for answer in answers] == [status, status], answers[0].content[:300]
        if status != 200:
            return []
        atom, json_feed = answers
        assert atom.headers["Content-Type"].startswith("application/atom+xml")
        assert json_feed.headers["Content-Type"] == "application/feed+json"
        entries = read_atom(atom.content)
        assert entries == read_json_feed(json_feed.content) and len(entries) <= MAX_ENTRIES
        assert len({entry["id"] for entry in entries}) == len(entries)
        assert entries == sorted(entries, key=lambda entry: entry["updated"], reverse=True)
        unchanged = client.get(f"{path}feed.atom{query}", headers={"If-None-Match": atom.headers["ETag"]})
        assert unchanged.status_code == 304
        return entries

    return ask


def _paths(entries: list[dict[str, str]]) -> list[str]:
    return [entry["id"].removeprefix(SITE) for entry in entries]


def test_a_record_has_its_editions(public, feed):
    public.kites.summary = "Two & <b>three</b>."
    public.kites.save()
    publish([public.kites])
    entries = feed("/commitments/forty-kites/")
    assert _paths(entries) == [f"/commitments/forty-kites/editions/{number}/" for number in (2, 1)]
    assert entries[0]["title"].endswith(": edition 2") and "Summary: " in entries[0]["html"]
    assert "Two &amp; &lt;b&gt;three" in entries[0]["html"]


def test_a_list_has_what_its_filters_select_newest_first(public, feed):
    public.kites.summary = "Changed."
    public.kites.save()
    publish([public.kites])
    entries = feed("/commitments/")
    assert _paths(entries)[0] == "/commitments/forty-kites/editions/2/"
    assert _paths(feed("/commitments/", "?nature=pledge&page_size=1&ordering=name&utm_source=x"))
    assert feed("/commitments/", "?nature=refusal") == []
    assert "Commitment, " in entries[0]["html"]
    feed("/commitments/", "?colour=red", 400)
    assert len(feed("/entities/")) > len(entries)


def test_the_releases_have_what_they_changed(public, feed):
    [first] = feed("/changes/")
    assert first["id"] == f"{SITE}/changes/1/" and "Commitment: " in first["html"]


def test_what_was_withdrawn_is_named_by_its_id_alone(public, feed):
    gone = make.an_organisation("gone-record", name="Hushed society", summary="Hushed words.")
    publish_cited(public.quote, gone)
    withdraw([gone])
    said = [feed("/organisations/gone-record/"), feed("/organisations/"), feed("/changes/"), feed("/entities/")]
    for entries in said:
        withdrawn = [entry for entry in entries if "gone-record" in entry["title"] + entry["html"]]
        assert withdrawn and "withdrawn" in withdrawn[0]["title"] + withdrawn[0]["html"]
        assert "Hushed" not in json.dumps(entries)
    assert len(said[0]) == 1
    assert "gone-record" not in json.dumps(feed("/organisations/", "?country=NO"))


def test_what_stood_beside_a_merged_record_leads_to_the_survivor(public, client):
    survivor = make.an_organisation("arcadian-republic", name="Arcadian republic")
    merged = make.an_organisation("kite-state", name="Kite state")
    publish_cited(public.quote, survivor, merged)
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    digest = merging.plan_merge(merged, survivor, choices).digest
    merge_and_publish(merged, survivor, choices, expected_digest=digest, confirmed=True)
    for address in (
        "/organisations/{}/feed.json",
        "/organisations/{}/editions/cite.bib",
        "/graph/{}.svg",
        "/graph/{}/embed/?depth=2",
        "/timeline/{}/cite.json",
    ):
        answer = client.get(address.format("kite-state"))
        location = answer.headers["Location"]
        assert answer.status_code == 308 and location.startswith(address.format("arcadian-republic"))
        # There may be nothing to draw of it.
        assert client.get(location).status_code in (200, 404)


@pytest.mark.parametrize("text", ["Tents & “kites” <b>", "a\x00\x0b\ud7ff]]>", "Київ"])
def test_any_title_can_stand_in_a_feed(text):
    made = Feed(text, "/x/", "/x/feed.atom", [FeedEntry("/x/1/", text, "2024-07-01 10:00:00", [text, text])])
    [entry], [other] = read_atom(made.as_atom(SITE)), read_json_feed(made.as_json(SITE))
    assert entry["html"] == other["html"] and entry["title"][:1] == text[:1]
    assert made.as_atom(SITE) == made.as_atom(SITE)


def test_each_page_names_its_feeds(public, client):
    for path in ("/", "/commitments/?nature=pledge", "/commitments/forty-kites/", "/changes/"):
        text = client.get(path).content.decode()
        own = "/changes/feed" if path in ("/", "/changes/") else f"{path.partition('?')[0]}feed"
        for suffix, media_type in (("atom", "atom+xml"), ("json", "feed+json")):
            assert f'type="application/{media_type}"' in text
            assert text.count(f'href="{own}.{suffix}') >= 1
        assert text.count(f'href="{own}.atom') >= 2
