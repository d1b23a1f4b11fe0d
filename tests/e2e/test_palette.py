"""The palette and the keys of every page, in a browser."""

import re

import pytest
from playwright.sync_api import expect

from nato_support.desk.models import Preferences

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def anna(at_work, world):
    return at_work("anna", "contributor")


def test_a_record_by_its_misspelt_name(anna):
    anna.goto("/admin/entities/facility/")
    anna.get_by_role("link", name="Kite Yard").focus()
    anna.keyboard.press("Control+k")
    palette = anna.get_by_role("dialog", name="Go to a page, a record or a command")
    field = palette.get_by_role("combobox")
    expect(field).to_be_focused()
    anna.keyboard.type("ruritanai")
    first = palette.get_by_role("option").first
    expect(first).to_contain_text("Ruritania")
    expect(first).to_contain_text("organisation")
    expect(first).to_contain_text("draft")
    expect(first).to_have_attribute("aria-selected", "true")
    # Esc closes it, and the focus is where it was.
    anna.keyboard.press("Escape")
    expect(palette).to_be_hidden()
    expect(anna.get_by_role("link", name="Kite Yard")).to_be_focused()
    anna.keyboard.press("Control+k")
    anna.keyboard.type("ruritanai")
    expect(palette.get_by_role("option").first).to_contain_text("Ruritania")
    anna.keyboard.press("Enter")
    anna.wait_for_url(re.compile(r"/admin/entities/organisation/\d+/change/"))


def test_pages_new_records_and_commands(anna):
    anna.goto("/admin/")
    anna.keyboard.press("Control+k")
    palette = anna.get_by_role("dialog", name="Go to a page, a record or a command")
    expect(palette.get_by_role("option", name="Documents g d")).to_be_visible()
    anna.keyboard.type("new fac")
    expect(palette.get_by_role("option").first).to_contain_text("Facility")
    anna.keyboard.press("Enter")
    anna.wait_for_url("**/admin/entities/facility/add/")
    anna.locator("#id_name").fill("Balloon field")
    # From within a field, too.
    anna.keyboard.press("Control+k")
    anna.keyboard.type("save and continue")
    option = palette.get_by_role("option").first
    expect(option).to_contain_text("Save and continue editing")
    expect(option).to_contain_text("Ctrl S")


def test_the_palette_keeps_the_focus(anna):
    anna.goto("/admin/")
    anna.keyboard.press("Control+k")
    for _ in range(4):
        anna.keyboard.press("Tab")
        inside = (
            "!document.activeElement || document.activeElement === document.body || !!document.activeElement.closest('#palette')"
        )
        assert anna.evaluate(inside)


def test_keys_of_a_page(anna):
    anna.goto("/admin/entities/commitment/")
    anna.keyboard.press("?")
    keys = anna.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_text("Save and stay (on forms)")).to_be_visible()
    expect(keys.get_by_text("Documents")).to_be_visible()
    anna.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    anna.keyboard.press("/")
    expect(anna.locator("#searchbar")).to_be_focused()
    # In a field they are letters.
    anna.keyboard.type("gd?")
    expect(anna.locator("#searchbar")).to_have_value("gd?")
    anna.locator("#searchbar").blur()
    anna.keyboard.press("g")
    anna.keyboard.press("d")
    anna.wait_for_url("**/admin/sources/sourcedocument/")


def test_what_a_page_declares_is_pressed(anna):
    anna.goto("/admin/")
    anna.evaluate(
        """document.querySelector('#content').insertAdjacentHTML('beforeend',
        '<button data-key="j" data-key-label="Next one">Next</button>'
        + '<textarea data-key="n" data-key-label="Note"></textarea><button data-key="x" hidden>Never</button>')
        document.querySelector('[data-key="j"]').addEventListener('click', event => { event.target.dataset.pressed = 1 })"""
    )
    anna.keyboard.press("Control+j")
    anna.keyboard.press("Shift+J")
    expect(anna.get_by_role("button", name="Next")).not_to_have_attribute("data-pressed", "1")
    anna.keyboard.press("j")
    expect(anna.get_by_role("button", name="Next")).to_have_attribute("data-pressed", "1")
    anna.keyboard.press("?")
    keys = anna.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_text("Next one")).to_be_visible()
    expect(keys.get_by_text("Never")).to_have_count(0)
    anna.keyboard.press("Escape")
    anna.keyboard.press("n")
    expect(anna.locator("textarea[data-key]")).to_be_focused()


def test_switched_off_they_are_letters(anna, world):
    anna.goto("/admin/preferences/")
    anna.get_by_label("Single-key shortcuts").uncheck()
    anna.keyboard.press("Control+s")
    expect(anna.get_by_text("Single-key shortcuts are off.")).to_be_visible()
    assert Preferences.objects.get().single_keys is False
    anna.goto("/admin/entities/commitment/")
    anna.keyboard.press("?")
    anna.keyboard.press("/")
    expect(anna.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    expect(anna.locator("#searchbar")).not_to_be_focused()
    # What takes Ctrl works all the same.
    anna.keyboard.press("Control+k")
    expect(anna.get_by_role("dialog", name="Go to a page, a record or a command")).to_be_visible()


def test_saving_by_keyboard_stays_on_the_form(anna, world):
    anna.goto(f"/admin/entities/facility/{world.yard.pk}/change/")
    anna.get_by_label("Locality").fill("Lakeside")
    anna.keyboard.press("Control+s")
    expect(anna.get_by_label("Locality")).to_have_value("Lakeside")
    expect(anna).to_have_url(re.compile(rf"/admin/entities/facility/{world.yard.pk}/change/"))
    expect(anna.get_by_text("was changed successfully")).to_be_visible()
    world.yard.refresh_from_db()
    assert world.yard.locality == "Lakeside"
