"""Files of a catalogue: the one that translators edit (.po), and the one that Django reads (.mo)."""

import re
import struct
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

_LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d)\])? )?"(.*)"')
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_UNESCAPED = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\t": "\t"}
_MAGIC = 0x950412DE


class MessageKey(NamedTuple):
    """A message, told apart by its words and by the context that tells what they mean."""

    context: str
    """Empty if there is none."""
    text: str
    plural: str
    """English plural; empty if the message has no number."""


@dataclass
class CatalogueEntry:
    """A message with its translation: one text, or one for each plural of the language."""

    key: MessageKey
    translations: list[str]
    is_fuzzy: bool = False
    sources: list[str] = field(default_factory=list)
    """Files that it is used in."""

    @property
    def is_translated(self) -> bool:
        """True if every text of the translation is there and certain."""
        return not self.is_fuzzy and bool(self.translations) and all(self.translations)


class Catalogue(NamedTuple):
    """A catalogue: its header, which has the rule of plurals, and its entries in the order of the file."""

    header: str
    entries: Mapping[MessageKey, CatalogueEntry]

    @property
    def number_of_plurals(self) -> int:
        found = re.search(r"nplurals=(\d)", self.header)
        assert found, "the header says how many plurals there are"
        return int(found[1])


def read_po(text: str) -> Catalogue:
    """Read a .po file. Raises ValueError for a line that is none of one, or a message that is there twice."""
    entries: dict[MessageKey, CatalogueEntry] = {}
    header = ""
    for block in re.split(r"\n\s*\n", text.strip()):
        entry = _read_entry(block)
        if entry is None:
            continue
        if not entry.key.text:
            header = entry.translations[0]
        elif entry.key in entries:
            raise ValueError(f"{entry.key} is there twice")
        else:
            entries[entry.key] = entry
    return Catalogue(header, entries)


def _read_entry(block: str) -> CatalogueEntry | None:
    texts: dict[str, str] = {}
    sources: list[str] = []
    is_fuzzy = False
    name = ""
    for line in block.splitlines():
        if line.startswith("#"):
            is_fuzzy |= line.startswith("#,") and "fuzzy" in line
            sources += line[2:].split() if line.startswith("#:") else []
            continue
        found = _LINE.fullmatch(line)
        if found is None or not (found[1] or name):
            raise ValueError(f"{line!r} is no line of a catalogue")
        name = f"{found[1]}{found[2] or ''}" if found[1] else name
        texts[name] = texts.get(name, "") + re.sub(r"\\.", lambda escape: _UNESCAPED.get(escape[0], escape[0]), found[3])
    if "msgid" not in texts:
        return None
    key = MessageKey(texts.get("msgctxt", ""), texts["msgid"], texts.get("msgid_plural", ""))
    translations = [texts[name] for name in sorted(texts) if name.startswith("msgstr")]
    return CatalogueEntry(key, translations, is_fuzzy, sources)


def write_po(catalogue: Catalogue) -> str:
    """Return the text of a .po file."""
    header = 'msgid ""\nmsgstr ""\n' + "".join(f"{_quoted(line)}\n" for line in catalogue.header.splitlines(keepends=True))
    return "\n".join([header, *map(_entry_text, catalogue.entries.values())])


def _entry_text(entry: CatalogueEntry) -> str:
    lines = [f"#: {source}" for source in entry.sources]
    lines += ["#, fuzzy"] if entry.is_fuzzy else []
    lines += [f"msgctxt {_quoted(entry.key.context)}"] if entry.key.context else []
    lines.append(f"msgid {_quoted(entry.key.text)}")
    if entry.key.plural:
        lines.append(f"msgid_plural {_quoted(entry.key.plural)}")
        lines += [f"msgstr[{at}] {_quoted(text)}" for at, text in enumerate(entry.translations)]
    else:
        lines.append(f"msgstr {_quoted(entry.translations[0])}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return f'"{text.translate(_ESCAPES)}"'


def compile_mo(catalogue: Catalogue) -> bytes:
    """Return the bytes of the .mo file: the same for the same catalogue, without what is not translated."""
    pairs = sorted(_compiled_pairs(catalogue.header, catalogue.entries.values()))
    start = 7 * 4 + len(pairs) * 16
    tables: tuple[list[int], list[int]] = ([], [])
    data = b""
    for column, table in enumerate(tables):
        for pair in pairs:
            table += [len(pair[column]), start + len(data)]
            data += pair[column] + b"\0"
    numbers = (*tables[0], *tables[1])
    head = struct.pack("<7I", _MAGIC, 0, len(pairs), 7 * 4, 7 * 4 + len(pairs) * 8, 0, start)
    return head + struct.pack(f"<{len(numbers)}I", *numbers) + data


def _compiled_pairs(header: str, entries: Iterable[CatalogueEntry]) -> Iterator[tuple[bytes, bytes]]:
    yield b"", header.encode()
    for entry in entries:
        if entry.is_translated:
            context = f"{entry.key.context}\4" if entry.key.context else ""
            plural = f"\0{entry.key.plural}" if entry.key.plural else ""
            yield f"{context}{entry.key.text}{plural}".encode(), "\0".join(entry.translations).encode()
