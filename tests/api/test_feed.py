"""The changes as Atom, read as a feed reader does."""

from xml.etree import ElementTree

import pytest

from nato_support.exchange.models import Mirror
from nato_support.publishing.publication import publish, withdraw
from tests.lives import Life

pytestmark = pytest.mark.django_db
NS = {"a": "http://www.w3.org/2005/Atom", "at": "http://purl.org/atompub/tombstones/1.0"}


def read(answer) -> ElementTree.Element:
    assert answer.headers["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)


def test_each_edition_is_an_entry_newest_first(api, public, promise):
    promise("tents", name='Tents & "kites" <b>')
    answer = api("changes.atom")
    feed = read(answer)
    entries = feed.findall("a:entry", NS)
    assert len(entries) == 12
    assert entries[0].findtext("a:title", "", NS) == 'Tents & "kites" <b>'
    assert entries[0].findtext("a:id", "", NS) == "http://testserver/api/v1/commitments/tents/editions/1/"
    assert entries[0].find("a:link", NS).get("href") == entries[0].findtext("a:id", "", NS)
    for parent in (feed, *entries):
        assert parent.findtext("a:id", "", NS) and parent.findtext("a:title", "", NS) and parent.findtext("a:updated", "", NS)
    ids = [entry.findtext("a:id", "", NS) for entry in entries]
    assert len(set(ids)) == len(ids)
    api("changes.atom", 304, **{"If-None-Match": answer.headers["ETag"]})
    assert read(api("changes/", Accept="application/atom+xml")).findall("a:entry", NS)


def test_a_copy_lists_what_was_released_after_it_began(api, public, promise):
    snapshot = {"source": "https://register.example.org/api/v1/", "state_hash": "0" * 64, "epoch": "0" * 16}
    Mirror.objects.create(begins=1, through=1, **snapshot)
    promise("tents")
    titles = [entry.findtext("a:title", "", NS) for entry in read(api("changes.atom")).findall("a:entry", NS)]
    assert titles == ["Tents"]


def test_its_pages_hold_everything_once(api, public, promise):
    promise("tents")
    address, seen = "changes.atom?page_size=5", []
    while address:
        feed = read(api(address))
        seen += [entry.findtext("a:id", "", NS) for entry in feed.findall("a:entry", NS)]
        following = [link.get("href") for link in feed.findall("a:link", NS) if link.get("rel") == "next"]
        address = following[0] if following else ""
    assert len(seen) == len(set(seen)) == 12


def test_what_was_withdrawn_is_deleted(api, public, promise):
    tents = promise("tents")
    tents.summary = "Two."
    tents.save()
    publish([tents])
    withdraw([tents])
    feed = read(api("changes.atom"))
    gone = [entry.get("ref") for entry in feed.findall("at:deleted-entry", NS)]
    assert gone == [f"http://testserver/api/v1/commitments/tents/editions/{number}/" for number in (2, 1)]
    assert not [entry for entry in feed.findall("a:entry", NS) if "tents" in entry.findtext("a:id", "", NS)]


def test_a_merge_leads_to_who_stays(api, public):
    alive = Life(public, 3)
    alive.found(), alive.found(), alive.merge()
    titles = [entry.findtext("a:title", "", NS) for entry in read(api("changes.atom")).findall("a:entry", NS)]
    assert any(" is " in title and title.endswith(" now") for title in titles)


def test_it_takes_no_question_of_mirrors(api):
    assert api("changes.atom?since=0", 400).data["errors"][0]["code"] == "not_in_this_form"
    api("changes.atom?page_size=0", 400)


def test_an_empty_register_has_an_empty_feed(empty_api):
    assert not read(empty_api("changes.atom")).findall("a:entry", NS)
