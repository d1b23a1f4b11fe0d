"""What the register must answer: asked of the API alone, each answer with the words that prove it."""

import re
from collections import defaultdict
from decimal import Decimal

import pytest

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db, pytest.mark.xdist_group("register")]


@pytest.fixture
def ask(client):
    def get(path: str, **parameters):
        answer = client.get(f"/api/v1/{path}", parameters)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return get


@pytest.fixture
def every(ask, client):
    """All results of a list, page after page."""

    def walk(path: str, **parameters) -> list[dict]:
        page = ask(path, page_size=100 if "include" in parameters else 500, **parameters)
        results = page["results"]
        while page["next"]:
            page = client.get(page["next"]).json()
            results += page["results"]
        return results

    return walk


def words(record: dict, field: str, value: str | None = None) -> set[str]:
    """The sources' own words for a field, or for one value of it."""
    return {c["as_stated"] for c in record["evidence"][field]["citations"] if value in (None, c["value"])}


def between(relations: list[dict], type: str) -> set[tuple[str, str]]:
    return {(r["subject"]["slug"], r["object"]["slug"]) for r in relations if r["type"]["slug"] == type}


def test_where_nsatu_will_sit(ask, every):
    located = every("relations/", subject="organisation/nsatu", type="located-at")
    assert between(located, "located-at") == {("nsatu", "nsatu-headquarters"), ("nsatu", "wiesbaden-us-facility")}
    assert {relation["modality"] for relation in located} == {"planned"}, "no text says that it is there"
    places = [ask(f"facilities/{relation['object']['slug']}/") for relation in located]
    assert {(place["locality"], place["country"]) for place in places} == {("Wiesbaden", "DE")}
    citations = [citation for place in places for citation in place["evidence"]["locality"]["citations"]]
    assert any("will be located in Wiesbaden, Germany" in citation["as_stated"] for citation in citations)
    assert {citation["quote"]["document"]["slug"] for citation in citations} == {
        "nato-headquarters-translation",
        "rferl-nato-operations",
        "upi-defence-ministers",
    }


def test_how_many_staff_it_has_and_in_whose_words(ask, every):
    """A plan: two documents say of how many, neither that they are there."""
    staffing = ask("commitments/nsatu-staffing/")
    [personnel] = staffing["measures"]
    assert (personnel["value"], personnel["qualifier"], personnel["kind"]) == ("700", "about", "headcount")
    assert (staffing["nature"], [body["slug"] for body in staffing["concerns"]]) == ("plan", ["nsatu"])
    evidence = staffing["evidence"]["measures.personnel"]
    stated = {(c["as_stated"], next((person["slug"] for person in c["quote"]["speakers"]), None)) for c in evidence["citations"]}
    assert stated == {
        ("around 700 personnel from across the alliance", "stoltenberg"),
        ("nearly 700 NATO personnel", None),
    }
    # Both can be true, so that nobody has to decide.
    assert (evidence["agreement"], evidence["resolution"]) == ("agreed", None)
    assert [statement["value"] for statement in evidence["statements"]] == ["about 700 person", "nearly 700 person"]
    assert [citation["stance"] for citation in evidence["citations"]] == ["supports", "qualifies"]
    assert "nsatu-staffing" in {row["slug"] for row in every("commitments/", concerns="nsatu", measure="headcount")}


def test_who_it_answers_to(ask, every):
    relations = every("relations/", modality="planned")
    assert ("nsatu-commander", "nsatu") in between(relations, "leads")
    assert ("nsatu-commander", "saceur") in between(relations, "reports-to")
    assert ask("posts/saceur/")["name"] == "Supreme Allied Commander Europe"
    [reports] = [r for r in relations if r["type"]["slug"] == "reports-to" and r["subject"]["slug"] == "nsatu-commander"]
    [citation] = ask(f"relations/{reports['slug']}/")["evidence"]["relation"]["citations"]
    assert citation["quote"]["document"]["slug"] == "upi-defence-ministers"
    assert citation["as_stated"].endswith("under a 3-star General reporting to the Supreme Allied Commander Europe")


def test_its_commander_is_an_unfilled_post_and_not_a_person(ask, every):
    post = ask("posts/nsatu-commander/")
    assert post["rank"] == "three-star general"
    assert words(post, "rank") == {"a three-star general", "a 3-star General"}
    assert not every("relations/", object="nsatu-commander", type="holds")
    [leads] = every("relations/", subject="nsatu-commander", type="leads")
    assert leads["name"].startswith("The general who leads NSATU is to lead NATO Security Assistance and Training for Ukraine")


