"""Counted nouns: the noun phrase after a number, found without a part-of-speech tagger.

A count takes a plural, so the phrase ends at the first plural, or at the last of several in a row (“arms systems”).
"""

import re
from typing import NamedTuple

_WORD = re.compile(
    r"(?P<gap>[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)(?P<open>[\"“‘'(]?)"
    r"(?P<word>(?:[A-Z]\.){2,}(?:[-‐‑]\w+)*|[^\W_]+(?:[-‐‑/&][^\W_]+)*)(?P<possessive>['’]s?(?!\w))?"
)
# “8,000 Javelin and 1,600 Stingers”: names may be in the singular.
_NEXT_NUMBER = re.compile(r",?(?:\s+and)?\s+\d")
_DIGIT_FOLLOWS = re.compile(r"\s+\d")
_LONGEST = 8

# Words that end a noun phrase: prepositions, determiners, pronouns, auxiliaries, conjunctions, verbs of saying.
_STOPS = frozenset(
    "a an the this that these those such each every any some all both either neither no none its it his her hers their "
    "theirs our ours my your yours he she they we i you him them us who whom whose which what when where why how there here "
    "of in on at by for from to into onto upon over under with within without across against among amongst between through "
    "throughout during before after since until till towards toward about around above below behind beside besides beyond "
    "despite except like near off out outside inside past per than versus via as if because although though while whereas "
    "unless but nor so yet or and is are was were be been being has have had having do does did will would shall should can "
    "could may might must not n't never also only just even still already then thus too very said says say told tells added "
    "adds according perhaps sometimes always nowadays afterwards upwards downwards overseas abroad indoors ago plus minus "
    "times including following amid percent pct percentage yes vs fewer less up down away apart together instead once "
    "twice nearly almost roughly approximately two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million "
    "billion trillion dozen".split()
)
_JOINS = frozenset(("and", "or", "&"))
_PLURALS = frozenset(
    "aircraft personnel people troops men women children police staff cattle crew crews servicemen servicewomen airmen "
    "guardsmen policemen firefighters dead wounded injured spacecraft watercraft rotorcraft hovercraft series species "
    "headquarters himars nasams atacms uavs feet teeth dice media criteria elderly homeless unemployed youth livestock "
    "ammunition lawmen gunmen businessmen fishermen crewmen spokesmen servicemembers servicepeople craft".split()
)
_SINGULAR_IN_S = frozenset(
    "gas bus plus texas paris brussels athens politics economics logistics physics mathematics athletics news christmas "
    "kansas arkansas illinois naples laos cyprus belarus honduras wales".split()
)
_MODIFYING_PLURALS = frozenset("arms abrams sales operations communications sanctions sports".split())
"""Plurals that modify the noun that is counted."""
_NOT_COUNTED = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday "
    "second minute hour day week weekend fortnight month quarter year decade century generation anniversary time way degree "
    "mile kilometer kilometre km meter metre foot inch yard centimeter centimetre millimeter millimetre mm knot point "
    "night morning afternoon evening summer winter season thousand hundred million billion hectare acre percentage half "
    "third "
    "dollar pound euro franc krona crown ruble rouble peso rupee dinar dirham riyal shekel lira yuan yen won rand hryvnia "
    "zloty lev leu forint cent watt kilowatt megawatt gigawatt volt calorie decibel".split()
)
_PERSONS = frozenset(
    "person personnel people troop soldier civilian staff staffer employee worker man woman child refugee officer official "
    "serviceman servicewoman servicemember fighter recruit trainee cadet pilot volunteer veteran victim survivor prisoner "
    "detainee hostage casualty policeman journalist reporter resident citizen passenger patient student pupil teacher "
    "doctor nurse lawmaker senator minister leader ambassador diplomat expert engineer scientist adviser advisor sailor "
    "marine airman guard guardsman conscript reservist mercenary militant insurgent rebel terrorist suspect migrant dead "
    "wounded injured other delegate participant attendee visitor protester demonstrator activist voter "
    "inhabitant firefighter rescuer medic paramedic technician instructor trainer interpreter contractor analyst specialist "
    "operator judge prosecutor commander general colonel sergeant crew homeless displaced evacuee orphan boy girl teenager "
    "adult businessman oligarch executive farmer miner fisherman driver guest parliamentarian congressman legislator priest "
    "monk spy agent defector deserter combatant paratrooper infantryman gunman attacker assailant police elderly parent "
    "mother father brother sister son daughter wife husband friend colleague predecessor president".split()
)
_BODIES_OF_MEMBERS = frozenset("service crew staff family team committee board cabinet gang".split())
_NATIONALS = re.compile(
    r"[A-Z][a-z]+(?:ians|ans|eans|is)|Poles|Finns|Danes|Swedes|Czechs|Slovaks|Turks|Greeks|Serbs|Croats|Kurds|Arabs|Jews|Dutch|Britons"
)
# After a noun these words describe those counted; on their own they name them.
_CONDITIONS = frozenset("dead wounded injured homeless unemployed".split())
_CONTAINERS = frozenset(
    "round piece ton tonne litre liter gallon barrel pair set type unit pound kilogram kilo gram box case package shipment "
    "batch load tranche variety crate roll bag item squadron battalion brigade battery fleet group dose copy".split()
)
_CONTENT = re.compile(
    r"\s+of\s+(?P<content>(?:[a-z0-9]+(?:-[a-z]+)*\s+){0,3}?"
    r"(?:ammunition|munitions?|equipment|oil|gas|grain|wheat|diesel|fuel|armor|armour|explosives|rounds|shells|weapons|food|aid|"
    r"supplies|missiles|vehicles|systems|gear|uniforms|aircraft|tanks|coal|steel|water|medicine|medicines))\b"
)
_PLAIN_ADJECTIVES = frozenset(
    "modern new older newer additional more other further different advanced extra total separate major key various such fellow "
    "core same existing current brand-new so-called next-generation last first next remaining".split()
)
_IRREGULAR = {
    "people": "person", "men": "man", "women": "woman", "children": "child", "feet": "foot", "teeth": "tooth", "lives": "life",
    "wives": "wife", "knives": "knife", "halves": "half", "shelves": "shelf", "leaves": "leaf", "movies": "movie",
    "criteria": "criterion", "media": "medium", "bases": "base", "crises": "crisis", "ties": "tie", "axes": "axe",
    "buses": "bus", "gases": "gas", "viruses": "virus", "heroes": "hero", "vetoes": "veto", "torpedoes": "torpedo",
    "potatoes": "potato", "echoes": "echo", "cargoes": "cargo", "himars": "HIMARS", "nasams": "NASAMS", "atacms": "ATACMS",
}  # fmt: skip
_UNCHANGED = frozenset(
    "aircraft personnel police staff cattle spacecraft watercraft rotorcraft hovercraft craft series species headquarters "
    "dead wounded injured elderly homeless unemployed youth livestock ammunition data crew abrams arms".split()
)


