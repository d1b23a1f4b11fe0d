"""What a filter leaves out because nobody knows whether it fits is counted, with the reason, in every answer."""

import json

import pytest

from nato_support.api import edition_queries, left_out
from nato_support.api.collections import COLLECTIONS
from nato_support.api.left_out import LEFT_OUT_REASONS
from nato_support.api.totals.totals_responses import TOTALS_COLLECTION
from tests import world as make
from tests.api.test_unknown_values import is_closed, unknown_value
from tests.invented import publish_cited

DATE, SAID, DUE = ({f"{field}_unknown"} for field in ("date", "said", "due"))
AMOUNT = {"amount_unspecified", "amount_in_other_unit", "amount_unknown"}
# Filter -> a value of it, and the reasons for which it may leave something out. All others judge every record.
JUDGES_NOT_ALL = {
    "date_from": ("2024", DATE),
    "date_to": ("2024", DATE),
    "date_overlaps": ("2024", DATE),
    "date_within": ("2024", DATE),
    "date_before": ("2024", DATE),
    "date_after": ("2024", DATE),
    "date_known": ("true", DATE),
    "said_overlaps": ("2024", SAID),
    "said_within": ("2024", SAID),
    "in_force": ("2024", {"in_force_unknown"}),
    "attested": ("2024", {"attested_unknown"}),
    "due_before": ("2024", DUE),
    "due_after": ("2024", DUE),
    "overdue": ("true", DUE),
    "period": ("2024", {"period_unknown"}),
    "amount_min": ("1&unit=kite", AMOUNT),
    "amount_max": ("1&currency=EUR", AMOUNT),
}
NO_FILTERS = {"ordering", "facets", "as_of", "page_size", "cursor", "count", "fields", "include"}


def some_value(parameter) -> str:
    words = parameter.schema.get("enum") or (["true"] if parameter.schema.get("type") == "boolean" else [])
    if parameter.name == "converted":
        return "true&currency=EUR"
    return "kites" if parameter.name == "q" else words[0] if is_closed(parameter) else unknown_value(parameter)


def test_every_filter_of_every_list_says_what_it_could_not_judge(api, subtests):
    lists = [*((f"{name}/", collection) for name, collection in COLLECTIONS.items()), ("commitments/totals/", TOTALS_COLLECTION)]
    seen = set()
    for address, collection in lists:
        for name, parameter in collection.parameters.items():
            if name in NO_FILTERS or name == "by":
                continue
            value, reasons = JUDGES_NOT_ALL.get(name) or (some_value(parameter), set())
            seen.add(name)
            with subtests.test(address=address, name=name):
                meta = api(f"{address}?{name}={value}").data["meta"]
                assert set(meta.get("left_out", ())) == reasons
                assert meta.get("left_out_is", "exact") == "exact"
                if reasons and address.count("/") == 1:
                    told = json.loads(api(f"{address[:-1]}.csv?{name}={value}").headers["Register-Meta"])
                    assert told["left_out"] == meta["left_out"]
    assert seen >= JUDGES_NOT_ALL.keys()
    assert set().union(*(reasons for _, reasons in JUDGES_NOT_ALL.values())) == set(LEFT_OUT_REASONS)


def test_what_judges_everything_leaves_nothing_out(api):
    for query in ("", "date_known=false", "overdue=false", "currency=EUR", "unit=kite", "count=true"):
        assert "left_out" not in api(f"commitments/?{query}").data["meta"], query


KITES = {"kind": "items", "unit": "kite"}
EUR, USD = ({"kind": "money", "currency": currency, "unit": ""} for currency in ("EUR", "USD"))
# Slug: (its amounts, due, date of its milestone), beside forty-kites of the world: 40 kites, no due, 9 July 2024.
PROMISES = {
    "rich": ([EUR | {"value": 900}, KITES | {"value": 3}], "2024-06", "2024-01"),
    "poor": ([EUR | {"value": 9}], "2026", "2024-02"),
    "vague": ([EUR | {"value": None, "qualifier": "unspecified"}], "", "2024"),
    # One of its amounts has a number, by which it is judged.
    "half-vague": ([EUR | {"value": None, "qualifier": "unspecified"}, EUR | {"value": 5, "key": "other"}], "", ""),
    "foreign": ([USD | {"value": 900}], "2024-05", ""),
    "bare": ([], "", ""),
    "late": ([], "2023", "2022"),
}


@pytest.fixture
def several(public):
    """The promises above, public, by Arcadia."""
    for slug, (amounts, due, date) in PROMISES.items():
        promise = make.a_commitment(slug, by=[public.arcadia], due=due)
        for at, amount in enumerate(amounts):
            make.a_measure(promise, **{"key": f"amount-{at}", "as_stated": slug} | amount)
        if date:
            make.a_milestone(promise, date=date)
        publish_cited(public.quote, promise)
    return public


def amounts(unspecified: int, in_other_unit: int, unknown: int) -> dict[str, int]:
    return {"amount_unspecified": unspecified, "amount_in_other_unit": in_other_unit, "amount_unknown": unknown}


