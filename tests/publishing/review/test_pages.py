"""The pages of review, in order: what one sends another sees, decides and is told about."""

import re

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from entities.vocabulary import ReviewState, Status
from nato_support.desk.review.named_problems import problems_with_record_names
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, submission_page_url, withdraw_page_url
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.review import workflow as review
from tests import world as make
from tests.desk.conftest import page

QUEUE, NEW, WITHDRAW = (reverse(f"admin:publishing_submission_{name}") for name in ("changelist", "new", "withdraw"))


@pytest.fixture
def at_desk():
    """The browser of somebody who is signed in."""

    def sign_in(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def told(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def on_page(response) -> dict:
    """The hidden fields of the form of `response`: what a browser would send along."""
    context = response.context
    seen = [one["seen"] for one in context.get("entries", [])] or [card.seen for card in context.get("cards", [])]
    seen += [one["card"].seen for one in context.get("dependencies", [])] + [one["seen"] for one in context.get("records", [])]
    names = [seen_.rpartition("/")[0] for seen_ in seen]
    return {"opened_at": context["opened_at"], "seen": seen, "record": names}


def act(submission, verb: str) -> str:
    return reverse("admin:publishing_submission_act", args=[submission.pk, verb])


@pytest.fixture
def forty_one(public, anna, changed_by):
    return changed_by(anna, public.kites, name="Forty-one kites")


@pytest.fixture
def sent(forty_one, anna):
    return review.submit_records([forty_one], by=anna, note="It was forty-one.")


def test_a_source_with_changes_of_its_own_is_said_to_stay_as_it_was_published(
    forty_one, public, anna, edith, changed_by, at_desk
):
    changed_by(anna, public.quote, said_on="2024-07")
    sent = review.submit_records([forty_one], by=anna, note="It was forty-one.")
    his = at_desk(edith)
    assert "has changes that are not included" in his.get(submission_page_url(sent)).text
    review.add_to_submission(sent, [public.quote], by=anna)
    assert "has changes that are not included" not in his.get(submission_page_url(sent)).text


# As texts bring them along that are pasted: a direction mark, other ends of lines.
PASTED = "It was\u200e forty-one.\r\nNo more\x07."
KEPT = "It was forty-one.\nNo more."


def test_marks_that_nobody_sees_keep_no_note_from_being_sent(forty_one, anna, edith, at_desk):
    hers, his = at_desk(anna), at_desk(edith)
    asked = on_page(hers.get(publish_page_url([forty_one])))
    assert hers.post(NEW, asked | {"do": "submit", "note": PASTED}).status_code == 302
    submission = Submission.objects.get()
    his.post(act(submission, "comment"), {"comment:": PASTED})
    his.post(act(submission, "send-back"), {"answer": PASTED})
    submission.refresh_from_db()
    assert (submission.note, submission.answer, Comment.objects.get().text) == (KEPT, KEPT, KEPT)
    asked = on_page(his.get(publish_page_url([forty_one])))
    assert his.post(NEW, asked | {"do": "publish", "public_note": PASTED}).status_code == 302
    assert Submission.objects.last().release.note == KEPT
    asked = on_page(his.get(withdraw_page_url([forty_one])))
    assert his.post(WITHDRAW, asked | {"do": "withdraw", "reason": PASTED}).status_code == 302


def test_a_contributor_sends_and_an_editor_sees_the_difference_and_publishes(forty_one, anna, edith, at_desk):
    hers, his = at_desk(anna), at_desk(edith)
    assert "1 unpublished change" in hers.get(page(forty_one, "change")).text
    asked = hers.get(publish_page_url([forty_one]))
    assert "Forty-one kites" in asked.text and 'value="publish"' not in asked.text
    answer = hers.post(NEW, on_page(asked) | {"do": "submit", "note": "It was forty-one."})
    assert told(answer) == ["“Forty-one kites” was sent for review."]
    assert "In review since" in hers.get(page(forty_one, "change")).text

    queue = his.get(QUEUE)
    assert "It was forty-one." in queue.text and "Forty Kites → Forty-one kites" in queue.text
    submission = Submission.objects.get()
    shown = his.get(submission_page_url(submission))
    assert "Forty Kites" in shown.text and "Forty-one kites" in shown.text
    answer = his.post(act(submission, "publish"), on_page(shown) | {"note": "One more."})
    assert told(answer) == ["“Forty-one kites” was published."] and answer["Location"] == QUEUE
    assert Edition.objects.newest([("commitment", "forty-kites")])["commitment", "forty-kites"].name == "Forty-one kites"
    assert "Published by edith" in " ".join(hers.get(submission_page_url(submission)).text.split()).replace("<b>", "").replace(
        "</b>", ""
    )
    submission.refresh_from_db()
    assert submission.outcome_seen_at


def test_what_changed_under_the_reviewer_is_refused_with_what_and_by_whom(sent, forty_one, anna, edith, changed_by, at_desk):
    his = at_desk(edith)
    shown = his.get(submission_page_url(sent))
    changed_by(anna, forty_one, summary="Slipped in.")
    answer = his.post(
        act(sent, "publish"), on_page(shown) | {"note": "One more.", f"comment:commitment/{forty_one.pk}:name": "Fine."}
    )
    assert answer.status_code == 409
    assert "changed since you opened this page" in answer.text and "Slipped in." in answer.text and "by anna" in answer.text
    assert "One more." in answer.text and "Fine." in answer.text
    assert "Changed since it was sent" in answer.text
    assert his.post(act(sent, "publish"), on_page(answer)).status_code == 302
    sent.refresh_from_db()
    assert sent.state == ReviewState.PUBLISHED


def test_it_goes_back_with_a_comment_on_a_field_that_the_author_sees(sent, forty_one, anna, edith, at_desk):
    his = at_desk(edith)
    shown = his.get(submission_page_url(sent))
    place = f"comment:commitment/{forty_one.pk}:name"
    empty = his.post(act(sent, "send-back"), on_page(shown) | {"answer": "", place: "Who says so?"})
    assert empty.status_code == 409 and "Who says so?" in empty.text
    his.post(act(sent, "send-back"), on_page(shown) | {"answer": "Give the source.", place: "Who says so?"})
    seen = at_desk(anna).get(page(forty_one, "change")).text
    assert "Give the source." in seen and "Who says so?" in seen
    assert Comment.objects.get().field == "name"


def test_single_values_are_put_back_to_what_the_public_sees(sent, forty_one, public, anna, edith, changed_by, at_desk):
    changed_by(anna, forty_one, summary="Forty-one of them.")
    his = at_desk(edith)
    ticked = on_page(his.get(submission_page_url(sent))) | {"revert": [f"commitment/{forty_one.pk}:name"]}
    assert told(his.post(act(sent, "revert"), ticked)) == ["1 field was reverted to its published value."]
    forty_one.refresh_from_db()
    assert (forty_one.name, forty_one.summary) == ("Forty Kites", "Forty-one of them.")
    assert his.post(act(sent, "revert"), ticked).status_code == 409
    # That made no author of him.
    shown = his.get(submission_page_url(sent))
    assert his.post(act(sent, "publish"), on_page(shown)).status_code == 302


def test_what_it_rests_on_is_named_and_added(public, anna, edith, at_desk):
    elbonia = make.an_organisation("elbonia")
    mud = make.a_commitment("mud", by=[elbonia])
    make.cite_values(public.quote, elbonia, mud)
    mud.refresh_from_db()
    elbonia.refresh_from_db()
    hers = at_desk(anna)
    asked = hers.get(publish_page_url([mud]))
    assert [one["card"].record for one in asked.context["dependencies"]] == [elbonia]
    given = on_page(asked) | {"do": "submit", "note": "Mud."}
    given["record"] = [f"commitment/{mud.pk}"]
    hers.post(NEW, given | {"offered": [f"organisation/{elbonia.pk}"]})
    submission = Submission.objects.get()
    his = at_desk(edith)
    shown = his.get(submission_page_url(submission))
    assert "Depends on unpublished records" in shown.text
    refused = his.post(act(submission, "publish"), on_page(shown))
    elbonia_link = f'<a href="{reverse("admin:entities_organisation_change", args=[elbonia.pk])}">{elbonia.name}</a>'
    assert refused.status_code == 409 and f"depends on organisation {elbonia_link}, which is not public" in refused.text
    his.post(act(submission, "add"), {"add": [f"organisation/{elbonia.pk}"]})
    shown = his.get(submission_page_url(submission))
    assert "Depends on unpublished records" not in shown.text
    assert told(his.post(act(submission, "publish"), on_page(shown))) == ["2 records were published."]


def test_reasons_name_their_records_with_links_and_a_shared_one_is_given_once(public):
    other = make.a_quote(public.document, "Arcadia will give Ruritania 40 kites")
    name = make.an_organisation("tiny", name="Tiny <b>")
    shown = problems_with_record_names(
        [
            *(f"quote {quote.slug} would show 40% of document {public.document.slug}" for quote in (public.quote, other)),
            f"commitment {public.kites.slug}: Beneficiary is “ruritania”, which no verified citation states",
            f"organisation {name.slug} has no supporting citation",
            "person nobody-knows has no supporting citation",
        ]
    )
    plain = [re.sub("<[^>]+>", "", sentence) for sentence in shown]
    assert plain == [
        f"quote “{public.quote}”, quote “{other}” would show 40% of document {public.document}",
        f"commitment {public.kites}: Beneficiary is “Ruritania”, which no verified citation states",
        "organisation Tiny &lt;b&gt; has no supporting citation",
        "person nobody-knows has no supporting citation",
    ]
    assert shown[2].startswith(f'organisation <a href="{reverse("admin:entities_organisation_change", args=[name.pk])}">')


def test_the_page_that_sends_work_leads_back_when_all_of_it_was_sent(public, anna, at_desk):
    answer = at_desk(anna).get(NEW, {"document": public.document.pk})
    assert answer["Location"] == reverse("admin:sources_sourcedocument_read", args=[public.document.pk])
    assert told(answer) == ["Nothing captured from this document waits to be sent for review."]


def test_an_editor_lets_own_work_through_and_another_checks_it(public, edith, jan, changed_by, at_desk):
    changed_by(edith, public.kites, name="Forty-two kites")
    his, other = at_desk(edith), at_desk(jan)
    asked = his.get(publish_page_url([public.kites]))
    assert 'value="publish_unreviewed"' in asked.text and 'value="publish"' not in asked.text
    assert his.post(NEW, on_page(asked) | {"do": "publish"}).status_code == 409
    assert his.post(NEW, on_page(asked) | {"do": "publish_unreviewed"}).status_code == 409
    his.post(NEW, on_page(asked) | {"do": "publish_unreviewed", "reason": "A lawyer called."})
    public.kites.refresh_from_db()
    assert "Published without review" in other.get(page(public.kites, "change")).text
    debt = Submission.objects.get()
    assert "A lawyer called." in other.get(f"{QUEUE}?show=unreviewed").text
    shown = other.get(submission_page_url(debt))
    assert "Forty-two kites" in shown.text and "Mark as checked" in shown.text
    assert his.post(act(debt, "check")).status_code == 409
    assert other.post(act(debt, "check")).status_code == 302
    assert "Published without review" not in other.get(page(public.kites, "change")).text


def test_withdrawing_shows_what_rests_on_it(public, edith, at_desk):
    his = at_desk(edith)
    asked = his.get(withdraw_page_url([public.ruritania]))
    assert {one.slug for one in asked.context["blocking"]} == {"arcadia-works-alongside-ruritania"}
    assert {one.slug for one in asked.context["republished"]} == {"forty-kites", "kite-yard"}
    refused = his.post(WITHDRAW, on_page(asked) | {"do": "withdraw", "reason": "Never was."})
    assert refused.status_code == 409 and "Never was." in refused.text
    both = his.get(withdraw_page_url([public.ruritania, public.alliance]))
    assert not both.context["blocking"]
    his.post(WITHDRAW, on_page(both) | {"do": "withdraw", "reason": "Never was."})
    public.ruritania.refresh_from_db()
    assert public.ruritania.status == Status.WITHDRAWN


@pytest.mark.parametrize("number", [3, 40])
def test_the_queue_takes_no_more_queries_for_more(public, anna, edith, at_desk, number, django_assert_max_num_queries):
    for n in range(number):
        review.submit_records(
            [make.a_commitment(f"promise-{n}"), make.an_organisation(f"state-{n}")], by=anna, note=f"Promise {n}."
        )
    his = at_desk(edith)
    his.get(QUEUE)
    with django_assert_max_num_queries(25):
        assert "Promise 0." in his.get(QUEUE).text


@pytest.mark.parametrize("number", [3, 40])
def test_the_page_of_a_submission_takes_no_more_queries_for_more(
    public, anna, edith, at_desk, number, django_assert_max_num_queries
):
    sent = review.submit_records([make.a_commitment(f"promise-{n}") for n in range(number)], by=anna, note="Many.")
    his = at_desk(edith)
    his.get(submission_page_url(sent))
    with django_assert_max_num_queries(38):
        his.get(submission_page_url(sent))
