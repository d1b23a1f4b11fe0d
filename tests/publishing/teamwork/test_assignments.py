"""Assignments of records and of submissions: one thing to editors."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from entities.refusals import Refused
from nato_support.publishing.models import Assignment, Notification
from nato_support.publishing.review import queues, workflow
from nato_support.publishing.teamwork.assigning import assign_record, assigned_to, unassign_record

TODAY = timezone.now().date()
TOMORROW = TODAY + timedelta(days=1)


def test_a_record_is_claimed_and_given_back(world, anna):
    assign_record(world.kites, to=anna, by=anna)
    assert [(work.kind, work.record) for work in assigned_to(anna)] == [("commitment", world.kites.pk)]
    unassign_record(world.kites, by=anna, expected=anna.pk)
    assert assigned_to(anna) == [] and not Notification.objects.exists()


def test_who_gets_work_is_notified_with_its_day(world, anna, edith):
    assign_record(world.kites, to=anna, by=edith, due_on=TOMORROW)
    (told,) = Notification.objects.all()
    assert (told.recipient, told.reason, told.due_on) == (anna, "assigned", TOMORROW)
    assign_record(world.kites, to=anna, by=edith, expected=anna.pk)
    assert [(row.due_on) for row in Notification.objects.filter(read_at=None)] == [None]
    unassign_record(world.kites, by=edith, expected=anna.pk)
    assert not Notification.objects.filter(read_at=None).exists()


@pytest.mark.parametrize("due_on", [TODAY - timedelta(days=1), date(9999, 12, 31), date(1, 1, 1)])
def test_a_day_that_cannot_be_meant_is_refused(world, anna, due_on):
    with pytest.raises(Refused):
        assign_record(world.kites, to=anna, by=anna, due_on=due_on)


@pytest.mark.parametrize("name", ["vera", "stranger", "gone"])
def test_only_who_may_edit_it_gets_a_record(world, people, anna, vera, name):
    people("stranger")
    gone = people("gone", "editor")
    gone.is_active = False
    gone.save()
    with pytest.raises(Refused, match="may not edit"):
        assign_record(world.kites, to=type(gone).objects.get(username=name), by=anna)


def test_whoever_comes_second_is_told(world, anna, edith):
    assign_record(world.kites, to=anna, by=anna)
    with pytest.raises(Refused, match="assigned to anna"):
        assign_record(world.kites, to=edith, by=edith)
    with pytest.raises(Refused, match="assigned to anna"):
        unassign_record(world.kites, by=edith, expected=None)
    assign_record(world.kites, to=edith, by=edith, expected=anna.pk)
    assert Assignment.objects.get().assignee == edith


def test_work_is_listed_by_its_day_and_marked_when_it_is_past(world, anna):
    assign_record(world.yard, to=anna, by=anna)
    assign_record(world.kites, to=anna, by=anna, due_on=TOMORROW)
    assign_record(world.ada, to=anna, by=anna, due_on=TODAY)
    Assignment.objects.filter(record=world.ada.pk).update(due_on=TODAY - timedelta(days=1))
    assert [(work.kind, work.is_overdue) for work in assigned_to(anna)] == [
        ("person", True),
        ("commitment", False),
        ("facility", False),
    ]


@pytest.fixture
def sent(records, anna, changed_by, world):
    changed_by(anna, world.kites, summary="Forty kites, in a box.")
    return workflow.submit_records([world.kites], by=anna, note="New.")


def test_a_submission_is_assigned_to_another_by_a_day(sent, edith, jan):
    workflow.assign_submission(sent, by=edith, to=jan, due_on=TOMORROW)
    sent.refresh_from_db()
    assert (sent.taken_by, sent.due_on, sent.assigned_by) == (jan, TOMORROW, edith)
    assert [work.submission for work in assigned_to(jan)] == [sent]
    told = Notification.objects.filter(reason="assigned").get()
    assert (told.recipient, told.submission) == (jan, sent)


def test_its_day_keeps_a_submission_assigned(sent, edith, jan):
    workflow.assign_submission(sent, by=edith, due_on=TODAY + timedelta(days=30))
    type(sent).objects.update(taken_at=timezone.now() - timedelta(days=20))
    assert sent not in queues.submissions_waiting_for(jan)
    type(sent).objects.update(due_on=TODAY - timedelta(days=1))
    assert sent in queues.submissions_waiting_for(jan)
    sent.refresh_from_db()
    assert not queues.has_reviewer_now(sent)


@pytest.mark.parametrize("name", ["anna", "vera"])
def test_a_submission_goes_to_nobody_who_may_not_review_it(sent, edith, people, vera, name):
    with pytest.raises(Refused):
        workflow.assign_submission(sent, by=edith, to=people(name))


def test_an_author_who_may_review_gets_no_own_work(world, records, edith, jan, changed_by):
    changed_by(jan, world.kites, summary="Forty kites, in a box.")
    sent = workflow.submit_records([world.kites], by=jan, note="New.")
    with pytest.raises(Refused, match="jan wrote part of this"):
        workflow.assign_submission(sent, by=edith, to=jan)


def test_who_assigned_it_may_change_their_mind(sent, edith, jan, people):
    workflow.assign_submission(sent, by=edith, to=jan)
    other = people("karl", "editor")
    with pytest.raises(Refused, match="jan has already taken it"):
        workflow.assign_submission(sent, by=other)
    with pytest.raises(Refused, match="not assigned to you"):
        workflow.unassign_submission(sent, by=other)
    workflow.unassign_submission(sent, by=edith)
    sent.refresh_from_db()
    assert (sent.taken_by, sent.due_on) == (None, None)
