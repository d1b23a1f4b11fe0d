"""Encodings of text files and web pages."""

import re
from collections import Counter

from sources.formats.extracted_document import UnreadableDocument

DECLARED_ENCODING = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.IGNORECASE)

# The web reads these names as Windows-1252: their C1 controls are quotation marks and dashes on real pages.
_READ_AS_WINDOWS_1252 = re.compile(r"(?:iso[-_]?8859[-_]?1|latin[-_]?1|l1|(?:us[-_]?)?ascii|cp819)", re.IGNORECASE)


def decode_text(data: bytes, declared_encoding: str = "") -> tuple[str, str]:
    """Return the text of `data` and its encoding: by byte order mark, as UTF-8, as declared, else guessed from its letters."""
    for byte_order_mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(byte_order_mark):
            return _decode_as(data[len(byte_order_mark) :], encoding)
    if wide_encoding := _guess_wide_encoding(data[:2000]):
        return _decode_as(data, wide_encoding)
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


def _guess_wide_encoding(sample: bytes) -> str:
    """Return the form of UTF-16 that `sample` is in; '' if it is in none."""
    for encoding, high_bytes in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        counts = Counter(high_bytes)
        # Letters share the byte of their alphabet, spaces and digits have NUL.
        usual = sum(count for _, count in counts.most_common(2))
        if counts[0] * 25 > len(high_bytes) and usual * 10 > len(high_bytes) * 9:
            return encoding
    return ""


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
_HIGH_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[\xa1-\xa8\xaa\xad\xaf-\xb4\xb6-\xb8\xba\xbf-\xff]{3,}(?![A-Za-z\x80-\xff])")
_MIXED_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[\x80-\xff]*(?:[A-Za-z]+[\x80-\xff]+|[\x80-\xff]+[A-Za-z])")
# What Windows-1252 has for the letters of Central Europe: symbols within words and at their ends.
_CENTRAL_LETTER = re.compile(
    "[a-zà-ÿ](?:[¹³¿Ÿ¼¾ºª±¶]|œ(?![ui]))[a-zà-ÿ]|[a-zà-ÿ][¹³¿œŸ±¶](?!\\w)|(?<!\\w)[£¥¯Œ¿](?=[a-zà-ÿ³¹]{2})"
)
_LATIN_2_LETTER = re.compile(rb"(?<=[a-z\xc0-\xff])[\xb1\xb6]|[\xb1\xb6](?=[a-z])")
_COMMON_CYRILLIC = re.compile("[оаеинтірсв]", re.IGNORECASE)
_CYRILLIC_ENCODINGS = ("windows-1251", "koi8-u", "iso-8859-5")


def _guess_encoding(data: bytes) -> str:
    """Return the most likely of the usual single-byte encodings, judged by the letters that each would give."""
    sample = data[:200_000]
    letters = re.findall(rb"[A-Za-z\x80-\xff]", sample[:20_000])
    high_letters = sum(letter >= b"\xc0" for letter in letters)
    if high_letters * 2 > len(letters) or len(_HIGH_WORD.findall(sample)) > len(_MIXED_WORD.findall(sample)):
        return max(_CYRILLIC_ENCODINGS, key=lambda encoding: _count_common_letters(sample[:20_000], encoding))
    if not _CENTRAL_LETTER.search(sample.decode("windows-1252", errors="replace")):
        return "windows-1252"
    # Windows has quotation marks, dashes and letters where ISO has nothing.
    return "iso-8859-2" if _LATIN_2_LETTER.search(sample) and not re.search(rb"[\x80-\x9f]", sample) else "windows-1250"


def _count_common_letters(sample: bytes, encoding: str) -> int:
    return len(_COMMON_CYRILLIC.findall(sample.decode(encoding, errors="replace")))
