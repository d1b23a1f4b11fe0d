"""The names by which the register knows its records, ready to be looked for in a text.

A look-up folds accents, apostrophes, hyphens and spaces; it folds case only where no other word can be meant. All names lie
in one dictionary by their folded words, so that the cost of a text does not grow with the register.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from anyascii import anyascii
from django.db.models import Count, Max, Sum

from entities.models import Entity, Name, Person
from entities.vocabulary import Kind, Status

_WORD = re.compile(r"(?:[A-Z]\.){2,}(?:[A-Z]\b)?|(?<!\w['’ʼ])[^\W_]+(?:['’ʼ](?!s\b)[^\W_]+)*")
_GAP = re.compile(r"(?:['’ʼ]s?)?([.,]?)[^\S\n]*(?:[-‐‑–/&]|\n)?[^\S\n]*")
_NO_LETTER = re.compile(r"[^a-z0-9]+")

# Spellings that differ between ways of writing Slavic and Arabic names in Latin letters.
_SPELLINGS = [
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"(?:iy|yy|yi|ij|yj|ii|y)$", "i"),
        (r"kh", "h"),
        (r"sch|sh", "s"),
        (r"tch|ch", "c"),
        (r"zh", "z"),
        (r"w", "v"),
        (r"ou", "u"),
        (r"[yj](?=[aeou])", "i"),
        (r"(.)\1+", r"\1"),
    )
]
_SHORTEST_RESPELT = 6

TITLE_WORDS = frozenset(
    "president prime minister chancellor secretary general gen lt lieutenant colonel col major maj admiral adm captain capt "
    "sergeant sgt commander ambassador senator sen representative rep governor gov mayor king queen prince princess pope "
    "mr mrs ms miss dr prof professor sir lord lady dame baroness judge chief deputy vice former then outgoing incoming "
    "acting adviser advisor spokesman spokeswoman spokesperson speaker leader chairman chairwoman chair director head marshal "
    "brigadier".split()
)
"""Words, folded, that stand before a person's name and are none of its own."""
PORTFOLIO_WORDS = frozenset(
    "national security foreign defence defense interior finance economy justice state press of the and for to".split()
)
"""Words, folded, that stand within titles: “Secretary of State”, “Foreign Minister”."""


class KnownName(NamedTuple):
    """A name of a record. `alone`: the family name of a person, standing by itself."""

    text: str
    kind: str
    slug: str
    is_family_name: bool = False


class TextWord(NamedTuple):
    """A word of a text, without a possessive s: `text[start:end] == raw`; `folded` is what it is compared by."""

    start: int
    end: int
    raw: str
    folded: str


class KnownNameHit(NamedTuple):
    """A place of a text that holds a known name. `names` has one entry for each record that is so named."""

    start: int
    end: int
    names: tuple[KnownName, ...]
    is_respelt: bool = False


