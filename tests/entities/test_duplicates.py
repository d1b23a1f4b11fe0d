"""Likely duplicates: how alike names are, what is found and what is not, and what was said of a pair."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from entities.likeness.blocking import BlockingIndex
from entities.likeness.duplicate_finder import find_and_store_duplicates, refresh_duplicates
from entities.likeness.duplicate_queue import (
    compare_changed_entities,
    decide_pair,
    decisions_by,
    delete_decision,
    entities_changed_since_comparison,
    find_conflicting_decisions,
    find_undecided_pairs,
    open_candidates,
    order_by_likely_survivor,
    remember_comparison_time,
    unsure_candidates,
)
from entities.likeness.entity_features import load_features
from entities.likeness.names import blocking_keys, similarity
from entities.likeness.pair_scoring import DUPLICATE_THRESHOLD, score_pair
from entities.models import DuplicateCandidate, DuplicateDecision, Entity, Identifier, Name
from entities.refusals import Refused
from tests import world as make

ALIKE = [
    ("person", "Зеленський", "Zelensky"),
    ("person", "Володимир Зеленський", "Volodymyr Selenskyj"),
    ("person", "Владимир Зеленский", "Volodymyr Zelenskyy"),
    ("person", "Андрій Єрмак", "Andrii Yermak"),
    ("person", "Andrij Jermak", "Yermak, Andriy"),
    ("person", "Ada Fell", "FELL, Ada"),
    ("person", "A. Fell", "Ada Fell"),
    ("person", "Dr. Ada M. Fell", "Ada Fell"),
    ("person", "Ada Birgit Fell", "Ada Fell"),
    ("person", "فلاديمير زيلينسكي", "Volodymyr Zelensky"),
    ("facility", "Rzeszów-Jasionka Airport", "Rzeszow Jasionka airport"),
    ("organisation", "NATO", "North Atlantic Treaty Organization"),
    ("organisation", "Arcadian Kite Works Ltd.", "Arcadian Kite Works Limited"),
    ("organisation", "Міністерство оборони України", "Ministry of Defence of Ukraine"),
    ("organisation", "Organisation for Kites", "Organization for Kites"),
    ("organisation", "First Kite Brigade", "1st Kite Brigade"),
    ("organisation", "Lake & Kite Company", "Lake and Kite Co."),
    ("event", "Operation Kite II", "Operation Kite 2"),
]

APART = [
    ("organisation", "North Macedonia", "Macedonia"),
    ("organisation", "1st Mechanised Brigade", "2nd Mechanised Brigade"),
    ("organisation", "Government of Arcadia", "Government of Ruritania"),
    ("organisation", "Ministry of Defence", "Ministry of Finance"),
    ("event", "Operation Kite 2023", "Operation Kite 2024"),
    ("event", "Operation Kite", "Operation Kite 2024"),
    ("person", "Ada Fell", "Ava Fell"),
    ("person", "Ada Fell", "Ada Bell-Ridge"),
    ("person", "Ada Maria Fell", "Ada Berta Fell"),
    ("person", "A. Fell", "B. Fell"),
    ("post", "Minister of Kites", "Deputy Minister of Kites"),
    ("organisation", "", "Arcadia"),
]


def test_one_name_in_two_spellings(subtests):
    for kind, one, other in ALIKE:
        with subtests.test(kind=kind, one=one, other=other):
            assert similarity(one, other, kind) >= 0.8
            assert similarity(one, other, kind) == similarity(other, one, kind)
            assert blocking_keys(one, kind) & blocking_keys(other, kind)


def test_two_names_that_look_alike(subtests):
    for kind, one, other in APART:
        with subtests.test(kind=kind, one=one, other=other):
            assert similarity(one, other, kind) < 0.72


def test_any_text_is_a_name():
    for text in ("", "…", "🪁", "()", "a" * 300, "1", "I", "’"):
        assert 0 <= similarity(text, "Ada Fell", "person") <= 1
        assert isinstance(blocking_keys(text, "organisation"), set)


def test_a_block_that_is_too_large_is_left_to_rarer_keys():
    blocks = BlockingIndex()
    for number in range(500):
        blocks.add(number, {"~many", f"kite+{number // 2}"})
    assert list(blocks.candidate_pairs())[:2] == [(0, 1), (2, 3)]
    assert len(list(blocks.candidate_pairs())) == 250


# Evidence


def score(one: Entity, other: Entity) -> float:
    facts = load_features([one.pk, other.pk], one.kind)
    return score_pair(facts[one.pk], facts[other.pk])[0]


def words(one: Entity, other: Entity) -> str:
    facts = load_features([one.pk, other.pk], one.kind)
    return " | ".join(f"{'+' if e.weight > 0 else '-'} {e.words}" for e in score_pair(facts[one.pk], facts[other.pk])[1])


@pytest.mark.django_db
def test_what_speaks_against_outweighs_one_name():
    one = make.an_organisation("ministry", name="Ministry of Kites", type="government_body", country="PL")
    other = make.an_organisation("ministry-2", name="Ministry of Kites", type="government_body", country="UA")
    assert score(one, other) < DUPLICATE_THRESHOLD
    assert "- Different country: Poland and Ukraine" in words(one, other)
    Identifier.objects.create(entity=one, scheme="wikidata", value="Q1")
    Identifier.objects.create(entity=other, scheme="wikidata", value="Q2")
    assert score(one, other) < 0.1
    assert "- Two different identifiers of Wikidata: Q1 and Q2" in words(one, other)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "alias", "other_name", "reason"),
    [
        ("Maria Fell", "", "Marina Fell", "Different given names: “Maria” and “Marina”"),
        ("Oleksandr Fell", "", "Олександра Фелл", "Different given names: “Oleksandr” and “Олександра”"),
        ("Valerii Fell", "V. Fell", "Valeriia Fell", "Different given names: “Valerii” and “Valeriia”"),
        ("Maria Fell", "Марина Фелл", "Marina Fell", ""),
        ("Oleksandr Fell", "", "Aleksandr Fell", ""),
        ("Oleksandr Fell", "", "Sasha Fell", ""),
    ],
)
def test_two_given_names_speak_against_one_person(name, alias, other_name, reason):
    one = make.a_person("one", name=name, nationality="UA")
    other = make.a_person("other", name=other_name, nationality="UA")
    if alias:
        one.names.create(text=alias, kind="alias")
    assert ("- Different given names" in words(one, other)) == bool(reason)
    assert reason in words(one, other)
    assert (score(one, other) < DUPLICATE_THRESHOLD) == bool(reason)


@pytest.mark.django_db
def test_events_are_told_apart_by_their_days():
    first = make.an_event("conference", name="Press conference in Valleytown", start="2024-07-09", locality="Valleytown")
    again = make.an_event("conference-2", name="Press conference in Valleytown", start="2024-09-02", locality="Valleytown")
    same = make.an_event("conference-3", name="Valleytown press conference", start="2024-07", locality="Valleytown")
    assert score(first, again) < DUPLICATE_THRESHOLD
    assert score(first, same) > DUPLICATE_THRESHOLD
    assert "- Began on different dates: 9 July 2024 and 2 September 2024" in words(first, again)


@pytest.mark.django_db
def test_commitments_are_compared_by_their_parties_and_amounts():
    arcadia, ruritania = make.an_organisation("arcadia"), make.an_organisation("ruritania")
    meeting = make.an_event()
    one = make.a_commitment("kites", by=[arcadia], beneficiary=ruritania, announced_at=meeting, name="Forty kites for the lake")
    same = make.a_commitment("kites-2", by=[arcadia], beneficiary=ruritania, announced_at=meeting, name="Arcadia gives 40 kites")
    others = make.a_commitment("kites-3", by=[ruritania], beneficiary=ruritania, name="Forty kites for the lake")
    package = make.a_commitment("package", by=[arcadia], beneficiary=ruritania, announced_at=meeting, name="Kites for the lake")
    for commitment in (one, same, others):
        make.a_measure(commitment)
    one.part_of = package
    one.save()
    assert score(one, same) > DUPLICATE_THRESHOLD
    assert score(one, others) < DUPLICATE_THRESHOLD
    assert score(one, package) < DUPLICATE_THRESHOLD


@pytest.mark.django_db
def test_facilities_are_told_apart_by_their_place():
    one = make.a_facility("yard", name="Kite Yard", locality="Rzeszów", country="PL", latitude="50.101", longitude="22.002")
    near = make.a_facility(
        "yard-2", name="The Kite Yard", locality="Rzeszow", country="PL", latitude="50.105", longitude="22.003"
    )
    far = make.a_facility("yard-3", name="Kite Yard", locality="Harbourton", country="PL", latitude="53.1", longitude="18.0")
    centre = make.a_facility("mill", name="Kite Mill", locality="Rzeszów", country="PL", latitude="50.10", longitude="22.00")
    assert score(one, near) > 0.95
    assert score(one, far) < DUPLICATE_THRESHOLD
    assert "km apart" in words(one, near) and "km apart" in words(centre, far)
    # The centre of their town says no more of two places than its name.
    assert "km apart" not in words(one, centre)


# The finder


@pytest.fixture
def zelenskys(db):
    return [
        make.a_person("zelensky", name="Volodymyr Zelensky", given_name="Volodymyr", family_name="Zelensky"),
        make.a_person("selenskyj", name="Wolodymyr Selenskyj"),
    ]


def pairs() -> set[tuple[str, str]]:
    return {(candidate.first.slug, candidate.second.slug) for candidate in open_candidates()}


def test_the_finder_finds_pairs_and_forgets_them(zelenskys):
    make.an_organisation("zelensky-works", name="Volodymyr Zelensky")
    make.a_person("ada-fell")
    assert find_and_store_duplicates() == 1
    assert pairs() == {("zelensky", "selenskyj")}
    candidate = open_candidates().get()
    assert candidate.score > 0.9
    assert "Volodymyr Zelensky" in candidate.reasons[0]["words"]
    assert find_and_store_duplicates() == 1
    assert open_candidates().get().pk == candidate.pk
    zelenskys[1].name = "Berta Ruff"
    zelenskys[1].save()
    assert find_and_store_duplicates() == 0
    assert not DuplicateCandidate.objects.exists()


def test_a_few_records_are_compared_like_all(zelenskys):
    Name.objects.create(entity=make.a_person("president", name="The President"), text="Зеленський Володимир", kind="alias")
    make.a_facility("base", name="Rzeszów-Jasionka Airport")
    airport = make.a_facility("base-2", name="Rzeszow Jasionka airport")
    nato = make.an_organisation("nato", name="NATO")
    make.an_organisation("alliance", name="North Atlantic Treaty Organization")
    find_and_store_duplicates()
    everything = pairs()
    assert len(everything) == 5
    DuplicateCandidate.objects.all().delete()
    refresh_duplicates([zelenskys[0], zelenskys[1], airport, nato])
    assert pairs() == everything


def test_entities_that_a_relation_joins_are_two(zelenskys):
    relations = make.a_relation_type("brother-of", ("person", "person"))
    assert find_and_store_duplicates() == 1
    make.a_relation(*zelenskys, type=relations)
    assert find_and_store_duplicates() == 0


def test_the_merged_are_left_out(zelenskys):
    find_and_store_duplicates()
    Entity.objects.filter(pk=zelenskys[1].pk).update(merged_into=zelenskys[0].pk)
    assert not open_candidates().exists()
    assert find_and_store_duplicates() == 0


def test_the_finder_asks_a_number_of_questions_that_grows_with_batches_alone(zelenskys):
    with CaptureQueriesContext(connection) as few:
        find_and_store_duplicates()
    for number in range(15):
        make.a_person(f"zelensky-{number}", name=f"Volodymyr Zelensky{'y' * (number % 2)}")
    with CaptureQueriesContext(connection) as many:
        find_and_store_duplicates()
    assert len(many) == len(few)


def test_the_queue_catches_up_with_what_was_saved(zelenskys):
    remember_comparison_time(timezone.now() - timedelta(days=1))
    assert compare_changed_entities() == 0
    assert pairs() == {("zelensky", "selenskyj")}
    assert not entities_changed_since_comparison().exists()
    zelenskys[1].name = "Berta Ruff"
    zelenskys[1].save()
    assert compare_changed_entities() == 0
    assert not pairs()


def test_too_much_at_once_is_left_to_the_finder(db):
    remember_comparison_time(timezone.now() - timedelta(days=1))
    for number in range(51):
        make.a_person(f"person-{number}")
    assert compare_changed_entities() == 51
    assert not DuplicateCandidate.objects.exists()


# What was said


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna")


def test_what_was_judged_different_stays_away(zelenskys, anna):
    find_and_store_duplicates()
    decision = decide_pair(*reversed(zelenskys), "different", anna, "brothers")
    assert (decision.first, decision.second) == tuple(zelenskys)
    assert not open_candidates().exists()
    find_and_store_duplicates()
    refresh_duplicates(zelenskys)
    assert not open_candidates().exists()
    assert not find_undecided_pairs(zelenskys[0])
    assert [one.reason for one in decisions_by(anna)] == ["brothers"]
    delete_decision(decision)
    assert open_candidates().count() == 1


def test_unsure_waits_apart_and_can_be_answered(zelenskys, anna):
    find_and_store_duplicates()
    decide_pair(*zelenskys, "unsure", anna)
    assert not open_candidates().exists()
    assert unsure_candidates().count() == len(find_undecided_pairs(zelenskys[0])) == 1
    decide_pair(*zelenskys, "different", anna)
    assert not unsure_candidates().exists()
    assert DuplicateDecision.objects.count() == 1


def test_what_somebody_decided_is_not_overwritten(zelenskys, anna):
    decide_pair(*zelenskys, "different", anna)
    with pytest.raises(Refused, match="anna has meanwhile decided “not the same”"):
        decide_pair(*zelenskys, "unsure", User.objects.create_user("jan"))
    with pytest.raises(Refused, match="different kinds"):
        decide_pair(zelenskys[0], make.an_organisation(), "different", anna)
    DuplicateDecision.objects.all().delete()
    zelenskys[1].merged_into = zelenskys[0]
    zelenskys[1].save()
    with pytest.raises(Refused, match="has been merged meanwhile"):
        decide_pair(*zelenskys, "different", anna)


def test_a_record_that_looks_like_two_judged_different_is_warned_of(zelenskys, anna):
    third = make.a_person("third", name="Vladimir Zelensky")
    find_and_store_duplicates()
    keys_of = [one.pk for one in (*zelenskys, third)]
    both = (keys_of[0], keys_of[2])
    assert not find_conflicting_decisions([both])
    decide_pair(zelenskys[0], zelenskys[1], "different", anna)
    assert {pair: [one.slug for one in thirds] for pair, thirds in find_conflicting_decisions([both]).items()} == {
        both: ["selenskyj"]
    }


def test_the_public_record_should_stay_then_that_with_more_then_the_older(zelenskys):
    one, other = zelenskys
    assert order_by_likely_survivor([other, one], {}) == [one, other]
    assert order_by_likely_survivor([one, other], {other.pk: 3}) == [other, one]
    other.status = "published"
    assert order_by_likely_survivor([one, other], {one.pk: 9}) == [other, one]
