"""Words in marks that a sentence attributes, and speakers whom other sentences name, in Ukrainian, Polish, German and French."""

import pytest

from sources.suggestions import quotations
from sources.suggestions.known import Known


def speech_in(text: str, language: str) -> list[tuple[str, str]]:
    """Return the words and the speaker of each quotation found in a text."""
    found = quotations.find_quotations(text, Known([]), "2024-07-10", language)
    return [(suggestion.exact, suggestion.proposal["speaker_text"]) for suggestion in found]


FRAGMENTS = {
    "uk": [
        ("Марко Буревій вважає, що план «божевільний».", "божевільний", "Марко Буревій"),
        ("Марко Буревій звинуватив міністра у «зраді».", "зраді", "Марко Буревій"),
        ("За словами речника уряду, план «сміливий».", "сміливий", "речника уряду"),
        ("Очільник Міноборони назвав це «провокацією».", "провокацією", "Очільник Міноборони"),
        ("Міністерство висловило «глибокий жаль».", "глибокий жаль", "Міністерство"),
        ("Це «абсурд», — сказав Марко Буревій.", "абсурд", "Марко Буревій"),
    ],
    "pl": [
        ("Rzecznik rządu powiedział, że plan jest „śmiały”.", "śmiały", "Rzecznik rządu"),
        ("Jan Wiatrak uznał to za „absurd”.", "absurd", "Jan Wiatrak"),
        ("Według ministerstwa plan jest „śmiały”.", "śmiały", "ministerstwa"),
        ("Jan Wiatrak zarzucił pani minister „tchórzostwo”.", "tchórzostwo", "Jan Wiatrak"),
        ("To „absurd” – ocenił Jan Wiatrak.", "absurd", "Jan Wiatrak"),
    ],
    "de": [
        ("Otto Drachen warf der Ministerin „Feigheit“ vor.", "Feigheit", "Otto Drachen"),
        ("Otto Drachen wies den Plan als „absurd“ zurück.", "absurd", "Otto Drachen"),
        ("Otto Drachen kündigte „harte Böen“ an.", "harte Böen", "Otto Drachen"),
        ("Das Windamt hat den Plan als „kühn“ bezeichnet.", "kühn", "Das Windamt"),
        ("Laut Windministerium war der Start „defensiv“.", "defensiv", "Windministerium"),
        ("Die Regierung in Kiel verurteilte den Start als „feigen Akt“.", "feigen Akt", "Die Regierung"),
        ("Otto Drachen sagte, er sei ein „Held“.", "Held", "Otto Drachen"),
        ("Das Windamt teilte mit, der Start sei „windiger Natur“ gewesen.", "windiger Natur", "Das Windamt"),
        ("Die Ausschüsse wollen klären, „in welchem Maß der Wind stört“.", "in welchem Maß der Wind stört", "Die Ausschüsse"),
    ],
    "fr": [
        ("Luc Ducerf a jugé ces propos « renversants ».", "renversants", "Luc Ducerf"),
        ("Luc Ducerf évoque une « catastrophe ».", "catastrophe", "Luc Ducerf"),
        ("Marie Labrise s'est dite « choquée ».", "choquée", "Marie Labrise"),
        ("D'après la police, il s'agit d'un « accident ».", "accident", "la police"),
        ("Aux yeux de Luc Ducerf, le plan est « mort ».", "mort", "Luc Ducerf"),
        ("M. Ducerf assure avoir « toute la confiance » du président.", "toute la confiance", "Ducerf"),
    ],
}


@pytest.mark.parametrize(
    ("text", "language", "words", "speaker"),
    [(text, language, words, speaker) for language, cases in FRAGMENTS.items() for text, words, speaker in cases],
)
def test_a_fragment_that_the_sentence_attributes_has_its_speaker(text, language, words, speaker):
    assert speech_in(text, language) == [(words, speaker)]


NO_SPEECH = {
    "uk": [
        "Так звані «зелені змії» літають.",
        "Марко Буревій повідомив про операцію «вітер».",
        "Марко Буревій сказав, що програма «доступні змії» працює.",
        "Крейсер «Буря» потонув, сказав Марко Буревій.",
        "Марко Буревій на прізвисько «Сокіл» прибув.",
        "Марко Буревій похвалив фільм «Вітер із моря».",
        "Про це в ефірі «Вітер 24», заявив Марко Буревій.",
    ],
    "pl": [
        "Tak zwane „zielone latawce” latają.",
        "Jan Wiatrak uznał okręt „sokół” za stary.",
        "Jan Wiatrak podał, że ruch „wolny wiatr” rośnie.",
        "Jan Wiatrak, zwany „Sokołem”, przyleciał.",
        "Jan Wiatrak powiedział w programie „Wiatr”, że leci.",
    ],
    "de": [
        "Otto Drachen nannte die Fregatte „Sturm“ veraltet.",
        "Otto Drachen sagte dem „Windkurier“, man warte ab.",
        "Otto Drachen sagte, die „Aurora“ sei gesunken.",
        "Das Ministerium teilte mit, die Operation „Roter Drachen“ sei beendet.",
        "Der Plan wurde von Otto Drachen als „kühn“ bezeichnet.",
        "Die als „Windretter“ bekannte Gruppe feierte.",
        "Die Stadt sei voll. Es sei „niemand“ da.",
        "Die Regierung deutete an, dass der Rat entscheiden wolle, ob es zum „harten Wind“ kommt.",
    ],
    "fr": [
        "Luc Ducerf a expliqué la notion de « proches ».",
        "Le groupe dit « Le Vent » a parlé.",
        "Luc Ducerf a été qualifié de « héros » par Marie Labrise.",
        "Le roman « Les vents » évoque la mer.",
        "Luc Ducerf, surnommé « le Cerf », est parti.",
        "Le ministère a annoncé l'opération « vent rouge ».",
    ],
}


