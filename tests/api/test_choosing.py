"""fields and include: what a reader chooses of each record."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entities.models import Identifier, Name
from entities.serializers import PLURALS
from nato_support.api import dispatch, includes
from nato_support.api.collections import COLLECTIONS
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited
from tests.steps import assert_linear

ALWAYS = ["kind", "slug", "href", "edition", "release"]


@pytest.fixture
def allies(public):
    """Further relations of Arcadia's, as many as are asked for, published one after another."""

    def made(count: int):
        relations = []
        for at in range(count):
            other = make.an_organisation(f"ally-{at}")
            relation = make.a_relation(public.arcadia, other, make.a_relation_type("works-alongside"), start=f"{2000 + at}")
            publish_cited(public.quote, other, relation)
            relations.append(relation)
        return relations

    return made


def test_only_what_was_asked_for_comes_and_what_names_the_record(api):
    [row] = api("commitments/?fields=name,nature").data["results"]
    assert list(row) == [*ALWAYS, "name", "nature"]
    assert list(api("commitments/forty-kites/?fields=nature").data) == [*ALWAYS, "nature"]
    assert list(api("commitments/forty-kites/editions/1/?fields=nature").data) == [*ALWAYS, "nature"]
    assert list(api("entities/forty-kites/?fields=slug").data) == ALWAYS


def test_a_dot_names_a_member_of_a_member(api):
    row = api("commitments/?fields=beneficiary.name,measures.value,milestones.date,part_of.name").data["results"][0]
    assert row["beneficiary"] == {"kind": "organisation", "slug": "ruritania", "name": "Ruritania"}
    assert row["measures"] == [{"key": "kites", "value": "40"}]
    assert row["milestones"][0]["date"]["value"] == "2024-07-09"
    assert row["part_of"] is None
    for both in ("measures,measures.value", "measures.value,measures"):
        assert "as_stated" in api(f"commitments/?fields={both}").data["results"][0]["measures"][0]


@pytest.mark.parametrize("kind", PLURALS)
def test_every_name_that_is_allowed_gives_what_it_names(api, kind):
    whole = api(f"{PLURALS[kind]}/").data["results"][0]
    allowed = api(f"{PLURALS[kind]}/?fields=nothing", 400).data["errors"][0]["allowed"]
    assert set(whole) <= set(allowed)
    for path in allowed:
        [*_, row] = api(f"{PLURALS[kind]}/?fields={path}&slug={whole['slug']}").data["results"]
        name = path.partition(".")[0]
        assert list(row) == [member for member in whole if member in (*ALWAYS, name)]
    detail = api(whole["href"]).data
    assert set(detail) <= set(api(f"{whole['href']}?fields=nothing", 400).data["errors"][0]["allowed"])


def test_all_fields_of_a_page_are_the_page(api):
    for collection in COLLECTIONS.values():
        plain = api(collection.path).data
        names = ",".join(dict.fromkeys(name for row in plain["results"] for name in row))
        assert api(f"{collection.path}?fields={names}").data["results"] == plain["results"]


def test_without_either_the_printed_texts_are_not_even_read(api, monkeypatch):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))
    monkeypatch.setattr(json, "loads", None)
    # The answers of HEAD are made as those of GET are.
    for address in ("commitments/", "commitments/forty-kites/", "commitments/forty-kites/editions/1/"):
        api(address, method="HEAD")
        with pytest.raises(TypeError):
            api(f"{address}?fields=name", method="HEAD")


def test_include_nests_into_each_row_what_its_detail_has(api, public):
    Name.objects.create(entity=public.kites, text="Operation Kite", kind="alias")
    Identifier.objects.create(entity=public.kites, scheme="wikidata", value="Q1")
    publish_cited(public.quote, public.kites)
    detail = api("commitments/forty-kites/").data
    [row] = api("commitments/?include=names,identifiers,evidence,measures,milestones,documents").data["results"]
    for name in ("names", "identifiers", "evidence", "measures", "milestones"):
        assert row[name] == detail[name]
    assert [document["slug"] for document in row["documents"]] == ["courier-2024-07-09"]
    assert row["documents"] == api("commitments/forty-kites/?include=documents").data["documents"]
    assert "links" not in row


