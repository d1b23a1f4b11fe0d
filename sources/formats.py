"""Formats of source files: extract text and bibliography from plain text, saved web pages and PDFs.

Nothing is fetched, and nothing in a file is run. The content decides on the format; the name of a file is only used where the
content does not tell.
"""

import email
import email.policy
import io
import re
from dataclasses import dataclass, field
from typing import Any

MAX_FILE_BYTES = 25_000_000
"""Largest file, in bytes."""

MAX_PAGE_ELEMENTS = 15_000
"""Number of elements above which all text of a web page is taken; news pages have a few thousand."""

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul".split()
)


class UnreadableDocument(ValueError):
    """Nothing can be extracted from a file; the message says why and what to do."""


@dataclass(slots=True)
class ExtractedDocument:
    """Content of a file or paste; fields without a value are empty. Dates as YYYY-MM-DD, authors separated by semicolons."""

    text: str
    title: str = ""
    publisher: str = ""
    authors: str = ""
    published_on: str = ""
    updated_on: str = ""
    url: str = ""
    language: str = ""
    warnings: list[str] = field(default_factory=list)


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
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]", re.IGNORECASE)
_MHTML = re.compile(rb"\A(?:[A-Za-z-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?i:content-type:\s*multipart/related)")


def extract(data: bytes, filename: str = "") -> ExtractedDocument:
    """Return the content of `data`, its text unchanged. Raises UnreadableDocument."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableDocument("The file is empty.")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(f"The file has {len(data):,} bytes; the limit is {MAX_FILE_BYTES:,}. Save only its text.")
    file_format = _detect_format(data)
    draft = {"html": _extract_page, "mhtml": _extract_page_archive, "pdf": _extract_pdf, "text": _extract_plain_text}[
        file_format
    ](data)
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
    if _MHTML.match(data[:10_000].replace(b"\r\n", b"\n")):
        return "mhtml"
    # A page in UTF-16 has a NUL beside each letter.
    return "html" if _HTML.search(data[:4096].replace(b"\0", b"")) else "text"


def _extract_plain_text(data: bytes) -> ExtractedDocument:
    text, encoding = decode_text(data)
    return ExtractedDocument(text, title=opening_line(text), warnings=_encoding_warnings(encoding))


def opening_line(text: str) -> str:
    """Return the first line that is not blank, if it is short enough for a headline; else ''."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 200 else ""


def _encoding_warnings(encoding: str) -> list[str]:
    is_unicode = encoding in ("utf-8", "utf-16-le", "utf-16-be")
    return [] if is_unicode else [f"The text is not in UTF-8: read as {encoding}. Check its accented letters."]


_DECLARED_ENCODING = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


