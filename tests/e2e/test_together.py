"""Two and three people at one record, each in a browser of their own."""

import pytest
from django.urls import reverse

from entities.models import Name, Organisation
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def arcadia(transactional_db):
    return make.an_organisation("arcadia", summary="A republic by the lake.")


def address(record) -> str:
    return reverse(f"admin:entities_{record._meta.model_name}_change", args=[record.pk])


def save(page):
    """Presses Save twice, as an impatient hand does."""
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").dblclick()


def test_two_people_see_each_other_merge_and_choose(at_work, arcadia):
    jan, oksana = at_work("jan", "contributor"), at_work("oksana", "editor")
    Name.objects.create(entity=arcadia, text="Arkadien", kind="alias")
    for page in (jan, oksana):
        page.goto(address(arcadia))
    jan.locator("[name=summary]").fill("A republic by the sea.")
    oksana.get_by_text("jan is editing").wait_for()

    # Different fields, and a row edited on its own page.
    oksana.locator("[name=name]").fill("Arcadia Felix")
    save(jan)
    jan.get_by_text("was changed successfully").wait_for()
    save(oksana)
    oksana.get_by_text("jan changed the summary meanwhile; both are kept.").wait_for()
    arcadia.refresh_from_db()
    assert (arcadia.name, arcadia.summary) == ("Arcadia Felix", "A republic by the sea.")

    # The same field: asked, answered by a third wording, while a third save lands.
    for page in (jan, oksana):
        page.goto(address(arcadia))
    jan.locator("[name=summary]").fill("Jan’s summary.")
    oksana.locator("[name=summary]").fill("Oksana’s summary.")
    save(jan)
    save(oksana)
    oksana.get_by_role("heading", name="jan saved this while you were editing. Your change conflicts with another.").wait_for()
    assert oksana.locator("input[type=radio]:checked").count() == 0
    oksana.get_by_role("button", name="Save with these choices").click()
    oksana.get_by_text("1 conflict left. Choose one option in each.").wait_for()
    jan.locator("[name=summary]").fill("Jan’s second summary.")
    save(jan)
    oksana.get_by_label("Use mine").check()
    oksana.get_by_role("button", name="Save with these choices").click()
    oksana.get_by_text("It has changed again since you chose").wait_for()
    oksana.get_by_label("Write a new version").check()
    oksana.get_by_label("Summary", exact=True).fill("Jan’s and Oksana’s summary.")
    oksana.get_by_role("button", name="Save with these choices").click()
    oksana.get_by_text("was changed successfully").wait_for()
    arcadia.refresh_from_db()
    assert arcadia.summary == "Jan’s and Oksana’s summary."

    jan.goto("/admin/")
    oksana.goto(address(arcadia))
    oksana.wait_for_load_state("networkidle")
    assert not oksana.get_by_text("jan has this open").is_visible()


def test_a_digit_answers_the_first_open_conflict_from_the_start(at_work, arcadia):
    jan, oksana = at_work("jan", "contributor"), at_work("oksana", "editor")
    for page in (jan, oksana):
        page.goto(address(arcadia))
        page.locator("[name=name]").fill(f"Arcadia of {'jan' if page is jan else 'oksana'}")
        page.locator("[name=summary]").fill(f"The summary of {'jan' if page is jan else 'oksana'}.")
    # Who is here stays in sight however far one scrolls.
    oksana.get_by_text("jan is editing").wait_for()
    oksana.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
    assert oksana.locator("#presence").evaluate("bar => bar.getBoundingClientRect().bottom > 0")
    save(jan)
    save(oksana)
    oksana.get_by_role("heading", name="jan saved this while you were editing.").wait_for()
    assert oksana.evaluate("document.activeElement.id") == "conflict-title"
    oksana.keyboard.press("2")
    oksana.get_by_text("1 conflict left.").wait_for()
    oksana.evaluate("document.activeElement.blur()")
    oksana.keyboard.press("1")
    oksana.get_by_text("All conflicts are resolved.").wait_for()
    assert oksana.locator("input[type=radio]:checked").evaluate_all("all => all.map(one => one.dataset.choiceKey)") == ["2", "1"]


def test_what_was_typed_comes_back_after_the_page_was_lost_and_not_after_it_was_saved(at_work, arcadia):
    jan = at_work("jan", "contributor")
    jan.goto(address(arcadia))
    jan.locator("[name=summary]").fill("Typed and never saved.")
    jan.wait_for_function("Object.keys(localStorage).some((key) => key.startsWith('register-unsaved:'))")
    jan.on("dialog", lambda dialog: dialog.accept())
    jan.goto("/admin/")
    jan.goto(address(arcadia))
    jan.get_by_role("button", name="Restore").click()
    assert jan.locator("[name=summary]").input_value() == "Typed and never saved."
    save(jan)
    jan.get_by_text("was changed successfully").wait_for()
    assert Organisation.objects.get().summary == "Typed and never saved."
    jan.wait_for_function("!Object.keys(localStorage).some((key) => key.startsWith('register-unsaved:'))")
