"""Similarity of two names across scripts and spellings. Independent of Django and of the register.

A name is parsed once into words in lower-case Latin letters (anyascii), each with its sound and a weight. The similarity is
how well the words pair up, in any order: a word that only one name has counts little (a middle name), two words that differ
count much (another family name), and a different number or "north" rules out that the names mean the same.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

from rapidfuzz import process
from rapidfuzz.distance import OSA

from entities.likeness.given_names import GIVEN_NAME_SHORT_FORMS, GIVEN_NAME_VARIANTS
from entities.likeness.latin_words import LATIN_WORD, QUOTATION_MARKS, typing_errors_allowed
from entities.likeness.phonetics import consonant_codes, consonant_skeletons, encode_sounds, simplify_sound, sound_code_similarity
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

SAME_NAME_SIMILARITY = 0.72
"""Similarity at which half of the pairs name the same thing: above it is evidence for a duplicate, below against."""

MAX_WORDS = 24
"""Maximum number of words parsed: a longer name is a sentence."""

MAX_KEYED_WORDS = 4
"""Number of words that give blocking keys, the longest ones."""

MAX_BLOCKING_KEYS = 30
"""Maximum number of blocking keys per name, the most specific ones."""

# Letters that may stand for a vowel in a script without vowels.
_VOWEL_LETTERS = re.compile("(?<=.)[vwy]")
_DOTTED_ACRONYM = re.compile(r"\b(?:[a-z]\.){2,}(?:[a-z]\b)?")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_SYLLABLE = re.compile("[A-Z][a-z]*")
_KNOWN_PHRASES = re.compile("|".join(rf"\b{re.escape(phrase)}\b" for phrase in sorted(PHRASE_FORMS, key=len, reverse=True)))

_LOOKALIKES = str.maketrans("013459", "oleasg")
"""Digits used in place of letters in names of people."""
_NO_FORMS: frozenset[str] = frozenset()
_COMMON_WORDS = list(COMMON_WORD_WEIGHTS)
_INITIAL_LETTER_CLASSES = str.maketrans("jyw", "iiv")


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


def similarity(a: str, b: str, kind: str) -> float:
    """Return how likely two names of one kind of entity mean the same, 0 to 1, as far as names can tell."""
    name, other_name = parse_name(a, kind), parse_name(b, kind)
    if not name.words or not other_name.words:
        return 0.0
    if name.script == other_name.script and name.syllables and other_name.syllables and name.joined != other_name.joined:
        equal_syllables = sum(a == b for a, b in zip(name.syllables, other_name.syllables, strict=False))
        return equal_syllables / max(len(name.syllables), len(other_name.syllables))
    score = _word_pairing_similarity(name, other_name, kind)
    if name.script != other_name.script and min(len(name.consonants[0]), len(other_name.consonants[0])) >= 6:
        score = max(score, _sound_similarity(name, other_name) - 0.05)
    if name.joined == other_name.joined:
        score = max(score, 0.98)
    elif len(name.words) != len(other_name.words) and min(len(name.joined), len(other_name.joined)) >= 7:
        distance = OSA.distance(name.joined, other_name.joined, score_cutoff=1)
        score = max(score, 0.92 if distance <= 1 else 0.0)
    if kind == PERSON:
        if any((child, parent) in other_name.patronymics for parent, child in name.patronymics):
            score = min(score, 0.6)
    else:
        if name.numbers != other_name.numbers:
            score = min(score, 0.4 if name.numbers and other_name.numbers else 0.65)
        if name.distinguishing_words != other_name.distinguishing_words:
            score = min(score, 0.6)
        if (
            name.legal_form_groups
            and other_name.legal_form_groups
            and name.legal_form_groups.isdisjoint(other_name.legal_form_groups)
        ):
            score = min(score, 0.7)
        if name.short in other_name.initials or other_name.short in name.initials:
            score = max(score, 0.85)
    return score


def blocking_keys(name: str, kind: str) -> set[str]:
    """Return keys such that two names that may mean the same share at least one, and few other names do.

    About eight per name, at most MAX_BLOCKING_KEYS, each a sign and a few letters made of the consonants of its words:

    - `=` all words in any order, `&` the beginning of the name without spaces
    - `~` one word, `+` two words
    - `<` the beginnings of two words, or of a single one; `>` their ends
    - `!` the acronym that it is or may have
    """
    parsed = parse_name(name, kind)
    words = [word for word in parsed.words if word.weight >= 0.5 and not word.is_number] or list(parsed.words)
    words = sorted(sorted(words, key=lambda word: -len(word.sounds[0]))[:MAX_KEYED_WORDS], key=parsed.words.index)
    skeletons = [consonant_skeletons(word.sounds) for word in words]
    keys = [f"={' '.join(sorted({skeleton[0] or word.text for word, skeleton in zip(words, skeletons, strict=True)}))}"]
    keys += [f"&{skeleton[:6]}" for skeleton in consonant_skeletons(parsed.sounds)]
    if kind != PERSON:
        keys += [
            f"!{short}" for short in sorted({*parsed.initials, parsed.short}) if len(short) > 2 or short == parsed.short != ""
        ]
    keys += [
        f"~{skeleton if len(skeleton) > 2 else word.text}"
        for word, readings in zip(words, skeletons, strict=True)
        for skeleton in readings
    ]
    full_weight = [readings for word, readings in zip(words, skeletons, strict=True) if word.weight == 1]
    if len(full_weight) == 1:
        keys += [key for skeleton in full_weight[0] if len(skeleton) > 2 for key in (f"<{skeleton[:3]}", f">{skeleton[-3:]}")]
        keys += [f"<{skeleton[:2]}" for skeleton in full_weight[0] if 1 < len(skeleton) < 4]
    for readings_of_one, readings_of_other in combinations(skeletons, 2):
        for pair in product(readings_of_one, readings_of_other):
            if len(words) > 2:
                keys.append(f"+{'+'.join(sorted(pair))}")
            if all(pair):
                keys.append(f"<{'+'.join(sorted(skeleton[:2] for skeleton in pair))}")
                keys.append(f">{'+'.join(sorted(skeleton[0] + skeleton[-1] for skeleton in pair))}")
    return set(list(dict.fromkeys(keys))[:MAX_BLOCKING_KEYS])


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
    sounds = encode_sounds(spoken, script == LATIN)
    if not is_person and text in PLACE_NAME_FORMS:
        sounds += tuple(encode_sounds(form, False)[0] for form in PLACE_NAME_FORMS[text])
    consonants = tuple(consonant_codes(code) for code in sounds)
    return NameWord(text, sound, _word_weight(text, is_person), script, text.isdigit(), sounds, consonants)


def _sound_similarity(first: NameWord | ParsedName, second: NameWord | ParsedName) -> float:
    """Return how similar two words or names sound. Consonants count more: scripts write them more reliably than vowels."""
    consonant_share = 0.9 if first.script in CONSONANTAL_SCRIPTS or second.script in CONSONANTAL_SCRIPTS else 0.6
    return max(
        consonant_share * sound_code_similarity(first.consonants[i], second.consonants[j])
        + (1 - consonant_share) * sound_code_similarity(first.sounds[i], second.sounds[j])
        for i in range(len(first.sounds))
        for j in range(len(second.sounds))
    )


def _has_mixed_case(text: str) -> bool:
    """Tell whether capitals are significant in a text."""
    return any(letter.islower() for letter in text)


def _canonical_word(text: str, roman_numerals: set[str], is_person: bool) -> str:
    if is_person:
        text = text if text.isalpha() else text.translate(_LOOKALIKES)
        return GIVEN_NAME_VARIANTS.get(text, text)
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


def _word_pairing_similarity(name: ParsedName, other_name: ParsedName, kind: str) -> float:
    """Return how well the words of two names pair up, each with at most one, best pairs first."""
    is_person = kind == PERSON
    words, other_words = _join_words_like(name, other_name), _join_words_like(other_name, name)
    candidates = [
        (score, word.weight + other_word.weight, i, j)
        for i, word in enumerate(words)
        for j, other_word in enumerate(other_words)
        if (score := _word_similarity(word, other_word, is_person))
    ]
    unmatched, other_unmatched = dict(enumerate(words)), dict(enumerate(other_words))
    matched_weight = matched_weight_limit = 0.0
    full_weight_pairs = 0
    for score, weight, i, j in sorted(candidates, reverse=True):
        if i in unmatched and j in other_unmatched:
            full_weight_pairs += min(unmatched[i].weight, other_unmatched[j].weight) == 1
            del unmatched[i], other_unmatched[j]
            matched_weight += score * weight / 2
            matched_weight_limit += weight / 2
    if not matched_weight:
        return 0.0
    fewer, more = sorted(
        (_unmatched_weight(unmatched, words, not other_unmatched), _unmatched_weight(other_unmatched, other_words, not unmatched))
    )
    surplus = (0.12 if full_weight_pairs > 1 else 0.3) if is_person else 0.45
    score = matched_weight / (matched_weight_limit + 1.5 * fewer + surplus * (more - fewer))
    if is_person and (fewer >= 0.35 or not full_weight_pairs):
        # Two words differ, or only initials agree.
        score = min(score, 0.7 if full_weight_pairs else 0.6)
    return score


def _join_words_like(name: ParsedName, model_name: ParsedName) -> tuple[NameWord, ...]:
    """Return the words of `name`, joining neighbours that `model_name` writes as one word."""
    words = name.words
    if len(words) <= 2 or name.script != model_name.script:
        return words
    texts = {word.text: word for word in model_name.words if len(word.text) > 5}
    joined, i = list(words), 0
    while i < len(joined) - 1:
        for length in (2, 3):
            text = "".join(word.text for word in joined[i : i + length])
            joined_word = texts.get(text)
            if joined_word and joined_word.text not in {word.text for word in words}:
                joined[i : i + length] = [joined_word]
        i += 1
    return tuple(joined)


def _unmatched_weight(unmatched: dict[int, NameWord], words: tuple[NameWord, ...], all_others_matched: bool) -> float:
    """Return the weight of unmatched words; repeated words have none if the other name has no unmatched words."""
    texts = [word.text for word in words]
    return sum(word.weight for word in unmatched.values() if not (all_others_matched and texts.count(word.text) > 1))


def _word_similarity(word: NameWord, other: NameWord, is_person: bool) -> float:
    """Return the similarity of two words; 0 unless they may be the same."""
    if word.text == other.text:
        return 1.0
    if word.is_number or other.is_number:
        return 0.0
    if is_person and 1 in (len(word.text), len(other.text)):
        return (
            0.75 if word.text[0].translate(_INITIAL_LETTER_CLASSES) == other.text[0].translate(_INITIAL_LETTER_CLASSES) else 0.0
        )
    if is_person and not GIVEN_NAME_SHORT_FORMS.get(word.text, _NO_FORMS).isdisjoint(
        GIVEN_NAME_SHORT_FORMS.get(other.text, _NO_FORMS)
    ):
        return 0.9
    if word.sound == other.sound:
        return 0.97
    if word.script == other.script == LATIN:
        return _spelling_similarity(word, other)
    sound_score = _sound_similarity(word, other)
    if word.script == other.script:
        return max(sound_score if sound_score >= 0.85 else 0.0, _spelling_similarity(word, other))
    sound_score = sound_score if sound_score >= 0.8 else max(0.0, 2 * sound_score - 0.8)
    return (
        sound_score
        if word.script in CONSONANTAL_SCRIPTS or other.script in CONSONANTAL_SCRIPTS
        else max(sound_score, _spelling_similarity(word, other))
    )


def _spelling_similarity(word: NameWord, other: NameWord) -> float:
    longest = max(len(word.text), len(other.text))
    if (
        len(word.consonants[0]) >= 6
        and word.consonants[0] == other.consonants[0]
        and sound_code_similarity(word.sounds[0], other.sounds[0]) >= 0.85
    ):
        return 0.85
    if longest < 5 and word.sound[0] != other.sound[0]:
        return 0.0
    allowed = typing_errors_allowed(longest)
    spelling_distance = OSA.distance(word.text, other.text, score_cutoff=allowed + 1)
    if spelling_distance > allowed + 1:
        return 0.0
    distance = min(spelling_distance, OSA.distance(word.sound, other.sound, score_cutoff=allowed))
    return 1 - distance / longest if distance <= allowed else 0.0
