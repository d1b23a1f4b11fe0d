"""Comments and their replies: saving, resolving, and where each stands in a record now.

A comment never blocks anything. It is anchored to a field or row by its address, to a passage by its place and its words; when
that is gone, the comment is listed as one "on a part since removed".
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from entities.fields import strip_control_characters
from entities.history.record_snapshots import RecordSnapshot
from entities.models import Curated, Entity
from entities.models.locking import lock_rows
from entities.refusals import Refused
from nato_support.publishing.models.comments import LONGEST_COMMENT, Comment
from nato_support.publishing.models.notifications import NotificationReason
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import public_kind
from nato_support.publishing.review import permissions
from nato_support.publishing.teamwork.named_people import MOST_PEOPLE, people_named_in
from nato_support.publishing.teamwork.notifying import notify
from sources.models import SourceDocument

MOST_COMMENTS = 500
"""Comments of one record that are shown."""
LONGEST_PASSAGE = 2_000
"""Characters of a passage that a comment is on."""


@dataclass
class CommentThread:
    """A comment with its replies, and where it stands now."""

    comment: Comment
    replies: list[Comment] = field(default_factory=list)
    is_removed: bool = False
    """The field, row or passage that it is on is gone."""
    label: str = ""
    """What the field or row is called, where a page says so."""
    place: tuple[int, int] | None = None
    """First and last character of its passage in the text as it is now."""


def comment_on_record(record: Curated, text: str, *, by: User, address: str = "", snapshot: RecordSnapshot) -> Comment:
    """Save a comment on `record`, or on its field or row `address`, which `snapshot` must have."""
    if address and address not in addresses_in(snapshot):
        raise Refused(["The field or row that the comment is about is gone: reload the page"])
    return save_comment(Comment(kind=public_kind(record), record=record.pk, field=address, text=text, said_by=by))


def comment_on_passage(document: SourceDocument, text: str, *, by: User, start: int, end: int) -> Comment:
    """Save a comment on the characters `start` to `end` of the text of a document."""
    exact = document.text[start:end]
    if not (0 <= start < end <= len(document.text)) or not exact.strip():
        raise Refused(["Select the words that the comment is about"])
    if len(exact) > LONGEST_PASSAGE:
        raise Refused([f"Select at most {LONGEST_PASSAGE} characters"])
    comment = Comment(kind="document", record=document.pk, start=start, end=end, exact=exact, text=text, said_by=by)
    return save_comment(comment)


def reply_to_comment(comment: Comment, text: str, *, by: User) -> Comment:
    """Save a reply to a comment, or to the comment that this one replies to."""
    with transaction.atomic():
        root = _lock_root(comment)
        return save_comment(
            Comment(
                submission=root.submission,
                kind=root.kind,
                record=root.record,
                field=root.field,
                start=root.start,
                end=root.end,
                exact=root.exact,
                text=text,
                reply_to=root,
                said_by=by,
            )
        )


def save_comment(comment: Comment) -> Comment:
    """Save a new comment, and notify whom it names and who took part in its thread."""
    comment.text = strip_control_characters(comment.text)
    if not comment.text:
        raise Refused(["Write the comment first"])
    if len(comment.text) > LONGEST_COMMENT:
        raise Refused([f"A comment has at most {LONGEST_COMMENT:,} characters; this one has {len(comment.text):,}"])
    people = people_named_in([comment.text])
    if comment.start is not None:
        people = {name: user for name, user in people.items() if permissions.may_change_kind(user, "document")}
    if len(people) > MOST_PEOPLE:
        raise Refused([f"A comment names at most {MOST_PEOPLE} people; this one names {len(people)}"])
    with transaction.atomic():
        comment.save()
        about: dict[str, Any] = {
            "kind": comment.kind,
            "record": comment.record,
            "submission": comment.submission,
            "comment": comment,
        }
        notify(people.values(), NotificationReason.NAMED, by=comment.said_by, **about)
        if comment.reply_to:
            said_before = Comment.objects.filter(Q(pk=comment.reply_to.pk) | Q(reply_to=comment.reply_to)).order_by()
            others = User.objects.filter(pk__in=said_before.values("said_by")).exclude(username__in=people)
            notify(others, NotificationReason.REPLY, by=comment.said_by, **about)
    return comment


def set_comment_resolved(comment: Comment, is_resolved: bool, *, by: User) -> None:
    """Resolve a comment, or reopen it. Doing so twice changes nothing."""
    with transaction.atomic():
        root = _lock_root(comment)
        if (root.resolved_at is not None) != is_resolved:
            root.resolved_by, root.resolved_at = (by, timezone.now()) if is_resolved else (None, None)
            root.save(update_fields=["resolved_by", "resolved_at"])


def comments_visible_to(user: User) -> QuerySet[Comment]:
    """Return the comments that `user` may see: on kinds of record that they may see, and in reviews if they see those."""
    kinds = permissions.kinds_visible_to(user)
    visible = Q(submission=None, kind__in=kinds)
    if permissions.may_view_submissions(user):
        visible |= Q(submission__isnull=False, kind__in=["", *kinds])
    if not permissions.may_change_kind(user, "document"):
        # Its passage is text of an article, which only those who may change the document read.
        visible &= Q(start=None)
    return Comment.objects.filter(visible)


def threads_on_record(record: Curated, user: User, snapshot: RecordSnapshot | None = None) -> list[CommentThread]:
    """Return the threads on `record`, and on records merged into it, that `user` may see, the oldest first.

    With `snapshot` those on fields and rows that it lacks are marked as removed; those on passages, by the text.
    """
    keys: list[int] = [record.pk]
    if isinstance(record, Entity):
        keys += Entity.objects.filter(merged_into=record.pk).order_by().values_list("pk", flat=True)
    rows = comments_visible_to(user).filter(kind=public_kind(record), record__in=keys)
    threads = group_into_threads(rows.select_related("said_by", "resolved_by").order_by("said_at", "pk")[:MOST_COMMENTS])
    addresses = addresses_in(snapshot) if snapshot else None
    for thread in threads:
        comment = thread.comment
        if comment.start is not None:
            thread.place = passage_place(getattr(record, "text", ""), comment)
            thread.is_removed = thread.place is None
        elif comment.field and addresses is not None:
            thread.is_removed = comment.field not in addresses
    return threads


def open_threads_in_document(document: SourceDocument, user: User) -> list[CommentThread]:
    """Return the open threads on a document that `user` may see, those on passages with their place in the text."""
    return [thread for thread in threads_on_record(document, user) if thread.comment.resolved_at is None]


def comments_for_review(submission: Submission, user: User) -> QuerySet[Comment]:
    """Return the comments of a review, and the open ones that were made on its records outside reviews."""
    on_records = Q(pk__in=[])
    for sent in submission.records.all():
        on_records |= Q(kind=sent.kind, record=sent.record)
    outside = on_records & Q(submission=None, reply_to=None, resolved_at=None)
    rows = comments_visible_to(user).filter(Q(submission=submission) | outside)
    return rows.select_related("said_by").order_by("said_at", "pk")[:MOST_COMMENTS]


def group_into_threads(comments: Iterable[Comment]) -> list[CommentThread]:
    """Return `comments` as threads, each reply below the comment that it replies to."""
    threads: dict[int, CommentThread] = {}
    for comment in comments:
        if comment.reply_to_id is None:
            threads[comment.pk] = CommentThread(comment)
        elif comment.reply_to_id in threads:
            threads[comment.reply_to_id].replies.append(comment)
    return list(threads.values())


def passage_place(text: str, comment: Comment) -> tuple[int, int] | None:
    """Return where the words of a comment stand in `text`: at their old place, or else where they stand just once."""
    if comment.start is None or comment.end is None:
        return None
    if text[comment.start : comment.end] == comment.exact:
        return comment.start, comment.end
    first = text.find(comment.exact)
    if first < 0 or text.find(comment.exact, first + 1) >= 0:
        return None
    return first, first + len(comment.exact)


def addresses_in(snapshot: RecordSnapshot) -> Collection[str]:
    """Return the address of every field, row and field of a row."""
    addresses = set(snapshot.values or ()) | set(snapshot.rows)
    return addresses | {f"{address}/{name}" for address, row in snapshot.rows.items() for name in row.values}


def _lock_root(comment: Comment) -> Comment:
    key = comment.reply_to_id or comment.pk
    lock_rows([(Comment, key)])
    root = Comment.objects.select_related("submission").filter(pk=key).first()
    if root is None:
        raise Refused(["The comment has been deleted: reload the page"])
    return root
