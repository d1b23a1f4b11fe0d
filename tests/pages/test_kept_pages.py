"""Pages that outlast a release: what is shown again is what would be made now, whatever was published since."""

import json

import pytest

from entities.models import Commitment, Event, Organisation
from entities.serializers import PLURALS
from nato_support.api import dispatch
from nato_support.api.register_state import RegisterState, newest_register_state
from nato_support.pages import record_pages, shown_editions
from nato_support.pages.kept_parts import RELEASE_MARK, KeptParts, kept_pages
from nato_support.pages.page_pictures import kept_graphs
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited, publish_commitment


def rename(public):
    arcadia = Organisation.objects.get(slug="arcadia")
    arcadia.name = "The Commonwealth of Arcadia"
    arcadia.save()
    publish_cited(public.quote, arcadia)


def summarise(public):
    kites = Commitment.objects.get(slug="forty-kites")
    kites.summary = "Another summary."
    kites.save()
    publish_cited(public.quote, kites)


def add_a_newcomer(public):
    publish_cited(public.quote, make.an_organisation("newcomer"))


def add_a_commitment(public):
    publish_commitment(public, "fifty-kites", date="2024-07-09", by=[Organisation.objects.get(slug="arcadia")])


def move_an_event(public):
    meeting = Event.objects.get(slug="lake-meeting")
    meeting.start = "2024-07-10"
    meeting.save()
    publish_cited(public.quote, meeting)


def withdraw_a_commitment(public):
    withdraw([Commitment.objects.get(slug="forty-tents")])


@pytest.fixture(autouse=True)
def nothing_answered_from_the_cache(monkeypatch):
    monkeypatch.setattr(dispatch.response_cache, "max_bytes", 0)


def pages(client) -> dict[str, bytes]:
    live = Edition.objects.filter(LIVE_EDITIONS).values_list("kind", "slug")
    return {path: client.get(path).content for path in [*(f"/{PLURALS[kind]}/{slug}/" for kind, slug in live), "/"]}


@pytest.mark.parametrize(
    "change",
    [rename, summarise, move_an_event, add_a_newcomer, add_a_commitment, withdraw_a_commitment],
    ids=lambda c: c.__name__,
)
def test_what_is_kept_is_what_would_be_made(detailed, client, change):
    before = pages(client)
    change(detailed)
    shown = pages(client)
    kept_pages.clear()
    kept_graphs.clear()
    made = pages(client)
    assert [path for path in made if made[path] != shown[path]] == []
    assert any(before[path] != made[path] for path in before if path in made)


def test_a_release_that_a_page_does_not_show_leaves_it(public, client, monkeypatch):
    path = "/commitments/forty-kites/"
    before = client.get(path).content.decode()
    monkeypatch.setattr(record_pages, "_render_record", None)
    add_a_newcomer(public)
    after = client.get(path).content.decode()
    release = newest_register_state().release
    assert after == before.replace(f"As of release {release - 1}.", f"As of release {release}.") != before
    assert RELEASE_MARK not in after


def test_beyond_a_number_of_records_each_release_counts(public, client, monkeypatch):
    document = json.loads(Edition.objects.get(LIVE_EDITIONS, slug="arcadia").document)
    first = shown_editions.shown_editions(document, newest_register_state())
    add_a_newcomer(public)
    assert shown_editions.shown_editions(document, newest_register_state()) == first
    monkeypatch.setattr(shown_editions, "MAX_NAMING", 0)
    assert shown_editions.shown_editions(document, newest_register_state()) != first


def test_nothing_is_kept_over_a_database_that_was_put_back(public):
    kept: KeptParts[str] = KeptParts(100_000, len)
    now = newest_register_state()
    assert kept.part(now, "page", lambda: "old") == "old"
    add_a_newcomer(public)
    later = newest_register_state()
    assert kept.part(later, "page", lambda: "new") == "old"
    assert kept.part(now, "page", lambda: "new") == "new"
    # One that has as many releases, of which that one was none.
    kept.part(now._replace(state_hash="another"), "page", lambda: "newer")
    assert kept.part(later, "page", lambda: "newest") == "newest"


def test_what_was_shown_last_is_kept():
    kept: KeptParts[str] = KeptParts(6_000, len)
    state = RegisterState(1, "", None)
    for key in "abcab":
        kept.part(state, key, lambda: "x" * 900)
    kept.part(state, "d", lambda: "x" * 900)
    assert [kept.part(state, key, lambda: "new") == "new" for key in "abdc"] == [False, False, False, True]
    assert kept.part(state, "large", lambda: "x" * 4_000) and kept.part(state, "large", lambda: "new") == "new"
