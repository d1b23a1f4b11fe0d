"""A contested field is found, judged and settled by keyboard, in a real browser."""

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from nato_support.desk.models import Preferences
from sources.models import Resolution
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

QUEUE = "/admin/sources/resolution/contested/"


@pytest.fixture
def differing(world):
    """Two contested fields: the tents' nature, and, older, the kites'."""
    world.other = make.a_quote(world.document, "Arcadia will give Ruritania 40 kites")
    world.tents = make.a_commitment("tents")
    make.a_citation(world.other, world.kites, "nature", "plan")
    make.a_citation(world.quote, world.tents, "nature", "pledge")
    make.a_citation(world.other, world.tents, "nature", "hope")
    return world


def is_focused(page, selector: str) -> bool:
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def at_page_of(page, name: str) -> None:
    """Waits for the page of a field of the record called `name`, its script included."""
    page.get_by_role("link", name=name, exact=True).wait_for()
    page.wait_for_load_state()


def test_a_field_is_resolved_by_keyboard_and_the_next_one_opens(differing, signed_in):
    page = signed_in
    page.goto(QUEUE)
    page.get_by_role("link", name="Nature of Tents").focus()
    page.keyboard.press("Enter")
    at_page_of(page, "Tents")
    assert page.get_by_role("heading", name="2 statements, 2 citations").is_visible()
    assert [column.inner_text() for column in page.locator(".statement h3").all()] == ["pledge", "hope"]

    page.keyboard.press("2")
    chosen = page.locator("[name=verdict]:checked")
    verdict = chosen.get_attribute("value")
    assert chosen.get_attribute("data-key") == "2" and is_focused(page, "#reason")
    # Digits and letters are words now.
    page.keyboard.type("On p. 1 a plan; no pledge.")
    assert page.locator("#reason").input_value() == "On p. 1 a plan; no pledge." and chosen.get_attribute("value") == verdict
    page.keyboard.press("Control+Enter")

    at_page_of(page, "Forty Kites")
    page.get_by_text("View or undo").wait_for()
    made = Resolution.objects.get()
    assert (made.entity_id, made.verdict, made.reason) == (differing.tents.pk, verdict, "On p. 1 a plan; no pledge.")
    assert (made.decided_by.username, made.decided_on) == ("edith", timezone.localdate().isoformat())

    page.keyboard.press("1")
    page.keyboard.type("First one, then the other.")
    page.keyboard.press("Control+Enter")
    page.get_by_text("No open fields: every difference has a verdict.").wait_for()
    assert Resolution.objects.count() == 2

    make.a_citation(make.a_quote(differing.document, "Ada Fell"), differing.tents, "nature", "hope", polarity="denies")
    page.reload()
    page.get_by_role("link", name="Nature of Tents").click()
    page.get_by_text("Superseded").wait_for()


def test_one_goes_on_and_back_by_a_letter_on_any_keyboard_and_can_switch_that_off(differing, signed_in):
    page = signed_in
    page.goto(QUEUE)
    page.get_by_role("link", name="Nature of Tents").click()
    at_page_of(page, "Tents")
    # As a Ukrainian layout sends it: the character is Cyrillic, the key is that of N.
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true}))")
    at_page_of(page, "Forty Kites")
    page.keyboard.press("p")
    at_page_of(page, "Tents")
    Preferences.objects.create(owner=User.objects.get(username="edith"), single_keys=False)
    page.reload()
    page.keyboard.press("1")
    page.keyboard.press("n")
    assert page.locator("[name=verdict]:checked").count() == 0
    at_page_of(page, "Tents")


def test_nothing_typed_is_lost_when_a_citation_comes_in_meanwhile(differing, signed_in):
    page = signed_in
    page.goto(QUEUE)
    page.get_by_role("link", name="Nature of Tents").click()
    at_page_of(page, "Tents")
    page.keyboard.press("3")
    page.keyboard.type("A slip.")
    make.a_citation(make.a_quote(differing.document, "Ada Fell"), differing.tents, "nature", "plan")
    page.keyboard.press("Control+Enter")
    page.get_by_text("was added in the meantime").wait_for()
    page.wait_for_load_state()
    assert is_focused(page, "#refused")
    assert page.locator("#reason").input_value() == "A slip."
    assert page.locator("[name=verdict]:checked").count() == 1
    page.keyboard.press("Control+Enter")
    at_page_of(page, "Forty Kites")
    assert Resolution.objects.get().settles == [{"value": value, "polarity": "affirms"} for value in ("hope", "plan", "pledge")]


@pytest.mark.parametrize("width", [320, 1440])
def test_the_pages_fit_the_screen(differing, signed_in, width):
    page = signed_in
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(QUEUE)
    for where in (
        QUEUE,
        page.get_by_role("link", name="Nature of Tents").get_attribute("href"),
        "/admin/sources/citation/coverage/",
    ):
        page.goto(where)
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), where
        assert page.locator(".contested [style], .contested style, .contested script").count() == 0
