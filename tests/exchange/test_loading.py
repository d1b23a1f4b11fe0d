"""A register loads as a whole or not at all, and bad input is named by file, record and field."""

import errno
import gzip
import io
from contextlib import contextmanager

import pytest
import yaml
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from entities.models import Commitment, Entity, Organisation
from nato_support.db.disk_full_errors import is_disk_full
from nato_support.exchange import fixtures
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.row_checks import Unpublishable
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
    ("50_citations", {"field": "nature"}, {"as_stated": "fifty"}, "is not in the passage"),
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
    with pytest.raises(CommandError, match="not found in the document; the first words missing") as refused:
        load(folder)
    assert "41_quotes.yaml, record 1" in str(refused.value)
    assert nothing_is_there()


@pytest.mark.parametrize(("first", "last"), [(1, 0), (0, -2)])
def test_a_quote_that_cuts_a_word_is_refused(folder, first, last):
    [quote] = yaml.safe_load((folder / "41_quotes.yaml").read_text())
    start, end = quote["fields"]["start"] + first, quote["fields"]["end"] + last
    words = quote["fields"]["exact"]
    change(folder, "41_quotes", {}, exact=words[first : len(words) + last], start=start, end=end)
    with pytest.raises(CommandError, match="not found in the document; the first words missing"):
        load(folder)
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


def test_a_problem_is_placed_by_the_record_that_it_is_about_not_by_its_words(folder):
    paths = [folder / "20_organisations.yaml"]
    told = "has no supporting citation"
    found = fixtures.locate_problems(
        [Unpublishable("organisation", "arcadia", "", told), "organisation arcadia is a sentence"], paths
    )
    assert found == [
        "20_organisations.yaml, record 1: organisation arcadia has no supporting citation",
        "organisation arcadia is a sentence",
    ]


def give_keys(path, keys: dict) -> None:
    """Gives each record of a fixture whose model is one of `keys` the primary key that stands there."""
    records = yaml.safe_load(path.read_text())
    records = [record | ({"pk": keys[record["model"]]} if record["model"] in keys else {}) for record in records]
    path.write_text(yaml.safe_dump(records, allow_unicode=True))


@pytest.mark.parametrize("command", ["load_register", "loaddata"])
def test_primary_keys_are_refused_by_file_and_record_with_what_to_do(folder, command):
    give_keys(folder / "20_organisations.yaml", {"entities.entity": 1})
    paths = [folder] if command == "load_register" else [path for path in sorted(folder.iterdir()) if path.read_text() != "[]\n"]
    with pytest.raises(CommandError) as refused:
        load(*paths, command=command)
    assert "20_organisations.yaml, record 1 (entity arcadia): has the primary key 1" in str(refused.value)
    assert "Take the line pk out" in str(refused.value) and "natural key (slug)" in str(refused.value)
    # Each of them is named.
    assert str(refused.value).count("has the primary key 1") == 3
    assert nothing_is_there()


@pytest.mark.parametrize(("model", "file"), [("entities.organisation", "20_organisations"), ("sources.citation", "50_citations")])
def test_primary_keys_of_other_rows_are_refused_too(folder, model, file):
    give_keys(folder / f"{file}.yaml", {model: 77})
    with pytest.raises(CommandError, match=rf"{file}.yaml, record .*has the primary key 77"):
        load(folder)
    assert nothing_is_there()


def test_primary_keys_in_a_packed_fixture_are_refused(folder, tmp_path):
    give_keys(folder / "20_organisations.yaml", {"entities.entity": 1})
    packed = tmp_path / "20_organisations.yaml.gz"
    packed.write_bytes(gzip.compress((folder / "20_organisations.yaml").read_bytes()))
    with pytest.raises(CommandError, match="entity arcadia: has a primary key. Take it out"):
        load(packed, command="loaddata")
    assert nothing_is_there()


def test_fixtures_of_others_keep_their_keys(db, tmp_path):
    path = tmp_path / "users.json"
    path.write_text('[{"model": "auth.user", "pk": 7, "fields": {"username": "edith", "password": "x"}}]')
    load(path, command="loaddata")
    assert get_user_model().objects.get().pk == 7


@pytest.mark.parametrize(("name", "text"), [("deep.yaml", "[" * 20_000), ("deep.json", "[" * 200_000)])
def test_a_file_that_is_nested_too_deeply_is_named_in_one_line(folder, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(CommandError) as refused:
        load(path, command="loaddata")
    assert f"{name}: is nested too deeply" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 2


def test_a_deep_file_of_the_register_is_named(folder):
    (folder / "22_persons.yaml").write_text("[" * 20_000)
    with pytest.raises(CommandError, match="22_persons.yaml: is nested too deeply"):
        load(folder)
    assert nothing_is_there()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="bounds SQLite's file")
def test_a_full_disk_is_said_once_and_not_as_wrong_references(folder, sql):
    [(pages,)] = sql("PRAGMA page_count")
    sql(f"PRAGMA max_page_count = {pages}")
    try:
        with pytest.raises(CommandError) as refused:
            load(folder)
    finally:
        sql("PRAGMA max_page_count = 1073741823")
    assert str(refused.value) == "Nothing was loaded: the disk is full. Free some space and load again."


def test_a_full_disk_is_known_by_its_nature():
    assert is_disk_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_disk_full(OSError(errno.EACCES, "Permission denied"))
    assert not is_disk_full(ValueError("database or disk is full"))
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            raise DatabaseError("cannot rollback - no transaction is active")  # noqa: B904 - as Django does
    except DatabaseError as hidden:
        assert is_disk_full(hidden)


def test_a_full_disk_while_a_file_is_written_is_said_once(folder, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("nato_support.management.commands.loaddata.check_and_publish_loaded_rows", full)
    with pytest.raises(CommandError, match="^Nothing was loaded: the disk is full"):
        load(folder)
    assert nothing_is_there()


def test_a_full_disk_while_bad_input_is_diagnosed_is_no_fault_of_a_record(folder, monkeypatch):
    change(folder, "20_organisations", {"model": "entities.organisation", "entity": ["arcadia"]}, type="club")
    diagnose = fixtures.diagnose_fixtures

    def full(*args, **kwargs):
        raise DatabaseError("No space left.") from OSError(errno.ENOSPC, "No space left on device")

    def diagnose_on_a_full_disk(paths):
        monkeypatch.setattr("django.db.models.Model.save_base", full)
        return diagnose(paths)

    monkeypatch.setattr(fixtures, "diagnose_fixtures", diagnose_on_a_full_disk)
    with pytest.raises(CommandError, match="^Nothing was loaded: the disk is full"):
        load(folder)
    assert nothing_is_there()