class Known:
    """Known names, as plain values. Made from a list, or of the register's rows by `of_register()`."""

    def __init__(self, names: Iterable[tuple | KnownName] = ()):
        self._names: dict[str, list[KnownName]] = defaultdict(list)
        self._respelt: dict[str, list[KnownName]] = defaultdict(list)
        self._longest: dict[str, int] = {}
        self._last: tuple[str, list[KnownNameHit]] = ("", [])
        self._given: dict[str, set[str]] = defaultdict(set)
        given = [KnownName(*name) for name in names]
        with_family = {name.slug for name in given if name.is_family_name}
        people: dict[str, list[KnownName]] = defaultdict(list)
        for name in given:
            words = split_words(name.text)
            if name.kind == Kind.PERSON and len(words) == 1:
                name = name._replace(is_family_name=True)
            self._add_name(name, [word.folded for word in words])
            if name.kind == Kind.PERSON:
                people[name.slug].append(name)
                self._add_person(name, words, derive=name.slug not in with_family)
        for own in people.values():
            self._add_other_spellings(own)

    @staticmethod
    def of_register() -> "Known":
        """The names of all records that are neither withdrawn nor merged away; read anew only after a change."""
        records = Entity.objects.aggregate(Count("pk"), Max("pk"), Max("updated_at"), Sum("version"))
        names = Name.objects.aggregate(Count("pk"), Max("pk"))
        return _read_register_names((*records.values(), *names.values()))

    def find(self, text: str) -> list[KnownNameHit]:
        """Every place of `text` that holds a known name, the longest name at each; places do not overlap."""
        # Several rules ask for those of one text, one after another.
        last, hits = self._last
        if last != text:
            hits = list(self._scan_text(text))
            self._last = (text, hits)
        return hits

    def person_slug(self, words: str) -> str:
        """Slug of the one known person whom `words` name ("Secretary-General Jens Stoltenberg"); '' if none or several."""
        hits = [hit for hit in self.find(words) if any(name.kind == Kind.PERSON for name in hit.names)]
        full = [hit for hit in hits if not all(name.is_family_name for name in hit.names)]
        meant = {
            name.slug
            for hit in full or hits
            for name in hit.names
            if name.kind == Kind.PERSON and self.given_name_fits(name, words[: hit.start])
        }
        return meant.pop() if len(meant) == 1 else ""

    def given_name_fits(self, name: KnownName, before: str) -> bool:
        """Whether a given name in `before`, the words that lead up to a family name, can be that of the person."""
        given = self._given.get(name.slug)
        if not name.is_family_name or not given:
            return True
        lead = split_words(before[-60:].rpartition("\n")[2])
        if (
            not lead
            or not lead[-1].raw[0].isupper()
            or lead[-1].folded in TITLE_WORDS | PORTFOLIO_WORDS
            or before[-1:] not in " \xa0"
        ):
            return True
        first = lead[-1].folded
        return any(first == own or (min(len(first), len(own)) == 1 and first[0] == own[0]) for own in given)

    def _scan_text(self, text: str) -> Iterator[KnownNameHit]:
        words, at = split_words(text), 0
        while at < len(words):
            hit, taken = self._longest_name_at(text, words, at)
            if hit:
                yield hit
            at += taken

    def _add_name(self, name: KnownName, folded: Sequence[str]) -> None:
        if not folded:
            return
        bucket = self._names[" ".join(folded)]
        if name not in bucket:
            bucket.append(name)
        self._longest[folded[0]] = max(self._longest.get(folded[0], 0), len(folded))

    def _add_person(self, name: KnownName, words: list[TextWord], derive: bool) -> None:
        folded = [word.folded for word in words]
        own = [word for word in folded if len(word) > 1]
        if len(own) > 1:
            self._add_name(name, own)
            self._given[name.slug].update(folded[:-1])
        family = KnownName(words[-1].raw, name.kind, name.slug, is_family_name=True) if words else name
        if derive and len(own) > 1:
            self._add_name(family, folded[-1:])
        if own and len(own[-1]) >= _SHORTEST_RESPELT:
            self._respelt[_spelling_key(own[-1])].append(family)

    def _add_other_spellings(self, names: list[KnownName]) -> None:
        """Each family name of a person behind each of the given names: who is also called Zelensky is Volodymyr Zelensky too."""
        full = [name for name in names if not name.is_family_name]
        for family in {name.text for name in names if name.is_family_name} if full else ():
            for name in full:
                given = name.text.rpartition(" ")[0]
                combined = KnownName(f"{given} {family}", name.kind, name.slug)
                self._add_name(combined, [word.folded for word in split_words(combined.text) if len(word.folded) > 1])

    def _longest_name_at(self, text: str, words: list[TextWord], at: int) -> tuple[KnownNameHit | None, int]:
        """The longest known name that starts at the word `at`, and how many words it takes."""
        first = words[at]
        for length in range(min(self._longest.get(first.folded, 0) + 2, len(words) - at), 0, -1):
            window = words[at : at + length]
            kept = [word for word in window if len(word.raw) > 1 or word is first]
            for tried in (window, kept) if len(kept) < length and len(window[-1].raw) > 1 else (window,):
                names = self._names.get(" ".join([word.folded for word in tried]), ())
                fitting: dict[str, KnownName] = {}
                for name in names:
                    if name.slug not in fitting and _may_be_name(name, text, window, tried):
                        fitting[name.slug] = name
                if fitting:
                    return KnownNameHit(first.start, window[-1].end, tuple(fitting.values())), length
        if len(first.folded) >= _SHORTEST_RESPELT and first.raw[0].isupper() and self._respelt:
            people = {name.slug: name for name in self._respelt.get(_spelling_key(first.folded), ())}
            if people:
                return KnownNameHit(first.start, first.end, tuple(people.values()), is_respelt=True), 1
        return None, 1


