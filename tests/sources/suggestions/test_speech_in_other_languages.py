"""Quotations and speakers in Ukrainian, Polish, German and French, in invented sentences."""

import re
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.suggestions import quotations, suggest
from sources.suggestions.known import Known
from sources.suggestions.speech.vocabularies import VOCABULARIES
from tests.steps import assert_linear

KNOWN = Known(
    [
        ("Марко Буревій", "person", "marko"),
        ("Jan Wiatrak", "person", "jan"),
        ("Otto Drachen", "person", "otto"),
        ("Luc Ducerf", "person", "luc"),
    ]
)


def speech_in(text: str, language: str) -> list[tuple[str, str]]:
    """Return the words and the speaker of each quotation found in a text."""
    return [
        (suggestion.exact, suggestion.proposal["speaker_text"])
        for suggestion in quotations.find_quotations(text, KNOWN, "2024-07-10", language)
    ]


DENIED = {
    "uk": "Марко Буревій не казав «ми передамо сорок зміїв».",
    "pl": "Jan Wiatrak nie powiedział „damy czterdzieści latawców”.",
    "de": "Otto Drachen sagte nie: „Wir geben vierzig Drachen“.",
    "fr": "M. Ducerf n'a pas dit « nous donnons quarante cerfs ».",
}


@pytest.mark.parametrize("language", DENIED)
def test_words_that_are_denied_are_credited_to_nobody(language):
    assert [speaker for _, speaker in speech_in(DENIED[language], language) if speaker] == []


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Frau Drachen sagte: „Wir geben vierzig Drachen“."),
        ("de", "„Wir geben vierzig Drachen“, sagte Drachen' Sprecherin."),
    ],
)
def test_a_record_is_not_its_wife_nor_its_speaker(language, text):
    [suggestion] = quotations.find_quotations(text, KNOWN, "2024-07-10", language)
    assert suggestion.proposal["speaker"] == ""


