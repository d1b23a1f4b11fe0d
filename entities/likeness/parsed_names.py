"""Parse a name once for comparison: words in lower-case Latin letters, each with its sounds and its weight."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.given_name_index import name_families, names_meant, standard_spelling
from entities.likeness.latin_words import LATIN_WORD, QUOTATION_MARKS
from entities.likeness.phonetics import consonant_codes, encode_sounds, simplify_sound
from entities.likeness.romanisation import (
    CONSONANTAL_SCRIPTS,
    LATIN,
    SYLLABIC_SCRIPTS,
    detect_script,
    respell_accented_words,
    romanise,
)
from entities.likeness.word_lists import (
    COMMON_WORD_WEIGHTS,
    DISTINGUISHING_WORDS,
    GENERIC_WORDS,
    HONORIFICS,
    LEGAL_FORM_GROUPS,
    LEGAL_FORMS,
    NAME_PARTICLES,
    NUMBER_WORDS,
    PHRASE_FORMS,
    ROMAN_NUMERALS,
    STOP_WORDS,
    TENS_WORDS,
    WORD_VARIANTS,
)
from entities.likeness.word_translations import PLACE_NAME_FORMS, WORD_TRANSLATIONS

PERSON = "person"

MAX_WORDS = 24
"""Maximum number of words parsed: a longer name is a sentence."""

# Letters that may stand for a vowel in a script without vowels.
_VOWEL_LETTERS = re.compile("(?<=.)[vwy]")
_DOTTED_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_SYLLABLE = re.compile("[A-Z][a-z]*")
_KNOWN_PHRASES = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in sorted(PHRASE_FORMS, key=len, reverse=True)))

_LOOKALIKES = str.maketrans("013459", "oleasg")
"""Digits used in place of letters in names of people."""
_COMMON_WORDS = list(COMMON_WORD_WEIGHTS)


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a name in lower-case Latin letters, with its sound and its weight (0 to 1)."""

    text: str
    sound: str
    weight: float
    script: str
    is_number: bool
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]
    names_meant: frozenset[str] = frozenset()
    """Given names that it may be a short form of, in the name of a person."""
    families: frozenset[str] = frozenset()
    """Families of given names that it belongs to, in the name of a person; none unless it is a known given name."""

    def is_another_given_name(self, other: "NameWord") -> bool:
        """Tell whether both are known given names, but not forms of one name of one gender."""
        return bool(self.families and other.families) and self.families.isdisjoint(other.families)


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name, parsed for comparison."""

    words: tuple[NameWord, ...]
    joined: str
    """The words without legal forms and spaces."""
    initials: frozenset[str]
    short: str
    """The name itself if it may be an acronym, else empty."""
    script: str
    syllables: tuple[str, ...]
    """Syllables of a short name in a syllabic script."""
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]

    @property
    def legal_form_groups(self) -> frozenset[str]:
        """The kinds of company that its legal forms denote."""
        return frozenset(LEGAL_FORM_GROUPS[word.text] for word in self.words if word.text in LEGAL_FORM_GROUPS)

    @property
    def patronymics(self) -> frozenset[tuple[str, str]]:
        """Pairs of the words before and after each "bin"."""
        texts = [word.text for word in self.words]
        return frozenset((texts[i - 1], texts[i + 1]) for i in range(1, len(texts) - 1) if texts[i] == "bin")

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.is_number)

    @property
    def distinguishing_words(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.text in DISTINGUISHING_WORDS)


@lru_cache(maxsize=1 << 17)
def parse_name(name: str, kind: str) -> ParsedName:
    """Parse a name into words, sounds, initials and syllables."""
    is_person = kind == PERSON
    plain = unicodedata.normalize("NFKC", name)
    script = detect_script(plain)
    romanised = QUOTATION_MARKS.sub("", romanise(plain)).replace("&", " and ").replace("+", " and ")
    lower = romanised.casefold()
    if not is_person:
        lower = _DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), lower)
        roman_numerals = (
            {word.casefold() for word in re.findall(r"\b[IVX]+\b", romanised) if word in ROMAN_NUMERALS}
            if _has_mixed_case(romanised)
            else set()
        )
    else:
        roman_numerals = set()
        lower = re.sub(r"\b([b-df-hj-np-tv-z])([b-df-hj-np-tv-z])\b", r"\1 \2", lower)
    lower = " ".join(LATIN_WORD.findall(lower))
    if not is_person:
        lower = _KNOWN_PHRASES.sub(lambda match: PHRASE_FORMS[match[0]], lower)
    spoken_words = lower.split()[:MAX_WORDS]
    if not is_person:
        spoken_words = _join_number_words(spoken_words)
    texts = [_canonical_word(text, roman_numerals, is_person) for text in spoken_words]
    if is_person:
        kept = [i for i, text in enumerate(texts) if text not in HONORIFICS and text not in LEGAL_FORMS] or range(len(texts))
        texts, spoken_words = [texts[i] for i in kept], [spoken_words[i] for i in kept]
    if script == LATIN and not plain.isascii():
        respelled = respell_accented_words(plain)
        spoken_words = [respelled.get(text, text) for text in spoken_words]
    words = tuple(_parse_word(text, spoken, is_person, script) for text, spoken in zip(texts, spoken_words, strict=True))
    weighty = [word.text for word in words if word.weight >= 0.3]
    joined = [text for text in texts if text not in LEGAL_FORMS and text != "the"]
    letters = "".join(text[0] for text in texts if text not in STOP_WORDS and text not in LEGAL_FORMS)
    all_letters = "".join(text[0] for text in texts if text not in LEGAL_FORMS)
    initials = frozenset({letters, all_letters}) if not is_person and len(weighty) > 1 else frozenset()
    short = weighty[0] if not is_person and len(weighty) == 1 and 2 <= len(weighty[0]) <= 8 and weighty[0].isalpha() else ""
    sound_readings = [word.sounds for word in words if word.weight > 0.1]
    sounds = tuple(
        dict.fromkeys("".join(readings[reading % len(readings)] for readings in sound_readings) for reading in (0, -1))
    )
    consonants = tuple(consonant_codes(reading) for reading in sounds)
    syllables = tuple(_SYLLABLE.findall(romanised.replace(" ", ""))) if script in SYLLABIC_SCRIPTS and len(plain) <= 5 else ()
    return ParsedName(words, "".join(joined or texts), initials, short, script, syllables, sounds, consonants)


@lru_cache(maxsize=1 << 16)
def _parse_word(text: str, spoken: str, is_person: bool, script: str) -> NameWord:
    sound = simplify_sound(_VOWEL_LETTERS.sub("", text) if script in CONSONANTAL_SCRIPTS else text)
    sounds = encode_sounds(spoken, script)
    if not is_person and text in PLACE_NAME_FORMS:
        sounds += tuple(encode_sounds(form, "")[0] for form in PLACE_NAME_FORMS[text])
    consonants = tuple(consonant_codes(code) for code in sounds)
    given_names = (names_meant(text), name_families(text)) if is_person else ()
    return NameWord(text, sound, _word_weight(text, is_person), script, text.isdigit(), sounds, consonants, *given_names)


def _has_mixed_case(text: str) -> bool:
    """Tell whether capitals are significant in a text."""
    return any(letter.islower() for letter in text)


def _canonical_word(text: str, roman_numerals: set[str], is_person: bool) -> str:
    if is_person:
        text = text if text.isalpha() else text.translate(_LOOKALIKES)
        return standard_spelling(text)
    if match := _ORDINAL.fullmatch(text):
        return match[1]
    if text in roman_numerals:
        return ROMAN_NUMERALS[text.upper()]
    return NUMBER_WORDS.get(text) or WORD_VARIANTS.get(text) or WORD_TRANSLATIONS.get(text, text)


def _join_number_words(texts: list[str]) -> list[str]:
    """Join tens and ones, in words or digits, to one number: forty four, forty 4."""
    joined: list[str] = []
    for text in texts:
        number = NUMBER_WORDS.get(text, text)
        if joined and number.isdigit() and len(number) == 1 and joined[-1] in TENS_WORDS:
            joined[-1] = str(int(NUMBER_WORDS[joined[-1]]) + int(number))
        else:
            joined.append(text)
    return joined


def _word_weight(text: str, is_person: bool) -> float:
    if is_person:
        return 0.35 if len(text) == 1 else 0.2 if text in NAME_PARTICLES else 1.0
    if text in STOP_WORDS or text in LEGAL_FORMS:
        return 0.08
    if text in GENERIC_WORDS:
        return 0.55
    common_word = process.extractOne(text, _COMMON_WORDS, scorer=OSA.distance, score_cutoff=1) if len(text) > 4 else None
    return COMMON_WORD_WEIGHTS[common_word[0]] if common_word else 1.0
