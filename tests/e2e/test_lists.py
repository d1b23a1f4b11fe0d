"""Lists edited in place and records added in passing, in a real browser."""

import pytest
from django.urls import reverse

from entities.models import Name
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def names(arcadia, ruritania):
    return [Name.objects.create(entity=arcadia, text="Arcady"), Name.objects.create(entity=ruritania, text="Ruritanian Kingdom")]


def test_names_are_edited_in_their_list_by_keys_alone(at_work, names):
    page = at_work("anna", "contributor")
    page.goto(reverse("admin:entities_name_changelist"))
    page.get_by_label("Text of Ruritania, row 1").focus()
    page.keyboard.type("a slip")
    page.keyboard.press("Escape")
    assert page.get_by_label("Text of Ruritania, row 1").input_value() == "Ruritanian Kingdom"
    page.keyboard.press("ArrowDown")
    assert page.locator(":focus").get_attribute("aria-label") == "Text of Arcadia, row 2"
    page.keyboard.press("Control+A")
    page.keyboard.type("Arkadien")
    page.keyboard.press("Enter")
    page.get_by_role("status").get_by_text("1 name was changed successfully.").wait_for()
    assert sorted(Name.objects.values_list("text", flat=True)) == ["Arkadien", "Ruritanian Kingdom"]


def test_two_people_in_one_list_lose_nothing(at_work, names):
    anna, otto = at_work("anna", "contributor"), at_work("otto", "contributor")
    for page in (anna, otto):
        page.goto(reverse("admin:entities_name_changelist"))
    anna.get_by_label("Text of Arcadia, row 2").fill("Arkadien")
    otto.get_by_label("Text of Arcadia, row 2").fill("Arcadie")
    for page in (anna, otto):
        page.get_by_role("button", name="Save", exact=True).click()
    anna.get_by_text("1 name was changed successfully.").wait_for()
    otto.get_by_text("save again to keep it").first.wait_for()
    assert otto.get_by_label("Text of Arcadia, row 2").input_value() == "Arcadie"
    assert Name.objects.get(pk=names[0].pk).text == "Arkadien"


def test_a_record_is_added_in_a_pop_up_of_the_field_that_needs_it(at_work, kites):
    page = at_work("anna", "contributor")
    page.goto(reverse("admin:entities_commitment_change", args=[kites.pk]))
    wrapper = page.locator(".field-beneficiary .related-widget-wrapper")
    wrapper.get_by_role("button", name="Add or change what is chosen here").focus()
    page.keyboard.press("Enter")
    with page.expect_popup() as opened:
        page.locator("#add_id_beneficiary").click()
    popup = opened.value
    popup.get_by_label("Name", exact=False).first.fill("Lake Republic")
    popup.get_by_label("Type", exact=False).first.select_option("state")
    assert not popup.locator("#nav-sidebar, #release-bar, .way-steps").count()
    with popup.expect_event("close"):
        popup.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_role("status").get_by_text("changed successfully").wait_for()
    kites.refresh_from_db()
    assert kites.beneficiary.name == "Lake Republic"


def test_two_records_of_one_name_are_told_apart_where_one_is_picked(at_work, kites):
    make.a_person("arcadia-person", name="Arcadia")
    page = at_work("anna", "contributor")
    page.goto(reverse("admin:entities_relation_add"))
    page.locator(".field-subject .select2-selection").click()
    page.keyboard.type("arcadia")
    page.get_by_role("option", name="Arcadia · person, draft").wait_for()
    page.get_by_role("option", name="Arcadia · organisation, draft").wait_for()


def test_the_filters_open_scroll_and_close_on_a_phone(signed_in, world):
    page = signed_in
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(reverse("admin:entities_commitment_changelist"))
    filters = page.locator("#changelist-filter > summary")
    apply = page.get_by_role("button", name="Apply filters")
    assert not apply.is_visible()
    filters.click()
    apply.scroll_into_view_if_needed()
    assert apply.is_visible() and page.evaluate("document.documentElement.scrollWidth") == 390
    filters.click()
    assert not apply.is_visible()
