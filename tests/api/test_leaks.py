"""Nothing that is not public moves a byte, a header, a count, a rank or a statement of any answer.

What is asked is made from the OpenAPI document: every address, each of its parameters with values that are public, draft and
nonsense, and every form that it can be had in. It is asked before and after every row of every private table is added,
changed or deleted, on either database. That the comparison can fail is shown with views that leak on purpose.
"""

import datetime
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, models, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.test.utils import CaptureQueriesContext

from entities.models import Commitment, Entity, Organisation, Person
from entities.serializers import PLURALS
from nato_support.api import dispatch, openapi, record_views
from nato_support.api.content_negotiation import MEDIA_TYPES
from nato_support.pages.kept_parts import KeptParts
from nato_support.pages.urls import urlpatterns as page_patterns
from nato_support.publishing.models import Assignment, Comment, Notification
from nato_support.publishing.publication import withdraw
from nato_support.reports.models import ReaderReport, ReportStep, SentReport
from sources.models import SourceQuote
from tests import world as make
from tests.api.described import parameters
from tests.invented import publish_cited

PUBLIC_TABLES = {
    "publishing.edition",
    "publishing.editionterm",
    "publishing.release",
    "publishing.namekey",
    "publishing.mentioncount",
    "publishing.searchentry",
}
OURS = {"entities", "sources", "publishing", "desk", "nato_support", "exchange", "reports", "auth", "admin", "sessions"}
PRIVATE_NAMES = (
    "status version text created_at updated_at why by id pk history verification name__icontains document__text".split()
)
SLUGS = {
    "organisations": "arcadia",
    "facilities": "kite-yard",
    "persons": "ada-fell",
    "posts": "minister-of-kites",
    "events": "lake-meeting",
    "commitments": "forty-kites",
    "entities": "forty-kites",
}
PAGES = [pattern.pattern for pattern in page_patterns if "favicon" not in str(pattern.pattern)]
QUICK_PAGES = r"/(?!api/)(?!.*(/cite[.]|/embed/|[.]png|[.]svg|feed[.]json))"
"""Pages without what is made of the same as another one that is asked for: of a picture, its table."""
WORDS = ["kites", "hushed"]
"""What is typed where anything can be: of public names, of drafts."""
LISTS = f"/api/v1/({'|'.join(PLURALS.values())}|search|suggest)/?[?]?"
BODIES = [
    ("application/x-www-form-urlencoded", "queries=" + quote('{"q0":{"query":"Arcadia"},"q1":{"query":"Hushed arcadia"}}')),
    ("application/x-www-form-urlencoded", "extend=" + quote('{"ids":["organisation/arcadia"],"properties":[{"id":"country"}]}')),
    ("application/json", '{"queries":[{"conditions":[{"matchType":"name","propertyValue":"Hushed arcadia"}]}]}'),
    ("application/json", '{"queries":[{"conditions":[{"matchType":"name","propertyValue":"Arcadia"}]}]}'),
]


class Told(NamedTuple):
    """An answer, and the work that it took: what was asked of the database tells what a clock would."""

    status: int
    headers: dict[str, str]
    body: bytes
    statements: tuple[str, ...]


class Address(NamedTuple):
    path: str
    method: str = "GET"
    body: str = ""
    content_type: str = ""


def addresses(slugs: dict[str, str]) -> Iterator[Address]:
    """Everything that can be asked, from the OpenAPI document. `slugs` has a public record for each collection."""
    for template, operations in openapi.openapi_document()["paths"].items():
        for path in _places(template, slugs):
            if "post" in operations:
                yield from (Address(path, "POST", body, content_type) for content_type, body in BODIES)
            if "get" in operations:
                yield from (Address(path + query) for query in _queries(operations["get"]))
                yield from (Address(f"{path.rstrip('/')}.{form}") for form in _forms(operations["get"]))


def page_addresses(slugs: dict[str, str]) -> Iterator[Address]:
    """Every public page: of public records, of drafts, of nothing; and searches and filters for what both are called."""
    for pattern in PAGES:
        template = re.sub("<[a-z_]+:([a-z]+)>", r"{\1}", f"/api/v1/{pattern}").replace("{name}", "organisations")
        for path in _places(template, slugs):
            yield Address(path.removeprefix("/api/v1"))
    for word in WORDS:
        yield from (Address(f"/{plural}/?q={word}") for plural in (*PLURALS.values(), "entities", "search"))
        yield from (Address(f"/{plural}/feed.atom?q={word}") for plural in (*PLURALS.values(), "entities"))
        yield from (Address(f"/{picture}.csv?q={word}") for picture in ("commitments/totals", "map/events", "map/facilities"))


