"""Unknown names: sequences of capitalised words that are not names in the register, each at its first place."""

import re
from collections import Counter
from typing import NamedTuple

from entities.likeness.latin_words import fold_to_latin
from entities.likeness.word_lists import TITLE_WORDS
from entities.vocabulary import Kind, SuggestionKind
from sources.suggestions import headlines
from sources.suggestions.known import CALENDAR_WORDS, PORTFOLIO_WORDS, Known, TextWord, split_words
from sources.suggestions.speech.person_names import iterate_person_names
from sources.suggestions.speech.vocabularies import VOCABULARIES
from sources.suggestions.suggestion import Suggestion

NAME_RULE = "names/1"

_PARTICLES = frozenset("de la le du des von van der den al el bin ben ibn di da dos del".split())
_GAP = re.compile(r"(?P<point>\.)?(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)|[-‐‑]")
_SENTENCE_START = re.compile(r"(?:^|[.!?:\n—–][\"”’')]*\s*[\"“‘(]?)$")
_LOWER_CASE = re.compile(r"(?<![\w-])[a-z]+(?![\w-])")
_LONGEST = 10
_HEADS: dict[Kind, frozenset[str]] = {
    Kind.ORGANISATION: frozenset(
        "ministry department agency group command initiative council committee commission coalition alliance union institute "
        "organisation organization foundation fund bank party parliament congress senate assembly court government "
        "administration office bureau service corps force forces army navy brigade division regiment battalion company "
        "corporation inc ltd gmbh association federation league network task taskforce board authority university college "
        "school press news agency post times journal herald tribune guard staff house industries systems aerospace dynamics "
        "partnership consortium secretariat directorate mission delegation legion police embassy pentagon kremlin".split()
    ),
    Kind.FACILITY: frozenset(
        "base plant airport airfield headquarters hub depot factory shipyard port center centre barracks camp station laboratory "
        "hospital facility reactor bridge dam pipeline terminal arsenal range".split()
    ),
    Kind.EVENT: frozenset(
        "summit conference forum war invasion exercise election elections games congress dialogue talks agreement treaty "
        "ministerial meeting operation battle revolution festival anniversary ceremony declaration accord accords pact "
        "referendum olympics".split()
    ),
}
_NATIONS = frozenset(
    "american british french german polish ukrainian russian dutch danish swedish finnish norwegian turkish italian spanish "
    "greek czech slovak slovakian hungarian romanian bulgarian estonian latvian lithuanian chinese japanese korean canadian "
    "australian european western eastern northern southern central soviet belgian portuguese austrian swiss irish icelandic "
    "croatian serbian slovenian albanian moldovan georgian belarusian israeli iranian indian brazilian mexican african "
    "asian arab syrian iraqi afghan english scottish welsh nordic baltic balkan atlantic transatlantic allied islamic "
    "christian jewish muslim us uk eu un nato".split()
)
_CALENDAR = CALENDAR_WORDS | frozenset("jan feb mar apr jun jul aug sep sept oct nov dec est edt gmt utc".split())
_NOT_FIRST = frozenset(
    "the a an this that these those in on at by for from to into with without as if but and or nor so yet when where while "
    "after before since until during under over between among despite although though because he she it they we you i his "
    "her its their our your my there here what who how why which not no all some many most more both each every other "
    "another such also now today yesterday tomorrow then thus however meanwhile later earlier moreover according speaking "
    "asked photo file image copyright read click about update live first second third last next one two three four five six "
    "seven eight nine ten let please thank thanks yes well only even still just additional several together instead former "
    "outgoing incoming".split()
)
_SAID = re.compile(r",?\s+(?:said|says|told|added|who|wrote|tweeted|warned|announced|stressed|noted|argued|explained|insisted)\b")
_APPOSITION = re.compile(
    r"(?:,|\s+is|\s+was)\s+(?P<role>(?:the|a|an|its|his|her|[A-Z][\w’'-]+['’]s?|[a-z]+)\s[^,.;:()\n]{3,90})(?=[,.])"
)
_ROLE_WORD = re.compile(
    r"\b(?:minister|president|secretary|chancellor|general|commander|spokes\w+|ambassador|adviser|advisor|director|chief|head|chair\w*|"
    r"leader|officer|official|analyst|expert|professor|fellow|senator|lawmaker|mayor|governor|envoy|representative|deputy|editor|"
    r"economist|historian|founder|executive|coordinator|journalist|reporter|writer|lawyer|prosecutor|captain|colonel|admiral)\b",
    re.IGNORECASE,
)


