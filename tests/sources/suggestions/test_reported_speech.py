"""Reported speech in invented sentences: the last sentence of each text says who said it, or is the writer's own."""

import pytest

from sources.suggestions.known import Known
from sources.suggestions.quotations import find_reported_sentences
from tests.steps import assert_linear

KNOWN = Known([("Ada Fell", "person", "ada")])
NARRATION = None
UNCLEAR = ""

ENGLISH = [
    (
        "Arcadia has sent 40 kites to Ruritania, Kite Minister Ada Fell wrote in a letter to the chamber.",
        "Kite Minister Ada Fell",
    ),
    ("Ada Fell left. Fell said in total the country had sent 40 kites.", "Fell"),
    ("Arcadia will buy 40 kites, according to Prime Minister Tam Reed.", "Prime Minister Tam Reed"),
    ("According to Reed, Arcadia is entering into an agreement with Ruritania.", "Reed"),
    ("Mr Tam Reed said kites would fly. He also added that Vane is preparing for a long winter.", "Mr Tam Reed"),
    ("More kites are on their way, Ada Fell said on Tuesday.", "Ada Fell"),
    ("More kites are on their way, said Ada Fell.", "Ada Fell"),
    ("The minister announced on Friday that kites would be sent.", "The minister"),
    ("Ada Fell told reporters that the kites had arrived.", "Ada Fell"),
    ("Tam Reed has indicated recently that the wind is slowing.", "Tam Reed"),
    ("Tam Reed confirmed the kites will be blue.", "Tam Reed"),
    ("The kites, said Ada Fell, were on their way.", "Ada Fell"),
    (
        "Kites fly. Prime Minister Tam Reed made this statement during a briefing.",
        "Prime Minister Tam Reed",
    ),
    ("Kites will be sent. This was announced by Prime Minister Tam Reed.", "Prime Minister Tam Reed"),
    ("The statement said that kites would be sent.", "The statement"),
    ("NATO said kites were on their way.", "NATO"),
    ("Fell has insisted that Arcadia take the chair for now, officials said.", "officials"),
    ("The wind, which is strong, will slow, according to officials briefed on the plan.", "officials briefed on the plan"),
    ("Arcadia pledged 10 million kites.", NARRATION),
    ("Prime Minister Tam Reed promised that Arcadia would send kites.", NARRATION),
    ("Arcadia has sent 40 kites to Ruritania.", NARRATION),
    ("Ada Fell announced a package of 40 kites that will be sent in May.", NARRATION),
    ("Ada Fell never said that kites would be sent.", NARRATION),
    ("If Fell says that kites fly, they fly.", NARRATION),
    ("The work was carried out according to plan.", NARRATION),
    ("The member states agreed that kites are useful.", NARRATION),
    ("Fell condemned the storm and thanked the clerks.", NARRATION),
    ("After Fell said that kites were ready, Ruritania ordered 40.", NARRATION),
    ("Kites are said to be fast.", NARRATION),
    ("Ada Fell, who said that kites were ready, left for Harbourton.", NARRATION),
    ("The minister said nothing.", NARRATION),
    ("Mr. Prime Minister, you said that kites are a private matter.", NARRATION),
]
UKRAINIAN = [
    ("За словами британського прем'єра, допомога розрахована на рік.", "британського прем'єра"),
    ("Зміїв буде більше. Про це заявив прем'єр-міністр Аркадії Остап Вітровий.", "Остап Вітровий"),
    ("Марко Буревій повідомив, що зміїв буде більше.", "Марко Буревій"),
    ("Зміїв буде більше, повідомив міністр вітру Остап Вітровий.", "Остап Вітровий"),
    ("Зміїв буде вдвічі більше, – зазначив Марко Буревій у вівторок.", "Марко Буревій"),
    ("Як повідомив міністр Остап Вітровий, зміїв буде більше.", "Остап Вітровий"),
    ("Президент Марко Буревій прибув до Києва. Він зазначив, що зміїв буде більше.", "Марко Буревій"),
    ("За даними Вітряного інституту, зміїв буде більше.", "Вітряного інституту"),
    ("Марко Буревій наголосив: зміїв буде більше.", "Марко Буревій"),
    ("У Міноборони заявили, що змії вже летять.", "Міноборони"),
    ("Марко Буревій пообіцяв, що Аркадія передасть змії.", NARRATION),
    ("Аркадія пообіцяла Україні сорок зміїв.", NARRATION),
    ("Марко Буревій подякував за змії, що прибули у травні.", NARRATION),
    ("Уряд оголосив тендер на сорок зміїв.", NARRATION),
    ("Аркадія передала Україні сорок зміїв.", NARRATION),
]
POLISH = [
    ("Premier Jan Wiatrak zapowiedział, że latawców będzie więcej.", "Jan Wiatrak"),
    ("Latawców będzie więcej - poinformował minister Jan Wiatrak.", "Jan Wiatrak"),
    ("Latawców będzie więcej, powiedział Jan Wiatrak w Warszawie.", "Jan Wiatrak"),
    ("Latawców będzie więcej. O tym poinformował minister Jan Wiatrak.", "Jan Wiatrak"),
    ("Jak poinformował minister Jan Wiatrak, latawców będzie więcej.", "Jan Wiatrak"),
    ("Zdaniem ministra, będzie więcej latawców.", "ministra"),
    ("Prezydent Jan Wiatrak przybył do Kijowa. Dodał także, że latawców będzie więcej.", "Jan Wiatrak"),
    ("Dodał, że latawców będzie więcej.", UNCLEAR),
    ("Premier Jan Wiatrak obiecał Ukrainie 10 mld koron pomocy.", NARRATION),
    ("Premier Jan Wiatrak obiecał, że latawce dotrą w maju.", NARRATION),
    ("Prezydent podziękował premierowi za wsparcie.", NARRATION),
    ("Minister ogłosił przetarg na 40 latawców.", NARRATION),
    ("Polska wysłała Ukrainie 40 latawców.", NARRATION),
]
GERMAN = [
    ("Damit sollen Drachen finanziert werden, erklärte Otto Drachen am Donnerstag in Kiel.", "Otto Drachen"),
    ("Es kommen mehr Drachen. Das teilte der Minister mit.", "der Minister"),
    ("Minister Otto Drachen sagte am Montag, dass mehr Drachen kommen.", "Otto Drachen"),
    ("Das Ministerium sagte, die Lieferung sei auf dem Weg.", "Das Ministerium"),
    ("Otto Drachen kam nach Kiel. Er sagte, er habe mehr Drachen bestellt.", "Otto Drachen"),
    ("Laut Minister Otto Drachen kommen mehr Drachen.", "Otto Drachen"),
    ("Laut dem Kieler Institut kommen mehr Drachen.", "dem Kieler Institut"),
    ("Wie die Agentur Windpost berichtet, kommen mehr Drachen.", "die Agentur Windpost"),
    ("Es kommen, so der Minister, mehr Drachen.", "der Minister"),
    ("Wie der Minister mit Blick auf Kiel sagte, kommen mehr Drachen.", NARRATION),
    ("Wie der Minister sagte, kommen mehr Drachen.", "der Minister"),
    ("Otto Drachen versprach, dass mehr Drachen kommen.", NARRATION),
    ("Norwegen sagte der Ukraine zehn Milliarden Kronen zu.", NARRATION),
    ("Im Jahr 2007 erklärte die Regierung ihn zum Helden.", NARRATION),
    ("Otto Drachen hofft, dass mehr Drachen kommen.", NARRATION),
    ("Deutschland schickte vierzig Drachen.", NARRATION),
]
FRENCH = [
    ("Selon le ministre, les cerfs-volants sont en route.", "le ministre"),
    ("Le ministre Luc Ducerf a déclaré que les cerfs-volants sont en route.", "Luc Ducerf"),
    ("Les cerfs-volants sont en route, a indiqué mardi Luc Ducerf.", "Luc Ducerf"),
    ("Les cerfs-volants sont en route, a-t-il ajouté.", UNCLEAR),
    ("D'après l'institut de Kiel, le vent tombe.", "l'institut de Kiel"),
    ("D'après Luc Ducerf, le vent tombe.", "Luc Ducerf"),
    ("Comme l'a annoncé Luc Ducerf, le vent tombe.", "Luc Ducerf"),
    ("Le ministère assure que le vent tombe.", "Le ministère"),
    ("Le ministre Luc Ducerf a promis que les cerfs-volants arriveront.", NARRATION),
    ("La France a promis dix millions d'euros à l'Ukraine.", NARRATION),
    ("Le ministre a annoncé une aide que le parlement attendait.", NARRATION),
    ("Luc Ducerf a salué les pilotes qui sont arrivés.", NARRATION),
    ("La France a envoyé quarante cerfs-volants.", NARRATION),
]
LANGUAGES = {"en": ENGLISH, "uk": UKRAINIAN, "pl": POLISH, "de": GERMAN, "fr": FRENCH}
CASES = [(language, *case) for language, cases in LANGUAGES.items() for case in cases]


