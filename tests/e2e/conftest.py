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
def browser_of(chromium, live_server):
    """Opens the browser of one more person: `browser_of()` gives a page of a profile of its own.

    A request that leaves this machine, or a script's error, in any of them fails the test.
    """
    contexts, strangers, errors = [], [], []

    def open_one(**options):
        context = chromium.new_context(**{"base_url": live_server.url, "viewport": {"width": 1440, "height": 900}} | options)
        contexts.append(context)
        page = context.new_page()
        ours = (live_server.url, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or strangers.append(request.url))
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not strangers
    assert not errors


@pytest.fixture
def page(browser_of):
    return browser_of()


@pytest.fixture
def at_work(browser_of, transactional_db):
    """Signs somebody in, in a browser of their own: `at_work("anna", "contributor")` gives their page of the admin."""

    def sign_in(name: str, group: str):
        user = User.objects.create_user(name, password="only-for-tests", is_staff=True)
        user.groups.add(ensure_groups()[group])
        page = browser_of()
        page.goto("/admin/")
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill("only-for-tests")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url: "login" not in url)
        return page

    return sign_in


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
