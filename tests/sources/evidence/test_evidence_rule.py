"""The one rule of evidence: which stated values, decisions and citations it lets through, and what it says of the others."""

from types import SimpleNamespace

import pytest

from entities.citable_fields import EvidenceClass, class_of_name, evidence_class
from entities.field_values import FieldValue
from entities.vocabulary import NameKind, NameOrigin
from sources.evidence.as_stated_reading import group_by_bare_name
from sources.evidence.evidence_rule import find_evidence_problems, supporting_citations
from sources.evidence.statement_comparison import Statement
from sources.evidence.statements import FieldEvidence

RECORDS = group_by_bare_name(
    [
        ("Arcadia", "organisation", "arcadia"),
        ("Ruritania", "organisation", "ruritania"),
        ("Ruritania", "facility", "ruritania-camp"),
    ]
)


def a_citation(value, polarity="affirms", *, as_stated="words that nobody reads", note=None, verification="text", **document):
    """A citation of a quote, none of them saved. Unless a note is given, it names the value."""
    quote = SimpleNamespace(
        slug="courier-q01",
        verification=verification,
        document=SimpleNamespace(**{"published_on": "2024-07-10", "language": "en"} | document),
    )
    note = f"As told: {value}." if note is None else note
    return SimpleNamespace(value=value, polarity=polarity, as_stated=as_stated, note=note, quote=quote)


def affirms(value, **words):
    return a_citation(value, **words)


def denies(value, **words):
    return a_citation(value, "denies", **words)


def failed(value):
    return a_citation(value, verification="failed")


def decides(*statement, on="2024-08-01", judged=("pledge", "plan", "hope"), number=1):
    """A resolution for a statement, or for none, that judged these values."""
    return SimpleNamespace(
        decides_for=Statement(*statement).as_json() if statement else None,
        settles=[Statement(value, polarity).as_json() for value in judged for polarity in ("affirms", "denies")],
        verdict="changed_over_time" if statement else "disputed",
        decided_on=on,
        pk=number,
    )


def said(kind, field, values, *evidence, **publisher):
    """What the rule says of a field with `values` and of its citations and resolutions: value and message of each problem."""
    citations = [row for row in evidence if hasattr(row, "polarity")]
    for citation in citations:
        citation.field = field
    resolutions = [row for row in evidence if not hasattr(row, "polarity")]
    stated = [FieldValue(field, value, evidence_class(kind, field)) for value in values]
    by_field = {field: FieldEvidence(kind, field, citations, resolutions)} if evidence else {}
    problems = find_evidence_problems(kind, stated, by_field, records_by_name=RECORDS, **publisher)
    assert {problem.field for problem in problems} <= {field}
    return [(problem.value, problem.message) for problem in problems]


# Values

BORNE_OUT = [
    # Equal as the field takes it.
    ("commitment", "nature", "pledge", [affirms("pledge")]),
    ("organisation", "measures.staff", "about 700 person", [affirms("about 700.00 person")]),
    ("person", "name", "Ada Fell", [affirms("ADA  Fell")]),
    ("commitment", "milestones.agreed", "agreed 2024-07", [affirms("agreed 2024-07")]),
    ("relation", "relation", "planned: arcadia part-of ruritania", [affirms("planned: arcadia part-of ruritania")]),
    # One that affirms it is enough, whatever others say.
    ("commitment", "nature", "pledge", [affirms("plan"), denies("pledge"), affirms("pledge")]),
    ("commitment", "nature", "pledge", [failed("pledge"), affirms("pledge")]),
    # A quote that was not checked yet is checked when it is published.
    ("commitment", "nature", "pledge", [affirms("pledge", verification="unverified")]),
    ("commitment", "nature", "pledge", [affirms("pledge", verification="fingerprint")]),
]


@pytest.mark.parametrize(("kind", "field", "value", "citations"), BORNE_OUT)
def test_a_value_that_a_verified_citation_affirms_is_borne_out(kind, field, value, citations):
    assert said(kind, field, [value], *citations) == []


