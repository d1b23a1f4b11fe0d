"""New records that a passage tells of, and what it states of each."""

import pytest

from entities.models import RelationType
from entities.names_in_sentences import name_in_sentence
from entities.vocabulary import Kind
from sources.capture.annotated_text import section_at
from sources.capture.document_suggestions import suggestions_in_section
from sources.capture.passage_reading import read_modality, read_nature, read_polarity, read_stage
from sources.capture.passages import passage_with_suggestions
from sources.capture.record_proposals import propose_records
from sources.suggestions import suggest
from sources.suggestions.known import Known
from tests import world as make

KNOWN = Known(
    [
        *((name, Kind.ORGANISATION, "ukraine") for name in ("Ukraine", "Україна", "Ukraina")),
        ("Arcadia", Kind.ORGANISATION, "arcadia"),
        ("Ruritania", Kind.ORGANISATION, "ruritania"),
        ("Lake Meeting", Kind.EVENT, "lake-meeting"),
    ]
)


def proposals(words: str, language: str = "en"):
    return propose_records(passage_with_suggestions(words, 0, language, suggest(words, KNOWN, "2024-07-12", language)))


def commitment(words: str, language: str = "en") -> dict[str, list[tuple[str, str]]]:
    """The facts of the commitment that a passage tells of: field -> values with the words for them."""
    [first, *_] = proposals(words, language)
    assert first.kind == Kind.COMMITMENT
    facts: dict[str, list[tuple[str, str]]] = {}
    for fact in first.facts:
        facts.setdefault(fact.field, []).append((fact.value, fact.as_stated))
    return facts


@pytest.mark.django_db
def test_a_commitment_is_filled_in_with_what_is_stated():
    words = "On Friday Arcadia pledged at least €40 million to Ruritania by the end of 2025."
    assert commitment(words) == {
        "nature": [("pledge", "pledged")],
        "committed_by": [("arcadia", "Arcadia")],
        "beneficiary": [("ruritania", "Ruritania")],
        "measures.+": [("at_least 40000000 EUR", "at least €40 million")],
        "milestones.+": [("announced 2024-07-12", "Friday")],
        "due": [("../2025", "by the end of 2025")],
    }
    assert proposals(words)[0].name == "At least €40 million for Ruritania from Arcadia"
    assert proposals(words)[0].columns == {"category": "funding"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "missing"),
    [
        # Nobody benefits from a refusal, and only from what is given to them.
        ("Arcadia refused to send 40 kites to Ruritania.", "beneficiary"),
        ("Arcadia pledged 40 kites with Ruritania.", "beneficiary"),
        ("The kites will cost Ruritania €40 million.", "beneficiary"),
        # Two natures in one passage: the editor decides.
        ("Arcadia hopes that the kites pledged to Ruritania arrive.", "nature"),
        ("Arcadia pledged kites to Ruritania if the wind holds.", "nature"),
        # The one beside a verb is not always its subject.
        ("Kites, urgently needed in Ruritania, were delivered.", "committed_by"),
        ("Arcadia to give Ruritania 40 kites for years to come and pledges more.", "committed_by"),
        # What will be delivered is no action yet, and no plan alone.
        ("Arcadia will see 40 kites delivered to Ruritania.", "nature"),
        # A time for which something is meant is no day on which it was done.
        ("Arcadia allocated 40 kites for 2025.", "milestones.+"),
        # A day without a step is a date of something else.
        ("Arcadia pledged 40 kites to Ruritania, which it saw on Monday and on Friday.", "milestones.+"),
    ],
)
def test_what_a_passage_does_not_state_is_left_open(words, missing):
    assert commitment(words).get(missing, [("", "")]) == [("", "")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Germany has promised Ukraine 40 kites."),
        ("uk", "Німеччина пообіцяла Україні 40 змій."),
        ("pl", "Niemcy obiecały Ukrainie 40 latawców."),
        ("de", "Deutschland verspricht der Ukraine 40 Drachen."),
        ("fr", "L'Allemagne a promis 40 cerfs-volants à l'Ukraine."),
    ],
)
def test_states_are_known_by_their_names_in_the_language_of_the_text(language, words):
    make.an_organisation("arcadia", name="Germany")
    make.an_organisation("ruritania", name="Ukraine")
    document = make.a_document("states", words, language=language)
    found = suggestions_in_section(document, section_at(document.text))
    [first, *_] = propose_records(passage_with_suggestions(words, 0, language, found))
    facts = {fact.field: fact.value for fact in first.facts}
    assert (facts["nature"], facts["committed_by"], facts["beneficiary"]) == ("pledge", "arcadia", "ruritania")
    assert first.name.endswith("for Ukraine from Germany")


