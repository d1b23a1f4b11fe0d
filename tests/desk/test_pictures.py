"""Pictures in the admin: from the working copies, with drafts and changes told apart, for whoever may see what they show."""

import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import world as make
from tests.desk.conftest import page

NAMES = ("arcadia", "yard", "ada", "minister", "meeting", "kites")


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_entity_has_its_pictures(desk, world, records, name):
    record = getattr(world, name)
    assert f'data-pictures="{page(record, "pictures")}?fragment"' in desk.get(page(record, "change")).text
    whole, fragment = (desk.get(page(record, "pictures"), query) for query in ({}, {"fragment": ""}))
    assert "<html" in whole.text and "<html" not in fragment.text
    assert fragment.text.count("picture-wide") == fragment.text.count("picture-narrow") > 0
    for path in set(re.findall(r'href="(/admin/record/[^"#]+)', fragment.text)):
        assert desk.get(path).status_code == 302, path


def test_a_promise_has_its_bar_and_a_changed_one_what_readers_see_too(desk, public):
    assert desk.get(page(public.kites, "pictures")).text.count('id="picture-promise') == 1
    measure = public.kites.measures.get()
    measure.value = 50
    measure.save()
    html = desk.get(page(public.kites, "pictures")).text
    assert "Promised and delivered (changed)" in html and "Promised and delivered (as published)" in html
    assert "50 kites" in html and "40 kites" in html


def test_what_readers_do_not_see_is_told_by_shape_and_words(desk, public):
    def pictures():
        return desk.get(page(public.arcadia, "pictures"), {"fragment": ""}).text

    assert not re.search("unpublished|mark-state|draft", pictures())
    joint = make.an_organisation("joint-yard", name="Joint Yard")
    make.a_relation(joint, public.arcadia, make.a_relation_type("part-of", ("organisation", "organisation")))
    public.kites.conditions = "Wind."
    public.kites.save()
    html = pictures()
    assert "Joint Yard (draft)" in html and 'class="unpublished"' in html and "mark-state" in html
    assert "draft: not published yet" in html and "changed since it was published" in html
    assert "(changed)" in html and "<td>draft</td>" in html
    whole = desk.get(reverse("admin:desk_pictures")).text
    assert "Joint Yard (draft)" in whole and "part-changed" in whole


def test_pictures_show_nobody_what_they_may_not_see(client, world, records):
    user = User.objects.create_user("nobody", is_staff=True)
    client.force_login(user)
    for path in (page(world.kites, "pictures"), reverse("admin:desk_pictures"), "/admin/record/events/lake-meeting/"):
        assert client.get(path).status_code == 403, path
    user.user_permissions.add(*Permission.objects.filter(codename="view_organisation"))
    html = client.get(page(world.arcadia, "pictures")).text
    assert world.kites.name not in html and world.meeting.name not in html
    assert client.get("/admin/record/nothing/x/").status_code == 404


def test_as_many_statements_for_300_neighbours_as_for_3(desk, world):
    part_of = make.a_relation_type("part-of", ("organisation", "organisation"))

    def statements(first: int, last: int) -> int:
        for n in range(first, last):
            make.a_relation(make.an_organisation(f"part-{n}"), world.ruritania, part_of)
        with CaptureQueriesContext(connection) as statements:
            assert desk.get(page(world.ruritania, "pictures"), {"fragment": ""}).status_code == 200
        return len(statements)

    few = statements(0, 3)
    assert statements(3, 300) == few <= 80
