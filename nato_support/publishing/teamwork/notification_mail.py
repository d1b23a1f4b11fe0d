"""Mail about notifications: at once, in the background after the act is committed, or once a day by `send_notifications`.

Nothing here fails or delays what somebody did: a failure is logged, and the command tries again. Whether the recipient may see
what a mail is about is checked when it is sent. A mail holds labels and links, and no text of comments or articles.
"""

import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from threading import Thread

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connection
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from nato_support.publishing.models.notifications import MailState, MailTiming, Notification, NotificationSettings
from nato_support.publishing.teamwork.notification_access import may_be_notified
from nato_support.publishing.teamwork.notification_wording import word_notifications

MOST_ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=10)
"""Time after which an attempt counts as failed, also if the process that made it was killed."""
MOST_IN_A_DIGEST = 100
_logger = logging.getLogger(__name__)


def send_in_background(keys: Sequence[int]) -> None:
    """Send mail about the notifications `keys` from a thread of its own."""
    Thread(target=_send_and_disconnect, args=[keys], daemon=True, name="notification-mail").start()


def _send_and_disconnect(keys: Sequence[int]) -> None:
    try:
        send_single_mails(Notification.objects.filter(pk__in=keys))
    except Exception:
        _logger.exception("Mail about %d notifications was not sent; send_notifications tries again", len(keys))
    finally:
        connection.close()


def send_waiting_mail(today: date | None = None) -> dict[str, int]:
    """Send what failed or was interrupted, and the daily mail to whom it was not sent yet `today`. Return numbers of mails."""
    today = today or timezone.now().date()
    timings = dict(NotificationSettings.objects.values_list("owner", "mail"))
    waiting = Notification.objects.filter(mail=MailState.WAITING).order_by("pk")
    unwanted = waiting.exclude(recipient__in=[owner for owner, timing in timings.items() if timing != MailTiming.OFF])
    unwanted.order_by().update(mail=MailState.SKIPPED)
    at_once = [owner for owner, timing in timings.items() if timing == MailTiming.AT_ONCE]
    sent = send_single_mails(waiting.filter(recipient__in=at_once))
    due = NotificationSettings.objects.filter(mail=MailTiming.DAILY).exclude(digest_on=today)
    digests = sum(_send_digest(row, waiting.filter(recipient=row.owner_id), today) for row in due.order_by("owner"))
    failed = Notification.objects.filter(mail=MailState.FAILED).count()
    return {"single": sent, "digests": digests, "waiting": waiting.count(), "failed": failed}


def send_single_mails(notifications: QuerySet[Notification]) -> int:
    """Send a mail about each of `notifications` that waits for one. Return how many were sent."""
    rows = notifications.select_related("recipient", "actor", "submission")
    return sum(_send([row]) for row in rows if _claim([row.pk]))


def _send_digest(preferences: NotificationSettings, waiting: QuerySet[Notification], today: date) -> bool:
    rows = list(waiting.filter(_is_free()).select_related("recipient", "actor", "submission")[:MOST_IN_A_DIGEST])
    claimed = [row for row in rows if _claim([row.pk])]
    if not claimed:
        return False
    is_sent = _send(claimed)
    if is_sent:
        NotificationSettings.objects.filter(pk=preferences.pk).update(digest_on=today)
    return is_sent


def _is_free() -> Q:
    return Q(mail_tried_at=None) | Q(mail_tried_at__lt=timezone.now() - RETRY_AFTER)


def _claim(keys: Iterable[int]) -> bool:
    """Take the notifications for this process, so that no other one sends the same mail."""
    free = Notification.objects.filter(_is_free(), pk__in=keys, mail=MailState.WAITING)
    return bool(free.update(mail_tried_at=timezone.now(), mail_attempts=F("mail_attempts") + 1))


def _send(rows: Sequence[Notification]) -> bool:
    """Send one mail about `rows`, of one recipient. Those that they have read, or may not see now, are left out."""
    recipient, keys = rows[0].recipient, [row.pk for row in rows]
    wanted = [row for row in rows if row.read_at is None and may_be_notified(recipient, row.kind, row.submission)]
    if not (wanted and recipient.email and settings.SENDS_MAIL):
        Notification.objects.filter(pk__in=keys).update(mail=MailState.SKIPPED)
        return False
    worded = word_notifications(wanted)
    lines = [f"{item.sentence}\n{settings.SITE_URL}{item.path}" for item in worded]
    subject = worded[0].sentence if len(worded) == 1 else f"{len(worded)} notifications"
    body = "\n\n".join([*lines, f"When mail is sent: {settings.SITE_URL}/admin/preferences/"])
    try:
        EmailMessage(f"[{settings.EMAIL_SUBJECT_LABEL}] {subject}", body, to=[recipient.email]).send()
    except Exception:
        _logger.exception("Mail to user %d was not sent; send_notifications tries again", recipient.pk)
        Notification.objects.filter(pk__in=keys, mail_attempts__gte=MOST_ATTEMPTS).update(mail=MailState.FAILED)
        return False
    Notification.objects.filter(pk__in=keys).update(mail=MailState.SENT)
    return True
