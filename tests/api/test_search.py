"""Ranked search: what is called so first, then what has the words in its name, then what has them anywhere."""

import pytest

from nato_support.api import dispatch, full_text_ranking, ranked_search
from nato_support.publishing.publication import publish
from tests import world as make


@pytest.fixture
def found(api):
    return lambda query: [row["slug"] for row in api(f"search/?q={query}").data["results"]]


@pytest.fixture
def kettles(promise):
    for slug, name in {
        "kettle-summary": "Tea",
        "long": "A very long name indeed of a promise about one kettle among many other things of the house",
        "short": "Kettle plan",
        "kettle": "Kettle",
    }.items():
        promise(slug, name=name, summary="Nothing of a kettle here but these words. " * (slug == "kettle-summary"))


@pytest.fixture(autouse=True)
def nothing_kept():
    ranked_search.rank_editions.cache_clear()
    full_text_ranking._has_few_hits.cache_clear()


@pytest.fixture(params=["few", "many"])
def either_way(request, monkeypatch):
    """Whether the hits are few enough to be ranked by the engine, or only the newest are ranked."""
    if request.param == "many":
        monkeypatch.setattr(full_text_ranking, "ALL_RANKED_LIMIT", 0)
    return request.param


def test_names_come_before_texts_and_the_very_name_first(found, kettles, either_way):
    assert found("kettle") == ["kettle", "short", "long", "kettle-summary"]


def test_another_name_is_a_name_too(found, kettles, public, either_way):
    public.ruritania.names.create(text="Kettle", kind="alias")
    make.a_citation(public.quote, public.ruritania, "names", "Kettle")
    public.ruritania.refresh_from_db()
    publish([public.ruritania])
    assert set(found("kettle")[:2]) == {"kettle", "ruritania"}


def test_what_was_renamed_is_not_found_by_its_old_name(found, public, either_way):
    public.kites.name = "Balloons"
    public.kites.save()
    publish([public.kites])
    assert found("%22forty%20kites%22&kind=commitment") == []
    assert found("balloons")[:1] == ["forty-kites"]


def test_by_kind(api, found, either_way):
    kinds = {row["kind"] for row in api("search/?q=kites").data["results"]}
    assert {"commitment", "quote", "document", "post"} <= kinds
    assert found("kites&kind=post,document") in (
        ["courier-2024-07-09", "minister-of-kites"],
        ["minister-of-kites", "courier-2024-07-09"],
    )


def test_an_incomplete_answer_says_so(api, kettles, monkeypatch):
    assert api("search/?q=kettle").data["meta"]["is_truncated"] is False
    monkeypatch.setattr(dispatch, "response_cache", dispatch.ResponseCache(0))
    ranked_search.rank_editions.cache_clear()
    monkeypatch.setattr(full_text_ranking, "ALL_RANKED_LIMIT", 1)
    assert api("search/?q=kettle").data["meta"]["is_truncated"] is True


def test_pages(api, kettles):
    whole = [row["slug"] for row in api("search/?q=kettle").data["results"]]
    walked, address = [], "search/?q=kettle&page_size=1"
    while address:
        page = api(address).data
        walked += [row["slug"] for row in page["results"]]
        back, address = page["previous"], page["next"]
    assert walked == whole
    assert api(back).data["results"][0]["slug"] == whole[-2]


def test_a_text_of_more_words_than_are_looked_up_is_refused_with_the_bound(api):
    words = [f"w{number}" for number in range(21)]
    for address in ("search/", "commitments/"):
        api(f"{address}?q={'+'.join(words[:20])}")
        [fault] = api(f"{address}?q={'+'.join(words)}", 400).data["errors"]
        assert (fault["name"], fault["code"], fault["allowed"]) == ("q", "too_many", {"most": 20})


def test_words_phrases_and_beginnings(found, kettles):
    assert found("kettle%20plan") == ["short"]
    assert found("%22plan%20kettle%22") == []
    assert set(found("kett*")) == set(found("kettle"))
    assert found("kett") == []
    assert found("KETTLES")[0] == "kettle"
