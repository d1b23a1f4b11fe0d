"""Paragraphs and sentences of a text, as offsets in code points.

Sentence splitting errs at abbreviations and closing quotation marks; in doubt the sentence is kept whole.
"""

import re
from functools import lru_cache

Span = tuple[int, int]

_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_BULLET = re.compile(r"\s*(?:[-*+•◦▪‣·–—]+\s|\(?(?:\d{1,3}|[A-Za-z])[.)]\s|#{1,6}\s|>\s|\|)")
_LABEL = re.compile(r"\s*(?:\*\*)?(?:[A-Z][A-Z.’'-]+(?:\s+[A-Z(][\w.,’')-]*){0,8}:|[QA][.:]?(?:\s{2,}|\t))")
_STOPPED = '.!?:…”"'

_WIDEST = 120
"""Longest line of a wrapped text; where lines are longer, each is a paragraph."""


def split_lines_or_unwrapped_paragraphs(text: str) -> list[Span]:
    """Return the paragraphs of `text`, without the space around them.

    They are its lines, or in a text wrapped at a fixed column the runs of lines that belong together.
    """
    lines = [_strip_span(text, *line.span()) for line in _LINE.finditer(text)]
    lines = [(start, end) for start, end in lines if start < end]
    width = _wrap_column(text, lines)
    if not width:
        return lines
    paragraphs: list[Span] = []
    previous: Span | None = None
    for line in lines:
        if previous and _line_continues(text, previous, line, width):
            paragraphs[-1] = (paragraphs[-1][0], line[1])
        else:
            paragraphs.append(line)
        previous = line
    return paragraphs


def _strip_span(text: str, start: int, end: int) -> Span:
    raw = text[start:end]
    trimmed = raw.lstrip()
    start += len(raw) - len(trimmed)
    return start, start + len(trimmed.rstrip())


def _are_adjacent_lines(text: str, line: Span, following: Span) -> bool:
    """Return whether only one line break, and space, separates the two lines."""
    between = text[line[1] : following[0]].replace("\r\n", "\n")
    return len(between) - len(between.translate(_NO_BREAKS)) == 1


_NO_BREAKS = dict.fromkeys(map(ord, "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"))


def _line_width(text: str, line: Span) -> int:
    """Return the number of columns that the line takes, with its indent."""
    start = line[0]
    while start > 0 and text[start - 1] in " \t\u00a0" and line[0] - start < _WIDEST:
        start -= 1
    return line[1] - start


def _first_word_length(text: str, line: Span) -> int:
    words = text[line[0] : min(line[1], line[0] + 25)].split(maxsplit=1)
    return len(words[0])


