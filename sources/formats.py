"""The text and the bibliography of a file: plain text, a saved web page, a PDF. Fetches nothing, runs nothing of what it reads.

What a file is, is decided by its content; its name is only believed where the content says nothing.
"""

import email
import email.policy
import io
import re
from dataclasses import dataclass, field
from typing import Any

MAX_FILE_BYTES = 25_000_000
"""Bytes."""

MAX_PAGE_ELEMENTS = 15_000
"""Of a web page with more elements all text is taken; those of news have some thousands."""

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "iframe", "object"})
_BLOCKS = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p "
    "pre section table td th tr ul".split()
)


class UnreadableDocument(ValueError):
    """Nothing can be taken from what was given; the message says why and what to do."""


@dataclass(slots=True)
class ExtractedDocument:
    """What was found in a file or a paste: empty where nothing was. Dates as YYYY-MM-DD; authors separated by semicolons."""

    text: str
    title: str = ""
    publisher: str = ""
    authors: str = ""
    published_on: str = ""
    updated_on: str = ""
    url: str = ""
    language: str = ""
    warnings: list[str] = field(default_factory=list)


# How files begin that look like text to nobody.
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
    """What `data` holds, its text as it stands there. Raises Unreadable."""
    if not data.strip(b"\0 \t\r\n"):
        raise UnreadableDocument("The file is empty.")
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableDocument(f"The file has {len(data):,} bytes; at most {MAX_FILE_BYTES:,} are taken. Save its text alone.")
    kind = _detect_format(data)
    draft = {"html": _extract_page, "mhtml": _extract_page_archive, "pdf": _extract_pdf, "text": _extract_plain_text}[kind](data)
    ending = filename.rpartition(".")[2].lower() if "." in filename else ""
    if ending and _FORMAT_BY_ENDING.get(ending) != kind:
        draft.warnings.insert(0, f"The name ends in .{ending}, but the content is {_FORMAT_LABELS[kind]}: read as such.")
    return draft