@pytest.mark.parametrize(("text", "language"), [(text, language) for language, texts in NO_SPEECH.items() for text in texts])
def test_names_terms_and_titles_are_no_speech(text, language):
    assert speech_in(text, language) == []


FROM_CONTEXT = [
    ("de", "Otto Drachen reiste nach Kiel. „Wir haben lange gewartet.“", "Otto Drachen"),
    ("de", "Otto Drachen sagte: „Wir warten ab.“ Der Wind sei stark. „Wir haben lange gewartet.“", "Otto Drachen"),
    ("de", "Die Ausschüsse wollen klären, „in welchem Maß“. Es hätten sich „windige Fragen“ ergeben.", "Die Ausschüsse"),
    ("de", "Greta Windmann traf Otto Drachen in Kiel. „Wir haben lange gewartet.“", ""),
    ("de", "Der Rat ernannte Otto Drachen. „Wir haben lange auf ihn gewartet.“", ""),
    ("de", "Otto Drachen sprach. Der Minister hörte zu. „Wir haben lange gewartet.“", ""),
    ("fr", "Luc Ducerf est arrivé à Lyon. « Nous attendions le vent depuis des jours. »", "Luc Ducerf"),
    ("fr", "« Nous attendions », a dit Luc Ducerf. « Le vent est faible. » « Nous partirons. »", "Luc Ducerf"),
    ("fr", "Le conseil a nommé Luc Ducerf. « Nous attendions le vent depuis des jours. »", ""),
    (
        "fr",
        "« Nous attendions le vent », a écrit sur le réseau le porte-parole du gouvernement.",
        "le porte-parole du gouvernement",
    ),
    ("fr", "« Nous attendions, » a écrit Luc Ducerf.", "Luc Ducerf"),
    ("pl", "Jan Wiatrak przyleciał do Lublina. „Czekaliśmy na to od lat”.", "Jan Wiatrak"),
    ("pl", "„Czekaliśmy na to od lat.” „Polecimy jutro” – powiedział Jan Wiatrak.", "Jan Wiatrak"),
    ("pl", "„Czekaliśmy na to od lat.” Od rana mocno wiało. Tak mówił Jan Wiatrak.", "Jan Wiatrak"),
    ("pl", "Rada wybrała Jana Wiatraka. „Czekaliśmy na to od lat”.", ""),
    ("pl", "– Czekaliśmy – mówi PAP Jan Wiatrak.", "Jan Wiatrak"),
    ("uk", "Марко Буревій прибув до Львова. «Ми чекали на це роками».", "Марко Буревій"),
    ("uk", "«Ми чекали», — сказав Марко Буревій. «Вітер слабкий». «Ми полетимо завтра».", "Марко Буревій"),
    ("uk", "Рада обрала Марка Буревія. «Ми чекали на це роками».", ""),
    ("uk", "Остап Вітровий зустрів Марка Буревія. «Ми чекали на це роками».", ""),
]


@pytest.mark.parametrize(("language", "text", "speaker"), FROM_CONTEXT)
def test_who_speaks_where_the_sentence_names_nobody(language, text, speaker):
    speakers = {found for _, found in speech_in(text, language)}
    assert speakers == {speaker}