def test_its_decision_history_with_dates(ask):
    creation = ask("commitments/nsatu-creation/")
    assert (creation["nature"], creation["stage"]) == ("decision", "announced")
    steps = [(m["stage"], m["date"]["value"], (m["event"] or {}).get("slug")) for m in creation["milestones"]]
    assert steps == [
        # The first of the meeting's two days, or the second, on which it was said.
        ("agreed", "2024-06-13?/2024-06-14", None),
        ("agreed", "2024-07-09/2024-07-11", "washington-summit"),
        ("announced", "2024-07-10", "press-conference-2024-07-10"),
    ]
    for milestone in creation["milestones"]:
        assert creation["evidence"][f"milestones.{milestone['key']}"]["citations"]
    nature = creation["evidence"]["nature"]
    assert (nature["agreement"], nature["resolution"]["verdict"]) == ("resolved", "different_scope")
    assert nature["resolution"]["decides_for"] == {"value": "decision", "polarity": "affirms"}


def test_how_it_relates_to_the_contact_group(ask, every):
    """No quotation states a relation between the two: support went through the group until NSATU was announced."""
    of_the_group = every("relations/", entity="organisation/udcg")
    assert not [r for r in of_the_group if "nsatu" in (r["subject"]["slug"], r["object"]["slug"])]
    assert {(r["subject"]["slug"], r["type"]["slug"], r["modality"]) for r in of_the_group} == {
        ("austin", "established", "in_force"),
        ("united-states", "leads", "in_force"),
        ("united-states", "chairs", "planned"),
    }
    coordination = ask("commitments/udcg-coordination/")
    assert ([by["slug"] for by in coordination["committed_by"]], coordination["period"]["value"]) == (
        ["nato-allies"],
        "../2024-07",
    )
    assert words(coordination, "period") == {"until now"}
    [insisted] = ask("relations/united-states-chairs-udcg/")["evidence"]["relation"]["citations"]
    assert ([by["slug"] for by in insisted["quote"]["speakers"]], insisted["quote"]["reported_by"]) == (
        ["austin"],
        "the officials",
    )
    names = {(name["text"], name["kind"], name["origin"]) for name in ask("organisations/udcg/")["names"]}
    assert names == {("UDCG", "acronym", "outside"), ("liaison group", "mention", "sources")}


def test_how_it_relates_to_the_existing_american_group(ask, every):
    relations = every("relations/", entity="organisation/us-wiesbaden-group")
    assert ("nsatu", "us-wiesbaden-group") in between(relations, "incorporates")
    assert ask("organisations/us-wiesbaden-group/")["slug"] != ask("organisations/udcg/")["slug"]


def test_all_names_of_the_bydgoszcz_centre(ask, every):
    centre = ask("organisations/nato-ukraine-centre/")
    assert centre["name"] == "NATO-Ukraine joint analysis, training and education center"
    assert {(name["text"], name["kind"]) for name in centre["names"] if name["origin"] == "sources"} == {
        ("JTAC", "acronym"),
        ("NATO-Ukraine Joint Center for Analysis, Training and Education", "translation_artefact"),
        ("Joint Training Center", "mention"),
        ("new center", "mention"),
        ("new training center", "mention"),
    }
    assert [name["text"] for name in centre["names"] if name["origin"] == "outside"] == ["JATEC"]
    # Each name, but what a text calls it in passing, is in a quotation; each finds it.
    proved = {citation["value"] for citation in centre["evidence"]["names"]["citations"]}
    assert proved == {name["text"] for name in centre["names"] if name["kind"] != "mention" and name["origin"] == "sources"}
    documents = {c["quote"]["document"]["slug"] for field in ("name", "names") for c in centre["evidence"][field]["citations"]}
    assert documents == {"rferl-nato-operations", "newsweek-training-centre", "wpolityce-joint-centre"}
    for name in [centre["name"], "JTAC", "JATEC"]:
        assert [record["slug"] for record in every("entities/", name=name)] == ["nato-ukraine-centre"]
    assert every("entities/", name="new center") == [], "a mention is no name"


