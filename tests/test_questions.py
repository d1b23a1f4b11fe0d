"""What the register must answer: asked of the API alone, each answer with the words that prove it."""

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
def every(ask):
    """All results of a list, page after page."""

    def walk(path: str, **parameters) -> list[dict]:
        page = ask(path, page_size=500, **parameters)
        assert page["next"] is None
        return page["results"]

    return walk


def words(record: dict, field: str, value: str | None = None) -> set[str]:
    """The sources' own words for a field, or for one value of it."""
    return {c["as_stated"] for c in record["evidence"][field]["citations"] if value in (None, c["value"])}


def between(relations: list[dict], type: str) -> set[tuple[str, str]]:
    return {(r["subject"]["slug"], r["object"]["slug"]) for r in relations if r["type"]["slug"] == type}


def test_where_nsatu_will_sit(ask, every):
    located = between(every("relations/", entity="organisation/nsatu"), "located-at")
    [seat] = [place for _, place in located]
    facility = ask(f"facilities/{seat}/")
    assert (facility["locality"], facility["country"]) == ("Wiesbaden", "DE")
    quotes = {c["quote"]["exact"] for c in facility["evidence"]["locality"]["citations"]}
    assert any("Wiesbaden, Germany" in quote for quote in quotes)
    publishers = {(c["quote"]["document"]["publisher"] or {}).get("name") for c in facility["evidence"]["locality"]["citations"]}
    assert len(publishers) >= 2, "more than one source says so"


def test_how_many_staff_it_has_and_in_whose_words(ask):
    nsatu = ask("organisations/nsatu/")
    [staff] = [measure for measure in nsatu["measures"] if measure["key"] == "staff"]
    assert (staff["value"], staff["qualifier"], staff["kind"]) == ("700", "about", "headcount")
    evidence = nsatu["evidence"]["measures.staff"]
    stated = {(c["as_stated"], next((person["slug"] for person in c["quote"]["speakers"]), None)) for c in evidence["citations"]}
    assert ("around 700 personnel", "stoltenberg") in stated
    assert ("nearly 700 NATO personnel", None) in stated
    assert (evidence["agreement"], evidence["resolution"]["verdict"]) == ("agreed", "compatible_precision")
    assert [made["value"] for made in evidence["statements"]] == ["about 700 person", "nearly 700 person"]
    assert {c["stance"] for c in evidence["citations"]} == {"supports", "qualifies"}


def test_who_it_answers_to(ask, every):
    relations = every("relations/")
    assert ("nsatu-commander", "nsatu") in between(relations, "leads")
    assert ("nsatu-commander", "saceur") in between(relations, "reports-to")
    assert {person for person, post in between(relations, "holds") if post == "saceur"} == {"cavoli"}
    [reports] = [r for r in relations if r["type"]["slug"] == "reports-to" and r["subject"]["slug"] == "nsatu-commander"]
    evidence = ask(f"relations/{reports['slug']}/")["evidence"]["relation"]
    assert {c["quote"]["document"]["slug"] for c in evidence["citations"]} == {
        "nato-headquarters-translation",
        "upi-defence-ministers",
    }


def test_its_commander_is_an_unfilled_post_and_not_a_person(ask, every):
    post = ask("posts/nsatu-commander/")
    assert post["rank"] == "three-star general"
    assert not [person for person, held in between(every("relations/"), "holds") if held == "nsatu-commander"]
    assert any(
        "likely an American" in c["as_stated"] and c["stance"] == "contradicts" for c in post["evidence"]["rank"]["citations"]
    )


def test_its_decision_history_with_dates(ask):
    creation = ask("commitments/nsatu-creation/")
    assert (creation["nature"], creation["stage"]) == ("decision", "announced")
    steps = [(m["stage"], m["date"]["value"], (m["event"] or {}).get("slug")) for m in creation["milestones"]]
    assert steps == [
        ("agreed", "2024-06-14", "defence-ministers-2024-06"),
        ("announced", "2024-06-14", "press-conference-2024-06-14"),
        ("agreed", "2024-07", "washington-summit"),
        ("announced", "2024-07-10", "press-conference-2024-07-10"),
    ]
    for milestone in creation["milestones"]:
        assert creation["evidence"][f"milestones.{milestone['key']}"]["citations"]


def test_how_it_relates_to_the_contact_group(ask, every):
    relations = [
        r for r in every("relations/", entity="organisation/udcg") if "nsatu" in (r["subject"]["slug"], r["object"]["slug"])
    ]
    [alongside] = relations
    assert (alongside["type"]["slug"], alongside["role"], alongside["contested"]) == (
        "works-alongside",
        "in parallel",
        ["relation"],
    )
    evidence = ask(f"relations/{alongside['slug']}/")["evidence"]["relation"]
    stances = {(c["value"], c["stance"], c["quote"]["document"]["slug"]) for c in evidence["citations"]}
    assert ("in_force: nsatu works-alongside udcg", "supports", "nato-headquarters-translation") in stances
    assert {value for value, _, document in stances if document == "rferl-nato-operations"} == {
        "in_force: nsatu takes-over-from udcg"
    }
    group = ask("organisations/udcg/")
    assert {n["text"] for n in group["names"] if n["kind"] == "translation_artefact"} >= {"Ukrainian Defense Liaison Group"}
    assert ("united-states", "udcg") in between(every("relations/", entity="organisation/udcg"), "chairs")


