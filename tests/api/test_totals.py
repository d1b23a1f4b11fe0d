"""Totals: each promise once, and everything else left out for a reason that is told."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from entities import merging
from entities.merging import SURVIVOR
from entities.vocabulary import BENEFITING_NATURES
from nato_support.api.totals import selected_commitments
from nato_support.publishing.editions import totals_row
from nato_support.publishing.merge_publication import merge_and_publish
from nato_support.publishing.publication import withdraw
from tests import world as make
from tests.invented import publish_cited


@pytest.fixture
def pledge(public):
    """Publishes a commitment with amounts: pledge("tents", "5 million", money="5000000") is Arcadia's, for Ruritania."""

    def made(slug: str, amounts=(), *, by=None, to="", milestone=None, **fields):
        givers = [public.arcadia] if by is None else by
        benefits = fields.get("nature", "pledge") in BENEFITING_NATURES
        fields = {"beneficiary": public.ruritania if benefits else None, "category": "funding"} | fields
        commitment = make.a_commitment(slug, by=givers, **fields)
        for at, amount in enumerate(amounts):
            make.a_measure(commitment, f"m{at}", **amount)
        if milestone:
            make.a_milestone(commitment, *milestone)
        publish_cited(public.quote, commitment)
        return commitment

    return made


@pytest.fixture
def joined(public):
    """Publishes a relation: joined(again, "restates", first)."""

    def made(subject, type: str, object):
        kind = make.a_relation_type(type, ("commitment", "commitment"))
        relation = make.a_relation(subject, object, kind)
        publish_cited(public.quote, relation)
        return relation

    return made


def money(value, currency="EUR", **fields) -> dict:
    return {"kind": "money", "value": value, "currency": currency, "unit": "", "as_stated": f"{value} {currency}"} | fields


UNSPECIFIED = {"value": None, "qualifier": "unspecified", "unit": "tent", "as_stated": "tents"}
SHARE = {"kind": "percent", "value": 2, "unit": "percent of GDP", "as_stated": "two percent"}


@pytest.fixture
def sums(api):
    """{(currency or unit): (low, high)} of the totals at an address; the whole adds up."""

    def asked(query: str = "") -> dict:
        answer = api(f"commitments/totals/{query}").data
        check(api, answer)
        return {
            one["currency"] or one["unit"]: (one["low"], one["high"] + ("+" if one["is_open_ended"] else ""))
            for one in answer["included"]["sums"]
        }

    return asked


def check(api, answer: dict) -> None:
    """Every number of totals is the number of rows behind it, and they add up."""
    left_out = {one["reason"]: one["count"] for one in answer["left_out"]}
    assert answer["matched"] == answer["included"]["count"] + sum(left_out.values())
    assert len(walked(api, answer["rows"])) == answer["matched"]
    assert len(walked(api, answer["included"]["href"])) == answer["included"]["count"]
    for one in answer["left_out"]:
        assert len(walked(api, one["href"])) == one["count"]
    for group in answer["groups"]:
        counted = group["included"]["count"] + sum(one["count"] for one in group["left_out"])
        assert group["matched"] == counted == len(walked(api, group["rows"]))
    if not answer["groups_overlap"] and answer["by"]:
        assert sum(group["matched"] for group in answer["groups"]) == answer["matched"]


def walked(api, address: str) -> list[str]:
    slugs = []
    while address:
        page = api(address).data
        slugs += [row["slug"] for row in page["results"]]
        address = page["next"]
    assert len(set(slugs)) == len(slugs)
    return slugs


def reasons(api, query: str = "") -> dict[str, str]:
    """slug -> why it is left out, or included."""
    answer = api(f"commitments/totals/{query}").data
    found = {slug: one["reason"] for one in answer["left_out"] for slug in walked(api, one["href"])}
    return found | dict.fromkeys(walked(api, answer["included"]["href"]), "included")


def test_amounts_are_added_by_unit_and_never_across_currencies(sums, pledge):
    pledge("one", [money("40.50")])
    pledge("two", [money("2")])
    pledge("three", [money("7", "USD")])
    assert sums("?category=funding") == {"EUR": ("42.5", "42.5"), "USD": ("7", "7")}
    assert sums() == {"EUR": ("42.5", "42.5"), "USD": ("7", "7"), "kite": ("40", "40")}


