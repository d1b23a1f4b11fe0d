"""The front page and saved filters, in a browser."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_from_the_front_page_to_what_changed_is_one_click(at_work, world):
    edith = at_work("edith", "editor")
    edith.goto(f"/admin/entities/facility/{world.yard.pk}/change/")
    edith.get_by_label("Locality").fill("Lakeside")
    edith.keyboard.press("Control+s")
    expect(edith.get_by_text("was changed successfully")).to_be_visible()
    edith.goto("/admin/")
    drafts = edith.get_by_role("region", name=re.compile("My unsent drafts"))
    drafts.get_by_role("link", name="Kite Yard").click()
    edith.wait_for_url(f"**/admin/entities/facility/{world.yard.pk}/change/")
    edith.goto("/admin/")
    edith.get_by_role("region", name="Recent changes").get_by_role("link", name="Kite Yard").click()
    edith.wait_for_url(f"**/admin/entities/facility/{world.yard.pk}/history/")
    expect(edith.locator("#content")).to_contain_text("Lakeside")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_charts_and_pictures_are_drawn_in_both_themes(at_work, public, theme):
    edith = at_work("edith", "editor")
    edith.emulate_media(color_scheme=theme)
    edith.goto("/admin/")
    expect(edith.get_by_role("img", name=re.compile("Evidence coverage"))).to_be_visible()
    colours = "Object.values(Chart.instances).flatMap((chart) => chart.data.datasets.map((one) => one.backgroundColor))"
    edith.wait_for_function(f"{colours}.includes('{'#7fa9f5' if theme == 'dark' else '#1d4fa8'}')")
    edith.get_by_text("Numbers of Evidence coverage").click()
    expect(edith.get_by_role("region", name="Evidence coverage").get_by_role("columnheader", name="All")).to_be_visible()
    edith.locator("summary", has_text="Pictures").click()
    expect(edith.get_by_role("group", name="The register as a whole")).to_be_visible()


@pytest.mark.parametrize("address", ["/admin/", "/admin/search/?q=arcadia", "/admin/filters/"])
def test_nothing_runs_over_on_a_phone(at_work, world, address):
    edith = at_work("edith", "editor")
    edith.set_viewport_size({"width": 390, "height": 844})
    edith.goto(address)
    edith.wait_for_load_state("networkidle")
    assert edith.evaluate("document.documentElement.scrollWidth <= innerWidth")
    edith.keyboard.press("Control+k")
    edith.keyboard.type("arc")
    expect(edith.get_by_role("option", name=re.compile("^Arcadia organisation"))).to_be_visible()
    assert edith.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_search_over_everything_from_the_front_page(at_work, world):
    vera = at_work("vera", "viewer")
    vera.keyboard.press("/")
    expect(vera.get_by_role("searchbox", name="Search everything")).to_be_focused()
    vera.keyboard.type("arcadai")
    vera.keyboard.press("Enter")
    vera.wait_for_url("**/search/?q=arcadai")
    expect(vera.get_by_role("listitem").filter(has_text="Arcadia").first).to_be_visible()
    vera.get_by_role("link", name=re.compile("^Organisation [0-9]")).click()
    expect(vera.locator("#content").get_by_role("listitem").filter(has_text="relation")).to_have_count(0)


def test_a_filter_is_saved_applied_and_deleted(at_work, world):
    anna = at_work("anna", "contributor")
    anna.goto("/admin/entities/commitment/")
    anna.locator("#searchbar").fill("kites")
    anna.keyboard.press("Enter")
    anna.get_by_text("Save this view").click()
    anna.get_by_label("Name", exact=True).fill("All about kites")
    anna.keyboard.press("Enter")
    expect(anna.get_by_text("“All about kites” was saved.")).to_be_visible()
    anna.goto("/admin/")
    anna.get_by_role("link", name="Commitments: All about kites").click()
    anna.wait_for_url("**/admin/entities/commitment/?q=kites")
    expect(anna.get_by_role("link", name="All about kites")).to_have_attribute("aria-current", "true")
    anna.get_by_role("link", name="Edit saved views").click()
    anna.get_by_label("New name for “All about kites”").fill("Kites")
    anna.keyboard.press("Enter")
    expect(anna.get_by_text("Renamed to “Kites”.")).to_be_visible()
    anna.get_by_role("button", name="Delete “Kites”").click()
    expect(anna.get_by_text("No saved views yet.")).to_be_visible()
