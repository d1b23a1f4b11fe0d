"""Who else has a page open: seen by those who may change it, within few queries, and forgotten when they leave."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from entities.models import Name
from nato_support.desk.dashboard import presence
from nato_support.desk.models import Presence
from nato_support.desk.records.concurrency.concurrent_editing import version_of_record
from nato_support.roles import ensure_groups
from tests import world as make
from tests.desk.conftest import page, save, shown_form


class Person:
    """Somebody at work, with a browser, and a window of it on one page."""

    def __init__(self, name: str, group: str = "contributor"):
        self.user = User.objects.create_user(name.lower(), first_name=name, is_staff=True)
        self.user.groups.add(ensure_groups()[group])
        self.browser = Client()
        self.browser.force_login(self.user)

    def ping(self, record, window: str = "w1", **more):
        given = presence._sign_presence_token(self.user, type(record), record.pk)
        data = {"token": given, "window": window, "version": str(version_of_record(record))} | more
        return self.browser.post(reverse("admin:desk_presence"), data)

    def sees(self, record, window: str = "w1", **more) -> list[str]:
        return self.ping(record, window, **more).json()["there"]


@pytest.fixture
def oksana(db):
    return Person("Oksana")


@pytest.fixture
def jan(db):
    return Person("Jan", "editor")


def test_who_edits_and_who_looks_in_the_order_they_came(oksana, jan, arcadia):
    zelda = Person("Zelda")
    assert oksana.sees(arcadia, typed="1") == []
    assert jan.sees(arcadia) == ["Oksana is editing (last seen just now)."]
    assert zelda.sees(arcadia) == ["Oksana is editing (last seen just now).", "Jan has this open."]
    assert oksana.sees(arcadia) == ["Jan has this open.", "Zelda has this open."]
    assert oksana.sees(make.an_organisation("ruritania")) == []


def test_a_window_of_any_name_is_taken(oksana, arcadia):
    assert oksana.ping(arcadia, "\x00\x07\u200e").status_code == 200
    assert oksana.ping(arcadia, version="9" * 5000).status_code == 200


def test_ones_own_other_window_is_named_so(jan, arcadia):
    jan.sees(arcadia, "w2", typed="1")
    assert jan.sees(arcadia, "w1") == ["You are editing this in another window."]


def test_idle_after_ten_minutes_and_gone_after_twenty_five(oksana, jan, arcadia):
    oksana.sees(arcadia, typed="1")
    now = timezone.now()
    Presence.objects.update(edited_at=now - timedelta(minutes=11), seen_at=now - timedelta(minutes=3))
    assert jan.sees(arcadia) == ["Oksana has this open."]
    Presence.objects.filter(user=oksana.user).update(seen_at=now - timedelta(minutes=26))
    assert jan.sees(arcadia) == []


def test_who_leaves_is_gone_at_once_and_old_rows_with_them(oksana, jan, arcadia):
    oksana.sees(arcadia)
    jan.sees(arcadia)
    Presence.objects.filter(user=oksana.user).update(seen_at=timezone.now() - timedelta(hours=1))
    assert jan.ping(arcadia, leaving="1").status_code == 204
    assert not Presence.objects.exists()


def test_a_page_that_grew_old_says_who_saved(oksana, jan, arcadia):
    assert oksana.ping(arcadia).json()["saved"] == ""
    save(jan.browser, arcadia, shown_form(jan.browser, page(arcadia, "change")) | {"summary": "A republic."})
    saved = oksana.ping(arcadia, version="1").json()["saved"]
    assert saved == "Jan saved this just now: your changes will be merged."
    part = Name.objects.create(entity=arcadia, text="Arkadien", kind="alias")
    citation = make.a_citation(make.a_quote(make.a_document()), arcadia, "name", "Arcadia")
    arcadia.refresh_from_db()
    for one in (part, citation):
        assert oksana.ping(one).json()["saved"] == "" and oksana.ping(one, version="1").json()["saved"]


@pytest.mark.parametrize("others", [2, 30])
def test_a_ping_takes_four_queries_however_many_are_there(oksana, arcadia, others):
    for at in range(others):
        user = User.objects.create_user(f"p{at}")
        Presence.objects.create(user=user, page=presence.presence_page_key(type(arcadia), arcadia.pk), window="w")
    oksana.sees(arcadia)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(oksana.sees(arcadia)) == others
    assert len(asked) <= 4, [query["sql"][:90] for query in asked]


def test_whoever_may_not_is_not_told(oksana, jan, arcadia, client):
    jan.sees(arcadia)
    viewer = Person("Vera", "viewer")
    assert presence.presence_token(viewer.user, arcadia) == ""
    address = reverse("admin:desk_presence")
    foreign = presence._sign_presence_token(jan.user, type(arcadia), arcadia.pk)
    for browser, given in ((client, foreign), (viewer.browser, foreign), (oksana.browser, foreign), (oksana.browser, "made up")):
        assert browser.post(address, {"token": given, "window": "w"}).status_code == 404
    assert oksana.browser.get(address).status_code == 405
    jan.user.is_active = False
    jan.user.save()
    assert jan.ping(arcadia).status_code == 404


def test_an_old_pass_is_renewed_for_those_who_still_may(oksana, arcadia, monkeypatch):
    monkeypatch.setattr(presence, "TOKEN_FRESH_FOR", timedelta(seconds=-1))
    renewed = oksana.ping(arcadia).json()["token"]
    assert signing.loads(renewed, salt="presence")[0] == oksana.user.pk
    oksana.user.groups.clear()
    assert oksana.ping(arcadia).status_code == 404


def test_the_page_shows_the_line_to_those_alone_who_may_change(oksana, arcadia):
    assert 'id="presence"' in oksana.browser.get(page(arcadia, "change")).text
    viewer = Person("Vera", "viewer")
    assert 'id="presence"' not in viewer.browser.get(page(arcadia, "change")).text
    name = Name.objects.create(entity=arcadia, text="Arkadien", kind="alias")
    assert 'id="presence"' in oksana.browser.get(page(name, "change")).text
