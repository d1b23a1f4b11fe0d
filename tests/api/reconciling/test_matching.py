"""Who is meant: the exact name first, in any script; one match alone; what types and properties do to it; only what is public."""

import pytest

from entities import merging
from entities.merging import SURVIVOR
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import withdraw
from tests import world as make

pytestmark = pytest.mark.django_db


def ids(candidates) -> list[str]:
    return [one["id"] for one in candidates]


@pytest.mark.parametrize("text", ["Ada Fell", "ada fell", "  Ada\tFell ", "ada-fell", "Fell, Ada", "Fell Ada"])
def test_an_exact_name_or_id_comes_first_and_is_the_match(service, text):
    [best, *others] = service.candidates(text)
    assert best["id"] == "ada-fell" and best["match"] is True
    assert not any(one["match"] for one in others)


def test_the_record_at_an_address_is_meant(service):
    [best, *_] = service.candidates("http://testserver/api/v1/persons/ada-fell/")
    assert (best["id"], best["match"], best["score"]) == ("ada-fell", True, 100.0)


@pytest.mark.parametrize("text", ["wikidata:Q77", "Q77", "q77", "https://www.wikidata.org/wiki/Q77"])
def test_an_identifier_is_an_exact_match(service, named, text):
    named(make.a_person("bo-lund"), identifiers={"wikidata": "Q77"})
    [best, *_] = service.candidates(text)
    assert (best["id"], best["match"], best["score"]) == ("bo-lund", True, 100.0)


@pytest.mark.parametrize(
    ("name", "others", "typed"),
    [
        ("Petro Kovalenko", (), "Петро Коваленко"),
        ("Petro Kovalenko", (), "Kowalenko, Petro"),
        ("Petro Kovalenko", (), "Pyotr Kovalenko"),
        ("Owl Bureau", ("Бюро Сова",), "бюро сова"),
        ("Oleksandra Hrytsenko", (), "Олександра Гриценко"),
        ("Port of Kaldvik", ("カルドヴィーク港",), "カルドヴィーク港"),
        ("Nikos Papadakis", (), "Νίκος Παπαδάκης"),
    ],
)
def test_names_are_found_across_scripts_and_spellings(service, named, name, others, typed):
    person = " of " not in name and "Bureau" not in name
    record = make.a_person("sought", name=name) if person else make.an_organisation("sought", name=name)
    named(record, *others)
    assert ids(service.candidates(typed))[:1] == ["sought"]


def test_of_two_that_are_called_so_none_is_the_match(service, named):
    named(make.a_person("fell-1", name="Cy Fell"))
    named(make.an_organisation("fell-2", name="Cy Fell"))
    candidates = service.candidates("Cy Fell")
    assert set(ids(candidates)[:2]) == {"fell-1", "fell-2"}
    assert not any(one["match"] for one in candidates)
    [best, *_] = service.candidates("Cy Fell", type="person", type_strict="should")
    assert best["id"] == "fell-1" and best["match"] is True


def test_a_name_of_its_own_is_clearer_than_another_name(service, named):
    named(make.an_organisation("gull-house", name="Gull House"), "Gull")
    named(make.an_organisation("gull", name="Gull"))
    [best, second, *_] = service.candidates("Gull")
    assert (best["id"], best["match"]) == ("gull", True)
    assert (second["id"], second["match"]) == ("gull-house", False)
    assert best["score"] > second["score"]


def test_nothing_almost_called_so_is_the_match(service, named):
    named(make.a_person("dag-berg", name="Dag Berg"))
    named(make.a_person("dag-borg", name="Dag Borg"))
    assert not any(one["match"] for one in service.candidates("Dag Burg"))


@pytest.mark.parametrize(
    ("name", "others", "query", "is_match"),
    [
        ("Marina Fell", (), "Maria Fell", False),
        ("Marina Fell", (), "Марія Фелл", False),
        ("Marina Fell", ("Maria Fell",), "Марія Фелл", True),
        ("Marina Fell", (), "Марина Фелл", True),
        ("Oleksandr Fell", (), "Oleksandra Fell", False),
        ("Oleksandr Fell", ("Sasha Fell",), "Oleksandra Fell", False),
        ("Oleksandr Fell", (), "Aleksandr Fell", True),
        ("Valerii Fell", (), "Valeriia Fell", False),
        ("Joe Bellridge", (), "Джо Беллрідж", True),
    ],
)
def test_another_given_name_is_no_match(service, named, name, others, query, is_match):
    named(make.a_person("sought", name=name), *others)
    [best, *_] = service.candidates(query)
    assert (best["id"], best["match"]) == ("sought", is_match)