NOT_BORNE_OUT = [
    ("commitment", "nature", "pledge", [], "is “pledge”, which no verified citation states: it has no citation"),
    (
        "commitment",
        "nature",
        "pledge",
        [affirms("plan"), affirms("hope"), affirms("plan")],
        "is “pledge”, which no verified citation states: its citations say “plan” and “hope”",
    ),
    # Compatible is not equal: neither a qualifier nor a day is the register's to add or drop.
    (
        "organisation",
        "measures.staff",
        "700 person",
        [affirms("about 700 person")],
        "is “700 persons”, which no verified citation states: its citations say “about 700 persons”",
    ),
    (
        "organisation",
        "measures.staff",
        "700 person as of 2024-07",
        [affirms("700 person")],
        "is “700 persons, as of July 2024”, which no verified citation states: its citations say “700 persons”",
    ),
    (
        "commitment",
        "measures.kites",
        "delivered: 40 kite",
        [affirms("40 kite")],
        "is “delivered: 40 kites”, which no verified citation states: its citations say “40 kites”",
    ),
    (
        "event",
        "start",
        "2024-07-09",
        [affirms("2024-07")],
        "is “9 July 2024”, which no verified citation states: its citations say “July 2024”",
    ),
    (
        "commitment",
        "milestones.agreed",
        "agreed 2024-07-09",
        [affirms("agreed")],
        "is “agreed, 9 July 2024”, which no verified citation states: its citations say “agreed”",
    ),
    (
        "relation",
        "start",
        "2024",
        [affirms("2023")],
        "is “2024”, which no verified citation states: its citations say “2023”",
    ),
    # Slugs are compared to the letter.
    (
        "commitment",
        "beneficiary",
        "ruritania",
        [affirms("Ruritania")],
        "is “ruritania”, which no verified citation states: its citations say “Ruritania”",
    ),
    (
        "commitment",
        "nature",
        "pledge",
        [failed("pledge")],
        "is “pledge”, which no verified citation states: its citations say “pledge” (not verified)",
    ),
    (
        "commitment",
        "nature",
        "pledge",
        [denies("pledge")],
        "is “pledge”, which no verified citation states: its citations deny “pledge”",
    ),
    (
        "commitment",
        "nature",
        "pledge",
        [denies("pledge"), affirms("plan")],
        "is “pledge”, which no verified citation states: its citations say “plan” and deny “pledge”",
    ),
]


@pytest.mark.parametrize(("kind", "field", "value", "citations", "message"), NOT_BORNE_OUT)
def test_a_value_that_none_affirms_is_told_with_what_they_say(kind, field, value, citations, message):
    assert said(kind, field, [value], *citations) == [(value, message)]


def test_an_empty_field_needs_no_evidence_and_may_have_some():
    assert said("event", "end", []) == []
    assert said("event", "end", [], affirms("2024-07-11")) == []


def test_each_field_is_judged_by_its_own_evidence():
    values = [FieldValue("start", "2024-07-09"), FieldValue("end", "2024-07-11")]
    start = a_citation("2024-07-09")
    start.field = "start"
    problems = find_evidence_problems("event", values, {"start": FieldEvidence("event", "start", [start])})
    assert [(problem.field, problem.value) for problem in problems] == [("end", "2024-07-11")]


# Resolutions


BOTH = (affirms("pledge"), affirms("plan"))
DENIED = (affirms("pledge"), denies("pledge"))
FOR_ANOTHER = "is “pledge”, but the resolution of 1 August 2024 decides for “plan”"
FOR_A_DENIAL = "is “pledge”, which the resolution of 1 August 2024 decides to be denied"
NOBODY_STATES = "is “hope”, which no verified citation states: its citations say “pledge” and “plan”"

DECISIONS = [
    # For it, or for none: the citations bear it out.
    ("pledge", [*BOTH, decides("pledge")], None),
    ("pledge", [*BOTH, decides()], None),
    ("pledge", [*DENIED, decides("pledge")], None),
    # For it, though no quote of it is verified.
    ("pledge", [failed("pledge"), affirms("plan"), decides("pledge")], None),
    # For another, though citations affirm it.
    ("pledge", [*BOTH, decides("plan")], FOR_ANOTHER),
    ("pledge", [*BOTH, decides("plan", on="2024-08")], FOR_ANOTHER.replace("1 August", "August")),
    ("hope", [*BOTH, decides("plan")], FOR_ANOTHER.replace("pledge", "hope")),
    ("plan", [*BOTH, decides("plan")], None),
    # For a denial: of it, or of something else.
    ("pledge", [*DENIED, decides("pledge", "denies")], FOR_A_DENIAL),
    ("pledge", [*BOTH, denies("plan"), decides("plan", "denies")], None),
    ("hope", [*BOTH, denies("plan"), decides("plan", "denies")], NOBODY_STATES + " and deny “plan”"),
    # None stands for a statement that it did not judge.
    ("pledge", [*BOTH, decides("plan", judged=("pledge",))], None),
    ("hope", [*BOTH, decides("hope", judged=("hope", "plan"))], NOBODY_STATES),
    # The newest stands.
    ("pledge", [*BOTH, decides("plan"), decides("pledge", on="2024-09", number=2)], None),
    ("pledge", [*BOTH, decides("pledge"), decides("plan", number=2)], FOR_ANOTHER),
]


