"""A reader reports a fact: without account, cookie or script, bounded, and whatever is typed."""

import re
from datetime import timedelta
from io import StringIO
from urllib.parse import quote

import pytest
from django.core import signing
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from entities import merging
from entities.merging import SURVIVOR
from entities.models import Commitment
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import publish, withdraw
from nato_support.reports import form_tokens, sending_limits
from nato_support.reports.models import ReaderReport, SentReport
from tests import world as make
from tests.invented import publish_cited
from tests.reports.conftest import FORM

WHOLE = "/reports/new/commitments/forty-tents/1/"


def test_every_fact_of_a_page_has_a_form_that_shows_it(reader):
    for path in ("/commitments/forty-tents/", "/organisations/kite-league/", "/documents/herald-2024-07-10/"):
        text = reader.read(path).content.decode()
        forms = re.findall(r'href="(/reports/new/[^"]+)"', text)
        assert len(forms) == len(set(forms)) >= text.count('<div class="fact"') + 1
        for form in forms:
            assert reader.read(form).status_code == 200, form


def test_a_form_shows_the_fact_with_its_quotes_as_published(reader):
    text = reader.read(FORM).content.decode()
    for words in ("Forty Tents", "December 2024", "edition 1", "<blockquote", "Not required, and never published"):
        assert words in text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/reports/new/commitments/nowhere/1/", 404),
        ("/reports/new/commitments/forty-tents/99/", 404),
        ("/reports/new/kittens/forty-tents/1/", 404),
        ("/reports/new/entities/forty-tents/1/", 404),
        (f"{WHOLE}?field=colour", 404),
        (f"{WHOLE}?field=measures.", 404),
        (f"{WHOLE}?field={'x' * 9000}", 404),
        (f"{WHOLE}?field=%00", 404),
        ("/reports/new/commitments/forty-tents/0/", 404),
        ("/reports/wrong/", 404),
        (f"/reports/{'a' * 32}/", 404),
        ("/reports/%F0%9F%AA%81%00/", 404),
    ],
)
def test_what_is_not_public_has_no_form_and_a_wrong_address_no_report(reader, report, address, status):
    response = reader.read(address)
    assert (response.status_code, response.headers["Cache-Control"]) == (status, "no-store")


def test_wrong_addresses_are_all_answered_alike(reader, report):
    bodies = set()
    for token in ("x", "a" * 32, report.path.split("/")[2][:-1], "é"):
        # The switch of languages names the address that was asked for.
        bodies.add(reader.read(f"/reports/{token}/").content.replace(f"/reports/{quote(token)}/".encode(), b""))
    assert len(bodies) == 1


def test_a_withdrawn_record_is_gone_for_readers_too(reader, report):
    withdraw([Commitment.objects.get(slug="forty-tents")])
    assert reader.read(FORM).status_code == 410
    text = reader.read(report.path).content.decode()
    assert "no longer public" in text and "Forty Tents" not in text and "December 2024" not in text
    assert "It is due a year later." in text


def test_the_reader_gets_an_address_that_nobody_keeps(reader, report):
    response = reader.read(report.path)
    text = response.content.decode()
    for words in ("It is due a year later.", "https://example.org/tents", "New", "December 2024"):
        assert words in text
    assert "record has been changed since" not in text
    for name, value in {
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex, nofollow",
    }.items():
        assert response.headers[name] == value
    assert not reader.client.cookies and "canonical" not in text
    assert report.path.split("/")[2] not in str(ReaderReport.objects.values())
    assert "Disallow: /reports/" in reader.read("/robots.txt").content.decode()


def test_the_address_says_that_the_record_was_changed_since(reader, report):
    tents = Commitment.objects.get(slug="forty-tents")
    tents.summary = "Forty tents, in two parts."
    tents.save()
    publish([tents])
    text = reader.read(report.path).content.decode()
    assert "has been changed since" in text and 'href="/commitments/forty-tents/"' in text and "December 2024" in text


def test_the_address_leads_to_the_record_that_it_was_merged_into(reader, detailed):
    republic, state = make.an_organisation("arcadian-republic"), make.an_organisation("kite-state")
    publish_cited(detailed.quote, republic, state)
    path = reader.send("/reports/new/organisations/arcadian-republic/1/").headers["Location"]
    assert "Arcadian Republic" in reader.read(path).content.decode()
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    digest = merging.plan_merge(republic, state, choices).digest
    merge_and_publish(republic, state, choices, expected_digest=digest, confirmed=True)
    assert 'href="/organisations/kite-state/"' in reader.read(path).content.decode()