UKRAINIAN = [
    ("«Ми передамо сорок зміїв», — сказав Марко Буревій.", [("Ми передамо сорок зміїв", "Марко Буревій")]),
    ("«Ми передамо сорок зміїв», – заявила міністерка зміїв Соломія Хвиля.", [("Ми передамо сорок зміїв", "Соломія Хвиля")]),
    (
        "«Зміїв буде більше», — повідомив у вівторок речник Міністерства вітру Остап Вітровий.",
        [("Зміїв буде більше", "Остап Вітровий")],
    ),
    ("„Зміїв буде більше“, — наголосив Буревій.", [("Зміїв буде більше", "Буревій")]),
    ("“Зміїв буде більше”, — Буревій сказав журналістам.", [("Зміїв буде більше", "Буревій")]),
    ("Марко Буревій заявив: «Ми не відступимо».", [("Ми не відступимо", "Марко Буревій")]),
    ("Як зазначив Марко Буревій, «зміїв буде вдвічі більше».", [("зміїв буде вдвічі більше", "Марко Буревій")]),
    ("За словами Соломії Хвилі, уряд «не має наміру чекати».", [("не має наміру чекати", "Соломії Хвилі")]),
    ("Президент Марко Буревій прибув до Києва. «Ми чекали на це», — додав він.", [("Ми чекали на це", "Марко Буревій")]),
    (
        "Соломія Хвиля зустріла Марка Буревія. «Ми чекали на це», — додала вона.",
        [("Ми чекали на це", "Соломія Хвиля")],
    ),
    (
        "Остап Вітровий зустрів Марка Буревія. «Ми чекали на це», — додав він.",
        [("Ми чекали на це", "")],
    ),
    (
        "«Ми чекали, — сказав Марко Буревій, — і діждалися».",
        [("Ми чекали", "Марко Буревій"), ("і діждалися", "Марко Буревій")],
    ),
    (
        "«Ми чекали», — сказав Марко Буревій, — «і діждалися».",
        [("Ми чекали", "Марко Буревій"), ("і діждалися", "Марко Буревій")],
    ),
    (
        "— Зміїв буде більше, — сказав Марко Буревій. — Ми не чекатимемо.",
        [("Зміїв буде більше", "Марко Буревій"), ("Ми не чекатимемо.", "Марко Буревій")],
    ),
    ("Він назвав цей план «божевільним».", [("божевільним", "")]),
    ("Прем'єр-міністр Марко Буревій назвав цей план «божевільним».", [("божевільним", "Марко Буревій")]),
    ("Уряд ухвалив постанову «Про особливості запуску зміїв над містом».", []),
    ("Компанія «Вітрогон» передала сорок зміїв.", []),
    ("Буревій повідомив, що «Вітрогон» передав сорок зміїв.", []),
    ("У Міноборони стверджують, що «змії вже летять».", [("змії вже летять", "Міноборони")]),
    ("Остап Вітровий назвав план «добрим», а Марко Буревій — «поганим».", [("добрим", "Остап Вітровий")]),
    ("Про це написав мер Остап Вітровий. «Змії вже летять до міста».", [("Змії вже летять до міста", "Остап Вітровий")]),
    ("Речник Марка Буревія сказав: «Ми чекаємо».", [("Ми чекаємо", "Речник Марка Буревія")]),
    ("У заяві йдеться: «Сторони домовилися про сорок зміїв».", [("Сторони домовилися про сорок зміїв", "")]),
    ("Але заявив: «Ми не відступимо».", [("Ми не відступимо", "")]),
    ("Міністр оборони України Остап Вітровий повідомив: «Зміїв буде більше».", [("Зміїв буде більше", "Остап Вітровий")]),
    ("«Зміїв вистачить», — ідеться в повідомленні Міністерства вітру.", [("Зміїв вистачить", "")]),
    (
        "«Я працюю на «Вітрогоні» десять років», — сказав Марко Буревій.",
        [("Я працюю на «Вітрогоні» десять років", "Марко Буревій")],
    ),
    ("На запитання журналістів Марко Буревій відповів: «Ні».", [("Ні", "Марко Буревій")]),
    (
        "«Ми готові», — підкреслив заступник голови Ради вітрів Остап Вітровий під час зустрічі.",
        [("Ми готові", "Остап Вітровий")],
    ),
]
POLISH = [
    ("„Przekażemy czterdzieści latawców” – powiedział Jan Wiatrak.", [("Przekażemy czterdzieści latawców", "Jan Wiatrak")]),
    (
        "„Przekażemy czterdzieści latawców” - oświadczyła minister wiatru Ewa Latawiec.",
        [("Przekażemy czterdzieści latawców", "Ewa Latawiec")],
    ),
    (
        '"Latawców będzie więcej", powiedział w poniedziałek rzecznik rządu Adam Wietrzny.',
        [("Latawców będzie więcej", "Adam Wietrzny")],
    ),
    (
        "– Latawców będzie więcej – powiedział Jan Wiatrak. – Nie będziemy czekać.",
        [("Latawców będzie więcej", "Jan Wiatrak"), ("Nie będziemy czekać.", "Jan Wiatrak")],
    ),
    ("- Latawców będzie więcej - dodał premier Jan Wiatrak.", [("Latawców będzie więcej", "Jan Wiatrak")]),
    (
        "– Latawców będzie więcej, a wiatr – jak zawsze – dopisze – podkreśliła Ewa Latawiec.",
        [("Latawców będzie więcej, a wiatr – jak zawsze – dopisze", "Ewa Latawiec")],
    ),
    ("Jan Wiatrak zapowiedział: „Nie ustąpimy”.", [("Nie ustąpimy", "Jan Wiatrak")]),
    ("Jak poinformował Jan Wiatrak, rząd „nie zamierza czekać”.", [("nie zamierza czekać", "Jan Wiatrak")]),
    ("Zdaniem Jana Wiatraka rząd „nie zamierza czekać”.", [("nie zamierza czekać", "Jana Wiatraka")]),
    ("Według Ewy Latawiec plan jest „zbyt śmiały na te wiatry”.", [("zbyt śmiały na te wiatry", "Ewy Latawiec")]),
    ("Prezydent Jan Wiatrak przyleciał do Lublina. „Czekaliśmy na to” – dodał.", [("Czekaliśmy na to", "Jan Wiatrak")]),
    ("Ewa Latawiec spotkała Jana Wiatraka. „Czekaliśmy na to” – powiedziała.", [("Czekaliśmy na to", "Ewa Latawiec")]),
    ("Adam Wietrzny spotkał Jana Wiatraka. „Czekaliśmy na to” – powiedział.", [("Czekaliśmy na to", "")]),
    ("Premier Jan Wiatrak nazwał ten plan „szaleństwem”.", [("szaleństwem", "Jan Wiatrak")]),
    ("Dziennik „Wiatr” napisał o latawcach.", []),
    ("Wiatrak podał, że „Wietrznik” przekazał latawce.", []),
    ("„Latawców wystarczy” – czytamy w komunikacie.", [("Latawców wystarczy", "")]),
    ("Ale powiedział: „Nie ustąpimy”.", [("Nie ustąpimy", "")]),
    ("Rzecznik Jana Wiatraka powiedział: „Nie ustąpimy”.", [("Nie ustąpimy", "Rzecznik Jana Wiatraka")]),
    (
        "„Jesteśmy gotowi” – podkreślił zastępca szefa Komisji Wiatrów Adam Wietrzny podczas spotkania.",
        [("Jesteśmy gotowi", "Adam Wietrzny")],
    ),
    ("Minister wiatru Rosji Adam Wietrzny powiedział: „Nie ustąpimy”.", [("Nie ustąpimy", "Adam Wietrzny")]),
    ("Premier spotkał się z Janem Wiatrakiem. „Czekaliśmy” – powiedział.", [("Czekaliśmy", "")]),
    ("– pięć latawców,\n– dwa namioty.", []),
]
GERMAN = [
    ("„Wir liefern vierzig Drachen“, sagte Otto Drachen.", [("Wir liefern vierzig Drachen", "Otto Drachen")]),
    (
        "„Wir liefern vierzig Drachen“, sagte am Montag in Kiel Windministerin Greta Windmann.",
        [("Wir liefern vierzig Drachen", "Greta Windmann")],
    ),
    ("»Wir liefern mehr«, so der Sprecher des Windamtes, Otto Drachen.", [("Wir liefern mehr", "Otto Drachen")]),
    ("«Wir liefern mehr», erklärte Bundeskanzler Drachen.", [("Wir liefern mehr", "Drachen")]),
    ("Otto Drachen betonte: „Wir geben nicht nach.“", [("Wir geben nicht nach.", "Otto Drachen")]),
    ("Am Montag sagte Otto Drachen: „Wir geben nicht nach.“", [("Wir geben nicht nach.", "Otto Drachen")]),
    ("Otto Drachen hat am Montag erklärt, man werde „nicht länger warten“.", [("nicht länger warten", "Otto Drachen")]),
    ("Otto Drachen teilte am Montag mit, man werde „nicht länger warten“.", [("nicht länger warten", "Otto Drachen")]),
    ("„Wir liefern mehr“, teilte Otto Drachen mit.", [("Wir liefern mehr", "Otto Drachen")]),
    ("Laut Otto Drachen ist der Plan „viel zu kühn“.", [("viel zu kühn", "Otto Drachen")]),
    ("Nach Angaben von Otto Drachen ist der Plan „viel zu kühn“.", [("viel zu kühn", "Otto Drachen")]),
    ("Präsident Otto Drachen reiste nach Kiel. „Wir haben gewartet“, sagte er.", [("Wir haben gewartet", "Otto Drachen")]),
    ("Greta Windmann traf Otto Drachen. „Wir haben gewartet“, sagte sie.", [("Wir haben gewartet", "Greta Windmann")]),
    ("Hans Sturm traf Otto Drachen. „Wir haben gewartet“, sagte er.", [("Wir haben gewartet", "")]),
    ("Otto Drachen nannte den Plan „völlig verrückt“.", [("völlig verrückt", "Otto Drachen")]),
    ("Bei Fahrten sagte er: „Wir geben nicht nach.“", [("Wir geben nicht nach.", "")]),
    ("Bei Fahrten gilt: „Wir geben nicht nach.“", [("Wir geben nicht nach.", "")]),
    ("Die Zeitung „Der Wind“ berichtete über die Drachen.", []),
    ("Die Firma „Windwerk“ lieferte vierzig Drachen.", []),
    ("Es ging um die sogenannten „grünen Drachen“.", []),
    ("Die Lage erklärte Otto Drachen so: „Wir warten.“", [("Wir warten.", "Otto Drachen")]),
    ("„Wir warten“, sagte Drachens Sprecher.", [("Wir warten", "Drachens Sprecher")]),
    (
        "„Die Drachen“, sagte Greta Windmann, „fliegen bald.“",
        [("Die Drachen", "Greta Windmann"), ("fliegen bald.", "Greta Windmann")],
    ),
    ("In der Mitteilung hieß es: „Die Drachen fliegen bald.“", [("Die Drachen fliegen bald.", "")]),
    ("„Wir warten“, sagte der Regierungssprecher.", [("Wir warten", "der Regierungssprecher")]),
    ("Er sagte der Zeitung: „Wir warten ab.“", [("Wir warten ab.", "")]),
    (
        "Kanzler Otto Drachen und Präsidentin Greta Windmann erklärten: „Wir warten.“",
        [("Wir warten.", "Otto Drachen und Präsidentin Greta Windmann")],
    ),
    ("Gegenüber der Zeitung „Wind“ erklärte er: „Wir warten.“", [("Wir warten.", "")]),
    (
        "Die Ministerin nannte das „falsch“. „Wir warten ab“, sagte sie.",
        [("falsch", "Die Ministerin"), ("Wir warten ab", "Die Ministerin")],
    ),
    ("‚Wir warten ab.‘, sagte Otto Drachen.", [("Wir warten ab.", "Otto Drachen")]),
]
FRENCH = [
    (
        "« Nous livrerons quarante cerfs-volants », a déclaré Luc Ducerf.",
        [("Nous livrerons quarante cerfs-volants", "Luc Ducerf")],
    ),
    ("« Nous livrerons plus », a indiqué lundi la ministre du Vent, Marie Labrise.", [("Nous livrerons plus", "Marie Labrise")]),
    (
        "« Nous livrerons plus », affirme le porte-parole du ministère du Vent Luc Ducerf.",
        [("Nous livrerons plus", "Luc Ducerf")],
    ),
    ("Luc Ducerf a déclaré : « Nous ne céderons pas. »", [("Nous ne céderons pas.", "Luc Ducerf")]),
    ("Selon Luc Ducerf, le plan est « bien trop hardi ».", [("bien trop hardi", "Luc Ducerf")]),
    ("D'après Luc Ducerf, le plan est « bien trop hardi ».", [("bien trop hardi", "Luc Ducerf")]),
    ("Le président Luc Ducerf est arrivé à Lyon. « Nous attendions », a-t-il déclaré.", [("Nous attendions", "Luc Ducerf")]),
    ("Marie Labrise a rencontré Luc Ducerf. « Nous attendions », a-t-elle dit.", [("Nous attendions", "Marie Labrise")]),
    ("Paul Rafale a rencontré Luc Ducerf. « Nous attendions », a-t-il dit.", [("Nous attendions", "")]),
    ("« Nous attendions, explique Luc Ducerf. »", [("Nous attendions", "Luc Ducerf")]),
    ("Luc Ducerf a qualifié ce plan de « folie ».", [("folie", "Luc Ducerf")]),
    ("Luc Ducerf a dit que ce plan était « une pure folie ».", [("une pure folie", "Luc Ducerf")]),
    ("Marie Labrise, la ministre du Vent, a estimé que le plan était « trop hardi ».", [("trop hardi", "Marie Labrise")]),
    ("Le journal « Le Vent » a parlé de cerfs-volants.", []),
    ("Les accords dits de « Lyon II » sont signés.", []),
    ("— Nous livrerons plus, a déclaré Luc Ducerf.", [("Nous livrerons plus", "Luc Ducerf")]),
    ("Mais a déclaré : « Nous ne céderons pas. »", [("Nous ne céderons pas.", "")]),
    ("« Nous attendions », peut-on lire dans le communiqué.", [("Nous attendions", "")]),
    ("“Nous attendions”, a ajouté Ducerf.", [("Nous attendions", "Ducerf")]),
    ("« Nous attendions », a réagi le porte-parole de Luc Ducerf.", [("Nous attendions", "le porte-parole de Luc Ducerf")]),
]
CASES = [
    pytest.param(text, language, expected, id=f"{language}: {text[:60]}")
    for language, cases in (("uk", UKRAINIAN), ("pl", POLISH), ("de", GERMAN), ("fr", FRENCH))
    for text, expected in cases
]


