"""Two people act at the same instant, over HTTP: one of them wins, the other is told, and nothing is half done.

Whoever is first is left to chance. Each race is run a few times with records of their own.
"""

from functools import partial

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from entities.models import Merge, Name, Organisation
from entities.vocabulary import ReviewState, Status
from nato_support.desk.review.record_tokens_and_review_urls import (
    publish_page_url,
    record_form_url,
    submission_page_url,
    withdraw_page_url,
)
from nato_support.publishing.models.public_tables import Edition, Release
from nato_support.publishing.models.submissions import Submission, SubmittedRecord
from nato_support.publishing.publication import publish
from nato_support.publishing.review.workflow import submit_records
from nato_support.roles import ensure_groups
from tests import world as make
from tests.e2e.people import Browser, at_once

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

RACES = range(3)


@pytest.fixture
def hand(live_server, transactional_db):
    """Signs somebody in: `hand("anna", "contributor")`."""

    def sign_in(name: str, group: str) -> Browser:
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(ensure_groups()[group])
        client = Client()
        client.force_login(user)
        return Browser(live_server.url, client.session.session_key)

    return sign_in


@pytest.fixture
def two_editors(hand):
    return hand("edith", "editor"), hand("jan", "editor")


def a_ready_one(world, slug: str, **fields) -> Organisation:
    """A draft that may be published: somebody else's, with its evidence."""
    record = make.an_organisation(slug, **fields)
    make.a_citation(world.quote, record, "name", record.name)
    record.refresh_from_db()
    return record


def the_one_who(answers: list[tuple[int, str]], status: int = 302) -> int:
    """Which of two it was that got through, when exactly one did; the other was refused with 409."""
    statuses = [one for one, _ in answers]
    assert sorted(statuses) == sorted([status, 409]), [body[:2000] for one, body in answers if one not in (status, 409)]
    return statuses.index(status)


def act(submission: Submission, verb: str) -> str:
    return reverse("admin:publishing_submission_act", args=[submission.pk, verb])


def test_two_editors_publish_what_was_sent_for_review(public, two_editors):
    anna = User.objects.create_user("anna")
    for at in RACES:
        record = a_ready_one(public, f"land-{at}")
        sent = submit_records([record], by=anna, note="A new land.")
        runs = Release.objects.count()
        form = two_editors[0].form(submission_page_url(sent), "seen")
        answers = at_once(*(partial(one.ask, act(sent, "publish"), form) for one in two_editors))
        first = ("edith", "jan")[the_one_who(answers)]
        sent.refresh_from_db()
        assert (sent.state, sent.decided_by.username) == (ReviewState.PUBLISHED, first)
        assert any(f"{first} has decided this already" in body for _, body in answers)
        assert Release.objects.count() == runs + 1
        assert Edition.objects.filter(slug=record.slug).count() == 1


def test_two_editors_publish_what_nobody_sent(public, two_editors):
    """Once as something new, which publishing gives a new version, and once as a change, which it does not."""
    for at in RACES:
        record = a_ready_one(public, f"land-{at}")
        for editions in (1, 2):
            if editions == 2:
                record.refresh_from_db()
                record.summary = "It lies by a lake."
                record.save()
            runs = Release.objects.count()
            page = publish_page_url([record])
            form = two_editors[0].form(page, "seen") | {"do": "publish"}
            answers = at_once(*(partial(one.ask, page.partition("?")[0], form) for one in two_editors))
            first = ("edith", "jan")[the_one_who(answers)]
            assert any(f"{first} published it" in body or f", by {first}" in body for _, body in answers)
            assert Release.objects.count() == runs + 1
            assert Edition.objects.filter(slug=record.slug).count() == editions
            assert Submission.objects.filter(records__record=record.pk).count() == editions


def test_one_withdraws_what_another_publishes(public, two_editors):
    """Whichever is first: one of them is told, or what was published is withdrawn after it, and nothing waits any more."""
    anna = User.objects.create_user("anna")
    edith, jan = two_editors
    for at in RACES:
        record = a_ready_one(public, f"land-{at}")
        publish([record])
        record.refresh_from_db()
        record.summary = "It lies by a lake."
        record.save()
        sent = submit_records([record], by=anna, note="Where it lies.")
        out = withdraw_page_url([record])
        reviewed = edith.form(submission_page_url(sent), "seen")
        withdrawing = jan.form(out, "seen") | {"do": "withdraw", "reason": "It never was."}
        answers = at_once(
            partial(edith.ask, act(sent, "publish"), reviewed),
            partial(jan.ask, out.partition("?")[0], withdrawing),
        )
        assert {one for one, _ in answers} <= {302, 409}, [body[:2000] for one, body in answers if one not in (302, 409)]
        # To withdraw is never refused here: publishing a change gives no new version.
        assert answers[1][0] == 302
        sent.refresh_from_db()
        record.refresh_from_db()
        assert record.status == Status.WITHDRAWN
        assert sent.state == (ReviewState.PUBLISHED if answers[0][0] == 302 else ReviewState.SENT_BACK)
        assert not SubmittedRecord.objects.filter(open=True).exists()
        assert Edition.objects.newest([("organisation", record.slug)])["organisation", record.slug].withdrawn