def test_what_is_included_comes_along_whatever_the_fields(api):
    [row] = api("commitments/?fields=name&include=names,measures").data["results"]
    assert list(row) == [*ALWAYS[:5], "name", "measures", "names"]


def test_a_quote_and_a_relation_have_their_documents(api):
    for address in ("quotes/", "relations/"):
        row = api(f"{address}?include=documents").data["results"][0]
        assert [document["slug"] for document in row["documents"]] == ["courier-2024-07-09"]
    api("documents/?include=documents", 400)
    assert api("quotes/?include=relations", 400).data["errors"][0]["allowed"] == ["documents"]


def test_relations_are_the_newest_of_the_list_that_they_lead_to(api, public, allies):
    allies(includes.MAX_RELATIONS)
    row = api("organisations/?slug=arcadia&include=relations").data["results"][0]
    told = row["relations"]
    assert told == api("organisations/arcadia/?include=relations").data["relations"]
    everything = api(f"{told['href']}&ordering=-date").data["results"]
    assert (len(told["results"]), told["is_truncated"], len(everything)) == (20, True, 21)
    assert told["results"] == everything[:20]
    other = api("organisations/?slug=ally-3&include=relations").data["results"][0]["relations"]
    assert ([one["object"]["slug"] for one in other["results"]], other["is_truncated"]) == (["ally-3"], False)


def test_relations_of_each_row_are_its_own(api, allies):
    allies(3)
    rows = api("organisations/?include=relations").data["results"]
    for row in rows:
        ends = [{one["subject"]["slug"], one["object"]["slug"]} for one in row["relations"]["results"]]
        assert all(row["slug"] in both for both in ends)
    assert sum(len(row["relations"]["results"]) for row in rows) == 8


def test_as_of_a_stamp_means_the_relations_too(api, public, allies):
    [_, second] = allies(2)
    withdraw([second])
    for address in ("organisations/?slug=arcadia&", "organisations/arcadia/?"):
        answer = api(f"{address}include=relations&as_of=release:2").data
        told = answer["results"][0]["relations"] if "results" in answer else answer["relations"]
        assert [one["object"]["slug"] for one in told["results"]] == ["ally-0", "ruritania"]
        assert [one["slug"] for one in api(told["href"]).data["results"]] == [one["slug"] for one in told["results"]]
    now = api("organisations/arcadia/?include=relations").data["relations"]["results"]
    assert second.slug not in {one["slug"] for one in now}


def test_what_is_not_public_is_not_included(api, public):
    make.a_relation(public.arcadia, make.an_organisation("secret"), make.a_relation_type("hides"))
    Name.objects.create(entity=public.arcadia, text="Secretia", kind="alias")
    answer = api("organisations/?include=relations,names,evidence,documents").content.decode()
    assert "secret" not in answer.lower()


def test_a_walk_with_a_choice_keeps_to_it(api, promise):
    for at in range(4):
        promise(f"gift-{at}", "2024")
    address, seen = "/api/v1/commitments/?page_size=2&fields=name&include=documents", []
    while address:
        page = api(address).data
        seen += [row["slug"] for row in page["results"]]
        assert all(list(row) == [*ALWAYS, "name", "documents"] for row in page["results"])
        address = page["next"]
    assert len(seen) == len(set(seen)) == 5
    cursor = api("commitments/?page_size=2&fields=name").data["next"].partition("cursor=")[2]
    assert api(f"commitments/?page_size=2&cursor={cursor}", 400).data["type"].endswith("cursor-mismatch/")


