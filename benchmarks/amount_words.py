"""Shape of the vocabulary from which amounts are generated in a language (`benchmarks.amount_words_en` and its sisters)."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

Agreement = Callable[[Decimal, bool], int]
"""Index of the form that a noun takes after a number; the second argument tells whether the number stands in the genitive."""

SINGULAR, FEW, PLURAL, PARTITIVE = range(4)
"""Forms of a noun: after 1; after 2 to 4 (Slavic); after 5 and more; after 1.5 (Slavic: the genitive singular)."""


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun that can be counted, in its four forms; its gender is `m`, `f`, or `v` for male persons in a Slavic language."""

    forms: tuple[str, str, str, str]
    gender: str = "m"
    tails: tuple[str, ...] = ("",)
    """Words that may follow the noun without changing what is counted: a model or a calibre."""
    heads: tuple[str, ...] = ("",)
    """Words that may precede it, likewise."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A power of ten that is a word or an abbreviation."""

    factor: Decimal
    noun: Noun
    is_word: bool
    """True if it is written out, so that written-out numbers can precede it."""
    spaced: bool = True
    money_only: bool = False
    links: bool = True
    """True if the noun after it takes the form that follows a large number, and French `de`."""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency with its ISO 4217 code, its name's forms and its signs."""

    code: str
    names: tuple[Noun, ...]
    signs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QualifierPhrase:
    """Words before a number; `genitive` if they demand the genitive."""

    text: str
    qualifier: str
    genitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AmountWords:
    """All that a language needs to write amounts."""

    language: str
    agreement: Agreement
    separators: tuple[str, ...]
    """Between groups of three digits; a frequent one stands here several times."""
    decimal_mark: str
    borrows_points: bool = False
    """True if writers also use the English point for decimals and the German one between groups."""
    small_numbers: dict[int, tuple[str, str, str]]
    """Written-out numbers: masculine, feminine, genitive."""
    scales: tuple[Scale, ...]
    fixed_numbers: tuple[tuple[str, str, str], ...]
    """Phrases such as `half a million`: text, text in the genitive, number in digits."""
    counted_fixed_numbers: tuple[tuple[str, str, str], ...] = ()
    """The same for persons and things alone, such as `two dozen`; the noun follows without a link."""
    rounded_numbers: tuple[tuple[str, str], ...] = ()
    """Phrases that themselves say `about`, such as `une vingtaine`: text and number."""
    currencies: tuple[Currency, ...]
    money_patterns: tuple[str, ...]
    """Of `{n}`, `{sign}`, `{code}` and `{name}`; a frequent one stands here several times."""
    fused_money: tuple[tuple[str, str, str], ...] = ()
    """Sign and scale in one, such as `M€`: text, factor, code."""
    persons: tuple[Noun, ...]
    things: tuple[Noun, ...]
    percents: tuple[str, ...]
    """What follows a percentage, with the space before it."""
    percent_noun: Noun
    qualifiers: tuple[QualifierPhrase, ...]
    dashes_words: bool = False
    """Whether a dash may stand between written-out numbers of a range: `два-три`."""
    late_qualifiers: tuple[tuple[str, str], ...]
    """Words after the amount, such as `or more`, and their qualifier."""
    ranges: tuple[tuple[str, bool], ...]
    """Patterns of `{a}` and `{b}`, and whether they demand the genitive."""
    joined_scales: tuple[tuple[str, str, str, str], ...] = ()
    """Two scales in one number, `1 млн 500 тис.`: each scale as it is written and its factor."""
    hyphenated_money: tuple[tuple[str, str, str], ...] = ()
    """Frames of amounts in one word with their noun, such as `a {n}-million-euro loan`: text, factor, code."""
    open_money: tuple[str, ...]
    open_counts: tuple[str, ...]
    months: tuple[str, ...]
    frames: dict[str, tuple[str, ...]]
    """Sentences around `{amount}` by kind of amount: money, persons, things, percent."""
    openings: tuple[str, ...]
    """Clauses before a sentence that hold numbers which are no amounts."""
    closings: tuple[str, ...]
    """Clauses after a sentence, likewise."""
    sentences_without_amount: tuple[str, ...]


def nouns(*lines: str) -> tuple[Noun, ...]:
    """Read nouns from lines: forms divided by `/`, then optionally `|` gender, `|` tails and `|` heads divided by `;`."""
    return tuple(noun(line) for line in lines)


def noun(line: str) -> Noun:
    """Read one noun (see `nouns`): one form stands for all, two are singular and plural, four are all."""
    forms_text, gender, tails, heads = (*line.split("|"), "", "", "")[:4]
    forms = forms_text.split("/")
    if len(forms) == 4:
        singular, few, plural, partitive = forms
    else:
        singular, plural = forms[0], forms[-1]
        few = partitive = plural
    return Noun((singular, few, plural, partitive), gender or "m", tuple(tails.split(";")), tuple(heads.split(";")))


def scale(
    factor: str, line: str, *, is_word: bool = False, spaced: bool = True, money_only: bool = False, links: bool = True
) -> Scale:
    """Return the scale of a factor such as `1e6`, whose noun is written as in `nouns`."""
    return Scale(Decimal(int(Decimal(factor))), noun(line), is_word, spaced, money_only, links)


def qualifier_phrases(**phrases: str) -> tuple[QualifierPhrase, ...]:
    """Return the phrases of each qualifier, divided by `;`; one that ends in `+gen` demands the genitive."""
    return tuple(
        QualifierPhrase(text.removesuffix("+gen"), qualifier, text.endswith("+gen"))
        for qualifier, texts in phrases.items()
        for text in texts.split(";")
    )


def small_numbers(text: str) -> dict[int, tuple[str, str, str]]:
    """Read written-out numbers from words such as `2=два/дві/двох`; one form stands for all."""
    numbers = {}
    for entry in text.split():
        digits, forms_text = entry.split("=")
        forms = forms_text.replace("_", " ").split("/")
        numbers[int(digits)] = (forms[0], forms[-2] if len(forms) == 3 else forms[0], forms[-1])
    return numbers


def slavic_form(number: Decimal, genitive: bool, only_one_is_singular: bool) -> int:
    """Return the form after a number in Ukrainian, or in Polish, where 21 takes the plural."""
    if number != int(number):
        return PARTITIVE
    ones, tens = int(number) % 10, int(number) % 100
    if number == 1 if only_one_is_singular else ones == 1 and tens != 11:
        return PARTITIVE if genitive else SINGULAR
    return FEW if 2 <= ones <= 4 and not 12 <= tens <= 14 and not genitive else PLURAL
