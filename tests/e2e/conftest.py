"""A real browser before a real server. Chromium is the system's own."""

import os
import shutil

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import sync_playwright

from nato_support.roles import ensure_groups

# Playwright's loop runs in the test's own thread, which Django then takes for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture(scope="session")
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, live_server):
    """A page of a new browser profile; a request that leaves this machine, or a script's error, fails the test."""
    context = chromium.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    strangers, errors = [], []
    page.on(
        "request", lambda request: request.url.startswith((live_server.url, "data:", "blob:")) or strangers.append(request.url)
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not strangers
    assert not errors


@pytest.fixture
def editor(transactional_db):
    user = User.objects.create_user("edith", password="only-for-tests", is_staff=True)
    user.groups.add(ensure_groups()["editor"])
    return user


@pytest.fixture
def signed_in(page, editor):
    page.goto("/admin/")
    page.get_by_label("Username").fill("edith")
    page.get_by_label("Password").fill("only-for-tests")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "login" not in url)
    return page
