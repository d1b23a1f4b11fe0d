"""People who work over HTTP, without a browser: many of them are cheap, and they can act at the same instant."""

import threading
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import Any


class Form(HTMLParser):
    """What a browser would send of the first form by POST that has the field named."""

    def __init__(self, html: str, having: str):
        super().__init__()
        self.having, self.found, self.open, self.text, self.select = having, None, None, None, None
        self.feed(html)
        self.fields = self.found or {}

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        name = given.get("name")
        if tag == "form":
            self.open = {}
        elif self.open is None:
            return
        elif tag == "input" and name and (given.get("type") not in ("checkbox", "radio", "submit") or "checked" in given):
            self.open[name] = given.get("value", "")
        elif tag == "textarea":
            self.text = name
            self.open[name] = ""
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and "selected" in given:
            self.open[self.select] = given.get("value", "")

    def handle_data(self, data):
        if self.open is not None and self.text:
            self.open[self.text] += data

    def handle_endtag(self, tag):
        if tag == "textarea" and self.text and self.open is not None:
            # A browser drops the line end right after the tag.
            self.open[self.text] = self.open[self.text].removeprefix("\n")
            self.text = None
        elif tag == "select":
            self.select = None
        elif tag == "form" and self.open is not None:
            if self.having in self.open and self.found is None:
                self.found = self.open
            self.open = None


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args, **kwargs):
        return None


class Browser:
    """Somebody signed in, by the cookie of their session."""

    def __init__(self, url: str, session: str):
        self.url, self.session, self.opener = url, session, urllib.request.build_opener(Stay)

    def ask(self, path: str, data: dict | None = None) -> tuple[int, str]:
        """Status and body of the answer; a redirection is not followed."""
        token = "a" * 32
        cookie = f"sessionid={self.session}; csrftoken={token}"
        body = urllib.parse.urlencode(data | {"csrfmiddlewaretoken": token}, doseq=True).encode() if data is not None else None
        request = urllib.request.Request(self.url + path, body, {"Cookie": cookie, "Referer": self.url})
        try:
            with self.opener.open(request, timeout=300) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def form(self, path: str, having: str) -> dict:
        """What the form with that field on that page would send."""
        return Form(self.ask(path)[1], having).fields


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Does all of `acts` at the same instant, each in a thread of its own, and gives what came of each."""
    start = threading.Barrier(len(acts))

    def do(act: Callable[[], Any]) -> Any:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(do, acts))