def test_an_edition_of_a_register_published_anew_is_another(reader, report, desk_of):
    ReaderReport.objects.update(release=report.release - 1)
    text = reader.read(report.path).content.decode()
    assert "December 2024" not in text and "has been changed since" in text
    text = desk_of("editor").get("/admin/reports/readerreport/").content.decode()
    assert "December 2024" not in text and "Changed since" in text


KEPT = "Kept: &lt;script&gt;"
REFUSED = {
    "nothing chosen": ({"problem": ""}, 400, "This field is required"),
    "no such problem": ({"problem": "kite"}, 400, "Select a valid choice"),
    "nothing said": ({"text": "", "source_url": ""}, 400, "Write what is wrong"),
    "too long": ({"text": "Kept: <script>" + "x" * 4_000}, 400, "at most 4000 characters"),
    "no web address": ({"source_url": "nato"}, 400, "This is no web address"),
    "a script": ({"source_url": "javascript:alert(1)"}, 400, "This is no web address"),
    "a file": ({"source_url": "file:///etc/passwd"}, 400, "This is no web address"),
    "a broken host": ({"source_url": "https://[::1/x"}, 400, "This is no web address"),
    "no port": ({"source_url": "https://example.org:port/"}, 400, "This is no web address"),
    "a name before the host": ({"source_url": "https://nato.int@example.org/"}, 400, "before the @"),
    "a long address": ({"source_url": "https://example.org/" + "x" * 1_000}, 400, "at most 1000 characters"),
    "a long contact": ({"contact": "x" * 300}, 400, "at most 200 characters"),
    "a program": ({"website": "https://example.org"}, 400, "Empty this field"),
    "no token": ({"token": ""}, 400, "open for too long"),
    "a forged token": ({"token": "x:y:z"}, 400, "open for too long"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_keeps_the_readers_text(reader, name):
    words, status, told = REFUSED[name]
    response = reader.send(**{"text": "Kept: <script>"} | words)
    text = response.content.decode()
    assert (response.status_code, told in text) == (status, True), text
    assert KEPT in text or words.get("text") == ""
    assert "<script>" not in text.split("<main")[1] and not ReaderReport.objects.exists()


TAKEN = {
    "controls": ({"text": "\x00Zero\x07 \u202eevil\u202c\r\nline"}, {"text": "Zero evil\nline"}),
    "homographs": ({"source_url": "https://n\u0430to.int/\u0430"}, {"source_url": "https://xn--nto-6cd.int/\u0430"}),
    "lines in a line": ({"contact": "me\n\u2028@example.org"}, {"contact": "me @example.org"}),
    "markup": ({"text": "<b onclick=x>{{ 7 }}"}, {"text": "<b onclick=x>{{ 7 }}"}),
    "as long as can be": ({"text": "я" * 4_000}, {"text": "я" * 4_000}),
    "a source alone": ({"problem": "source", "text": ""}, {"text": "", "source_url": "https://example.org/tents"}),
}


@pytest.mark.parametrize("name", TAKEN)
def test_whatever_is_typed_is_kept_as_text(reader, name):
    words, kept = TAKEN[name]
    response = reader.send(**words)
    assert response.status_code == 303, response.content.decode()
    [report] = ReaderReport.objects.all()
    assert {field: getattr(report, field) for field in kept} == kept
    text = reader.read(response.headers["Location"]).content.decode().split("<main")[1]
    assert "<b " not in text and "\u202e" not in text


def test_a_form_that_is_sent_twice_makes_one_report(reader, settings):
    settings.REPORT_RATE = "1/day"
    token = reader.open()
    first, second = reader.send(token=token), reader.send(token=token, text="Again.")
    assert first.headers["Location"] == second.headers["Location"]
    assert ReaderReport.objects.count() == 1


@pytest.mark.parametrize(
    ("age", "seconds", "told"), [(1, 3, "very quick"), (form_tokens.FORM_EXPIRES_AFTER + 1, 3, "open for too long")]
)
def test_a_form_is_sent_neither_at_once_nor_a_day_later(reader, settings, monkeypatch, age, seconds, told):
    settings.REPORT_SECONDS = seconds
    token = reader.open()
    now = form_tokens.time.time()
    monkeypatch.setattr(form_tokens.time, "time", lambda: now + age)
    response = reader.send(token=token)
    text = response.content.decode()
    assert response.status_code == 400 and told in text and "It is due a year later." in text
    again = re.search(r'name="token" value="([^"]+)"', text)[1]
    monkeypatch.setattr(form_tokens.time, "time", lambda: now + age + seconds)
    assert reader.send(token=again).status_code == 303


def test_a_token_is_good_for_its_own_fact_alone(reader):
    assert reader.send(WHOLE, token=reader.open()).status_code == 400
    assert reader.send(token=signing.dumps(["x"], salt="nato_support.reports.form")).status_code == 400


@pytest.mark.parametrize(
    "headers", [{"origin": "https://elsewhere.example"}, {"origin": "null"}, {"sec-fetch-site": "cross-site"}]
)
def test_another_site_cannot_send_a_form(reader, headers):
    response = reader.send(headers=headers)
    assert response.status_code == 403 and not ReaderReport.objects.exists()


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_nothing_else_is_done_there(reader, report, method):
    for address in (FORM, report.path):
        assert getattr(reader.client, method)(address).status_code == 405
    assert reader.client.post(report.path).status_code == 405


@pytest.mark.parametrize(
    ("limits", "senders", "statuses"),
    [
        ({"REPORT_RATE": "2/hour"}, ["198.51.100.7"] * 3, [303, 303, 429]),
        ({"REPORT_RATE": "1/hour"}, ["198.51.100.7", "198.51.100.8", "2001:db8::1", "2001:db8::2"], [303, 303, 303, 429]),
        ({"REPORT_RATE": "off", "REPORT_TOTAL_RATE": "2/hour"}, ["198.51.100.7", "198.51.100.8", "127.0.0.1"], [303, 303, 429]),
        ({"REPORT_RATE": "1/hour"}, ["127.0.0.1"] * 2, [303, 303]),
        ({"REPORT_RATE": "off", "REPORT_TOTAL_RATE": "off"}, ["198.51.100.7"] * 3, [303, 303, 303]),
    ],
)
def test_so_many_are_taken(reader, settings, limits, senders, statuses):
    for name, value in limits.items():
        setattr(settings, name, value)
    answers = []
    for sender in senders:
        reader.client.defaults["REMOTE_ADDR"] = sender
        answers.append(reader.send())
    assert [answer.status_code for answer in answers] == statuses
    if statuses[-1] == 429:
        assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600
        assert "It is due a year later." in answers[-1].content.decode()
        SentReport.objects.update(sent_at=timezone.now() - timedelta(hours=1, seconds=1))
        assert reader.send().status_code == 303


def test_an_address_is_kept_as_a_hash_and_for_days_alone(reader, report, caplog):
    [sent] = SentReport.objects.all()
    assert re.fullmatch("[0-9a-f]{64}", sent.address_hash) and "198.51" not in caplog.text
    assert not {"report", "report_id"} & set(vars(sent))
    for forget in (reader.send, lambda: call_command("send_notifications", stdout=StringIO())):
        SentReport.objects.update(sent_at=timezone.now() - sending_limits.FORGOTTEN_AFTER - timedelta(seconds=1))
        forget()
        assert not SentReport.objects.filter(sent_at__lt=timezone.now() - timedelta(days=1)).exists()


def test_a_register_may_take_none(reader, report, settings):
    settings.READER_REPORTS = False
    assert reader.read(FORM).status_code == 404 and reader.read(report.path).status_code == 200
    assert "/reports/" not in reader.read("/documents/herald-2024-07-10/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "gone"},
        {"state": "changed"},
        {"kind": "kite"},
        {"problem": ""},
        {"text": "x" * 4_001},
        {"answer": "x" * 4_001},
        {"text": "", "source_url": ""},
        {"source_url": "javascript:alert(1)"},
        {"token_hash": ""},
    ],
)
def test_the_database_refuses(report, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ReaderReport.objects.filter(pk=report.pk).update(**wrong)
