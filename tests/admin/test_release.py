"""Publish and Withdraw: who may press them, what they do, what they say when refused."""

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages

from entities.models import Commitment, Organisation
from entities.vocabulary import Status
from nato_support.editions.models import Edition, PrintRun
from nato_support.editions.publishing import publish
from tests import world as make
from tests.admin.conftest import page


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def ready(world):
    """Arcadia with all that it rests on: nothing is missing for it to be public."""
    make.a_citation(world.quote, world.arcadia, "founded", "1949-04")
    for name in ("courier", "ada"):
        make.a_citation(world.quote, getattr(world, name), "name", getattr(world, name).name)
    make.a_citation(world.quote, world.meeting, "start", "2024-07-09")
    make.a_citation(world.quote, world.ruritania, "name", "Ruritania")
    return world


def test_publishing_what_lacks_evidence_names_what_is_missing_and_changes_nothing(desk, kites):
    response = desk.post(page(kites, "publish"), {"version": kites.version})
    assert response["Location"] == page(kites, "change")
    assert (
        "Nothing was published" in told(response)[0]
        and "<li>commitment forty-kites has no supporting citation" in told(response)[0]
    )
    kites.refresh_from_db()
    assert kites.status == Status.DRAFT and not PrintRun.objects.exists()


def test_records_selected_in_a_list_are_published_together_and_withdrawn(desk, ready):
    publish([ready.document, ready.quote, ready.courier, ready.ada, ready.meeting])
    both = {"_selected_action": [ready.arcadia.pk, ready.ruritania.pk]}
    assert told(desk.post(page(Organisation, "changelist"), both | {"action": "publish_selected"})) == [
        "2 organisations were published."
    ]
    assert Edition.objects.filter(slug__in=["arcadia", "ruritania"], superseded=None, withdrawn=False).count() == 2
    desk.post(page(Organisation, "changelist"), both | {"action": "withdraw_selected"})
    assert Edition.objects.filter(slug__in=["arcadia", "ruritania"], superseded=None, withdrawn=True).count() == 2


def test_the_button_publishes_the_version_that_was_on_the_screen(desk, ready):
    response = desk.post(page(ready.ada, "publish"), {"version": ready.ada.version + 7})
    assert any("review it again" in message for message in told(response))


def test_one_record_is_published_and_withdrawn_from_its_page(desk, administrator, ready):
    publish([ready.document, ready.quote, ready.courier, ready.ada, ready.meeting])
    ready.arcadia.refresh_from_db()
    assert told(desk.post(page(ready.arcadia, "publish"), {"version": ready.arcadia.version})) == ["“Arcadia” was published."]
    assert PrintRun.objects.latest("stamp").by == administrator
    assert "The public sees just this" in desk.get(page(ready.arcadia, "change")).text
    desk.post(page(ready.arcadia, "withdraw"))
    ready.arcadia.refresh_from_db()
    assert ready.arcadia.status == Status.WITHDRAWN


@pytest.mark.parametrize("button", ["publish", "withdraw"])
def test_a_link_publishes_nothing(desk, kites, button):
    assert desk.get(page(kites, button)).status_code == 405


@pytest.mark.parametrize("button", ["publish", "withdraw"])
def test_the_permission_decides_who_may_press_it(client, kites, button):
    writer = User.objects.create_user("wanda", password="wanda", is_staff=True)
    writer.user_permissions.set(Permission.objects.filter(codename__in=["view_commitment", "change_commitment"]))
    client.force_login(writer)
    assert client.post(page(kites, button)).status_code == 403
    assert f"/{button}/" not in client.get(page(kites, "change")).text
    assert f"{button}_selected" not in client.get(page(Commitment, "changelist")).text
    writer.user_permissions.add(Permission.objects.get(codename=button, content_type__app_label="editions"))
    assert client.post(page(kites, button)).status_code == 302


def test_editions_are_read_and_never_written(desk, db):
    run = PrintRun.objects.create(stamp=1, operation="publish", state_hash="0" * 64)
    assert desk.post(page(run, "delete"), {"post": "yes"}).status_code == 403
    assert desk.post(page(run, "change"), {"note": "changed"}).status_code == 403