def test_two_send_the_same_for_review(public, hand):
    """The same person by a double click that no script held back, and two people."""
    anna, bert = hand("anna", "contributor"), hand("bert", "contributor")
    for at, hands in enumerate(((anna, anna), (anna, bert), (bert, anna))):
        record = a_ready_one(public, f"land-{at}")
        page = publish_page_url([record])
        form = anna.form(page, "seen") | {"do": "submit", "note": "A new land."}
        answers = at_once(*(partial(one.ask, page.partition("?")[0], form) for one in hands))
        the_one_who(answers)
        sent = Submission.objects.get(records__record=record.pk)
        told = next(body for status, body in answers if status == 409)
        assert f"is in review already, sent by {sent.submitted_by}" in told


def merge_form(browser: Browser, merged, survivor) -> tuple[str, dict]:
    page = reverse("admin:entities_merge_pair", args=[merged.pk, survivor.pk])
    form = browser.form(page, "seen")
    return page, form | {"merge": "", "reason": "One land, two spellings."}


def two_alike(world, at: int):
    """Two drafts that differ in nothing that an editor would have to choose."""
    return a_ready_one(world, f"land-{at}", name=f"Land {at}"), a_ready_one(world, f"land-{at}-again", name=f"Land {at}")


def test_a_merge_meets_a_save_of_either_record(public, two_editors):
    edith, jan = two_editors
    for at in RACES:
        for which in (0, 1):
            pair = two_alike(public, 10 * at + which)
            survivor, merged = pair
            page, form = merge_form(edith, merged, survivor)
            edited = record_form_url(pair[which])
            sheet = jan.form(edited, "_base") | {"summary": "Jan wrote this meanwhile."}
            (asked, _), (saved, body) = at_once(partial(edith.ask, page, form), partial(jan.ask, edited, sheet))
            merged.refresh_from_db()
            survivor.refresh_from_db()
            edit = pair[which]
            if saved == 302:
                assert edit.summary == "Jan wrote this meanwhile."
            else:
                assert saved == 409 and which == 1, body[:2000]
                assert "Jan wrote this meanwhile." in body and edit.summary == ""
            assert asked in (302, 409)
            assert Merge.objects.filter(merged=merged).exists() == (asked == 302)
            assert merged.merged_into_id == (survivor.pk if asked == 302 else None)
            # No two states of a record are called by one version.
            assert edit.history.count() == edit.history.values("version").distinct().count()


def test_two_editors_merge_the_same_pair(public, two_editors):
    for at in RACES:
        pair = two_alike(public, at)
        # Into each other: both at once would make a circle.
        orders = [(pair, pair), (pair, pair[::-1]), (pair[::-1], pair[::-1])][at % 3]
        asked = [merge_form(one, *order) for one, order in zip(two_editors, orders, strict=True)]
        answers = at_once(*(partial(one.ask, *what) for one, what in zip(two_editors, asked, strict=True)))
        assert sorted(status for status, _ in answers)[0] == 302
        assert sorted(status for status, _ in answers)[1] in (400, 409), answers[1][1][:2000]
        merge = Merge.objects.get(merged__in=pair)
        assert merge.merged_by.username == ("edith", "jan")[[status for status, _ in answers].index(302)]
        merge.survivor.refresh_from_db()
        assert merge.survivor.merged_into is None


def test_a_merge_is_taken_back_while_somebody_edits(public, two_editors):
    edith, jan = two_editors
    for at in RACES:
        survivor, merged = two_alike(public, at)
        Name.objects.create(entity=merged, text=f"Old Land {at}", kind="alias")
        merged.refresh_from_db()
        page, form = merge_form(edith, merged, survivor)
        assert edith.ask(page, form)[0] == 302
        back = reverse("admin:entities_merge_change", args=[Merge.objects.get(merged=merged).pk])
        undo = edith.form(back, "seen") | {"unmerge": "", "reason": "Two lands."}
        edited = record_form_url(survivor)
        sheet = jan.form(edited, "_base") | {"summary": "Jan wrote this meanwhile.", "names-0-text": f"Very Old Land {at}"}
        (undone, told), (saved, body) = at_once(partial(edith.ask, back, undo), partial(jan.ask, edited, sheet))
        assert undone in (302, 409) and saved in (302, 409), (told[:2000], body[:2000])
        survivor.refresh_from_db()
        merged.refresh_from_db()
        name = Name.objects.get(text__endswith=f"Old Land {at}")
        if undone == 302:
            # The name went back: Jan's own row is gone, and Jan is asked.
            assert merged.merged_into is None
            assert (saved, name.entity_id, name.text) == (409, merged.pk, f"Old Land {at}")
        else:
            assert merged.merged_into_id == survivor.pk
            assert (saved, name.entity_id, name.text) == (302, survivor.pk, f"Very Old Land {at}")
            assert survivor.summary == "Jan wrote this meanwhile."
