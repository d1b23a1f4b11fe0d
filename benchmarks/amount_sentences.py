"""Sentences with one amount each, or none, and the right answer."""

from dataclasses import dataclass
from decimal import Decimal
from random import Random

from benchmarks.amount_numbers import (
    DASHED_RANGES,
    SPACES,
    Quantity,
    borrowed_quantity,
    joined_quantity,
    random_integer,
    random_mantissa,
    random_quantity,
    random_range,
    random_scale,
    write_digits,
    write_scale,
)
from benchmarks.amount_words import PLURAL, SINGULAR, AmountWords, Currency, Noun, QualifierPhrase

KINDS = ("money",) * 40 + ("things",) * 22 + ("persons",) * 17 + ("percent",) * 8 + ("open",) * 6 + ("none",) * 7
PLAIN = QualifierPhrase("", "none")


@dataclass(frozen=True, slots=True)
class AmountSentence:
    """A sentence and what it says."""

    text: str
    language: str
    """Code of the language, or empty if the reader is not to know it."""
    qualifier: str = ""
    """Empty if the sentence states no amount."""
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str = ""
    """ISO 4217 code, `person` or `percent`; empty for things."""
    nouns: tuple[str, ...] = ()
    """Forms of the noun of the things that are counted."""
    start: int = 0
    end: int = 0
    must_be_read: bool = True
    """True if finding nothing is a failure; False if no amount is stated, or none that everybody must read."""


@dataclass(frozen=True, slots=True)
class _Statement:
    text: str
    qualifier: str
    value: Decimal | None
    upper: Decimal | None
    unit: str
    nouns: tuple[str, ...] = ()
    must_be_read: bool = True


def generate_sentence(rng: Random, words: AmountWords) -> AmountSentence:
    """Return the next sentence in the language."""
    kind = rng.choice(KINDS)
    if kind == "none":
        text = _fill(rng, words, rng.choice(words.sentences_without_amount))
        return AmountSentence(text, words.language, must_be_read=False)
    if kind == "open":
        kind = rng.choice(("money", "persons", "things"))
        return _sentence(rng, words, kind, _open_statement(rng, words, kind))
    if kind == "money" and words.hyphenated_money and rng.random() < 0.04:
        return _sentence(rng, words, "hyphenated", _hyphenated_statement(rng, words))
    return _sentence(rng, words, kind, _statement(rng, words, kind))


def generate_ambiguous_sentence(rng: Random, words: AmountWords) -> AmountSentence:
    """Return a sentence whose language the reader is not told, with `1.500` or `1,500`.

    Half of them have no other words and either meaning, so that whoever guesses is wrong half of the time. The others mean what a
    writer of that language does.
    """
    number, mark = rng.randint(1001, 9999), rng.choice(".,")
    notation = f"{str(number)[0]}{mark}{str(number)[1:]}"
    currency = rng.choice(words.currencies)
    if rng.random() < 0.5:
        value = rng.choice((Decimal(number), Decimal(number).scaleb(-3)))
        before, amount = rng.choice(("", "Norland: ", "Total (Norland) ")), f"{currency.code} {notation}"
        end = len(before) + len(amount)
        return AmountSentence(before + amount, "", "none", value, None, currency.code, (), len(before), end, must_be_read=False)
    if rng.random() < 0.6:
        amount = f"{str(number)[0]}{',' if words.language == 'en' else '.'}{str(number)[1:]}"
        quantity = Quantity((amount,), Decimal(number), words.agreement(Decimal(number), False))
        text = amount + " " + _noun_after(words, quantity, rng.choice(currency.names))
        statement = _Statement(text, "none", Decimal(number), None, currency.code, must_be_read=False)
    else:
        scale, mantissa = random_scale(rng, words, "money"), Decimal(number).scaleb(-3)
        amount = write_digits(words, number, 3) + write_scale(rng, words, scale, mantissa, False)
        text = f"{amount} {currency.code}"
        statement = _Statement(text, "none", mantissa * scale.factor, None, currency.code, must_be_read=False)
    return _sentence(rng, words, "money", statement, "")


