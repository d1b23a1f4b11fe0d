"""Known names of the register's records, ready to be found in a text.

Look-ups ignore accents, apostrophes, hyphens and spaces, and case only where no other word can be meant. All names are in one
dictionary by their folded words, so that the cost of a text does not grow with the register.
"""

import re
from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from functools import lru_cache
from typing import NamedTuple, Protocol

from entities.likeness.latin_words import fold_to_latin
from entities.likeness.phonetics import romanised_spelling
from entities.likeness.record_cache import CachedRows
from entities.likeness.register_names import EntityNames, register_names
from entities.likeness.word_lists import TITLE_WORDS
from entities.vocabulary import Kind
from sources.suggestions.given_name_genders import WOMEN_S_TITLES, gender_of_given_name
from sources.suggestions.name_inflections import (
    INFLECTING_LANGUAGES,
    NamePath,
    WordReading,
    extend_paths,
    given_name_agrees,
    word_readings,
)

_WORD = re.compile(r"(?:[A-Z]\.){2,}(?:[A-Z]\b)?|(?<!\w['’ʼ])[^\W_]+(?:['’ʼ](?!s\b)[^\W_]+)*")
_GAP = re.compile(r"(?:['’ʼ]s?)?([.,]?)[^\S\n]*(?:[-‐‑–/&]|\n)?[^\S\n]*")

_SHORTEST_RESPELT = 6
_LONGEST_INFLECTED = 8

PORTFOLIO_WORDS = frozenset(
    "national security foreign defence defense interior finance economy justice state press of the and for to".split()
)
"""Folded words that occur within titles: “Secretary of State”, “Foreign Minister”."""
CALENDAR_WORDS = frozenset(
    "january february march april may june july august september october november december monday tuesday wednesday thursday "
    "friday saturday sunday".split()
)


class PersonLookup(Protocol):
    """Look-up of persons by the register's names."""

    def person_slug(self, words: str, language: str = "en") -> str:
        """Return the slug of the one person with this name, or ''."""


class KnownName(NamedTuple):
    """Name of a record. `is_family_name`: the family name of a person, on its own."""

    text: str
    kind: str
    slug: str
    is_family_name: bool = False


class TextWord(NamedTuple):
    """Word of a text without a possessive s: `text[start:end] == raw`; `folded` is the form compared."""

    start: int
    end: int
    raw: str
    folded: str


class KnownNameHit(NamedTuple):
    """Place of a text with a known name; `names` has one entry for each record with that name."""

    start: int
    end: int
    names: tuple[KnownName, ...]
    is_respelt: bool = False