def test_what_is_spent_on_oneself_is_no_aid(api, pledge, public):
    pledge("aid", [money("5")])
    pledge("own", [money("70")], beneficiary=public.arcadia)
    pledge("whose", [money("600")], beneficiary=None)
    found = api("commitments/totals/?category=funding").data["included"]["sums"]
    assert {(one["beneficiary"] or {}).get("slug"): one["low"] for one in found} == {
        "ruritania": "5",
        "arcadia": "70",
        None: "600",
    }
    [one] = api("commitments/totals/?beneficiary=ruritania&category=funding").data["included"]["sums"]
    assert one["low"] == one["high"] == "5"
    assert one["beneficiary"]["name"] == "Ruritania"


@pytest.mark.parametrize(
    "nature", ["plan", "target", "forecast", "hope", "condition", "refusal", "assurance", "discussion", "action"]
)
def test_what_is_no_promise_is_left_out(api, sums, pledge, nature):
    pledge("firm", [money("5")])
    pledge("not-firm", [money("70")], nature=nature)
    assert sums("?category=funding") == {"EUR": ("5", "5")}
    assert reasons(api, "?category=funding")["not-firm"] == nature
    alone = {} if nature in ("condition", "refusal", "assurance", "discussion") else {"EUR": ("70", "70")}
    assert sums(f"?nature={nature}") == alone
    assert sums(f"?nature={nature},pledge&category=funding") == {"EUR": ("5", "5")}
    assert sums(f"?nature={nature},hope,plan&category=funding") == {}


def test_limits_and_ranges_give_both_ends(api, sums, pledge):
    pledge("exact", [money("1")])
    pledge("about", [money("10", qualifier="about")])
    pledge("range", [money("100", upper="150")])
    pledge("limit", [money("1000", qualifier="up_to")])
    assert sums("?category=funding") == {"EUR": ("111", "1161")}
    pledge("floor", [money("20000", qualifier="at_least")])
    assert sums("?category=funding") == {"EUR": ("20111", "21161+")}
    [one] = api("commitments/totals/?category=funding").data["included"]["sums"]
    assert one["qualifiers"] == {"about": 1, "at_least": 1, "none": 2, "up_to": 1}
    assert one["commitments"] == 5


def test_zero_is_an_amount_and_no_number_is_none(api, sums, pledge):
    pledge("zero", [money("0")])
    pledge("tents", [UNSPECIFIED])
    pledge("words")
    pledge("share", [SHARE])
    assert sums("?category=funding") == {"EUR": ("0", "0")}
    assert reasons(api, "?category=funding") == {
        "zero": "included",
        "tents": "unspecified",
        "words": "no_amount",
        "share": "percentage",
    }


def test_several_amounts_of_one_commitment_may_contain_each_other(sums, pledge):
    pledge("twice", [money("30"), money("10"), {"value": 5, "unit": "tent", "as_stated": "5 tents"}])
    assert sums("?category=funding") == {"EUR": ("30", "40"), "tent": ("5", "5")}


def test_a_conversion_is_never_added(sums, pledge, public):
    aid = pledge("aid", [money("40")])
    before = sums("?category=funding")
    make.a_measure(aid, "usd", conversion_of=aid.measures.get(), **money("43", "USD"))
    publish_cited(public.quote, aid)
    assert sums("?category=funding") == before == {"EUR": ("40", "40")}


@pytest.mark.parametrize(
    ("package", "parts", "added", "compared"),
    [
        ([money("40")], [[money("10")], [money("15")]], {"EUR": ("40", "40")}, {"EUR": "fall_short"}),
        ([money("40")], [[money("10")], [money("30")]], {"EUR": ("40", "40")}, {"EUR": "match"}),
        ([money("40")], [[money("10")], [money("35")]], {"EUR": ("40", "40")}, {"EUR": "exceed"}),
        ([money("40")], [[money("9", qualifier="at_least")]], {"EUR": ("40", "40")}, {"EUR": "match"}),
        # Nothing tells what dollars are worth, but they are part of the package.
        ([money("40")], [[money("10", "USD")]], {"EUR": ("40", "40")}, {}),
        # The package names no amount: its parts do.
        ([], [[money("10")], [money("15")]], {"EUR": ("25", "25")}, {}),
        ([money(None, qualifier="unspecified")], [[money("10")]], {"EUR": ("10", "10")}, {}),
        ([money("40")], [], {"EUR": ("40", "40")}, {}),
        # Things are not money.
        ([money("40")], [[UNSPECIFIED | {"value": 7, "qualifier": "none"}]], {"EUR": ("40", "40"), "tent": ("7", "7")}, {}),
    ],
)
def test_a_package_and_its_parts_are_not_both_added(api, sums, pledge, package, parts, added, compared):
    whole = pledge("whole", package)
    for at, amounts in enumerate(parts):
        pledge(f"part-{at}", amounts, part_of=whole)
    assert sums("?category=funding") == added
    told = api("commitments/totals/?category=funding").data["packages"]
    assert {one["currency"]: one["parts_compared"] for one in told} == compared
    assert all(one["package"]["name"] == "Whole" for one in told)


