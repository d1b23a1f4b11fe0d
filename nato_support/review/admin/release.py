"""Where records are sent for review, published or withdrawn together: what differs, what is missing, what goes along."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from entities.fields import without_controls
from entities.models import Curated
from nato_support.editions.printing import kind_of
from nato_support.editions.publishing import Refused, hindrances, rests_on, touched_by_withdrawing
from nato_support.review import operations, queues, rights
from nato_support.review.addresses import (
    name_of,
    page_of_record,
    page_of_submission,
    records_named,
    versions_seen,
)
from nato_support.review.admin import showing
from nato_support.review.operations import Moved
from nato_support.review.pending import pending


def publish_view(request):
    """Sends records for review, or publishes them: what the person may, and may here."""
    if not (rights.may_publish(request.user) or request.user.has_perm("review.submit")):
        raise PermissionDenied
    return _view(request, _publishing, {"submit": _submit, "publish": _publish, "let_through": _let_through})


def withdraw_view(request):
    if not rights.may_withdraw(request.user):
        raise PermissionDenied
    return _view(request, _withdrawing, {"withdraw": _withdraw})


def _view(request, shown, verbs):
    records = _asked(request)
    if request.method != "POST":
        return shown(request, records, None)
    verb = verbs.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    try:
        return verb(request, records, versions_seen(request.POST.getlist("seen")))
    except Refused as refusal:
        return shown(request, records, refusal)


def _asked(request) -> list[Curated]:
    """The records that the page is about: of its address, or ticked in its form."""
    names = request.POST.getlist("record") if request.method == "POST" else request.GET.get("records", "").split(",")
    records = records_named(names)
    if not records:
        raise Http404("No such record.")
    if not rights.may_view(request.user, records):
        raise PermissionDenied
    return records


def _submit(request, records, seen):
    if not rights.may_submit(request.user, records):
        raise PermissionDenied
    sent = operations.submit(records, by=request.user, note=_text(request, "note"), seen=seen)
    messages.success(request, f"{_named(records)} sent for review.")
    return HttpResponseRedirect(page_of_record(records[0]) if len(records) == 1 else page_of_submission(sent))


def _publish(request, records, seen):
    if not rights.may_publish(request.user):
        raise PermissionDenied
    operations.publish_unsent(records, by=request.user, seen=seen, note=_text(request, "public_note"))
    return _done(request, records, "published")


def _let_through(request, records, seen):
    if not rights.may_let_through(request.user):
        raise PermissionDenied
    operations.let_through(records, by=request.user, seen=seen, why=_text(request, "why"), note=_text(request, "public_note"))
    return _done(request, records, "published unreviewed, until somebody else has looked at it")


def _withdraw(request, records, seen):
    why, note = _text(request, "why"), _text(request, "public_note")
    operations.withdraw_records(records, by=request.user, seen=seen, why=why, note=note)
    return _done(request, records, "withdrawn")


def _text(request, name: str) -> str:
    return without_controls(request.POST.get(name, ""))


def _done(request, records, what: str):
    messages.success(request, f"{_named(records)} {what}.")
    one = len(records) == 1
    return HttpResponseRedirect(page_of_record(records[0]) if one else reverse("admin:review_submission_changelist"))


def _named(records: list[Curated]) -> str:
    return f"“{records[0]}” was" if len(records) == 1 else f"{len(records)} records were"


def _context(request, records, refusal, title: str) -> dict:
    since = showing.told_since(refusal.records, showing.looked_at(request.POST)) if isinstance(refusal, Moved) else []
    return showing.context_of(request, title) | {"refusal": refusal, "since": since, "typed": request.POST, "first": records[0]}


def _publishing(request, records, refusal):
    user = request.user
    # What was unticked stays so; what is refused may have come to rest on something since.
    along = [record for record in rests_on(records) if rights.may_view(user, [record])]
    left = set(request.POST.getlist("offered")) - set(request.POST.getlist("record"))
    ticked = [record for record in along if name_of(record) not in left]
    every = [*records, *ticked]
    found = pending([*records, *along])
    waiting = queues.in_review([*records, *along])
    authored = operations.written_by([one for one in found if one.record in every], user)
    may_publish = rights.may_publish(user)
    context = _context(request, records, refusal, "Publish" if may_publish else "Send for review") | {
        "cards": showing.cards([one for one in found if one.record in records], user, every),
        "along": [
            {"card": card, "ticked": card.record in ticked}
            for card in showing.cards([one for one in found if one.record not in records], user, every)
        ],
        "problems": hindrances(every, beside=along),
        "waiting": [
            {"record": one.record, "submission": waiting[kind_of(one.record), one.record.pk]}
            for one in found
            if (kind_of(one.record), one.record.pk) in waiting
        ],
        "nothing": not any(one.difference for one in found),
        "authored": authored,
        "may_submit": rights.may_submit(user, records),
        "may_publish": may_publish and not authored,
        "may_let_through": bool(authored) and rights.may_let_through(user),
    }
    return TemplateResponse(request, "admin/review/publish.html", context, status=409 if refusal else 200)


def _withdrawing(request, records, refusal):
    touched = touched_by_withdrawing(records)
    context = _context(request, records, refusal, "Withdraw") | {
        "records": [
            {"record": record, "kind": kind_of(record), "name": name_of(record), "seen": f"{name_of(record)}/{record.version}"}
            for record in records
        ],
        "lost": [one for one in touched if one.lost],
        "anew": [one for one in touched if not one.lost],
        "waiting": list({one.pk: one for one in queues.in_review(records).values()}.values()),
    }
    return TemplateResponse(request, "admin/review/withdraw.html", context, status=409 if refusal else 200)
