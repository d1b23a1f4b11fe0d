"""Mentions of known records in a text, by any of their names."""

import re

from entities.likeness.latin_words import fold_to_latin
from entities.likeness.word_lists import TITLE_WORDS
from entities.vocabulary import Kind, SuggestionKind
from sources.suggestions import headlines
from sources.suggestions.known import CALENDAR_WORDS, PORTFOLIO_WORDS, Known, KnownName, KnownNameHit
from sources.suggestions.suggestion import Suggestion

MENTION_RULE = "mentions/1"

_WORDS_AFTER = re.compile(r"[^\S\n]([A-Z][\w’'-]*(?:[^\S\n][A-Z][\w’'-]*){0,3})")
_WORD_BEFORE = re.compile(r"(?<![\w-])([A-Z][\w’'-]*\.?)[^\S\n]$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n—–][\"”’']?\s*[\"“‘(]?)$")
_PART = re.compile(r"[^\W_]+")
_POSSESSIVES = ("'s", "’s", "s'", "s’")
_LOWER_CASE = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")
_WORD_IN_FRONT = re.compile(r"([^\W\d_]+)[^\S\n]+\Z")
_LONGEST_ABBREVIATION = 5
_SCORE_AS_WRITTEN = 0.95
_GERMAN_ARTICLES = frozenset("der die das den dem des ein eine einen einem einer eines kein keine dieser diese dieses".split())
# Last words of newspapers' names: the Washington Post is not Washington.
_PAPERS = frozenset(
    "post times journal herald tribune daily mail telegraph gazette courier review examiner star globe observer street".split()
)


def is_name_as_written(mention: Suggestion) -> bool:
    """Return whether a mention has the words of the name itself, in no other case or spelling."""
    return mention.score >= _SCORE_AS_WRITTEN


def find_mentions(text: str, known: Known, language: str = "en") -> list[Suggestion]:
    """Return every mention of a known record in `text`, in order of place; those that are likelier something else score low."""
    hits = known.find(text, language or "en")
    if not language:
        # Without a language, names count as they are written.
        hits = [hit for hit in hits if not hit.is_respelt]
    if not hits:
        return []
    slugs_in_full = {name.slug for hit in hits for name in hit.names if not name.is_family_name}
    lower_case_words = _lower_case_words(text, language)
    headline_spans = headlines.headline_spans(text)
    edges = {hit.start for hit in hits} | {hit.end for hit in hits}
    suggestions = []
    for hit in hits:
        names = _likely_names(text, known, hit, slugs_in_full, language)
        if not names:
            continue
        if language == "de" and names[0].is_family_name and _follows_article(text, hit.start):
            # The star is not Mr Star: German nouns have capitals, too.
            continue
        # In German a noun beside a name is no part of it.
        longer_name = (
            ""
            if language == "de" or headlines.is_in_headline(headline_spans, hit.start)
            else _longer_name(text, hit, names[0], edges)
        )
        score, reason = _score_mention(text, hit, names, longer_name, slugs_in_full, lower_case_words)
        if score:
            suggestions.append(_mention_suggestion(text, hit, names, score, reason))
    return suggestions


def _lower_case_words(text: str, language: str) -> set[str]:
    """Return the words that a text has in lower case, folded."""
    if language in ("en", ""):
        return set(_LOWER_CASE.findall(text))
    return {fold_to_latin(word) for word in set(_PART.findall(text)) if word.islower()}


def _follows_article(text: str, start: int) -> bool:
    word = _WORD_IN_FRONT.search(text, max(0, start - 20), start)
    return bool(word and word[1].lower() in _GERMAN_ARTICLES)


def _likely_names(text: str, known: Known, hit: KnownNameHit, slugs_in_full: set[str], language: str) -> list[KnownName]:
    """Return the names that a hit may stand for, likeliest first; of people with one family name, those named in full."""
    before = text[max(0, hit.start - 60) : hit.start]
    names = [name for name in hit.names if known.given_name_fits(name, before, text[hit.start : hit.end], language or "en")]
    also_in_full = [name for name in names if name.is_family_name and name.slug in slugs_in_full]
    not_family_names = [name for name in names if not name.is_family_name]
    return not_family_names or also_in_full or names


