"""The bar above the lists and the pages of the import: what goes out, who may, what is shown and what is written."""

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from entities.models import Change, Commitment, Organisation
from entities.vocabulary import Action
from nato_support.exchange.spreadsheets import import_planning, pending_uploads
from nato_support.exchange.spreadsheets.sheets_and_columns import RECORD_SHEETS
from nato_support.roles import ensure_groups
from sources.models import SourceDocument
from tests import world as make
from tests.desk.conftest import page


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.STATE_DIR = tmp_path
    return tmp_path / "uploads"


def address(name: str, *args, model="entities_organisation") -> str:
    return reverse(f"admin:{model}_{name}", args=args)


def taken(response) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def rows_of(response) -> list[dict[str, str]]:
    text = taken(response).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exported(browser, model="entities_organisation", **query) -> list[dict[str, str]]:
    return rows_of(browser.get(address("sheet", "csv", model=model), query))


def csv_of(*rows) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def give(browser, data: bytes, name="rows.csv", model="entities_organisation"):
    return browser.post(address("import", model=model), {"file": SimpleUploadedFile(name, data)})


def look(browser, data: bytes, **options):
    """The preview of a file."""
    answer = give(browser, data, **options)
    assert answer.status_code == 302, answer.context["errors"]
    preview = browser.get(answer["Location"])
    while "upload" in preview.context and not preview.context["upload"].ready:
        browser.post(answer["Location"] + "check/")
        preview = browser.get(answer["Location"])
    return preview


def confirm(browser, preview, reason=""):
    return browser.post(preview.request["PATH_INFO"] + "write/", {"digest": preview.context["digest"], "reason": reason})


