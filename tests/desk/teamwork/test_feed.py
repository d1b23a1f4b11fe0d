"""The private feed: only its owner knows the address, and only while they may see what it tells."""

import logging
import xml.etree.ElementTree as ElementTree

import pytest
from django.contrib.auth.models import User

from nato_support.desk.teamwork import notification_feed
from nato_support.publishing.models import NotificationSettings
from nato_support.publishing.teamwork.notification_access import notifications_for
from tests.desk.teamwork.test_teamwork_pages import say

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def feed(rf, client, world, anna, edith):
    """The address of Edith's feed, in which Anna has named her once."""
    notification_feed.renew_feed(edith)
    say(world.kites, "A <secret>, @edith", anna)
    return notification_feed.feed_url(rf.get("/"), edith)


def titles(answer):
    return [entry.find(f"{ATOM}title").text for entry in ElementTree.fromstring(answer.content).iter(f"{ATOM}entry")]


def test_a_feed_tells_labels_and_links_and_is_kept_by_no_shared_cache(client, feed, edith):
    answer = client.get(feed)
    assert titles(answer) == ["anna named you in a comment on Forty Kites"]
    assert answer["Content-Type"].startswith("application/atom+xml") and "private" in answer["Cache-Control"]
    assert b"secret" not in answer.content and b"Set-Cookie" not in answer.content
    assert f"/admin/notifications/{notifications_for(edith).get().pk}/" in answer.content.decode()


def test_a_new_address_makes_the_old_one_useless(client, rf, feed, edith):
    notification_feed.renew_feed(edith)
    assert client.get(feed).status_code == 404
    assert client.get(notification_feed.feed_url(rf.get("/"), edith)).status_code == 200
    notification_feed.stop_feed(edith)
    assert notification_feed.feed_url(rf.get("/"), edith) == ""


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_nobody_reads_on_who_may_not_sign_in(client, feed, edith, lost):
    User.objects.filter(pk=edith.pk).update(**{lost: False})
    assert client.get(feed).status_code == 404


def test_who_lost_their_rights_reads_of_nothing(client, feed, edith):
    edith.groups.clear()
    assert titles(client.get(feed)) == []


def test_no_other_token_gives_a_feed(client, feed, edith, anna):
    token = feed.rstrip("/").rpartition("/")[2]
    own, _, secret = token.partition("-")
    notification_feed.renew_feed(anna)
    wrong = [f"{anna.pk}-{secret}", f"{own}-", f"{own}-{secret[:-1]}", secret, own, f"{'9' * 20}-{secret}", "0-x", "x"]
    assert {client.get(f"/admin/feed/{token}/").status_code for token in wrong} == {404}
    assert client.post(feed).status_code == 404


def test_the_database_alone_does_not_give_the_address_away(feed, edith, settings, rf):
    key = NotificationSettings.objects.get(owner=edith).feed_key
    assert key not in feed and len(key) >= 32
    settings.SECRET_KEY = "another"
    assert notification_feed.feed_url(rf.get("/"), edith) != feed


def test_the_log_of_requests_does_not_hold_the_address(client, feed, caplog):
    caplog.set_level(logging.INFO, logger="nato_support.requests")
    client.get(feed)
    assert "/admin/feed/…" in caplog.text and feed.rstrip("/").rpartition("-")[2] not in caplog.text