def test_another_given_name_as_a_property_contradicts(service, named):
    named(make.a_person("sought", name="M. Ridge", given_name="Marina", family_name="Ridge"))
    for given_name, is_match in (("Marina", True), ("Maria", False), ("Марина", True)):
        [best, *_] = service.candidates("M. Ridge", properties=[{"pid": "given_name", "v": given_name}])
        assert (best["id"], best["match"]) == ("sought", is_match)


@pytest.mark.parametrize("types", ["", [], [""], ["", "person"]])
def test_an_empty_type_is_no_type(service, types):
    [best, *_] = service.candidates("Ada Fell", type=types)
    assert (best["id"], best["match"]) == ("ada-fell", True)


def test_scores_run_from_0_to_100_and_say_why(service):
    candidates = [one for text in ("Arcadia", "Arkadia", "Ada", "kite", "Minister Kites") for one in service.candidates(text)]
    assert all(0 <= one["score"] <= 100 for one in candidates)
    for text in ("Arcadia", "kite yard"):
        scores = [one["score"] for one in service.candidates(text)]
        assert scores == sorted(scores, reverse=True)
    [best, *_] = service.candidates("Arcadia", type="organisation")
    assert {one["id"]: one["value"] for one in best["features"]} == {"name": 100.0, "exact": True, "type": True}
    assert all(one["name"] for one in best["features"])


def test_descriptions_tell_kind_and_country(service, named):
    named(make.an_organisation("kite-works", type="company", country="NO", summary="Makes kites."))
    [best, *_] = service.candidates("Kite Works")
    assert best["description"] == "organisation (company), Norway. Makes kites."
    assert best["type"] == [
        {"id": "organisation", "name": "Organisation"},
        {"id": "organisation.company", "name": "Company"},
    ]


@pytest.mark.parametrize(
    ("strict", "types", "expected"),
    [
        ("should", "organisation", ["arcadia", False]),
        ("should", "no such type", ["ada-fell", False]),
        ("any", ["organisation", "person"], ["ada-fell", True]),
        ("all", ["person", "organisation"], None),
        ("any", "post", None),
        ("any", "no such type", None),
    ],
)
def test_types(service, strict, types, expected):
    text = "Arcadia" if expected and expected[0] == "arcadia" else "Ada Fell"
    candidates = service.candidates(text, type=types, type_strict=strict)
    if expected is None:
        assert candidates == []
    else:
        matched = types == "organisation" or expected[1]
        assert (candidates[0]["id"], candidates[0]["match"]) == (expected[0], matched)


def test_what_is_of_another_type_than_it_should_be_comes_lower_and_is_no_match(service):
    [best, *_] = service.candidates("Ada Fell", type="organisation", type_strict="should")
    assert (best["id"], best["match"], best["score"]) == ("ada-fell", False, 60.0)


def test_subtypes(service):
    assert ids(service.candidates("Arcadia", type="organisation.state"))[:1] == ["arcadia"]
    assert "arcadia" not in ids(service.candidates("Arcadia", type="organisation.media"))


def test_properties_confirm_and_contradict(service, named):
    named(make.a_person("bo-lund-no", name="Bo Lund", nationality="NO"))
    named(make.a_person("bo-lund-se", name="Bo Lund", nationality="SE"))
    for country in ("SE", "Sweden", "sweden"):
        [best, second] = service.candidates("Bo Lund", properties=[{"pid": "nationality", "v": country}])
        assert (best["id"], best["match"], best["score"]) == ("bo-lund-se", True, 100.0)
        assert (second["id"], second["match"], second["score"]) == ("bo-lund-no", False, 60.0)
    candidates = service.candidates("Bo Lund", properties=[{"pid": "nationality", "v": "DE"}])
    assert not any(one["match"] for one in candidates)


def test_a_property_that_nobody_has_says_nothing(service):
    [best, *_] = service.candidates("Ada Fell", properties=[{"pid": "no such", "v": 3}, {"pid": "rank", "v": "colonel"}])
    assert (best["id"], best["match"], best["score"]) == ("ada-fell", True, 100.0)