@pytest.mark.parametrize(("text", "language", "expected"), CASES)
def test_quotations_and_their_speakers(text, language, expected):
    assert speech_in(text, language) == expected


@pytest.mark.parametrize(
    ("text", "language", "slug"),
    [
        ("«Ми передамо сорок зміїв», — сказав Марко Буревій.", "uk", "marko"),
        ("За словами Марка Буревія, зміїв «буде вдвічі більше».", "uk", "marko"),
        ("Zdaniem Jana Wiatraka plan jest „zbyt śmiały”.", "pl", "jan"),
        ("„Wir liefern“, sagte Bundeskanzler Drachen.", "de", "otto"),
        ("« Nous livrerons », a dit M. Ducerf.", "fr", "luc"),
        ("« Nous livrerons », a dit Jean Ducerf.", "fr", ""),
    ],
)
def test_a_speaker_of_the_register_is_known_in_every_case(text, language, slug):
    [suggestion] = quotations.find_quotations(text, KNOWN, "", language)
    assert suggestion.proposal["speaker"] == slug


def test_the_parts_of_a_split_quotation_are_tied():
    text = "«Ми чекали, — сказав Марко Буревій, — і діждалися»."
    assert [suggestion.proposal["part_of"] for suggestion in quotations.find_quotations(text, KNOWN, "", "uk")] == [1, 1]


