"""Freshly saved pages are held against the quotes that were taken from them; nothing is changed."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from sources.models import SourceDocument, SourceQuote
from sources.verification import verify_quotes
from tests import world as make
from tests.sources.test_document_intake import PAGE

pytestmark = pytest.mark.django_db


def check_sources(folder, *options) -> tuple[str, int]:
    """What the command prints, and its exit code."""
    out = io.StringIO()
    try:
        call_command("check_sources", folder, *options, stdout=out)
    except CommandError as error:
        return out.getvalue() + str(error), error.returncode
    return out.getvalue(), 0


@pytest.fixture
def document():
    document = make.a_document(url="https://courier.example/kites")
    make.a_quote(document)
    make.a_quote(document, "About 700 clerks are to count them in Harbourton")
    verify_quotes(document.quotes.select_related("document"))
    return document


def test_quotes_that_stand_are_counted(tmp_path, document):
    (tmp_path / "courier-2024-07-09.txt").write_text(make.ARTICLE)
    said, code = check_sources(tmp_path)
    assert "courier-2024-07-09, 2 of 2 quotes found" in said
    assert code == 0


def test_a_quote_that_no_longer_stands_is_named_with_what_is_nearest(tmp_path, document):
    changed = make.ARTICLE.replace("no more and no less", "neither more nor less")
    (tmp_path / "courier-2024-07-09.txt").write_text(changed)
    before = list(SourceDocument.objects.values()) + list(SourceQuote.objects.values())
    said, code = check_sources(tmp_path)
    assert code == 1
    assert "1 of 2 quotes found" in said and "1 quote(s) were not found" in said
    assert "quote courier-2024-07-09-q01: not found" in said
    assert "pledge forty kites, neither more nor less" in said
    assert list(SourceDocument.objects.values()) + list(SourceQuote.objects.values()) == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("saved-page.html", PAGE),
        ("renamed.html", "<!-- saved from url=(0029)https://courier.example/kites/ -->" + PAGE.replace('"canonical"', '"other"')),
        ("courier-2024-07-09.html", PAGE.replace("courier.example", "mirror.example")),
        ("whatever.txt", "By our own reporter.\n" + make.ARTICLE.replace("Tuesday", "Monday")),
    ],
)
def test_a_page_is_known_by_its_address_its_name_or_its_words(tmp_path, document, name, content):
    (tmp_path / name).write_text(content)
    findings = [json.loads(line) for line in check_sources(tmp_path, "--json")[0].splitlines() if line.startswith("{")]
    assert [(finding["finding"], finding["page"]) for finding in findings][0] == ("page", name)


def test_what_has_no_counterpart_is_said(tmp_path, document):
    (tmp_path / "stranger.txt").write_text("The wind in Harbourton was good, and the sky was clear all day long.")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n")
    (tmp_path / ".hidden").write_bytes(b"\0")
    said, code = check_sources(tmp_path, "--json")
    findings = [json.loads(line) for line in said.splitlines()]
    assert {finding["finding"]: finding.get("page") or finding["document"] for finding in findings} == {
        "unreadable": "picture.png",
        "no_document": "stranger.txt",
        "no_page": "courier-2024-07-09",
    }
    assert code == 0
    said, _ = check_sources(tmp_path)
    assert "picture.png: This is a picture, not text" in said
    assert "stranger.txt: belongs to no document" in said
    assert "courier-2024-07-09: no page in the folder" in said


def test_a_folder_that_is_none_is_refused(tmp_path):
    said, code = check_sources(tmp_path / "nowhere")
    assert "is not a folder" in said and code == 1
