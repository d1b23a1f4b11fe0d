"""What the words of one language are, as far as amounts need them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from entities.vocabulary import Qualifier

WORD_GAP = r"(?:[^\S\n]+\n?[^\S\n]*|\n[^\S\n]*)"
"""Pattern for the space between the words of a phrase: at most one line break, so no blank line."""

Names = Mapping[tuple[str, ...], int]
"""Words of a number, in lower case, apostrophes straight -> its value."""


@dataclass(frozen=True, kw_only=True)
class NumberVocabulary:
    """Words of numbers. All words are in lower case, with straight apostrophes."""

    decimal_mark: str = ""
    has_dot_groups: bool = False
    """Points group digits before a scale, too: 1.500 Millionen."""
    names: Names = field(default_factory=dict)
    """1 to 99, each in all its forms."""
    hundreds: Mapping[str, int] = field(default_factory=dict)
    """100 to 900 by one word. A word for 100 multiplies a name before it, if `hundred_multiplies`."""
    hundred_multiplies: bool = False
    compound: Callable[[str], int | None] = lambda word: None
    """Value of numbers that are written in one word."""
    scales: Mapping[str, int] = field(default_factory=dict)
    attached_scales: Mapping[str, int] = field(default_factory=dict)
    """Letters right after digits, upper and lower case apart."""
    money_scales: Mapping[str, int] = field(default_factory=dict)
    """Letters between digits and the sign of a currency: 5 M€."""
    scale_link: str = r"(?!)"
    """Pattern between a scale and what is counted: “millions de soldats”."""
    joins: frozenset[str] = frozenset()
    """Words between the parts of a number: “two hundred and five”."""
    articles: frozenset[str] = frozenset()
    """Words for one that count only before a scale."""
    bare_scales: frozenset[str] = frozenset()
    """Scales that count one without a number before them."""
    limited_scales: frozenset[str] = frozenset()
    """Scales that do so only after a qualifier: “близько мільйона”."""
    shares: Mapping[tuple[str, ...], Decimal] = field(default_factory=dict)
    """Parts of a scale, and halves added to one: “half a”, “półtora”."""
    attached_shares: Mapping[str, Decimal] = field(default_factory=dict)
    """Beginnings of a word whose rest is a scale: “півмільйона”."""
    and_half: frozenset[tuple[str, ...]] = frozenset()
    """Words that add a half to the number before them, or to its scale after it."""
    point_words: frozenset[str] = frozenset()
    """Words for the decimal mark. Numbers with them are not read."""
    open_number: str = r"(?!)"
    """Pattern of quantities that are left open: “hundreds of”."""


@dataclass(frozen=True, kw_only=True)
class NounVocabulary:
    """Words of what is counted. Patterns match a whole word in lower case; the reader of English has rules of its own."""

    persons: str = r"(?!)"
    person_adjectives: str = r"(?!)"
    """Adjectives that alone mean persons, but not before a noun."""
    adjectives: str = r"(?!)"
    """Words between number and noun."""
    never_counted: str = r"(?!)"
    """Spans of time, distances, months, currencies, shares."""
    money: str = r"(?!)"
    """Words of currencies, whichever they are."""
    no_noun: str = r"(?!)"
    """Words that are no noun: prepositions, conjunctions, adverbs, verbs."""
    surely_nouns: str = r"(?!)"
    """Words whose ending only nouns have."""
    after_five: str = r".*"
    """Forms that things may have after numbers that end in 0, 1 and 5 to 9, or in a scale."""
    numbered: str = r"(?!)"
    """Forms of formations that may be meant by their number: “47 бригада”, “бійці 93 бригади”."""
    joined_noun: str = r"(?!)"
    """“And” with another noun, so that the number counts both."""
    measures: str = r"(?!)"
    """Units of weight, volume and area, also of several words; what is measured may follow."""
    person_phrases: str = r"(?!)"
    """People named by several words: “casques bleus”."""
    proper_persons: str = r"(?!)"
    """People named by a capitalised word, matched as written: “Nord-Coréens”."""
    proper_things: str = r"(?!)"
    """Things named by a capitalised word, where nouns have no capital, matched as written: “États”."""
    containers: str = r"(?!)"
    """What is counted though another noun follows: “Schuss Munition”."""
    are_capitalised: bool = False
    strong: str = r"(?!)"
    """Members of a group after its number: “-strong”."""


@dataclass(frozen=True, kw_only=True)
class AmountVocabulary:
    """Words around numbers: qualifiers, ranges, currencies, percent, and those that make a number part of a name."""

    language: str
    numbers: NumberVocabulary
    nouns: NounVocabulary = NounVocabulary()
    qualifiers: Mapping[Qualifier, str] = field(default_factory=dict)
    between_qualifier_and_number: str = r"(?!)"
    """Words that may stand there: “up to an additional $5”."""
    qualifiers_after: Mapping[Qualifier, str] = field(default_factory=dict)
    late_qualifiers: str = r"(?!)"
    """What limits an amount from later in its clause: “40 tanks of the brigade at least”."""
    ambiguous_qualifiers: str = r"(?!)"
    """Qualifiers that may be prepositions: “over”, “до”."""
    prepositions_after: str = r"(?!)"
    """What makes them prepositions, at the end of the text before them."""
    prepositions_in: str = r"(?!)"
    """What leaves it open, in the clause before them: then there is no suggestion."""
    negation: str = r"(?!)"
    share_words: str = r"(?!)"
    """Between a part and its whole: “three out of five”."""
    share_counts: frozenset[str] = frozenset()
    """Words for one that is part of a whole."""
    multiples: str = r"(?!)"
    """Words that multiply or divide the amount after them: “twice”, “half of”."""
    times: str = r"(?!)"
    """The same, after a number: “3 times”."""
    range_words: str = r"(?!)"
    """Words between the ends of a range that need no word before it."""
    opened_ranges: tuple[tuple[str, str], ...] = ()
    """Pairs of a pattern before a range and one between its ends: “between ... and”."""
    change: str = r"(?!)"
    """Before a number: what makes “20 to 40” a change and no range."""
    percent_change: str = r"(?!)"
    """The same, if both are percent: “з 7% до 0%” needs no verb."""
    change_to: str = r"(?!)"
    """Words between both ends of a change."""
    change_target: str = r"(?!)"
    """Before the second number of a change in percent: what makes “до 7%” its end and no limit."""
    currencies: Mapping[str, str] = field(default_factory=dict)
    """ISO 4217 code -> pattern of its words."""
    percent: str = r"(?!)"
    percentage_points: str = r"(?!)"
    product: str = r"(?!)"
    """“Of GDP” after percent."""
    months: str = r"(?!)"
    labels: str = r"(?!)"
    """Words before a number that is part of a name: “Article 5”."""
    year_words: str = r"(?!)"
    """Words before a year that is followed by another number: “in 2024 500 soldiers”."""


def words_by_value(text: str, step: int = 1, first: int = 1) -> dict[str, int]:
    """Return the forms of numbers that follow each other by `step`: separated by semicolons, the forms of each by spaces."""
    return {word: first + step * place for place, forms in enumerate(text.split(";")) for word in forms.split()}


def names_below_hundred(ones: Mapping[str, int], teens: Mapping[str, int], tens: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Return the names of 1 to 99, where tens and ones are two words."""
    names: dict[tuple[str, ...], int] = {(word,): value for group in (ones, teens, tens) for word, value in group.items()}
    return names | {(ten, one): tens[ten] + ones[one] for ten in tens for one in ones}
