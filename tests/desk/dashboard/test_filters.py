import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nato_support.desk.models import Preferences, SavedFilter

COMMITMENTS = "/admin/entities/commitment/"


def keep(desk, name="Pledges", query="nature__exact=pledge&o=-1", label="entities_commitment"):
    return desk.post(reverse("admin:desk_filter_save"), {"list": label, "name": name, "query": query})


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def desk(anna, desk_of):
    return desk_of(anna)


def test_from_saving_to_deleting(desk, anna, kites):
    assert keep(desk, query="nature=pledge&o=-1&p=3&all=").url == f"{COMMITMENTS}?nature=pledge&o=-1"
    one = SavedFilter.objects.get(owner=anna)
    assert (one.list, one.name, one.query) == ("entities_commitment", "Pledges", "nature=pledge&o=-1")
    assert "Pledges" in desk.get(COMMITMENTS).content.decode()
    applied = desk.get(f"{COMMITMENTS}?{one.query}").content.decode()
    assert f'href="{reverse("admin:desk_filter", args=[one.pk])}" aria-current="true"' in applied
    desk.post(reverse("admin:desk_filter_rename", args=[one.pk]), {"name": "What was pledged"})
    one.refresh_from_db()
    assert one.name == "What was pledged"
    assert [f["title"] for f in desk.get(reverse("admin:desk_palette")).json()["filters"]] == ["What was pledged"]
    assert "What was pledged" in desk.get("/admin/").content.decode()
    desk.post(reverse("admin:desk_filter_delete", args=[one.pk]))
    assert not SavedFilter.objects.exists()


def test_a_name_taken_is_replaced_by_what_one_sees(desk, anna, db):
    keep(desk, query="q=kite")
    keep(desk, query="q=balloon")
    assert [one.query for one in SavedFilter.objects.filter(owner=anna)] == ["q=balloon"]


def test_names_stay_apart_and_what_was_typed_stays(desk, db):
    keep(desk, "One", "q=one")
    keep(desk, "Two", "q=two")
    two = SavedFilter.objects.get(name="Two")
    refused = desk.post(reverse("admin:desk_filter_rename", args=[two.pk]), {"name": ""})
    assert refused.status_code == 400
    assert 'aria-invalid="true"' in refused.content.decode()
    nameless = keep(desk, " ", "q=three")
    assert nameless.url == f"{COMMITMENTS}?q=three"
    assert "not saved" in said(nameless)[0]


def test_order(desk, anna, db):
    for name in ("One", "Two", "Three"):
        keep(desk, name, f"q={name}")
    desk.post(reverse("admin:desk_filter_earlier", args=[SavedFilter.objects.get(name="Three").pk]))
    assert [one.name for one in SavedFilter.objects.filter(owner=anna)] == ["One", "Three", "Two"]
    desk.post(reverse("admin:desk_filter_earlier", args=[SavedFilter.objects.get(name="One").pk]))
    assert [one.name for one in SavedFilter.objects.filter(owner=anna)] == ["One", "Three", "Two"]


def test_a_filter_is_used_as_its_list_takes_it_now(desk, kites):
    keep(desk, query="q=kite&status=draft&colour=red&beneficiary__name=x&o=1")
    one = SavedFilter.objects.get()
    applied = desk.get(reverse("admin:desk_filter", args=[one.pk]))
    assert applied.url == f"{COMMITMENTS}?q=kite&status=draft&o=1"
    assert "colour, beneficiary__name" in said(applied)[-1]
    assert desk.get(applied.url).status_code == 200


def test_only_ones_own(desk, people, desk_of, db):
    keep(desk)
    one = SavedFilter.objects.get()
    other = desk_of(people("boris", "editor"))
    assert other.get(reverse("admin:desk_filter", args=[one.pk])).status_code == 404
    for page in ("rename", "earlier", "delete"):
        assert other.post(reverse(f"admin:desk_filter_{page}", args=[one.pk]), {"name": "Mine"}).status_code == 404
    assert "Pledges" not in other.get(COMMITMENTS).content.decode()
    assert other.get(reverse("admin:desk_palette")).json()["filters"] == []
    one.refresh_from_db()
    assert one.name == "Pledges"


def test_only_of_lists_that_one_may_see(desk, anna, db):
    assert keep(desk, label="auth_user").status_code == 403
    assert keep(desk, label="nowhere_nothing").status_code == 404
    one = SavedFilter.objects.create(owner=anna, list="auth_user", name="Users", query="")
    SavedFilter.objects.create(owner=anna, list="gone_model", name="Gone", query="")
    assert desk.get(reverse("admin:desk_filter", args=[one.pk])).status_code == 403
    assert desk.get(reverse("admin:desk_filters")).context["lists"] == {}


def test_what_changes_is_posted(desk, db):
    keep(desk)
    one = SavedFilter.objects.get()
    assert desk.get(reverse("admin:desk_filter_save")).status_code == 405
    for page in ("rename", "earlier", "delete"):
        assert desk.get(reverse(f"admin:desk_filter_{page}", args=[one.pk])).status_code == 405


def test_as_many_queries_for_many_filters_as_for_few(desk, anna, kites):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            desk.get(COMMITMENTS)
        return len(asked)

    few = queries()
    for n in range(20):
        keep(desk, f"Filter {n}", f"q={n}")
    assert queries() == few


def test_single_keys_are_switched_off_and_on(desk, anna, db):
    assert 'data-single-keys="off"' not in desk.get("/admin/").content.decode()
    desk.post(reverse("admin:desk_preferences"), {})
    assert Preferences.objects.get(owner=anna).single_keys is False
    assert 'data-single-keys="off"' in desk.get("/admin/").content.decode()
    desk.post(reverse("admin:desk_preferences"), {"single_keys": "on"})
    assert Preferences.objects.get(owner=anna).single_keys is True
