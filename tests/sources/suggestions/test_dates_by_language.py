"""Dates in Ukrainian, Polish, German and French, and in languages that are not read."""

import re

import pytest

from entities.dates import PartialDate
from sources.suggestions import dates

# Published on a Thursday. The words between brackets are the spans of the dates that follow, in their order.
THURSDAY = "2024-07-11"
UKRAINIAN = {
    "Рада зібралася [11 липня 2024 року].": "2024-07-11",
    "Рада зібралася [1-го березня].": "2024-03-01",
    "Рада зібралася у [п'ятницю, 12 липня].": "2024-07-12",
    "У [п’ятницю] рада ухвалила план.": "2024-07-05",
    "У [п'ятницю] рада збереться.": "2024-07-12",
    "[Минулої п'ятниці] рада зібралася.": "2024-07-05",
    "до [наступного вівторка]": "2024-07-16",
    "з [9 по 11 липня 2024 року]": "2024-07-09/2024-07-11",
    "між [9 та 11 липня]": "2024-07-09/2024-07-11",
    "[9] та [12 липня]": "2024-07-09 2024-07-12",
    "[30 червня — 2 липня 2024 року]": "2024-06-30/2024-07-02",
    "у ніч з [11 на 12 липня]": "2024-07-11/2024-07-12",
    "[11.07.2024]": "2024-07-11",
    "[11/07/2024]": "2024-07-11",
    "[01.02.24]": "2024-02-01",
    "у [липні 2023 року]": "2023-07",
    "у [липні минулого року]": "2023-07",
    "у [червні] рада ухвалила план": "2024-06",
    "із [квітня] триває": "2024-04",
    "у [минулому році]": "2023",
    "[торік]": "2023",
    "[позаминулого року]": "2022",
    "[наступного року]": "2025",
    "[минулого тижня]": "2024-07",
    "[минулого місяця]": "2024-06",
    "у [2014 році]": "2014",
    "з [2014 по 2022 рік]": "2014/2022",
    "у [2014–2022 роках]": "2014/2022",
    "у [III кварталі 2024 року]": "2024",
    "[перше півріччя цього року]": "2024",
    "[навесні 2022 року]": "2022",
    "[два роки тому]": "2022",
    "[рік тому]": "2023",
    "[двадцять один рік тому]": "2003~",
    "[три місяці тому]": "2024-04~",
    "[п'ять днів тому]": "2024-07-06",
    "[вчора] рада ухвалила, як і [позавчора]": "2024-07-10 2024-07-09",
    "[Завтра] відбудеться зустріч.": "2024-07-12",
    "[Сьогодні] рада ухвалила план.": "2024-07-11",
    "«Це буде [завтра]», — сказав Фелл у [вівторок].": "2024-07-10 2024-07-09",
    "Рада [до кінця року] літатиме у [2025—2027 роках].": "2024 2025/2027",
    "[11 липня] 24 змії злетіли": "2024-07-11",
}
POLISH = {
    "[8 lipca 22]": "2022-07-08",
    "Rada zebrała się [11 lipca 2024 r.] w mieście": "2024-07-11",
    "w [piątek, 12 lipca], rada zbierze się": "2024-07-12",
    "W [piątek] rada uchwaliła plan.": "2024-07-05",
    "W [sobotę rano] mija termin.": "2024-07-13",
    "w [ubiegły piątek]": "2024-07-05",
    "od [9 do 11 lipca 2024 r.]": "2024-07-09/2024-07-11",
    "między [9 a 11 lipca]": "2024-07-09/2024-07-11",
    "[11.07.2024] r.": "2024-07-11",
    "w [lipcu ubiegłego roku]": "2023-07",
    "w [lipcu br.]": "2024-07",
    "we [wrześniu] rada zbierze się": "2024-09",
    "[1 listopada] nowe prawo będzie obowiązywało": "2024-11-01",
    "w [zeszłym roku]": "2023",
    "w [przyszłym tygodniu]": "2024-07",
    "w [roku 2024]": "2024",
    "od [2014 do 2022 roku]": "2014/2022",
    "[drugie półrocze 2024 r.]": "2024",
    "[Jesienią 2005 roku]": "2005",
    "[dwa lata temu]": "2022",
    "[pół roku temu]": "2024-01~",
    "[wczoraj] rada uchwaliła, [przedwczoraj] nie": "2024-07-10 2024-07-09",
    "[Dziś] okaże się, kto wygrał.": "2024-07-11",
    "[do końca roku] rada zbierze się": "2024",
    "[jutro] odbędzie się spotkanie": "2024-07-12",
    "Spotkali się [w weekend].": "2024-07",
}
GERMAN = {
    "am [8. Juli 22]": "2022-07-08",
    "am [Dienstag, 5. Januar 2021]": "2021-01-05",
    "am [Freitag, den 12. Juli], tagt er": "2024-07-12",
    "Am [Montag (8. Juli)] tagte er.": "2024-07-08",
    "Am [Montagabend] tagte er.": "2024-07-08",
    "Am [Freitag] hat der Rat beschlossen.": "2024-07-05",
    "Am [Freitag] wird der Rat tagen.": "2024-07-12",
    "am [vergangenen Freitag]": "2024-07-05",
    "vom [9. bis zum 11. Juli]": "2024-07-09/2024-07-11",
    "am [9.–11. Juli 2024]": "2024-07-09/2024-07-11",
    "zwischen dem [9. und 11. Juli]": "2024-07-09/2024-07-11",
    "am [9.] und [12. Juli]": "2024-07-09 2024-07-12",
    "am [11.7.] tagte er": "2024-07-11",
    "am [11.7.2024]": "2024-07-11",
    "im [April letzten Jahres]": "2023-04",
    "Ende [März] begann er": "2024-03",
    "im [vergangenen Jahr]": "2023",
    "in [dieser Woche]": "2024-07",
    "im [Jahr 2010]": "2010",
    "[2011] tagten sie": "2011",
    "von [2014 bis 2022]": "2014/2022",
    "im [dritten Quartal 2024]": "2024",
    "im [Sommer 2023]": "2023",
    "[vor zwei Jahren]": "2022",
    "[vor drei Monaten]": "2024-04~",
    "für [2025] geplant, [bis zum Jahresende] fertig": "2025 2024",
    "[gestern Abend] tagte er, [vorgestern] nicht": "2024-07-10 2024-07-09",
    "[Heute] hat der Rat getagt.": "2024-07-11",
    "[morgen] wird der Rat tagen": "2024-07-12",
    "Am [Montag] tagte er. „Wir haben [heute] getagt“, sagte Fell.": "2024-07-08 2024-07-08",
}
FRENCH = {
    "le [8 juillet] prochain": "2025-07-08",
    "le [8 décembre] dernier": "2023-12-08",
    "les 9, [10] et [11 juillet]": "2024-07-10 2024-07-11",
    "le [1er juillet 2024]": "2024-07-01",
    "[ce mercredi 10 juillet]": "2024-07-10",
    "[Vendredi], le conseil a adopté le plan.": "2024-07-05",
    "[Vendredi], le conseil se réunira.": "2024-07-12",
    "[lundi soir], il a parlé": "2024-07-08",
    "[vendredi dernier]": "2024-07-05",
    "du [9 au 11 juillet]": "2024-07-09/2024-07-11",
    "les [9 et 10 juillet 2024]": "2024-07-09/2024-07-10",
    "les [9] et [12 juillet]": "2024-07-09 2024-07-12",
    "[11/07/2024]": "2024-07-11",
    "en [juillet de l'année dernière]": "2023-07",
    "en [juillet dernier]": "2023-07",
    "depuis [avril]": "2024-04",
    "[l'an dernier]": "2023",
    "[l’année prochaine]": "2025",
    "[La semaine dernière], il a volé": "2024-07",
    "[le mois dernier]": "2024-06",
    "entre [2013 et 2016]": "2013/2016",
    "de [2014 à 2022]": "2014/2022",
    "en [2013], dit-on": "2013",
    "au [troisième trimestre 2024]": "2024",
    "à l'[été 2023]": "2023",
    "[il y a deux ans]": "2022",
    "[il y a trois mois]": "2024-04~",
    "[d'ici la fin de l'année]": "2024",
    "[hier], le conseil a adopté; [avant-hier] non": "2024-07-10 2024-07-09",
    "[demain], le conseil se réunira": "2024-07-12",
    "Il sera adopté [aujourd'hui].": "2024-07-11",
    "le [14 juillet 1789]": "1789-07-14",
}
TABLES = {"uk": UKRAINIAN, "pl": POLISH, "de": GERMAN, "fr": FRENCH}