def _places(template: str, slugs: dict[str, str]) -> Iterator[str]:
    """The addresses that a template stands for: of public records, of drafts, of nothing."""
    collection = template.removeprefix("/api/v1/").split("/")[0]
    known = [slugs[collection]] if collection in slugs else list(SLUGS.values())
    named = [*known, f"hushed-{known[0]}", "gone-record"]
    paths = [template]
    for place, values in {"slug": named, "number": ["1", "7"], "release": ["1", "77"], "code": ["withdrawn"]}.items():
        paths = [path.replace(f"{{{place}}}", value) for path in paths for value in (values if f"{{{place}}}" in path else [""])]
    for path in paths:
        yield re.sub(r"\{[^}]*\}", "1", path)


def _queries(operation: dict) -> Iterator[str]:
    """Query strings: none, each parameter with several values, names that are no parameters."""
    taken = [one for one in parameters(openapi.openapi_document(), operation) if one["in"] == "query"]
    required = "".join(f"{one['name']}=kites&" for one in taken if one.get("required"))
    yield f"?{required}".rstrip("?&")
    counted = "count=true&" if any(one["name"] == "count" for one in taken) else ""
    for one in taken:
        for value in _values(one):
            others = re.sub(f"{one['name']}=[^&]*&", "", required + counted)
            yield f"?{others}{one['name']}={quote(value)}"
    if counted:
        yield from (f"?{required}{name}=1" for name in PRIVATE_NAMES)


def _values(parameter: dict) -> list[str]:
    told = parameter["schema"]
    told = told.get("items", told)
    values = [str(value) for value in told.get("enum", ())][:2]
    values += [str(told["example"])] if "example" in told else []
    if told.get("type") == "string" and not values:
        values += WORDS
    elif "[a-z0-9]+" in told.get("pattern", ""):
        values += ["arcadia", "hushed-arcadia"]
    elif told.get("type") == "integer":
        values += ["1", "2"]
    return values


def _forms(operation: dict) -> list[str]:
    offered = operation["responses"]["200"].get("content", {})
    media = {one.split(";")[0] for one in offered}
    return [form for form, kind in MEDIA_TYPES.items() if kind.split(";")[0] in media]


@pytest.fixture
def told(published, monkeypatch, caplog):
    """Asks everything: a dictionary of what was told at each address. No answer is kept from one time to the next."""
    slugs = SLUGS | {
        "relations": published.alliance.slug,
        "quotes": published.quote.slug,
        "documents": published.document.slug,
    }
    asked = list(dict.fromkeys([*addresses(slugs), *page_addresses(slugs)]))
    caplog.set_level("CRITICAL", logger="django.request")
    client = Client(headers={"X-Request-ID": "the-same"}, raise_request_exception=True)

    def ask(only: str = "", each: int = 1) -> dict[Address, Told]:
        answers = {}
        for address in [address for address in asked if re.match(only, address.path)][::each]:
            monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))
            forget()
            # It keeps the last 9,000 alone.
            connection.queries_log.clear()
            with CaptureQueriesContext(connection) as captured:
                response = client.generic(address.method, address.path, address.body, address.content_type)
                body = b"".join(response.streaming_content) if response.streaming else response.content
            statements = tuple(query["sql"] for query in captured.captured_queries)
            answers[address] = Told(response.status_code, dict(response.headers), body, statements)
        return answers

    return ask


def forget() -> None:
    """Empties what the public side keeps in the process, so that each answer is made anew: an old one would hide a leak."""
    for name, module in list(sys.modules.items()):
        # What an address leads to follows from the code alone.
        if name.startswith(("nato_support.api", "nato_support.pages")) and not name.endswith("middleware"):
            for kept in list(vars(module).values()):
                if hasattr(kept, "cache_clear"):
                    kept.cache_clear()
                elif isinstance(kept, KeptParts):
                    kept.clear()


def differences(before: dict[Address, Told], after: dict[Address, Told]) -> list[str]:
    """Where the same question got another answer, and in what."""
    return [
        f"{address.method} {address.path}: {member} {getattr(before[address], member)!r:.300}"
        f" -> {getattr(after[address], member)!r:.300}"
        for address in before
        for member in Told._fields
        if getattr(before[address], member) != getattr(after[address], member)
    ]


@pytest.fixture
def published(public):
    """The public world, with a record that was withdrawn and one that has unpublished changes."""
    gone = make.an_organisation("gone-record", name="Gone record")
    publish_cited(public.quote, gone)
    withdraw([gone])
    public.ada.names.create(text="Ада Фелл", kind="alias", language="uk")
    publish_cited(public.quote, Person.objects.get(slug="ada-fell"))
    # A row in most private tables, so that there is something to change.
    _add(public, "hidden")
    return public