_PLACES = frozenset("north south east west new san los saint st upper lower middle".split())


class _UnknownName(NamedTuple):
    """Name that the register does not know, with its likely kind and the words that describe it."""

    start: int
    end: int
    kind: str
    role: str
    score: float


def find_unknown_names(text: str, known: Known, language: str = "en") -> list[Suggestion]:
    """Return the names in `text` that the register does not know, each at its first place.

    In other languages than English, only people with a given name or a role; without a language, none.
    """
    if language in VOCABULARIES:
        return _find_unknown_people(text, known, language)
    if not language:
        return []
    words = split_words(text)
    known_starts = _known_word_starts(words, known, text)
    headline_spans = headlines.headline_spans(text)
    lower_case_words = set(_LOWER_CASE.findall(text))
    first_by_key: dict[str, _UnknownName] = {}
    counts: Counter[str] = Counter()
    index = 0
    while index < len(words):
        run = _capitalised_run(text, words, index)
        if not run:
            index += 1
            continue
        index += len(run)
        if headlines.is_in_headline(headline_spans, run[0].start):
            continue
        for name in _unknown_names_in_run(text, run, known_starts, lower_case_words):
            key = " ".join(word.folded for word in split_words(text[name.start : name.end]))
            counts[key] += 1
            if key not in first_by_key or (name.score > first_by_key[key].score and name.kind and not first_by_key[key].kind):
                first_by_key[key] = (
                    name if key not in first_by_key else name._replace(start=first_by_key[key].start, end=first_by_key[key].end)
                )
    return [_name_suggestion(text, name, counts[key]) for key, name in first_by_key.items()]


def _find_unknown_people(text: str, known: Known, language: str) -> list[Suggestion]:
    hits = known.find(text, language)
    headline_spans = headlines.headline_spans(text)
    first_by_key: dict[str, _UnknownName] = {}
    counts: Counter[str] = Counter()
    index = 0
    for person in iterate_person_names(text, language):
        while index < len(hits) and hits[index].end <= person.start:
            index += 1
        is_known = index < len(hits) and hits[index].start < person.end
        if is_known or headlines.is_in_headline(headline_spans, person.start):
            continue
        key = fold_to_latin(text[person.start : person.end])
        counts[key] += 1
        name = _UnknownName(person.start, person.end, Kind.PERSON.value, person.role, 0.85 if person.role else 0.7)
        if key not in first_by_key:
            first_by_key[key] = name
        elif person.role and not first_by_key[key].role:
            first_by_key[key] = first_by_key[key]._replace(role=person.role, score=name.score)
    return [_name_suggestion(text, name, counts[key]) for key, name in first_by_key.items()]


def _known_word_starts(words: list[TextWord], known: Known, text: str) -> set[int]:
    """Return the offsets of the words that belong to known names."""
    starts, hits, index = set(), known.find(text), 0
    for word in words:
        while index < len(hits) and hits[index].end <= word.start:
            index += 1
        if index < len(hits) and hits[index].start <= word.start:
            starts.add(word.start)
    return starts


def _capitalised_run(text: str, words: list[TextWord], index: int) -> list[TextWord]:
    """Return the words from number `index` on that may form one name, with small words inside; empty if there are none."""
    if not _is_capitalised(words[index]):
        return []
    run, pending = [words[index]], list[TextWord]()
    has_preposition = False
    for word in words[index + 1 : index + _LONGEST]:
        previous = (pending or run)[-1]
        gap = _GAP.fullmatch(text, previous.end, word.start)
        if not gap or (
            gap["point"] and not (len(previous.raw) == 1 or (previous.folded in TITLE_WORDS and len(previous.raw) < 5))
        ):
            break
        if _is_capitalised(word):
            run += [*pending, word]
            pending = []
        elif word.folded in ("of", "for") or (word.folded == "the" and pending) or (word.folded == "and" and has_preposition):
            has_preposition = has_preposition or word.folded in ("of", "for")
            pending.append(word)
        elif word.folded in _PARTICLES:
            pending.append(word)
        else:
            break
    return run


def _is_capitalised(word: TextWord) -> bool:
    return word.raw[0].isupper() and word.folded not in _CALENDAR


