"""Cases of names: which names the words of a text may be, in languages that inflect names or join words to them.

Rules are conservative: an ending is only taken off where a name in the nominative can have taken it on, and the words of a longer
name must stand in one case.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from entities.likeness.latin_words import fold_to_latin
from sources.suggestions.speech.given_names import GIVEN_NAMES
from sources.suggestions.speech.vocabularies import is_title_or_function_word

INFLECTING_LANGUAGES = ("uk", "pl", "de", "fr")
_OBLIQUE = ("gen", "dat", "acc", "ins", "loc")
_ANY_CASE = frozenset(f"{gender}.{case}" for gender in "mfnp" for case in ("nom", *_OBLIQUE))
_NOMINATIVE = frozenset(f"{gender}.nom" for gender in "mfnp")
_NOT_DECLINED_OF_WOMEN = _NOMINATIVE | {f"f.{case}" for case in _OBLIQUE}
_ELIDED = re.compile(r"(?:[ldcsnjmtLDCSNJMT]|[Qq]u)['’](?=\w)")
_SHORTEST_STEM = 2
_MOST_PATHS = 64
"""Readings of the beginning of a name that are followed further."""


class WordReading(NamedTuple):
    """Nominative that a word of a text may be a case of: its folded form, and the genders and cases (m.gen) it may stand in.

    `offset`: characters of the word that are not part of the name. `is_as_written`: nothing was taken off.
    """

    folded: str
    cases: frozenset[str]
    offset: int = 0
    is_as_written: bool = False


class NamePath(NamedTuple):
    """Beginning of a name: its folded words, the cases in which all of them can stand, and whether one of them is inflected."""

    folded: str
    cases: frozenset[str]
    is_inflected: bool


# Ending in the text > ending of the nominative: cases.
_RULES_TEXT = {
    "uk": """
        а>: m.gen m.acc | у>: m.gen m.dat m.loc | ові>: m.dat m.loc | еві>: m.dat m.loc | ом>: m.ins | ем>: m.ins | і>: m.loc
        я>й: m.gen m.acc | ю>й: m.dat m.loc | єм>й: m.ins | єві>й: m.dat m.loc | ї>й: m.loc
        я>ь: m.gen m.acc | ю>ь: m.dat m.loc | ем>ь: m.ins | еві>ь: m.dat m.loc | і>ь: m.loc
        а>о: m.gen m.acc n.gen | у>о: m.dat m.loc n.dat n.loc | ові>о: m.dat m.loc | ом>о: m.ins n.ins | і>о: n.loc
        и>а: f.gen m.gen | і>а: f.dat f.loc m.dat m.loc | у>а: f.acc m.acc | ою>а: f.ins m.ins
        ї>я: f.gen f.dat f.loc | і>я: f.gen f.dat f.loc | ю>я: f.acc | єю>я: f.ins | ею>я: f.ins
        ого>ий: m.gen m.acc | ому>ий: m.dat m.loc | им>ий: m.ins
        ої>а: f.gen | ій>а: f.dat f.loc
        ого>е: n.gen | ому>е: n.dat n.loc | им>е: n.ins
        >и: p.gen p.acc | ам>и: p.dat | ами>и: p.ins | ах>и: p.loc | их>і: p.gen p.acc p.loc | им>і: p.dat | ими>і: p.ins
        ів>и: p.gen p.acc | ів>ї: p.gen
        """,
    "pl": """
        a>: m.gen m.acc | u>: m.gen m.dat m.loc | owi>: m.dat | em>: m.ins | iem>: m.ins | ie>: m.loc
        ego>: m.gen m.acc | emu>: m.dat | m>: m.ins m.loc | ego>y: m.gen m.acc | emu>y: m.dat
        y>a: f.gen m.gen | i>a: f.gen f.dat f.loc m.gen | ie>a: f.dat f.loc | ę>a: f.acc m.acc | ą>a: f.ins f.acc m.ins
        sce>ska: f.dat f.loc | ce>ka: f.dat f.loc | dze>ga: f.dat f.loc | rze>ra: f.dat f.loc
        iej>a: f.gen f.dat f.loc | ej>a: f.gen f.dat f.loc
        y>o: m.gen | ę>o: m.acc | ą>o: m.ins
        a>o: n.gen | u>o: n.dat | em>o: n.ins | ie>o: n.loc
        ego>e: n.gen | emu>e: n.dat | ym>e: n.ins n.loc
        ów>y: p.gen p.acc | om>y: p.dat | ami>y: p.ins | ach>y: p.loc | >y: p.gen
        ych>e: p.gen p.acc p.loc | ym>e: p.dat | ymi>e: p.ins
        """,
    "de": """
        s>: m.gen f.gen n.gen p.gen | es>: m.gen n.gen | ’>: m.gen f.gen
        en>e: f.gen f.dat p.gen p.dat p.acc m.gen n.gen | er>e: f.gen f.dat p.gen
        en>es: n.gen n.dat | em>es: n.dat | en>er: m.gen m.dat m.acc | em>er: m.dat
        """,
}
_RULES: dict[str, list[tuple[str, str, frozenset[str]]]] = {
    language: [
        (ending, nominative, frozenset(cases.split()))
        for rule in re.split(r"[|\n]", rules)
        if rule.strip()
        for change, _, cases in [rule.strip().partition(":")]
        for ending, _, nominative in [change.partition(">")]
    ]
    for language, rules in _RULES_TEXT.items()
}


def word_readings(raw: str, folded: str, language: str) -> list[WordReading]:
    """Return what a word of a text in `language` may be, first as it is written."""
    readings = [WordReading(folded, _cases_as_written(raw, language), is_as_written=True)]
    if language == "fr":
        elided = _ELIDED.match(raw)
        if elided:
            readings.append(WordReading(fold_to_latin(raw[elided.end() :]), _ANY_CASE, offset=elided.end()))
        return readings
    word = raw.lower()
    if not raw[0].isupper() and language == "de":
        return readings
    for ending, nominative, cases in _RULES.get(language, ()):
        stem = word[: len(word) - len(ending)] if word.endswith(ending) else ""
        if len(stem) < _SHORTEST_STEM or (not ending and stem[-1] in "аеєиіїоуюяaeiouyąę"):
            continue
        if not nominative and stem[-1] in "аеєиіїоуюяь":
            continue
        for form in _stems_in_nominative(stem, nominative, language):
            readings.append(WordReading(fold_to_latin(form), cases))
    return readings


def given_name_agrees(word: str, family_name: str, given_names: Iterable[str], language: str) -> bool:
    """Return whether a capitalised word before a family name is no other given name than these: a role, or in another case."""
    folded = fold_to_latin(word)
    readings = word_readings(word, folded, language)
    if any(name == reading.folded or (len(folded) == 1 and folded == name[0]) for name in given_names for reading in readings):
        return True
    if is_title_or_function_word(word, language):
        return True
    if language == "de" and family_name[-1] in "s’'":
        # Die Rede Fells, but Ada Fells Rede
        return folded not in GIVEN_NAMES
    cases = frozenset().union(*(reading.cases for reading in word_readings(family_name, fold_to_latin(family_name), language)))
    return not any(reading.cases & cases for reading in readings)


def _stems_in_nominative(stem: str, nominative: str, language: str) -> list[str]:
    """Return the nominatives of a stem, with the vowels that change or appear in its last syllable."""
    forms = [stem + nominative]
    if nominative in ("", "ь") and len(stem) > 3:
        if language == "uk" and stem[-2] in "оеє":
            # Києва: Київ
            forms.append(stem[:-2] + ("ї" if stem[-2] == "є" else "і") + stem[-1] + nominative)
        if language == "pl" and stem[-1] not in "aeiouyąę" and stem[-2] not in "aeiouyąę":
            # Pawła: Paweł
            forms.append(f"{stem[:-1]}e{stem[-1]}")
    return forms


def _cases_as_written(raw: str, language: str) -> frozenset[str]:
    """Return the cases in which a name can be as it is written: those that are not declined, in all."""
    if language not in ("uk", "pl") or (raw.isupper() and len(raw) > 1) or len(raw) < 3:
        return _ANY_CASE
    last = raw[-1].lower()
    if last in ("оеєуюіїeiouéö" if language == "uk" else "eiuéö"):
        return _ANY_CASE
    if last in "аяиaąęy":
        return _NOMINATIVE
    return _NOT_DECLINED_OF_WOMEN


def extend_paths(paths: list[NamePath], readings: list[WordReading]) -> list[NamePath]:
    """Return the beginnings of names, each with one more word: in the same case, or as it is written (then without cases)."""
    extended = []
    for folded, cases, is_inflected in paths:
        for reading in readings:
            common = cases & reading.cases
            if common or (reading.is_as_written and is_inflected):
                extended.append(NamePath(f"{folded} {reading.folded}", common, is_inflected or not reading.is_as_written))
    return extended[:_MOST_PATHS]
