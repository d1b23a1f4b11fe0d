"""Twenty-two promises and what came of them: stages, shares, what is overdue and the ladder, all computed by hand beside them."""

import pytest

from tests import world as make
from tests.invented import publish_cited

KITE, LOFT = {"kind": "items", "unit": "kite"}, {"kind": "items", "unit": "kite loft"}
EUR, USD = ({"kind": "money", "currency": currency, "unit": ""} for currency in ("EUR", "USD"))
NEW_YEAR = "2025-01-01"


def n(value, qualifier: str = "none", of=KITE, **fields) -> dict:
    return of | {"value": value, "qualifier": qualifier, "as_stated": f"{qualifier} {value}"} | fields


SOME = n(None, "unspecified")

# Slug: (promised, [(stage, date, amounts of that step)], due, stage reached, {stage and unit: (least, greatest share)}).
# “About” is a tenth either way, so about 100 is 90 to 110; “up to 40” is 0 to 40; “at least 40” has no upper end.
WORLD = {
    "whole": ([n(40)], [("delivered", "2024-05-01", [n(40)])], "2024-06", "delivered", {"delivered kite": ("1", "1")}),
    # 10 + 10 of 40.
    "half": (
        [n(40)],
        [("delivered", "2024-05-01", [n(10)]), ("delivered", "2024-08-01", [n(10)])],
        "2024-06",
        "delivered_in_part",
        {"delivered kite": ("0.5", "0.5")},
    ),
    "a-source-says-so": ([n(40)], [("delivered", "2024-05", [])], "2024-06", "delivered", {}),
    # 10 of 40 or more: a quarter at most.
    "at-least": (
        [n(40, "at_least")],
        [("delivered", "2024-05", [n(10)])],
        "2025",
        "delivered_in_part",
        {"delivered kite": ("0", "0.25")},
    ),
    # 10 of 40 or fewer: a quarter at least.
    "up-to": (
        [n(40, "up_to")],
        [("delivered", "2024-05", [n(10)])],
        "2024",
        "delivered_in_part",
        {"delivered kite": ("0.25", None)},
    ),
    # 50 of 90 to 110: 0.4545 to 0.5556.
    "about": (
        [n(100, "about")],
        [("delivered", "2024-05", [n(50)])],
        "../2024-09",
        "delivered_in_part",
        {"delivered kite": ("0.4545", "0.5556")},
    ),
    # 95 is about 100. 85.5 to 104.5 of 90 to 110: 0.7773 to 1.1611.
    "about-came": (
        [n(100, "about")],
        [("delivered", "2024-05", [n(95, "about")])],
        "2024-06",
        "delivered",
        {"delivered kite": ("0.7773", "1.1611")},
    ),
    # 15 of 30 to 40.
    "range": (
        [n(30, upper=40)],
        [("delivered", "2024-05", [n(15)])],
        "",
        "delivered_in_part",
        {"delivered kite": ("0.375", "0.5")},
    ),
    # Thirty to forty were promised; thirty came.
    "range-kept": (
        [n(30, upper=40)],
        [("delivered", "2024-05", [n(30)])],
        "2024-06",
        "delivered",
        {"delivered kite": ("0.75", "1")},
    ),
    # 20 altogether by 30 June, the 5 of March among them; then 4 more: 24 of 40.
    "running-total": (
        [n(40)],
        [
            ("delivered", "2024-03", [n(5)]),
            ("delivered", "2024-06", [n(20, as_of="2024-06-30")]),
            ("delivered", "2024-09-01", [n(4)]),
        ],
        "2024-12-31",
        "delivered_in_part",
        {"delivered kite": ("0.6", "0.6")},
    ),
    # 20 altogether some time in June; whether with the 6 of 15 June is not known: 20 to 26 of 40.
    "running-total-unsure": (
        [n(40)],
        [("delivered", "2024-06-15", [n(6)]), ("delivered", "2024-06-30", [n(20, as_of="2024-06")])],
        "",
        "delivered_in_part",
        {"delivered kite": ("0.5", "0.65")},
    ),
    # 30 of 40 million allocated, 12 of 40 delivered; never 42 of 40.
    "allocated": (
        [n(40_000_000, of=EUR)],
        [("allocated", "2024-04", [n(30_000_000, of=EUR)]), ("delivered", "2024-07", [n(12_000_000, of=EUR)])],
        "",
        "delivered_in_part",
        {"allocated EUR": ("0.75", "0.75"), "delivered EUR": ("0.3", "0.3")},
    ),
    # The conversion into dollars is no promise of its own.
    "converted": (
        [n(40_000_000, of=EUR), n(43_000_000, of=USD, conversion_of="EUR")],
        [("delivered", "2024-07", [n(10_000_000, of=EUR)])],
        "",
        "delivered_in_part",
        {"delivered EUR": ("0.25", "0.25")},
    ),
    "kites-without-lofts": (
        [n(40), n(8, of=LOFT)],
        [("delivered", "2024-05", [n(40)])],
        "",
        "delivered_in_part",
        {"delivered kite": ("1", "1")},
    ),
    "kites-with-lofts": (
        [n(40), n(8, of=LOFT)],
        [("delivered", "2024-05", [n(40), n(8, of=LOFT)])],
        "",
        "delivered",
        {"delivered kite": ("1", "1"), "delivered kite loft": ("1", "1")},
    ),
    # Some of 40: any share.
    "some-came": ([n(40)], [("delivered", "2024-05", [SOME])], "2024-06", "delivered_in_part", {"delivered kite": ("0", None)}),
    # 60 were proposed, but 40 agreed: 20 of 40.
    "proposed": (
        [],
        [("proposed", "2024-01", [n(60)]), ("agreed", "2024-02", [n(40)]), ("delivered", "2024-05", [n(20)])],
        "",
        "delivered_in_part",
        {"delivered kite": ("0.5", "0.5")},
    ),
    "dropped": (
        [n(40)],
        [("delivered", "2024-03", [n(10)]), ("dropped", "2024-05", [])],
        "2024-06",
        "dropped",
        {"delivered kite": ("0.25", "0.25")},
    ),
    "late": ([n(40)], [("delivered", "2024-09-15", [n(40)])], "2024-06-30", "delivered", {"delivered kite": ("1", "1")}),
    "too-many": ([n(40)], [("delivered", "2024-05", [n(50)])], "", "delivered", {"delivered kite": ("1.25", "1.25")}),
    # What came cannot be compared with what was promised.
    "other-things": ([n(40)], [("delivered", "2024-05", [n(5, of=LOFT)])], "", "delivered_in_part", {}),
    # Forty are not more than forty.
    "more-than": (
        [n(40, "more_than")],
        [("delivered", "2024-05", [n(40)])],
        "",
        "delivered_in_part",
        {"delivered kite": ("0", "1")},
    ),
}