def _unknown_names_in_run(
    text: str, run: list[TextWord], known_starts: set[int], lower_case_words: set[str]
) -> list[_UnknownName]:
    """Return the unknown names within a run of capitalised words."""
    starts_sentence = bool(_SENTENCE_START.search(text, max(0, run[0].start - 8), run[0].start))
    while run and (
        run[0].folded in _NOT_FIRST
        or not _is_capitalised(run[0])
        or (starts_sentence and run[0].folded in lower_case_words and len(run) > 1)
    ):
        run, starts_sentence = run[1:], False
    if len(run) < 2 or all(word.start in known_starts for word in run):
        return []
    kind = _kind_of_head_word(run)
    # The International Fund for Ukraine is no fund beside Ukraine: a known name after “of” or “for” ends a longer one.
    is_longer_name = run[-1].start not in known_starts or (
        run[-2].folded in ("of", "for", "the") and run[0].start not in known_starts and run[0].folded not in _NATIONS
    )
    if kind and is_longer_name:
        return [] if _is_all_capitals(run) else [_UnknownName(run[0].start, run[-1].end, kind, "", 0.75)]
    names, segment = [], []
    for word in [*run, None]:
        if word and word.start not in known_starts:
            segment.append(word)
            continue
        if segment and (name := _classify_segment(text, segment)):
            names.append(name)
        segment = []
    return names


def _kind_of_head_word(run: list[TextWord]) -> str:
    """Return the kind told by the head word, the last of a name or the first before “of” or “for”; '' if there is none."""
    for kind, heads in _HEADS.items():
        if run[-1].folded in heads or (run[0].folded in heads and len(run) > 2 and run[1].folded in ("of", "for")):
            return kind.value
    preposition_index = next((index for index, word in enumerate(run) if word.folded in ("of", "for")), 0)
    return _kind_of_head_word(run[:preposition_index]) if preposition_index > 1 else ""


def _classify_segment(text: str, segment: list[TextWord]) -> _UnknownName | None:
    """Return a person, if titles, a verb of speech or a description says so; else any other name of two words or more."""
    title_start = segment[0].start
    title_length = 0
    while title_length < len(segment) and (
        segment[title_length].folded in TITLE_WORDS | PORTFOLIO_WORDS
        or (segment[title_length].folded in _NATIONS and title_length < len(segment) - 1)
    ):
        title_length += 1
    titles, name_words = segment[:title_length], segment[title_length:]
    has_title = any(word.folded in TITLE_WORDS for word in titles)
    if titles and not has_title:
        name_words, titles = segment, []
    while name_words and name_words[-1].folded in _PARTICLES | {"of", "for", "the", "and"}:
        name_words = name_words[:-1]
    if (
        not name_words
        or _is_all_capitals(name_words)
        or all(word.folded in _NATIONS | TITLE_WORDS | PORTFOLIO_WORDS for word in name_words)
    ):
        return None
    start, end = name_words[0].start, name_words[-1].end
    role = " ".join(text[title_start:start].split()) if has_title else ""
    apposition = _APPOSITION.match(text, end)
    if apposition and _ROLE_WORD.search(apposition["role"]):
        role = f"{role}, {' '.join(apposition['role'].split())}" if role else " ".join(apposition["role"].split())
    if any(word.folded in ("of", "for", "the", "and") for word in name_words) or len(name_words) > 4:
        return _UnknownName(start, end, "", "", 0.3) if len(name_words) > 1 else None
    if role or (len(name_words) > 1 and _SAID.match(text, end)):
        return _UnknownName(start, end, Kind.PERSON.value, role, 0.85 if len(name_words) > 1 else 0.5)
    # A place such as North America is not a record, and a line of its own is a heading.
    if len(name_words) < 2 or name_words[0].folded in _PLACES or _is_whole_line(text, start, end):
        return None
    return _UnknownName(start, end, "", "", 0.4)


def _is_whole_line(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in ("", "\n") and text[end : end + 1] in ("", "\n")


def _is_all_capitals(run: list[TextWord]) -> bool:
    """Return whether all words are in capitals, as in photograph credits."""
    return all(word.raw.isupper() for word in run)


def _name_suggestion(text: str, name: _UnknownName, count: int) -> Suggestion:
    words = " ".join(text[name.start : name.end].split())
    looks = f"looks like {'an' if name.kind[0] in 'oe' else 'a'} {name.kind}" if name.kind else "capitals"
    return Suggestion(
        kind=SuggestionKind.NAME,
        start=name.start,
        end=name.end,
        exact=text[name.start : name.end],
        rule=NAME_RULE,
        score=name.score,
        reason=f"{looks}; occurs {count} times in the text" if count > 1 else f"{looks}; occurs once in the text",
        proposal={"name": words, "entity_kind": name.kind, "role": name.role},
    )
