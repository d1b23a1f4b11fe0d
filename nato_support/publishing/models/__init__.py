"""Models of publishing: the public tables, and submissions for review."""

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
from nato_support.publishing.models.submissions import Comment, Submission, SubmittedRecord

__all__ = [
    "LIVE_EDITIONS",
    "PAST_EDITIONS",
    "Comment",
    "Edition",
    "EditionCause",
    "EditionTerm",
    "MentionCount",
    "NameKey",
    "Release",
    "ReleaseOperation",
    "SearchEntry",
    "Submission",
    "SubmittedRecord",
]
