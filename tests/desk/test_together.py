"""Two people at one record: what fits is merged, what does not is asked, and nothing is overwritten unseen."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from entities.models import Commitment, Name
from tests.desk.conftest import filled_in, page, shown_form, with_new


@pytest.fixture
def jan(db):
    return User.objects.create_superuser("jan", first_name="Jan")


@pytest.fixture
def desks(client, administrator, jan):
    """The browsers of Zelda and of Jan."""
    client.force_login(administrator)
    other = Client()
    other.force_login(jan)
    return client, other


def opened(desk, record) -> dict:
    return shown_form(desk, page(record, "change"))


def send(desk, record, data: dict):
    response = desk.post(page(record, "change"), data)
    record.refresh_from_db()
    return response


def test_different_fields_of_one_record_are_both_kept(desks, kites):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    assert send(jan, kites, theirs | {"summary": "Forty of them."}).status_code == 302
    response = send(zelda, kites, mine | {"conditions": "Once the wind blows."})
    assert response.status_code == 302
    assert (kites.summary, kites.conditions) == ("Forty of them.", "Once the wind blows.")
    told = zelda.get(page(kites, "change")).text
    assert "Jan changed the summary meanwhile; both are kept." in told


def test_the_same_field_is_asked_and_nothing_is_saved_before(desks, kites):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    send(jan, kites, theirs | {"summary": "Forty of them."})
    response = send(zelda, kites, mine | {"summary": "Four times ten.", "conditions": "Wind."})
    assert response.status_code == 409
    assert (kites.summary, kites.conditions) == ("Forty of them.", "")
    assert "Jan saved this while you were editing." in response.text
    assert "1 of your 2 changes conflicts with another." in " ".join(response.text.split())
    assert "Forty of them." in response.text and "Four times ten." in response.text


def choose(desk, record, response, how: str, **own):
    """Sends the page of choices with one answer to all that it asks."""
    data: dict = {}
    for name, value in response.context["kept"]:
        data.setdefault(name, []).append(value)
    for choice in response.context["choices"]:
        data |= {choice.name: how, choice.seen_name: choice.seen}
        data |= {line.widget.html_name: own[line.widget.name] for line in choice.lines if line.widget and line.widget.name in own}
    return send(desk, record, data)


@pytest.mark.parametrize(
    ("how", "own", "summary"),
    [
        ("theirs", {}, "Forty of them."),
        ("mine", {}, "Four times ten."),
        ("own", {"summary": "Forty, that is four times ten."}, "Forty, that is four times ten."),
    ],
)
def test_each_answer_saves_what_it_says_and_the_rest_along(desks, kites, how, own, summary):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    send(jan, kites, theirs | {"summary": "Forty of them.", "name": "Kites, forty"})
    asked = send(zelda, kites, mine | {"summary": "Four times ten.", "conditions": "Wind."})
    assert choose(zelda, kites, asked, how, **own).status_code == 302
    assert (kites.summary, kites.conditions, kites.name) == (summary, "Wind.", "Kites, forty")


def test_a_choice_made_against_what_has_changed_again_is_asked_anew_and_the_others_stay(desks, kites):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    send(jan, kites, theirs | {"summary": "Jan's", "conditions": "Jan's"})
    asked = send(zelda, kites, mine | {"summary": "Zelda's", "conditions": "Zelda's"})
    send(jan, kites, opened(jan, kites) | {"conditions": "Jan's again"})
    again = choose(zelda, kites, asked, "mine")
    assert again.status_code == 409 and kites.summary == "Jan's"
    assert [(choice.title, choice.chosen) for choice in again.context["choices"]] == [("Summary", "mine"), ("Conditions", "")]
    assert "changed again since you chose" in again.text
    assert choose(zelda, kites, again, "mine").status_code == 302
    assert (kites.summary, kites.conditions) == ("Zelda's", "Zelda's")


def test_a_list_to_which_both_added_holds_both(desks, world):
    zelda, jan = desks
    mine, theirs = opened(zelda, world.kites), opened(jan, world.kites)
    arcadia, ruritania, courier = (str(one.pk) for one in (world.arcadia, world.ruritania, world.courier))
    send(jan, world.kites, theirs | {"committed_by": [arcadia, ruritania]})
    assert send(zelda, world.kites, mine | {"committed_by": [arcadia, courier]}).status_code == 302
    assert set(world.kites.committed_by.values_list("slug", flat=True)) == {"arcadia", "ruritania", "arcadian-courier"}


def test_where_both_replaced_the_same_of_a_list_both_may_be_kept(desks, world):
    zelda, jan = desks
    mine, theirs = opened(zelda, world.kites), opened(jan, world.kites)
    send(jan, world.kites, theirs | {"committed_by": [str(world.ruritania.pk)]})
    asked = send(zelda, world.kites, mine | {"committed_by": [str(world.courier.pk)]})
    assert asked.status_code == 409 and "Keep both" in asked.text
    assert choose(zelda, world.kites, asked, "both").status_code == 302
    assert set(world.kites.committed_by.values_list("slug", flat=True)) == {"ruritania", "arcadian-courier"}


def test_fields_that_mean_something_only_together_are_one_choice(desks, world):
    zelda, jan = desks
    mine, theirs = opened(zelda, world.kites), opened(jan, world.kites)
    send(jan, world.kites, theirs | {"measures-0-value": "41"})
    asked = send(zelda, world.kites, mine | {"measures-0-as_stated": "about 40 kites", "measures-0-qualifier": "about"})
    assert asked.status_code == 409 and len(asked.context["choices"]) == 1
    assert choose(zelda, world.kites, asked, "mine").status_code == 302
    world.measure.refresh_from_db()
    assert (world.measure.value, world.measure.as_stated, world.measure.qualifier) == (40, "about 40 kites", "about")


@pytest.fixture
def name(arcadia):
    return Name.objects.create(entity=arcadia, text="Arkadien", kind="alias", language="de")


def test_a_row_edited_on_its_own_page_and_on_its_records(desks, arcadia, name):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, name)
    send(jan, name, theirs | {"kind": "translation_artefact"})
    assert send(zelda, arcadia, mine | {"names-0-text": "Arkadia"}).status_code == 302
    name.refresh_from_db()
    assert (name.text, name.kind) == ("Arkadia", "translation_artefact")

    mine, theirs = opened(zelda, name), opened(jan, arcadia)
    send(jan, arcadia, theirs | {"names-0-text": "Arcady"})
    asked = send(zelda, name, mine | {"text": "Arcadien"})
    assert asked.status_code == 409 and name.text == "Arcady"
    assert choose(zelda, name, asked, "mine").status_code == 302 and name.text == "Arcadien"


def test_a_row_that_one_removed_and_the_other_edited(desks, arcadia, name):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, arcadia)
    send(jan, arcadia, theirs | {"names-0-DELETE": "on"})
    asked = send(zelda, arcadia, mine | {"names-0-text": "Arkadia"})
    assert asked.status_code == 409 and "Jan removed this row; you changed it." in asked.text
    assert choose(zelda, arcadia, asked, "theirs").status_code == 302 and not arcadia.names.exists()
    assert choose(zelda, arcadia, asked, "mine").status_code == 302
    assert [(one.text, one.language) for one in arcadia.names.all()] == [("Arkadia", "de")]


def test_a_row_that_one_edited_and_the_other_removed(desks, arcadia, name):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, arcadia)
    send(jan, arcadia, theirs | {"names-0-text": "Arkadia"})
    asked = send(zelda, arcadia, mine | {"names-0-DELETE": "on"})
    assert asked.status_code == 409 and "You removed this row; Jan changed it." in asked.text
    assert choose(zelda, arcadia, asked, "theirs").status_code == 302 and arcadia.names.get().text == "Arkadia"
    assert choose(zelda, arcadia, asked, "mine").status_code == 302 and not arcadia.names.exists()


def test_a_row_that_one_removed_leaves_the_other_page_alone(desks, arcadia, name):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, arcadia)
    send(jan, arcadia, theirs | {"names-0-DELETE": "on"})
    assert send(zelda, arcadia, mine | {"summary": "A republic."}).status_code == 302
    assert arcadia.summary == "A republic." and not arcadia.names.exists()


NEW = {"text": "Arkadien", "kind": "alias", "origin": "sources", "language": "de", "script": ""}


def test_the_same_row_added_twice_is_one(desks, arcadia):
    zelda, jan = desks
    mine, theirs = (with_new(opened(desk, arcadia), "names", **NEW) for desk in desks)
    for desk, data in ((jan, theirs), (zelda, mine), (zelda, mine)):
        assert send(desk, arcadia, data).status_code == 302
    assert arcadia.names.count() == 1


def test_a_measure_sent_twice_by_a_double_click_is_one(desks, kites):
    fields = {"kind": "items", "value": "7", "unit": "kite", "qualifier": "none", "as_stated": "7 kites", "key": ""}
    data = with_new(opened(desks[0], kites), "measures", **fields)
    for _ in range(2):
        assert send(desks[0], kites, data).status_code == 302
    assert kites.measures.count() == 1


def test_the_same_name_added_with_another_kind_is_asked(desks, arcadia):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, arcadia)
    send(jan, arcadia, with_new(theirs, "names", **NEW))
    asked = send(zelda, arcadia, with_new(mine, "names", **NEW | {"kind": "former"}))
    assert asked.status_code == 409 and [choice.title for choice in asked.context["choices"]] == ["Name “Arkadien”: kind"]
    assert choose(zelda, arcadia, asked, "mine").status_code == 302
    assert [one.kind for one in arcadia.names.all()] == ["former"]


def test_rows_added_by_both_are_both_there(desks, arcadia, name):
    zelda, jan = desks
    mine, theirs = opened(zelda, arcadia), opened(jan, arcadia)
    send(jan, arcadia, with_new(theirs, "names", **NEW | {"text": "Arcadie"}))
    assert send(zelda, arcadia, with_new(mine, "names", **NEW | {"text": "Arcàdia"})).status_code == 302
    assert {one.text for one in arcadia.names.all()} == {"Arkadien", "Arcadie", "Arcàdia"}


def test_saving_what_is_shown_changes_nothing_and_asks_nothing(desks, world):
    zelda, jan = desks
    for record in (
        world.kites,
        world.arcadia,
        world.alliance,
        world.document,
        world.quote,
        world.measure,
        world.citation,
    ):
        mine, theirs = opened(zelda, record), opened(jan, record)
        assert send(jan, record, theirs).status_code == 302
        before = record.history.count()
        assert send(zelda, record, mine).status_code == 302
        assert record.history.count() == before


def test_a_page_that_does_not_say_what_it_showed_overwrites_nothing(desks, kites):
    data = {name: value for name, value in opened(desks[0], kites).items() if name != "_base"}
    assert send(desks[0], kites, data).status_code == 302
    for base in ({}, {"_base": "no"}, {"_base": '{"fields": [], "rows": 7}'}):
        asked = send(desks[0], kites, data | base | {"summary": "Four times ten."})
        assert asked.status_code == 409 and kites.summary == ""
        assert "Four times ten." in asked.text


def test_what_is_typed_is_escaped(desks, kites):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    send(jan, kites, theirs | {"summary": "<script>jan()</script>"})
    asked = send(zelda, kites, mine | {"summary": "</textarea><script>zelda()</script>"})
    assert "<script>jan" not in asked.text and "<script>zelda" not in asked.text


def test_a_record_deleted_meanwhile_gives_back_what_was_typed(desks, kites):
    zelda, jan = desks
    mine = opened(zelda, kites)
    jan.post(page(kites, "delete"), {"post": "yes"})
    response = zelda.post(page(kites, "change"), mine | {"summary": "Four times ten."})
    assert response.status_code == 409 and "Four times ten." in response.text and "Jan deleted this commitment" in response.text
    assert not Commitment.objects.exists()


def test_what_changed_since_the_page_asked_is_not_deleted(desks, kites):
    zelda, jan = desks
    seen = zelda.get(page(kites, "delete"))
    confirmed = {"post": "yes", "_version": f"{kites.pk}:{seen.wsgi_request.seen_versions[str(kites.pk)]}"}
    assert f'value="{confirmed["_version"]}"' in seen.text
    send(jan, kites, opened(jan, kites) | {"summary": "Forty of them."})
    response = zelda.post(page(kites, "delete"), confirmed, follow=True)
    assert Commitment.objects.exists() and "was changed by Jan since you opened this page" in response.text
    bulk = {"action": "delete_selected", "_selected_action": [kites.pk], "index": "0"}
    seen = zelda.post(page(Commitment, "changelist"), bulk)
    confirmed |= {"_version": f"{kites.pk}:{kites.version}"}
    assert f'value="{confirmed["_version"]}"' in seen.text
    send(jan, kites, opened(jan, kites) | {"summary": "Forty."})
    response = zelda.post(page(Commitment, "changelist"), bulk | confirmed, follow=True)
    assert Commitment.objects.exists() and "was changed by Jan since you opened this page" in response.text
    zelda.post(page(Commitment, "changelist"), bulk | {"post": "yes", "_version": f"{kites.pk}:{kites.version}"})
    assert not Commitment.objects.exists()


def test_a_new_row_waits_with_an_error_beside_what_others_saved(desks, kites):
    zelda, jan = desks
    mine, theirs = opened(zelda, kites), opened(jan, kites)
    send(jan, kites, theirs | {"summary": "Forty of them."})
    wrong = send(zelda, kites, mine | {"name": "", "conditions": "Wind."})
    assert wrong.status_code == 200 and "Forty of them." in wrong.text and "Wind." in wrong.text
    assert send(zelda, kites, filled_in(wrong) | {"name": "Kites"}).status_code == 302
    assert (kites.summary, kites.conditions, kites.name) == ("Forty of them.", "Wind.", "Kites")


def test_rows_on_other_pages_of_a_tab_stay_and_a_page_that_shifted_hits_its_own(desks, arcadia):
    zelda, jan = desks
    for at in range(25):
        Name.objects.create(entity=arcadia, text=f"Name {at:02}", kind="alias")
    mine = opened(zelda, arcadia)
    assert mine["names-TOTAL_FORMS"] == "20"
    for gone in ("Name 00", "Name 01"):
        Name.objects.get(text=gone).delete()
    Name.objects.create(entity=arcadia, text="A", kind="alias")
    assert send(zelda, arcadia, mine | {"names-19-text": "Last of the page"}).status_code == 302
    assert arcadia.names.count() == 24 and arcadia.names.filter(text="Last of the page").exists()


def test_a_source_document_that_two_changed_is_asked_about_like_any_record(desks, world):
    zelda, jan = desks
    mine, theirs = opened(zelda, world.document), opened(jan, world.document)
    assert send(jan, world.document, theirs | {"title": "One title"}).status_code == 302
    asked = send(zelda, world.document, mine | {"title": "Another title"})
    assert asked.status_code == 409 and "Another title" in asked.text
    assert choose(zelda, world.document, asked, "mine").status_code == 302
    assert world.document.title == "Another title"