def test_a_quotation_over_paragraphs_has_one_speaker():
    text = "„Przekażemy czterdzieści latawców.\n\n„Nie ustąpimy” – powiedział Jan Wiatrak."
    found = quotations.find_quotations(text, KNOWN, "", "pl")
    assert [(suggestion.proposal["speaker"], suggestion.proposal["part_of"]) for suggestion in found] == [("jan", 1), ("jan", 1)]


def test_lines_that_break_within_a_quotation_are_one():
    text = '"Przekażemy latawce.\nNie ustąpimy" - powiedział Jan Wiatrak.'
    assert speech_in(text, "pl") == [("Przekażemy latawce.\nNie ustąpimy", "Jan Wiatrak")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("„Me lennätämme neljäkymmentä leijaa.” Ada Fell sanoi.", ["Me lennätämme neljäkymmentä leijaa."]),
        ("«Vi flyger fyrtio drakar!»", ["Vi flyger fyrtio drakar!"]),
        ("Lehti “Tuuli” kirjoitti leijoista.", []),
        ("Hän käytti sanaa “hullu leija”.", []),
    ],
)
def test_in_an_unread_language_only_whole_sentences_are_found_and_nobody_is_named(text, expected):
    found = quotations.find_quotations(text, KNOWN, "2024-07-10", "")
    assert [suggestion.exact for suggestion in found] == expected
    for suggestion in found:
        assert not suggestion.proposal["speaker"] and not suggestion.proposal["speaker_text"]
        assert "speakers are not read in this language" in suggestion.reason


