"""Canonical form of an English word for search: American spelling, singular. Also the regular forms of verbs.

Only the index and queries use these forms, so that both databases compare the same words; nobody reads them.
"""

import re
from functools import lru_cache

_OUR_STEMS = (
    "arbour ardour armour behaviour candour clamour colour demeanour discolour dishonour enamour endeavour favour fervour"
    " flavour glamour harbour honour humour labour neighbour odour parlour rancour rigour rumour saviour savour splendour"
    " tumour valour vapour vigour"
).split()
_RE_WORDS = (
    "calibre centimetre centre epicentre fibre goitre kilometre litre lustre meagre metre millimetre mitre ochre reconnoitre"
    " sabre saltpetre sceptre sepulchre sombre spectre theatre amphitheatre"
).split()
_SPELLINGS = {
    **{word: f"{word[:-2]}er" for word in _RE_WORDS},
    **{f"{word}d": f"{word[:-2]}ered" for word in ("centre", "calibre", "sabre", "lustre")},
    **{f"{word[:-1]}ing": f"{word[:-2]}ering" for word in ("centre", "sabre")},
    "ageing": "aging",
    "aluminium": "aluminum",
    "analogue": "analog",
    "artefact": "artifact",
    "catalogue": "catalog",
    "cheque": "check",
    "defence": "defense",
    "dialogue": "dialog",
    "draught": "draft",
    "grey": "gray",
    "judgement": "judgment",
    "acknowledgement": "acknowledgment",
    "licence": "license",
    "manoeuvre": "maneuver",
    "manoeuvred": "maneuvered",
    "manoeuvring": "maneuvering",
    "mould": "mold",
    "offence": "offense",
    "plough": "plow",
    "practise": "practice",
    "practised": "practiced",
    "practising": "practicing",
    "pretence": "pretense",
    "programme": "program",
    "sceptic": "skeptic",
    "sceptical": "skeptical",
    "scepticism": "skepticism",
    "sulphur": "sulfur",
    "tyre": "tire",
}
CHANGES_FIRST_LETTERS = frozenset({"gray", "skeptic", "skeptical", "skepticism", "tire"})
"""Canonical words whose other spelling differs within the first three letters."""
_OUR_PATTERN = re.compile(rf"^(?:re|un|mis|pre|counter)?(?:{'|'.join(_OUR_STEMS)})")
_ISE_PATTERN = re.compile(r"(?<=[a-z]{3}[^s])is(?=(?:e[drs]?|es|ers|ing|ations?|ational|able)$)")
_YSE_PATTERN = re.compile(r"(?<=[a-z][lr])ys(?=(?:e[drs]?|es|ers|ing)$)")
_DOUBLE_L_PATTERN = re.compile(
    r"^((?:re|un)?(?:cancel|channel|counsel|dial|equal|fuel|initial|label|level|marshal|model|panel|quarrel|rival|shovel|shrivel"
    r"|signal|stencil|total|towel|travel|tunnel|refuel|unravel))l(?=ed$|ing$|er$|ers$|ation$)"
)
_DOUBLED_L_WORDS = {
    "enrol": "enroll",
    "enrolment": "enrollment",
    "fulfil": "fulfill",
    "fulfilment": "fulfillment",
    "instal": "install",
    "instalment": "installment",
    "skilful": "skillful",
    "wilful": "willful",
}
_NO_PLURALS = frozenset(
    "afterwards always arms besides corps customs does ethos goods headquarters lens means news perhaps plus series species this"
    " towards whereas whereabouts".split()
)
_SINGULARS = {
    "aches": "ache",
    "avalanches": "avalanche",
    "axes": "axe",
    "buses": "bus",
    "caches": "cache",
    "canoes": "canoe",
    "gases": "gas",
    "headaches": "headache",
    "movies": "movie",
    "niches": "niche",
    "shoes": "shoe",
}
_CLOSED_COMPOUND = re.compile(r"([a-z0-9]{3,})(defence|programme|centre|theatre)$")
_VOWELS = frozenset("aeiouy")
_MIN_INFLECTED_STEM = 4


@lru_cache(maxsize=1 << 16)
def canonical_word(word: str) -> str:
    """Return the form of a word, in lower-case Latin letters and digits, that stands for all its spellings and its plural.

    The form of such a form is itself.
    """
    return _american_spelling(_singular(word)) if word.isalpha() else word


def _singular(word: str) -> str:
    """Return a regular plural without its ending; whatever may be none stays as it is."""
    if len(word) < 4 or word[-1] != "s" or word in _NO_PLURALS or word.endswith(("ss", "us", "is")):
        return word
    if known := _SINGULARS.get(word):
        return known
    if word.endswith("ies"):
        return f"{word[:-3]}y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")) or (word.endswith("oes") and len(word) > 5):
        return word[:-2]
    return word[:-1]


def _american_spelling(word: str) -> str:
    if closed := _CLOSED_COMPOUND.match(word):
        return closed[1] + _SPELLINGS[closed[2]]
    if known := _SPELLINGS.get(word) or _DOUBLED_L_WORDS.get(word):
        return known
    if our := _OUR_PATTERN.match(word):
        return f"{our[0][:-2]}r{word[our.end() :]}"
    if "is" in word and (ise := _ISE_PATTERN.search(word)):
        return f"{word[: ise.start()]}iz{word[ise.end() :]}"
    if "ys" in word and (yse := _YSE_PATTERN.search(word)):
        return f"{word[: yse.start()]}yz{word[yse.end() :]}"
    if "ll" in word and (doubled := _DOUBLE_L_PATTERN.match(word)):
        return doubled[1] + word[doubled.end() :]
    return word


@lru_cache(maxsize=1 << 12)
def verb_forms(word: str) -> tuple[str, ...]:
    """Return the canonical word itself and what may be other regular forms of it as a verb: pledge, pledged, pledging."""
    word = canonical_word(word)
    if not word.isalpha() or len(word) < _MIN_INFLECTED_STEM:
        return (word,)
    bases = _bases_of_inflected(word) or {word}
    forms = {canonical_word(form) for base in bases for form in _inflected_forms(base)}
    return (word, *sorted(forms - {word}))


def _bases_of_inflected(word: str) -> set[str]:
    """Return the words of which this one may be a past tense or a participle."""
    if word.endswith("ied") and len(word) > 5:
        return {f"{word[:-3]}y"}
    ending = "ing" if word.endswith("ing") else "ed" if word.endswith("ed") else ""
    stem = word[: len(word) - len(ending)]
    if word.endswith("eed"):
        return {word, word[:-1]}
    if not ending or len(stem) < _MIN_INFLECTED_STEM - 1 or not _VOWELS & set(stem[1:]):
        return set()
    if stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return {stem[:-1]}
    return {stem, f"{stem}e"}


def _inflected_forms(base: str) -> set[str]:
    if base.endswith("ee"):
        return {base, f"{base}d", f"{base}ing"}
    if base[-1] == "e":
        return {base, f"{base}d", f"{base[:-1]}ing"}
    if base[-1] == "y" and base[-2] not in _VOWELS:
        return {base, f"{base[:-1]}ied", f"{base}ing"}
    forms = {base, f"{base}ed", f"{base}ing"}
    if base[-1] not in "wxy" and base[-1] not in _VOWELS and base[-2] in _VOWELS and base[-3:-2] not in _VOWELS:
        forms |= {f"{base}{base[-1]}ed", f"{base}{base[-1]}ing"}
    return forms