class Known:
    """Known names as plain values, made from a list or, by `of_register()`, from the register's rows."""

    def __init__(self, names: Iterable[tuple | KnownName] = ()):
        self._names: dict[str, list[KnownName]] = defaultdict(list)
        self._respelt: dict[str, list[KnownName]] = defaultdict(list)
        self._longest: dict[str, int] = {}
        self._last: tuple[str, str, list[KnownNameHit]] = ("", "", [])
        self._given: dict[str, set[str]] = defaultdict(set)
        known_names = [KnownName(*name) for name in names]
        slugs_with_family_name = {name.slug for name in known_names if name.is_family_name}
        names_of_person: dict[str, list[KnownName]] = defaultdict(list)
        for name in known_names:
            words = split_words(name.text)
            if name.kind == Kind.PERSON and len(words) == 1:
                name = name._replace(is_family_name=True)
            self._add_name(name, [word.folded for word in words])
            if name.kind == Kind.PERSON:
                names_of_person[name.slug].append(name)
                self._add_forms_of_person_name(name, words, derive=name.slug not in slugs_with_family_name)
        for person_names in names_of_person.values():
            self._add_other_spellings(person_names)

    @staticmethod
    def of_register() -> "Known":
        """Return the names of all records that are neither withdrawn nor merged away; built anew only after a change of names."""
        return _known_of_snapshot(register_names.refresh())

    def with_mentions(self, mentions: tuple[KnownName, ...]) -> "Known":
        """Return these names with further ones, by which one text refers to records; itself if there are none."""
        return _known_with_mentions(self, mentions) if mentions else self

    def find(self, text: str, language: str = "en") -> list[KnownNameHit]:
        """Return every place of `text` with a known name, the longest name at each; places do not overlap.

        In a language that inflects names, cases of a name count as well.
        """
        # Several rules ask for the hits of the same text in a row.
        last_text, last_language, hits = self._last
        if last_text != text or last_language != language:
            hits = list(self._scan_text(text, language))
            self._last = (text, language, hits)
        return hits

    def person_slug(self, words: str, language: str = "en") -> str:
        """Return the slug of the one person named by `words` (“Secretary-General Jens Stoltenberg”); '' if none or several."""
        hits = [hit for hit in self.find(words, language) if any(name.kind == Kind.PERSON for name in hit.names)]
        full_hits = [hit for hit in hits if not all(name.is_family_name for name in hit.names)]
        slugs = {
            name.slug
            for hit in full_hits or hits
            for name in hit.names
            if name.kind == Kind.PERSON and self.given_name_fits(name, words[: hit.start], words[hit.start : hit.end], language)
        }
        slug = slugs.pop() if len(slugs) == 1 else ""
        return slug if slug and self._gender_fits(slug, words) else ""

    def _gender_fits(self, slug: str, words: str) -> bool:
        """Return whether a woman's title in `words` can be of the person: “Frau Scholz” is not Olaf Scholz."""
        if WOMEN_S_TITLES.isdisjoint(word.folded for word in split_words(words)):
            return True
        return {gender_of_given_name(name) for name in self._given.get(slug, ())} - {""} != {"m"}

    def given_name_fits(self, name: KnownName, text_before: str, family_name: str = "", language: str = "en") -> bool:
        """Return whether a given name in `text_before`, the words before a family name, can be that of the person.

        `family_name`: the words of the text, whose case a given name would share.
        """
        given_names = self._given.get(name.slug)
        if not name.is_family_name or not given_names:
            return True
        words_before = split_words(text_before[-60:].rpartition("\n")[2])
        if (
            not words_before
            or not words_before[-1].raw[0].isupper()
            or words_before[-1].folded in TITLE_WORDS | PORTFOLIO_WORDS
            or text_before[-1:] not in " \xa0"
        ):
            return True
        word_before = words_before[-1].folded
        if language != "en":
            return given_name_agrees(words_before[-1].raw, family_name or name.text, given_names, language)
        return any(
            word_before == given_name or (min(len(word_before), len(given_name)) == 1 and word_before[0] == given_name[0])
            for given_name in given_names
        )

    def _scan_text(self, text: str, language: str) -> Iterator[KnownNameHit]:
        words, index = split_words(text), 0
        inflects = language in INFLECTING_LANGUAGES
        readings: dict[str, list[WordReading]] = {}
        while index < len(words):
            hit, length = self._longest_name_at(text, words, index)
            if inflects:
                inflected, inflected_length = self._longest_inflected_name_at(text, words, index, language, readings)
                if inflected and (not hit or hit.is_respelt or inflected_length > length):
                    hit, length = inflected, inflected_length
            if hit:
                yield hit
            index += length

    def _add_name(self, name: KnownName, folded: Sequence[str]) -> None:
        if not folded:
            return
        same_words = self._names[" ".join(folded)]
        if name not in same_words:
            same_words.append(name)
        self._longest[folded[0]] = max(self._longest.get(folded[0], 0), len(folded))

    def _add_forms_of_person_name(self, name: KnownName, words: list[TextWord], derive: bool) -> None:
        folded = [word.folded for word in words]
        long_words = [word for word in folded if len(word) > 1]
        if len(long_words) > 1:
            self._add_name(name, long_words)
            self._given[name.slug].update(folded[:-1])
        family = KnownName(words[-1].raw, name.kind, name.slug, is_family_name=True) if words else name
        if derive and len(long_words) > 1:
            self._add_name(family, folded[-1:])
        if long_words and len(long_words[-1]) >= _SHORTEST_RESPELT:
            self._respelt[romanised_spelling(long_words[-1])].append(family)

    def _add_other_spellings(self, names: list[KnownName]) -> None:
        """Combine each family name of a person with each given name: Zelensky is also Volodymyr Zelensky."""
        full_names = [name for name in names if not name.is_family_name]
        for family in {name.text for name in names if name.is_family_name} if full_names else ():
            for name in full_names:
                given_names = name.text.rpartition(" ")[0]
                combined = KnownName(f"{given_names} {family}", name.kind, name.slug)
                self._add_name(combined, [word.folded for word in split_words(combined.text) if len(word.folded) > 1])

    def _longest_name_at(self, text: str, words: list[TextWord], index: int) -> tuple[KnownNameHit | None, int]:
        """Return the longest known name that starts at word number `index`, and how many words it takes."""
        first = words[index]
        for length in range(min(self._longest.get(first.folded, 0) + 2, len(words) - index), 0, -1):
            window = words[index : index + length]
            without_initials = [word for word in window if len(word.raw) > 1 or word is first]
            for candidate in (
                (window, without_initials) if len(without_initials) < length and len(window[-1].raw) > 1 else (window,)
            ):
                names = self._names.get(" ".join([word.folded for word in candidate]), ())
                fitting: dict[str, KnownName] = {}
                for name in names:
                    if name.slug not in fitting and _may_be_name(name, text, window, candidate):
                        fitting[name.slug] = name
                if fitting:
                    return KnownNameHit(first.start, window[-1].end, tuple(fitting.values())), length
        if len(first.folded) >= _SHORTEST_RESPELT and first.raw[0].isupper() and self._respelt:
            people = {name.slug: name for name in self._respelt.get(romanised_spelling(first.folded), ())}
            if people:
                return KnownNameHit(first.start, first.end, tuple(people.values()), is_respelt=True), 1
        return None, 1

    def _longest_inflected_name_at(
        self, text: str, words: list[TextWord], index: int, language: str, cache: dict[str, list[WordReading]]
    ) -> tuple[KnownNameHit | None, int]:
        """Return the longest known name of which a case starts at word number `index`, and how many words it takes."""
        best: tuple[KnownNameHit | None, int] = (None, 0)
        for first in self._readings(words[index], language, cache):
            longest = min(self._longest.get(first.folded, 0), len(words) - index, _LONGEST_INFLECTED)
            paths = [NamePath(first.folded, first.cases, not first.is_as_written)] if longest else []
            for length in range(1, longest + 1):
                if length > 1:
                    paths = extend_paths(paths, self._readings(words[index + length - 1], language, cache))
                if length > best[1]:
                    start = words[index].start + first.offset
                    window = [words[index]._replace(start=start, raw=words[index].raw[first.offset :])]
                    window += words[index + 1 : index + length]
                    fitting = self._names_on_paths(text, paths, window)
                    if fitting:
                        best = KnownNameHit(start, window[-1].end, fitting), length
            if (
                not best[0]
                and not first.is_as_written
                and len(first.folded) >= _SHORTEST_RESPELT
                and words[index].raw[0].isupper()
            ):
                people = {name.slug: name for name in self._respelt.get(romanised_spelling(first.folded), ())}
                if people:
                    best = KnownNameHit(words[index].start, words[index].end, tuple(people.values()), is_respelt=True), 1
        return best

    def _readings(self, word: TextWord, language: str, cache: dict[str, list[WordReading]]) -> list[WordReading]:
        if word.raw not in cache:
            cache[word.raw] = word_readings(word.raw, word.folded, language)
        return cache[word.raw]

    def _names_on_paths(self, text: str, paths: list[NamePath], window: list[TextWord]) -> tuple[KnownName, ...]:
        """Return one name for each record that the words of a window may be a case of."""
        fitting: dict[str, KnownName] = {}
        for folded, cases, is_inflected in paths:
            for name in self._names.get(folded, ()) if is_inflected else ():
                # The words of a person's name stand in one case; a body's name has words that stay as they are.
                if name.slug not in fitting and (cases or name.kind != Kind.PERSON) and _may_be_name(name, text, window, window):
                    fitting[name.slug] = name
        return tuple(fitting.values())