def decode_text(data: bytes, declared_encoding: str = "") -> tuple[str, str]:
    """Return the text of `data` and its encoding: by byte order mark, as UTF-8, as declared, else guessed from its letters."""
    for byte_order_mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(byte_order_mark):
            return _decode_as(data[len(byte_order_mark) :], encoding)
    nuls = data[:2000].count(b"\0")
    if nuls * 3 > len(data[:2000]):
        return _decode_as(data, "utf-16-le" if data[:2000:2].count(b"\0") < nuls / 2 else "utf-16-be")
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        # UTF-8 with a few broken bytes is broken UTF-8, even if the bytes can be read in another encoding.
        bytes_in_sequences = sum(map(len, re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", data)))
        if bytes_in_sequences * 2 > len(re.findall(rb"[\x80-\xff]", data)):
            return _decode_as(data, "utf-8")
    if declared_encoding:
        return _decode_as(data, declared_encoding)
    return _decode_as(data, _guess_encoding(data))


def _decode_as(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong_byte = data[error.start]
        raise UnreadableDocument(
            f"Byte {error.start} (0x{wrong_byte:02x}, in line {line}) is not a character in {encoding}. Save the file in UTF-8."
        ) from None
    except (LookupError, ValueError):
        raise UnreadableDocument(f"The file declares the encoding {encoding}, which is unknown. Save it in UTF-8.") from None


def _guess_encoding(data: bytes) -> str:
    """Return the most likely of the three usual single-byte encodings, judged by the letters that each would give."""
    letters = re.findall(rb"[A-Za-z\x80-\xff]", data[:20_000])
    high_letters = sum(letter >= b"\xc0" for letter in letters)
    if high_letters * 2 > len(letters):
        return "windows-1251"
    western = data[:200_000].decode("windows-1252", errors="replace")
    # Symbols in the middle of words are letters of Central European encodings.
    return "windows-1250" if re.search(r"[a-z][¹³¿œŸ¼¾ºª][a-z]|[a-z][¹³¿]\b", western) else "windows-1252"


def _extract_page(data: bytes) -> ExtractedDocument:
    # Pages declare their encoding near the beginning.
    declared = _DECLARED_ENCODING.search(data[:4096])
    text, encoding = decode_text(data, declared[1].decode("ascii") if declared else "")
    draft = _extract_html(text)
    draft.warnings += [] if declared else _encoding_warnings(encoding)
    return draft


def _extract_page_archive(data: bytes) -> ExtractedDocument:
    try:
        page, encoding, address = _page_of_archive(data)
    except Exception as error:
        # Broken files make their readers fail in many ways.
        raise UnreadableDocument(f"The saved page is damaged: {error}. Open it in a browser and paste its text.") from None
    if not page:
        raise UnreadableDocument("This archive contains no web page. Open it in a browser and paste its text.")
    draft = _extract_html(decode_text(page, encoding)[0])
    draft.url = draft.url or (address if address.startswith(("http://", "https://")) else "")
    return draft


def _page_of_archive(data: bytes) -> tuple[bytes, str, str]:
    """Return the web page in an archive, its declared encoding and its address; each empty if there is none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            page = part.get_payload(decode=True)
            assert isinstance(page, bytes)
            address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            return page, part.get_content_charset() or "", address
    return b"", "", ""


def _extract_html(page: str) -> ExtractedDocument:
    try:
        from lxml import etree, html  # type: ignore[import-untyped]
        from trafilatura import bare_extraction
    except ImportError:
        raise UnreadableDocument(
            "Web pages need the package trafilatura: pip install 'nato-support[capture]'. Or paste the text."
        ) from None
    try:
        # lxml refuses decoded text that declares an encoding.
        tree = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", page.replace("\0", "")))
    except (etree.LxmlError, ValueError):
        raise UnreadableDocument("This web page cannot be read. Open it in a browser and paste its text.") from None
    draft = ExtractedDocument(
        "", url=_page_url(tree, page), language=_page_language(tree), updated_on=_page_updated_on(tree, page)
    )
    if sum(1 for _ in tree.iter()) > MAX_PAGE_ELEMENTS:
        # The time to find the article grows with the square of the number of elements.
        title = " ".join((tree.findtext(".//title") or "").split())
        draft.text = _visible_text(tree)
        draft.title = title or opening_line(draft.text)
        draft.warnings.append(
            "This page is too large to separate the article from the rest: all of its text was taken. "
            "Delete what is not part of the article."
        )
        return draft
    dates = {"extensive_search": False, "original_date": True}
    article: Any = bare_extraction(tree, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if article is None or not (article.text or "").strip():
        raise UnreadableDocument("No article was found in this web page. Open it in a browser and paste its text.")
    draft.text = article.text
    draft.title, draft.authors = article.title or opening_line(article.text), article.author or ""
    draft.publisher, draft.published_on = article.sitename or "", article.date or ""
    return draft


def _visible_text(tree) -> str:
    """Return the text of a page in lines as a browser without styles would show it, without scripts and styles."""
    for element in list(tree.iter()):
        unseen = not isinstance(element.tag, str) or element.tag in _UNSEEN
        if unseen and element.getparent() is not None:
            element.drop_tree()
        elif element.tag in _BLOCKS:
            element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def _page_url(tree, page: str) -> str:
    """Return the address that a page gives for itself: canonical, or the comment of the browser that saved it; else ''."""
    addresses = tree.xpath("//link[@rel='canonical']/@href") + tree.xpath("//meta[@property='og:url']/@content")
    saved_by_browser = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", page)
    saved_by_tool = re.search(r"(?s)<!--[^>]{0,200}?\burl: (\S+)", page)
    addresses += [match[1] for match in (saved_by_browser, saved_by_tool) if match]
    return next((address.strip() for address in addresses if address.strip().startswith(("http://", "https://"))), "")


def _page_language(tree) -> str:
    language = (tree.xpath("/html/@lang") or [""])[0].strip().lower().replace("_", "-").split("-")[0]
    return language if re.fullmatch(r"[a-z]{2,3}", language) else ""


def _page_updated_on(tree, page: str) -> str:
    timestamps = tree.xpath("//meta[@property='article:modified_time' or @property='og:updated_time']/@content")
    timestamps += re.findall(r'"dateModified"\s*:\s*"([^"]+)"', page)
    return next((match[0] for value in timestamps if (match := re.match(r"\d{4}-\d\d-\d\d", value.strip()))), "")


def _extract_pdf(data: bytes) -> ExtractedDocument:
    try:
        import pypdf
        import pypdf.errors
    except ImportError:
        raise UnreadableDocument("PDFs need the package pypdf: pip install 'nato-support[capture]'. Or paste the text.") from None
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableDocument("The PDF is locked by a password. Open it with the password and paste its text.")
        pages = [page.extract_text() for page in reader.pages]
        metadata = reader.metadata
        title, authors = (str(metadata.title or ""), str(metadata.author or "")) if metadata else ("", "")
        created = metadata.creation_date if metadata else None
    except pypdf.errors.DependencyError:
        raise UnreadableDocument("The PDF is locked. Open it and paste its text.") from None
    except UnreadableDocument:
        raise
    except Exception as error:
        # Broken files make their readers fail in many ways.
        raise UnreadableDocument(f"The PDF is damaged: {error}. Open it and paste its text.") from None
    text = "\n\n".join(page.strip("\n") for page in pages if page.strip())
    if not text:
        raise UnreadableDocument("The PDF contains images of pages but no text. Recognise its text first (OCR), or paste it.")
    draft = ExtractedDocument(text, title=" ".join(title.split()) or opening_line(text), authors=authors)
    if created:
        draft.warnings.append(f"The file was made on {created:%Y-%m-%d}; a PDF does not say when it was published.")
    draft.warnings.append("PDF extraction breaks lines and may mix columns: check the text.")
    if empty_pages := sum(not page.strip() for page in pages):
        draft.warnings.append(f"{empty_pages} of {len(pages)} pages contain no text.")
    return draft
