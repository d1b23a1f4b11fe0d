"""From draft to public and back: what each step does, and what it refuses."""

import pytest

from entities.models import Change, Commitment, Name
from entities.vocabulary import Act, ReviewState, Status
from nato_support.editions.models import Edition, PrintRun
from nato_support.editions.publishing import Refused
from nato_support.review import operations as review
from nato_support.review import queues
from nato_support.review.models import Comment, Submission
from nato_support.review.operations import Said
from tests import world as make


def seen(*records) -> dict:
    """The versions in which they stand."""
    for record in records:
        record.refresh_from_db()
    return {record: record.version for record in records}


@pytest.fixture
def forty_one(public, anna, changed_by):
    """A public commitment that Anna changed."""
    return changed_by(anna, public.kites, name="Forty-one kites")


@pytest.fixture
def sent(forty_one, anna):
    return review.submit([forty_one], by=anna, note="It was forty-one.")


def test_what_one_sends_another_publishes_in_the_version_seen(forty_one, anna, edith):
    sent = review.submit([forty_one], by=anna, note="It was forty-one.")
    assert queues.waiting_for(edith).get() == sent and not queues.waiting_for(anna)
    assert queues.in_review([forty_one])["commitment", forty_one.pk] == sent
    done = review.publish_reviewed(sent, by=edith, seen=seen(forty_one), note="One more.")
    assert (done.state, done.decided_by, done.run.note) == (ReviewState.PUBLISHED, edith, "One more.")
    assert Edition.objects.newest([("commitment", "forty-kites")])["commitment", "forty-kites"].name == "Forty-one kites"
    assert queues.outcomes_for(anna).get() == sent and not queues.in_review([forty_one])
    sent.refresh_from_db()
    review.see_outcome(sent, by=anna)
    assert not queues.outcomes_for(anna)


def test_nobody_publishes_their_own_work_unless_the_desk_has_one_person(forty_one, sent, people, changed_by, settings):
    jan = people("jan", "editor")
    changed_by(jan, forty_one, summary="Kites.")
    for act in (review.take, lambda one, by: review.publish_reviewed(one, by=by, seen=seen(forty_one))):
        with pytest.raises(Refused, match="You wrote part of this yourself"):
            act(sent, by=jan)
    settings.REVIEW_BY_ANOTHER = False
    review.publish_reviewed(sent, by=jan, seen=seen(forty_one))


def test_another_version_than_the_one_seen_is_refused(forty_one, sent, anna, edith, changed_by):
    looked = seen(forty_one)
    changed_by(anna, forty_one, summary="Slipped in.")
    with pytest.raises(review.Moved) as refusal:
        review.publish_reviewed(sent, by=edith, seen=looked)
    assert refusal.value.records == [forty_one]
    with pytest.raises(review.Moved):
        review.publish_reviewed(sent, by=edith, seen={})
    assert PrintRun.objects.count() == 1
    review.publish_reviewed(sent, by=edith, seen=seen(forty_one))


def test_it_comes_back_with_comments_and_is_sent_again(world, anna, edith, changed_by):
    tents = make.a_commitment("tents")
    changed_by(anna, tents, summary="Many.")
    sent = review.submit([tents], by=anna, note="New.")
    tents.refresh_from_db()
    assert tents.status == Status.IN_REVIEW
    review.send_back(sent, by=edith, answer="How many?", comments=[Said("A number, please.", tents, "summary")])
    tents.refresh_from_db()
    assert tents.status == Status.DRAFT
    assert queues.sent_back_to(anna).get().comments.get().field == "summary"
    assert {change.act for change in Change.objects.all()} >= {Act.SUBMIT, Act.SEND_BACK}
    again = review.submit([tents], by=anna, note="Six.")
    assert not queues.sent_back_to(anna) and queues.waiting_for(edith).get() == again
    review.take_back(again, by=anna)
    tents.refresh_from_db()
    assert tents.status == Status.DRAFT and not queues.waiting_for(edith)


def test_a_group_goes_out_together_or_not_at_all(public, anna, edith, changed_by):
    """A new commitment that rests on a new organisation."""
    elbonia = make.an_organisation("elbonia")
    mud = make.a_commitment("mud", by=[elbonia])
    make.a_citation(public.quote, elbonia, "name", "Elbonia")
    make.a_citation(public.quote, mud)
    sent = review.submit([mud], by=anna, note="Mud.")
    with pytest.raises(Refused, match="rests on organisation elbonia"):
        review.publish_reviewed(sent, by=edith, seen=seen(mud))
    mud.refresh_from_db()
    assert mud.status == Status.IN_REVIEW
    review.add(sent, [elbonia], by=edith)
    done = review.publish_reviewed(sent, by=edith, seen=seen(mud, elbonia))
    assert set(Edition.objects.filter(run=done.run).values_list("slug", flat=True)) == {
        "elbonia",
        "mud",
    }


