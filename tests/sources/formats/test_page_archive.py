"""Saved pages in one file are read whatever program wrote them, and are never taken for a page as they stand."""

import base64
import quopri

import pytest

from sources.formats import UnreadableDocument, extract
from tests.sources.formats.pages import a_page

PAGE = a_page("<p>“Forty kites – no more,” said Ádá Fell.</p>")
SPOKEN = "“Forty kites – no more,” said Ádá Fell."
BLINK = (
    "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://courier.example/kites\r\nSubject: {subject}\r\n"
    "Date: Tue, 9 Jul 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n"
    '\ttype="text/html";\r\n\tboundary="----MultipartBoundary--kites----"\r\n\r\n\r\n'
)
IE = (
    "From: <Saved by Windows Internet Explorer 8>\nSubject: {subject}\nDate: Tue, 9 Jul 2024 10:00:00 +0200\nMIME-Version: 1.0\n"
    'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="----MultipartBoundary--kites----"\n'
    "X-MimeOLE: Produced By Kite MimeOLE V6\n\nThis is a multi-part message in MIME format.\n\n"
)


def a_part(encoding: str = "8bit", page: bytes = PAGE, kind: str = "text/html", more: str = "") -> bytes:
    body = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}.get(encoding, bytes)(page)
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n{more}\r\n"
    return b"------MultipartBoundary--kites----\r\n" + head.encode() + body + b"\r\n"


def an_archive(*parts: bytes, head: str = BLINK, subject: str = "Arcadia to give kites") -> bytes:
    return head.format(subject=subject).encode() + b"".join(parts) + b"------MultipartBoundary--kites------\r\n"


@pytest.mark.parametrize("head", [BLINK, IE])
@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit", "binary"])
def test_a_saved_page_is_read_in_each_encoding(head, encoding):
    draft = extract(an_archive(a_part(encoding), head=head), "kites.mhtml")
    assert SPOKEN in draft.text and draft.warnings == []
    assert draft.url == ("https://courier.example/kites" if head == BLINK else "")


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?Q?Arcadia=20to?=\r\n =?utf-8?Q?=20give=20kites?=",
        "Arcadia to give\r\nkites to all",
        "Arcadia to give\nkites\nto all",
        "Arcadia to give\r\n\r\nkites",
        "Arcadia: forty\r\nkites: no more",
        "",
    ],
)
def test_a_subject_may_run_over_several_lines(subject):
    for head in (BLINK, IE):
        assert SPOKEN in extract(an_archive(a_part(), head=head, subject=subject), "kites.mht").text


def test_the_part_that_is_the_page_is_found():
    frame = a_part(page=a_page("<p>An advertisement for kegs of tar.</p>"), more="Content-ID: <frame-1>\r\n")
    page = a_part(more="Content-ID: <frame-0>\r\nContent-Location: https://courier.example/kites\r\n")
    picture = a_part("base64", b"\x89PNG", "image/png")
    with_start = BLINK.replace('type="text/html";', 'type="text/html"; start="<frame-0>";')
    for head in (BLINK, with_start):
        assert SPOKEN in extract(an_archive(picture, frame, page, head=head), "kites.mhtml").text


@pytest.mark.parametrize("charset", ["windows-1252", "iso-8859-1"])
def test_a_part_may_declare_its_encoding(charset):
    page = PAGE.replace(b'<meta charset="utf-8">', b"").decode().encode("windows-1252")
    assert SPOKEN in extract(an_archive(a_part("quoted-printable", page, f'text/html; charset="{charset}"')), "kites.mhtml").text


def test_parts_may_be_nested():
    inner = a_part().replace(b"MultipartBoundary--kites", b"inner") + b"------inner------\r\n"
    outer = a_part("7bit", inner, 'multipart/alternative; boundary="----inner----"')
    assert SPOKEN in extract(an_archive(outer), "kites.mhtml").text


def test_a_message_of_one_part_is_read():
    head = b"From: <Saved by Kite>\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n"
    message = head + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quopri.encodestring(PAGE)
    assert SPOKEN in extract(message, "kites.mht").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (an_archive(), "contains no web page"),
        (an_archive(a_part("base64", b"\x89PNG", "image/png")), "contains no web page"),
        (an_archive(a_part(page=b" ")), "contains no web page"),
        (BLINK.format(subject="Kites").encode(), "contains no web page"),
        (b"bplist00\xd1\x01\x02", "Safari web archive"),
        (b"WARC/1.0\r\nWARC-Type: response\r\n", "web archive"),
    ],
)
def test_an_archive_without_a_page_is_refused(data, words):
    with pytest.raises(UnreadableDocument, match=words):
        extract(data, "kites.mhtml")


def test_a_letter_is_no_archive():
    letter = b"From: Ada Fell\nSubject: Kites\n\nContent-Type: multipart/related is how pages are saved.\n"
    assert extract(letter, "letter.txt").text == letter.decode()
