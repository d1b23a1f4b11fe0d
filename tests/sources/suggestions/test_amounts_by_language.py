"""Amounts in five languages and in others: each read whole, or not at all."""

import pytest

from sources.suggestions import amounts
from tests.sources.suggestions.invented_amounts import invent_amounts


def typed(text: str, language: str = "en") -> list[str]:
    """The typed form of each amount of `text`."""
    return [suggestion.proposal["typed"] for suggestion in amounts.find(text, language)]


CASES = {
    "en": {
        "EUR 40 000 000": "40000000 EUR",
        "EUR 40\u00a0000\u00a0000": "40000000 EUR",
        "EUR 40\u202f000\u202f000": "40000000 EUR",
        "EUR 40\u2009000\u2009000": "40000000 EUR",
        "CHF 40’000’000": "40000000 CHF",
        "EUR 40.000.000": "40000000 EUR",
        "€1,5 billion": "1500000000 EUR",
        "€40 млрд": "40000000000 EUR",
        "EUR 1,5 Milliarden": "1500000000 EUR",
        "about 1 500 soldiers": "about 1500 person",
        "some 12 000 shells": "about 12000 shell",
        "5 lakh rupees": "500000 INR",
        "Rs 25 crore": "250000000 INR",
        "Rs 5,00,000": "500000 INR",
        "1.2 milliard kronor": "1200000000 SEK",
        "a 300-strong unit": "300 person",
        "a 1,300-member group": "1300 person",
        "2 million 300,000 euros": "2300000 EUR",
        "1.234.567,89 EUR": "1234567.89 EUR",
        "$1.125 billion": "1125000000 USD",
        "$5bn-$7bn": "5000000000..7000000000 USD",
        "in 2024 500 soldiers": "500 person",
        "on July 5, 500 soldiers": "500 person",
        "10 000 155mm rounds": "10000 155mm round",
    },
    "de": {
        "23,7 Milliarden Euro": "23700000000 EUR",
        "1.500 Mio. Euro": "1500000000 EUR",
        "rund 1.500 Soldaten": "about 1500 person",
        "5–7 Mrd. US-Dollar": "5000000000..7000000000 USD",
        "zwischen 300 und 400 Menschen": "300..400 person",
        "über 40 moderne Panzer": "more_than 40 panzer",
        "ein Vertrag über 40 Millionen Euro": "40000000 EUR",
        "eine halbe Million Euro": "500000 EUR",
        "zweihundertfünfzigtausend Menschen": "250000 person",
        "Hunderttausende Menschen": "unspecified person",
        "zwei Prozent des BIP": "2 percent of GDP",
        "eine 300-köpfige Einheit": "300 person",
        "fast 1,2 Mrd. schwedische Kronen": "nearly 1200000000 SEK",
        "um 5 Prozentpunkte": "5 percentage point",
    },
    "fr": {
        "1,5 milliard d’euros": "1500000000 EUR",
        "entre 5 et 7 milliards d'euros": "5000000000..7000000000 EUR",
        "un demi-million de dollars": "500000 USD",
        "5 M€": "5000000 EUR",
        "près d'un million de personnes": "nearly 1000000 person",
        "quatre-vingt-onze mille soldats": "91000 person",
        "au moins 40 nouveaux chars": "at_least 40 chars",
        "des centaines de milliers de personnes": "unspecified person",
        "jusqu'à 2 % du PIB": "up_to 2 percent of GDP",
        "300 dollars canadiens": "300 CAD",
        "300 soldats au moins": "at_least 300 person",
    },
    "pl": {
        "29 mld zł": "29000000000 PLN",
        "od 5 do 7 mln złotych": "5000000..7000000 PLN",
        "pół miliona dolarów": "500000 USD",
        "półtora tysiąca żołnierzy": "1500 person",
        "dwadzieścia pięć tysięcy osób": "25000 person",
        "co najmniej 40 nowych czołgów": "at_least 40 czołgów",
        "40 rannych": "40 person",
        "40 wojskowych pojazdów": "40 pojazdów",
        "setki tysięcy ludzi": "unspecified person",
        "do 40 mld euro": "up_to 40000000000 EUR",
        "ponad 2 proc. PKB": "more_than 2 percent of GDP",
        "300-osobowy oddział": "300 person",
    },
    "uk": {
        "900 грн": "900 UAH",
        "від 5 до 7 мільярдів євро": "5000000000..7000000000 EUR",
        "півмільйона доларів": "500000 USD",
        "пʼятсот осіб": "500 person",
        "дві з половиною тисячі гривень": "2500 UAH",
        "майже 500 тис. осіб": "nearly 500000 person",
        "не більше ніж 20 ракет": "up_to 20 ракет",
        "40 поранених": "40 person",
        "40 військових вантажівок": "40 вантажівок",
        "сотні тисяч людей": "unspecified person",
        "2 млн 500 тис. доларів США": "2500000 USD",
        "5 відсоткових пунктів": "5 percentage point",
    },
    "": {
        "$1 500 y": "1500 USD",
        "1.500,50 €": "1500.5 EUR",
        "5–7 %": "5..7 percent",
        "€1 Milliarde": "1000000000 EUR",
        "US$ 5": "5 USD",
    },
}
NOTHING = {
    "en": [
        "see http://kite.example/a%20040%20b.pdf", "6 Flight data were read", "40.000 tanks", "1,5 tanks", "40 000 000x", "1,50,00 tanks",
        "five and 1 500 2", "$1.500", "1.500 million euros", "40¹ tanks", "version 1.500.2 tanks", "+380 44 555 people", "Leopard 2 tanks",
        "Section 40 tanks", "10:30 soldiers", "on July 5 300 soldiers", "user40@kite.example", "40_000 tanks", "5,00,000 soldiers",
        "three point five million euros", "$40 pesos", "500-pound bombs", ".5 percent", "-5 percent", "minus 5 percent", "20, 500 tanks",
        "€5 millones", "$5 T", "2 million and 300 thousand tanks", "up to about 40 tanks", "around five tanks", "5 of them", "7.62 mm rounds",
        "tel. 555 123 456 people", "40 to 50,000 soldiers", "5,000 up to 7,000 soldiers", ">40 tanks", "ABC40 tanks", "2022–2024 kites", "5½ million euros", "12.05.2024 500 tanks",
    ],
    "de": ["1,500 Soldaten", "zwei Drittel", "20 Jahre", "am 24. Februar 2022", "500-Euro-Schein", "40 Panzer und Haubitzen", "5 Kronen",
           "nicht über 40 Panzer", "zwei Komma fünf Millionen Euro", "40 von ihnen", "Million Euro", "5 Pfund"],
    "fr": ["40 d'entre eux", "1,500 euros", "deux tiers", "20 jours", "le 14 juillet", "40 nouveaux", "une centaine de chars", "100 francs",
           "troi mille soldats", "moins 5 %", "5 livres"],
    "pl": ["1,500 zł", "1.500 mln zł", "wzrosła do 40 mld euro", "wysłano do 40 krajów", "5 do 7 czołgów", "dwadziescia pięć tysięcy osób",
           "dwie trzecie", "5 lat", "24 lutego", "3 nowe", "40 było", "100 koron", "40 kites"],
    "uk": ["1,500 грн", "зросла до 40 млрд євро", "надіслали до 40 країн", "5 до 7 танків", "дві третини", "5 років", "11 липня", "40 передано",
           "40 з них", "100 крон", "мільйона гривень", "бійці 93 бригади", "128 бригада", "п'ять USD 5 липня", "3000 USD 5 липня"],
    "": ["€1.500", "1,500 %", "40 soldiers", "€5 milionů", "€5万", "€5 مليون", "mellem 5 og 7 %", "€5 til 7 %", "five euros", "€5 ezer"],
}  # fmt: skip