@pytest.mark.django_db
def test_a_passage_that_commits_to_nothing_proposes_no_commitment():
    assert [one.kind for one in proposals("Arcadia lies beside Ruritania.")] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("Arcadia hosts the Lake Meeting.", ["in_force: arcadia hosts lake-meeting"]),
        ("Arcadia will host the Lake Meeting.", ["planned: arcadia hosts lake-meeting"]),
        ("Arcadia is expected to host the Lake Meeting.", ["expected: arcadia hosts lake-meeting"]),
        ("The Lake Meeting is hosted by Arcadia.", ["in_force: arcadia hosts lake-meeting"]),
        ("Arcadia will not host the Lake Meeting.", []),
        ("Arcadia likes the Lake Meeting.", []),
    ],
)
def test_relations_hold_as_far_as_their_words_say(words, values):
    make.an_organisation("arcadia")
    make.an_event("lake-meeting")
    type = make.a_relation_type("hosts", ("organisation", "event"))
    forms = {"label": "hosts", "infinitive": "host", "inverse_label": "is hosted by", "inverse_infinitive": "be hosted by"}
    RelationType.objects.filter(pk=type.pk).update(**forms)
    assert [fact.value for one in proposals(words) if one.kind == "relation" for fact in one.facts] == values


@pytest.mark.parametrize(
    ("language", "passage", "nature", "stage"),
    [
        ("en", "They vowed to send kites.", "pledge", "announced"),
        ("en", "They will send kites.", "plan", None),
        ("en", "They will not send kites.", "refusal", None),
        ("en", "They are expected to send kites.", "forecast", None),
        ("en", "They ruled out sending kites.", "refusal", None),
        ("en", "The kites were delivered.", "action", "delivered"),
        ("uk", "Вони пообіцяли повітряні змії.", "pledge", "announced"),
        ("pl", "Zobowiązali się dać latawce.", "pledge", None),
        ("de", "Sie haben Drachen zugesagt.", "pledge", "announced"),
        ("fr", "Ils ont promis des cerfs-volants.", "pledge", "announced"),
        ("ar", "They vowed to send kites.", None, None),
    ],
)
def test_natures_and_steps(language, passage, nature, stage):
    read = read_nature(passage, language), read_stage(passage, language)
    assert tuple(one and one.meaning for one in read) == (nature, stage)


@pytest.mark.parametrize(
    ("language", "clause", "modality", "polarity"),
    [
        ("en", "is", "in_force", "affirms"),
        ("en", "will never be", "planned", "denies"),
        ("en", "doesn’t", "in_force", "denies"),
        ("en", "is, according to Ada Fell,", "claimed", "affirms"),
        ("en", "will, according to Ada Fell,", "", "affirms"),
        ("de", "ist nicht", "in_force", "denies"),
        ("uk", "не є", "in_force", "denies"),
        ("ar", "is", "", "affirms"),
    ],
)
def test_modality_and_polarity(language, clause, modality, polarity):
    assert (read_modality(clause, language), read_polarity(clause, language)) == (modality, polarity)


