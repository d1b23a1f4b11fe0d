"""Commitments on their page, in their list and in their history: steps, shares, due dates, whom they concern."""

import re

import pytest

from entities.models import Commitment, Measure, Milestone, change_set
from tests import world as make
from tests.desk.conftest import filled_in, page, save, shown_form, with_new
from tests.desk.test_history import words
from tests.desk.test_lists import shown


@pytest.fixture
def part_delivered(world) -> Commitment:
    """Ten of forty kites have come; all were due in 2024."""
    commitment = make.a_commitment("kites-in-part", due="2024", beneficiary=world.ruritania)
    make.a_measure(commitment)
    make.a_measure(commitment, "came", value=10, as_stated="ten", milestone=make.a_milestone(commitment, "delivered", "2024-05"))
    commitment.refresh_from_db()
    return commitment


def test_the_page_shows_what_has_come_and_that_the_rest_is_overdue(desk, part_delivered):
    html = desk.get(page(part_delivered, "change")).content.decode()
    assert "delivered in part; 25% delivered (kite); overdue" in html
    listed = desk.get(page(Commitment, "changelist")).content.decode()
    assert "delivered in part" in listed and re.search(r"2024 <span[^>]*>\s*overdue", listed)


def test_lists_are_narrowed_by_stage_due_date_and_whom_it_concerns(desk, world, part_delivered):
    make.a_milestone(make.a_commitment("whole", due="2024"), "delivered", "2024-05")
    make.a_commitment("far-off", due="2999").concerns.add(world.arcadia)
    assert shown(desk, Commitment, stage="delivered_in_part") == ["kites-in-part"]
    assert shown(desk, Commitment, stage="delivered") == ["whole"]
    assert shown(desk, Commitment, overdue="yes") == ["kites-in-part"]
    assert shown(desk, Commitment, overdue="no") == ["far-off", "whole"]
    assert shown(desk, Commitment, due_latest="2024") == ["whole", "kites-in-part"]
    assert shown(desk, Commitment, concerns__entity__exact=world.arcadia.pk) == ["far-off"]
    steps = {"delivered": {"came"}, "none": {"kites"}, "agreed": set()}
    for step, keys in steps.items():
        rows = desk.get(page(Measure, "changelist"), {"step": step}).context["cl"].result_list
        assert {row.key for row in rows} == keys


def test_an_amount_is_tied_to_a_step_of_this_commitment_alone(desk, world, part_delivered):
    response = desk.get(page(part_delivered, "change"))
    [formset] = [inline.formset for inline in response.context["inline_admin_formsets"] if inline.formset.model is Measure]
    choices = {str(value) for value, _ in formset.forms[0].fields["milestone"].choices if value}
    own = part_delivered.milestones.get()
    assert choices == {str(own.pk)}
    more = {"kind": "items", "qualifier": "none", "value": "5", "unit": "kite", "as_stated": "five", "key": ""}
    save(desk, part_delivered, with_new(filled_in(response), "measures", **more, milestone=str(own.pk)))
    assert part_delivered.measures.get(value=5).milestone == own
    data = with_new(shown_form(desk, page(part_delivered, "change")), "measures", **more, milestone=str(world.milestone.pk))
    assert "Select a valid choice" in desk.post(page(part_delivered, "change"), data).content.decode()


def test_only_commitments_have_steps(desk, world):
    response = desk.get(page(world.arcadia, "change"))
    data = with_new(filled_in(response), "measures", kind="headcount", qualifier="about", value="700", unit="person", key="")
    assert not any(name.endswith("-milestone") for name in data)
    save(desk, world.arcadia, data | {"measures-0-as_stated": "about 700"})
    assert world.arcadia.measures.get().milestone is None


def test_a_step_that_moved_an_amount_is_not_deleted_under_it(desk, part_delivered):
    data = shown_form(desk, page(part_delivered, "change")) | {"milestones-0-DELETE": "on"}
    assert "protected" in desk.post(page(part_delivered, "change"), data).content.decode()
    assert Milestone.objects.filter(commitment=part_delivered).exists()


def test_a_refusal_has_no_beneficiary_and_the_form_says_so(desk, world):
    data = shown_form(desk, page(world.kites, "change")) | {"nature": "refusal"}
    told = desk.post(page(world.kites, "change"), data).content.decode()
    assert "Only a pledge, decision, plan, target or action has a beneficiary." in told
    save(desk, world.kites, data | {"beneficiary": "", "concerns": [str(world.ruritania.pk)], "due": "../2025-12-31"})
    assert (list(world.kites.concerns.all()), world.kites.due) == ([world.ruritania], "../2025-12-31")


def test_the_history_names_the_step_of_an_amount_and_whom_it_concerns(desk, world, part_delivered):
    with change_set():
        amount = part_delivered.measures.get(key="kites")
        amount.milestone = part_delivered.milestones.get()
        amount.save()
    with change_set():
        part_delivered.concerns.add(world.arcadia)
        part_delivered.refresh_from_db()
        part_delivered.period = "2024/2025"
        part_delivered.save()
    told = words(desk.get(page(part_delivered, "history")))
    assert "Amount moved to another step" in told and "step: delivered" in told
    assert "Period − empty + from 2024 to 2025" in told and "Concerns + Added Arcadia" in told
