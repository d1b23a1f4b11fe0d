"""Sentences with invented amounts in five languages, and what each of them states: a generator for property tests."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from entities.numbers import decimal_text


class InventedAmount(NamedTuple):
    """A sentence with one amount, in the form that a citation takes."""

    language: str
    text: str
    typed: str


_EN_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_EN_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()


def english_words(number: int) -> str:
    """Return a number below a million in English words."""
    if number >= 1000:
        rest = f" {english_words(number % 1000)}" if number % 1000 else ""
        return f"{english_words(number // 1000)} thousand{rest}"
    if number >= 100:
        rest = f" and {english_words(number % 100)}" if number % 100 else ""
        return f"{_EN_ONES[number // 100]} hundred{rest}"
    if number < 20:
        return _EN_ONES[number]
    return _EN_TENS[number // 10] + (f"-{_EN_ONES[number % 10]}" if number % 10 else "")


_DE_ONES = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn"
).split()
_DE_TENS = "- - zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()


def german_words(number: int) -> str:
    """Return a number from 2 to below a million in one German word."""
    if number >= 1000:
        return f"{german_words(number // 1000)}tausend{german_words(number % 1000) if number % 1000 else ''}"
    if number >= 100:
        return f"{_DE_ONES[number // 100]}hundert{german_words(number % 100) if number % 100 else ''}"
    if number < 20:
        return _DE_ONES[number]
    return (f"{_DE_ONES[number % 10]}und" if number % 10 else "") + _DE_TENS[number // 10]


_FR_ONES = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit dix-neuf"
).split()
_FR_TENS = "- - vingt trente quarante cinquante soixante".split()


def _french_before_thousand(number: int) -> str:
    words = french_words(number)
    return words.removesuffix("s") if words.endswith(("cents", "vingts")) else words


def french_words(number: int) -> str:
    """Return a number from 2 to below a million in French words."""
    if number >= 1000:
        thousands = "" if number // 1000 == 1 else f"{_french_before_thousand(number // 1000)} "
        return f"{thousands}mille" + (f" {french_words(number % 1000)}" if number % 1000 else "")
    if number >= 100:
        hundreds = "" if number // 100 == 1 else f"{_FR_ONES[number // 100]} "
        return f"{hundreds}cent" + (f" {french_words(number % 100)}" if number % 100 else "s" if hundreds else "")
    if number < 20:
        return _FR_ONES[number]
    if number >= 80:
        return "quatre-vingts" if number == 80 else f"quatre-vingt-{_FR_ONES[number - 80]}"
    ten = min(number // 10, 6)
    one = number - 10 * ten
    if not one:
        return _FR_TENS[ten]
    return f"{_FR_TENS[ten]} et {_FR_ONES[one]}" if one in (1, 11) else f"{_FR_TENS[ten]}-{_FR_ONES[one]}"


_PL_ONES = (
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście trzynaście czternaście piętnaście "
    "szesnaście siedemnaście osiemnaście dziewiętnaście"
).split()
_PL_TENS = (
    "- - dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt osiemdziesiąt dziewięćdziesiąt".split()
)
_PL_HUNDREDS = "- sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset".split()
_UK_ONES = (
    "нуль один два три чотири п'ять шість сім вісім дев'ять десять одинадцять дванадцять тринадцять чотирнадцять п'ятнадцять "
    "шістнадцять сімнадцять вісімнадцять дев'ятнадцять"
).split()
_UK_TENS = "- - двадцять тридцять сорок п'ятдесят шістдесят сімдесят вісімдесят дев'яносто".split()
_UK_HUNDREDS = "- сто двісті триста чотириста п'ятсот шістсот сімсот вісімсот дев'ятсот".split()


def _slavic_below_thousand(number: int, ones: list[str], tens: list[str], hundreds: list[str]) -> str:
    words = [hundreds[number // 100]] if number >= 100 else []
    number %= 100
    if number >= 20:
        words.append(tens[number // 10])
        number %= 10
    if number:
        words.append(ones[number])
    return " ".join(words)


def slavic_form(number: int, one: str, few: str, many: str) -> str:
    """Return the form of a noun after a number, as Polish and Ukrainian have three."""
    if number == 1:
        return one
    return few if number % 10 in (2, 3, 4) and number % 100 not in (12, 13, 14) else many


def slavic_words(number: int, language: str) -> str:
    """Return a number from 2 to below a million in Polish or Ukrainian words."""
    parts = (_PL_ONES, _PL_TENS, _PL_HUNDREDS) if language == "pl" else (_UK_ONES, _UK_TENS, _UK_HUNDREDS)
    forms = ("tysiąc", "tysiące", "tysięcy") if language == "pl" else ("тисяча", "тисячі", "тисяч")
    thousands, rest = divmod(number, 1000)
    words = []
    if thousands:
        words += [_slavic_below_thousand(thousands, *parts)] if thousands > 1 else []
        words.append(slavic_form(thousands, *forms))
    if rest:
        words.append(_slavic_below_thousand(rest, *parts))
    text = " ".join(words)
    for wrong, right in (("один тисяч", "одна тисяч"), ("два тисячі", "дві тисячі")):
        text = text.replace(wrong, right)
    return text


_GROUPS = {
    "en": [",", " ", "\u00a0"],
    "de": [".", "\u202f", "’"],
    "fr": [" ", "\u00a0", "\u202f"],
    "pl": [" ", "\u00a0", "\u202f"],
    "uk": [" ", "\u00a0", "\u2009"],
}
_SCALES = {
    "en": [("million", 6), ("billion", 9), ("thousand", 3), ("trillion", 12), ("bn", 9), ("mln", 6)],
    "de": [("Millionen", 6), ("Milliarden", 9), ("Mio.", 6), ("Mrd.", 9), ("Mrd", 9), ("Billionen", 12), ("Tsd.", 3)],
    "fr": [("millions", 6), ("milliards", 9), ("mille milliards", 12)],
    "pl": [("mln", 6), ("mld", 9), ("tys.", 3), ("milionów", 6), ("miliardów", 9), ("miliona", 6), ("tysięcy", 3), ("bln", 12)],
    "uk": [("млн", 6), ("млрд", 9), ("тис.", 3), ("мільйонів", 6), ("мільярдів", 9), ("мільярда", 9), ("тисяч", 3), ("трлн", 12)],
}
_QUALIFIERS = {
    "en": {
        "about": "about|around|roughly|some",
        "nearly": "nearly|almost",
        "at_least": "at least",
        "more_than": "more than|over",
        "up_to": "up to",
    },
    "de": {
        "about": "rund|etwa|ungefähr|circa|ca.",
        "nearly": "fast|knapp|beinahe",
        "at_least": "mindestens",
        "more_than": "mehr als|über",
        "up_to": "bis zu|höchstens",
    },
    "fr": {
        "about": "environ|quelque",
        "nearly": "près de|presque",
        "at_least": "au moins",
        "more_than": "plus de",
        "up_to": "jusqu'à",
    },
    "pl": {
        "about": "około|ok.",
        "nearly": "prawie|niemal|blisko",
        "at_least": "co najmniej|przynajmniej",
        "more_than": "ponad|więcej niż",
        "up_to": "do|maksymalnie",
    },
    "uk": {
        "about": "близько|приблизно",
        "nearly": "майже",
        "at_least": "щонайменше|не менше",
        "more_than": "понад|більше ніж",
        "up_to": "до|не більше ніж",
    },
}
_MONEY = {
    "en": {
        "EUR": "euros",
        "USD": "dollars|US dollars",
        "PLN": "zlotys",
        "UAH": "hryvnias",
        "SEK": "kronor",
        "CHF": "Swiss francs",
        "GBP": "British pounds",
    },
    "de": {
        "EUR": "Euro",
        "USD": "Dollar|US-Dollar",
        "PLN": "Zloty",
        "UAH": "Hrywnja",
        "SEK": "schwedische Kronen",
        "CHF": "Franken|Schweizer Franken",
        "GBP": "britische Pfund",
    },
    "fr": {
        "EUR": "euros",
        "USD": "dollars|dollars américains",
        "PLN": "zlotys",
        "CAD": "dollars canadiens",
        "SEK": "couronnes suédoises",
        "CHF": "francs suisses",
        "GBP": "livres sterling",
    },
    "pl": {
        "EUR": "euro",
        "USD": "dolarów|dolarów amerykańskich",
        "PLN": "zł|złotych",
        "UAH": "hrywien",
        "SEK": "koron szwedzkich",
        "CHF": "franków|franków szwajcarskich",
        "GBP": "funtów szterlingów",
    },
    "uk": {
        "EUR": "євро",
        "USD": "доларів|доларів США",
        "PLN": "злотих",
        "UAH": "грн|гривень",
        "SEK": "шведських крон",
        "CHF": "швейцарських франків",
        "GBP": "фунтів стерлінгів",
    },
}
_CODES = {"EUR": "€", "USD": "$", "GBP": "£", "UAH": "₴", "PLN": "", "CHF": "", "SEK": "", "CAD": ""}
_PERSONS = {
    "en": "soldiers|people|civilians|refugees|volunteers|wounded soldiers|police officers|instructors",
    "de": "Soldaten|Menschen|Zivilisten|Flüchtlinge|Freiwillige|verletzte Soldaten|Polizisten|Ausbilder|Personen",
    "fr": "soldats|personnes|civils|réfugiés|volontaires|soldats blessés|policiers|instructeurs|habitants",
    "pl": "żołnierzy|osób|cywilów|uchodźców|ochotników|rannych żołnierzy|policjantów|instruktorów|ludzi",
    "uk": "солдатів|осіб|цивільних|біженців|добровольців|поранених солдатів|поліцейських|інструкторів|людей|військових",
}
_THINGS = {
    "en": {
        "kite": "kites|new kites",
        "tank": "tanks|modern tanks",
        "drone": "drones",
        "rocket": "rockets",
        "generator": "generators",
        "tent": "tents",
    },
    "de": {
        "drachen": "Drachen|neue Drachen",
        "panzer": "Panzer|moderne Panzer",
        "drohnen": "Drohnen",
        "raketen": "Raketen",
        "generatoren": "Generatoren",
        "zelte": "Zelte",
    },
    "fr": {
        "cerfs-volants": "cerfs-volants|nouveaux cerfs-volants",
        "chars": "chars",
        "drones": "drones",
        "obus": "obus",
        "missiles": "missiles",
        "tentes": "tentes",
    },
    "pl": {
        "latawców": "latawców|nowych latawców",
        "czołgów": "czołgów",
        "dronów": "dronów",
        "rakiet": "rakiet",
        "pocisków": "pocisków",
        "namiotów": "namiotów",
    },
    "uk": {
        "зміїв": "зміїв|повітряних зміїв",
        "танків": "танків|нових танків",
        "дронів": "дронів",
        "ракет": "ракет",
        "снарядів": "снарядів",
        "наметів": "наметів",
    },
}
_PERCENT = {
    "en": "%| percent| per cent",
    "de": " %|%| Prozent",
    "fr": " %|\u00a0%| pour cent",
    "pl": "%| procent| proc.",
    "uk": "%| %| відсотків",
}
_FRAMES = {
    "en": "Vale gave {}.|It got {} in all.|The council promised {}, Ada Fell said.|In May it sent {} to Arcadia.|In 2024 {} in all.|Article 5: {}.|On July 5, 2024, {} (see p. 12).",
    "de": "Das Tal gab {}.|Die Stadt erhielt {} im Mai.|Der Rat versprach {}, sagte Ada Fell.|Er schickte {}.|Im Jahr 2024 {}.|Artikel 5: {}.|Am 5. Juli 2024 {}, siehe S. 12.",
    "fr": "La vallée a donné {}.|La ville a reçu {} en mai.|Le conseil a promis {}, a dit Ada Fell.|En 2024 {}.|Article 5 : {}.|Le 5 juillet 2024, {} (voir p. 12).",
    "pl": "Dolina dała {}.|Miasto otrzymało {} w maju.|Rada obiecała {}, powiedziała Ada Fell.|W 2024 roku {}.|Art. 5: {}.|5 lipca 2024 roku {} (zob. s. 12).",
    "uk": "Долина дала {}.|Місто отримало {} у травні.|Рада обіцяла {}, сказала Ада Фелл.|У 2024 році {}.|Ст. 5: {}.|5 липня 2024 року {} (див. с. 12).",
}
_RANGES = {
    "en": "{}–{}|{} to {}|between {} and {}", "de": "{}–{}|{} bis {}|zwischen {} und {}|von {} bis {}", "fr": "{}–{}|entre {} et {}|de {} à {}",
    "pl": "{}–{}|od {} do {}|między {} a {}", "uk": "{}–{}|від {} до {}|між {} і {}",
}  # fmt: skip
_HALVES = {
    "en": [
        ("half a million", 5, 5),
        ("two and a half million", 25, 5),
        ("a million and a half", 15, 5),
        ("half a billion", 5, 8),
    ],
    "de": [
        ("eine halbe Million", 5, 5),
        ("zweieinhalb Millionen", 25, 5),
        ("anderthalb Millionen", 15, 5),
        ("eine halbe Milliarde", 5, 8),
    ],
    "fr": [
        ("un demi-million", 5, 5),
        ("deux millions et demi", 25, 5),
        ("un million et demi", 15, 5),
        ("un demi-milliard", 5, 8),
    ],
    "pl": [("pół miliona", 5, 5), ("dwa i pół miliona", 25, 5), ("półtora miliona", 15, 5), ("pół miliarda", 5, 8)],
    "uk": [("півмільйона", 5, 5), ("два з половиною мільйони", 25, 5), ("півтора мільйона", 15, 5), ("пів мільярда", 5, 8)],
}
LANGUAGES = tuple(_GROUPS)


class _Inventor:
    """Invents amounts of one language, by one source of chance."""

    def __init__(self, language: str, chance: random.Random):
        self.language = language
        self.chance = chance

    def pick(self, choices: str) -> str:
        return self.chance.choice(choices.split("|"))

    def digits(self, value: Decimal) -> str:
        """Return a number as the language writes it, grouped from a thousand on."""
        mark = "." if self.language == "en" else ","
        whole, _, fraction = f"{value:f}".partition(".")
        if len(whole) > 3:
            whole = f"{int(whole):,}".replace(",", self.chance.choice(_GROUPS[self.language]))
        return whole + (mark + fraction if fraction else "")

    def words(self, number: int) -> str:
        """Return a whole number in words."""
        if self.language in ("pl", "uk"):
            return slavic_words(number, self.language)
        return {"en": english_words, "de": german_words, "fr": french_words}[self.language](number)

    def whole_number(self) -> tuple[str, Decimal]:
        """Return a whole number from 3 on, in digits or words."""
        length = self.chance.choice((1, 2, 3, 4, 5, 6, 7, 8))
        number = self.chance.randrange(max(3, 10 ** (length - 1)), 10**length)
        if 1900 <= number < 2100:
            number += 300
        if self.language in ("pl", "uk") and number % 10 == 1:
            number += 4
        if number < 1_000_000 and self.chance.random() < 0.25:
            if self.chance.random() < 0.5:
                number = min(900_000, max(3, int(float(f"{number:.1g}"))))
            if number % 100 not in (1,) and (self.language not in ("pl", "uk") or number % 10 not in (1, 2, 3, 4)):
                return self.words(number), Decimal(number)
        return self.digits(Decimal(number)), Decimal(number)

    def scaled_number(self) -> tuple[str, Decimal]:
        """Return a number with a scale word."""
        if self.chance.random() < 0.1:
            words, digits, power = self.chance.choice(_HALVES[self.language])
            return words, Decimal(digits) * 10**power
        scale, power = self.chance.choice(_SCALES[self.language])
        number = Decimal(self.chance.randrange(2, 9999)) / self.chance.choice((1, 1, 10, 100))
        if power == 12:
            number = Decimal(self.chance.randrange(20, 90)) / 10
        return f"{self.digits(number)}{self.chance.choice((' ', chr(0xA0)))}{scale}", number * 10**power

    def money(self) -> tuple[str, Decimal, str]:
        """Return an amount of money as stated, its number and its code."""
        code, words = self.chance.choice(list(_MONEY[self.language].items()))
        number, value = self.scaled_number() if self.chance.random() < 0.7 else self.whole_number()
        form = self.chance.random()
        if form < 0.2:
            return f"{code} {number}", value, code
        if form < 0.3:
            return f"{number} {code}", value, code
        if form < 0.5 and _CODES[code]:
            sign = _CODES[code]
            return (f"{sign}{number}" if self.chance.random() < 0.5 else f"{number} {sign}"), value, code
        word = self.pick(words)
        return f"{number} {self._link(number, word)}{word}", value, code

    def _link(self, number: str, word: str) -> str:
        is_noun = self.language == "fr" and number.rstrip("s").endswith(("million", "milliard", "million et demi"))
        is_noun = is_noun or (self.language == "fr" and number.endswith("et demi"))
        return "" if not is_noun else "d'" if word[0] in "aeiouh" else "de "

    def amount(self) -> tuple[str, str]:
        """Return an amount as stated, and as typed."""
        form = self.chance.random()
        if form < 0.45:
            text, value, unit = self.money()
        elif form < 0.6:
            number = Decimal(self.chance.randrange(1, 1000)) / 10
            text, value, unit = self.digits(number) + self.pick(_PERCENT[self.language]), number, "percent"
        elif form < 0.8:
            written, value = self.whole_number()
            text, unit = f"{written} {self.pick(_PERSONS[self.language])}", "person"
        else:
            written, value = self.whole_number()
            unit, nouns = self.chance.choice(list(_THINGS[self.language].items()))
            text = f"{written} {self.pick(nouns)}"
        qualifier = self.chance.choice(["", "", *_QUALIFIERS[self.language]])
        if qualifier:
            words = self.pick(_QUALIFIERS[self.language][qualifier])
            if qualifier == "more_than" and self.language == "en" and value < 10:
                words = "more than"
            text = f"{words} {text}"
        return text, " ".join(filter(None, (qualifier, decimal_text(value), unit)))

    def range(self) -> tuple[str, str]:
        """Return a range as stated, and as typed."""
        scale, power = self.chance.choice([one for one in _SCALES[self.language] if one[1] < 12])
        lower, step = self.chance.randrange(20, 400), self.chance.randrange(5, 500)
        ends = [Decimal(lower) / 10, Decimal(lower + step) / 10]
        code, words = self.chance.choice(list(_MONEY[self.language].items()))
        word = self.pick(words)
        numbers = self.pick(_RANGES[self.language]).format(*map(self.digits, ends))
        values = "..".join(decimal_text(end * 10**power) for end in ends)
        return f"{numbers} {scale} {self._link(scale, word)}{word}", f"{values} {code}"


def invent_amounts(seed: int, count: int) -> Iterator[InventedAmount]:
    """Yield `count` sentences with an amount each, the same for the same seed."""
    chance = random.Random(seed)
    for _ in range(count):
        language = chance.choice(LANGUAGES)
        inventor = _Inventor(language, chance)
        text, typed = inventor.range() if chance.random() < 0.12 else inventor.amount()
        yield InventedAmount(language, inventor.pick(_FRAMES[language]).format(text), typed)