def test_packages_in_packages(api, sums, pledge):
    whole = pledge("whole", [money("40")])
    middle = pledge("middle", part_of=whole)
    pledge("part", [money("10")], part_of=middle)
    assert sums("?category=funding") == {"EUR": ("40", "40")}
    assert reasons(api, "?category=funding") == {"whole": "included", "middle": "no_amount", "part": "counted_in_package"}


def test_a_part_counts_where_its_package_is_not_asked_for(sums, pledge, public):
    whole = pledge("whole", [money("40")], by=[public.ruritania])
    pledge("part", [money("10")], part_of=whole)
    assert sums("?committed_by=arcadia&category=funding") == {"EUR": ("10", "10")}


def test_packages_of_each_other_are_counted_once(api, sums, pledge, public):
    one = pledge("one", [money("40")])
    two = pledge("two", [money("40")], part_of=one)
    one.part_of = two
    one.save()
    publish_cited(public.quote, one)
    assert sums("?category=funding") == {"EUR": ("40", "40")}


def test_an_announcement_made_again_is_not_added_again(api, sums, pledge, joined):
    first = pledge("first", [money("40")], milestone=("announced", "2024-02"))
    again = pledge("again", [money("40")], milestone=("announced", "2025-02"))
    assert sums("?category=funding") == {"EUR": ("80", "80")}
    joined(again, "restates", first)
    assert sums("?category=funding") == {"EUR": ("40", "40")}
    assert reasons(api, "?category=funding") == {"first": "included", "again": "restated"}
    # It promised nothing new in its year either.
    assert sums("?date_from=2025&category=funding") == {}


def test_what_replaces_a_pledge_counts_in_its_place(api, sums, pledge, joined):
    old = pledge("old", [money("40")])
    pledge("old-part", [money("9", "USD")], part_of=old)
    again = pledge("again", [money("40")])
    new = pledge("new", [money("50")])
    joined(again, "restates", old)
    joined(new, "replaces", old)
    assert sums("?category=funding") == {"EUR": ("50", "50")}
    assert reasons(api, "?category=funding") == {
        "new": "included",
        "old": "replaced",
        "again": "restated",
        "old-part": "replaced",
    }


@pytest.mark.parametrize(
    "pairs", [["a b", "b a"], ["a b", "b c", "c a"], ["a b", "b a", "a c", "c d", "d c"], ["c a", "a b", "b a"]]
)
def test_those_that_restate_each_other_are_counted_once(sums, pledge, joined, pairs):
    made = {slug: pledge(slug, [money("40")]) for slug in sorted({slug for pair in pairs for slug in pair.split()})}
    for pair in pairs:
        subject, object = pair.split()
        joined(made[subject], "restates", made[object])
    assert sums("?category=funding") == {"EUR": ("40", "40")}


@pytest.mark.parametrize("stage", ["dropped", "refused"])
def test_what_was_dropped_falls_with_its_parts(api, sums, pledge, stage):
    whole = pledge("whole", milestone=(stage, "2025-01-01"))
    pledge("part", [money("10")], part_of=whole)
    # Even where the package is not among what was asked for.
    pledge("elsewhere", [money("20")], part_of=whole, category="training")
    assert sums("?category=funding") == sums("?category=training") == {}
    assert reasons(api, "?category=funding") == {"whole": stage, "part": stage}


def test_a_joint_commitment_is_in_the_group_of_each_party(api, pledge, public):
    pledge("joint", [money("40")], by=[public.arcadia, public.ruritania])
    pledge("single", [money("2")])
    pledge("nobody", [money("1")], by=[])
    answer = api("commitments/totals/?category=funding&by=party").data
    check(api, answer)
    assert answer["groups_overlap"] is True
    told = {(group["key"]["party"] or {}).get("slug"): group["included"]["sums"][0]["low"] for group in answer["groups"]}
    assert told == {"arcadia": "42", "ruritania": "40", None: "1"}
    assert answer["included"]["sums"][0]["low"] == "43"
    assert api("commitments/totals/?category=funding&by=category").data["groups_overlap"] is False


