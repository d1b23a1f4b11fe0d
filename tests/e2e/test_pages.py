"""The public pages in a browser, with script and without. Whatever their policy forbids fails the test (`browser_of`)."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e import axe

pytestmark = pytest.mark.e2e

LOOKED_AT = [
    "/",
    "/commitments/",
    "/commitments/forty-tents/",
    "/commitments/totals/?by=stage",
    "/commitments/totals/embed/?by=stage",
    "/documents/herald-2024-07-10/",
    "/search/?q=boats",
    "/nowhere/",
    "/graph/arcadia/?active_on=2024",
    "/organisations/arcadia/",
]
LOOKED_AT_IN_UKRAINIAN = ["/commitments/?lang=uk", "/organisations/arcadia/"]


def test_a_reader_finds_the_words_behind_a_fact(browser_of, detailed):
    for options in ({}, {"java_script_enabled": False}):
        page = browser_of(**options)
        page.goto("/")
        page.get_by_label("Search the register").fill("boats")
        page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="ten-boats").or_(page.locator("a[href='/commitments/ten-boats/']")).first.click()
        fact = page.locator("#fact-milestones-set-aside")
        quote = fact.get_by_text("nobody has set them aside")
        expect(quote).to_be_hidden()
        fact.get_by_text("2 quotes").click()
        expect(quote).to_be_visible()
        expect(fact.get_by_text("Denies", exact=True)).to_be_visible()


def test_a_reader_switches_the_language(browser_of, detailed):
    page = browser_of(java_script_enabled=False)
    page.goto("/commitments/?nature=plan")
    page.get_by_role("link", name="Українська").click()
    expect(page).to_have_url(re.compile(r"/commitments/\?nature=plan&lang=uk$"))
    expect(page.get_by_role("heading", name="Зобов’язання", exact=True)).to_be_visible()
    # Links need not know of the language.
    page.locator("a[href='/commitments/ten-boats/']").click()
    expect(page.get_by_text("2 цитати")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("2 quotes")).to_be_visible()


def test_names_are_suggested(page, detailed):
    page.goto("/")
    page.get_by_label("Search the register").press_sequentially("Arca")
    expect(page.locator("datalist option[value='Arcadia']")).to_be_attached()


def test_another_site_shows_a_picture_in_a_frame(browser_of, detailed):
    page = browser_of(java_script_enabled=False)
    page.goto("/graph/arcadia/")
    page.get_by_text("Embed it in another site").click()
    code = page.locator(".embed-code pre").first.text_content()
    page.route("**/newspaper", lambda route: route.fulfill(body=f"<!doctype html><main>{code}</main>", content_type="text/html"))
    page.goto("/newspaper")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("link", name="CC BY 4.0")).to_be_in_viewport()
    expect(frame.locator("svg.picture:visible, img")).to_have_count(1)


def test_links_are_shown_as_of_a_day_by_a_slider(page, detailed):
    page.goto("/graph/arcadia/")
    slider = page.get_by_role("slider", name="In force on")
    expect(slider).to_have_attribute("aria-valuetext", "at any time")
    slider.focus()
    page.keyboard.press("ArrowRight")
    day = slider.evaluate("field => field.closest('nav').dataset.days.split(' ')[0]")
    expect(page).to_have_url(re.compile(f"active_on={day}$"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("as of")
    expect(slider).to_be_focused()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("/graph/arcadia/$"))
    page.get_by_role("link", name="2024", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Links of Arcadia, as of 2024")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_readers_out(browser_of, detailed, scheme):
    script = axe.script()
    page = browser_of(color_scheme=scheme, bypass_csp=True)
    narrow = browser_of(color_scheme=scheme, viewport={"width": 320, "height": 700})
    for path in LOOKED_AT + LOOKED_AT_IN_UKRAINIAN:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        assert axe.found_on(page, script) == [], path
        narrow.goto(path)
        narrow.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320, path
