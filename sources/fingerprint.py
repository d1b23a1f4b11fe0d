"""Fingerprints: proof that a passage occurs in a text at a given offset, without the text.

The fingerprint of a text is the sequence of truncated hashes of its windows of WINDOW_WORDS words. Each window is taken raw,
with everything between its words, so that one changed letter, comma or space shows; and with whether its ends are inside a word
(see `passage_edges`), so that “gave 40” is not proved by “gave 40,000”. A window gives two hashes: one of its characters (3
bytes), one of its characters and offset (1 byte). Both are keyed with the hash of the whole text. A passage of w words is thus
checked against 24 bits of content and 8 of position for each of its w - 3 windows.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sources.passage_edges import UNSPACED, is_inside_word, next_grapheme

WINDOW_WORDS = 4
_CONTENT_BYTES, _PLACE_BYTES = 3, 1
_ENTRY_BYTES = _CONTENT_BYTES + _PLACE_BYTES
HEADER = f"v2-{WINDOW_WORDS}-{_CONTENT_BYTES}-{_PLACE_BYTES}:"
"""What every fingerprint of this form begins with."""

# Where no space is written between words, each letter counts as one.
_LETTERS = re.compile(rf"[{UNSPACED}]|[^\W{UNSPACED}]+")


class MalformedFingerprint(ValueError):
    """The stored fingerprint cannot be read by this version."""


@dataclass(frozen=True, slots=True)
class PassageProof:
    """Result of checking a passage against a fingerprint: whether it occurs in the text, and at the offset claimed."""

    is_in_text: bool
    in_place: bool
    explanation: str

    def __bool__(self) -> bool:
        return self.is_in_text and self.in_place


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8 as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_fingerprint(text: str) -> str:
    """Return the fingerprint of `text` as one line of printable text, about six characters a word."""
    sha256 = text_hash(text)
    entries = b"".join(_window_entry(sha256, window) for window in _word_windows(text))
    return HEADER + base64.b85encode(entries).decode()


def has_enough_words(exact: str) -> bool:
    """Return whether a passage is long enough to be proved by a fingerprint."""
    return bool(_word_windows(exact))


def prove_passage(fingerprint: str, sha256: str, *, exact: str, start: int) -> PassageProof:
    """Check that `exact` is at offset `start` of the text with this hash and fingerprint.

    Raises MalformedFingerprint.
    """
    entries = _decode_entries(fingerprint)
    windows = _word_windows(exact)
    if not windows:
        return PassageProof(False, False, f"too few words to check: a passage must have at least {WINDOW_WORDS}")
    expected = [_window_entry(sha256, window._replace(offset=start + window.offset)) for window in windows]
    expected_contents = [entry[:_CONTENT_BYTES] for entry in expected]
    stored_contents = [entry[:_CONTENT_BYTES] for entry in entries]
    matches = [
        offset
        for offset in range(len(stored_contents))
        if stored_contents[offset : offset + len(expected_contents)] == expected_contents
    ]
    if any(entries[offset : offset + len(expected)] == expected for offset in matches):
        return PassageProof(True, True, "found there, word for word")
    if matches:
        return PassageProof(True, False, f"found in the document, but not at offset {start}")
    known_contents = set(stored_contents)
    first_unknown = next(
        (window.words for window, content in zip(windows, expected_contents, strict=True) if content not in known_contents), None
    )
    if first_unknown is None:
        return PassageProof(False, False, "its words occur in the document, but not in this order")
    return PassageProof(False, False, f"not found in the document; the first words missing: “{' '.join(first_unknown.split())}”")


class _Window(NamedTuple):
    """Window of words: its offset, its characters and, as bits 1 and 2, whether its start and its end are inside a word."""

    offset: int
    words: str
    cut: int


class WordWindows:
    """Distinct word windows of one text, to be looked up in the fingerprints of others."""

    def __init__(self, text: str):
        self.windows = sorted(
            {window._replace(offset=0) for window in _word_windows(text)},
            key=lambda window: hashlib.blake2b(_window_bytes(window), digest_size=8).digest(),
        )

    def __len__(self) -> int:
        return len(self.windows)

    def share_in_common_with(self, fingerprint: str, sha256: str, sample: int) -> float:
        """Return the share, 0 to 1, of the shorter text's windows that the other text has too.

        0 if none of the first `sample` windows occurs there.
        """
        other_hashes = _content_hashes(fingerprint)
        if (
            not other_hashes
            or not self.windows
            or not any(_content_hash(sha256, window) in other_hashes for window in self.windows[:sample])
        ):
            return 0
        shared = sum(_content_hash(sha256, window) in other_hashes for window in self.windows)
        return min(1.0, shared / min(len(other_hashes), len(self.windows)))


def _word_windows(text: str) -> list[_Window]:
    words = list(_words(text))
    return [
        _Window(first_start, text[first_start:last_end], first_cut + 2 * last_cut)
        for (first_start, _, first_cut, _), (_, last_end, _, last_cut) in zip(words, words[WINDOW_WORDS - 1 :], strict=False)
    ]


def _words(text: str) -> Iterator[tuple[int, int, bool, bool]]:
    """Yield start and end of each word of `text`, and whether each of them is inside a longer one."""
    start = end = -1
    for letters in _LETTERS.finditer(text):
        # An accent is no letter of its own, but ends none either.
        if letters.start() == end and is_inside_word(text, end):
            end = next_grapheme(text, letters.end())
            continue
        if start >= 0:
            yield start, end, is_inside_word(text, start), is_inside_word(text, end)
        start, end = letters.start(), next_grapheme(text, letters.end())
    if start >= 0:
        yield start, end, is_inside_word(text, start), is_inside_word(text, end)


def _window_bytes(window: _Window) -> bytes:
    # No word ends with such a character.
    return window.words.encode() + (bytes([window.cut]) if window.cut else b"")


def _content_hash(sha256: str, window: _Window) -> bytes:
    return hashlib.blake2b(_window_bytes(window), digest_size=_CONTENT_BYTES, key=bytes.fromhex(sha256)).digest()


def _content_hashes(fingerprint: str) -> set[bytes]:
    """Return the distinct hashes of characters in a fingerprint."""
    return {entry[:_CONTENT_BYTES] for entry in _decode_entries(fingerprint)}


def _window_entry(sha256: str, window: _Window) -> bytes:
    at_place = f"{window.offset}:".encode() + _window_bytes(window)
    place_hash = hashlib.blake2b(at_place, digest_size=_PLACE_BYTES, key=bytes.fromhex(sha256)).digest()
    return _content_hash(sha256, window) + place_hash


def _decode_entries(fingerprint: str) -> list[bytes]:
    if not fingerprint.startswith(HEADER):
        raise MalformedFingerprint(f"a fingerprint starts with {HEADER}")
    digits = fingerprint.removeprefix(HEADER).encode(errors="replace").translate(_DIGITS)
    if len(digits) % 5 or 255 in digits:
        raise MalformedFingerprint("the rest is not base85 of whole entries")
    # An entry is a number of five digits. base64.b85decode takes ten times as long, and near copies are sought in every document.
    entries = []
    for a, b, c, d, e in zip(digits[::5], digits[1::5], digits[2::5], digits[3::5], digits[4::5], strict=True):
        number = (((a * 85 + b) * 85 + c) * 85 + d) * 85 + e
        if number >> 8 * _ENTRY_BYTES:
            raise MalformedFingerprint("an entry is larger than any hash")
        entries.append(number.to_bytes(_ENTRY_BYTES))
    return entries


_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_DIGITS = bytes(_ALPHABET.index(letter) if letter in _ALPHABET else 255 for letter in range(256))