# Nouns counted together: “30 allies and partners”.
_PAIRED = (
    r"(?:allies|partners|nations|countries|states|entities|individuals|companies|firms|organi[sz]ations|institutions|persons|men|"
    r"women|children|officers|soldiers|civilians|officials)"
)
_PAIR = re.compile(rf"{_PAIRED}(?P<second>\s+and\s+{_PAIRED})\b(?!\s+[a-z]+s\b)", re.IGNORECASE)


class CountedNoun(NamedTuple):
    """Noun phrase that is counted: where it ends, the unit as a Measure takes it, and whether it means people."""

    end: int
    unit: str
    is_people: bool


def read_counted_noun(text: str, offset: int, *, singular: bool = False) -> CountedNoun | None:
    """Return the noun phrase that starts, after a space, at `offset`; None if there is none that can be counted.

    `singular`: the number is one, so the phrase may be in the singular.
    """
    words: list[re.Match] = []
    length = 0
    for _ in range(_LONGEST):
        word = _WORD.match(text, words[-1].end() if words else offset)
        if not word or (word["open"] and words and _is_plural(words[-1]["word"])) or _ends_noun_phrase(word, words, length):
            break
        words.append(word)
        if _is_plural(word["word"]):
            length = len(words)
        elif length and not _modifies(words[length - 1]["word"], word["word"]):
            break
        if word["possessive"]:
            break
    if singular and 0 < length < len(words):
        # “1 HIMARS launcher”: the plural is not what is counted.
        return None
    if not length and (singular or (words and words[-1]["word"][0].isupper() and _NEXT_NUMBER.match(text, words[-1].end()))):
        length = len(words)
    return _build_counted_noun(text, words[:length]) if length else None


