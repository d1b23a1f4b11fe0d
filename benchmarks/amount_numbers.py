"""Numbers and ranges as newspapers write them, each with its value, from random integers."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from benchmarks.amount_words import PLURAL, AmountWords, Noun, Scale

DASHED_RANGES = ("{a}–{b}", "{a}-{b}")
"""Patterns of ranges without words."""
SPACES = " \u00a0\u202f\u2009"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A written number, or two of them that make a range."""

    texts: tuple[str, ...]
    value: Decimal
    form: int
    """Form of the noun that follows."""
    upper: Decimal | None = None
    pattern: str = "{a}"
    linked: bool = False
    """True if French puts `de` before the noun."""
    spelled: bool = False
    """True if it is written out, so that no sign or code stands beside it."""

    def write(self, before: str = "", after: str = "", repeated: bool = False) -> str:
        """Return the text with a sign or code before it or a unit after it, in a range at both ends if `repeated`."""
        if self.upper is None:
            return f"{before}{self.texts[0]}{after}"
        signed_twice = repeated or self.pattern not in DASHED_RANGES
        first = f"{before}{self.texts[0]}{after if repeated else ''}"
        return self.pattern.format(a=first, b=f"{before if signed_twice else ''}{self.texts[1]}{after}")


def grouped_digits(digits: str, separator: str) -> str:
    """Return the digits of an integer in groups of three."""
    head = len(digits) % 3 or 3
    return separator.join([digits[:head], *(digits[start : start + 3] for start in range(head, len(digits), 3))])


def write_digits(words: AmountWords, number: int, places: int = 0, separator: str = "") -> str:
    """Return `number` / 10^`places` in digits; with Swiss apostrophes the decimal mark is a point."""
    digits = str(number).rjust(places + 1, "0")
    whole, fraction = (digits[:-places], digits[-places:]) if places else (digits, "")
    mark = "." if separator in ("'", "’") else words.decimal_mark
    return grouped_digits(whole, separator) + (f"{mark}{fraction}" if fraction else "")