@pytest.mark.parametrize(
    ("language", "words", "giver", "as_stated"),
    [
        ("en", "The Netherlands has sent €987 million in military aid to Ukraine.", "Netherlands", "The Netherlands"),
        ("uk", "Данія виділить Україні 300 млн євро.", "Denmark", "Данія"),
        ("pl", "Norwegia przekaże Ukrainie 10 mld koron norweskich.", "Norway", "Norwegia"),
        ("de", "Schweden wird der Ukraine 300 Millionen Euro bereitstellen.", "Sweden", "Schweden"),
        ("fr", "La Suède livrera 20 chars à l’Ukraine.", "Sweden", "Suède"),
    ],
)
@pytest.mark.django_db
def test_a_state_that_the_register_does_not_have_is_added_with_its_commitment(language, words, giver, as_stated):
    [first, *others] = proposals(words, language)
    [(reference, state)] = first.requires.items()
    assert [(fact.value, fact.as_stated) for fact in first.facts if fact.field == "committed_by"] == [(reference, as_stated)]
    assert (state.kind, state.name, state.columns) == ("organisation", giver, {"type": "state"})
    assert first.name.endswith(f"from {name_in_sentence(giver)}")
    assert giver in [other.name for other in others]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "They met in the Poland Street Hotel."),
        ("", "Sweden has sent 5 million."),
        ("cs", "Sweden has sent 5 million."),
    ],
)
@pytest.mark.django_db
def test_what_only_resembles_a_state_is_none(language, words):
    assert not [one for one in proposals(words, language) if one.kind == "organisation" and one.columns.get("type") == "state"]


@pytest.mark.django_db
def test_the_end_of_a_longer_name_is_no_party():
    words = "Arcadia sent €45 million for goods and €100 million for the International Fund for Ruritania."
    [first, *others] = proposals(words)
    assert "beneficiary" not in {fact.field for fact in first.facts}
    assert [other.name for other in others] == ["International Fund for Ruritania"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Arcadia's prime minister pledged €5 million to Ruritania."),
        ("en", "Arcadia President Ada Fell pledged €5 million to Ruritania."),
        ("en", "The president of Arcadia pledged €5 million to Ruritania."),
        ("en", "Several Arcadia and Ruritania member countries pledged €5 million."),
        ("uk", "Прем'єр-міністр Норвегії пообіцяв 5 млн євро."),
        ("uk", "Президент США пообіцяв 5 млн євро."),
        ("pl", "Premier Norwegii obiecał Ukrainie 5 mln euro."),
        ("pl", "Prezydent USA obiecał Ukrainie 5 mln euro."),
        ("de", "Norwegens Ministerpräsident hat 5 Millionen Euro zugesagt."),
        ("de", "US-Präsident Fell hat 5 Millionen Euro zugesagt."),
    ],
)
@pytest.mark.django_db
def test_somebody_of_a_body_is_not_that_body(language, words):
    [first, *_] = proposals(words, language)
    assert first.kind == Kind.COMMITMENT
    assert "committed_by" not in {fact.field for fact in first.facts}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Arcadia has not yet pledged 40 kites."),
        ("en", "Whether Arcadia decided so is open."),
        ("uk", "Arcadia ще не вирішила надати 40 танків."),
        ("pl", "Arcadia jeszcze nie zdecydowała o 40 czołgach."),
        ("de", "Das ist noch nicht endgültig beschlossen, sagte Arcadia."),
        ("de", "Das Geld kommt, wenn der Beschluss im Parlament gefasst ist."),
        ("fr", "Arcadia n’a pas promis 40 chars."),
    ],
)
def test_what_is_denied_or_left_open_has_no_nature(language, words):
    assert read_nature(words, language) is None


@pytest.mark.django_db
def test_a_german_beneficiary_follows_the_finite_verb():
    [first, *_] = proposals("Der Minister hat der Ukraine bei einem Besuch 5 Millionen Euro in Aussicht gestellt.", "de")
    assert [(fact.field, fact.value) for fact in first.facts] == [
        ("nature", "plan"), ("beneficiary", "ukraine"), ("measures.+", "5000000 EUR"),
    ]  # fmt: skip
    assert first.name == "€5 million for Ukraine"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "On Friday Arcadia on July 12 pledged €5 million to Ruritania."),
        ("de", "Arcadia hat Ruritania Hilfe von 5 Millionen Euro zugesagt."),
        ("de", "Am Freitag hat Arcadia der Ukraine 5 Millionen Euro zugesagt."),
    ],
)
@pytest.mark.django_db
def test_the_giver_may_stand_apart_from_the_verb(language, words):
    [first, *_] = proposals(words, language)
    assert [fact.value for fact in first.facts if fact.field == "committed_by"] == ["arcadia"]