def _score_mention(
    text: str, hit: KnownNameHit, names: list[KnownName], longer_name: str, slugs_in_full: set[str], lower_case_words: set[str]
) -> tuple[float, str]:
    """Return how likely a hit is a mention of the first of `names`, and why; 0 if it is none."""
    name, words = names[0], text[hit.start : hit.end]
    if name.is_family_name:
        folded = fold_to_latin(words)
        word_before = _WORD_BEFORE.search(text, max(0, hit.start - 40), hit.start)
        is_certain = name.slug in slugs_in_full or bool(word_before and fold_to_latin(word_before[1]) in TITLE_WORDS)
        if not is_certain and (folded in lower_case_words or folded in CALENDAR_WORDS):
            return 0, ""
    if name.text.islower() and len(name.text.split()) == 1:
        return 0, ""
    if longer_name and (name.is_family_name or fold_to_latin(longer_name.split()[-1]) in _PAPERS):
        return 0, ""
    if longer_name:
        return 0.2, f"part of a longer name that is not known: {longer_name}"
    if len(names) > 1:
        return 0.5, f"{len(names)} records have this name"
    if hit.is_respelt:
        return 0.7, f"another spelling of {name.text}"
    if name.text.islower():
        return 0.4, "a common phrase that the register has as a name"
    if name.is_family_name:
        return 0.9 if name.slug in slugs_in_full else 0.75, "the family name of one known person"
    return (_SCORE_AS_WRITTEN, "") if fold_to_latin(words) == fold_to_latin(name.text) else (0.85, f"variant of {name.text}")


def _longer_name(text: str, hit: KnownNameHit, name: KnownName, edges: set[int]) -> str:
    """Return the longer capitalised name that a hit is part of; '' if there is none.

    `edges` are the offsets at which known names begin or end.
    """
    after = _WORDS_AFTER.match(text, hit.end)
    if after and after.start(1) not in edges and not _may_stand_beside_name(after[1]):
        return f"{text[hit.start : hit.end]} {after[1]}"
    before = _WORD_BEFORE.search(text, max(0, hit.start - 40), hit.start)
    if not before or before.end(1) in edges or name.kind == Kind.PERSON or before[1].isupper():
        return ""
    if before[1].endswith(".") and len(before[1]) > _LONGEST_ABBREVIATION:
        return ""
    if before[1].endswith(_POSSESSIVES) or fold_to_latin(before[1]) in PORTFOLIO_WORDS or _may_stand_beside_name(before[1]):
        return ""
    start = before.start(1)
    if _SENTENCE_START.search(text, max(0, start - 8), start):
        return ""
    return f"{before[1]} {text[hit.start : hit.end]}"


def _may_stand_beside_name(words: str) -> bool:
    """Return whether capitalised words may be next to a name but not part of it: “NATO Secretary-General”, “on Friday NATO”."""
    for word in map(fold_to_latin, _PART.findall(words)):
        if word in TITLE_WORDS | CALENDAR_WORDS or word.removesuffix("s") in TITLE_WORDS:
            return True
        if word not in PORTFOLIO_WORDS:
            return False
    return False


def _mention_suggestion(text: str, hit: KnownNameHit, names: list[KnownName], score: float, reason: str) -> Suggestion:
    best_name = names[0]
    return Suggestion(
        kind=SuggestionKind.MENTION,
        start=hit.start,
        end=hit.end,
        exact=text[hit.start : hit.end],
        rule=MENTION_RULE,
        score=score,
        reason=reason,
        proposal={
            "entity": best_name.slug,
            "entity_kind": str(best_name.kind),
            "name": best_name.text,
            "others": [name.slug for name in names[1:]],
        },
    )
