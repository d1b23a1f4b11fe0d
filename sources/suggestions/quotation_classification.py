"""Quoted speech: which words in quotation marks are somebody's, and which are titles, names or terms."""

import re

from sources.suggestions.quotation_marks import QuotedSpan
from sources.suggestions.speaker_mention import SpeakerMention

_NAMING = re.compile(
    r"\b(?:so-called|known as|known for|named|nicknamed|dubbed|titled|entitled|code-?named|marked|labell?ed|reading|stamped|"
    r"spelled|pronounced|(?:the|a) (?:term|word|phrase|slogan|hashtag|song|film|movie|book|novel|album|play|series|show|podcast|"
    r"exercise|operation|ship|game|article|headline|essay|poem|button|feature|tab|function|call sign|code ?name)s?)\s*\W{0,2}\Z",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"\b(?:films?|movies?|books?|novels?|albums?|songs?|hits?|comed(?:y|ies)|dramas?|thrillers?|musicals?|documentar(?:y|ies)|sitcoms?|operas?|"
    r"podcasts?|memoirs?|essays?|ballads?|poems?|sequels?|prequels?|trilog(?:y|ies)|blockbusters?|westerns?|romcoms?|miniseries|series|shows?|plays?|"
    r"anthems?|singles?|paintings?|sculptures?|magazines?|bestsellers?|biopics?|satires?|remakes?|tracks?|cartoons?|exhibitions?|exercises?|"
    r"operations?|ships?|games?|ballets?|symphon(?:y|ies)|anthology|autobiography|biography|novella|franchise)"
    r",?\s*\Z",
    re.IGNORECASE,
)
"""Nouns right before the marks for works, which have titles."""

_OF_A_WORK = re.compile(
    r"\s+(?:co-)?(?:director|star|stars|actor|actress|author|creator|writer|screenwriter|producer|singer|composer|showrunner|franchise|film|movie|"
    r"series|sequel|album|tour|fame|remake|trilogy|actors|cast|trailer|premiere|screening|soundtrack|reboot|spin-?off)s?\b"
)
"""Words right after the marks: “Kites” director Una Lee."""

_CALLED = re.compile(r"\bcalled\s*(?:the\s+|an?\s+)?\Z")
_WHAT_IS_CALLED = re.compile(r"\b(?:what|which)\b[^,.;]{0,60}\bcalled\s*(?:the\s+|an?\s+)?\Z")
_CALLS = re.compile(r"\bcalls?\s*(?:the\s+|an?\s+)?\Z")
"""In the present tense it is a term: what the army calls a “hedgehog”."""

_WORD = re.compile(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SMALL = frozenset("a an the of and in on for to at by with from or as is vs".split())
_STOPS = ".!?…"
_MARKS = "’'”\"»›"
"""Marks that can close a quotation within the quotation."""

_CLAUSE_OPENERS = frozenset("i we you he she it they this these that those there".split())


_LONGEST_TITLE = 12
"""Most words of a work's title."""


def is_whole_sentence(text: str, quoted: QuotedSpan, speaker: SpeakerMention | None, *, speaker_carried_on: bool) -> bool:
    """Return whether the marks hold a sentence that somebody said, not a term or a title.

    `speaker_carried_on`: the speaker of the quotation before goes on.
    """
    words = text[quoted.start : quoted.end].lstrip("[(…. ‘'")
    word_count = len(_WORD.findall(words[:400]))
    if not words or words[0].islower():
        return False
    last_words = text[max(quoted.start, quoted.closed - 4) : quoted.closed - 1].rstrip(_MARKS)
    stops_inside_marks = last_words[-1:] in (*_STOPS, ",")
    is_stopped = (
        stops_inside_marks or quoted.continues or quoted.unclosed or text[quoted.closed : quoted.closed + 1] in (*",.!?",)
    )
    is_attributed = speaker is not None and speaker.rule in ("after", "colon", "signature")
    if _is_title_case(words) and not (is_attributed and word_count < 3):
        return False
    return is_stopped and (
        word_count >= (3 if stops_inside_marks else 5)
        or is_attributed
        or speaker_carried_on
        or (speaker is not None and words.rstrip(_MARKS)[-1:] in (*_STOPS,))
    )


def is_spoken_fragment(text: str, quoted: QuotedSpan, speaker: SpeakerMention | None) -> bool:
    """Return whether a quoted fragment is somebody's words."""
    words = text[quoted.start : quoted.end]
    word_count = len(_WORD.findall(words[:400]))
    if speaker and word_count == 1 and words[0].isupper() and speaker.rule in ("calling", "trailing"):
        # They called him “Uncle”. “Soon” may be late, Fell said.
        return False
    if speaker:
        return not _is_title_case(words) or speaker.rule == "calling"
    return word_count >= 5 and words[:1].islower()


def is_full_clause(text: str, quoted: QuotedSpan) -> bool:
    """Return whether a fragment has its own subject, and so is a whole sentence but for its capital."""
    words = text[quoted.start : quoted.end].split()
    return len(words) >= 5 and words[0].lower().strip("[]") in _CLAUSE_OPENERS


def is_name_or_term(text: str, quoted: QuotedSpan) -> bool:
    """Return whether the words around the marks show that they hold a name, a title or a term."""
    before, after = text[max(0, quoted.opened - 80) : quoted.opened], text[quoted.closed : quoted.closed + 2]
    words = text[quoted.start : quoted.end].split()
    if _NAMING.search(before):
        return True
    if len(words) <= _LONGEST_TITLE and words and not words[0][:1].islower():
        has_pause = text[quoted.closed - 2 : quoted.closed - 1] == "," or text[quoted.closed : quoted.closed + 1] == ","
        if _WORK.search(before) and (not before.rstrip().endswith(",") or _is_title_case(" ".join(words)) or len(words) == 1):
            return True
        if not has_pause and _OF_A_WORK.match(text, quoted.closed, quoted.closed + 30):
            return True
    if "call" in before and (
        (_CALLED.search(before) and not _WHAT_IS_CALLED.search(before)) or (len(words) <= 2 and _CALLS.search(before))
    ):
        return True
    last_word = before.split()[-1:]
    # Ada “the Kite” Fell
    return len(words) <= 3 and bool(last_word and last_word[0][0].isupper() and after[:1] == " " and after[1:].isupper())


def _is_title_case(words: str) -> bool:
    """Return whether words are capitalised as titles and names are."""
    content = [word for word in _WORD.findall(words[:200]) if word.lower() not in _SMALL]
    return 2 <= len(content) <= 12 and all(word[0].isupper() or word[0].isdigit() for word in content)