def test_when_the_bydgoszcz_centre_was_decided(ask):
    creation = ask("commitments/bydgoszcz-creation/")
    agreed = next(m for m in creation["milestones"] if m["key"] == "agreed")
    assert (agreed["date"]["value"], agreed["event"]) == ("2024-02-15", None)
    citations = creation["evidence"]["milestones.agreed"]["citations"]
    assert {"Today, we decided to create", "the agreement reached on Thursday", "Today's decision"} == words(
        creation, "milestones.agreed"
    )
    assert all("15 February 2024" in citation["note"] for citation in citations), "how a weekday became a date is told"
    final = ask("commitments/bydgoszcz-final-decision/")
    assert (final["nature"], final["due"]["value"]) == ("forecast", "2024-02-15/2024-12-31")


def test_all_money_for_ukraine_without_counting_twice(ask, every):
    """Pledged or decided, for Ukraine, no conversion, no part of a package whose own money counts."""
    rows = every("commitments/", beneficiary="ukraine", measure="money")
    with_money = {row["slug"] for row in rows}
    total = defaultdict(Decimal)
    for row in rows:
        assert row["nature"] in ("pledge", "decision"), row["slug"]
        if row["part_of"] and row["part_of"]["slug"] in with_money:
            continue
        for measure in row["measures"]:
            if measure["kind"] == "money" and measure["value"]:
                total[measure["currency"]] += Decimal(measure["value"])
    assert dict(total) == {"EUR": Decimal(40_000_000_000)}
    [aid] = [row for row in rows if row["slug"] == "aid-40bn"]
    assert [(m["value"], m["currency"], m["qualifier"]) for m in aid["measures"]] == [("40000000000", "EUR", "none")]
    assert [(m["value"], m["currency"], m["conversion_of"]) for m in aid["conversions"]] == [("43000000000", "USD", "aid")]
    # Who gives it is not said, and “next year” is not sure to be the calendar's.
    assert (aid["committed_by"], aid["period"]["value"], aid["period"]["is_uncertain"]) == ([], "2025", True)
    [added] = ask("commitments/totals/", beneficiary="ukraine")["included"]["sums"]
    assert (added["low"], added["high"], added["currency"]) == ("40000000000", "40000000000", "EUR")


def test_natos_own_spending_is_not_aid_to_ukraine(every):
    money = {row["slug"]: row for row in every("commitments/", measure="money")}
    own = {slug: row for slug, row in money.items() if row["category"] in ("spending", "production")}
    assert own.keys() == {"ammunition-contracts", "european-spending-2024"}
    assert not any(row["beneficiary"] for row in own.values())
    stated = {slug: [m["as_stated"] for m in row["measures"] if m["kind"] == "money"] for slug, row in own.items()}
    assert stated == {
        "ammunition-contracts": ["about ten billion dollars"],
        "european-spending-2024": ["about 380 billion dollars"],
    }
    assert (own["ammunition-contracts"]["nature"], own["european-spending-2024"]["nature"]) == ("action", "forecast")


def test_which_equipment_from_whom(every):
    rows = every("commitments/", beneficiary="ukraine", category="equipment")
    givers = {row["slug"]: {by["slug"] for by in row["committed_by"]} for row in rows}
    assert givers["sampt-italy"] == {"italy"}
    assert givers["patriots"] == {"nato-allies"}, "no source names who gives the Patriots"
    assert givers["mirage-france"] == {"france"}
    assert givers["coalition-f16"] == {"capability-coalition"}
    assert givers["package-air-defence"] == set(), "no source says who gives what the package holds"
    [mirage] = [row for row in rows if row["slug"] == "mirage-france"]
    assert [(m["value"], m["qualifier"]) for m in mirage["measures"]] == [(None, "unspecified")]
    assert mirage["stage"] == "proposed"


def test_what_was_refused_or_made_conditional_on_membership(ask, every):
    refused = every("commitments/", nature="refusal")
    assert {row["slug"] for row in refused} == {"no-timeline-vilnius", "no-talks-vilnius", "no-membership-at-war"}
    # A refusal concerns Ukraine; it benefits nobody.
    assert {(row["beneficiary"], row["concerns"][0]["slug"], row["stage"]) for row in refused} == {(None, "ukraine", "refused")}
    [condition] = every("commitments/", nature="condition")
    assert (condition["committed_by"], condition["beneficiary"]) == ([], None)
    assert "corruption" in condition["conditions"]
    [quote] = every("quotes/", speaker="scholz")
    assert [person["slug"] for person in quote["speakers"]] == ["biden", "scholz"], "both have said so"
    assert quote["slug"] in {
        c["quote"]["slug"] for c in ask("commitments/reform-condition/")["evidence"]["conditions"]["citations"]
    }


