"""Diff of two texts: by sentences, and by words within changed sentences."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

REWRITTEN_SHARE = 0.4
"""Share of changed words above which both texts are shown in full instead of one with marks."""
MOST_WORDS_UNFOLDED = 24
"""Length of an unchanged stretch above which its middle is folded."""
_WORDS_BESIDE_FOLD = 8
_MOST_WORD_PAIRS = 4_000_000

_DIFF_TOKEN = re.compile(r"\s+|[^\s\w]|\w+(?:[.,'’-]\w+)*")
_SENTENCE = re.compile(r".+?(?:[.!?…]+[”\"’)]*\s+|\n+|\Z)", re.DOTALL)

KEPT_SPAN, REMOVED_SPAN, ADDED_SPAN = "kept", "removed", "added"


@dataclass(frozen=True)
class DiffSpan:
    """Consecutive words that were kept, removed or added."""

    kind: str
    text: str


def diff_texts(before: str, after: str) -> list[DiffSpan]:
    """Return the spans that lead from `before` to `after`; removed words stand before their replacement."""
    old, new = _SENTENCE.findall(before), _SENTENCE.findall(after)
    spans: list[DiffSpan] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(DiffSpan(KEPT_SPAN, "".join(old[i:j])))
        else:
            spans += _diff_word_by_word("".join(old[i:j]), "".join(new[k:m]))
    return _join_adjacent_spans(spans)


def share_of_changed_words(spans: Iterable[DiffSpan]) -> float:
    """Return the share of words removed or added, 0 to 1."""
    counts = {KEPT_SPAN: 0, REMOVED_SPAN: 0, ADDED_SPAN: 0}
    for span in spans:
        counts[span.kind] += len(span.text.split())
    changed = max(counts[REMOVED_SPAN], counts[ADDED_SPAN])
    return changed / (counts[KEPT_SPAN] + changed) if changed else 0.0


def differs_in_spacing_only(before: str, after: str) -> bool:
    return before != after and before.split() == after.split()


def diff_as_html(spans: Iterable[DiffSpan]) -> SafeString:
    """Return HTML: changes in `del` and `ins` with the words Removed and Added, long unchanged stretches folded."""
    return format_html_join("", "{}", ((_span_as_html(span),) for span in spans))


def _diff_word_by_word(before: str, after: str) -> list[DiffSpan]:
    old, new = _DIFF_TOKEN.findall(before), _DIFF_TOKEN.findall(after)
    if len(old) * len(new) > _MOST_WORD_PAIRS:
        return [DiffSpan(REMOVED_SPAN, before), DiffSpan(ADDED_SPAN, after)]
    spans: list[DiffSpan] = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            spans.append(DiffSpan(KEPT_SPAN, "".join(old[i:j])))
        else:
            spans += [DiffSpan(REMOVED_SPAN, "".join(old[i:j])), DiffSpan(ADDED_SPAN, "".join(new[k:m]))]
    return spans


def _join_adjacent_spans(spans: list[DiffSpan]) -> list[DiffSpan]:
    """Join neighbours of one kind; a lone space between two changes belongs to both."""
    joined: list[DiffSpan] = []
    removed = added = ""

    def flush_changes():
        nonlocal removed, added
        joined.extend(DiffSpan(kind, text) for kind, text in ((REMOVED_SPAN, removed), (ADDED_SPAN, added)) if text)
        removed = added = ""

    for index, span in enumerate(spans):
        change_follows = any(later.kind != KEPT_SPAN for later in spans[index + 1 : index + 2])
        if span.kind == REMOVED_SPAN:
            removed += span.text
        elif span.kind == ADDED_SPAN:
            added += span.text
        elif span.text.isspace() and (removed or added) and change_follows:
            removed, added = removed + span.text, added + span.text
        elif span.text:
            flush_changes()
            if joined and joined[-1].kind == KEPT_SPAN:
                joined[-1] = DiffSpan(KEPT_SPAN, joined[-1].text + span.text)
            else:
                joined.append(span)
    flush_changes()
    return joined


def _span_as_html(span: DiffSpan) -> SafeString:
    if span.kind == REMOVED_SPAN:
        return format_html('<del><span class="sign">− Removed: </span>{}</del>', span.text)
    if span.kind == ADDED_SPAN:
        return format_html('<ins><span class="sign">+ Added: </span>{}</ins>', span.text)
    words = re.split(r"(\s+)", span.text)
    count = len(span.text.split())
    if count <= MOST_WORDS_UNFOLDED:
        return format_html("{}", span.text)
    kept_tokens = 2 * _WORDS_BESIDE_FOLD
    first, middle, last = "".join(words[:kept_tokens]), "".join(words[kept_tokens:-kept_tokens]), "".join(words[-kept_tokens:])
    folded = f"… {len(middle.split())} words unchanged …"
    return format_html("{}<details><summary>{}</summary>{}</details>{}", first, folded, middle, last)
