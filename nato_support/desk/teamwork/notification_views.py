"""Notifications of the user: the list, opening one, marking as read, and settings of mail and feed."""

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from entities.numbers import row_keys
from nato_support.desk.page_context import admin_page_context
from nato_support.desk.reports.report_views import reports_of_record_url
from nato_support.desk.review.record_tokens_and_review_urls import (
    record_form_url,
    record_token,
    records_by_token,
    submission_page_url,
)
from nato_support.desk.teamwork import notification_feed
from nato_support.publishing.models.notifications import Notification, NotificationReason, NotificationSettings
from nato_support.publishing.teamwork.notification_access import notifications_for
from nato_support.publishing.teamwork.notification_wording import word_notifications
from nato_support.publishing.teamwork.notifying import mark_as_read

NOTIFICATIONS_PER_PAGE = 50
MOST_TICKED = 500


class MailTimingForm(forms.ModelForm):
    """When a user gets mail about notifications."""

    class Meta:
        model = NotificationSettings
        fields = ["mail"]
        labels = {"mail": "Mail about notifications"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # A form without it leaves it as it is.
        self.fields["mail"].required = False


@require_GET
def notifications_view(request) -> HttpResponse:
    """Show the notifications of the user, the newest first; `show=all` shows those that were read as well."""
    shows_all = request.GET.get("show") == "all"
    rows = notifications_for(request.user).select_related("actor")
    unread = rows.filter(read_at=None)
    page = Paginator(rows if shows_all else unread, NOTIFICATIONS_PER_PAGE).get_page(request.GET.get("p"))
    context = admin_page_context(request, "Notifications") | {
        "page": page,
        "items": word_notifications(list(page)),
        "shows_all": shows_all,
        "unread": unread.count(),
    }
    return TemplateResponse(request, "desk/teamwork/notifications.html", context)


@require_GET
def open_notification_view(request, pk: int) -> HttpResponse:
    """Mark a notification of the user as read, and lead to what it is about."""
    rows = notifications_for(request.user).filter(pk=pk)
    notification = rows.select_related("submission", "comment").first()
    if notification is None:
        raise Http404
    mark_as_read(rows)
    return HttpResponseRedirect(_page_of(notification))


@require_POST
def mark_read_view(request) -> HttpResponse:
    """Mark the ticked notifications as read, or with `all` every one of the user."""
    rows = notifications_for(request.user)
    chosen = rows if "all" in request.POST else rows.filter(pk__in=row_keys(request.POST.getlist("notification")[:MOST_TICKED]))
    number = mark_as_read(chosen)
    messages.success(request, f"{number} notification{'' if number == 1 else 's'} marked as read.")
    return HttpResponseRedirect(reverse("admin:desk_notifications"))


@require_POST
def feed_settings_view(request) -> HttpResponse:
    """Give the user a feed with a new address, or with `off` none. The old address stops working at once."""
    if "off" in request.POST:
        notification_feed.stop_feed(request.user)
        messages.success(request, "Your feed is off.")
    else:
        notification_feed.renew_feed(request.user)
        messages.success(request, "Your feed has a new address; an earlier one no longer works.")
    return HttpResponseRedirect(reverse("admin:desk_preferences"))


def _page_of(notification: Notification) -> str:
    records = records_by_token([f"{notification.kind}/{notification.record}"]) if notification.kind else []
    if records and notification.reason == NotificationReason.REPORT:
        return reports_of_record_url(record_token(records[0]))
    if records:
        comment = notification.comment
        place = f"#comment-{comment.reply_to_id or comment.pk}" if comment else ""
        return f"{record_form_url(records[0])}{place}"
    if notification.submission:
        return submission_page_url(notification.submission)
    # Its record was deleted.
    return reverse("admin:desk_notifications")