def found(text: str, language: str, published_on: str = THURSDAY) -> list[tuple[str, str]]:
    suggestions = dates.find(text, published_on, language)
    for suggestion in suggestions:
        PartialDate.parse(suggestion.proposal["date"])
    ends = [(suggestion.exact, suggestion.proposal["date"], suggestion.proposal["end"]) for suggestion in suggestions]
    return [(words, f"{date}/{end}" if end else date) for words, date, end in ends]


@pytest.mark.parametrize("language", TABLES)
def test_a_date_is_found_as_precise_as_it_is_written(language, subtests):
    for marked, expected in TABLES[language].items():
        with subtests.test(marked=marked):
            spans = re.findall(r"\[(.*?)\]", marked)
            text = marked.replace("[", "").replace("]", "")
            assert found(text, language) == list(zip(spans, expected.split(), strict=True))


NO_DATES = {
    "uk": [
        "вул. 1 травня, 11",
        "кожної п'ятниці",
        "з понеділка до п'ятниці",
        "2000 змії",
        "понад 2020 зміїв",
        "півтора року тому",
        "30 лютого 2024 року",
        "Сьогодні Вейл — щит світу.",
        "Те, що ми робимо сьогодні, захистить нас завтра.",
        "Ніхто не знає, чи буде завтра вітер.",
        "середа перебування",
        "у 1990-х",
    ],
    "pl": [
        "ul. 3 maja 22 i 3 Maja",
        "od poniedziałku do piątku",
        "w każdy piątek",
        "w nocy z czwartku na piątek",
        "w Wielki Piątek",
        "Maja Fell przyszła do Maja",
        "około 2000 latawców",
        "półtora roku temu",
        "30 lutego 2024 r.",
        "dziś i jutro",
    ],
    "de": [
        "Straße des 17. Juni",
        "von Montag bis Freitag",
        "jeden Freitag",
        "am Karfreitag und am Schwarzen Freitag",
        "rund 2000 Drachen und 2000 Vögel",
        "in den letzten Jahren",
        "über die vergangenen Monate",
        "vor zweieinhalb Jahren",
        "am nächsten Morgen",
        "Heute ist Vale stark.",
        "Was wir heute gebaut haben, schützt uns morgen.",
        "Herr Mai und Frau März",
        "30. Februar 2024",
    ],
    "fr": [
        "la rue du 8 mai",
        "du lundi au vendredi",
        "chaque vendredi, le vendredi",
        "Vendredi saint",
        "2000 oiseaux, de 2000 oiseaux, en 2000 exemplaires",
        "les années 1990",
        "il y a deux ans et demi",
        "Aujourd’hui, la France est forte.",
        "l'Europe de demain",
        "en Mars et le champ de mars",
        "30 février 2024",
    ],
    "": [
        "11 липня 2024, 11 de julio de 2024",
        "yesterday, today, on Friday, July 10, 2024",
        "02.03.2024 and 02/03/2024 and 21.02.24",
        "in 2024, (2000)",
    ],
}


