"""A register's pages as a reader gets them, and what a measure finds about them."""

import json
import re
from collections.abc import Callable, Mapping
from functools import cached_property
from html import unescape
from typing import Any, NamedTuple

from entities.serializers import PLURALS

OVERVIEWS = ("/", "/contested/", "/due/", "/changes/", "/about/", "/method/", "/licence/", "/search/?q=boats")
_KINDS_OF_ENTITIES = ("commitment", "organisation", "facility", "person", "post", "event")
_FACT = '<div class="fact"'


class Measured(NamedTuple):
    """What a measure found: of which requirement, what was measured, the figure, and whether it is as required."""

    requirement: int
    measure: str
    figure: str
    is_met: bool


class Answer(NamedTuple):
    """An answer of the site; its body as it came, compressed or not."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Site:
    """The pages behind `ask(address, headers)`. Texts of pages are kept: each is asked for once."""

    def __init__(self, ask: Callable[[str, Mapping[str, str]], Answer]):
        self.ask = ask
        self._texts: dict[str, str] = {}

    def text(self, path: str) -> str:
        """Return a page, which must be there."""
        if path not in self._texts:
            answer = self.ask(path, {"accept": "text/html"})
            assert answer.status == 200, (path, answer.status, answer.body[:300])
            self._texts[path] = answer.body.decode()
        return self._texts[path]

    def data(self, path: str) -> Any:
        """Return what the API answers at a path below /api/v1/."""
        answer = self.ask(f"/api/v1/{path}", {"accept": "application/json"})
        assert answer.status == 200, (path, answer.status, answer.body[:300])
        return json.loads(answer.body)

    def listed(self, collection: str) -> list[dict[str, Any]]:
        """Return the records of a collection."""
        rows, address = [], f"{collection}/?page_size=500"
        while address:
            page = self.data(address)
            rows += page["results"]
            address = (page["next"] or "").partition("/api/v1/")[2]
        return rows

    @cached_property
    def entities(self) -> list[str]:
        """Paths of the pages of the entities."""
        return [page_of(row) for kind in _KINDS_OF_ENTITIES for row in self.listed(PLURALS[kind])]

    @cached_property
    def records(self) -> list[str]:
        """Paths of the pages of all records."""
        others = [page_of(row) for kind in ("relation", "document", "quote") for row in self.listed(PLURALS[kind])]
        return [*self.entities, *others]

    @cached_property
    def one_of_each_kind(self) -> list[str]:
        """Paths of a page of each kind: the longest of its kind, of overviews all."""
        longest: dict[str, str] = {}
        for path in self.records:
            kind = path.split("/")[1]
            if kind not in longest or len(self.text(path)) > len(self.text(longest[kind])):
                longest[kind] = path
        return [*OVERVIEWS, *longest.values(), *(f"/{collection}/" for collection in longest), "/nowhere/"]


def page_of(record: Mapping[str, Any]) -> str:
    """Return the path of a record's page."""
    return record["href"].removeprefix("/api/v1")


def facts_of(text: str) -> list[str]:
    """Return the HTML of each fact of a page, from its beginning."""
    return text.split(_FACT)[1:]


def table_of(text: str, name: str) -> list[list[str]]:
    """Return the cells of the table beneath the picture `name` of a page; no rows if there is no such picture."""
    start = text.find(f'<summary id="{name}-table">')
    if start < 0:
        return []
    body = text[text.index("<tbody>", start) : text.index("</tbody>", start)]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.DOTALL)
    return [[unescape(re.sub("<[^>]+>", "", cell)) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)] for row in rows]


def pictures_of(text: str, name: str) -> list[str]:
    """Return the SVG of the picture `name` of a page, the wide and the narrow one."""
    start = text.find(f'<h2 id="{name}">')
    return re.findall(r"<svg .*?</svg>", text[start : text.index("</section>", start)], re.DOTALL) if start >= 0 else []


def counted(requirement: int, measure: str, number: int, of: str, faults: list[str]) -> Measured:
    """Return what was found of a measure that no fault may spoil; the first faults are named."""
    named = f", {len(faults)} not: {'; '.join(faults[:3])}" if faults else ""
    return Measured(requirement, measure, f"{number} {of}{named}", not faults and number > 0)
