"""Lists edited in place: two people at one list, and rows that moved on meanwhile."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from entities.models import Name
from tests.desk.conftest import page


@pytest.fixture
def desks(client, administrator):
    client.force_login(administrator)
    other = Client()
    other.force_login(User.objects.create_superuser("jan", first_name="Jan"))
    return client, other


@pytest.fixture
def names(arcadia):
    return [Name.objects.create(entity=arcadia, text=text, kind="alias") for text in ("Arcady", "Arcadie")]


def shown(desk) -> dict:
    """What a browser would send if the list were saved as it is shown."""
    formset = desk.get(page(Name, "changelist")).context["cl"].formset
    data = {"_save": "Save"}
    for form in (formset.management_form, *formset.forms):
        data |= {field.html_name: "" if field.value() is None else str(field.value()) for field in form}
    return data


def of(data: dict, name: Name, field: str) -> str:
    """The field of the row of `name`."""
    at = next(key.split("-")[1] for key, value in data.items() if key.endswith("-id") and value == str(name.pk))
    return f"form-{at}-{field}"


def send(desk, data):
    return desk.post(page(Name, "changelist"), data, follow=True)


def test_different_fields_of_one_row_are_both_kept(desks, names):
    zelda, jan = desks
    mine, theirs = shown(zelda), shown(jan)
    send(jan, theirs | {of(theirs, names[0], "kind"): "former"})
    response = send(zelda, mine | {of(mine, names[0], "text"): "Arcadia the Old"})
    names[0].refresh_from_db()
    assert (names[0].text, names[0].kind) == ("Arcadia the Old", "former")
    assert "Jan changed the kind of “Arcad" in response.text and "both changes are kept" in response.text


def test_the_same_field_is_shown_with_both_values_and_not_overwritten(desks, names):
    zelda, jan = desks
    mine, theirs = shown(zelda), shown(jan)
    send(jan, theirs | {of(theirs, names[0], "text"): "Arcadia by Jan"})
    asked = send(zelda, mine | {of(mine, names[0], "text"): "Arcadia by Zelda", of(mine, names[1], "kind"): "former"})
    for name in names:
        name.refresh_from_db()
    assert (names[0].text, names[1].kind) == ("Arcadia by Jan", "alias")
    assert "Jan changed this to “" in asked.text and "Arcadia by Zelda" in asked.text
    formset = asked.context["cl"].formset
    again = {"_save": "Save"}
    for form in (formset.management_form, *formset.forms):
        again |= {field.html_name: "" if field.value() is None else str(field.value()) for field in form}
    send(zelda, again)
    for name in names:
        name.refresh_from_db()
    assert (names[0].text, names[1].kind) == ("Arcadia by Zelda", "former")


def test_a_list_saved_as_it_is_shown_takes_nothing_back(desks, names):
    zelda, jan = desks
    mine, theirs = shown(zelda), shown(jan)
    send(jan, theirs | {of(theirs, names[0], "text"): "Arcadia by Jan"})
    send(zelda, mine)
    names[0].refresh_from_db()
    assert names[0].text == "Arcadia by Jan"


def test_a_row_that_is_gone_says_so_and_the_others_are_saved(desks, names):
    zelda, jan = desks
    mine = shown(zelda)
    jan.post(page(names[0], "delete"), {"post": "yes"})
    response = send(zelda, mine | {of(mine, names[0], "text"): "Arcadia the Old", of(mine, names[1], "kind"): "former"})
    names[1].refresh_from_db()
    assert names[1].kind == "former" and Name.objects.count() == 1
    assert "Jan removed a row that you changed" in response.text and "Arcadia the Old" in response.text


def test_a_list_that_does_not_say_what_it_showed_overwrites_nothing(desks, names):
    data = {key: value for key, value in shown(desks[0]).items() if key != "form-_base"}
    asked = send(desks[0], data | {of(data, names[0], "text"): "Arcadia the Old"})
    names[0].refresh_from_db()
    assert names[0].text == "Arcady" and "Arcadia the Old" in asked.text
