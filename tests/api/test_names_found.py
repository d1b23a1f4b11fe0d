"""Names are found as people type them: misspelt, in another script, half typed. And only as long as they are public."""

import json
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command

from nato_support.api import full_text_ranking, name_search, ranked_search
from nato_support.publishing import name_index
from nato_support.publishing.models.public_tables import MentionCount, NameKey
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept():
    ranked_search.rank_editions.cache_clear()
    full_text_ranking._has_few_hits.cache_clear()


@pytest.fixture
def people_of(public):
    """Publishes persons: people_of("Olga Brzeska", "Jan Kowal")."""

    def made(*called: str):
        persons = []
        for name in called:
            person = make.a_person("-".join(name_index.name_keys.key_words(name)), name=name)
            persons.append(person)
        publish_cited(public.quote, *persons)
        return persons

    return made


@pytest.fixture
def suggested(api):
    return lambda query: [row["slug"] for row in api(f"suggest/?q={query}").data["results"]]


def first(api, query: str) -> str:
    return api(f"search/?q={query}").data["results"][0]["slug"]


@pytest.mark.parametrize("typed", ["Brzeska", "brzezka", "Brzeška", "Бжеска", "Olga Brzeka", "brzeska's"])
def test_a_person_is_found_however_the_name_is_written(api, people_of, typed):
    people_of("Olga Brzeska", "Jan Kowal", "Piotr Bruski")
    assert first(api, typed) == "olga-brzeska"


def test_what_was_put_right_is_said(api, people_of):
    people_of("Olga Brzeska")
    assert api("search/?q=brzezka").data["meta"]["corrected"] == {"brzezka": "brzeska"}
    assert "corrected" not in api("search/?q=brzeska").data["meta"]


def test_a_word_that_a_record_has_is_never_put_right(api, people_of, promise):
    people_of("Olga Brzeska")
    promise("tents", name="Tents of Brzezka")
    answer = api("search/?q=brzezka").data
    assert "corrected" not in answer["meta"]
    assert {row["slug"] for row in answer["results"]} >= {"tents", "olga-brzeska"}


def test_where_no_record_has_all_words_those_with_any_come_and_it_is_said(api, people_of):
    people_of("Olga Brzeska")
    answer = api("search/?q=brzezka%20harbourton").data
    assert answer["meta"]["any_word"] is True
    assert answer["results"][0]["slug"] == "olga-brzeska"
    assert "kite-yard" in [row["slug"] for row in answer["results"]]


def test_an_identifier_comes_first(api, public):
    public.ruritania.identifiers.create(scheme="iso3166", value="RU")
    make.a_citation(public.quote, public.ruritania, "identifiers", "iso3166:RU")
    publish_cited(public.quote, public.ruritania)
    for typed in ("RU", "iso3166:RU"):
        answer = api(f"search/?q={typed}").data
        assert answer["results"][0]["slug"] == "ruritania"
        assert answer["matched"][0][0] == {"field": "identifiers", "text": "iso3166:RU", "ranges": [[0, 10]]}


def test_what_matched_stands_beside_the_results(api, public):
    answer = api("search/?q=kites&kind=quote").data
    [quote], [matched] = answer["results"], answer["matched"]
    assert {entry["field"] for entry in matched} >= {"exact"}
    for start, end in next(entry["ranges"] for entry in matched if entry["field"] == "exact"):
        assert quote["exact"][start:end].casefold() == "kites"
    assert quote in api("quotes/").data["results"]


def test_facets_count_what_was_found(api, public):
    answer = api("search/?q=kites&facets=kind,publisher").data
    kinds = {one["value"]: one["count"] for one in answer["facets"]["kind"]["values"]}
    assert sum(kinds.values()) == len(answer["results"]) and kinds["quote"] == 1
    publisher = answer["facets"]["publisher"]
    assert publisher["values"][0]["name"] == "Arcadian Courier" and publisher["is_exact"] is True
    assert api("search/?q=nothing&facets=kind").data["facets"]["kind"]["values"] == []
    assert api("search/?q=kites&facets=status", 400).data["errors"][0]["code"] == "not_allowed"


def test_full_text_knows_the_present_alone_and_says_so(api, public):
    [fault] = api("search/?q=kites&as_of=2024-01-01", 400).data["errors"]
    assert fault["name"] == "as_of" and fault["code"] == "not_with_q"


@pytest.mark.parametrize("typed", ["b", "brz", "olga b", "brzes olg", "Олг", "brzezk", "BRZESKA"])
def test_what_is_half_typed_is_completed(suggested, people_of, typed):
    people_of("Olga Brzeska", "Jan Kowal")
    assert suggested(typed)[0] == "olga-brzeska"


def test_the_best_known_come_first_but_what_is_called_just_that_before(suggested, people_of, public):
    people_of("Adalbert Grau", "Ada")
    assert suggested("ada") == ["ada", "ada-fell", "adalbert-grau"]


def test_a_suggestion_shows_the_name_that_was_meant(api, public):
    public.ruritania.names.create(text="Kingdom of Ruthen", kind="alias")
    publish_cited(public.quote, public.ruritania)
    [row] = api("suggest/?q=ruth").data["results"]
    assert row == {
        "kind": "organisation",
        "slug": "ruritania",
        "name": "Ruritania",
        "matched": {"text": "Kingdom of Ruthen", "ranges": [[11, 17]], "is_misspelt": False},
        "description": "state",
        "href": "/api/v1/organisations/ruritania/",
    }


