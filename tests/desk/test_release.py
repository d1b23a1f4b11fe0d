"""Publish and Withdraw: who may press them, what they do, what they say when refused."""

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages

from entities.models import Commitment, Organisation
from entities.vocabulary import Status
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, record_token, withdraw_page_url
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.publication import publish
from nato_support.publishing.review.workflow import submit_records
from tests import world as make
from tests.desk.conftest import page


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def ready(world):
    """Arcadia with all that it rests on: nothing is missing for it to be public."""
    make.cite_values(world.quote, world.arcadia, world.ruritania, world.courier, world.ada, world.meeting)
    return world


def asked(what: str, *records) -> str:
    """The address of the page that publishes or withdraws `records`."""
    return (publish_page_url if what == "publish" else withdraw_page_url)(records)


def press(desk, what: str, *records, **given):
    """Presses the button of the page for `records`, in the versions in which it shows them."""
    address = asked(what, *records)
    shown = desk.get(address)
    assert shown.status_code == 200
    names = [record_token(record) for record in records]
    for record in records:
        record.refresh_from_db()
    seen = [f"{name}/{record.version}" for name, record in zip(names, records, strict=True)]
    return desk.post(address.partition("?")[0], {"record": names, "seen": seen, "do": what} | given)


def test_publishing_what_lacks_evidence_names_what_is_missing_and_changes_nothing(desk, kites):
    response = press(desk, "publish", kites)
    assert response.status_code == 409
    assert "Nothing was changed" in response.text and f'">{kites.name}</a> has no supporting citation' in response.text
    kites.refresh_from_db()
    assert kites.status == Status.DRAFT and not Release.objects.exists()


def test_records_selected_in_a_list_are_published_together_and_withdrawn(desk, ready):
    publish([ready.document, ready.quote, ready.courier, ready.ada, ready.meeting])
    both = (ready.arcadia, ready.ruritania)
    chosen = {"_selected_action": [record.pk for record in both]}
    for action in ("publish", "submit"):
        led = desk.post(page(Organisation, "changelist"), chosen | {"action": f"{action}_selected"})
        assert set(led["Location"].partition("=")[2].split(",")) == {record_token(record) for record in both}
    assert told(press(desk, "publish", *both)) == ["2 records were published."]
    assert Edition.objects.filter(slug__in=["arcadia", "ruritania"], superseded=None, withdrawn=False).count() == 2
    led = desk.post(page(Organisation, "changelist"), chosen | {"action": "withdraw_selected"})
    assert led["Location"].startswith(asked("withdraw").partition("?")[0])
    press(desk, "withdraw", *both, reason="They are gone.")
    assert Edition.objects.filter(slug__in=["arcadia", "ruritania"], superseded=None, withdrawn=True).count() == 2


def test_the_button_publishes_the_version_that_was_on_the_screen(desk, ready):
    response = press(desk, "publish", ready.ada, seen=[f"person/{ready.ada.pk}/{ready.ada.version + 7}"])
    assert response.status_code == 409 and "changed since you opened this page" in response.text


def test_one_record_is_published_and_withdrawn_from_its_page(desk, administrator, ready):
    publish([ready.document, ready.quote, ready.courier, ready.ada, ready.meeting])
    assert asked("publish", ready.arcadia).replace("&", "&amp;") in desk.get(page(ready.arcadia, "change")).text
    assert told(press(desk, "publish", ready.arcadia)) == ["“Arcadia” was published."]
    assert Release.objects.latest("number").by == administrator
    shown = desk.get(page(ready.arcadia, "change")).text
    assert "Published version is up to date" in shown and asked("withdraw", ready.arcadia) in shown
    assert press(desk, "withdraw", ready.arcadia).status_code == 409
    press(desk, "withdraw", ready.arcadia, reason="It is gone.")
    ready.arcadia.refresh_from_db()
    assert ready.arcadia.status == Status.WITHDRAWN


@pytest.mark.parametrize("button", ["publish", "withdraw"])
def test_a_link_publishes_nothing(desk, public, button):
    before = Release.objects.count()
    assert desk.get(f"{asked(button, public.kites)}&do={button}&reason=because").status_code == 200
    assert Release.objects.count() == before


@pytest.mark.parametrize("button", ["publish", "withdraw"])
def test_the_permission_decides_who_may_press_it(client, public, button):
    writer = User.objects.create_user("wanda", password="wanda", is_staff=True)
    writer.user_permissions.set(Permission.objects.filter(codename__in=["view_commitment", "change_commitment"]))
    client.force_login(writer)
    address = asked(button, public.kites).partition("?")[0]
    given = {
        "record": [record_token(public.kites)],
        "seen": [f"{record_token(public.kites)}/{public.kites.version}"],
        "do": button,
    }
    assert client.post(address, given).status_code == 403
    assert address not in client.get(page(public.kites, "change")).text
    assert f"{button}_selected" not in client.get(page(Commitment, "changelist")).text
    # A name that the list does not offer does nothing.
    client.post(page(Commitment, "changelist"), {"_selected_action": [public.kites.pk], "action": f"{button}_selected"})
    assert Release.objects.count() == 1
    writer.user_permissions.add(Permission.objects.get(codename=button, content_type__app_label="publishing"))
    assert client.get(asked(button, public.kites)).status_code == 200


def test_lists_say_what_is_changed_and_what_is_in_review(desk, public, administrator):
    address = page(Commitment, "changelist")
    assert "published · " not in desk.get(address).text
    public.kites.summary = "Forty."
    public.kites.save()
    assert "published · unpublished changes" in desk.get(address).text
    submit_records([public.kites], by=administrator, note="A summary.")
    assert "published · in review" in desk.get(address).text


def test_editions_are_read_and_never_written(desk, db):
    run = Release.objects.create(number=1, operation="publish", state_hash="0" * 64)
    assert desk.post(page(run, "delete"), {"post": "yes"}).status_code == 403
    assert desk.post(page(run, "change"), {"note": "changed"}).status_code == 403