FRAGMENTS_AND_SPEAKERS = {
    "a word after an article is a noun": ("fr", "Luc Ducerf a réagi à l'annonce : « Un vent mauvais. »", "Luc Ducerf"),
    "a colon ends the paragraph": ("fr", "Luc Ducerf a réagi :\n\n« C'est un vent mauvais. »", "Luc Ducerf"),
    "a role follows its bearer": ("fr", "Luc Ducerf, vice-président du parc a dit : « Bon vent. »", "Luc Ducerf"),
    "the subject follows": ("fr", "Après avoir dit que le vent était « faible », Luc Ducerf a souri.", "Luc Ducerf"),
    "an agent": ("fr", "Dans un texte écrit par Luc Ducerf, le vent est jugé « très faible ».", "Luc Ducerf"),
    "another nation": (
        "fr",
        "Luc Ducerf recevait le président ukrainien Marc Labrise. Le président français parle d'un « vent neuf ».",
        "Le président français",
    ),
    "a particle with a capital": ("fr", "Le chef du parc, Bort De Vent, a réaffirmé son « bon vent ».", "Bort De Vent"),
    "a participle opens": ("fr", "Luc Ducerf est venu. Affirmant tout savoir, il a parlé d'un « vent mort ».", "Luc Ducerf"),
    "a name is governed": ("de", "In der Frage an die Regierung forderte Otto Drachen „mehr Wind“.", "Otto Drachen"),
    "the mood of a later verb": ("de", "Otto Drachen verneinte das. Der Wind werde helfen, „auch dem Rat“.", "Otto Drachen"),
    "the mood after the quotation": ("de", "Otto Drachen verneinte das. Alle, „auch der Rat“, seien da.", "Otto Drachen"),
    "a clause before the mood": ("de", "Otto Drachen redete. Doch Greta Windmann gähnte, es sei „fad“.", "Greta Windmann"),
    "a name in marks before": ("de", "Otto Drachen sagte im „Windfunk“, man warte. „Wir warten schon lange.“", "Otto Drachen"),
    "a colon joins": ("de", "„Wir warten“, sagte Otto Drachen. Und: „Wir warten schon lange.“", "Otto Drachen"),
    "a subject is shared": ("de", "Otto Drachen sah den Rat und nannte den Plan „kühn und gut“.", "Otto Drachen"),
    "a source as pronoun": ("de", "Otto Drachen redete. Ihm zufolge sei der Wind „ein Segen“.", "Otto Drachen"),
    "a name in the genitive": (
        "de",
        "Otto Drachen sagte, er traue dem Wort des Präsidenten Emil Windmann. Er sprach vom „Sieg“.",
        "Otto Drachen",
    ),
    "a verb opens": ("pl", "Jan Wiatrak mówił. Podziękował. Podkreślił, że wiatr „jest silny”.", "Jan Wiatrak"),
    "a verb of giving": ("pl", "Jan Wiatrak podkreślił, że Polska przekazała im „tyle latawców”.", "Jan Wiatrak"),
    "a man's name in -a": ("pl", "„Wiatr jest silny” – powiedział Fiala.", "Fiala"),
    "another office": ("pl", "Przyleciał szef MON Jan Wiatrak. „Wiatr jest silny” – powiedział szef MSZ.", "szef MSZ"),
    "a role in other words": ("pl", "Minister Jan Wiatrak leci. „Wiatr jest silny” – powiedział szef MSZ.", "Jan Wiatrak"),
    "a role in two words": ("uk", "Прем'єр Марко Буревій прибув. «Вітер дужчає», — сказав очільник уряду.", "Марко Буревій"),
    "particles": ("uk", "Прибула Соломія фон дер Вітер. «Вітер дужчає», — сказала фон дер Вітер.", "фон дер Вітер"),
    "an adverb": ("uk", "«Ми маємо змогу захистити людей», — слушно зауважив Марко Буревій.", "Марко Буревій"),
    "words of a pronoun": (
        "uk",
        "«Ми чекали», — сказав Остап Вітренко. За його словами, Марко Буревій зник. «Ми чекали довго», — додав він.",
        "Остап Вітренко",
    ),
    "time between commas": ("fr", "Le vent est « faible », confirme, lundi, à Lyon, le ministre Luc Ducerf.", "Luc Ducerf"),
    "a verb at the end": ("de", "Es gab Pläne, die Otto Drachen als „viel zu kühn“ abkanzelte.", "Otto Drachen"),
    "a name alone opens": ("de", "Windmann betonte, man werde „noch heute“ segeln.", "Windmann"),
    "nouns in a sentence": ("de", "„Diese Zusage von der Küste ist da.“", ""),
    "a man's name in -a opens": ("pl", "Leci Andrzej Fiala. Fiala dodał, że wiatr „jest silny”.", "Fiala"),
    "a label": ("uk", "Остап Вітренко прибув. Пряма мова Вітренка: «Вітер дужчає».", "Вітренка"),
    "whoever spoke": (
        "uk",
        "«Ми чекали», — сказав Марко Буревій. Він подякував Соломії Хвилі. «Ми чекали довго», — додав він.",
        "Марко Буревій",
    ),
}


@pytest.mark.parametrize("kind", FRAGMENTS_AND_SPEAKERS)
def test_who_speaks_in_sentences_that_misled(kind):
    language, text, speaker = FRAGMENTS_AND_SPEAKERS[kind]
    assert {found for _, found in speech_in(text, language)} == {speaker}


DASHES = {
    "within a paragraph": (
        "Jan Wiatrak leci. – Wiatr jest silny – podkreślił Wiatrak. Latawce – te stare – zostały.",
        ["Wiatr jest silny"],
    ),
    "over lines": ("– Wiatr jest silny.\nLatawce czekają – powiedział Jan Wiatrak.", ["Wiatr jest silny.\nLatawce czekają"]),
    "goes on": ("– Lecimy – powiedział Jan Wiatrak. – Wiatr jest silny – dodał.", ["Lecimy", "Wiatr jest silny"]),
    "no speaker": ("Jan Wiatrak leci. – Latawce – te stare – zostały.", []),
}


@pytest.mark.parametrize("kind", DASHES)
def test_speech_that_a_dash_opens(kind):
    text, expected = DASHES[kind]
    assert [words for words, _ in speech_in(text, "pl")] == expected