def test_how_many_members_nato_had_at_each_date(ask, every):
    """One text counts allies, beside Sweden, and has a second number that cannot be that of NATO's members."""
    assert ask("organisations/nato/")["measures"] == []
    counts = {
        row["slug"]: [(m["value"], m["as_stated"]) for m in row["measures"] if m["unit"] in ("ally", "member state")]
        for row in every("commitments/", measure="items", category=["readiness", "spending"])
    }
    assert {slug: stated for slug, stated in counts.items() if stated} == {
        "exercise-steadfast-defender": [("31", "all 31 allies")],
        "two-percent-2024": [("18", "its 18 member states")],
    }
    exercise = ask("commitments/exercise-steadfast-defender/")
    assert [step["date"]["value"] for step in exercise["milestones"]] == ["2024-02-15/2024-07-08"]
    [artefact] = ask("commitments/two-percent-2024/")["evidence"]["measures.allies"]["citations"]
    assert (artefact["quote"]["fidelity"], artefact["note"]) == ("translation", "As worded; the same text counts 31 allies.")
    members = every("relations/", object="nato", type="member-of")
    assert {(r["subject"]["slug"], r["modality"]) for r in members} == {
        ("finland", "in_force"),
        ("sweden", "expected"),
        ("ukraine", "planned"),
    }


def test_a_negation_outside_the_quotation_marks_is_kept(every):
    found = every("quotes/", q='"imminent military threat"', document="newsweek-training-centre")
    [quote] = [quote for quote in found if "imminent" in quote["exact"]]
    assert "not" in quote["exact"].split()


def test_what_differs_is_told_from_what_is_contested(ask, every):
    """Sources differ on three fields, and a resolution stands on each; where statements fit together, none is needed."""
    assert every("relations/", contested="true") == every("entities/", contested="true") == []
    resolved, agreed = {}, {}
    for row in every("entities/", include="evidence") + every("relations/", include="evidence"):
        for field, evidence in row["evidence"].items():
            kinds = {statement["value"] for statement in evidence["statements"]}
            if evidence["resolution"]:
                resolved[row["slug"], field] = evidence["resolution"]["verdict"]
            elif evidence["agreement"] == "agreed" and len(kinds) > 1 and field not in ("names", "committed_by", "concerns"):
                agreed[row["slug"], field] = kinds
    assert resolved == {
        ("bydgoszcz-creation", "nature"): "different_scope",
        ("nsatu-creation", "nature"): "different_scope",
        ("zelenskyy", "family_name"): "compatible_precision",
    }
    assert agreed == {
        ("nsatu-staffing", "measures.personnel"): {"about 700 person", "nearly 700 person"},
        ("washington-summit", "start"): {"2024-07-09", "2024-07"},
        ("russian-invasion", "start"): {"../2024-02-15", "../2024-06-14"},
    }


def test_every_public_record_rests_on_a_quotation(ask, every):
    """But for publishers, whose documents prove their names."""
    publishers = {document["publisher"]["slug"] for document in every("documents/") if document["publisher"]}
    uncited = [row["slug"] for row in every("entities/") + every("relations/") if not row["citations"]]
    assert set(uncited) <= publishers == {"newsweek", "rferl", "upi", "wpolityce"}


def test_a_translation_is_told_from_original_words(every):
    documents = {document["slug"]: document for document in every("documents/")}
    for quote in every("quotes/"):
        expected = {"nato-headquarters-translation": "back_translation", "wpolityce-joint-centre": "translation"}
        assert quote["fidelity"] == expected.get(quote["document"]["slug"], "original")
    assert documents["nato-headquarters-translation"]["publisher"] is None


def test_what_is_due_by_a_day(every):
    assert {row["slug"] for row in every("commitments/", due_before="2024-08")} == {"nsatu-launch"}
    by_then = every("commitments/", due_before="2025")
    assert {(row["slug"], row["due"]["value"]) for row in by_then} == {
        ("nsatu-launch", "2024-07"),
        # “later on this year”, said on 15 February 2024.
        ("bydgoszcz-final-decision", "2024-02-15/2024-12-31"),
    }
    assert every("commitments/", due_before="2024-07") == []
    # Of what is due in the course of the year it is not known whether it is due after June.
    assert [row["slug"] for row in every("commitments/", due_after="2024-06")] == ["nsatu-launch"]


