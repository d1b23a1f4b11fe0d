"""A register loads as a whole or not at all, and bad input is named by file, record and field."""

import io
from contextlib import contextmanager

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import transaction

from entities.models import Commitment, Entity, Organisation
from nato_support.exchange import fixtures
from nato_support.publishing.models.public_tables import Edition, Release
from sources.models import SourceDocument, SourceQuote

ROWS = (Entity, SourceDocument, SourceQuote, Release, Edition, *fixtures.CURATED_MODELS)


@contextmanager
def undone():
    """What happens inside leaves the database as it was."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def folder(db, request, tmp_path):
    """The invented world as fixtures, and an empty database."""
    with undone():
        request.getfixturevalue("public")
        fixtures.export_fixtures(tmp_path / "register")
    assert nothing_is_there()
    return tmp_path / "register"


def load(*arguments, command="load_register") -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


def editions() -> list:
    return sorted(Edition.objects.values_list("kind", "slug", "document", "evidence"))


def nothing_is_there() -> bool:
    return not any(model._default_manager.exists() for model in ROWS)


def change(folder, file: str, where: dict, **fields) -> None:
    """Sets fields of the one record of `file` that has the fields `where`; None takes a field away."""
    path = folder / f"{file}.yaml"
    records = yaml.safe_load(path.read_text())
    [record] = [r for r in records if where.items() <= (r["fields"] | {"model": r["model"]}).items()]
    record["fields"] |= fields
    path.write_text(yaml.safe_dump(records, allow_unicode=True))


def test_load_export_load_export_is_byte_for_byte_the_same(folder, tmp_path):
    load(folder)
    call_command("check_data", stdout=io.StringIO())
    fixtures.export_fixtures(tmp_path / "again")
    for path in sorted(folder.iterdir()):
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes()


def test_one_ordinary_loaddata_call_gives_what_load_register_gives(folder):
    with undone():
        load(folder)
        once = editions()
    load(*[path for path in sorted(folder.iterdir()) if path.read_text() != "[]\n"], command="loaddata")
    assert editions() == once
    assert len(once) == 11


def test_naming_only_some_of_the_fixtures_says_what_is_missing_and_leaves_nothing(folder):
    with pytest.raises(CommandError) as refused:
        load(folder / "10_relation_types.yaml", folder / "25_commitments.yaml", command="loaddata")
    assert "25_commitments.yaml, record 2 (commitment forty-kites): field committed_by: names [['arcadia']]" in str(refused.value)
    assert "Not named in this call: 20_organisations.yaml" in str(refused.value)
    assert nothing_is_there()


def test_leaving_out_the_evidence_says_that_it_is_missing(folder):
    with pytest.raises(CommandError) as refused:
        load(*[path for path in sorted(folder.iterdir()) if path.stem[:2] in ("10", "20")], command="loaddata")
    assert "organisation arcadia has no supporting citation" in str(refused.value)
    assert "50_citations.yaml" in str(refused.value)
    assert nothing_is_there()


KITES = {"model": "entities.entity", "slug": "forty-kites"}
BAD = [
    ("20_organisations", {"model": "entities.entity", "slug": "arcadia"}, {"status": "secret"}, "field status"),
    ("20_organisations", {"model": "entities.organisation", "entity": ["arcadia"]}, {"type": "club"}, "field type"),
    ("20_organisations", {"model": "entities.organisation", "entity": ["arcadia"]}, {"founded": "2024-13"}, "field founded"),
    ("20_organisations", {"model": "entities.organisation", "entity": ["arcadia"]}, {"country": "ZZ"}, "field country"),
    ("20_organisations", {"model": "entities.organisation", "entity": ["arcadia"]}, {"colour": "red"}, "field colour"),
    ("25_commitments", KITES, {"name": "x" * 301}, "field name"),
    ("25_commitments", KITES, {"name": "Forty\u202ekites"}, "field name"),
    ("25_commitments", KITES, {"name": "Forty\nkites"}, "field name"),
    ("25_commitments", KITES, {"kind": "person"}, "person"),
    ("25_commitments", {"model": "entities.commitment"}, {"beneficiary": ["nobody"]}, "field beneficiary"),
    ("24_events", {"model": "entities.event"}, {"start": "2025", "end": "2024"}, "cannot end before it starts"),
    ("30_relations", {"model": "entities.relation"}, {"object": ["arcadia"]}, "relation to itself"),
    ("30_relations", {"model": "entities.relation"}, {"object": ["ada-fell"]}, "may not join"),
    ("40_documents", {"model": "sources.sourcedocument"}, {"url": "javascript:alert(1)"}, "field url"),
    ("41_quotes", {"model": "sources.sourcequote"}, {"end": 7}, "number of characters"),
    ("50_citations", {"field": "nature"}, {"field": "colour"}, "field “colour” does not exist"),
    ("50_citations", {"field": "nature"}, {"value": "wish"}, "“wish” is none of"),
    ("50_citations", {"field": "nature"}, {"as_stated": "fifty"}, "does not stand in the passage"),
]


@pytest.mark.parametrize(
    ("file", "where", "fields", "complaint"), BAD, ids=[f"{b[0]}-{'-'.join(b[2])}-{n}" for n, b in enumerate(BAD)]
)
def test_bad_input_is_refused_by_file_record_and_field_and_nothing_stays(folder, file, where, fields, complaint):
    change(folder, file, where, **fields)
    with pytest.raises(CommandError) as refused:
        load(folder)
    assert f"{file}.yaml, record " in str(refused.value)
    assert complaint in str(refused.value)
    assert nothing_is_there()


def test_a_nul_is_refused(folder):
    path = folder / "25_commitments.yaml"
    path.write_text(path.read_text().replace("name: Forty Kites", r'name: "Forty\0kites"'))
    with pytest.raises(CommandError, match=r"25_commitments.yaml, record 1 .*field name"):
        load(folder)
    assert nothing_is_there()


@pytest.mark.parametrize(
    "text", ["- model: nothing.here\n  fields: {}\n", "just words\n", "- [", "- 7\n", "- model: entities.entity\n"]
)
def test_what_is_no_fixture_is_refused_with_its_name(folder, text):
    (folder / "22_persons.yaml").write_text(text)
    with pytest.raises(CommandError, match=r"22_persons.yaml"):
        load(folder)
    assert nothing_is_there()


def test_a_changed_letter_of_a_quote_is_refused(folder):
    change(folder, "41_quotes", {}, exact="We pledge ferty kites, no more and no less")
    with pytest.raises(CommandError, match="does not stand in the document; the first words that do not") as refused:
        load(folder)
    assert "41_quotes.yaml, record 1" in str(refused.value)
    assert nothing_is_there()


def test_a_register_in_use_is_not_overwritten_unless_told_so(folder):
    load(folder)
    Organisation.objects.filter(slug="arcadia").update(name="Arcadia as its editors call it")
    with pytest.raises(CommandError, match="holds a register already"):
        load(folder)
    assert Entity.objects.get(slug="arcadia").name == "Arcadia as its editors call it"
    load(folder, "--overwrite")
    assert Entity.objects.get(slug="arcadia").name == "Arcadia"


def test_a_folder_without_all_files_is_refused(folder):
    (folder / "41_quotes.yaml").unlink()
    with pytest.raises(CommandError, match="lacks 41_quotes.yaml"):
        load(folder)
    assert nothing_is_there()


def test_loading_begins_the_history_of_every_row(folder):
    load(folder)
    commitment = Commitment.objects.get()
    [first] = commitment.history.all()
    assert (first.name, first.history_change_reason) == ("Forty Kites", "loaded")
    assert [row.organisation.slug for row in first.committed_by.all()] == ["arcadia"]
    for model in fixtures.CURATED_MODELS:
        if hasattr(model._meta, "simple_history_manager_attribute"):
            assert model.history.count() == model._default_manager.count()


def test_fixtures_of_other_apps_load_as_ever(db, tmp_path):
    path = tmp_path / "users.yaml"
    path.write_text("- model: auth.user\n  fields: {username: robin}\n")
    load(path, command="loaddata")
    assert get_user_model().objects.get().username == "robin"
    assert not Release.objects.exists()