def _wrap_column(text: str, lines: list[Span]) -> int:
    """Return the column at which the text was wrapped, or 0: most lines break mid-sentence where the next word did not fit."""
    adjacent = [
        (line, following) for line, following in zip(lines, lines[1:], strict=False) if _are_adjacent_lines(text, line, following)
    ]
    if len(adjacent) < 2:
        return 0
    lengths = sorted(_line_width(text, line) for line, _ in adjacent)
    # A long web address or table row may stick out.
    width = lengths[-1 - len(lengths) // 20]
    if not 40 <= width <= _WIDEST:
        return 0
    full_lines = [
        line for line, following in adjacent if _line_width(text, line) + 1 + _first_word_length(text, following) > width
    ]
    stopped = sum(text[end - 1] in _STOPPED for _, end in full_lines)
    return width if len(full_lines) >= 0.6 * len(adjacent) and stopped <= 0.4 * len(full_lines) else 0


def _line_continues(text: str, line: Span, following: Span, width: int) -> bool:
    """Return whether a wrapped line continues in the following one."""
    return (
        _are_adjacent_lines(text, line, following)
        and (text[following[0]].islower() or _line_width(text, line) + 1 + _first_word_length(text, following) > width)
        and not _BULLET.match(text, *following)
        and not _LABEL.match(text, *following)
    )


# The look-behind prevents matching a long run of stops from each of its characters.
_STOP = re.compile(
    r"(?<![.!?…])(?P<marks>[.!?…‥]+)(?P<close>[\"”’'»›)\]*_]*(?:\s?»)?)(?:\[\d{1,3}\])*\s+|[。！？｡]+[”’」』）\"]*\s*|[؟۔।]+\s*"
)
_OPENING = "\"“„‟‘'«‹([¿¡—–-•*_ \u00a0\u202f"
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]|[.’'&-])*\Z")

_BEFORE_A_NAME = frozenset(
    """
    mr mrs ms mx dr prof gen lt col maj capt cmdr cdr adm sgt cpl pvt brig sen sens rep reps gov rev hon st ste mt ft
    pres sec amb fr sr messrs mme mlle supt insp det vs v cf e.g i.e eg ie viz ca approx al mssrs ret asst dept assoc
    lt.gen maj.gen brig.gen
    mrd mio tsd bzw inkl evtl ggf sog hrsg dipl ing nr abs u.a z.b d.h
    ul im płk ppłk mjr kpt por tzw m.in np ks dot
    вул просп ім ген полк акад проф див тзв т.зв т.д
    mlle mgr av bd env
    """.split()
)
_BEFORE_A_NUMBER = frozenset(
    """
    no nos art arts fig figs p pp vol vols ch sec para eq op jan feb mar apr jun jul aug sep sept oct nov dec
    """.split()
)
_WITHIN = frozenset(
    """
    inc corp ltd co bros jr sr etc esq a.m p.m ph.d m.d b.a m.a calif mass fla tenn ariz ala ark colo conn del ga ill
    ind kan ky la md mich minn miss mo mont neb nev okla ore pa va vt wash wis wyo ave blvd rd dept univ est intl govt
    """.split()
)
"""Abbreviations that may be in the middle or at the end of a sentence: the following word decides."""

_AFTER_AN_ORDINAL = re.compile(
    r"(?:Januar|Jänner|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jahrhundert|Jahrestag|"
    r"Geburtstag|Weltkrieg|Bundestag|Brigade|Bataillon|Division|Armee|Korps|Gipfel|Paket|Sanktionspaket)s?(?!\w)"
)
"""What German counts with a number and a full stop: am 12. Juni."""
_ORDINAL = re.compile(r"(?<![\d.,])\d{1,3}\Z")

_OPENERS = frozenset(
    """
    a after all also although an and another any as asked at because before but by despite during each earlier even
    every few for from he her here his how however i if in instead it its last later many meanwhile more most my no nor
    not now of on once one or our over people she since so some still such than that the their then there these they
    this those though through to today tomorrow two under until we what when where whether which while who why with
    yesterday yet you your
    """.split()
)
"""Words that, capitalised after a full stop, begin a sentence."""

_ASKED = re.compile(
    r"(?:[A-Z][\w.’'-]*\s+){1,4}(?:said|says|asked|asks|cried|wrote|added|told|shouted|replied|exclaimed|wondered)\b"
)


def split_sentences(text: str) -> list[Span]:
    """Return the sentences of `text`, each within one paragraph; together they cover everything but the space between them."""
    sentences = []
    for start, end in split_lines_or_unwrapped_paragraphs(text):
        sentence_start = start
        for stop in _STOP.finditer(text, start, end):
            if stop.end() < end and _ends_sentence(text, stop, start, end):
                sentences.append(_strip_span(text, sentence_start, stop.end()))
                sentence_start = stop.end()
        sentences.append((sentence_start, end))
    return sentences


def _ends_sentence(text: str, stop: re.Match[str], start: int, end: int) -> bool:
    """Return whether a sentence ends at this stop within the paragraph from `start` to `end`."""
    marks, close = stop["marks"], stop["close"]
    if marks is None:
        return True
    next_start = stop.end()
    while next_start < end and text[next_start] in _OPENING:
        next_start += 1
    if next_start == end or text[next_start].islower():
        return False
    closes_quotation = any(mark in close for mark in "\"”’'»")
    if marks != ".":
        return not (closes_quotation and marks in "?!" and _ASKED.match(text, next_start, min(end, next_start + 100)))
    following = text[next_start : next_start + 30]
    word = _WORD_BEFORE.search(text[max(start, stop.start() - 20) : stop.start()])
    before = word[0].strip("’'-&").lower() if word else ""
    if _ORDINAL.search(text[max(start, stop.start() - 5) : stop.start()]) and _AFTER_AN_ORDINAL.match(following):
        return False
    if not before:
        # "1. The first point": a number that opens the paragraph is its label.
        return stop.start() - start > 5 or not text[start : stop.start()].strip("([ ").isdigit()
    if before in _BEFORE_A_NAME:
        return False
    if before in _BEFORE_A_NUMBER and following[:1].isdigit():
        return False
    is_initials = all(len(part) == 1 for part in before.split("."))
    if is_initials and stop.start() - start == 1:
        return False
    if (is_initials or before in _WITHIN) and not closes_quotation:
        opener = re.match(r"[^\W\d_]+", following)
        return opener is not None and opener[0].lower() in _OPENERS
    return True


@lru_cache(maxsize=16)
def split_sentences_cached(text: str) -> tuple[Span, ...]:
    """Return `split_sentences(text)`, cached: each capture step asks for the sentences of the section again."""
    return tuple(split_sentences(text))
