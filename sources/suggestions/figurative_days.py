"""“Today” and “tomorrow” that mean the present and the future, not a day."""

import re
from bisect import bisect_left

from sources.suggestions.date_context import DateContext


def is_figurative(context: DateContext, match: re.Match, step: int) -> bool:
    """Return whether “today” or its like, `step` days from it, means no day or is part of a name: in doubt it does."""
    patterns, words, text = context.patterns, context.words, context.text
    start, end = match.span()
    if patterns.stands_before("no_day_before", text, start) or patterns.stands_after("no_day_after", text, end):
        return True
    if _is_part_of_a_name(text, start):
        return True
    if step not in (0, 1):
        return False
    if _stands_with_its_opposite(context, start, end, step):
        return True
    if step == 1:
        return context.tenses.is_negated(start, end) or (
            words.today_needs_tense and not context.tenses.sentence_tense(start, end)
        )
    return words.today_needs_tense and not context.tenses.clause_tense(start, end)


def _stands_with_its_opposite(context: DateContext, start: int, end: int, step: int) -> bool:
    """Return whether the sentence sets today against tomorrow."""
    first, last = context.tenses.sentence_around(start, end)
    places = context.places_of_days[1 - step]
    index = bisect_left(places, first)
    return index < len(places) and places[index] < last


def _is_part_of_a_name(text: str, start: int) -> bool:
    """Return whether the word is capitalised though no sentence begins with it."""
    if not text[start : start + 1].isupper():
        return False
    before = text[max(0, start - 3) : start]
    return bool(re.search(r"[\w’',]\s$", before)) and not text[start : start + 4].isupper()
