"""What pages may load and run, as a browser sees it: whatever is forbidden there fails the test (`browser_of`)."""

import pytest
from django.contrib.admin import site
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = pytest.mark.e2e

PAGES = ["index", "password_change", "sources_contested", "sources_failing", "sources_coverage", "entities_deleted"]


@pytest.fixture
def administrator(at_work, django_user_model):
    page = at_work("ada", "administrator")
    django_user_model.objects.update(is_superuser=True)
    return page


@pytest.mark.slow
def test_the_pages_of_the_admin_keep_to_their_policy(administrator, public):
    lists = [f"{model._meta.app_label}_{model._meta.model_name}_changelist" for model in site._registry]
    for name in [*PAGES, *lists]:
        administrator.goto(reverse(f"admin:{name}"))
        administrator.wait_for_function("window.Alpine !== undefined")
    for model, row in (("commitment", public.kites), ("organisation", public.arcadia), ("relation", public.alliance)):
        for page in ("change", "history", "delete"):
            administrator.goto(reverse(f"admin:entities_{model}_{page}", args=[row.pk]))
        administrator.goto(reverse(f"admin:entities_{model}_add"))


def test_a_script_of_somebody_else_is_not_run(administrator):
    administrator.goto("/admin/")
    administrator.evaluate(
        """() => { const script = document.createElement('script'); script.textContent = 'window.intruded = true';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="intruded = 1">') }"""
    )
    administrator.wait_for_timeout(200)
    assert administrator.evaluate("window.intruded") is None
    administrator.errors.clear()


def test_the_docs_of_the_api_are_drawn(page, public):
    page.goto("/api/v1/docs/")
    expect(page.locator(".opblock").first).to_be_visible(timeout=30_000)


def test_the_page_of_a_lockout_is_drawn(page, public, settings):
    settings.AXES_FAILURE_LIMIT = 1
    page.goto("/admin/")
    page.get_by_label("Username").fill("edith")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Too many attempts to sign in")).to_be_visible()
    expect(page.get_by_text("Wait 15 minutes")).to_be_visible()