def _statement(rng: Random, words: AmountWords, kind: str) -> _Statement:
    currency, noun = _random_noun(rng, words, kind)
    if kind in ("persons", "things") and words.rounded_numbers and rng.random() < 0.04:
        phrase, digits = rng.choice(words.rounded_numbers)
        quantity = Quantity((phrase,), Decimal(digits), PLURAL, linked=True, spelled=True)
        text = phrase + " " + _noun_after(words, quantity, noun)
        return _Statement(text, "about", quantity.value, None, *_unit(kind, currency, noun), must_be_read=False)
    must_be_read = True
    if words.borrows_points and kind != "percent" and rng.random() < 0.02:
        quantity, qualifier, must_be_read = borrowed_quantity(rng, words, kind), PLAIN, False
    elif words.joined_scales and kind == "money" and rng.random() < 0.03:
        quantity, qualifier = joined_quantity(rng, words), PLAIN
    elif rng.random() < 0.15:
        quantity = random_range(rng, words, noun, kind)
        plain_dash = quantity.pattern in DASHED_RANGES and rng.random() < 0.15
        qualifier = rng.choice(_ungoverned_about(words)) if plain_dash else PLAIN
    else:
        qualifier = rng.choice(words.qualifiers) if rng.random() < 0.45 else PLAIN
        quantity = random_quantity(rng, words, noun, kind, qualifier.genitive)
    if kind == "money":
        if words.fused_money and not quantity.spelled and rng.random() < 0.06:
            return _fused_statement(rng, words)
        amount = _write_money(rng, words, quantity, currency, noun)
    elif kind == "percent":
        amount = _write_percentage(rng, words, quantity)
    else:
        amount = quantity.write(after=rng.choice("         \u00a0") + _with_model(rng, words, quantity, noun))
    if qualifier.text == "some" and amount.startswith(("a ", "one ")):
        qualifier = PLAIN
    text = f"{qualifier.text} {amount}".strip().replace(" de un", " d'un")
    if qualifier == PLAIN and quantity.upper is None and rng.random() < 0.03:
        late, named = rng.choice(words.late_qualifiers)
        return _Statement(f"{text} {late}", named, quantity.value, None, *_unit(kind, currency, noun), must_be_read)
    return _Statement(text, qualifier.qualifier, quantity.value, quantity.upper, *_unit(kind, currency, noun), must_be_read)


def _hyphenated_statement(rng: Random, words: AmountWords) -> _Statement:
    pattern, factor, code = rng.choice(words.hyphenated_money)
    number = random_integer(rng, 3, 2)
    return _Statement(pattern.format(n=number), "none", number * Decimal(factor), None, code)


def _fused_statement(rng: Random, words: AmountWords) -> _Statement:
    sign, factor, code = rng.choice(words.fused_money)
    number, places = random_mantissa(rng)
    text = write_digits(words, number, places) + rng.choice((" ", "\u00a0", "\u202f", "")) + sign
    return _Statement(text, "none", Decimal(number).scaleb(-places) * int(Decimal(factor)), None, code)


def _ungoverned_about(words: AmountWords) -> list[QualifierPhrase]:
    return [phrase for phrase in words.qualifiers if phrase.qualifier == "about" and not phrase.genitive]


def _random_noun(rng: Random, words: AmountWords, kind: str) -> tuple[Currency, Noun]:
    currency = rng.choice(words.currencies)
    if kind == "money":
        return currency, rng.choice(currency.names)
    return currency, words.percent_noun if kind == "percent" else rng.choice(words.persons if kind == "persons" else words.things)


def _unit(kind: str, currency: Currency, noun: Noun) -> tuple[str, tuple[str, ...]]:
    if kind == "things":
        return "", tuple(form.split()[-1].lower() for form in noun.forms)
    return {"money": currency.code, "persons": "person", "percent": "percent"}[kind], ()


def _noun_after(words: AmountWords, quantity: Quantity, noun: Noun) -> str:
    text = noun.forms[PLURAL] if quantity.linked else noun.forms[quantity.form]
    return link(words, text) if quantity.linked else text