@lru_cache(maxsize=1)
def _read_register_names(stamp: tuple) -> Known:
    gone = {"status": Status.WITHDRAWN}
    names = [
        KnownName(*row)
        for row in Entity.objects.exclude(**gone).filter(merged_into=None).order_by("pk").values_list("name", "kind", "slug")
    ]
    live = {name.slug for name in names}
    for text, kind, slug in Name.objects.order_by("pk").values_list("text", "entity__kind", "entity__slug"):
        if slug in live:
            names.append(KnownName(text, kind, slug))
    people = Person.objects.exclude(family_name="").order_by("pk")
    for given, family, slug in people.values_list("given_name", "family_name", "slug"):
        if slug in live:
            names.append(KnownName(family, Kind.PERSON, slug, is_family_name=True))
            if given:
                names.append(KnownName(f"{given} {family}", Kind.PERSON, slug))
    return _known_cached(tuple(names))


# Most changes of a record leave the names as they are: what was found with them in a text stays good.
_known_cached = lru_cache(maxsize=1)(Known)


def split_words(text: str) -> list[TextWord]:
    """The words of `text`, each without a possessive s; dotted capitals (U.S.) are one word."""
    folded: dict[str, str] = {}
    words = []
    for match in _WORD.finditer(text):
        raw = match.group()
        if raw not in folded:
            folded[raw] = fold_word(raw)
        words.append(TextWord(match.start(), match.end(), raw, folded[raw]))
    return words


def fold_word(word: str) -> str:
    """`word` in lower-case ASCII letters and digits alone: what names are compared by."""
    plain = word.lower() if word.isascii() else anyascii(word).lower()
    # A word of a script that has no Latin letters of its own stays what it is.
    return plain if plain.isalnum() else _NO_LETTER.sub("", plain) or word


def _spelling_key(folded: str) -> str:
    """What the usual spellings of a family name have in common."""
    for pattern, letter in _SPELLINGS:
        folded = pattern.sub(letter, folded)
    return folded


def _may_be_name(name: KnownName, text: str, window: list[TextWord], tried: list[TextWord]) -> bool:
    """Whether the words of a text may be the name: by what stands between them, and by their capitals."""
    for word, following in zip(window, window[1:], strict=False):
        gap = _GAP.fullmatch(text, word.end, following.start)
        if not gap or (gap[1] == "," and "," not in name.text) or (gap[1] == "." and len(word.raw) > 3):
            return False
    own = [word.raw for word in split_words(name.text)][-len(tried) :]
    if len(own) < len(tried):
        return False
    capitals = [(mine, word.raw) for mine, word in zip(own, tried, strict=True) if mine[0].isupper()]
    if len(capitals) == 1 or name.kind == Kind.PERSON:
        return all(_capitals_agree(mine, theirs) for mine, theirs in capitals)
    return not capitals or any(_capitals_agree(mine, theirs) for mine, theirs in capitals)


def _capitals_agree(own: str, theirs: str) -> bool:
    if own.isupper() and len(own) > 1:
        # Some papers write Nato; but no “it” is an IT, no “who” a WHO.
        return theirs.isupper() or (len(own) > 3 and theirs[0].isupper() and theirs[1:].islower())
    return theirs[0].isupper()
