"""Ids that no row can have, wherever the admin takes one: refused or not found, never a failure of the server."""

import json
import re
from collections.abc import Iterator
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.db.models import AutoField, IntegerField, OneToOneField

from tests.desk.conftest import REGISTERED, filled_in, page
from tests.desk.routes import PARAMETER, admin_routes, filled_route, key_for, list_addresses, page_routes, valid_keys

HOSTILE = {
    "20 digits": "9" * 20,
    "64 bits and one": str(2**63),
    "NUL": "1\0",
    "negative": "-1",
    "letters": "abc",
    "digits of another script": "١٢",
    "superscript": "²",
    "5,000 characters": "7" * 5000,
    "half a character": "_D800",
}


def failure(client, method: str, address: str, data=None) -> str:
    """What went wrong on the server, with the address; "" if nothing did."""
    response = getattr(client, method)(address, data or {})
    if response.status_code < 500:
        return ""
    error = response.exc_info[1] if getattr(response, "exc_info", None) else ""
    return (
        f"{method} {address[:120]} {data and str(data)[:150]}: {response.status_code} {type(error).__name__}: {str(error)[:100]}"
    )


@pytest.fixture
def hostile_desk(desk):
    """A browser of the administrator that is answered 500 as a real one is."""
    desk.raise_request_exception = False
    return desk


@pytest.fixture
def keys(world):
    """A valid value for each parameter of a route."""
    return valid_keys(world)


def addresses_with(hostile: str, keys: dict) -> Iterator[str]:
    """Every route with `hostile` for one of its parameters after the other, the rest valid."""
    for route in admin_routes():
        for _, wrong in PARAMETER.findall(route):
            yield PARAMETER.sub(
                lambda found, wrong=wrong, route=route: quote(
                    hostile if found[2] == wrong else key_for(route, found[2], keys), safe=""
                ),
                route,
            )


QUICK = "20 digits"
"""The value that is tried at every run; the others take longer."""


