"""A reader answers back: a report without script, the answer of an editor, and what the reader sees of it."""

import pytest
from playwright.sync_api import expect

from nato_support.reports.models import ReaderReport
from tests.e2e import axe

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def at_once(settings):
    settings.REPORT_SECONDS = 0


def send_report(page) -> str:
    """Report the due date of the forty tents, and return the address where the answer will stand."""
    page.goto("/commitments/forty-tents/")
    fact = page.locator("#fact-due")
    fact.locator("summary").click()
    fact.get_by_role("link", name="Report an error or propose a source").click()
    page.get_by_label("The value is wrong").check()
    page.get_by_label("In your words").fill("It is due a year later.")
    page.get_by_role("button", name="Send to the editors").click()
    expect(page.get_by_role("heading", name="Your report")).to_be_visible()
    return page.url


def test_a_reader_reports_and_sees_the_answer(browser_of, at_work, detailed):
    reader = browser_of(java_script_enabled=False)
    address = send_report(reader)
    desk = at_work("edith", "editor")
    desk.goto("/admin/")
    desk.get_by_role("link", name="Forty Tents: Due").click()
    desk.get_by_label("Settled: not changed").check()
    desk.get_by_label("Answer in plain words").fill("The later report tells of a delay.")
    desk.get_by_role("button", name="Save").click()
    expect(desk.get_by_text("The reader sees your answer now.")).to_be_visible()
    reader.goto(address)
    expect(reader.get_by_text("The later report tells of a delay.")).to_be_visible()
    expect(reader.get_by_text("Settled: not changed")).to_be_visible()
    assert reader.context.cookies() == []


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_keeps_anybody_out(browser_of, detailed, scheme):
    script = axe.script()
    options = {"color_scheme": scheme, "bypass_csp": True}
    page, narrow = browser_of(**options), browser_of(**options, viewport={"width": 320, "height": 700})
    answered = send_report(page)
    form = "/reports/new/commitments/forty-tents/1/?field=due"
    ReaderReport.objects.update(state="changed", answer="It is mended now.")
    for one in (page, narrow):
        for path in (form, answered):
            one.goto(path)
            assert axe.found_on(one, script) == [], path
            assert one.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        one.goto(form)
        one.get_by_label("Something else").check()
        one.get_by_role("button", name="Send to the editors").click()
        expect(one.get_by_text("Nothing was sent yet")).to_be_visible()
        assert axe.found_on(one, script) == []
