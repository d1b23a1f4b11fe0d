"""The pages of review: the queue, one submission, and where records are sent, published and withdrawn."""

from django.contrib import admin
from django.urls import path

from entities.admin.base import ReadOnlyAdmin
from nato_support.review.admin import page, queue, release
from nato_support.review.models import Submission


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Submissions are looked at and decided on pages of their own, never in a form of their fields."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(queue.queue_view), name="review_submission_changelist"),
            path("new/", view(release.publish_view), name="review_submission_new"),
            path("withdraw/", view(release.withdraw_view), name="review_submission_withdraw"),
            path("<int:pk>/change/", view(page.submission_view), name="review_submission_change"),
            path("<int:pk>/<slug:verb>/", view(page.act_view), name="review_submission_act"),
        ]
