"""Pages of review: the queue, one submission, and sending, publishing and withdrawing records."""

from django.contrib import admin
from django.urls import path

from nato_support.desk.base import ReadOnlyAdmin
from nato_support.desk.review import publish_and_withdraw_views, submission_queue, submission_views
from nato_support.publishing.models.submissions import Submission


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """Submissions, viewed and decided on pages of their own, never in a form of their fields."""

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("", view(submission_queue.submission_queue_view), name="publishing_submission_changelist"),
            path("new/", view(publish_and_withdraw_views.publish_view), name="publishing_submission_new"),
            path("withdraw/", view(publish_and_withdraw_views.withdraw_view), name="publishing_submission_withdraw"),
            path("<int:pk>/change/", view(submission_views.submission_view), name="publishing_submission_change"),
            path("<int:pk>/<slug:verb>/", view(submission_views.submission_action_view), name="publishing_submission_act"),
        ]
