"""From draft to public and back: what each step does, and what it refuses."""

import pytest

from entities.history.record_snapshots import take_snapshot
from entities.models import Change, Commitment, Entity, Name
from entities.refusals import Refused, Stale
from entities.vocabulary import Action, ReviewState, Status
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.review import direct_publication, queues
from nato_support.publishing.review import workflow as review
from nato_support.publishing.review.pending_changes import find_pending_changes
from nato_support.publishing.review.workflow import NewComment
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
    return review.submit_records([forty_one], by=anna, note="It was forty-one.")


def test_what_one_sends_another_publishes_in_the_version_seen(forty_one, anna, edith):
    sent = review.submit_records([forty_one], by=anna, note="It was forty-one.")
    assert queues.submissions_waiting_for(edith).get() == sent and not queues.submissions_waiting_for(anna)
    assert queues.waiting_submissions_by_record([forty_one])["commitment", forty_one.pk] == sent
    done = review.publish_after_review(sent, by=edith, versions=seen(forty_one), note="One more.")
    assert (done.state, done.decided_by, done.release.note) == (ReviewState.PUBLISHED, edith, "One more.")
    assert Edition.objects.newest([("commitment", "forty-kites")])["commitment", "forty-kites"].name == "Forty-one kites"
    assert queues.unseen_outcomes_for(anna).get() == sent and not queues.waiting_submissions_by_record([forty_one])
    sent.refresh_from_db()
    review.mark_outcome_seen(sent, by=anna)
    assert not queues.unseen_outcomes_for(anna)


def test_nobody_publishes_their_own_work_unless_the_desk_has_one_person(forty_one, sent, people, changed_by, settings):
    jan = people("jan", "editor")
    changed_by(jan, forty_one, summary="Kites.")
    for act in (
        review.assign_submission,
        lambda one, by: review.publish_after_review(one, by=by, versions=seen(forty_one)),
    ):
        with pytest.raises(Refused, match="You wrote part of this yourself"):
            act(sent, by=jan)
    settings.REVIEW_BY_ANOTHER = False
    review.publish_after_review(sent, by=jan, versions=seen(forty_one))


def test_another_version_than_the_one_seen_is_refused(forty_one, sent, anna, edith, changed_by):
    looked = seen(forty_one)
    changed_by(anna, forty_one, summary="Slipped in.")
    with pytest.raises(Stale) as refusal:
        review.publish_after_review(sent, by=edith, versions=looked)
    assert refusal.value.records == [forty_one]
    with pytest.raises(Stale):
        review.publish_after_review(sent, by=edith, versions={})
    assert Release.objects.count() == 1
    review.publish_after_review(sent, by=edith, versions=seen(forty_one))


def test_it_comes_back_with_comments_and_is_sent_again(world, anna, edith, changed_by):
    tents = make.a_commitment("tents")
    changed_by(anna, tents, summary="Many.")
    sent = review.submit_records([tents], by=anna, note="New.")
    tents.refresh_from_db()
    assert tents.status == Status.IN_REVIEW
    review.send_back_submission(sent, by=edith, answer="How many?", comments=[NewComment("A number, please.", tents, "summary")])
    tents.refresh_from_db()
    assert tents.status == Status.DRAFT
    assert queues.submissions_sent_back_to(anna).get().comments.get().field == "summary"
    assert {change.action for change in Change.objects.all()} >= {Action.SUBMIT, Action.SEND_BACK}
    again = review.submit_records([tents], by=anna, note="Six.")
    assert not queues.submissions_sent_back_to(anna) and queues.submissions_waiting_for(edith).get() == again
    review.take_back_submission(again, by=anna)
    tents.refresh_from_db()
    assert tents.status == Status.DRAFT and not queues.submissions_waiting_for(edith)


def test_a_group_goes_out_together_or_not_at_all(public, anna, edith, changed_by):
    """A new commitment that rests on a new organisation."""
    elbonia = make.an_organisation("elbonia")
    mud = make.a_commitment("mud", by=[elbonia])
    make.cite_values(public.quote, elbonia, mud)
    sent = review.submit_records([mud], by=anna, note="Mud.")
    with pytest.raises(Refused, match="depends on organisation elbonia"):
        review.publish_after_review(sent, by=edith, versions=seen(mud))
    mud.refresh_from_db()
    assert mud.status == Status.IN_REVIEW
    review.add_to_submission(sent, [elbonia], by=edith)
    done = review.publish_after_review(sent, by=edith, versions=seen(mud, elbonia))
    assert set(Edition.objects.filter(release=done.release).values_list("slug", flat=True)) == {
        "elbonia",
        "mud",
    }


def test_one_record_waits_in_one_review(forty_one, sent, edith, changed_by):
    with pytest.raises(Refused, match="in review already, sent by anna"):
        review.submit_records([forty_one], by=edith, note="Again.")
    with pytest.raises(Refused, match="in review already"):
        direct_publication.publish_unsubmitted([forty_one], by=edith, versions=seen(forty_one))


