"""Amounts: what is one, how it is qualified and of what it is; and what looks like one and is none."""

import re

import pytest

from entities.amounts import Amount
from entities.vocabulary import MeasureKind
from sources.suggestions import amounts


def found(text: str) -> list[tuple[str, str]]:
    """The words and the typed form of each amount of `text`."""
    suggestions = amounts.find_amounts(text)
    for suggestion in suggestions:
        assert text[suggestion.start : suggestion.end] == suggestion.exact
    return [(" ".join(suggestion.exact.split()), suggestion.proposal["typed"]) for suggestion in suggestions]


# One amount each: the words between the brackets are its span.
AMOUNTS = {
    # money
    "It gave [40 billion euros] in aid.": "40000000000 EUR",
    "It gave [$43 billion] in aid.": "43000000000 USD",
    "a [$1.2bn] package": "1200000000 USD",
    "a [$1.2-billion] package": "1200000000 USD",
    "worth [€40 billion].": "40000000000 EUR",
    "worth [US$500m] now": "500000000 USD",
    "worth [U.S. $500 million] now": "500000000 USD",
    "worth [EUR 40 billion] now": "40000000000 EUR",
    "worth [40 EUR] now": "40 EUR",
    "worth [£2.5 billion], it": "2500000000 GBP",
    "worth [A$110 million].": "110000000 AUD",
    "worth [C$500 million].": "500000000 CAD",
    "worth [$500 million Canadian].": "500000000 CAD",
    "Denmark and Norway gave [7 billion kroner].": "7000000000 NOK",
    "worth [500 million Canadian dollars].": "500000000 CAD",
    "worth [$500 million (Canadian)].": "500000000 CAD",
    "It gave [$5 million] Australian soldiers could use.": "5000000 USD",
    "spend [380 billion dollars] on": "380000000000 USD",
    "[about 380 billion dollars] in": "about 380000000000 USD",
    "worth [about ten billion dollars] signed": "about 10000000000 USD",
    "[between $5 and $7 billion] a year": "5000000000..7000000000 USD",
    "[between 5 and 7 billion euros] a year": "5000000000..7000000000 EUR",
    "[$5-7 billion] a year": "5000000000..7000000000 USD",
    "[$5 billion to $7 billion] a year": "5000000000..7000000000 USD",
    "[up to 7 billion Norwegian kroner] a year": "up_to 7000000000 NOK",
    "[75 billion Swedish kronor] a year": "75000000000 SEK",
    "[20 million zlotys] a year": "20000000 PLN",
    "[300 million hryvnias] a year": "300000000 UAH",
    "[more than $1.9 billion] in": "more_than 1900000000 USD",
    "[nearly $220 million] in": "nearly 220000000 USD",
    "[almost £3bn] in": "nearly 3000000000 GBP",
    "[at least $60 billion] in": "at_least 60000000000 USD",
    "[no less than $60 billion] in": "at_least 60000000000 USD",
    "[as much as $60 billion] in": "up_to 60000000000 USD",
    "[less than $60 billion] in": "up_to 60000000000 USD",
    "[an estimated $60 billion] in": "about 60000000000 USD",
    "[up to an additional $400 million] in": "up_to 400000000 USD",
    "an additional [$400 million] in": "400000000 USD",
    "[half a billion dollars] in": "500000000 USD",
    "[a million and a half dollars] in": "1500000 USD",
    "[two and a half billion euros] in": "2500000000 EUR",
    "[a billion euros] in": "1000000000 EUR",
    "[several billion dollars] in": "unspecified USD",
    "[hundreds of millions of dollars] in": "unspecified USD",
    "[tens of billions of euros] in": "unspecified EUR",
    "[$61 billion or more] in": "at_least 61000000000 USD",
    "[$8.5\nbillion] in": "8500000000 USD",
    "[USD 50 billion] in": "50000000000 USD",
    "a [40-billion-euro] fund": "40000000000 EUR",
    "[$300,000.50] in": "300000.5 USD",
    # persons
    "[around 700 personnel] from": "about 700 person",
    "[nearly 700 NATO personnel] will": "nearly 700 person",
    "[roughly 90,000 troops] across": "about 90000 person",
    "[500,000 troops] at": "500000 person",
    "[13 million people] left": "13000000 person",
    "[over 267,000 Ukrainians] came": "more_than 267000 person",
    "[millions of Ukrainians] fled": "unspecified person",
    "[700 to 750 personnel] work": "700..750 person",
    "[700–750 soldiers] work": "700..750 person",
    "[twenty-five officers] work": "25 person",
    "[two hundred soldiers] work": "200 person",
    "[a dozen instructors] work": "12 person",
    "[at least one person] was": "at_least 1 person",
    "[300 or so soldiers] work": "about 300 person",
    "The blast wounded [30].": "30 person",
    "The war killed [thousands].": "unspecified person",
    "and [40 others] injured": "40 person",
    "[50-odd advisers] came": "about 50 person",
    "[approximately 40,000 Allied forces] under": "about 40000 person",
    "[two task forces] under": "2 task force",
    # things
    "[850 modern aircraft] and": "850 aircraft",
    "[40 F-16 fighter jets] from": "40 F-16 fighter jet",
    "[an unspecified number of Comet fighter jets] as": "unspecified Comet fighter jet",
    "[thousands of air defense and artillery systems] are": "unspecified air defense and artillery system",
    "from [some 50 countries], well": "about 50 country",
    "NATO's [32 members].": "32 member",
    "its [18 member states] this": "18 member state",
    "sent [two brigades] to": "2 brigade",
    "these [two support facilities] are": "2 support facility",
    "[31 Abrams tanks] from": "31 Abrams tank",
    "[10,000 155mm artillery rounds] from": "10000 155mm artillery round",
    "[50 million rounds of ammunition] have": "50000000 round of ammunition",
    "[more\nthan 1000 artillery systems] have": "more_than 1000 artillery system",
    "[two or three batteries] have": "2..3 battery",
    "[50+ countries] have": "at_least 50 country",
    "[40-plus countries] have": "at_least 40 country",
    "[six bases] have": "6 base",
    "[five Brigade Combat Teams] to": "5 Brigade Combat Team",
    "[forty (40) tanks] to": "40 tank",
    "gave Arcadia [14 tanks] in 2023": "14 tank",
    "[about 2000 vehicles] in": "about 2000 vehicle",
    "[over 30 allies and partners] came": "more_than 30 ally",
    # percent
    "[two percent of GDP] among": "2 percent of GDP",
    "[2% of GDP] among": "2 percent of GDP",
    "[2 per cent of its gross domestic product] now": "2 percent of GDP",
    "[at least 2 percent] now": "at_least 2 percent",
    "[3.5%] now": "3.5 percent",
    "[2 to 3 percent of GDP] now": "2..3 percent of GDP",
    "[under 2 percent] now": "up_to 2 percent",
    "rose by [1.5 percentage points] now": "1.5 percentage point",
}


