"""Names within a sentence: with their article, and without the capital of a heading."""

import pytest

from entities.names_in_sentences import name_in_sentence


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Arcadia", "Arcadia"),
        ("United Kingdom", "the United Kingdom"),
        ("European Union", "the European Union"),
        ("Arcadian Kite Contact Group", "the Arcadian Kite Contact Group"),
        ("Fell administration", "the Fell administration"),
        ("NATO allies", "NATO allies"),
        ("Lake countries", "Lake countries"),
        ("NATO summit in Valleytown, 2023", "the NATO summit in Valleytown, 2023"),
        ("Fell's visit to the yard", "Fell's visit to the yard"),
        ("Creation of the kite yard", "the creation of the kite yard"),
        ("Working session of the lake meeting, 11 July", "the working session of the lake meeting, 11 July"),
        ("Warnings that kites will fall", "the warnings that kites will fall"),
        ("Reported Arcadian drills", "the reported Arcadian drills"),
        ("Existing U.S. group", "the existing U.S. group"),
        ("Joint kite-reading centre", "the joint kite-reading centre"),
        ("General who leads the yard", "the general who leads the yard"),
        ("Supreme Commander of Kites", "the Supreme Commander of Kites"),
        ("Steadfast Kite", "Steadfast Kite"),
        ("United States", "the United States"),
        ("Netherlands", "the Netherlands"),
        ("the mission", "the mission"),
        ("", ""),
    ],
)
def test_a_name_stands_in_a_sentence_as_english_has_it(name, words):
    assert name_in_sentence(name) == words