def test_groups(api, pledge):
    pledge("early", [money("1")], milestone=("announced", "2023"))
    pledge("late", [money("2"), money("5", "USD")], milestone=("agreed", "2024-03"))
    pledge("whenever", [UNSPECIFIED])

    def grouped(by: str) -> dict:
        answer = api(f"commitments/totals/?category=funding&by={by}").data
        check(api, answer)
        return {
            tuple(part["slug"] if isinstance(part, dict) else part for part in group["key"].values()): [
                one["low"] for one in group["included"]["sums"]
            ]
            for group in answer["groups"]
        }

    assert grouped("year") == {("2023",): ["1"], ("2024",): ["2", "5"], (None,): []}
    assert grouped("stage") == {("announced",): ["1"], ("agreed",): ["2", "5"], (None,): []}
    assert grouped("currency") == {("EUR",): ["3"], ("USD",): ["5"], (None,): []}
    assert grouped("nature,category") == {("pledge", "funding"): ["3", "5"]}
    assert grouped("beneficiary,year") == {
        ("ruritania", "2023"): ["1"],
        ("ruritania", "2024"): ["2", "5"],
        ("ruritania", None): [],
    }
    assert grouped("currency,party")["USD", "arcadia"] == ["5"]


def test_as_of_adds_up_what_the_register_said_then(api, sums, pledge, public):
    pledge("one", [money("1")])
    release = api("").data["meta"]["release"]
    two = pledge("two", [money("20")])
    assert sums(f"?category=funding&as_of=release:{release}") == {"EUR": ("1", "1")}
    then = api("commitments/totals/?category=funding").data["rows"]
    withdraw([two])
    assert sums("?category=funding") == {"EUR": ("1", "1")}
    # What is withdrawn is public at no release any more.
    assert walked(api, then) == ["one"]


def test_rows_are_walked_by_slug_at_one_stamp(api, pledge):
    for slug in ("c", "a", "b"):
        pledge(slug, [money("1")])
    first = api("commitments/totals/rows/?category=funding&page_size=2&standing=included").data
    assert [row["slug"] for row in first["results"]] == ["a", "b"]
    assert first["count"] == 3
    pledge("bb", [money("1")])
    second = api(first["next"]).data
    assert [row["slug"] for row in second["results"]] == ["c"]
    assert second["next"] is None
    assert api("commitments/totals/rows/?category=funding&by=year&group=2031").data["results"] == []


def test_a_filter_by_a_merged_record_leads_on(api, public):
    other = make.an_organisation("old-arcadia", name="Arcadia")
    publish_cited(public.quote, other)
    choices = {"name": SURVIVOR, "type": SURVIVOR}
    merge_and_publish(
        other, public.arcadia, choices, expected_digest=merging.plan_merge(other, public.arcadia, choices).digest, confirmed=True
    )
    for address in ("commitments/totals/", "commitments/totals/rows/"):
        answer = api(f"{address}?by=year&committed_by=old-arcadia", 308)
        assert answer.headers["Location"].endswith(f"{address}?by=year&committed_by=arcadia")


BAD_QUESTIONS = [
    ("by=colour", "by"),
    ("by=party,party", "by"),
    ("by=party,year,stage", "by"),
    ("by=party&by=year", "by"),
    ("ordering=date", "ordering"),
    ("page_size=2", "page_size"),
    ("count=true", "count"),
    ("group=arcadia", "group"),
    ("committed_by=%00", "committed_by"),
]


def test_bad_questions(api, subtests):
    for query, name in BAD_QUESTIONS:
        with subtests.test(query=query, name=name):
            [fault] = api(f"commitments/totals/?{query}", 400).data["errors"]
            assert fault["name"] == name


BAD_QUESTIONS_ABOUT_ROWS = [
    "group=arcadia",
    "by=year&group=a,b",
    "by=party,year&group=a",
    "standing=liked",
    "group=%D9%A3",
    "by=year&group=,",
    "cursor=abc",
]


def test_bad_questions_about_rows(api, subtests):
    for query in BAD_QUESTIONS_ABOUT_ROWS:
        with subtests.test(query=query):
            api(f"commitments/totals/rows/?{query}", 400)


