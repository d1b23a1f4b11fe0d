"""The page of the API's documentation in a real browser."""

import pytest

pytestmark = pytest.mark.e2e


def test_the_operations_are_listed_closed_and_one_opens_with_an_example(page):
    page.goto("/api/v1/docs/")
    page.locator(".opblock").first.wait_for()
    assert page.locator(".opblock").count() > 80
    assert page.locator(".opblock-body").count() == 0
    assert page.locator("section.models").count() == 0
    page.locator("#operations-posts-posts_detail .opblock-summary-control").click()
    opened = page.locator("#operations-posts-posts_detail .opblock-body")
    opened.get_by_text('"rank": "Minister"').first.wait_for()
    # Of what it refers to and of what it is made up of: a parameter, a problem, a member of every entity, one of evidence.
    for words in ("Public id of the record.", "There is no such public record.", '"citations": 4', '"We pledge forty kites'):
        assert words in opened.inner_text(), words


def test_an_operation_has_an_address_and_can_be_tried(page, public):
    page.goto("/api/v1/docs/#/commitments/commitments_list")
    operation = page.locator("#operations-commitments-commitments_list")
    operation.get_by_role("button", name="Try it out").click()
    operation.locator("tr[data-param-name=count] select").select_option("true")
    operation.get_by_role("button", name="Execute").click()
    operation.locator(".live-responses-table").get_by_text("forty-kites").first.wait_for()
    assert "count=true" in operation.locator(".request-url").inner_text()
