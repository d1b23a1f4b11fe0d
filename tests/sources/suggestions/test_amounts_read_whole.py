"""Amounts of which a part is easily lost: a later qualifier, half of a range, the adjective of a currency, a scale.

Each table maps language and text to the typed amounts; none where a reader may doubt.
"""

import pytest

from sources.suggestions import amounts

LATE_QUALIFIERS = {
    ("en", "They bought 30 tanks, or more."): ["at_least 30 tank"],
    ("en", "It gave $5 billion at least."): ["at_least 5000000000 USD"],
    ("en", "They bought 30 tanks at least 3 times."): ["30 tank"],
    ("en", "It gave $5 billion and at least 30 tanks."): ["5000000000 USD", "at_least 30 tank"],
    ("en", "It gave $5 billion at least until 2030."): [],
    ("en", "40 tanks of the Kite Brigade or more left."): [],
    ("en", "40 tanks for Norland, at the very least, left."): [],
    ("en", "Up to 40 tanks or more left."): [],
    ("en", "From 5 to 7 brigades of Norland or more."): [],
    ("uk", "7 мільйонів мінометів калібру 120 мм або більше."): [],
    ("uk", "Виділили 88,4 млн грн. або більше."): ["at_least 88400000 UAH"],
    ("uk", "40 танків, якщо не більше, прибули."): [],
    ("pl", "Kupiono sto tysięcy sztuk broni lub więcej."): [],
    ("pl", "Kupiono od 40 do 60 czołgów Leopard 2 lub nawet więcej."): [],
    ("pl", "Kupiono 40 czołgów."): ["40 czołgów"],
    ("de", "40 Panzer vom Typ Leopard 2 oder mehr kamen."): [],
    ("de", "40 Panzer der Brigade mindestens kamen."): [],
    ("fr", "415 véhicules de l'avant blindés environ sont arrivés."): [],
    ("fr", "3 246 soldats norlandais au plus sont arrivés."): [],
    ("fr", "3 246 soldats sont arrivés au plus tard hier."): ["3246 person"],
}
RANGES = {
    ("en", "Between 14 and 68% of it."): ["14..68 percent"],
    ("en", "A loan (between 32.128k and 17.90 million NOK) came."): [],
    ("en", "It cost ¥9 billion – ¥54.540 bn."): [],
    ("en", "It cost A$5 million – A$7 million."): ["5000000..7000000 AUD"],
    ("uk", "Виділили ₴26,9 мільйона – ₴56 млрд."): ["26900000..56000000000 UAH"],
    ("uk", "Від тисячі до двох тисяч солдатів."): ["1000..2000 person"],
    ("uk", "21 тис. – 58,3 тисячі гвинтівок, 9 млрд грн – 54,540 млрд грн."): ["21000..58300 гвинтівок"],
    ("de", "Es kostet ¥ 23,712 Tsd. bis ¥ 48,58 Milliarden."): [],
    ("de", "Es kostet 77,665 Tsd. – 674 Millionen ¥."): [],
    ("fr", "Entre 41,790 milliards et 51,9 milliards d'euros."): [],
}
CURRENCIES = {
    ("uk", "понад 871 канадський долар"): ["more_than 871 CAD"],
    ("uk", "1 швейцарський франк, 41 єну, 21 данську крону"): ["1 CHF", "41 JPY", "21 DKK"],
    ("uk", "5 млн канад. дол., 5 тунезійських динарів, 5 ямайський долар"): [],
    ("pl", "65,5 mln dol. trafi do funduszu, 5 mln dol. kanadyjskich"): ["65500000 USD", "5000000 CAD"],
    ("pl", "1 frank szwajcarski, 1 koronę czeską, 30 tunezyjskich dinarów"): ["1 CHF", "1 CZK"],
    ("de", "5 Mio. Schweizerfranken, 5 Mio. Schw. Franken, 5 Dinar"): ["5000000 CHF"],
    ("fr", "5 M$ CA, 5 M$"): ["5000000 CAD", "5000000 USD"],
}
UNITS = {
    ("en", "9,000 service members and 30 crew members"): ["9000 person", "30 person"],
    ("en", "91 HIMARS M142 launchers"): ["91 HIMARS M142 launcher"],
    ("en", "almost 1 HIMARS M142 launcher, no more than 1 Abrams M1A1 tank"): [],
    ("uk", "відправив до тисячі поліцейських"): ["up_to 1000 person"],
    ("uk", "Не менше тисячі солдатів, тисячі біженців"): ["at_least 1000 person", "unspecified person"],
    ("uk", "рівно 97 195 цивільних прийняв табір"): ["exactly 97195 person"],
    ("uk", "навчить 70 військових навесні, 200 військових кораблів"): ["70 person", "200 кораблів"],
    ("pl", "wyszkoli 70 wojskowych wiosną, 200 wojskowych statków"): ["70 person", "200 statków"],
    ("pl", "Wysłanniczka obiecała do 390 dronów"): ["up_to 390 dronów"],
    ("de", "40 Kampfpanzer Leopard 2, 9 Schuss Munition"): ["40 kampfpanzer", "9 schuss"],
    ("de", "40 Panzer Brigade"): [],
}