def test_what_is_overdue_on_a_day(every):
    """By what the five documents tell, which end in July 2024: neither was told to be done."""
    assert every("commitments/", overdue="2024-07-31") == [], "the month in which it is due is not over"
    assert [row["slug"] for row in every("commitments/", overdue="2024-08-01")] == ["nsatu-launch"]
    overdue = every("commitments/", overdue="2025-01-01")
    assert {(row["slug"], row["stage"]) for row in overdue} == {
        ("nsatu-launch", "announced"),
        ("bydgoszcz-final-decision", None),
    }


def test_what_was_delivered(ask, every):
    """One thing, of which no number is told: how much came of how much is asked of an invented world."""
    [done] = every("commitments/", stage="delivered")
    assert (done["slug"], done["measures"], done["shares"]) == ("battle-groups-doubled", [], [])
    assert [(step["stage"], step["date"]["value"]) for step in done["milestones"]] == [("delivered", "../2024-06-14")]
    assert words(ask("commitments/battle-groups-doubled/"), "milestones.delivered") == {"NATO has doubled"}
    assert ask("commitments/totals/", beneficiary="ukraine")["included"]["ladder"] == []


def test_who_is_only_claimed_to(every):
    claimed = {(r["subject"]["slug"], r["type"]["slug"], r["object"]["slug"]): r for r in every("relations/", modality="claimed")}
    assert claimed.keys() == {
        ("russia", "conducts", "hostile-acts"),
        ("russian-intelligence", "conducts", "hostile-acts"),
        ("russia", "conducts", "russian-airfield-drills"),
        ("germany", "objects-to", "nsatu"),
        ("germany", "scene-of", "sabotage-arrests"),
        ("poland", "scene-of", "sabotage-arrests"),
        ("united-kingdom", "scene-of", "sabotage-arrests"),
        ("baltic-states", "scene-of", "sabotage-arrests"),
    }
    claimers = {relation["name"].removeprefix("According to ").partition(",")[0] for relation in claimed.values()}
    assert claimers == {"Jens Stoltenberg", "Daalder", "an unnamed report"}, "each sentence names who says so"
    drills = claimed["russia", "conducts", "russian-airfield-drills"]["name"]
    assert drills.endswith("Russia conducted the reported Russian drills on restoring airfields by 21 February 2024")
    # What somebody claims is not found as what is.
    assert not [r for r in every("relations/", modality="in_force") if r["slug"] in {one["slug"] for one in claimed.values()}]


def test_what_is_planned_but_not_in_force(ask, every):
    planned = every("relations/", modality="planned")
    assert {(r["subject"]["slug"], r["type"]["slug"], r["object"]["slug"]) for r in planned} == {
        ("germany", "hosts", "nsatu"),
        ("nato-leaders", "took-part-in", "washington-summit"),
        ("nato-ukraine-centre", "located-at", "bydgoszcz-centre"),
        ("nsatu", "brings-together", "capability-coalition"),
        ("nsatu", "incorporates", "us-wiesbaden-group"),
        ("nsatu", "located-at", "nsatu-headquarters"),
        ("nsatu", "located-at", "wiesbaden-us-facility"),
        ("nsatu-commander", "leads", "nsatu"),
        ("nsatu-commander", "reports-to", "saceur"),
        ("poland", "hosts", "nato-ukraine-centre"),
        ("ukraine", "member-of", "nato"),
        ("united-states", "chairs", "udcg"),
    }
    assert all(re.search(r" (is|are|was|were) to ", relation["name"]) for relation in planned)
    assert every("relations/", modality="planned", in_force="2024-07-11") == []
    assert every("relations/", subject="nsatu", modality="in_force") == []
    graph = ask("graph/nsatu/", depth=1)
    assert {edge["modality"] for edge in graph["edges"] if edge["type"] == "located-at"} == {"planned"}


def test_who_held_a_post_on_a_day(ask, every):
    def holders(post: str, day: str) -> list[str]:
        return [relation["subject"]["slug"] for relation in every("relations/", object=post, type="holds", attested=day)]

    assert holders("nato-secretary-general", "2024-02-15") == ["stoltenberg"]
    assert holders("polish-foreign-minister", "2024-07-10") == ["sikorski"]
    assert holders("russian-president", "2024-06-14") == ["putin"]
    assert holders("polish-foreign-minister", "2024-02-15") == [], "no source of that day says who held it"
    # No source says since when or until when: on any day it is not known, which the list says.
    answer = ask("relations/", type="holds", in_force="2024-07-10", count="true")
    assert (answer["results"], answer["meta"]["left_out"]) == ([], {"in_force_unknown": 9})
    [former] = every("relations/", object="russian-president", type="held")
    assert former["subject"]["slug"] == "medvedev"