def random_integer(rng: Random, most_digits: int, least: int = 1) -> int:
    """Return an integer of at most so many digits, each length as likely, half of them round, not below `least`."""
    length = rng.randint(1, most_digits)
    number = rng.randint(10 ** (length - 1), 10**length - 1)
    if length > 2 and rng.random() < 0.5:
        step = 10 ** rng.randint(1, length - 1)
        number = max(number // step, 1) * step
    return max(number, least)


def random_separator(rng: Random, words: AmountWords, number: int) -> str:
    """Return what stands between the groups of a number, or nothing."""
    grouped = number >= 1000 and rng.random() < (0.85 if number >= 10000 else 0.6)
    return rng.choice(words.separators) if grouped else ""


def random_quantity(rng: Random, words: AmountWords, noun: Noun, kind: str, genitive: bool) -> Quantity:
    """Return a number of money, persons, things or percent (`kind`) that `noun` follows."""
    chance = rng.random()
    if kind == "percent":
        return _spelled(rng, words, noun, kind, genitive, 12) if chance < 0.07 else _percentage(rng, words, genitive)
    if chance < 0.45:
        return _scaled(rng, words, kind, genitive)
    if chance < 0.57:
        return _spelled(rng, words, noun, kind, genitive)
    if chance < 0.65:
        return _fixed(rng, words, kind, genitive)
    if chance < 0.72 and kind == "money":
        number = random_integer(rng, 8, 100)
        text = write_digits(words, number, 2, random_separator(rng, words, number // 100))
        value = Decimal(number).scaleb(-2)
        return Quantity((text,), value, words.agreement(value, genitive))
    number = random_integer(rng, 12 if kind == "money" else 7, 2 if kind == "persons" else 1)
    text = write_digits(words, number, 0, random_separator(rng, words, number))
    return Quantity((text,), Decimal(number), words.agreement(Decimal(number), genitive))


def _percentage(rng: Random, words: AmountWords, genitive: bool) -> Quantity:
    places = rng.choice((0, 0, 0, 1, 1, 2))
    number = rng.randint(1, 100 * 10**places)
    value = Decimal(number).scaleb(-places)
    return Quantity((write_digits(words, number, places),), value, words.agreement(value, genitive))


def random_scale(rng: Random, words: AmountWords, kind: str, spelled: bool = False) -> Scale:
    """Return a scale that may stand with that kind of amount, and after a written-out number if `spelled`."""
    return rng.choice(
        [
            scale
            for scale in words.scales
            if (scale.is_word or not spelled)
            and (kind == "money" or (not scale.money_only and scale.factor <= 10**6))
            and (spelled or words.language != "en" or scale.factor > 1000 or scale.money_only)
        ]
    )


def write_scale(rng: Random, words: AmountWords, scale: Scale, number: Decimal, genitive: bool) -> str:
    """Return the scale in the form that the number before it demands, with the space between them."""
    space = rng.choice("    \u00a0") if scale.spaced else ""
    return space + scale.noun.forms[words.agreement(number, genitive)]


def random_mantissa(rng: Random) -> tuple[int, int]:
    """Return an integer and the number of its decimal places, for a number before a scale."""
    places = rng.choice((0, 0, 0, 0, 1, 1, 1, 2, 3))
    if not places:
        return random_integer(rng, 3), 0
    return rng.randint(1, 99) * 10**places + rng.randint(1, 10**places - 1), places


def _scaled(rng: Random, words: AmountWords, kind: str, genitive: bool) -> Quantity:
    scale = random_scale(rng, words, kind)
    number, places = random_mantissa(rng)
    separator = ""
    if scale.factor >= 10**6 and rng.random() < 0.02:
        number, places, separator = rng.randint(10, 99) * 100, 0, rng.choice(words.separators)
    mantissa = Decimal(number).scaleb(-places)
    text = write_digits(words, number, places, separator) + write_scale(rng, words, scale, mantissa, genitive)
    return Quantity((text,), mantissa * scale.factor, PLURAL, linked=scale.links)


def spell(words: AmountWords, number: int, noun: Noun, genitive: bool) -> str:
    """Return a small number written out, in the gender of its noun."""
    masculine, feminine, oblique = words.small_numbers[number]
    if genitive or (noun.gender == "v" and (number <= 4 or words.language == "pl")):
        return oblique
    return feminine if noun.gender == "f" else masculine


def _spelled(rng: Random, words: AmountWords, noun: Noun, kind: str, genitive: bool, most: int = 500) -> Quantity:
    number = rng.choice([number for number in words.small_numbers if number <= most])
    value = Decimal(number)
    if kind != "percent" and rng.random() < 0.4:
        scale = random_scale(rng, words, kind, spelled=True)
        text = spell(words, number, scale.noun, genitive) + f" {scale.noun.forms[words.agreement(value, genitive)]}"
        return Quantity((text,), value * scale.factor, PLURAL, linked=scale.links, spelled=True)
    return Quantity((spell(words, number, noun, genitive),), value, words.agreement(value, genitive), spelled=True)


def _fixed(rng: Random, words: AmountWords, kind: str, genitive: bool) -> Quantity:
    if kind != "money" and words.counted_fixed_numbers and rng.random() < 0.4:
        phrase, linked = rng.choice(words.counted_fixed_numbers), False
    else:
        phrase, linked = rng.choice([phrase for phrase in words.fixed_numbers if kind == "money" or int(phrase[2]) < 10**8]), True
    text, oblique, digits = phrase
    return Quantity((oblique if genitive and oblique else text,), Decimal(digits), PLURAL, linked=linked, spelled=True)


def joined_quantity(rng: Random, words: AmountWords) -> Quantity:
    """Return a number of two scales, such as `1 млн 500 тис.`"""
    first, first_factor, second, second_factor = rng.choice(words.joined_scales)
    high, low = random_integer(rng, 2), random_integer(rng, 3)
    value = high * Decimal(first_factor) + low * Decimal(second_factor)
    return Quantity((f"{high} {first} {low} {second}",), value, PLURAL, linked=True)


def borrowed_quantity(rng: Random, words: AmountWords, kind: str) -> Quantity:
    """Return a number with points in a language that has commas, such as `10.000 гривень` or `1.5 млн`."""
    if rng.random() < 0.5:
        number = rng.randint(1, 999) * 10 ** rng.randint(3, 6)
        return Quantity((grouped_digits(str(number), "."),), Decimal(number), words.agreement(Decimal(number), False))
    scale, places = random_scale(rng, words, kind), rng.choice((1, 1, 2))
    mantissa = Decimal(rng.randint(1, 99) * 10**places + rng.randint(1, 9)).scaleb(-places)
    text = f"{mantissa}{write_scale(rng, words, scale, mantissa, False)}"
    return Quantity((text,), mantissa * scale.factor, PLURAL, linked=scale.links)


def random_range(rng: Random, words: AmountWords, noun: Noun, kind: str) -> Quantity:
    """Return a range of money, persons, things or percent."""
    pattern, genitive = rng.choice(words.ranges)
    chance = rng.random()
    if chance < 0.08:
        pattern, genitive = rng.choice([pair for pair in words.ranges if words.dashes_words or pair[0] not in DASHED_RANGES])
        low = rng.randint(2, 10)
        high = low + rng.randint(1, 2)
        texts = tuple(spell(words, number, noun, genitive) for number in (low, high))
        form = words.agreement(Decimal(high), genitive)
        return Quantity(texts, Decimal(low), form, Decimal(high), pattern, spelled=True)
    if kind != "percent" and chance < 0.55:
        return _scaled_range(rng, words, kind, pattern, genitive)
    if kind != "percent" and chance < 0.62:
        return _two_scaled_numbers(rng, words, kind, pattern.replace("–", " – ").replace("{a}-{b}", "{a} - {b}"), genitive)
    if kind == "percent":
        places, separator = rng.choice((0, 0, 1)), ""
        low, high = sorted(rng.sample(range(1, 100 * 10**places), 2))
    else:
        low = random_integer(rng, 6, 2)
        high = low + max(low // rng.randint(1, 9), 1)
        places, separator = 0, random_separator(rng, words, low)
    texts = tuple(write_digits(words, number, places, separator) for number in (low, high))
    value, upper = (Decimal(number).scaleb(-places) for number in (low, high))
    return Quantity(texts, value, words.agreement(upper, genitive), upper, pattern)


def _scaled_range(rng: Random, words: AmountWords, kind: str, pattern: str, genitive: bool) -> Quantity:
    scale = random_scale(rng, words, kind)
    places = rng.choice((0, 0, 0, 1))
    low, high = sorted(rng.sample(range(1, 100 * 10**places), 2))
    value, upper = (Decimal(number).scaleb(-places) for number in (low, high))
    first, last = (write_digits(words, number, places) for number in (low, high))
    last += write_scale(rng, words, scale, upper, genitive)
    return Quantity((first, last), value * scale.factor, PLURAL, upper * scale.factor, pattern, scale.links)


def _two_scaled_numbers(rng: Random, words: AmountWords, kind: str, pattern: str, genitive: bool) -> Quantity:
    low, high = _scaled(rng, words, kind, genitive), _scaled(rng, words, kind, genitive)
    if low.value == high.value:
        return low
    low, high = sorted((low, high), key=lambda quantity: quantity.value)
    return Quantity(low.texts + high.texts, low.value, PLURAL, high.value, pattern, high.linked)
