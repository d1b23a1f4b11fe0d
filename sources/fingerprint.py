"""Proof that a passage stands in a text at a place, without the text.

The fingerprint of a text is the sequence of truncated hashes of its windows of WINDOW words, each window taken raw, with
whatever stands between its words, so that one changed letter, comma or space shows. Each window gives two hashes: one of
its characters (3 bytes) and one of its characters and offset (1 byte). Both are keyed with the hash of the whole text.
A passage of w words, its context included, is held to 24 bits of content and 8 of place for each of its w - 3 windows.
"""

import base64
import hashlib
from dataclasses import dataclass

from sources.anchoring import WORD

WINDOW_WORDS = 4
_CONTENT_BYTES, _PLACE_BYTES = 3, 1
_ENTRY_BYTES = _CONTENT_BYTES + _PLACE_BYTES
_HEADER = f"v1-{WINDOW_WORDS}-{_CONTENT_BYTES}-{_PLACE_BYTES}:"


class MalformedFingerprint(ValueError):
    """The stored fingerprint is not one that this version can read."""


@dataclass(frozen=True, slots=True)
class PassageProof:
    """What a fingerprint says of a passage: whether it stands in the text, and whether just there."""

    stands: bool
    in_place: bool
    explanation: str

    def __bool__(self) -> bool:
        return self.stands and self.in_place


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_fingerprint(text: str) -> str:
    """The fingerprint of `text`, as one line of printable text; about six characters a word."""
    sha256 = text_hash(text)
    entries = b"".join(_window_entry(sha256, raw, at) for at, raw in _word_windows(text))
    return _HEADER + base64.b85encode(entries).decode()


def prove_passage(fingerprint: str, sha256: str, *, prefix: str, exact: str, suffix: str, start: int) -> PassageProof:
    """Whether `exact`, between `prefix` and `suffix`, stands at offset `start` of the text with this hash and fingerprint."""
    entries = _decode_entries(fingerprint)
    context = prefix + exact + suffix
    windows = list(_word_windows(context))
    if not windows:
        return PassageProof(False, False, f"too few words to prove it: passage and context must have at least {WINDOW_WORDS}")
    offset = start - len(prefix)
    claimed = [_window_entry(sha256, raw, offset + at) for at, raw in windows]
    contents = [entry[:_CONTENT_BYTES] for entry in claimed]
    held = [entry[:_CONTENT_BYTES] for entry in entries]
    places = [at for at in range(len(held)) if held[at : at + len(contents)] == contents]
    if any(entries[at : at + len(claimed)] == claimed for at in places):
        return PassageProof(True, True, "stands there, word for word")
    if places:
        return PassageProof(True, False, f"stands in the document, but not at offset {start}")
    known = set(held)
    wrong = next((raw for (_, raw), content in zip(windows, contents, strict=True) if content not in known), None)
    if wrong is None:
        return PassageProof(False, False, "its words stand in the document, but not one after another")
    return PassageProof(False, False, f"does not stand in the document; the first words that do not: “{' '.join(wrong.split())}”")


class WordWindows:
    """The distinct windows of a text, to look for in fingerprints of other texts."""

    def __init__(self, text: str):
        self.raw = sorted(
            {raw for _, raw in _word_windows(text)}, key=lambda raw: hashlib.blake2b(raw.encode(), digest_size=8).digest()
        )

    def __len__(self) -> int:
        return len(self.raw)

    def share_in_common_with(self, fingerprint: str, sha256: str, sample: int) -> float:
        """The share, 0 to 1, of the shorter text's windows that the other has too; 0 if none of `sample` of them is there."""
        held = _content_hashes(fingerprint)
        if not held or not self.raw or not any(_content_hash(sha256, raw) in held for raw in self.raw[:sample]):
            return 0
        shared = sum(_content_hash(sha256, raw) in held for raw in self.raw)
        return min(1.0, shared / min(len(held), len(self.raw)))


def _word_windows(text: str) -> list[tuple[int, str]]:
    words = [(word.start(), word.end()) for word in WORD.finditer(text)]
    spans = zip(words, words[WINDOW_WORDS - 1 :], strict=False)
    return [(first[0], text[first[0] : last[1]]) for first, last in spans]


def _content_hash(sha256: str, raw: str) -> bytes:
    return hashlib.blake2b(raw.encode(), digest_size=_CONTENT_BYTES, key=bytes.fromhex(sha256)).digest()


def _content_hashes(fingerprint: str) -> set[bytes]:
    """The distinct hashes of characters in a fingerprint."""
    return {entry[:_CONTENT_BYTES] for entry in _decode_entries(fingerprint)}


def _window_entry(sha256: str, raw: str, at: int) -> bytes:
    key = bytes.fromhex(sha256)
    return _content_hash(sha256, raw) + hashlib.blake2b(f"{at}:{raw}".encode(), digest_size=_PLACE_BYTES, key=key).digest()


def _decode_entries(fingerprint: str) -> list[bytes]:
    if not fingerprint.startswith(_HEADER):
        raise MalformedFingerprint(f"a fingerprint starts with {_HEADER}")
    digits = fingerprint.removeprefix(_HEADER).encode(errors="replace").translate(_DIGITS)
    if len(digits) % 5 or 255 in digits:
        raise MalformedFingerprint("what follows is no base85 of whole entries")
    # An entry is a number of five digits. base64.b85decode takes ten times as long, and duplicates are sought in every document.
    entries = []
    for a, b, c, d, e in zip(digits[::5], digits[1::5], digits[2::5], digits[3::5], digits[4::5], strict=True):
        number = (((a * 85 + b) * 85 + c) * 85 + d) * 85 + e
        if number >> 8 * _ENTRY_BYTES:
            raise MalformedFingerprint("an entry is larger than any hash")
        entries.append(number.to_bytes(_ENTRY_BYTES))
    return entries


_ALPHABET = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
_DIGITS = bytes(_ALPHABET.index(letter) if letter in _ALPHABET else 255 for letter in range(256))