def test_too_many_to_add_up_are_refused_with_the_bound(api, pledge, monkeypatch):
    monkeypatch.setattr(selected_commitments, "MAX_COMMITMENTS", 2)
    for slug in ("a", "b"):
        pledge(slug, [money("1")])
    problem = api("commitments/totals/", 400).data
    assert problem["type"] == "/api/v1/problems/too-much/"
    assert problem["most"] == 2
    assert api("commitments/totals/?category=funding").data["matched"] == 2


def test_too_many_relations_between_commitments_are_refused_with_the_bound(api, pledge, joined, monkeypatch):
    a = pledge("a", [money("1")])
    b, c = (pledge(slug, [money("1")], category="equipment") for slug in "bc")
    for subject, object in ((a, b), (a, c), (b, c)):
        joined(subject, "restates", object)
    monkeypatch.setattr(selected_commitments, "MAX_COMMITMENTS", 2)
    problem = api("commitments/totals/?category=funding", 400).data
    assert problem["type"] == "/api/v1/problems/too-much/"
    assert problem["most"] == 2
    assert "as_of" in problem["detail"]


def test_a_long_tally_comes_back_whole():
    lean = {
        "slug": "long",
        "nature": "pledge",
        "category": "funding",
        "stage": None,
        "milestones": [],
        "part_of": None,
        "beneficiary": None,
        "committed_by": [{"slug": f"a-rather-long-name-of-a-giver-{at}"} for at in range(500)],
        "measures": [money("5.25", upper=None, qualifier="about", unit=None, as_of=None)],
    }
    pieces = totals_row.split_totals_row(lean)
    assert len(pieces) > 20
    assert max(map(len, pieces)) <= 700
    found = totals_row.join_totals_row(list(reversed(pieces)))
    assert (found.slug, found.stage, found.year, found.package) == ("long", "", "", "")
    assert found.givers == [giver["slug"] for giver in lean["committed_by"]]
    assert found.amounts == [("money", "EUR", "5.25", "", "about")]


@pytest.mark.parametrize("seed", range(4))
def test_random_worlds_add_up(api, sums, pledge, joined, public, seed):
    chance = random.Random(seed)
    natures = ["pledge", "decision", "plan", "refusal", "action"]
    made = []
    firm = []
    for at in range(14):
        amounts = chance.choice(
            [[], [money(str(chance.randint(1, 99)))], [UNSPECIFIED], [money("3", "USD", qualifier="up_to"), SHARE]]
        )
        within = chance.choice(made) if made and chance.random() < 0.5 else None
        giver = chance.choice([[], [public.arcadia], [public.arcadia, public.ruritania]])
        stage = chance.choice([None, ("announced", "2024"), ("dropped", "2025-02"), ("agreed", "2023-05-01")])
        one = pledge(f"c{at}", amounts, by=giver, part_of=within, nature=chance.choice(natures), milestone=stage)
        made.append(one)
        if amounts and stage != ("dropped", "2025-02"):
            firm.append(one)
    for _ in range(3):
        one, other = chance.sample(made, 2)
        joined(one, chance.choice(["restates", "replaces"]), other)
    before = sums()
    for by in ("party", "stage", "year,party", "currency", "nature"):
        check(api, api(f"commitments/totals/?by={by}").data)
    # Nothing of this is a further promise.
    pledge("refused", [money("1000")], nature="refusal")
    pledge("hoped", [money("1000")], nature="hope")
    again = pledge("again", [money("1000")])
    joined(again, "restates", chance.choice(made))
    if included := [one for one in made if reasons(api).get(one.slug) == "included" and before.get("EUR")]:
        whole = next((one for one in included if any(m.currency == "EUR" for m in one.measures.all())), None)
        if whole:
            pledge("part", [money("1")], part_of=whole)
    assert sums() == before


def test_sums_are_exact(api, pledge, sums):
    amounts = [Decimal("0.10"), Decimal("99999999999.99"), Decimal("123456789.20")] * 3
    for at, value in enumerate(amounts):
        pledge(f"c{at}", [money(str(value))])
    total = f"{sum(amounts).normalize():f}"
    assert sums("?category=funding") == {"EUR": (total, total)}


def test_a_reason_is_told_for_every_commitment(api, pledge):
    pledge("one", [money("1")])
    pledge("two", nature="hope")
    found = reasons(api)
    assert Counter(found.values()) == {"included": 2, "hope": 1}