def test_a_designation_is_completed_however_it_is_written(suggested, public):
    publish_cited(public.quote, make.an_organisation("wing", name="F-16 Wing"), make.an_organisation("yard", name="KV2 Yard"))
    for typed, found in (("f-16", "wing"), ("f16", "wing"), ("F16 wi", "wing"), ("kv2", "yard"), ("kv-2", "yard")):
        assert suggested(typed) == [found], typed


def test_suggestions_by_kind_and_number(suggested):
    assert suggested("a&kind=person") == ["ada-fell"]
    assert len(suggested("a&limit=1")) == 1


def test_drafts_are_in_no_answer(api, suggested, public):
    make.a_person("olga-brzeska", name="Olga Brzeska")
    assert suggested("brz") == []
    assert api("search/?q=brzeska").data["results"] == []
    assert name_search.find_name_candidates("Olga Brzeska") == []


def test_what_is_withdrawn_renamed_or_merged_is_gone_with_its_print_run(suggested, people_of, public):
    olga, jan = people_of("Olga Brzeska", "Jan Kowal")
    assert suggested("kow") == ["jan-kowal"]
    jan.name = "Jan Malarz"
    jan.save()
    publish_cited(public.quote, jan)
    assert suggested("kow") == [] and suggested("mal") == ["jan-kowal"]
    withdraw([olga])
    assert suggested("brz") == []
    assert list(name_index.stale_name_keys()) == []


def test_renown_follows_what_is_public(people_of, promise, public):
    held = lambda: {(row.kind, row.slug): row.mentions for row in MentionCount.objects.all() if row.mentions}  # noqa: E731
    before = held()
    gift = promise("gift", by=[public.arcadia])
    assert held()["organisation", "arcadia"] == before["organisation", "arcadia"] + 1
    withdraw([gift])
    assert held() == before
    assert list(name_index.stale_name_keys()) == []


def test_candidates_tell_kind_edition_score_and_name(people_of):
    people_of("Olga Brzeska")
    [best, *_] = name_search.find_name_candidates("Brzeska, Olga", ["person"], 3)
    assert (best.kind, best.slug, best.name) == ("person", "olga-brzeska", "Olga Brzeska") and best.score > 0.9
    assert name_search.find_name_candidates("Olga Brzeska", ["facility"]) == []


def test_check_data_sees_keys_that_are_not_those_of_today_and_index_names_mends_them(public, capsys):
    NameKey.objects.filter(key="fell").delete()
    assert list(name_index.stale_name_keys()) == [("person", "ada-fell")]
    with pytest.raises(CommandError):
        call_command("check_data", json=True)
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert ("person", "ada-fell") in {(one["model"], one["record"]) for one in told}
    call_command("index_names")
    assert list(name_index.stale_name_keys()) == []


@pytest.mark.parametrize("typed", ["%", "😀", '"', "' OR 1=1 --", "*", "\u202eabc", "a" * 101, ""])
def test_what_has_no_word_is_refused(api, public, typed):
    from urllib.parse import quote

    response = api(f"suggest/?q={quote(typed)}", status=200 if "OR" in typed else 400)
    assert response.status_code == 200 or response.data["errors"][0]["name"] == "q"


@pytest.mark.parametrize(
    "name",
    ["Olga Maria Brzeska Kowal Nowak Zielinska", "Olgha Marya Brezska Kovall Novack Zelinska", "Ольга Мария Бжеска Коваль"],
)
def test_a_name_all_of_whose_words_are_common_is_found_too(api, people_of, monkeypatch, name):
    """However many keys have to be looked up by kind and renown: SQLite puts together no more than 500 selects."""
    people_of("Olga Maria Brzeska Kowal Nowak Zielinska")
    monkeypatch.setattr(name_search, "RARE_KEY_LIMIT", 1)
    assert "olga-maria-brzeska-kowal-nowak-zielinska" in [one.slug for one in name_search.find_name_candidates(name)]
    for address in ("search", "suggest"):
        api(f"{address}/?q={name}")


def test_a_mention_is_shown_and_found_by_nothing(api, suggested, slugs, public):
    public.ruritania.names.create(text="the borrower", kind="mention")
    public.ruritania.names.create(text="RRT", kind="acronym", origin="outside")
    make.a_citation(public.quote, public.ruritania, "names", "the borrower")
    publish_cited(public.quote, public.ruritania)
    shown = api("organisations/ruritania/").data["names"]
    assert [(name["text"], name["kind"], name["origin"]) for name in shown] == [
        ("RRT", "acronym", "outside"),
        ("the borrower", "mention", "sources"),
    ]
    assert slugs("organisations/?name=the borrower") == slugs("entities/?q=borrower") == suggested("borrower") == []
    assert api("search/?q=borrower").data["results"] == []
    queries = json.dumps({"q0": {"query": "the borrower"}})
    assert api(f"reconcile/?queries={quote(queries)}").data["q0"]["result"] == []
    assert slugs("organisations/?name=rrt") == ["ruritania"]
    node = json.loads(api("organisations/ruritania.jsonld").content)
    assert (node["alternateName"], node["mentionedAs"]) == (["RRT"], ["the borrower"])
