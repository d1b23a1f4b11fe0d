"""The evidence of a record in a real browser: read as a table, opened with the keyboard, edited with the input that fits."""

import pytest
from django.urls import reverse

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


def test_a_citation_is_added_with_the_input_that_fits_its_field(evidence, world):
    page = evidence
    page.get_by_text("Add another Citation").click()
    row = page.locator("#citations-data tbody.template:not(.empty-form)")
    row.locator("select[name$=-field]").select_option(label="Nature")
    row.locator(".value-picker select").select_option(label="refusal")
    assert row.locator("input[name$=-value]").input_value() == "refusal"
    row.locator("select[name$=-field]").select_option(label="Beneficiary")
    picker = row.get_by_role("combobox", name="Value")
    picker.fill("rurit")
    row.locator("li[role=option]").first.wait_for()
    page.keyboard.press("Enter")
    assert picker.input_value() == "Ruritania"
    assert row.locator("input[name$=-value]").input_value() in ("ruritania", "Ruritania")