@pytest.mark.parametrize(
    ("pid", "v"),
    [
        ("beneficiary", {"id": "ruritania", "name": "Ruritania"}),
        ("beneficiary", "ruritania"),
        ("nature", "pledge"),
        ("category", ["funding", "equipment"]),
        ("name", "forty kites"),
    ],
)
def test_without_a_name_properties_find(service, pid, v):
    candidates = service.form(queries={"q0": {"properties": [{"pid": pid, "v": v}]}})["q0"]["result"]
    assert (candidates[0]["id"], candidates[0]["match"]) == ("forty-kites", True)


def test_what_was_merged_is_the_survivor(service, named):
    twin, other = named(make.an_organisation("gull-state")), named(make.an_organisation("kite-state"))
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    merge_and_publish(twin, other, choices, expected_digest=merging.plan_merge(twin, other, choices).digest, confirmed=True)
    for text in ("gull-state", "Gull State"):
        [best, *_] = service.candidates(text)
        assert (best["id"], best["match"]) == ("kite-state", True)
    rows = service.form(extend={"ids": ["gull-state"], "properties": [{"id": "name"}]})["rows"]
    assert rows == {"gull-state": {"name": [{"str": "Kite State"}]}}


def test_only_what_is_public_is_found(service, public):
    asked = {
        "a": {"query": "Secret Plan"},
        "b": {"query": "secret-plan"},
        "c": {"query": "Ada Fell"},
        "d": {"query": "Harbourton"},
    }
    before = service.form(queries=asked)
    draft = make.a_commitment("secret-plan")
    draft.names.create(text="Ada Fell", kind="alias")
    public.ada.name = "Somebody Else"
    public.ada.save()
    assert service.form(queries=asked) == before
    withdraw([public.yard])
    assert all(one["id"] != "kite-yard" for text in ("Kite Yard", "kite-yard") for one in service.candidates(text))


def test_a_query_that_can_find_nothing_does_not_harm_the_others(service):
    queries = {
        "long": {"query": "x" * 100_000},
        "nul": {"query": "\x00"},
        "half": {"query": "\ud800"},
        "none": {"query": ""},
        "bad-type": {"query": "Arcadia", "type": "\ud800"},
        "good": {"query": "Arcadia", "limit": 1},
    }
    answer = service.form(queries=queries)
    assert list(answer) == list(queries)
    assert [len(one["result"]) for one in answer.values()] == [0, 0, 0, 0, 0, 1]


class TestDraft:
    """Conditions of version 1.0-draft."""

    def test_by_id(self, service):
        [best] = service.draft_candidates({"matchType": "id", "propertyValue": "arcadia"})
        assert (best["id"], best["match"], best["score"]) == ("arcadia", True, 100.0)

    def test_required_conditions_leave_others_out(self, service, named):
        named(make.a_person("bo-lund-no", name="Bo Lund", nationality="NO"))
        named(make.a_person("bo-lund-se", name="Bo Lund", nationality="SE"))
        name = {"matchType": "name", "propertyValue": "Bo Lund"}
        country = {"matchType": "property", "propertyId": "nationality", "propertyValue": "NO"}
        assert len(service.draft_candidates(name, country)) == 2
        [best] = service.draft_candidates(name, country | {"required": True})
        assert (best["id"], best["match"]) == ("bo-lund-no", True)
        [other] = service.draft_candidates(name, country | {"required": True, "matchQuantifier": "none"})
        assert other["id"] == "bo-lund-se"
        assert service.draft_candidates(name, {**country, "propertyId": "no such", "required": True}) == []

    def test_quantifiers(self, service, named):
        named(make.an_organisation("gull-house", name="Gull House"), "Seabird Hall")
        both = {"matchType": "name", "propertyValue": ["Gull House", "Seabird Hall"]}
        wrong = {"matchType": "name", "propertyValue": ["Gull House", "Tower of Tin"]}
        score = {
            quantifier: [service.draft_candidates(one | {"matchQuantifier": quantifier})[:1] for one in (both, wrong)]
            for quantifier in ("any", "all")
        }
        assert [found[0]["score"] for found in score["any"]] == [100.0, 100.0]
        assert score["all"][0][0]["match"] is True
        assert all(not one["match"] for one in score["all"][1])

    def test_a_type_restricts(self, service):
        name = {"matchType": "name", "propertyValue": "Ada Fell"}
        assert [one["id"] for one in service.draft_candidates(name, type="person")] == ["ada-fell"]
        assert [one["id"] for one in service.draft_candidates(name, type="")] == ["ada-fell"]
        assert service.draft_candidates(name, type="post") == []
