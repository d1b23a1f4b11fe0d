"""What is counted in Ukrainian, Polish, German and French: persons, measures, plain nouns, open numbers and changes."""

import pytest

from sources.suggestions import amounts

COUNTED = {
    "uk": {
        "500 підприємців": ["500 person"],
        "понад 300 тисяч ФОПів": ["more_than 300000 person"],
        "40 киян": ["40 person"],
        "Тисячі російських військових убиті": ["unspecified person"],
        "40 військових вантажівок": ["40 вантажівок"],
        "500 тонн зерна": ["500 тонн"],
        "1,5 млн гектарів": ["1500000 гектарів"],
        "100 кубічних метрів газу": ["100 кубічних метрів"],
        "14 «зелених коридорів»": ["14 коридорів"],
        "5 фондів": ["5 фондів"],
        "знизили ставку з 7% до 0%": ["7 percent", "0 percent"],
        "зменшити податок з 20 до 7 відсотків": ["20 percent", "7 percent"],
        "пропозиція зниження податку до 0%": ["0 percent"],
        "від 7% до 10%": ["7..10 percent"],
        "до 10%": ["up_to 10 percent"],
    },
    "pl": {
        "500 przedsiębiorców": ["500 person"],
        "20 Syryjczyków": ["20 person"],
        "wiele tysięcy bezdomnych": ["unspecified person"],
        "500 ton zboża": ["500 ton"],
        "5 hektarów": ["5 hektarów"],
        "40 metrów sześciennych gazu": ["40 metrów sześciennych"],
        "14 korytarzy": ["14 korytarzy"],
        "podatek spadł od 7 do 0 procent": ["7 percent", "0 percent"],
        "z 23% do 8%": ["23 percent", "8 percent"],
        "liczba wzrosła z 10 tysięcy do 20 tysięcy osób": ["10000 person", "20000 person"],
        "od 7 do 10 procent": ["7..10 percent"],
    },
    "de": {
        "drei Ausschussvorsitzende": ["3 person"],
        "18 Köpfe": ["18 person"],
        "hunderte Amerikaner": ["unspecified person"],
        "viele tausend Obdachlose": ["unspecified person"],
        "zahlreiche tausend Menschen": ["unspecified person"],
        "12 Amerikanerinnen": ["12 person"],
        "500 Inhaftierte": ["500 person"],
        "95 Milliarden Kubikmeter Gas": ["95000000000 kubikmeter"],
        "rund 40 Hektar Wald": ["about 40 hektar"],
        "500 Tonnen Getreide": ["500 tonnen"],
        "von 7 auf 0 Prozent": ["7 percent", "0 percent"],
        "stieg von 20 auf 40 Schiffe": ["20 schiffe", "40 schiffe"],
        "von 20 bis 40 Prozent": ["20..40 percent"],
    },
    "fr": {
        "300 Tchétchènes": ["300 person"],
        "5 000 casques bleus": ["5000 person"],
        "les centaines de réfugiés": ["unspecified person"],
        "millions de personnes": ["unspecified person"],
        "27 États membres": ["27 états"],
        "12 transits": ["12 transits"],
        "5 fonds": ["5 fonds"],
        "1,5 million d'hectares": ["1500000 hectares"],
        "55 milliards de mètres cubes de gaz": ["55000000000 mètres cubes"],
        "La taxe passe de 7 % à 0 %": ["7 percent", "0 percent"],
        "La taxe est passée de 7 à 0 %": ["7 percent", "0 percent"],
        "de 7 à 10 %": ["7..10 percent"],
    },
}
NOT_PERSONS = {
    "uk": {"40 безпілотників": "40 безпілотників", "30 листів": "30 листів", "40 танців": "40 танців"},
    "pl": {"40 myśliwców": "40 myśliwców", "40 listów": "40 listów"},
    "de": {
        "40 Sprengköpfe": "40 sprengköpfe",
        "40 Flugzeuge": "40 flugzeuge",
        "16 Bundesländer": "16 bundesländer",
        "30 Lautsprecher": "30 lautsprecher",
        "40 Rinder": "40 rinder",
        "20 Monopolen": "20 monopolen",
        "40 Spinnen": "40 spinnen",
    },
    "fr": {"40 trains": "40 trains", "3 clients": "3 clients"},
}
NOT_COUNTED = {
    "uk": ["розділ 5 фондів", "у віці 20 років", "5 липня", "зросла до 40 млрд євро"],
    "pl": ["rozdział 5 funduszy", "40 Leopardów", "w wieku 20 lat", "5 lipca"],
    "de": [
        "Kapitel 5 Köpfe",
        "im Alter von 20 Jahren",
        "40 Tonnen schwere Panzer",
        "ein 40-Tonnen-Panzer",
        "50 Quadratkilometer",
    ],
    "fr": ["chapitre 5 fonds", "à 20 ans", "le 5 juillet", "40 Leopards"],
}


def typed(text: str, language: str) -> list[str]:
    """Return the typed form of each amount of a text."""
    return [suggestion.proposal["typed"] for suggestion in amounts.find(text, language)]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [(text, language, value) for language in COUNTED for text, value in COUNTED[language].items()],
)
def test_what_is_counted(text, language, expected):
    assert typed(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [(text, language, value) for language in NOT_PERSONS for text, value in NOT_PERSONS[language].items()],
)
def test_things_are_not_taken_for_persons(text, language, expected):
    assert typed(text, language) == [expected]


@pytest.mark.parametrize(("text", "language"), [(text, language) for language, texts in NOT_COUNTED.items() for text in texts])
def test_labels_ages_dates_and_weights_count_nothing(text, language):
    assert typed(text, language) == []