def test_one_record_waits_in_one_review(forty_one, sent, edith, changed_by):
    with pytest.raises(Refused, match="in review already, sent by anna"):
        review.submit([forty_one], by=edith, note="Again.")
    with pytest.raises(Refused, match="in review already"):
        review.publish_unsent([forty_one], by=edith, seen=seen(forty_one))


def test_the_first_to_decide_wins_and_the_other_is_told(forty_one, sent, edith, jan):
    looked = seen(forty_one)
    review.publish_reviewed(sent, by=edith, seen=looked)
    with pytest.raises(Refused, match="edith has decided this already: it was published"):
        review.publish_reviewed(sent, by=jan, seen=looked)
    with pytest.raises(Refused, match="already"):
        review.send_back(sent, by=jan, answer="No.")


def test_what_is_taken_is_left_to_its_reviewer_and_falls_back(sent, edith, jan):
    review.take(sent, by=edith)
    with pytest.raises(Refused, match="edith took it already"):
        review.take(sent, by=jan)
    assert not queues.waiting_for(jan) and queues.taken_by(edith).get() == sent
    with pytest.raises(Refused):
        review.let_go(sent, by=jan)
    Submission.objects.update(taken_at=queues.fallen_back())
    review.take(sent, by=jan)
    review.let_go(sent, by=jan)
    assert queues.waiting_for(edith).get() == sent


def test_what_is_let_through_is_a_debt_until_another_has_looked(public, edith, jan, changed_by):
    changed_by(edith, public.kites, name="Forty-two kites")
    with pytest.raises(Refused, match="Write down why"):
        review.let_through([public.kites], by=edith, seen=seen(public.kites), why=" ")
    with pytest.raises(Refused, match="yourself"):
        review.publish_unsent([public.kites], by=edith, seen=seen(public.kites))
    debt = review.let_through([public.kites], by=edith, seen=seen(public.kites), why="A lawyer called.")
    assert queues.checks_owed(jan).get() == debt and not queues.checks_owed(edith)
    with pytest.raises(Refused, match="somebody else"):
        review.check_afterwards(debt, by=edith)
    review.check_afterwards(debt, by=jan)
    assert not queues.unchecked()


def test_work_of_others_is_published_without_having_been_sent(forty_one, edith):
    done = review.publish_unsent([forty_one], by=edith, seen=seen(forty_one))
    assert not done.unreviewed and done.run.by == edith


def test_withdrawing_takes_a_reason_and_ends_a_review(forty_one, sent, anna, edith):
    with pytest.raises(Refused, match="why it is withdrawn"):
        review.withdraw_records([forty_one], by=edith, seen=seen(forty_one), why="")
    review.withdraw_records([forty_one], by=edith, seen=seen(forty_one), why="Nobody promised it.")
    assert Commitment.objects.get().status == Status.WITHDRAWN
    assert queues.outcomes_for(anna).get().answer == "Withdrawn: Nobody promised it."
    with pytest.raises(Refused, match="nothing to withdraw"):
        review.withdraw_records([forty_one], by=edith, seen=seen(forty_one), why="Again.")


def test_what_is_sent_holds_something_new_and_has_a_note(public, anna):
    with pytest.raises(Refused, match="sees just this already"):
        review.submit([public.kites], by=anna, note="Look.")
    tents = make.a_commitment("tents")
    with pytest.raises(Refused, match="what was done and why"):
        review.submit([tents], by=anna, note="")
    with pytest.raises(review.Moved):
        review.submit([tents], by=anna, note="New.", seen={tents: 7})
    assert not Submission.objects.exists()


def test_a_comment_belongs_to_what_was_sent(forty_one, sent, public, edith):
    row = Name.objects.create(entity=public.arcadia, text="Old Arcadia")
    for wrong in (
        Said("?", public.arcadia),
        Said("?", forty_one, "password"),
        Said("?", forty_one, f"entities.name/{row.pk}"),
        Said("?", None, "name"),
    ):
        with pytest.raises(Refused, match="comment is about"):
            review.send_back(sent, by=edith, answer="See comments.", comments=[wrong])
    assert not Comment.objects.exists()
    review.say(sent, [Said("Good.", forty_one, "name"), Said("  "), Said("On the whole.")], by=edith)
    assert Comment.objects.count() == 2


def test_what_is_sent_is_known_by_what_it_held(forty_one, sent, anna, changed_by):
    (one,) = sent.records.all()
    assert one.version == forty_one.version and len(one.fingerprint) == 64