@pytest.mark.parametrize(
    ("address", "most"),
    [("organisations/?include=relations,evidence,names,identifiers,documents", 3), ("organisations/?fields=name", 1)],
)
def test_statements_do_not_grow_with_the_rows(api, allies, monkeypatch, address, most):
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))

    def statements():
        with CaptureQueriesContext(connection) as captured:
            api(address)
        return [query for query in captured if "LIMIT 2" not in query["sql"] or "publishing_release" not in query["sql"]]

    few = statements()
    allies(6)
    assert len(statements()) == len(few) == most


@pytest.mark.skipif(connection.vendor != "sqlite", reason="reads SQLite's plans")
def test_relations_are_found_by_an_index(api, allies):
    allies(2)
    with CaptureQueriesContext(connection) as captured:
        api("organisations/?include=relations&page_size=3")
    [query] = [query["sql"] for query in captured if "UNION ALL" in query["sql"] and "entity" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query.replace("%", "%%"), [])
        plan = [row[3] for row in cursor.fetchall()]
    assert not [step for step in plan if step.startswith(("SCAN e", "SCAN t"))], plan
    assert any("term_lookup" in step for step in plan)


PRIVATE = ["status", "version", "text", "by", "why", "verification", "search_text", "created_at", "merged_into"]


WHAT_IS_NO_MEMBER_IS_REFUSED = [
    *PRIVATE,
    "beneficiary.status",
    "beneficiary.name.value",
    "measures.as_of.value.",
    "measures[value]",
    "measures[[[",
    "name.",
    ".name",
    "__class__",
    "*",
    "name;slug",
    "Name",
    "name,",
    ",",
    "name,,nature",
    "%F0%9F%AA%81",
    "1" * 23,
    "NaN",
    "%D9%A1",
    "name," * 2000 + "nature",
    ",".join(f"f{at}" for at in range(2500)),
]


def test_what_is_no_member_is_refused(api, subtests):
    for value in WHAT_IS_NO_MEMBER_IS_REFUSED:
        for address in ["commitments/", "commitments/forty-kites/", "entities/"]:
            with subtests.test(value=value, address=address):
                for parameter in ("fields", "include"):
                    [fault] = api(f"{address}?{parameter}={value}", 400).data["errors"]
                    assert fault["name"] in (parameter, "")
                    assert fault["code"] in ("not_allowed", "too_many", "empty", "too_long")


@pytest.mark.parametrize("parameter", ["fields", "include"])
def test_twice_the_wrong_names_take_some_twice_the_steps(api, parameter):
    def ask(count: int) -> None:
        api(f"commitments/?{parameter}={','.join(f'f{at}' for at in range(count))}", 400)

    assert_linear(ask, 1_000)


def test_a_fault_says_which_name_is_wrong_and_what_is_like_it(api):
    [fault] = api("commitments/?fields=name,natur", 400).data["errors"]
    assert fault["did_you_mean"][0] == "nature"
    assert "natur" in fault["detail"] and "name," not in fault["detail"]
    assert api("commitments/forty-kites/editions/1/?include=names", 400).data["errors"][0]["code"] == "unknown"


@pytest.mark.parametrize("value", ["%00", "%ED%A0%80", "%ff", "a%0ab"])
def test_what_is_no_text_is_refused(api, value):
    for parameter in ("fields", "include"):
        api(f"commitments/?{parameter}={value}", 400)


def test_a_page_with_include_has_its_limit(api):
    api("commitments/?include=names&page_size=100")
    [fault] = api("commitments/?include=names&page_size=101", 400).data["errors"]
    assert (fault["name"], fault["code"], fault["allowed"]) == ("page_size", "out_of_range", {"min": 1, "max": 100})
    api("commitments/?fields=name&page_size=500")


def test_names_may_be_repeated(api):
    assert api("commitments/?fields=name,name&fields=name").data["results"] == api("commitments/?fields=name").data["results"]
    assert api("commitments/?include=names,names").data["results"] == api("commitments/?include=names").data["results"]
