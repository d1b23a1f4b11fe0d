"""Encodings of text files and web pages."""

import re

from sources.formats.extracted_document import UnreadableDocument

DECLARED_ENCODING = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)

# The web reads these names as Windows-1252: their C1 controls are quotation marks and dashes on real pages.
_READ_AS_WINDOWS_1252 = re.compile(r"(?:iso[-_]?8859[-_]?1|latin[-_]?1|l1|(?:us[-_]?)?ascii|cp819)", re.IGNORECASE)


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
        is_western = _READ_AS_WINDOWS_1252.fullmatch(declared_encoding)
        return _decode_as(data, "windows-1252" if is_western else declared_encoding)
    return _decode_as(data, _guess_encoding(data))


def encoding_warnings(encoding: str) -> list[str]:
    """Return what to check in a text whose encoding was guessed."""
    is_unicode = encoding in ("utf-8", "utf-16-le", "utf-16-be")
    return [] if is_unicode else [f"The text is not in UTF-8: read as {encoding}. Check its accented letters."]


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


# Words all of whose letters are above ASCII are Cyrillic; accents stand beside letters of ASCII.
_HIGH_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[\xa1\xa2\xa5\xa8\xaa\xaf\xb2-\xb4\xb8\xba\xbf-\xff]{3,}(?![A-Za-z\x80-\xff])")
_MIXED_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]*(?:[A-Za-z]+[\x80-\xff]+|[\x80-\xff]+[A-Za-z])")
# What Windows-1252 has for the letters of Central Europe: symbols within words and at their ends.
_CENTRAL_LETTER = re.compile("[a-zà-ÿ](?:[¹³¿Ÿ¼¾ºª]|œ(?![ui]))[a-zà-ÿ]|[a-zà-ÿ][¹³¿œŸ](?!\\w)|(?<!\\w)[£¥¯Œ¿](?=[a-zà-ÿ³¹]{2})")


def _guess_encoding(data: bytes) -> str:
    """Return the most likely of the three usual single-byte encodings, judged by the letters that each would give."""
    sample = data[:200_000]
    letters = re.findall(rb"[A-Za-z\x80-\xff]", sample[:20_000])
    high_letters = sum(letter >= b"\xc0" for letter in letters)
    if high_letters * 2 > len(letters) or len(_HIGH_WORD.findall(sample)) > len(_MIXED_WORD.findall(sample)):
        return "windows-1251"
    return "windows-1250" if _CENTRAL_LETTER.search(sample.decode("windows-1252", errors="replace")) else "windows-1252"