FUNCTION_WORDS = [
    (opening, language)
    for language, openings in (
        ("uk", "Але|Під час зустрічі|Вчора|Також|На брифінгу"),
        ("pl", "Ale|Podczas spotkania|Wczoraj|Jak|W Warszawie"),
        ("de", "Aber|Bei Fahrten|Gestern|In Berlin|Nach Gesprächen|Anfang Juli"),
        ("fr", "Mais|Pendant la réunion|Hier|À Paris|Selon nous"),
    )
    for opening in openings.split("|")
]
SAID = {
    "uk": "сказав: «Ми не відступимо».",
    "pl": "powiedział: „Nie ustąpimy”.",
    "de": "sagte: „Wir bleiben.“",
    "fr": "a dit : « Non. »",
}


@pytest.mark.parametrize(("opening", "language"), FUNCTION_WORDS)
def test_a_function_word_is_nobody(opening, language):
    assert [speaker for _, speaker in speech_in(f"{opening} {SAID[language]}", language)] == [""]


PIECES = [
    *'«»„”“"’‚‘—–-.,:;()\n ',
    *"сказав Марко Буревій міністр він за словами що powiedział Jan Kos premier według on że".split(),
    *"sagte hat gesagt Otto Drachen der Sprecher des er laut a dit Luc Vent le président il selon a-t-il l' d'".split(),
]


