"""Questions to which the shipped register knows too little: asked of the API alone, over an invented world that tells more."""

import pytest

from nato_support.publishing.publication import publish
from tests import world as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def ask(client):
    def get(path: str, **parameters):
        answer = client.get(f"/api/v1/{path}", parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return get


@pytest.fixture
def published(public):
    """Cites each stated value of a record that lacks a citation, and publishes it."""

    def publish_cited(record):
        make.cite_values(public.quote, record)
        record.refresh_from_db()
        publish([record])
        return record

    return publish_cited


@pytest.fixture
def tents(public, published):
    """Forty tents by the end of 2024: ten came in May, about twenty in September."""
    tents = make.a_commitment("forty-tents", by=[public.arcadia], beneficiary=public.ruritania, due="../2024-12-31")
    make.a_measure(tents, "tents", unit="tent", as_stated="40 tents")
    for key, date, amount in [("may", "2024-05", {"value": 10}), ("september", "2024-09", {"value": 20, "qualifier": "about"})]:
        step = make.a_milestone(tents, "delivered", date, key=key)
        make.a_measure(tents, key, unit="tent", as_stated="tents", milestone=step, **amount)
    return published(tents)


def test_what_was_delivered_of_what(ask, tents):
    """10 and 18 to 22 of 40 tents: 28 to 32."""
    [row] = ask("commitments/", stage="delivered_in_part")["results"]
    assert (row["slug"], row["stage"]) == ("forty-tents", "delivered_in_part")
    [share] = row["shares"]
    assert (share["stage"], share["unit"], share["low"], share["high"]) == ("delivered", "tent", "0.7", "0.8")
    totals = ask("commitments/totals/", beneficiary="ruritania", unit="tent")
    assert [(one["low"], one["high"]) for one in totals["included"]["sums"]] == [("40", "40")]
    [ladder] = totals["included"]["ladder"]
    # Sums go by the numbers stated.
    assert [(rung["stage"], rung["low"], rung["high"]) for rung in ladder["rungs"]] == [
        (None, "40", "40"),
        ("delivered", "30", "30"),
    ]
    evidence = ask("commitments/forty-tents/")["evidence"]
    stated = {field: [c["value"] for c in evidence[field]["citations"]] for field in ("measures.may", "measures.september")}
    assert stated == {"measures.may": ["delivered: 10 tent"], "measures.september": ["delivered: about 20 tent"]}


def test_a_promise_kept_in_part_is_overdue_once_its_time_is_past(ask, tents):
    def overdue(day: str) -> list[str]:
        return [row["slug"] for row in ask("commitments/", overdue=day)["results"]]

    assert (overdue("2024-12-31"), overdue("2025-01-01")) == ([], ["forty-tents"])


def test_a_promise_kept_late_was_overdue_until_then(ask, tents, published):
    step = make.a_milestone(tents, "delivered", "2025-03-01", key="march")
    make.a_measure(tents, "march", unit="tent", value=12, as_stated="12 tents", milestone=step)
    published(tents)
    assert [row["slug"] for row in ask("commitments/", overdue="2025-02-28")["results"]] == ["forty-tents"]
    assert ask("commitments/", overdue="2025-03-02")["results"] == []


def test_who_held_a_post_whose_days_are_known(ask, public, published):
    holds = make.a_relation_type("holds", ("person", "post"))
    bo = published(make.a_person("bo-hill"))
    published(make.a_relation(public.ada, public.minister, holds, start="2020", end="2024-03-31"))
    published(make.a_relation(bo, public.minister, holds, start="2024-04-01"))

    def holders(day: str) -> list[str]:
        found = ask("relations/", object="minister-of-kites", type="holds", in_force=day)["results"]
        return [relation["subject"]["slug"] for relation in found]

    assert (holders("2019-12-31"), holders("2024-03-31"), holders("2024-04-01")) == ([], ["ada-fell"], ["bo-hill"])


def test_what_one_denies_that_another_affirms(ask, public, published):
    """Contested, with both sides in words; nothing is turned into its opposite."""
    denial = make.a_quote(public.document, "About 700 clerks are to count them in Harbourton", attribution="officials")
    make.a_relation_citation(denial, public.alliance, polarity="denies")
    publish([denial, public.alliance])
    [row] = ask("relations/", denied="relation")["results"]
    assert (row["slug"], row["denied"], row["contested"]) == (public.alliance.slug, ["relation"], ["relation"])
    evidence = ask(f"relations/{row['slug']}/")["evidence"]["relation"]
    assert [(one["value"], one["polarity"]) for one in evidence["statements"]] == [
        ("in_force: arcadia works-alongside ruritania", "affirms"),
        ("in_force: arcadia works-alongside ruritania", "denies"),
    ]