def _add(world, word: str) -> None:
    """Drafts of every kind, alike to what is public and joined to it."""
    arcadia = make.an_organisation(f"{word}-arcadia", name="Arcadia", country="AL")
    arcadia.names.create(text="Kites", kind="alias")
    arcadia.identifiers.create(scheme="wikidata", value=f"Q77{word}")
    ada = make.a_person(f"{word}-ada-fell", name="Ada Fell")
    make.a_post(world.arcadia, f"{word}-minister-of-kites")
    make.a_facility(f"{word}-kite-yard", operator=world.arcadia, latitude="1", longitude="2")
    event = make.an_event(f"{word}-lake-meeting", start="2024-07-09")
    kites = make.a_commitment(f"{word}-forty-kites", by=[world.arcadia, arcadia], beneficiary=world.ruritania, name="Kites")
    money = make.a_measure(kites, "money", kind="money", value=7, unit="", currency="EUR", as_stated="7 euros")
    make.a_measure(kites, "dollars", kind="money", value=8, unit="", currency="USD", as_stated="8 dollars", conversion_of=money)
    make.a_milestone(kites, event=event)
    make.a_relation(world.ruritania, world.arcadia, make.a_relation_type(f"{word}-type"))
    make.a_relation(world.arcadia, arcadia)
    document = make.a_document(f"{word}-paper", text=make.ARTICLE + word, title="Kites paper", publisher=world.courier)
    quote_ = make.a_quote(document, "About 700 clerks", speakers=[ada], occasion=event)
    make.a_citation(quote_, kites, "name", "Kites")
    make.a_citation(quote_, world.kites, "nature", "refusal", polarity="denies")
    world.arcadia.names.create(text=f"{word} Arcadia", kind="alias")
    world.ada.identifiers.create(scheme="wikidata", value=f"Q78{word}")
    make.a_measure(Commitment.objects.get(pk=world.kites.pk), f"{word}-more", value=3)
    about = {"kind": "commitment", "record": world.kites.pk}
    editor = User.objects.create_user(f"{word}-editor")
    Comment.objects.create(**about, field="summary", text=f"{word}: Kites of Arcadia?", said_by=editor)
    Assignment.objects.create(kind="commitment", record=kites.pk, assignee=editor)
    Notification.objects.create(**about, recipient=editor, reason="named", actor=editor)
    _add_report(word)


def _add_report(word: str) -> None:
    """A report of a reader about a public fact, with an answer."""
    fact = {"kind": "commitment", "slug": "forty-kites", "edition": 1, "release": 1, "field": "nature", "problem": "value"}
    words = {"text": f"{word}: Kites of Arcadia?", "source_url": "https://example.org/kites", "contact": f"{word}@example.org"}
    report = ReaderReport.objects.create(token_hash=word, **fact, **words, state="changed", answer=f"{word}: Arcadia")
    ReportStep.objects.create(report=report, state="changed", answer=f"{word}: Arcadia")
    SentReport.objects.create(address_hash=word)


def _private_models() -> list[type[models.Model]]:
    found = [model for model in apps.get_models() if model._meta.app_label in OURS and model._meta.managed]
    return [model for model in found if model._meta.label_lower not in PUBLIC_TABLES]


def _other(field: models.Field, row: models.Model) -> Any:
    """Another value that a field may take."""
    value = getattr(row, field.attname)
    if field.choices:
        return next((choice for choice, _ in field.flatchoices if choice != value), value)
    if isinstance(field, models.ForeignKey):
        return field.related_model._base_manager.exclude(pk=value).values_list("pk", flat=True).first()
    if isinstance(field, models.BooleanField):
        return not value
    if isinstance(field, models.DecimalField):
        return (value or Decimal(1)) + 1
    if isinstance(field, models.IntegerField):
        return (value or 0) + 7
    if isinstance(field, models.DateTimeField):
        return datetime.datetime(2001, 2, 3, tzinfo=datetime.UTC)
    if isinstance(field, models.DateField):
        return datetime.date(2001, 2, 3)
    if isinstance(field, models.JSONField):
        return {"hushed": 1}
    if type(field).__name__ == "PartialDateField":
        return "2001-02"
    return f"hushed {row.pk}"[: field.max_length]


def change(model: type[models.Model]) -> int:
    """Changes every field of every row that the database lets go, past all Python. How many were changed."""
    changed = 0
    for row in list(model._base_manager.all()[:40]):
        for field in model._meta.local_concrete_fields:
            if field.primary_key or field.generated:
                continue
            try:
                with transaction.atomic():
                    changed += model._base_manager.filter(pk=row.pk).update(**{field.attname: _other(field, row)})
            except (DatabaseError, ValidationError, ValueError, TypeError):
                continue
    return changed


