"""Look-up of given names: the spelling that stands for all equal ones, short forms, and families of names that are one name."""

from functools import lru_cache

from entities.likeness.given_names import ARABIC_WORDS, MEN, NAMES_WITH_SHORT_FORMS, WOMEN
from entities.likeness.phonetics import romanised_spelling

_MALE_ENDINGS = ("s", "as", "is", "us")
"""Endings that the names of men take in Latvian and Lithuanian."""
_FEMALE_ENDINGS = ("a", "ia")
"""Endings that make a name of men one of women: Bohdana, Emilia."""

_Index = dict[str, frozenset[str]]
_NO_NAMES: frozenset[str] = frozenset()


@lru_cache(maxsize=1 << 16)
def standard_spelling(word: str) -> str:
    """Return the spelling that stands for all equal spellings of a given name; any other word is returned as it is."""
    return _STANDARD_SPELLINGS.get(word) or _STANDARD_SPELLINGS.get(romanised_spelling(word), word)


@lru_cache(maxsize=1 << 16)
def names_meant(word: str) -> frozenset[str]:
    """Return the names that a word in its standard spelling may be a short form of, itself included; none for most words."""
    return _SHORT_FORMS.get(word) or _SHORT_FORMS.get(romanised_spelling(word), _NO_NAMES)


@lru_cache(maxsize=1 << 16)
def name_families(word: str) -> frozenset[str]:
    """Return the families that a word belongs to if it is a known given name; several if it is ambiguous."""
    return _FAMILIES.get(word) or _FAMILIES.get(romanised_spelling(word), _NO_NAMES)


def _parse_families(rows: str, gender: str) -> dict[str, list[list[str]]]:
    """Parse to family -> groups of equal spellings."""
    groups = ([group.split("=") for group in row.split()] for row in rows.split("|"))
    return {f"{gender}:{family[0][0]}": family for family in groups}


def _index_spellings(families: dict[str, list[list[str]]]) -> dict[str, str]:
    exact = {form: group[0] for family in families.values() for group in family for form in group}
    return {romanised_spelling(form): standard for form, standard in reversed(exact.items())} | exact


def _index_families(families: dict[str, list[list[str]]]) -> _Index:
    exact: _Index = {}
    by_spelling: _Index = {}
    for family, groups in families.items():
        for form in (form for group in groups for form in group):
            for index, key in ((exact, form), (by_spelling, romanised_spelling(form))):
                index[key] = index.get(key, _NO_NAMES) | {family}
    return by_spelling | exact


def _derived_forms(families: dict[str, list[list[str]]], listed: _Index) -> _Index:
    """Return the forms that endings make of the names of men -> families; a family of women that is listed comes first."""
    derived: _Index = {}
    for family, groups in families.items():
        stems = {romanised_spelling(form) for group in groups for form in group}
        stems = {stem for stem in stems if stem[-1] != "a"}
        female_forms = {stem.removesuffix("o") + ending for stem in stems for ending in _FEMALE_ENDINGS}
        listed_families = {name for form in female_forms for name in listed.get(form, ()) if name not in families}
        female_families = frozenset(listed_families or {f"woman:{family}"})
        derived |= {form: derived.get(form, _NO_NAMES) | female_families for form in female_forms}
        derived |= {stem + ending: frozenset({family}) for stem in stems for ending in _MALE_ENDINGS}
    return derived


def _index_short_forms() -> _Index:
    short_forms: _Index = {}
    for name, *forms in (row.split() for row in NAMES_WITH_SHORT_FORMS.split("|")):
        for form in (name, *forms):
            for key in {standard_spelling(form), romanised_spelling(form)}:
                short_forms[key] = short_forms.get(key, _NO_NAMES) | {standard_spelling(name)}
    return short_forms


def _families_of_short_forms(listed: _Index) -> _Index:
    return {
        form: listed.get(form, _NO_NAMES).union(*(listed.get(name, {f"name:{name}"}) for name in names))
        for form, names in _SHORT_FORMS.items()
    }


_MEN, _WOMEN = _parse_families(MEN, "man"), _parse_families(WOMEN, "woman")
_STANDARD_SPELLINGS = _index_spellings(_MEN | _WOMEN | _parse_families(ARABIC_WORDS, "word"))
_SHORT_FORMS = _index_short_forms()
_LISTED = _index_families(_MEN | _WOMEN)
_FAMILIES = _derived_forms(_MEN, _LISTED) | _LISTED
_FAMILIES |= _families_of_short_forms(_FAMILIES)
