"""The command that looks for likely duplicates."""

from io import StringIO

import pytest
from django.core.management import call_command

from entities.models import DuplicateCandidate
from tests import world as make

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("find_duplicates", *arguments, stdout=out)
    return out.getvalue()


def test_all_entities_are_looked_through():
    make.a_person("ada-fell", name="Ada Fell")
    make.a_person("fell-ada", name="Ада Фелл")
    told = run()
    assert told.startswith("Looked through all entities in ")
    assert told.endswith(": 1 likely pair(s), 1 to answer.\n")


def test_since_last_looks_at_what_was_saved_since():
    make.a_person("ada-fell", name="Ada Fell")
    other = make.a_person("fell-ada", name="Ада Фелл")
    run()
    assert "0 changed record(s)" in run("--since-last")
    assert DuplicateCandidate.objects.count() == 1
    other.name = "Berta Ruff"
    other.save()
    assert "1 changed record(s)" in run("--since-last")
    assert not DuplicateCandidate.objects.exists()


def test_nothing_is_said_when_quiet(capsys):
    make.a_person("ada-fell", name="Ada Fell")
    assert run("--verbosity", "0") == ""
    assert capsys.readouterr() == ("", "")
