"""Two wordings of a text, compared as a reader compares them: sentence by sentence, and word by word within those."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

REWRITTEN_SHARE = 0.4
"""From this share of changed words on, a text is shown as two, not as one with marks."""
MOST_WORDS_UNFOLDED = 24
"""Unchanged words in a row beyond which the middle of them is folded away."""
_WORDS_BESIDE_FOLD = 8
_MOST_WORD_PAIRS = 4_000_000

_DIFF_TOKEN = re.compile(r"\s+|[^\s\w]|\w+(?:[.,'’-]\w+)*")
_SENTENCE = re.compile(r".+?(?:[.!?…]+[”\"’)]*\s+|\n+|\Z)", re.DOTALL)

KEPT_SPAN, REMOVED_SPAN, ADDED_SPAN = "kept", "removed", "added"


@dataclass(frozen=True)
class DiffSpan:
    """Words in a row that share a fate: kept, removed or added."""

    fate: str
    text: str


def diff_texts(before: str, after: str) -> list[DiffSpan]:
    """The stretches that lead from one wording to the other; what is removed stands before what takes its place."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    found: list[DiffSpan] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(DiffSpan(KEPT_SPAN, "".join(old[i:j])))
        else:
            found += _diff_word_by_word("".join(old[i:j]), "".join(new[k:m]))
    return _join_adjacent_spans(found)


def share_of_changed_words(stretches: Iterable[DiffSpan]) -> float:
    """How much of the words was removed or added, 0 to 1."""
    counts = {KEPT_SPAN: 0, REMOVED_SPAN: 0, ADDED_SPAN: 0}
    for stretch in stretches:
        counts[stretch.fate] += len(stretch.text.split())
    changed = max(counts[REMOVED_SPAN], counts[ADDED_SPAN])
    return changed / (counts[KEPT_SPAN] + changed) if changed else 0.0


def differs_in_spacing_only(before: str, after: str) -> bool:
    return before != after and before.split() == after.split()


def diff_as_html(stretches: Iterable[DiffSpan]) -> SafeString:
    """As HTML: what changed in `del` and `ins` with the words Removed and Added, long unchanged stretches folded."""
    return format_html_join("", "{}", ((_span_as_html(stretch),) for stretch in stretches))


def _diff_word_by_word(before: str, after: str) -> list[DiffSpan]:
    old, new = _DIFF_TOKEN.findall(before), _DIFF_TOKEN.findall(after)
    if len(old) * len(new) > _MOST_WORD_PAIRS:
        return [DiffSpan(REMOVED_SPAN, before), DiffSpan(ADDED_SPAN, after)]
    found: list[DiffSpan] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(DiffSpan(KEPT_SPAN, "".join(old[i:j])))
        else:
            found += [DiffSpan(REMOVED_SPAN, "".join(old[i:j])), DiffSpan(ADDED_SPAN, "".join(new[k:m]))]
    return found


def _join_adjacent_spans(stretches: list[DiffSpan]) -> list[DiffSpan]:
    """Neighbours of one fate as one; a lone space between two changes belongs to both."""
    out: list[DiffSpan] = []
    removed = added = ""

    def settle():
        nonlocal removed, added
        out.extend(DiffSpan(fate, text) for fate, text in ((REMOVED_SPAN, removed), (ADDED_SPAN, added)) if text)
        removed = added = ""

    for at, stretch in enumerate(stretches):
        more = any(later.fate != KEPT_SPAN for later in stretches[at + 1 : at + 2])
        if stretch.fate == REMOVED_SPAN:
            removed += stretch.text
        elif stretch.fate == ADDED_SPAN:
            added += stretch.text
        elif stretch.text.isspace() and (removed or added) and more:
            removed, added = removed + stretch.text, added + stretch.text
        elif stretch.text:
            settle()
            if out and out[-1].fate == KEPT_SPAN:
                out[-1] = DiffSpan(KEPT_SPAN, out[-1].text + stretch.text)
            else:
                out.append(stretch)
    settle()
    return out


def _span_as_html(stretch: DiffSpan) -> SafeString:
    if stretch.fate == REMOVED_SPAN:
        return format_html('<del><span class="sign">− Removed: </span>{}</del>', stretch.text)
    if stretch.fate == ADDED_SPAN:
        return format_html('<ins><span class="sign">+ Added: </span>{}</ins>', stretch.text)
    words = re.split(r"(\s+)", stretch.text)
    count = len(stretch.text.split())
    if count <= MOST_WORDS_UNFOLDED:
        return format_html("{}", stretch.text)
    beside = 2 * _WORDS_BESIDE_FOLD
    first, middle, last = "".join(words[:beside]), "".join(words[beside:-beside]), "".join(words[-beside:])
    folded = f"… {len(middle.split())} words unchanged …"
    return format_html("{}<details><summary>{}</summary>{}</details>{}", first, folded, middle, last)
