"""Names that the register does not know yet: people with their roles, bodies, places of work, events."""

from sources.suggestions import unknown_names
from sources.suggestions.known import Known

KNOWN = Known(
    [("Arcadia", "organisation", "arcadia"), ("Lakebridge", "organisation", "lakebridge"), ("Ada Fell", "person", "ada-fell")]
)


def found(text: str) -> list[tuple[str, str, str]]:
    suggestions = unknown_names.find_unknown_names(text, KNOWN)
    for suggestion in suggestions:
        assert text[suggestion.start : suggestion.end] == suggestion.exact
    return [
        (suggestion.proposal["name"], suggestion.proposal["entity_kind"], suggestion.proposal["role"])
        for suggestion in suggestions
    ]


A_NAME_IS_FOUND_WITH_ITS_KIND_AND_ROLE = [
    ("Foreign Minister Bruno Stolz came.", ("Bruno Stolz", "person", "Foreign Minister")),
    ("The kites flew, Polish Foreign Minister Bruno Stolz said.", ("Bruno Stolz", "person", "Polish Foreign Minister")),
    (
        "It answers to Gen. Carl G. Reed, the supreme kite commander in Arcadia.",
        ("Carl G. Reed", "person", "Gen., the supreme kite commander in Arcadia"),
    ),
    ("Dora Hill, a spokeswoman for the lakes, left.", ("Dora Hill", "person", "a spokeswoman for the lakes")),
    ("“So be it,” Dora Hill said.", ("Dora Hill", "person", "")),
    ("Secretary of State Dora Hill came.", ("Dora Hill", "person", "Secretary of State")),
    ("The talks were led by Dora van der Hill, who left.", ("Dora van der Hill", "person", "")),
    ("It asked the Ministry of Kites.", ("Ministry of Kites", "organisation", "")),
    ("It asked the Ministry of Kites and Cords.", ("Ministry of Kites and Cords", "organisation", "")),
    ("It joined the Arcadia Kite Contact Group.", ("Arcadia Kite Contact Group", "organisation", "")),
    ("as the Lakebridge Post wrote", ("Lakebridge Post", "organisation", "")),
    ("It landed at Harbour Airport.", ("Harbour Airport", "facility", "")),
    ("It left Harbour Air Base.", ("Harbour Air Base", "facility", "")),
    ("at the Lake Summit", ("Lake Summit", "event", "")),
    ("in the Kite\nSummit", ("Kite Summit", "event", "")),
    ("He wore a Golden Cord.", ("Golden Cord", "", "")),
]


def test_a_name_is_found_with_its_kind_and_role(subtests):
    for text, expected in A_NAME_IS_FOUND_WITH_ITS_KIND_AND_ROLE:
        with subtests.test(text=text, expected=expected):
            assert found(text) == [expected]


WHAT_IS_NO_NEW_NAME = [
    "Arcadia and Ada Fell met.",
    "Secretary-General Ada Fell spoke.",
    "The kites flew. They fell. However, it rained.",
    "On Monday, July 9, they met in June.",
    "CARLO PINTO/AFP; BRUNO STOLZ/AFP",
    "Foreign Ministers Will Meet In Harbourtown Next Month",
    "North America",
    "Prime Minister and Deputy Secretary General",
    "the American French talks",
    "Uncommon Wisdom\n\nThe kites flew.",
    "",
]


def test_what_is_no_new_name(subtests):
    for text in WHAT_IS_NO_NEW_NAME:
        with subtests.test(text=text):
            assert found(text) == []


def test_a_name_is_suggested_once_at_its_first_place():
    text = "Dora Hill came. Later Dora Hill said no."
    suggestion = unknown_names.find_unknown_names(text, KNOWN)[0]
    assert (suggestion.start, suggestion.proposal["entity_kind"]) == (0, "person")
    assert "occurs 2 times" in suggestion.reason
    assert len(unknown_names.find_unknown_names(text, KNOWN)) == 1
