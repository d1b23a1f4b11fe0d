"""Judging likely duplicates by keyboard, two people at once, and the hint on a record's page."""

import pytest
from playwright.sync_api import expect

from entities.likeness.duplicate_finder import find_and_store_duplicates
from entities.models import DuplicateDecision
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pairs(transactional_db):
    """Two pairs that look alike: a person's first, a company's second."""
    ada = make.a_person("ada-fell", name="Ada Fell", nationality="NO")
    make.a_person("fell-ada", name="Fell, Ada", nationality="NO")
    make.an_organisation("kite-works", name="Arcadian Kite Works", type="company")
    make.an_organisation("kite-works-2", name="Arcadian Kite Works Ltd", type="company")
    assert find_and_store_duplicates() == 2
    return ada


def test_pairs_are_judged_by_keyboard(at_work, pairs):
    page = at_work("edith", "editor")
    page.goto("/admin/entities/duplicatecandidate/")
    page.keyboard.press("j")
    heading = page.locator("#pair")
    expect(heading).to_have_text("Ada Fell and Fell, Ada")
    expect(heading).to_be_focused()
    page.keyboard.press("j")
    expect(heading).to_have_text("Arcadian Kite Works and Arcadian Kite Works Ltd")
    page.keyboard.press("j")
    expect(heading).to_have_text("Ada Fell and Fell, Ada")
    page.get_by_label("Reason (optional)").fill("mother and daughter")
    page.get_by_role("button", name="Different").click()
    expect(heading).to_have_text("Arcadian Kite Works and Arcadian Kite Works Ltd")
    expect(heading).to_be_focused()
    expect(page.get_by_text("“Ada Fell” and “Fell, Ada”: not the same")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_text("No pairs to decide.")).to_be_visible()
    assert set(DuplicateDecision.objects.values_list("verdict", "reason")) == {
        ("different", "mother and daughter"),
        ("unsure", ""),
    }
    page.keyboard.press("z")
    expect(heading).to_have_text("Arcadian Kite Works and Arcadian Kite Works Ltd")
    assert DuplicateDecision.objects.get().verdict == "different"


def test_typing_a_reason_presses_no_key(at_work, pairs):
    page = at_work("edith", "editor")
    page.goto("/admin/entities/duplicatecandidate/")
    page.keyboard.press("j")
    field = page.get_by_label("Reason (optional)")
    field.click()
    page.keyboard.type("sudz")
    expect(field).to_have_value("sudz")
    assert not DuplicateDecision.objects.exists()


def test_two_people_answer_the_same_pair(at_work, pairs):
    anna, jan = at_work("anna", "editor"), at_work("jan", "editor")
    for page in (anna, jan):
        page.goto("/admin/entities/duplicatecandidate/")
        page.get_by_role("link", name="Ada Fell and Fell, Ada").click()
    anna.get_by_role("button", name="Different").click()
    expect(anna.get_by_text(": not the same")).to_be_visible()
    jan.get_by_label("Reason (optional)").fill("cannot tell")
    jan.get_by_role("button", name="Unsure").click()
    expect(jan.get_by_role("alert")).to_contain_text("anna has meanwhile decided “not the same”")
    expect(jan.get_by_label("Reason (optional)")).to_have_value("cannot tell")
    assert DuplicateDecision.objects.get().decided_by.username == "anna"


def test_a_records_page_says_what_it_looks_like(at_work, pairs):
    page = at_work("carl", "contributor")
    page.goto(f"/admin/entities/person/{pairs.pk}/change/")
    hint = page.get_by_role("status").filter(has_text="Similar records")
    expect(hint).to_contain_text("Fell, Ada")
    hint.get_by_role("link", name="compare").click()
    expect(page.locator("#pair")).to_have_text("Ada Fell and Fell, Ada")
    expect(page.get_by_role("button", name="Different")).to_have_count(0)


def test_same_opens_the_preview_of_the_merge_and_changes_nothing(at_work, pairs):
    page = at_work("edith", "editor")
    page.goto("/admin/entities/duplicatecandidate/")
    page.keyboard.press("j")
    expect(page.locator("#pair")).to_be_focused()
    page.keyboard.press("s")
    page.wait_for_url(f"**/admin/entities/merge/*/into/{pairs.pk}/")
    expect(page.get_by_role("main").get_by_text("Ada Fell").first).to_be_visible()
    assert not DuplicateDecision.objects.exists()
