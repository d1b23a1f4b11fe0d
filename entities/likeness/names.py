"""How alike two names are, across scripts and spellings. Knows nothing of Django or of the register.

A name is read once into words: written in Latin letters (anyascii), in small ones, each with how it sounds and how much it
says. Two names are as alike as their words pair up, in any order: a word that only one of them has counts little (a middle
name), two words that stand against each other much (another family name), another number or "north" rules sameness out.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.given_names import GIVEN_NAME_SHORT_FORMS
from entities.likeness.phonetics import consonant_codes, consonant_skeletons, encode_sounds, sound_code_similarity
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
    GIVEN_NAME_VARIANTS,
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

SAME_NAME_SIMILARITY = 0.72
"""So alike two names are of which half name the same. From here on likeness speaks for one thing, below against."""

MAX_WORDS = 24
"""So many words of a name are read: beyond it is a sentence."""

MAX_KEYED_WORDS = 4
"""So many words of a name are looked up, the longest."""

MAX_BLOCKING_KEYS = 30
"""Under so many keys a name stands: those that say most."""

_APOSTROPHES = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")
# The letters of such a script that may stand for a vowel.
_VOWEL_LETTERS = re.compile("(?<=.)[vwy]")
_DOTTED_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_SYLLABLE = re.compile("[A-Z][a-z]*")
_WORDS = re.compile(r"[a-z0-9]+")
_KNOWN_PHRASES = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in sorted(PHRASE_FORMS, key=len, reverse=True)))

# In this order: how Ukrainian, Russian, Polish, German, French and English write the same sound.
_SOUND_RULES = [
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("^hs|^x", "s"),
        ("shch|szcz|schtsch|sc(?=[eiy])", "s"),
        ("tsch|tch|tsj|tsh|cz|ch(?=[aeiouy])", "c"),
        ("sch|sh|sz|sj|zh|rz|dzh|dj|ts|tz", "s"),
        ("kh|gh|ch|qu?|ck", "k"),
        ("ph|w|v", "f"),
        ("oe|ou|oo", "u"),
        ("x", "ks"),
        ("^[jyi](?=[aeou])", ""),
        ("[jy]", "i"),
        ("z", "s"),
        ("c", "k"),
        ("th", "t"),
        ("(?<=[a-z])h", ""),
        ("i+e|ee|ii", "i"),
        (r"(.)\1+", r"\1"),
        ("(?<=[a-z]{4})(?:i|a)?s$", ""),
        ("i$", ""),
    )
]
_LOOKALIKES = str.maketrans("013459", "oleasg")
"""Digits that stand for letters, in names of people."""
_NO_FORMS: frozenset[str] = frozenset()
_COMMON_WORDS = list(COMMON_WORD_WEIGHTS)
_INITIAL_LETTER_CLASSES = str.maketrans("jyw", "iiv")
_CONSONANT_CLASSES = str.maketrans("bdgjqvwxyz", "ptkskffs s")


@dataclass(frozen=True, slots=True)
class NameWord:
    """A word of a name: as it is written in small Latin letters, how it sounds, how much it says (0 to 1)."""

    text: str
    sound: str
    weight: float
    script: str
    skeleton: str
    number: bool
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParsedName:
    """A name as it is compared."""

    words: tuple[NameWord, ...]
    joined: str
    """The words but legal forms, without spaces."""
    initials: frozenset[str]
    short: str
    """The name itself, if it may be an acronym."""
    script: str
    syllables: tuple[str, ...]
    """Of a short name in a script that writes them as one letter each."""
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]

    @property
    def forms(self) -> frozenset[str]:
        """Of which sorts of companies its legal forms are."""
        return frozenset(LEGAL_FORM_GROUPS[word.text] for word in self.words if word.text in LEGAL_FORM_GROUPS)

    @property
    def patronymics(self) -> frozenset[tuple[str, str]]:
        """Who stands before a "bin" and who behind it."""
        texts = [word.text for word in self.words]
        return frozenset((texts[i - 1], texts[i + 1]) for i in range(1, len(texts) - 1) if texts[i] == "bin")

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.number)

    @property
    def distinguishing_words(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.text in DISTINGUISHING_WORDS)


def similarity(a: str, b: str, kind: str) -> float:
    """How likely two names of this kind of entity name the same, 0 to 1, as far as names can tell."""
    one, other = parse_name(a, kind), parse_name(b, kind)
    if not one.words or not other.words:
        return 0.0
    if one.script == other.script and one.syllables and other.syllables and one.joined != other.joined:
        same = sum(a == b for a, b in zip(one.syllables, other.syllables, strict=False))
        return same / max(len(one.syllables), len(other.syllables))
    alike = _word_pairing_similarity(one, other, kind)
    if one.script != other.script and min(len(one.consonants[0]), len(other.consonants[0])) >= 6:
        alike = max(alike, _sound_similarity(one, other) - 0.05)
    if one.joined == other.joined:
        alike = max(alike, 0.98)
    elif len(one.words) != len(other.words) and min(len(one.joined), len(other.joined)) >= 7:
        distance = OSA.distance(one.joined, other.joined, score_cutoff=1)
        alike = max(alike, 0.92 if distance <= 1 else 0.0)
    if kind == PERSON:
        if any((child, parent) in other.patronymics for parent, child in one.patronymics):
            alike = min(alike, 0.6)
    else:
        if one.numbers != other.numbers:
            alike = min(alike, 0.4 if one.numbers and other.numbers else 0.65)
        if one.distinguishing_words != other.distinguishing_words:
            alike = min(alike, 0.6)
        if one.forms and other.forms and one.forms.isdisjoint(other.forms):
            alike = min(alike, 0.7)
        if one.short in other.initials or other.short in one.initials:
            alike = max(alike, 0.85)
    return alike


def blocking_keys(name: str, kind: str) -> set[str]:
    """Under what a name is looked up: two names that may be one share at least one of these, and few others do.

    Some eight for each name, at most `MOST_KEYS`, of a sign and a few letters, made of the consonants of its words:

    - `=` all words in any order, `&` how the name begins, whatever its spaces
    - `~` a word, `+` two words
    - `<` how two words begin, or one that stands alone; `>` how they end
    - `!` the acronym that it is or may have
    """
    reading = parse_name(name, kind)
    said = [word for word in reading.words if word.weight >= 0.5 and not word.number] or list(reading.words)
    said = sorted(sorted(said, key=lambda word: -len(word.sounds[0]))[:MAX_KEYED_WORDS], key=reading.words.index)
    ways = [consonant_skeletons(word.sounds) for word in said]
    found = [f"={' '.join(sorted({way[0] or word.text for word, way in zip(said, ways, strict=True)}))}"]
    found += [f"&{way[:6]}" for way in consonant_skeletons(reading.sounds)]
    if kind != PERSON:
        found += [
            f"!{short}" for short in sorted({*reading.initials, reading.short}) if len(short) > 2 or short == reading.short != ""
        ]
    found += [f"~{way if len(way) > 2 else word.text}" for word, each in zip(said, ways, strict=True) for way in each]
    telling = [each for word, each in zip(said, ways, strict=True) if word.weight == 1]
    if len(telling) == 1:
        found += [key for way in telling[0] if len(way) > 2 for key in (f"<{way[:3]}", f">{way[-3:]}")]
        found += [f"<{way[:2]}" for way in telling[0] if 1 < len(way) < 4]
    for one, other in combinations(ways, 2):
        for pair in product(one, other):
            if len(said) > 2:
                found.append(f"+{'+'.join(sorted(pair))}")
            if all(pair):
                found.append(f"<{'+'.join(sorted(way[:2] for way in pair))}")
                found.append(f">{'+'.join(sorted(way[0] + way[-1] for way in pair))}")
    return set(list(dict.fromkeys(found))[:MAX_BLOCKING_KEYS])


def skeleton_of_sound(sound: str) -> str:
    """The consonants of a sound, those that are easily taken for each other as one."""
    classed = sound.translate(_CONSONANT_CLASSES)
    return re.sub(r"(.)\1+", r"\1", classed[:1].replace("h", "") + re.sub("[aeiouh ]", "", classed[1:]))


@lru_cache(maxsize=1 << 17)
def parse_name(name: str, kind: str) -> ParsedName:
    """The name in words."""
    person = kind == PERSON
    plain = unicodedata.normalize("NFKC", name)
    its_script = detect_script(plain)
    written = _APOSTROPHES.sub("", romanise(plain)).replace("&", " and ").replace("+", " and ")
    small = written.casefold()
    if not person:
        small = _DOTTED_ACRONYM.sub(lambda match: match[0].replace(".", ""), small)
        romans = (
            {word.casefold() for word in re.findall(r"\b[IVX]+\b", written) if word in ROMAN_NUMERALS}
            if _has_mixed_case(written)
            else set()
        )
    else:
        romans = set()
        small = re.sub(r"\b([b-df-hj-np-tv-z])([b-df-hj-np-tv-z])\b", r"\1 \2", small)
    small = " ".join(_WORDS.findall(small))
    if not person:
        small = _KNOWN_PHRASES.sub(lambda match: PHRASE_FORMS[match[0]], small)
    spoken = small.split()[:MAX_WORDS]
    if not person:
        spoken = _join_number_words(spoken)
    texts = [_canonical_word(text, romans, person) for text in spoken]
    if person:
        kept = [i for i, text in enumerate(texts) if text not in HONORIFICS and text not in LEGAL_FORMS] or range(len(texts))
        texts, spoken = [texts[i] for i in kept], [spoken[i] for i in kept]
    if its_script == LATIN and not plain.isascii():
        marked = respell_accented_words(plain)
        spoken = [marked.get(text, text) for text in spoken]
    words = tuple(_parse_word(text, said, person, its_script) for text, said in zip(texts, spoken, strict=True))
    said = [word.text for word in words if word.weight >= 0.3]
    joined = [text for text in texts if text not in LEGAL_FORMS and text != "the"]
    letters = "".join(text[0] for text in texts if text not in STOP_WORDS and text not in LEGAL_FORMS)
    all_letters = "".join(text[0] for text in texts if text not in LEGAL_FORMS)
    initials = frozenset({letters, all_letters}) if not person and len(said) > 1 else frozenset()
    short = said[0] if not person and len(said) == 1 and 2 <= len(said[0]) <= 8 and said[0].isalpha() else ""
    telling = [word.sounds for word in words if word.weight > 0.1]
    whole = tuple(dict.fromkeys("".join(ways[way % len(ways)] for ways in telling) for way in (0, -1)))
    spelled = tuple(consonant_codes(way) for way in whole)
    syllables = tuple(_SYLLABLE.findall(written.replace(" ", ""))) if its_script in SYLLABIC_SCRIPTS and len(plain) <= 5 else ()
    return ParsedName(words, "".join(joined or texts), initials, short, its_script, syllables, whole, spelled)


@lru_cache(maxsize=1 << 16)
def _parse_word(text: str, spoken: str, person: bool, its_script: str) -> NameWord:
    sound = _simplify_sound(_VOWEL_LETTERS.sub("", text) if its_script in CONSONANTAL_SCRIPTS else text)
    ways = encode_sounds(spoken, its_script == LATIN)
    if not person and text in PLACE_NAME_FORMS:
        ways += tuple(encode_sounds(form, False)[0] for form in PLACE_NAME_FORMS[text])
    spelled = tuple(consonant_codes(way) for way in ways)
    return NameWord(text, sound, _word_weight(text, person), its_script, skeleton_of_sound(sound), text.isdigit(), ways, spelled)


def _sound_similarity(a: NameWord | ParsedName, b: NameWord | ParsedName) -> float:
    """How near they sound. Scripts write consonants more surely than vowels."""
    share = 0.9 if a.script in CONSONANTAL_SCRIPTS or b.script in CONSONANTAL_SCRIPTS else 0.6
    return max(
        share * sound_code_similarity(a.consonants[i], b.consonants[j])
        + (1 - share) * sound_code_similarity(a.sounds[i], b.sounds[j])
        for i in range(len(a.sounds))
        for j in range(len(b.sounds))
    )


def _has_mixed_case(written: str) -> bool:
    """Whether capitals mean something in it."""
    return any(letter.islower() for letter in written)


def _canonical_word(text: str, romans: set[str], person: bool) -> str:
    if person:
        text = text if text.isalpha() else text.translate(_LOOKALIKES)
        return GIVEN_NAME_VARIANTS.get(text, text)
    if match := _ORDINAL.fullmatch(text):
        return match[1]
    if text in romans:
        return ROMAN_NUMERALS[text.upper()]
    return NUMBER_WORDS.get(text) or WORD_VARIANTS.get(text) or WORD_TRANSLATIONS.get(text, text)


def _join_number_words(texts: list[str]) -> list[str]:
    """Tens and ones, in words or digits, as one number: forty four, forty 4."""
    found: list[str] = []
    for text in texts:
        number = NUMBER_WORDS.get(text, text)
        if found and number.isdigit() and len(number) == 1 and found[-1] in TENS_WORDS:
            found[-1] = str(int(NUMBER_WORDS[found[-1]]) + int(number))
        else:
            found.append(text)
    return found


def _word_weight(text: str, person: bool) -> float:
    if person:
        return 0.35 if len(text) == 1 else 0.2 if text in NAME_PARTICLES else 1.0
    if text in STOP_WORDS or text in LEGAL_FORMS:
        return 0.08
    if text in GENERIC_WORDS:
        return 0.55
    misspelt = process.extractOne(text, _COMMON_WORDS, scorer=OSA.distance, score_cutoff=1) if len(text) > 4 else None
    return COMMON_WORD_WEIGHTS[misspelt[0]] if misspelt else 1.0


def _simplify_sound(text: str) -> str:
    if text.isdigit():
        return text
    sound = text
    for pattern, becomes in _SOUND_RULES:
        sound = pattern.sub(becomes, sound)
    return sound or text


def _word_pairing_similarity(one: ParsedName, other: ParsedName, kind: str) -> float:
    """How well the words of the two pair up, each with at most one: the best pairs first."""
    person = kind == PERSON
    ones, others = _join_words_like(one, other), _join_words_like(other, one)
    found = [
        (alike, a.weight + b.weight, i, j)
        for i, a in enumerate(ones)
        for j, b in enumerate(others)
        if (alike := _word_similarity(a, b, person))
    ]
    left, right = dict(enumerate(ones)), dict(enumerate(others))
    agreed = agreed_at_most = 0.0
    full = 0
    for alike, weight, i, j in sorted(found, reverse=True):
        if i in left and j in right:
            full += min(left[i].weight, right[j].weight) == 1
            del left[i], right[j]
            agreed += alike * weight / 2
            agreed_at_most += weight / 2
    if not agreed:
        return 0.0
    fewer, more = sorted((_unmatched_weight(left, ones, not right), _unmatched_weight(right, others, not left)))
    surplus = (0.12 if full > 1 else 0.3) if person else 0.45
    alike = agreed / (agreed_at_most + 1.5 * fewer + surplus * (more - fewer))
    if person and (fewer >= 0.35 or not full):
        # A word stands against another, or initials alone agree.
        alike = min(alike, 0.7 if full else 0.6)
    return alike


def _join_words_like(name: ParsedName, other: ParsedName) -> tuple[NameWord, ...]:
    """Its words, neighbours as one where the other name writes them as one."""
    words = name.words
    if len(words) <= 2 or name.script != other.script:
        return words
    texts = {word.text: word for word in other.words if len(word.text) > 5}
    found, i = list(words), 0
    while i < len(found) - 1:
        for parts in (2, 3):
            text = "".join(word.text for word in found[i : i + parts])
            whole = texts.get(text)
            if whole and whole.text not in {word.text for word in words}:
                found[i : i + parts] = [whole]
        i += 1
    return tuple(found)


def _unmatched_weight(rest: dict[int, NameWord], of: tuple[NameWord, ...], alone: bool) -> float:
    """The weight of words that found none of the other name; one said twice has none, unless others are left there too."""
    texts = [word.text for word in of]
    return sum(word.weight for word in rest.values() if not (alone and texts.count(word.text) > 1))


def _word_similarity(a: NameWord, b: NameWord, person: bool) -> float:
    """How alike two words are: 0 unless they may be one."""
    if a.text == b.text:
        return 1.0
    if a.number or b.number:
        return 0.0
    if person and 1 in (len(a.text), len(b.text)):
        return 0.75 if a.text[0].translate(_INITIAL_LETTER_CLASSES) == b.text[0].translate(_INITIAL_LETTER_CLASSES) else 0.0
    if person and not GIVEN_NAME_SHORT_FORMS.get(a.text, _NO_FORMS).isdisjoint(GIVEN_NAME_SHORT_FORMS.get(b.text, _NO_FORMS)):
        return 0.9
    if a.sound == b.sound:
        return 0.97
    if a.script == b.script == LATIN:
        return _spelling_similarity(a, b)
    heard = _sound_similarity(a, b)
    if a.script == b.script:
        return max(heard if heard >= 0.85 else 0.0, _spelling_similarity(a, b))
    heard = heard if heard >= 0.8 else max(0.0, 2 * heard - 0.8)
    return heard if a.script in CONSONANTAL_SCRIPTS or b.script in CONSONANTAL_SCRIPTS else max(heard, _spelling_similarity(a, b))


def _spelling_similarity(a: NameWord, b: NameWord) -> float:
    longest = max(len(a.text), len(b.text))
    if (
        len(a.consonants[0]) >= 6
        and a.consonants[0] == b.consonants[0]
        and sound_code_similarity(a.sounds[0], b.sounds[0]) >= 0.85
    ):
        return 0.85
    if longest < 5 and a.sound[0] != b.sound[0]:
        return 0.0
    allowed = 0 if longest < 4 else 1 if longest < 9 else 2
    written = OSA.distance(a.text, b.text, score_cutoff=allowed + 1)
    if written > allowed + 1:
        return 0.0
    distance = min(written, OSA.distance(a.sound, b.sound, score_cutoff=allowed))
    return 1 - distance / longest if distance <= allowed else 0.0