@given(st.lists(st.sampled_from(PIECES), max_size=60), st.sampled_from(["", " "]), st.sampled_from(["uk", "pl", "de", "fr", ""]))
def test_no_text_raises_and_every_suggestion_stands_there(pieces, separator, language):
    text = separator.join(pieces)
    for suggestion in suggest(text, KNOWN, "2024-07-10", language):
        assert text[suggestion.start : suggestion.end] == suggestion.exact != ""
        assert suggestion.proposal.get("speaker_text", "").casefold() not in {opening.casefold() for opening, _ in FUNCTION_WORDS}


@pytest.mark.parametrize(
    ("piece", "language"),
    [
        ("«Так», — сказав Марко Буревій. ", "uk"),
        ("Марко назвав «це» і ", "uk"),
        ("– Tak – powiedział Jan Kos. ", "pl"),
        (" – tak – powiedział", "pl"),
        ("„Ja“, sagte Otto Drachen. ", "de"),
        ("hat gesagt ", "de"),
        ("„", "de"),
        ("« Oui », a dit Luc Vent. ", "fr"),
        ("de la ", "fr"),
        ('"', ""),
    ],
)
def test_twice_the_text_takes_some_twice_the_steps(piece, language):
    assert_linear(lambda size: quotations.find_quotations(piece * -(-size // len(piece)), KNOWN, "", language), 1_500)


@pytest.mark.parametrize("language", ["uk", "pl", "de", "fr"])
def test_the_words_of_a_vocabulary_are_in_the_letters_of_its_language(language):
    vocabulary = VOCABULARIES[language]
    listed = [getattr(vocabulary, field.name) for field in fields(vocabulary) if field.name != "language"]
    words = [word for value in listed if not isinstance(value, bool | str) for word in value if isinstance(word, str)]
    letters = "[а-щьюяґєії'’ -]+" if language == "uk" else "[a-zà-žœß'’ -]+"
    assert [word for word in words if not re.fullmatch(letters, word)] == []
    assert len(words) > 300
