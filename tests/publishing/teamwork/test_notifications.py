"""Notifications and the mail about them: who is told of what, with the rights of that moment."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from nato_support.publishing.models import Notification, NotificationSettings
from nato_support.publishing.models.notifications import MailState
from nato_support.publishing.review import workflow
from nato_support.publishing.teamwork.notification_access import notifications_for
from nato_support.publishing.teamwork.notification_mail import MOST_ATTEMPTS, send_single_mails, send_waiting_mail
from nato_support.publishing.teamwork.notification_wording import word_notifications
from nato_support.publishing.teamwork.notifying import notify
from tests.publishing.teamwork.test_comments import say

DAY = date(2026, 12, 3)


@pytest.fixture
def sent(records, anna, edith, jan, vera, changed_by, world):
    changed_by(anna, world.kites, summary="Forty kites, in a box.")
    return workflow.submit_records([world.kites], by=anna, note="New.")


def wants_mail(user, timing):
    type(user).objects.filter(pk=user.pk).update(email=f"{user.username}@example.org")
    user.email = f"{user.username}@example.org"
    NotificationSettings.objects.update_or_create(owner=user, defaults={"mail": timing})


def told(reason):
    return sorted(row.recipient.username for row in Notification.objects.filter(reason=reason, read_at=None))


def test_a_submission_is_told_to_reviewers_until_it_is_decided(sent, edith):
    assert told("review") == ["edith", "jan"]
    workflow.send_back_submission(sent, by=edith, answer="How many?")
    assert (told("review"), told("sent_back")) == ([], ["anna"])


def test_an_author_is_not_asked_to_review(world, records, anna, edith, jan, changed_by, settings):
    changed_by(jan, world.kites, summary="Forty kites, in a box.")
    workflow.submit_records([world.kites], by=anna, note="New.")
    assert told("review") == ["edith"]
    settings.REVIEW_BY_ANOTHER = False
    changed_by(jan, world.yard, locality="Lakeside")
    workflow.submit_records([world.yard], by=anna, note="New.")
    assert told("review") == ["edith", "edith", "jan"]


def test_nobody_is_told_of_their_own_act(sent, anna):
    workflow.take_back_submission(sent, by=anna)
    assert told("sent_back") == []


def test_who_loses_a_right_sees_nothing_of_it_any_more(sent, edith, world):
    say(world.kites, "@edith", world.kites and sent.submitted_by)
    assert notifications_for(edith).count() == 2
    edith.groups.clear()
    edith = type(edith).objects.get(pk=edith.pk)
    assert notifications_for(edith).count() == 0


@pytest.mark.parametrize("lost", ["is_active", "is_staff"])
def test_who_may_not_sign_in_sees_nothing(sent, edith, lost):
    setattr(edith, lost, False)
    assert notifications_for(edith).count() == 0


def test_every_reason_in_words_without_a_word_of_comment_or_article(world, anna, edith):
    say(world.kites, "A secret, @edith", anna)
    say(world.quote, "A secret, @edith", anna)
    say(world.arcadia, "A secret, @edith", anna)
    notify([edith], "assigned", by=anna, kind="commitment", record=world.kites.pk, due_on=DAY)
    notify([edith], "reply", by=None, kind="person", record=999_999)
    sentences = [item.sentence for item in word_notifications(list(notifications_for(edith).order_by("pk")))]
    assert sentences == [
        "anna named you in a comment on Forty Kites",
        f"anna named you in a comment on a quote from {world.document.title}",
        "anna named you in a comment on Arcadia",
        "anna assigned Forty Kites to you, by 3 December 2026",
        "somebody whose account was deleted replied to a comment on a deleted record",
    ]


def test_words_take_a_constant_number_of_queries(sent, world, anna, edith, django_assert_num_queries):
    for record in (world.kites, world.quote, world.document, world.alliance):
        say(record, "@edith", anna)
    rows = list(notifications_for(edith).select_related("actor"))
    with django_assert_num_queries(5):
        word_notifications(rows)
    with django_assert_num_queries(5):
        word_notifications(rows * 10)


# Mail


def test_mail_goes_at_once_to_whom_wants_it(mail_server, world, anna, edith, jan, django_capture_on_commit_callbacks):
    wants_mail(edith, "at_once")
    with django_capture_on_commit_callbacks() as callbacks:
        say(world.kites, "A secret, @edith and @jan", anna)
    assert len(callbacks) == 1
    waiting = Notification.objects.filter(mail=MailState.WAITING)
    assert [row.recipient for row in waiting] == [edith]
    assert send_single_mails(waiting.all()) == 1
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["edith@example.org"],
        "[NATO support register] anna named you in a comment on Forty Kites",
    )
    assert f"https://register.example/admin/notifications/{Notification.objects.get(recipient=edith).pk}/" in message.body
    assert "secret" not in message.body
    assert send_single_mails(Notification.objects.all()) == 0


LOST = [
    ("rights", lambda user, row: user.groups.clear()),
    ("active", lambda user, row: type(user).objects.filter(pk=user.pk).update(is_active=False)),
    ("read", lambda user, row: Notification.objects.filter(pk=row.pk).update(read_at=timezone.now())),
    ("address", lambda user, row: type(user).objects.filter(pk=user.pk).update(email="")),
    ("wish", lambda user, row: NotificationSettings.objects.update(mail="off")),
]


@pytest.mark.parametrize(("name", "lose"), LOST)
def test_rights_and_wishes_are_those_of_the_moment_of_sending(mail_server, world, anna, edith, name, lose):
    wants_mail(edith, "at_once")
    say(world.kites, "@edith", anna)
    lose(edith, Notification.objects.get())
    send_waiting_mail(DAY)
    assert (mail.outbox, Notification.objects.get().mail) == ([], MailState.SKIPPED)


def test_a_failure_is_logged_and_tried_again_until_it_is_given_up(mail_server, settings, world, anna, edith, caplog):
    wants_mail(edith, "at_once")
    say(world.kites, "@edith", anna)
    settings.EMAIL_BACKEND = "tests.publishing.teamwork.broken_mail.BrokenBackend"
    for attempt in range(1, MOST_ATTEMPTS + 1):
        send_waiting_mail(DAY)
        row = Notification.objects.get()
        assert (row.mail_attempts, row.mail) == (attempt, "waiting" if attempt < MOST_ATTEMPTS else "failed")
        # Within ten minutes another process does not try the same.
        assert send_waiting_mail(DAY)["single"] == 0
        Notification.objects.update(mail_tried_at=timezone.now() - timezone.timedelta(minutes=11))
    assert "was not sent" in caplog.text and "edith" not in caplog.text.replace("Traceback", "")


def test_a_day_s_notifications_come_in_one_mail(mail_server, world, anna, edith):
    wants_mail(edith, "daily")
    for record in (world.kites, world.arcadia):
        say(record, "@edith", anna)
    assert send_waiting_mail(DAY)["digests"] == 1
    say(world.yard, "@edith", anna)
    assert send_waiting_mail(DAY)["digests"] == 0
    assert [message.subject for message in mail.outbox] == ["[NATO support register] 2 notifications"]
    assert send_waiting_mail(date(2026, 12, 4))["digests"] == 1


def test_without_a_server_nothing_waits_for_mail(settings, world, anna, edith, capsys):
    settings.SENDS_MAIL = False
    wants_mail(edith, "at_once")
    say(world.kites, "@edith", anna)
    assert Notification.objects.get().mail == MailState.SKIPPED
    call_command("send_notifications")
    assert "EMAIL_URL is not set" in capsys.readouterr().out


def test_a_label_cannot_write_a_header(mail_server, world, anna, edith, monkeypatch):
    wants_mail(edith, "at_once")
    # No field of a record takes a line end; a label made otherwise is still one line.
    monkeypatch.setattr(type(world.alliance), "__str__", lambda self: "Arcadia\nBcc: all@example.org")
    say(world.alliance, "@edith", anna)
    send_waiting_mail(DAY)
    assert mail.outbox[0].subject.endswith("a comment on Arcadia Bcc: all@example.org")
