"""Checks of one field in one place where it is asked for, shown or changed, over `invented.publish_details`.

Each function takes what is expected and returns the check, which takes the world; see tests/test_new_fields.py.
"""

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NamedTuple

import yaml
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.html import strip_tags

from entities.history.undoing import plan_undo, undo_change
from entities.merging import SURVIVOR, merge_entities, plan_merge
from entities.merging.unmerging import plan_unmerge, unmerge_entities
from entities.models import change_set
from entities.row_writing import plain_field_value
from nato_support.exchange.fixtures import export_fixtures
from tests.desk.conftest import page

API_ANSWERS: dict[str, Any] = {}
FIXTURES: dict[str, list[dict]] = {}
SHEETS: dict[str, tuple[list[dict], list[dict]]] = {}
"""What was read once and is the same for every test: answers by address, exported records by file, sheets out and back in."""


class World(SimpleNamespace):
    """The rows of the invented world, and ways to ask for them."""

    def get(self, address: str) -> Any:
        """Return an answer of the API: a document, or the rows of a table."""
        if address not in API_ANSWERS:
            response = Client().get(f"/api/v1/{address}")
            body = b"".join(response.streaming_content) if response.streaming else response.content
            assert response.status_code == 200, body[:500]
            is_table = response.headers["Content-Type"].startswith("text/csv")
            API_ANSWERS[address] = rows_of_csv(body) if is_table else json.loads(body)
        return API_ANSWERS[address]

    def desk(self) -> Client:
        client = Client()
        client.force_login(User.objects.get_or_create(username="zelda", is_staff=True, is_superuser=True)[0])
        return client

    def row(self, name: str) -> Any:
        """Return the row of that name as it is now."""
        row = getattr(self, name)
        return type(row)._default_manager.get(pk=row.pk)


Check = Callable[[World], None]