# Due wholly before 1 January 2025, and neither delivered whole nor dropped.
OVERDUE_AT_NEW_YEAR = {"half", "up-to", "about", "running-total", "some-came"}

# What was dropped is out. 40 of each, but: up to 40 is 0 to 40, about 100 twice, 30 to 40 twice; two have no upper end.
# 12 whole, half, a-source-says-so, at-least, running totals twice, lofts twice, some-came, proposed, late, too-many = 480; and
# other-things, more-than = 80; so 560 + 0 + 200 + 60 = 820 at least, 560 + 40 + 200 + 80 = 880 as far as there is an end.
# Delivered: 40 + 20 + 10 + 10 + 50 + 95 + 15 + 30 + 24 + (20 to 26) + 40 + 40 + 20 + 40 + 50 + 40 = 544 to 550.
LADDER = {
    "kite": {
        None: ("820", "880", True, 19),
        "proposed": ("60", "60", False, 1),
        "agreed": ("40", "40", False, 1),
        "delivered": ("544", "550", False, 16),
    },
    # 8 + 8 promised; 8 + 5 came.
    "kite loft": {None: ("16", "16", False, 2), "delivered": ("13", "13", False, 2)},
    "EUR": {
        None: ("80000000", "80000000", False, 2),
        "allocated": ("30000000", "30000000", False, 1),
        "delivered": ("22000000", "22000000", False, 2),
    },
}


