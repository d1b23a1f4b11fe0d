"""Sounds of words in lower-case Latin letters: three reductions, from the strictest to the one that tells most.

`romanised_spelling` joins the spellings of one family name, `simplify_sound` those of one sound. The edit distance between two
phonetic codes (`encode_sounds`) tells how different words sound, in any script.
"""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from entities.likeness.romanisation import CYRILLIC, LATIN
from entities.likeness.text_rewriters import compile_rewriter

# A consonant is two letters, its class and itself: one edit from others of its class, two from the rest. Vowels are one of three.
_SOUND_CODES = str.maketrans(
    {letter: written for letter, _, written in (sound.partition("=") for sound in (
        "p=Pp b=Pb f=Pf v=Pv w=Pw ŵ=w t=Tt d=Td þ=Ts k=Kk q=Kk c=Kk g=Kg χ=Kh h=h s=Ss z=Sz š=Sx ž=Sz č=Sc j=Sj ц=St"
        " ĵ=Sj m=Nm n=Nn l=Rl r=Rr a=a e=i i=i y=i o=u u=u"
    ).split())}
)  # fmt: skip


# Latin letters sound differently in different languages, so words with ambiguous ones have several readings: as in German and
# Slavic languages, as in English and Italian, and with "ch" or "j" as in French. Latvian adds an "s" to names of men.
_rewrite_latin = compile_rewriter(
    "schtsch|shch|szcz|stsch>š tsch|tch|tsh|tsj|cz>č sch|sh|sz|sj|zh>š rz(?=[aeiou])>ž dzh|dj>ĵ dz|tz|ts>ц kh>χ"
    " (?<=[aiou])gh(?=[bdfklmnprst]|$)> gh>g ch(?=[rlt])>k ch$>χ ck>k qu?>k ph>f th>þ (?<=[aeiouy])h(?![aeiouy])>"
    " (?<!^)x>ks c(?=[eiy])>ц eau[xs]?$>o oo|ou>u ee|ea>i"
)
_rewrite_hard = compile_rewriter("ch>χ j>y w>v x>š (?<=[a-z]i)ca$>ца")
_rewrite_baltic = compile_rewriter("ch>χ j>y w>v (?<=sk)is$|s$>")
_rewrite_soft = compile_rewriter(
    "ch>č dge>ĵe g[ei](?=[aou])>ĵ g(?=[eiy])>j ^kn>n ^wr>r (?<=[aeo])w(?![aeiouy])>u x>ks (?<=\\w\\w)e$>"
)
_rewrite_french = compile_rewriter("ch>š j|g(?=[eiy])>ž w>v x>ks ier$>ie (?<=\\w\\w)e?[sxtd]?$>")
_AMBIGUOUS_LETTERS = re.compile("ch|j|w|^x|^kn|g[eiy]|(?<=[a-z][bcdfghklmnprstvz])e$|(?<=[a-z]i)ca$|ier$")
_BALTIC_ENDING = re.compile("[a-z]{2}(?:[bcdfghjklmnprtvzšžčц]s|skis)$")
_FRENCH_LETTERS = re.compile("ch|j|ge|ier$")
# Foreign names: in Cyrillic letters, "g" and "kh" also stand for the sound of "h", and "u" for that of "w".
_rewrite_romanised = compile_rewriter("shch>š sh>š dzh|dj>ĵ zh>ž ch>č dz|tz|ts>ц kh>χ gh>g ph>f th>þ (?<=.)w>ŵ ^u(?=[aeio])>w")
_rewrite_foreign = compile_rewriter("g|χ>h ^w>v")
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


@lru_cache(maxsize=1 << 16)
def romanised_spelling(word: str) -> str:
    """Return what the usual romanisations of a family name have in common; names of another sound keep apart."""
    return _rewrite_spelling(word)


def simplify_sound(word: str) -> str:
    """Return what spellings of one sound have in common, in the languages of the region; a number stays."""
    return word if word.isdigit() else _rewrite_sound(word) or word


def encode_sounds(word: str, script: str) -> tuple[str, ...]:
    """Return up to four phonetic codes of a word in lower-case Latin letters; `script` is the one that it was written in."""
    codes = (
        _VOWEL_RUN.sub(r"\1", _DOUBLED_CODE.sub(r"\1", reading).translate(_SOUND_CODES)) for reading in _readings(word, script)
    )
    return tuple(dict.fromkeys(codes))


def _readings(word: str, script: str) -> list[str]:
    if script == LATIN:
        word = _rewrite_latin(word)
        readings = [_rewrite_hard(word)]
        if _AMBIGUOUS_LETTERS.search(word):
            readings.append(_rewrite_soft(word))
            if _FRENCH_LETTERS.search(word):
                readings.append(_rewrite_french(word))
        if _BALTIC_ENDING.search(word):
            readings.append(_rewrite_baltic(word))
        return readings
    word = _rewrite_romanised(word)
    return [word, _rewrite_foreign(word)] if script == CYRILLIC else [word]


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