@pytest.mark.parametrize("language", NO_DATES)
def test_what_looks_like_a_date_and_is_none(language, subtests):
    for text in NO_DATES[language]:
        with subtests.test(text=text):
            assert found(text, language) == []


@pytest.mark.parametrize(
    ("language", "text", "date", "reason"),
    [
        ("uk", "у вівторок, 8 липня 2024 року", "2024-07-08?", "2024-07-08 is a Monday, not a Tuesday as written"),
        ("pl", "we wtorek, 8 lipca", "2024-07-08?", "2024-07-08 is a Monday, not a Tuesday as written"),
        ("de", "am Dienstag, 8. Juli", "2024-07-08?", "2024-07-08 is a Monday, not a Tuesday as written"),
        ("fr", "mardi 8 juillet", "2024-07-08?", "2024-07-08 is a Monday, not a Tuesday as written"),
        ("de", "in der Nacht zum 12. Juli", "2024-07-12?", "the night before it is meant"),
        ("uk", "у п'ятницю", "2024-07-05?", "no verb tells whether it is past"),
        ("pl", "Koniec 1 listopada", "2024-11-01?", "no verb tells which year"),
        ("fr", "Il parle le 9 janvier.", "2024-01-09?", "as near in 2024 as in 2025"),
    ],
)
def test_a_date_in_doubt_is_uncertain_and_says_why(language, text, date, reason):
    (suggestion,) = dates.find(text, THURSDAY, language)
    assert suggestion.proposal["date"] == date
    assert reason in suggestion.reason


@pytest.mark.parametrize(
    ("language", "text", "date"),
    [
        ("uk", "тиждень з 8 липня", "2024-07"),
        ("pl", "tydzień od 29 lipca", "2024-07~"),
        ("de", "in der Woche vom 8. Juli", "2024-07"),
        ("fr", "la semaine du 8 juillet", "2024-07"),
    ],
)
def test_the_week_of_a_day_is_its_month(language, text, date):
    assert [found_date for _, found_date in found(text, language)] == [date]


@pytest.mark.parametrize(
    ("language", "text"),
    [("uk", "вчора, у п'ятницю, торік, 11 липня"), ("pl", "w lipcu, jutro"), ("de", "gestern, im Juli"), ("fr", "hier, en mars")],
)
def test_without_a_day_of_publication_a_relative_date_is_not_resolved(language, text):
    assert found(text, language, "") == []


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2024-07-10", "2024-07-10"),
        ("21.02.2024", "2024-02-21"),
        ("02/21/2024", "2024-02-21"),
        ("2014–2022", ""),
    ],
)
@pytest.mark.parametrize("language", ["", "es", "zh-Hans"])
def test_in_a_language_that_is_not_read_only_unambiguous_figures_are_dates(text, date, language):
    assert [found_date for _, found_date in found(f"x {text} x", language)] == ([date] if date else [])
    assert found("(2014–2022)", language) == [("2014–2022", "2014/2022")]


def test_the_region_of_a_language_does_not_matter():
    assert found("am 5. Januar 2021", "de-AT") == [("5. Januar 2021", "2021-01-05")]


def test_yesterday_is_the_day_that_the_text_explains():
    text = "Il a parlé mercredi : « Nous avons volé hier [lundi] », a-t-il dit."
    assert ("hier", "2024-07-08") in found(text, "fr")


def test_an_update_that_the_text_states_stands_in_for_the_day_of_publication():
    assert found("Aktualisiert am 11.07.2024. Gestern tagte er.", "de", "2024-07?")[-1] == ("Gestern", "2024-07-10?")
