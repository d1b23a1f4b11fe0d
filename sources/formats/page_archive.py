"""Saved web pages in one file (MHTML): messages of mail whose parts are the page and its pictures."""

import email
import email.message
import email.policy
import re

from sources.formats.extracted_document import ExtractedDocument, UnreadableDocument
from sources.formats.text_encoding import decode_text
from sources.formats.web_page import extract_html

_HEAD_BYTES = 20_000
_HEADER = re.compile(rb"[A-Za-z][!-9;-~]*:")
_CONTENT_TYPE = re.compile(
    rb"^content-type:[ \t\n]*(multipart/(?:related|alternative|mixed)|text/html|application/xhtml\+xml)", re.I | re.M
)
_OF_A_MESSAGE = re.compile(
    rb"^(?:mime-version|snapshot-content-location|content-transfer-encoding):|^from:\s*[\"<]?saved by", re.I | re.M
)
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def looks_like_mime(data: bytes) -> bool:
    """Return whether `data` begins with the headers of a message that holds a web page or several parts."""
    head = _normalised_head(data)
    kind = _CONTENT_TYPE.search(head)
    return bool(kind and _HEADER.match(head) and (_OF_A_MESSAGE.search(head) or b"boundary=" in head[kind.end() :].lower()))


def extract_page_archive(data: bytes) -> ExtractedDocument:
    """Return the article of the web page in an archive. Raises UnreadableDocument."""
    try:
        page, encoding, address = _page_of_archive(data)
    except Exception as error:
        # Broken files make their readers fail in many ways.
        raise UnreadableDocument(f"The saved page is damaged: {error}. Open it in a browser and paste its text.") from None
    if not page.strip():
        raise UnreadableDocument("This archive contains no web page. Open it in a browser and paste its text.")
    draft = extract_html(decode_text(page, encoding)[0])
    draft.url = draft.url or (address if address.startswith(("http://", "https://")) else "")
    return draft


def _normalised_head(data: bytes) -> bytes:
    return data[:_HEAD_BYTES].lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _repaired(data: bytes) -> bytes:
    """Return a message whose first headers are folded as they should be.

    Some programs break a long Subject without indenting its next line, or leave a blank line there.
    """
    data = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    kind = re.search(_CONTENT_TYPE.pattern, data[:_HEAD_BYTES].replace(b"\r", b" "), re.I | re.M)
    blank_line = re.compile(rb"\r?\n[ \t]*\r?\n").search(data, kind.end() if kind else 0)
    if not blank_line:
        return data
    lines: list[bytes] = []
    for line in re.split(rb"\r?\n|\r", data[: blank_line.start()]):
        if not line.strip():
            continue
        is_continuation = bool(lines) and not _HEADER.match(line)
        lines.append(b" " + line.strip() if is_continuation else line)
    return b"\r\n".join(lines) + b"\r\n\r\n" + data[blank_line.end() :]


def _page_of_archive(data: bytes) -> tuple[bytes, str, str]:
    """Return the web page in an archive, its declared encoding and its address; each empty if there is none."""
    message = email.message_from_bytes(_repaired(data), policy=email.policy.compat32)
    pages = [part for part in message.walk() if part.get_content_type() in _PAGE_TYPES]
    start = str(message.get_param("start") or "").strip()
    snapshot = str(message.get("Snapshot-Content-Location") or "").strip()
    for part in sorted(pages, key=lambda part: not _is_start(part, start, snapshot)):
        page = part.get_payload(decode=True)
        if isinstance(page, bytes) and page.strip():
            address = snapshot or str(part.get("Content-Location") or "").strip()
            return page, part.get_content_charset() or "", address
    return b"", "", ""


def _is_start(part: email.message.Message, start: str, snapshot: str) -> bool:
    """Return whether the headers of the archive name `part` as its page."""
    if start:
        return str(part.get("Content-ID") or "").strip().strip("<>") == start.strip("<>")
    return bool(snapshot) and str(part.get("Content-Location") or "").strip() == snapshot
