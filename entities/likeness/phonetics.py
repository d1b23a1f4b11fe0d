"""Words as strings of sounds, so written that the distance between two strings tells how far apart they sound, in any script."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

# A consonant is its class and itself: one change away from others of its class, two from the rest. Vowels are three, and one.
_SOUND_CODES = str.maketrans(
    {letter: written for letter, _, written in (sound.partition("=") for sound in (
        "p=Pp b=Pb f=Pf v=Pv w=Pw ŵ=w t=Tt d=Td þ=Ts k=Kk q=Kk c=Kk g=Kg χ=Kh h=h s=Ss z=Sz š=Sx ž=Sz č=Sc j=Sj ц=St"
        " m=Nm n=Nn l=Rl r=Rr a=a e=i i=i y=i o=u u=u"
    ).split())}
)  # fmt: skip


def _compile_sound_rules(rows: str) -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), becomes) for pattern, _, becomes in (row.partition(">") for row in rows.split())]


# What letters stand for in Latin script is a guess among languages: read in two ways where they part. What was romanised is
# written in one.
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


def encode_sounds(text: str, latin: bool) -> tuple[str, ...]:
    """The sounds of a word in small Latin letters, in one way or two; `latin`: it was written so."""
    text = _apply_sound_rules(text, _LATIN_RULES if latin else _ROMANISED_RULES)
    ways = (
        (_apply_sound_rules(text, _HARD_RULES), _apply_sound_rules(text, _SOFT_RULES))
        if latin and _AMBIGUOUS_LETTERS.search(text)
        else (text,)
    )
    return tuple(_VOWEL_RUN.sub(r"\1", _DOUBLED_CODE.sub(r"\1", way).translate(_SOUND_CODES)) for way in ways)


def consonant_codes(of: str) -> str:
    """The consonants of such a string."""
    return "".join(_CONSONANT_CODE.findall(of))


@lru_cache(maxsize=1 << 14)
def consonant_skeletons(ways: tuple[str, ...]) -> tuple[str, ...]:
    """The classes of their consonants, those said twice once; what may be a consonant or a vowel is read as both."""
    ways = (*ways, *(_SEMIVOWEL.sub("P", way).replace("Kh", "") for way in ways if _SEMIVOWEL.search(way) or "Kh" in way))
    return tuple(dict.fromkeys(_DOUBLED_CODE.sub(r"\1", "".join(_CLASS_CODE.findall(way))) for way in ways))


def sound_code_similarity(a: str, b: str) -> float:
    """How near two such strings are, 0 to 1."""
    longest = max(len(a), len(b))
    return 1 - Levenshtein.distance(a, b) / longest if longest else 1.0


def _apply_sound_rules(text: str, rules: list[tuple[re.Pattern[str], str]]) -> str:
    for pattern, becomes in rules:
        text = pattern.sub(becomes, text)
    return text