def told(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def as_one(group: str, name="") -> Client:
    user = User.objects.create_user(name or f"a-{group}", is_staff=True)
    user.groups.add(ensure_groups()[group])
    client = Client()
    client.force_login(user)
    return client


# Out


def test_what_goes_out_is_what_the_list_shows_on_all_its_pages(desk, db, monkeypatch):
    from nato_support.desk.organisation import OrganisationAdmin

    monkeypatch.setattr(OrganisationAdmin, "list_per_page", 3)
    for n in range(8):
        make.an_organisation(f"state-{n}", country="PL" if n % 2 else "UA", name=f"State {8 - n}")
    query = {"country": "PL", "q": "state", "o": "1"}
    listed = desk.get(page(Organisation, "changelist"), query)
    links = {label: link for label, _, link in listed.context["sheet_bar"]["exports"]}
    assert "country=PL" in links["CSV"] and "o=1" in links["CSV"]
    assert [row["slug"] for row in rows_of(desk.get(links["CSV"]))] == ["state-7", "state-5", "state-3", "state-1"]
    assert [row.slug for row in listed.context["cl"].result_list] == ["state-7", "state-5", "state-3"]


def test_a_workbook_holds_the_parts_of_what_is_listed_alone(desk, kites, arcadia):
    make.a_measure(kites)
    other = make.a_commitment("other", nature="plan")
    make.a_measure(other, as_stated="five kites", value=5)
    response = desk.get(address("sheet", "xlsx", model="entities_commitment"), {"nature__exact": "pledge"})
    book = load_workbook(io.BytesIO(taken(response)))
    assert book.sheetnames == ["commitments", "names", "identifiers", "milestones", "measures", "about"]
    assert [row[0] for row in book["measures"].iter_rows(min_row=2, values_only=True)] == ["forty-kites"]
    assert "attachment" in response["Content-Disposition"] and ".xlsx" in response["Content-Disposition"]


def test_a_filter_that_is_none_leads_back_to_the_list(desk, arcadia):
    assert desk.get(address("sheet", "csv"), {"nonsense": "1"})["Location"].endswith("?e=1")
    assert desk.get(address("sheet", "pdf")).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_asks_as_often_for_many_rows_as_for_few(desk, db, kind):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            taken(desk.get(address("sheet", kind)))
        return len(queries)

    make.an_organisation("first")
    asked()
    few = asked()
    for n in range(40):
        make.a_measure(make.an_organisation(f"state-{n}"))
    assert asked() <= few


@pytest.mark.parametrize("sheet", RECORD_SHEETS, ids=lambda sheet: sheet.name)
def test_every_list_of_records_has_its_bar(desk, world, sheet):
    listed = desk.get(page(sheet.model, "changelist"))
    assert 'aria-label="Spreadsheets"' in listed.text
    for _, _, link in listed.context["sheet_bar"]["exports"]:
        assert len(taken(desk.get(link))) > 100
    assert desk.get(listed.context["sheet_bar"]["import"]).status_code == 200


def test_other_lists_have_none(desk, db):
    assert "sheet-bar" not in desk.get(reverse("admin:publishing_edition_changelist")).text


# Rights


def test_a_viewer_exports_and_does_not_import(world, uploads):
    viewer = as_one("viewer")
    listed = viewer.get(page(Organisation, "changelist"))
    assert listed.context["sheet_bar"]["import"] == ""
    assert len(exported(viewer)) == 3
    contributor = as_one("contributor")
    preview = look(contributor, csv_of({"slug": "b", "name": "B", "type": "state"}))
    base = preview.request["PATH_INFO"]
    assert viewer.get(address("import")).status_code == 403
    assert give(viewer, b"slug,name\n").status_code == 403
    for name in ("", "progress/", "problems/"):
        assert viewer.get(base + name).status_code == 403
    for name in ("write/", "check/", "discard/"):
        assert viewer.post(base + name).status_code == 403
    nobody = Client()
    assert nobody.get(address("sheet", "csv")).status_code == 302


@pytest.mark.parametrize("sheet", RECORD_SHEETS, ids=lambda sheet: sheet.name)
def test_who_may_not_see_a_list_does_not_export_it(db, sheet):
    client = Client()
    client.force_login(User.objects.create_user("nobody", is_staff=True))
    name = f"{sheet.model._meta.app_label}_{sheet.model._meta.model_name}"
    assert client.get(address("sheet", "xlsx", model=name)).status_code == 403


def test_an_export_of_a_viewer_holds_no_private_text(world):
    viewer = as_one("viewer")
    for kind in ("csv", "xlsx", "zip"):
        assert b"Harbourton" not in taken(viewer.get(address("sheet", kind, model="sources_sourcedocument")))
    (row,) = exported(viewer, "sources_sourcedocument")
    assert {"text", "fingerprint"}.isdisjoint(row) and "Harbourton" not in str(row)
    narrowed = viewer.get(address("sheet", "csv", model="sources_sourcedocument"), {"text__startswith": "V"})
    assert narrowed.status_code in (302, 400, 403)


def test_a_sheet_of_parts_needs_its_own_right(db, arcadia):
    """Somebody who may change organisations and not their names imports the one and not the other."""
    from django.contrib.auth.models import Permission

    user = User.objects.create_user("half", is_staff=True)
    names = [f"{verb}_organisation" for verb in ("view", "add", "change")]
    user.user_permissions.add(*Permission.objects.filter(codename__in=names))
    client = Client()
    client.force_login(user)
    assert give(client, csv_of({"slug": "b", "name": "B", "type": "state"})).status_code == 302
    assert give(client, csv_of({"record": "arcadia", "text": "Arkady"}), name="names.csv").status_code == 403
    book = load_workbook(io.BytesIO(taken(client.get(address("sheet", "xlsx")))))
    assert book.sheetnames == ["organisations", "about"]


def test_an_upload_is_one_s_own(arcadia, uploads):
    anna, ben = as_one("contributor", "anna"), as_one("contributor", "ben")
    preview = look(anna, csv_of({"slug": "b", "name": "B", "type": "state"}))
    base = preview.request["PATH_INFO"]
    assert ben.get(base).status_code == 404
    assert ben.post(base + "write/", {"digest": preview.context["digest"]}).status_code == 404
    other_session = Client()
    other_session.force_login(User.objects.get(username="anna"))
    assert other_session.get(base).status_code == 404
    assert anna.get(address("import_preview", "A" * 22)).status_code == 404
    assert anna.get(base.replace("organisation", "person")).status_code == 404
    (folder,) = uploads.iterdir()
    assert oct(uploads.stat().st_mode)[-3:] == oct(folder.stat().st_mode)[-3:] == "700"


def test_uploads_are_few_and_do_not_stay(desk, db, uploads):
    for n in range(5):
        look(desk, csv_of({"slug": f"b{n}", "name": "B", "type": "state"}))
    assert len(list(uploads.iterdir())) == pending_uploads.MAX_UPLOADS_PER_USER
    preview = look(desk, csv_of({"slug": "c", "name": "C", "type": "state"}))
    for folder in uploads.iterdir():
        os.utime(folder, (0, time.time() - pending_uploads.MAX_AGE_SECONDS - 1))
    assert desk.get(preview.request["PATH_INFO"]).status_code == 404
    preview = look(desk, csv_of({"slug": "d", "name": "D", "type": "state"}))
    assert len(list(uploads.iterdir())) == 1
    desk.post(preview.request["PATH_INFO"] + "discard/")
    assert list(uploads.iterdir()) == []


def test_a_link_writes_checks_and_discards_nothing(desk, db, uploads):
    base = look(desk, csv_of({"slug": "b", "name": "B", "type": "state"})).request["PATH_INFO"]
    for name in ("write/", "check/", "discard/"):
        assert desk.get(base + name).status_code == 404
    assert desk.get(base).status_code == 200 and not Organisation.objects.exists()


def test_the_reasons_are_given_out_once_every_row_has_been_checked(desk, db, uploads):
    base = look(desk, csv_of({"slug": "b", "name": "B", "type": "state"})).request["PATH_INFO"]
    assert b"slug,name,type" in taken(desk.get(base + "problems/"))
    for planned in uploads.glob("*/lines-*.json"):
        planned.unlink()
    assert desk.get(base + "problems/").status_code == 404


def test_only_a_post_with_its_token_changes_anything(arcadia):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("zelda"))
    assert give(client, b"slug,name\n").status_code == 403
    assert client.get(address("import_write", "A" * 22)).status_code == 404