def rows_of_csv(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


# What readers ask


def lists(address: str, *slugs: str) -> Check:
    """The list has these records and no others."""

    def check(world: World) -> None:
        assert sorted(row["slug"] for row in world.get(address)["results"]) == sorted(slugs)

    return check


def counts(collection: str, facet: str, value: str, count: int) -> Check:
    def check(world: World) -> None:
        values = world.get(f"{collection}/?facets={facet}")["facets"][facet]["values"]
        assert {one["value"]: one["count"] for one in values}.get(value) == count

    return check


def cell(address: str, slug: str, column: str, text: str, **where: str) -> Check:
    """A row of the table for this record has `text` in the column."""

    def check(world: World) -> None:
        rows = [row for row in world.get(address) if {"slug": slug, **where}.items() <= row.items()]
        assert [row[column] for row in rows] == [text]

    return check


def tabulates(address: str, *slugs: str) -> Check:
    """The table has these records and no others."""

    def check(world: World) -> None:
        assert sorted(row["slug"] for row in world.get(address)) == sorted(slugs)

    return check


def links(address: str, read: Callable[[dict], Any], expected: Any) -> Check:
    """The record as linked data says what is expected."""

    def check(world: World) -> None:
        assert read(world.get(f"{address}.jsonld")) == expected

    return check


def extends(slug: str, property: str, *values: str, kind: str = "commitment") -> Check:
    """A column of OpenRefine is filled with these values for the entity."""

    def check(world: World) -> None:
        query = json.dumps({"ids": [slug], "properties": [{"id": property}]})
        answer = world.get(f"reconcile/?extend={query}")
        read = [str(value.get("id") or value.get("str") or value.get("float", "")) for value in answer["rows"][slug][property]]
        assert read == list(values)
        assert property in [one["id"] for one in world.get(f"reconcile/extend/propose?type={kind}")["properties"]]

    return check


def searched(text: str, *slugs: str, without: str = "") -> Check:
    """The search finds these, among others, but not the one that is said."""

    def check(world: World) -> None:
        answer = world.get(f"search/?q={text}")
        found = {row["slug"] for row in answer["results"]}
        assert set(slugs) <= found and without not in found
        assert not answer["meta"].get("any_word") and not answer["meta"].get("corrected")

    return check


def lacks(text: str, slug: str) -> Check:
    """The search, whatever else it finds, does not find this one."""

    def check(world: World) -> None:
        assert slug not in {row["slug"] for row in world.get(f"search/?q={text}")["results"]}

    return check


def dated(slug: str, fact: str, record: str, read: Callable[[dict], Any], expected: Any) -> Check:
    """The timeline has one such fact of the record, and it says what is expected."""

    def check(world: World) -> None:
        facts = [one for one in world.get(f"timeline/{slug}/?fact={fact}")["results"] if one["record"]["slug"] == record]
        assert [read(one) for one in facts] == [expected]

    return check


# What editors change


class Change(NamedTuple):
    """A new value for a field of a row; other rows by their names."""

    row: str
    field: str
    new: Any

    def make(self, world: World) -> Any:
        """Make the change and return its key."""
        row = world.row(self.row)
        field = row._meta.get_field(self.field)
        with change_set(by=User.objects.first(), reason="To see it.") as key:
            if field.many_to_many:
                getattr(row, self.field).set([world.row(name) for name in self.new])
            else:
                setattr(row, self.field, world.row(self.new) if field.is_relation else self.new)
                row.save()
        return key

    def value(self, world: World) -> Any:
        return plain_field_value(world.row(self.row), self.field)


class Sheet(NamedTuple):
    """A column of a spreadsheet: what is in it when exported, and what an editor puts there and imports."""

    sheet: str
    where: dict[str, str]
    column: str
    exported: str
    imported: str

    def __call__(self, world: World) -> None:
        out, back = SHEETS.get(self.sheet) or sheets_out_and_back(world)[self.sheet]
        assert [row[self.column] for row in out if self.where.items() <= row.items()] == [self.exported]
        where = dict(self.where) | ({self.column: self.imported} if self.column in self.where else {})
        assert [row[self.column] for row in back if where.items() <= row.items()] == [self.imported]


def sheets_out_and_back(world: World) -> Mapping[str, tuple[list[dict], list[dict]]]:
    """Export the lists of the desk, make all `edits` of the world, import them, and export them again."""
    desk = world.desk()
    for model in ("entities_commitment", "entities_organisation", "entities_event", "entities_relation", "sources_sourcequote"):
        before = exported_sheets(desk, model)
        changed = {name: [edited(name, row, world.edits) for row in rows] for name, rows in before.items()}
        answer = desk.post(
            reverse(f"admin:{model}_import"), {"file": SimpleUploadedFile("sheets.zip", zip_of(changed))}, follow=True
        )
        preview = answer.context
        assert preview["upload"].ready, "more than one piece"
        assert not preview["refused"] and preview["writes"], [row.reasons for row in preview["upload"].planned_rows()]
        desk.post(f"{answer.request['PATH_INFO']}write/", {"digest": preview["digest"], "reason": "To see it."})
        after = exported_sheets(desk, model)
        for name in before:
            out, back = SHEETS.get(name, ([], []))
            SHEETS[name] = (out + before[name], back + after[name])
    return SHEETS


def exported_sheets(desk: Client, model: str) -> dict[str, list[dict[str, str]]]:
    response: Any = desk.get(reverse(f"admin:{model}_sheet", args=["zip"]))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as archive:
        return {name.removesuffix(".csv"): rows_of_csv(archive.read(name)) for name in archive.namelist()}


def edited(sheet: str, row: dict[str, str], edits: list[Sheet]) -> dict[str, str]:
    return row | {edit.column: edit.imported for edit in edits if edit.sheet == sheet and edit.where.items() <= row.items()}


def zip_of(sheets: dict[str, list[dict[str, str]]]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, rows in sheets.items():
            if rows:
                text = io.StringIO()
                writer = csv.DictWriter(text, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
                archive.writestr(f"{name}.csv", text.getvalue())
    return file.getvalue()


def kept(file: str, where: dict[str, Any], field: str, value: Any) -> Check:
    """The fixtures have the value; that they load is tested below."""

    def check(world: World) -> None:
        records = [record["fields"] for record in exported_fixtures(world)[file]]
        assert [record.get(field) for record in records if where.items() <= record.items()] == [value]

    return check


def exported_fixtures(world: World) -> dict[str, list[dict]]:
    if not FIXTURES:
        for path in export_fixtures(world.folder):
            FIXTURES[path.stem] = yaml.safe_load(path.read_text())
    return FIXTURES


def told(change: Change, *said: str, unsaid: str = "") -> Check:
    """The newest entry of the history says these words, and neither the key nor the name of the column."""

    def check(world: World) -> None:
        change.make(world)
        html = world.desk().get(page(world.row(change.row), "history"), follow=True).content.decode()
        entry = html.split('<li class="entry">')[1].split('<p class="ways">')[0]
        words = " ".join(strip_tags(entry.replace("<", " <")).split())
        for text in said:
            assert text in words
        for key in filter(None, [unsaid, change.field if "_" in change.field else ""]):
            assert key not in words

    return check


def undone(change: Change, read: Callable[[World], Any] | None = None) -> Check:
    """Undoing the change gives the field its value back."""
    read = read or change.value

    def check(world: World) -> None:
        before = read(world)
        key = change.make(world)
        assert read(world) != before
        undo_change(key, expected_versions={f"{one.model._meta.label_lower}/{one.pk}": one.version for one in plan_undo(key)})
        assert read(world) == before

    return check


@contextmanager
def merged(twin: Any, survivor: Any) -> Iterator[None]:
    """Merge two records while inside, the survivor's values counting where they differ."""
    choices = {group.key: SURVIVOR for group in plan_merge(twin, survivor).undecided}
    merge = merge_entities(twin, survivor, choices, expected_digest=plan_merge(twin, survivor, choices).digest, confirmed=True)
    yield
    unmerge_entities(merge, expected_digest=plan_unmerge(merge).digest)


def carried(
    make_twin: Callable[[World], Any], survivor: str, read: Callable[[World, Any], Any], *, into: Any, back: Any
) -> Check:
    """A merge of the twin carries the field `into` the survivor, and unmerging gives it `back`."""

    def check(world: World) -> None:
        twin = make_twin(world)
        with merged(twin, world.row(survivor)):
            assert read(world, twin) == into
        assert read(world, twin) == back

    return check


# Parts of answers


def annotation(value: str, member: str) -> Callable[[dict], Any]:
    """Return a reader of a member of the annotations that state a value."""
    return lambda node: [one.get(member) for one in node["evidence"] if one["states"] == value]


def assessment(pointer: str, read: Callable[[dict], Any]) -> Callable[[dict], Any]:
    return lambda node: next(read(one) for one in node["assessments"] if one["target"]["selector"]["pointer"] == pointer)


def first_evidence(member: str) -> Callable[[dict], Any]:
    return lambda fact: fact["evidence"][0][member]
