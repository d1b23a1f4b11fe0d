"""The API serves no value without evidence: every list and every detail of the shipped register, by the one rule of evidence."""

import copy
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from entities.citable_fields import CITABLE_FIELDS, EvidenceClass, class_of_name, evidence_class
from entities.relation_facts import RelationFact
from entities.vocabulary import Modality
from nato_support.api.collections import COLLECTIONS
from nato_support.db.row_rule_triggers import TRIGGERS
from nato_support.db.triggers import remove_triggers
from nato_support.publishing.evidence_checks import problems_of_rendered_record
from nato_support.publishing.models.public_tables import LIVE_EDITIONS, Edition
from sources.evidence.field_coverage import publishers_among

pytestmark = [pytest.mark.usefixtures("register"), pytest.mark.django_db, pytest.mark.xdist_group("register")]

STATED = EvidenceClass.STATED
SOURCES = ("quote", "document")
"""Kinds that are sources themselves and rest on no citation."""
INSTEAD = ("no verified citation states: its citations say", "but the resolution of")
"""How a message goes on to what the evidence says instead of the value."""


def ask(address: str) -> dict:
    response = Client().get(address)
    assert response.status_code == 200, (address, response.content[:300])
    return json.loads(response.content)


def rows_of(address: str) -> Iterator[dict]:
    while address:
        page = ask(address)
        yield from page["results"]
        address = page["next"]


def details() -> Iterator[tuple[str, dict, dict]]:
    """Address and detail of every record that any list leads to, with its row there."""
    for collection in COLLECTIONS.values():
        for row in rows_of(f"{collection.path}?page_size=500"):
            address = f"{collection.path}{row['slug']}/"
            yield address, ask(address), row


def problems_in(answer: dict, publishers: set[str]) -> list[tuple[str, str]]:
    """Field and message of each value of an answer that its own evidence does not bear out."""
    return [(problem.field, problem.message) for problem in problems_of_rendered_record(answer, answer, publishers)]


def problems_in_details() -> dict[str, list[tuple[str, str]]]:
    publishers = publishers_among(None)
    judged = {address: detail for address, detail, _ in details() if detail["kind"] not in SOURCES}
    return {address: problems for address, detail in judged.items() if (problems := problems_in(detail, publishers))}


def test_no_list_leads_to_a_value_without_evidence():
    assert problems_in_details() == {}


def test_every_public_record_is_among_them_and_would_be_found_without_its_citations():
    walked: Counter[str] = Counter()
    for address, detail, row in details():
        # A row is a part of its detail, so what holds of the one holds of the other.
        assert row == {name: detail[name] for name in row}, address
        walked[detail["kind"]] += 1
        if detail["kind"] not in SOURCES:
            assert problems_in(detail | {"evidence": {}}, set()) == [("", "has no supporting citation")], address
    live = Counter(Edition.objects.filter(LIVE_EDITIONS).values_list("kind", flat=True))
    # An entity is in the list of its kind and in that of all entities.
    assert walked == live + Counter({kind: live[kind] for kind in COLLECTIONS["entities"].kinds})


def test_rows_with_their_evidence_state_only_what_it_states():
    publishers = publishers_among(None)
    for name in ("entities", "relations"):
        include = "evidence,names,identifiers" if name == "entities" else "evidence"
        rows = [*rows_of(f"{COLLECTIONS[name].path}?page_size=100&include={include}")]
        assert len(rows) > 50
        assert {row["slug"]: problems for row in rows if (problems := problems_in(row, publishers))} == {}


def test_a_wrong_value_in_an_answer_is_found():
    """Each stated value of each answer, changed in turn: the field is named, and what its evidence says instead."""
    publishers = publishers_among(None)
    changed: Counter[str] = Counter()
    for address, detail, _ in details():
        if detail["kind"] in SOURCES or address.startswith("/api/v1/entities/"):
            continue
        for field, wrong in wrong_answers(detail, publishers):
            messages = [message for name, message in problems_in(wrong, publishers) if name == field]
            assert any(words in message for message in messages for words in INSTEAD), (address, field, messages)
            changed[f"{detail['kind']}.{field.partition('.')[0]}"] += 1
    print(f"{changed.total()} wrong values found: {dict(changed)}")
    assert changed.total() > 800
    assert {"commitment.measures", "commitment.milestones", "relation.relation", "person.name", "event.start"} < changed.keys()


