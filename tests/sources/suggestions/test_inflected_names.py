"""Mentions of known names in other cases, and new names of people, in Ukrainian, Polish, German and French."""

import pytest

from sources.suggestions import mentions, unknown_names
from sources.suggestions.known import Known

KNOWN = Known(
    [
        ("Марко Буревій", "person", "marko"),
        ("Marko Bureviy", "person", "marko"),
        ("Соломія Хвиля", "person", "solomiia"),
        ("Остап Вітровський", "person", "ostap"),
        ("Jan Wiatrak", "person", "jan"),
        ("Ewa Latawska", "person", "ewa"),
        ("Otto Stern", "person", "otto"),
        ("Luc Ducerf", "person", "luc"),
        ("Зміїв", "organisation", "kites"),
        ("Аркадія", "organisation", "arcadia"),
        ("Arkadia", "organisation", "arcadia"),
        ("Arkadien", "organisation", "arcadia"),
        ("Arcadie", "organisation", "arcadia"),
        ("KITE", "organisation", "kite"),
        ("Міністерство вітру Аркадії", "organisation", "ministry"),
        ("Вітрова Рада", "organisation", "council"),
        ("Rada Wietrzna", "organisation", "council"),
        ("Windige Union", "organisation", "union"),
    ]
)


def mentioned(text: str, language: str) -> list[tuple[str, str]]:
    return [(mention.exact, mention.proposal["entity"]) for mention in mentions.find_mentions(text, KNOWN, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Слова Марка Буревія і Буревія.", "uk", [("Марка Буревія", "marko"), ("Буревія", "marko")]),
        ("Розмова з Марком Буревієм.", "uk", [("Марком Буревієм", "marko")]),
        ("Слова Марка Вітра.", "uk", []),
        ("Лист Соломії Хвилі та Соломією Хвилею.", "uk", [("Соломії Хвилі", "solomiia"), ("Соломією Хвилею", "solomiia")]),
        ("Лист Остапа Вітровського.", "uk", [("Остапа Вітровського", "ostap")]),
        # The words of a name stand in one case: here only the family name is one.
        ("Лист Остапу Вітровським.", "uk", [("Вітровським", "ostap")]),
        # Another given name is another person.
        ("Лист Богдана Вітровського.", "uk", []),
        ("Лист Президента Вітровського.", "uk", [("Вітровського", "ostap")]),
        (
            "Приїхав до Аркадії, в Аркадію, з Аркадією.",
            "uk",
            [("Аркадії", "arcadia"), ("Аркадію", "arcadia"), ("Аркадією", "arcadia")],
        ),
        ("У Міністерстві вітру Аркадії.", "uk", [("Міністерстві вітру Аркадії", "ministry")]),
        ("Рішення Вітрової Ради.", "uk", [("Вітрової Ради", "council")]),
        (
            "Słowa Jana Wiatraka, z Wiatrakiem, o Wiatraku.",
            "pl",
            [("Jana Wiatraka", "jan"), ("Wiatrakiem", "jan"), ("Wiatraku", "jan")],
        ),
        ("Słowa Ewy Latawskiej i Latawskiej.", "pl", [("Ewy Latawskiej", "ewa"), ("Latawskiej", "ewa")]),
        ("Słowa Adama Wiatraka.", "pl", []),
        ("W Arkadii i do Arkadii, dla KITE.", "pl", [("Arkadii", "arcadia"), ("Arkadii", "arcadia"), ("KITE", "kite")]),
        ("Decyzja Rady Wietrznej.", "pl", [("Rady Wietrznej", "council")]),
        (
            "Die Rede Otto Sterns in Arkadien und Arkadiens Antwort.",
            "de",
            [("Otto Sterns", "otto"), ("Arkadien", "arcadia"), ("Arkadiens", "arcadia")],
        ),
        ("Otto Stern sah den Stern. Der Stern fiel.", "de", [("Otto Stern", "otto")]),
        ("In der Windigen Union.", "de", [("Windigen Union", "union")]),
        (
            "L’annonce d'Arcadie, de Luc Ducerf et qu'Arcadie attend.",
            "fr",
            [("Arcadie", "arcadia"), ("Luc Ducerf", "luc"), ("Arcadie", "arcadia")],
        ),
        # Without a language, names count as they are written.
        ("Слова Марка Буревія, Марко Буревій.", "", [("Марко Буревій", "marko")]),
        ("Слова Марка Буревія.", "en", []),
        ("Words of Burevii.", "", []),
    ],
)
def test_known_names_are_found_in_their_cases(text, language, expected):
    assert mentioned(text, language) == expected


def new_names(text: str, language: str) -> list[tuple[str, str]]:
    return [(name.exact, name.proposal["role"]) for name in unknown_names.find_unknown_names(text, KNOWN, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Міністр вітру Тарас Польовий і Тарас Польовий.", "uk", [("Тарас Польовий", "Міністр вітру")]),
        ("Слова Тараса Польового.", "uk", []),
        ("Верховна Рада України, Вітрове Поле.", "uk", []),
        ("Слова речника Тараса Польового, речник Тарас Польовий.", "uk", [("Тарас Польовий", "речник")]),
        ("Minister wiatru Tomasz Polny.", "pl", [("Tomasz Polny", "Minister wiatru")]),
        ("Wietrzne Pole i Zielona Góra.", "pl", []),
        ("Der Sprecher Thomas Feld sah die Grosse Wiese und den Roten Baum.", "de", [("Thomas Feld", "Sprecher")]),
        ("Thomas Felds Rede im Alten Haus.", "de", []),
        ("Le ministre Thomas Duchamp à la Grande Prairie.", "fr", [("Thomas Duchamp", "ministre")]),
        ("Thomas Duchamp", "", []),
        # Whoever is in the register is not new, in whatever case.
        ("Prezydent Jan Wiatrak.", "pl", []),
    ],
)
def test_new_names_are_people_with_a_given_name_or_a_role(text, language, expected):
    assert new_names(text, language) == expected