def delete(model: type[models.Model]) -> int:
    """Deletes every row that nothing protects."""
    deleted = 0
    for row in list(model._base_manager.all()[:40]):
        try:
            with transaction.atomic():
                deleted += model._base_manager.filter(pk=row.pk).delete()[0]
        except (DatabaseError, ProtectedError):
            continue
    return deleted


def test_drafts_move_no_list(told, published):
    before = told(LISTS, each=3)
    _add(published, "hushed")
    assert differences(before, told(LISTS, each=3)) == []


def test_drafts_move_no_page(told, published):
    before = told(QUICK_PAGES)
    assert len(before) > 100 and {200, 404, 410} <= {answer.status for answer in before.values()}
    _add(published, "hushed")
    assert differences(before, told(QUICK_PAGES)) == []


@pytest.mark.both
@pytest.mark.slow
def test_nothing_private_moves_any_answer(told, published, pytestconfig):
    each = 7 if pytestconfig.getoption("--sample") else 1
    before = told(each=each)
    assert len(before) * each > 2000
    for edit in (_add_drafts, _change_everything, _delete_everything):
        with transaction.atomic():
            edit(published)
            assert differences(before, told(each=each)) == [], edit.__name__
            transaction.set_rollback(True)
    assert differences(before, told(each=each)) == []


def _add_drafts(world) -> None:
    _add(world, "hushed")


def _change_everything(world) -> None:
    for model in _private_models():
        change(model)
    for label, names in {"publishing.Release": ("by", "reason"), "publishing.Edition": ("version",)}.items():
        table = apps.get_model(label)
        for row in table._base_manager.all():
            for name in names:
                field = table._meta.get_field(name)
                table._base_manager.filter(pk=row.pk).update(**{field.attname: _other(field, row)})


def _delete_everything(world) -> None:
    for model in _private_models():
        delete(model)


def test_every_private_table_is_among_them():
    labels = {model._meta.label_lower for model in _private_models()}
    assert {"entities.commitment", "entities.historicalcommitment", "sources.sourcedocument", "auth.user"} <= labels
    assert {"publishing.submission", "desk.presence", "entities.duplicatecandidate", "entities.merge"} <= labels


def test_most_of_what_is_private_can_be_changed(published):
    """Else the comparison above would compare nothing with nothing."""
    for model in (Organisation, Commitment, Entity, SourceQuote):
        assert change(model) > 10, model


def _counting(self, asked, **kwargs):
    answer = _honest(self, asked, **kwargs)
    return replace(answer, body=answer.body + b" " * Commitment.objects.count())


def _ranking(self, asked, **kwargs):
    answer = _honest(self, asked, **kwargs)
    drafts = Entity.objects.filter(name__icontains="arcadia").count()
    return replace(answer, extra_headers={**answer.extra_headers, "X-Rank": str(drafts)})


def _looking(self, asked, **kwargs):
    # The answer is the same, but it takes one statement more where there is a draft.
    if Organisation.objects.filter(slug="hushed-arcadia").exists():
        Organisation.objects.get(slug="hushed-arcadia")
    return _honest(self, asked, **kwargs)


def _tagging(self, asked, **kwargs):
    answer = _honest(self, asked, **kwargs)
    newest = Entity.objects.order_by("-pk").values_list("pk", flat=True).first()
    return replace(answer, etag=f'W/"{newest}"')


_honest = record_views.RecordListView.get


@pytest.mark.parametrize(
    ("leak", "member"),
    [(_counting, "body"), (_ranking, "headers"), (_looking, "statements"), (_tagging, "headers")],
    ids=lambda value: value if isinstance(value, str) else value.__name__.strip("_"),
)
def test_a_view_that_leaks_is_found(told, published, monkeypatch, leak, member):
    monkeypatch.setattr(record_views.RecordListView, "get", leak)
    before = told("/api/v1/organisations/[?]?")
    _add(published, "hushed")
    found = differences(before, told("/api/v1/organisations/[?]?"))
    assert any(f": {member} " in one for one in found)


def test_private_fields_are_in_no_answer(told):
    said = b"".join(answer.body for answer in told("/api/v1/(?!schema|contexts|reconcile)[^?.]*$").values())
    assert b"its minister said on Tuesday. \xe2\x80\x9c" not in said
    for private in (b'"text":"VALLEY', b"created_at", b"updated_at", b'"version"', b'"status":"published"', b'"id":', b'"why"'):
        assert private not in said
