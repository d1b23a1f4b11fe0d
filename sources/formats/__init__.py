"""Formats of source files: extract text and bibliography from plain text, saved web pages and PDFs.

Nothing is fetched, and nothing in a file is run. The content decides on the format; the name of a file is only used where the
content does not tell.
"""

import re

from sources.formats.extracted_document import ExtractedDocument, UnreadableDocument
from sources.formats.page_archive import extract_page_archive, looks_like_mime
from sources.formats.pdf import extract_pdf
from sources.formats.printed_details import read_printed_details
from sources.formats.text_encoding import decode_text, encoding_warnings
from sources.formats.web_page import extract_page

__all__ = ["MAX_FILE_BYTES", "ExtractedDocument", "UnreadableDocument", "decode_text", "extract", "extract_plain_text"]

MAX_FILE_BYTES = 25_000_000
"""Largest file, in bytes."""

# First bytes of formats that are not text.
_MAGIC = [
    (b"PK\x03\x04", "a ZIP archive, such as a Word or LibreOffice document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"{\\rtf", "a Rich Text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"bplist00", "a Safari web archive"),
    (b"WARC/", "a web archive (WARC)"),
]
_FORMAT_BY_ENDING = {
    "htm": "html",
    "html": "html",
    "xhtml": "html",
    "mht": "mhtml",
    "mhtml": "mhtml",
    "pdf": "pdf",
    "txt": "text",
}
_FORMAT_LABELS = {"html": "a web page", "mhtml": "a saved web page (MHTML)", "pdf": "a PDF", "text": "plain text"}
_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|\A\s*<(?:article|main|section|div|p|h[1-6]|title|meta|table|blockquote)[\s>]",
    re.IGNORECASE,
)


def extract(data: bytes, filename: str = "") -> ExtractedDocument:
    """Return the content of `data`, its text unchanged. Raises UnreadableDocument."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableDocument("The file is empty.")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(f"The file has {len(data):,} bytes; the limit is {MAX_FILE_BYTES:,}. Save only its text.")
    file_format = _detect_format(data)
    draft = {"html": extract_page, "mhtml": extract_page_archive, "pdf": extract_pdf, "text": _extract_text_file}[file_format](
        data
    )
    read_printed_details(draft)
    extension = filename.rpartition(".")[2].lower() if "." in filename else ""
    if extension and _FORMAT_BY_ENDING.get(extension) != file_format:
        draft.warnings.insert(
            0, f"The name ends in .{extension}, but the content is {_FORMAT_LABELS[file_format]}: read as such."
        )
    return draft


def _detect_format(data: bytes) -> str:
    """Return the format of `data`: html, mhtml, pdf or text. Raises UnreadableDocument for formats that hold no plain text."""
    for magic, description in _MAGIC:
        if data.startswith(magic):
            raise UnreadableDocument(
                f"This is {description}, not text. Open it in its own program and paste its text, or save it as PDF."
            )
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if looks_like_mime(data):
        return "mhtml"
    # A page in UTF-16 has a NUL beside each letter.
    return "html" if _HTML.search(data[:4096].replace(b"\0", b"")) else "text"


def _extract_text_file(data: bytes) -> ExtractedDocument:
    text, encoding = decode_text(data)
    return ExtractedDocument(text, warnings=encoding_warnings(encoding))


def extract_plain_text(text: str) -> ExtractedDocument:
    """Return a pasted text with the bibliography that it prints."""
    draft = ExtractedDocument(text)
    read_printed_details(draft)
    return draft
