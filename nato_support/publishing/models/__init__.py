"""Models of publishing: the public tables, submissions for review, and what editors tell each other."""

from nato_support.publishing.models.assignments import Assignment
from nato_support.publishing.models.comments import Comment
from nato_support.publishing.models.notifications import Notification, NotificationSettings
from nato_support.publishing.models.public_tables import (
    LIVE_EDITIONS,
    PAST_EDITIONS,
    Edition,
    EditionCause,
    EditionTerm,
    MentionCount,
    NameKey,
    Release,
    ReleaseOperation,
    SearchEntry,
)
from nato_support.publishing.models.submissions import Submission, SubmittedRecord

__all__ = [
    "LIVE_EDITIONS",
    "PAST_EDITIONS",
    "Assignment",
    "Comment",
    "Edition",
    "EditionCause",
    "EditionTerm",
    "MentionCount",
    "NameKey",
    "Notification",
    "NotificationSettings",
    "Release",
    "ReleaseOperation",
    "SearchEntry",
    "Submission",
    "SubmittedRecord",
]