def test_how_it_relates_to_the_existing_american_group(ask, every):
    relations = every("relations/", entity="organisation/us-wiesbaden-group")
    assert ("nsatu", "us-wiesbaden-group") in between(relations, "incorporates")
    assert ask("organisations/us-wiesbaden-group/")["slug"] != ask("organisations/udcg/")["slug"]


def test_all_names_of_the_bydgoszcz_centre(ask):
    centre = ask("facilities/bydgoszcz-centre/")
    assert {name["text"] for name in centre["names"]} >= {
        "JTAC",
        "joint training and analysis center",
        "joint training center",
        "training and analysis center",
        "NATO-Ukraine joint analysis, training and education center",
        "NATO-Ukraine Joint Center for Analysis, Training and Education",
    }
    proved = {c["value"] for c in centre["evidence"]["names"]["citations"]}
    assert {name["text"] for name in centre["names"]} <= proved
    documents = {c["quote"]["document"]["slug"] for c in centre["evidence"]["names"]["citations"]}
    assert {"rferl-nato-operations", "newsweek-training-centre", "wpolityce-joint-centre"} <= documents


def test_when_the_bydgoszcz_centre_was_decided(ask):
    creation = ask("commitments/bydgoszcz-creation/")
    agreed = next(m for m in creation["milestones"] if m["key"] == "agreed")
    assert (agreed["date"]["value"], agreed["event"]["slug"]) == ("2024-02-15", "defence-ministers-2024-02")
    citations = creation["evidence"]["milestones.agreed"]["citations"]
    assert any("Thursday" in (c["note"] or "") or "Thursday" in c["quote"]["exact"] for c in citations)
    assert all(c["note"] for c in citations if c["value"] == "agreed 2024-02-15"), "how a weekday became a date is told"
    assert ask("commitments/bydgoszcz-final-decision/")["nature"] == "hope"


def test_all_money_for_ukraine_without_counting_twice(every):
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
    assert [(m["value"], m["currency"]) for m in aid["measures"]] == [("40000000000", "EUR")]
    assert [(m["value"], m["currency"], m["conversion_of"]) for m in aid["conversions"]] == [("43000000000", "USD", "aid")]


def test_natos_own_spending_is_not_aid_to_ukraine(every):
    own = every("commitments/", party="nato", measure="money")
    assert not any(row["beneficiary"] and row["beneficiary"]["slug"] == "ukraine" for row in own if row["category"] == "spending")
    stated = {m["as_stated"] for row in own for m in row["measures"] if m["kind"] == "money"}
    assert any("ten billion dollars" in words for words in stated)
    assert any("380 billion dollars" in words for words in stated)


def test_which_equipment_from_whom(every):
    rows = every("commitments/", beneficiary="ukraine", category="equipment")
    givers = {row["slug"]: {by["slug"] for by in row["committed_by"]} for row in rows}
    assert givers["sampt-italy"] == {"italy"}
    assert givers["patriots"] == {"nato-allies"}, "no source names who gives the Patriots"
    assert givers["mirage-france"] == {"france"}
    assert givers["coalition-f16"] == {"capability-coalition"}
    [mirage] = [row for row in rows if row["slug"] == "mirage-france"]
    assert [(m["value"], m["qualifier"]) for m in mirage["measures"]] == [(None, "unspecified")]


def test_what_was_refused_or_made_conditional_on_membership(ask, every):
    refused = {row["slug"] for row in every("commitments/", nature="refusal")}
    assert {"no-timeline-vilnius", "no-talks-vilnius", "no-accession-offer-2024", "no-membership-at-war"} <= refused
    assert "nsatu-not-a-mission" in refused
    [condition] = every("commitments/", nature="condition")
    assert {by["slug"] for by in condition["committed_by"]} == {"germany", "united-states"}
    assert "corruption" in condition["conditions"].lower()
    assert all(row["stage"] in (None, "refused") for row in every("commitments/", nature="refusal"))


def test_how_many_members_nato_had_at_each_date(ask):
    nato = ask("organisations/nato/")
    members = {m["as_of"]["value"]: m["value"] for m in nato["measures"] if m["unit"] == "member state"}
    assert members == {"2024-02": "31", "2024-06": "32"}
    artefact = nato["evidence"]["measures.members-2024-02"]
    assert {"value": "18 member state", "polarity": "affirms"} in artefact["statements"]
    assert artefact["resolution"]["verdict"] == "translation_artefact"


def test_a_negation_outside_the_quotation_marks_is_kept(every):
    found = every("quotes/", q='"imminent military threat"', document="newsweek-training-centre")
    [quote] = [quote for quote in found if "imminent" in quote["exact"]]
    assert "not" in quote["exact"].split()


def test_what_differs_is_told_from_what_is_contested(every):
    contested = every("relations/", contested="true") + list(every("entities/", contested="true"))
    assert "nsatu-works-alongside-udcg" in {record["slug"] for record in contested}
    assert all(record["contested"] for record in contested)


def test_every_public_record_rests_on_a_quotation(ask, every):
    for row in every("entities/") + every("relations/"):
        assert row["citations"] > 0, row["slug"]


def test_a_translation_is_told_from_original_words(every):
    documents = {document["slug"]: document for document in every("documents/")}
    for quote in every("quotes/"):
        expected = {"nato-headquarters-translation": "back_translation", "wpolityce-joint-centre": "translation"}
        assert quote["fidelity"] == expected.get(quote["document"]["slug"], "original")
    assert documents["nato-headquarters-translation"]["publisher"] is None
