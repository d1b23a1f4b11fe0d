"""Text of a web page, rebuilt block by block from its elements, so that nothing on the page is altered.

HTML is not text: line breaks of its source are spaces, a raised 1 after 40 is no 401, what is struck out is not said. Private
use characters stand for what can only be written once the whole block is known.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from sources.formats.page_visibility import is_hidden, is_struck, visible_text
from sources.formats.raised_marks import is_note_mark, lowered_text, raised_text

BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 "
    "h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead "
    "tr ul".split()
)
_PICTURES = frozenset("svg iframe object embed video audio canvas map select textarea input button".split())
_NOTE_CLASS = re.compile(r"(?:foot|end)?note|fnref|\breference\b|\bcite", re.IGNORECASE)
_NOTE_FRAGMENT = re.compile(r"#_?(?:[fe]?t?nr?e?f?|(?:foot|end)?note|cite|ref(?:erence)?|sdfootnote)[\W_a-z]*\d", re.IGNORECASE)
_RAISED_STYLE = re.compile(r"vertical-align:(?:super|text-top)|(?<!-)\btop:-\d|(?<!-)\bbottom:\d*\.?[1-9]")
_RAISED_CLASS = re.compile(r"(?:^|[\s_-])sup(?:erscript)?(?:$|[\s_-])", re.IGNORECASE)
_SMALL_STYLE = re.compile(r"font-size:(?:[1-7]?\d%|0?\.[1-7]\d*r?em|smaller|x{0,2}-small)")
_QUOTATION_MARKS = {
    "de": ("„“", "‚‘"),
    "fr": ("«»", "“”"),
    "pl": ("„”", "«»"),
    "uk": ("«»", "„“"),
    "ru": ("«»", "„“"),
    "es": ("«»", "“”"),
    "it": ("«»", "“”"),
    "cs": ("„“", "‚‘"),
}
_ENGLISH_MARKS = ("“”", "‘’")

_LONGEST_MARK = 40
_DEEPEST_QUOTATION = 3

# Stand for what can only be written once the whole block is known.
_BREAK, _KEPT_SPACE, _SPACE_BEFORE_WORD, _STRUCK_MARK = "\ue000", "\ue001", "\ue002", "\ue003"
_OWN = re.compile(r"[\ue000-\ue003]")
_DROPPED = re.compile("[\u00ad\u2060]|\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])")
# References to the C1 controls mean the characters of Windows-1252, as browsers show them.
_AS_SHOWN = {code: bytes([code]).decode("windows-1252", errors="replace") for code in range(0x80, 0xA0)} | {
    # No XML takes the other controls, and no reader sees them.
    **dict.fromkeys((*range(9), *range(0x0E, 0x20), 0xFFFE, 0xFFFF)),
    0x0B: " ",
    0x0C: " ",
}


@dataclass(slots=True)
class Block:
    """Text of a page that stands on lines of its own; `row` and `cell` are the innermost of a table, or None.

    `nodes` are the places of its text in the tree: element, and text or tail. `container` is the element that it stands in;
    `linked` of its characters are links.
    """

    text: str
    container: Any = None
    row: Any = None
    cell: Any = None
    linked: int = 0
    nodes: list[tuple[Any, str]] = field(default_factory=list)


@dataclass(slots=True)
class PageText:
    """Blocks of a page in their order, with what was struck out and which raised numbers are doubtful, each in its context."""

    blocks: list[Block]
    struck: list[str]
    doubtful: list[str]


def read_blocks(tree: Any, language: str) -> PageText:
    """Return the text of the page `tree` block by block; elements that no reader sees are emptied in the tree."""
    for element in tree.iter():
        element.tail = _clean(element.tail)
        if isinstance(element.tag, str):
            element.text = _clean(element.text)
    reader = _BlockReader(language)
    page = reader.read(tree)
    for element in reader.unseen:
        # Not removed: joining the text behind each with that before it takes quadratic time.
        element.clear(keep_tail=True)
        element.tag = "span"
    return page


def join_blocks(blocks: list[Block]) -> str:
    """Return the text of `blocks`: one a line, with a tab between the cells of one row of a table."""
    counts: dict[Any, int] = {}
    for block in blocks:
        if block.cell is not None:
            counts[block.cell] = counts.get(block.cell, 0) + 1
    pieces: list[str] = []
    for previous, block in zip([None, *blocks], blocks, strict=False):
        if previous:
            same_row = block.row is not None and previous.row is block.row and previous.cell is not block.cell
            pieces.append("\t" if same_row and counts[block.cell] == counts[previous.cell] == 1 else "\n")
        pieces.append(block.text)
    return "".join(pieces)


def _clean(text: str | None) -> str | None:
    return _DROPPED.sub("", _OWN.sub("", text).translate(_AS_SHOWN)) if text else text


class _BlockReader:
    """Reads a tree in one walk and collects its blocks."""

    def __init__(self, language: str):
        self.language = language
        self.unseen: list[Any] = []
        self.page = PageText([], [], [])
        self.pieces: list[str] = []
        self.nodes: list[tuple[Any, str]] = []
        self.containers: list[Any] = []
        self.rows: list[Any] = []
        self.cells: list[Any] = []
        self.struck_words: list[str] = []
        self.links: list[Any] = []
        self.linked = 0
        self.quotes = 0
        self.preformatted = 0

    def read(self, tree) -> PageText:
        from lxml import etree  # type: ignore[import-untyped]

        walk = etree.iterwalk(tree, events=("start", "end", "comment", "pi"))
        skipped = None
        for event, element in walk:
            if event == "start":
                if self._is_skipped(element) or self._add_whole(element):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self._open(element)
                    self._add(element, "text")
                continue
            if event == "end" and element is not skipped:
                self._close(element)
            if element is not tree:
                self._add(element, "tail")
        self._end_block()
        return self.page

    def _is_skipped(self, element) -> bool:
        """Leave out an element that no reader sees, and what is struck out; return whether it is one."""
        if is_hidden(element):
            if element.tag in BLOCKS:
                self._end_block()
            elif element.tag in _PICTURES and self._before()[-1:].isdigit():
                self.pieces.append(_SPACE_BEFORE_WORD)
        elif is_struck(element):
            if not (words := " ".join(element.text_content().split())):
                return False
            self.struck_words.append(words)
            self.pieces.append(_STRUCK_MARK)
        else:
            return False
        self.unseen.append(element)
        return True

    def _add_whole(self, element) -> bool:
        """Add an element whose text is read as one: raised, lowered, a footnote mark, a power; return whether it is one."""
        tag = element.tag
        if self._is_raised(element):
            self._add_raised(element)
        elif tag == "sub":
            self._add_atom(element, lowered_text(self._before(), visible_text(element)))
        elif tag == "a" and self._is_note_link(element):
            mark = visible_text(element).strip()
            text, _ = raised_text(self._before(), mark if mark.startswith("[") else mark.strip("() "), is_note=True)
            self._add_atom(element, text + _SPACE_BEFORE_WORD)
        elif tag in ("msup", "mfrac") and len(element) == 2:
            base, other = (visible_text(part).strip() for part in element)
            self._add_atom(element, f"{self._gap()}{base}{'^' if tag == 'msup' else '/'}{other}{_SPACE_BEFORE_WORD}")
        else:
            return False
        return True

    def _open(self, element) -> None:
        tag = element.tag
        if tag not in BLOCKS and self._joins_numbers(element):
            self.pieces.append(" ")
        if tag in BLOCKS:
            self._end_block()
            self.containers.append(element)
            if tag == "tr":
                self.rows.append(element)
            elif tag in ("td", "th"):
                self.cells.append(element)
        if tag == "pre":
            self.preformatted += 1
        elif tag == "img" and self._before()[-1:].isdigit():
            # A picture keeps the numbers around it apart.
            self.pieces.append(_SPACE_BEFORE_WORD)
        elif tag == "br":
            self.pieces.append(_BREAK)
        elif tag == "q":
            self._add_quotation_mark(element, 0)
            self.quotes += 1
        elif tag == "a":
            self.links.append(element)
        elif tag in ("mn", "rt"):
            self.pieces.append(self._gap())

    def _joins_numbers(self, element) -> bool:
        """Return whether `element` begins with a number right behind an element that ends with one, as columns do."""
        previous = element.getprevious()
        first = (element.text or "")[:2]
        return (
            previous is not None
            and not previous.tail
            and previous.tag not in BLOCKS
            and len(first) == 2
            and first.isdigit()
            and bool(re.search(r"\d\d\Z", self._before()))
        )

    def _close(self, element) -> None:
        tag = element.tag
        if tag in BLOCKS:
            self._end_block()
            self.containers.pop()
            if tag == "tr":
                self.rows.pop()
            elif tag in ("td", "th"):
                self.cells.pop()
        if tag == "pre":
            self.preformatted -= 1
        elif tag == "q":
            self.quotes -= 1
            self._add_quotation_mark(element, 1)
        elif tag == "a":
            self.links.pop()

    def _add(self, element, part: str) -> None:
        text = getattr(element, part)
        if not text:
            return
        if self.preformatted:
            text = text.replace("\r\n", "\n").replace("\n", _BREAK).replace(" ", _KEPT_SPACE)
        self.pieces.append(text)
        if self.links:
            self.linked += len(text)
        if text.strip(" \t\n\r\f" + _STRUCK_MARK + _BREAK + _KEPT_SPACE):
            self.nodes.append((element, part))

    def _add_atom(self, element, text: str) -> None:
        self.pieces.append(text)
        if text.strip():
            self.nodes.append((element, "text"))

    def _before(self) -> str:
        """Return the last characters of the block so far."""
        last = ""
        for piece in reversed(self.pieces[-30:]):
            last = piece[-40:] + last
            if len(last.strip()) > 6:
                break
        return _OWN.sub("", re.sub(f"[{_BREAK}{_KEPT_SPACE}]", " ", last))[-12:]

    def _gap(self) -> str:
        before = self._before()
        return " " if before and before[-1].isalnum() else ""

    def _is_raised(self, element) -> bool:
        if element.tag == "sup":
            return True
        if element.tag not in ("span", "small", "font", "i", "em"):
            return False
        style = re.sub(r"\s", "", element.get("style") or "").lower()
        if _RAISED_STYLE.search(style) or _RAISED_CLASS.search(element.get("class") or ""):
            return True
        # A small number right behind another one is a mark too, or the cents of a price.
        is_small = _is_small(element, style) and self._before()[-1:].isdigit()
        return (is_small or _is_called_note(element)) and is_note_mark(visible_text(element, _LONGEST_MARK))

    def _add_raised(self, element) -> None:
        in_link = any("#" in (link.get("href") or "") for link in (*self.links, *element.iter("a")))
        before = self._before()
        text, doubtful = raised_text(before, visible_text(element), in_link or _is_called_note(element))
        self._add_atom(element, text + _SPACE_BEFORE_WORD if text.strip(" ")[:1] in "[⁰¹²³⁴⁵⁶⁷⁸⁹" else text)
        if doubtful:
            self.page.doubtful.append(f"{before.split()[-1]}{text}")

    def _is_note_link(self, element) -> bool:
        href = element.get("href") or ""
        if not href or not is_note_mark(visible_text(element, _LONGEST_MARK)):
            return False
        before = self._before()
        joined = bool(before) and not before[-1].isspace()
        if before[-1:].isdigit():
            return True
        after_number = before.rstrip()[-1:].isdigit()
        return _is_called_note(element) or (
            (href.startswith("#") or bool(_NOTE_FRAGMENT.search(href))) and (joined or after_number)
        )

    def _add_quotation_mark(self, element, side: int) -> None:
        if self.quotes > _DEEPEST_QUOTATION:
            return
        content = visible_text(element, _LONGEST_MARK).strip()
        if not content or content[0] in '"“„«‹‘‚':
            # The page has marks of its own.
            return
        language = next((tag for parent in (element, *element.iterancestors()) if (tag := parent.get("lang"))), self.language)
        outer, inner = _QUOTATION_MARKS.get(language.lower().replace("_", "-").split("-")[0], _ENGLISH_MARKS)
        self.pieces.append((inner if self.quotes % 2 else outer)[side])

    def _end_block(self) -> None:
        raw = "".join(self.pieces)
        nodes, linked, self.pieces, self.nodes, self.linked = self.nodes, self.linked, [], [], 0
        text = re.sub(r"[ \t\n\r\f]+", " ", raw)
        text = re.sub(rf" ?{_SPACE_BEFORE_WORD}(?=\w)", " ", text).replace(_SPACE_BEFORE_WORD, "")
        text = re.sub(rf"[ {_KEPT_SPACE}]*{_BREAK}[ {_BREAK}]*", "\n", text).replace(_KEPT_SPACE, " ")
        text = self._tell_struck(text).strip(" \n")
        if text.strip():
            container, row, cell = (stack[-1] if stack else None for stack in (self.containers, self.rows, self.cells))
            self.page.blocks.append(Block(text, container, row, cell, linked, nodes))

    def _tell_struck(self, text: str) -> str:
        """Note each place of struck words in `text`, and return the text without their marks; digits never join there."""
        if _STRUCK_MARK not in text:
            return text
        parts = text.split(_STRUCK_MARK)
        kept = [parts[0]]
        end = parts[0][-40:]
        for number, part in enumerate(parts[1:], 1):
            after = "".join(parts[number : number + 5])[:40]
            words = self.struck_words[number - 1]
            self.page.struck.append(f"“{words[:80]}” (in “{' '.join(f'{end} […] {after}'.split())}”)")
            if end[-1:].isdigit() and part[:1].isdigit():
                part = f" {part}"
            elif end[-1:] == " " and part[:1] == " ":
                part = part[1:]
            kept.append(part)
            end = (end + part)[-40:]
        self.struck_words = []
        return "".join(kept)


def _is_small(element, style: str) -> bool:
    """Return whether an element is written smaller than what stands around it; its `style` is without spaces."""
    is_small_font = element.tag == "font" and (element.get("size") or "") in ("1", "-1", "-2", "-3")
    return element.tag == "small" or is_small_font or bool(_SMALL_STYLE.search(style))


def _is_called_note(element) -> bool:
    kinds = " ".join(element.get(name) or "" for name in ("class", "role", "epub:type", "rel"))
    return bool(_NOTE_CLASS.search(kinds))