def test_an_amount_is_found_with_its_qualifier_and_unit(subtests):
    for marked in AMOUNTS:
        with subtests.test(marked=marked):
            span = " ".join(re.findall(r"\[(.*)\]", marked, re.DOTALL)[0].split())
            assert found(marked.replace("[", "").replace("]", "")) == [(span, AMOUNTS[marked])]


def test_an_amount_begins_with_its_sign_not_with_the_space_before():
    assert [one.exact for one in amounts.find_amounts("help – $40 million more")] == ["$40 million"]


def test_a_citation_takes_what_is_typed(subtests):
    for typed in AMOUNTS.values():
        with subtests.test(typed=typed):
            assert str(Amount.parse(typed)) == typed


WHAT_LOOKS_LIKE_AN_AMOUNT_AND_IS_NONE = [
    "a five-year plan and a two-day meeting",
    "a three-star general flew an F-16",
    "under Article 5 commitments and Section 3 rules",
    "on July 10 officials met",
    "the 9 May parades",
    "in 2022 allies agreed; since 2014 countries have",
    "the 2022 Lake Summit",
    "call 1-800-555-0199 or +44 20 7946 0000",
    "at 9:52 p.m. officials left",
    "over the next five years",
    "after 10 days of talks",
    "300 kilometers from the border",
    "its 75th anniversary",
    "Leopard 2 tanks and T-72 tanks and S-300 systems",
    "one of the countries and one example",
    "the first and second brigades",
    "MH17 and COVID-19 cases",
    "the 24/7 operations",
    "three times as many",
    "a number of things",
    "World War II veterans",
    "1.\n\nCountries",
    "the Group of 7 leaders",
    "billions",
    "one in five Arcadians, 4 out of 10 firms",
    "two Mondays ago",
    "worth 7 billion kroner",
    "fleeing by the tens of thousands, they",
    "$",
    "a multibillion-dollar deal",
]


def test_what_looks_like_an_amount_and_is_none(subtests):
    for text in WHAT_LOOKS_LIKE_AN_AMOUNT_AND_IS_NONE:
        with subtests.test(text=text):
            assert found(text) == []


def test_an_amount_in_brackets_converts_the_one_before():
    text = "It gave 40 billion euros ($43 billion; £34 billion) and $5 million."
    first, second, third, last = amounts.find_amounts(text)
    assert first.proposal["converts"] is None
    assert second.proposal["converts"] == third.proposal["converts"] == first.start
    assert last.proposal["converts"] is None


@pytest.mark.parametrize(
    "text", ["$5 million or €4 million", "$5 million (about €4 million)", "$5 million, or roughly €4 million,"]
)
def test_an_amount_after_or_converts_the_one_before(text):
    first, second = amounts.find_amounts(text)
    assert second.proposal["converts"] == first.start


def test_a_rise_is_two_amounts_and_no_range():
    text = "Arcadia raised its fleet from 20 to 40 ships."
    assert found(text) == [("20", "20 ship"), ("40 ships", "40 ship")]
    text = "Spending rose from 1 percent to 2 percent."
    assert found(text) == [("1 percent", "1 percent"), ("2 percent", "2 percent")]


def test_a_preposition_is_no_qualifier():
    assert found("They spoke about 40 tanks.") == [("40 tanks", "40 tank")]
    assert found("It flew over two villages.") == [("two villages", "2 village")]


def test_what_an_amount_proposes():
    suggestion = amounts.find_amounts("Some 40 kites came.")[0]
    assert suggestion.proposal == {
        "measure_kind": MeasureKind.ITEMS,
        "qualifier": "about",
        "value": "40",
        "upper": "",
        "unit": "kite",
        "typed": "about 40 kite",
        "converts": None,
    }
    assert suggestion.rule == "amounts/1"
    assert suggestion.reason == "“Some” limits it"