@lru_cache(maxsize=16)
def _known_with_mentions(known: Known, mentions: tuple[KnownName, ...]) -> Known:
    # The names of the register stay in their own dictionary: copying it would cost more than reading the text.
    extended = copy(known)
    extended._names = ChainMap({}, known._names)  # type: ignore[assignment]
    extended._longest = ChainMap({}, known._longest)  # type: ignore[assignment]
    extended._last = ("", "", [])
    for mention in mentions:
        folded = [word.folded for word in split_words(mention.text)]
        if folded:
            words = " ".join(folded)
            extended._names[words] = [*extended._names.get(words, ()), mention]
            extended._longest[folded[0]] = max(extended._longest.get(folded[0], 0), len(folded))
    return extended


@lru_cache(maxsize=1)
def _known_of_snapshot(snapshot: CachedRows[EntityNames]) -> Known:
    entities = [entity for _, entity in sorted(snapshot.rows.items()) if not (entity.is_withdrawn or entity.is_merged)]
    names = [KnownName(entity.name, entity.kind, entity.slug) for entity in entities]
    names += [KnownName(text, entity.kind, entity.slug) for entity in entities for text in entity.other_names]
    for person in entities:
        if person.family_name:
            names.append(KnownName(person.family_name, Kind.PERSON, person.slug, is_family_name=True))
            if person.given_name:
                names.append(KnownName(f"{person.given_name} {person.family_name}", Kind.PERSON, person.slug))
    return Known(names)


