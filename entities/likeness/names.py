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

from entities.likeness.given_names import SHORT_FORMS
from entities.likeness.scripts import BARE, LATIN, SYLLABIC, marks_as_letters, romanised, script
from entities.likeness.sounds import consonants, nearness, skeletons, sounds
from entities.likeness.translations import ELSEWHERE, WORDS
from entities.likeness.words import (
    COMMON,
    FORMS,
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
    TENS,
)

PERSON = "person"

SAME_NAME = 0.72
"""So alike two names are of which half name the same. From here on likeness speaks for one thing, below against."""

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
_SYLLABLE = re.compile("[A-Z][a-z]*")
_WORDS = re.compile(r"[a-z0-9]+")
_SAID = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in sorted(PHRASES, key=len, reverse=True)))

# In this order: how Ukrainian, Russian, Polish, German, French and English write the same sound.
_SOUNDS = [
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
_NONE: frozenset[str] = frozenset()
_COMMON = list(COMMON)
_FIRST = str.maketrans("jyw", "iiv")
_CLASSES = str.maketrans("bdgjqvwxyz", "ptkskffs s")


@dataclass(frozen=True, slots=True)
class Word:
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
class Reading:
    """A name as it is compared."""

    words: tuple[Word, ...]
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
        return frozenset(FORMS[word.text] for word in self.words if word.text in FORMS)

    @property
    def fathers(self) -> frozenset[tuple[str, str]]:
        """Who stands before a "bin" and who behind it."""
        texts = [word.text for word in self.words]
        return frozenset((texts[i - 1], texts[i + 1]) for i in range(1, len(texts) - 1) if texts[i] == "bin")

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
    if one.script == other.script and one.syllables and other.syllables and one.joined != other.joined:
        same = sum(a == b for a, b in zip(one.syllables, other.syllables, strict=False))
        return same / max(len(one.syllables), len(other.syllables))
    alike = _paired(one, other, kind)
    if one.script != other.script and min(len(one.consonants[0]), len(other.consonants[0])) >= 6:
        alike = max(alike, _near(one, other) - 0.05)
    if one.joined == other.joined:
        alike = max(alike, 0.98)
    elif len(one.words) != len(other.words) and min(len(one.joined), len(other.joined)) >= 7:
        distance = OSA.distance(one.joined, other.joined, score_cutoff=1)
        alike = max(alike, 0.92 if distance <= 1 else 0.0)
    if kind == PERSON:
        if any((child, parent) in other.fathers for parent, child in one.fathers):
            alike = min(alike, 0.6)
    else:
        if one.numbers != other.numbers:
            alike = min(alike, 0.4 if one.numbers and other.numbers else 0.65)
        if one.apart != other.apart:
            alike = min(alike, 0.6)
        if one.forms and other.forms and one.forms.isdisjoint(other.forms):
            alike = min(alike, 0.7)
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
        found += [f"<{way[:2]}" for way in telling[0] if 1 < len(way) < 4]
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
    its_script = script(plain)
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
    if not person:
        spoken = _counted(spoken)
    texts = [_one_way(text, romans, person) for text in spoken]
    if person:
        kept = [i for i, text in enumerate(texts) if text not in HONORIFICS and text not in LEGAL_FORMS] or range(len(texts))
        texts, spoken = [texts[i] for i in kept], [spoken[i] for i in kept]
    if its_script == LATIN and not plain.isascii():
        marked = marks_as_letters(plain)
        spoken = [marked.get(text, text) for text in spoken]
    words = tuple(_word(text, said, person, its_script) for text, said in zip(texts, spoken, strict=True))
    said = [word.text for word in words if word.weight >= 0.3]
    joined = [text for text in texts if text not in LEGAL_FORMS and text != "the"]
    letters = "".join(text[0] for text in texts if text not in STOP and text not in LEGAL_FORMS)
    all_letters = "".join(text[0] for text in texts if text not in LEGAL_FORMS)
    initials = frozenset({letters, all_letters}) if not person and len(said) > 1 else frozenset()
    short = said[0] if not person and len(said) == 1 and 2 <= len(said[0]) <= 8 and said[0].isalpha() else ""
    telling = [word.sounds for word in words if word.weight > 0.1]
    whole = tuple(dict.fromkeys("".join(ways[way % len(ways)] for ways in telling) for way in (0, -1)))
    spelled = tuple(consonants(way) for way in whole)
    syllables = tuple(_SYLLABLE.findall(written.replace(" ", ""))) if its_script in SYLLABIC and len(plain) <= 5 else ()
    return Reading(words, "".join(joined or texts), initials, short, its_script, syllables, whole, spelled)


@lru_cache(maxsize=1 << 16)
def _word(text: str, spoken: str, person: bool, its_script: str) -> Word:
    sound = _sound(_VOWEL_LETTERS.sub("", text) if its_script in BARE else text)
    ways = sounds(spoken, its_script == LATIN)
    if not person and text in ELSEWHERE:
        ways += tuple(sounds(form, False)[0] for form in ELSEWHERE[text])
    spelled = tuple(consonants(way) for way in ways)
    return Word(text, sound, _weight(text, person), its_script, skeleton(sound), text.isdigit(), ways, spelled)


def _near(a: Word | Reading, b: Word | Reading) -> float:
    """How near they sound. Scripts write consonants more surely than vowels."""
    share = 0.9 if a.script in BARE or b.script in BARE else 0.6
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
        text = text if text.isalpha() else text.translate(_LOOKALIKES)
        return GIVEN.get(text, text)
    if match := _ORDINAL.fullmatch(text):
        return match[1]
    if text in romans:
        return ROMAN[text.upper()]
    return NUMBERS.get(text) or SAME.get(text) or WORDS.get(text, text)


def _counted(texts: list[str]) -> list[str]:
    """Tens and ones, in words or digits, as one number: forty four, forty 4."""
    found: list[str] = []
    for text in texts:
        number = NUMBERS.get(text, text)
        if found and number.isdigit() and len(number) == 1 and found[-1] in TENS:
            found[-1] = str(int(NUMBERS[found[-1]]) + int(number))
        else:
            found.append(text)
    return found


def _weight(text: str, person: bool) -> float:
    if person:
        return 0.35 if len(text) == 1 else 0.2 if text in PARTICLES else 1.0
    if text in STOP or text in LEGAL_FORMS:
        return 0.08
    if text in GENERIC:
        return 0.55
    misspelt = process.extractOne(text, _COMMON, scorer=OSA.distance, score_cutoff=1) if len(text) > 4 else None
    return COMMON[misspelt[0]] if misspelt else 1.0


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
    ones, others = _rejoined(one, other), _rejoined(other, one)
    found = [
        (alike, a.weight + b.weight, i, j)
        for i, a in enumerate(ones)
        for j, b in enumerate(others)
        if (alike := _alike(a, b, person))
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
    fewer, more = sorted((_left(left, ones, not right), _left(right, others, not left)))
    surplus = (0.12 if full > 1 else 0.3) if person else 0.45
    alike = agreed / (agreed_at_most + 1.5 * fewer + surplus * (more - fewer))
    if person and (fewer >= 0.35 or not full):
        # A word stands against another, or initials alone agree.
        alike = min(alike, 0.7 if full else 0.6)
    return alike


def _rejoined(name: Reading, other: Reading) -> tuple[Word, ...]:
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


def _left(rest: dict[int, Word], of: tuple[Word, ...], alone: bool) -> float:
    """The weight of words that found none of the other name; one said twice has none, unless others are left there too."""
    texts = [word.text for word in of]
    return sum(word.weight for word in rest.values() if not (alone and texts.count(word.text) > 1))


def _alike(a: Word, b: Word, person: bool) -> float:
    """How alike two words are: 0 unless they may be one."""
    if a.text == b.text:
        return 1.0
    if a.number or b.number:
        return 0.0
    if person and 1 in (len(a.text), len(b.text)):
        return 0.75 if a.text[0].translate(_FIRST) == b.text[0].translate(_FIRST) else 0.0
    if person and not SHORT_FORMS.get(a.text, _NONE).isdisjoint(SHORT_FORMS.get(b.text, _NONE)):
        return 0.9
    if a.sound == b.sound:
        return 0.97
    if a.script == b.script == LATIN:
        return _written_alike(a, b)
    heard = _near(a, b)
    if a.script == b.script:
        return max(heard if heard >= 0.85 else 0.0, _written_alike(a, b))
    heard = heard if heard >= 0.8 else max(0.0, 2 * heard - 0.8)
    return heard if a.script in BARE or b.script in BARE else max(heard, _written_alike(a, b))


def _written_alike(a: Word, b: Word) -> float:
    longest = max(len(a.text), len(b.text))
    if len(a.consonants[0]) >= 6 and a.consonants[0] == b.consonants[0] and nearness(a.sounds[0], b.sounds[0]) >= 0.85:
        return 0.85
    if longest < 5 and a.sound[0] != b.sound[0]:
        return 0.0
    allowed = 0 if longest < 4 else 1 if longest < 9 else 2
    written = OSA.distance(a.text, b.text, score_cutoff=allowed + 1)
    if written > allowed + 1:
        return 0.0
    distance = min(written, OSA.distance(a.sound, b.sound, score_cutoff=allowed))
    return 1 - distance / longest if distance <= allowed else 0.0
