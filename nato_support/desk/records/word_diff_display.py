"""Word differences of two texts for the pages of records: as HTML, or as two texts where most was rewritten."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from sources.word_diff import ADDED_SPAN, KEPT_SPAN, REMOVED_SPAN, DiffSpan

REWRITTEN_SHARE = 0.4
"""Share of changed words above which both texts are shown in full instead of one with marks."""
MOST_WORDS_UNFOLDED = 24
"""Length of an unchanged stretch above which its middle is folded."""
_WORDS_BESIDE_FOLD = 8


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
