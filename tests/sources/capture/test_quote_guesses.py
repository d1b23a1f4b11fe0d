"""Guesses of kind and speaker for a selected passage without quotation marks."""

import pytest

from entities.vocabulary import Fidelity, QuoteKind
from sources.capture.document_suggestions import guess_quote_details
from tests import world as make

TEXT = (
    "Arcadia pledged 40 kites. Tam Reed said that the kites are blue. He added that they fly well.\n\n"
    "The wind is strong, but Bo Vale wrote that it will slow.\n\n"
    "Kites will be sent by May. This was announced by Prime Minister Tam Reed.\n\n"
    "Tam Reed said that rain helps. Bo Vale said that it does not.\n"
)
REPORTED, NARRATION = QuoteKind.REPORTED_SPEECH, QuoteKind.NARRATION
PASSAGES = [
    ("Arcadia pledged 40 kites.", NARRATION, ""),
    ("Tam Reed said that the kites are blue.", REPORTED, "Tam Reed"),
    ("the kites are blue", REPORTED, "Tam Reed"),
    ("Tam Reed said that the kites are blue. He added that they fly well.", REPORTED, "Tam Reed"),
    ("The wind is strong", NARRATION, ""),
    ("it will slow", REPORTED, "Bo Vale"),
    ("Kites will be sent by May.", NARRATION, ""),
    ("Kites will be sent by May. This was announced by Prime Minister Tam Reed.", REPORTED, "Prime Minister Tam Reed"),
    ("Tam Reed said that rain helps. Bo Vale said that it does not.", NARRATION, ""),
]


@pytest.fixture
def document(db):
    return make.a_document("reported", TEXT, published_on="2024-07-12")


def test_a_passage_is_reported_speech_of_the_one_who_said_it(document):
    for words, kind, speaker in PASSAGES:
        start = TEXT.index(words)
        guess = guess_quote_details(document, start, start + len(words))
        assert (guess.kind, guess.speaker_text, guess.fidelity) == (kind, speaker, Fidelity.ORIGINAL), words


def test_a_translated_document_has_translated_words(document):
    document.translated_from = "uk"
    assert guess_quote_details(document, 0, 10).fidelity == Fidelity.TRANSLATION


def test_a_speaker_of_the_register_is_told_by_name_or_pronoun(document):
    tam = make.a_person("tam-reed", given_name="Tam", family_name="Reed")
    for words in ("the kites are blue", "they fly well"):
        guess = guess_quote_details(document, TEXT.index(words), TEXT.index(words) + len(words))
        assert (guess.speaker, guess.attribution, guess.new_speaker) == (tam.slug, "", None)