def test_which_facts_rest_on_an_anonymous_source(ask, every):
    fields = {
        (row["slug"], field): evidence
        for collection in ("entities/", "relations/")
        for row in every(collection, basis="anonymous", include="evidence")
        for field, evidence in row["evidence"].items()
        if "anonymous" in evidence["basis"]["limits"]
    }
    assert {slug for slug, _ in fields} == {
        "country-by-country-aid",
        "france",
        "mirage-france",
        "no-membership-at-war",
        "nsatu-headquarters",
        "russia-conducts-russian-airfield-drills",
        "russian-airfield-drills",
    }
    assert {evidence["basis"]["utterances"] for evidence in fields.values()} == {1}, "each on one"
    quotes = [citation["quote"] for evidence in fields.values() for citation in evidence["citations"]]
    assert {quote["attribution"] for quote in quotes} == {
        "officials",
        "NATO and Biden administration officials",
        "NATO and U.S. officials",
        "an unnamed report",
    }
    assert not any(quote["speakers"] for quote in quotes)
    # A fact that a named person states too does not.
    creation = ask("commitments/nsatu-creation/")["evidence"]
    assert "officials" in {citation["quote"]["attribution"] for citation in creation["beneficiary"]["citations"]}
    assert ("nsatu-creation", "beneficiary") not in fields


def test_in_what_two_wordings_of_one_utterance_differ(ask, every):
    wordings = {quote["document"]["slug"]: quote for quote in every("quotes/", utterance="self-defence-2024-06-14")}
    assert wordings.keys() == {"nato-headquarters-translation", "upi-defence-ministers"}
    back, original = wordings["nato-headquarters-translation"], wordings["upi-defence-ministers"]
    assert (back["fidelity"], original["fidelity"]) == ("back_translation", "original")
    assert back["speakers"] == original["speakers"] and back["occasion"] == original["occasion"]
    assert "will strengthen our support for Ukraine" in back["exact"]
    assert "will enhance NATO support for Ukraine" in original["exact"]
    # One witness, however often it was printed: two documents do not make such a field agreed.
    rows = every("commitments/", utterance="self-defence-2024-06-14", include="evidence")
    fields = [
        evidence
        for row in rows
        for evidence in row["evidence"].values()
        if {c["quote"]["utterance"] for c in evidence["citations"]} == {"self-defence-2024-06-14"}
    ]
    both = [e for e in fields if len({c["quote"]["document"]["slug"] for c in e["citations"]}) == 2]
    assert both and {evidence["agreement"] for evidence in both} == {"single"}


def test_what_concerns_a_body(ask, every):
    concerning = {row["slug"] for row in every("commitments/", concerns="nsatu")}
    assert concerning == {
        "membership-path",
        "nsatu-creation",
        "nsatu-leadership",
        "nsatu-not-a-mission",
        "nsatu-staffing",
        "nsatu-streamlining",
        "nsatu-takes-in-us-group",
        "nsatu-umbrella",
        "washington-package",
    }
    assert {row["slug"] for row in every("commitments/", party="nsatu")} == concerning, "it undertakes and receives nothing"
    edges = [edge for edge in ask("graph/nsatu/", depth=1)["edges"] if edge["type"] == "concerns"]
    assert {edge["source"]["slug"] for edge in edges} == concerning
    steps = [(fact["record"]["slug"], fact["stage"]) for fact in ask("timeline/nsatu/")["results"] if fact["fact"] == "milestone"]
    assert steps == [
        ("nsatu-creation", "agreed"),
        ("nsatu-creation", "agreed"),
        ("washington-package", "agreed"),
        ("nsatu-creation", "announced"),
    ]


def test_what_was_denied(ask, every):
    """That NSATU would be called a mission: by Daalder, while the text itself calls it so throughout."""
    assert every("relations/", denied="relation") == []
    [nsatu] = every("entities/", denied="names")
    assert (nsatu["slug"], nsatu["denied"], nsatu["contested"]) == ("nsatu", ["names"], [])
    evidence = ask("organisations/nsatu/")["evidence"]["names"]
    [denied] = [citation for citation in evidence["citations"] if citation["polarity"] == "denies"]
    assert (denied["value"], denied["stance"], denied["quote"]["speakers"][0]["slug"]) == ("mission", "contradicts", "daalder")
    assert denied["as_stated"] == "would not officially be called a “mission”", "as he says it, not turned round"