def link(words: AmountWords, text: str) -> str:
    """Return the noun with the French `de` or `d'` that a large number demands."""
    if words.language != "fr":
        return text
    return f"d'{text}" if text.startswith((*"aeiouéèêîôûâœ", "hél", "hab")) else f"de {text}"


def _with_model(rng: Random, words: AmountWords, quantity: Quantity, noun: Noun) -> str:
    heads = noun.heads
    if quantity.texts[-1][-1].isdigit() and any(space in quantity.texts[-1] for space in SPACES):
        heads = tuple(head for head in heads if not head[:1].isdigit()) or ("",)  # 50 000 155-mm shells is no sane notation
    head, tail = rng.choice(heads), "" if quantity.form == SINGULAR else rng.choice(noun.tails)
    text = (noun.forms[PLURAL] if quantity.linked else noun.forms[quantity.form]) + tail
    return link(words, head + text) if quantity.linked else head + text


def _write_money(rng: Random, words: AmountWords, quantity: Quantity, currency: Currency, noun: Noun) -> str:
    patterns = [
        pattern
        for pattern in words.money_patterns
        if "{name}" in pattern or (not quantity.spelled and (currency.signs or "{sign}" not in pattern))
    ]
    before, after = (
        part.format(sign=rng.choice(currency.signs or ("",)), code=currency.code, name=_noun_after(words, quantity, noun))
        for part in rng.choice(patterns).split("{n}")
    )
    return quantity.write(before, after)


def _write_percentage(rng: Random, words: AmountWords, quantity: Quantity) -> str:
    if quantity.spelled or rng.random() < 0.35:
        return quantity.write(after=f" {words.percent_noun.forms[quantity.form]}")
    worded_range = quantity.upper is not None and quantity.pattern not in DASHED_RANGES
    return quantity.write(after=rng.choice(words.percents), repeated=worded_range and rng.random() < 0.15)


def _open_statement(rng: Random, words: AmountWords, kind: str) -> _Statement:
    currency, noun = _random_noun(rng, words, kind)
    phrase = rng.choice(words.open_money if kind == "money" else words.open_counts)
    text = f"{phrase} {noun.forms[PLURAL]}"
    if words.language == "fr" and phrase.endswith(" de"):
        text = f"{phrase[:-3]} {link(words, noun.forms[PLURAL])}"
    return _Statement(text, "unspecified", None, None, *_unit(kind, currency, noun), must_be_read=False)


def _sentence(rng: Random, words: AmountWords, kind: str, statement: _Statement, language: str | None = None) -> AmountSentence:
    frame = rng.choice(words.frames[kind])
    opening = rng.choice(words.openings) if rng.random() < 0.35 else ""
    if frame.startswith("{amount}") and opening.rstrip().endswith("}") and not opening.endswith("{year} "):
        opening = ""  # Under Article 5 500 soldiers
    closing = rng.choice(words.closings) if rng.random() < 0.35 else ""
    before, after = frame.split("{amount}")
    before, after = _fill(rng, words, opening) + before, after + _fill(rng, words, closing)
    text = before + statement.text + after
    text = text[0].upper() + text[1:] + ("" if text.endswith(".") else ".")
    return AmountSentence(
        text,
        words.language if language is None else language,
        statement.qualifier,
        statement.value,
        statement.upper,
        statement.unit,
        statement.nouns,
        len(before),
        len(before) + len(statement.text),
        statement.must_be_read,
    )


def _fill(rng: Random, words: AmountWords, template: str) -> str:
    """Fill in years, days, times and numbers that are no amounts."""
    if "{" not in template:
        return template
    year = rng.randint(1991, 2035)
    day, month = rng.randint(1, 28), rng.randint(1, 12)
    return template.format(
        year=year,
        later=year + rng.randint(1, 5),
        day=day,
        day2=f"{day:02}",
        month=words.months[month - 1],
        monthnumber=f"{month:02}",
        hour=f"{rng.randint(10, 23)}",
        minute=f"{rng.randint(0, 59):02}",
        n=random_integer(rng, 3),
    )
