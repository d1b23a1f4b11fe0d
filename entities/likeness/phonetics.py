"""Sounds of words in lower-case Latin letters: three reductions, from the strictest to the one that tells most.

`romanised_spelling` joins the spellings of one family name, `simplify_sound` those of one sound. The edit distance between two
phonetic codes (`encode_sounds`) tells how different words sound, in any script.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from entities.likeness.text_rewriters import compile_rewriter

# A consonant is two letters, its class and itself: one edit from others of its class, two from the rest. Vowels are one of three.
_SOUND_CODES = str.maketrans(
    {letter: written for letter, _, written in (sound.partition("=") for sound in (
        "p=Pp b=Pb f=Pf v=Pv w=Pw ŵ=w t=Tt d=Td þ=Ts k=Kk q=Kk c=Kk g=Kg χ=Kh h=h s=Ss z=Sz š=Sx ž=Sz č=Sc j=Sj ц=St"
        " m=Nm n=Nn l=Rl r=Rr a=a e=i i=i y=i o=u u=u"
    ).split())}
)  # fmt: skip


# Latin letters sound differently in different languages, so ambiguous ones have two readings. Romanised words have one.
_rewrite_latin = compile_rewriter(
    "schtsch|shch|szcz|stsch>š tsch|tch|tsh|tsj|cz>č sch|sh|sz|sj|zh>š rz(?=[aeiou])>ž dzh|dj>j dz|tz|ts>ц kh>χ gh>g"
    " ch(?=[rlt])>k ch$>χ ck>k qu?>k ph>f th>þ ^x>š x>ks c(?=[eiy])>ц eau[xs]?$>o oo|ou>u ee|ea>i"
)
_rewrite_hard = compile_rewriter("ch>χ j>y")
_rewrite_soft = compile_rewriter("ch>č g(?=[eiy])>j")
_AMBIGUOUS_LETTERS = re.compile("ch|j|g[eiy]")
_rewrite_romanised = compile_rewriter("shch>š sh>š zh>ž dzh>j ch>č dz|tz|ts>ц kh>χ gh>g ph>f th>þ (?<=.)w>ŵ ^u(?=[aeio])>w")
_SEMIVOWEL = re.compile("(?<!P)w")
_DOUBLED_CODE = re.compile(r"(.)\1+")
_VOWEL_RUN = re.compile("([aiu])[aiu]+")
_CONSONANT_CODE = re.compile("[A-Z].")
_CLASS_CODE = re.compile("[A-Z]")


# Spellings of one sound in Ukrainian, Russian, Polish, German, French and English.
_rewrite_sound = compile_rewriter(
    "^hs|^x>s shch|szcz|schtsch|sc(?=[eiy])>s tsch|tch|tsj|tsh|cz|ch(?=[aeiouy])>c sch|sh|sz|sj|zh|rz|dzh|dj|ts|tz>s"
    " kh|gh|ch|qu?|ck>k ph|w|v>f oe|ou|oo>u x>ks ^[jyi](?=[aeou])> [jy]>i z>s c>k th>t (?<=[a-z])h> i+e|ee|ii>i"
    r" (.)\1+>\1 (?<=[a-z]{4})(?:i|a)?s$> i$>"
)
# Spellings that differ between romanisations of Slavic and Arabic names.
_rewrite_spelling = compile_rewriter(
    r"(?:iy|yy|yi|ij|yj|ii|y)$>i kh>h sch|sh>s tch|ch>c zh>z w>v ou>u [yj](?=[aeou])>i (.)\1+>\1"
)


def romanised_spelling(word: str) -> str:
    """Return what the usual romanisations of a family name have in common; names of another sound keep apart."""
    return _rewrite_spelling(word)


def simplify_sound(word: str) -> str:
    """Return what spellings of one sound have in common, in the languages of the region; a number stays."""
    return word if word.isdigit() else _rewrite_sound(word) or word


def encode_sounds(word: str, is_latin: bool) -> tuple[str, ...]:
    """Return one or two phonetic codes of a word in lower-case Latin letters; `is_latin` unless it was romanised."""
    word = _rewrite_latin(word) if is_latin else _rewrite_romanised(word)
    readings = (_rewrite_hard(word), _rewrite_soft(word)) if is_latin and _AMBIGUOUS_LETTERS.search(word) else (word,)
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