def _detect_format(data: bytes) -> str:
    for magic, what in _MAGIC:
        if data.startswith(magic):
            raise UnreadableDocument(
                f"This is {what}, not text. Open it where it can be read and paste its text, or save it as PDF."
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
    """The first line that is not blank, if it is short enough for a headline."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), "")
    return line if len(line) <= 200 else ""


def _encoding_warnings(encoding: str) -> list[str]:
    known = encoding in ("utf-8", "utf-16-le", "utf-16-be")
    return [] if known else [f"The text is not in UTF-8: read as {encoding}. Look over its letters with accents."]


_DECLARED_ENCODING = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)


def decode_text(data: bytes, declared: str = "") -> tuple[str, str]:
    """The text of `data` and the name of its encoding: by its mark, as UTF-8, as declared, else by its letters."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding)
    nuls = data[:2000].count(b"\0")
    if nuls * 3 > len(data[:2000]):
        return _decode_as(data, "utf-16-le" if data[:2000:2].count(b"\0") < nuls / 2 else "utf-16-be")
    try:
        return data.decode(), "utf-8"
    except UnicodeDecodeError:
        # A text in UTF-8 with a few broken bytes is broken, whatever else its bytes might be read as.
        in_sequences = sum(map(len, re.findall(rb"[\xc2-\xf4][\x80-\xbf]+", data)))
        if in_sequences * 2 > len(re.findall(rb"[\x80-\xff]", data)):
            return _decode_as(data, "utf-8")
    if declared:
        return _decode_as(data, declared)
    return _decode_as(data, _guess_encoding(data))


def _decode_as(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        wrong = data[error.start]
        raise UnreadableDocument(
            f"Byte {error.start} (0x{wrong:02x}, in line {line}) is no character in {encoding}. Save the file in UTF-8."
        ) from None
    except (LookupError, ValueError):
        raise UnreadableDocument(
            f"The file says that its encoding is {encoding}, which is not known. Save it in UTF-8."
        ) from None


def _guess_encoding(data: bytes) -> str:
    """Which of the three usual encodings of one byte a letter it is: by what its letters would be."""
    letters = re.findall(rb"[A-Za-z\x80-\xff]", data[:20_000])
    high = sum(letter >= b"\xc0" for letter in letters)
    if high * 2 > len(letters):
        return "windows-1251"
    western = data[:200_000].decode("windows-1252", errors="replace")
    # Signs in the midst of words are letters of Central Europe.
    return "windows-1250" if re.search(r"[a-z][¹³¿œŸ¼¾ºª][a-z]|[a-z][¹³¿]\b", western) else "windows-1252"


def _extract_page(data: bytes) -> ExtractedDocument:
    # The encoding that the page declares stands near its beginning.
    declared = _DECLARED_ENCODING.search(data[:4096])
    text, encoding = decode_text(data, declared[1].decode("ascii") if declared else "")
    draft = _extract_html(text)
    draft.warnings += [] if declared else _encoding_warnings(encoding)
    return draft


def _extract_page_archive(data: bytes) -> ExtractedDocument:
    try:
        held, encoding, address = _page_of_archive(data)
    except Exception as error:
        # A broken file can break its reader in any way.
        raise UnreadableDocument(f"The saved page is damaged: {error}. Open it in a browser and paste its text.") from None
    if not held:
        raise UnreadableDocument("This saved page holds no web page. Open it in a browser and paste its text.")
    draft = _extract_html(decode_text(held, encoding)[0])
    draft.url = draft.url or (address if address.startswith(("http://", "https://")) else "")
    return draft


def _page_of_archive(data: bytes) -> tuple[bytes, str, str]:
    """The web page that an archive holds, its encoding as declared and its address; each empty if there is none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            held = part.get_payload(decode=True)
            assert isinstance(held, bytes)
            address = str(message.get("Snapshot-Content-Location") or part.get("Content-Location") or "")
            return held, part.get_content_charset() or "", address
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
        # A declaration of the encoding is not wanted in what is decoded already.
        tree = html.document_fromstring(re.sub(r"\A\s*<\?xml[^>]*\?>", "", page.replace("\0", "")))
    except (etree.LxmlError, ValueError):
        raise UnreadableDocument("Nothing of this web page can be read. Open it in a browser and paste its text.") from None
    draft = ExtractedDocument(
        "", url=_page_url(tree, page), language=_page_language(tree), updated_on=_page_updated_on(tree, page)
    )
    if sum(1 for _ in tree.iter()) > MAX_PAGE_ELEMENTS:
        # What finds the article in a page takes a time that grows with the square of its elements.
        title = " ".join((tree.findtext(".//title") or "").split())
        draft.text = _visible_text(tree)
        draft.title = title or opening_line(draft.text)
        draft.warnings.append(
            "This page is too large for the article to be told from what stands around it: all of its text was taken. "
            "Cut away what is not the article."
        )
        return draft
    dates = {"extensive_search": False, "original_date": True}
    found: Any = bare_extraction(tree, with_metadata=True, include_comments=False, date_extraction_params=dates)
    if found is None or not (found.text or "").strip():
        raise UnreadableDocument("No article was found in this web page. Open it in a browser and paste its text.")
    draft.text = found.text
    draft.title, draft.authors = found.title or opening_line(found.text), found.author or ""
    draft.publisher, draft.published_on = found.sitename or "", found.date or ""
    return draft


def _visible_text(tree) -> str:
    """The text of a page as a browser without styles would break it into lines; no script or style is part of it."""
    for element in list(tree.iter()):
        unseen = not isinstance(element.tag, str) or element.tag in _UNSEEN
        if unseen and element.getparent() is not None:
            element.drop_tree()
        elif element.tag in _BLOCKS:
            element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    return "\n".join(line for line in lines if line)


def _page_url(tree, page: str) -> str:
    """Where a page says that it stands: its canonical address, or the comment of the browser that saved it."""
    said = tree.xpath("//link[@rel='canonical']/@href") + tree.xpath("//meta[@property='og:url']/@content")
    saved = re.search(r"<!-- saved from url=\(\d+\)(\S+) -->", page)
    saved_by_tool = re.search(r"(?s)<!--[^>]{0,200}?\burl: (\S+)", page)
    said += [found[1] for found in (saved, saved_by_tool) if found]
    return next((address.strip() for address in said if address.strip().startswith(("http://", "https://"))), "")


def _page_language(tree) -> str:
    said = (tree.xpath("/html/@lang") or [""])[0].strip().lower().replace("_", "-").split("-")[0]
    return said if re.fullmatch(r"[a-z]{2,3}", said) else ""


def _page_updated_on(tree, page: str) -> str:
    said = tree.xpath("//meta[@property='article:modified_time' or @property='og:updated_time']/@content")
    said += re.findall(r'"dateModified"\s*:\s*"([^"]+)"', page)
    return next((day[0] for value in said if (day := re.match(r"\d{4}-\d\d-\d\d", value.strip()))), "")


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
        about = reader.metadata
        title, authors = (str(about.title or ""), str(about.author or "")) if about else ("", "")
        made = about.creation_date if about else None
    except pypdf.errors.DependencyError:
        raise UnreadableDocument("The PDF is locked. Open it and paste its text.") from None
    except UnreadableDocument:
        raise
    except Exception as error:
        # A broken file can break its reader in any way.
        raise UnreadableDocument(f"The PDF is damaged: {error}. Open it and paste its text.") from None
    text = "\n\n".join(page.strip("\n") for page in pages if page.strip())
    if not text:
        raise UnreadableDocument("The PDF holds pictures of pages, no text. Recognise its text first (OCR), or paste it.")
    draft = ExtractedDocument(text, title=" ".join(title.split()) or opening_line(text), authors=authors)
    if made:
        draft.warnings.append(f"The file was made on {made:%Y-%m-%d}; a PDF does not say when it was published.")
    draft.warnings.append("A PDF breaks its lines and may mix columns: look the text over.")
    if empty := sum(not page.strip() for page in pages):
        draft.warnings.append(f"{empty} of {len(pages)} pages hold no text.")
    return draft
