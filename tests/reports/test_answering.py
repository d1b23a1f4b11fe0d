"""Editors read, answer and settle reports; a report itself changes nothing."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from entities.models import Commitment
from nato_support.exchange.fixtures import CURATED_MODELS
from nato_support.publishing.models import Edition, Notification
from nato_support.reports.models import ReaderReport, ReportStep

QUEUE = "/admin/reports/readerreport/"


def page_of(report) -> str:
    return f"{QUEUE}{report.pk}/change/"


def answer(desk, report, state="unchanged", words="Two quotes say <2024>.", steps=0):
    return desk.post(page_of(report), {"state": state, "answer": words, "steps": str(steps)})


@pytest.mark.parametrize(
    ("group", "reading", "answering"),
    [("", 403, 403), ("viewer", 403, 403), ("contributor", 200, 403), ("editor", 200, 302), ("administrator", 200, 302)],
)
def test_who_may_read_and_who_may_answer(report, desk_of, group, reading, answering):
    ReaderReport.objects.update(contact="the reader’s number")
    desk = desk_of(group)
    page = desk.get(page_of(report))
    assert [desk.get(QUEUE).status_code, page.status_code, answer(desk, report).status_code] == [reading, reading, answering]
    assert ("the reader’s number" in page.content.decode()) == (answering == 302)
    assert ReportStep.objects.count() == (answering == 302)


def test_an_answer_reaches_the_reader_with_who_gave_it_kept(reader, report, desk_of):
    desk = desk_of("editor")
    for steps, (state, words) in enumerate([("looking", ""), ("changed", "It was <b>wrong</b>."), ("unchanged", "It was not.")]):
        assert answer(desk, report, state, words, steps).status_code == 302
    text = reader.read(report.path).content.decode()
    assert "Settled: not changed" in text and "It was not." in text
    assert "of-editor" not in text and "It was &lt;b&gt;" not in text
    assert [(step.state, step.by.username) for step in report.steps.all()] == [
        ("looking", "of-editor"),
        ("changed", "of-editor"),
        ("unchanged", "of-editor"),
    ]
    steps = desk.get(page_of(report)).content.decode()
    assert "It was &lt;b&gt;wrong&lt;/b&gt;." in steps


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"state": "new"}, "Choose what becomes"),
        ({"state": "changed", "words": " \x00 "}, "Write the answer"),
        ({"words": "x" * 4_001}, "it may have 4,000"),
        ({"steps": 1}, "Somebody else"),
        ({"steps": "x"}, "Somebody else"),
        ({"state": "looking", "words": ""}, ""),
    ],
)
def test_a_step_that_is_refused(report, desk_of, values, told):
    response = answer(desk_of("editor"), report, **values)
    assert response.status_code == (409 if told else 302) and (not told or told in response.content.decode())
    report.refresh_from_db()
    assert report.state == ("new" if told else "looking")


def test_the_queue_leads_to_the_field_in_one_click(report, reader, desk_of):
    tents = Commitment.objects.get(slug="forty-tents")
    for field in ("measures.tents", "nature"):
        reader.send(f"/reports/new/commitments/forty-tents/1/?field={field}", problem="quote" if field == "nature" else "value")
    text = desk_of("editor").get(QUEUE).content.decode()
    form = f"/admin/entities/commitment/{tents.pk}/change/"
    assert all(f'href="{form}{place}"' in text for place in ("#id_due", "#measures", "#citations"))
    assert "December 2024" in text
    page = desk_of("editor").get(form).content.decode()
    assert 'id="id_due"' in page


def test_editors_are_notified_once_while_they_have_not_read(report, reader, desk_of):
    editor, contributor = desk_of("editor"), desk_of("contributor")
    reader.send()
    reader.send()
    [notification] = Notification.objects.filter(reason="report")
    home = editor.get("/admin/").content.decode()
    assert "A reader reported something about" in home and "Reports from readers" in home and f"{page_of(report)}" in home
    assert "A reader reported" not in contributor.get("/admin/").content.decode()
    leads_to = editor.get(f"/admin/notifications/{notification.pk}/").headers["Location"]
    assert leads_to == f"{QUEUE}?record=commitment/{notification.record}" and "3</span>" in editor.get(leads_to).content.decode()
    assert editor.get(f"{QUEUE}?record=commitment/0").content.decode().count("<h2>") == 0


def test_settling_the_last_report_on_a_record_closes_its_notifications(report, reader, desk_of):
    desk = desk_of("editor")
    reader.send()
    for row in ReaderReport.objects.all():
        assert Notification.objects.filter(reason="report", read_at=None).exists()
        answer(desk, row)
    assert not Notification.objects.filter(reason="report", read_at=None).exists()


def test_reports_on_kinds_that_one_may_not_see_are_not_shown(report, desk_of):
    desk = desk_of("editor")
    ReaderReport.objects.update(kind="event")
    Group.objects.get(name="editor").permissions.remove(*Permission.objects.filter(codename__in=["view_event", "change_event"]))
    assert "forty" not in desk.get(QUEUE).content.decode().lower() and desk.get(page_of(report)).status_code == 404


def test_a_report_changes_nothing_of_the_register(report, reader, desk_of, tmp_path):
    editions = list(Edition.objects.order_by("pk").values())
    pages = [reader.read(path).content for path in ("/commitments/forty-tents/", "/api/v1/commitments/forty-tents/")]
    answer(desk_of("editor"), report, "changed", "Hushed.")
    assert editions == list(Edition.objects.order_by("pk").values())
    assert pages == [reader.read(path).content for path in ("/commitments/forty-tents/", "/api/v1/commitments/forty-tents/")]
    call_command("export_register", str(tmp_path), verbosity=0)
    assert not {ReaderReport, ReportStep} & {*CURATED_MODELS}
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"year later" in path.read_bytes()]
