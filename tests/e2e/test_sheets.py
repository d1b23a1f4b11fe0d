"""An editor takes a filtered list into a spreadsheet and brings it back, while somebody else works on the same records."""

import csv
import io

import pytest
from django.urls import reverse

from entities.models import Change, Commitment
from entities.vocabulary import Action
from tests import world as make

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.STATE_DIR = tmp_path


def exported(page) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.get_by_role("group", name="Spreadsheets").get_by_role("link", name="CSV", exact=True).click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def give(page, rows: list[dict[str, str]]):
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    file = {"name": "pledges.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    page.locator("input[type=file]").set_input_files([file])
    page.get_by_role("button", name="Check", exact=True).click()
    page.get_by_role("navigation", name="Rows").wait_for()


def test_a_list_goes_out_and_comes_back_while_another_person_saves(at_work):
    for slug in ("forty-kites", "ten-kites", "all-kites"):
        make.a_commitment(slug)
    make.a_commitment("a-plan", nature="plan")
    before = list(Commitment.objects.order_by("pk").values("name", "summary"))
    anna, ben = at_work("anna", "editor"), at_work("ben", "contributor")
    anna.goto(reverse("admin:entities_commitment_changelist") + "?nature__exact=pledge")
    rows = {row["slug"]: row for row in exported(anna)}
    assert set(rows) == {"forty-kites", "ten-kites", "all-kites"}

    kites = Commitment.objects.get(slug="forty-kites")
    ben.goto(reverse("admin:entities_commitment_change", args=[kites.pk]))
    ben.get_by_label("Name", exact=False).first.fill("Forty-one kites")
    ben.get_by_role("button", name="Save", exact=True).click()
    ben.wait_for_url(lambda url: "change" not in url)

    rows["forty-kites"]["name"] = "Forty-two kites"
    rows["ten-kites"]["summary"] = "-10 kites"
    anna.get_by_role("link", name="Import").click()
    give(anna, list(rows.values()))
    anna.get_by_text("Nothing can be imported while 1 row is refused.").wait_for()
    assert "ben changed this since version 1: name is now “Forty-one kites”" in anna.get_by_role("main").first.inner_text()
    assert anna.get_by_role("button", name="Import 1 row").count() == 0

    rows["forty-kites"]["version"] = "2"
    give(anna, list(rows.values()))
    shown = anna.locator(".sheet-lines").inner_text()
    assert "Forty-one kites" in shown and "Forty-two kites" in shown and "-10 kites" in shown
    anna.get_by_label("Reason for change").fill("As counted")
    anna.get_by_role("button", name="Import 2 rows").click()
    anna.get_by_text("2 rows imported: 0 new, 2 changed.").wait_for()
    assert list(Commitment.objects.order_by("pk").values_list("name", "summary"))[:2] == [
        ("Forty-two kites", ""),
        (before[1]["name"], "-10 kites"),
    ]
    change = Change.objects.get(action=Action.IMPORT)
    assert (change.reason, change.by.username, Commitment.history.filter(change=change).count()) == ("As counted", "anna", 2)

    # One import is one change, and one undo.
    anna.goto(reverse("admin:entities_commitment_history", args=[kites.pk]))
    anna.get_by_text("As counted").first.wait_for()
    anna.goto(reverse("admin:entities_commitment_undo", args=[kites.pk, change.pk]))
    anna.get_by_role("button", name="Undo in all 2 records").click()
    anna.wait_for_url(lambda url: "undo" not in url)
    assert list(Commitment.objects.order_by("pk").values_list("name", "summary"))[:2] == [
        ("Forty-one kites", ""),
        (before[1]["name"], ""),
    ]


def test_the_preview_of_a_long_file_moves_on_by_itself_and_with_keys_alone(at_work, monkeypatch):
    from nato_support.exchange.spreadsheets import import_planning, pending_uploads

    monkeypatch.setattr(import_planning, "ROWS_PER_BATCH", 2)
    monkeypatch.setattr(pending_uploads.PendingUpload.plan_next_batches, "__defaults__", (0.0,))
    page = at_work("anna", "contributor")
    page.goto(reverse("admin:entities_organisation_import"))
    rows = "\n".join(["slug,name,type", *(f"b{n},B {n},state" for n in range(9))])
    page.locator("input[type=file]").set_input_files([{"name": "b.csv", "mimeType": "text/csv", "buffer": rows.encode()}])
    page.get_by_role("button", name="Check", exact=True).press("Enter")
    page.get_by_role("button", name="Import 9 rows").press("Enter")
    page.get_by_text("9 rows imported: 9 new, 0 changed.").wait_for()
