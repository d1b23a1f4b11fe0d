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

from rapidfuzz.distance import OSA

from entities.likeness.scripts import BARE, LATIN, romanised
from entities.likeness.sounds import consonants, nearness, skeletons, sounds
from entities.likeness.words import (
    GENERIC,
    GIVEN,
    HONORIFICS,
    LEGAL_FORMS,
    NUMBERS,
    PARTICLES,
    PHRASES,
    ROMAN,
    SAME,
    STOP,
    TELLS_APART,
)

PERSON = "person"

MOST_WORDS = 24
"""So many words of a name are read: beyond it is a sentence."""

MOST_PAIRED = 4
"""So many words of a name are looked up, the longest."""

MOST_KEYS = 30
"""Under so many keys a name stands: those that say most."""

_APOSTROPHES = re.compile(r"['’‘ʼ`´ʹʺ\"“”„«»]")
# The letters of such a script that may stand for a vowel.
_VOWEL_LETTERS = re.compile("(?<=.)[vwy]")
_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_WORDS = re.compile(r"[a-z0-9]+")
_SAID = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in sorted(PHRASES, key=len, reverse=True)))

# In this order: how Ukrainian, Russian, Polish, German, French and English write the same sound.
_SOUNDS = [
    (re.compile(pattern), sound)
    for pattern, sound in (
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
_FIRST = str.maketrans("jyw", "iiv")
_CLASSES = str.maketrans("bdgjqvwxyz", "ptkskffs s")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a name: as it is written in small Latin letters, how it sounds, how much it says (0 to 1)."""

    text: str
    sound: str
    weight: float
    bare: bool
    """Whether it comes from a script that leaves vowels out."""
    skeleton: str
    number: bool
    latin: bool
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it is compared."""

    words: tuple[Word, ...]
    joined: str
    """The words but legal forms, without spaces."""
    initials: frozenset[str]
    short: str
    """The name itself, if it may be an acronym."""
    latin: bool
    bare: bool
    sounds: tuple[str, ...]
    consonants: tuple[str, ...]

    @property
    def numbers(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.number)

    @property
    def apart(self) -> frozenset[str]:
        return frozenset(word.text for word in self.words if word.text in TELLS_APART)


def similarity(a: str, b: str, kind: str) -> float:
    """How likely two names of this kind of entity name the same, 0 to 1, as far as names can tell."""
    one, other = read(a, kind), read(b, kind)
    if not one.words or not other.words:
        return 0.0
    alike = _paired(one, other, kind)
    if not (one.latin and other.latin) and min(len(one.consonants[0]), len(other.consonants[0])) >= 6:
        alike = max(alike, _near(one, other) - 0.03)
    if one.joined == other.joined:
        alike = max(alike, 0.98)
    elif len(one.words) != len(other.words) and min(len(one.joined), len(other.joined)) >= 7:
        distance = OSA.distance(one.joined, other.joined, score_cutoff=1)
        alike = max(alike, 0.92 if distance <= 1 else 0.0)
    if kind != PERSON:
        if one.numbers != other.numbers:
            alike = min(alike, 0.4 if one.numbers and other.numbers else 0.65)
        if one.apart != other.apart:
            alike = min(alike, 0.6)
        if one.short in other.initials or other.short in one.initials:
            alike = max(alike, 0.85)
    return alike


def keys(name: str, kind: str) -> set[str]:
    """Under what a name is looked up: two names that may be one share at least one of these, and few others do.

    Some eight for each name, at most `MOST_KEYS`, of a sign and a few letters, made of the consonants of its words:

    - `=` all words in any order, `&` how the name begins, whatever its spaces
    - `~` a word, `+` two words
    - `<` how two words begin, or one that stands alone; `>` how they end
    - `!` the acronym that it is or may have
    """
    reading = read(name, kind)
    said = [word for word in reading.words if word.weight >= 0.5 and not word.number] or list(reading.words)
    said = sorted(sorted(said, key=lambda word: -len(word.sounds[0]))[:MOST_PAIRED], key=reading.words.index)
    ways = [skeletons(word.sounds) for word in said]
    found = [f"={' '.join(sorted({way[0] or word.text for word, way in zip(said, ways, strict=True)}))}"]
    found += [f"&{way[:6]}" for way in skeletons(reading.sounds)]
    if kind != PERSON:
        found += [
            f"!{short}" for short in sorted({*reading.initials, reading.short}) if len(short) > 2 or short == reading.short != ""
        ]
    found += [f"~{way if len(way) > 2 else word.text}" for word, each in zip(said, ways, strict=True) for way in each]
    telling = [each for word, each in zip(said, ways, strict=True) if word.weight == 1]
    if len(telling) == 1:
        found += [key for way in telling[0] if len(way) > 2 for key in (f"<{way[:3]}", f">{way[-3:]}")]
    for one, other in combinations(ways, 2):
        for pair in product(one, other):
            if len(said) > 2:
                found.append(f"+{'+'.join(sorted(pair))}")
            if all(pair):
                found.append(f"<{'+'.join(sorted(way[:2] for way in pair))}")
                found.append(f">{'+'.join(sorted(way[0] + way[-1] for way in pair))}")
    return set(list(dict.fromkeys(found))[:MOST_KEYS])


def skeleton(sound: str) -> str:
    """The consonants of a sound, those that are easily taken for each other as one."""
    classed = sound.translate(_CLASSES)
    return re.sub(r"(.)\1+", r"\1", classed[:1].replace("h", "") + re.sub("[aeiouh ]", "", classed[1:]))


@lru_cache(maxsize=1 << 17)
def read(name: str, kind: str) -> Reading:
    """The name in words."""
    person = kind == PERSON
    plain = unicodedata.normalize("NFKC", name)
    bare, latin = bool(BARE.search(plain)), bool(LATIN.search(plain)) or plain.isascii()
    written = _APOSTROPHES.sub("", romanised(plain)).replace("&", " and ").replace("+", " and ")
    small = written.casefold()
    if not person:
        small = _DOTTED.sub(lambda match: match[0].replace(".", ""), small)
        romans = {word.casefold() for word in re.findall(r"\b[IVX]+\b", written) if word in ROMAN} if _mixed(written) else set()
    else:
        romans = set()
        small = re.sub(r"\b([b-df-hj-np-tv-z])([b-df-hj-np-tv-z])\b", r"\1 \2", small)
    small = " ".join(_WORDS.findall(small))
    if not person:
        small = _SAID.sub(lambda match: PHRASES[match[0]], small)
    spoken = small.split()[:MOST_WORDS]
    texts = [_one_way(text, romans, person) for text in spoken]
    if person:
        kept = [i for i, text in enumerate(texts) if text not in HONORIFICS and text not in LEGAL_FORMS] or range(len(texts))
        kept = list({texts[i]: i for i in reversed(kept)}.values())[::-1]
        texts, spoken = [texts[i] for i in kept], [spoken[i] for i in kept]
    words = tuple(_word(text, said, person, bare, latin) for text, said in zip(texts, spoken, strict=True))
    said = [word.text for word in words if word.weight >= 0.3]
    joined = [text for text in texts if text not in LEGAL_FORMS and text != "the"]
    letters = "".join(text[0] for text in texts if text not in STOP and text not in LEGAL_FORMS)
    all_letters = "".join(text[0] for text in texts if text not in LEGAL_FORMS)
    initials = frozenset({letters, all_letters}) if not person and len(said) > 1 else frozenset()
    short = said[0] if not person and len(said) == 1 and 2 <= len(said[0]) <= 8 and said[0].isalpha() else ""
    telling = [word.sounds for word in words if word.weight > 0.1]
    whole = tuple(dict.fromkeys("".join(ways[way % len(ways)] for ways in telling) for way in (0, -1)))
    spelled = tuple(consonants(way) for way in whole)
    return Reading(words, "".join(joined or texts), initials, short, latin, bare, whole, spelled)


@lru_cache(maxsize=1 << 16)
def _word(text: str, spoken: str, person: bool, bare: bool, latin: bool) -> Word:
    sound = _sound(_VOWEL_LETTERS.sub("", text) if bare else text)
    ways = sounds(spoken, latin)
    spelled = tuple(consonants(way) for way in ways)
    return Word(text, sound, _weight(text, person), bare, skeleton(sound), text.isdigit(), latin, ways, spelled)


def _near(a: Word | Reading, b: Word | Reading) -> float:
    """How near they sound. Scripts write consonants more surely than vowels."""
    share = 0.9 if a.bare or b.bare else 0.6
    return max(
        share * nearness(a.consonants[i], b.consonants[j]) + (1 - share) * nearness(a.sounds[i], b.sounds[j])
        for i in range(len(a.sounds))
        for j in range(len(b.sounds))
    )


def _mixed(written: str) -> bool:
    """Whether capitals mean something in it."""
    return any(letter.islower() for letter in written)


def _one_way(text: str, romans: set[str], person: bool) -> str:
    if person:
        return GIVEN.get(text, text)
    if match := _ORDINAL.fullmatch(text):
        return match[1]
    if text in romans:
        return ROMAN[text.upper()]
    return NUMBERS.get(text) or SAME.get(text, text)


def _weight(text: str, person: bool) -> float:
    if person:
        return 0.35 if len(text) == 1 else 0.2 if text in PARTICLES else 1.0
    if text in STOP or text in LEGAL_FORMS:
        return 0.08
    return 0.55 if text in GENERIC else 1.0


def _sound(text: str) -> str:
    if text.isdigit():
        return text
    sound = text
    for pattern, becomes in _SOUNDS:
        sound = pattern.sub(becomes, sound)
    return sound or text


def _paired(one: Reading, other: Reading, kind: str) -> float:
    """How well the words of the two pair up, each with at most one: the best pairs first."""
    person = kind == PERSON
    found = [
        (alike, a.weight + b.weight, i, j)
        for i, a in enumerate(one.words)
        for j, b in enumerate(other.words)
        if (alike := _alike(a, b, person))
    ]
    left, right = dict(enumerate(one.words)), dict(enumerate(other.words))
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
    fewer, more = sorted((sum(word.weight for word in left.values()), sum(word.weight for word in right.values())))
    surplus = (0.12 if full > 1 else 0.3) if person else 0.45
    return agreed / (agreed_at_most + 1.5 * fewer + surplus * (more - fewer))


def _alike(a: Word, b: Word, person: bool) -> float:
    """How alike two words are: 0 unless they may be one."""
    if a.text == b.text:
        return 1.0
    if a.number or b.number:
        return 0.0
    if person and 1 in (len(a.text), len(b.text)):
        return 0.75 if a.text[0].translate(_FIRST) == b.text[0].translate(_FIRST) else 0.0
    if a.sound == b.sound:
        return 0.97
    heard = 0.0
    if not (a.latin and b.latin):
        heard = _near(a, b)
        heard = heard if heard >= 0.4 else 0.0
    if a.bare != b.bare:
        return heard
    return max(heard, _written_alike(a, b))


def _written_alike(a: Word, b: Word) -> float:
    longest = max(len(a.text), len(b.text))
    if longest < 5 and a.sound[0] != b.sound[0]:
        return 0.0
    allowed = 0 if longest < 4 else 1 if longest < 9 else 2
    written = OSA.distance(a.text, b.text, score_cutoff=allowed + 1)
    if written > allowed + 1:
        return 0.0
    distance = min(written, OSA.distance(a.sound, b.sound, score_cutoff=allowed))
    return 1 - distance / longest if distance <= allowed else 0.0