def split_words(text: str) -> list[TextWord]:
    """Return the words of `text`, each without a possessive s; dotted capitals (U.S.) are one word."""
    folded: dict[str, str] = {}
    words = []
    for match in _WORD.finditer(text):
        raw = match.group()
        if raw not in folded:
            folded[raw] = fold_to_latin(raw)
        words.append(TextWord(match.start(), match.end(), raw, folded[raw]))
    return words


def _may_be_name(name: KnownName, text: str, window: list[TextWord], candidate: list[TextWord]) -> bool:
    """Return whether the words of a text may be the name, judged by what is between them and by their capitals."""
    for word, following in zip(window, window[1:], strict=False):
        gap = _GAP.fullmatch(text, word.end, following.start)
        if not gap or (gap[1] == "," and "," not in name.text) or (gap[1] == "." and len(word.raw) > 3):
            return False
    name_words = [word.raw for word in split_words(name.text)][-len(candidate) :]
    if len(name_words) < len(candidate):
        return False
    capitals = [(own_word, word.raw) for own_word, word in zip(name_words, candidate, strict=True) if own_word[0].isupper()]
    if len(capitals) == 1 or name.kind == Kind.PERSON:
        return all(_capitals_agree(own_word, theirs) for own_word, theirs in capitals)
    return not capitals or any(_capitals_agree(own_word, theirs) for own_word, theirs in capitals)


def _capitals_agree(own_word: str, text_word: str) -> bool:
    if own_word.isupper() and len(own_word) > 1:
        # Some papers write Nato, but “it” is not IT and “who” is not WHO.
        return text_word.isupper() or (len(own_word) > 3 and text_word[0].isupper() and text_word[1:].islower())
    return text_word[0].isupper()