# In


def test_from_the_list_into_a_spreadsheet_and_back(desk, arcadia, ruritania, uploads):
    rows = exported(desk)
    rows[0]["summary"] = "<b>A state.</b>"
    rows.append({"slug": "borduria", "name": "<i>Borduria</i>", "type": "state"})
    preview = look(desk, csv_of(*rows))
    assert [(name, count) for name, _, count in preview.context["tabs"]] == [
        ("new", 1),
        ("changed", 1),
        ("unchanged", 1),
        ("refused", 0),
    ]
    assert "&lt;b&gt;A state.&lt;/b&gt;" in preview.text and "<b>A state." not in preview.text
    new = desk.get(preview.request["PATH_INFO"], {"show": "new"})
    assert "&lt;i&gt;Borduria&lt;/i&gt;" in new.text and "<i>Bord" not in new.text
    assert not Organisation.objects.filter(slug="borduria").exists()

    done = confirm(desk, preview, reason="From the\u200e almanac")
    assert done["Location"] == page(Organisation, "changelist")
    assert "2 rows imported: 1 new, 1 changed." in told(done)
    change = Change.objects.get()
    assert (change.action, change.reason, change.by.username) == (Action.IMPORT, "From the almanac", "zelda")
    assert set(Organisation.history.filter(change=change).values_list("slug", "history_user__username")) == {
        ("borduria", "zelda"),
        (rows[0]["slug"], "zelda"),
    }
    assert list(uploads.iterdir()) == []
    again = look(desk, csv_of(*rows))
    assert "There is nothing to import" in again.text


def test_what_was_not_taken_in_is_said_even_of_a_row_that_changes_nothing(desk, arcadia):
    preview = look(desk, csv_of(exported(desk)[0] | {"status": "published"}))
    assert ("noted", "With notes", 1) in preview.context["tabs"]
    noted = desk.get(preview.request["PATH_INFO"], {"show": "noted"})
    assert "Status: read-only, so the change was ignored; it stays draft." in noted.text