@pytest.mark.parametrize(("language", "text", "speaker"), CASES)
def test_a_sentence_is_reported_speech_only_if_it_says_so(language, text, speaker):
    reported = find_reported_sentences(text, KNOWN, "2024-07-12", language)
    last = [sentence.speaker.words for sentence in reported if sentence.end >= len(text) - 1]
    assert last == ([] if speaker is NARRATION else [speaker])


def test_a_speaker_of_the_register_and_the_day_are_told():
    [sentence] = find_reported_sentences("More kites will come, Ada Fell said on Tuesday.", KNOWN, "2024-07-12", "en")
    assert (sentence.speaker.slug, sentence.said_on[0], sentence.is_named_last) == ("ada", "2024-07-09", True)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Kites will come by the end of 2025, Ada Fell said."),
        ("en", "Kites will come until August, Ada Fell said."),
        ("de", "Die Drachen kommen bis Ende 2025, sagte Ada Fell."),
        ("pl", "Latawce przyjadą do końca 2025 r., powiedziała Ada Fell."),
        ("uk", "Змії прибудуть до кінця 2025 року, сказала Ада Фелл."),
        ("fr", "Les cerfs-volants arriveront d’ici fin 2025, a déclaré Ada Fell."),
    ],
)
def test_the_day_by_which_something_is_to_be_done_is_not_the_day_of_the_words(language, text):
    assert [sentence.said_on for sentence in find_reported_sentences(text, KNOWN, "2024-07-12", language)] == [("", "")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_reading_takes_linear_time(language):
    text = LANGUAGES[language][0][0]
    assert_linear(lambda size: find_reported_sentences("\n\n".join([text] * size), KNOWN, "2024-07-12", language), 40)
