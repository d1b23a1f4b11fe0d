"""Private feed of a user's notifications (Atom), at an address that only the user knows.

The address is derived from SECRET_KEY and from a random key of the user: their page can always show it, a copy of the database
does not give it away, and a new key makes the old address useless. See docs/decisions/teamwork.md.
"""

import secrets
from datetime import UTC
from xml.sax.saxutils import escape, quoteattr

from django.conf import settings
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from entities.numbers import integer_or_none
from nato_support.publishing.models.notifications import NotificationSettings
from nato_support.publishing.review.submission_checks import name_of_user
from nato_support.publishing.teamwork.notification_access import notifications_for
from nato_support.publishing.teamwork.notification_wording import WordedNotification, word_notifications

ENTRIES = 50
_SALT = "nato_support.notification_feed"


def feed_url(request: HttpRequest, user) -> str:
    """Return the address of the feed of `user`; "" if they have none."""
    key = NotificationSettings.objects.filter(owner=user).values_list("feed_key", flat=True).first()
    return _site(request) + reverse("admin:desk_feed", args=[_token(user.pk, key)]) if key else ""


def renew_feed(user) -> None:
    """Give `user` a feed with a new address."""
    NotificationSettings.objects.update_or_create(owner=user, defaults={"feed_key": secrets.token_urlsafe(32)})


def stop_feed(user) -> None:
    """Take the feed of `user` away."""
    NotificationSettings.objects.filter(owner=user).update(feed_key="")


def feed_view(request: HttpRequest, token: str) -> HttpResponse:
    """Return the newest notifications of the user whose `token` it is; 404 for any other token, and for inactive users."""
    user = _owner_of(token) if request.method in ("GET", "HEAD") else None
    if user is None:
        return HttpResponse("No such feed.", status=404, content_type="text/plain", headers=_HEADERS)
    rows = notifications_for(user).select_related("actor")[:ENTRIES]
    feed = _atom(request, user, word_notifications(list(rows)))
    return HttpResponse(feed, content_type="application/atom+xml; charset=utf-8", headers=_HEADERS)


_HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}


def _owner_of(token: str) -> User | None:
    pk = integer_or_none(token.partition("-")[0])
    row = NotificationSettings.objects.filter(pk=pk).exclude(feed_key="").select_related("owner").first() if pk else None
    if row is None or not constant_time_compare(token, _token(row.pk, row.feed_key)):
        return None
    return row.owner if row.owner.is_active and row.owner.is_staff else None


def _token(pk: int, key: str) -> str:
    return f"{pk}-{salted_hmac(_SALT, f'{pk} {key}', algorithm='sha256').hexdigest()}"


def _atom(request: HttpRequest, user: User, items: list[WordedNotification]) -> str:
    site = _site(request)
    newest = items[0].notification.created_at if items else timezone.now()
    page = quoteattr(site + reverse("admin:desk_notifications"))
    entries = "".join(
        f"<entry><id>urn:notification:{item.notification.pk}</id><title>{escape(item.sentence)}</title>"
        f"<updated>{_time(item.notification.created_at)}</updated><link href={quoteattr(site + item.path)}/>"
        f"<author><name>{escape(name_of_user(item.notification.actor))}</name></author></entry>"
        for item in items
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:notifications:{user.pk}</id><title>Notifications of {escape(user.get_username())}</title>"
        f"<updated>{_time(newest)}</updated><link href={page}/>{entries}</feed>\n"
    )


def _time(moment) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _site(request: HttpRequest) -> str:
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"
