"""Sentences of relations are correct English by number, tense and modality, and say no more than the register holds."""

import pytest

from entities.relation_facts import RelationFact, relation_fact_or_none
from entities.relation_sentences import RelationTime, VerbForms, is_plural_name, relation_sentence, relation_verb
from entities.vocabulary import Modality

MEMBER = VerbForms("is a member of", "are members of", "was a member of", "be a member of")
FAVOURS = VerbForms(
    "is in favour of creating", "are in favour of creating", "was in favour of creating", "be in favour of creating"
)
HOSTED = VerbForms("is hosted by", "are hosted by", "was hosted by", "be hosted by")
BASED = VerbForms("is based at", "are based at", "was based at", "be based at")
TOOK_PART = VerbForms("took part in", "took part in", "took part in", "take part in")
CONDUCTS = VerbForms("conducts", "conduct", "conducted", "conduct")
HOLDS = VerbForms("holds the post of", "hold the post of", "held the post of", "hold the post of")
HAS = VerbForms(
    "has its creation favoured by",
    "have their creation favoured by",
    "had its creation favoured by",
    "have its creation favoured by",
)


@pytest.mark.parametrize(
    ("subject", "verb", "object", "modality", "time", "claimed_by", "sentence"),
    [
        ("NATO allies", FAVOURS, "NSATU", "in_force", (), "", "NATO allies are in favour of creating NSATU"),
        ("Baltic states", MEMBER, "NATO", "in_force", (), "", "The Baltic states are members of NATO"),
        ("United States", MEMBER, "NATO", "in_force", (), "", "The United States is a member of NATO"),
        ("Finland", MEMBER, "NATO", "in_force", ("2023",), "", "Finland is a member of NATO (since 2023)"),
        ("Arcadia", MEMBER, "NATO", "in_force", ("2019", "2023"), "", "Arcadia was a member of NATO from 2019 to 2023"),
        (
            "Arcadia",
            MEMBER,
            "NATO",
            "in_force",
            ("2019", "2023", ("2024-06-14",)),
            "",
            "Arcadia was a member of NATO from 2019 to 2023",
        ),
        ("Arcadia", MEMBER, "NATO", "in_force", ("", "2030", ("2024",)), "", "Arcadia is a member of NATO until 2030"),
        ("NATO allies", MEMBER, "UDCG", "in_force", ("", "2023", ("2024",)), "", "NATO allies were members of UDCG until 2023"),
        (
            "Joe Biden",
            HOLDS,
            "US President",
            "in_force",
            ("", "", ("2024-06-14", "2024-07")),
            "",
            "Joe Biden holds the post of US President (attested in 2024)",
        ),
        ("NSATU", HOSTED, "Germany", "planned", (), "", "NSATU is to be hosted by Germany"),
        (
            "NSATU",
            BASED,
            "Wiesbaden",
            "planned",
            ("2024-07", "", ("2024-06",)),
            "",
            "NSATU is to be based at Wiesbaden from July 2024",
        ),
        (
            "NSATU",
            BASED,
            "Wiesbaden",
            "planned",
            ("2024-07", "", ("2025",)),
            "",
            "NSATU was to be based at Wiesbaden from July 2024",
        ),
        (
            "Sweden",
            MEMBER,
            "NATO",
            "expected",
            ("", "", ("2023", "2024")),
            "",
            "Sweden is expected to be a member of NATO (attested in 2023 and 2024)",
        ),
        ("NATO allies", MEMBER, "UDCG", "expected", (), "", "NATO allies are expected to be members of UDCG"),
        ("Ukraine", MEMBER, "NATO", "conditional", (), "", "Ukraine would, if its conditions are met, be a member of NATO"),
        ("NATO", HOSTED, "Germany", "claimed", (), "Russia", "According to Russia, NATO is hosted by Germany"),
        (
            "Arcadia",
            CONDUCTS,
            "Kite Drills",
            "claimed",
            ("../2024-02-21", "../2024-02-21", ("2024-02-15/2024-02-21",)),
            "Russia",
            "According to Russia, Arcadia conducted Kite Drills by 21 February 2024",
        ),
        (
            "Arcadia",
            CONDUCTS,
            "Kite Drills",
            "in_force",
            ("../2024-12-31", "../2024-12-31", ("2024-02-15/2024-02-21",)),
            "",
            "Arcadia conducts Kite Drills by 31 December 2024",
        ),
        ("NATO", HOSTED, "Germany", "claimed", (), "", "NATO is claimed to be hosted by Germany"),
        ("Duda", TOOK_PART, "Summit", "in_force", ("2024-07-11", "2024-07-11"), "", "Duda took part in Summit on 11 July 2024"),
        ("Duda", TOOK_PART, "Summit", "in_force", ("2024-07~",), "", "Duda took part in Summit about July 2024"),
        ("Duda", TOOK_PART, "Summit, 2024", "in_force", ("2024",), "", "Duda took part in the summit, 2024"),
        ("Duda", TOOK_PART, "Summit, 2024", "in_force", ("2023",), "", "Duda took part in the summit, 2024, in 2023"),
        ("Duda", TOOK_PART, "Summit", "in_force", ("", "", ("2024",)), "", "Duda took part in Summit"),
        (
            "NATO leaders",
            TOOK_PART,
            "Summit",
            "planned",
            ("2024-07",),
            "",
            "NATO leaders are to take part in Summit in July 2024",
        ),
    ],
)
def test_a_relation_is_told_as_its_sources_tell_it(subject, verb, object, modality, time, claimed_by, sentence):
    assert relation_sentence(subject, verb, object, modality, RelationTime(*time), claimed_by) == sentence


def test_what_stands_between_the_names_says_the_same():
    assert relation_verb(HOSTED, Modality.PLANNED, past=True) == "was to be hosted by"
    assert relation_verb(HOSTED, Modality.CLAIMED, claimed_by="Russia") == "according to Russia, is hosted by"
    assert relation_verb(HAS, Modality.PLANNED, plural=True) == "are to have their creation favoured by"
    assert relation_verb(HAS, Modality.IN_FORCE, plural=True, past=True) == "had their creation favoured by"


@pytest.mark.parametrize(
    "name",
    [
        "NATO allies",
        "Baltic states",
        "Arrests over sabotage in allied countries",
        "NATO troops at high readiness",
        "Warnings that Russia will attack",
    ],
)
def test_names_in_the_plural(name):
    assert is_plural_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "NATO",
        "United States",
        "Reuters",
        "Reuters, London",
        "Peskov's statement to newspapers",
        "The crisis in aid",
        "Kite Arms",
        "",
        "Steadfast Defender",
    ],
)
def test_names_in_the_singular(name):
    assert not is_plural_name(name)


def test_a_relation_is_one_fact():
    fact = RelationFact.parse("planned: germany hosts nsatu")
    assert (fact.modality, fact.parties, fact.type) == ("planned", {"subject": "germany", "object": "nsatu"}, "hosts")
    assert str(fact) == "planned: germany hosts nsatu"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hosts",
        "germany hosts nsatu",
        "certain: germany hosts nsatu",
        "planned: Germany hosts nsatu",
        "planned: germany hosts",
    ],
)
def test_anything_else_is_none(text):
    assert relation_fact_or_none(text) is None
    with pytest.raises(ValueError, match="is not a relation such as"):
        RelationFact.parse(text)
