"""Which words in quotation marks are somebody's: marks hold titles, names and terms as well."""

import re

from sources.suggestions.noun_phrases import SpeakerMention
from sources.suggestions.quotation_marks import QuotedSpan

_NAMING = re.compile(
    r"\b(?:so-called|known as|known for|named|nicknamed|dubbed|titled|entitled|code-?named|marked|labell?ed|reading|stamped|"
    r"spelled|pronounced|(?:the|a) (?:term|word|phrase|slogan|hashtag|song|film|movie|book|novel|album|play|series|show|podcast|"
    r"exercise|operation|ship|game|article|headline|essay|poem|button|feature|tab|function|call sign|code ?name)s?)\s*\W{0,2}\Z",
    re.IGNORECASE,
)
_CALLED = re.compile(r"\bcalled\s*(?:the\s+|an?\s+)?\Z")
_WHAT_IS_CALLED = re.compile(r"\b(?:what|which)\b[^,.;]{0,60}\bcalled\s*(?:the\s+|an?\s+)?\Z")
_CALLS = re.compile(r"\bcalls?\s*(?:the\s+|an?\s+)?\Z")
"""What the army calls a “hedgehog”: in the present it is a term."""

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SMALL = frozenset("a an the of and in on for to at by with from or as is vs".split())
_STOPS = ".!?…"
_CLAUSE_OPENERS = frozenset("i we you he she it they this these that those there".split())


def is_whole_sentence(text: str, one: QuotedSpan, found: SpeakerMention | None, *, carried: bool) -> bool:
    """Whether the marks hold a sentence of somebody's, not a term or a title. `carried`: the one before speaks on."""
    inner = text[one.start : one.end].lstrip("[(…. ‘'")
    count = len(_WORD.findall(inner[:400]))
    if not inner or inner[0].islower():
        return False
    stopped_within = text[one.closed - 2 : one.closed - 1] in _STOPS + ","
    stopped = stopped_within or one.continues or one.unclosed or text[one.closed : one.closed + 1] in (*",.!?",)
    follows = found is not None and found.rule in ("after", "colon", "signature")
    if _is_title_case(inner) and not (follows and count < 3):
        return False
    return stopped and (
        count >= (3 if stopped_within else 5) or follows or carried or (found is not None and inner[-1] in _STOPS)
    )


def is_spoken_fragment(text: str, one: QuotedSpan, found: SpeakerMention | None) -> bool:
    """Whether a fragment is somebody's words."""
    inner = text[one.start : one.end]
    count = len(_WORD.findall(inner[:400]))
    if found and count == 1 and inner[0].isupper() and found.rule == "calling":
        # They called him “Uncle”.
        return False
    if found:
        return not _is_title_case(inner) or found.rule == "calling"
    return count >= 5 and inner[:1].islower()


def is_full_clause(text: str, one: QuotedSpan) -> bool:
    """Whether a fragment has a subject of its own, and so is a whole sentence but for its capital."""
    words = text[one.start : one.end].split()
    return len(words) >= 5 and words[0].lower().strip("[]") in _CLAUSE_OPENERS


def is_name_or_term(text: str, one: QuotedSpan) -> bool:
    """Whether the words around the marks say that they hold a name, a title or a term."""
    before, after = text[max(0, one.opened - 80) : one.opened], text[one.closed : one.closed + 2]
    words = text[one.start : one.end].split()
    if _NAMING.search(before):
        return True
    if "call" in before and (
        (_CALLED.search(before) and not _WHAT_IS_CALLED.search(before)) or (len(words) <= 2 and _CALLS.search(before))
    ):
        return True
    last = before.split()[-1:]
    # Ada “the Kite” Fell
    return len(words) <= 3 and bool(last and last[0][0].isupper() and after[:1] == " " and after[1:].isupper())


def _is_title_case(words: str) -> bool:
    """Whether words are written as titles and names are: with capitals."""
    content = [word for word in _WORD.findall(words[:200]) if word.lower() not in _SMALL]
    return 2 <= len(content) <= 12 and all(word[0].isupper() or word[0].isdigit() for word in content)
