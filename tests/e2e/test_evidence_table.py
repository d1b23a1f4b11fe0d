"""The evidence of a record in a real browser: read as a table, opened with the keyboard, edited with the input that fits."""

import pytest
from django.urls import reverse

from sources.models import Citation
from tests import world as make
from tests.e2e.axe import found_on, script

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def evidence(world, signed_in):
    """The evidence tab of a commitment with ten citations."""
    for value in ("arcadia", "ruritania"):
        make.a_citation(world.quote, world.kites, "committed_by", value)
    for day in range(1, 8):
        make.a_citation(world.quote, world.kites, "due", f"2024-07-0{day}", note="As the test has it.")
    page = signed_in
    page.goto(f"{reverse('admin:entities_commitment_change', args=[world.kites.pk])}#citations")
    page.locator("#citations-data").wait_for()
    return page


def test_ten_citations_fit_one_screen_and_open_with_the_keyboard(evidence):
    page = evidence
    assert page.locator("#citations-data .row-line").count() == 10
    assert page.locator("#citations-data").bounding_box()["height"] < 900
    form = page.locator("#citations-data .row-edit").first
    assert not form.is_visible()
    page.locator("#citations-data .row-line summary").first.focus()
    page.keyboard.press("Enter")
    form.wait_for()
    assert found_on(page, script()) == []


def add_row(page):
    """Add a row and return it: the last of the new ones."""
    page.get_by_text("Add another citation").click()
    return page.locator("#citations-data tbody.template:not(.empty-form)").last


def choose_quote(page, row, words: str):
    row.locator(".select2-selection").click()
    page.locator(".select2-container--open input.select2-search__field").fill(words)
    page.locator(".select2-results__option[aria-selected]", has_text=words).click()


def choose_field(row, label: str):
    row.locator("select[name$=-field]").select_option(label=label)


def test_a_citation_is_added_with_the_input_that_fits_its_field(evidence, world):
    page = evidence
    row = add_row(page)
    choose_field(row, "Nature")
    row.locator(".value-picker select").select_option(label="refusal")
    assert row.locator("input[name$=-value]").input_value() == "refusal"
    choose_field(row, "Due")
    row.locator("input[name$=-value]").fill("2024")
    choose_field(row, "Beneficiary")
    picker = row.get_by_role("combobox", name="Value")
    picker.fill("rurit")
    row.locator("li[role=option]").first.wait_for()
    page.keyboard.press("Enter")
    assert picker.input_value() == "Ruritania"
    choose_quote(page, row, world.quote.exact[:20])
    row.locator("input[name$=-as_stated]").fill(world.quote.exact.split()[0])
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("was changed successfully").wait_for()
    assert Citation.objects.latest("pk").value == "ruritania"


def test_the_rows_after_a_new_one_that_is_removed_keep_what_was_typed(evidence, world):
    page = evidence
    add_row(page)
    kept = add_row(page)
    choose_field(kept, "Nature")
    kept.locator(".value-picker select").select_option(label="refusal")
    choose_quote(page, kept, world.quote.exact[:20])
    kept.locator("textarea[name$=-note]").fill("As the paper has it.")
    page.get_by_role("button", name="Remove this citation").first.click()
    assert page.get_by_role("button", name="Remove this citation").count() == 1
    assert kept.locator("select[name$=-field]").input_value() == "nature"
    assert kept.locator(".value-picker select").input_value() == "refusal"
    assert kept.locator("textarea[name$=-note]").input_value() == "As the paper has it."
    choose_quote(page, kept, world.quote.exact[:20])
    assert kept.locator("select[name$=-quote]").input_value() == str(world.quote.pk)