@pytest.mark.parametrize(("value", "evidence", "message"), DECISIONS)
def test_a_value_is_what_the_standing_resolution_decides_for(value, evidence, message):
    assert said("commitment", "nature", [value], *evidence) == ([(value, message)] if message else [])


def test_a_field_without_the_value_that_a_resolution_decides_for_lacks_it():
    both = affirms("2024-07-11"), affirms("2024-07-12")
    days = ("2024-07-11", "2024-07-12")
    assert said("event", "end", [], *both, decides("2024-07-12", judged=days)) == [
        ("", "lacks “12 July 2024”, for which the resolution of 1 August 2024 decides")
    ]
    assert said("event", "end", [], *both, denies("2024-07-12"), decides("2024-07-12", "denies", judged=days)) == []


# Many-valued fields


def test_each_of_many_values_needs_a_citation_of_its_own():
    jtac, centre = affirms("JTAC"), affirms("Joint Centre")
    assert said("organisation", "names", ["JTAC", "Joint Centre"], jtac, centre) == []
    assert said("organisation", "names", ["JTAC", "Joint Centre"], jtac) == [
        ("Joint Centre", "is “Joint Centre”, which no verified citation states: its citations say “JTAC”")
    ]
    assert said("commitment", "committed_by", ["arcadia", "ruritania"], affirms("arcadia"), denies("ruritania")) == [
        ("ruritania", "is “ruritania”, which no verified citation states: its citations say “arcadia” and deny “ruritania”")
    ]


def test_a_resolution_about_one_of_many_values_decides_on_that_alone():
    names = ("JTAC", "Joint Centre")
    contested = affirms("JTAC"), denies("JTAC"), affirms("Joint Centre")
    judged = {"judged": ("JTAC",)}
    assert said("organisation", "names", names, *contested, decides("JTAC", **judged)) == []
    assert said("organisation", "names", names, *contested, decides("jtac", **judged)) == []
    assert said("organisation", "names", names, *contested, decides("JTAC", "denies", **judged)) == [
        ("JTAC", "is “JTAC”, which the resolution of 1 August 2024 decides to be denied")
    ]
    assert said("organisation", "names", ["Joint Centre"], *contested, decides("JTAC", "denies", **judged)) == []
    assert said("organisation", "names", ["Joint Centre"], *contested, decides("JTAC", **judged)) == [
        ("", "lacks “JTAC”, for which the resolution of 1 August 2024 decides")
    ]
    assert said("organisation", "names", [*names, "The Yard"], *contested, decides("JTAC", **judged)) == [
        (
            "The Yard",
            "is “The Yard”, which no verified citation states: its citations say “JTAC” and “Joint Centre” and deny “JTAC”",
        )
    ]


# Classes of fields


@pytest.mark.parametrize(
    ("name_kind", "origin", "needs"),
    [
        (NameKind.OFFICIAL, NameOrigin.SOURCES, True),
        (NameKind.ACRONYM, NameOrigin.SOURCES, True),
        (NameKind.ACRONYM, NameOrigin.OUTSIDE, False),
        (NameKind.MENTION, NameOrigin.SOURCES, False),
        (NameKind.MENTION, NameOrigin.OUTSIDE, False),
    ],
)
def test_neither_a_mention_nor_a_name_from_outside_needs_evidence(name_kind, origin, needs):
    name = FieldValue("names", "JTAC", class_of_name(name_kind, origin))
    assert len(find_evidence_problems("organisation", [name], {})) == needs


@pytest.mark.parametrize(
    ("kind", "field", "value", "needed"),
    [
        ("organisation", "type", "state", EvidenceClass.ASSESSED),
        ("facility", "condition", "planned", EvidenceClass.ASSESSED),
        ("commitment", "category", "equipment", EvidenceClass.ASSESSED),
        ("commitment", "summary", "Forty kites.", EvidenceClass.OWN_WORDS),
        ("commitment", "name", "Forty kites", EvidenceClass.OWN_WORDS),
        ("event", "name", "Lake Meeting", EvidenceClass.OWN_WORDS),
        ("facility", "latitude", "53.1", EvidenceClass.OUTSIDE),
        ("event", "longitude", "10.47", EvidenceClass.OUTSIDE),
        ("person", "identifiers", "wikidata:Q1", EvidenceClass.OUTSIDE),
    ],
)
def test_fields_that_are_not_stated_need_no_evidence_and_their_citations_no_words(kind, field, value, needed):
    assert evidence_class(kind, field) == needed
    assert said(kind, field, [value]) == []
    assert said(kind, field, [value], affirms("another", as_stated=""), decides("another", judged=("another",))) == []