def test_the_first_to_decide_wins_and_the_other_is_told(forty_one, sent, edith, jan):
    looked = seen(forty_one)
    review.publish_after_review(sent, by=edith, versions=looked)
    with pytest.raises(Refused, match="edith has decided this already: it was published"):
        review.publish_after_review(sent, by=jan, versions=looked)
    with pytest.raises(Refused, match="already"):
        review.send_back_submission(sent, by=jan, answer="No.")


def test_what_is_taken_is_left_to_its_reviewer_and_falls_back(sent, edith, jan):
    review.assign_submission(sent, by=edith)
    with pytest.raises(Refused, match="edith has already taken it"):
        review.assign_submission(sent, by=jan)
    assert not queues.submissions_waiting_for(jan) and queues.submissions_assigned_to(edith).get() == sent
    with pytest.raises(Refused):
        review.unassign_submission(sent, by=jan)
    Submission.objects.update(taken_at=queues.assignment_expiry_cutoff())
    review.assign_submission(sent, by=jan)
    review.unassign_submission(sent, by=jan)
    assert queues.submissions_waiting_for(edith).get() == sent


def test_what_is_let_through_is_a_debt_until_another_has_looked(public, edith, jan, changed_by):
    changed_by(edith, public.kites, name="Forty-two kites")
    with pytest.raises(Refused, match="Write down why"):
        direct_publication.publish_unreviewed([public.kites], by=edith, versions=seen(public.kites), reason=" ")
    with pytest.raises(Refused, match="yourself"):
        direct_publication.publish_unsubmitted([public.kites], by=edith, versions=seen(public.kites))
    debt = direct_publication.publish_unreviewed([public.kites], by=edith, versions=seen(public.kites), reason="A lawyer called.")
    assert queues.pending_checks_for(jan).get() == debt and not queues.pending_checks_for(edith)
    with pytest.raises(Refused, match="somebody else"):
        direct_publication.complete_pending_check(debt, by=edith)
    direct_publication.complete_pending_check(debt, by=jan)
    assert not queues.all_pending_checks()


def test_work_of_others_is_published_without_having_been_sent(forty_one, edith):
    done = direct_publication.publish_unsubmitted([forty_one], by=edith, versions=seen(forty_one))
    assert not done.unreviewed and done.release.by == edith


def test_withdrawing_takes_a_reason_and_ends_a_review(forty_one, sent, anna, edith):
    with pytest.raises(Refused, match="why it is withdrawn"):
        direct_publication.withdraw_with_reason([forty_one], by=edith, versions=seen(forty_one), reason="")
    direct_publication.withdraw_with_reason([forty_one], by=edith, versions=seen(forty_one), reason="Nobody promised it.")
    assert Commitment.objects.get().status == Status.WITHDRAWN
    assert queues.unseen_outcomes_for(anna).get().answer == "Withdrawn: Nobody promised it."
    with pytest.raises(Refused, match="nothing to withdraw"):
        direct_publication.withdraw_with_reason([forty_one], by=edith, versions=seen(forty_one), reason="Again.")


def test_what_is_sent_holds_something_new_and_has_a_note(public, anna):
    with pytest.raises(Refused, match="this version is public already"):
        review.submit_records([public.kites], by=anna, note="Look.")
    tents = make.a_commitment("tents")
    with pytest.raises(Refused, match="what was done and why"):
        review.submit_records([tents], by=anna, note="")
    with pytest.raises(Stale):
        review.submit_records([tents], by=anna, note="New.", versions={tents: 7})
    assert not Submission.objects.exists()


def test_what_breaks_a_rule_or_is_nothing_is_not_sent(public, anna):
    tents = make.a_commitment("tents")
    make.a_citation(public.quote, tents, "measures.none", "exactly 6 tent")
    with pytest.raises(Refused, match="citation courier-2024-07-09-q01 tents measures.none"):
        review.submit_records([tents], by=anna, note="New.")
    with pytest.raises(Refused, match="Choose the records to send"):
        review.submit_records([], by=anna, note="New.")
    assert not Submission.objects.exists()


def test_what_was_deleted_meanwhile_is_named(public, anna, edith):
    tents = make.a_commitment("tents")
    looked = seen(tents)
    Commitment.objects.get(pk=tents.pk).delete()
    for act in (
        lambda: review.submit_records([tents], by=anna, note="New."),
        lambda: direct_publication.publish_unsubmitted([tents], by=edith, versions=looked),
        lambda: direct_publication.withdraw_with_reason([tents], by=edith, versions=looked, reason="It is gone."),
    ):
        with pytest.raises(Refused, match="commitment tents has been deleted: reload the page"):
            act()


def test_a_submission_that_lost_a_record_is_not_published_in_part(forty_one, anna, edith):
    tents = make.a_commitment("tents")
    sent = review.submit_records([forty_one, tents], by=anna, note="Both.")
    Commitment.objects.get(pk=tents.pk).delete()
    with pytest.raises(Refused, match="commitment tents has been deleted since it was sent: restore it, or request changes"):
        review.publish_after_review(sent, by=edith, versions=seen(forty_one))
    assert Release.objects.count() == 1
    review.send_back_submission(sent, by=edith, answer="The tents are gone.")
    assert review.submit_records([forty_one], by=anna, note="Without tents.")


