"""Permissions on the way to the public: one function for each action, used by every page."""

from collections.abc import Iterable

from entities.models import Curated
from nato_support.publishing.models.submissions import Submission
from nato_support.publishing.rendering import PUBLIC_KINDS, model_for_kind


def may_view_records(user, records: Iterable[Curated]) -> bool:
    """Return True if `user` may see each of `records`."""
    return all(_has_model_permission(user, ("view", "change"), model) for model in {type(record) for record in records})


def kinds_visible_to(user) -> list[str]:
    """Return the kinds of record that `user` may see."""
    return [kind for kind in PUBLIC_KINDS if _has_model_permission(user, ("view", "change"), model_for_kind(kind))]


def may_change_kind(user, kind: str) -> bool:
    """Return True if `user`, active and of the staff, may change records of `kind`."""
    return user.is_active and user.is_staff and _has_model_permission(user, ("change",), model_for_kind(kind))


def may_view_submissions(user) -> bool:
    """Return True if `user` may see what was sent for review."""
    return user.has_perm("publishing.view_submission")


def may_submit_records(user, records: Iterable[Curated]) -> bool:
    """Return True if `user` may send `records` for review, which takes the permission to change them."""
    return user.has_perm("publishing.submit") and all(
        _has_model_permission(user, ("change",), model) for model in {type(r) for r in records}
    )


def may_review_submissions(user) -> bool:
    """Return True if `user` may take submissions, send them back and check them afterwards."""
    return may_view_submissions(user) and user.has_perm("publishing.review")


def may_take_back_submission(user, submission: Submission) -> bool:
    """Return True if `user` sent the submission, or may review."""
    return may_view_submissions(user) and (submission.submitted_by_id == user.pk or user.has_perm("publishing.review"))


def may_comment_on(user, submission: Submission) -> bool:
    """Return True if `user` sent the submission, or may review."""
    return may_take_back_submission(user, submission)


def may_revert_record(user, record: Curated) -> bool:
    """Return True if `user` may revert values of `record` to the public ones."""
    return may_review_submissions(user) and _has_model_permission(user, ("change",), type(record))


def may_publish_records(user) -> bool:
    """Return True if `user` may publish."""
    return user.has_perm("publishing.publish")


def may_publish_unreviewed(user) -> bool:
    """Return True if `user` may publish own work without review."""
    return may_publish_records(user) and user.has_perm("publishing.publish_unreviewed")


def may_withdraw_records(user) -> bool:
    """Return True if `user` may withdraw."""
    return user.has_perm("publishing.withdraw")


def _has_model_permission(user, verbs: Iterable[str], model: type[Curated]) -> bool:
    return any(user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}") for verb in verbs)
