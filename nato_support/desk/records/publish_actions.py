"""Publication bar above a record's form, and the actions that send records for review, publish and withdraw them.

Nothing is published or withdrawn here: each action opens a page that shows what would become public, and asks.
"""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect

from entities.vocabulary import ReviewState
from nato_support.desk.doubts.dismissals import may_view_doubts, open_doubts_of_records
from nato_support.desk.doubts.doubt_queue import doubts_of_record_url
from nato_support.desk.records.preview_page import PublicPreviewMixin
from nato_support.desk.review.field_address_labels import labels_of_addresses
from nato_support.desk.review.record_tokens_and_review_urls import publish_page_url, withdraw_page_url
from nato_support.desk.teamwork.teamwork_bar import teamwork_bar_context
from nato_support.publishing.models.public_tables import Edition
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions, queues
from nato_support.publishing.review.pending_changes import find_pending_changes


class PublishActionsMixin(PublicPreviewMixin):
    """Actions to send for review, publish and withdraw, each with a permission of its own."""

    change_form_outer_before_template = "desk/record_bars.html"
    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    def has_submit_permission(self, request) -> bool:
        return request.user.has_perm("publishing.submit") and self.has_change_permission(request)

    def has_publish_permission(self, request) -> bool:
        return permissions.may_publish_records(request.user)

    def has_withdraw_permission(self, request) -> bool:
        return permissions.may_withdraw_records(request.user)

    @admin.action(description="Send selected for review …", permissions=["submit"])
    def submit_selected(self, request, queryset):
        return HttpResponseRedirect(publish_page_url(queryset))

    @admin.action(description="Publish selected …", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return HttpResponseRedirect(publish_page_url(queryset))

    @admin.action(description="Withdraw selected …", permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        return HttpResponseRedirect(withdraw_page_url(queryset))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        bar = self._publication_bar_context(request, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **bar})

    def _publication_bar_context(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return {}
        newest = Edition.objects.filter(kind=public_kind(record), slug=record.slug, superseded__isnull=True)
        edition = newest.select_related("release").defer("document", "evidence").first()
        live = edition if edition and not edition.withdrawn else None
        return {
            "edition": edition,
            "is_live": live is not None,
            "changes": _count_unpublished_changes(record) if live and live.version != record.version else 0,
            **_review_bar_context(request.user, record),
            "may_submit": self.has_submit_permission(request),
            "may_publish": self.has_publish_permission(request),
            "may_withdraw": self.has_withdraw_permission(request) and live is not None,
            "publish_page": publish_page_url([record]),
            "withdraw_page": withdraw_page_url([record]),
            "doubts": open_doubts_of_records([record]) if may_view_doubts(request.user) else [],
            "doubts_page": doubts_of_record_url(record),
            **teamwork_bar_context(record, request.user),
        }


def _count_unpublished_changes(record) -> int:
    """Return the number of fields and rows in which the record differs from its published version."""
    (pending,) = find_pending_changes([record])
    return len(pending.difference.fields) + len(pending.difference.rows)


def _review_bar_context(user, record) -> dict:
    """Return the review that the record is in, the one that sent it back, and the check that is still pending."""
    if not permissions.may_view_submissions(user) or (submission := queues.newest_submission_of(record)) is None:
        return {}
    is_sent_back = submission.state == ReviewState.SENT_BACK
    remarks = list(queues.comments_on_record(submission, record)) if is_sent_back else []
    return {
        "waits_in": submission if submission.state == ReviewState.WAITING else None,
        "came_back": submission if is_sent_back else None,
        "remarks": remarks,
        "remark_labels": labels_of_addresses(remark.field for remark in remarks),
        "pending_check": submission if submission.unreviewed and submission.checked_at is None else None,
    }