def _modifies(plural: str, following: str) -> bool:
    """Return whether a plural and the word after it modify the noun counted: “HIMARS M142 launchers”."""
    is_model = following[0].isupper() and any(letter.isdigit() for letter in following)
    return plural.lower() in _MODIFYING_PLURALS or (plural.isupper() and is_model)


def _ends_noun_phrase(word: re.Match, words_before: list[re.Match], length: int) -> bool:
    lower_case = word["word"].lower()
    if lower_case in _JOINS:
        return bool(length) or not words_before or bool(_DIGIT_FOLLOWS.match(word.string, word.end()))
    if lower_case.isdigit() and not (words_before and words_before[-1]["word"][0].isupper()):
        return True
    return lower_case in _STOPS or (bool(length) and (lower_case in _CONDITIONS or singular_of(lower_case) in _NOT_COUNTED))


def _build_counted_noun(text: str, words: list[re.Match]) -> CountedNoun | None:
    head = words[-1]["word"]
    singular = singular_of(head)
    base_word = singular.lower().rpartition("-")[2]
    if base_word in _NOT_COUNTED or words[-1]["possessive"] == "'s" or singular.isdigit():
        return None
    pair = _PAIR.match(text, words[-1].start("word"))
    end = pair.end("second") if pair else words[-1].end("word")
    is_member_of_body = base_word == "member" and len(words) > 1 and words[-2]["word"].lower() in _BODIES_OF_MEMBERS
    if base_word in _PERSONS or is_member_of_body or _NATIONALS.fullmatch(head):
        return CountedNoun(end, "person", True)
    modifiers = [word["word"] for word in words[:-1] if word["word"].lower() not in _PLAIN_ADJECTIVES]
    unit = " ".join([*modifiers, singular])
    if base_word in _CONTAINERS and (content := _CONTENT.match(text, end)):
        return CountedNoun(content.end(), f"{unit} of {' '.join(content['content'].split())}", False)
    return CountedNoun(end, unit, False)


def singular_of(noun: str) -> str:
    """Return a plural `noun` in the singular; any other word unchanged."""
    lower_case = noun.lower()
    if lower_case in _IRREGULAR:
        return _IRREGULAR[lower_case]
    if lower_case in _UNCHANGED or not lower_case.endswith("s") or lower_case.endswith("ss"):
        return f"{noun[:-2]}an" if lower_case.endswith("men") else noun
    if lower_case.endswith("ies") and len(lower_case) > 4:
        return noun[:-3] + "y"
    if lower_case.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return noun[:-2]
    return noun[:-1]


def _is_plural(word: str) -> bool:
    last_part = re.split(r"[-‐‑/&]", word)[-1].lower()
    if last_part in _PLURALS or last_part in _IRREGULAR or _NATIONALS.fullmatch(word):
        return True
    # A final capital S belongs to an acronym, not to a plural.
    if len(last_part) < 3 and not word[0].isupper() or last_part in _SINGULAR_IN_S or word[-1] == "S":
        return False
    return last_part.endswith("s") and not last_part.endswith(("ss", "us", "is"))
