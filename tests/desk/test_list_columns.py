"""Columns of lists, the counts of their filters, and each user's choice of columns."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from entities.formatting import format_list_date
from entities.models import Commitment, Organisation
from entities.vocabulary import Status
from nato_support.desk.models import ListColumns
from nato_support.desk.records import filter_counts
from tests import world as make
from tests.desk.conftest import page


def cells(html: str, column: str) -> list[str]:
    """The text of the cells of a column, from the top."""
    found = re.findall(rf'<t[hd] class="field-{column} [^>]*>(.*?)</t[hd]>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in found]


def listed(desk, model, **query) -> str:
    return desk.get(page(model, "changelist"), query).text


def options(desk, model, name: str, **query) -> dict[str, str]:
    """Value and label of each option of a filter."""
    select = re.search(rf'<select name="{name}".*?</select>', listed(desk, model, **query), re.DOTALL)
    assert select
    found = re.findall(r'<option value="([^"]*)"[^>]*>(.*?)</option>', select[0], re.DOTALL)
    return {value: " ".join(label.split()) for value, label in found}


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2024-06-14", "2024-06-14"),
        ("2024", "2024"),
        ("2024-06~", "about 2024-06"),
        ("2024-06-14?", "2024-06-14 (uncertain)"),
        ("2024-06-15/2024-07", "2024-06-15 to 2024-07"),
        ("2023/..", "from 2023 on"),
        ("../2024-12-31", "by 2024-12-31"),
        ("", ""),
        ("soon", "soon"),
    ],
)
def test_lists_write_dates_in_digits_and_no_more_precisely(date, words):
    assert format_list_date(date) == words


def test_amounts_stand_as_stated_with_the_exact_number_behind(desk, db):
    promise = make.a_commitment("promise")
    step = make.a_milestone(promise, "delivered", "2025")
    make.a_measure(promise, "came", value=4, upper=None, unit="kite", qualifier="none", milestone=step, as_stated="four kites")
    make.a_measure(promise, "m", value=1_200_000, upper=None, unit="", currency="EUR", kind="money", qualifier="at_least")
    html = listed(desk, Commitment)
    assert cells(html, "stated_amounts") == ["at least €1.2 million delivered: 4 kites"]
    assert "at least €1,200,000 (in the source" in html


def test_more_amounts_than_fit_are_counted_and_conversions_left_out(desk, db):
    promise = make.a_commitment("promise")
    money = {"upper": None, "unit": "", "currency": "EUR", "kind": "money", "qualifier": "none"}
    first, *_ = [make.a_measure(promise, f"m{n}", value=n, **money) for n in (1, 2, 3)]
    make.a_measure(promise, "usd", value=9, conversion_of=first, **money | {"currency": "USD"})
    assert cells(listed(desk, Commitment), "stated_amounts") == ["€1 €2 and 1 more"]


def test_the_announcement_is_the_earliest_that_is_dated_and_the_list_is_sorted_by_it(desk, db):
    late, early, never = (make.a_commitment(slug) for slug in ("late", "early", "never"))
    make.a_milestone(late, "announced", "2024-08", key="one")
    make.a_milestone(late, "announced", "2024-09", key="two")
    make.a_milestone(late, "announced", "", key="three")
    make.a_milestone(early, "announced", "2023~")
    make.a_milestone(never, "agreed", "2020")
    html = listed(desk, Commitment)
    assert dict(zip(cells(html, "name"), cells(html, "announced_day"), strict=True)) == {
        "Late": "2024-08", "Early": "about 2023", "Never": "–",
    }  # fmt: skip
    place = re.search(r"column-announced_day.*?\?o=-?(\d+)", html, re.DOTALL)
    assert place
    assert cells(listed(desk, Commitment, o=f"-{place[1]}"), "name") == ["Late", "Early", "Never"]
    assert cells(listed(desk, Commitment, o=place[1]), "name") == ["Early", "Late", "Never"]


def test_badges_stand_for_exceptions_only(desk, arcadia):
    badge = re.compile(r'class="field-status_badge [^>]*>\s*<span')
    assert badge.search(listed(desk, Organisation))
    Organisation.objects.update(status=Status.PUBLISHED)
    html = listed(desk, Organisation)
    assert cells(html, "status_badge")[0].startswith("published") and not badge.search(html)


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("nature__exact", {"pledge": 2, "refusal": 1, "plan": 0}),
        ("status", {"draft": 3, "published": 0}),
        ("stage", {"announced": 1, "delivered": 0, "none": 2}),
        ("overdue", {"yes": 1, "no": 0}),
    ],
)
def test_options_of_filters_tell_how_many_rows_they_leave(desk, db, name, counted):
    make.a_milestone(make.a_commitment("one", nature="pledge"), "announced")
    make.a_commitment("two", nature="pledge", due="2020")
    make.a_commitment("three", nature="refusal")
    labels = options(desk, Commitment, name)
    assert {value: int(labels[value].rpartition("(")[2].rstrip(")")) for value in counted} == counted


def test_a_filter_in_force_counts_what_the_others_leave(desk, db):
    make.a_commitment("one", nature="pledge", category="funding")
    make.a_commitment("two", nature="refusal", category="funding")
    make.a_commitment("three", nature="plan", category="training")
    query = {"nature__exact": "pledge", "category__exact": "funding"}
    assert options(desk, Commitment, "nature__exact", **query)["refusal"] == "refusal (1)"
    assert options(desk, Commitment, "nature__exact", **query)["plan"] == "plan (0)"
    assert options(desk, Commitment, "category__exact", **query)["training"] == "training (0)"


def test_a_long_list_is_counted_on_demand_only(desk, db, monkeypatch):
    monkeypatch.setattr(filter_counts, "COUNTED_AT_ONCE", 1)
    for slug in ("one", "two"):
        make.a_commitment(slug, nature="pledge")
    assert options(desk, Commitment, "nature__exact")["pledge"] == "pledge"
    assert options(desk, Commitment, "nature__exact", nature__exact="pledge")["pledge"] == "pledge"
    assert options(desk, Commitment, "nature__exact", _facets="True")["pledge"] == "pledge (2)"


def test_each_filter_in_force_is_a_link_that_removes_it(desk, arcadia):
    make.a_commitment("one", [arcadia], nature="pledge")
    html = listed(desk, Commitment, nature__exact="pledge", committed_by__entity__exact=arcadia.pk)
    chips = re.search(r'<ul class="list-chips".*?</ul>', html, re.DOTALL)
    assert chips and "nature: pledge" in chips[0] and f"committed by: {arcadia.name}" in chips[0]
    assert f'href="?committed_by__entity__exact={arcadia.pk}"' in chips[0] and 'href="?nature__exact=pledge"' in chips[0]


def choose(desk, *columns, **more):
    return desk.post("/admin/columns/", {"list": "entities_commitment", "column": columns, "query": "o=-1"} | more)


def test_a_user_chooses_columns_and_returns_to_the_usual_ones(desk, kites):
    assert cells(listed(desk, Commitment), "category") == []
    answer = choose(desk, "category", "no_such_column")
    assert answer["Location"] == "/admin/entities/commitment/?o=-1"
    html = listed(desk, Commitment)
    assert cells(html, "category") and cells(html, "name") and not cells(html, "status_badge")
    assert "column-status_badge" not in html
    choose(desk, reset="1")
    assert cells(listed(desk, Commitment), "status_badge") and not ListColumns.objects.exists()


def test_the_choice_is_the_users_own_and_unknown_columns_of_it_are_ignored(desk, kites, administrator):
    ListColumns.objects.create(owner=administrator, list="entities_commitment", hidden=["gone", "name", "stage_badge"])
    html = listed(desk, Commitment)
    assert cells(html, "name") and not cells(html, "stage_badge")
    other = Client()
    other.force_login(User.objects.create_superuser("jan"))
    assert cells(listed(other, Commitment), "stage_badge")


def test_the_order_of_a_list_means_the_same_column_whatever_is_hidden(desk, db):
    for slug, nature in (("b", "pledge"), ("a", "plan")):
        make.a_commitment(slug, nature=nature)
    before = cells(listed(desk, Commitment, o="3"), "name")
    choose(desk, "nature_badge")
    assert cells(listed(desk, Commitment, o="3"), "name") == before == ["A", "B"]


def test_columns_are_chosen_only_of_lists_that_one_may_see(client, db):
    client.force_login(User.objects.create_user("stranger", is_staff=True))
    assert choose(client, "category").status_code == 403
    assert client.post("/admin/columns/", {"list": "no_such"}).status_code == 404