PARTS = {
    ("de", "2½ Milliarden Euro, eine Dreiviertelmillion Euro, drei Viertel Millionen Menschen"): ["750000 EUR", "750000 person"],
    ("uk", "Два десятки танків, дві сотні танків і десятки гармат."): ["unspecified гармат"],
    ("en", "4\u200d0 tanks, 1·5 million euros"): [],
    ("fr", "deux douzaines de chars, 5 euros et 50 centimes, nº 5 chars"): [],
    ("pl", "dwa tuziny czołgów, 5 promili, 5 zł 50 gr, 5 mln zł 50 czołgów"): ["5000000 PLN", "50 czołgów"],
    # A scale behind the currency, or one that is not understood
    ("en", "300 USD m, $5 MM, 1.5 bilion euros, $5 and 50 cents"): [],
    ("fr", "5€ millions"): [],
    ("pl", "1,5 mdl zł, 1,5 milarda zł"): [],
    ("", "5 € millones"): [],
    ("", "US$5 mi"): [],
    # Estimates by two numbers
    ("de", "ein bis zwei Millionen Euro"): [],
    ("de", "sechs- bis siebentausend Soldaten"): [],
    ("de", "vier, fünf Panzer"): [],
    ("en", "According to decree No. 6, 11 % to 48 % of it"): [],
    ("pl", "dwa, trzy czołgi"): [],
    ("fr", "deux ou trois cents soldats"): [],
    ("en", "40, 50 tanks"): [],
    ("en", "On May 3, 5 tanks came. In 2024, 500 tanks came."): ["5 tank", "500 tank"],
    # Shares and multiples
    ("en", "five out of ten tanks, half of $5 million, twice $5 million, 3 x 40 tanks, 3 times 40 tanks"): [],
    ("en", "half of the 300 tanks"): ["300 tank"],
    ("de", "einer von fünf Soldaten, doppelt so viele wie 40 Panzer, die Hälfte von 5 Millionen Euro"): [],
    ("fr", "un sur cinq soldats, la moitié de 5 millions d'euros, trois fois 40 chars"): [],
    ("pl", "jeden z pięciu czołgów, dwa razy 40 czołgów"): [],
    ("uk", "один з п'яти танків, удвічі більше 40 танків, 3×40 танків, у 2,5 раза"): [],
    ("fr", "− 5 %, + 5 %"): [],
    ("de", "+/- 40 Panzer, die 10 Panzerdivision"): [],
    ("uk", "500 кВт, бл. 2 млн осіб"): ["about 2000000 person"],
    # Changes
    ("de", "von 2 auf 3 Milliarden Euro erhöht"): ["3000000000 EUR"],
    ("pl", "wzrosła z 40 do 50 mln zł"): ["50000000 PLN"],
    ("uk", "зріс від 1,5 до 2 млрд євро"): ["2000000000 EUR"],
    ("en", "rose from 20 to 40 ships"): ["20 ship", "40 ship"],
}


@pytest.mark.parametrize(
    "table", [LATE_QUALIFIERS, RANGES, CURRENCIES, UNITS, PARTS], ids=["late", "ranges", "currencies", "units", "parts"]
)
def test_an_amount_is_read_whole_or_not_at_all(table, subtests):
    for (language, text), expected in table.items():
        with subtests.test(text):
            assert [suggestion.proposal["typed"] for suggestion in amounts.find(text, language)] == expected