def test_the_name_of_a_publisher_rests_on_its_documents():
    unstated = "is “Courier”, which no verified citation states: it has no citation"
    assert said("organisation", "name", ["Courier"]) == [("Courier", unstated)]
    assert said("organisation", "name", ["Courier"], is_publisher=True) == []
    assert said("organisation", "name", ["Courier"], affirms("The Herald"), is_publisher=True) == []
    # Nothing else of it does.
    assert said("organisation", "names", ["Courier"], is_publisher=True) == [("Courier", unstated)]
    assert said("organisation", "name", ["Courier"], affirms("Courier", as_stated=""), is_publisher=True) == [
        ("", "is cited from quote courier-q01 for “Courier” without the source's words: fill them in")
    ]


# Words of the source


@pytest.mark.parametrize("citation", [affirms("pledge", as_stated=""), denies("plan", as_stated="")])
def test_a_citation_of_a_stated_field_needs_the_source_s_words(citation):
    message = f"is cited from quote courier-q01 for “{citation.value}” without the source's words: fill them in"
    assert said("commitment", "nature", ["pledge"], affirms("pledge"), citation) == [("", message)]


READ_OTHERWISE = [
    ("commitment", "measures.kites", "41 kite", "forty kites", "“41 kites”, but “forty kites” reads “40 kites”"),
    ("commitment", "measures.kites", "40 kite", "about 40 kites", "“40 kites”, but “about 40 kites” reads “about 40 kites”"),
    ("commitment", "measures.aid", "40 USD", "€40", "“$40”, but “€40” reads “€40”"),
    ("event", "start", "2025-07-09", "on July 9, 2024", "“9 July 2025”, but “on July 9, 2024” reads “9 July 2024”"),
    ("event", "start", "2024-07-09", "in July 2024", "“9 July 2024”, but “in July 2024” reads “July 2024”"),
    ("commitment", "due", "2026", "next year", "“2026”, but “next year” reads “2025”"),
    ("commitment", "milestones.agreed", "agreed 2024-07-08", "on Tuesday", "“agreed, 8 July 2024”, but “on Tuesday” reads"),
    ("organisation", "name", "Kite Command", "the command", "“Kite Command”, but the source says “the command”"),
    ("person", "family_name", "Hill", "Ada Fell", "“Hill”, but the source says “Ada Fell”"),
    ("facility", "locality", "Harbourton", "Valleytown", "“Harbourton”, but the source says “Valleytown”"),
    ("commitment", "beneficiary", "arcadia", "Ruritania", "“arcadia”, but “Ruritania” reads “ruritania”"),
    ("commitment", "committed_by", "arcadia", "the Ruritania’s", "“arcadia”, but “the Ruritania’s” reads “ruritania”"),
    ("post", "organisation", "kite-command", "Arcadia’s", "“kite-command”, but “Arcadia’s” reads “arcadia”"),
]


@pytest.mark.parametrize(("kind", "field", "value", "words", "message"), READ_OTHERWISE)
def test_words_that_say_another_value_need_a_note_that_names_it(kind, field, value, words, message):
    """Nobody gets past the rule by changing both the value and its citation."""
    [(problem, text)] = said(kind, field, [value], affirms(value, as_stated=words, note=""))
    assert problem == "" and text.startswith(f"is cited from quote courier-q01 for {message}")
    assert text.endswith(": correct the value, or name it in the note and say why")
    assert said(kind, field, [value], affirms(value, as_stated=words, note="A slip of the paper.")) == [("", text)]
    assert said(kind, field, [value], affirms(value, as_stated=words, note=f"The paper meant {value}, a slip.")) == []
    # A denial is of the value that the words name.
    assert len(said(kind, field, [value], affirms(value), denies(value, as_stated=words, note=""))) == 1


