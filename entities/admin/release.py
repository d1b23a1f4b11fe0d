"""What is public of a record, said above its form; and the ways to send it for review, to publish and to withdraw it.

Nothing is published or withdrawn here: each way leads to a page that shows what would become public, and asks.
"""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect

from entities.admin.preview import PreviewedAdmin
from entities.vocabulary import ReviewState
from nato_support.editions.models import Edition
from nato_support.editions.printing import kind_of
from nato_support.review import queues, rights
from nato_support.review.addresses import page_to_publish, page_to_withdraw
from nato_support.review.pending import pending


class ReleasedAdmin(PreviewedAdmin):
    """A record that is sent for review, published and withdrawn: each a permission of its own."""

    change_form_outer_before_template = "admin/record_bars.html"
    actions = ("submit_selected", "publish_selected", "withdraw_selected")

    def has_submit_permission(self, request) -> bool:
        return request.user.has_perm("review.submit") and self.has_change_permission(request)

    def has_publish_permission(self, request) -> bool:
        return rights.may_publish(request.user)

    def has_withdraw_permission(self, request) -> bool:
        return rights.may_withdraw(request.user)

    @admin.action(description="Send selected for review …", permissions=["submit"])
    def submit_selected(self, request, queryset):
        return HttpResponseRedirect(page_to_publish(queryset))

    @admin.action(description="Publish selected …", permissions=["publish"])
    def publish_selected(self, request, queryset):
        return HttpResponseRedirect(page_to_publish(queryset))

    @admin.action(description="Withdraw selected …", permissions=["withdraw"])
    def withdraw_selected(self, request, queryset):
        return HttpResponseRedirect(page_to_withdraw(queryset))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        bar = self._release_bar(request, object_id)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **bar})

    def _release_bar(self, request, object_id):
        record = self.get_object(request, unquote(object_id))
        if record is None:
            return {}
        newest = Edition.objects.filter(kind=kind_of(record), slug=record.slug, superseded__isnull=True)
        edition = newest.select_related("run").defer("document", "evidence", "search_text").first()
        live = edition if edition and not edition.withdrawn else None
        return {
            "edition": edition,
            "is_live": live is not None,
            "changes": _changes(record) if live and live.version != record.version else 0,
            **_review_of(request.user, record),
            "may_submit": self.has_submit_permission(request),
            "may_publish": self.has_publish_permission(request),
            "may_withdraw": self.has_withdraw_permission(request) and live is not None,
            "publish_page": page_to_publish([record]),
            "withdraw_page": page_to_withdraw([record]),
        }


def _changes(record) -> int:
    """In how many fields and rows the record differs from what the public sees."""
    (one,) = pending([record])
    return len(one.difference.fields) + len(one.difference.rows)


def _review_of(user, record) -> dict:
    """The review that the record is in, the one that it came back from, and the debt that it is published with."""
    if not rights.may_look(user) or (newest := queues.newest_about(record)) is None:
        return {}
    came_back = newest.state == ReviewState.SENT_BACK
    return {
        "waits_in": newest if newest.state == ReviewState.WAITING else None,
        "came_back": newest if came_back else None,
        "remarks": queues.remarks_on(newest, record) if came_back else [],
        "debt": newest if newest.unreviewed and newest.checked_at is None else None,
    }
