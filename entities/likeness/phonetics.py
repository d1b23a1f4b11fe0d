"""Phonetic codes of words: the edit distance between two codes tells how different the words sound, in any script."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# A consonant is two letters, its class and itself: one edit from others of its class, two from the rest. Vowels are one of three.
_SOUND_CODES = str.maketrans(
    {letter: written for letter, _, written in (sound.partition("=") for sound in (
        "p=Pp b=Pb f=Pf v=Pv w=Pw ŵ=w t=Tt d=Td þ=Ts k=Kk q=Kk c=Kk g=Kg χ=Kh h=h s=Ss z=Sz š=Sx ž=Sz č=Sc j=Sj ц=St"
        " m=Nm n=Nn l=Rl r=Rr a=a e=i i=i y=i o=u u=u"
    ).split())}
)  # fmt: skip


def _compile_sound_rules(rows: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), becomes) for pattern, _, becomes in (row.partition(">") for row in rows.split())]


# Latin letters sound differently in different languages, so ambiguous ones have two readings. Romanised words have one.
_LATIN_RULES = _compile_sound_rules(
    "schtsch|shch|szcz|stsch>š tsch|tch|tsh|tsj|cz>č sch|sh|sz|sj|zh>š rz(?=[aeiou])>ž dzh|dj>j dz|tz|ts>ц kh>χ gh>g"
    " ch(?=[rlt])>k ch$>χ ck>k qu?>k ph>f th>þ ^x>š x>ks c(?=[eiy])>ц eau[xs]?$>o oo|ou>u ee|ea>i"
)
_HARD_RULES = _compile_sound_rules("ch>χ j>y")
_SOFT_RULES = _compile_sound_rules("ch>č g(?=[eiy])>j")
_AMBIGUOUS_LETTERS = re.compile("ch|j|g[eiy]")
_ROMANISED_RULES = _compile_sound_rules("shch>š sh>š zh>ž dzh>j ch>č dz|tz|ts>ц kh>χ gh>g ph>f th>þ (?<=.)w>ŵ ^u(?=[aeio])>w")
_SEMIVOWEL = re.compile("(?<!P)w")
_DOUBLED_CODE = re.compile(r"(.)\1+")
_VOWEL_RUN = re.compile("([aiu])[aiu]+")
_CONSONANT_CODE = re.compile("[A-Z].")
_CLASS_CODE = re.compile("[A-Z]")


def encode_sounds(word: str, is_latin: bool) -> tuple[str, ...]:
    """Return one or two phonetic codes of a word in lower-case Latin letters; `is_latin` unless it was romanised."""
    word = _apply_sound_rules(word, _LATIN_RULES if is_latin else _ROMANISED_RULES)
    readings = (
        (_apply_sound_rules(word, _HARD_RULES), _apply_sound_rules(word, _SOFT_RULES))
        if is_latin and _AMBIGUOUS_LETTERS.search(word)
        else (word,)
    )
    return tuple(_VOWEL_RUN.sub(r"\1", _DOUBLED_CODE.sub(r"\1", reading).translate(_SOUND_CODES)) for reading in readings)


def consonant_codes(sound_code: str) -> str:
    """Return the consonants of a phonetic code."""
    return "".join(_CONSONANT_CODE.findall(sound_code))


@lru_cache(maxsize=1 << 14)
def consonant_skeletons(sound_codes: tuple[str, ...]) -> tuple[str, ...]:
    """Return the consonant classes of each code, without doubles; semivowels are read both as consonants and as vowels."""
    sound_codes = (
        *sound_codes,
        *(_SEMIVOWEL.sub("P", code).replace("Kh", "") for code in sound_codes if _SEMIVOWEL.search(code) or "Kh" in code),
    )
    return tuple(dict.fromkeys(_DOUBLED_CODE.sub(r"\1", "".join(_CLASS_CODE.findall(code))) for code in sound_codes))


def sound_code_similarity(a: str, b: str) -> float:
    """Return the similarity of two phonetic codes, 0 to 1."""
    longest = max(len(a), len(b))
    return 1 - Levenshtein.distance(a, b) / longest if longest else 1.0


def _apply_sound_rules(text: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, becomes in rules:
        text = pattern.sub(becomes, text)
    return text