NAMED = [
    # As it is stored, and in the words of any page.
    ("commitment", "measures.aid", "40000000000 USD", "€40 billion", "In fact 40000000000 USD.", True),
    ("commitment", "measures.aid", "40000000000 USD", "€40 billion", "In fact $40,000,000,000.", True),
    ("commitment", "measures.aid", "40000000000 USD", "€40 billion", "In fact $40 billion.", True),
    ("commitment", "measures.aid", "40000000000 USD", "€40 billion", "It meant dollars.", False),
    ("event", "start", "2024-07-08", "on Tuesday", "The Tuesday before: 2024-07-08.", True),
    ("event", "start", "2024-07-08", "on Tuesday", "The Tuesday before: 8 July 2024.", True),
    ("event", "start", "2024-07-08", "on Tuesday", "The Tuesday before.", False),
    ("organisation", "name", "Kite Command", "the command", "That is KITE\ncommand.", True),
    # The amount or day alone, as only that was read.
    ("commitment", "measures.kites", "delivered: 41 kite as of 2024", "forty kites", "41 kites, as it corrected itself.", True),
    ("commitment", "measures.kites", "delivered: 41 kite as of 2024", "forty kites", "As of 2024.", False),
    ("commitment", "milestones.agreed", "agreed 2024-07-08", "on Tuesday", "The Tuesday before, 8 July 2024.", True),
    ("commitment", "milestones.agreed", "agreed 2024-07-08", "on Tuesday", "The Tuesday before, 2024-07-08.", True),
    ("commitment", "milestones.agreed", "agreed 2024-07-08", "on Tuesday", "When they agreed.", False),
    ("post", "organisation", "kite-command", "Arcadia’s", "Arcadia stands for its kite command.", True),
    ("post", "organisation", "kite-command", "Arcadia’s", "Arcadia stands for the command.", False),
    # In whole words.
    ("commitment", "measures.kites", "1 kite", "forty kites", "41 kites and a boat.", False),
    ("person", "family_name", "Hill", "Ada Fell", "Uphill.", False),
]


@pytest.mark.parametrize(("kind", "field", "value", "words", "note", "names_it"), NAMED)
def test_a_note_may_name_the_value_in_any_of_its_forms(kind, field, value, words, note, names_it):
    problems = said(kind, field, [value], affirms(value, as_stated=words, note=note))
    assert len(problems) == (0 if names_it else 1)


READ_ALIKE_OR_NOT_WHOLLY = [
    ("commitment", "measures.kites", "40 kite", "forty kites"),
    ("commitment", "measures.kites", "41 kite", "forty kites, no more and no less"),
    ("commitment", "measures.kites", "41 kite", "forty kites and a boat"),
    ("event", "start", "2024-07-09", "on Tuesday"),
    ("event", "start", "2024-07", "July 9, 2024"),
    ("event", "start", "2023", "after July 9, 2024, when they met"),
    ("organisation", "name", "Kite Command", "the “Kite Command”"),
    ("commitment", "beneficiary", "ruritania", "the Ruritania"),
    ("commitment", "beneficiary", "arcadia", "our southern neighbours"),
    ("commitment", "facility", "ruritania-camp", "Ruritania"),
    ("commitment", "nature", "plan", "We pledge"),
]


@pytest.mark.parametrize(("kind", "field", "value", "words"), READ_ALIKE_OR_NOT_WHOLLY)
def test_words_that_say_the_value_or_are_not_wholly_understood_need_none(kind, field, value, words):
    assert said(kind, field, [value], affirms(value, as_stated=words, note="")) == []


def test_the_day_and_language_of_the_document_tell_how_to_read_its_words():
    tuesday = {"as_stated": "on Tuesday", "note": ""}
    assert said("event", "start", ["2024-07-02"], affirms("2024-07-02", published_on="2024-07-03", **tuesday)) == []
    assert len(said("event", "start", ["2024-07-02"], affirms("2024-07-02", published_on="2024-07-10", **tuesday))) == 1
    assert said("event", "start", ["2024-07-02"], affirms("2024-07-02", published_on="", **tuesday)) == []
    assert said("event", "start", ["2024-07-02"], affirms("2024-07-02", language="pl", **tuesday)) == []


# Support


def test_support_is_every_citation_that_affirms_the_value_verified_or_not():
    citations = [affirms("pledge"), failed("pledge"), denies("pledge"), affirms("plan")]
    evidence = FieldEvidence("commitment", "nature", citations)
    assert supporting_citations("commitment", "nature", "pledge", evidence) == citations[:2]
    assert supporting_citations("commitment", "nature", "pledge", None) == []
