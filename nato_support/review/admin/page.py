"""The page of one submission: what its records change, what was said, and the buttons that decide about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.fields import without_controls
from entities.models import Curated
from entities.vocabulary import ReviewState
from nato_support.editions.printing import kind_of
from nato_support.editions.publishing import Refused, look_over
from nato_support.review import operations, queues, rights
from nato_support.review.addresses import name_of, page_of_submission, page_to_publish, records_named, versions_seen
from nato_support.review.admin import showing
from nato_support.review.models import Submission
from nato_support.review.operations import Moved, Said
from nato_support.review.pending import Pending, brought_by, pending

PAGE = 10
"""So many records are compared on one page; the list beside has them all."""

PEOPLE = ("submitted_by", "taken_by", "decided_by", "checked_by", "run")


def submission_view(request, pk: int):
    if not rights.may_look(request.user):
        raise PermissionDenied
    submission = _found(pk)
    operations.see_outcome(submission, by=request.user)
    return _shown(request, submission)


def act_view(request, pk: int, verb: str):
    """Does `verb` with a submission. Only by POST: a link would do whatever a foreign page makes the browser fetch."""
    if verb not in VERBS:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not rights.may_look(request.user):
        raise PermissionDenied
    submission = _found(pk)
    try:
        return VERBS[verb](request, submission)
    except Refused as refusal:
        submission.refresh_from_db()
        # What was typed stays, and what stands on the page now is what is decided about next.
        return _shown(request, submission, refusal)


# What can be done


def _take(request, submission):
    _permit(rights.may_review(request.user))
    operations.take(submission, by=request.user)
    return HttpResponseRedirect(page_of_submission(submission))


def _let_go(request, submission):
    _permit(rights.may_review(request.user))
    operations.let_go(submission, by=request.user)
    messages.success(request, "It is everybody's again.")
    return HttpResponseRedirect(reverse("admin:review_submission_changelist"))


def _say(request, submission):
    _permit(rights.may_say(request.user, submission))
    said = _comments(request)
    operations.say(submission, said, by=request.user)
    if said:
        messages.success(request, "Your comments are kept.")
    return HttpResponseRedirect(page_of_submission(submission))


def _send_back(request, submission):
    _permit(rights.may_review(request.user))
    operations.send_back(submission, by=request.user, answer=_text(request, "answer"), comments=_comments(request))
    return _on_to_the_next(request, f"Sent back to {submission.submitted_by or 'whoever sent it'}.")


def _take_back(request, submission):
    _permit(rights.may_take_back(request.user, submission))
    operations.take_back(submission, by=request.user)
    messages.success(request, "Taken back from review: send it again when it is ready.")
    return HttpResponseRedirect(page_of_submission(submission))


def _publish(request, submission):
    _permit(rights.may_review(request.user) and rights.may_publish(request.user))
    seen = versions_seen(request.POST.getlist("seen"))
    operations.publish_reviewed(submission, by=request.user, seen=seen, note=_text(request, "note"), why=_text(request, "why"))
    names = [str(record) for record in seen]
    return _on_to_the_next(
        request, f"“{names[0]}” was published." if len(names) == 1 else f"{len(names)} records were published."
    )


def _add(request, submission):
    _permit(rights.may_take_back(request.user, submission))
    records = records_named(request.POST.getlist("add"))
    _permit(rights.may_submit(request.user, records))
    operations.add(submission, records, by=request.user)
    messages.success(request, f"Added: {', '.join(map(str, records))}.")
    return HttpResponseRedirect(page_of_submission(submission))


def _put_back(request, submission):
    """Puts back what was ticked, as `commitment/12:summary`; all of it, or nothing."""
    ticked: dict[str, list[str]] = {}
    for value in request.POST.getlist("put"):
        name, _, address = value.partition(":")
        ticked.setdefault(name, []).append(address)
    seen = {name_of(record): (record, version) for record, version in versions_seen(request.POST.getlist("seen")).items()}
    entered = {f"{one.kind}/{one.record}" for one in submission.records.all()}
    if not ticked or not ticked.keys() <= seen.keys() & entered:
        raise Refused(["Tick what is to be put back to what the public sees"])
    for name in ticked:
        _permit(rights.may_put_back(request.user, seen[name][0]))
    with transaction.atomic():
        for name, addresses in ticked.items():
            record, version = seen[name]
            operations.put_back(record, addresses, by=request.user, seen=version, why=_text(request, "answer"))
    number = sum(map(len, ticked.values()))
    messages.success(request, f"{number} value{'s' if number > 1 else ''} put back to what the public sees.")
    return HttpResponseRedirect(page_of_submission(submission))


def _check(request, submission):
    _permit(rights.may_review(request.user))
    operations.check_afterwards(submission, by=request.user)
    return _on_to_the_next(request, "Checked: thank you.")


VERBS: dict[str, Callable[[Any, Submission], Any]] = {
    "take": _take,
    "let-go": _let_go,
    "say": _say,
    "send-back": _send_back,
    "take-back": _take_back,
    "publish": _publish,
    "add": _add,
    "put-back": _put_back,
    "check": _check,
}


def _permit(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _text(request, name: str) -> str:
    return without_controls(request.POST.get(name, ""))


def _comments(request) -> list[Said]:
    """What was typed into the comments of a form: on the whole as `say:`, on a field as `say:commitment/12:summary`."""
    typed = {key: text for key in request.POST if key.startswith("say:") and (text := _text(request, key))}
    places = {key: key.split(":", 2)[1:] for key in typed}
    records = {name_of(record): record for record in records_named(place[0] for place in places.values() if place[0])}
    said = []
    for key, (name, *field) in places.items():
        if name and name not in records:
            raise Refused(["A comment is about a record that is not there"])
        said.append(Said(typed[key], records.get(name), field[0] if field else ""))
    return said


def _on_to_the_next(request, told: str):
    """To the next submission that waits, with what was done as a message; to the queue if none does."""
    messages.success(request, told)
    following = queues.waiting_for(request.user).first()
    page = page_of_submission(following) if following else reverse("admin:review_submission_changelist")
    return HttpResponseRedirect(page)


# What is shown


def _found(pk: int) -> Submission:
    submission = Submission.objects.select_related(*PEOPLE).prefetch_related("records").filter(pk=pk).first()
    if submission is None:
        raise Http404
    return submission


def _shown(request, submission: Submission, refusal: Refused | None = None):
    user, given = request.user, request.POST if refusal else {}
    records = operations.records_of(submission)
    _permit(rights.may_view(user, records))
    waits = submission.state == ReviewState.WAITING
    page = Paginator(records, PAGE).get_page(request.GET.get("p"))
    found = _compared(submission, list(page))
    template = "admin/review/field_actions.html" if waits and rights.may_say(user, submission) else "admin/review/comments.html"
    cards = showing.cards(found, user, records, template)
    entered = {(one.kind, one.record): one for one in submission.records.all()}
    comments = showing.by_place(submission.comments.select_related("said_by"))
    for card in cards:
        # What was decided is past: its sources may have moved on since.
        card.behind = card.behind if waits else []
        sent = entered[card.kind, card.record.pk]
        card.moved = waits and sent.version != card.record.version and sent.fingerprint != card.found.difference.after.fingerprint
        card.comments = comments.get(card.name, {})
        card.typed = {key.rpartition(":")[2]: text for key, text in given.items() if key.startswith(f"say:{card.name}:")}
    authored = operations.written_by(found, user) if waits else []
    context = showing.context_of(request, "Review") | {
        "submission": submission,
        "waits": waits,
        "list": [_entry(record, entered, waits, number) for number, record in enumerate(records)],
        "cards": cards,
        "page": page,
        "said": comments.get("", {}).get("", []),
        "authored": authored,
        "refusal": refusal,
        "since": showing.told_since(refusal.records, showing.looked_at(given)) if isinstance(refusal, Moved) else [],
        "typed": given,
        "may_review": waits and rights.may_review(user),
        "may_publish": waits and rights.may_review(user) and rights.may_publish(user) and not authored,
        "may_take_back": waits and rights.may_take_back(user, submission),
        "may_say": waits and rights.may_say(user, submission),
        "send_again": page_to_publish(records) if _came_back(user, submission, records) else "",
        "may_check": _may_check(user, submission),
        "is_mine": submission.taken_by_id == user.pk,
        "is_held": bool(submission.taken_at and submission.taken_at >= queues.fallen_back()),
        **(_gates(list(page), records) if waits else {}),
        **(_neighbours(user, submission) if waits and rights.may_review(user) else {}),
    }
    return TemplateResponse(request, "admin/review/submission.html", context, status=409 if refusal else 200)


def _compared(submission: Submission, records: list[Curated]) -> list[Pending]:
    """What of `records` waits, or what was published of them."""
    return brought_by(submission.run, records) if submission.run else pending(records)


def _entry(record: Curated, entered: dict, waits: bool, number: int) -> dict:
    sent = entered[kind_of(record), record.pk]
    return {
        "record": record,
        "name": name_of(record),
        "kind": kind_of(record),
        "seen": f"{name_of(record)}/{record.version}",
        "moved": waits and sent.version != record.version,
        "page": number // PAGE + 1,
    }


def _gates(here: list[Curated], records: list[Curated]) -> dict:
    """What keeps the records of this page from being public, and what they rest on that is not in the submission."""
    problems, alone = look_over(here, beside=records)
    return {"problems": problems, "alone": [(name_of(record), kind_of(record), record) for record in alone]}


def _may_check(user, submission: Submission) -> bool:
    owed = submission.unreviewed and submission.checked_at is None
    return owed and rights.may_review(user) and user.pk not in (submission.submitted_by_id, submission.decided_by_id)


def _came_back(user, submission: Submission, records: list[Curated]) -> bool:
    """Whether `user` may send it again."""
    ended = submission.state in (ReviewState.SENT_BACK, ReviewState.TAKEN_BACK)
    return ended and bool(records) and rights.may_submit(user, records)


def _neighbours(user, submission: Submission) -> dict:
    keys = list(queues.waiting_for(user).values_list("pk", flat=True)[:500])
    at = keys.index(submission.pk) if submission.pk in keys else -1

    def page(index: int) -> str:
        return reverse("admin:review_submission_change", args=[keys[index]]) if 0 <= index < len(keys) and index != at else ""

    return {"before": page(at - 1) if at > 0 else "", "after": page(at + 1)}
