"""Names of states and of the great bodies in the languages that are read, for texts that call them so. Data alone."""

_LANGUAGES = ("uk", "pl", "de", "fr")

# English names, then those in each language; forms that no rule of endings derives stand beside them.
_STATES = """
Albania|Албанія|Albania|Albanien|Albanie
Australia|Австралія|Australia|Australien|Australie
Austria|Австрія|Austria|Österreich|Autriche
Belarus|Білорусь|Białoruś|Belarus, Weißrussland|Biélorussie
Belgium|Бельгія|Belgia|Belgien|Belgique
Bulgaria|Болгарія|Bułgaria|Bulgarien|Bulgarie
Canada|Канада|Kanada, Kanadzie|Kanada|Canada
China|Китай|Chiny, Chinach, Chin|China|Chine
Croatia|Хорватія|Chorwacja|Kroatien|Croatie
Cyprus|Кіпр|Cypr|Zypern|Chypre
Czechia, Czech Republic|Чехія, Чеська Республіка|Czechy, Czechach|Tschechien|Tchéquie, République tchèque
Denmark|Данія|Dania|Dänemark|Danemark
Estonia|Естонія|Estonia|Estland|Estonie
Finland|Фінляндія|Finlandia|Finnland|Finlande
France|Франція|Francja|Frankreich|France
Georgia|Грузія|Gruzja|Georgien|Géorgie
Germany|Німеччина, ФРН|Niemcy, Niemiec, Niemczech|Deutschland|Allemagne
Greece|Греція|Grecja|Griechenland|Grèce
Hungary|Угорщина|Węgry, Węgier, Węgrzech|Ungarn|Hongrie
Iceland|Ісландія|Islandia|Island|Islande
India|Індія|Indie, Indiach|Indien|Inde
Iran|Іран|Iran|Iran|Iran
Ireland|Ірландія|Irlandia|Irland|Irlande
Israel|Ізраїль|Izrael|Israel|Israël
Italy|Італія|Włochy, Włoch, Włoszech|Italien|Italie
Japan|Японія|Japonia|Japan|Japon
Latvia|Латвія|Łotwa, Łotwie|Lettland|Lettonie
Lithuania|Литва|Litwa|Litauen|Lituanie
Luxembourg|Люксембург|Luksemburg|Luxemburg|Luxembourg
Moldova|Молдова|Mołdawia|Moldau, Moldawien|Moldavie
Montenegro|Чорногорія|Czarnogóra|Montenegro|Monténégro
Netherlands, the Netherlands, Holland|Нідерланди, Голландія|Holandia, Niderlandy|Niederlande, Niederlanden|Pays-Bas
New Zealand|Нова Зеландія|Nowa Zelandia|Neuseeland|Nouvelle-Zélande
North Korea|Північна Корея, КНДР|Korea Północna|Nordkorea|Corée du Nord
North Macedonia|Північна Македонія|Macedonia Północna|Nordmazedonien|Macédoine du Nord
Norway|Норвегія|Norwegia|Norwegen|Norvège
Poland|Польща|Polska|Polen|Pologne
Portugal|Португалія|Portugalia|Portugal|Portugal
Romania|Румунія|Rumunia|Rumänien|Roumanie
Russia, Russian Federation|Росія, Російська Федерація, РФ|Rosja, Federacja Rosyjska|Russland, Russische Föderation|Russie, Fédération de Russie
Serbia|Сербія|Serbia|Serbien|Serbie
Slovakia|Словаччина|Słowacja|Slowakei|Slovaquie
Slovenia|Словенія|Słowenia|Slowenien|Slovénie
South Korea, Republic of Korea|Південна Корея|Korea Południowa|Südkorea|Corée du Sud
Spain|Іспанія|Hiszpania|Spanien|Espagne
Sweden|Швеція|Szwecja|Schweden|Suède
Switzerland|Швейцарія|Szwajcaria|Schweiz|Suisse
Turkey, Türkiye|Туреччина|Turcja|Türkei|Turquie
Ukraine|Україна|Ukraina|Ukraine|Ukraine
United Kingdom, Britain, Great Britain, UK|Велика Британія, Британія, Сполучене Королівство|Wielka Brytania, Zjednoczone Królestwo|Großbritannien, Vereinigtes Königreich|Royaume-Uni, Grande-Bretagne
United States, United States of America, USA, US|США, Сполучені Штати, Сполучені Штати Америки|USA, Stany Zjednoczone|USA, Vereinigte Staaten|États-Unis
"""
_OTHER_BODIES = """
European Union, EU|Європейський Союз, Євросоюз, ЄС|Unia Europejska, UE|Europäische Union, EU|Union européenne, UE
NATO, North Atlantic Treaty Organization|НАТО|NATO|Nato, NATO|Otan, OTAN
United Nations, UN|ООН, Організація Об'єднаних Націй|ONZ, Organizacja Narodów Zjednoczonych|Vereinte Nationen, UNO|Nations unies, ONU
European Commission|Європейська комісія, Єврокомісія|Komisja Europejska|Europäische Kommission, EU-Kommission|Commission européenne
"""


def _rows(table: str) -> list[list[tuple[str, ...]]]:
    return [[tuple(cell.split(", ")) for cell in row.split("|")] for row in table.strip().splitlines()]


def _names_by_language() -> dict[str, dict[str, tuple[str, ...]]]:
    names: dict[str, dict[str, tuple[str, ...]]] = {language: {} for language in _LANGUAGES}
    for english, *columns in _rows(_STATES) + _rows(_OTHER_BODIES):
        for language, translated in zip(_LANGUAGES, columns, strict=True):
            names[language] |= dict.fromkeys(english, translated)
    return names


NAMES_OF_BODIES = _names_by_language()
"""Language -> English name -> names of the same body in that language."""
STATES = {english[0]: english for english, *_ in _rows(_STATES)}
"""English name of a state -> all its names in English, itself first."""
