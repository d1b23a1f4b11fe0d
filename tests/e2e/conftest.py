"""A real browser before a real server. Chromium is the system's own."""

import os
import shutil
import threading

import pytest
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from playwright.sync_api import expect, sync_playwright

from nato_support.roles import ensure_groups

# Playwright's loop runs in the test's own thread, which Django then takes for an asynchronous one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Long enough for a machine that is busy with other things as well; whoever waits goes on as soon as it can.
PATIENCE = 120_000
expect.set_options(timeout=PATIENCE)

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


def chromium_path() -> str | None:
    # The one without windows takes two thirds of the time.
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium():
    path = chromium_path()
    if not path:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Answering:
    """The requests that the server has begun and not ended."""

    def __init__(self):
        self.count, self.changed = 0, threading.Condition()

    def began(self, **_):
        self._add(1)

    def ended(self, **_):
        self._add(-1)

    def _add(self, one: int):
        with self.changed:
            self.count = max(self.count + one, 0)
            self.changed.notify_all()

    def wait_for_all(self):
        with self.changed:
            assert self.changed.wait_for(lambda: self.count == 0, timeout=PATIENCE / 1000), "the server is still answering"


@pytest.fixture
def answering():
    found = Answering()
    request_started.connect(found.began)
    request_finished.connect(found.ended)
    yield found
    request_started.disconnect(found.began)
    request_finished.disconnect(found.ended)


@pytest.fixture
def browser_of(chromium, transactional_db, live_server, answering):
    """Opens the browser of one more person: `browser_of()` gives a page of a profile of its own.

    A request that leaves this machine, a script's error, something that the page's Content-Security-Policy forbids, or an
    error of the server, in any of them fails the test. They are closed, and what they asked for last is answered, before
    the database is emptied.
    """
    contexts, strangers, errors = [], [], []

    def open_one(**options):
        # Without motion: a colour on its way to another is none that anybody chose.
        usual = {"base_url": live_server.url, "viewport": {"width": 1440, "height": 900}, "reduced_motion": "reduce"}
        context = chromium.new_context(**usual | options)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        # For a test that does on purpose what is refused.
        page.errors = errors
        ours = (live_server.url, "data:", "blob:")
        page.on("request", lambda request: request.url.startswith(ours) or strangers.append(request.url))
        page.on("console", lambda said: "Content Security Policy" in said.text and errors.append(said.text))
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("response", lambda answer: answer.status >= 500 and errors.append(f"{answer.status} {answer.url}"))
        return page

    yield open_one
    for context in contexts:
        context.close()
    answering.wait_for_all()
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
