"""What every test may ask for: the invented world, the articles' texts, raw SQL."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection, transaction

from nato_support.publishing.publication import publish
from nato_support.roles import ensure_groups
from tests import world as make


@pytest.fixture
def arcadia(db):
    return make.an_organisation("arcadia", country="", founded="1949-04")


@pytest.fixture
def ruritania(db):
    return make.an_organisation("ruritania")


@pytest.fixture
def kites(arcadia, ruritania):
    """Arcadia's pledge of forty kites for Ruritania."""
    return make.a_commitment("forty-kites", by=[arcadia], beneficiary=ruritania)


@pytest.fixture
def world(arcadia, ruritania, kites):
    """A row of every model, joined as in a real register: Arcadia's pledge, its article and the quote that proves it."""
    courier = make.an_organisation("arcadian-courier", type="media")
    ada = make.a_person("ada-fell", given_name="Ada", family_name="Fell")
    meeting = make.an_event("lake-meeting", start="2024-07-09", end="2024-07-11", locality="Valleytown")
    document = make.a_document(publisher=courier)
    quote = make.a_quote(document, speaker=ada, said_on="2024-07-09", occasion=meeting)
    world = SimpleNamespace(
        arcadia=arcadia,
        ruritania=ruritania,
        courier=courier,
        yard=make.a_facility("kite-yard", operator=ruritania, locality="Harbourton"),
        ada=ada,
        minister=make.a_post(arcadia, "minister-of-kites"),
        meeting=meeting,
        kites=kites,
        measure=make.a_measure(kites),
        milestone=make.a_milestone(kites, event=meeting),
        alliance=make.a_relation(arcadia, ruritania, make.a_relation_type("works-alongside")),
        document=document,
        quote=quote,
        citation=make.a_citation(quote, kites),
    )
    # Each part that was added raised the version of its record.
    for row in vars(world).values():
        row.refresh_from_db()
    return world


@pytest.fixture
def records(world):
    """Every record of the invented world, each with the evidence that it needs to be public."""
    for record in (world.arcadia, world.ruritania, world.courier, world.yard, world.ada, world.minister, world.meeting):
        make.a_citation(world.quote, record, "name", record.name)
    make.a_citation(world.quote, world.kites, f"measures.{world.measure.key}", world.measure.typed)
    make.a_citation(world.quote, world.kites, f"milestones.{world.milestone.key}", "2024-07-09")
    make.a_citation(world.quote, world.kites, "committed_by", "arcadia")
    make.a_citation(world.quote, world.alliance, "type", world.alliance.type.slug)
    names = "arcadia ruritania courier yard ada minister meeting kites alliance document quote"
    found = [getattr(world, name) for name in names.split()]
    for record in found:
        record.refresh_from_db()
    return found


@pytest.fixture
def public(world, records):
    """The invented world, published in one run."""
    world.release = publish(records)
    for record in records:
        record.refresh_from_db()
    return world


@pytest.fixture
def people(db):
    """`people("anna", "contributor")` is Anna, a contributor; without a group whoever was there, or who may nothing."""
    groups = ensure_groups()

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


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The register of the shipped fixtures, loaded once for the tests of a module and gone after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        yield
        transaction.set_rollback(True)


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