def test_what_is_added_to_a_submission_is_something_that_waits_nowhere_yet(sent, public, anna, changed_by):
    changed_by(anna, public.yard, locality="Harbour")
    other = review.submit_records([public.yard], by=anna, note="The yard.")
    with pytest.raises(Refused, match="in review already, sent by anna"):
        review.add_to_submission(sent, [public.yard], by=anna)
    with pytest.raises(Refused, match="Choose the records to add"):
        review.add_to_submission(sent, [], by=anna)
    assert sent.records.count() == other.records.count() == 1


def test_what_would_change_nothing_for_readers_is_not_published(public, anna, edith):
    # Said before the version that the page showed, which is an earlier one if somebody published it meanwhile.
    with pytest.raises(Refused, match="“Forty Kites”: this version is public already"):
        direct_publication.publish_unsubmitted([public.kites], by=edith, versions={public.kites: 0})
    # Another row that says the same: new in the history, the same for the public.
    public.citation.delete()
    make.a_citation(public.quote, public.kites)
    (pending,) = find_pending_changes([public.kites])
    assert pending.difference
    with pytest.raises(Refused, match="“Forty Kites”: this version is public already"):
        direct_publication.publish_unsubmitted([public.kites], by=edith, versions=seen(public.kites))
    assert not Submission.objects.exists() and Release.objects.count() == 1


def test_only_what_differs_from_what_readers_see_is_put_back(forty_one, edith):
    tents = make.a_commitment("tents")
    with pytest.raises(Refused, match="The public sees nothing of commitment “Tents” yet"):
        review.revert_to_published(tents, ["name"], by=edith, version=tents.version)
    for addresses in ([], ["name", "password"]):
        with pytest.raises(Refused, match="Choose what to revert in commitment “Forty-one kites”"):
            review.revert_to_published(forty_one, addresses, by=edith, version=forty_one.version)
    forty_one.refresh_from_db()
    assert forty_one.name == "Forty-one kites"


def test_a_comment_belongs_to_what_was_sent(forty_one, sent, public, edith):
    row = Name.objects.create(entity=public.arcadia, text="Old Arcadia")
    for wrong in (
        NewComment("?", public.arcadia),
        NewComment("?", forty_one, "password"),
        NewComment("?", forty_one, f"entities.name/{row.pk}"),
        NewComment("?", None, "name"),
    ):
        with pytest.raises(Refused, match="comment is about"):
            review.send_back_submission(sent, by=edith, answer="See comments.", comments=[wrong])
    assert not Comment.objects.exists()
    review.add_comments(sent, [NewComment("Good.", forty_one, "name"), NewComment("  "), NewComment("On the whole.")], by=edith)
    assert Comment.objects.count() == 2


def test_what_is_sent_is_known_by_what_it_held(forty_one, sent, anna, changed_by):
    (one,) = sent.records.all()
    assert one.version == forty_one.version and len(one.fingerprint) == 64


def test_content_that_nobody_reviewed_is_refused_though_its_version_is_the_same(forty_one, sent, anna, edith):
    looked, summary = seen(forty_one), forty_one.summary
    Commitment.objects.filter(pk=forty_one.pk).update(summary="Written past the models.")
    with pytest.raises(Refused, match="has content that is not in its history"):
        review.publish_after_review(sent, by=edith, versions=looked)
    review.take_back_submission(sent, by=edith)
    with pytest.raises(Refused, match="has content that is not in its history"):
        direct_publication.publish_unsubmitted([forty_one], by=edith, versions=seen(forty_one))
    sent = review.submit_records([forty_one], by=anna, note="Again.")
    looked = seen(forty_one)
    Commitment.objects.filter(pk=forty_one.pk).update(summary=summary)
    review.publish_after_review(sent, by=edith, versions=looked)


def test_content_other_than_was_sent_is_refused_though_its_version_is_the_same(forty_one, sent, edith, anna, changed_by):
    looked = seen(forty_one)
    changed_by(anna, forty_one, summary="Slipped in.")
    Entity.objects.filter(pk=forty_one.pk).update(version=looked[forty_one])
    with pytest.raises(Refused, match="is no longer what was sent"):
        review.publish_after_review(sent, by=edith, versions=looked)


def test_a_row_that_left_a_record_in_review_is_a_change_of_it(forty_one, sent, public, edith):
    looked = seen(forty_one)
    public.measure.entity = public.arcadia
    public.measure.save()
    with pytest.raises(Stale):
        review.publish_after_review(sent, by=edith, versions=looked)


def test_rows_of_every_sort_read_alike_in_the_record_and_in_its_history(public):
    for record in (public.kites, public.arcadia, public.alliance, public.quote, public.document, public.yard, public.meeting):
        (one,) = find_pending_changes([record])
        assert (
            take_snapshot(record) == one.difference.after
            and take_snapshot(record).fingerprint == one.difference.after.fingerprint
        )