# Query -> (what it finds, what is left out, counted by hand from the table above).
QUESTIONS = {
    "due_before=2025": (["foreign", "late", "rich"], {"due_unknown": 4}),
    "due_after=2025": (["poor"], {"due_unknown": 4}),
    "overdue=2024-06-15": (["foreign", "late"], {"due_unknown": 4}),
    "overdue=2024-06-15&due_after=2024-04": (["foreign"], {"due_unknown": 4}),
    "overdue=false&due_before=2025": ([], {"due_unknown": 4}),
    "due_before=2025&slug=bare,late": (["late"], {"due_unknown": 1}),
    "due_before=2025&date_from=2024": (["rich"], {"date_unknown": 1, "due_unknown": 2}),
    "amount_min=10&currency=EUR": (["rich"], amounts(1, 2, 2)),
    "amount_max=10&currency=EUR": (["half-vague", "poor"], amounts(1, 2, 2)),
    "amount_min=10&unit=kite": (["forty-kites"], amounts(0, 4, 2)),
    "amount_min=1&currency=EUR&measure=money": (["half-vague", "poor", "rich"], amounts(1, 1, 0)),
    "amount_min=1&currency=EUR&currency=USD": (["foreign", "half-vague", "poor", "rich"], amounts(1, 1, 2)),
    "amount_min=1&currency=EUR&converted=true": (["half-vague", "poor", "rich"], amounts(1, 2, 2)),
    "amount_min=10&currency=EUR&due_before=2025": (["rich"], {"due_unknown": 0} | amounts(0, 1, 1)),
    "date_before=2024": (["late"], {"date_unknown": 3}),
    "said_overlaps=2024-07-09&due_before=2025": (["foreign", "late", "rich"], {"said_unknown": 0, "due_unknown": 4}),
}


@pytest.mark.parametrize("query", QUESTIONS)
def test_what_is_left_out_is_counted_by_reason(api, several, query):
    found, expected = QUESTIONS[query]
    answer = api(f"commitments/?{query}&ordering=name").data
    assert [row["slug"] for row in answer["results"]] == found
    assert answer["meta"]["left_out"] == expected
    for address in ("commitments/totals/", "commitments/totals/rows/"):
        assert api(f"{address}?{query}").data["meta"]["left_out"] == expected
    release = answer["meta"]["release"]
    assert api(f"commitments/?{query}&as_of=release:{release}&count=true&facets=stage").data["meta"]["left_out"] == expected
    page = api(f"commitments/?{query}&page_size=1").data
    while page["next"]:
        assert page["meta"]["left_out"] == expected
        page = api(page["next"]).data


def test_what_is_left_out_is_what_the_rest_of_the_question_finds(api, several, slugs):
    """A record is found, fits not, or is counted once: together they are all that the other filters find."""
    for unit in ("currency=EUR", "unit=kite"):
        left_out_counts = api(f"commitments/?amount_min=10&{unit}").data["meta"]["left_out"]
        judged = slugs(f"commitments/?amount_min=0&{unit}")
        assert len(judged) + sum(left_out_counts.values()) == len(slugs("commitments/"))


def test_an_answer_as_of_earlier_counts_what_was_known_then(api, several):
    assert api("commitments/?due_before=2025&as_of=release:1").data["meta"]["left_out"] == {"due_unknown": 1}


def test_words_and_statements_without_a_day_are_counted(api, public):
    undated = make.a_document("undated", make.ARTICLE + "Nobody says when.\n", published_on="")
    unsaid = make.a_quote(undated)
    giver = make.an_organisation("third-party")
    relation = make.a_relation(giver, public.ruritania)
    make.cite_values(unsaid, giver, relation)
    publish_cited(unsaid, undated, unsaid, giver, relation)
    assert api("quotes/?said_within=2024").data["meta"]["left_out"] == {"said_unknown": 1}
    assert api("organisations/?said_overlaps=2024").data["meta"]["left_out"] == {"said_unknown": 1}
    assert api("relations/?attested=2024").data["meta"]["left_out"] == {"attested_unknown": 1}
    assert api("relations/?attested=2024&subject=arcadia").data["meta"]["left_out"] == {"attested_unknown": 0}


def test_the_graph_leaves_nothing_out_and_says_what_it_kept(api, public):
    meta = api("graph/arcadia/?active_on=2024-08").data["meta"]
    # The alliance and the post have no date.
    assert (meta["left_out"], meta["kept"]) == ({"in_force_unknown": 0}, {"in_force_unknown": 2})
    assert {"left_out", "kept"}.isdisjoint(api("graph/arcadia/").data["meta"])


def test_the_timeline_says_how_much_has_no_date(api, several):
    """The alliance, and the promises without a milestone or a due date."""
    counts = {
        "date_from=2024": 3,
        "date_to=2030&fact=quote": 0,
        "date_from=2024&fact=milestone": 2,
        "date_from=2024&fact=relation_start": 1,
        "date_from=2024&modality=in_force": 1,
        "date_from=2024&modality=planned": 0,
        "date_from=2024&fact=founded": 0,
    }
    for query, count in counts.items():
        assert api(f"timeline/arcadia/?{query}").data["meta"]["left_out"] == {"date_unknown": count}, query
    assert "left_out" not in api("timeline/arcadia/").data["meta"]


def test_beyond_a_bound_it_says_at_least(api, several, monkeypatch):
    left_out.cached_result_count.cache_clear()
    left_out._cached_counts_among_results.cache_clear()
    monkeypatch.setattr(edition_queries, "MAX_COUNTED", 3)
    for query in ("due_before=2025", "amount_min=1&currency=EUR"):
        meta = api(f"commitments/?{query}").data["meta"]
        assert meta["left_out_is"] == "at_least"
        assert 0 < sum(meta["left_out"].values()) <= 4
    assert "left_out_is" not in api("commitments/?due_before=2025&slug=bare,late").data["meta"]
    left_out.cached_result_count.cache_clear()
    left_out._cached_counts_among_results.cache_clear()
