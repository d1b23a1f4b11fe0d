"""What came of a promise, on the rows that editors edit: steps, amounts, stages, and whether it is overdue."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from entities.deliveries import overdue_days
from entities.models import Commitment, Measure, Milestone
from entities.steps import Step
from tests import world as make


@pytest.mark.parametrize("text", ["agreed 2024-06-14", "agreed", "under_way 2024", "delivered ../2024-12-31", "dropped 2024-06~"])
def test_a_step_is_written_as_it_was_read(text):
    assert str(Step.parse(text)) == text


@pytest.mark.parametrize("text", ["", "2024-06-14", "promised 2024", "agreed yesterday", "agreed 2024-06-14 2024-06-15"])
def test_what_is_no_step_is_refused(text):
    with pytest.raises(ValueError, match=r"is not a (step|date)"):
        Step.parse(text)


@pytest.mark.parametrize(
    ("due_latest", "stage", "final_day", "days"),
    [
        ("2024-06-30", "announced", "", ("2024-07-01", "9999-12-31")),
        ("2024-06-30", None, "", ("2024-07-01", "9999-12-31")),
        ("2024-06-30", "delivered_in_part", "2024-05-01", ("2024-07-01", "9999-12-31")),
        ("2024-06-30", "delivered", "2024-09-15", ("2024-07-01", "2024-09-14")),
        ("2024-06-30", "dropped", "2024-07-01", None),
        # Nobody says when it was delivered.
        ("2024-06-30", "delivered", "", None),
        # Due some time from then on.
        ("9999-12-31", "announced", "", None),
    ],
)
def test_days_on_which_it_is_overdue(due_latest, stage, final_day, days):
    assert overdue_days(due_latest, stage, final_day) == days


@pytest.fixture
def part_delivered(world) -> Commitment:
    """Ten of forty kites, delivered in May; all were due in June 2024."""
    commitment = make.a_commitment("kites-in-part", due="2024-06")
    make.a_measure(commitment)
    step = make.a_milestone(commitment, "delivered", "2024-05")
    make.a_measure(commitment, "came", value=10, as_stated="ten kites", milestone=step)
    return Commitment.objects.get(pk=commitment.pk)


def test_lists_of_the_desk_find_what_the_record_says(part_delivered):
    assert part_delivered.stage == "delivered_in_part"
    assert [(share.low, share.high) for share in part_delivered.shares] == [(0.25, 0.25)]
    days = [datetime.date(2024, 6, 30), datetime.date(2024, 7, 1)]
    assert [part_delivered.is_overdue(day) for day in days] == [False, True]
    assert [part_delivered in Commitment.objects.overdue(day) for day in days] == [False, True]
    found = {
        stage: part_delivered in Commitment.objects.at_stage(stage) for stage in ("delivered", "delivered_in_part", "agreed")
    }
    assert found == {"delivered": False, "delivered_in_part": True, "agreed": False}
    make.a_milestone(part_delivered, "delivered", "2024-06-10")
    whole = Commitment.objects.get(pk=part_delivered.pk)
    assert whole.stage == "delivered" and whole in Commitment.objects.at_stage("delivered")
    assert not whole.is_overdue(days[1])


def test_an_amount_belongs_to_a_step_of_its_own_commitment(world, part_delivered):
    own, other = world.measure, part_delivered.milestones.get()
    own.milestone = other
    with pytest.raises(ValidationError, match="belongs to another commitment"):
        own.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(pk=own.pk).update(milestone=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.a_measure(world.kites, "more", milestone=other)
    with pytest.raises(IntegrityError), transaction.atomic():
        Measure.objects.filter(key="came").update(entity=world.kites)
    other.commitment = world.kites
    with pytest.raises(ValidationError, match="move them first"):
        other.full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Milestone.objects.filter(pk=other.pk).update(commitment=world.kites)


def test_a_step_with_amounts_is_deleted_with_its_commitment_alone(part_delivered):
    with pytest.raises(models.RestrictedError):
        part_delivered.milestones.get().delete()
    part_delivered.delete()
    assert not Measure.objects.filter(key="came").exists()