@pytest.fixture
def deliveries(public):
    commitments = []
    for slug, (promised, steps, due, *_) in WORLD.items():
        commitment = make.a_commitment(slug, by=[public.arcadia], beneficiary=public.ruritania, category="production", due=due)
        measures = {}
        for amount in promised:
            original = measures.get(amount.get("conversion_of"))
            unit = amount.get("currency") or amount["unit"]
            measures[unit] = make.a_measure(commitment, "", **amount | ({"conversion_of": original} if original else {}))
        for stage, date, amounts in steps:
            step = make.a_milestone(commitment, stage, date)
            for amount in amounts:
                make.a_measure(commitment, "", milestone=step, **amount)
        commitments.append(commitment)
    publish_cited(public.quote, *commitments)
    return commitments


@pytest.mark.usefixtures("deliveries")
def test_stages_and_shares_are_those_computed_by_hand(api):
    rows = {row["slug"]: row for row in api("commitments/?category=production&page_size=100").data["results"]}
    assert rows.keys() == WORLD.keys()
    assert {slug: row["stage"] for slug, row in rows.items()} == {slug: told[3] for slug, told in WORLD.items()}
    for slug, row in rows.items():
        shares = {f"{s['stage']} {s['currency'] or s['unit']}": (s["low"], s["high"]) for s in row["shares"]}
        assert shares == WORLD[slug][4], slug


@pytest.mark.usefixtures("deliveries")
def test_what_is_overdue_on_a_day_is_what_was_found_by_hand(slugs):
    assert set(slugs(f"commitments/?overdue={NEW_YEAR}")) == OVERDUE_AT_NEW_YEAR
    # The day before, its last day was not past; the others were due before.
    assert set(slugs("commitments/?overdue=2024-12-31")) == OVERDUE_AT_NEW_YEAR - {"running-total", "up-to"}
    # Late is overdue until it comes.
    days = {"2024-06-30": False, "2024-07-01": True, "2024-09-14": True, "2024-09-15": False}
    assert {day: "late" in slugs(f"commitments/?overdue={day}") for day in days} == days


@pytest.mark.usefixtures("deliveries")
def test_the_ladder_adds_up_stage_by_stage_as_by_hand(api):
    included = api("commitments/totals/?category=production&beneficiary=ruritania").data["included"]
    ladder = {
        rungs["currency"] or rungs["unit"]: {
            rung["stage"]: (rung["low"], rung["high"], rung["is_open_ended"], rung["commitments"]) for rung in rungs["rungs"]
        }
        for rungs in included["ladder"]
    }
    assert ladder == LADDER
    # The sums are of promises alone.
    sums = {one["currency"] or one["unit"]: (one["low"], one["high"]) for one in included["sums"]}
    assert sums == {unit: rungs[None][:2] for unit, rungs in LADDER.items()}


@pytest.mark.usefixtures("deliveries")
def test_a_package_covers_its_parts_stage_by_stage(api, public):
    package = make.a_commitment("package", by=[public.arcadia], beneficiary=public.ruritania, category="training")
    part = make.a_commitment("part", by=[public.arcadia], beneficiary=public.ruritania, category="training", part_of=package)
    for commitment, promised in ((package, 100), (part, 30)):
        make.a_measure(commitment, value=promised)
    make.a_measure(part, "came", value=12, milestone=make.a_milestone(part, "delivered", "2024-05"))
    publish_cited(public.quote, package, part)
    [ladder] = api("commitments/totals/?category=training").data["included"]["ladder"]
    assert [(rung["stage"], rung["low"]) for rung in ladder["rungs"]] == [(None, "100"), ("delivered", "12")]


@pytest.mark.usefixtures("deliveries")
def test_shares_have_a_table_of_their_own(api):
    table = api("shares/commitments.csv?slug=allocated").content.decode()
    header, *rows = table.removeprefix("\ufeff").splitlines()
    assert "shares.stage" in header and "shares.low" in header and len(rows) == 2