def test_a_conflict_is_shown_and_nothing_is_written_until_it_is_settled(desk, arcadia, ruritania):
    rows = {row["slug"]: row for row in exported(desk)}
    as_one("editor", "anna").post(page(arcadia, "change"), _changed(desk, arcadia, name="Arcadia Felix"))
    arcadia.refresh_from_db()
    assert arcadia.name == "Arcadia Felix"
    rows["arcadia"]["name"] = "Arcadia the Fair"
    rows["ruritania"]["summary"] = "A state."
    preview = look(desk, csv_of(*rows.values()))
    assert preview.context["chosen"] == "refused"
    assert "anna changed this since version 1: name is now “Arcadia Felix”" in preview.text
    assert "Nothing can be imported while 1 row is refused" in preview.text and "write/" not in preview.text
    assert "Nothing was imported" in told(confirm(desk, preview))
    ruritania.refresh_from_db()
    assert ruritania.summary == ""

    problems = desk.get(preview.request["PATH_INFO"] + "problems/")
    back = rows_of(problems)
    assert "Arcadia Felix" in next(row for row in back if row["slug"] == "arcadia")["#problems"]
    for row in back:
        row["version"] = "2" if row["slug"] == "arcadia" else row["version"]
    done = confirm(desk, look(desk, csv_of(*back)))
    assert "2 rows imported" in told(done)
    arcadia.refresh_from_db()
    assert (arcadia.name, arcadia.version) == ("Arcadia the Fair", 3)


def _changed(browser, record, **fields) -> dict:
    from tests.desk.conftest import shown_form

    return shown_form(browser, page(record, "change")) | fields


def test_what_is_confirmed_is_what_was_seen(desk, arcadia):
    preview = look(desk, csv_of(exported(desk)[0] | {"name": "Arcadia the Fair"}))
    stale = desk.post(preview.request["PATH_INFO"] + "write/", {"digest": "0" * 64})
    assert "preview has changed" in told(stale)
    arcadia.summary = "A state."
    arcadia.save()
    moved = confirm(desk, preview)
    assert "Nothing was imported: somebody saved one of these rows in the meantime" in told(moved)
    arcadia.refresh_from_db()
    assert arcadia.name == "Arcadia"
    # Looked over again, what the other saved is kept beside it.
    while not (again := desk.get(preview.request["PATH_INFO"])).context["upload"].ready:
        desk.post(preview.request["PATH_INFO"] + "check/")
    assert again.context["digest"] != preview.context["digest"]
    assert "that is kept" in again.text
    confirm(desk, again)
    arcadia.refresh_from_db()
    assert (arcadia.name, arcadia.summary) == ("Arcadia the Fair", "A state.")


def test_a_button_pressed_twice_writes_once(desk, db, uploads):
    preview = look(desk, csv_of({"slug": "b", "name": "B", "type": "state"}))
    first = pending_uploads.PendingUpload(next(uploads.iterdir()))
    assert first.claim_writing()
    assert "already being imported" in told(confirm(desk, preview))
    assert not Organisation.objects.exists()
    first.release_claim()