def test_amounts_are_read_in_each_language(subtests):
    for language, cases in CASES.items():
        for text, value in cases.items():
            with subtests.test(language=language, text=text):
                assert typed(text, language) == [value]


def test_what_is_not_understood_is_not_read(subtests):
    for language, texts in NOTHING.items():
        for text in texts:
            with subtests.test(language=language, text=text):
                assert typed(text, language) == []


def test_nothing_that_follows_a_number_makes_it_smaller(subtests):
    for language in CASES:
        for following in ("x", "_", "²", "000", ":30", "/7", ",5,5", ".5.5", "'s", "-x", "–x1"):
            with subtests.test(language=language, following=following):
                assert not [value for value in typed(f"€40 000{following} kites", language) if value != "40000 EUR"]


def _read_shares(seed: int, count: int) -> tuple[list, float]:
    """Return the invented amounts that are read wrong, each with its reading, and the share of those that are read right."""
    wrong, right = [], 0
    for invented in invent_amounts(seed, count):
        values = typed(invented.text, invented.language)
        right += values == [invented.typed]
        wrong += [(invented, values)] if values and values != [invented.typed] else []
    return wrong, right / count


def test_invented_amounts_are_read_right_or_not_at_all():
    wrong, share_right = _read_shares(seed=1, count=1000)
    assert wrong == []
    assert share_right > 0.97


@pytest.mark.slow
def test_many_invented_amounts_are_read_right_or_not_at_all():
    wrong, share_right = _read_shares(seed=2, count=60_000)
    assert wrong == []
    assert share_right > 0.97