def wrong_answers(detail: dict, publishers: set[str]) -> Iterator[tuple[str, dict]]:
    """A copy of an answer for each of its stated values, in which that value is another one; with its field."""
    kind = detail["kind"]
    for field in CITABLE_FIELDS[kind]:
        rests_on_documents = field == "name" and kind == "organisation" and detail["slug"] in publishers
        if field in detail and field != "names" and evidence_class(kind, field) == STATED and not rests_on_documents:
            for other in other_values(detail[field]):
                yield field, detail | {field: other}
    if kind == "relation":
        fact = RelationFact.parse(detail["evidence"]["relation"]["citations"][0]["value"])
        yield "relation", detail | {"modality": next(one for one in Modality if one != fact.modality)}
        for end in ("subject", "object", "type"):
            yield "relation", detail | {end: detail[end] | {"slug": "somebody-else"}}
    for at, name in enumerate(detail.get("names", ())):
        if class_of_name(name["kind"], name["origin"]) == STATED:
            yield "names", changed_at(detail, "names", at, text=f"{name['text']} the Second")
    for member in ("measures", "conversions"):
        for at, measure in enumerate(detail.get(member, ())):
            for change in other_amounts(measure):
                yield f"measures.{measure['key']}", changed_at(detail, member, at, **change)
    for at, step in enumerate(detail.get("milestones", ())):
        stage = "agreed" if step["stage"] != "agreed" else "announced"
        yield f"milestones.{step['key']}", changed_at(detail, "milestones", at, stage=stage)
        yield f"milestones.{step['key']}", changed_at(detail, "milestones", at, date=another_date(step["date"]))


def changed_at(detail: dict, member: str, at: int, **change: Any) -> dict:
    wrong = copy.deepcopy(detail)
    wrong[member][at] |= change
    return wrong


def other_values(value: Any) -> list[Any]:
    """The values that a member might have instead: of a list, one for each of its elements, with that one changed."""
    if value is None or value == "":
        return []
    if isinstance(value, list):
        return [[*value[:at], other, *value[at + 1 :]] for at, one in enumerate(value) for other in other_values(one)]
    if isinstance(value, dict):
        return [value | {"slug": "somebody-else"} if "slug" in value else another_date(value)]
    if value in ("pledge", "decision"):
        return ["refusal"]
    return [f"{value} or so"] if " " in value or value[0].isupper() else ["pledge"]


def other_amounts(measure: dict) -> Iterator[dict]:
    yield {"currency": "XTS"} if measure["currency"] else {"unit": "straw"}
    yield {"qualifier": "exactly"}
    yield {"as_of": another_date(measure["as_of"])}
    if measure["value"]:
        yield {"value": f"{measure['value']}1"}
        yield {"upper": f"{measure['value']}7"}


def another_date(date: dict | None) -> dict:
    """Another date in the form in which answers have it."""
    other = "2031" if date is None or date["value"] != "2031" else "2032"
    flags = {"is_approximate": False, "is_uncertain": False}
    return {"value": other, "precision": "year", "earliest": f"{other}-01-01", "latest": f"{other}-12-31"} | flags


def test_a_wrong_value_that_was_forced_into_an_edition_is_found_wherever_it_is_served():
    """Past publishing and past the rules of the database."""
    remove_triggers(connection, TRIGGERS)
    edition = Edition.objects.get(LIVE_EDITIONS, slug="aid-40bn")
    wrong = edition.document.replace('"value":"40000000000"', '"value":"50000000000"')
    assert wrong != edition.document
    Edition.objects.filter(pk=edition.pk).update(document=wrong)
    found = problems_in_details()
    assert found.keys() == {"/api/v1/commitments/aid-40bn/", "/api/v1/entities/aid-40bn/"}
    for [(field, message)] in found.values():
        assert field == "measures.aid"
        assert message == "is “€50,000,000,000”, which no verified citation states: its citations say “€40,000,000,000”"