CRASH = """
import os, pathlib, signal, sys, django
django.setup()
from nato_support.exchange.spreadsheets import pending_uploads
upload = pending_uploads.PendingUpload(pathlib.Path(sys.argv[1]))
assert upload.claim_writing()
upload.write_progress(7)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_import_whose_process_was_killed_is_written_when_it_is_confirmed_again(desk, db, uploads):
    preview = look(desk, csv_of({"slug": "b", "name": "B", "type": "state"}))
    killed = subprocess.run([sys.executable, "-c", CRASH, str(next(uploads.iterdir()))])
    assert killed.returncode == -signal.SIGKILL
    confirm(desk, preview)
    assert Organisation.objects.count() == 1 and not list(uploads.iterdir())


def test_a_long_file_is_looked_over_in_pieces(desk, arcadia, monkeypatch):
    """Each request looks at some; the page says how far it is, and may be left and come back to."""
    monkeypatch.setattr(import_planning, "ROWS_PER_BATCH", 2)
    monkeypatch.setattr(pending_uploads.PendingUpload.plan_next_batches, "__defaults__", (0.0,))
    rows = [{"slug": f"b{n}", "name": "B", "type": "state"} for n in range(6)]
    there = give(desk, csv_of(*rows))["Location"]
    first = desk.get(there)
    assert "Checking 6 rows" in first.text and 'max="3" value="1"' in first.text
    answer = desk.post(there + "check/", headers={"accept": "application/json"})
    assert answer.json() == {"done": 2, "of": 3}
    assert desk.post(there + "check/")["Location"] == there
    assert desk.get(there).context["writes"] == 6
    assert desk.get(there + "progress/").json() == {"done": 0}


def test_progress_is_told_while_rows_are_written(desk, db, uploads, monkeypatch):
    heard = []
    monkeypatch.setattr(pending_uploads.PendingUpload, "write_progress", lambda self, done: heard.append(done))
    confirm(desk, look(desk, csv_of(*({"slug": f"b{n}", "name": "B", "type": "state"} for n in range(120)))))
    assert heard == [50, 100, 120]


@pytest.mark.parametrize(
    ("data", "status", "says"),
    [
        (b"", 400, "Choose a file first|submitted file is empty|is empty"),
        (b"slug,nmae\na,b\n", 400, "“nmae” is no column here. Did you mean name"),
        (b"x" * 10_000_001, 413, "limit is 10,000,000|larger than"),
        (b"x" * 11_000_000, 413, "larger than 10,000,000 bytes"),
    ],
)
def test_a_file_that_is_not_taken_is_answered_with_what_to_do(desk, db, data, status, says, uploads):
    response = give(desk, data)
    assert response.status_code == status
    assert any(words in response.text for words in says.split("|"))
    assert not uploads.exists() or not list(uploads.iterdir())
    assert desk.post(address("import")).status_code == 400


def test_the_preview_of_many_rows_asks_little(desk, db):
    def asked(count):
        rows = [
            {"slug": f"c{n}", "name": "C", "nature": "pledge", "category": "equipment", "beneficiary": "ruritania"}
            for n in range(count)
        ]
        for row in rows:
            if not Commitment.objects.filter(slug=row["slug"]).exists():
                make.a_commitment(row["slug"])
        versions = {row["slug"]: row["version"] for row in exported(desk, "entities_commitment")}
        rows = [row | {"version": versions[row["slug"]]} for row in rows]
        preview = look(desk, csv_of(*rows), model="entities_commitment")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(preview.request["PATH_INFO"]).context["chosen"] == "changed"
        return len(queries)

    make.an_organisation("ruritania")
    asked(3)
    assert asked(45) <= asked(3) + 1


def test_documents_are_imported_without_their_text(desk, world):
    (row,) = exported(desk, "sources_sourcedocument")
    preview = look(desk, csv_of(row | {"title": "Kites"}), model="sources_sourcedocument")
    before = SourceDocument.objects.get().text
    confirm(desk, preview)
    document = SourceDocument.objects.get()
    assert (document.title, document.text) == ("Kites", before)


def test_what_waits_holds_no_way_into_a_session(desk, db, uploads):
    look(desk, csv_of({"slug": "b", "name": "B", "type": "state"}))
    (folder,) = uploads.iterdir()
    about = json.loads((folder / "about.json").read_text())
    assert desk.session.session_key not in json.dumps(about)


def test_a_list_of_documents_answers_a_file_that_is_too_large_with_its_own_page(desk, db):
    """Documents take large texts, too, and have another page for these."""
    response = desk.post(
        reverse("admin:sources_sourcedocument_import"),
        b"x",
        content_type="multipart/form-data; boundary=x",
        headers={"content-length": "99999999"},
    )
    assert response.status_code == 413 and "larger than 10,000,000 bytes" in response.text
