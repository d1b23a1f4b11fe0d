"""Two wordings of a text, compared as a reader compares them: sentence by sentence, and word by word within those."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

REWRITTEN = 0.4
"""From this share of changed words on, a text is shown as two, not as one with marks."""
FOLDED = 24
"""Unchanged words in a row beyond which the middle of them is folded away."""
_KEPT_BESIDE = 8
_TOO_LONG = 4_000_000

_WORD = re.compile(r"\s+|[^\s\w]|\w+(?:[.,'’-]\w+)*")
_SENTENCE = re.compile(r".+?(?:[.!?…]+[”\"’)]*\s+|\n+|\Z)", re.DOTALL)

KEPT, OUT, IN = "kept", "removed", "added"


@dataclass(frozen=True)
class Stretch:
    """Words in a row that share a fate: kept, removed or added."""

    fate: str
    text: str


def compared(before: str, after: str) -> list[Stretch]:
    """The stretches that lead from one wording to the other; what is removed stands before what takes its place."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    found: list[Stretch] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(KEPT, "".join(old[i:j])))
        else:
            found += _words("".join(old[i:j]), "".join(new[k:m]))
    return _joined(found)


def share_changed(stretches: Iterable[Stretch]) -> float:
    """How much of the words was removed or added, 0 to 1."""
    counts = {KEPT: 0, OUT: 0, IN: 0}
    for stretch in stretches:
        counts[stretch.fate] += len(stretch.text.split())
    changed = max(counts[OUT], counts[IN])
    return changed / (counts[KEPT] + changed) if changed else 0.0


def spacing_only(before: str, after: str) -> bool:
    return before != after and before.split() == after.split()


def marked(stretches: Iterable[Stretch]) -> SafeString:
    """As HTML: what changed in `del` and `ins` with the words Removed and Added, long unchanged stretches folded."""
    return format_html_join("", "{}", ((_marked(stretch),) for stretch in stretches))


def _words(before: str, after: str) -> list[Stretch]:
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _TOO_LONG:
        return [Stretch(OUT, before), Stretch(IN, after)]
    found: list[Stretch] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Stretch(KEPT, "".join(old[i:j])))
        else:
            found += [Stretch(OUT, "".join(old[i:j])), Stretch(IN, "".join(new[k:m]))]
    return found


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbours of one fate as one; a lone space between two changes belongs to both."""
    out: list[Stretch] = []
    removed = added = ""

    def settle():
        nonlocal removed, added
        out.extend(Stretch(fate, text) for fate, text in ((OUT, removed), (IN, added)) if text)
        removed = added = ""

    for at, stretch in enumerate(stretches):
        more = any(later.fate != KEPT for later in stretches[at + 1 : at + 2])
        if stretch.fate == OUT:
            removed += stretch.text
        elif stretch.fate == IN:
            added += stretch.text
        elif stretch.text.isspace() and (removed or added) and more:
            removed, added = removed + stretch.text, added + stretch.text
        elif stretch.text:
            settle()
            if out and out[-1].fate == KEPT:
                out[-1] = Stretch(KEPT, out[-1].text + stretch.text)
            else:
                out.append(stretch)
    settle()
    return out


def _marked(stretch: Stretch) -> SafeString:
    if stretch.fate == OUT:
        return format_html('<del><span class="sign">− Removed: </span>{}</del>', stretch.text)
    if stretch.fate == IN:
        return format_html('<ins><span class="sign">+ Added: </span>{}</ins>', stretch.text)
    words = re.split(r"(\s+)", stretch.text)
    count = len(stretch.text.split())
    if count <= FOLDED:
        return format_html("{}", stretch.text)
    beside = 2 * _KEPT_BESIDE
    first, middle, last = "".join(words[:beside]), "".join(words[beside:-beside]), "".join(words[-beside:])
    folded = f"… {len(middle.split())} words unchanged …"
    return format_html("{}<details><summary>{}</summary>{}</details>{}", first, folded, middle, last)
