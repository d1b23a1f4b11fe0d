"""Mentions of known records: which record, which words, and how sure."""

import pytest

from sources.suggestions import mentions
from sources.suggestions.known import Known

KNOWN = Known(
    [
        ("Arcadia", "organisation", "arcadia"),
        ("ARC", "organisation", "arcadia"),
        ("Bank of Arcadia", "organisation", "bank"),
        ("Lakebridge", "organisation", "lakebridge"),
        ("Kite Group", "organisation", "kite-group"),
        ("kite group", "organisation", "kite-group"),
        ("mission", "organisation", "kite-group"),
        ("Kite Yard", "facility", "kite-yard"),
        ("Kite Yard", "organisation", "kite-yard-company"),
        ("Ada Fell", "person", "ada-fell"),
        ("Bruno Stolz", "person", "bruno-stolz"),
        ("Carla Stolz", "person", "carla-stolz"),
        ("Oleh Vyshnyvetskyy", "person", "vyshnyvetskyy"),
        ("Vyshnyvetsky", "person", "vyshnyvetskyy"),
        ("Theresa May", "person", "may"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    suggestions = mentions.find_mentions(text, KNOWN)
    for suggestion in suggestions:
        assert text[suggestion.start : suggestion.end] == suggestion.exact
    return [(suggestion.exact, suggestion.proposal["entity"]) for suggestion in suggestions]


MENTIONS_OF_KNOWN_RECORDS = [
    ("Arcadia's kites and the ARC.", [("Arcadia", "arcadia"), ("ARC", "arcadia")]),
    ("An arc over Arcadian hills.", []),
    ("The Bank of Arcadia lends to Arcadia.", [("Bank of Arcadia", "bank"), ("Arcadia", "arcadia")]),
    ("Ada Fell came. Fell spoke.", [("Ada Fell", "ada-fell"), ("Fell", "ada-fell")]),
    ("Fell spoke. Ada Fell came.", [("Fell", "ada-fell"), ("Ada Fell", "ada-fell")]),
    ("Minister Fell fell.", [("Fell", "ada-fell")]),
    ("Fell walls were felled; he fell.", []),
    ("Karl Fell came.", []),
    ("Fell Street", []),
    ("Bruno Stolz came. Stolz spoke.", [("Bruno Stolz", "bruno-stolz"), ("Stolz", "bruno-stolz")]),
    ("Oleh Vyshnyvetsky came.", [("Oleh Vyshnyvetsky", "vyshnyvetskyy")]),
    ("President Vyshnyvetskiy came.", [("Vyshnyvetskiy", "vyshnyvetskyy")]),
    ("On May 5 it met.", []),
    ("Prime Minister May spoke.", [("May", "may")]),
    ("The mission of the kite group.", [("kite group", "kite-group")]),
    ("The Lakebridge Post wrote.", []),
    ("ARCADIA AND LAKEBRIDGE AGREE AT LAST", [("ARCADIA", "arcadia"), ("LAKEBRIDGE", "lakebridge")]),
]


def test_mentions_of_known_records(subtests):
    for text, expected in MENTIONS_OF_KNOWN_RECORDS:
        with subtests.test(text=text, expected=expected):
            assert found(text) == expected


@pytest.mark.parametrize(
    "text",
    ["It joined the Arcadia Defence Cooperation Circle.", "It left New Arcadia.", "the Arcadia Live Report"],
)
def test_a_name_within_a_longer_unknown_one_scores_low(text):
    assert [suggestion.score for suggestion in mentions.find_mentions(text, KNOWN)] == [0.2]


@pytest.mark.parametrize(
    "text", ["On Friday Arcadia met.", "Arcadia Prime Minister Ada Fell", "Yet Arcadia met.", "Fell's Arcadia"]
)
def test_a_name_beside_a_title_or_a_day_does_not(text):
    assert [suggestion.score for suggestion in mentions.find_mentions(text, KNOWN) if suggestion.exact == "Arcadia"] == [0.95]


def test_a_name_of_two_records_names_the_other():
    suggestion = mentions.find_mentions("at Kite Yard", KNOWN)[0]
    assert (suggestion.proposal["entity"], suggestion.proposal["others"]) == ("kite-yard", ["kite-yard-company"])
    assert suggestion.reason == "2 records have this name"


def test_a_family_name_of_two_people_names_both_unless_one_is_named_in_full():
    alone = mentions.find_mentions("Stolz spoke.", KNOWN)[0]
    assert (alone.proposal["entity"], alone.proposal["others"], alone.score) == ("bruno-stolz", ["carla-stolz"], 0.5)
    last = mentions.find_mentions("Carla Stolz came. Stolz spoke.", KNOWN)[1]
    assert (last.proposal["entity"], last.proposal["others"]) == ("carla-stolz", [])


def test_what_a_mention_proposes():
    suggestion = mentions.find_mentions("the ARC", KNOWN)[0]
    assert suggestion.proposal == {"entity": "arcadia", "entity_kind": "organisation", "name": "ARC", "others": []}
    assert suggestion.rule == "mentions/1"