def each_hostile(*names: str) -> list:
    return [pytest.param(name, marks=() if name == QUICK else pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", each_hostile(*HOSTILE))
def test_no_page_fails_for_an_id_in_its_address(hostile_desk, keys, name):
    failures = [
        failed
        for address in addresses_with(HOSTILE[name], keys)
        for method in ("get", "post")
        if (failed := failure(hostile_desk, method, address))
    ]
    assert not failures, "\n".join(failures)


def test_no_page_shows_a_row_that_there_is_not(hostile_desk, keys):
    """Numbers that a row could have: 404, a redirect or the desk's own refusal, and no page of nothing."""
    answers = {address: hostile_desk.get(address).status_code for address in addresses_with("999999", keys)}
    assert not {address: status for address, status in answers.items() if status not in (302, 403, 404, 405, 409)}


ASKED = (
    "action_object at also cited document e end entity field field_name from id kind label list o only p page person pk q query"
    " quote record records remove row show sort start state subject tab term to version words _to_field _changelist_filters"
).split()
"""Names that pages read from their query, besides those of the fields of their model."""
WORST_NAMES = ("5,000 characters", "20 digits", "NUL")
WORST = [HOSTILE[name] for name in WORST_NAMES]


def pages_asked(keys: dict) -> Iterator[tuple[str, list[str]]]:
    """Every page of the admin that is read, with the names that its query may hold."""
    models = list_addresses()
    for route in page_routes():
        if route.endswith("/add/") or route in models:
            fields = [field.name for field in models[route.removesuffix("add/")]._meta.get_fields()]
            yield route, [*ASKED, *fields, *(f"{name}__{look}" for name in fields for look in ("exact", "in") if route in models)]
        else:
            yield filled_route(route, keys), ASKED


@pytest.mark.parametrize("name", each_hostile(*WORST_NAMES))
def test_no_page_fails_for_an_id_in_its_query(hostile_desk, keys, name):
    failures = [
        failed
        for address, names in pages_asked(keys)
        if (failed := failure(hostile_desk, "get", f"{address}?{urlencode(dict.fromkeys(names, HOSTILE[name]))}"))
    ]
    assert not failures, "\n".join(failures)


PICKED = [
    {"app_label": field.model._meta.app_label, "model_name": field.model._meta.model_name, "field_name": field.name}
    for model in REGISTERED
    for field in (*model._meta.fields, *model._meta.many_to_many)
    if field.remote_field and field.editable
]
"""What each field in which a row is picked asks the suggestions for."""


def test_no_suggestions_fail_for_what_they_are_asked(hostile_desk, world):
    failures = [
        failed
        for hostile in [*WORST, HOSTILE["half a character"]]
        for name in ("term", "p", "app_label", "model_name", "field_name", "forward", "pk", "id")
        for picked in PICKED
        if (
            failed := failure(
                hostile_desk,
                "get",
                f"/admin/autocomplete/?{urlencode(picked | {name: hostile})}",
            )
        )
    ]
    assert not failures, "\n".join(failures)


@pytest.mark.slow
def test_no_form_fails_for_an_id_in_it(hostile_desk, world):
    rows = {type(row): row for row in vars(world).values() if type(row) in admin.site._registry}.values()
    failures = []
    for row in rows:
        shown = hostile_desk.get(page(row, "change"))
        if "adminform" not in shown.context:
            continue
        sent = filled_in(shown)
        inlines = [name for name in sent if re.fullmatch(r".+-\d+-(id|\w+_ptr|entity|relation|document|quote)", name)]
        counts = [name for name in sent if name.endswith("_FORMS")]
        own = [field.name for field in shown.context["adminform"].form if hasattr(field.field, "queryset")]
        for hostile in WORST[1:]:
            for names in (inlines, own, *([counts] if row == world.kites else [])):
                data = sent | {name: [hostile] if isinstance(sent.get(name), list) else hostile for name in names}
                failures.append(failure(hostile_desk, "post", page(row, "change"), data))
            base = {name: {hostile: {"id": hostile}, "1": {"text": [hostile]}} for name in ("names", "measures", "citations")}
            base = {"fields": dict.fromkeys(own, hostile), "rows": base, "known": dict.fromkeys(base, [hostile])}
            failures.append(
                failure(hostile_desk, "post", page(row, "change"), sent | {"_base": json.dumps(base), "summary": "Other."})
            )
            failures.append(
                failure(hostile_desk, "post", page(type(row), "add"), sent | dict.fromkeys([*own, *inlines], hostile))
            )
            failures.append(
                failure(hostile_desk, "post", page(row, "delete"), {"post": "yes", "_version": f"{row.pk}:{hostile}"})
            )
    failures = [failed for failed in failures if failed]
    assert not failures, "\n".join(failures)


def test_no_list_fails_for_an_id_that_is_ticked_or_edited(hostile_desk, world):
    failures = []
    for model in admin.site._registry:
        address = page(model, "changelist")
        actions = admin.site._registry[model].get_actions(hostile_desk.get(address).wsgi_request)
        for hostile in WORST[1:]:
            for action in actions:
                for more in ({}, {"post": "yes", "_version": f"{hostile}:{hostile}"}):
                    ticked = {"action": action, "_selected_action": [hostile, "1"], "index": "0", "select_across": "0"}
                    failures.append(failure(hostile_desk, "post", address, ticked | more))
            for total in ("1", hostile):
                edited = {"_save": "Save", "form-TOTAL_FORMS": total, "form-INITIAL_FORMS": total, "form-0-id": hostile}
                failures.append(
                    failure(hostile_desk, "post", address, edited | {"form-_base": json.dumps({hostile: {"x": hostile}})})
                )
    failures = [failed for failed in failures if failed]
    assert not failures, "\n".join(failures)


def test_every_row_with_a_page_has_a_whole_number_for_its_key():
    """The rule for addresses, that a key is a number, holds for all of them."""
    keys = {model: model._meta.pk for model in admin.site._registry}
    assert all(isinstance(key, AutoField | IntegerField | OneToOneField) for key in keys.values())
