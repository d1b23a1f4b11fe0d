"""Who may do what with records on their way to the public: one function for each verb, asked by every page."""

from collections.abc import Iterable

from entities.models import Curated
from nato_support.review.models import Submission


def may_view(user, records: Iterable[Curated]) -> bool:
    """Whether `user` may see each of `records`."""
    return all(_has(user, ("view", "change"), model) for model in {type(record) for record in records})


def may_look(user) -> bool:
    """At what was sent for review."""
    return user.has_perm("review.view_submission")


def may_submit(user, records: Iterable[Curated]) -> bool:
    """Whether `user` may send `records` for review: those who may also change them."""
    return user.has_perm("review.submit") and all(_has(user, ("change",), model) for model in {type(r) for r in records})


def may_review(user) -> bool:
    """Take, send back, check afterwards."""
    return may_look(user) and user.has_perm("review.review")


def may_take_back(user, submission: Submission) -> bool:
    return may_look(user) and (submission.submitted_by_id == user.pk or user.has_perm("review.review"))


def may_say(user, submission: Submission) -> bool:
    """Comment on a submission: whoever sent it, and reviewers."""
    return may_take_back(user, submission)


def may_put_back(user, record: Curated) -> bool:
    """Put values of `record` back to what the public sees."""
    return may_review(user) and _has(user, ("change",), type(record))


def may_publish(user) -> bool:
    return user.has_perm("editions.publish")


def may_let_through(user) -> bool:
    """Publish own work without another pair of eyes."""
    return may_publish(user) and user.has_perm("review.let_through")


def may_withdraw(user) -> bool:
    return user.has_perm("editions.withdraw")


def _has(user, verbs: Iterable[str], model: type[Curated]) -> bool:
    return any(user.has_perm(f"{model._meta.app_label}.{verb}_{model._meta.model_name}") for verb in verbs)
