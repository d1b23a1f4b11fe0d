"""What every test may ask for: the invented world, the articles' texts, raw SQL."""

import os
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

import pytest
from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings

import nato_support.urls  # noqa: F401 - registers every page of the admin
from entities.likeness.register_names import register_names
from nato_support.api import dispatch
from nato_support.pages.kept_parts import kept_pages
from nato_support.pages.page_pictures import kept_graphs
from nato_support.roles import ensure_groups
from tests import invented
from tests.api.search_world import publish_search_world
from tests.stages import EMPTY, SQLiteFiles, Stage, Stages, stage_of

# Its assertions say what differs, as those of tests do.
pytest.register_assert_rewrite("tests.field_checks")
# The same examples in every run, however long each takes; --hypothesis-profile=default looks for new ones.
hypothesis_settings.register_profile("suite", derandomize=True, deadline=None)
hypothesis_settings.load_profile("suite")


def _stage_world(_) -> SimpleNamespace:
    ensure_groups()
    arcadia, ruritania = invented.make_arcadia(), invented.make_ruritania()
    world = invented.make_world(arcadia, ruritania, invented.make_kites(arcadia, ruritania))
    return SimpleNamespace(world=world, records=None, gifts=None)


def _stage_records(handles: SimpleNamespace) -> SimpleNamespace:
    handles.records = invented.cite_records(handles.world)
    return handles


def _stage_public(handles: SimpleNamespace) -> SimpleNamespace:
    invented.publish_world(handles.world, handles.records)
    return handles


def _stage_gifts(handles: SimpleNamespace) -> SimpleNamespace:
    handles.gifts = invented.publish_gifts(handles.world)
    return handles


def _stage_details(handles: SimpleNamespace) -> SimpleNamespace:
    invented.publish_details(handles.world)
    return handles


def _stage_searchable(handles: SimpleNamespace) -> SimpleNamespace:
    publish_search_world(handles.world)
    return handles


def _stage_register(_) -> None:
    call_command("load_register", verbosity=0)


# By the name of the fixture that asks for it.
STAGES = Stages(
    {
        "world": Stage(EMPTY, _stage_world),
        "records": Stage("world", _stage_records),
        "public": Stage("records", _stage_public),
        "gifts": Stage("public", _stage_gifts),
        "detailed": Stage("public", _stage_details),
        "searchable": Stage("public", _stage_searchable),
        "register": Stage(EMPTY, _stage_register),
    }
)


# Tables whose rows differ in what they ask of the database.
ASKING = ("tests/db/", "tests/api/")


def pytest_addoption(parser):
    parser.addoption(
        "--only-sql", action="store_true", help="only what may differ between databases: tests that use one, without a browser"
    )
    parser.addoption("--sample", action="store_true", help="only every third row of the tables of tests, those in SQL apart")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--only-sql"):
        choose(config, items, lambda item: stage_of(item, STAGES.stages) and "chromium" not in item.fixturenames)
    if config.getoption("--sample"):
        sampled = sample(items)
        choose(config, items, sampled.__contains__)


def choose(config, items, is_chosen) -> None:
    """Leave the chosen items, and report the others as deselected."""
    chosen = [item for item in items if is_chosen(item)]
    config.hook.pytest_deselected(items=[item for item in items if not is_chosen(item)])
    items[:] = chosen


def sample(items) -> set[pytest.Item]:
    """The first and every third row of each test's table, and every row of those that ask the database itself."""
    rows = defaultdict(list)
    for item in items:
        rows[item.nodeid.partition("[")[0]].append(item)
    return {item for name, table in rows.items() for item in (table if name.startswith(ASKING) else table[::3])}


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    """Enter the database that the test needs, before pytest-django begins a transaction in it."""
    if stage := stage_of(item, STAGES.stages):
        STAGES.enter(*stage)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, pytestconfig):
    """The databases of tests.stages, in place of the one that pytest-django would migrate for each worker."""
    STAGES.open(pytestconfig.cache.mkdir("databases"), django_db_blocker.unblock)
    # What a test commits is in a copy of its own, which nobody needs to empty.
    with mock.patch.object(TransactionTestCase, "_fixture_teardown"):
        yield
    STAGES.close()


@pytest.fixture(scope="session")
def migrated_file(django_db_setup) -> Path | None:
    """A migrated database that nobody uses, as a file to copy, where the tests run on SQLite."""
    return STAGES.server.template if isinstance(STAGES.server, SQLiteFiles) else None


@pytest.fixture(autouse=True)
def nothing_kept_from_the_last_test(monkeypatch):
    """What is kept in the process until the register changes: many tests begin with the same one, and change it alike."""
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(dispatch.response_cache.max_bytes))
    kept_pages.clear()
    kept_graphs.clear()
    register_names.clear()


@pytest.fixture
def handles(db) -> SimpleNamespace:
    """The invented world and its records, where the database of this test holds them already."""
    return STAGES.handles() or SimpleNamespace(world=None, records=None, gifts=None)


@pytest.fixture
def arcadia(handles):
    return handles.world.arcadia if handles.world else invented.make_arcadia()


@pytest.fixture
def ruritania(handles):
    return handles.world.ruritania if handles.world else invented.make_ruritania()


@pytest.fixture
def kites(handles, arcadia, ruritania):
    """Arcadia's pledge of forty kites for Ruritania."""
    return handles.world.kites if handles.world else invented.make_kites(arcadia, ruritania)


@pytest.fixture
def world(handles, arcadia, ruritania, kites):
    """A row of every model, joined as in a real register: Arcadia's pledge, its article and the quote that proves it."""
    return handles.world or invented.make_world(arcadia, ruritania, kites)


@pytest.fixture
def records(handles, world):
    """Every record of the invented world, each with the evidence that it needs to be public."""
    return handles.records or invented.cite_records(world)


@pytest.fixture
def public(world, records):
    """The invented world, published in one release."""
    return world if hasattr(world, "release") else invented.publish_world(world, records)


@pytest.fixture
def detailed(handles):
    """The public world with more in it, so that every field says something: see `invented.publish_details`."""
    return handles.world


@pytest.fixture
def searchable(handles):
    """The public world with the commitments of `search_world`."""
    return handles.world


@pytest.fixture
def register(db):
    """The register of the shipped fixtures."""


@pytest.fixture
def people(db):
    """`people("anna", "contributor")` is Anna, a contributor; without a group whoever was there, or who may nothing."""
    groups = {group.name: group for group in Group.objects.all()} or ensure_groups()

    def one(name: str, group: str = "") -> User:
        user, _ = User.objects.get_or_create(username=name, defaults={"is_staff": True})
        if group:
            user.groups.add(groups[group])
        return user

    return one


@pytest.fixture
def anna(people):
    return people("anna", "contributor")


@pytest.fixture
def edith(people):
    return people("edith", "editor")


@pytest.fixture
def jan(people):
    return people("jan", "editor")


@pytest.fixture
def vera(people):
    return people("vera", "viewer")


@pytest.fixture(scope="session")
def texts() -> Path:
    """The folder with the articles' texts, which belong to their publishers and are not in the repository."""
    folder = os.environ.get("TEXTS", "")
    if not folder:
        pytest.skip("TEXTS names no folder with the articles' texts")
    assert list(Path(folder).glob("*.txt")), f"TEXTS={folder} holds no *.txt"
    return Path(folder)


@pytest.fixture
def sql(db):
    """Runs a statement as it stands and gives its rows: the path of whoever goes round the models."""

    def run(statement: str, *parameters):
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []

    return run
